"""The amounts of a table on their way into print: chosen columns, rounded so that they add up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.money import ZERO, fitted, rounded, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.model import Activity, Area, Programme
    from cmswp_xl.totals import Figures, Reckoning

MOST_YEARS = 6
"""How many years stand side by side on a landscape page; longer periods show their total."""

Line = dict[str, "Decimal | None"]


@dataclass(frozen=True, slots=True)
class Columns:
    """
    The columns of the activity table by name.

    `years` are the sub-columns of cost before its total (None: for the whole period), empty where
    cost is one column; `kinds` those of funding available.
    """

    years: tuple[int | None, ...]
    kinds: tuple[str, ...]

    @property
    def cost(self) -> tuple[str, ...]:
        """The names of the cost columns, the total last."""
        return (*(year_name(year) for year in self.years), "cost")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, in print order."""
        return (*self.cost, *self.kinds, "to_be_sought")


@dataclass(frozen=True, slots=True)
class AmountTree:
    """
    The amounts of the table at four levels, exact and as shown.

    `activities` by id, `areas` by code, `families` by the code of an area with sub-areas, and the
    total; each a line by column name. A family shows the sum of what its areas show.
    """

    columns: Columns
    exact: Mapping[str, Mapping[str, Line]]
    shown: Mapping[str, Mapping[str, Line]]


def year_name(year: int | None) -> str:
    """Give the column name of a year, or of the rows for the whole period."""
    return f"year:{'' if year is None else year}"


def choose_columns(reckoning: Reckoning, figures: Figures) -> Columns:
    """Choose the columns: years where costs are given by year, other sources where not nil."""
    used = {line.year for line in reckoning.costs}
    period = reckoning.programme.settings.years
    years: tuple[int | None, ...] = ()
    if used - {None} and 1 < len(period) <= MOST_YEARS:
        years = (*period, None) if None in used else tuple(period)
    kinds = ("core", "voluntary", "other") if figures.other else ("core", "voluntary")
    return Columns(years, kinds)


def amounts_behind(reckoning: Reckoning, figures: Figures) -> Iterator[Decimal | None]:
    """Give what all printed amounts are sums of: where none has cents, none will."""
    yield from (line.amount for line in reckoning.costs)
    yield from (row.amount for row in reckoning.funding)
    yield reckoning.support_costs(figures)


def amount_tree(
    reckoning: Reckoning, areas: Sequence[Area], columns: Columns, step: Decimal | None
) -> AmountTree:
    """Give the amounts of the areas' activities, their sub-totals and their total."""
    groups = {area.code: reckoning.programme.activities_of(area.code) for area in areas}
    tree = grouped_tree(reckoning, groups, columns, step)
    families = families_of(reckoning.programme, areas)
    exact, shown = (
        {
            **lines,
            "families": {
                code: _sum((lines["areas"][key] for key in keys), columns)
                for code, keys in families.items()
            },
        }
        for lines in (tree.exact, tree.shown)
    )
    return AmountTree(columns, exact, shown)


def families_of(programme: Programme, areas: Sequence[Area]) -> dict[str, tuple[str, ...]]:
    """Return the codes of each area with sub-areas and of these, where all are among the areas."""
    present = {area.code for area in areas}
    found = {area.code: programme.family(area.code) for area in areas}
    return {code: keys for code, keys in found.items() if len(keys) > 1 and present >= {*keys}}


def grouped_tree(
    reckoning: Reckoning,
    groups: Mapping[str, Sequence[Activity]],
    columns: Columns,
    step: Decimal | None,
) -> AmountTree:
    """Give the amounts of groups of activities, by any key, their sub-totals and their total."""
    by_year: dict[str, Line] = defaultdict(dict)
    for line in reckoning.costs:
        name = year_name(line.year)
        by_year[line.activity][name] = (by_year[line.activity].get(name) or ZERO) + line.amount
    activities: dict[str, Line] = {}
    members: dict[str, list[str]] = {}
    for key, group in groups.items():
        members[key] = []
        for activity in group:
            figures = reckoning.by_activity[activity.id]
            activities[activity.id] = _line(figures, by_year[activity.id], columns)
            members[key].append(activity.id)
    subtotals = {
        code: _sum((activities[key] for key in keys), columns) for code, keys in members.items()
    }
    exact = {
        "activities": activities,
        "areas": subtotals,
        "total": {"": _sum(subtotals.values(), columns)},
    }
    shown = exact if step is None else _fit(exact, members, columns, step)
    return AmountTree(columns, exact, shown)


def _line(figures: Figures, years: Line, columns: Columns) -> Line:
    line: Line = {}
    for year in columns.years:
        name = year_name(year)
        line[name] = None if figures.cost is None else years.get(name, ZERO)
    for name in ("cost", *columns.kinds, "to_be_sought"):
        line[name] = getattr(figures, name)
    return line


def _sum(lines: Iterable[Line], columns: Columns) -> Line:
    lines = list(lines)
    result: Line = {}
    for name in columns.names:
        known = [value for line in lines if (value := line[name]) is not None]
        result[name] = total(known) if known else None
    return result


def _fit(
    exact: Mapping[str, Mapping[str, Line]],
    members: Mapping[str, Sequence[str]],
    columns: Columns,
    step: Decimal,
) -> Mapping[str, Mapping[str, Line]]:
    """Round every column from the total down: areas to the total, activities to their area."""
    shown: dict[str, dict[str, Line]] = {
        level: {key: {} for key in lines} for level, lines in exact.items()
    }
    for name in columns.names:
        whole = exact["total"][""][name]
        shown["total"][""][name] = None if whole is None else rounded(whole, step)
        _fit_parts(exact["areas"], shown["areas"], name, shown["total"][""][name], step)
        for code, keys in members.items():
            parts = {key: exact["activities"][key] for key in keys}
            _fit_parts(parts, shown["activities"], name, shown["areas"][code][name], step)
    return shown


def _fit_parts(
    parts: Mapping[str, Line],
    shown: Mapping[str, Line],
    name: str,
    whole: Decimal | None,
    step: Decimal,
) -> None:
    known = {key: value for key, line in parts.items() if (value := line[name]) is not None}
    for key in parts:
        shown[key][name] = None
    if whole is not None:
        results = fitted(list(known.values()), whole, step)
        for key, value in zip(known, results, strict=True):
            shown[key][name] = value
