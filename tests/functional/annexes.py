"""
Annexes as a reader sees them: their tables as grids of text, from Word and from HTML alike.

A merged cell's text stands in its first place and "" in the others. A cell is the list of its
paragraphs; the letters of notes, which stand raised, come after a caret.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from lxml import etree, html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Grid = list[list[str]]
NUMBER = re.compile(r"\d[\d,]*(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its paragraphs outside tables, by kind, and its tables."""

    texts: list[tuple[str, str]]
    tables: list[Grid]

    def headings(self) -> list[str]:
        """Give the headings in order."""
        return [text for kind, text in self.texts if kind.startswith("h")]

    def words(self) -> str:
        """Give all text outside tables."""
        return "\n".join(text for _, text in self.texts)

    def everything(self) -> str:
        """Give all text."""
        cells = (cell for table in self.tables for row in table for cell in row)
        return "\n".join((self.words(), *cells))


def read_html(data: bytes) -> Document:
    """Read an HTML document."""
    root = html.fromstring(data.decode("utf-8"))
    kinds = ("h1", "h2", "h3", "p", "li", "caption")
    texts = [
        (item.tag, _html_text(item))
        for item in root.find("body").iter(*kinds)
        if item.get("class") != "running-head"
        and (item.tag == "caption" or next(item.iterancestors("table"), None) is None)
    ]
    return Document(texts, [_html_grid(table) for table in root.iter("table")])


def _html_text(item: _Element) -> str:
    pieces = [item.text or ""]
    for child in item:
        inner = "".join(child.itertext())
        pieces += [f"^{inner}" if child.tag == "sup" else inner, child.tail or ""]
    return "".join(pieces).strip("\n")


def _html_grid(table: _Element) -> Grid:
    grid: Grid = []
    held: dict[tuple[int, int], str] = {}
    for index, row in enumerate(table.iter("tr")):
        line: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while (index, len(line)) in held:
                line.append(held[index, len(line)])
            paragraphs = cell.findall("p")
            text = "\n".join(map(_html_text, paragraphs)) if paragraphs else _html_text(cell)
            across, down = int(cell.get("colspan", "1")), int(cell.get("rowspan", "1"))
            for below in range(1, down):
                for column in range(len(line), len(line) + across):
                    held[index + below, column] = ""
            line += [text, *[""] * (across - 1)]
        while (index, len(line)) in held:
            line.append(held[index, len(line)])
        grid.append(line)
    return grid


def read_docx(data: bytes) -> Document:
    """Read a Word document."""
    body = as_read(data).find(f"{W}body")
    texts = [(_kind(item), _word_text(item)) for item in body.iterchildren(f"{W}p")]
    tables = [_word_grid(table) for table in body.iterchildren(f"{W}tbl")]
    return Document([(kind, text) for kind, text in texts if text], tables)


def part(data: bytes, name: str) -> _Element:
    """Give a part of a Word document."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read(name))


def as_read(data: bytes) -> _Element:
    """Give the text of a Word document as a reader sees it: with what Word itself counts."""
    root = part(data, "word/document.xml")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
    notes, lists = (
        part(data, name) if name in names else etree.Element("none")
        for name in ("word/footnotes.xml", "word/numbering.xml")
    )
    for hyphen in [*root.iter(f"{W}noBreakHyphen"), *notes.iter(f"{W}noBreakHyphen")]:
        hyphen.tag, hyphen.text = f"{W}t", "-"
    _show_notes(root, {note.get(f"{W}id"): note for note in notes})
    _show_numbers(root, lists)
    return root


def _show_notes(root: _Element, notes: dict[str, _Element]) -> None:
    """Put letters in place of references, afresh where a section says so, and notes below."""
    count = 0
    for block in list(root.find(f"{W}body")):
        below: list[_Element] = []
        for reference in list(block.iter(f"{W}footnoteReference")):
            letter = etree.fromstring(f'<w:t xmlns:w="{W[1:-1]}">{chr(ord("a") + count)}</w:t>')
            note = notes[reference.get(f"{W}id")]
            mark = next(note.iter(f"{W}footnoteRef"))
            mark.getparent().replace(mark, etree.fromstring(etree.tostring(letter)))
            reference.getparent().replace(reference, letter)
            below += note
            count += 1
        for paragraph in reversed(below):
            block.addnext(paragraph)
        restarts = f"{W}pPr/{W}sectPr/{W}footnotePr/{W}numRestart"
        count = 0 if block.find(restarts) is not None else count


def _show_numbers(root: _Element, lists: _Element) -> None:
    """Begin the paragraphs of lists with their numbers and letters."""
    forms = {form.get(f"{W}abstractNumId"): form for form in lists.iter(f"{W}abstractNum")}
    named = {item.get(f"{W}numId"): item[0].get(f"{W}val") for item in lists.iter(f"{W}num")}
    counts: dict[tuple[str, int], int] = {}
    for item in root.iter(f"{W}numPr"):
        key, level = (item.find(f"{W}{name}").get(f"{W}val") for name in ("numId", "ilvl"))
        kind = forms[named[key]].findall(f"{W}lvl")[int(level)]
        shown = kind.find(f"{W}numFmt").get(f"{W}val")
        number = counts[key, int(level)] = counts.get((key, int(level)), 0) + 1
        if level == "0":
            counts[key, 1] = 0
        if shown != "bullet":
            text = str(number) if shown == "decimal" else chr(ord("a") + number - 1)
            mark = kind.find(f"{W}lvlText").get(f"{W}val").replace(f"%{int(level) + 1}", text)
            run = f'<w:r xmlns:w="{W[1:-1]}"><w:t>{mark}</w:t><w:tab/></w:r>'
            item.getparent().addnext(etree.fromstring(run))


def _kind(paragraph: _Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    name = "" if style is None else style.get(f"{W}val")
    return f"h{name[-1]}" if name.startswith("Heading") else name or "p"


def _word_text(paragraph: _Element) -> str:
    pieces = []
    for run in paragraph.iter(f"{W}r"):
        text = "".join(item.text or "" for item in run.iter(f"{W}t"))
        raised = run.find(f"{W}rPr/{W}vertAlign") is not None
        raised = raised or run.find(f"{W}rPr/{W}rStyle") is not None
        pieces.append(f"^{text}" if raised and text else text)
    return "".join(pieces)


def _word_grid(table: _Element) -> Grid:
    return [list(_word_row(row)) for row in table.iterchildren(f"{W}tr")]


def _word_row(row: _Element) -> Iterator[str]:
    for cell in row.iterchildren(f"{W}tc"):
        paragraphs = [_word_text(item) for item in cell.iterchildren(f"{W}p")]
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        yield "\n".join(text for text in paragraphs if text)
        yield from [""] * (0 if span is None else int(span.get(f"{W}val")) - 1)


def digits(text: str) -> str:
    """Give the digits of a figure as printed, without words and separators; nil stays a dash."""
    return "".join(character for character in text if character.isdigit() or character in "–<")


def amount(text: str) -> Decimal | None:
    """Read an amount of an English document: None for blank, 0 for nil, words left out."""
    text = text.strip()
    if not text:
        return None
    if text == "–":
        return Decimal(0)
    found = NUMBER.search(text)
    assert found, text
    return Decimal(found[0].replace(",", ""))
