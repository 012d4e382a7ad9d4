"""The rows of two versions, and when two values are the same."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from cmswp_xl.names import Names
    from cmswp_xl.schema import Field, TableSchema
    from cmswp_xl.totals import Reckoning

Value = str | int | Decimal | dt.date | tuple[str, ...] | None
Row = Mapping[str, Value]
"""A row by field name, without computed columns; blanks are None."""

Folded = str | int | Decimal | dt.date | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table in the order of the sheet; of a form, one row."""

    schema: TableSchema
    rows: tuple[Row, ...]

    @property
    def shown(self) -> tuple[Field, ...]:
        """The fields that people fill in and that may be shown."""
        return tuple(field for field in self.schema.inputs() if not field.internal)

    @property
    def hidden(self) -> tuple[Field, ...]:
        """The fields that people fill in and that stay internal."""
        return tuple(field for field in self.schema.inputs() if field.internal)

    @property
    def order(self) -> Field | None:
        """The field that numbers the rows through, so that one put in renumbers the others."""
        if self.schema.name == "texts":
            return self.schema.field("paragraph")
        if self.schema.primary_key:
            return None
        return next((field for field in self.schema.fields if field.name == "seq"), None)


@dataclass(frozen=True, slots=True)
class Version:
    """
    One version of a workbook: what was typed, and its figures where it has no errors.

    A table that a workbook does not have may be missing from `tables`; that is the same as empty.
    """

    name: str
    sha256: str | None
    tables: Mapping[str, Rows]
    reckoning: Reckoning | None
    errors: int = 0
    names: Names | None = None

    def rows(self, table: str) -> tuple[Row, ...]:
        """Give the rows of a table; none where it is absent."""
        found = self.tables.get(table)
        return () if found is None else found.rows

    @property
    def settings(self) -> Row:
        """The settings of the Programme form; empty where there is none."""
        return next(iter(self.rows("programme")), {})


def folded(value: Value, field: Field) -> Folded:
    """
    Give a value in the form in which versions are compared.

    Codes and references regardless of case and spacing, texts regardless of spacing within a
    paragraph, a blank as the default of its field.
    """
    if value is None:
        return field.default
    if isinstance(value, tuple):
        return tuple(comparable(entry) for entry in value)
    if isinstance(value, str):
        named = field.code or field.reference is not None or bool(field.enum)
        return comparable(value) if named else spaced(value)
    if field.reference is not None and isinstance(value, int):
        return str(value)
    return value


def spaced(text: str) -> str:
    """Give a text with its paragraphs kept and every other run of white space made one space."""
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", text).split("\n"))
    return "\n".join(line for line in lines if line)


def plain(value: Value) -> str:
    """Give a value as plain text: entries joined, dates ISO, blanks as nothing."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "; ".join(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)
