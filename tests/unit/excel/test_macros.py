from __future__ import annotations

import hashlib

import pytest
from openpyxl import load_workbook

from cmswp_xl.errors import UnfitData, UnwritableOutput
from cmswp_xl.excel import macros
from cmswp_xl.issues import Severity
from cmswp_xl.languages import Language, Words
from cmswp_xl.listings.totals import split_unfunded
from cmswp_xl.pipeline import Request, build_documents, check_workbook, totals_of

HEAD = [
    *("Severity", "Sheet", "Cell", "Column", "Value", "Message", "What to do"),
    *("Row", "Code"),
]


def _inputs(book):
    """Everything in a workbook but the sheets that buttons write."""
    return {
        sheet.title: [
            (cell.coordinate, cell.value, cell.number_format, cell.fill.fgColor.rgb, cell.font.b)
            for row in sheet.iter_rows()
            for cell in row
        ]
        for sheet in book
        if sheet.title not in {"Issues", "Unfunded", "Problèmes", "Sin financiación"}
    }


def _table(sheet, heading):
    rows = list(sheet.iter_rows(values_only=True))
    start = next(i for i, row in enumerate(rows) if row[0] == heading)
    return rows[start], [row for row in rows[start + 1 :] if row[0] is not None]


def _marked(book):
    return {
        (sheet.title, str(area.sqref)): rule.dxf.fill.bgColor.rgb[2:].upper()
        for sheet in book
        for area in sheet.conditional_formatting
        for rule in area.rules
        if rule.formula == [macros.TAG[1:]]
    }


def test_validate_lists_every_issue_with_a_link_to_its_cell(excel, faulty, say):
    told, book, _ = excel.run(faulty, lambda opened: macros.validate(opened, say))
    issues = check_workbook(faulty).issues
    head, rows = _table(book["Issues"], "Severity")
    assert list(head[:9]) == HEAD
    assert len(rows) == len(issues)
    assert [row[1] for row in rows] == [issue.sheet for issue in issues]
    wrong = next(row for row in rows if row[4] == "twelve")
    assert wrong[:4] == ("error", "Costs", '=HYPERLINK("#\'Costs\'!C2","C2")', "Amount")
    assert wrong[7:9] == ("ICC-01", "wrong-type")
    assert told.severity is Severity.ERROR
    assert "listed on the sheet “Issues”" in told.text
    assert "last check" not in told.text


def test_validate_changes_no_cell_of_the_user(excel, faulty, say):
    _, book, _ = excel.run(faulty, lambda opened: macros.validate(opened, say))
    assert _inputs(book) == _inputs(load_workbook(faulty))


def test_marks_lie_over_faulty_cells_and_go_without_trace(excel, faulty, say):
    _, book, _ = excel.run(faulty, lambda opened: macros.validate(opened, say))
    marked = _marked(book)
    assert marked["Costs", "C2"] == marked["Costs", "B3"] == "FFB3B3"
    assert set(marked.values()) == {"FFB3B3", "FFE08A"}
    path = excel.folder / "marked.xlsx"
    book.save(path)
    told, cleared, _ = excel.run(path, lambda opened: macros.clear_marks(opened, say))
    assert _marked(cleared) == {}
    assert _rules(cleared) == _rules(load_workbook(faulty))
    assert "removed" in told.text


def _rules(book):
    return {
        (sheet.title, str(area.sqref), rule.type, tuple(rule.formula))
        for sheet in book
        if sheet.title != "Issues"
        for area in sheet.conditional_formatting
        for rule in area.rules
    }


def test_validate_again_writes_the_same_sheet_and_marks_anew(excel, faulty, say):
    _, once, _ = excel.run(faulty, lambda opened: macros.validate(opened, say))
    path = excel.folder / "once.xlsx"
    once.save(path)
    _, twice, _ = excel.run(path, lambda opened: macros.validate(opened, say))
    assert twice.sheetnames == once.sheetnames
    assert _marked(twice) == _marked(once)
    assert _table(twice["Issues"], "Severity") == _table(once["Issues"], "Severity")


@pytest.fixture
def again(excel, faulty, say):
    """Validate a faulty book, change it, and validate it again; gives what is told then."""

    def run(change, words=say):
        _, once, _ = excel.run(faulty, lambda opened: macros.validate(opened, say))
        change(once)
        path = excel.folder / "changed.xlsx"
        once.save(path)
        return excel.run(path, lambda opened: macros.validate(opened, words))[0].text

    return run


def _swap(costs, first, second):
    for column in range(1, costs.max_column + 1):
        one, other = costs.cell(first, column), costs.cell(second, column)
        one.value, other.value = other.value, one.value


def test_validate_again_says_what_was_corrected_and_what_is_new(again):
    def change(book):
        book["Costs"]["C2"], book["Costs"]["C3"] = 12, "x"

    assert "Corrected since the last check: 1; new: 1." in again(change)


def test_validate_again_knows_issues_in_other_cells_and_another_language(again):
    french = Words(Language.FR)
    told = again(lambda book: _swap(book["Costs"], 2, 3), french)

    assert french("The issues are those of the last check.") in told


def test_the_same_fault_in_the_row_of_another_activity_is_new(again):
    def change(book):
        book["Costs"]["A2"] = "ICC-02"

    assert "Corrected since the last check: 3; new: 1." in again(change)


def test_nothing_is_said_of_changes_where_the_last_list_has_no_codes(again):
    assert "last check" not in again(lambda book: book["Issues"].delete_cols(8, 2))


def test_a_last_check_without_issues_makes_all_of_them_new(again):
    def change(book):
        book["Issues"].delete_rows(3, 100)

    assert "Corrected since the last check: 0; new: " in again(change)


def test_a_sheet_of_the_users_with_our_name_is_left_alone(excel, faulty, say, tmp_path):
    book = load_workbook(faulty)
    book.create_sheet("Issues")["A1"] = "my own list"
    path = tmp_path / "own.xlsx"
    book.save(path)
    _, after, _ = excel.run(path, lambda opened: macros.validate(opened, say))
    assert after["Issues"]["A1"].value == "my own list"
    assert after["Issues (2)"]["A1"].value == "Issues"


def test_another_language_writes_over_our_sheet_of_before(excel, faulty, say):
    _, once, _ = excel.run(faulty, lambda opened: macros.validate(opened, say))
    path = excel.folder / "once.xlsx"
    once.save(path)
    spanish = Words(Language.ES)
    _, twice, _ = excel.run(path, lambda opened: macros.validate(opened, spanish))
    assert twice.sheetnames == once.sheetnames
    assert twice["Issues"]["A1"].value == spanish("Issues")


def test_the_sheet_of_an_earlier_version_is_written_over_and_not_told_as_unknown(
    excel, faulty, say
):
    book = load_workbook(faulty)
    book.create_sheet("Constats")["A1"] = "Constats"
    path = excel.folder / "earlier.xlsx"
    book.save(path)
    _, after, _ = excel.run(path, lambda opened: macros.validate(opened, say))
    assert after.sheetnames == book.sheetnames
    assert after["Constats"]["A1"].value == "Issues"
    assert "unknown-sheet" not in [cell.value for cell in after["Constats"]["I"]]


def test_skipped_checks_are_listed(excel, faulty, say):
    told, book, _ = excel.run(faulty, lambda opened: macros.validate(opened, say))
    column = [cell.value for cell in book["Issues"]["A"]]
    listed = [text for text in column if isinstance(text, str) and "Not checked" in text]
    assert any("percentages" in text for text in listed) is excel.remote
    assert any("struck through" in text for text in listed)
    assert ("percentages" in told.text) is excel.remote
    assert "struck through" in told.text


def test_next_issue_goes_from_the_selected_cell_on_and_round(excel, faulty, say):
    assert load_workbook(faulty).sheetnames[3] == "Costs"

    def go(selection):
        told, _, asked = excel.run(faulty, lambda book: macros.next_issue(book, say), selection)
        return told, [step for step in asked if step[0] == "select"][-1]

    first = go(("A1", 0))[1]
    assert first == ("select", "Activities", "A3")
    told, second = go(("A3", 2))
    assert second == ("select", "Costs", "C2")
    assert told.text.startswith("error, Costs C2: ")
    assert go(("C2", 3))[1] == ("select", "Costs", "B3")
    assert go(("Z999", 6))[1] == first


def _hide(path, *names, state="hidden"):
    opened = load_workbook(path)
    for name in names:
        opened[name].sheet_state = state
    opened.save(path)


def _hidden(book):
    return {sheet.title for sheet in book if sheet.sheet_state != "visible"}


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_next_issue_shows_a_hidden_sheet_before_it_goes_there(excel, faulty, say, state):
    _hide(faulty, "Costs", "Funding", state=state)
    _, after, asked = excel.run(faulty, lambda book: macros.next_issue(book, say), ("A3", 2))
    assert asked[-1] == ("select", "Costs", "C2")
    assert _hidden(after) == {"Funding"}


def test_validate_shows_the_sheets_that_its_list_leads_to(excel, faulty, say):
    sound = {"Areas", "Sources"}
    _hide(faulty, "Costs", *sound)
    _, after, _ = excel.run(faulty, lambda book: macros.validate(book, say))
    assert _hidden(after) == sound


def test_a_hidden_list_is_shown_when_it_is_made_again(excel, book, say):
    small = book("")
    excel.run(small, lambda opened: macros.unfunded_list(opened, say))
    path = excel.folder / f"after-{small.name}"
    _hide(path, "Unfunded")
    _, after, asked = excel.run(path, lambda opened: macros.unfunded_list(opened, say))
    assert asked[-1][0] == "activate"
    assert _hidden(after) == set()


def test_a_protected_book_keeps_its_hidden_sheets(desktop, faulty, say):
    _hide(faulty, "Costs")
    opened = desktop.open(faulty, ("A3", 2))
    opened.api.ProtectStructure = True
    with pytest.raises(UnwritableOutput) as refused:
        macros.next_issue(opened, say)
    assert refused.value.reason == "book-protected"


def test_next_issue_without_any_issue_says_so(excel, book, say):
    path = book(
        """
        ## Funding
        | activity | year | source | stage    | amount |
        | ICC-01   | 2024 | CORE   | received | 100    |
        """
    )
    told, _, asked = excel.run(path, lambda opened: macros.next_issue(opened, say))
    assert asked == []
    assert told.text.startswith("0 errors")


def test_refresh_totals_calculates_and_tells_the_figures(excel, example, say):
    told, _, asked = excel.run(example, lambda opened: macros.refresh_totals(opened, say))
    assert "calculate" in asked
    assert "Cost: 6,397,836.63" in told.text
    assert "To be sought: 2,749,521.38" in told.text


def test_unfunded_lists_the_gaps_and_apart_from_them_the_uncosted(excel, example, say):
    told, book, _ = excel.run(example, lambda opened: macros.unfunded_list(opened, say))
    checkup = check_workbook(example)
    listed, not_costed = split_unfunded(totals_of(checkup))
    sheet = book["Unfunded"]
    ids = [cell.value for cell in sheet["A"]]
    wanted = [entry.activity.id for entry in (*listed, *not_costed)]
    assert [value for value in ids if value in set(wanted)] == wanted
    total = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Total")
    assert total[7] == pytest.approx(2749521.38)
    assert "Unfunded" in told.text


def test_formulas_in_titles_stay_text(excel, book, say):
    path = book(
        """
        ## Activities
        | id     | number | area | mandates | title_en |
        | ICC-01 | '1.1   | ICC  | Res. 1   | '=1+1    |
        """
    )
    _, after, _ = excel.run(path, lambda opened: macros.unfunded_list(opened, say))
    cells = [cell for row in after["Unfunded"].iter_rows() for cell in row]
    title = next(cell for cell in cells if cell.value == "=1+1")
    assert title.data_type == "s"


@pytest.mark.parametrize("name", ["refresh_totals", "unfunded_list"])
def test_figures_are_refused_while_there_are_errors(excel, faulty, say, name):
    with pytest.raises(UnfitData) as refused:
        excel.run(faulty, lambda opened: getattr(macros, name)(opened, say))
    assert refused.value.reason == "book-has-errors"
    assert refused.value.values["errors"] == 2


def test_documents_are_the_ones_that_the_command_line_makes(excel, example, say, tmp_path):
    folder = tmp_path / "documents"
    request = Request(languages=[Language.FR], formats=["docx", "html"])

    def make(opened):
        return macros.documents(opened, say, request, folder)

    told, _, _ = excel.run(example, make)
    made = build_documents(check_workbook(example), request).files
    for name in ("annex.fr.docx", "annex.fr.html"):
        assert (folder / name).read_bytes() == made[name]
        assert name in told.text
    assert str(folder) in told.text


def test_documents_that_lack_texts_are_not_made_but_listed(excel, book, say, tmp_path):
    path = book(
        """
        ## Areas
        | code | title_en |
        | ICC | Information |
        """
    )
    folder = tmp_path / "documents"
    request = Request(languages=[Language.FR], formats=["html"])

    def make(opened):
        return macros.documents(opened, say, request, folder)

    told, _, _ = excel.run(path, make)
    assert told.severity is Severity.ERROR
    assert "texts are missing" in told.text
    assert "Areas" in told.text
    assert not folder.exists()


def test_a_language_that_lacks_texts_is_left_out_and_it_is_said_why(excel, book, say, tmp_path):
    path = book(
        """
        ## Areas
        | code | title_en    | title_fr    | title_es |
        | ICC  | Information | Information |          |
        """
    )
    folder = tmp_path / "documents"
    request = Request(formats=["html"])
    told, _, _ = excel.run(path, lambda opened: macros.documents(opened, say, request, folder))
    names = {item.name for item in folder.iterdir()}

    assert names == {"annex.en.html", "annex.fr.html", "manifest.json"}
    assert told.severity is Severity.WARNING
    assert told.text.splitlines()[-3:] == [
        "Languages made: English and French.",
        "Left out:",
        "  annex in Spanish: 1 text is missing, at Areas D2",
    ]


def test_protected_sheets_are_named_and_keep_their_cells(desktop, faulty, say):
    desktop.locked = {"Costs"}
    told, book, _ = desktop.run(faulty, lambda opened: macros.validate(opened, say))
    assert "Protected sheets cannot be marked: Costs." in told.text
    assert ("Costs", "C2") not in _marked(book)


def test_marks_on_a_protected_sheet_stay_and_are_told(desktop, faulty, say):
    _, marked, _ = desktop.run(faulty, lambda opened: macros.validate(opened, say))
    path = desktop.folder / "marked.xlsx"
    marked.save(path)
    desktop.locked = {"Costs"}
    told, after, _ = desktop.run(path, lambda opened: macros.clear_marks(opened, say))
    assert told.severity is Severity.WARNING
    assert {sheet for sheet, _ in _marked(after)} == {"Costs"}


def test_a_protected_book_takes_no_sheet(desktop, faulty, say):
    opened = desktop.open(faulty)
    opened.api.ProtectStructure = True
    with pytest.raises(UnwritableOutput) as refused:
        macros.validate(opened, say)
    assert refused.value.reason == "book-protected"


def test_our_sheet_under_protection_is_not_written(desktop, faulty, say):
    _, book, _ = desktop.run(faulty, lambda opened: macros.validate(opened, say))
    path = desktop.folder / "once.xlsx"
    book.save(path)
    desktop.locked = {"Issues"}
    with pytest.raises(UnwritableOutput) as refused:
        desktop.run(path, lambda opened: macros.validate(opened, say))
    assert refused.value.reason == "sheet-protected"


def test_too_many_places_are_listed_and_not_all_marked(desktop, faulty, say, monkeypatch):
    monkeypatch.setattr(macros, "MOST_MARKS", 1)
    told, book, _ = desktop.run(faulty, lambda opened: macros.validate(opened, say))
    assert len(_marked(book)) == 1
    assert "Only the first 1 places" in told.text


def test_about_tells_version_and_licence(say):
    told = macros.about(say)
    assert "cmswp-xl 0." in told.text or "cmswp-xl 1." in told.text
    assert "BSD" in told.text


def test_no_macro_writes_the_file(excel, faulty, say):
    before = hashlib.sha256(faulty.read_bytes()).hexdigest()
    excel.run(faulty, lambda opened: macros.validate(opened, say))
    assert hashlib.sha256(faulty.read_bytes()).hexdigest() == before
