"""What one page has no room for stands together: the smallest areas, the last years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.money import ZERO
from cmswp_xl.totals import summed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cmswp_xl.languages import Words
    from cmswp_xl.model import Activity
    from cmswp_xl.totals import Figures, Reckoning, Row

MOST_AREAS = 8
"""How many areas a chart shows; where there are more, the smallest stand together."""

MOST_YEARS = 5
"""How many years a chart shows; where there are more, the last stand together."""


def area_groups(reckoning: Reckoning) -> dict[str, tuple[Activity, ...]]:
    """Give the activities by area; under "" those of the areas that stand together."""
    programme = reckoning.programme
    groups = {area.code: programme.activities_of(area.code) for area in programme.outline}
    if len(groups) <= MOST_AREAS:
        return groups
    costs = {code: reckoning.of(activities).cost or ZERO for code, activities in groups.items()}
    kept = sorted(groups, key=lambda code: -costs[code])[: MOST_AREAS - 1]
    rest = tuple(a for code, group in groups.items() if code not in kept for a in group)
    return {**{code: groups[code] for code in groups if code in kept}, "": rest}


def years_together(rows: Iterable[Row], say: Words) -> list[tuple[str, Figures]]:
    """Give the figures of each year, the last together where there are many."""
    rows = list(rows)
    years = [row for row in rows if row.key]
    found = [(row.key, row.figures) for row in years]
    if len(years) > MOST_YEARS:
        first, last = years[: MOST_YEARS - 1], years[MOST_YEARS - 1 :]
        span = say("{first}–{last}", first=last[0].key, last=last[-1].key)
        found = [(row.key, row.figures) for row in first]
        found.append((span, summed(row.figures for row in last)))
    return found + [(say("Whole period"), row.figures) for row in rows if not row.key]
