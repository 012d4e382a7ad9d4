"""What a contribution would buy: quantities at their unit cost, where money is still missing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from cmswp_xl.context.numbers import NO_BREAK_SPACE
from cmswp_xl.money import ZERO, decimals
from cmswp_xl.totals import AVAILABLE_STAGES
from cmswp_xl.wording import label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from cmswp_xl.context.numbers import Numbers
    from cmswp_xl.languages import Words
    from cmswp_xl.totals import Reckoning

_Place = tuple[str, "int | None"]
_Unit = tuple["str | None", "Decimal"]


def purchases(reckoning: Reckoning, numbers: Numbers, say: Words) -> Mapping[str, tuple[str, ...]]:
    """
    Give what the costs of each activity are made of, by the activity's id.

    Only costs with a quantity and a unit cost count, in the years (or the whole period) in which
    the activity lacks money; equal units of several years are one.
    """
    lacking = set(_lacking(reckoning))
    units: dict[str, dict[_Unit, Decimal]] = defaultdict(dict)
    for line in reckoning.costs:
        if not line.quantity or not line.unit_cost or (line.activity, line.year) not in lacking:
            continue
        found = units[line.activity]
        key = (line.category, line.unit_cost)
        found[key] = found.get(key, ZERO) + line.quantity
    currency = reckoning.programme.settings.currency
    return {
        activity: tuple(
            _sentence(category, quantity, _price(unit_cost, currency, numbers), numbers, say)
            for (category, unit_cost), quantity in found.items()
        )
        for activity, found in units.items()
    }


def _lacking(reckoning: Reckoning) -> Iterator[_Place]:
    """Find the activities and years in which less is available than is needed."""
    missing: dict[_Place, Decimal] = defaultdict(lambda: ZERO)
    for line in reckoning.costs:
        missing[line.activity, line.year] += line.amount
    for row in reckoning.funding:
        if row.stage in AVAILABLE_STAGES and not row.in_kind:
            missing[row.activity, row.year] -= row.amount
    return (place for place, amount in missing.items() if amount > 0)


def _price(unit_cost: Decimal, currency: str, numbers: Numbers) -> str:
    """Print a unit cost in full, whatever other amounts are rounded to."""
    places = 2 if decimals(unit_cost) else 0
    full = replace(numbers, places=places, step=None)
    return f"{currency}{NO_BREAK_SPACE}{full.amount(unit_cost)}"


def _sentence(
    category: str | None, quantity: Decimal, price: str, numbers: Numbers, say: Words
) -> str:
    count = numbers.percent(quantity)
    if category is None:
        return say("{quantity} at {price}", quantity=count, price=price)
    kind = label("category", category, say)
    return say(
        "{category}: {quantity} at {price}",
        category=kind[:1].upper() + kind[1:],
        quantity=count,
        price=price,
    )
