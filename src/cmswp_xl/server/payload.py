"""
The body of a request: JSON of the shape that the task pane sends, with a bounded size.

The size of a request bounds the work that it makes: what a book claims to hold must be among the
cells that it sends.
"""

from __future__ import annotations

import json
import math
from typing import Any

from cmswp_xl.cells import boundaries
from cmswp_xl.server.refusal import Refusal

Area = tuple[int, int, int, int]
"""First row, first column, last row and last column."""

_DEEPEST = 16
"""Objects and lists of a workbook nest no deeper, pivot tables included."""
_DEEPEST_ARGUMENT = 6
"""Arguments of functions nest no deeper: list, arguments, range, row, cell, and one to spare."""
_LONGEST_INTEGER = 25
"""Digits of a number without a fraction; JavaScript writes no more than 22."""
_MOST_SHEETS = 1_000
_MOST_READINGS = 10_000_000
"""Cells of a sheet times its tables, as the sheet is gone through for each of them."""
_SPARE_CELLS = 10_000
"""Blank cells of tables below the last cell with a value, which Excel does not send."""
_SCALARS = (str, int, float, bool, type(None))
_TABLE_PARTS = ("header_row_range_address", "data_body_range_address", "total_row_range_address")


def parsed(body: bytes) -> dict[str, Any]:
    """Return a body's JSON object; raise `Refusal` for anything else, and for text not UTF-8."""
    try:
        content = json.loads(
            body.decode("utf-8"),
            parse_constant=_no_constant,
            parse_float=_number,
            parse_int=_integer,
            object_pairs_hook=_object,
        )
        if b"\\u" in body:
            json.dumps(content, ensure_ascii=False).encode("utf-8")  # fails for half a surrogate
    except (ValueError, RecursionError) as error:
        raise Refusal("not-understood") from error
    if not isinstance(content, dict) or not _is_flat(content, _DEEPEST):
        raise Refusal("not-understood")
    return content


def check_book(content: dict[str, Any], most: int) -> None:
    """Check that a body is a book of at most so many cells; raise `Refusal`."""
    sheets, book = content.get("sheets"), content.get("book")
    shaped = (
        isinstance(book, dict)
        and isinstance(book.get("name"), str)
        and isinstance(content.get("version"), str)
        and isinstance(content.get("names"), list)
        and isinstance(sheets, list)
        and all(isinstance(sheet, dict) and _is_sheet(sheet) for sheet in sheets)
    )
    if not shaped or not sheets:
        raise Refusal("not-understood")
    if len(sheets) > _MOST_SHEETS:
        raise Refusal("too-many-sheets")
    sent = sum(len(row) for sheet in sheets for row in sheet["values"])
    if sent > most:
        raise Refusal("too-many-cells")
    if sum(_blank_cells(sheet) for sheet in sheets) > sent + _SPARE_CELLS:
        raise Refusal("claims-more")


def check_call(content: dict[str, Any], most: int) -> str:
    """Return the function that a body calls with at most so many cells; raise `Refusal`."""
    name, arguments = content.get("func_name"), content.get("args")
    if not isinstance(name, str) or not isinstance(arguments, list):
        raise Refusal("not-understood")
    if _cells(arguments) > most:
        raise Refusal("too-many-cells")
    return name


def _is_sheet(sheet: dict[str, Any]) -> bool:
    """Tell whether a sheet is a rectangle of plain values, and its tables are tables."""
    rows, tables = sheet.get("values"), sheet.get("tables", [])
    return (
        isinstance(sheet.get("name"), str)
        and isinstance(rows, list)
        and all(isinstance(row, list) and len(row) == len(rows[0]) for row in rows)
        and all(isinstance(value, _SCALARS) for row in rows for value in row)
        and isinstance(tables, list)
        and all(isinstance(table, dict) and _is_table(table) for table in tables)
    )


def _is_table(table: dict[str, Any]) -> bool:
    return (
        isinstance(table.get("name"), str)
        and isinstance(table.get("range_address"), str)
        and all(isinstance(table.get(key), bool) for key in ("show_headers", "show_totals"))
        and all(isinstance(table.get(key, ""), (str, type(None))) for key in _TABLE_PARTS)
    )


def _blank_cells(sheet: dict[str, Any]) -> int:
    """
    Return how many cells the tables of a sheet have below the last cell sent.

    Raise `Refusal` for a used range or a table beyond the cells sent in any other way, for tables
    that overlap, and for more tables than the sheet could hold.
    """
    values, tables = sheet["values"], sheet.get("tables", [])
    height, width = len(values), len(values[0]) if values else 0
    used = sheet.get("used_range_address")
    if used is not None and not _within(_area(used), (1, 1, max(height, 1), max(width, 1))):
        raise Refusal("claims-more")
    if len(tables) > height * width:
        raise Refusal("claims-more")
    if len(tables) > 1 and height * width * len(tables) > _MOST_READINGS:
        raise Refusal("too-many-cells")
    areas = sorted(_table_area(table) for table in tables)
    if any(area[0] > height or area[3] > width for area in areas) or _overlap(areas):
        raise Refusal("claims-more")
    return sum(max(a[2] - height, 0) * (a[3] - a[1] + 1) for a in areas)


def _table_area(table: dict[str, Any]) -> Area:
    """Return a table's area, which holds its header, body and totals; raise `Refusal`."""
    whole = _area(table["range_address"])
    parts = [_area(table[key]) for key in _TABLE_PARTS if table.get(key)]
    if not all(_within(part, whole) for part in parts):
        raise Refusal("claims-more")
    return whole


def _overlap(areas: list[Area]) -> bool:
    """Tell whether two areas share a cell; `areas` are sorted by their first rows."""
    open_areas: list[Area] = []
    for top, left, bottom, right in areas:
        open_areas = [area for area in open_areas if area[2] >= top]
        if any(area[1] <= right and left <= area[3] for area in open_areas):
            return True
        open_areas.append((top, left, bottom, right))
    return False


def _area(address: object) -> Area:
    try:
        return boundaries(address if isinstance(address, str) else "")
    except ValueError as error:
        raise Refusal("not-understood") from error


def _within(part: Area, whole: Area) -> bool:
    first = part[0] >= whole[0] and part[1] >= whole[1]
    return first and part[2] <= whole[2] and part[3] <= whole[3]


def _cells(values: list[Any], depth: int = 0) -> int:
    if depth > _DEEPEST_ARGUMENT:
        raise Refusal("not-understood")
    lists = [value for value in values if isinstance(value, list)]
    return len(values) - len(lists) + sum(_cells(value, depth + 1) for value in lists)


def _is_flat(value: Any, depth: int) -> bool:
    """Tell whether lists and objects nest no deeper than so many levels."""
    inner = value.values() if isinstance(value, dict) else value
    nested = [part for part in inner if isinstance(part, (dict, list))]
    return depth > 0 and all(_is_flat(part, depth - 1) for part in nested)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; one that repeats a key would be read differently by others."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number


def _integer(text: str) -> int:
    if len(text) > _LONGEST_INTEGER:
        raise ValueError
    return int(text)


def _no_constant(_name: str) -> None:
    raise ValueError
