"""
The rules of progress reports, of comments, and of the texts that documents print.

Reports are compared with the dates of the workbook and with each other, never with today's date;
what the figures say of them is for the flags.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from cmswp_xl.cells import address
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.issues import Issue
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
