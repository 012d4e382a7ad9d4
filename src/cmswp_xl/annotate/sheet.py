"""
A sheet whose faulty cells are filled, and the formats of the workbook that fill them.

XML as the parts of a workbook need it: parsed safely, children in schema order, valid texts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from lxml import etree

from cmswp_xl.cells import LAST_COLUMN, LAST_ROW, address, boundaries, position
from cmswp_xl.issues import Severity
from cmswp_xl.messages.values import display_text
from cmswp_xl.ooxml import OFFICE, Package, parsed, written
from cmswp_xl.resources import read_yaml

_POINT = 4 / 3
_LETTER = 7
_USUAL_WIDTH = 64
_USUAL_HEIGHT = 15.0
_MOST_COLUMNS, _MOST_ROWS = 64, 256
_ASIDE, _DOWN = 15, 8
_ANCHOR_NUMBERS = 8


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

    def anchor(self, row: int, column: int, width: int, height: int) -> str:
        """Return where a note of a size stands beside its cell, in the words of a drawing."""
        left = column if column <= LAST_COLUMN - _MOST_COLUMNS else column - 1 - _MOST_COLUMNS
        top = max(row - 2, 0) if row <= LAST_ROW - _MOST_ROWS else row - 1 - _MOST_ROWS
        return self.widened(f"{left},{_ASIDE},{top},{_DOWN},0,0,0,0", width, height)

    def widened(self, anchor: str, width: int, height: int) -> str:
        """Return the place of a note that is to have at least a size; its first corner stays."""
        numbers = [int(item) for item in anchor.split(",")]
        if len(numbers) != _ANCHOR_NUMBERS:
            raise ValueError(anchor)
        left, aside, top, down, *end = numbers
        right, over = _walked(left, aside + width, lambda n: self.column(n)[0], _MOST_COLUMNS)
        bottom, below = _walked(top, down + height, self._row_height, _MOST_ROWS)
        right, over = max((right, over), (end[0], end[1]))
        bottom, below = max((bottom, below), (end[2], end[3]))
        return f"{left}, {aside}, {top}, {down}, {right}, {over}, {bottom}, {below}"

    def column(self, column: int) -> tuple[int, int]:
        """Return the width of a column, and the format of its empty cells."""
        found = ((width, style) for span, width, style in self._columns if column in span)
        return next(found, (self._width, 0))

    def _row_height(self, number: int) -> int:
        row = self._rows.get(number)
        if row is None:
            return self._height
        if row.get("hidden") in ("1", "true"):
            return 0
        height = row.get("ht")
        return round(float(height) * _POINT) if height else self._height


def _walked(start: int, distance: int, size: Callable[[int], int], most: int) -> tuple[int, int]:
    """Walk a distance over columns or rows: where it ends, and how far into that one."""
    index = start
    while index - start < most and distance > size(index + 1):
        distance -= size(index + 1)
        index += 1
    return index, min(distance, size(index + 1))


def _columns(root: Node) -> Iterator[tuple[range, int, int]]:
    """Yield the columns that look alike, with their width and the format of their cells."""
    for item in root.findall(f"{main('cols')}/{main('col')}"):
        hidden = item.get("hidden") in ("1", "true")
        width = 0 if hidden else round(float(item.get("width", "9.14")) * _LETTER)
        columns = range(int(item.get("min", "1")), int(item.get("max", "1")) + 1)
        yield columns, width, int(item.get("style", "0"))


class Sheet:
    """A sheet to be marked; rows and columns count from 1, references may be left out in it."""

    def __init__(self, root: Node) -> None:
        """Take the root of the part, which is changed in place."""
        self.root = root
        self._data = placed(root, "sheetData")
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
            if cell is None:
                style = self._empty_style(element, column)
                cell = present[column] = self._new_cell(element, present, row, column)
            else:
                style = int(cell.get("s", 0))
            new = change(style)
            if new or cell.get("s"):
                cell.set("s", str(new))

    def drawing(self) -> str | None:
        """Return the id of the reference to the drawing that holds the shapes of notes."""
        return next((element.get(RELATIONSHIP_ID) for element in self._drawings()), None)

    def draw(self, reference: str) -> None:
        """Refer to the drawing that holds the shapes of notes."""
        element = next(self._drawings(), None)
        if element is None:
            element = placed(self.root, "legacyDrawing")
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
        after = element.find(main("extLst")) if following is None else present[following]
        if after is not None:
            after.addprevious(cell)
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
        if not holds((top, left, bottom, right), row, column):
            first = address(min(top, row), min(left, column))
            dimension.set("ref", f"{first}:{address(max(bottom, row), max(right, column))}")

    def _empty_style(self, row: Node, column: int) -> int:
        if row.get("customFormat") in ("1", "true"):
            return int(row.get("s", "0"))
        return self.grid.column(column)[1]


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


Area = tuple[int, int, int, int]
"""A rectangle of cells: top, left, bottom and right, counted from 1."""


def holds(area: Area, row: int, column: int) -> bool:
    """Return whether a cell stands in an area."""
    top, left, bottom, right = area
    return top <= row <= bottom and left <= column <= right


def coloured_areas(package: Package, sheet: str) -> list[Area]:
    """Return the header row of each of a sheet's tables, or all of a table in a dark style."""
    areas = []
    for part in package.related(sheet, "table"):
        root = parse(package.read(part))
        top, left, bottom, right = boundaries(root.get("ref", ""))
        style = root.find(main("tableStyleInfo"))
        if style is not None and style.get("name", "").startswith("TableStyleDark"):
            areas.append((top, left, bottom, right))
        elif root.get("headerRowCount", "1") != "0":
            areas.append((top, left, top, right))
    return areas


_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"

_INK = "FF1F1F1F"
_WHITE_INDEXES = frozenset(("1", "9"))
_WHITE_THEMES = frozenset(("0", "2"))
_DARKENED = -0.25
_BRIGHT = 150.0

FILLS = {Severity.ERROR: "FFFFC7CE", Severity.WARNING: "FFFFEB9C"}
"""The fill of a faulty cell; the note alone bears information."""


class StyleBook:
    """The styles part of a workbook; formats are only added, so those in use keep their index."""

    def __init__(self, root: Node) -> None:
        """Take the root of the part, which is changed in place."""
        self._root = root
        fills = placed(root, "fills")
        if not len(fills):
            for kind in ("none", "gray125"):
                added(added(fills, "fill"), "patternFill", patternType=kind)
        fonts = placed(root, "fonts")
        if not len(fonts):
            added(fonts, "font")
        self._fills, self._fonts = fills, fonts
        self._formats = placed(root, "cellXfs")
        if not len(self._formats):
            added(self._formats, "xf", numFmtId="0", fontId="0", fillId="0", borderId="0")
        self._fill_ids: dict[str, int] = {}
        self._ink_ids: dict[int, int] = {}
        self._marked: dict[tuple[int, Severity, bool], int] = {}

    def marked(self, style: int, severity: Severity, *, coloured: bool) -> int:
        """
        Return the format of a cell with the fill of a severity added.

        Letters that were light stay readable: they turn dark, as do those of the usual colour
        where the cell is `coloured`, that is, where a table style may have made them light.
        """
        if severity not in FILLS:
            return style
        key = (style, severity, coloured)
        if key not in self._marked:
            xf, self._marked[key] = _twin(self._formats, style)
            xf.set("fillId", str(self.fill(FILLS[severity])))
            xf.set("applyFill", "1")
            font = int(xf.get("fontId", "0"))
            if font < len(self._fonts) and _needs_ink(self._fonts[font], coloured=coloured):
                xf.set("fontId", str(self._inked(font)))
                xf.set("applyFont", "1")
        return self._marked[key]

    def fill(self, colour: str) -> int:
        """Return the index of a plain fill, its colour as alpha, red, green and blue."""
        if colour not in self._fill_ids:
            pattern = added(added(self._fills, "fill"), "patternFill", patternType="solid")
            added(pattern, "fgColor", rgb=colour)
            added(pattern, "bgColor", indexed="64")
            self._fill_ids[colour] = len(self._fills) - 1
        return self._fill_ids[colour]

    def font(
        self, *, bold: bool = False, underlined: bool = False, colour: str = "", size: str = ""
    ) -> int:
        """Add a font like the workbook's usual one and give its index; the size is in points."""
        font, index = _twin(self._fonts)
        if bold:
            placed(font, "b")
        if underlined:
            placed(font, "u")
        if size:
            placed(font, "sz").set("val", size)
        if colour:
            _coloured(font, colour)
        return index

    def format(
        self, *, font: int = 0, fill: int = 0, wrap: bool = True, text: bool = False
    ) -> int:
        """Add a format for the added sheet; with `text` an edited cell stays text."""
        xf, index = _twin(self._formats)
        xf[:] = []
        for name, value in {"numFmtId": 0, "fontId": font, "fillId": fill, "borderId": 0}.items():
            xf.set(name, str(value))
        for name in ("applyFont", "applyFill", "applyAlignment"):
            xf.set(name, "1")
        if text:
            xf.set("quotePrefix", "1")
        alignment = placed(xf, "alignment")
        alignment.set("vertical", "top")
        if wrap:
            alignment.set("wrapText", "1")
        return index

    def to_bytes(self) -> bytes:
        """Return the part, its counts brought up to date."""
        for group in (self._fonts, self._fills, self._formats):
            group.set("count", str(len(group)))
        return written(self._root)

    def _inked(self, font: int) -> int:
        if font not in self._ink_ids:
            dark, self._ink_ids[font] = _twin(self._fonts, font)
            _coloured(dark, _INK)
        return self._ink_ids[font]


def _twin(group: Node, index: int = 0) -> tuple[Node, int]:
    """Add a copy of a font or format at the end, of the first where there is none of its index."""
    twin = deepcopy(group[index if 0 <= index < len(group) else 0])
    twin.tail = None
    group.append(twin)
    return twin, len(group) - 1


def style_part(package: Package, workbook: str) -> str:
    """Return the name of the styles part; a workbook without one gets a plain one."""
    for known in package.related(workbook, "styles"):
        return known
    folder = workbook.rpartition("/")[0]
    stem = f"{folder}/styles" if folder else "styles"
    part = f"{stem}.xml" if not package.has(f"{stem}.xml") else package.free_name(stem, ".xml")
    package.add(part, written(piece("styles")), _STYLES_TYPE)
    package.relate(workbook, "styles", part)
    return part


def _coloured(font: Node, colour: str) -> None:
    element = placed(font, "color")
    element.attrib.clear()
    element.set("rgb", colour)


def _needs_ink(font: Node, *, coloured: bool) -> bool:
    colour = font.find(main("color"))
    if colour is None or colour.get("auto") in ("1", "true") or colour.get("theme") == "1":
        return coloured
    if colour.get("rgb"):
        red, green, blue = bytes.fromhex(colour.get("rgb")[-6:].zfill(6))
        return 0.299 * red + 0.587 * green + 0.114 * blue > _BRIGHT
    if colour.get("theme") in _WHITE_THEMES:
        return float(colour.get("tint", "0")) > _DARKENED
    return colour.get("indexed") in _WHITE_INDEXES


Node = Any
"""An element; lxml brings no types."""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
RELATIONSHIP_ID = f"{{{OFFICE}}}id"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
LONGEST_TEXT = 32_767
"""The most UTF-16 units that Excel keeps in a cell or a note."""

_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LOOKALIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def parse(data: bytes, *, lenient: bool = False) -> Node:
    """
    Parse a part with all that it holds; `lenient` mends what is not well-formed.

    Raises `etree.XMLSyntaxError` where it cannot be parsed, `ValueError` where it declares a
    document type.
    """
    return parsed(data, strip_cdata=False, remove_pis=False, recover=lenient)


def main(name: str) -> str:
    """Return the full name of a spreadsheet element."""
    return f"{{{MAIN}}}{name}"


def added(parent: Node, tag: str, text: str | None = None, **attributes: str) -> Node:
    """Append a spreadsheet element, under the prefix its parent's document uses."""
    child = etree.SubElement(parent, main(tag), attributes)
    child.text = text
    return child


PARTS: Mapping[str, Any] = read_yaml(Path(__file__).with_name("parts.yaml"))
"""What the parts of a marked copy are made of."""


def piece_text(name: str, **places: object) -> str:
    """Return a piece of XML of `parts.yaml`, its places filled."""
    lines = PARTS["xml"][name].splitlines()
    return "".join(map(str.strip, lines)).format(**places)


def piece(name: str, **places: object) -> Node:
    """Return a piece of XML as an element."""
    return parse(piece_text(name, **places).encode())


def placed(parent: Node, name: str) -> Node:
    """Return the named child; where there is none, make it at its place in the schema's order."""
    child = parent.find(main(name))
    if child is not None:
        return child
    names = next(order for order in map(str.split, PARTS["orders"]) if name in order)
    later = names[names.index(name) + 1 :]
    index = next((n for n, other in enumerate(parent) if _name(other) in later), len(parent))
    nsmap = None if OFFICE in parent.nsmap.values() else {"r": OFFICE}
    child = etree.SubElement(parent, main(name), nsmap=nsmap if name == "legacyDrawing" else None)
    parent.insert(index, child)
    return child


def _name(child: Node) -> str:
    """Name a child; an alternative for older programs counts as what it holds."""
    if not isinstance(child.tag, str):
        return ""
    if child.tag == f"{{{COMPATIBILITY}}}AlternateContent":
        inner = next((node for node in child.iter(f"{{{MAIN}}}*")), None)
        return "" if inner is None else etree.QName(inner).localname
    qualified = etree.QName(child)
    return qualified.localname if qualified.namespace == MAIN else ""


def visible(text: str) -> str:
    r"""Return a text that any part may hold: controls and half pairs are shown as \x1b."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _INVALID.sub(lambda found: display_text(found[0]), plain)
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    return units[: 2 * LONGEST_TEXT - 2].decode("utf-16-le", "ignore") + "…"


def stored(text: str) -> str:
    """Return a text as it is stored, where `_x0041_` would otherwise be read as a letter."""
    return _ESCAPE_LOOKALIKE.sub("_x005F_", visible(text))
