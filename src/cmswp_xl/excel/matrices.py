"""
The tables that a worksheet function is given: cells, the heading row first.

Which table it is, is told by its headings, in any of the three languages; nothing else is known
of a range in a formula, not even where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import ErrorValue
from cmswp_xl.errors import Misuse
from cmswp_xl.excel.values import raw
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import Knowledge, RawTable, comparable, is_blank

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cmswp_xl.cells import Raw
    from cmswp_xl.languages import Language
    from cmswp_xl.schema import TableSchema

MOST_CELLS = 2_000_000
"""The most cells of one argument, as for a table of a file."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """
    The cells of an argument, row after row, all rows of one length.

    `truths` are the places of TRUE and FALSE, which would otherwise equal 1 and 0 when two
    arguments are compared.
    """

    rows: tuple[tuple[Raw, ...], ...]
    truths: frozenset[tuple[int, int]]

    @property
    def single(self) -> bool:
        """Tell whether it is a single cell."""
        return len(self.rows) == 1 and len(self.rows[0]) == 1

    @property
    def blank(self) -> bool:
        """Tell whether it is a single cell without anything: an argument that was left out."""
        return self.single and is_blank(self.rows[0][0])


@dataclass(frozen=True, slots=True)
class GivenTables:
    """A source of tables that were given one by one; it knows their values and nothing else."""

    given: Sequence[RawTable]
    name: str = ""

    @property
    def knows(self) -> Knowledge:
        """A range in a formula tells neither formulas nor formats."""
        return Knowledge.VALUES

    def sheet_names(self) -> Sequence[str]:
        """Give no sheets: where a range stands is not known."""
        return ()

    def tables(self) -> Sequence[RawTable]:
        """Give the tables."""
        return self.given


def matrix(value: Any, argument: str) -> Matrix:
    """
    Take an argument as Excel hands it over: one value, one row, or rows of cells.

    Raises `Misuse` where it has more cells than any table needs.
    """
    listed = value if isinstance(value, (list, tuple)) else [value]
    nested = any(isinstance(row, (list, tuple)) for row in listed)
    rows = [row if isinstance(row, (list, tuple)) else [row] for row in listed]
    rows = rows if nested else [[cell for row in rows for cell in row]]
    width = max(map(len, rows), default=0)
    if len(rows) * width > MOST_CELLS:
        raise Misuse("too-many-cells", argument=argument, limit=MOST_CELLS)
    cells = tuple(_row(row, width) for row in rows if width)
    return Matrix(cells or ((None,),), _truths(cells))


def one_value(value: Any, argument: str) -> Raw:
    """Take an argument that is a single value; `Misuse` where it is several cells or an error."""
    cells = matrix(value, argument)
    if not cells.single:
        raise Misuse("not-one", argument=argument)
    found = cells.rows[0][0]
    if isinstance(found, ErrorValue):
        raise Misuse("error-cell", argument=argument, error=found.text)
    return found


def raw_table(cells: Matrix, name: str, index: int) -> RawTable:
    """Give the cells as the table of that name, on no sheet; its first heading is A1."""
    schema = load_schemas()[name]
    rows = list(enumerate(cells.rows[1:], 2))
    return RawTable(schema.table, "", index, 1, 1, cells.rows[0], rows)


@lru_cache(maxsize=64)
def tables_like(headings: tuple[Raw, ...]) -> frozenset[str]:
    """
    Tell which tables have these headings: those that know most of them.

    Of two that know as many, the one whose required columns are all there.
    """
    titles = {comparable(heading) for heading in headings if isinstance(heading, str)}
    ranks = {name: _rank(schema, titles) for name, schema in load_schemas().items()}
    best = max(ranks.values())
    return frozenset(name for name, rank in ranks.items() if rank == best and rank[0])


def _rank(schema: TableSchema, titles: set[str]) -> tuple[int, bool]:
    if schema.form_titles:
        known = [_has(form_title, titles) for form_title in schema.form_titles]
        return (sum(known) if all(known) else 0), all(known)
    known = [_has(field.titles, titles) for field in schema.fields]
    required = [has for has, field in zip(known, schema.fields, strict=True) if field.required]
    return sum(known), all(required)


def _has(titles: Mapping[Language, str], found: set[str]) -> bool:
    return any(comparable(title) in found for title in titles.values())


def _row(cells: Sequence[Any], width: int) -> tuple[Raw, ...]:
    return (*map(raw, cells), *([None] * (width - len(cells))))


def _truths(rows: tuple[tuple[Raw, ...], ...]) -> frozenset[tuple[int, int]]:
    return frozenset(
        (number, column)
        for number, row in enumerate(rows)
        if True in row or False in row
        for column, cell in enumerate(row)
        if isinstance(cell, bool)
    )
