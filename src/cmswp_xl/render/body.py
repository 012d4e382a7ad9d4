"""
The body of a document as Word writes it: sections, paragraphs, lists, and every table.

How tables look is read off the pattern, `base/styles.docx`: a table with a row of each look, named
in its first cell. Staff restyle borders, shades and margins there, once for all documents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lxml import etree
from markupsafe import Markup, escape

from cmswp_xl.errors import BrokenResource
from cmswp_xl.ooxml import Limits, open_package, parsed, read_bytes
from cmswp_xl.page import TOTALS, Bullets, Paragraph, Section, Table
from cmswp_xl.render.finish import W
from cmswp_xl.render.templates import SHARED_STYLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from lxml.etree import _Element

    from cmswp_xl.page import HeadCell, Placed, Row

_PARAGRAPHS = {
    "statement": "CMSStatement",
    "note": "CMSTableNote",
    "summary": "CMSSummary",
    "heading": "CMSTextHeading",
    "heading3": "Heading3",
    "paragraph": "CMSParagraph",
    "lead": "CMSTextLead",
    "kind": "CMSLead",
    "subparagraph": "CMSSubparagraph",
    "bullet": "CMSBullet",
    "unnumbered": "CMSUnnumbered",
    "overview": "CMSOverview",
}
_COLUMNS = {
    "amount": "CMSTableAmount",
    "center": "CMSTableCentre",
    "score": "CMSTableScore",
    "label": "CMSTableTextKept",
}
"""The styles of paragraphs in tables, by the look of their column or cell."""
_CELLS = {
    "mark": "CMSTableMark",
    "remark": "CMSTableRemark",
    "source": "CMSTableRemark",
    "lead": "CMSTableLead",
    "also": "CMSTableMark",
}
"""The styles of paragraphs in tables that have a look of their own."""
_FIGURES = frozenset({"amount", "center"})
_PIECES = {
    "strong": "<w:b/>",
    "added": '<w:b/><w:u w:val="single"/>',
    "removed": '<w:strike/><w:color w:val="444444"/>',
}
_RAISED = '<w:vertAlign w:val="superscript"/>'
KEY = "key"
"""The attribute that says what a block or a row is about; no document that is given out has it."""
_PARTS = (Section, Table, Paragraph, Bullets)
_SMALL = re.compile(
    r'(<w:pStyle w:val="CMS)(?=(?:Table(?:Head|Text|Amount|Total|TotalAmount)|Statement)")'
)
_NAMESPACE = re.compile(r' xmlns:\w+="[^"]*"')


@dataclass(frozen=True, slots=True)
class RowPattern:
    """How a row looks: its properties, those of its first cell, and those of the others."""

    row: str
    first: str
    others: str


@dataclass(frozen=True, slots=True)
class TablePattern:
    """How tables look: their properties, each look of a row, and whether keys are written."""

    table: str
    rows: Mapping[str, RowPattern]
    keyed: bool = False

    def about(self, key: str, written: str) -> str:
        """Return a block or a row with its key, where keys are asked for."""
        tag, end, rest = written.partition(">")
        return f'{tag} {KEY}="{escape(key)}"{end}{rest}' if self.keyed else written

    def row(self, look: str) -> RowPattern:
        """Return how a row looks; one whose look the pattern lacks looks like any row."""
        return self.rows.get(look) or self.rows["row"]

    def column(self, look: str) -> str:
        """Return how cells of a column look where their row says nothing; mostly as it is."""
        return "".join(self.rows[each].others for each in look.split() if each in self.rows)


def read_pattern(path: Path) -> TablePattern:
    """Read the pattern of tables; raises `BrokenResource` where it has no rows head and row."""
    package = open_package(read_bytes(path, Limits()), SHARED_STYLES)
    root = parsed(package.read("word/document.xml"))
    table = next(root.iter(f"{{{W}}}tbl"), None)
    rows = {} if table is None else dict(map(_row_pattern, table.iter(f"{{{W}}}tr")))
    if table is None or not {"head", "row"} <= set(rows):
        raise BrokenResource("template-missing", name=SHARED_STYLES, part="head, row")
    return TablePattern(_properties(table, "tblPr", ("tblCaption",)), rows)


def _row_pattern(row: _Element) -> tuple[str, RowPattern]:
    cells = list(row.iter(f"{{{W}}}tc"))
    look = "".join(text.text or "" for text in cells[0].iter(f"{{{W}}}t")).strip()
    looks = [_properties(cell, "tcPr", ("tcW", "gridSpan", "vMerge")) for cell in cells]
    return look, RowPattern(_properties(row, "trPr"), looks[0], looks[-1])


def _properties(parent: _Element, name: str, without: Iterable[str] = ()) -> str:
    found = parent.find(f"{{{W}}}{name}")
    if found is None:
        return ""
    for tag in without:
        for item in found.findall(f"{{{W}}}{tag}"):
            found.remove(item)
    inner = "".join(etree.tostring(item, encoding="unicode", with_tail=False) for item in found)
    return _NAMESPACE.sub("", inner)


def body_writer(path: Path, *, keyed: bool = False) -> Callable[[object], object]:
    """
    Return what turns parts of a page into the XML of Word, and leaves other values alone.

    It reads the pattern of tables at the path when the first part comes. `keyed` asks for the keys
    of blocks and rows.
    """
    pattern: TablePattern | None = None

    def write(value: object) -> object:
        nonlocal pattern
        parts = value if isinstance(value, tuple) else (value,)
        if not parts or not all(isinstance(part, _PARTS) for part in parts):
            return value
        pattern = pattern or replace(read_pattern(path), keyed=keyed)
        return Markup("".join(text for part in parts for text in _block(part, pattern)))  # noqa: S704

    return write


def small(written: object) -> object:
    """Return parts of a page in the small styles that a page with little room has."""
    return Markup(_SMALL.sub(r"\1Small", str(written))) if isinstance(written, Markup) else written  # noqa: S704


def _block(block: object, pattern: TablePattern, about: str = "") -> Iterator[str]:
    if isinstance(block, Section):
        about = block.key or block.anchor
        if block.title:
            heading = _paragraph(Paragraph(block.title), f"Heading{block.level}")
            yield pattern.about(f"{about}#", heading)
        for part in block.blocks:
            yield from _block(part, pattern, about)
    elif isinstance(block, Table):
        yield from _table(block, pattern, about)
    elif isinstance(block, Bullets):
        for item in block.items:
            yield _paragraph(item[0], "ListBullet")
            yield from (_paragraph(paragraph, "ListContinue") for paragraph in item[1:])
    elif isinstance(block, Paragraph):
        yield pattern.about(about, _paragraph(block, _PARAGRAPHS.get(block.look, "")))


def _paragraph(item: Paragraph, style: str) -> str:
    runs = ""
    if item.look == "note" and item.mark:
        runs = _run(item.mark, _RAISED) + _run(" ")
    elif item.mark:
        runs = f"{_run(item.mark)}<w:r><w:tab/></w:r>"
    if item.text or not item.pieces:
        runs += _run(item.text)
    runs += "".join(_run(piece.text, _PIECES.get(piece.look, "")) for piece in item.pieces)
    if item.notes:
        runs += _run(item.notes, _RAISED)
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{runs}</w:p>"


def _run(text: str, properties: str = "") -> str:
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(map(escape, text.split("\n")))
    return f'<w:r>{look}<w:t xml:space="preserve">{lines}</w:t></w:r>'


def _table(table: Table, pattern: TablePattern, about: str) -> Iterator[str]:
    caption = f'<w:tblCaption w:val="{escape(table.caption)}"/>'
    grid = "".join(f'<w:gridCol w:w="{column.width}"/>' for column in table.columns)
    properties = f"<w:tblPr>{pattern.table}{caption}</w:tblPr>"
    yield pattern.about(
        f"{about}/{table.name}", f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>"
    )
    yield from (_head_row(cells, pattern.row("head")) for cells in table.head)
    for row, cells in table.placed():
        yield pattern.about(row.key, _row(row, cells, pattern))
    yield "</w:tbl>"


def _head_row(cells: Iterable[HeadCell], look: RowPattern) -> str:
    found = "".join(
        _cell(
            (
                cell.width,
                cell.span,
                "" if not cell.opens else "restart" if cell.down > 1 else None,
            ),
            look.first,
            _paragraph(Paragraph(cell.text), "CMSTableHead"),
        )
        for cell in cells
    )
    return f"<w:tr><w:trPr>{look.row}</w:trPr>{found}</w:tr>"


def _row(row: Row, cells: Iterable[Placed], pattern: TablePattern) -> str:
    look, placed = pattern.row(row.look), list(cells)
    texts, properties = [], look.first
    kept = any(cell.down > 1 and not cell.goes_on for cell in placed)
    for cell in placed:
        merge = "" if cell.goes_on else "restart" if cell.down > 1 else None
        style = _style(cell.look, row.look)
        style = "CMSTableTextKept" if kept and style == "CMSTableText" else style
        content = "" if cell.goes_on else "".join(_content(cell, style))
        texts.append(
            _cell(
                (cell.width, cell.span, merge),
                properties or pattern.column(cell.look),
                content or _paragraph(Paragraph(), style),
            )
        )
        properties = look.others
    own = f"<w:trPr>{look.row}</w:trPr>" if look.row else ""
    return f"<w:tr>{own}{''.join(texts)}</w:tr>"


def _content(cell: Placed, style: str) -> Iterator[str]:
    if isinstance(cell.cell, str):
        yield f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_run(cell.cell)}</w:p>'
    else:
        for item in cell.paragraphs:
            yield _paragraph(item, _CELLS.get(item.look, style))


def _style(look: str, row: str) -> str:
    first = look.partition(" ")[0]
    if first == "score" or not (row in TOTALS or row == "group"):
        return _COLUMNS.get(first, "CMSTableText")
    words = "CMSTableGroup" if row == "group" else "CMSTableTotal"
    return "CMSTableTotalAmount" if first in _FIGURES else words


def _cell(size: tuple[int, int, str | None], properties: str, content: str) -> str:
    width, span, merge = size
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    merged = "" if merge is None else '<w:vMerge w:val="restart"/>' if merge else "<w:vMerge/>"
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}{merged}{properties}</w:tcPr>'
        f"{content}</w:tc>"
    )
