"""The changes of a row, field by field, and what each is called."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from cmswp_xl.compare.values import folded, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cmswp_xl.compare.values import Row, Rows, Value
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
