"""What follows from an issue is folded under it, in every format but JSON."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from lxml import html
from sheets import workbook

from cmswp_xl.annotate import annotated_copy
from cmswp_xl.languages import Language, Words
from cmswp_xl.listings import Report
from cmswp_xl.listings.issues import (
    cell_notes,
    issues_html,
    issues_json,
    issues_text,
    report_sheet,
)
from cmswp_xl.pipeline import check_source

SAY = Words(Language.EN)
FOLLOWING = "3 more issues follow from this: Costs A2:A3, Funding A2"
BOOK = workbook("""
    ## Activities
    | id     | number | area | mandates | title |
    | ICC-02 | '1.1   | ICC  | Res. 1   | One   |
    | ICC-02 | '1.2   | ICC  | Res. 1   | Two   |

    ## Costs
    | activity | amount |
    | ICC-01   | 100    |
    | ICC-01   | 200    |
    | ICC-02   | 300    |
    """)


@pytest.fixture(scope="module")
def report():
    return Report("plan.xlsx", None, check_source(BOOK)[1])


def test_text__names_the_cells_below_the_cause_and_nowhere_else(report):
    text = issues_text([report], SAY, colour=False, width=200)

    assert text.count(FOLLOWING) == 1
    assert text.index("duplicate-key") < text.index(FOLLOWING)
    assert "unknown-reference" not in text
    assert "5 errors" in text


def test_page__has_them_as_rows_below_the_cause(report):
    rows = html.fromstring(issues_html([report], SAY)).xpath("//tbody/tr")
    texts = [" ".join(row.text_content().split()) for row in rows]

    assert FOLLOWING in texts[0]
    assert [row.get("class") for row in rows[1:4]] == [
        "error following of-workbook-1-sheet-1-1"
    ] * 3
    assert ["Costs A2" in texts[1], "Costs A3" in texts[2], "Funding A2" in texts[3]] == [True] * 3


def test_copy__has_them_hidden_in_an_outline_below_the_cause(report):
    data = annotated_copy(BOOK.xlsx(), cell_notes(report, SAY), report_sheet(report, SAY))
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["Issues"]
    hidden = [row for row, look in sheet.row_dimensions.items() if look.hidden]

    assert [(sheet.cell(row, 2).value, sheet.cell(row, 3).value) for row in hidden] == [
        ("Costs", "A2"), ("Costs", "A3"), ("Funding", "A2"),
    ]  # fmt: skip
    assert sheet.cell(hidden[0] - 1, 6).value == FOLLOWING
    assert {sheet.row_dimensions[row].outlineLevel for row in hidden} == {1}
    assert book["Costs"]["A2"].comment is not None


def test_json__never_folds_and_tells_the_cause_first(report):
    issues = json.loads(issues_json([report], SAY))["issues"]
    followed = ("duplicate-key", "unknown-reference")

    assert [(i["code"], i["cell"]) for i in issues if i["code"] in followed] == [
        ("duplicate-key", "A2"),
        ("unknown-reference", "A2"),
        ("unknown-reference", "A3"),
        ("unknown-reference", "A2"),
        ("duplicate-key", "A3"),
    ]
