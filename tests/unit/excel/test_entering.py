"""Take over, Renumber, Approve: shown first, done on the second press, alike in both books."""

from __future__ import annotations

import datetime as dt

import pytest
from openpyxl import load_workbook

from cmswp_xl.cells import address
from cmswp_xl.errors import UnfitData, UnwritableOutput
from cmswp_xl.excel import entering
from cmswp_xl.issues import Severity
from cmswp_xl.pipeline import check_workbook
from cmswp_xl.rollover.period import content_of
from cmswp_xl.validate.typed import content_mark

TEXT = """
## Activities
| id     | number | area | mandates | title |
| ICC-01 | '1.1   | ICC  | Res. 1   | A     |
| ICC-02 | '1.10  | ICC  | Res. 1   | B     |
| ICC-03 | '1.2   | ICC  | Res. 1   | C     |

## Funding
| activity | year | source | donor | stage    | amount |
| ICC-01   | 2024 | CORE   |       | received | 40     |

## Donors
| code | name    |
| DE   | Germany |

## Entry
| area | title_en | donor | cost_1 | core_2 | pledged |
| ICC  | '=1+1    | DE    | 12.34  | 5      | 7       |
| ICC  | Meet     |       | 0      |        |         |
"""


def press(excel, path, macro, say, *, times=1, selection=("A1", 0)):
    """Give the message of the last press, and the path of the book afterwards."""
    for count in range(times):
        told, book, _ = excel.run(path, lambda opened: macro(opened, say), selection)
        path = excel.folder / f"pressed-{count}.xlsx"
        book.save(path)
    return told, path


def data(path):
    return content_of(check_workbook(path, flags=False).checked.typed)


def shown(path, sheet):
    return [str(row[0]) for row in load_workbook(path)[sheet].iter_rows(values_only=True)]


def test_first_press__shows_what_will_be_done_and_changes_no_table(excel, book, say):
    path = book(TEXT)
    told, after = press(excel, path, entering.take_over, say)

    assert data(after) == data(path)
    lines = shown(after, "Take-over")
    assert lines[0] == "Take-over"
    assert lines[1].startswith("Nothing has been changed yet. Press “Take over” again")
    assert "New: ICC-04, number 1.11: =1+1" in lines
    assert "  Cost: 2024 (12.34)" in lines
    assert told.text.startswith("The sheet “Take-over” shows what will be done.")
    assert "unknown-sheet" not in {issue.code for issue in check_workbook(after).issues}


def test_second_press__writes_the_rows_below_and_empties_entry(excel, book, say):
    told, after = press(excel, book(TEXT), entering.take_over, say, times=2)
    found = data(after)

    assert found["activities"][3:] == [
        {"id": "ICC-04", "number": "1.11", "area": "ICC", "title_en": "=1+1"},
        {"id": "ICC-05", "number": "1.12", "area": "ICC", "title_en": "Meet"},
    ]
    assert found["costs"][1:] == [
        {"activity": "ICC-04", "year": 2024, "amount": "12.34"},
        {"activity": "ICC-05", "year": 2024, "amount": "0"},
    ]
    new = {"activity": "ICC-04", "stage": "confirmed", "source": "CORE"}
    assert found["funding"][1:] == [
        {**new, "year": 2025, "amount": "5"},
        {**new, "amount": "7", "source": "VOL", "stage": "pledged", "donor": "DE"},
    ]
    codes = {issue.code for issue in check_workbook(after).issues}
    assert not {"entry-not-taken-over", "rows-below-table", "wrong-type"} & codes
    assert "Nothing has been changed yet" not in " ".join(shown(after, "Take-over"))
    assert told.text.startswith("The rows were taken over.")
    assert "Activities: 2; costs: 2; contributions: 2." in told.text


def test_third_press__finds_nothing(excel, book, say):
    told, _ = press(excel, book(TEXT), entering.take_over, say, times=3)

    assert told.text == "There is nothing to take over."


def test_change_between_the_presses__is_shown_anew_and_not_done(excel, book, say):
    _, once = press(excel, book(TEXT), entering.take_over, say)
    changed = load_workbook(once)
    cost = next(c.column for c in changed["Entry"][1] if c.value == "Cost year 1")
    changed["Entry"].cell(2, cost).value = 99
    path = excel.folder / "changed.xlsx"
    changed.save(path)

    _, after = press(excel, path, entering.take_over, say)

    assert len(data(after)["activities"]) == 3
    assert "  Cost: 2024 (99.00)" in shown(after, "Take-over")


def test_blank_rows_at_the_end_of_a_table__are_used_first(excel, book, say):
    path = book(TEXT)
    opened = load_workbook(path)
    table = opened["Costs"].tables["Costs"]
    table.ref = table.ref.replace("2", "9")
    table.autoFilter.ref = table.ref
    opened.save(path)
    _, after = press(excel, path, entering.take_over, say, times=2)

    sheet = load_workbook(after)["Costs"]
    assert sheet.tables["Costs"].ref == table.ref
    assert [sheet.cell(row, 1).value for row in range(2, 5)] == ["ICC-01", "ICC-04", "ICC-05"]


def test_table__grows_by_the_rows_that_have_no_room(excel, book, say):
    _, after = press(excel, book(TEXT), entering.take_over, say, times=2)
    sheet = load_workbook(after)["Costs"]

    assert sheet.tables["Costs"].ref == f"A1:{address(4, sheet.max_column)}"


def test_row_that_is_not_clear__is_told_with_its_cell_and_nothing_is_written(excel, book, say):
    path = book(TEXT.replace("12.34", "twelve"))
    told, after = press(excel, path, entering.take_over, say)

    assert told.severity is Severity.ERROR
    assert told.text.startswith("Nothing was changed. Correct these first:\nEntry D2: “twelve”")
    assert load_workbook(after).sheetnames == load_workbook(path).sheetnames


def test_book_without_a_column_for_a_value__is_not_written(excel, book, say):
    path = book(
        TEXT.replace("| donor | stage ", "| stage ").replace("|       | received", "| received")
    )
    press(excel, path, entering.take_over, say)
    _, once = press(excel, path, entering.take_over, say)

    with pytest.raises(UnwritableOutput) as refused:
        press(excel, once, entering.take_over, say)
    assert refused.value.reason == "no-column-in-book"
    assert refused.value.values == {"sheet": "Funding", "title": "Donor"}


def test_protected_sheet__is_named_before_anything_is_written(desktop, book, say):
    _, once = press(desktop, book(TEXT), entering.take_over, say)
    desktop.locked = {"Costs"}

    with pytest.raises(UnwritableOutput) as refused:
        press(desktop, once, entering.take_over, say)
    assert refused.value.values["sheet"] == "Costs"
    assert len(data(once)["activities"]) == 3


def numbers(path):
    return [row["number"] for row in data(path)["activities"]]


def test_renumber__shows_old_and_new_and_changes_them_on_the_second_press(excel, book, say):
    told, once = press(excel, book(TEXT), entering.renumber, say)

    assert numbers(once) == ["1.1", "1.10", "1.2"]
    assert shown(once, "New numbers")[2:4] == [
        *["ICC-02: number 1.10 becomes 1.2", "ICC-03: number 1.2 becomes 1.3"]
    ]
    assert "Press “Renumber” again" in told.text
    told, twice = press(excel, once, entering.renumber, say)
    assert numbers(twice) == ["1.1", "1.2", "1.3"]
    assert told.text == "Numbers changed: 2."
    assert "wrong-type" not in {issue.code for issue in check_workbook(twice).issues}
    told, _ = press(excel, twice, entering.renumber, say)
    assert "none was changed" in told.text


AREAS = (
    TEXT.replace("| ICC-03 | '1.2   | ICC ", "| GOV-01 | '2.2   | GOV ")
    + """
## Areas
| code | title |
| ICC  | One   |
| GOV  | Two   |
"""
)


def test_renumber__keeps_to_the_area_of_the_selected_row(excel, book, say):
    path = book(AREAS)
    sheet = load_workbook(path).sheetnames.index("Activities")
    for times, other in ((1, ("A1", 0)), (2, ("A3", sheet))):
        _, after = press(excel, path, entering.renumber, say, selection=("A3", sheet))
        _, after = press(excel, after, entering.renumber, say, selection=other)
        assert (times, numbers(after)) == (times, ["1.1", "1.2", "2.2"])


def test_renumber__takes_all_areas_where_no_row_is_selected(excel, book, say):
    text = AREAS.replace("'2.2 ", "'2.7 ") + "\n"
    text = text.replace("| GOV-01", "| GOV-02 | '2.9   | GOV  | Res. 1   | D     |\n| GOV-01")
    _, after = press(excel, book(text), entering.renumber, say, times=2)

    assert numbers(after) == ["1.1", "1.2", "2.7", "2.8"]


def test_number_that_cannot_be_counted__is_refused(excel, book, say):
    with pytest.raises(UnfitData) as refused:
        press(excel, book(TEXT.replace("'1.10 ", "'1.bis ")), entering.renumber, say)
    assert refused.value.reason == "number-unclear"


APPROVED = """
## Activities
| id     | number | area | mandates | title |
| ICC-01 | '1.1   | ICC  | Res. 1   | A     |

## Approvals
| role | name | date       | content           | note |
| HR   | Ito  | 2026-03-01 | '1:{mark:0<64} | old  |
"""


@pytest.fixture
def filled(excel, book, say):
    """Press Approve and type role and name on its sheet; gives what was told, and the book."""

    def once(role, name, text=APPROVED):
        told, path = press(excel, book(text.format(mark="a")), entering.approve, say)
        opened = load_workbook(path)
        for cell, value in (("A5", role), ("B5", name)):
            opened["Approval"][cell].value = value
            opened["Approval"][cell].data_type = "s"
        opened.save(path)
        return told, path

    return once


def approvals(path):
    return data(path)["approvals"]


def test_approve__asks_for_role_and_name_and_approves_on_the_second_press(excel, filled, say):
    told, path = filled("Finance", "A. Diallo")
    assert len(approvals(path)) == 1
    assert "Type role and name below, then press “Approve” again." in told.text
    assert shown(path, "Approval")[1].startswith(told.text)

    told, after = press(excel, path, entering.approve, say)
    checked = check_workbook(after).checked
    new = approvals(after)[1]
    assert (new["role"], new["name"]) == ("Finance", "A. Diallo")
    assert str(new["date"]) == str(dt.datetime.now().astimezone().date())
    assert new["content"] == content_mark(check_workbook(path).checked.typed)
    assert told.text == f"Approved by A. Diallo: {new['content']}"
    about = [i for i in checked.issues if i.code in ("changed-since-approval", "wrong-type")]
    assert [(i.code, i.cell) for i in about] == [("changed-since-approval", "D2")]
    told, again = press(excel, after, entering.approve, say)
    assert len(approvals(again)) == 2
    assert "Type role and name" in told.text


@pytest.mark.parametrize("name", ["=1+1", "+4", "-x", "@a", "'quoted", "1/2", "007", "[x]"])
def test_approve__keeps_any_name_as_text(excel, filled, say, name):
    _, path = filled(name, name)
    _, after = press(excel, path, entering.approve, say)
    sheet = load_workbook(after)["Approvals"]
    assert [(sheet.cell(3, n).value, sheet.cell(3, n).data_type) for n in (1, 2)] == [
        (name, "s"),
        (name, "s"),
    ]


def test_approve__without_a_name_asks_again_and_keeps_the_role(excel, filled, say):
    _, path = filled("Finance", " ")
    told, after = press(excel, path, entering.approve, say)
    assert "Type role and name" in told.text
    assert load_workbook(after)["Approval"]["A5"].value == "Finance"
    assert len(approvals(after)) == 1


def test_approve__a_change_between_the_presses_is_not_approved(excel, filled, say):
    _, path = filled("Finance", "A. Diallo")
    changed = load_workbook(path)
    changed["Activities"]["E2"].value = "Another"
    changed.save(path)
    told, after = press(excel, path, entering.approve, say)
    assert "Type role and name" in told.text
    assert load_workbook(after)["Approval"]["B5"].value == "A. Diallo"
    assert len(approvals(after)) == 1


def test_approve__content_with_errors_is_refused(excel, book, say):
    text = APPROVED.format(mark="a").replace("2026-03-01", "March")
    with pytest.raises(UnfitData) as refused:
        press(excel, book(text), entering.approve, say)
    assert refused.value.reason == "approve-errors"


def test_approve__a_book_without_the_table_is_told_so(excel, book, say):
    with pytest.raises(UnwritableOutput) as refused:
        press(excel, book(TEXT.partition("## Entry")[0]), entering.approve, say)
    assert refused.value.values["sheet"] == "Approvals"
