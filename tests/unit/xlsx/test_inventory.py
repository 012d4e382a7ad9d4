"""What a workbook holds beside its tables."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.formula import ArrayFormula

from cmswp_xl.cells import NoStoredValue
from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.ooxml import Limits
from cmswp_xl.xlsx import read_inventory


def saved(fill):
    book = openpyxl.Workbook()
    fill(book.active)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def fill(sheet):
    sheet.title = "Notes"
    sheet["A1"], sheet["B2"] = "text", 2.5
    sheet["B3"] = "=B2*2"
    sheet["B4"] = ArrayFormula("B4:B5", "=B2:B3*2")
    sheet["A1"].comment = Comment("Look\nhere", "me")
    sheet["C1"] = "site"
    sheet["C1"].hyperlink = "https://example.org/x?a=1&b=2"


def test_cells_formulas_notes_and_links__are_found():
    (sheet,) = read_inventory(saved(fill), "book.xlsx").sheets

    assert sheet.name == "Notes"
    assert {place: sheet.cells[place] for place in ((1, 1), (2, 2))} == {
        (1, 1): "text",
        (2, 2): 2.5,
    }
    assert sheet.cells[3, 2] == NoStoredValue()
    assert sheet.formulas[3, 2].text == "B2*2"
    assert (sheet.formulas[4, 2].text, sheet.formulas[4, 2].shared) == ("B2:B3*2", "B4:B5")
    assert sheet.notes == {(1, 1): "Look\nhere"}
    assert sheet.links == {(1, 3): "https://example.org/x?a=1&b=2"}
    assert sheet.drawn == 0


def test_formula_that_shares_that_of_another__is_known_as_one():
    shared = (
        '<c r="A1"><f t="shared" ref="A1:A2" si="0">1+1</f><v>2</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c>'
    )
    data = changed(saved(lambda sheet: sheet.append([7])), shared)
    (sheet,) = read_inventory(data, "book.xlsx").sheets

    assert sheet.cells == {(1, 1): 2, (2, 1): 2}
    assert sheet.formulas[1, 1].shared == "A1:A2"
    assert sheet.formulas[2, 1] is None


def test_more_cells_than_allowed__are_refused():
    with pytest.raises(UnreadableWorkbook, match="too-many-cells"):
        read_inventory(saved(fill), "book.xlsx", Limits(cells=3))


def test_damage__is_told():
    with pytest.raises(UnreadableWorkbook, match="damaged"):
        read_inventory(changed(saved(lambda sheet: sheet.append([7])), "<c r='?'/>"), "book.xlsx")


def test_document_type__is_refused():
    data = changed(saved(lambda sheet: sheet.append([7])), "", before="<!DOCTYPE x><worksheet")

    with pytest.raises(UnreadableWorkbook, match="unsafe"):
        read_inventory(data, "book.xlsx")


def changed(data, cells, before="<worksheet"):
    """Put other cells in the only row of a workbook."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(result, "w") as new:
        for item in package.infolist():
            part = package.read(item).decode()
            if item.filename == "xl/worksheets/sheet1.xml":
                start, end = part.index("<c r="), part.index("</row>")
                part = part[:start] + cells + part[end:]
                part = part.replace("<worksheet", before, 1)
            new.writestr(item, part)
    return result.getvalue()
