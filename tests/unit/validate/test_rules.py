"""The rules between cells, rows and tables, each with its boundary."""

from __future__ import annotations

import pytest
from sheets import about, check, findings, places

from cmswp_xl.issues import Severity
from cmswp_xl.validate.typed import split_entry

POST = """
## Areas
| code | title |
| ICC  | One   |
| PAG  | Two   |
| EDM  | Three |

## Posts
| id  | grade | source | title   |
| P01 | P-4   | CORE   | Officer |
| P02 | P-2   | VOL    | Helper  |
"""


@pytest.mark.parametrize(
    ("year", "taken"),
    [("2024", True), ("2026", True), ("", True), ("2023", False), ("2027", False)],
)
@pytest.mark.parametrize("table", ["costs", "funding"])
def test_year_outside_the_period__is_an_issue_in_costs_and_funding(table, year, taken):
    found = findings(
        f"""
        ## Costs
        | activity | year   | amount |
        | ICC-01   | {year} | 1      |
        """
        if table == "costs"
        else f"""
        ## Funding
        | activity | year   | source | stage    | amount |
        | ICC-01   | {year} | CORE   | received | 1      |
        """
    )

    assert found == ([] if taken else [("B2", "year-outside-period", table, "year", year)])


@pytest.mark.parametrize("period", ["", "'2024"])
def test_year__is_not_measured_against_a_period_that_is_not_known(period):
    found = findings(f"""
    ## Programme
    | setting    | value    |
    | period_end | {period} |

    ## Costs
    | activity | year | amount |
    | ICC-01   | 2199 | 1      |
    """)

    assert "year-outside-period" not in {item[1] for item in found}


@pytest.mark.parametrize(
    ("quantity", "unit_cost", "amount", "taken"),
    [
        ("3", "0.1", "0.3", True),
        ("3", "1.1", "3.3000000000000003", True),
        ("2.5", "0.01", "0.03", True),
        ("2.5", "0.01", "0.02", False),
        ("1.5", "0.03", "0.05", True),
        ("0.5", "0.01", "0.01", True),
        ("0.49", "0.01", "0", True),
        ("0", "100", "0", True),
        ("", "100", "7", True),
        ("2", "", "7", True),
        ("2", "3.5", "7.01", False),
        ("1000000", "999999.99", "999999990000", True),
    ],
)
def test_amount__is_quantity_times_unit_cost_rounded_half_up(quantity, unit_cost, amount, taken):
    found = findings(f"""
    ## Costs
    | activity | quantity   | unit_cost   | amount   |
    | ICC-01   | {quantity} | {unit_cost} | {amount} |
    """)

    assert found == ([] if taken else [("D2", "amount-mismatch", "costs", "amount", amount)])


def test_amount_that_does_not_match__is_told_with_what_was_expected():
    (issue,) = check("""
    ## Costs
    | activity | quantity | unit_cost | amount |
    | ICC-01   | 3        | 33.33     | 100    |
    """).issues

    assert issue.values["expected"] == "99.99"


@pytest.mark.parametrize(("last", "taken"), [("40", True), ("40.01", False), ("39", True)])
def test_post__may_be_allotted_100_percent_exactly(last, taken):
    found = findings(
        POST
        + f"""
        ## Allocations
        | post | area | percent |
        | P01  | ICC  | 60      |
        | P02  | ICC  | 100     |
        | p01  | PAG  | {last}  |
        """
    )

    assert found == ([] if taken else [("C4", "over-allocated", "allocations", "percent", last)])


def test_post_allotted_too_much__is_told_with_its_total_and_cells():
    (issue,) = check(
        POST
        + """
        ## Allocations
        | post | area | percent |
        | P01  | ICC  | 60      |
        | P01  | PAG  | 30      |
        | P01  | EDM  | 20%     |
        """
    ).issues

    assert (issue.cell, issue.values["total"], issue.values["cells"]) == (
        "C4",
        "110",
        ["C2", "C3", "C4"],
    )


@pytest.mark.parametrize(("last", "taken"), [("33.34", True), ("33.35", False)])
def test_post__may_be_paid_100_percent_exactly(last, taken):
    found = findings(
        POST
        + f"""
        ## PostFunding
        | post | source | percent |
        | P01  | CORE   | 33.33   |
        | P01  | VOL    | 33.33   |
        | P01  | VOL    | {last}  |
        """
    )

    assert found == ([] if taken else [("C4", "over-allocated", "postfunding", "percent", last)])


@pytest.mark.parametrize("second", ["'1.1", '"1.1 "'])
def test_number_used_twice_in_an_area__is_an_issue_at_every_row(second):
    found = check(f"""
    ## Activities
    | id     | number   | area | mandates | title |
    | ICC-01 | '1.1     | ICC  | Res. 1   | A     |
    | ICC-02 | '1.10    | ICC  | Res. 1   | B     |
    | ICC-03 | {second} | icc  | Res. 1   | C     |
    """).issues

    repeated = about(found, "duplicate-number")
    assert [(i.cell, i.code, i.column, i.values["cells"]) for i in repeated] == [
        ("B2", "duplicate-number", "number", [2, 4]),
        ("B4", "duplicate-number", "number", [2, 4]),
    ]


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        (("1.2", "1.10", "1.10 a", "1.11"), None),
        (("1.10", "1.2", "1.1"), ("B3", "1.2", "1.10")),
        (("1.1", "1.1 b", "1.1 a"), ("B4", "1.1 a", "1.1 b")),
        (("1.1 a", "1.1.1"), ("B3", "1.1.1", "1.1 a")),
        (("1.1", "–", "1.2"), None),
    ],
)
def test_rows_in_another_order_than_their_numbers__are_told_once_an_area(numbers, found):
    rows = "\n".join(f"| A-{n} | '{each} | ICC | T |" for n, each in enumerate(numbers))
    issues = about(
        check(f"""
    ## Activities
    | id | number | area | title |
    {rows}
    """).issues,
        "number-order",
    )

    wanted = [] if found is None else [found]
    assert [(i.cell, i.value, i.values["above"]) for i in issues] == wanted


def test_numbers_of_other_areas_between__are_no_other_order():
    text = """
    ## Areas
    | code | title |
    | ICC  | One   |
    | GOV  | Two   |

    ## Activities
    | id | number | area | title |
    | A  | '2.1   | GOV  | T     |
    | B  | '1.1   | ICC  | T     |
    | C  | '2.2   | GOV  | T     |
    """
    assert findings(text, "number-order") == []


def test_number_used_in_two_areas__is_no_issue():
    assert (
        findings("""
    ## Areas
    | code | title |
    | ICC  | One   |
    | PAG  | Two   |

    ## Activities
    | id     | number | area | mandates | title |
    | ICC-01 | '1.1   | ICC  | Res. 1   | A     |
    | PAG-01 | '1.1   | PAG  | Res. 1   | B     |
    """)
        == []
    )


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            """
            ## Programme
            | setting      | value |
            | period_start | 2025  |
            | period_end   | 2023  |

            ## Costs
            | activity | amount |

            ## Funding
            | activity | source | stage | amount |
            """,
            ("B6", "out-of-range", "programme", "period_end", "2023"),
        ),
        (
            """
            ## Programme
            | setting       | value      |
            | meeting_start | 2024-05-02 |
            | meeting_end   | 2024-05-01 |
            """,
            ("B10", "out-of-range", "programme", "meeting_end", "2024-05-01"),
        ),
        (
            """
            ## Activities
            | id     | number | area | mandates | start_year | end_year | title |
            | ICC-01 | '1.1   | ICC  | Res. 1   | 2025       | 2024     | A     |
            """,
            ("F2", "out-of-range", "activities", "end_year", "2024"),
        ),
        (
            """
            ## Posts
            | id  | grade | source | start_year | end_year | title   |
            | P01 | P-4   | CORE   | 2025       | 2024     | Officer |
            """,
            ("E2", "out-of-range", "posts", "end_year", "2024"),
        ),
    ],
)
def test_end_before_its_beginning__is_out_of_range(table, expected):
    assert findings(table) == [expected]


def test_end_in_the_year_of_its_beginning__is_no_issue():
    assert (
        findings("""
    ## Programme
    | setting      | value |
    | period_start | 2024  |
    | period_end   | 2024  |
    """)
        == []
    )


def test_activity_without_mandate__is_mentioned():
    checked = check("""
    ## Activities
    | id     | number | area | mandates | title |
    | ICC-01 | '1.1   | ICC  | ;        | A     |
    """)

    assert places(checked.issues) == [("Activities", "D2", "no-mandate")]
    assert [issue.severity for issue in checked.issues] == [Severity.INFO]
    assert checked.programme is not None


@pytest.mark.parametrize(
    ("status", "severity"),
    [
        ("", Severity.INFO),
        ("draft", Severity.INFO),
        ("revised", Severity.WARNING),
        ("adopted", Severity.WARNING),
    ],
)
def test_text_without_a_translation__is_a_warning_once_the_plan_is_no_draft(status, severity):
    checked = check(f"""
    ## Programme
    | setting | value    |
    | status  | {status} |

    ## Areas
    | code | title_en | title_fr | title_es |
    | ICC  | One      |          | Uno      |
    """)

    assert [(i.cell, i.code, i.column, i.severity) for i in checked.issues] == [
        ("C2", "missing-translation", "title_fr", severity)
    ]
    assert checked.programme is not None


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        ("en", [("B2", "missing-value"), ("C2", "missing-translation")]),
        ("fr", [("B2", "missing-translation"), ("C2", "missing-value")]),
        ("es", [("B2", "missing-translation"), ("C2", "missing-translation")]),
    ],
)
def test_required_text__is_required_in_the_original_language_only(original, expected):
    found = findings(f"""
    ## Programme
    | setting           | value      |
    | original_language | {original} |

    ## Areas
    | code | title_en | title_fr | title_es |
    | ICC  |          |          | Uno      |
    """)

    assert [item[:2] for item in found] == expected


def test_optional_text__is_missing_only_where_another_language_has_it():
    found = findings("""
    ## Posts
    | id  | grade | source | remark_en | remark_fr | remark_es | title   |
    | P01 | P-4   | CORE   |           |           |           | Officer |
    | P02 | P-4   | CORE   |           | partagé   | compar    | Officer |
    """)

    assert found == [("D3", "missing-translation", "posts", "remark_en", None)]


def test_text_in_an_absent_column_of_another_language__is_a_missing_translation():
    found = findings("""
    ## Areas
    | code | title_en | title_es |
    | ICC  | One      | Uno      |
    """)

    assert found == [("A2", "missing-translation", "areas", "title_fr", None)]


def test_column_of_a_required_text_in_the_original_language__must_be_there():
    found = findings("""
    ## Areas
    | code | title_fr | title_es |
    | ICC  | Un       | Uno      |
    """)

    assert ("A1", "missing-column", "areas", "title_en") in [item[:4] for item in found]


FUNDING = """
## Donors
| code | name    |
| DE   | Germany |
"""


@pytest.mark.parametrize(
    ("second", "same"),
    [
        ("| ICC-01 | 2024 | VOL  | DE | received | A1 | 5 |", True),
        ("| ICC-01 | 2024 | vol  | de | received | a1 | 6 |", True),
        ("| ICC-01 | 2024 | VOL  | DE | pledged  | A1 | 5 |", False),
        ("| ICC-01 | 2025 | VOL  | DE | received | A1 | 5 |", False),
        ("| ICC-01 |      | VOL  | DE | received | A1 | 5 |", False),
        ("| ICC-01 | 2024 | CORE | DE | received | A1 | 5 |", False),
        ("| ICC-01 | 2024 | VOL  |    | received | A1 | 5 |", False),
        ("| ICC-01 | 2024 | VOL  | DE | received | A2 | 5 |", False),
    ],
)
def test_contribution_entered_at_two_stages__is_a_warning_at_the_later_row(second, same):
    checked = check(
        FUNDING
        + f"""
        ## Funding
        | activity | year | source | donor | stage | reference | amount |
        | ICC-01 | 2024 | VOL | DE | pledged | A1 | 5 |
        {second}
        """
    )

    found = about(checked.issues, "same-contribution")

    assert places(found) == ([("Funding", "E3", "same-contribution")] if same else [])
    assert [issue.severity for issue in found] == ([Severity.WARNING] if same else [])


@pytest.mark.parametrize(
    ("first", "second", "cell"),
    [
        ("", "excluded", "B3"),
        ("included", "excluded", "B3"),
        ("excluded", "", "B3"),
        ("", "included", None),
        ("excluded", "excluded", None),
    ],
)
def test_costs_with_and_without_support_costs__are_a_warning_at_the_first_change(
    first, second, cell
):
    checked = check(f"""
    ## Costs
    | activity | support_cost | amount |
    | ICC-01   | {first}      | 1      |
    | ICC-01   | {second}     | 1      |
    """)

    expected = [("Costs", cell, "mixed-support-cost")] if cell else []
    assert places(about(checked.issues, "mixed-support-cost")) == expected
    assert checked.programme is not None


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("Res. 11.2 (paras 4–7)", ("Res. 11.2", "paras 4–7")),
        ("Res. 11.2(para. 1)", ("Res. 11.2", "para. 1")),
        ("Res. 11.2 ()", ("Res. 11.2", None)),
        ("Res. 11.2", ("Res. 11.2", None)),
        ("Res. 1 (a) (b)", ("Res. 1", "a) (b")),
        ("(alone)", ("(alone)", None)),
    ],
)
def test_entry__is_code_and_place(entry, expected):
    assert split_entry(entry, locator=True) == expected


def test_entry_without_places__is_all_code():
    assert split_entry(" SDG (15) ", locator=False) == ("SDG (15)", None)
