"""Which rows changed their place among those of both versions."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PRINTED: Mapping[str, str | None] = {
    "areas": None,
    "activities": "area",
    "posts": None,
    "allocations": "area",
    "subjects": None,
    "recommendations": "subject",
    "evidence": "kind",
    "needs": None,
    "requests": None,
}
"""The tables whose row order is the order of print, and the field within which it is."""


def moved(places: Sequence[int]) -> frozenset[int]:
    """
    Give the fewest items that must have moved to come into this order.

    `places` are the old places of the items in their new order, each once; the result holds the
    indices of those that are not part of the longest run that stayed in order.
    """
    ends: list[int] = []
    lasts: list[int] = []
    before: list[int] = []
    for index, place in enumerate(places):
        length = bisect_left(ends, place)
        before.append(lasts[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        lasts[length : length + 1] = [index]
    stayed: set[int] = set()
    index = lasts[-1] if lasts else -1
    while index >= 0:
        stayed.add(index)
        index = before[index]
    return frozenset(range(len(places))) - stayed
