"""
Cost, money available, money to be sought: of each activity, of groups of them, of years.

Reports later than the date of the figures do not count yet; nothing asks what day it is.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from cmswp_xl.figures.declarations import (
    APART,
    COMBINATIONS,
    KINDS,
    NEVER_BLANK,
    ROW_SUMS,
    Amount,
    counts_for,
    counts_for_cost,
)
from cmswp_xl.money import ZERO, known_total, percent_of, total
from cmswp_xl.tables import gathered

if TYPE_CHECKING:
    from cmswp_xl.model import Activity, Contribution, CostLine, Programme, Progress, Text


_R = TypeVar("_R", "CostLine", "Contribution")


def newest_reports(programme: Programme) -> Mapping[str, Progress]:
    """Return the report that holds for each activity, by its id; none where there is none."""
    limit = programme.settings.as_at
    found: dict[str, Progress] = {}
    for report in programme.progress:
        if limit is not None and report.as_at > limit:
            continue
        earlier = found.get(report.activity)
        if earlier is None or earlier.as_at < report.as_at:
            found[report.activity] = report
    return found


def carried_out(programme: Programme) -> frozenset[str]:
    """Return the ids of the activities that are done."""
    reports = newest_reports(programme)
    return frozenset(key for key, report in reports.items() if report.status == "done")


def report_date(programme: Programme) -> dt.date | None:
    """Return the date as at which reports hold: that of the figures, or of the newest report."""
    if programme.settings.as_at is not None:
        return programme.settings.as_at
    return max((report.as_at for report in programme.progress), default=None)


@dataclass(frozen=True, slots=True)
class Figures:
    """
    The figures of an activity or of a group; None is blank: not costed, or not attributable.

    `pledged` and `in_kind` stand apart. `uncosted` is the money available for activities without
    costs, `excluded` the costs to which support costs are to be added, `partial` the number of
    activities of which only part of the cost is known.
    """

    cost: Amount = None
    core: Amount = None
    voluntary: Amount = None
    other: Amount = None
    pledged: Amount = None
    in_kind: Amount = None
    to_be_sought: Amount = None
    surplus: Amount = None
    status: str | None = None
    activities: int = 0
    not_costed: int = 0
    partial: int = 0
    uncosted: Decimal = ZERO
    excluded: Decimal = ZERO

    @property
    def available(self) -> Amount:
        """Core, voluntary and other money together; None where none of them is known."""
        return known_total((self.core, self.voluntary, self.other))

    @property
    def reconciled(self) -> bool:
        """Whether cost less available is what is to be sought, with nothing to explain."""
        return not self.uncosted and not self.surplus


@dataclass(frozen=True, slots=True)
class Row:
    """
    A line of totals: its key (an id or code, "" for blank), what it is called, its figures.

    `activities` are the ids of those in it, `rows` the rows of Costs or Funding where these are
    grouped, counted from 0.
    """

    key: str
    figures: Figures
    number: str | None = None
    title: Text | None = None
    activities: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgrammeTotals:
    """All figures of a programme in one scenario, and the cost and funding rows that count."""

    programme: Programme
    scenario: str | None
    costs: Sequence[CostLine]
    funding: Sequence[Contribution]
    by_activity: Mapping[str, Figures]
    total: Figures

    def of(self, activities: Iterable[Activity]) -> Figures:
        """Return the figures of a group of activities."""
        return self.of_keys(activity.id for activity in activities)

    def of_keys(self, keys: Iterable[str]) -> Figures:
        """Return the figures of a group of activities, by their ids."""
        return summed(self.by_activity[key] for key in keys)

    def rows(self, by: str) -> list[Row]:
        """Return the lines of a grouping; ValueError where there is no such grouping."""
        if by not in _GROUPERS:
            raise ValueError(by)
        return _GROUPERS[by](self)

    def support_costs(self, figures: Figures | None = None) -> Amount:
        """Return the support costs on the costs marked `excluded`, rounded once; None for none."""
        rate = self.programme.settings.support_cost_rate
        excluded = (figures or self.total).excluded
        return None if rate is None or not excluded else percent_of(rate, excluded)

    def year_figures(self, year: int | None, activities: Iterable[Activity]) -> Figures:
        """
        Return the figures of a year (None: of the rows for the whole period) for some activities.

        No money moves between years: what is to be sought is that of each year.
        """
        costs = [line for line in self.costs if line.year == year]
        funding = [row for row in self.funding if row.year == year]
        sums = _sums(costs, funding, self.programme.source_kinds())
        return summed(
            _figures(sums[one.id], partial=one.partial, costed=self.costed(one.id))
            for one in activities
            if one.id in sums
        )

    def costed(self, activity: str) -> bool:
        """Return whether an activity has costs, in whatever year."""
        return self.by_activity[activity].cost is not None


def compute_totals(programme: Programme, scenario: str | None = None) -> ProgrammeTotals:
    """
    Compute the figures of a programme in a scenario, or in its own where none is given.

    Rows of other scenarios do not count; rows without a scenario count in every one.
    """
    scenario = scenario or programme.settings.scenario
    costs = [row for row in programme.costs if row.scenario in (None, scenario)]
    funding = [row for row in programme.funding if row.scenario in (None, scenario)]
    sums = _sums(costs, funding, programme.source_kinds())
    by_activity = {
        activity.id: _figures(sums.get(activity.id, {}), partial=activity.partial)
        for activity in programme.activities
    }
    return ProgrammeTotals(
        programme, scenario, costs, funding, by_activity, summed(by_activity.values())
    )


_COUNTS = ("activities", "not_costed", "partial")
_AMOUNTS = (*KINDS, *APART, "cost", "to_be_sought", "surplus")
_ADDED: Mapping[str, Callable[[Iterable[Any]], Any]] = {
    **dict.fromkeys(NEVER_BLANK, total),
    **dict.fromkeys(_COUNTS, sum),
    **dict.fromkeys(_AMOUNTS, known_total),
}


def summed(parts: Iterable[Figures]) -> Figures:
    """Add figures; a sum of blanks only is blank."""
    parts = list(parts)
    found: dict[str, Any] = {
        name: add(map(attrgetter(name), parts)) for name, add in _ADDED.items()
    }
    return Figures(**found)


def funding_status(cost: Amount, available: Decimal, *, partial: bool) -> str:
    """Return the status of an activity; partial costing is never fully funded."""
    if cost is None:
        return "not-costed"
    if cost == 0:
        return "no-cost"
    if available == 0:
        return "unfunded"
    if available < cost:
        return "partly-funded"
    if available > cost:
        return "overfunded"
    return "partly-funded" if partial else "funded"


_EXCESSES = ("to_be_sought", "surplus")


_Sums = Mapping[str, Mapping[str, Decimal]]
"""What rows add up to, by activity and by the figure that they count for."""


def _sums(
    costs: Iterable[CostLine], funding: Iterable[Contribution], kinds: Mapping[str, str]
) -> _Sums:
    """Add up cost and funding rows; activities without any are not in it."""
    sums: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for line in costs:
        found = sums[line.activity]
        for name in counts_for_cost(line):
            found[name] = found.get(name, ZERO) + line.amount
    for row in funding:
        found, name = sums[row.activity], counts_for(row, kinds)
        found[name] = found.get(name, ZERO) + row.amount
    return sums


def _figures(sums: Mapping[str, Decimal], *, partial: bool, costed: bool = False) -> Figures:
    """
    Return the figures of an activity from the sums of its rows.

    `costed` says that it has costs elsewhere (in other years), so that none here means 0.
    """
    costed, funded = costed or "cost" in sums, any(kind in sums for kind in KINDS)
    found: dict[str, Any] = {
        figure.name: amount if figure.known(amount, costed=costed, funded=funded) else None
        for figure in ROW_SUMS
        for amount in [sums.get(figure.name, ZERO)]
    }
    found |= {name: COMBINATIONS[name].amount(found) for name in _EXCESSES}
    available = total([sums.get(kind, ZERO) for kind in KINDS])
    return Figures(
        **found,
        status=funding_status(found["cost"], available, partial=partial),
        activities=1,
        not_costed=int(not costed),
        partial=int(partial and costed),
        uncosted=ZERO if costed else available,
    )


def _activity_rows(totals: ProgrammeTotals) -> list[Row]:
    return [
        Row(activity.id, totals.by_activity[activity.id], activity.number, activity.title)
        for activity in totals.programme.activities
    ]


def _grouped(
    totals: ProgrammeTotals,
    key: str,
    activities: Iterable[str],
    number: str | None = None,
    title: Text | None = None,
) -> Row:
    """Return the line of a group of activities."""
    keys = tuple(activities)
    return Row(key, totals.of_keys(keys), number, title, keys)


def _area_rows(totals: ProgrammeTotals) -> list[Row]:
    areas, activities = totals.programme.areas, totals.programme.activities
    groups = gathered(((one.area, one.id) for one in activities), (area.code for area in areas))
    return [_grouped(totals, area.code, groups[area.code], title=area.title) for area in areas]


def _priority_rows(totals: ProgrammeTotals) -> list[Row]:
    groups = gathered((one.priority or "", one.id) for one in totals.programme.activities)
    order = ("core", "high", "medium", "low", "")
    return [_grouped(totals, key, groups[key]) for key in order if key in groups]


def _recommendation_rows(totals: ProgrammeTotals) -> list[Row]:
    """
    Return a row for each recommendation and, under "", one for the activities without any.

    An activity under several recommendations stands in each of their rows; the total is not the
    sum of the rows but counts it once.
    """
    items, known = totals.programme.review.recommendations, totals.by_activity
    rows = [
        _grouped(totals, item.number, known.keys() & {item.activity}, item.number, item.text)
        for item in items
    ]
    linked = {item.activity for item in items}
    others = [key for key in known if key not in linked]
    return [*rows, _grouped(totals, "", others)] if others else rows


def _year_rows(totals: ProgrammeTotals) -> list[Row]:
    years: list[int | None] = list(totals.programme.settings.years)
    if None in {row.year for row in totals.costs} | {row.year for row in totals.funding}:
        years.append(None)
    activities = totals.programme.activities
    return [
        Row("" if year is None else str(year), totals.year_figures(year, activities))
        for year in years
    ]


def _counting(totals: ProgrammeTotals, rows: Iterable[_R]) -> Iterator[tuple[int, _R]]:
    """Yield the rows of Costs or Funding that count, each with its place."""
    numbered = enumerate(rows)
    return ((i, row) for i, row in numbered if row.scenario in (None, totals.scenario))


def _funding_rows(
    totals: ProgrammeTotals, titles: Mapping[str, Text], key_of: Callable[[Contribution], str]
) -> list[Row]:
    funding, kinds = totals.programme.funding, totals.programme.source_kinds()
    groups = gathered(((key_of(row), i) for i, row in _counting(totals, funding)), titles)
    return [
        Row(
            key,
            _funding_figures(totals, [funding[i] for i in rows], kinds),
            None,
            titles.get(key),
            rows=tuple(rows),
        )
        for key, rows in groups.items()
    ]


def _funding_figures(
    totals: ProgrammeTotals, rows: Sequence[Contribution], kinds: Mapping[str, str]
) -> Figures:
    activities = {row.activity for row in rows}
    sums: dict[str, Any] = dict.fromkeys((*KINDS, *APART), ZERO if rows else None)
    for row in rows:
        sums[counts_for(row, kinds)] += row.amount
    not_costed = sum(not totals.costed(key) for key in activities)
    return Figures(**sums, activities=len(activities), not_costed=not_costed)


def _source_rows(totals: ProgrammeTotals) -> list[Row]:
    titles = {source.code: source.title for source in totals.programme.sources}
    return _funding_rows(totals, titles, lambda row: row.source)


def _donor_rows(totals: ProgrammeTotals) -> list[Row]:
    names = {donor.code: donor.name for donor in totals.programme.donors}
    return _funding_rows(totals, names, lambda row: row.donor or "")


def _category_rows(totals: ProgrammeTotals) -> list[Row]:
    costs = totals.programme.costs
    groups = gathered((line.category or "", i) for i, line in _counting(totals, costs))
    rows = []
    for key in sorted(groups, key=lambda key: (not key, key)):
        lines = [costs[index] for index in groups[key]]
        cost, activities = total(one.amount for one in lines), {one.activity for one in lines}
        figures = Figures(cost=cost, activities=len(activities))
        rows.append(Row(key, figures, rows=tuple(groups[key])))
    return rows


_GROUPERS: Mapping[str, Callable[[ProgrammeTotals], list[Row]]] = {
    "activity": _activity_rows,
    "area": _area_rows,
    "priority": _priority_rows,
    "recommendation": _recommendation_rows,
    "year": _year_rows,
    "source": _source_rows,
    "donor": _donor_rows,
    "category": _category_rows,
}
GROUPINGS = tuple(_GROUPERS)
"""What totals can be grouped by."""
