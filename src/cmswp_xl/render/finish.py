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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from lxml import etree

from cmswp_xl.ooxml import parsed, written
from cmswp_xl.page import SMALLEST, Measured, by_column, fitted_widths
from cmswp_xl.resources import PACKAGE, read_yaml

if TYPE_CHECKING:
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


STYLE_USES = ("pStyle", "rStyle", "tblStyle")
"""The elements by which text and tables say their styles."""
_USE = re.compile(rf'(<w:(?:{"|".join(STYLE_USES)}) w:val=")([^"]*)"')


def renamed(text: str, ids: Mapping[str, str]) -> str:
    """Return a part with the ids that a file has of its styles, by the ones that are used."""
    return _USE.sub(lambda use: f'{use[1]}{ids.get(use[2], use[2])}"', text) if ids else text


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


_SWITCHES = {"true": "on", "1": "on", "false": "off", "0": "off"}


def write_switches(root: _Element) -> None:
    """Write as Office demands whether rows break and repeat: on and off, not true and false."""
    for item in root.iter(wml("cantSplit"), wml("tblHeader")):
        value = item.get(_VALUE)
        if value in _SWITCHES:
            item.set(_VALUE, _SWITCHES[value])


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
_FIELD, _FIELD_TYPE, _CONTENT = map(wml, ("fldChar", "fldCharType", "sdtContent"))
_RUN, _LOOK, *_SIZES = map(wml, ("r", "rPr", "sz", "szCs"))
SMALL_TYPE = str(2 * SMALLEST[0])
"""The smallest size of type, in half points."""
PLACE = "table"
"""The attribute of an empty table in whose place another one comes: its number."""
_PLACED = re.compile(rb'<w:tbl table="(\d+)"/>')
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
    text: str,
    language: str,
    *,
    landscape: bool,
    first: int = 1,
    noted: bool = False,
    tables: Sequence[Callable[[int | None], str]] = (),
) -> bytes:
    """
    Finish a document, header or footer part.

    Puts it in the order of the schemas, completes what loops and conditions left without rows,
    cells or paragraphs, sets the language that Word spells in, turns the page where asked to, and
    fits every table's columns into the page; the widest column of a table gives or takes the
    difference. A table inside another stays as the template has it. Pictures and bookmarks are
    numbered from `first` on. Where it is `noted`, its footnotes are lettered from a on. In the
    place of an empty table with a number comes that of `tables`, which are asked for themselves
    with the room that they have, None where they are to stay as wide as they are.
    """
    root = parsed(text.encode("utf-8"), huge_tree=True)
    for section in root.iter(_SECTION) if noted else ():
        section.append(element(_LETTERED))
    put_in_order(root)
    write_switches(root)
    _complete(root)
    _close_fields(root)
    number_marks(root, first)
    _set_languages(root, language)
    for section in root.iter(_SECTION) if landscape else ():
        _turn(section)
    width, written_ones = _text_width(root), dict[bytes, bytes]()
    for table in root.iter(_TABLE):
        room = width if next(table.iterancestors(_TABLE), None) is None else None
        number = table.get(PLACE)
        if number is not None:
            written_ones[number.encode()] = tables[int(number)](room).encode()
        elif room is not None:
            _fit(table, room)
    join_hyphens(root)
    return _PLACED.sub(lambda found: written_ones[found[1]], written(root))


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
            empty = item.get(PLACE) is None and next(item.iter(needed), None) is None
            if parent is not None and empty:
                parent.remove(item)
    for holder in root.iter(_TC, wml("hdr"), wml("ftr"), wml("body")):
        if len(holder) and holder[-1].tag == _PARAGRAPH:
            continue
        blocks = list(holder.iterchildren(_PARAGRAPH, _TABLE, wml("sdt")))
        if not blocks or blocks[-1].tag == _TABLE:
            last = small_paragraph() if blocks else etree.Element(_PARAGRAPH)
            holder.insert(sum(item.tag != _SECTION for item in holder), last)


def _close_fields(root: _Element) -> None:
    """End fields whose ends went with a loop or a condition: with their contents, or at once."""
    begun: list[_Element] = []
    for mark in list(root.iter(_FIELD)):
        kind = mark.get(_FIELD_TYPE)
        if kind == "begin":
            begun.append(mark)
        elif kind == "end" and begun:
            begun.pop()
        elif kind == "end" and (run := mark.getparent()) is not None:
            run.remove(mark)
    for mark in reversed(begun):
        around = [one for one in mark.iterancestors(_CONTENT) if one.find(_PARAGRAPH) is not None]
        *_, last = around[0].iter(_PARAGRAPH) if around else mark.iterancestors(_PARAGRAPH)
        etree.SubElement(etree.SubElement(last, _RUN), _FIELD, {_FIELD_TYPE: "end"})


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
    squeezes = not value_at(table, f".//{wml('pStyle')}").startswith("CMSSmall")
    widths, titles = fitted_widths(rows, width, squeezes=squeezes)
    if not widths:
        return
    set_widths(table, widths, small=titles is not None)
    for column, cell in (found for cells in rows for found in by_column(cells)):
        if cell.size is not None:
            cell.size.set(_TYPE, "dxa")
            cell.size.set(_WIDTH, str(sum(widths[column : column + cell.span])))
        if titles not in (None, column) and cell.span == 1 and cell.element is not None:
            for run in cell.element.iter(_RUN):
                look = held(run, _LOOK)
                for name in _SIZES:
                    _put(look, etree.Element(name, {_VALUE: SMALL_TYPE}))


@dataclass(slots=True)
class _Cell(Measured):
    """A cell of Word: also its element, and that of its width."""

    element: _Element | None = None
    size: _Element | None = None


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
            cell = _Cell(element=item)
            rows[-1].append(cell)
        elif tag == _ROW:
            rows.append([])
        else:
            cell.span = int(item.get(_VALUE, "1"))
    return rows


def _put(parent: _Element, child: _Element) -> None:
    """Put a child where it belongs among those of its parent, which are in order."""
    order = ORDER[parent.tag]
    before = sum(order.get(each.tag, len(order)) <= order[child.tag] for each in parent)
    parent.insert(before, child)


def set_widths(table: _Element, widths: Sequence[int], *, small: bool = False) -> None:
    """Set the widths of the columns of a table, and its own; where it is `small`, its margins."""
    properties = table.find(wml("tblPr"))
    grid = table.find(wml("tblGrid"))
    if grid is None:
        grid = etree.Element(wml("tblGrid"))
        table.insert(0 if properties is None else 1, grid)
    grid[:] = [etree.Element(wml("gridCol"), {_WIDTH: str(width)}) for width in widths]
    size = None if properties is None else properties.find(wml("tblW"))
    if size is not None:
        size.set(_TYPE, "dxa")
        size.set(_WIDTH, str(sum(widths)))
    if properties is not None and small:
        for old in properties.findall(wml("tblCellMar")):
            properties.remove(old)
        margins = etree.Element(wml("tblCellMar"))
        _put(properties, margins)
        for side in ("left", "right"):
            etree.SubElement(margins, wml(side), {_WIDTH: str(SMALLEST[1]), _TYPE: "dxa"})
