"""A figure and where it comes from: cells of the workbook, other figures, and the rule."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from cmswp_xl.cells import address
from cmswp_xl.figures.computed import points
from cmswp_xl.money import EXACT, HUNDRED, ZERO, percent_of, to_cents, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.validate import Value

Path = tuple[str, ...]
"""What a figure is called within its document: kind, key, name, and for some a year."""

WHOLE_PERIOD = "whole-period"
"""What stands for the year of the rows without one."""

AMOUNT, PERCENT, COUNT, FULL_TIME = "amount", "percent", "count", "full-time"
DAYS, SCORE = "days", "score"


class Operation(StrEnum):
    """How a figure is reckoned from its cells and its parts, so that anybody can do it again."""

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
class Rule:
    """What a figure's rule is, by a word of the catalogue and what fills its sentence."""

    code: str
    values: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the workbook with the value read from it."""

    sheet: str
    row: int
    column: int
    table: str
    field: str
    value: Value
    heading: str = ""

    @property
    def address(self) -> str:
        """The address on its sheet, such as G12."""
        return address(self.row, self.column)

    @property
    def reference(self) -> str:
        """The address as a formula writes it, such as Costs!G12."""
        plain = self.sheet.isidentifier() and self.sheet.isascii()
        sheet = self.sheet if plain else "'{}'".format(self.sheet.replace("'", "''"))
        return f"{sheet}!{self.address}"


@dataclass(frozen=True, slots=True)
class Line:
    """A row behind a figure: the cell that counts, and those for which the row counts."""

    counted: Cell
    because: tuple[Cell, ...] = ()
    factor: Cell | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that one might look for in a figure, and why it does not count."""

    counted: Cell
    why: str


@dataclass(frozen=True, slots=True)
class Part:
    """A figure within another; `sign` is 1 or -1."""

    path: Path
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure before any rounding; None is blank, which is not nil."""

    path: Path
    exact: Decimal | None
    unit: str
    operation: Operation
    rules: tuple[Rule, ...]
    lines: tuple[Line, ...] = ()
    parts: tuple[Part, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a printed figure was rounded; `whole` is the printed figure that it was fitted to."""

    code: str
    step: Decimal
    whole: Path | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as printed at one place of a document, in a table or in a sentence."""

    text: str
    shown: Decimal | None
    rounding: Rounding | None = None
    table: bool = True


@dataclass(frozen=True, slots=True)
class Trace:
    """
    Every figure that a document prints, and those behind them.

    `printed` has the places where a figure is printed, in order; those behind are not in it.
    """

    document: str
    figures: Mapping[Path, Figure]
    printed: Mapping[Path, Sequence[Printed]]

    def below(self, path: Path) -> Iterator[Path]:
        """Give a figure and all figures that it is made of, each once, itself first."""
        waiting, seen = [path], {path}
        while waiting:
            found = waiting.pop(0)
            yield found
            for part in self.figures[found].parts:
                if part.path not in seen:
                    seen.add(part.path)
                    waiting.append(part.path)


def reckoned(
    operation: Operation, lines: Sequence[Line], parts: Sequence[tuple[int, Decimal | None]]
) -> Decimal | None:
    """
    Do the arithmetic of a figure; None where nothing is known.

    `parts` are signs and amounts. Percentages and shares need both of their parts.
    """
    cells = [_number(line.counted) for line in lines]
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
        EXACT.multiply(_points(line.counted), _number(line.factor))
        for line in lines
        if line.factor is not None
    ]
    return to_cents(EXACT.divide(total(products), HUNDRED)) if products else None


def _points(cell: Cell) -> Decimal:
    return ZERO + points(cell.field, int(_number(cell)))


def _number(cell: Cell) -> Decimal:
    """Give the number in a cell; a cell that counts without one counts as nil."""
    value = cell.value
    return ZERO + value if isinstance(value, (int, Decimal)) else ZERO
