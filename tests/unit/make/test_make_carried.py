"""Workbooks made of content with errors, and the sheet of what was carried over."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from cmswp_xl.cells import AsTyped, ErrorValue
from cmswp_xl.languages import CARRIED, Language, Words
from cmswp_xl.make import make_workbook
from cmswp_xl.make.book import CarriedCell
from cmswp_xl.make.lists import CARRIED_HEADERS, carried_titles
from cmswp_xl.matching import own_sheets
from cmswp_xl.samples import RowsSource
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import comparable
from cmswp_xl.xlsx import open_workbook

VALUES = (
    "ten",
    "12",
    "=1+1",
    True,
    7.12345,
    dt.date(2024, 5, 1),
    dt.datetime(2024, 5, 1, 12, 30),  # noqa: DTZ001  cells have no time zone
    ErrorValue("#REF!"),
)
SETTINGS = {"original_language": "en", "period_start": AsTyped("soon"), "as_at": AsTyped("now")}


def content(*values):
    rows = [{"activity": "A", "amount": AsTyped(value)} for value in values]
    return {"programme": [SETTINGS], "costs": rows}


def amounts(data):
    table = next(t for t in open_workbook(io.BytesIO(data)).tables() if t.name == "Costs")
    column = list(table.headers).index("Amount")
    return [values[column] for _, values in table.rows]


def test_values_that_do_not_fit__are_written_as_they_were_typed():
    data = make_workbook(content(*VALUES), Language.EN, None, calculated=False)

    assert amounts(data) == list(VALUES)


def test_settings_that_do_not_fit__are_written_as_they_were_typed():
    data = make_workbook(content(), Language.EN, None, calculated=False)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Programme"]
    typed = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=6)}

    assert (typed["First year of the period"], typed["Figures as at"]) == ("soon", "now")


def test_without_a_reckoning__no_formula_has_a_value():
    data = make_workbook(content("ten"), Language.EN, None, calculated=False)
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)

    calculated = [
        (sheet.title, cell.coordinate)
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and values[sheet.title][cell.coordinate].value is not None
    ]
    assert len([cell for row in formulas["Checks"].iter_rows() for cell in row]) > 100
    assert calculated == []


def test_content_without_errors__needs_its_reckoning():
    with pytest.raises(ValueError, match="costs"):
        make_workbook(content("ten"), Language.EN, None)


def test_cells_below_a_table__are_written_below_it():
    below = {"costs": [(1, "amount", AsTyped(5)), (3, "activity", AsTyped("x"))]}
    data = make_workbook(content("ten"), Language.EN, None, calculated=False, below=below)
    table = next(t for t in open_workbook(io.BytesIO(data)).tables() if t.name == "Costs")
    column = list(table.headers).index("Amount") + 1

    assert table.below == ((7, column), (9, 1))


@pytest.mark.parametrize("language", Language)
def test_carried_cells__stand_on_a_sheet_of_their_own(language):
    cells = [CarriedCell("Notes", "B2", "", "", "a note", "=1+1"), CarriedCell(*"abcde", "")]
    data = make_workbook({"programme": [{}]}, language, None, carried=cells)
    book = openpyxl.load_workbook(io.BytesIO(data))
    say = Words(language)
    sheet = book.worksheets[-1]
    rows = [[cell.value or "" for cell in row[:6]] for row in sheet.iter_rows(min_row=5)]

    assert sheet.title == say(CARRIED)
    assert rows == [
        [say(header) for header in CARRIED_HEADERS],
        ["Notes", "B2", "", "", "a note", "=1+1"],
        ["a", "b", "c", "d", "e", ""],
    ]
    assert say(CARRIED) in {row[1].value for row in book.worksheets[0].iter_rows()}


def test_without_carried_cells__there_is_no_such_sheet():
    data = make_workbook({"programme": [{}]}, Language.EN, None)

    assert CARRIED not in openpyxl.load_workbook(io.BytesIO(data)).sheetnames


@pytest.mark.parametrize("language", Language)
def test_carried_sheet__is_one_of_the_programs_own(language):
    name = comparable(Words(language)(CARRIED))

    assert len(Words(language)(CARRIED)) <= 31
    assert name in carried_titles() <= frozenset().union(*map(own_sheets, Language))


def test_value_as_typed__is_what_a_source_of_rows_gives():
    source = RowsSource({"costs": [{"amount": AsTyped("ten")}]}, load_schemas(), Language.EN)
    table = next(table for table in source.tables() if table.name == "Costs")

    assert "ten" in table.rows[0][1]
