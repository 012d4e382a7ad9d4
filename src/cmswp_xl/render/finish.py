"""The finishing of a rendered Word part: language, page direction, widths of table columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NARROWEST_TEXT = 2600
"""The least width of a table's widest column, in twentieths of a point, before all shrink."""
_CHARACTER = 92
_MARGINS = 130
"""About what a character of a figure takes in the tables' type, and a cell's two margins."""


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
    rows = [list(_cells(row)) for row in table.iterchildren(_w("tr"))]
    model = max(
        (cells for cells in rows if all(span == 1 for _, span, _ in cells)),
        key=len,
        default=None,
    )
    if not model:
        return
    needed = _needed(rows, len(model))
    wanted = [
        max(cell_width, need) for (_, _, cell_width), need in zip(model, needed, strict=True)
    ]
    widths = _fitted(wanted, width)
    _set_grid(table, widths)
    for cells in rows:
        column = 0
        for cell, span, _ in cells:
            _set_width(cell, sum(widths[column : column + span]))
            column += span


def _needed(rows: list[list[tuple[_Element, int, int]]], columns: int) -> list[int]:
    """Give the width that the longest word of each column asks for: figures never break."""
    longest = [0] * columns
    for cells in rows:
        column = 0
        for cell, span, _ in cells:
            if span == 1:
                words = "".join(_texts(cell)).split(" ")
                longest[column] = max(longest[column], *(len(word) for word in words))
            column += span
    return [length * _CHARACTER + _MARGINS for length in longest]


def _texts(cell: _Element) -> Iterator[str]:
    """Give the text of a cell, its paragraphs kept apart."""
    for paragraph in cell.iterchildren(_w("p")):
        yield from (item.text or "" for item in paragraph.iter(_w("t")))
        yield " "


def _cells(row: _Element) -> Iterator[tuple[_Element, int, int]]:
    """Give each cell of a row with its span and its width in the template."""
    for cell in row.iterchildren(_w("tc")):
        properties = cell.find(_w("tcPr"))
        span = properties.find(_w("gridSpan")) if properties is not None else None
        size = properties.find(_w("tcW")) if properties is not None else None
        yield (
            cell,
            int(span.get(_w("val"), "1")) if span is not None else 1,
            int(size.get(_w("w"), "0")) if size is not None else 0,
        )


def _fitted(widths: list[int], available: int) -> list[int]:
    widest = max(range(len(widths)), key=lambda index: widths[index])
    others = sum(widths) - widths[widest]
    if available - others >= _NARROWEST_TEXT:
        return [available - others if i == widest else w for i, w in enumerate(widths)]
    scale = (available - _NARROWEST_TEXT) / others
    return [_NARROWEST_TEXT if i == widest else int(w * scale) for i, w in enumerate(widths)]


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


def _set_width(cell: _Element, width: int) -> None:
    properties = cell.find(_w("tcPr"))
    size = properties.find(_w("tcW")) if properties is not None else None
    if size is not None:
        size.set(_w("type"), "dxa")
        size.set(_w("w"), str(width))
