"""
The body of a document as Word writes it: sections, paragraphs, lists, and every table.

How tables look is read off the pattern, `base/styles.docx`: a table with a row of each look, named
in its first cell. Staff restyle borders, shades and margins there, once for all documents. A table
is written out last, when the room that it has is known: a large one is never parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from html import unescape
from pathlib import Path
from string import digits
from types import MappingProxyType
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from lxml import etree
from markupsafe import Markup

from cmswp_xl.errors import BrokenResource
from cmswp_xl.ooxml import Limits, open_package, parsed, read_bytes
from cmswp_xl.page import (
    TOTALS,
    Bullets,
    HeadCell,
    Measured,
    Paragraph,
    Placed,
    Row,
    Section,
    Table,
    by_column,
    fitted_widths,
)
from cmswp_xl.render.finish import (
    PLACE,
    SMALL_TYPE,
    UNBROKEN,
    element,
    held,
    put_in_order,
    renamed,
    set_widths,
    wml,
    write_switches,
)
from cmswp_xl.render.templates import SHARED_STYLES
from cmswp_xl.resources import PACKAGE, read_yaml

if TYPE_CHECKING:
    from lxml.etree import _Element


_STYLES: Mapping[str, Mapping[str, str]] = read_yaml(PACKAGE / "render" / "looks.yaml")
_PARAGRAPHS, _COLUMNS, _CELLS = _STYLES.values()
"""The styles of paragraphs by look; in tables, by that of the column or cell, or their own."""
_FIGURES = frozenset({"amount", "center"})
_PIECES = {
    "strong": "<w:b/>",
    "added": '<w:b/><w:u w:val="single"/>',
    "removed": '<w:strike/><w:color w:val="444444"/>',
}
_RAISED = '<w:vertAlign w:val="superscript"/>'
_REFERENCE = f'<w:rStyle w:val="FootnoteReference"/>{_RAISED}'
KEY = "key"
"""The attribute that says what a block or a row is about; no document that is given out has it."""
_PARTS = (Section, Table, Paragraph, Bullets)
FIRST_LIST, BULLETS = 43001, 43000
"""The numbers of the list of numbered paragraphs, and of that of bullets, in a Word file."""
_LEVELS = {
    **dict.fromkeys(("paragraph", "lead", "heading", "unnumbered"), 0),
    "subparagraph": 1,
    "bullet": 0,
}
"""The levels of what staff write, in its lists."""
_BELOW = frozenset({"subparagraph", "bullet"})
_STYLED = re.compile(r'(<w:pStyle w:val="[^"]*"/>)')
_SUM = re.compile(r'(<w:pStyle w:val="CMSTableTotal(?:Amount)?"/>)')
_OWN_LIST = "CMSCoverBullet"
"""A style that is itself of a list."""
_CLOSING = TOTALS | {"silent"}
"""The looks of rows that end a table: sums, and what nobody reported on."""
_LAST, _LISTED = 3, 2
"""How many rows the end of a table keeps together, and how many of these are others at least."""
_SMALL = re.compile(
    r'(<w:pStyle w:val="CMS)(?=(?:Table(?:Head|Text|Amount|Total|TotalAmount)|Statement)")'
)
_NAMESPACE = re.compile(r' xmlns:\w+="[^"]*"')
_BREAK = '</w:t><w:noBreakHyphen/><w:t xml:space="preserve">'
_MARKUP = re.compile(r"<w:instrText.*?</w:instrText>|<[^>]*>")
_TYPE = f'<w:sz w:val="{SMALL_TYPE}"/><w:szCs w:val="{SMALL_TYPE}"/>'
_BARE_RUN = re.compile("<w:r>(?!<w:rPr>)")
_RUN_LOOK = re.compile(r"<w:r><w:rPr>((?:<w:(?!u |vertAlign )[^>]*>)*)")


@dataclass(frozen=True, slots=True)
class RowPattern:
    """How a row looks: its properties, those of its first cell, and those of the others."""

    row: str
    first: str
    others: str


@dataclass(frozen=True, slots=True)
class TablePattern:
    """How tables look: their properties, and each look of a row."""

    table: str
    rows: Mapping[str, RowPattern]

    def row(self, look: str) -> RowPattern:
        """Return how a row looks; one whose look the pattern lacks looks like any row."""
        return self.rows.get(look, self.rows["row"])

    def column(self, look: str) -> str:
        """Return how cells of a column look where their row says nothing; mostly as it is."""
        found = [self.rows[each].others for each in look.split() if each in self.rows]
        return _in_order("".join(found)) if found[1:] else "".join(found)


@cache
def _in_order(properties: str) -> str:
    cell = element(f"<w:tc><w:tcPr>{properties}</w:tcPr></w:tc>")
    put_in_order(cell)
    return _properties(cell, "tcPr")


def read_pattern(path: Path) -> TablePattern:
    """Read the pattern of tables; raises `BrokenResource` where it has no rows head and row."""
    return _pattern(read_bytes(path, Limits()))


@lru_cache(maxsize=2)
def _pattern(data: bytes) -> TablePattern:
    package = open_package(data, SHARED_STYLES)
    root = parsed(package.read("word/document.xml"))
    table = next(root.iter(wml("tbl")), None)
    rows = {} if table is None else dict(map(_row_pattern, table.iter(wml("tr"))))
    if table is None or not {"head", "row"} <= set(rows):
        raise BrokenResource("template-missing", name=SHARED_STYLES, part="head, row")
    return TablePattern(_properties(table, "tblPr", ("tblCaption",)), rows)


def _row_pattern(row: _Element) -> tuple[str, RowPattern]:
    cells = list(row.iter(wml("tc")))
    look = "".join(text.text or "" for text in cells[0].iter(wml("t"))).strip()
    properties = held(row, wml("trPr"))
    for old in properties.findall(wml("cantSplit")):
        properties.remove(old)
    etree.SubElement(properties, wml("cantSplit"))
    put_in_order(row)
    write_switches(row)
    looks = [_properties(cell, "tcPr", ("tcW", "gridSpan", "vMerge")) for cell in cells]
    return look, RowPattern(_properties(row, "trPr"), looks[0], looks[-1])


def _properties(parent: _Element, name: str, without: Iterable[str] = ()) -> str:
    left_out = set(map(wml, (*without, "cnfStyle")))
    kept = (item for item in parent.iterfind(f"{wml(name)}/*") if item.tag not in left_out)
    inner = "".join(etree.tostring(item, encoding="unicode", with_tail=False) for item in kept)
    return _NAMESPACE.sub("", inner)


@dataclass(slots=True)
class _WrittenCell(Measured):
    """A cell of a table: also its properties but for its width, and what it holds."""

    looks: str = ""
    content: str = ""


@dataclass(slots=True)
class _WrittenRow:
    """A row of a table: its properties, what it is about, whether it stays with the next."""

    look: str
    key: str
    keeps: bool
    cells: list[_WrittenCell]


@dataclass(slots=True)
class WrittenTable:
    """A table of which all is written but what depends on the room that it has."""

    looks: str
    widths: list[int]
    key: str
    rows: list[_WrittenRow]
    ids: Mapping[str, str]
    keyed: bool
    small: bool = False

    def xml(self, room: int | None) -> str:
        """Return it as Word has it, fitted into the room; None leaves it as wide as it is."""
        rows = [row.cells for row in self.rows]
        widths, titles = (
            ([], None) if room is None else fitted_widths(rows, room, squeezes=not self.small)
        )
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in self.widths)
        frame = element(f"<w:tbl>{self.looks}<w:tblGrid>{grid}</w:tblGrid></w:tbl>")
        put_in_order(frame)
        if widths:
            set_widths(frame, widths, small=titles is not None)
        begun = _NAMESPACE.sub("", etree.tostring(frame, encoding="unicode"))
        begun = begun.removesuffix("</w:tbl>")
        written = (self._row(row, widths, titles) for row in self.rows)
        text = "".join((about(self.key, begun, keyed=self.keyed), *written, "</w:tbl>"))
        return renamed(_SMALL.sub(r"\1Small", text) if self.small else text, self.ids)

    def _row(self, row: _WrittenRow, widths: Sequence[int], titles: int | None) -> str:
        cells = []
        for column, cell in by_column(row.cells):
            width = sum(widths[column : column + cell.span]) if widths else cell.width
            content = cell.content
            if titles not in (None, column) and cell.span == 1:
                content = _small(content)
            size = f'<w:tcW w:w="{width}" w:type="dxa"/>'
            cells.append(f"<w:tc><w:tcPr>{size}{cell.looks}</w:tcPr>{content}</w:tc>")
        written = f"<w:tr><w:trPr>{row.look}</w:trPr>{''.join(cells)}</w:tr>"
        return about(row.key, _kept(written, keeps=row.keeps), keyed=self.keyed)


def about(key: str, written: str, *, keyed: bool) -> str:
    """Return a block or a row with its key, where keys are asked for."""
    if not keyed:
        return written
    tag, end, rest = written.partition(">")
    return f"{tag} {KEY}={quoteattr(key)}{end}{rest}"


class BodyWriter:
    """
    Turns parts of a page into the XML of Word, and leaves other values alone.

    It reads the pattern of tables when the first comes, and keeps the account of what the
    parts need outside the text: `notes` are the footnotes by letter in the order of their first
    references, `lists` the lists by number, and the form and the style of each of their levels,
    `tables` those in whose places empty ones with their numbers stand. `ids` are those that the
    file has of styles, where they are not the usual ones; `keyed` asks for the keys of blocks and
    rows.
    """

    def __init__(
        self,
        path: Path,
        first_note: int = 1,
        ids: Mapping[str, str] = MappingProxyType({}),
        *,
        keyed: bool = False,
    ) -> None:
        self._path = path
        self._ids = ids
        self._first_note = first_note
        self._keyed = keyed
        self._texts: dict[str, str] = {}
        self.notes: dict[str, str] = {}
        self.lists: dict[int, dict[int, tuple[str, str]]] = {}
        self.tables: list[WrittenTable] = []
        self._list = 0
        self._styles = "CMS"

    def __call__(self, value: object) -> object:
        """Write a part or several of them."""
        parts = value if isinstance(value, tuple) else (value,)
        if not parts or not all(isinstance(part, _PARTS) for part in parts):
            return value
        self._texts |= {note.mark: note.text for note in _notes(parts)}
        written = "".join(text for part in parts for text in self._block(part))
        return Markup(renamed(written, self._ids))  # noqa: S704

    def small(self, value: object) -> object:
        """Write parts of a page in the small styles that a page with little room has."""
        before = len(self.tables)
        written = self(value)
        for table in self.tables[before:]:
            table.small = True
        if not isinstance(written, Markup):
            return written
        return Markup(_SMALL.sub(r"\1Small", str(written)))  # noqa: S704

    def cover(self, value: object) -> object:
        """Write what staff wrote in the styles of the meeting document."""
        self._styles = "CMSCover"
        written = self(value)
        self._styles = "CMS"
        return written

    @cached_property
    def pattern(self) -> TablePattern:
        """How tables look."""
        return read_pattern(self._path)

    def _about(self, key: str, written: str) -> str:
        return about(key, written, keyed=self._keyed)

    def _block(self, block: object, below: object = None, key: str = "") -> Iterator[str]:
        if isinstance(block, Section):
            key = block.key or block.anchor
            if block.title:
                heading = self._paragraph(Paragraph(block.title), f"Heading{block.level}")
                yield self._about(f"{key}#", heading)
            for part, after in zip(block.blocks, (*block.blocks[1:], None), strict=True):
                leads = isinstance(part, Paragraph) and isinstance(after, Table)
                written = self._block(part, after, key)
                yield from map(_kept, written) if leads else written
        elif isinstance(block, Table):
            yield from self._table(block, below, key)
        elif isinstance(block, Bullets):
            for item in block.items:
                yield self._paragraph(item[0], "ListBullet")
                yield from (self._paragraph(each, "ListContinue") for each in item[1:])
        elif isinstance(block, Paragraph):
            if block.look == "note" and self.notes.get(block.mark) == block.text:
                return  # Word has it as a footnote
            style = _PARAGRAPHS.get(block.look, "").replace("CMS", self._styles, 1)
            yield self._about(key, self._paragraph(block, style))

    def _paragraph(self, item: Paragraph, style: str) -> str:
        runs = listed = ""
        if item.look == "note" and item.mark:
            runs = _run(item.mark, _RAISED) + _run(" ")
        elif item.look in _LEVELS:
            listed = self._listed(item, style)
        elif item.mark:
            runs = f"{_run(item.mark)}<w:r><w:tab/></w:r>"
        if item.text or not item.pieces:
            runs += _run(item.text)
        runs += "".join(_run(piece.text, _PIECES.get(piece.look, "")) for piece in item.pieces)
        if item.notes:
            runs += _run(", ", _RAISED).join(map(self._reference, item.notes.split(", ")))
        named = f'<w:pStyle w:val="{style}"/>' if style else ""
        properties = f"<w:pPr>{named}{listed}</w:pPr>" if named or listed else ""
        return f"<w:p>{properties}{runs}</w:p>"

    def _listed(self, item: Paragraph, style: str) -> str:
        """
        Return the number in a list, which Word counts; letters begin afresh below a paragraph.

        Below a numbered one Word begins them itself; below another they are a list of their own.
        """
        level = _LEVELS[item.look]
        if item.look not in _BELOW:
            self._list = FIRST_LIST if item.mark else 0
        if not item.mark or style == _OWN_LIST:
            return ""
        number = BULLETS if item.look == "bullet" else self._list
        if not number:
            number = self._list = max(self.lists, default=FIRST_LIST) + 1
        form = re.sub(r"[a-z]+|\d+", f"%{level + 1}", item.mark)
        self.lists.setdefault(number, {})[level] = form, style
        return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'

    def _reference(self, letter: str) -> str:
        """Refer to a footnote; the second time, to the letter that Word gives it."""
        if letter not in self._texts:
            return _run(letter, _RAISED)
        known = letter in self.notes
        self.notes[letter] = self._texts[letter]
        number = self._first_note + list(self.notes).index(letter)
        name, mark = f"_Ref_note{number}", FIRST_LIST + number
        if known:
            return field(f"NOTEREF {name} \\f \\h", _run(letter, _REFERENCE))
        return (
            f'<w:bookmarkStart w:id="{mark}" w:name="{name}"/><w:r><w:rPr>{_REFERENCE}</w:rPr>'
            f'<w:footnoteReference w:id="{number}"/></w:r><w:bookmarkEnd w:id="{mark}"/>'
        )

    def _table(self, table: Table, below: object, key: str) -> Iterator[str]:
        if table.label:
            yield self._about(f"{key}/{table.name}#", self._caption(table))
        pattern = self.pattern
        caption = f"<w:tblCaption w:val={quoteattr(table.caption)}/>"
        looks = f"<w:tblPr>{pattern.table}{caption}</w:tblPr>"
        widths = [column.width for column in table.columns]
        written = [_head_row(cells, pattern.row("head")) for cells in table.head]
        rows = list(table.placed())
        noted = isinstance(below, Paragraph) and below.look == "note" and not below.mark
        last = _last_kept(table.rows)
        for place, ((row, cells), after) in enumerate(zip(rows, [*rows[1:], None], strict=False)):
            together = row.look == "group" or place >= last
            keeps = noted if after is None else together or _belongs(*after)
            written.append(self._row(row, cells, pattern, keeps=keeps))
        yield f'<w:tbl {PLACE}="{len(self.tables)}"/>'
        name = f"{key}/{table.name}"
        made = WrittenTable(looks, widths, name, written, self._ids, keyed=self._keyed)
        self.tables.append(made)

    def _caption(self, table: Table) -> str:
        """Return the caption of a table, its number counted by Word."""
        word = table.label.rstrip(digits)
        counted = field(f"SEQ {word.strip()} \\* ARABIC", _run(table.label[len(word) :]))
        named = '<w:pPr><w:pStyle w:val="Caption"/><w:keepNext/></w:pPr>'
        return f"<w:p>{named}{_run(word)}{counted}{_run(f' – {table.caption}')}</w:p>"

    def _row(
        self, row: Row, cells: Sequence[Placed], pattern: TablePattern, *, keeps: bool
    ) -> _WrittenRow:
        look = pattern.row(row.look)
        written: list[_WrittenCell] = []
        properties = look.first
        kept = any(cell.down > 1 and not cell.goes_on for cell in cells)
        for cell in cells:
            style = _style(cell.look, row.look)
            style = "CMSTableTextKept" if kept and style == "CMSTableText" else style
            content = "" if cell.goes_on else "".join(self._content(cell, style))
            text = "" if cell.goes_on else cell.cell if isinstance(cell.cell, str) else None
            looks = properties or pattern.column(cell.look)
            content = content or _plain("", style)
            written.append(_cell(cell, text, looks, content, goes_on=cell.goes_on))
            properties = look.others
        return _WrittenRow(look.row, row.key, keeps=keeps, cells=written)

    def _content(self, cell: Placed, style: str) -> Iterator[str]:
        if isinstance(cell.cell, str):
            yield _plain(cell.cell, style)
        else:
            for item in cell.paragraphs:
                yield self._paragraph(item, _CELLS.get(item.look, style))


def _notes(parts: Iterable[object]) -> Iterator[Paragraph]:
    """Yield the notes with letters below tables."""
    for part in parts:
        if isinstance(part, Section):
            yield from _notes(part.blocks)
        elif isinstance(part, Paragraph) and part.look == "note" and part.mark:
            yield part


def _last_kept(rows: Sequence[Row]) -> int:
    """Return from which row on a table stays together: no row ends it alone, nor with sums."""
    listed = [place for place, row in enumerate(rows) if row.look not in _CLOSING]
    return min([len(rows) - _LAST, *listed[-_LISTED:]])


def _belongs(row: Row, cells: Iterable[Placed]) -> bool:
    """Return whether a row stays with the one above it: a sum, or a cell that goes on."""
    return row.look in TOTALS or any(cell.goes_on for cell in cells)


def _kept(row: str, *, keeps: bool = True) -> str:
    """Keep a row with the next, or a sum apart from what follows, whatever its style says."""
    keep = r"\1<w:keepNext/>" if keeps else r'\1<w:keepNext w:val="0"/>'
    return (_STYLED if keeps else _SUM).sub(keep, row)


def _small(content: str) -> str:
    """Set the type of all that a cell holds as small as it may be."""
    if "<w:rPr>" in content:
        content = _RUN_LOOK.sub(rf"<w:r><w:rPr>\1{_TYPE}", content)
        return _BARE_RUN.sub(f"<w:r><w:rPr>{_TYPE}</w:rPr>", content)
    return content.replace("<w:r>", f"<w:r><w:rPr>{_TYPE}</w:rPr>")


def field(instruction: str, result: str) -> str:
    """Return a field with the result that it shows until Word brings it up to date."""
    begin, separate, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    said = f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
    return f"{begin}{said}{separate}{result}{end}"


def _plain(text: str, style: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_run(text)}</w:p>'


def _run(text: str, properties: str = "") -> str:
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    lines = "<w:br/>".join(map(_text, text.split("\n")))
    return f"<w:r>{look}{lines}</w:r>"


def _text(line: str) -> str:
    ends = f">{escape(line)}</w:t>" if line else "/>"
    return f'<w:t xml:space="preserve"{ends}'


def _head_row(cells: Iterable[HeadCell], look: RowPattern) -> _WrittenRow:
    written = [
        _cell(
            cell,
            cell.text,
            look.first,
            _plain(cell.text, "CMSTableHead"),
            goes_on=not cell.opens,
        )
        for cell in cells
    ]
    return _WrittenRow(look.row, "", keeps=True, cells=written)


def _style(look: str, row: str) -> str:
    first = look.partition(" ")[0]
    if first == "score" or not (row in TOTALS or row == "group"):
        return _COLUMNS.get(first, "CMSTableText")
    words = "CMSTableGroup" if row == "group" else "CMSTableTotal"
    return "CMSTableTotalAmount" if first in _FIGURES else words


def _cell(
    cell: HeadCell | Placed, text: str | None, looks: str, content: str, *, goes_on: bool
) -> _WrittenCell:
    spans = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    begins = '<w:vMerge w:val="restart"/>' if cell.down > 1 else ""
    merged = "<w:vMerge/>" if goes_on else begins
    if text is None:
        text = unescape(_MARKUP.sub("", content.replace("</w:p>", " "))).rstrip(" ")
    if "-" in content:
        content = UNBROKEN.sub(_BREAK, content)
    return _WrittenCell(text, cell.span, cell.width, f"{spans}{merged}{looks}", content)
