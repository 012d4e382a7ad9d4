"""
What changed between two versions of a workbook, as people think about it.

Rows are matched by their keys, or by what identifies them where they have none, whatever their
order; what somebody typed is told apart from what follows from it in sums. Internal fields are
named where they changed and their values never given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cmswp_xl.compare.rows import (
    Row,
    Rows,
    Value,
    Version,
    displaced,
    facts,
    folded,
    matched,
    plain,
)
from cmswp_xl.figures.declarations import Amount
from cmswp_xl.figures.totals import Figures, ProgrammeTotals
from cmswp_xl.languages import Language
from cmswp_xl.money import ZERO, total
from cmswp_xl.schema import REVIEW_TABLES, Field, TableSchema, load_schemas
from cmswp_xl.tables import comparable


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

    def reworded(self, language: Language) -> bool:
        """Return whether a text was reworded in the language."""
        return any(c.code is Code.REWORDED and c.language is language for c in self.changes)

    def has(self, code: Code, field: str | None = None) -> bool:
        """Return whether one of the changes is of that kind, and of that field if one is given."""
        return any(c.code is code and field in (None, c.field) for c in self.changes)


def field_changes(old: Row, new: Row, schema: TableSchema) -> Iterator[Change]:
    """Return what changed between two versions of a row, in the order of its fields."""
    for field in schema.inputs():
        before, after = old.get(field.name), new.get(field.name)
        if before == after or folded(before, field) == folded(after, field):
            continue
        code = _code(schema.name, field)
        if field.internal:
            yield Change(code, field.name, internal=True)
        else:
            yield Change(code, field.name, before, after, field.language)


def _code(table: str, field: Field) -> Code:
    if facts("numbered").get(table) == field.name:
        return Code.RENUMBERED
    if facts("placed").get(table) == field.name:
        return Code.MOVED
    if field.language is not None:
        return Code.REWORDED
    return Code.AMOUNT if field.unit == "currency" else Code.FIELD


def row_key(row: Row, rows: Rows) -> str:
    """Return what a row is named by: its key, or what identifies it."""
    schema = rows.schema
    if schema.form:
        return ""
    names = facts("named").get(schema.name, schema.primary_key)
    if not names:
        names = (rows.order.name,) if rows.order else tuple(f.name for f in rows.shown[:2])
    return " / ".join(text for name in names if (text := plain(row.get(name))))


def _row_change(old: Row | None, new: Row | None, rows: Rows, *changes: Change) -> RowChange:
    key = row_key(new or old or {}, rows)
    before, after = (
        None if row is None else {field.name: row.get(field.name) for field in rows.shown}
        for row in (old, new)
    )
    return RowChange(rows.schema.name, key, before, after, changes)


FIGURES = ("cost", "core", "voluntary", "other", "to_be_sought", "surplus", "pledged", "in_kind")
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
    """Return why the figures of two versions cannot be compared; nothing where they can."""
    reasons = {
        Undrawn.OLD_ERRORS: old.totals is None,
        Undrawn.NEW_ERRORS: new.totals is None,
        Undrawn.CURRENCY: old.settings.get("currency") != new.settings.get("currency"),
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def figure_changes(old: ProgrammeTotals, new: ProgrammeTotals) -> Iterator[FigureChange]:
    """Return every figure that changed: activities, areas, total, support costs, grand total."""
    before, after = _levels(old), _levels(new)
    bare = old.support_costs() is None and new.support_costs() is None
    for level in Level:
        if bare and level in {Level.SUPPORT, Level.GRAND}:
            continue
        was, now = before[level], after[level]
        for key in dict.fromkeys((*now, *was)):
            name = (now.get(key) or was[key])[0]
            sides = [side[key][1] if key in side else Figures() for side in (was, now)]
            for figure in FIGURES:
                first, second = (getattr(side, figure) for side in sides)
                if first != second and (first or second or figure == "cost"):
                    yield FigureChange(level, name, figure, first, second)


def _levels(figures: ProgrammeTotals) -> dict[Level, dict[str, tuple[str, Figures]]]:
    """Return the figures by level and by key in comparable form, each with its key as typed."""
    areas = ((row.key, row.figures) for row in figures.rows("area"))
    support, cost = figures.support_costs(), figures.total.cost
    below = {
        Level.SUPPORT: support,
        Level.GRAND: None if cost is None else total([cost, support or ZERO]),
    }
    return {
        Level.ACTIVITY: _keyed(figures.by_activity.items()),
        Level.AREA: _keyed(areas),
        Level.TOTAL: {"": ("", figures.total)},
        **{level: {"": ("", Figures(cost=amount))} for level, amount in below.items()},
    }


def _keyed(figures: Iterable[tuple[str, Figures]]) -> dict[str, tuple[str, Figures]]:
    return {comparable(key): (key, found) for key, found in figures}


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    What changed from one version to another.

    `rows` are the typed changes by table, in the order of the new version, then what was removed;
    `figures` what follows from them. `undrawn` says why there are no figures where there are none.
    """

    old: Version
    new: Version
    rows: tuple[RowChange, ...]
    figures: tuple[FigureChange, ...]
    undrawn: tuple[Undrawn, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything changed."""
        return bool(self.rows or self.figures)

    def of(self, table: str) -> tuple[RowChange, ...]:
        """Return the changes of a table."""
        return tuple(row for row in self.rows if row.table == table)


def compare(old: Version, new: Version) -> Comparison:
    """
    Compare two versions of a workbook.

    Typed changes are always listed; figures only where both versions are without errors and in the
    same currency.
    """
    names = dict.fromkeys((*new.tables, *old.tables))
    rows = tuple(change for name in names for change in _table(name, old, new))
    reasons = undrawn(old, new)
    if reasons or old.totals is None or new.totals is None:
        return Comparison(old, new, rows, (), reasons)
    return Comparison(old, new, rows, tuple(figure_changes(old.totals, new.totals)))


def _table(name: str, old: Version, new: Version) -> Iterator[RowChange]:
    before, after = old.tables.get(name), new.tables.get(name)
    schema = (after or before or Rows(load_schemas()[name], ())).schema
    before, after = before or Rows(schema, ()), after or Rows(schema, ())
    if _internal(after) or before.rows == after.rows:
        return
    pairs = matched(before, after)
    changes = _paired_changes(before, after, pairs)
    old_of = {j: i for i, j in pairs}
    for j, row in enumerate(after.rows):
        if j not in old_of:
            yield _row_change(None, row, after, Change(Code.ADDED))
        elif found := changes[old_of[j]]:
            yield _row_change(before.rows[old_of[j]], row, after, *found)
    for i, row in enumerate(before.rows):
        if i not in changes:
            yield _row_change(row, None, before, Change(Code.REMOVED))


def _internal(rows: Rows) -> bool:
    """Return whether a table is internal as a whole: nothing is left to name its rows by."""
    shown = {field.name for field in rows.shown}
    return not shown or not shown.issuperset(rows.schema.primary_key)


def _paired_changes(
    old: Rows, new: Rows, pairs: Sequence[tuple[int, int]]
) -> dict[int, list[Change]]:
    """Return the changes of the rows in both versions, by their index in the old one."""
    schema = new.schema
    changes = {i: list(field_changes(old.rows[i], new.rows[j], schema)) for i, j in pairs}
    new_of = dict(pairs)
    for i, was, now in displaced(old, new, pairs):
        if new.order is not None:
            changes[i] = [
                Change(Code.MOVED, c.field, c.old, c.new) if c.code is Code.RENUMBERED else c
                for c in changes[i]
            ]
        else:
            before = None if was is None else row_key(old.rows[was], old)
            after = None if now is None else row_key(new.rows[new_of[now]], new)
            changes[i].append(Change(Code.MOVED, None, before, after))
    return changes


_OF_ACTIVITY = frozenset({"costs", "funding", "progress"})
_PLACED = frozenset({"programme", "areas", "activities", "allocations", *_OF_ACTIVITY})
_POSTS = ("posts", "postfunding")


@dataclass(frozen=True, slots=True)
class ActivityGroup:
    """What changed about an activity: its own row, and the rows of its costs and funding."""

    key: str
    old: Row | None
    new: Row | None
    change: RowChange | None
    related: tuple[RowChange, ...]

    @property
    def row(self) -> Row:
        """The activity as it is now, or as it was where it is no more."""
        return self.new if self.new is not None else self.old or {}

    @property
    def only_renumbered(self) -> bool:
        """Return whether nothing but its number changed."""
        changes = () if self.change is None else self.change.changes
        return not self.related and [c.code for c in changes] == [Code.RENUMBERED]


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """What changed about an area; `gone` are the activities that moved to another one."""

    key: str
    row: Row
    change: RowChange | None
    activities: tuple[ActivityGroup, ...]
    gone: tuple[ActivityGroup, ...]
    staff: tuple[RowChange, ...]

    def __bool__(self) -> bool:
        """Return whether anything changed."""
        return bool(self.change or self.activities or self.gone or self.staff)


@dataclass(frozen=True, slots=True)
class Grouped:
    """All typed changes in groups; each stands in one of them."""

    settings: RowChange | None
    areas: tuple[AreaGroup, ...]
    lists: tuple[RowChange, ...]


def grouped(comparison: Comparison) -> Grouped:
    """
    Group the changes: areas and activities in the order of the new version, then the old.

    Of the lists come first the posts, then those of the technology review.
    """
    settings = comparison.of("programme")
    others = [row for row in comparison.rows if row.table not in _PLACED]
    others.sort(key=lambda row: (row.table not in _POSTS, row.table not in REVIEW_TABLES))
    areas = tuple(group for group in _areas(comparison) if group)
    return Grouped(settings[0] if settings else None, areas, tuple(others))


def _areas(comparison: Comparison) -> Iterator[AreaGroup]:
    old, new = comparison.old, comparison.new
    before, after = old.keyed("areas", "code"), new.keyed("areas", "code")
    own = {comparable(row.key): row for row in comparison.of("areas")}
    staff = _by(comparison.of("allocations"), "area")
    inside, gone = _activities(comparison)
    for key in dict.fromkeys((*after, *before, *inside, *staff)):
        row = after.get(key) or before.get(key) or {}
        yield AreaGroup(
            plain(row.get("code")) or key,
            row,
            own.get(key),
            tuple(inside.get(key, ())),
            tuple(gone.get(key, ())),
            tuple(staff.get(key, ())),
        )


def _activities(
    comparison: Comparison,
) -> tuple[dict[str, list[ActivityGroup]], dict[str, list[ActivityGroup]]]:
    """Return the activities with changes by their area, and by the area that they left."""
    before = comparison.old.keyed("activities", "id")
    after = comparison.new.keyed("activities", "id")
    own = {comparable(row.key): row for row in comparison.of("activities")}
    related = _by((row for row in comparison.rows if row.table in _OF_ACTIVITY), "activity")
    inside: dict[str, list[ActivityGroup]] = defaultdict(list)
    gone: dict[str, list[ActivityGroup]] = defaultdict(list)
    for key in dict.fromkeys((*after, *before, *related)):
        if key not in own and key not in related:
            continue
        old, new = before.get(key), after.get(key)
        name = plain((new or old or {}).get("id")) or key
        group = ActivityGroup(name, old, new, own.get(key), tuple(related.get(key, ())))
        area = _area(group.row)
        inside[area].append(group)
        if old is not None and _area(old) != area:
            gone[_area(old)].append(group)
    return inside, gone


def _area(row: Row) -> str:
    return comparable(plain(row.get("area")))


def _by(rows: Iterable[RowChange], field: str) -> dict[str, list[RowChange]]:
    groups: dict[str, list[RowChange]] = defaultdict(list)
    for row in rows:
        groups[comparable(plain(row.row.get(field)))].append(row)
    return groups
