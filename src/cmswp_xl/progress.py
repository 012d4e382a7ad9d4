"""
What was reported last of each activity, as at the date of the figures.

The Progress table keeps its history: reports later than that date do not count yet, and without
one the newest of all counts. Nothing asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from cmswp_xl.model import Programme, Progress


def newest_reports(programme: Programme) -> Mapping[str, Progress]:
    """Give the report that holds for each activity, by its id; none where nothing was reported."""
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
    """Give the ids of the activities that are done."""
    reports = newest_reports(programme)
    return frozenset(key for key, report in reports.items() if report.status == "done")


def report_date(programme: Programme) -> dt.date | None:
    """Give the date as at which reports hold: that of the figures, or of the newest report."""
    if programme.settings.as_at is not None:
        return programme.settings.as_at
    return max((report.as_at for report in programme.progress), default=None)
