"""Causes come before what follows from them, and a remedy names the nearest known word."""

from __future__ import annotations

import pytest
from sheets import check

from cmswp_xl.issues import in_sheet_order, with_following
from cmswp_xl.validate.causes import Nearest

ACTIVITIES = """
## Activities
| id   | number | area | title |
| {}   | '1.1   | ICC  | One   |
| {}   | '1.2   | ICC  | Two   |
| {}   | '1.3   | ICC  | Three |
"""
MONEY = """
## Costs
| activity | amount |
| ICC-01   | 100    |
| ICC-01   | 200    |
| ICC-02   | 300    |
| ICC-03   | 300    |

## Funding
| activity | source | stage    | amount |
| ICC-01   | CORE   | received | 40     |
"""


def leading(text):
    """Give code and cell of each issue that follows from no other, and the cells that follow."""
    issues = in_sheet_order(check(text).issues)
    return [
        (issue.code, issue.cell, [f"{one.sheet} {one.cell}" for one in others])
        for issue, others in with_following(issues)
        if issue.code not in ("no-mandate", "missing-translation")
    ]


def remedies(text, code):
    return [issue.values.get("nearest") for issue in check(text).issues if issue.code == code]


FOLLOWING = ["Costs A2", "Costs A3", "Funding A2"]


@pytest.mark.parametrize("changed", ["ICC-1", "icc 01", "ICC-91", "Website"])
def test_changed_id__is_one_issue_with_the_rows_that_refer_to_it(changed):
    text = ACTIVITIES.format(changed, "ICC-02", "ICC-03") + MONEY

    assert leading(text) == [("changed-code", "A2", FOLLOWING)]


def test_id_that_repeats_another__has_the_rows_of_the_lost_one_below_it():
    text = ACTIVITIES.format("ICC-02", "ICC-02", "ICC-03") + MONEY

    assert leading(text) == [("duplicate-key", "A2", FOLLOWING), ("duplicate-key", "A3", [])]
    found = [issue for issue in check(text).issues if issue.code == "duplicate-key"]
    assert {issue.values["lost"] for issue in found} == {"ICC-01"}


def test_blank_id__has_the_rows_of_the_lost_one_below_it():
    text = ACTIVITIES.format("", "ICC-02", "ICC-03") + MONEY

    assert leading(text) == [("missing-value", "A2", FOLLOWING)]


def test_id_that_is_a_number__has_the_rows_that_refer_to_it_below_it():
    money = MONEY.replace("ICC-01", "'101")
    text = ACTIVITIES.format(101, "ICC-02", "ICC-03") + money

    assert leading(text) == [("wrong-type", "A2", FOLLOWING)]


def test_reference_mistyped_once__is_told_where_it_is():
    text = ACTIVITIES.format("ICC-01", "ICC-02", "ICC-03") + MONEY.replace("ICC-02", "ICC-2")

    assert leading(text) == [("unknown-reference", "A4", [])]
    assert remedies(text, "unknown-reference") == ["ICC-02"]


def test_lost_code_that_may_be_of_several_rows__blames_none_of_them():
    money = MONEY.replace("ICC-02", "ICC-01").replace("ICC-03", "ICC-01")
    text = ACTIVITIES.format("ICC-07", "ICC-08", "ICC-09") + money

    assert {code for code, *_ in leading(text)} - {"duplicate-row"} == {"unknown-reference"}


def test_missing_table__has_all_that_refers_to_it_below_it():
    issues = in_sheet_order(check(without=("Areas",)).issues)
    followers = {issue.code: others for issue, others in with_following(issues)}["missing-table"]

    assert [(one.code, one.sheet, one.cell) for one in followers] == [
        ("unknown-reference", "Activities", "C2")
    ]


def test_percentage_out_of_range__has_the_sum_of_the_post_below_it():
    text = """
    ## Posts
    | id  | grade | source | title   |
    | P01 | P-4   | CORE   | Officer |

    ## Allocations
    | post | area | percent |
    | P01  | ICC  | 130     |
    """

    assert leading(text) == [("out-of-range", "C2", ["Time allotted C2"])]


def test_negative_amount__has_the_product_below_it():
    text = """
    ## Costs
    | activity | quantity | unit_cost | amount |
    | ICC-01   | 2        | 5         | -10    |
    | ICC-01   | 2        | 5         | 11     |
    """

    assert leading(text) == [
        ("out-of-range", "D2", ["Costs D2"]),
        ("amount-mismatch", "D3", []),
    ]


PERIOD = """
## Programme
| setting           | value   |
| title             | Plan    |
| period_start      | {start} |
| period_end        | {end}   |
| currency          | EUR     |
| original_language | en      |

## Costs
| activity | year | amount |
| ICC-01   | 2023 | 100    |
| ICC-01   | 2025 | 100    |
| ICC-01   | 2029 | 100    |
"""


@pytest.mark.parametrize(
    ("start", "end", "values"),
    [
        (
            "2024",
            "2026",
            [("B2", {"start": 2024, "end": 2026}), ("B4", {"start": 2024, "end": 2026})],
        ),
        ("'2024-2026", "2026", [("B4", {"end": 2026})]),
        ("", "2026", [("B4", {"end": 2026})]),
        ("2024", "", [("B2", {"start": 2024})]),
        (
            "2026",
            "2024",
            [("B2", {"start": 2024, "end": 2026}), ("B4", {"start": 2024, "end": 2026})],
        ),
        ("", "", []),
    ],
)
def test_faulty_period__does_not_hide_the_years_outside_it(start, end, values):
    found = [
        (issue.cell, issue.values)
        for issue in check(PERIOD.format(start=start, end=end)).issues
        if issue.code == "year-outside-period" and issue.table == "costs"
    ]

    assert found == values


def test_reversed_period__has_the_years_outside_it_below_it():
    found = leading(PERIOD.format(start=2026, end=2024))

    assert ("out-of-range", "B6", ["Costs B2", "Costs B4"]) in found


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("voyage", "travel"),
        ("Viaje", "travel"),
        ("travell", "travel"),
        ("Temporary_staff", "temporary-staff"),
        ("réunion", "meetings"),
        ("materiel", "equipment"),
        ("traductions", "translation"),
        ("banana", None),
        ("x", None),
    ],
)
def test_word_that_is_not_in_the_list__is_answered_with_the_nearest(word, nearest):
    text = f"## Costs\n| activity | category | amount |\n| ICC-01 | {word} | 1 |"

    assert remedies(text, "not-in-list") == [nearest]


@pytest.mark.parametrize(
    ("code", "nearest"),
    [
        ("ICC-1", "ICC-01"),
        ("icc 01", "ICC-01"),
        ("ICC.01", "ICC-01"),
        ("ICC-2", None),
        ("ICC-11", None),
        ("IOC-01", None),
        ("Outreach-3", "Outreech-3"),
        ("Outreach-4", None),
        ("Deutschland", "DE"),
        ("Allemagne", "DE"),
        ("FR", None),
        ("", None),
    ],
)
def test_code__is_near_where_its_numbers_and_nearly_all_letters_are_the_same(code, nearest):
    known = [("ICC-01", "ICC-01"), ("ICC-03", "ICC-03"), ("Outreech-3", "Outreech-3")]
    names = [("DE", "DE"), ("Deutschland", "DE"), ("Allemagne", "DE")]

    assert Nearest([*known, *names])(code) == nearest


def test_word_as_near_to_two__is_answered_with_none():
    assert Nearest([("meeting-a", "A"), ("meeting-b", "B")])("meeting") is None


def test_misspelt_support_cost__is_not_a_mixture():
    text = """
    ## Costs
    | activity | amount | support_cost |
    | ICC-01   | 1      | excluded     |
    | ICC-01   | 1      | exclu        |
    """

    assert leading(text) == [("not-in-list", "C3", [])]
    assert remedies(text, "not-in-list") == ["excluded"]


def test_misspelt_stage__is_not_a_second_contribution():
    text = """
    ## Funding
    | activity | source | stage    | amount |
    | ICC-01   | CORE   | received | 1      |
    | ICC-01   | CORE   | recieved | 1      |
    """

    assert leading(text) == [("not-in-list", "C3", [])]


def test_misspelt_word__is_read_as_it_was_typed_and_counts_nowhere():
    typed = check("## Costs\n| activity | category | amount |\n| ICC-01 | voyage | 1 |").typed
    field = typed["costs"].table.schema.field("category")

    assert list(typed["costs"].column("category")) == [None]
    assert list(typed["costs"].read(field)) == ["voyage"]


def test_deleted_row__blames_no_other():
    text = ACTIVITIES.format("ICC-02", "ICC-03", "ICC-04") + MONEY

    assert {code for code, *_ in leading(text)} == {"unknown-reference"}
