"""
How requests for technology are weighed, and in which order they come out.

A framework for new requests is what the second source document asks for. Score = sum of weight × s
÷ 100, where s is the score given, or 6 less that score for cost and risk, of which 5 is the
highest. What funding is offered never enters, since the source warns against following the money.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.model import CRITERIA
from cmswp_xl.money import HUNDRED, to_cents, total

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.model import Review, TechnologyRequest

REVERSED = frozenset({"cost", "risk"})
"""The criteria of which a high score speaks against a request."""
TURN = 6
"""What a reversed score is taken from: the highest score and one more."""


def request_score(scores: Mapping[str, int], weights: Mapping[str, Decimal]) -> Decimal | None:
    """Give a score from 1 to 5 with two decimals; None unless the weights add up to 100."""
    if total(weights.values()) != HUNDRED:
        return None
    parts = (weights.get(name, Decimal(0)) * points(name, scores[name]) for name in CRITERIA)
    return to_cents(sum(parts, Decimal(0)) / HUNDRED)


def points(criterion: str, score: int) -> int:
    """Give what a score counts for: 5 speaks for a request, whatever the criterion."""
    return TURN - score if criterion in REVERSED else score


def ranked(review: Review) -> list[tuple[TechnologyRequest, Decimal | None]]:
    """Give the requests with their scores, highest first; ties by date, then by id."""
    scored = [(item, request_score(item.scores, review.weights)) for item in review.requests]
    return sorted(scored, key=lambda pair: (-(pair[1] or 0), pair[0].date, pair[0].id))
