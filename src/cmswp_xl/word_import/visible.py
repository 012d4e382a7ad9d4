"""
How a run of text looks to a reader: plain, raised, lowered, struck through or hidden.

python-docx gives the properties that stand at the run itself; those of styles (through
`basedOn`), of the paragraph's, the table's and the document's defaults it leaves to the caller.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.word_import.package import W

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from cmswp_xl.word_import.package import WordFile


PLAIN, RAISED, LOWERED = "plain", "raised", "lowered"
STRUCK, HIDDEN, DELETED = "struck", "hidden", "deleted"
GONE = (STRUCK, HIDDEN, DELETED)
RUNNING = frozenset({PLAIN, RAISED, LOWERED, *GONE})
_OFF = frozenset({"0", "false", "off", "none"})
_MOST_BASES = 20


class Looks:
    """The looks of the runs of one file, by their own properties and those of styles."""

    def __init__(self, file: WordFile) -> None:
        self._styles, self._defaults = file.styles, file.defaults
        self._chains: dict[str, tuple[_Element, ...]] = {}
        self._known: dict[tuple[str, ...], str | bool] = {}

    def look(self, run: _Element, *styles: str) -> str:
        """Return the look of a run; `styles` are those of its paragraph and its table."""
        if self._on(run, "vanish", styles):
            return HIDDEN
        if self._on(run, "strike", styles) or self._on(run, "dstrike", styles):
            return STRUCK
        align = self._text(run, "vertAlign", styles)
        if align in ("superscript", "subscript"):
            return RAISED if align == "superscript" else LOWERED
        points = self._text(run, "position", styles)
        if points.strip("-0"):
            return LOWERED if points.startswith("-") else RAISED
        return PLAIN

    def bold(self, run: _Element, *styles: str) -> bool:
        """Return whether a run is bold."""
        return self._on(run, "b", styles)

    def _on(self, run: _Element, name: str, styles: tuple[str, ...]) -> bool:
        """Return whether a switch is on; switches of several styles are set against each other."""
        own, keys = _own(run, name, styles)
        if own is not None:
            return _switched(own)
        key = (name, *keys)
        if key not in self._known:
            values = [self._styled(name, one) for one in keys]
            on = sum(value is not None and _switched(value) for value in values) % 2 == 1
            default = None if self._defaults is None else self._defaults.find(f"{W}{name}")
            self._known[key] = on or (default is not None and _switched(default))
        return bool(self._known[key])

    def _text(self, run: _Element, name: str, styles: tuple[str, ...]) -> str:
        own, keys = _own(run, name, styles)
        if own is not None:
            return str(own.get(f"{W}val", ""))
        key = (name, *keys)
        if key not in self._known:
            values = (self._styled(name, one) for one in keys)
            found = next((value for value in values if value is not None), None)
            self._known[key] = "" if found is None else found.get(f"{W}val", "")
        return str(self._known[key])

    def _styled(self, name: str, key: str) -> _Element | None:
        """Return a property from a style or the styles that it is based on."""
        if key not in self._chains:
            self._chains[key] = tuple(self._chain(key))
        return next(
            (v for p in self._chains[key] if (v := p.find(f"{W}{name}")) is not None), None
        )

    def _chain(self, key: str) -> list[_Element]:
        found: list[_Element] = []
        for _ in range(_MOST_BASES):
            style = self._styles.get(key)
            if style is None:
                break
            properties, base = style.find(f"{W}rPr"), style.find(f"{W}basedOn")
            if properties is not None:
                found.append(properties)
            key = "" if base is None else base.get(f"{W}val", "")
        return found


def _own(
    run: _Element, name: str, styles: tuple[str, ...]
) -> tuple[_Element | None, tuple[str, ...]]:
    """Return a run's own property, and the styles that hold where it has none."""
    direct = run.find(f"{W}rPr")
    if direct is None:
        return None, styles
    style = direct.find(f"{W}rStyle")
    keys = styles if style is None else (style.get(f"{W}val", ""), *styles)
    return direct.find(f"{W}{name}"), keys


def _switched(item: _Element) -> bool:
    return item.get(f"{W}val", "true") not in _OFF


MOST_COLUMNS = 63
"""Word's own limit; what lies beyond it in a spoilt file is not read."""

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_WRAPPERS = frozenset(
    f"{W}{name}"
    for name in (
        *("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink"),
        *("dir", "bdo", "fldSimple", "ruby", "rubyBase"),
    )
)
_DELETIONS = frozenset({f"{W}del", f"{W}moveFrom"})
_BREAKS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "\N{NON-BREAKING HYPHEN}",
    f"{W}sym": "\N{REPLACEMENT CHARACTER}",
}
_REFERENCES = frozenset({f"{W}footnoteReference", f"{W}endnoteReference"})
_PICTURES = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_BLOCKS = frozenset({f"{W}altChunk", f"{W}subDoc"})
_MARK = re.compile(
    r"[(\s]*(?:[a-z]{1,2}|\d{1,2}|[*†‡]{1,3})(?:\s*,\s*(?:[a-z]{1,2}|\d{1,2}))*[)\s]*"
)
_UNIT = re.compile(r"(?:^|[\s\d])[kcmd]?m$")
_LETTERED = re.compile(r"\s*([a-z]{1,2}|\d{1,2}|[*†‡]{1,3})\)?\s*")

Seen = tuple[str, str]
"""A kind of text, and the text."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """
    A paragraph's text without the marks of its notes, which stand apart.

    `letter` is the mark that it begins with, where it is itself a note; `automatic` tells that
    Word numbers it; `lowered` that letters or figures stand below the line; `table` is the number
    of tables before it.
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
    def heading(self) -> bool:
        """Whether it has a heading's style."""
        return bool(re.match(r"(?:heading|titre|t[íi]tulo|überschrift)\s*\d", self.style))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with the place where it begins, rows and columns counted from 1."""

    row: int
    column: int
    across: int
    paragraphs: tuple[Paragraph, ...]
    footnotes: int = 0
    nested: tuple[Grid, ...] = ()

    @property
    def text(self) -> str:
        """The text, a line for each paragraph that is not blank."""
        return "\n".join(part.text for part in self.paragraphs if part.text)

    @property
    def exact(self) -> str:
        """The text as `text`, tabs kept."""
        return "\n".join(part.exact for part in self.paragraphs if part.text)

    @property
    def gone(self) -> Iterator[Seen]:
        """What was struck through, hidden or deleted."""
        return (seen for part in self.paragraphs for seen in part.gone)

    @property
    def other(self) -> Iterator[Seen]:
        """What is seen and is no running text."""
        return (seen for part in self.paragraphs for seen in part.other)


@dataclass(frozen=True, slots=True)
class Grid:
    """
    A table: `rows` hold, for each row, the cell that covers each column; None for no cell.

    `gone` are the rows that were left out, with the row before each; `marked` the rows that Word
    repeats as headings.
    """

    number: int
    rows: tuple[tuple[Cell | None, ...], ...]
    gone: tuple[tuple[str, int, str], ...] = ()
    marked: frozenset[int] = frozenset()

    @property
    def width(self) -> int:
        """Count the columns."""
        return max(map(len, self.rows), default=0)

    def cell(self, row: int, column: int) -> Cell | None:
        """Return the cell that covers a place; None beyond the row's end."""
        line = self.rows[row - 1]
        return line[column - 1] if column <= len(line) else None

    def starts(self, row: int) -> Iterator[Cell]:
        """Return the cells that begin in a row."""
        seen = None
        for cell in self.rows[row - 1]:
            if cell is not None and cell is not seen and cell.row == row:
                yield cell
            seen = cell


def blocks(file: WordFile, most_cells: int) -> list[Paragraph | Grid]:
    """
    Return paragraphs and tables of the body in order.

    Raises `UnreadableWorkbook` for a table with more cells than allowed.
    """
    return list(_Walk(file, Looks(file), most_cells).blocks(file.body))


def texts_elsewhere(file: WordFile) -> list[tuple[str, str]]:
    """Return the texts of headers, footers, notes and comments, each with its kind."""
    walk = _Walk(file, Looks(file), 10**6)
    found: dict[tuple[str, str], None] = {}
    for kind, root in file.elsewhere:
        parts = root if kind in ("footnotes", "endnotes", "comments") else [root]
        for part in parts:
            if part.get(f"{W}type", "normal") != "normal":
                continue
            text = _joined(walk.blocks(part))
            if text:
                found[kind, text] = None
    return list(found)


def tracked(file: WordFile) -> bool:
    """Return whether insertions or deletions are still to be accepted."""
    tags = (f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo", f"{W}cellDel", f"{W}cellIns")
    return next(file.body.iter(*tags), None) is not None


def _joined(items: Iterator[Paragraph | Grid]) -> str:
    texts = []
    for item in items:
        if isinstance(item, Grid):
            texts += [
                " | ".join(c.text for c in item.starts(n + 1)) for n in range(len(item.rows))
            ]
        else:
            texts += [item.text, *(text for _, text in item.other)]
    return " ".join(" ".join(texts).split())


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


@dataclass(slots=True)
class _Walk:
    """One walk through the parts of a file."""

    file: WordFile
    looks: Looks
    most_cells: int
    tables: int = 0
    style: list[str] = field(default_factory=lambda: [""])

    def blocks(self, node: _Element) -> Iterator[Paragraph | Grid]:
        """Return the paragraphs and tables of a node in order."""
        for item in _children(node):
            if item.tag == f"{W}p":
                yield self.paragraph(item)
            elif item.tag == f"{W}tbl":
                yield self.grid(item)
            elif item.tag in _DELETIONS:
                yield Paragraph("", gone=((DELETED, _all_text(item)),), table=self.tables)
            elif item.tag in _BLOCKS:
                yield Paragraph("", other=(("inserted-file", ""),), table=self.tables)
            elif (text := _all_text(item)) or item.tag == f"{W}r":
                yield Paragraph("", other=(("unknown-part", text),), table=self.tables)

    def grid(self, table: _Element) -> Grid:
        """Return a table of the body."""
        self.tables += 1
        number = self.tables
        style = table.find(f"{W}tblPr/{W}tblStyle")
        default = "\0table" if "\0table" in self.file.styles else ""
        self.style.append(default if style is None else style.get(f"{W}val", ""))
        rows: list[tuple[Cell | None, ...]] = []
        gone: list[tuple[str, int, str]] = []
        marked = set()
        count = 0
        for item in _children(table):
            if item.tag != f"{W}tr":
                if item.tag in _DELETIONS:
                    gone.append((DELETED, len(rows), _all_text(item)))
                continue
            left = _left_out(item)
            if left:
                cells = [_all_text(cell) for cell in _children(item) if cell.tag == f"{W}tc"]
                gone.append((left, len(rows), " | ".join(filter(None, cells))))
                continue
            above = rows[-1] if rows else ()
            rows.append(tuple(self._row(item, len(rows) + 1, above))[:MOST_COLUMNS])
            if _visible_switched(item.find(f"{W}trPr/{W}tblHeader")):
                marked.add(len(rows))
            count += len(rows[-1])
            if count > self.most_cells:
                raise UnreadableWorkbook(
                    "word-too-many-cells",
                    file=self.file.name,
                    table=str(number),
                    limit=self.most_cells,
                )
        self.style.pop()
        return Grid(number, tuple(rows), tuple(gone), frozenset(marked))

    def _row(
        self, row: _Element, number: int, above: tuple[Cell | None, ...]
    ) -> Iterator[Cell | None]:
        before = _number(row.find(f"{W}trPr/{W}gridBefore"), 0)
        column = before + 1
        yield from [None] * before
        origin: Cell | None = None
        for item in _children(row):
            if item.tag != f"{W}tc":
                continue
            across = _number(item.find(f"{W}tcPr/{W}gridSpan"), 1) or 1
            held = above[column - 1] if column <= len(above) else None
            if _goes_on(item, "hMerge") and origin is not None:
                cell = origin
            elif _goes_on(item, "vMerge") and held is not None:
                cell = held
            else:
                cell = self._cell(item, number, column, across)
            yield from [cell] * across
            column += across
            origin = cell
        yield from [None] * _number(row.find(f"{W}trPr/{W}gridAfter"), 0)

    def _cell(self, item: _Element, row: int, column: int, across: int) -> Cell:
        if item.find(f"{W}tcPr/{W}cellDel") is not None:
            gone = Paragraph("", gone=((DELETED, _all_text(item)),))
            return Cell(row, column, across, (gone,))
        found = list(self.blocks(item))
        return Cell(
            row,
            column,
            across,
            tuple(part for part in found if isinstance(part, Paragraph)),
            sum(1 for _ in item.iter(*_REFERENCES)),
            tuple(part for part in found if isinstance(part, Grid)),
        )

    def paragraph(self, item: _Element) -> Paragraph:
        """Return a paragraph with its text apart from its marks and from what is gone."""
        style = item.find(f"{W}pPr/{W}pStyle")
        key = "\0paragraph" if style is None else style.get(f"{W}val", "")
        text, marks, letter, lowered = "", [], "", False
        gone: list[Seen] = []
        other: list[Seen] = []
        for piece, look in _joined_pieces(self._pieces(item, key)):
            if look in GONE:
                if piece.strip():
                    gone.append((look, piece.strip()))
            elif look == RAISED and not text.strip() and _LETTERED.fullmatch(piece):
                letter, text = piece.strip().rstrip(")"), ""
            elif look == RAISED and _is_mark(text, piece):
                marks += [part.strip(" ()") for part in piece.split(",")]
            elif look in RUNNING:
                text += piece
                lowered = lowered or look != PLAIN
            else:
                other.append((look, piece))
        lines = (" ".join(line.split(" ")).strip() for line in text.split("\n"))
        return Paragraph(
            exact="\n".join(lines).strip(),
            style="" if style is None else self.file.style_name(key).casefold(),
            marks=tuple(marks),
            letter=letter,
            automatic=item.find(f"{W}pPr/{W}numPr") is not None,
            lowered=lowered,
            bold=self._bold(item, key),
            gone=tuple(gone),
            other=tuple(other),
            table=self.tables,
        )

    def _bold(self, item: _Element, key: str) -> bool:
        """Return whether all that a paragraph says is bold."""
        runs = [run for run in item.iter(f"{W}r") if _all_text(run)]
        return bool(runs) and all(self.looks.bold(run, key, self.style[-1]) for run in runs)

    def _pieces(self, node: _Element, key: str) -> Iterator[Seen]:
        """Return the texts of a paragraph's runs, each with its look or its kind."""
        for child in _children(node):
            if child.tag in _DELETIONS:
                yield _all_text(child), DELETED
            elif child.tag == f"{W}r":
                yield from self._run(child, self.looks.look(child, key, self.style[-1]))
                if _reversed(child):
                    yield _all_text(child), "reversed-text"
            elif child.tag.startswith(_MATH):
                text = "".join(part.text or "" for part in child.iter(f"{_MATH}t"))
                yield text, PLAIN
                yield text, "equation"
            elif text := _all_text(child):
                yield text, "unknown-part"

    def _run(self, run: _Element, look: str) -> Iterator[Seen]:
        for item in _children(run):
            if item.tag == f"{W}t":
                yield item.text or "", look
            elif item.tag == f"{W}br":
                yield "" if item.get(f"{W}type") in ("page", "column") else "\n", look
            elif item.tag == f"{W}delText":
                yield item.text or "", DELETED
            elif item.tag in _PICTURES:
                if look != HIDDEN:
                    yield from self._picture(item)
            elif item.tag in _BREAKS:
                yield _BREAKS[item.tag], look

    def _picture(self, item: _Element) -> Iterator[Seen]:
        """Return the texts of the boxes in a picture, else what kind of picture it is."""
        boxes = [box for box in item.iter(f"{W}txbxContent") if not _within(box, item)]
        for box in boxes:
            tables = self.tables
            yield _joined(self.blocks(box)), "text-box"
            self.tables = tables
        if not boxes:
            names = {str(part.tag).rpartition("}")[2] for part in item.iter()}
            kind = "picture"
            if item.tag == f"{W}object" or "OLEObject" in names:
                kind = "embedded-object"
            elif "chart" in names:
                kind = "chart"
            elif "textpath" in names:
                kind = "text-box"
            yield "".join(p.get("string", "") for p in item.iter() if p.get("string")), kind


def _reversed(run: _Element) -> bool:
    """Return whether a run's letters are set from right to left, whatever they are."""
    parent = run.getparent()
    return parent is not None and parent.tag == f"{W}bdo" and parent.get(f"{W}val") == "rtl"


def _within(box: _Element, top: _Element) -> bool:
    """Return whether a box lies in another, or in an alternative that is not taken."""
    parent = box.getparent()
    inner = box
    while parent is not None and inner is not top:
        if parent.tag == f"{W}txbxContent":
            return True
        if parent.tag == f"{_MC}AlternateContent" and inner is not _alternative(parent):
            return True
        inner, parent = parent, parent.getparent()
    return False


def _all_text(item: _Element) -> str:
    tags = (f"{W}t", f"{W}delText")
    return " ".join("".join(part.text or "" for part in item.iter(*tags)).split())


def _left_out(row: _Element) -> str:
    """Return why a row is not seen: deleted, hidden, or "" where it is seen."""
    if row.find(f"{W}trPr/{W}del") is not None:
        return DELETED
    return HIDDEN if _visible_switched(row.find(f"{W}trPr/{W}hidden")) else ""


def _visible_switched(item: _Element | None) -> bool:
    return item is not None and item.get(f"{W}val", "true") not in ("0", "false", "off")


def _goes_on(cell: _Element, name: str) -> bool:
    """Return whether a cell only goes on with the one above or before it."""
    merge = cell.find(f"{W}tcPr/{W}{name}")
    return merge is not None and merge.get(f"{W}val", "continue") == "continue"


def _number(item: _Element | None, otherwise: int) -> int:
    if item is None:
        return otherwise
    text = item.get(f"{W}val", "")
    if not (text.isascii() and text.isdigit()):
        return otherwise
    return min(int(text[:9]), MOST_COLUMNS)


def _is_mark(before: str, raised: str) -> bool:
    """Return whether a raised sign is a note's mark: no ordinal (10th, 1er), no power (km²)."""
    if not before.strip() or not _MARK.fullmatch(raised):
        return False
    if raised.strip().isdigit():
        return not _UNIT.search(before)
    return not (
        before[-1].isdigit() and raised.strip() in ("st", "nd", "rd", "th", "er", "e", "o")
    )


def _joined_pieces(pieces: Iterator[Seen]) -> Iterator[Seen]:
    """Return the pieces of a paragraph, neighbours of one look joined."""
    held, held_look = "", PLAIN
    for text, look in pieces:
        if look == held_look and look in RUNNING:
            held += text
        elif text or look not in RUNNING:
            if held or held_look not in RUNNING:
                yield held, held_look
            held, held_look = text, look
    if held or held_look not in RUNNING:
        yield held, held_look
