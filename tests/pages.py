"""What tests ask of the body of a document: its tables by name, their texts, its notes."""

from __future__ import annotations

from cmswp_xl.page import Bullets, Paragraph, Table, text


def blocks(paper):
    """Return every block of a document, in order."""
    return [block for section in paper.body for block in section.blocks]


def section(paper, anchor):
    return next(section for section in paper.body if section.anchor == anchor)


def table(paper, name):
    """Return the table of a name."""
    return next(b for b in blocks(paper) if isinstance(b, Table) and b.name == name)


def tables(paper):
    return [block.name for block in blocks(paper) if isinstance(block, Table)]


def heads(table):
    return [column.head for column in table.columns]


def texts(table, look=None):
    """Return the texts of the rows of a table, or of those of a look."""
    rows = [row for row in table.rows if look is None or row.look == look]
    return [tuple(map(text, row.cells)) for row in rows]


def row(table, key):
    """Return the texts of the row that is about something, by the heads of their columns."""
    (found,) = [row for row in table.rows if row.key == key]
    return dict(zip(heads(table), map(text, found.cells), strict=True))


def said(cell, look):
    """Return the paragraphs of a look in a cell."""
    return [item.text for item in cell.paragraphs if item.look == look]


def notes(paper):
    """Return the notes and remarks below tables, with their letters."""
    found = [b for b in blocks(paper) if isinstance(b, Paragraph) and b.look == "note"]
    return [(note.mark, whole(note)) if note.mark else whole(note) for note in found]


def sentences(paper):
    """Return every paragraph and item of a list outside tables."""
    found = []
    for block in blocks(paper):
        if isinstance(block, Paragraph):
            found.append(whole(block))
        elif isinstance(block, Bullets):
            found += [whole(item) for items in block.items for item in items]
    return found


def whole(paragraph):
    return paragraph.text + "".join(piece.text for piece in paragraph.pieces)
