"""
The next period: what of a workbook goes on, and what stays behind.

Structure, ids and texts go on; money, progress and what belongs to the meeting of the old paper
do not, nor do years that the new period does not have.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.errors import Misuse
from cmswp_xl.issues import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cmswp_xl.issues import Issue
    from cmswp_xl.renewal.content import Content, Row
    from cmswp_xl.schema import TableSchema
    from cmswp_xl.validate import TypedTable

LEFT_BEHIND = frozenset({"costs", "funding", "progress", "comments"})
"""The tables whose rows belong to the period that ends."""

BLANKED: Mapping[str, tuple[str, ...]] = {
    "programme": (
        *(f"symbol_{language}" for language in ("en", "fr", "es")),
        "revision",
        "document_date",
        *(f"meeting_{language}" for language in ("en", "fr", "es")),
        *(f"meeting_place_{language}" for language in ("en", "fr", "es")),
        "meeting_start",
        "meeting_end",
        "agenda_item",
        "as_at",
    ),
    "activities": ("costing", "staff_days"),
    "needs": ("amount",),
}
"""The fields that say something of the old period alone: money, its paper, its meeting."""

SET = ("period_start", "period_end", "status")
"""The settings that are given anew."""

YEARS: Mapping[str, tuple[str, ...]] = {
    "activities": ("start_year", "end_year"),
    "posts": ("start_year", "end_year"),
    "needs": ("year",),
}
"""The years of rows that go on; one outside the new period is left blank."""

DECIDED = frozenset({"accepted", "declined"})
"""The decisions that end a request; a deferred one comes back in the next period."""

_PERIOD = re.compile(r"\s*([0-9]{4})\s*[-\N{EN DASH}/]\s*([0-9]{4})\s*\Z")
_EARLIEST, _LATEST = 1900, 2200
_LONGEST = 50
"""Years that no programme of work outlasts: a period that does is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Period:
    """The years from first to last."""

    first: int
    last: int

    def __contains__(self, year: object) -> bool:
        """Tell whether a year is one of them."""
        return isinstance(year, int) and self.first <= year <= self.last


def read_period(text: str) -> Period:
    """Read a period such as 2018-2020; raises `Misuse` where it is none."""
    match = _PERIOD.match(text)
    if match is None:
        raise Misuse("bad-period", period=text)
    period = Period(int(match[1]), int(match[2]))
    sound = _EARLIEST <= period.first <= period.last <= _LATEST
    if not sound or period.last - period.first >= _LONGEST:
        raise Misuse("bad-period", period=text)
    return period


@dataclass(frozen=True, slots=True)
class Left:
    """What a table leaves behind: whole rows, and cells of rows that go on, by field."""

    rows: int = 0
    cells: Mapping[str, int] | None = None


def next_period(content: Content, period: Period) -> tuple[Content, dict[str, Left]]:
    """Give the content for a new period, a draft without money, and what of it stays behind."""
    kept: Content = {}
    left: dict[str, Left] = {}
    for name, rows in content.items():
        staying = [row for row in rows if _stays(name, row)]
        blanked: Counter[str] = Counter()
        kept[name] = [
            _next_row(name, row, period, blanked) for row in rows if not _stays(name, row)
        ]
        if staying or blanked:
            left[name] = Left(len(staying), dict(blanked))
    settings = kept.setdefault("programme", [{}])
    values = (period.first, period.last, "draft")
    kept["programme"] = [{**settings[0], **dict(zip(SET, values, strict=True))}]
    return {name: rows for name, rows in kept.items() if rows}, left


def _stays(table: str, row: Row) -> bool:
    if table == "requests":
        return row.get("decision") in DECIDED
    return table in LEFT_BEHIND


def _next_row(table: str, row: Row, period: Period, blanked: Counter[str]) -> Row:
    """Give a row as it goes on, and count in `blanked` what is taken from it."""
    years = [name for name in YEARS.get(table, ()) if name in row and row[name] not in period]
    blank = {name for name in (*BLANKED.get(table, ()), *years) if name in row}
    blanked.update(name for name in row if name in blank)
    return {name: value for name, value in row.items() if name not in blank}


def standing_errors(issues: Iterable[Issue], typed: Mapping[str, TypedTable]) -> list[Issue]:
    """Give the errors that concern what goes on; those of what stays behind do no harm."""
    decided = _decided_rows(typed.get("requests"))
    return [
        issue
        for issue in issues
        if issue.severity is Severity.ERROR
        and issue.table not in LEFT_BEHIND
        and issue.column not in _replaced(issue.table)
        and not (issue.table == "requests" and issue.place[1] in decided)
    ]


def _replaced(table: str) -> tuple[str, ...]:
    return (*BLANKED.get(table, ()), *(SET if table == "programme" else ()))


def _decided_rows(requests: TypedTable | None) -> set[int]:
    if requests is None:
        return set()
    decisions = zip(requests.table.rows, requests.column("decision"), strict=True)
    return {row for row, decision in decisions if decision in DECIDED}


def dated_texts(
    content: Content, schemas: Mapping[str, TableSchema], old: Period | None, new: Period
) -> dict[str, int]:
    """Count by table the texts that go on and name a year of the old period alone."""
    if old is None:
        return {}
    past = [str(year) for year in range(old.first, old.last + 1) if year not in new]
    if not past:
        return {}
    named = re.compile(rf"(?<!\d)(?:{'|'.join(past)})(?!\d)")
    found = {
        name: sum(1 for text in _texts(schemas[name], rows) if named.search(text))
        for name, rows in content.items()
    }
    return {name: count for name, count in found.items() if count}


def _texts(schema: TableSchema, rows: Iterable[Row]) -> Iterator[str]:
    names = [item.name for item in schema.inputs() if item.text]
    for row in rows:
        yield from (str(row[name]) for name in names if name in row)
