"""The flags of progress reports that need figures: at the report that holds."""

from __future__ import annotations

import pytest
from sheets import workbook

from cmswp_xl.issues import Severity
from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.worded import worded
from cmswp_xl.pipeline import check_source

BOOK = """
## Programme
| setting | value |
| as_at   | 2025-01-31 |

## Activities
| id   | number | area | mandates | title | costing   |
| A-01 | '1     | ICC  | Res. 1   | Talk  | {costing} |
| A-02 | '2     | ICC  | Res. 1   | Meet  |           |

## Costs
| activity | amount |
| A-01     | 1000   |

## Funding
| activity | source | stage    | amount |
| A-01     | CORE   | received | 600    |

## Progress
| activity | as_at | status | expenditure |
{rows}
"""


def flags(*rows, costing=""):
    _, issues = check_source(workbook(BOOK.format(rows="\n".join(rows), costing=costing)))
    return [
        (issue.cell, issue.code, issue.severity) for issue in issues if issue.table == "progress"
    ]


@pytest.mark.parametrize(
    ("spent", "costing", "expected"),
    [
        ("600", "", []),
        ("600.01", "", ["expenditure-above-available"]),
        ("1000.01", "", ["expenditure-above-available", "expenditure-above-cost"]),
        ("1000.01", "partial", ["expenditure-above-available"]),
        ("", "", []),
    ],
)
def test_expenditure__is_compared_with_cost_and_money(spent, costing, expected):
    found = flags(f"| A-01 | 2025-01-31 | ongoing | {spent} |", costing=costing)

    assert found == [("D2", code, Severity.WARNING) for code in expected]


def test_done_with_money_to_be_sought__is_mentioned():
    found = flags("| A-01 | 2025-01-31 | done | 0 |")

    assert found == [("C2", "done-to-be-sought", Severity.INFO)]


def test_only_the_report_that_holds__is_told():
    found = flags(
        "| A-01 | 2024-06-30 | ongoing | 800 |",
        "| A-01 | 2025-01-31 | ongoing | 900 |",
    )
    assert found == [("D3", "expenditure-above-available", Severity.WARNING)]


def test_activities_that_are_not_costed__are_passed_over():
    assert flags("| A-02 | 2025-01-31 | done | 900 |") == []


def test_reports_beside_a_faulty_one__are_passed_over():
    found = flags(
        "| A-01 | 2024-06-30 | begun   | 800 |",
        "| A-01 | 2025-01-31 | ongoing | 900 |",
    )
    assert found == [("C2", "not-in-list", Severity.ERROR)]


def test_words__show_the_amounts():
    text = BOOK.format(rows="| A-01 | 2025-01-31 | done | 700 |", costing="")
    _, issues = check_source(workbook(text))
    said = {
        issue.code: worded(issue, Words(Language.EN)).message.replace("\u00a0", "~")
        for issue in issues
        if issue.table == "progress"
    }
    assert said == {
        "expenditure-above-available": (
            "A-01: EUR~700.00 was spent, but only EUR~600.00 is available."
        ),
        "done-to-be-sought": "A-01 is carried out, though EUR~400.00 is to be sought for it.",
    }
