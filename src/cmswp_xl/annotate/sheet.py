"""The cells of one sheet's part: found or made at their place, and given another format."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from lxml import etree

from cmswp_xl.annotate.grid import Grid
from cmswp_xl.annotate.markup import COMPATIBILITY, RELATIONSHIP_ID, main, placed
from cmswp_xl.cells import address, boundaries, position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cmswp_xl.annotate.markup import Node

ORDER = (
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
"""The children of a worksheet as the standard orders them."""


class Sheet:
    """A sheet to be marked; rows and columns count from 1, references may be left out in it."""

    def __init__(self, root: Node) -> None:
        """Take the root of the part, which is changed in place."""
        self.root = root
        self._data = placed(root, "sheetData", ORDER)
        self._rows = dict(_numbered_rows(self._data))
        self._sorted = sorted(self._rows)
        self.grid = Grid(root, self._rows)

    def restyle(self, row: int, cells: Mapping[int, Callable[[int], int]]) -> None:
        """Change the formats of a row's cells, each by a function of its present format."""
        element = self._rows.get(row)
        if element is None:
            element = self._new_row(row)
        present = dict(_numbered_cells(element))
        for column, change in sorted(cells.items()):
            cell = present.get(column)
            if cell is not None:
                _restyled(cell, int(cell.get("s", "0")), change)
                continue
            cell = self._new_cell(element, present, row, column)
            present[column] = cell
            _restyled(cell, self._empty_style(element, column), change)

    def drawing(self) -> str | None:
        """Give the id of the reference to the drawing that holds the shapes of notes."""
        element = next(self._drawings(), None)
        return None if element is None else element.get(RELATIONSHIP_ID)

    def draw(self, reference: str) -> None:
        """Refer to the drawing that holds the shapes of notes."""
        element = next(self._drawings(), None)
        if element is None:
            element = placed(self.root, "legacyDrawing", ORDER)
        element.set(RELATIONSHIP_ID, reference)

    def _drawings(self) -> Iterator[Node]:
        name = main("legacyDrawing")
        for child in self.root:
            if child.tag == name:
                yield child
            elif child.tag == f"{{{COMPATIBILITY}}}AlternateContent":
                yield from child.iter(name)

    def _new_row(self, number: int) -> Node:
        index = bisect_left(self._sorted, number)
        element = etree.SubElement(self._data, main("row"), {"r": str(number)})
        if index < len(self._sorted):
            following = self._rows[self._sorted[index]]
            following.addprevious(element)
        self._sorted.insert(index, number)
        self._rows[number] = element
        return element

    def _new_cell(self, element: Node, present: dict[int, Node], row: int, column: int) -> Node:
        cell = etree.SubElement(element, main("c"), {"r": address(row, column)})
        following = min((other for other in present if other > column), default=None)
        if following is not None:
            present[following].addprevious(cell)
        else:
            _after_last(element, cell)
        element.attrib.pop("spans", None)  # a mere hint, which may no longer be true
        self._extend(row, column)
        return cell

    def _extend(self, row: int, column: int) -> None:
        dimension = self.root.find(main("dimension"))
        if dimension is None:
            return
        try:
            top, left, bottom, right = boundaries(dimension.get("ref", ""))
        except ValueError:
            return
        if not (top <= row <= bottom and left <= column <= right):
            first = address(min(top, row), min(left, column))
            dimension.set("ref", f"{first}:{address(max(bottom, row), max(right, column))}")

    def _empty_style(self, row: Node, column: int) -> int:
        if row.get("customFormat") in ("1", "true"):
            return int(row.get("s", "0"))
        return self.grid.column_style(column)


def _after_last(row: Node, cell: Node) -> None:
    """Put a cell after the row's others, before any extension of the row."""
    extension = row.find(main("extLst"))
    if extension is not None:
        extension.addprevious(cell)


def _restyled(cell: Node, style: int, change: Callable[[int], int]) -> None:
    new = change(style)
    if new or cell.get("s"):
        cell.set("s", str(new))


def _numbered_rows(data: Node) -> Iterator[tuple[int, Node]]:
    number = 0
    for row in data.iterchildren(main("row")):
        given = row.get("r")
        if given is None:
            cell = row.find(main("c"))
            known = None if cell is None else cell.get("r")
            number = number + 1 if known is None else position(known)[0]
        else:
            number = int(given)
        yield number, row


def _numbered_cells(row: Node) -> Iterator[tuple[int, Node]]:
    column = 0
    for cell in row.iterchildren(main("c")):
        given = cell.get("r")
        column = column + 1 if given is None else position(given)[1]
        yield column, cell
