"""The finishing of a rendered Word part: language, page direction, widths of table columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NARROWEST_TEXT = 2600
"""The least width of a table's widest column, in twentieths of a point, before all shrink."""
_CHARACTER = 92
_MARGINS = 130
"""About what a character of a figure takes in the tables' type, and a cell's two margins."""


_ROW, _CELL, _CELL_PROPERTIES, _CELL_WIDTH, _SPAN, _TEXT, _VALUE, _WIDTH, _TYPE = (
    f"{{{W}}}{name}" for name in ("tr", "tc", "tcPr", "tcW", "gridSpan", "t", "val", "w", "type")
)


def finish_part(text: str, language: str, *, landscape: bool) -> bytes:
    """
    Finish a document, header or footer part.

    Sets the language that Word spells in, turns the page where asked to, and fits every table's
    columns into the page; the widest column of a table gives or takes the difference.
    """
    root = etree.fromstring(text.encode("utf-8"), _parser())
    _set_languages(root, language)
    if landscape:
        for section in root.iter(_w("sectPr")):
            _turn(section)
    width = _text_width(root)
    if width is not None:
        for table in root.iter(_w("tbl")):
            _fit(table, width)
    return _bytes(root)


def set_language(data: bytes, language: str) -> bytes:
    """Set the language in a part that is not rendered, such as the styles."""
    root = etree.fromstring(data, _parser())
    _set_languages(root, language)
    return _bytes(root)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def _bytes(root: _Element) -> bytes:
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


def _set_languages(root: _Element, language: str) -> None:
    for name in ("lang", "themeFontLang"):
        for item in root.iter(_w(name)):
            item.set(_w("val"), language)


def _turn(section: _Element) -> None:
    size = section.find(_w("pgSz"))
    if size is None or size.get(_w("orient")) == "landscape":
        return
    width, height = size.get(_w("w"), "0"), size.get(_w("h"), "0")
    size.set(_w("w"), height)
    size.set(_w("h"), width)
    size.set(_w("orient"), "landscape")


def _text_width(root: _Element) -> int | None:
    """Give the width between the margins, in twentieths of a point; None outside the document."""
    section = next(root.iter(_w("sectPr")), None)
    if section is None:
        return None
    size, margins = section.find(_w("pgSz")), section.find(_w("pgMar"))
    if size is None or margins is None:
        return None
    sides = (int(margins.get(_w(side), "0")) for side in ("left", "right"))
    return int(size.get(_w("w"), "0")) - sum(sides)


def _fit(table: _Element, width: int) -> None:
    """Fit the columns of a table; its widths in the template are those of its widest plain row."""
    rows = [(row, list(row.iterchildren(_CELL))) for row in table.iterchildren(_ROW)]
    spanned = {next(span.iterancestors(_ROW)) for span in table.iter(_SPAN)}
    plain = [cells for row, cells in rows if row not in spanned]
    model = max(plain, key=len, default=[])
    if not model:
        return
    mixed = [list(_placed(cells)) for row, cells in rows if row in spanned]
    given = [_width(_size(cell)) for cell in model]
    elastic = max(range(len(given)), key=lambda column: given[column])
    longest = [0] * len(given)
    for cells in plain:
        _measure(enumerate(cells), longest, elastic)
    for placed in mixed:
        _measure(
            ((column, cell) for column, last, cell in placed if last - column == 1),
            longest,
            elastic,
        )
    widths = _fitted(
        [max(w, _room(n)) for w, n in zip(given, longest, strict=True)], elastic, width
    )
    _set_grid(table, widths)
    changed = [column for column, old in enumerate(given) if old != widths[column]]
    for cells in plain:
        for column in changed:
            if column < len(cells):
                _set_width(cells[column], widths[column])
    for placed in mixed:
        for column, last, cell in placed:
            _set_width(cell, sum(widths[column:last]))


def _placed(cells: list[_Element]) -> Iterator[tuple[int, int, _Element]]:
    """Give the cells of a row with spans: first column, the column after the last, the cell."""
    column = 0
    for cell in cells:
        span = next(cell.iter(_SPAN), None)
        last = column + (1 if span is None else int(span.get(_VALUE, "1")))
        yield column, last, cell
        column = last


def _measure(cells: Iterable[tuple[int, _Element]], longest: list[int], elastic: int) -> None:
    """Note the longest word of each column but the elastic one, whose text may break."""
    for column, cell in cells:
        if column != elastic and column < len(longest):
            text = " ".join(cell.itertext(_TEXT))
            length = max(map(len, text.split(" "))) if " " in text else len(text)
            longest[column] = max(longest[column], length)


def _room(characters: int) -> int:
    """Give the width that a word asks for, so that figures never break."""
    return characters * _CHARACTER + _MARGINS if characters else 0


def _size(cell: _Element) -> _Element | None:
    """Give the element that tells a cell's width, if there is one."""
    properties = cell.find(_CELL_PROPERTIES)
    return None if properties is None else properties.find(_CELL_WIDTH)


def _width(size: _Element | None) -> int:
    return 0 if size is None else int(size.get(_WIDTH, "0"))


def _set_width(cell: _Element, width: int) -> None:
    size = _size(cell)
    if size is not None:
        size.set(_TYPE, "dxa")
        size.set(_WIDTH, str(width))


def _fitted(widths: list[int], elastic: int, available: int) -> list[int]:
    """Let one column take what the others leave, and shrink these where that is too little."""
    others = sum(widths) - widths[elastic]
    if available - others >= _NARROWEST_TEXT:
        return [available - others if i == elastic else w for i, w in enumerate(widths)]
    scale = (available - _NARROWEST_TEXT) / others
    return [_NARROWEST_TEXT if i == elastic else int(w * scale) for i, w in enumerate(widths)]


def _set_grid(table: _Element, widths: list[int]) -> None:
    grid = table.find(_w("tblGrid"))
    if grid is None:
        grid = etree.Element(_w("tblGrid"))
        properties = table.find(_w("tblPr"))
        table.insert(0 if properties is None else 1, grid)
    for column in list(grid):
        grid.remove(column)
    for width in widths:
        etree.SubElement(grid, _w("gridCol")).set(_w("w"), str(width))
    properties = table.find(_w("tblPr"))
    size = properties.find(_w("tblW")) if properties is not None else None
    if size is not None:
        size.set(_w("type"), "dxa")
        size.set(_w("w"), str(sum(widths)))
