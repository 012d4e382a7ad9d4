"""
The open book as a source of tables: read as it is on the screen, unsaved changes included.

On a desktop Excel tells number formats too. A server is sent the values only, so that checks
which need more are skipped there, and listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.cells import boundaries
from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.excel.values import raw
from cmswp_xl.tables import Knowledge, RawTable, is_blank
from cmswp_xl.xlsx import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xlwings as xw

    from cmswp_xl.cells import Raw


class OpenBook:
    """A workbook that is open in Excel; a `Source`. Everything is read when it is made."""

    def __init__(self, book: xw.Book, limits: Limits | None = None) -> None:
        self._name = book.name
        self._sheets = tuple(sheet.name for sheet in book.sheets)
        self._tells_formats = not is_remote(book)
        self._limits = limits or Limits()
        self._tables = tuple(
            self._table(table, sheet, index)
            for index, sheet in enumerate(book.sheets)
            for table in sheet.tables
        )

    @property
    def name(self) -> str:
        """The name of the book, without a folder."""
        return self._name

    @property
    def knows(self) -> Knowledge:
        """An open desktop book has calculated all its formulas, and tells number formats."""
        return Knowledge.FORMULAS | Knowledge.FORMATS if self._tells_formats else Knowledge.VALUES

    def sheet_names(self) -> Sequence[str]:
        """Give the names of the worksheets, in order."""
        return self._sheets

    def tables(self) -> Sequence[RawTable]:
        """Give the tables in sheet order."""
        return self._tables

    def _table(self, table: xw.main.Table, sheet: xw.Sheet, index: int) -> RawTable:
        area = table.range
        top, left, bottom, right = boundaries(area.get_address(False, False))
        if (bottom - top + 1) * (right - left + 1) > self._limits.cells:
            raise UnreadableWorkbook(
                "too-many-cells", file=self._name, table=table.name, limit=self._limits.cells
            )
        grid = _values(area)
        headers = grid[0] if table.show_headers else [None] * len(grid[0])
        first = 1 if table.show_headers else 0
        last = len(grid) - (1 if table.show_totals else 0)
        rows = [
            (top + offset, grid[offset])
            for offset in range(first, last)
            if any(value is not None for value in grid[offset])
        ]
        percents = _percents(sheet, (top + first, left, top + last - 1, right))
        return RawTable(
            name=table.name,
            sheet=sheet.name,
            sheet_index=index,
            header_row=top,
            first_column=left,
            headers=tuple(headers),
            rows=rows,
            percents=frozenset(percents if self._tells_formats else ()),
            below=tuple(_below(sheet, bottom, left, right)),
        )


def is_remote(book: xw.Book) -> bool:
    """Tell whether the book lies with a caller elsewhere, who sent its values."""
    return str(book.app.engine.type) == "remote"


def _values(area: xw.Range) -> list[list[Raw]]:
    """Give the values of an area, row after row; error cells by their text."""
    rows = area.options(ndim=2, err_to_str=True).value
    return [[raw(value) for value in row] for row in rows]


def _below(sheet: xw.Sheet, bottom: int, left: int, right: int) -> list[tuple[int, int]]:
    """Find the filled cells under a table, in its own columns."""
    used = sheet.used_range
    last = used.row + used.rows.count - 1
    if last <= bottom:
        return []
    grid = _values(sheet.range((bottom + 1, left), (last, right)))
    return [
        (row, column)
        for row, values in enumerate(grid, bottom + 1)
        for column, value in enumerate(values, left)
        if not is_blank(value)
    ]


def _percents(sheet: xw.Sheet, area: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """Find the cells shown as percentages; a column of one format is asked for once."""
    top, left, bottom, right = area
    if is_remote(sheet.book) or bottom < top:
        return []
    found: list[tuple[int, int]] = []
    for column in range(left, right + 1):
        whole = sheet.range((top, column), (bottom, column)).number_format
        for row in range(top, bottom + 1):
            shown = sheet.range((row, column)).number_format if whole is None else whole
            if _is_percent(shown):
                found.append((row, column))
    return found


def _is_percent(number_format: str | None) -> bool:
    """Tell whether a number format shows a percentage; what it quotes is only text."""
    plain = (number_format or "").split('"')[::2]
    return any("%" in part.replace("\\%", "") for part in plain)
