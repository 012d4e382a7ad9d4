"""What a reader of a Word file sees: notes that Word letters, hyphens that do not break."""

from __future__ import annotations

import pytest
from docx import Document

from cmswp_xl.ooxml import Limits, open_package
from cmswp_xl.page import Cell, Column, Paragraph, Row, Table
from cmswp_xl.render.body import BodyWriter
from cmswp_xl.render.finish import finish_part
from cmswp_xl.render.styles import add_notes
from cmswp_xl.render.templates import SHARED_STYLES
from cmswp_xl.resources import template_folder
from cmswp_xl.word_import.opening import open_word
from cmswp_xl.word_import.visible import Grid, blocks, texts_elsewhere

TABLE = Table(
    "t",
    "c",
    (Column("Period 2024-2026"),),
    (
        Row((Cell((Paragraph("x", notes="a, b"),)),)),
        Row((Cell((Paragraph("y", notes="a"),)),)),
    ),
)
NOTES = (Paragraph("First.", "note", "a"), Paragraph("Second.", "note", "b"))


@pytest.fixture
def seen(tmp_path):
    """Give a function that writes a table with notes and reads it, lettered or not."""

    def read(*, lettered):
        path = tmp_path / "annex.docx"
        Document().save(path)
        package = open_package(path.read_bytes(), "annex")
        write = BodyWriter(template_folder() / SHARED_STYLES)
        text = package.read("word/document.xml").decode()
        body = f"{write((TABLE, *NOTES))}<w:p><w:r><w:t>End</w:t></w:r></w:p>"
        text = text.replace("<w:sectPr", f"{body}<w:sectPr", 1)
        tables = [table.xml for table in write.tables]
        part = finish_part(text, "en-GB", landscape=False, noted=lettered, tables=tables)
        package.write("word/document.xml", part)
        add_notes(package, write.notes.values(), 1)
        path.write_bytes(package.to_bytes())
        file = open_word(path, Limits())
        return blocks(file, 1000), texts_elsewhere(file)

    return read


def test_lettered_footnotes__are_read_as_notes_below_their_table(seen):
    found, elsewhere = seen(lettered=True)
    grid = next(block for block in found if isinstance(block, Grid))
    cells = list(grid.cells())
    assert [cell.text for cell in cells] == ["Period 2024-2026", "x", "y"]
    assert [cell.paragraphs[0].marks for cell in cells] == [(), ("a", "b"), ("a",)]
    assert [cell.footnotes for cell in cells] == [0, 0, 0]
    below = [(p.letter, p.text) for p in found[found.index(grid) + 1 :]]
    assert below == [("a", "First."), ("b", "Second."), ("", "End")]
    assert elsewhere == []


def test_other_footnotes__are_listed_and_not_read(seen):
    found, elsewhere = seen(lettered=False)
    grid = next(block for block in found if isinstance(block, Grid))
    assert [cell.footnotes for cell in grid.cells()] == [False, True, False]
    assert [text for _, text in elsewhere] == ["First.", "Second."]
    assert [p.text for p in found if not isinstance(p, Grid)][-1] == "End"
