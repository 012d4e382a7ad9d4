"""What is said of recommendations whose activities lack their money or their cost."""

from __future__ import annotations

import pytest
from sheets import workbook

from cmswp_xl.issues import Severity
from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.worded import worded
from cmswp_xl.pipeline import check_source

BOOK = """
## Activities
| id   | number | area | mandates | title | costing   |
| A-01 | '1     | ICC  | Res. 1   | Do    | {costing} |
| A-02 | '2     | ICC  | Res. 1   | Do    |           |

## Costs
| activity | amount |
{costs}
| A-02     | 5      |

## Funding
| activity | source | stage    | amount |
{funding}
| A-02     | CORE   | received | 5      |

## Subjects
| point | title |
| 1     | One   |

## Recommendations
| number | subject | text | decision | activity |
| '1.1   | 1       | Do   | act      | {activity} |
| '1.2   | 1       | Do   | act      | A-02     |
| '1.3   | 1       | Do   | act      |          |

## Steps
| seq | recommendation | text |
| 1   | '1.1           | Do   |
| 2   | '1.2           | Do   |
| 3   | '1.3           | Do   |
"""


def flags(costs=(100,), funding=(), costing="", activity="A-01", table="recommendations"):
    text = BOOK.format(
        costs="\n".join(f"| A-01 | {amount} |" for amount in costs),
        funding="\n".join(f"| A-01 | CORE | {stage} | {amount} |" for stage, amount in funding),
        costing=costing,
        activity=activity,
    )
    return [issue for issue in check_source(workbook(text))[1] if issue.table == table]


@pytest.mark.parametrize(
    ("costs", "funding", "costing", "sought"),
    [
        ((100,), (), "", "100.00"),
        ((100,), (("received", "30.25"),), "", "69.75"),
        ((100,), (("received", "99.99"),), "", "0.01"),
        ((100,), (("pledged", 100),), "", "100.00"),
        ((100,), (("received", 30),), "partial", "70.00"),
        ((100,), (("received", 100),), "", None),
        ((100,), (("received", 101),), "", None),
        ((100,), (("received", 100),), "partial", None),
        ((0,), (), "", None),
    ],
)
def test_recommendation__is_told_how_much_is_to_be_sought(costs, funding, costing, sought):
    found = flags(costs, funding, costing)

    assert [(i.code, i.cell, i.column, i.value) for i in found] == (
        [("recommendation-to-be-funded", "G2", "activity", "1.1")] if sought else []
    )
    assert [issue.values["to_be_sought"] for issue in found] == ([sought] if sought else [])


def test_recommendation_to_be_funded__is_information_worded_with_its_activity_and_money():
    (issue,) = flags(funding=[("received", "30.25")], activity="a-01")

    assert issue.severity is Severity.INFO
    assert worded(issue, Words(Language.EN)).message == (
        "Recommendation 1.1 depends on A-01, for which EUR\N{NO-BREAK SPACE}69.75 is to be sought."
    )


@pytest.mark.parametrize("funding", [(), (("received", 5),)])
def test_recommendation_on_an_activity_without_costs__is_told_so(funding):
    (issue,) = flags(costs=(), funding=funding)

    assert (issue.code, issue.values["uncosted"]) == ("recommendation-to-be-funded", True)
    assert "A-01, which is not yet costed" in worded(issue, Words(Language.EN)).message


def test_several_recommendations_on_one_activity__are_each_told():
    text = BOOK.format(costs="| A-01 | 7 |", funding="", costing="", activity="A-01")
    text = text.replace("| act      |          |", "| act | A-01 |")

    found = [i for i in check_source(workbook(text))[1] if i.table == "recommendations"]

    assert [(issue.cell, issue.value) for issue in found] == [("G2", "1.1"), ("G4", "1.3")]


@pytest.mark.parametrize("cost", ["'x", "-1", ""])
def test_nothing_is_said__where_the_activity_has_errors(cost):
    assert flags(costs=(100, cost)) == []
    assert "B3" in [issue.cell for issue in flags(costs=(100, cost), table="costs")]


def test_nothing_more_is_said__of_an_unknown_activity():
    assert [issue.code for issue in flags(activity="A-99")] == ["unknown-reference"]


WEIGHTS = ("mandate_fit", "users_served", "reuse", "urgency", "cost", "risk")
SCORED = """
## Requests
| id  | date       | requester | title | need | {names} | score |
| R-1 | 2025-01-01 | ICU       | Tool  | Need | 3 | 3 | 3 | 3 | 3 | 3 | {score} |

## Weights
| criterion | weight |
{weights}
"""


def scored(score, *weights):
    text = SCORED.format(
        names=" | ".join(WEIGHTS),
        score=score,
        weights="\n".join(f"| {n} | {w} |" for n, w in zip(WEIGHTS, weights, strict=True)),
    )
    issues = check_source(workbook(text))[1]
    return [(i.code, i.table, i.cell) for i in issues if i.table != "activities"]


SOUND = (25, 20, 15, 10, 20, 10)


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        ("= 3", []),
        ("= 3.001", []),
        ("= 3.01", ["stale-formula"]),
        ("", ["not-calculated"]),
        ("=", ["not-calculated"]),
    ],
)
def test_stored_score__is_compared_with_ours(score, expected):
    found = [code for code, *_ in scored(score, *SOUND)]
    assert [code for code in found if code in ("stale-formula", "not-calculated")] == expected


@pytest.mark.parametrize(
    ("weights", "error"),
    [
        ((25, 20, 15, 10, 20, 9), ("weights-not-100", "weights", "B7")),
        ((25, 20, 15, 10, 20, "'10"), ("wrong-type", "weights", "B7")),
        ((25, 20, 15, 10, 20, -10), ("out-of-range", "weights", "B7")),
    ],
)
def test_stored_score__is_not_spoken_of_while_the_weights_are_at_fault(weights, error):
    assert error in scored("= 3", *weights)
    assert "stale-formula" not in {code for code, *_ in scored("= 3", *weights)}
