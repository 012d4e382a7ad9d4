"""
The annotated copy of a workbook: the faulty cells marked, everything else as it was.

Notes are added to those that a sheet has, whose words stay, with the boxes that show them, which
are drawn in the older drawing language that programs expect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from xml.parsers.expat import ExpatError

from lxml import etree

from cmswp_xl.annotate.report import ReportSheet, add_report, looks
from cmswp_xl.annotate.sheet import (
    MAIN,
    PARTS,
    RELATIONSHIP_ID,
    SPACE,
    Grid,
    Node,
    Sheet,
    StyleBook,
    added,
    coloured_areas,
    holds,
    main,
    parse,
    piece,
    placed,
    stored,
    style_part,
)
from cmswp_xl.cells import address, position
from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.issues import Severity
from cmswp_xl.ooxml import Limits, Package, open_package, written

_GRAVEST_FIRST = tuple(Severity)
_EMPTY_LIST = re.compile(rb"<(\w+:)?ignoredErrors[^<>]*(/>|>\s*</)")


SIGNATURE = "origin"
"""The kind of reference that leads to the digital signatures of a workbook."""

_ENDINGS: Mapping[str, str] = PARTS["endings"]
ENDINGS = frozenset(_ENDINGS.values())


def ending_of(data: bytes, *, name: str = "", limits: Limits | None = None) -> str:
    """
    Return the ending that the name of a workbook must have: .xlsm where it has macros.

    Raises `UnreadableWorkbook` where the package is damaged.
    """
    with _unharmed(name):
        package = open_package(data, name, limits)
        return _ENDINGS.get(package.content_type(_workbook(package)).casefold(), ".xlsx")


def is_signed(data: bytes, *, name: str = "", limits: Limits | None = None) -> bool:
    """
    Return whether a workbook has a digital signature, which no changed copy can keep.

    Raises `UnreadableWorkbook` where the package is damaged.
    """
    with _unharmed(name):
        package = open_package(data, name, limits)
        return bool(package.related("", SIGNATURE))


def annotated_copy(
    data: bytes,
    notes: Sequence[CellNote],
    report_sheet: ReportSheet,
    *,
    name: str = "",
    limits: Limits | None = None,
) -> bytes:
    """
    Return a copy of a workbook, its faulty cells filled and noted and listed on a sheet.

    `name` is what an error calls the file. Parts that need not change keep their bytes; digital
    signatures, which would be broken, are left out, and so is an empty list of accepted errors.
    Notes on sheets that the workbook lacks are left to the list. Raises `UnreadableWorkbook` where
    a part that must change is damaged, and `ValueError` where a note's cell is no address.
    """
    places = _by_sheet(notes)
    with _unharmed(name):
        return _annotated(open_package(data, name, limits), places, report_sheet)


@contextmanager
def _unharmed(name: str) -> Iterator[None]:
    """Turn the errors of a damaged package into `UnreadableWorkbook`."""
    try:
        yield
    except (KeyError, ValueError, ExpatError, etree.XMLSyntaxError) as error:
        raise UnreadableWorkbook("damaged", file=name) from error


def _annotated(package: Package, places: Mapping[str, Notes], report: ReportSheet) -> bytes:
    package.leave_out({SIGNATURE}, "")
    workbook = _workbook(package)
    styles = style_part(package, workbook)
    book = StyleBook(parse(package.read(styles)))
    parts = NoteParts(package, workbook)
    for name, part in _sheets(package, workbook):
        _mend(package, part)
        notes = places.get(name.casefold())
        if notes:
            sheet = Sheet(parse(package.read(part)))
            _fill(package, part, sheet, notes, book)
            parts.add(part, sheet, notes)
            package.write(part, written(sheet.root))
    add_report(package, workbook, report, looks(book))
    package.write(styles, book.to_bytes())
    return package.to_bytes()


def _mend(package: Package, part: str) -> None:
    """Take from a sheet the empty list of accepted errors that older versions wrote."""
    if not _EMPTY_LIST.search(package.read(part)):
        return
    root = parse(package.read(part))
    for element in root.findall(main("ignoredErrors")):
        if not len(element):
            root.remove(element)
    package.write(part, written(root))


def _workbook(package: Package) -> str:
    """Return the part of the workbook itself; raises `KeyError` where there is none."""
    for part in package.related("", "officeDocument"):
        return part
    raise KeyError


def _by_sheet(notes: Sequence[CellNote]) -> dict[str, Notes]:
    """Group notes by sheet, whatever the case of its name, and cell, in the order of the rows."""
    places: dict[str, Notes] = {}
    for note in notes:
        cells = places.setdefault(note.sheet.casefold(), {})
        cells.setdefault(position(note.cell), []).append(note)
    return {sheet: dict(sorted(cells.items())) for sheet, cells in places.items()}


def _sheets(package: Package, workbook: str) -> Iterator[tuple[str, str]]:
    targets = {r.key: r for r in package.references(workbook) if r.kind == "worksheet"}
    for item in parse(package.read(workbook)).iter(main("sheet")):
        target = targets.get(item.get(RELATIONSHIP_ID, ""))
        if target is not None:
            yield item.get("name", ""), target.part


def _fill(package: Package, part: str, sheet: Sheet, notes: Notes, book: StyleBook) -> None:
    """Fill each faulty cell by its gravest issue; information alone leaves a cell as it is."""
    areas = coloured_areas(package, part)
    rows: dict[int, dict[int, Callable[[int], int]]] = {}
    for (row, column), ours in notes.items():
        gravest = min((note.severity for note in ours), key=_GRAVEST_FIRST.index)
        if gravest is not Severity.INFO:
            coloured = any(holds(area, row, column) for area in areas)
            mark = partial(book.marked, severity=gravest, coloured=coloured)
            rows.setdefault(row, {})[column] = mark
    for row, marks in rows.items():
        sheet.restyle(row, marks)


_THREADS = "{http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
SEPARATOR = "————————"
"""What parts our note from the one that stood in the cell before."""

_AUTHOR = "cmswp"
_GUIDES = frozenset((main("rPh"), main("phoneticPr")))


@dataclass(frozen=True, slots=True)
class CellNote:
    """
    A note on one cell, such as D7 on the sheet "Costs".

    `word` is the severity in the reader's language and is shown in bold before the text, since
    a colour alone says nothing to many readers; leave it empty only where the text says it.
    """

    sheet: str
    cell: str
    severity: Severity
    text: str
    word: str = ""


Notes = dict[tuple[int, int], list[CellNote]]
"""The notes of a sheet by row and column."""


def _comments(root: Node) -> dict[str, Node]:
    """Return the notes that stand in the part of a sheet, by address in upper case."""
    return {item.get("ref", "").upper(): item for item in root.iter(main("comment"))}


def _add_comments(root: Node, notes: Mapping[str, Sequence[CellNote]]) -> None:
    """Add our notes, by address in upper case, to the part of a sheet."""
    old = _comments(root)
    authors = placed(root, "authors")
    comments = placed(root, "commentList")
    author = str(_author(authors)) if notes.keys() - old.keys() else ""
    for cell, ours in notes.items():
        comment = old.get(cell)
        if comment is None:
            comment = added(comments, "comment", ref=cell, authorId=author)
            _write(added(comment, "text"), ours)
        else:
            text = placed(comment, "text")
            _run(text, f"\n\n{SEPARATOR}\n")
            _write(text, ours)


def _author(authors: Node) -> int:
    names = [item.text for item in authors]
    if _AUTHOR in names:
        return names.index(_AUTHOR)
    added(authors, "author", _AUTHOR)
    return len(names)


def _write(text: Node, notes: Iterable[CellNote]) -> None:
    for number, note in enumerate(notes):
        gap = "\n\n" if number else ""
        if note.word:
            _run(text, f"{gap}{note.word}\n", bold=True)
            _run(text, note.text)
        else:
            _run(text, f"{gap}{note.text}")


def _run(text: Node, words: str, *, bold: bool = False) -> None:
    """Add a piece of text after the others, before any guides to pronunciation."""
    run = added(text, "r")
    guide = next((child for child in text if child.tag in _GUIDES), None)
    if guide is not None:
        guide.addprevious(run)
    look = added(run, "rPr")
    if bold:
        added(look, "b")
    added(look, "sz", val="9")
    added(look, "color", indexed="81")
    added(look, "rFont", val="Tahoma")
    added(look, "family", val="2")
    added(run, "t", stored(words)).set(SPACE, "preserve")


_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
WIDTH = 320
"""The width of a note, in pixels."""

_NAMES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_V, _O, _X = (f"{{{name}}}" for name in _NAMES.values())
_TYPE = "_x0000_t202"
_BLOCK = 1024
_SHAPE_ID = re.compile(r"_x0000_s([0-9]{1,9})\Z")
_UNCLOSED = re.compile(rb"<br\s*>", re.IGNORECASE)
_LETTERS_A_LINE, _LINE, _MARGIN = 48, 17, 14
_LOWEST, _HIGHEST = 60, 420


Boxes = dict[tuple[int, int], int]
"""The notes to be shown: the height that the text of each needs, in pixels, by row and column."""


def height(text: str) -> int:
    """Return the height in pixels of a note that shows a text."""
    lines = sum(1 + len(line) // _LETTERS_A_LINE for line in text.split("\n"))
    return min(max(lines * _LINE + _MARGIN, _LOWEST), _HIGHEST)


def blocks_in(drawings: Iterable[bytes]) -> set[int]:
    """Return the blocks of 1,024 shape numbers that drawings have taken."""
    return {block for data in drawings for block in _blocks(_parsed(data))}


def with_boxes(present: bytes | None, boxes: Boxes, taken: set[int], grid: Grid) -> bytes:
    """
    Return a drawing with a box for each note that has none yet; its own shapes stay.

    The box of a note that was there is made large enough for what has been added to it. `taken`
    are the blocks of shape numbers that the drawings of the workbook use.
    """
    root = etree.Element("xml", nsmap=_NAMES) if present is None else _parsed(present)
    known = dict(_boxes(root))
    for place in boxes.keys() & known.keys():
        _widen(known[place], boxes[place], grid)
    missing = [place for place in boxes if place not in known]
    if missing and all(item.get("id") != _TYPE for item in root.iter(f"{_V}shapetype")):
        root.append(piece("boxes", type=_TYPE, **_NAMES))
    for number, place in zip(_numbers(root, len(missing), taken), missing, strict=True):
        anchor = grid.anchor(*place, WIDTH, boxes[place])
        places = {"number": number, "anchor": anchor, "points": WIDTH * 3 // 4, "type": _TYPE}
        row, column = place[0] - 1, place[1] - 1
        root.append(piece("box", row=row, column=column, **places, **_NAMES))
    return written(root, declaration=False)


def _parsed(data: bytes) -> Node:
    """Parse a drawing; those of old programs may hold line breaks that are never closed."""
    try:
        return parse(data)
    except etree.XMLSyntaxError:
        return parse(_UNCLOSED.sub(b"<br/>", data), lenient=True)


def _layout(root: Node) -> Node:
    """Return the element that names the drawing's blocks of shape numbers, made where missing."""
    found = root.find(f"{_O}shapelayout/{_O}idmap")
    if found is not None:
        return found
    layout = etree.SubElement(root, f"{_O}shapelayout", {f"{_V}ext": "edit"})
    root.insert(0, layout)
    return etree.SubElement(layout, f"{_O}idmap", {f"{_V}ext": "edit"})


def _blocks(root: Node) -> list[int]:
    found = root.find(f"{_O}shapelayout/{_O}idmap")
    written = "" if found is None else found.get("data", "")
    blocks = [int(item) for item in re.findall(r"[0-9]+", written)]
    return [*blocks, *(number // _BLOCK for number in _used(root) if number >= _BLOCK)]


def _used(root: Node) -> set[int]:
    names = (shape.get(name, "") for shape in root.iter(f"{_V}*") for name in ("id", f"{_O}spid"))
    return {int(match[1]) for match in map(_SHAPE_ID.match, names) if match}


def _numbers(root: Node, count: int, taken: set[int]) -> list[int]:
    """Return free shape numbers from the drawing's own blocks, then from new ones."""
    if not count:
        return []
    layout = _layout(root)
    blocks = sorted(set(_blocks(root)))
    used = _used(root)
    numbers: list[int] = []
    position, newest = 0, max((*taken, *blocks), default=0)
    while len(numbers) < count:
        if position == len(blocks):
            newest += 1
            blocks.append(newest)
        first = blocks[position] * _BLOCK
        free = [number for number in range(first + 1, first + _BLOCK) if number not in used]
        numbers += free[: count - len(numbers)]
        position += 1
    layout.set("data", ",".join(map(str, blocks)))
    return numbers


def _boxes(root: Node) -> Iterable[tuple[tuple[int, int], Node]]:
    """Return the notes that have a box: the cell, counted from 1, and what is said of it."""
    for data in root.iter(f"{_X}ClientData"):
        row, column = data.findtext(f"{_X}Row"), data.findtext(f"{_X}Column")
        if data.get("ObjectType") == "Note" and row and column:
            yield (int(row) + 1, int(column) + 1), data


def _widen(data: Node, height: int, grid: Grid) -> None:
    anchor = data.find(f"{_X}Anchor")
    if anchor is not None:
        with suppress(ValueError):  # a place that cannot be understood is left as it is
            anchor.text = grid.widened(anchor.text or "", WIDTH, height)


_DRAWING = "vmlDrawing"


class NoteParts:
    """Adds notes to the sheets of a package and keeps apart the numbers of their shapes."""

    def __init__(self, package: Package, workbook: str) -> None:
        """Take the numbers that the drawings of the package already use."""
        folder = workbook.rpartition("/")[0]
        self._package = package
        self._folder = f"{folder}/" if folder else ""
        drawings = [name for name in package.names() if name.casefold().endswith(".vml")]
        self._blocks = blocks_in(map(package.read, drawings))

    def add(self, part: str, sheet: Sheet, notes: Notes) -> None:
        """Add the notes of one sheet; a cell with a discussion of its own gets no second box."""
        package = self._package
        present = next(iter(package.related(part, "comments")), None)
        if present is None:
            root = etree.Element(main("comments"), nsmap={None: MAIN})
        else:
            root = parse(package.read(present))
        skipped = self._threads(part) - _comments(root).keys()
        cells = {address(*place): place for place in notes}
        ours = {cell: notes[place] for cell, place in cells.items() if cell not in skipped}
        if not ours:
            return
        _add_comments(root, ours)
        if present is None:
            name = package.free_name(f"{self._folder}comments", ".xml")
            package.add(name, written(root), _COMMENTS_TYPE)
            package.relate(part, "comments", name)
        else:
            package.write(present, written(root))
        comments = _comments(root)
        texts = {
            cell: "".join(comments[cell].itertext(main("t"), with_tail=False)) for cell in ours
        }
        self._draw(part, sheet, {cells[cell]: height(text) for cell, text in texts.items()})

    def _draw(self, part: str, sheet: Sheet, boxes: Boxes) -> None:
        package, key = self._package, sheet.drawing()
        known = (r.part for r in package.references(part) if (r.key, r.kind) == (key, _DRAWING))
        drawing = next(known, None)
        old = None if drawing is None else package.read(drawing)
        data = with_boxes(old, boxes, self._blocks, sheet.grid)
        self._blocks |= blocks_in([data])
        if drawing is not None:
            package.write(drawing, data)
            return
        name = package.free_name(f"{self._folder}drawings/vmlDrawing", ".vml")
        package.add(name, data, _DRAWING_TYPE)
        sheet.draw(package.relate(part, _DRAWING, name))

    def _threads(self, part: str) -> set[str]:
        """Return the cells with a discussion, which programs show in place of a note."""
        return {
            item.get("ref", "").upper()
            for threads in self._package.related(part, "threadedComment")
            for item in parse(self._package.read(threads)).iter(f"{_THREADS}threadedComment")
        }
