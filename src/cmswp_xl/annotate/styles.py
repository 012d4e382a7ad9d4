"""The formats of a workbook, with those added that mark a cell or shape the added sheet."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from cmswp_xl.annotate.markup import added, main, parse, placed, serialised
from cmswp_xl.issues import Severity

if TYPE_CHECKING:
    from cmswp_xl.annotate.markup import Node
    from cmswp_xl.ooxml.package import Package

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
)
_FONT_ORDER = (
    "b",
    "i",
    "strike",
    "condense",
    "extend",
    "outline",
    "shadow",
    "u",
    "vertAlign",
    "sz",
    "color",
    "name",
    "family",
    "charset",
    "scheme",
)
_XF_ORDER = ("alignment", "protection", "extLst")
_NEW = (
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill>'
    b'<fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    b"</styleSheet>"
)
_INK = "FF1F1F1F"
_WHITE_INDEXES = frozenset(("1", "9"))
_WHITE_THEMES = frozenset(("0", "2"))
_DARKENED = -0.25
_BRIGHT = 150.0

FILLS = {Severity.ERROR: "FFFFC7CE", Severity.WARNING: "FFFFEB9C"}
"""The fill of a faulty cell; information is told by the note alone."""


class StyleBook:
    """The styles part of a workbook; formats are only added, so those in use keep their index."""

    def __init__(self, root: Node) -> None:
        """Take the root of the part, which is changed in place."""
        self._root = root
        fills = placed(root, "fills", _ORDER)
        if not len(fills):
            for kind in ("none", "gray125"):
                added(added(fills, "fill"), "patternFill", patternType=kind)
        fonts = placed(root, "fonts", _ORDER)
        if not len(fonts):
            added(fonts, "font")
        self._fills, self._fonts = fills, fonts
        self._formats = placed(root, "cellXfs", _ORDER)
        if not len(self._formats):
            added(self._formats, "xf", numFmtId="0", fontId="0", fillId="0", borderId="0")
        self._fill_ids: dict[str, int] = {}
        self._ink_ids: dict[int, int] = {}
        self._marked: dict[tuple[int, Severity, bool], int] = {}

    def marked(self, style: int, severity: Severity, *, coloured: bool) -> int:
        """
        Give the format of a cell with the fill of a severity added.

        Letters that were light stay readable: they turn dark, as do those of the usual colour
        where the cell is `coloured`, that is, where a table style may have made them light.
        """
        if severity not in FILLS:
            return style
        known = self._marked.get((style, severity, coloured))
        if known is not None:
            return known
        base = style if 0 <= style < len(self._formats) else 0
        twin = deepcopy(self._formats[base])
        twin.tail = None
        self._formats.append(twin)
        twin.set("fillId", str(self.fill(FILLS[severity])))
        twin.set("applyFill", "1")
        font = int(twin.get("fontId", "0"))
        if font < len(self._fonts) and _needs_ink(self._fonts[font], coloured=coloured):
            twin.set("fontId", str(self._inked(font)))
            twin.set("applyFont", "1")
        index = len(self._formats) - 1
        self._marked[style, severity, coloured] = index
        return index

    def fill(self, colour: str) -> int:
        """Give the index of a plain fill, its colour as alpha, red, green and blue."""
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
        font = deepcopy(self._fonts[0])
        font.tail = None
        self._fonts.append(font)
        if bold:
            placed(font, "b", _FONT_ORDER)
        if underlined:
            placed(font, "u", _FONT_ORDER)
        if size:
            placed(font, "sz", _FONT_ORDER).set("val", size)
        if colour:
            _coloured(font, colour)
        return len(self._fonts) - 1

    def format(
        self, *, font: int = 0, fill: int = 0, wrap: bool = True, text: bool = False
    ) -> int:
        """Add a format for the added sheet; with `text` an edited cell stays text."""
        xf = deepcopy(self._formats[0])
        xf.tail = None
        self._formats.append(xf)
        for child in list(xf):
            xf.remove(child)
        for name, value in {"numFmtId": 0, "fontId": font, "fillId": fill, "borderId": 0}.items():
            xf.set(name, str(value))
        for name in ("applyFont", "applyFill", "applyAlignment"):
            xf.set(name, "1")
        if text:
            xf.set("quotePrefix", "1")
        alignment = placed(xf, "alignment", _XF_ORDER)
        alignment.set("vertical", "top")
        if wrap:
            alignment.set("wrapText", "1")
        return len(self._formats) - 1

    def to_bytes(self) -> bytes:
        """Give the part, its counts brought up to date."""
        for group in (self._fonts, self._fills, self._formats):
            group.set("count", str(len(group)))
        return serialised(self._root)

    def _inked(self, font: int) -> int:
        if font not in self._ink_ids:
            dark = deepcopy(self._fonts[font])
            dark.tail = None
            self._fonts.append(dark)
            _coloured(dark, _INK)
            self._ink_ids[font] = len(self._fonts) - 1
        return self._ink_ids[font]


def style_part(package: Package, workbook: str) -> str:
    """Give the name of the styles part; a workbook without one gets a plain one."""
    for reference in package.relationships(workbook):
        if reference.kind == "styles":
            return reference.part
    folder = workbook.rpartition("/")[0]
    stem = f"{folder}/styles" if folder else "styles"
    part = f"{stem}.xml" if not package.has(f"{stem}.xml") else package.free_name(stem, ".xml")
    package.add(part, serialised(parse(_NEW)), _CONTENT_TYPE)
    package.relate(workbook, "styles", part)
    return part


def _coloured(font: Node, colour: str) -> None:
    element = placed(font, "color", _FONT_ORDER)
    element.attrib.clear()
    element.set("rgb", colour)


def _needs_ink(font: Node, *, coloured: bool) -> bool:
    colour = font.find(main("color"))
    if colour is None or colour.get("auto") in ("1", "true") or colour.get("theme") == "1":
        return coloured
    if colour.get("rgb"):
        return _brightness(colour.get("rgb")) > _BRIGHT
    if colour.get("theme") in _WHITE_THEMES:
        return float(colour.get("tint", "0")) > _DARKENED
    return colour.get("indexed") in _WHITE_INDEXES


def _brightness(colour: str) -> float:
    red, green, blue = bytes.fromhex(colour[-6:].zfill(6))
    return 0.299 * red + 0.587 * green + 0.114 * blue
