"""The added sheet of a copy: every issue on a line, with a link to its cell."""

from __future__ import annotations

import re

import pytest
from annotated_books import HEADINGS, MAIN, Raw, loaded, note, parts, report, root

from cmswp_xl.annotate import annotated_copy
from cmswp_xl.annotate import report as report_module
from cmswp_xl.annotate.report import ReportRow, ReportSheet, free_sheet_name
from cmswp_xl.issues import Severity

AREAS = "Areas & 'other' ones"
NOTES = (
    note("Costs", "C4"),
    note(AREAS, "B5", Severity.WARNING),
    note("Costs", "E1", Severity.INFO),
)


def annotated(data, *notes, **options):
    return annotated_copy(data, notes, report(*notes, **options))


def test_sheet__holds_title_summary_headings_and_rows_as_text(rich):
    sheet = loaded(annotated(rich, *NOTES, summary=("One", "Two")))["Issues"]
    values = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=9)]
    assert [row[0] for row in values[:4]] == ["Issues", "One", "Two", None]
    assert tuple(values[4]) == HEADINGS
    assert values[5] == [
        "Error",
        "Costs",
        "C4",
        "Amount",
        "=1+1",
        "The year is missing.",
        "Type a number in the cell.",
        "ICC-01",
        "missing-value",
    ]
    assert sheet["E6"].data_type == "s"
    assert sheet["E6"].quotePrefix


def test_header__is_bold_frozen_filtered_and_printed_on_each_page(rich):
    sheet = loaded(annotated(rich, *NOTES))["Issues"]
    assert sheet["A4"].font.b
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:I7"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet["F5"].alignment.wrap_text
    assert sheet.column_dimensions["F"].width == 60


def test_links__lead_to_the_cells(rich):
    copy = annotated(rich, *NOTES)
    book = loaded(copy)
    targets = []
    for link in root(copy, "xl/worksheets/sheet4.xml").iter(f"{{{MAIN}}}hyperlink"):
        name, cell = re.fullmatch(r"'(.+)'!([A-Z]+[0-9]+)", link.get("location")).groups()
        assert link.get("display") == book["Issues"][link.get("ref")].value == cell
        targets.append((book[name.replace("''", "'")].title, cell))
    assert targets == [("Costs", "C4"), (AREAS, "B5"), ("Costs", "E1")]


def test_missing_table__has_a_row_without_a_cell_and_a_link(plain):
    row = ReportRow("Error", Severity.ERROR, "", None, "", "", "There is no table.", "Add it.")
    copy = annotated_copy(plain, [], ReportSheet("Issues", HEADINGS, (row,)))
    sheet = loaded(copy)["Issues"]
    assert (sheet["C4"].value, sheet["F4"].value) == (None, "There is no table.")
    assert sheet["C4"].hyperlink is None


def test_severity__is_said_in_words_and_shown_in_the_colour_of_the_cells(rich):
    sheet = loaded(annotated(rich, *NOTES))["Issues"]
    assert [sheet[f"A{row}"].value for row in (5, 6, 7)] == ["Error", "Warning", "Information"]
    colours = [sheet[f"A{row}"].fill.fgColor.rgb for row in (5, 6, 7)]
    assert colours == ["FFFFC7CE", "FFFFEB9C", "00000000"]


def test_no_issue_at_all__gives_the_headings_and_no_filter(plain):
    sheet = loaded(annotated(plain))["Issues"]
    assert sheet.max_row == 4
    assert sheet.auto_filter.ref is None


def test_hidden_sheet__is_shown_where_the_list_leads_to_it(rich):
    hidden = loaded(annotated(rich, *NOTES, note("hidden", "A1")))["Hidden"]
    assert hidden.sheet_state == "visible"


def test_order_and_states_of_the_sheets__are_untouched(rich):
    before, after = loaded(rich), loaded(annotated(rich, *NOTES))
    assert after.sheetnames == [*before.sheetnames, "Issues"]
    assert [s.sheet_state for s in after] == [*(s.sheet_state for s in before), "visible"]
    assert after.active.title == before.active.title == AREAS


def test_ids__are_ones_the_workbook_does_not_use():
    data = Raw(f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>').to_bytes()
    workbook = root(annotated(data), "xl/workbook.xml")
    sheets = workbook.find(f"{{{MAIN}}}sheets")
    assert [item.get("sheetId") for item in sheets] == ["7", "8"]
    assert [child.tag.rpartition("}")[2] for child in workbook] == [
        "bookViews",
        "sheets",
        "definedNames",
    ]


def test_highest_sheet_id__is_not_passed():
    assert report_module._free_id({1, 2, 65_533}) == 3
    assert report_module._free_id(set()) == 1


@pytest.mark.parametrize(
    ("title", "taken", "name"),
    [
        ("Issues", [], "Issues"),
        ("Issues", ["ISSUES", "issues (2)"], "Issues (3)"),
        ("Problèmes : liste [1/2]", [], "Problèmes liste 1 2"),
        ("History", [], "History (2)"),
        ("'", [], "Issues"),
        ("x" * 40, ["X" * 31], "x" * 27 + " (2)"),
        ("😀" * 20, [], "😀" * 15),
    ],
)
def test_name_of_the_sheet__is_free_and_valid(title, taken, name):
    assert free_sheet_name(title, taken) == name


def test_report_in_a_copy_of_a_copy__gets_another_name(plain):
    twice = annotated(annotated(plain, note("Data", "B2")), note("Data", "B2"))
    assert loaded(twice).sheetnames == ["Data", "Other", "Issues", "Issues (2)"]


def test_links_beyond_what_excel_takes__are_left_out(plain, monkeypatch):
    monkeypatch.setattr(report_module, "MOST_LINKS", 2)
    copy = annotated(plain, *(note("Data", f"A{row}") for row in range(1, 6)))
    assert parts(copy)["xl/worksheets/sheet3.xml"].count(b"<hyperlink ") == 2


def test_long_texts__make_their_rows_higher(plain):
    sheet = loaded(annotated(plain, note("Data", "A1", text="word " * 40), note("Data", "A2")))
    assert sheet["Issues"].row_dimensions[5].height == 60
    assert sheet["Issues"].row_dimensions[6].height is None
