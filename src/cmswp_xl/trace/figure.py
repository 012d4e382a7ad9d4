"""What figures and their explanations are called where documents are not converted yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.figures.computed import points
from cmswp_xl.figures.declarations import (
    AMOUNT,
    COUNT,
    DAYS,
    FULL_TIME,
    PERCENT,
    SCORE,
    Operation,
)
from cmswp_xl.figures.explanation import (
    WHOLE_PERIOD,
    Cell,
    Figure,
    LeftOut,
    Line,
    Part,
    Rule,
    Trace,
)
from cmswp_xl.money import EXACT, HUNDRED, ZERO, percent_of, to_cents, total
from cmswp_xl.printed import Path, Rounding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

__all__ = [
    "AMOUNT",
    "COUNT",
    "DAYS",
    "FULL_TIME",
    "PERCENT",
    "SCORE",
    "WHOLE_PERIOD",
    "Cell",
    "Figure",
    "LeftOut",
    "Line",
    "Operation",
    "Part",
    "Path",
    "Rounding",
    "Rule",
    "Trace",
]


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as printed at one place of a document, in a table or in a sentence."""

    text: str
    shown: Decimal | None
    rounding: Rounding | None = None
    table: bool = True


def reckoned(
    operation: Operation, lines: Sequence[Line], parts: Sequence[tuple[int, Decimal | None]]
) -> Decimal | None:
    """
    Do the arithmetic of a figure; None where nothing is known.

    `parts` are signs and amounts. Percentages and shares need both of their parts.
    """
    cells = [line.counted.number for line in lines]
    known = [EXACT.multiply(ZERO + sign, amount) for sign, amount in parts if amount is not None]
    if operation is Operation.COUNT:
        return ZERO + len(lines)
    if operation is Operation.WEIGHTED:
        return _weighted(lines)
    if operation in (Operation.PERCENTAGE, Operation.SHARE):
        return _of_two(operation, [amount for _, amount in parts])
    if operation is Operation.REST:
        return HUNDRED - total(cells)
    if not cells and not known:
        return None
    if operation is Operation.PRODUCT:
        return _product([*cells, *known])
    result = total([*cells, *known])
    return max(result, ZERO) if operation is Operation.EXCESS else result


def _of_two(operation: Operation, amounts: Sequence[Decimal | None]) -> Decimal | None:
    first, second = amounts
    if first is None or second is None:
        return None
    if operation is Operation.PERCENTAGE:
        return percent_of(first, second)
    return EXACT.divide(EXACT.multiply(first, HUNDRED), second) if second else None


def _product(factors: Sequence[Decimal]) -> Decimal:
    result = factors[0]
    for factor in factors[1:]:
        result = EXACT.divide(EXACT.multiply(result, factor), HUNDRED)
    return result


def _weighted(lines: Sequence[Line]) -> Decimal | None:
    products = [
        EXACT.multiply(_points(line.counted), line.factor.number)
        for line in lines
        if line.factor is not None
    ]
    return to_cents(EXACT.divide(total(products), HUNDRED)) if products else None


def _points(cell: Cell) -> Decimal:
    return ZERO + points(cell.field, int(cell.number))
