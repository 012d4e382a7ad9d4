"""The rules of what only documents use: texts, progress, comments, the technology review."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from cmswp_xl.cells import address
from cmswp_xl.money import HUNDRED, total
from cmswp_xl.tables import comparable
from cmswp_xl.validate.typed import shown_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.issues import Issue
    from cmswp_xl.schema import Field
    from cmswp_xl.validate.typed import TypedTable, Value

    Typed = Mapping[str, TypedTable]


_MARKED = frozenset({"paragraph", "areas", "subparagraph", "bullet"})
_LEADING = frozenset({"paragraph", "areas", "action"})
_TYPED_NUMBER = re.compile(
    r"\s*(\d{1,3}(?:\.\d{1,3})*[.)]|\((?:\d{1,3}|[a-z]|[ivx]{1,5})\)|[a-z]\)|[•·▪*–—-])\s"
)
"""What typists put before a paragraph: 1. or 1.2. or (a) or a) or (iv), and bullets."""


def check_papers(typed: Typed) -> Iterator[Issue]:
    """Check all rules of progress, texts and comments; an absent table is the same as empty."""
    progress, texts, comments = (typed.get(name) for name in ("progress", "texts", "comments"))
    if progress is not None:
        yield from _dates(progress, typed)
        yield from _histories(progress, typed)
        yield from _undescribed(progress)
    if texts is not None:
        yield from _orders(texts)
        yield from _places(texts)
        yield from _typed_numbers(texts)
        yield from _unasked(texts)
    if comments is not None:
        yield from _unanswered(comments)
        yield from _still_open(comments, typed)


def _dates(table: TypedTable, typed: Typed) -> Iterator[Issue]:
    """Find reports from before the period, and those that documents do not print yet."""
    start, limit = _setting(typed, "period_start"), _setting(typed, "as_at")
    for index, day in enumerate(table.column("as_at")):
        if not isinstance(day, dt.date):
            continue
        shown = day.isoformat()
        if isinstance(start, int) and day.year < start:
            yield table.table.issue(
                "progress-outside-period", "as_at", index, shown, start=str(start)
            )
        elif isinstance(limit, dt.date) and day > limit:
            yield table.table.issue(
                "progress-after-figures", "as_at", index, shown, as_at=limit.isoformat()
            )


def _histories(table: TypedTable, typed: Typed) -> Iterator[Issue]:
    """Compare the reports on each activity with the ones before them."""
    currency = _setting(typed, "currency")
    rows: dict[str, list[tuple[dt.date, int]]] = defaultdict(list)
    pairs = zip(table.column("activity"), table.column("as_at"), strict=True)
    for index, (activity, day) in enumerate(pairs):
        if isinstance(activity, str) and isinstance(day, dt.date):
            rows[comparable(activity)].append((day, index))
    for history in rows.values():
        indexes = [index for _, index in sorted(history)]
        yield from _decreasing(table, indexes, currency)
        yield from _idle(table, indexes, currency)
        for earlier, later in pairwise(indexes):
            if table.column("status")[earlier] == "done" and _undone(table, later):
                yield _issue(table, "progress-contradiction", "status", later, earlier)


def _undone(table: TypedTable, index: int) -> bool:
    status = table.column("status")[index]
    return status is not None and status != "done"


def _decreasing(table: TypedTable, indexes: Sequence[int], currency: Value) -> Iterator[Issue]:
    """Find cumulative expenditure that is less than the one reported before it."""
    reported = [(index, spent) for index in indexes if (spent := _spent(table, index)) is not None]
    for (before, earlier), (index, spent) in pairwise(reported):
        if spent < earlier:
            values = {"spent": f"{spent:f}", "earlier": f"{earlier:f}", "currency": currency}
            yield _issue(table, "expenditure-decreasing", "expenditure", index, before, **values)


def _idle(table: TypedTable, indexes: Sequence[int], currency: Value) -> Iterator[Issue]:
    """Find money spent since the report before while no progress is reported."""
    most = Decimal(0)
    for index in indexes:
        spent = _spent(table, index)
        if spent is None:
            continue
        if spent > most and table.column("status")[index] == "no-progress":
            values = {"spent": f"{spent:f}", "currency": currency}
            yield _issue(table, "progress-contradiction", "status", index, None, **values)
        most = max(most, spent)


def _undescribed(table: TypedTable) -> Iterator[Issue]:
    """Find reports that action is needed without a word on which."""
    notes = table.table.schema.texts("note")
    for index, status in enumerate(table.column("status")):
        silent = all(table.column(field.name)[index] is None for field in notes)
        faulty = any((field.name, index) in table.faulty for field in notes)
        if status == "action-needed" and silent and not faulty:
            name = next((f.name for f in notes if f.name in table.columns), "status")
            activity = _text(table.column("activity")[index])
            yield table.table.issue("action-not-described", name, index, activity)


def _orders(table: TypedTable) -> Iterator[Issue]:
    """Find texts whose place in their document is before that of a text above them."""
    highest: dict[str, int] = {}
    pairs = zip(table.column("document"), table.column("paragraph"), strict=True)
    for index, (document, place) in enumerate(pairs):
        if not isinstance(document, str) or not isinstance(place, int):
            continue
        most = highest.get(document)
        if most is not None and place < most:
            yield table.table.issue(
                "text-out-of-order", "paragraph", index, str(place), number=str(most)
            )
        highest[document] = max(place, most or place)


def _places(table: TypedTable) -> Iterator[Issue]:
    """Find texts that stand where their kind must not; none where some kind is unsound."""
    rows: dict[str, list[tuple[int, str]]] = defaultdict(list)
    unsound: set[str] = set()
    pairs = zip(table.column("document"), table.column("kind"), strict=True)
    known = set(table.table.schema.field("kind").enum)
    for index, (document, kind) in enumerate(pairs):
        if not isinstance(document, str):
            continue
        if isinstance(kind, str) and kind in known:
            rows[document].append((index, kind))
        else:
            unsound.add(document)
    for document, found in rows.items():
        if document not in unsound:
            yield from _misplaced(table, found)


def _misplaced(table: TypedTable, rows: Sequence[tuple[int, str]]) -> Iterator[Issue]:
    led = False
    above: dict[str, int] = {}
    for position, (index, kind) in enumerate(rows):
        below = rows[position + 1][1] if position + 1 < len(rows) else None
        wrong = (
            (kind == "subparagraph" and not led)
            or (kind == "summary" and above.keys() - {kind})
            or (kind == "heading" and below in (None, "heading"))
        )
        if wrong:
            yield table.table.issue("text-out-of-place", "kind", index, kind)
        elif kind == "areas" and kind in above:
            cells = _cells(table, "kind", above[kind])
            yield table.table.issue("text-out-of-place", "kind", index, kind, cells=cells)
        above.setdefault(kind, index)
        led = kind != "heading" and (led or kind in _LEADING)


def _typed_numbers(table: TypedTable) -> Iterator[Issue]:
    """Find texts that begin with a number, letter or bullet, which documents put there anyway."""
    for field in table.table.schema.texts("text"):
        pairs = zip(table.column("kind"), table.column(field.name), strict=True)
        for index, (kind, text) in enumerate(pairs):
            found = _TYPED_NUMBER.match(text) if isinstance(text, str) else None
            if found and kind in _MARKED:
                yield table.table.issue("typed-number", field.name, index, found[1])


def _unasked(table: TypedTable) -> Iterator[Issue]:
    """Mention a meeting document that asks nothing of the meeting."""
    pairs = zip(table.column("document"), table.column("kind"), strict=True)
    rows = [(index, kind) for index, (document, kind) in enumerate(pairs) if document == "cover"]
    if rows and all(kind is not None and kind != "action" for _, kind in rows):
        yield table.table.issue("no-action-requested", "document", rows[-1][0], "cover")


def _unanswered(table: TypedTable) -> Iterator[Issue]:
    """Find comments that are marked as answered and have no answer."""
    pairs = zip(table.column("status"), table.column("response"), strict=True)
    for index, (status, response) in enumerate(pairs):
        if status == "answered" and response is None and ("response", index) not in table.faulty:
            comment = _text(table.column("id")[index])
            yield table.table.issue("comment-without-response", "response", index, comment)


def _still_open(table: TypedTable, typed: Typed) -> Iterator[Issue]:
    """Find comments that are open once the programme is adopted; told at the first of them."""
    if _setting(typed, "status") != "adopted":
        return
    still = [
        index
        for index, status in enumerate(table.column("status"))
        if status in (None, "open") and ("status", index) not in table.faulty
    ]
    if still:
        first = _text(table.column("id")[still[0]])
        yield table.table.issue("open-comments", "status", still[0], first, number=str(len(still)))


def _issue(
    table: TypedTable, code: str, name: str, index: int, before: int | None, /, **values: object
) -> Issue:
    """Make the issue of a report; `before` is the report that it contradicts."""
    activity = _text(table.column("activity")[index])
    if before is not None:
        day = table.column("as_at")[before]
        values["as_at"] = day.isoformat() if isinstance(day, dt.date) else ""
        values["cells"] = _cells(table, name, before)
    return table.table.issue(code, name, index, activity, **values)


def _spent(table: TypedTable, index: int) -> Decimal | None:
    spent = table.column("expenditure")[index]
    return spent if isinstance(spent, Decimal) else None


def _setting(typed: Typed, name: str) -> Value:
    programme = typed.get("programme")
    return None if programme is None or not len(programme) else programme.column(name)[0]


def _cells(table: TypedTable, name: str, index: int) -> list[str]:
    place = table.table.place(name, index)
    return [address(*place)] if place else []


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) else None


_DECIDED = frozenset({"accepted", "declined", "deferred"})
_REASONED = frozenset({"declined", "deferred"})


def check_requests(typed: Typed) -> Iterator[Issue]:
    """Check all rules of the requests; a table that is absent is the same as empty."""
    yield from _weights(typed)
    yield from _decisions(typed)


def _weights(typed: Typed) -> Iterator[Issue]:
    """
    Find weights that do not add up to 100, or none at all while there are requests.

    Their sum is not known as long as a weight is blank or no number.
    """
    table, requests = typed.get("weights"), typed.get("requests")
    if table is None or not len(table):
        if requests is not None and len(requests):
            number = requests.column("id")[0]
            shown = number if isinstance(number, str) else None
            yield requests.table.issue("weights-not-100", "id", 0, shown, none=True)
        return
    weights = [weight for weight in table.column("weight") if isinstance(weight, Decimal)]
    together = total(weights)
    if len(weights) == len(table) and together != HUNDRED:
        yield table.table.issue(
            "weights-not-100", "weight", len(table) - 1, f"{weights[-1]:f}", total=f"{together:f}"
        )


def _decisions(typed: Typed) -> Iterator[Issue]:
    """Find decisions on requests that lack what the workflow asks for."""
    table = typed.get("requests")
    if table is None:
        return
    for index, decision in enumerate(table.column("decision")):
        if decision not in _DECIDED:
            continue
        for name in _lacking(table, index, str(decision)):
            yield table.table.issue(
                "incomplete-decision",
                name,
                index,
                None,
                request=_request(table, index),
                decision=str(decision),
                field=table.table.schema.field(name),
            )
        solution = table.column("existing_solution")[index]
        if solution is None and ("existing_solution", index) not in table.faulty:
            yield table.table.issue(
                "existing-solution-unknown",
                "existing_solution",
                index,
                None,
                request=_request(table, index),
            )


def _request(table: TypedTable, index: int) -> str:
    """Give the id of a request, or a question mark where it has none."""
    return str(table.column("id")[index] or "?")


def _lacking(table: TypedTable, index: int, decision: str) -> Iterator[str]:
    """Give the fields that a decision needs and that are blank."""
    wanted = ["decided_by", "decided_on"]
    if decision == "accepted":
        wanted.append("recommendation")
    for name in wanted:
        if table.column(name)[index] is None and (name, index) not in table.faulty:
            yield name
    if decision in _REASONED:
        texts = table.table.schema.texts("reason")
        faulty = any((field.name, index) in table.faulty for field in texts)
        if not faulty and all(table.column(field.name)[index] is None for field in texts):
            yield next((f.name for f in texts if f.name in table.columns), texts[0].name)


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
        cells = _review_cells(table, "seq", indexes) if len(indexes) > 1 else []
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
        cells = _review_cells(table, "recommendation", indexes)
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
            cells = _review_cells(typed["steps"], "status", still)
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


def _review_cells(table: TypedTable, name: str, indexes: Sequence[int]) -> list[str]:
    places = (table.table.place(name, index) for index in indexes)
    return [address(*place) for place in places if place]
