from __future__ import annotations

import pytest
from desktop_books import DesktopBook
from openpyxl import load_workbook

from cmswp_xl.cells import ErrorValue
from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.excel.book import OpenBook
from cmswp_xl.ooxml import Limits
from cmswp_xl.pipeline import check_open, check_workbook, totals_of
from cmswp_xl.tables import Knowledge, is_blank
from cmswp_xl.xlsx import open_workbook


def _plain(tables):
    return [
        (
            table.name,
            table.sheet,
            table.sheet_index,
            table.header_row,
            table.first_column,
            table.headers,
            [(row, ["" if is_blank(v) else v for v in values]) for row, values in table.rows],
            table.below,
        )
        for table in tables
    ]


def _filled(table):
    """Return whether a table has a row that holds anything."""
    return any(value not in (None, "") for _, values in table[6] for value in values)


def test_an_open_book_gives_the_tables_that_its_file_gives(excel, example):
    opened = OpenBook(excel.open(example))
    file = open_workbook(example)
    shown = [table for table in _plain(opened.tables()) if _filled(table)]
    assert shown == [table for table in _plain(file.tables()) if _filled(table)]
    assert opened.sheet_names() == file.sheet_names()
    assert opened.name == file.name


def test_an_open_book_gives_the_issues_and_figures_that_its_file_gives(excel, example):
    opened = check_open(OpenBook(excel.open(example)))
    file = check_workbook(example)
    assert opened.issues == file.issues
    assert totals_of(opened).total == totals_of(file).total
    assert (opened.data, opened.sha256) == (None, None)


def test_a_server_is_not_told_formulas_and_formats_and_says_so(excel, example):
    source = OpenBook(excel.open(example))
    skipped = check_open(source).checked.skipped
    if excel.remote:
        assert source.knows == Knowledge.VALUES
        assert skipped == ("formula-without-value", "percent-format", "struck-text")
    else:
        assert source.knows == Knowledge.FORMULAS | Knowledge.FORMATS
        assert skipped == ("struck-text",)


def _changed(example, tmp_path, change):
    book = load_workbook(example)
    change(book)
    path = tmp_path / "changed.xlsx"
    book.save(path)
    return path


def test_errors_in_cells_and_cells_below_a_table_are_seen(excel, example, tmp_path):
    def change(book):
        areas = book["Areas"]
        last = int(areas.tables["Areas"].ref.rsplit(":", 1)[1][1:])
        areas.cell(last, 2).value = "#REF!"
        areas.cell(last + 2, 1).value = "below"

    source = OpenBook(excel.open(_changed(example, tmp_path, change)))
    table = next(table for table in source.tables() if table.name == "Areas")
    assert table.rows[-1][1][1] == ErrorValue("#REF!")
    assert table.below == ((table.rows[-1][0] + 2, 1),)


def test_percentages_are_told_by_their_number_format(desktop, example, tmp_path):
    def change(book):
        sheet = book["Time allotted"]
        first = int(sheet.tables["Allocations"].ref.split(":")[0][1:]) + 1
        for cell in sheet[first]:
            cell.number_format = "0%" if cell.column == 3 else '0" %"'

    source = OpenBook(desktop.open(_changed(example, tmp_path, change)))
    table = next(table for table in source.tables() if table.name == "Allocations")
    assert table.percents == {(table.rows[0][0], 3)}


def test_a_whole_column_of_percentages_is_asked_for_once(desktop, example, tmp_path):
    def change(book):
        sheet = book["Time allotted"]
        for row in sheet[sheet.tables["Allocations"].ref]:
            row[2].number_format = "0.0%"

    source = OpenBook(desktop.open(_changed(example, tmp_path, change)))
    table = next(table for table in source.tables() if table.name == "Allocations")
    assert {row for row, _ in table.rows} <= {row for row, column in table.percents if column == 3}


def test_a_totals_row_is_no_row_of_data(excel, example, tmp_path):
    def change(book):
        table = book["Areas"].tables["Areas"]
        table.totalsRowCount = 1

    path = _changed(example, tmp_path, change)
    tables = {table.name: table for table in OpenBook(excel.open(path)).tables()}
    whole = {table.name: table for table in open_workbook(example).tables()}
    assert len(tables["Areas"].rows) == len(whole["Areas"].rows) - 1


def test_a_table_over_the_limit_is_refused(excel, example):
    with pytest.raises(UnreadableWorkbook) as refused:
        OpenBook(excel.open(example), Limits.raised(cells=100))
    assert refused.value.reason == "too-many-cells"


def test_a_book_without_programme_tables_is_refused(excel, tmp_path):
    book = load_workbook(_empty(tmp_path))
    assert book.sheetnames == ["Sheet"]
    with pytest.raises(UnreadableWorkbook) as refused:
        check_open(OpenBook(excel.open(tmp_path / "empty.xlsx")))
    assert refused.value.reason == "not-programme"


def _empty(tmp_path):
    from openpyxl import Workbook

    path = tmp_path / "empty.xlsx"
    book = Workbook()
    book.active["A1"] = "something else"
    book.save(path)
    return path


def test_the_stand_in_keeps_what_it_is_given(example):
    book = DesktopBook(example)
    assert [sheet.name for sheet in book.sheets] == book.sheet_names
