"""Sums over activities: the figures of areas, totals, years, priorities and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.trace.activities import activity_figure, touched
from cmswp_xl.trace.figure import COUNT, Line, Operation, Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.trace.figure import Path
    from cmswp_xl.trace.ledger import Ledger

_NEVER_BLANK = frozenset({"uncosted", "excluded"})


def group_figure(
    ledger: Ledger, at: Path, keys: Sequence[str], name: str, span: str | None = None
) -> Path:
    """Enter the sum of a figure over activities, and give its path."""
    path = (*at, name) if span is None else (*at, name, span)
    if path in ledger.figures:
        return path
    parts = [activity_figure(ledger, key, name, span) for key in keys]
    if name in _NEVER_BLANK:
        parts = [part for part in parts if ledger.exact(part)]
    return ledger.sum(path, parts, "sum-activities", known=name in _NEVER_BLANK or None)


def year_figure(ledger: Ledger, span: str, keys: Sequence[str], name: str) -> Path:
    """Enter a figure of a year over the activities that have rows for it."""
    path = ("year", span, name)
    if path in ledger.figures:
        return path
    here = [key for key in keys if touched(ledger, key, span)]
    parts = [activity_figure(ledger, key, name, span) for key in here]
    return ledger.sum(path, parts, "sum-activities-of-year")


def count_figure(
    ledger: Ledger, path: Path, keys: Sequence[str], rule: str, because: Sequence[str] = ()
) -> Path:
    """Enter the number of some activities; each is counted by the cell of its id."""
    places = {activity.id: i for i, activity in enumerate(ledger.reckoning.programme.activities)}
    lines = []
    for key in keys:
        cell = ledger.places.cell("activities", places[key], "id")
        if cell is not None:
            names = ("area", *because)
            lines.append(Line(cell, ledger.places.cells("activities", places[key], names)))
    return ledger.enter(path, Operation.COUNT, [Rule(rule)], lines=lines, unit=COUNT)


def costed(ledger: Ledger, keys: Sequence[str]) -> list[str]:
    """Give the activities that are costed."""
    return [key for key in keys if ledger.reckoning.by_activity[key].cost is not None]


def setting_figure(ledger: Ledger, path: Path, name: str, unit: str) -> Path:
    """Enter a number that stands in the Programme form."""
    cell = ledger.places.cell("programme", 0, name)
    lines = [] if cell is None else [Line(cell)]
    return ledger.enter(path, Operation.SUM, [Rule("setting")], lines=lines, unit=unit)
