"""
The rules of the technology review: its recommendations and the steps that follow them.

The second source document has one recommendation with two steps and one without any, and its
author asks whether two steps are the same thing.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from cmswp_xl.cells import address
from cmswp_xl.tables import comparable
from cmswp_xl.validate.typed import shown_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.issues import Issue
    from cmswp_xl.schema import Field
    from cmswp_xl.validate.typed import TypedTable, Value

    Typed = Mapping[str, TypedTable]

_SETTLED = frozenset({"done", "dropped"})


def check_review(typed: Typed) -> Iterator[Issue]:
    """Check all rules of the review; a table that is absent is the same as empty."""
    for name in ("findings", "steps"):
        yield from _sequence(typed, name)
    yield from _points(typed)
    yield from _subjects(typed)
    yield from _followed(typed)
    yield from _repeated(typed)
    yield from _closed(typed)
    yield from _due(typed)
    yield from _evidence(typed)


def _sequence(typed: Typed, name: str) -> Iterator[Issue]:
    """
    Find numbers of a sequence that stand twice or where others belong, and name what is missing.

    Nothing is missing as long as a row has no sound number: that row may be the one.
    """
    table = typed.get(name)
    if table is None:
        return
    rows: dict[int, list[int]] = defaultdict(list)
    for index, number in enumerate(table.column("seq")):
        if isinstance(number, int) and _within(table.table.schema.field("seq"), number):
            rows[number].append(index)
    whole = sum(map(len, rows.values())) == len(table)
    numbers = [number for number, indexes in rows.items() for _ in indexes]
    kept = _in_place(rows)
    belongs = _belonging(rows, kept, len(numbers)) if whole else {}
    for number, indexes in rows.items():
        cells = _cells(table, "seq", indexes) if len(indexes) > 1 else []
        for index in indexes:
            missing = belongs.get(index)
            if index != kept[number]:
                values = {"cells": cells, "missing": str(missing)} if missing else {"cells": cells}
                yield table.table.issue("sequence-gap", "seq", index, str(number), **values)
            elif missing:
                yield table.table.issue(
                    "sequence-gap", "seq", index, str(number), missing=str(missing)
                )


def _in_place(rows: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """Return the row of each number: the first in whose place no number is missing."""
    above, wanted = 0, {}
    for index, number in sorted((i, n) for n, indexes in rows.items() for i in indexes):
        wanted[index], above = above + 1, number
    return {
        number: next((index for index in indexes if wanted[index] in rows), indexes[0])
        for number, indexes in rows.items()
    }


def _belonging(
    rows: Mapping[int, Sequence[int]], kept: Mapping[int, int], count: int
) -> dict[int, int]:
    """
    Return the number that belongs in a row, for the rows whose number does not continue.

    Rows that repeat a number, and rows with a number far above all others, take those that are
    missing: the one after the row above first. What is left is a gap before the next number.
    """
    number_of = {index: number for number, indexes in rows.items() for index in indexes}
    missing = [number for number in range(1, count + 1) if number not in rows]
    odd = [index for index, number in number_of.items() if index != kept[number]]
    odd += [rows[n][0] for n in rows if n > count and n - 1 not in rows and n + 1 not in rows]
    belongs: dict[int, int] = {}
    for index in sorted(odd):
        above = max((i for i in number_of if i < index), default=None)
        wanted = 1 if above is None else belongs.get(above, number_of[above]) + 1
        if missing:
            belongs[index] = wanted if wanted in missing else missing[0]
            missing.remove(belongs[index])
    for number in missing:
        if number - 1 in missing:
            continue
        above = min((n for n in rows if n > number), default=None)
        if above is not None:
            belongs.setdefault(rows[above][0], number)
    return belongs


def _points(typed: Typed) -> Iterator[Issue]:
    """Find recommendations whose number does not begin with the point of their subject."""
    table = typed.get("recommendations")
    if table is None:
        return
    pairs = zip(table.column("number"), table.column("subject"), strict=True)
    for index, (number, subject) in enumerate(pairs):
        if not isinstance(number, str) or subject is None:
            continue
        if _point(number) != str(subject):
            yield table.table.issue(
                "number-outside-subject", "number", index, number, subject=str(subject)
            )


def _subjects(typed: Typed) -> Iterator[Issue]:
    """Find subjects without any recommendation."""
    table = typed.get("subjects")
    if table is None:
        return
    used = {str(subject) for subject in _column(typed, "recommendations", "subject")}
    if "None" in used:
        numbers = _column(typed, "recommendations", "number")
        used |= {_point(number) for number in numbers if isinstance(number, str)}
    for index, point in enumerate(table.column("point")):
        if point is not None and str(point) not in used:
            yield table.table.issue("subject-without-recommendation", "point", index, str(point))


def _followed(typed: Typed) -> Iterator[Issue]:
    """Find recommendations to act without a step, and steps where no action is to be taken."""
    table = typed.get("recommendations")
    if table is None:
        return
    steps, mistyped = _steps(typed), _mistyped(typed, "steps", "recommendation")
    columns = (table.column(name) for name in ("number", "decision", "status"))
    for index, (number, decision, status) in enumerate(zip(*columns, strict=True)):
        if not isinstance(number, str):
            continue
        following = steps.get(comparable(number), [])
        named = following or comparable(number) in mistyped
        if decision == "act" and not named and status not in _SETTLED:
            yield table.table.issue("no-next-step", "number", index, number)
        if decision == "no-action":
            for step in following:
                yield typed["steps"].table.issue(
                    "step-for-no-action", "recommendation", step, number
                )


def _repeated(typed: Typed) -> Iterator[Issue]:
    """Find recommendations with more than one step; told at each of them, naming all."""
    numbers = _column(typed, "recommendations", "number")
    known = {comparable(number) for number in numbers if isinstance(number, str)}
    for key, indexes in _steps(typed).items():
        if len(indexes) == 1 or key not in known:
            continue
        table = typed["steps"]
        cells = _cells(table, "recommendation", indexes)
        for index in indexes:
            number = str(table.column("recommendation")[index])
            yield table.table.issue(
                "repeated-recommendation", "recommendation", index, number, cells=cells
            )


def _closed(typed: Typed) -> Iterator[Issue]:
    """Find recommendations that are done while a step of theirs is not."""
    table = typed.get("recommendations")
    if table is None or "steps" not in typed:
        return
    steps, status = _steps(typed), typed["steps"].column("status")
    settled = {index for name, index in typed["steps"].faulty if name == "status"}
    settled |= {index for index, word in enumerate(status) if word == "done"}
    pairs = zip(table.column("number"), table.column("status"), strict=True)
    for index, (number, state) in enumerate(pairs):
        if state != "done" or not isinstance(number, str):
            continue
        still = [step for step in steps.get(comparable(number), []) if step not in settled]
        if still:
            cells = _cells(typed["steps"], "status", still)
            yield table.table.issue(
                "done-with-open-steps", "status", index, "done", number=number, cells=cells
            )


def _due(typed: Typed) -> Iterator[Issue]:
    """
    Find due dates before that of an earlier step.

    Ongoing steps have no place in time, since the sequence is a logical one.
    """
    table = typed.get("steps")
    if table is None:
        return
    columns = (table.column(name) for name in ("seq", "due", "status"))
    dated = [
        (seq, due, index)
        for index, (seq, due, status) in enumerate(zip(*columns, strict=True))
        if isinstance(seq, int) and isinstance(due, dt.date) and status != "ongoing"
    ]
    latest: tuple[dt.date, int] | None = None
    for seq, due, index in sorted(dated):
        if latest is not None and due < latest[0]:
            yield table.table.issue(
                "due-out-of-sequence",
                "due",
                index,
                due.isoformat(),
                seq=str(latest[1]),
                due=latest[0].isoformat(),
            )
        else:
            latest = (due, seq)


def _evidence(typed: Typed) -> Iterator[Issue]:
    """Mention evidence that no recommendation names, once any recommendation names some."""
    table = typed.get("evidence")
    named = {
        comparable(code)
        for entries in _column(typed, "recommendations", "evidence")
        if isinstance(entries, tuple)
        for code in entries
    }
    if table is None or not named:
        return
    for index, code in enumerate(table.column("code")):
        if isinstance(code, str) and comparable(code) not in named:
            yield table.table.issue("unused-evidence", "code", index, code)


def _steps(typed: Typed) -> dict[str, list[int]]:
    """Give the row indexes of the steps of each recommendation, by its comparable number."""
    steps: dict[str, list[int]] = defaultdict(list)
    for index, number in enumerate(_column(typed, "steps", "recommendation")):
        if isinstance(number, str):
            steps[comparable(number)].append(index)
    return steps


def _mistyped(typed: Typed, table: str, name: str) -> set[str]:
    """Give what stands in the cells that hold no code, of which something is said already."""
    if table not in typed:
        return set()
    faulty = (index for field, index in typed[table].faulty if field == name)
    shown = (shown_value(typed[table].table.columns[name][index]) for index in faulty)
    return {comparable(value or "") for value in shown}


def _within(field: Field, number: int) -> bool:
    least, most = field.minimum, field.maximum
    return (least is None or number >= least) and (most is None or number <= most)


def _point(number: str) -> str:
    """Give the point that a number stands under, as 10 in 10.1; nothing where it has none."""
    point, _, rest = comparable(number).partition(".")
    return point.strip() if rest.strip() else ""


def _column(typed: Typed, table: str, name: str) -> Sequence[Value]:
    return typed[table].column(name) if table in typed else ()


def _cells(table: TypedTable, name: str, indexes: Sequence[int]) -> list[str]:
    places = (table.table.place(name, index) for index in indexes)
    return [address(*place) for place in places if place]
