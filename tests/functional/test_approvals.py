"""Approvals: a mark of the content that only what is typed changes, and what is told later."""

from __future__ import annotations

import openpyxl
import pytest
from programs import cmswp
from sheets import about, check, workbook

from cmswp_xl.validate.typed import content_mark

TEXT = """
## Areas
| code | title |
| ICC  | One   |

## Activities
| id     | number | area | title |
| ICC-01 | '1.1   | ICC  | Print |

## Costs
| activity | amount | category |
| ICC-01   | 100    | {word}   |
"""
ARGUMENTS = ("--role", "Finance", "--name", "A. Diallo", "--date", "2026-03-01")


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook(TEXT.format(word="travel")).xlsx())
    return path


@pytest.fixture
def approved(plan):
    path = plan.parent / "approved.xlsx"
    done = cmswp("approve", plan, *ARGUMENTS, "--out", path)
    assert done.code == 0, done.out + done.err
    return path


def mark(text, **options):
    return content_mark(check(text, **options).typed)


def warnings(path):
    found = cmswp("validate", path, "--format", "json").json["issues"]
    return [each for each in found if each["code"] == "changed-since-approval"]


def retyped(path, sheet, cell, value):
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def test_words_of_another_language__give_the_same_mark():
    marks = {mark(TEXT.format(word=word)) for word in ("travel", "Travel", "Viajes", "Voyages")}
    assert len(marks) == 1


@pytest.mark.parametrize(
    "change",
    [("100", "100.01"), ("Print", "Prints"), ("'1.1", "'1.2"), ("travel", ""), ("One", "one")],
)
def test_whatever_is_typed__gives_another_mark(change):
    text = TEXT.format(word="travel")
    assert mark(text) != mark(text.replace(*change, 1))


def test_comments_progress_and_approvals__make_no_difference():
    more = """
    ## Comments
    | id   | text |
    | C-01 | Why? |
    """
    assert mark(TEXT.format(word="travel")) == mark(TEXT.format(word="travel") + more)


def test_an_approval__is_a_row_with_the_mark(approved):
    rows = cmswp("dump", approved).json["tables"]["approvals"]
    assert [(r["role"], r["name"], r["date"]) for r in rows] == [
        ("Finance", "A. Diallo", "2026-03-01")
    ]
    assert rows[0]["content"] == mark(TEXT.format(word="travel"))
    assert warnings(approved) == []


def test_saved_again_by_another_program__is_still_as_approved(approved):
    openpyxl.load_workbook(approved).save(approved)
    assert warnings(approved) == []


def test_content_changed_afterwards__is_told_at_the_approval(approved):
    retyped(approved, "Costs", _amount(approved), 101)
    (found,) = warnings(approved)
    assert (found["sheet"], found["column"]) == ("Approvals", "content")
    assert "A. Diallo" in found["message"]
    assert "1\u00a0March 2026" in found["message"]


def _amount(path):
    rows = openpyxl.load_workbook(path)["Costs"][6]
    return next(cell.coordinate for cell in rows if cell.value == 100)


def test_approved_anew__only_the_latest_of_a_role_is_compared(approved):
    retyped(approved, "Costs", _amount(approved), 101)
    again = approved.parent / "again.xlsx"
    later = (*ARGUMENTS[:-1], "2026-04-01")
    assert cmswp("approve", approved, *later, "--out", again).code == 0
    assert warnings(again) == []
    assert len(cmswp("dump", again).json["tables"]["approvals"]) == 2


def test_content_with_errors__is_not_approved(plan):
    plan.write_bytes(workbook(TEXT.format(word="travel").replace("100", "-1")).xlsx())
    path = plan.parent / "none.xlsx"
    assert cmswp("approve", plan, *ARGUMENTS, "--out", path).code == 1
    assert not path.exists()


def test_an_approval_without_a_mark__is_an_error():
    found = check(
        TEXT.format(word="travel")
        + """
        ## Approvals
        | role    | name  | date       | content |
        | Finance | Smith | 2026-03-01 | seen    |
        """
    ).issues
    assert [each.cell for each in about(found, "wrong-pattern")] == ["D2"]
