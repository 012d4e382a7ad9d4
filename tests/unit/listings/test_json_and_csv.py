"""Results for other programs: JSON with the keys of the design, CSV that no formula enters."""

from __future__ import annotations

import csv
import io
import json
from functools import partial

import openpyxl
import pytest
from sheets import check, totals

from cmswp_xl.figures.totals import GROUPINGS
from cmswp_xl.issues import SEVERITIES, Issue
from cmswp_xl.languages import Language, Words
from cmswp_xl.listings import Report
from cmswp_xl.listings.issues import issues_json
from cmswp_xl.listings.listing import dumped
from cmswp_xl.listings.totals import (
    totals_listing,
    unfunded_listing,
)

SAY = Words(Language.EN)
BOOK = """
## Areas
| code | title_en          | title_fr  |
| ICC  | Capacity-building | Capacités |
| PAG  | Policies          |           |

## Activities
| id     | number | area | priority | title_en   |
| ICC-01 | '1.1   | ICC  | core     | '=SUM(A1)  |
| ICC-02 | '1.10  | ICC  | high     | Second     |
| ICC-03 | '1.3   | ICC  |          | Not costed |

## Costs
| activity | year | category | amount |
| ICC-01   | 2024 | travel   | 100    |
| ICC-02   |      |          | 0.1    |

## Funding
| activity | year | source | stage     | amount | in_kind |
| ICC-01   | 2024 | CORE   | received  | 40     |         |
| ICC-01   | 2024 | VOL    | pledged   | 7      |         |
| ICC-01   | 2024 | VOL    | confirmed | 3      | yes     |
| ICC-02   | 2024 | VOL    | confirmed | 1.1    |         |
"""


def lines_of(data, separator=","):
    text = data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


def rows_of(data):
    """Return the rows of a CSV file without its total."""
    return lines_of(data)[:-1]


def report(*issues):
    return Report("plan.xlsx", "ab" * 32, issues)


def test_issues__have_the_keys_of_the_design():
    found = json.loads(
        issues_json([report(*check("## Costs\n| activity | amount |\n| X | 1 |").issues)], SAY)
    )

    assert list(found) == ["workbook", "sha256", "errors", "warnings", "issues"]
    assert (found["workbook"], found["sha256"], found["errors"]) == ("plan.xlsx", "ab" * 32, 1)
    assert found["issues"] == [
        {
            "code": "unknown-reference",
            "severity": "error",
            "sheet": "Costs",
            "cell": "A2",
            "table": "costs",
            "column": "activity",
            "value": "X",
            "message": "“X” is not in the sheet “Activities”.",
            "remedy": "Choose from the list in the cell, or enter the code in the sheet"
            " “Activities” first.",
        }
    ]


def test_issues__are_never_folded():
    same = [
        Issue("no-mandate", SEVERITIES["no-mandate"], "A", f"H{row}", "activities", "mandates")
        for row in range(2, 52)
    ]

    assert len(json.loads(issues_json([report(*same)], SAY))["issues"]) == 50


def test_missing_table__has_no_cell():
    found = json.loads(issues_json([report(*check(without=["Sources"]).issues)], SAY))
    missing = next(one for one in found["issues"] if one["code"] == "missing-table")

    assert missing["cell"] is None
    assert missing["value"] is None


def test_several_workbooks__give_an_array():
    assert [one["workbook"] for one in json.loads(issues_json([report(), report()], SAY))] == [
        "plan.xlsx",
        "plan.xlsx",
    ]


def test_dumped__escapes_what_could_steer_a_terminal_and_keeps_its_meaning():
    evil = "é\x1b[31m\x9b\x7f\u202e\u2028\ud800\U0001f600"
    text = dumped({"a": evil})

    assert json.loads(text) == {"a": evil}
    assert text.isprintable() is False
    assert not set(text) & set("\x1b\x9b\x7f\u202e\u2028\ud800")
    assert "é" in text
    assert text.endswith("}\n")
    text.encode("utf-8")


def test_totals__have_the_keys_of_the_design_and_amounts_as_text():
    found = json.loads(totals_listing(totals(BOOK), "activity", Language.EN).written("json"))

    assert list(found) == ["currency", "by", "scenario", "rows", "total"]
    assert found["rows"][0] == {
        "key": "ICC-01",
        "number": "1.1",
        "title": "=SUM(A1)",
        "cost": "100.00",
        "core": "40.00",
        "voluntary": "0.00",
        "other": "0.00",
        "pledged": "7.00",
        "to_be_sought": "60.00",
        "surplus": "0.00",
        "status": "partly-funded",
        "activities": 1,
        "not_costed": 0,
    }
    assert found["rows"][2]["cost"] is None
    assert found["rows"][2]["status"] == "not-costed"
    assert found["total"]["to_be_sought"] == "60.00"
    assert found["total"]["surplus"] == "1.00"
    assert found["total"]["not_costed"] == 1
    assert found["total"]["status"] is None


@pytest.mark.parametrize("by", GROUPINGS)
def test_totals__are_there_by_every_grouping(by):
    found = json.loads(totals_listing(totals(BOOK), by, Language.EN).written("json"))

    assert found["by"] == by
    assert [row["key"] for row in found["rows"]] == [
        row["key"] for row in rows_of(totals_listing(totals(BOOK), by, Language.EN).csv())
    ]


def test_titles__fall_back_to_the_original_language():
    found = json.loads(totals_listing(totals(BOOK), "area", Language.FR).written("json"))

    assert [row["title"] for row in found["rows"]] == ["Capacités", "Policies"]
    assert found["rows"][1]["cost"] is None


def test_unfunded__lists_what_is_to_be_sought_and_apart_the_not_costed():
    found = json.loads(unfunded_listing(totals(BOOK), Language.EN).written("json"))

    assert found == {
        "currency": "EUR",
        "scenario": None,
        "rows": [
            {
                "key": "ICC-01",
                "area": "ICC",
                "number": "1.1",
                "title": "=SUM(A1)",
                "priority": "core",
                "cost": "100.00",
                "core": "40.00",
                "voluntary": "0.00",
                "other": "0.00",
                "pledged": "7.00",
                "to_be_sought": "60.00",
                "status": "partly-funded",
            }
        ],
        "not_costed": [
            {
                "key": "ICC-03",
                "area": "ICC",
                "number": "1.3",
                "title": "Not costed",
                "priority": None,
            }
        ],
        "total": {
            "cost": "100.00",
            "core": "40.00",
            "voluntary": "0.00",
            "other": "0.00",
            "pledged": "7.00",
            "to_be_sought": "60.00",
            "activities": 1,
            "not_costed": 1,
        },
    }


def test_csv__is_rfc_4180_with_plain_numbers():
    data = totals_listing(totals(BOOK), "activity", Language.EN).csv()

    assert data.count(b"\r\n") == 5
    assert data.startswith(b"\xef\xbb\xbf")
    assert rows_of(data)[1]["cost"] == "0.10"
    assert rows_of(data)[2]["cost"] == ""


@pytest.mark.parametrize(("language", "separator"), [("en", ","), ("fr", ";"), ("es", ";")])
def test_csv__ends_with_the_total_and_opens_in_the_excel_of_its_language(language, separator):
    listing = totals_listing(totals(BOOK), "activity", Language(language))
    total = lines_of(listing.written("csv", Language(language)), separator)[-1]

    assert (total["key"], total["to_be_sought"], total["not_costed"]) == ("total", "60.00", "1")


@pytest.mark.parametrize("make", [partial(totals_listing, by="activity"), unfunded_listing])
def test_sheet__has_the_same_rows_with_amounts_as_numbers(make):
    listing = make(totals(BOOK), language=Language.EN)
    sheet = openpyxl.load_workbook(io.BytesIO(listing.written("xlsx"))).active
    head, *rows = sheet.iter_rows(values_only=True)

    assert head == listing.keys
    assert [row[0] for row in rows] == [line["key"] for line in lines_of(listing.csv())]
    assert rows[0][head.index("cost")] == 100
    assert rows[0][head.index("title")] == "=SUM(A1)"
    assert rows[-1][head.index("to_be_sought")] == 60


def test_csv_text__that_looks_like_a_formula_gets_an_apostrophe():
    assert rows_of(totals_listing(totals(BOOK), "activity", Language.EN).csv())[0]["title"] == (
        "'=SUM(A1)"
    )
    assert rows_of(unfunded_listing(totals(BOOK), Language.EN).csv())[0]["title"] == "'=SUM(A1)"


def test_unfunded_csv__ends_with_the_not_costed_without_amounts():
    rows = rows_of(unfunded_listing(totals(BOOK), Language.EN).csv())

    assert [(row["key"], row["to_be_sought"], row["status"]) for row in rows] == [
        ("ICC-01", "60.00", "partly-funded"),
        ("ICC-03", "", "not-costed"),
    ]


UNSAFE = (*range(0x7F, 0xA0), 0x61C, *range(0x200B, 0x2010), *range(0x2028, 0x202F))
UNSAFE = (*UNSAFE, *range(0x2066, 0x206A), 0xFEFF, 0xD800, 0xDBFF, 0xDC00, 0xDFFF)


@pytest.mark.parametrize("code", UNSAFE, ids=hex)
def test_character_that_could_steer_a_terminal__is_escaped(code):
    text = dumped({"é – \u00a0": f"a{chr(code)}b"})
    assert f"a\\u{code:04x}b" in text
    assert "é – \u00a0" in text
    assert json.loads(text) == {"é – \u00a0": f"a{chr(code)}b"}


def test_numbers_of_any_size__are_dumped():
    content = {"a": 10**30, "b": 1.5, "c": None}
    assert json.loads(dumped(content)) == content
