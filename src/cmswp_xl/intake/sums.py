"""Printed sums set against the parts that they are said to be sums of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.intake.doubts import Place
from cmswp_xl.intake.vocabulary import folded
from cmswp_xl.money import ZERO, percent_of, total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.intake.activities import TableReader
    from cmswp_xl.intake.entries import ActivityEntry, AreaEntry, Key, SumEntry
    from cmswp_xl.intake.figures import Figure

Sums = dict["Key", "Decimal"]


def key_of(table: TableReader, number: int) -> Key:
    """Give what a column of amounts holds."""
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
    """Set the printed amount to be sought against cost less what is available."""
    number = table.layout.find("sought")
    figure = entry.printed.get(number or 0)
    if number is None or figure is None:
        return
    if entry.cost is None:
        if figure.known:
            table.doubt("sought-without-cost", row, number, f"{figure.known:f}")
        return
    gap = max(total(entry.cost.values()) - total(entry.funding.values()), ZERO)
    if figure.known is None:
        if gap:
            table.doubt("sought-left-blank", row, number, "", f"{gap:f}")
        return
    doubts = table.reader.doubts
    doubts.compare(table.place(row, number), entry.number, figure.known, gap, figure.unit)


def check_row(
    table: TableReader, row: int, entry: SumEntry, choices: Sequence[tuple[Sums, set[Key]]]
) -> None:
    """Set a row of sums against the first of some sums that it agrees with, or the first."""
    for number, figure in entry.printed.items():
        printed, key = figure.known, key_of(table, number)
        if printed is None:
            continue
        place = table.place(row, number)
        usable = [sums[key] for sums, broken in choices if key in sums and key not in broken]
        if not usable:
            broken = any(key in broken for _, broken in choices)
            if printed:
                reason = "sum-of-unreadable" if broken else "sum-without-parts"
                table.doubt(reason, row, number, f"{printed:f}")
            continue
        parts = min(usable, key=lambda one: (one != printed, abs(one - printed) > figure.unit))
        table.reader.doubts.compare(place, entry.label, printed, parts, figure.unit)


def whole(areas: Sequence[AreaEntry]) -> tuple[Sums, set[Key]]:
    """Give the sums of all areas."""
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
            table.doubt("unknown-area", row, 1, entry.label)


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
            table.reader.doubts.compare(place, entry.label, figure.known, expected, figure.unit)
        grand[key] = grand.get(key, ZERO) + figure.known


def check_years(table: TableReader, areas: Sequence[AreaEntry]) -> None:
    """Check the costs in the table of years; its funding by year has no cells to go to."""
    sums, broken = whole(areas)
    by_name = {
        ("" if year is None else str(year)): (role, year)
        for role, year in sums
        if role in ("year", "whole")
    }
    for row, entry in table.sum_rows():
        key = by_name.get(entry.label if entry.label.isdigit() else "")
        for number, figure in entry.printed.items():
            if table.layout.columns[number].role != "cost":
                continue
            if key is not None and key not in broken and figure.known is not None:
                place = table.place(row, number)
                table.reader.doubts.compare(
                    place, entry.label, figure.known, sums[key], figure.unit
                )
    place = Place(table.grid.number)
    table.reader.doubts.add("funding-by-year", place)


def printed_anything(printed: Mapping[int, Figure]) -> bool:
    """Tell whether any amount stands in a row."""
    return any(figure.kind != "blank" for figure in printed.values())
