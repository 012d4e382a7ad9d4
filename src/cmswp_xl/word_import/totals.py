"""Printed sums set against the parts that they are said to be sums of."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from cmswp_xl.money import ZERO, percent_of, total
from cmswp_xl.word_import.amounts import ONE, Figure, plain_amount
from cmswp_xl.word_import.issues import Place
from cmswp_xl.word_import.rows import ActivityEntry, Key, SumEntry, TableReader, line_of
from cmswp_xl.word_import.staff import StaffEntry
from cmswp_xl.word_import.vocabulary import any_of, folded

_MOST_EXTRAS = 6
_RATE = re.compile(rf"(\d{{1,2}}(?:[.,]\d{{1,2}})?) ?(?:{any_of('per cent')})")


@dataclass(slots=True)
class Sums:
    """What columns of activities add up to; those with an unreadable amount are broken."""

    amounts: defaultdict[Key, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    broken: set[Key] = field(default_factory=set)

    def add(self, table: TableReader, entry: ActivityEntry) -> None:
        """Add an activity's printed amounts."""
        for number, figure in entry.printed.items():
            key = key_of(table, number)
            if figure.kind == "unreadable":
                self.broken.add(key)
            elif figure.known is not None:
                self.amounts[key] += figure.known


@dataclass(frozen=True, slots=True)
class Promise:
    """Money named below a table: pledged, or in kind, for the activity of a number."""

    number: str
    amount: Decimal
    in_kind: bool


@dataclass(slots=True)
class AreaEntry:
    """
    A programme area with what was read for it.

    `sums` add up its printed columns; `numbers` are those of its activities, folded; `level` is
    what its heading looks like, `parent` the area above it.
    """

    title: str
    level: str = ""
    parent: AreaEntry | None = None
    place: Place | None = None
    sums: Sums = field(default_factory=Sums)
    numbers: set[str] = field(default_factory=set)
    activities: list[ActivityEntry] = field(default_factory=list)
    staff: list[StaffEntry] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)


def key_of(table: TableReader, number: int) -> Key:
    """Return what a column of amounts holds."""
    column = table.layout.columns[number]
    return column.role, column.year


def whole(areas: Iterable[AreaEntry]) -> Sums:
    """Return the sums of some areas together."""
    sums = Sums()
    for area in areas:
        sums.broken |= area.sums.broken
        for key, amount in area.sums.amounts.items():
            sums.amounts[key] += amount
    return sums


def check_sought(table: TableReader, entry: ActivityEntry) -> None:
    """Set the printed amounts to be sought against cost less what is available."""
    columns, row = table.layout.columns, entry.place.row
    numbers = [number for number in entry.printed if columns[number].role == "sought"]
    figures = [entry.printed[number] for number in numbers]
    if not figures or any(figure.kind == "unreadable" for figure in figures):
        return
    known = [figure.known for figure in figures if figure.known is not None]
    number, printed = numbers[0], total(known) if known else None
    if entry.cost is None:
        if printed:
            table.issue("sought-without-cost", row, number, f"{printed:f}")
        return
    cost = total(entry.cost.values())
    gap = max(cost - total(entry.funding.values()), ZERO)
    funded = any(column.kind for column in columns.values())
    if printed is None:
        if gap:
            table.issue("sought-left-blank", row, number, "", f"{gap:f}")
    elif not funded and printed != cost:
        table.issue("sought-not-compared", row, number, plain_amount(printed))
    else:
        unit = max(figure.unit for figure in figures)
        table.compare(entry, number, gap, Figure("amount", printed, unit))


def check_row(
    table: TableReader,
    entry: SumEntry,
    choices: Sequence[Sums],
    extras: Sequence[Mapping[Key, Decimal]] = (),
) -> None:
    """
    Set a row of sums against the first of some sums that it agrees with, or the first.

    `extras` are the rows, such as support costs, that a total may have on top.
    """
    row = entry.place.row
    for number, figure in entry.printed.items():
        printed, key = figure.known, key_of(table, number)
        if printed is None:
            continue
        broken = any(key in sums.broken for sums in choices)
        plain = [sums.amounts[key] for sums in choices if key in sums.amounts]
        usable = [*plain, *(one + more for more in _sums_of(extras, key) for one in plain)]
        parts = min(
            usable,
            key=lambda one: (one != printed, abs(one - printed) > figure.unit),
            default=None,
        )
        if parts is None and not printed:
            continue
        if parts is None and not broken:
            table.issue("sum-without-parts", row, number, f"{printed:f}")
        elif parts is None or (broken and abs(parts - printed) > figure.unit):
            table.issue("sum-of-unreadable", row, number, f"{printed:f}")
        else:
            table.compare(entry, number, parts, figure)


def _sums_of(extras: Sequence[Mapping[Key, Decimal]], key: Key) -> list[Decimal]:
    amounts = [extra[key] for extra in extras if key in extra][-_MOST_EXTRAS:]
    return [
        total(some)
        for count in range(1, len(amounts) + 1)
        for some in itertools.combinations(amounts, count)
    ]


def check_extra(table: TableReader, entry: SumEntry, bases: Sequence[Sums]) -> dict[Key, Decimal]:
    """Set support costs or a contingency with a rate against it, and return its amounts."""
    rate = _RATE.search(entry.label)
    found: dict[Key, Decimal] = {}
    for number, figure in entry.printed.items():
        key, printed = key_of(table, number), figure.known
        if printed is None:
            continue
        found[key] = printed
        expected = [
            percent_of(Decimal(rate[1].replace(",", ".")), sums.amounts[key])
            for sums in bases
            if rate and key in sums.amounts
        ]
        if expected:
            best = min(expected, key=lambda one: abs(one - printed))
            table.compare(entry, number, best, replace(figure, unit=max(figure.unit, ONE)))
    return found


def check_closing(table: TableReader, areas: Sequence[AreaEntry], rate: Decimal | None) -> None:
    """Check the table of the areas' totals: areas, total, support costs, grand total."""
    titles = {folded(area.title): area.sums for area in areas}
    together = whole(areas)
    grand = Sums(together.amounts.copy(), together.broken)
    for entry in table.sum_rows():
        if entry.kind == "support":
            _check_support(table, entry, together, grand, rate)
        elif entry.kind:
            check_row(table, entry, [together, grand])
        elif folded(entry.label) in titles:
            check_row(table, entry, [titles[folded(entry.label)]])
        else:
            table.issue("unknown-area", entry.place.row, 1, entry.label)


def _check_support(
    table: TableReader, entry: SumEntry, together: Sums, grand: Sums, rate: Decimal | None
) -> None:
    """Set support costs against the rate on the total, and add them to the grand total."""
    cost: Key = ("cost", None)
    for number, figure in entry.printed.items():
        if figure.known is None or key_of(table, number) != cost:
            continue
        if rate is not None and cost in together.amounts:
            table.compare(entry, number, percent_of(rate, together.amounts[cost]), figure)
        grand.amounts[cost] += figure.known


def check_years(table: TableReader, areas: Iterable[AreaEntry]) -> None:
    """Check the costs in the table of years; its funding by year has no cells to go to."""
    sums = whole(areas)
    by_name = {str(key[1] or ""): key for key in sums.amounts if key[0] in ("year", "whole")}
    costs = [n for n, column in table.layout.columns.items() if column.role == "cost"]
    for entry in table.sum_rows():
        row = entry.place.row or 1
        if entry.kind == "total":
            check_row(table, entry, [sums])
            continue
        key = by_name.get(entry.label if entry.label.isdigit() else "")
        if key and key not in sums.broken:
            for number in costs:
                table.compare(entry, number, sums.amounts[key], entry.printed[number])
        rest = [cell for cell in table.grid.filled(row) if cell.column not in (1, *costs)]
        if rest:
            table.issue("funding-by-year", row, None, line_of(rest))
