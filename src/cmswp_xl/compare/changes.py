"""The changes of a row, field by field, and what each is called."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from cmswp_xl.compare.values import folded, plain
from cmswp_xl.money import ZERO, total
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cmswp_xl.compare.values import Row, Rows, Value, Version
    from cmswp_xl.figures.declarations import Amount
    from cmswp_xl.figures.totals import Figures, Reckoning
    from cmswp_xl.languages import Language
    from cmswp_xl.schema import Field


class Code(StrEnum):
    """What happened to a row or a field; the codes are stable and never renamed."""

    ADDED = "added"
    REMOVED = "removed"
    RENUMBERED = "renumbered"
    MOVED = "moved"
    REWORDED = "reworded"
    AMOUNT = "amount-changed"
    FIELD = "field-changed"


@dataclass(frozen=True, slots=True)
class Change:
    """
    One change, of a field or (without one) of the row as a whole.

    A row that only changed its place is `moved` without a field; `old` and `new` then name the row
    before it. An internal field is named, and its values are not given.
    """

    code: Code
    field: str | None = None
    old: Value = None
    new: Value = None
    language: Language | None = None
    internal: bool = False

    @property
    def difference(self) -> Decimal | None:
        """How much more the new number is; a blank counts as nothing. None for other values."""
        if not isinstance(self.old or self.new, Decimal):
            return None
        old, new = self.old or Decimal(0), self.new or Decimal(0)
        return new - old if isinstance(old, Decimal) and isinstance(new, Decimal) else None


@dataclass(frozen=True, slots=True)
class RowChange:
    """
    A row with its changes; `old` or `new` is None where the row is in one version only.

    `key` names it: the key of its table, or what identifies it joined by strokes. Neither row
    holds internal fields.
    """

    table: str
    key: str
    old: Row | None
    new: Row | None
    changes: tuple[Change, ...]

    @property
    def row(self) -> Row:
        """The row as it is now, or as it was where it is no more."""
        return self.new if self.new is not None else self.old or {}

    def has(self, code: Code, field: str | None = None) -> bool:
        """Tell whether one of the changes is of that kind, and of that field if one is given."""
        return any(c.code is code and field in (None, c.field) for c in self.changes)


_NUMBERS = {
    ("activities", "number"),
    ("steps", "seq"),
    ("findings", "seq"),
    ("texts", "paragraph"),
}
_PLACES = {("activities", "area"), ("recommendations", "subject")}
_NAMES = {
    "costs": ("activity", "year", "category", "scenario"),
    "funding": ("activity", "year", "source", "donor"),
    "postfunding": ("post", "source", "donor"),
    "progress": ("activity", "as_at"),
    "texts": ("document", "paragraph"),
}


def field_changes(old: Row, new: Row, rows: Rows) -> Iterator[Change]:
    """Give what changed between two versions of a row, in the order of its fields."""
    for field in rows.schema.inputs():
        before, after = old.get(field.name), new.get(field.name)
        if before == after or folded(before, field) == folded(after, field):
            continue
        code = _code(rows.schema.name, field)
        if field.internal:
            yield Change(code, field.name, internal=True)
        else:
            yield Change(code, field.name, before, after, field.language)


def row_key(row: Row, rows: Rows) -> str:
    """Name a row: by its key, or by what identifies it."""
    schema = rows.schema
    if schema.form:
        return ""
    names = _NAMES.get(schema.name, schema.primary_key)
    if not names:
        names = (rows.order.name,) if rows.order else tuple(f.name for f in rows.shown[:2])
    return " / ".join(text for name in names if (text := plain(row.get(name))))


def shown_row(row: Row, rows: Rows) -> dict[str, Value]:
    """Give the fields of a row that may be shown."""
    return {field.name: row.get(field.name) for field in rows.shown}


def _code(table: str, field: Field) -> Code:
    if (table, field.name) in _NUMBERS:
        return Code.RENUMBERED
    if (table, field.name) in _PLACES:
        return Code.MOVED
    if field.language is not None:
        return Code.REWORDED
    return Code.AMOUNT if field.unit == "currency" else Code.FIELD


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
