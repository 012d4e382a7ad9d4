"""Figures by recommendation: what each one rests on, and every activity once in the total."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from sheets import programme, totals

from cmswp_xl.figures.totals import Figures, compute_totals
from cmswp_xl.model import Contribution, CostLine, Recommendation, Review, Text

REVIEW = """
## Activities
| id   | number | area | mandates | title |
| A-01 | '1     | ICC  | Res. 1   | One   |
| A-02 | '2     | ICC  | Res. 1   | Two   |
| A-03 | '3     | ICC  | Res. 1   | Three |
| A-04 | '4     | ICC  | Res. 1   | Four  |

## Costs
| activity | amount |
| A-01     | 100    |
| A-02     | 10.50  |
| A-03     | 7      |

## Funding
| activity | source | stage    | amount |
| A-01     | CORE   | received | 30     |
| A-03     | VOL    | received | 9      |

## Subjects
| point | title |
| 1     | One   |

## Recommendations
| number | subject | text | decision  | activity |
| '1.1   | 1       | Buy  | act       | a-01     |
| '1.2   | 1       | Rent | act       | A-01     |
| '1.3   | 1       | Wait | no-action |          |
| '1.4   | 1       | Ask  | act       | A-04     |
| '1.10  | 1       | Sell | act       | A-03     |
"""


def rows(text=REVIEW):
    return {row.key: row.figures for row in totals(text).rows("recommendation")}


def test_recommendations__stand_in_their_order_and_the_rest_last():
    assert list(rows()) == ["1.1", "1.2", "1.3", "1.4", "1.10", ""]


def test_row__has_number_and_words_of_the_recommendation():
    first = totals(REVIEW).rows("recommendation")[0]

    assert (first.key, first.number, first.title) == ("1.1", "1.1", Text("Buy", "Buy", "Buy"))


def test_recommendation__has_the_figures_of_its_activity():
    found, activities = rows(), totals(REVIEW).by_activity

    assert (found["1.1"].cost, found["1.1"].core) == (100, 30)
    assert (found["1.1"].available, found["1.1"].to_be_sought) == (30, 70)
    assert (found["1.10"].surplus, found["1.10"].to_be_sought) == (2, 0)
    assert found["1.1"].cost == activities["A-01"].cost


def test_recommendation_without_an_activity__is_blank():
    assert rows()["1.3"] == Figures()


def test_recommendation_on_an_activity_without_costs__is_blank_and_counts_it():
    found = rows()["1.4"]

    assert (found.cost, found.to_be_sought) == (None, None)
    assert (found.activities, found.not_costed) == (1, 1)


def test_activity_under_two_recommendations__counts_once_in_the_total():
    total = totals(REVIEW).total

    assert sum(figures.cost or 0 for figures in rows().values()) == Decimal("217.50")
    assert (total.cost, total.available) == (Decimal("117.50"), 39)
    assert (total.activities, total.not_costed) == (4, 1)
    assert total.to_be_sought == Decimal("80.50")


def test_activities_without_a_recommendation__stand_together_under_a_blank_key():
    found = rows()[""]

    assert (found.cost, found.activities) == (Decimal("10.50"), 1)


def test_no_row_for_the_rest__where_every_activity_has_a_recommendation():
    text = REVIEW + "| '1.5 | 1 | Read | act | A-02 |\n"

    assert list(rows(text)) == ["1.1", "1.2", "1.3", "1.4", "1.10", "1.5"]


def test_programme_without_a_review__has_only_the_rest():
    found = totals()

    (row,) = found.rows("recommendation")
    assert (row.key, row.figures) == ("", found.total)


# Reckoned in another way.

BASE = programme()
CENTS = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)


@st.composite
def reviewed(draw):
    """Give a programme whose recommendations rest on its activities in any way."""
    ids = [f"ID-{i}" for i in range(draw(st.integers(1, 5)))]
    some = st.sampled_from(ids)
    cost = st.builds(
        lambda activity, amount: CostLine(
            activity, None, None, None, None, amount, "included", None, None
        ),
        some,
        CENTS,
    )
    money = st.builds(
        lambda activity, amount: Contribution(
            activity, None, "CORE", None, "received", amount, False, None, None, None
        ),
        some,
        CENTS,
    )
    linked = draw(st.lists(st.none() | some, max_size=8))
    return replace(
        BASE,
        activities=tuple(replace(BASE.activities[0], id=key, number=key) for key in ids),
        costs=tuple(draw(st.lists(cost, max_size=8))),
        funding=tuple(draw(st.lists(money, max_size=8))),
        review=Review(
            recommendations=tuple(
                Recommendation(f"1.{n}", 1, Text("Do"), "act", activity, (), None, Text())
                for n, activity in enumerate(linked, 1)
            )
        ),
    )


def by_hand(found, activities):
    """Give cost, available and to be sought of some activities, each of them once."""
    together = [None, None, None]
    for key in set(activities):
        costs = [row.amount for row in found.costs if row.activity == key]
        money = sum((row.amount for row in found.funding if row.activity == key), Decimal(0))
        parts = [
            sum(costs) if costs else None,
            money if costs or money else None,
            max(sum(costs) - money, Decimal(0)) if costs else None,
        ]
        together = [
            old if part is None else (old or 0) + part
            for old, part in zip(together, parts, strict=True)
        ]
    return together


@given(reviewed())
def test_figures__are_those_of_another_way_of_reckoning(found):
    reckoned = compute_totals(found)
    lines = {row.key: row.figures for row in reckoned.rows("recommendation")}

    for item in found.review.recommendations:
        one = lines[item.number]
        expected = by_hand(found, [item.activity] if item.activity else [])
        assert [one.cost, one.available or None, one.to_be_sought] == [
            expected[0],
            expected[1] or None,
            expected[2],
        ]
    total = reckoned.total
    expected = by_hand(found, [activity.id for activity in found.activities])
    assert [total.cost, total.available or None, total.to_be_sought] == [
        expected[0],
        expected[1] or None,
        expected[2],
    ]


@given(reviewed())
def test_every_activity__stands_under_its_recommendations_or_under_none(found):
    rows_ = compute_totals(found).rows("recommendation")
    linked = {item.activity for item in found.review.recommendations if item.activity}
    rest = [row.figures.activities for row in rows_ if not row.key]

    assert sum(rest) == len(found.activities) - len(linked)
    assert len(rest) == (1 if len(linked) < len(found.activities) else 0)
