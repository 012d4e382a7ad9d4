"""One check of the Checks sheet, and how formula and count look at the same cells."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from cmswp_xl.computed import comparable_key

if TYPE_CHECKING:
    from cmswp_xl.make.book import Book
    from cmswp_xl.schema import Field, TableSchema


@dataclass(frozen=True, slots=True)
class Check:
    """One check: the sheet it looks at, what it looks for, its formula, its count, the remedy."""

    table: str
    title: str
    formula: str
    count: int
    remedy: str


def made(book: Book, table: str, title: str, formula: str, count: int, remedy: str) -> Check:
    """Make a check; its formula is a template still without references."""
    return Check(table, title, "=" + book.fill(formula), count, remedy)


def cells_of(schema: TableSchema, item: Field) -> str:
    """Give what the formulas call the cells of a field: a column, or the cell of a setting."""
    return f"{schema.table}_{item.name}" if schema.form else f"{{{schema.name}.{item.name}}}"


def keys_of(book: Book, table: str, field: str) -> list[str]:
    """Give a column of the content as the formulas compare keys."""
    return [comparable_key(row.get(field)) for row in book.rows(table)]


def number_of(value: Any) -> Decimal | None:
    """Give a value of the content as a number; None where it is blank or no number."""
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
