"""Scores of requests: reckoned by hand, ranked, and never following the money."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmswp_xl.figures.computed import REVERSED, points, ranked, request_score
from cmswp_xl.model import CRITERIA, Review, TechnologyRequest, Text

WEIGHTS = dict(zip(CRITERIA, map(Decimal, ("25", "20", "15", "10", "20", "10")), strict=True))
DAY = dt.date(2025, 1, 1)


def request(name="R-1", scores=(3, 3, 3, 3, 3, 3), date=DAY, **values):
    """Give a request of these scores, pending."""
    return TechnologyRequest(
        id=name,
        date=date,
        requester="ICU",
        title=Text("Tool"),
        need=Text("Need"),
        existing_solution=None,
        **dict(zip(CRITERIA, scores, strict=True)),
        **{
            "estimated_cost": None,
            "funding_offered": None,
            "staff_days": None,
            "decision": "pending",
            "decided_by": None,
            "decided_on": None,
            "reason": Text(),
            "recommendation": None,
            **values,
        },
    )


def score(scores, weights=WEIGHTS):
    return request_score(dict(zip(CRITERIA, scores, strict=True)), weights)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((3, 3, 3, 3, 3, 3), "3.00"),
        ((5, 5, 5, 5, 1, 1), "5.00"),
        ((1, 1, 1, 1, 5, 5), "1.00"),
        ((5, 5, 5, 5, 5, 5), "3.80"),
        ((5, 4, 3, 2, 1, 1), "4.20"),
        ((1, 2, 3, 4, 5, 1), "2.20"),
    ],
)
def test_score__is_as_reckoned_by_hand(scores, expected):
    assert str(score(scores)) == expected


def test_cost_and_risk__count_the_other_way_round():
    assert {"cost", "risk"} == REVERSED
    assert [points("cost", n) for n in range(1, 6)] == [5, 4, 3, 2, 1]
    assert [points("urgency", n) for n in range(1, 6)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("weight", "expected"),
    [("0.50", "1.01"), ("0.49", "1.00"), ("1.50", "1.02"), ("1.49", "1.01")],
)
def test_half_a_cent_of_a_score__is_rounded_up(weight, expected):
    weights = {"urgency": Decimal(weight), "reuse": 100 - Decimal(weight)}

    assert str(score((1, 1, 1, 2, 1, 1), weights)) == expected


@pytest.mark.parametrize(
    "weights",
    [
        {},
        {**WEIGHTS, "risk": Decimal("9.99")},
        {**WEIGHTS, "risk": Decimal("10.01")},
        {name: weight for name, weight in WEIGHTS.items() if name != "risk"},
    ],
)
def test_score__is_blank_unless_the_weights_add_up_to_one_hundred(weights):
    assert score((3, 3, 3, 3, 3, 3), weights) is None


def test_criterion_without_a_weight__does_not_count():
    weights = {"urgency": Decimal(100)}

    assert score((1, 1, 1, 4, 5, 5), weights) == 4


def names(*requests, weights=WEIGHTS):
    return [item.id for item, _ in ranked(Review(requests=requests, weights=weights))]


def test_requests__are_ranked_by_score_then_date_then_id():
    early, late = dt.date(2025, 1, 1), dt.date(2025, 1, 2)
    same = [("R-2", late), ("R-4", early), ("R-3", late), ("R-1", late)]
    requests = [request(name, date=date) for name, date in same]

    assert names(*requests, request("R-9", (5, 5, 5, 5, 1, 1), dt.date(2026, 1, 1))) == [
        *("R-9", "R-4", "R-1", "R-2", "R-3")
    ]


def test_requests_without_a_score__are_in_order_of_date_and_id():
    requests = [request("R-2"), request("R-1", (5, 5, 5, 5, 1, 1)), request("R-3", date=DAY)]

    assert ranked(Review(requests=tuple(requests))) == [
        (item, None) for item in sorted(requests, key=lambda item: item.id)
    ]


# Properties of any request.

SCORES = st.tuples(*[st.integers(1, 5)] * 6)
MONEY = st.none() | st.integers(0, 10**14).map(lambda cents: Decimal(cents) / 100)


@st.composite
def whole_weights(draw):
    """Give weights of up to two decimals that add up to 100."""
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=5, max_size=5)))
    edges = [0, *cuts, 10_000]
    parts = (Decimal(last - first) / 100 for first, last in pairwise(edges))
    return dict(zip(CRITERIA, parts, strict=True))


@given(SCORES, whole_weights())
def test_score__is_the_weighted_mean_in_whole_fractions(scores, weights):
    exact = sum(
        Fraction(weights[name]) * (6 - value if name in ("cost", "risk") else value)
        for name, value in zip(CRITERIA, scores, strict=True)
    ) / Fraction(100)
    rounded_half_up = Fraction(int(exact * 100 + Fraction(1, 2)), 100)

    found = score(scores, weights)

    assert Fraction(found) == rounded_half_up
    assert 1 <= found <= 5


@given(st.lists(st.tuples(SCORES, MONEY, MONEY, MONEY), max_size=6), whole_weights())
def test_money_that_is_offered__never_enters_score_or_rank(rows, weights):
    plain = [request(f"R-{i}", scores) for i, (scores, *_) in enumerate(rows)]
    paid = [
        replace(item, funding_offered=offered, estimated_cost=cost, staff_days=days)
        for item, (_, offered, cost, days) in zip(plain, rows, strict=True)
    ]

    found = [
        [(item.id, given) for item, given in ranked(Review(requests=tuple(some), weights=weights))]
        for some in (plain, paid)
    ]

    assert found[0] == found[1]


@given(st.lists(SCORES, max_size=8), whole_weights(), st.randoms())
def test_order_of_rows__does_not_change_the_rank(rows, weights, random):
    requests = [request(f"R-{i}", scores) for i, scores in enumerate(rows)]
    mixed = random.sample(requests, len(requests))

    assert names(*requests, weights=weights) == names(*mixed, weights=weights)


@given(SCORES, whole_weights(), st.sampled_from(CRITERIA))
def test_a_better_score__never_lowers_the_result(scores, weights, name):
    given_ = dict(zip(CRITERIA, scores, strict=True))
    step = -1 if name in REVERSED else 1
    better = {**given_, name: min(max(given_[name] + step, 1), 5)}

    assert request_score(better, weights) >= request_score(given_, weights)
