"""The open book as a source of tables."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import ErrorValue, Raw, boundaries
from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.ooxml import Limits
from cmswp_xl.resources import read_yaml
from cmswp_xl.tables import Knowledge, RawTable, is_blank

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xlwings as xw


_ERRORS = read_yaml(Path(__file__).with_name("errors.yaml"))
ERRORS: Mapping[int, str] = _ERRORS["numbered"]
"""The error values of Excel by the number that VBA knows them by."""

_TEXTS = frozenset((*ERRORS.values(), *_ERRORS["others"]))
_COM_BASE = -2_146_828_288
"""Over COM an error cell is this plus its number; no other cell is an integer there."""
_DAY_ZERO = dt.date(1899, 12, 30)
_HALF_SECOND = 500_000


def raw(value: Any) -> Raw:
    """
    Return the plain value of a cell, whatever path it came by.

    A moment at midnight is a date, an empty text is blank, an error cell an `ErrorValue`.
    """
    if value is None or isinstance(value, (float, bool)):
        return value
    match value:
        case str():
            return ErrorValue(value) if value in _TEXTS else value or None
        case int():
            error = ERRORS.get(value - _COM_BASE)
            return value if error is None else ErrorValue(error)
        case dt.datetime():
            return _moment(value)
        case dt.date() | dt.time() | ErrorValue():
            return value
        case Decimal():
            return _number(value)
        case {"type": "Error"}:  # Office.js describes errors, and numbers with a format
            return ErrorValue(str(value.get("basicValue") or "#VALUE!"))
        case dict():
            shown = value.get("basicValue")
            return None if isinstance(shown, dict) else raw(shown)
    return str(value)


def _moment(value: dt.datetime) -> Raw:
    """Round to the second, as Excel stores moments as fractions of a day; cells have no zone."""
    plain = dt.datetime(*value.timetuple()[:6])  # noqa: DTZ001 - cells have no zone
    if value.microsecond >= _HALF_SECOND and plain.year < dt.MAXYEAR:
        plain += dt.timedelta(seconds=1)
    if plain.date() == _DAY_ZERO:
        return plain.time()
    return plain.date() if plain.time() == dt.time() else plain


def _number(value: Decimal) -> float:
    if not value.is_finite():
        return math.nan
    return int(value) if value == value.to_integral_value() else float(value)


class OpenBook:
    """A workbook that is open in Excel; a `Source`. Everything is read when it is made."""

    def __init__(self, book: xw.Book, limits: Limits | None = None) -> None:
        self.name = book.name
        self._sheets = tuple(sheet.name for sheet in book.sheets)
        self.knows = Knowledge.VALUES
        if not is_remote(book):  # it has calculated all its formulas, and knows number formats
            self.knows = Knowledge.FORMULAS | Knowledge.FORMATS
        self._limits = limits or Limits()
        self._tables = tuple(
            self._table(table, sheet, index)
            for index, sheet in enumerate(book.sheets)
            for table in sheet.tables
        )

    def sheet_names(self) -> Sequence[str]:
        """Return the names of the worksheets, in order."""
        return self._sheets

    def tables(self) -> Sequence[RawTable]:
        """Return the tables in sheet order."""
        return self._tables

    def _table(self, table: xw.main.Table, sheet: xw.Sheet, index: int) -> RawTable:
        area = table.range
        top, left, bottom, right = boundaries(area.get_address(False, False))
        if (bottom - top + 1) * (right - left + 1) > self._limits.cells:
            raise UnreadableWorkbook(
                "too-many-cells", file=self.name, table=table.name, limit=self._limits.cells
            )
        grid = values_of(area)
        headers = grid[0] if table.show_headers else [None] * len(grid[0])
        first = 1 if table.show_headers else 0
        last = len(grid) - (1 if table.show_totals else 0)
        rows = [
            (top + offset, grid[offset])
            for offset in range(first, last)
            if any(value is not None for value in grid[offset])
        ]
        return RawTable(
            name=table.name,
            sheet=sheet.name,
            sheet_index=index,
            header_row=top,
            first_column=left,
            headers=tuple(headers),
            rows=rows,
            percents=frozenset(_percents(sheet, (top + first, left, top + last - 1, right))),
            below=tuple(_below(sheet, bottom, left, right)),
        )


def is_remote(book: xw.Book) -> bool:
    """Return whether the book lies with a caller elsewhere, who sent its values."""
    return str(book.app.engine.type) == "remote"


def values_of(area: xw.Range) -> list[list[Raw]]:
    """Return the values of an area, row after row; error cells by their text."""
    rows = area.options(ndim=2, err_to_str=True).value
    return [[raw(value) for value in row] for row in rows]


def _below(sheet: xw.Sheet, bottom: int, left: int, right: int) -> list[tuple[int, int]]:
    """Find the filled cells under a table, in its own columns."""
    used = sheet.used_range
    last = used.row + used.rows.count - 1
    if last <= bottom:
        return []
    grid = values_of(sheet.range((bottom + 1, left), (last, right)))
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
    """Return whether a number format shows a percentage; what it quotes is only text."""
    plain = (number_format or "").split('"')[::2]
    return any("%" in part.replace("\\%", "") for part in plain)
