"""
A Word file as a reader sees it: paragraphs and grids of cells, and what is seen but not read.

It is read with lxml: python-docx passes over insertions, controls, fields, directional runs and
alternatives, knows no deleted or hidden rows, and leaves the properties of styles (through
`basedOn`), of the table's style and of the document's defaults to the caller, so that struck and
hidden text would be read.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace
from string import ascii_lowercase
from typing import TYPE_CHECKING

from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.word_import.opening import FOOTNOTE, ID, NOTES, W, WordFile
from cmswp_xl.word_import.vocabulary import any_of, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element

    Seen = tuple[str, str]
    """A kind of text, and the text."""

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

PLAIN, RAISED, LOWERED = "plain", "raised", "lowered"
STRUCK, HIDDEN, DELETED = "struck", "hidden", "deleted"
_GONE = (STRUCK, HIDDEN, DELETED)
_RUNNING = frozenset({PLAIN, RAISED, LOWERED, *_GONE})
_MOST_BASES = 20
_MOST_COLUMNS = 63  # Word's own limit; what lies beyond it in a spoilt file is not read


def _tags(*names: str) -> tuple[str, ...]:
    return tuple(f"{W}{name}" for name in names)


_WRAPPERS = frozenset(
    _tags("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink", "dir", "bdo")
    + _tags("fldSimple", "ruby", "rubyBase")
)
_DELETIONS = _tags("del", "moveFrom")
_TRACKED = (*_DELETIONS, *_tags("ins", "moveTo", "cellDel", "cellIns"))
_TEXTS, _PICTURES = _tags("t", "delText"), _tags("drawing", "pict", "object")
_BREAKS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
    f"{W}sym": "\N{REPLACEMENT CHARACTER}",
}
_PICTURED = {"OLEObject": "embedded-object", "chart": "chart", "textpath": "text-box"}
_MARK = re.compile(
    r"[(\s]*(?:[a-z]{1,2}|\d{1,2}|[*†‡]{1,3})(?:\s*,\s*(?:[a-z]{1,2}|\d{1,2}))*[)\s]*"
)
_UNIT = re.compile(r"(?:^|[\s\d])[kcmd]?m$")
_LETTERED = re.compile(r"\s*([a-z]{1,2}|\d{1,2}|[*†‡]{1,3})\)?\s*")
_HEADING = re.compile(rf"(?:{any_of('styles of headings')})\s*\d")


class Looks:
    """How the runs of a file look to a reader, by their own properties and those of styles."""

    def __init__(self, file: WordFile) -> None:
        self._styles, self._defaults = file.styles, file.defaults
        self._known: dict[tuple[str, str], _Element | None] = {}

    def look(self, run: _Element, *styles: str) -> str:
        """Return the look of a run; `styles` are those of its paragraph and its table."""
        if self.is_on(run, "vanish", *styles):
            return HIDDEN
        if self.is_on(run, "strike", *styles) or self.is_on(run, "dstrike", *styles):
            return STRUCK
        align = self._value(run, "vertAlign", *styles)
        if align in ("superscript", "subscript"):
            return RAISED if align == "superscript" else LOWERED
        points = self._value(run, "position", *styles)
        if points.strip("-0"):
            return LOWERED if points.startswith("-") else RAISED
        return PLAIN

    def is_on(self, run: _Element, name: str, *styles: str) -> bool:
        """Return whether a switch is on; switches of several styles are set against each other."""
        own, styled = self._property(run, name, styles)
        if own is not None:
            return _switched(own)
        default = None if self._defaults is None else self._defaults.find(f"{W}{name}")
        return sum(map(_switched, styled)) % 2 == 1 or _switched(default)

    def _value(self, run: _Element, name: str, *styles: str) -> str:
        own, styled = self._property(run, name, styles)
        return _val(own if own is not None else next(iter(styled), None))

    def _property(
        self, run: _Element, name: str, styles: tuple[str, ...]
    ) -> tuple[_Element | None, list[_Element]]:
        """Return a run's own property, and those of the styles that hold where it has none."""
        direct = run.find(f"{W}rPr")
        style = None if direct is None else direct.find(f"{W}rStyle")
        keys = styles if style is None else (_val(style), *styles)
        own = None if direct is None else direct.find(f"{W}{name}")
        values = (self._styled(name, key) for key in keys) if own is None else ()
        return own, [value for value in values if value is not None]

    def _styled(self, name: str, key: str) -> _Element | None:
        if (name, key) not in self._known:
            style, value = self._styles.get(key), None
            for _ in range(_MOST_BASES):
                if style is None or value is not None:
                    break
                value = style.find(f"{W}rPr/{W}{name}")
                style = self._styles.get(_val(style.find(f"{W}basedOn")))
            self._known[name, key] = value
        return self._known[name, key]


def _val(item: _Element | None, otherwise: str = "") -> str:
    return otherwise if item is None else str(item.get(f"{W}val", otherwise))


def _switched(item: _Element | None) -> bool:
    return item is not None and _val(item, "true") not in ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """
    A paragraph's text without the marks of its notes, which stand apart.

    `letter` is the mark that it begins with, where it is itself a note; `automatic` tells that
    Word numbers it; `lowered` that letters or figures stand below the line; `table` is the number
    of tables before it. `gone` was struck through, hidden or deleted; `other` is seen and is no
    running text.
    """

    exact: str
    style: str = ""
    marks: tuple[str, ...] = ()
    letter: str = ""
    automatic: bool = False
    lowered: bool = False
    bold: bool = False
    gone: tuple[Seen, ...] = ()
    other: tuple[Seen, ...] = ()
    table: int = 0

    @property
    def text(self) -> str:
        """The text with a space for each tab."""
        return self.exact.replace("\t", " ")

    @property
    def line(self) -> str:
        """The text on one line."""
        return joined(self.exact)

    @property
    def heading(self) -> bool:
        """Whether it has a heading's style."""
        return bool(_HEADING.match(self.style))


@dataclass(frozen=True, slots=True)
class Cell:
    """
    A cell with the place where it begins, rows and columns counted from 1.

    `footnotes` tells that it has some that are not read as notes.
    """

    row: int
    column: int
    across: int
    paragraphs: tuple[Paragraph, ...]
    footnotes: bool = False
    nested: tuple[Grid, ...] = ()

    @property
    def exact(self) -> str:
        """The text, a line for each paragraph that is not blank."""
        return "\n".join(part.exact for part in self.paragraphs if part.exact)

    @property
    def text(self) -> str:
        """The text with a space for each tab."""
        return self.exact.replace("\t", " ")

    @property
    def line(self) -> str:
        """The text on one line."""
        return joined(self.exact)


@dataclass(frozen=True, slots=True)
class Grid:
    """
    A table: `rows` hold, for each row, the cell that covers each column; None for no cell.

    `gone` are the rows that were left out, each with why and the row before it.
    """

    number: int
    rows: tuple[tuple[Cell | None, ...], ...]
    gone: tuple[tuple[str, int, str], ...] = ()

    @property
    def width(self) -> int:
        """The number of columns."""
        return max(map(len, self.rows), default=0)

    def cell(self, row: int, column: int) -> Cell | None:
        """Return the cell that covers a place; None beyond the row's end."""
        line = self.rows[row - 1]
        return line[column - 1] if column <= len(line) else None

    def starts(self, row: int) -> Iterator[Cell]:
        """Return the cells that begin in a row."""
        for cell, _ in itertools.groupby(self.rows[row - 1]):
            if cell is not None and cell.row == row:
                yield cell

    def filled(self, row: int) -> list[Cell]:
        """Return the cells with a text that begin in a row."""
        return [cell for cell in self.starts(row) if cell.text]

    def cells(self) -> Iterator[Cell]:
        """Return all cells in order."""
        for row in range(1, len(self.rows) + 1):
            yield from self.starts(row)


def blocks(file: WordFile, most_cells: int) -> list[Paragraph | Grid]:
    """
    Return paragraphs and tables of the body in order.

    Raises `UnreadableWorkbook` for a table with more cells than allowed.
    """
    return list(_Walk(file, Looks(file), most_cells).blocks(file.body))


def texts_elsewhere(file: WordFile) -> list[tuple[str, str]]:
    """Return the texts of headers, footers, notes and comments, each with its kind."""
    walk = _Walk(file, Looks(file), 10**6)
    texts = (
        (kind, _flat(walk.blocks(part)))
        for kind, root in file.elsewhere
        for part in (root if kind in NOTES else [root])
        if kind != "footnotes" or part.get(ID) not in file.notes
        if part.get(f"{W}type", "normal") == "normal"
    )
    return [found for found in dict.fromkeys(texts) if found[1]]


def is_tracked(file: WordFile) -> bool:
    """Return whether insertions or deletions are still to be accepted."""
    return next(file.body.iter(*_TRACKED), None) is not None


def _flat(items: Iterable[Paragraph | Grid]) -> str:
    texts: list[str] = []
    for item in items:
        if isinstance(item, Grid):
            rows = range(1, len(item.rows) + 1)
            texts += [" | ".join(cell.text for cell in item.starts(row)) for row in rows]
        else:
            texts += [item.text, *(text for _, text in item.other)]
    return joined(" ".join(texts))


def _children(node: _Element) -> Iterator[_Element]:
    """Return the children of a node, through controls, insertions and alternatives."""
    for child in node:
        if child.tag in _WRAPPERS:
            yield from _children(child)
        elif child.tag == f"{_MC}AlternateContent":
            yield from _children(_alternative(child))
        else:
            yield child


def _alternative(node: _Element) -> _Element:
    """Return the first choice of an alternative that holds anything to see, else its fallback."""
    seen = (f"{W}t", *_PICTURES, f"{_MATH}t")
    choices = [*node.findall(f"{_MC}Choice"), *node.findall(f"{_MC}Fallback")]
    return next((one for one in choices if next(one.iter(*seen), None) is not None), node)


def _all_text(item: _Element) -> str:
    return joined("".join(part.text or "" for part in item.iter(*_TEXTS)))


@dataclass(slots=True)
class _Walk:
    """One walk through the parts of a file; `style` are those of the tables around."""

    file: WordFile
    looks: Looks
    most_cells: int
    tables: int = 0
    letters: dict[str, str] = field(default_factory=dict)
    style: list[str] = field(default_factory=lambda: [""])

    def blocks(self, node: _Element) -> Iterator[Paragraph | Grid]:
        """Return the paragraphs and tables of a node in order, lettered notes below them."""
        for item in _children(node):
            begun = len(self.letters)
            if item.tag == f"{W}p":
                yield self._paragraph(item)
            elif item.tag == f"{W}tbl":
                yield self._grid(item)
            elif item.tag in _DELETIONS:
                yield Paragraph("", gone=((DELETED, _all_text(item)),), table=self.tables)
            elif item.tag in _tags("altChunk", "subDoc"):
                yield Paragraph("", other=(("inserted-file", ""),), table=self.tables)
            elif (text := _all_text(item)) or item.tag == f"{W}r":
                yield Paragraph("", other=(("unknown-part", text),), table=self.tables)
            for key, letter in (
                list(self.letters.items())[begun:] if node is self.file.body else ()
            ):
                for part in self.blocks(self.file.notes[key]):
                    yield replace(part, letter=letter) if isinstance(part, Paragraph) else part

    def _grid(self, table: _Element) -> Grid:
        self.tables += 1
        number = self.tables
        default = "\0table" if "\0table" in self.file.styles else ""
        style = table.find(f"{W}tblPr/{W}tblStyle")
        self.style.append(default if style is None else _val(style))
        rows: list[tuple[Cell | None, ...]] = []
        gone: list[tuple[str, int, str]] = []
        count = 0
        for item in _children(table):
            cells = [child for child in _children(item) if child.tag == f"{W}tc"]
            deleted = item.find(f"{W}trPr/{W}del") is not None
            if item.tag in _DELETIONS:
                gone.append((DELETED, len(rows), _all_text(item)))
            elif deleted or _switched(item.find(f"{W}trPr/{W}hidden")):
                texts = " | ".join(filter(None, map(_all_text, cells)))
                gone.append((DELETED if deleted else HIDDEN, len(rows), texts))
            elif item.tag == f"{W}tr":
                row = self._row(item, cells, len(rows) + 1, rows[-1] if rows else ())
                rows.append(tuple(row)[:_MOST_COLUMNS])
                count += len(rows[-1])
            if count > self.most_cells:
                raise UnreadableWorkbook(
                    "word-too-many-cells",
                    file=self.file.name,
                    table=str(number),
                    limit=self.most_cells,
                )
        self.style.pop()
        return Grid(number, tuple(rows), tuple(gone))

    def _row(
        self, row: _Element, cells: list[_Element], number: int, above: tuple[Cell | None, ...]
    ) -> Iterator[Cell | None]:
        before = _count(row.find(f"{W}trPr/{W}gridBefore"))
        column = before + 1
        yield from [None] * before
        cell: Cell | None = None
        for item in cells:
            across = _count(item.find(f"{W}tcPr/{W}gridSpan"), 1) or 1
            over = above[column - 1] if column <= len(above) else None
            if not (_goes_on(item, "hMerge") and cell is not None):
                cell = over if _goes_on(item, "vMerge") else None
                cell = cell or self._cell(item, number, column, across)
            yield from [cell] * across
            column += across
        yield from [None] * _count(row.find(f"{W}trPr/{W}gridAfter"))

    def _cell(self, item: _Element, row: int, column: int, across: int) -> Cell:
        if item.find(f"{W}tcPr/{W}cellDel") is not None:
            gone = Paragraph("", gone=((DELETED, _all_text(item)),))
            return Cell(row, column, across, (gone,))
        found = list(self.blocks(item))
        references = item.iter(FOOTNOTE, f"{W}endnoteReference")
        others = [r for r in references if r.tag != FOOTNOTE or r.get(ID) not in self.file.notes]
        return Cell(
            row,
            column,
            across,
            tuple(part for part in found if isinstance(part, Paragraph)),
            bool(others),
            tuple(part for part in found if isinstance(part, Grid)),
        )

    def _paragraph(self, item: _Element) -> Paragraph:
        """Return a paragraph with its text apart from its marks and from what is gone."""
        style = item.find(f"{W}pPr/{W}pStyle")
        key = "\0paragraph" if style is None else _val(style)
        known = self.file.styles.get(key)
        name = key if known is None else _val(known.find(f"{W}name"), key)
        text, letter, lowered = "", "", False
        marks: list[str] = []
        gone: list[Seen] = []
        other: list[Seen] = []
        for look, piece in _merged(self._pieces(item, key)):
            if look in _GONE:
                gone += [(look, piece.strip())] if piece.strip() else []
            elif look == RAISED and not text.strip() and _LETTERED.fullmatch(piece):
                letter, text = piece.strip().rstrip(")"), ""
            elif look == RAISED and _is_mark(text, piece):
                marks += [part.strip(" ()") for part in piece.split(",")]
            elif look in _RUNNING:
                text += piece
                lowered = lowered or look != PLAIN
            else:
                other.append((look, piece))
        runs = [run for run in item.iter(f"{W}r") if _all_text(run)]
        bold = bool(runs) and all(self.looks.is_on(r, "b", key, self.style[-1]) for r in runs)
        return Paragraph(
            exact="\n".join(line.strip() for line in text.split("\n")).strip(),
            style="" if style is None else name.casefold(),
            marks=tuple(marks),
            letter=letter,
            automatic=item.find(f"{W}pPr/{W}numPr") is not None,
            lowered=lowered,
            bold=bold,
            gone=tuple(gone),
            other=tuple(other),
            table=self.tables,
        )

    def _pieces(self, node: _Element, key: str) -> Iterator[Seen]:
        """Return the texts of a paragraph's runs, each with its look or its kind."""
        for child in _children(node):
            if child.tag in _DELETIONS:
                yield DELETED, _all_text(child)
            elif child.tag == f"{W}r":
                yield from self._run(child, self.looks.look(child, key, self.style[-1]))
                parent = child.getparent()
                if parent is not None and parent.tag == f"{W}bdo" and _val(parent) == "rtl":
                    yield "reversed-text", _all_text(child)
            elif child.tag.startswith(_MATH):
                text = "".join(part.text or "" for part in child.iter(f"{_MATH}t"))
                yield PLAIN, text
                yield "equation", text
            elif text := _all_text(child):
                yield "unknown-part", text

    def _run(self, run: _Element, look: str) -> Iterator[Seen]:
        for item in _children(run):
            if item.tag == f"{W}t":
                yield look, item.text or ""
            elif item.tag == f"{W}br":
                yield look, "" if item.get(f"{W}type") in ("page", "column") else "\n"
            elif item.tag == f"{W}delText":
                yield DELETED, item.text or ""
            elif item.tag in _PICTURES and look != HIDDEN:
                yield from self._picture(item)
            elif item.tag == FOOTNOTE and item.get(ID, "") in self.file.notes:
                times, place = divmod(len(self.letters), len(ascii_lowercase))
                letter = ascii_lowercase[place] * (times + 1)  # the next one: a to z, aa, bb
                yield RAISED, self.letters.setdefault(item.get(ID, ""), letter)
            elif item.tag in _BREAKS:
                yield look, _BREAKS[item.tag]

    def _picture(self, item: _Element) -> Iterator[Seen]:
        """Return the texts of the boxes in a picture, else what kind of picture it is."""
        boxes = [box for box in item.iter(f"{W}txbxContent") if not _is_within(box, item)]
        for box in boxes:
            tables = self.tables
            yield "text-box", _flat(self.blocks(box))
            self.tables = tables
        if not boxes:
            names = {str(part.tag).rpartition("}")[2] for part in item.iter()}
            text = "".join(part.get("string", "") for part in item.iter())
            kind = next((kind for name, kind in _PICTURED.items() if name in names), "picture")
            yield "embedded-object" if item.tag == f"{W}object" else kind, text


def _is_within(box: _Element, top: _Element) -> bool:
    """Return whether a box lies in another, or in an alternative that is not seen."""
    around = itertools.takewhile(lambda node: node is not top, box.iterancestors())
    return any(
        outer.tag == f"{W}txbxContent"
        or (outer.tag == f"{_MC}AlternateContent" and inner is not _alternative(outer))
        for inner, outer in itertools.pairwise((box, *around, top))
    )


def _is_mark(before: str, raised: str) -> bool:
    """Return whether a raised sign is a note's mark: no ordinal (10th, 1er), no power (km²)."""
    sign = raised.strip()
    if not before.strip() or not _MARK.fullmatch(raised):
        return False
    if sign.isdigit():
        return not _UNIT.search(before)
    return not (before[-1].isdigit() and sign in ("st", "nd", "rd", "th", "er", "e", "o"))


def _goes_on(cell: _Element, name: str) -> bool:
    merge = cell.find(f"{W}tcPr/{W}{name}")
    return merge is not None and _val(merge, "continue") == "continue"


def _count(item: _Element | None, otherwise: int = 0) -> int:
    text = _val(item)
    if not (text.isascii() and text.isdigit()):
        return otherwise
    return min(int(text[:9]), _MOST_COLUMNS)


def _merged(pieces: Iterable[Seen]) -> Iterator[Seen]:
    """Return the pieces of a paragraph, neighbours of one look joined."""
    number = itertools.count()
    running = (piece for piece in pieces if piece[1] or piece[0] not in _RUNNING)
    looks = itertools.groupby(running, lambda p: p[0] if p[0] in _RUNNING else next(number))
    for _, group in looks:
        parts = list(group)
        yield parts[0][0], "".join(text for _, text in parts)
