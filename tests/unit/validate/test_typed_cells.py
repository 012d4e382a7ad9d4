"""From raw cells to typed values: what each kind of field takes, and what it refuses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sheets import check, findings, places, programme, workbook

from cmswp_xl.tables import Knowledge

YES = "TRUE"


def costs(amount, year="2024"):
    return f"""
    ## Costs
    | activity | year   | amount   |
    | ICC-01   | {year} | {amount} |
    """


def setting(name, value):
    return f"""
    ## Programme
    | setting | value   |
    | {name}  | {value} |
    """


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0", "0"),
        ("100", "100"),
        ("0.1", "0.1"),
        ("3.3000000000000003", "3.3"),
        ("2.675", None),
        ("123456789.12", "123456789.12"),
        ("1e3", "1000"),
        ("1000000000000", "1000000000000"),
        ("= 12.5", "12.5"),
    ],
)
def test_number__is_taken_at_15_digits_as_excel_shows_it(amount, expected):
    checked = check(costs(amount))

    amounts = [line.amount for line in checked.programme.costs] if checked.programme else [None]
    assert amounts == [None if expected is None else Decimal(expected)]


@pytest.mark.parametrize(
    ("amount", "code", "value"),
    [
        ("'12", "wrong-type", "12"),
        ("'12,50", "wrong-type", "12,50"),
        ("about 12", "wrong-type", "about 12"),
        ("'NaN", "wrong-type", "NaN"),
        ("'Infinity", "wrong-type", "Infinity"),
        ("'12_000", "wrong-type", "12_000"),
        ("'\u0661\u0662", "wrong-type", "\u0661\u0662"),
        (YES, "wrong-type", "TRUE"),
        ("2024-05-01", "wrong-type", "2024-05-01"),
        ("2024-05-01T12:30", "wrong-type", "2024-05-01 12:30"),
        ("#REF!", "error-value", "#REF!"),
        ("#DIV/0!", "error-value", "#DIV/0!"),
        ("=", "formula-without-value", None),
        ("1.005", "too-many-decimals", "1.005"),
        ("0.001", "too-many-decimals", "0.001"),
        ("-0.01", "out-of-range", "-0.01"),
        ("1000000000000.1", "out-of-range", "1000000000000.1"),
        ("", "missing-value", None),
        ('"  "', "missing-value", None),
        ('= ""', "missing-value", None),
    ],
)
def test_amount__that_is_no_amount__is_an_issue_at_its_cell(amount, code, value):
    assert findings(costs(amount)) == [("C2", code, "costs", "amount", value)]


def test_zero__is_a_value_and_blank_is_not():
    checked = check("""
    ## Costs
    | activity | quantity | unit_cost | amount |
    | ICC-01   | 0        |           | 0      |
    """)

    (line,) = checked.programme.costs
    assert (line.quantity, line.unit_cost, line.amount) == (Decimal(0), None, Decimal(0))


def test_number_as_text__is_told_from_other_text():
    issues = check(costs("'1 234,50")).issues + check(costs("some")).issues

    assert [issue.values["found"] for issue in issues] == ["number-as-text", "text"]


@pytest.mark.parametrize(
    ("number", "meant"), [("1.1", "1.1|1.10"), ("2", "2"), ("1.25", "1.25|1.250")]
)
def test_number_in_a_code_column__says_what_it_may_have_been(number, meant):
    checked = check(f"""
    ## Activities
    | id     | number   | area | mandates | title |
    | ICC-01 | {number} | ICC  | Res. 1   | Train |
    """)

    (issue,) = checked.issues
    assert (issue.cell, issue.code, issue.column) == ("B2", "wrong-type", "number")
    assert issue.values["meant"] == meant


def test_date_in_a_code_column__is_no_code():
    """Excel makes a date of a number such as 1-2."""
    assert findings("""
    ## Activities
    | id     | number     | area | mandates | title |
    | ICC-01 | 2024-02-01 | ICC  | Res. 1   | Train |
    """) == [("B2", "wrong-type", "activities", "number", "2024-02-01")]


def test_text_that_looks_like_a_number__is_a_code():
    assert (
        programme(
            """
    ## Activities
    | id     | number | area | mandates | title |
    | ICC-01 | '1.10  | ICC  | Res. 1   | Train |
    """
        )
        .activities[0]
        .number
        == "1.10"
    )


@pytest.mark.parametrize(
    ("year", "code", "value"),
    [
        ("2024.5", "wrong-type", "2024.5"),
        ("'2024", "wrong-type", "2024"),
        (YES, "wrong-type", "TRUE"),
        ("2024-01-01", "wrong-type", "2024-01-01"),
        ("#N/A", "error-value", "#N/A"),
    ],
)
def test_year__that_is_no_whole_number__is_an_issue(year, code, value):
    assert findings(costs("100", year)) == [("B2", code, "costs", "year", value)]


def test_year__stored_as_a_binary_fraction__is_a_whole_number():
    assert programme(costs("100", "2024.0")).costs[0].year == 2024


def test_blank_year__is_the_whole_period():
    assert programme(costs("100", "")).costs[0].year is None


@pytest.mark.parametrize(
    ("shown", "expected"),
    [("13%", "13"), ("0%", "0"), ("100%", "100"), ("28.5%", "28.5"), ("13", "13"), ("0.9", "0.9")],
)
def test_percentage__is_read_as_it_is_shown(shown, expected):
    checked = check(setting("support_cost_rate", shown))

    assert checked.programme.settings.support_cost_rate == Decimal(expected)


def test_percentage__over_100__is_out_of_range_with_the_value_shown():
    assert findings(setting("support_cost_rate", "101%")) == [
        ("B9", "out-of-range", "programme", "support_cost_rate", "101")
    ]


def test_percent_format__of_an_amount__changes_nothing():
    assert programme(costs("90%")).costs[0].amount == Decimal("0.9")


@pytest.mark.parametrize(
    ("date", "code", "value"),
    [
        ("2024-05-01T12:30", "wrong-type", "2024-05-01 12:30"),
        ("45000", "wrong-type", "45000"),
        ("1 May 2024", "wrong-type", "1 May 2024"),
        (YES, "wrong-type", "TRUE"),
    ],
)
def test_date__that_is_no_plain_day__is_an_issue(date, code, value):
    assert findings(setting("as_at", date)) == [("B9", code, "programme", "as_at", value)]


def test_date__is_taken():
    assert programme(setting("as_at", "2024-05-01")).settings.as_at == dt.date(2024, 5, 1)


@pytest.mark.parametrize(
    ("serial", "expected"),
    [("45413", dt.date(2024, 5, 1)), ("61", dt.date(1900, 3, 1)), ("60", None), ("45413.5", None)],
)
def test_serial_number__is_a_date_where_the_source_knows_no_formats(serial, expected):
    book = workbook(setting("as_at", serial), knows=Knowledge.VALUES)
    checked = check(book)

    found = checked.programme and checked.programme.settings.as_at
    assert (found, places(checked.issues)) == (
        expected,
        [] if expected else [("Programme", "B9", "wrong-type")],
    )


def test_source_that_knows_less__has_its_skipped_checks_listed():
    assert check(workbook(knows=Knowledge.VALUES)).skipped == (
        "formula-without-value",
        "percent-format",
        "struck-text",
    )
    assert check(workbook()).skipped == ()


@pytest.mark.parametrize("bad", ["\\u0007", "\\ud83d", "\\ufffe", "\\u001b[31m", "\\u0085"])
def test_text__with_a_character_no_document_can_hold__is_unreadable(bad):
    (found,) = findings(f"""
    ## Activities
    | id     | number | area | mandates | responsible | title |
    | ICC-01 | '1.1   | ICC  | Res. 1   | "x{bad}y"   | Train |
    """)

    assert found[:4] == ("E2", "unreadable-text", "activities", "responsible")


def test_text__keeps_its_line_breaks_and_loses_its_edges():
    (activity,) = programme("""
    ## Activities
    | id     | number | area | mandates | title                                 |
    | ICC-01 | '1.1   | ICC  | Res. 1   | " One.\\r\\nTwo.\\rThree\\u00a0!\\n\\u00a0" |
    """).activities

    assert activity.title.en == "One.\nTwo.\nThree\u00a0!"


def test_text__is_composed_so_that_letters_with_accents_are_single_characters():
    (area,) = programme("""
    ## Areas
    | code | title       |
    | ICC  | "E\\u0301te\\u0301" |
    """).areas

    assert area.title.fr == "\u00c9t\u00e9"


def test_text__that_looks_like_a_template_or_a_formula__stays_text():
    for text in ("{{ 7 * 7 }}", "=1+1", "<b>&amp;</b>", "{% if %}", "=cmd()", "@SUM(A1)"):
        (area,) = programme(f"""
        ## Areas
        | code | title   |
        | ICC  | '{text} |
        """).areas

        assert area.title.en == text


def test_words_of_a_list__are_taken_in_any_case_and_with_any_space():
    (line,) = programme("""
    ## Costs
    | activity | category            | amount |
    | ICC-01   | "  Temporary-STAFF " | 1      |
    """).costs

    assert line.category == "temporary-staff"


def test_list_of_codes__is_split_at_semicolons_and_line_breaks():
    (activity,) = programme("""
    ## Activities
    | id     | number | area | mandates | targets                  | title |
    | ICC-01 | '1.1   | ICC  | Res. 1   | "SPMS-3; ; SDG 17\\nX ;"  | Train |
    """).activities

    assert activity.targets == ("SPMS-3", "SDG 17", "X")


def test_number_in_a_list_of_codes__is_no_code():
    assert findings("""
    ## Activities
    | id     | number | area | mandates | targets | title |
    | ICC-01 | '1.1   | ICC  | Res. 1   | 15.5    | Train |
    """) == [("E2", "wrong-type", "activities", "targets", "15.5")]


def test_faulty_cell__is_told_once_and_not_as_missing_too():
    assert findings("""
    ## Sources
    | code | kind | title  |
    | CORE | TRUE | Budget |
    """) == [("B2", "wrong-type", "sources", "kind", "TRUE")]


def test_number_too_large_for_any_calculation__is_an_issue_like_any_other():
    """No spreadsheet writes such a number, but a hostile file may."""
    assert findings(costs("1" + 400 * "0"))[0][:2] == ("C2", "wrong-type")
