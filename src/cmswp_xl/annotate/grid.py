"""How wide and high the columns and rows of a sheet are, and where a note stands among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.annotate.markup import main
from cmswp_xl.cells import LAST_COLUMN, LAST_ROW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cmswp_xl.annotate.markup import Node

_POINT = 4 / 3
_LETTER = 7
_USUAL_WIDTH = 64
_USUAL_HEIGHT = 15.0
_MOST_COLUMNS, _MOST_ROWS = 64, 256
_ASIDE, _DOWN = 15, 8
_ANCHOR_NUMBERS = 8


@dataclass(frozen=True, slots=True)
class _Column:
    first: int
    last: int
    width: int
    style: int


class Grid:
    """The columns and rows of a sheet, counted from 1; sizes in pixels."""

    def __init__(self, root: Node, rows: Mapping[int, Node]) -> None:
        """Measure a sheet, its rows given by number."""
        self._rows = rows
        self._columns = tuple(_columns(root))
        form = root.find(main("sheetFormatPr"))
        known = {} if form is None else form.attrib
        self._width = round(float(known.get("defaultColWidth", 0)) * _LETTER) or _USUAL_WIDTH
        self._height = round(float(known.get("defaultRowHeight", _USUAL_HEIGHT)) * _POINT)

    def column_style(self, column: int) -> int:
        """Give the format of a column's empty cells."""
        found = self._column(column)
        return 0 if found is None else found.style

    def anchor(self, row: int, column: int, width: int, height: int) -> str:
        """Say where a note of a size stands beside its cell, in the words of a drawing."""
        left = column if column <= LAST_COLUMN - _MOST_COLUMNS else column - 1 - _MOST_COLUMNS
        top = max(row - 2, 0) if row <= LAST_ROW - _MOST_ROWS else row - 1 - _MOST_ROWS
        right, over = _walked(left, _ASIDE + width, self._column_width, _MOST_COLUMNS)
        bottom, below = _walked(top, _DOWN + height, self._row_height, _MOST_ROWS)
        return f"{left}, {_ASIDE}, {top}, {_DOWN}, {right}, {over}, {bottom}, {below}"

    def widened(self, anchor: str, width: int, height: int) -> str:
        """Give the place of a note that is to have at least a size; its first corner stays."""
        numbers = [int(item) for item in anchor.split(",")]
        if len(numbers) != _ANCHOR_NUMBERS:
            raise ValueError(anchor)
        left, aside, top, down, *end = numbers
        right, over = _walked(left, aside + width, self._column_width, _MOST_COLUMNS)
        bottom, below = _walked(top, down + height, self._row_height, _MOST_ROWS)
        right, over = max((right, over), (end[0], end[1]))
        bottom, below = max((bottom, below), (end[2], end[3]))
        return f"{left}, {aside}, {top}, {down}, {right}, {over}, {bottom}, {below}"

    def _column(self, column: int) -> _Column | None:
        return next(
            (known for known in self._columns if known.first <= column <= known.last), None
        )

    def _column_width(self, index: int) -> int:
        found = self._column(index + 1)
        return self._width if found is None else found.width

    def _row_height(self, index: int) -> int:
        row = self._rows.get(index + 1)
        if row is None:
            return self._height
        if row.get("hidden") in ("1", "true"):
            return 0
        height = row.get("ht")
        return round(float(height) * _POINT) if height else self._height


def _walked(start: int, distance: int, size: Callable[[int], int], most: int) -> tuple[int, int]:
    """Walk a distance over columns or rows: where it ends, and how far into that one."""
    index = start
    while index - start < most and distance > size(index):
        distance -= size(index)
        index += 1
    return index, min(distance, size(index))


def _columns(root: Node) -> Iterator[_Column]:
    for group in root.iterchildren(main("cols")):
        for item in group.iterchildren(main("col")):
            hidden = item.get("hidden") in ("1", "true")
            width = 0 if hidden else round(float(item.get("width", "9.14")) * _LETTER)
            first, last = int(item.get("min", "1")), int(item.get("max", "1"))
            yield _Column(first, last, width, int(item.get("style", "0")))
