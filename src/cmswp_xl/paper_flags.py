"""What the figures say of progress reports: spent beyond plan or funding, done and unpaid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.money import ZERO
from cmswp_xl.progress import newest_reports
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from cmswp_xl.issues import Issue
    from cmswp_xl.model import Progress
    from cmswp_xl.tables import Table
    from cmswp_xl.totals import Figures, Reckoning


def progress_flags(
    reckoning: Reckoning, table: Table, kept: Sequence[int], untold: Collection[str] = ()
) -> Iterator[Issue]:
    """
    Give the flags of the reports that hold as at the date of the figures.

    `table` is the Progress table and `kept` the row index of each report; activities in `untold`,
    and those with a report that was not kept, have errors about them, so that nothing is said.
    """
    programme = reckoning.programme
    silent = {comparable(activity) for activity in (*untold, *_left_out(table, kept))}
    partial = {activity.id for activity in programme.activities if activity.partial}
    newest = newest_reports(programme)
    for report, index in zip(programme.progress, kept, strict=True):
        figures = reckoning.by_activity.get(report.activity)
        if figures is None or newest.get(report.activity) is not report:
            continue
        if figures.cost is not None and comparable(report.activity) not in silent:
            values = _values(report, figures, programme.settings.currency)
            for code, name in _found(report, figures, partial=report.activity in partial):
                yield table.issue(code, name, index, report.activity, **values)


def _found(report: Progress, figures: Figures, *, partial: bool) -> Iterator[tuple[str, str]]:
    """Give code and column of what is to be said of a report on a costed activity."""
    spent = report.expenditure or ZERO
    if spent > (figures.cost or ZERO) and not partial:
        yield "expenditure-above-cost", "expenditure"
    if spent > (figures.available or ZERO):
        yield "expenditure-above-available", "expenditure"
    if report.status == "done" and figures.to_be_sought:
        yield "done-to-be-sought", "status"


def _left_out(table: Table, kept: Sequence[int]) -> Iterator[str]:
    """Give what stands as activity in the rows that were not kept."""
    activities = table.columns.get("activity", ())
    for index in set(range(len(activities))) - set(kept):
        yield str(activities[index])


def _values(report: Progress, figures: Figures, currency: str) -> dict[str, object]:
    amounts = {
        "spent": report.expenditure or ZERO,
        "cost": figures.cost or ZERO,
        "available": figures.available or ZERO,
        "to_be_sought": figures.to_be_sought or ZERO,
    }
    return {**{name: f"{amount:f}" for name, amount in amounts.items()}, "currency": currency}
