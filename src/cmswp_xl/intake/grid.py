"""
The body of a Word file as paragraphs and grids, in reading order.

Merged cells are resolved: every place of a grid gives the cell that covers it, with the place
where that cell begins. What was deleted under tracked changes is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.intake.package import W

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from cmswp_xl.intake.package import WordFile

MOST_COLUMNS = 63
"""Word's own limit; what lies beyond it in a spoilt file is not read."""

_WRAPPERS = frozenset(
    f"{W}{name}"
    for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink")
)
_FIELD = f"{W}fldSimple"
_BREAKS = {f"{W}tab": " ", f"{W}cr": "\n", f"{W}noBreakHyphen": "\N{NON-BREAKING HYPHEN}"}
_REFERENCES = frozenset({f"{W}footnoteReference", f"{W}endnoteReference"})
_MARK = re.compile(
    r"[(\s]*(?:[a-z]{1,2}|\d{1,2}|[*†‡]{1,3})(?:\s*,\s*(?:[a-z]{1,2}|\d{1,2}))*[)\s]*"
)
_UNIT = re.compile(r"(?:^|[\s\d])[kcmd]?m$")
_LETTERED = re.compile(r"\s*([a-z]{1,2}|\d{1,2}|[*†‡]{1,3})\)?\s*")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """
    A paragraph's text without the marks of its notes, which stand apart.

    `letter` is the mark that it begins with, where it is itself a note; `automatic` tells that
    Word numbers it.
    """

    text: str
    style: str = ""
    marks: tuple[str, ...] = ()
    letter: str = ""
    automatic: bool = False

    @property
    def heading(self) -> bool:
        """Tell whether it has a heading's style."""
        return bool(re.match(r"(?:heading|titre|t[íi]tulo|überschrift)\s*\d", self.style))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with the place where it begins, rows and columns counted from 1."""

    row: int
    column: int
    across: int
    paragraphs: tuple[Paragraph, ...]
    footnotes: int = 0
    nested: bool = False

    @property
    def text(self) -> str:
        """Give the text, a line for each paragraph that is not blank."""
        return "\n".join(part.text for part in self.paragraphs if part.text)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: `rows` hold, for each row, the cell that covers each column; None for no cell."""

    number: int
    rows: tuple[tuple[Cell | None, ...], ...]

    @property
    def width(self) -> int:
        """Count the columns."""
        return max(map(len, self.rows), default=0)

    def cell(self, row: int, column: int) -> Cell | None:
        """Give the cell that covers a place; None beyond the row's end."""
        line = self.rows[row - 1]
        return line[column - 1] if column <= len(line) else None

    def starts(self, row: int) -> Iterator[Cell]:
        """Give the cells that begin in a row."""
        seen = None
        for cell in self.rows[row - 1]:
            if cell is not None and cell is not seen and cell.row == row:
                yield cell
            seen = cell


def blocks(file: WordFile, most_cells: int) -> list[Paragraph | Grid]:
    """
    Give paragraphs and tables of the body in order.

    Raises `UnreadableWorkbook` for a table with more cells than allowed.
    """
    found: list[Paragraph | Grid] = []
    number = 0
    for item in _children(file.body):
        if item.tag == f"{W}p":
            found.append(_paragraph(item, file.styles))
        elif item.tag == f"{W}tbl":
            number += 1
            found.append(_grid(item, number, file, most_cells))
    return found


def tracked(file: WordFile) -> bool:
    """Tell whether insertions or deletions are still to be accepted."""
    tags = (f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo")
    return next(file.body.iter(*tags), None) is not None


def _children(node: _Element) -> Iterator[_Element]:
    """Give the children of a node, through controls and insertions, without deletions."""
    for child in node:
        if child.tag in _WRAPPERS:
            yield from _children(child)
        else:
            yield child


def _grid(table: _Element, number: int, file: WordFile, most_cells: int) -> Grid:
    rows: list[tuple[Cell | None, ...]] = []
    count = 0
    for item in _children(table):
        if item.tag != f"{W}tr" or item.find(f"{W}trPr/{W}del") is not None:
            continue
        above = rows[-1] if rows else ()
        rows.append(tuple(_row(item, len(rows) + 1, above, file.styles))[:MOST_COLUMNS])
        count += len(rows[-1])
        if count > most_cells:
            raise UnreadableWorkbook(
                "word-too-many-cells", file=file.name, table=str(number), limit=most_cells
            )
    return Grid(number, tuple(rows))


def _row(
    row: _Element, number: int, above: tuple[Cell | None, ...], styles: dict[str, str]
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
            cell = _cell(item, number, column, across, styles)
        yield from [cell] * across
        column += across
        origin = cell


def _goes_on(cell: _Element, name: str) -> bool:
    """Tell whether a cell only goes on with the one above or before it."""
    merge = cell.find(f"{W}tcPr/{W}{name}")
    return merge is not None and merge.get(f"{W}val", "continue") == "continue"


def _number(item: _Element | None, otherwise: int) -> int:
    if item is None:
        return otherwise
    text = item.get(f"{W}val", "")
    if not (text.isascii() and text.isdigit()):
        return otherwise
    return min(int(text[:9]), MOST_COLUMNS)


def _cell(item: _Element, row: int, column: int, across: int, styles: dict[str, str]) -> Cell:
    children = list(_children(item))
    paragraphs = tuple(_paragraph(child, styles) for child in children if child.tag == f"{W}p")
    footnotes = sum(1 for _ in item.iter(*_REFERENCES))
    nested = any(child.tag == f"{W}tbl" for child in children)
    return Cell(row, column, across, paragraphs, footnotes, nested)


def _paragraph(item: _Element, styles: dict[str, str]) -> Paragraph:
    style = item.find(f"{W}pPr/{W}pStyle")
    key = "" if style is None else style.get(f"{W}val", "")
    text, marks, letter = "", [], ""
    for piece, raised in _pieces(item):
        if raised and not text.strip() and _LETTERED.fullmatch(piece):
            letter, text = piece.strip(), ""
        elif raised and _is_mark(text, piece):
            marks += [part.strip(" ()") for part in piece.split(",")]
        else:
            text += piece
    return Paragraph(
        text="\n".join(" ".join(line.split(" ")).strip() for line in text.split("\n")).strip(),
        style=styles.get(key, key).casefold(),
        marks=tuple(marks),
        letter=letter,
        automatic=item.find(f"{W}pPr/{W}numPr") is not None,
    )


def _is_mark(before: str, raised: str) -> bool:
    """Tell a note's mark from an ordinal (10th, 1er) and from a power (km²)."""
    if not before.strip() or not _MARK.fullmatch(raised):
        return False
    if raised.strip().isdigit():
        return not _UNIT.search(before)
    return not (before[-1].isdigit() and raised.strip().isalpha())


def _pieces(node: _Element) -> Iterator[tuple[str, bool]]:
    """Give the texts of a paragraph's runs and whether each is raised; equal neighbours joined."""
    held, held_raised = "", False
    for run in _runs(node):
        align = run.find(f"{W}rPr/{W}vertAlign")
        raised = align is not None and align.get(f"{W}val") == "superscript"
        text = "".join(_texts(run))
        if raised == held_raised:
            held += text
        elif text:
            if held:
                yield held, held_raised
            held, held_raised = text, raised
    if held:
        yield held, held_raised


def _runs(node: _Element) -> Iterator[_Element]:
    for child in _children(node):
        if child.tag == f"{W}r":
            yield child
        elif child.tag == _FIELD:
            yield from _runs(child)


def _texts(run: _Element) -> Iterator[str]:
    for item in run:
        if item.tag == f"{W}t":
            yield item.text or ""
        elif item.tag == f"{W}br":
            yield "" if item.get(f"{W}type") in ("page", "column") else "\n"
        else:
            yield _BREAKS.get(item.tag, "")
