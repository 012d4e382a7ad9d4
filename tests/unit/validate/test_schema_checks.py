"""The checks of single columns, compiled from the schemas: each fires, and each has its edge."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sheets import check, check_whole, findings, places, programme, workbook

from cmswp_xl.issues import in_sheet_order


def test_small_valid_programme__has_no_issues():
    assert check_whole(workbook()).issues == ()


@pytest.mark.parametrize("name", ["period_start", "currency", "original_language"])
def test_setting_that_is_required__is_missing_where_its_row_is_absent(name):
    found = findings(f"""
    ## Programme
    | setting | value |
    | {name}  |       |
    """)

    assert [item for item in found if item[3] == name] == [
        ("A1", "missing-column", "programme", name, None)
    ]


def test_setting_that_is_required__is_missing_where_its_value_is_blank():
    assert findings("""
    ## Programme
    | setting  | value |
    | currency | " "   |
    """) == [("B7", "missing-value", "programme", "currency", None)]


def test_required_code__that_is_blank__is_a_missing_value():
    assert findings("""
    ## Sources
    | code | kind      | title  |
    | CORE | core      | Budget |
    |      | voluntary | Gifts  |
    """) == [("A3", "missing-value", "sources", "code", None)]


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("status", "final", False),
        ("status", "ADOPTED", True),
        ("original_language", "de", False),
        ("illustrative", "'TRUE", False),
        ("illustrative", "Yes", True),
        ("number_style", "space", True),
        ("rounding", "million", False),
    ],
)
def test_word_that_is_not_in_the_list__is_an_issue(name, value, taken):
    found = findings(f"""
    ## Programme
    | setting | value   |
    | {name}  | {value} |
    """)

    codes = [item[1] for item in found if item[3] == name]
    assert codes == ([] if taken else ["not-in-list"])


def test_word_that_is_not_in_the_list__is_shown_as_typed():
    assert findings("""
    ## Funding
    | activity | source | stage    | amount |
    | ICC-01   | CORE   | Promised | 1      |
    """) == [("C2", "not-in-list", "funding", "stage", "Promised")]


@pytest.mark.parametrize(
    ("year", "taken"), [("1900", True), ("2200", True), ("1899", False), ("2201", False)]
)
def test_year_of_a_post__must_be_a_year_of_our_time(year, taken):
    found = findings(f"""
    ## Posts
    | id  | grade | source | start_year | title   |
    | P01 | P-4   | CORE   | {year}     | Officer |
    """)

    assert found == ([] if taken else [("D2", "out-of-range", "posts", "start_year", year)])


@pytest.mark.parametrize(
    ("percent", "taken"), [("0", True), ("100", True), ("100.01", False), ("-1", False)]
)
def test_percentage__is_from_0_to_100_exactly(percent, taken):
    found = findings(f"""
    ## Posts
    | id  | grade | source | title   |
    | P01 | P-4   | CORE   | Officer |

    ## Allocations
    | post | area | percent   |
    | P01  | ICC  | {percent} |
    """)

    codes = [item[:2] for item in found if item[1] == "out-of-range"]
    assert codes == ([] if taken else [("C2", "out-of-range")])


@pytest.mark.parametrize(("share", "taken"), [("1", True), ("0", True), ("1.01", False)])
def test_share_of_a_post__is_from_0_to_1(share, taken):
    found = findings(f"""
    ## Posts
    | id  | grade | source | share   | title   |
    | P01 | P-4   | CORE   | {share} | Officer |
    """)

    assert found == ([] if taken else [("D2", "out-of-range", "posts", "share", share)])


@pytest.mark.parametrize(
    ("code", "taken"),
    [
        ("ICC-01", True),
        ("Res. 10.3 _a-b", True),
        ("'1.10", True),
        ("-ICC", False),
        ("ICC*", False),
        ("ICC~1", False),
        ("\u00c9DM", False),
        ("'=1+1", False),
    ],
)
def test_code__is_made_of_plain_letters_digits_points_hyphens_and_spaces(code, taken):
    found = findings(f"""
    ## Mandates
    | code   |
    | Res. 1 |
    | {code} |
    """)

    assert [item[:2] for item in found] == ([] if taken else [("A3", "wrong-pattern")])


@pytest.mark.parametrize(
    ("currency", "taken"), [("CHF", True), ("chf", False), ("EURO", False), ("€", False)]
)
def test_currency__is_three_capitals(currency, taken):
    found = findings(f"""
    ## Programme
    | setting  | value      |
    | currency | {currency} |
    """)

    assert [item[:2] for item in found] == ([] if taken else [("B7", "wrong-pattern")])


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://www.cms.int/x", True),
        ("http://cms.int", True),
        ("javascript:alert(1)", False),
        ("www.cms.int", False),
        ("https://a b", False),
    ],
)
def test_web_address__is_an_ordinary_link(url, taken):
    found = findings(f"""
    ## Mandates
    | code   | url   |
    | Res. 1 | {url} |
    """)

    assert [item[:2] for item in found] == ([] if taken else [("B2", "wrong-pattern")])


@pytest.mark.parametrize("variant", ["CORE", "core", '"CORE "', '"  Core"'])
def test_key_that_is_there_already_in_other_letters__is_a_duplicate_at_every_row(variant):
    found = check(f"""
    ## Sources
    | code      | kind | title  |
    | CORE      | core | Budget |
    | VOL       | core | Gifts  |
    | {variant} | core | Again  |
    """).issues

    duplicates = [issue for issue in found if issue.code == "duplicate-key"]
    assert [(i.cell, i.table, i.column, i.values["cells"]) for i in duplicates] == [
        ("A2", "sources", "code", [2, 4]),
        ("A4", "sources", "code", [2, 4]),
    ]


def test_keys_that_differ_in_a_digit_only__are_no_duplicates():
    assert (
        findings("""
    ## Mandates
    | code    |
    | Res. 1  |
    | '1.1    |
    | '1.10   |
    """)
        == []
    )


def test_blank_keys__are_missing_and_no_duplicates():
    assert [
        item[:2]
        for item in findings("""
    ## Sources
    | code | kind | title  |
    | CORE | core | Budget |
    |      | core | A      |
    |      | core | B      |
    """)
    ] == [("A3", "missing-value"), ("A4", "missing-value")]


def test_post_that_has_an_area_twice__is_a_duplicate_of_both_fields_together():
    assert findings("""
    ## Areas
    | code | title |
    | ICC  | One   |
    | PAG  | Two   |

    ## Posts
    | id  | grade | source | title   |
    | P01 | P-4   | CORE   | Officer |

    ## Allocations
    | post | area | percent |
    | P01  | ICC  | 10      |
    | P01  | PAG  | 10      |
    | p01  | ICC  | 10      |
    """) == [
        ("B2", "duplicate-key", "allocations", "area", "ICC"),
        ("B4", "duplicate-key", "allocations", "area", "ICC"),
    ]


def test_post_paid_twice_by_one_source__is_no_duplicate():
    """Two donors may pay by way of one fund."""
    assert (
        findings("""
    ## Posts
    | id  | grade | source | title   |
    | P01 | P-4   | CORE   | Officer |

    ## PostFunding
    | post | source | percent |
    | P01  | VOL    | 50      |
    | P01  | VOL    | 50      |
    """)
        == []
    )


@pytest.mark.parametrize("variant", ["icc-01", '" ICC-01 "'])
def test_reference_in_other_letters__finds_its_row_and_takes_its_form(variant):
    (line,) = programme(f"""
    ## Costs
    | activity  | amount |
    | {variant} | 7      |
    """).costs

    assert (line.activity, line.amount) == ("ICC-01", Decimal(7))


def test_reference_that_leads_nowhere__is_an_issue_at_its_cell():
    assert findings("""
    ## Costs
    | amount | activity |
    | 1      | ICC-1    |
    """) == [("B2", "unknown-reference", "costs", "activity", "ICC-1")]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            """
            ## Funding
            | activity | source | donor | stage    | amount |
            | ICC-01   | CORE   | D-1   | received | 1      |
            """,
            ("C2", "unknown-reference", "funding", "donor", "D-1"),
        ),
        (
            """
            ## Costs
            | activity | scenario | amount |
            | ICC-01   | LOW      | 1      |
            """,
            ("B2", "unknown-reference", "costs", "scenario", "LOW"),
        ),
        (
            """
            ## Programme
            | setting  | value |
            | scenario | LOW   |
            """,
            ("B9", "unknown-reference", "programme", "scenario", "LOW"),
        ),
        (
            """
            ## Allocations
            | post | area | percent |
            | P01  | ICC  | 10      |
            """,
            ("A2", "unknown-reference", "allocations", "post", "P01"),
        ),
    ],
)
def test_reference_into_an_absent_table__is_unknown(table, expected):
    assert findings(table) == [expected]


def test_blank_reference_that_is_not_required__is_no_issue():
    assert (
        findings("""
    ## Funding
    | activity | source | donor | scenario | stage    | amount |
    | ICC-01   | CORE   |       |          | received | 1      |
    """)
        == []
    )


def test_mandates_with_their_places__are_taken_apart():
    (activity,) = programme("""
    ## Mandates
    | code      |
    | Res. 11.2 |
    | Dec. 5    |

    ## Activities
    | id     | number | area | mandates                              | title |
    | ICC-01 | '1.1   | ICC  | res. 11.2 (paras 4–7 (a)); Dec. 5;    | Train |
    """).activities

    assert [(m.code, m.locator) for m in activity.mandates] == [
        ("Res. 11.2", "paras 4–7 (a)"),
        ("Dec. 5", None),
    ]


@pytest.mark.parametrize(
    ("mandates", "value"),
    [
        ("Res. 2", "Res. 2"),
        ("Res. 1; Res. 2 (para. 1); Dec. 9", "Res. 2; Dec. 9"),
        ("Res. 2; Res. 2 (para. 3)", "Res. 2"),
        ("Res. 1 para. 4", "Res. 1 para. 4"),
        ("(para. 4)", "(para. 4)"),
        ("Res. 1 (para. 4", "Res. 1 (para. 4"),
        ("Res. 1, Res. 1", "Res. 1, Res. 1"),
    ],
)
def test_mandates_that_are_unknown__are_named(mandates, value):
    assert findings(f"""
    ## Activities
    | id     | number | area | mandates   | title |
    | ICC-01 | '1.1   | ICC  | {mandates} | Train |
    """) == [("D2", "unknown-reference", "activities", "mandates", value)]


def test_all_issues_of_a_row__are_told_at_once_in_sheet_order():
    checked = check("""
    ## Costs
    | activity | year | category | amount |
    | ICC-01   | 2030 | party    | -1.001 |
    | NO       | 1    |          |        |
    """)

    assert places(checked.issues) == [
        ("Costs", "B2", "year-outside-period"),
        ("Costs", "C2", "not-in-list"),
        ("Costs", "D2", "too-many-decimals"),
        ("Costs", "A3", "unknown-reference"),
        ("Costs", "B3", "out-of-range"),
        ("Costs", "B3", "year-outside-period"),
        ("Costs", "D3", "missing-value"),
    ]
    assert checked.programme is None


def test_issues__are_each_told_once_and_in_the_same_order_however_they_come():
    issues = check("""
    ## Costs
    | activity | year | category | amount |
    | ICC-01   | 2030 | party    | -1.001 |
    | NO       | 1    |          |        |
    """).issues

    again = in_sheet_order([*reversed(issues), *issues])

    assert tuple(again) == issues
