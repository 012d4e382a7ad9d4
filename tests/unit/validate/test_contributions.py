"""Dates of contributions, and their amounts in other currencies, each with its boundary."""

from __future__ import annotations

import pytest
from sheets import check, findings, workbook

from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.worded import worded
from cmswp_xl.pipeline import check_source

LATER = ("E2", "F2", "G2")
"""The cells of pledged_on, confirmed_on and received_on."""


def dates(stage, *days):
    return findings(
        f"""
        ## Funding
        | activity | source | stage   | amount | pledged_on | confirmed_on | received_on |
        | ICC-01   | CORE   | {stage} | 40     | {" | ".join(days)} |
        """,
        "date-order",
    )


@pytest.mark.parametrize(
    ("days", "at"),
    [
        (("2025-01-01", "2025-01-01", "2025-01-01"), []),
        (("2025-01-02", "2025-01-01", ""), [1]),
        (("2025-01-02", "", "2025-01-01"), [2]),
        (("", "2025-01-02", "2025-01-01"), [2]),
        (("2025-01-03", "2025-01-02", "2025-01-01"), [1, 2]),
        (("", "", ""), []),
        (("", "", "2025-01-01"), []),
    ],
)
def test_date_before_that_of_an_earlier_stage__is_a_warning_at_the_later_one(days, at):
    names = ("pledged_on", "confirmed_on", "received_on")
    wanted = [(LATER[n], "date-order", "funding", names[n], days[n]) for n in at]
    assert dates("received", *days) == wanted


@pytest.mark.parametrize(
    ("stage", "name", "taken"),
    [
        ("pledged", "confirmed_on", False),
        ("pledged", "received_on", False),
        ("confirmed", "received_on", False),
        ("pledged", "pledged_on", True),
        ("confirmed", "confirmed_on", True),
        ("received", "received_on", True),
        ("received", "pledged_on", True),
        ("", "received_on", True),
    ],
)
def test_date_of_a_stage_not_yet_reached__is_a_warning(stage, name, taken):
    names = ("pledged_on", "confirmed_on", "received_on")
    days = ["2025-01-01" if each == name else "" for each in names]
    cell = LATER[names.index(name)]
    found = [] if taken else [(cell, "date-order", "funding", name, "2025-01-01")]
    assert dates(stage, *days) == found


def test_date_of_a_later_stage__names_the_stage_in_the_words_of_the_workbook():
    book = workbook(
        """
        ## Funding
        | activity | source | stage    | amount | received_on |
        | ICC-01   | CORE   | annoncée | 40     | 2025-01-01  |
        """,
        language=Language.FR,
    )
    _, issues = check_source(book)
    (found,) = [issue for issue in issues if issue.code == "date-order"]
    assert "“annoncée”" in worded(found, Words(Language.EN)).message


RATES = """
## Rates
| currency | date       | rate   |
| USD      | 2025-01-01 | 0.95   |
| USD      | 2024-01-01 | 0.9    |
| CHF      | 2024-01-01 | 1.0405 |
"""
CODES = ("conversion-mismatch", "conversion-unchecked", "missing-value")


def converted(row, book=RATES):
    """Check one contribution: amount, dates, original amount and currency, rate."""
    head = "amount | pledged_on | confirmed_on | received_on | original_amount | original_currency"
    text = f"""
        ## Funding
        | activity | source | stage    | {head} | rate |
        | ICC-01   | CORE   | received | {row} |
        """
    return [found[:2] for found in findings(text + book, *CODES)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # its own rate, to the cent, half up
        ("90 | | | | 100 | USD | 0.9", []),
        ("90.01 | | | | 100 | USD | 0.9", [("D2", "conversion-mismatch")]),
        ("0.13 | | | | 0.25 | USD | 0.5", []),
        ("0.12 | | | | 0.25 | USD | 0.5", [("D2", "conversion-mismatch")]),
        ("57.13 | | | | 1000001.234 | USD | 0.0000571265", []),
        ("0.3 | | | | 3 | USD | 0.1", []),
        # of the sheet: the latest on or before the day of the contribution
        ("90 | | | 2024-12-31 | 100 | USD | ", []),
        ("95 | | | 2025-01-01 | 100 | USD | ", []),
        ("90 | | | 2025-01-01 | 100 | USD | ", [("D2", "conversion-mismatch")]),
        ("104.05 | 2024-02-01 | | | 100 | CHF | ", []),
        # received before confirmed before pledged
        ("90 | 2023-01-01 | 2023-06-01 | 2024-05-01 | 100 | USD | ", []),
        ("95 | 2024-01-01 | 2025-01-01 | | 100 | USD | ", []),
        # a rate of its own overrules the sheet
        ("80 | | | 2025-01-01 | 100 | USD | 0.8", []),
        # no rate is known
        ("90 | | | 2023-12-31 | 100 | USD | ", [("J2", "conversion-unchecked")]),
        ("90 | | | | 100 | USD | ", [("J2", "conversion-unchecked")]),
        ("90 | | | 2025-01-01 | 100 | JPY | ", [("J2", "conversion-unchecked")]),
        # a value is missing
        ("90 | | | 2025-01-01 | 100 | | ", [("I2", "conversion-unchecked")]),
        ("90 | | | 2025-01-01 | | USD | ", [("H2", "conversion-unchecked")]),
        ("90 | | | 2025-01-01 | | | 0.9", [("H2", "conversion-unchecked")]),
        # the programme's own currency is worth 1
        ("100 | | | | 100 | EUR | ", []),
        ("99 | | | | 100 | EUR | ", [("D2", "conversion-mismatch")]),
        # no amount: offered; what was not typed soundly is no ground for more
        (" | | | | 100 | USD | 0.9", [("D2", "missing-value")]),
        ("90 | | | | 100 | USD | '0.8", []),
        ("90 | | | '2024 | 100 | USD | ", []),
        ("90 | | | | 'x | USD | 0.8", []),
    ],
)
def test_amount__is_the_original_one_at_its_rate(row, expected):
    assert converted(row) == expected


def test_missing_amount__is_offered_with_its_rate():
    issues = check(
        """
        ## Funding
        | activity | source | stage    | amount | original_amount | original_currency | rate |
        | ICC-01   | CORE   | received |        | 10000.55        | USD               | 0.92 |
        | ICC-01   | VOL    | received |        | 10000.55        | USD               |      |
        """
    ).issues
    known, unknown = (issue for issue in issues if issue.code == "missing-value")
    words = worded(known, Words(Language.FR))
    assert "10\u00a0000,55\u00a0USD au taux de 0,92 donnent 9\u00a0200,51" in words.message
    assert words.remedy.startswith("Saisissez 9\u00a0200,51")
    assert "USD" not in worded(unknown, Words(Language.FR)).message


@pytest.mark.parametrize("rate", ["0", "-1", "1000001", "0.00000000001", "'0.9", "1e300"])
def test_hostile_rates__are_issues_and_convert_nothing(rate):
    found = findings(
        f"""
        ## Rates
        | currency | date       | rate   |
        | USD      | 2024-01-01 | {rate} |
        """
    )
    assert [item[0] for item in found if item[1] != "duplicate-row"] == ["C2"]


def test_rate_of_one_currency_and_day__stands_once():
    twice = RATES + "| USD | 2024-01-01 | 0.91 |\n"
    assert [found[:2] for found in findings(twice, "duplicate-key")] == [
        ("B3", "duplicate-key"),
        ("B5", "duplicate-key"),
    ]
