"""Printed sums set against the parts that they are said to be sums of."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.money import ZERO, percent_of, total
from cmswp_xl.word_import.amounts import plain_amount
from cmswp_xl.word_import.entries import KINDS, SumEntry
from cmswp_xl.word_import.import_issues import Place
from cmswp_xl.word_import.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cmswp_xl.word_import.entries import ActivityEntry, AreaEntry, AreaHeading, Key
    from cmswp_xl.word_import.rows import TableReader

Sums = dict["Key", Decimal]
_MOST_EXTRAS = 6
_RATE = re.compile(r"(\d{1,2}(?:[.,]\d{1,2})?) ?(?:%|per ?cent|pour cent|por ciento)")


def key_of(table: TableReader, number: int) -> Key:
    """Return what a column of amounts holds."""
    column = table.layout.columns[number]
    return column.role, column.year


def add_up(table: TableReader, sums: Sums, broken: set[Key], entry: ActivityEntry) -> None:
    """Add an activity's printed amounts to some sums."""
    for number, figure in entry.printed.items():
        key = key_of(table, number)
        if figure.kind == "unreadable":
            broken.add(key)
        elif figure.known is not None:
            sums[key] = sums.get(key, ZERO) + figure.known


def check_sought(table: TableReader, row: int, entry: ActivityEntry) -> None:
    """Set the printed amounts to be sought against cost less what is available."""
    numbers = [n for n, c in table.layout.amounts().items() if c.role == "sought"]
    if not numbers:
        return
    figures = [entry.printed[number] for number in numbers]
    known = [figure.known for figure in figures if figure.known is not None]
    if any(figure.kind == "unreadable" for figure in figures):
        return
    number, printed = numbers[0], total(known) if known else None
    if entry.cost is None:
        if printed:
            table.issue("sought-without-cost", row, number, f"{printed:f}")
        return
    funded = any(c.role in (*KINDS, "available") for c in table.layout.columns.values())
    if not funded and printed is not None and printed != total(entry.cost.values()):
        table.issue("sought-not-compared", row, number, plain_amount(printed))
        return
    gap = max(total(entry.cost.values()) - total(entry.funding.values()), ZERO)
    if printed is None:
        if gap:
            table.issue("sought-left-blank", row, number, "", f"{gap:f}")
        return
    unit = max(figure.unit for figure in figures)
    table.reader.issues.compare(table.place(row, number), entry.number, printed, gap, unit)


def check_row(
    table: TableReader,
    row: int,
    entry: SumEntry,
    choices: Sequence[tuple[Sums, set[Key]]],
    extras: Sequence[Mapping[Key, Decimal]] = (),
) -> None:
    """
    Set a row of sums against the first of some sums that it agrees with, or the first.

    `extras` are the rows, such as support costs, that a total may have on top.
    """
    for number, figure in entry.printed.items():
        printed, key = figure.known, key_of(table, number)
        if printed is None:
            continue
        place = table.place(row, number)
        broken = any(key in broken for _, broken in choices)
        plain = [sums[key] for sums, _ in choices if key in sums]
        if not plain:
            if printed:
                reason = "sum-of-unreadable" if broken else "sum-without-parts"
                table.issue(reason, row, number, f"{printed:f}")
            continue
        usable = [*plain, *(one + more for more in _sums_of(extras, key) for one in plain)]
        parts = min(usable, key=lambda one: (one != printed, abs(one - printed) > figure.unit))
        if broken and abs(parts - printed) > figure.unit:
            table.issue("sum-of-unreadable", row, number, f"{printed:f}")
            continue
        table.reader.issues.compare(place, entry.label, printed, parts, figure.unit)


def _sums_of(extras: Sequence[Mapping[Key, Decimal]], key: Key) -> list[Decimal]:
    """Return what any of the extra rows come to together."""
    amounts = [extra[key] for extra in extras if key in extra][-_MOST_EXTRAS:]
    return [
        total(some)
        for count in range(1, len(amounts) + 1)
        for some in itertools.combinations(amounts, count)
    ]


def check_extra(
    table: TableReader, row: int, entry: SumEntry, bases: Sequence[Sums]
) -> dict[Key, Decimal]:
    """Set support costs or a contingency with a rate against it, and return its amounts."""
    rate = _RATE.search(entry.label)
    found: dict[Key, Decimal] = {}
    for number, figure in entry.printed.items():
        key = key_of(table, number)
        if figure.known is None:
            continue
        found[key] = figure.known
        expected = [
            percent_of(Decimal(rate[1].replace(",", ".")), sums[key])
            for sums in bases
            if rate and key in sums
        ]
        if expected:
            best = min(expected, key=lambda one: abs(one - found[key]))
            unit = max(figure.unit, Decimal(1))
            place = table.place(row, number)
            table.reader.issues.compare(place, entry.label, figure.known, best, unit)
    return found


def areas_from(areas: Sequence[AreaEntry]) -> list[tuple[Sums, set[Key]]]:
    """Return the sums of the last area, of the last two, and so on to those of all."""
    return [whole(areas[start:]) for start in range(len(areas) - 1, -1, -1)]


def check_headings(
    table: TableReader, row: int, heading: AreaHeading, areas: Sequence[AreaEntry]
) -> None:
    """Set the amounts in the row of a heading against those of the activities below it."""
    check_row(
        table, row, SumEntry(heading.place, heading.text, "sub", heading.printed), [whole(areas)]
    )


def whole(areas: Sequence[AreaEntry]) -> tuple[Sums, set[Key]]:
    """Return the sums of all areas."""
    sums: Sums = {}
    for area in areas:
        for key, amount in area.sums.items():
            sums[key] = sums.get(key, ZERO) + amount
    return sums, {key for area in areas for key in area.broken}


def check_closing(table: TableReader, areas: Sequence[AreaEntry], rate: Decimal | None) -> None:
    """Check the table of the areas' totals: areas, total, support costs, grand total."""
    titles = {folded(area.title): (area.sums, area.broken) for area in areas}
    together = whole(areas)
    grand: dict[Key, Decimal] = dict(together[0])
    for row, entry in table.sum_rows():
        if entry.kind == "support":
            expected = None if rate is None else _support(together[0], rate)
            _check_support(table, row, entry, expected, grand)
        elif entry.kind:
            check_row(table, row, entry, [together, (grand, together[1])])
        elif folded(entry.label) in titles:
            check_row(table, row, entry, [titles[folded(entry.label)]])
        else:
            table.issue("unknown-area", row, 1, entry.label)


def _support(sums: Sums, rate: Decimal) -> Decimal | None:
    cost = sums.get(("cost", None))
    return None if cost is None else percent_of(rate, cost)


def _check_support(
    table: TableReader,
    row: int,
    entry: SumEntry,
    expected: Decimal | None,
    grand: dict[Key, Decimal],
) -> None:
    """Set support costs against the rate on the total, and add them to the grand total."""
    for number, figure in entry.printed.items():
        key = key_of(table, number)
        if figure.known is None or key != ("cost", None):
            continue
        if expected is not None:
            place = table.place(row, number)
            table.reader.issues.compare(place, entry.label, figure.known, expected, figure.unit)
        grand[key] = grand.get(key, ZERO) + figure.known


def check_years(table: TableReader, areas: Sequence[AreaEntry]) -> None:
    """Check the costs in the table of years; its funding by year has no cells to go to."""
    sums, broken = whole(areas)
    by_name = {
        ("" if year is None else str(year)): (role, year)
        for role, year in sums
        if role in ("year", "whole")
    }
    costs = {n for n, column in table.layout.columns.items() if column.role == "cost"}
    for row, entry in table.sum_rows():
        key = by_name.get(entry.label if entry.label.isdigit() else "")
        for number, figure in entry.printed.items():
            if table.layout.columns[number].role != "cost":
                continue
            if key in sums and key not in broken and figure.known is not None:
                place = table.place(row, number)
                table.reader.issues.compare(
                    place, entry.label, figure.known, sums[key], figure.unit
                )
        found = [
            cell.text
            for cell in table.grid.starts(row)
            if cell.column not in (1, *costs) and cell.text
        ]
        if found:
            place = Place(table.grid.number, row)
            table.reader.issues.add("funding-by-year", place, " | ".join(found))
