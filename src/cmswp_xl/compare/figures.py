"""What follows from the changes in sums: activities, areas, the total."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cmswp_xl.money import ZERO, total
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from cmswp_xl.compare.values import Version
    from cmswp_xl.totals import Amount, Figures, Reckoning

FIGURES = (
    "cost",
    "core",
    "voluntary",
    "other",
    "to_be_sought",
    "surplus",
    "pledged",
    "in_kind",
)
"""The figures that are compared, by their names in `Figures`, in the order of print."""


class Level(StrEnum):
    """Where a figure stands; the last two have a cost only."""

    ACTIVITY = "activity"
    AREA = "area"
    TOTAL = "total"
    SUPPORT = "support-costs"
    GRAND = "grand-total"


class Undrawn(StrEnum):
    """Why figures could not be compared."""

    OLD_ERRORS = "old-has-errors"
    NEW_ERRORS = "new-has-errors"
    CURRENCY = "currency-changed"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that is another now; None is blank: not costed, or not there."""

    level: Level
    key: str
    figure: str
    old: Amount
    new: Amount

    @property
    def difference(self) -> Decimal:
        """How much more it is now; a blank counts as nothing, so that differences add up."""
        return (self.new or ZERO) - (self.old or ZERO)


def undrawn(old: Version, new: Version) -> tuple[Undrawn, ...]:
    """Give the reasons why the figures of two versions cannot be compared; none where they can."""
    reasons = []
    if old.reckoning is None:
        reasons.append(Undrawn.OLD_ERRORS)
    if new.reckoning is None:
        reasons.append(Undrawn.NEW_ERRORS)
    if old.settings.get("currency") != new.settings.get("currency"):
        reasons.append(Undrawn.CURRENCY)
    return tuple(reasons)


def figure_changes(old: Reckoning, new: Reckoning) -> Iterator[FigureChange]:
    """Give every figure that changed: activities, areas, total, support costs, grand total."""
    yield from _level(Level.ACTIVITY, _activities(old), _activities(new))
    yield from _level(Level.AREA, _areas(old), _areas(new))
    yield from _changed(Level.TOTAL, "", old.total, new.total)
    support = old.support_costs(), new.support_costs()
    if support != (None, None):
        grand = tuple(
            None if r.total.cost is None else total([r.total.cost, added or ZERO])
            for r, added in zip((old, new), support, strict=True)
        )
        for level, (before, after) in ((Level.SUPPORT, support), (Level.GRAND, grand)):
            if before != after:
                yield FigureChange(level, "", "cost", before, after)


Keyed = dict[str, tuple[str, "Figures"]]


def _activities(reckoning: Reckoning) -> Keyed:
    return {comparable(key): (key, f) for key, f in reckoning.by_activity.items()}


def _areas(reckoning: Reckoning) -> Keyed:
    return {comparable(row.key): (row.key, row.figures) for row in reckoning.rows("area")}


def _level(level: Level, old: Keyed, new: Keyed) -> Iterator[FigureChange]:
    """Go through the new version in its order, then through what is left of the old one."""
    for key, (name, after) in new.items():
        yield from _changed(level, name, _of(old, key), after)
    for key, (name, before) in old.items():
        if key not in new:
            yield from _changed(level, name, before, None)


def _of(side: Mapping[str, tuple[str, Figures]], key: str) -> Figures | None:
    found = side.get(key)
    return None if found is None else found[1]


def _changed(
    level: Level, key: str, old: Figures | None, new: Figures | None
) -> Iterator[FigureChange]:
    for name in FIGURES:
        before = None if old is None else getattr(old, name)
        after = None if new is None else getattr(new, name)
        if before != after and (before or after or name == "cost"):
            yield FigureChange(level, key, name, before, after)
