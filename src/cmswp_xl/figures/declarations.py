"""
The figures of an activity, each declared once: what it is made of, by which rule, when blank.

From these come the totals, the explanation of every figure down to its cells, and the list in the
documentation. The words of a rule are in `messages/traces.yaml`, under its code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from typing import TYPE_CHECKING

from cmswp_xl.money import EXACT, HUNDRED, ZERO, percent_of, to_cents, total

if TYPE_CHECKING:
    from cmswp_xl.model import Contribution, CostLine


Amount = Decimal | None
AVAILABLE_STAGES = frozenset({"confirmed", "received"})
KINDS = ("core", "voluntary", "other")
"""The kinds of sources; each has a figure of its name, the money available from it."""
AMOUNT, PERCENT, COUNT, FULL_TIME = "amount", "percent", "count", "full-time"
DAYS, SCORE = "days", "score"
FOREIGN, RATE = "foreign-amount", "rate"
"""The units of an amount in another currency, and of what one unit of it is worth."""


class Operation(StrEnum):
    """How a figure is computed from its cells and its parts, so that anybody can do it again."""

    SUM = "sum"
    """Cells and parts added, each part with its sign; blank ones add nothing."""
    EXCESS = "excess"
    """As the sum, and never less than nil."""
    PERCENTAGE = "percentage"
    """The first part in per cent of the second, rounded half up to cents."""
    SHARE = "share"
    """The first part divided by the second, in per cent."""
    PRODUCT = "product"
    """Cells and parts multiplied, divided by 100 for each percentage but the last."""
    REST = "rest"
    """100 less the cells."""
    COUNT = "count"
    """How many cells there are."""
    WEIGHTED = "weighted"
    """Each cell (or 6 less it, for cost and risk) by its weight, added, ÷ 100, to cents."""


@dataclass(frozen=True, slots=True)
class RowSum:
    """The sum of the amounts of those rows of an activity that count for the figure."""

    name: str
    table: str
    rule: str

    def known(self, amount: Decimal, *, costed: bool, funded: bool) -> bool:
        """
        Return whether the sum is known: of an activity that nobody costed, most is blank.

        `costed` where the activity has costs, `funded` where money is available for it.
        """
        if self.name == "excluded":
            return True
        return costed or (self.name in KINDS and funded) or (self.name in APART and bool(amount))


@dataclass(frozen=True, slots=True)
class Combination:
    """A figure made of others of the same activity, each with its sign."""

    name: str
    rule: str
    parts: tuple[tuple[int, str], ...]
    operation: Operation = Operation.SUM
    needs: tuple[str, ...] = ()
    """The parts without which it is blank."""

    def amount(self, figures: Mapping[str, Amount]) -> Amount:
        """Compute the figure from the others of its activity."""
        if any(figures[name] is None for name in self.needs):
            return None
        return combined(self.operation, [(sign, figures[name]) for sign, name in self.parts])


@dataclass(frozen=True, slots=True)
class Reported:
    """What the newest report on an activity says."""

    name: str
    field: str
    rule: str
    blank: str


APART = ("pledged", "in_kind")
"""The contributions that are no part of the money available."""
_FUNDS = tuple((1, kind) for kind in KINDS)
_LESS_FUNDS = tuple((-1, kind) for kind in KINDS)
_ALL: tuple[RowSum | Combination | Reported, ...] = (
    RowSum("cost", "costs", "costs"),
    RowSum("excluded", "costs", "excluded-costs"),
    *(RowSum(kind, "funding", "available-kind") for kind in KINDS),
    RowSum("pledged", "funding", "pledged"),
    RowSum("in_kind", "funding", "in-kind"),
    Combination("available", "available", _FUNDS),
    Combination(
        "to_be_sought", "shortfall", ((1, "cost"), *_LESS_FUNDS), Operation.EXCESS, ("cost",)
    ),
    Combination("surplus", "surplus", ((-1, "cost"), *_FUNDS), Operation.EXCESS, ("cost",)),
    Combination("uncosted", "uncosted", _FUNDS),
    Combination(
        "remaining", "remaining", ((1, "to_be_sought"), (-1, "pledged")), Operation.EXCESS
    ),
    Combination("beyond", "beyond", ((-1, "to_be_sought"), (1, "pledged")), Operation.EXCESS),
    Reported("spent", "expenditure", "spent", "not-reported"),
    Combination(
        "balance", "balance", ((1, "available"), (-1, "spent")), needs=("available", "spent")
    ),
)
DECLARED = {figure.name: figure for figure in _ALL}
"""The figures of an activity by name, each after those that it is made of."""
ROW_SUMS = [figure for figure in _ALL if isinstance(figure, RowSum)]
COMBINATIONS = {figure.name: figure for figure in _ALL if isinstance(figure, Combination)}
NEVER_BLANK = frozenset({"uncosted", "excluded"})
"""The figures that are nil where nothing counts; `uncosted` is nil of a costed activity."""
AT_LEAST = frozenset({"cost", "excluded", "to_be_sought"})
"""The figures that are the least that they will be where an activity is costed in part."""


def counts_for_cost(line: CostLine) -> tuple[str, ...]:
    """Return the figures for which a cost counts."""
    return ("cost", "excluded") if line.support_cost == "excluded" else ("cost",)


def counts_for(row: Contribution, kinds: Mapping[str, str]) -> str:
    """Return the figure for which a contribution counts; `kinds` are those of the sources."""
    if row.in_kind:
        return "in_kind"
    return kinds[row.source] if row.stage in AVAILABLE_STAGES else "pledged"


def combined(operation: Operation, parts: Sequence[tuple[int, Amount]]) -> Amount:
    """
    Compute a figure from signs and amounts; None where nothing is known.

    Percentages and shares need both of their parts.
    """
    if operation is Operation.COUNT:
        return ZERO + len(parts)
    if operation in (Operation.PERCENTAGE, Operation.SHARE):
        return _of_two(operation, [amount for _, amount in parts])
    known = [n if sign > 0 else EXACT.minus(n) for sign, n in parts if n is not None]
    if operation is Operation.REST:
        return HUNDRED - total(known)
    if not known:
        return None
    if operation is Operation.PRODUCT:
        return reduce(lambda one, rate: EXACT.divide(EXACT.multiply(one, rate), HUNDRED), known)
    if operation is Operation.WEIGHTED:
        return to_cents(EXACT.divide(total(known), HUNDRED))
    result = total(known)
    return max(result, ZERO) if operation is Operation.EXCESS else result


def _of_two(operation: Operation, amounts: Sequence[Amount]) -> Amount:
    first, second = amounts
    if first is None or second is None:
        return None
    if operation is Operation.PERCENTAGE:
        return percent_of(first, second)
    return EXACT.divide(EXACT.multiply(first, HUNDRED), second) if second else None
