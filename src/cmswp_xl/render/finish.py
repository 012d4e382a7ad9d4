"""
A part of a Word file, finished after it was filled in.

Properties of paragraphs, tables and styles are put in the order of the schemas (`orders.yaml`):
what stands elsewhere Word drops, or refuses. Tags that merge cells put theirs first, and templates
that were made by other programs may have any order. Pictures and bookmarks get numbers, and
bookmarks names, that stand once in a document: Word puts bookmarks of its own into a template, a
loop repeats what it holds, a condition may leave out one end. Columns are fitted into the page.
"""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass
from itertools import accumulate, count, pairwise
from math import ceil
from operator import itemgetter
from typing import TYPE_CHECKING

from lxml import etree

from cmswp_xl.ooxml import parsed, written
from cmswp_xl.page import SMALLEST, TITLES, USUAL, narrowest
from cmswp_xl.resources import PACKAGE, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"


def wml(name: str) -> str:
    """Return a name of Word's, such as pPr, as elements and attributes bear it."""
    prefix, _, local = name.rpartition(":")
    return f"{{{_W14 if prefix else W}}}{local}"


def held(item: _Element, name: str) -> _Element:
    """Return the properties of an element, made at its beginning where it has none."""
    found = item.find(name)
    if found is None:
        found = etree.Element(name)
        item.insert(0, found)
    return found


def value_at(item: _Element, path: str) -> str:
    """Return the value of what stands at a path in an element; blank where nothing does."""
    found = item.find(path)
    return "" if found is None else found.get(wml("val"), "")


def element(source: str) -> _Element:
    """Return an element by its source, which says Word's names with the prefix w."""
    return etree.fromstring(source.replace(">", f' xmlns:w="{W}">', 1))


_ORDERS = read_yaml(PACKAGE / "render" / "orders.yaml")
_AFTER_COMPAT = frozenset(_ORDERS.pop("settings after compat").split())
ORDER: Mapping[str, Mapping[str, int]] = {
    wml(name): {wml(child): place for place, child in enumerate(order.split())}
    for name, order in _ORDERS.items()
}
"""The place of each child, by the element that holds it."""
_CHANGE = "Change"
"""How the names of elements end that keep what tracked changes replaced; they come last."""


def put_in_order(root: _Element) -> None:
    """Put what the elements of a part hold in order; what is not known follows what is."""
    in_order: set[tuple[str, ...]] = set()
    for item in [each for each in root.iter(*ORDER) if len(each) > 1]:
        tag = item.tag
        tags = (tag, *[child.tag for child in item])
        if tags in in_order:
            continue
        order, last = ORDER[tag], len(ORDER[tag])
        places = [order.get(name, last + str(name).endswith(_CHANGE)) for name in tags[1:]]
        if all(before <= after for before, after in pairwise(places)):
            in_order.add(tags)
        else:
            ranked = sorted(zip(places, item, strict=True), key=itemgetter(0))
            item[:] = [child for _, child in ranked]


PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_START, _END, _ID, _NAME = map(wml, ("bookmarkStart", "bookmarkEnd", "id", "name"))


def number_marks(root: _Element, first: int) -> None:
    """Set new numbers of pictures and bookmarks; of bookmarks of one name the first stays."""
    numbers = count(first)
    for picture in root.iter(PICTURE):
        picture.set("id", str(next(numbers)))
    begun: dict[str, _Element] = {}
    names: set[str] = set()
    retained: set[_Element] = set()
    marks = list(root.iter(_START, _END))
    for mark in marks:
        if mark.tag == _START:
            begun[mark.get(_ID, "")] = mark
            continue
        start = begun.pop(mark.get(_ID, ""), None)
        if start is not None and start.get(_NAME, "") not in names:
            names.add(start.get(_NAME, ""))
            retained |= {start, mark}
            number = str(next(numbers))
            start.set(_ID, number)
            mark.set(_ID, number)
    for mark in marks:
        parent = mark.getparent()
        if mark not in retained and parent is not None:
            parent.remove(mark)


_TABLE, _ROW, _TC, _PARAGRAPH, _TEXT, _SIZE, _SPAN, _WIDTH, _TYPE, _VALUE = map(
    wml, ("tbl", "tr", "tc", "p", "t", "tcW", "gridSpan", "w", "type", "val")
)
_SECTION, _PAGE, _SETTING = map(wml, ("sectPr", "pgSz", "compatSetting"))
_RUN, _LOOK = map(wml, ("r", "rPr"))
_NARROWEST_TEXT = 2600
"""The least width of a table's widest column, in twentieths of a point, before all shrink."""
_STANDS_OUT = 2
"""How much wider than the next one a column is that has the titles."""
_BROAD = 1.7
"""How much more than others the letters of a word may take."""
_CHARACTER = 92
_MARGINS = 130
"""About what a character of a figure takes in the tables' type, and a cell's two margins."""
UNBROKEN = re.compile(r"(?<=[A-Z\d])-(?=[A-Z\d])")
"""A hyphen at which no line may end: of 2024-2026, of ICC-01, of IT-REV."""
SPACE = {"{http://www.w3.org/XML/1998/namespace}space": "preserve"}
"""The attribute of a text whose spaces at its ends count."""
_LETTERED = (
    '<w:footnotePr><w:numFmt w:val="lowerLetter"/><w:numRestart w:val="eachSect"/></w:footnotePr>'
)
"""Footnotes as the notes of tables are lettered, in each section from a on; in a set, through."""
_LAYOUT = {
    _NAME: "compatibilityMode",
    wml("uri"): "http://schemas.microsoft.com/office/word",
    _VALUE: "15",
}
"""The setting by which Word lays out as it does since 2013, not as an older version did."""


def finish_part(
    text: str, language: str, *, landscape: bool, first: int = 1, noted: bool = False
) -> bytes:
    """
    Finish a document, header or footer part.

    Puts it in the order of the schemas, completes what loops and conditions left without rows,
    cells or paragraphs, sets the language that Word spells in, turns the page where asked to, and
    fits every table's columns into the page; the widest column of a table gives or takes the
    difference. A table inside another stays as the template has it. Pictures and bookmarks are
    numbered from `first` on. Where it is `noted`, its footnotes are lettered from a on.
    """
    root = parsed(text.encode("utf-8"), huge_tree=True)
    for section in root.iter(_SECTION) if noted else ():
        section.append(element(_LETTERED))
    put_in_order(root)
    _complete(root)
    number_marks(root, first)
    _set_languages(root, language)
    for section in root.iter(_SECTION) if landscape else ():
        _turn(section)
    width = _text_width(root)
    if width is not None:
        for table in root.iter(_TABLE):
            if next(table.iterancestors(_TABLE), None) is None:
                _fit(table, width)
    join_hyphens(root)
    return written(root)


def join_hyphens(root: _Element) -> None:
    """Put a hyphen that does not break into spans of years and codes."""
    for text in [item for item in root.iter(_TEXT) if "-" in (item.text or "")]:
        first, *others = UNBROKEN.split(text.text or "")
        for piece in others[::-1]:
            text.text = first
            part = etree.Element(_TEXT, SPACE)
            part.text = piece
            text.addnext(part)
            text.addnext(etree.Element(wml("noBreakHyphen")))


def finish_plain_part(data: bytes, language: str) -> bytes:
    """Finish a part that is not rendered: styles, lists, settings, comments."""
    root = parsed(data, huge_tree=True)
    put_in_order(root)
    _set_languages(root, language)
    if root.tag == wml("settings"):
        _modernise(root)
    return written(root)


def _modernise(settings: _Element) -> None:
    compat = settings.find(wml("compat"))
    if compat is None:
        compat = etree.Element(wml("compat"))
        names = (etree.QName(item).localname for item in settings)
        after = (place for place, name in enumerate(names) if name in _AFTER_COMPAT)
        settings.insert(next(after, len(settings)), compat)
    for item in compat.findall(_SETTING):
        if item.get(_NAME) == "compatibilityMode":
            compat.remove(item)
    compat.append(etree.Element(_SETTING, _LAYOUT))


def small_paragraph() -> _Element:
    """Return a paragraph that takes no room, so that it never falls on a page of its own."""
    return element(
        '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
        '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
    )


def _complete(root: _Element) -> None:
    """Leave out rows without cells and tables without rows; end cells and pages with text."""
    for tag, needed in ((_ROW, _TC), (_TABLE, _ROW)):
        for item in list(root.iter(tag)):
            parent = item.getparent()
            if parent is not None and next(item.iter(needed), None) is None:
                parent.remove(item)
    for holder in root.iter(_TC, wml("hdr"), wml("ftr"), wml("body")):
        if len(holder) and holder[-1].tag == _PARAGRAPH:
            continue
        blocks = list(holder.iterchildren(_PARAGRAPH, _TABLE, wml("sdt")))
        if not blocks or blocks[-1].tag == _TABLE:
            last = small_paragraph() if blocks else etree.Element(_PARAGRAPH)
            holder.insert(sum(item.tag != _SECTION for item in holder), last)


def _set_languages(root: _Element, language: str) -> None:
    for item in root.iter(wml("lang"), wml("themeFontLang")):
        item.set(_VALUE, language)


def _turn(section: _Element) -> None:
    size = section.find(_PAGE)
    if size is None or size.get(wml("orient")) == "landscape":
        return
    width, height = size.get(_WIDTH, "0"), size.get(wml("h"), "0")
    size.set(_WIDTH, height)
    size.set(wml("h"), width)
    size.set(wml("orient"), "landscape")


def _text_width(root: _Element) -> int | None:
    """Return the width between the margins, in twentieths of a point; None if not a document."""
    section = next(root.iter(_SECTION), None)
    if section is None:
        return None
    size, margins = section.find(_PAGE), section.find(wml("pgMar"))
    if size is None or margins is None:
        return None
    sides = (int(margins.get(wml(side), "0")) for side in ("left", "right"))
    return int(size.get(_WIDTH, "0")) - sum(sides)


def _fit(table: _Element, width: int) -> None:
    """Fit a table's columns into the page; one that holds tables stays as the template has it."""
    if next(table.iterdescendants(_TABLE), None) is not None:
        return
    rows = _rows(table)
    model = max(
        (cells for cells in rows if all(cell.span == 1 for cell in cells)), key=len, default=None
    )
    if not model:
        return
    needed = _needed(rows, len(model))
    declared = [cell.width for cell in model]
    wanted = list(map(max, declared, needed))
    *_, next_to, widest = sorted([0, *declared])
    if widest >= _STANDS_OUT * next_to:
        wanted = _squeezed(table, wanted, declared.index(widest), rows, width)
    widths = _fitted(wanted, needed, width)
    _set_grid(table, widths)
    printed = [str(each) for each in widths]
    for column, cell in _by_column(rows):
        if cell.size is not None:
            after = column + cell.span
            together = printed[column] if cell.span == 1 else str(sum(widths[column:after]))
            cell.size.set(_TYPE, "dxa")
            cell.size.set(_WIDTH, together)


@dataclass(slots=True)
class _Cell:
    """A cell: its element and that of its width, the columns it spans, its width, its text."""

    element: _Element | None = None
    size: _Element | None = None
    span: int = 1
    width: int = 0
    text: str = ""


def _rows(table: _Element) -> list[list[_Cell]]:
    """Return the cells of a table by row, in one pass; a space stands between paragraphs."""
    rows: list[list[_Cell]] = []
    cell = _Cell()
    for item in table.iter(_TEXT, _PARAGRAPH, _SIZE, _TC, _ROW, _SPAN):
        tag = item.tag
        if tag == _TEXT:
            cell.text += item.text or ""
        elif tag == _PARAGRAPH:
            cell.text += " " if cell.text else ""
        elif tag == _SIZE:
            cell.size, cell.width = item, int(item.get(_WIDTH, "0"))
        elif tag == _TC:
            cell = _Cell(item)
            rows[-1].append(cell)
        elif tag == _ROW:
            rows.append([])
        else:
            cell.span = int(item.get(_VALUE, "1"))
    return rows


def _by_column(rows: list[list[_Cell]]) -> Iterator[tuple[int, _Cell]]:
    """Yield every cell behind the number of its first column."""
    for cells in rows:
        yield from zip(accumulate((cell.span for cell in cells), initial=0), cells, strict=False)


def _needed(rows: list[list[_Cell]], columns: int) -> list[int]:
    """Return the width that the longest word of each column asks for: no word ever breaks."""
    words: list[set[str]] = [set() for _ in range(columns)]
    for column, cell in _by_column(rows):
        if cell.span == 1:
            words[column].update(cell.text.split(" "))
    return list(map(_widest, words))


def _widest(words: set[str]) -> int:
    """Return the width of the longest words, or of shorter ones whose letters are broad."""
    longest = max(map(len, words), default=0)
    broad = (word for word in words if len(word) * _BROAD >= longest)
    return max(longest * _CHARACTER + _MARGINS, narrowest(broad, USUAL))


def _squeezed(
    table: _Element, wanted: list[int], titles: int, rows: list[list[_Cell]], available: int
) -> list[int]:
    """
    Take from the columns beside that of the titles what it lacks to its part of the page.

    Where their type is too large for that, it becomes the smallest that is still easy to read. On
    a page with little room, whose type is small already, figures keep what they need.
    """
    if value_at(table, f".//{wml('pStyle')}").startswith("CMSSmall"):
        return wanted
    lack = sum(wanted) - wanted[titles] - available * (TITLES - 1) // TITLES
    if lack <= 0:
        return wanted
    beside: list[list[_Cell]] = [[] for _ in wanted]
    for column, cell in _by_column(rows):
        if cell.span == 1 and column != titles:
            beside[column].append(cell)
    for look in (USUAL, SMALLEST):
        least = [narrowest((cell.text for cell in cells), look) for cells in beside]
        narrowed, spare = _narrowed(wanted, least, titles, lack)
        if spare >= lack:
            break
    if look == SMALLEST:
        _make_small(table, [cell for cells in beside for cell in cells])
    return narrowed


def _narrowed(
    widths: list[int], least: list[int], widest: int, lack: int
) -> tuple[list[int], int]:
    """Take what is lacking from the columns but one, as far as they can spare it, and add this."""
    spare = [max(w - each, 0) for w, each in zip(widths, least, strict=True)]
    spare[widest] = 0
    taken = min(lack / (sum(spare) or 1), 1)
    return [w - ceil(each * taken) for w, each in zip(widths, spare, strict=True)], sum(spare)


def _make_small(table: _Element, cells: list[_Cell]) -> None:
    """Set the margins of a table and the type of some of its cells as small as they may be."""
    size, margin = SMALLEST
    properties = table.find(wml("tblPr"))
    if properties is not None:
        for old in properties.findall(wml("tblCellMar")):
            properties.remove(old)
        margins = etree.Element(wml("tblCellMar"))
        _put(properties, margins)
        for side in ("left", "right"):
            etree.SubElement(margins, wml(side), {_WIDTH: str(margin), _TYPE: "dxa"})
    small = element(f'<w:rPr><w:sz w:val="{2 * size}"/><w:szCs w:val="{2 * size}"/></w:rPr>')
    for cell in cells:
        for run in () if cell.element is None else cell.element.iter(_RUN):
            look = next(run.iterchildren(_LOOK), None)
            if look is None:
                run.insert(0, copy(small))
            else:
                for child in small:
                    _put(look, copy(child))


def _put(parent: _Element, child: _Element) -> None:
    """Put a child where it belongs among those of its parent, which are in order."""
    order = ORDER[parent.tag]
    before = sum(order.get(each.tag, len(order)) <= order[child.tag] for each in parent)
    parent.insert(before, child)


def _fitted(widths: list[int], needed: list[int], available: int) -> list[int]:
    """Fit widths into the page, first by the room that no word of a column needs."""
    widest = max(range(len(widths)), key=lambda index: widths[index])
    others = sum(widths) - widths[widest]
    lack = others + min(_NARROWEST_TEXT, widths[widest]) - available
    narrowed, spare = _narrowed(widths, needed, widest, lack)
    if 0 < lack <= spare:
        widths = narrowed
        others = sum(widths) - widths[widest]
        lack = 0
    if lack <= 0:
        return [available - others if i == widest else w for i, w in enumerate(widths)]
    scale = (available - _NARROWEST_TEXT) / others
    return [_NARROWEST_TEXT if i == widest else int(w * scale) for i, w in enumerate(widths)]


def _set_grid(table: _Element, widths: list[int]) -> None:
    grid = table.find(wml("tblGrid"))
    if grid is None:
        grid = etree.Element(wml("tblGrid"))
        table.insert(0 if table.find(wml("tblPr")) is None else 1, grid)
    grid[:] = [etree.Element(wml("gridCol"), {_WIDTH: str(width)}) for width in widths]
    size = table.find(f"{wml('tblPr')}/{wml('tblW')}")
    if size is not None:
        size.set(_TYPE, "dxa")
        size.set(_WIDTH, str(sum(widths)))
