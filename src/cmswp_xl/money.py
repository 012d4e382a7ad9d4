"""
Money as `Decimal`: how a stored number becomes one, is converted, and is rounded for show.

Amounts are in the programme's currency, with at most two decimals. The rules are those of the
section "Money and flags" of the design: a stored number is taken at 15 significant digits, as
Excel shows it; nothing is ever added as a binary fraction.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from functools import reduce
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

CENT = Decimal("0.01")
ZERO = Decimal(0)
_LARGEST = 10**300
HUNDRED = Decimal(100)
EXACT = Context(prec=60)
"""Wide enough for any sum or product of the amounts a workbook can hold."""
_WIDEST = Context(prec=700)
"""Wide enough for the product of any two numbers of cells, which are checked before their size."""


def stored_decimal(number: float) -> Decimal | None:
    """
    Return a stored number as Excel shows it, at 15 significant digits.

    Infinities and not-a-number, which no cell can show, become None.
    """
    if isinstance(number, int):
        if abs(number) < 10**15:
            return Decimal(number)
        if abs(number) > _LARGEST:
            return None
        number = float(number)
    if not isfinite(number):
        return None
    return Decimal(f"{number:.15g}")


def decimals(value: Decimal) -> int:
    """Count the decimals that a value needs: 2 for 1.25 and for 1.250."""
    exponent = value.normalize(EXACT).as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def total(values: Iterable[Decimal]) -> Decimal:
    """Add amounts exactly; nothing adds to 0."""
    return reduce(EXACT.add, values, ZERO)


def known_total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Add the amounts that are known; None where none is."""
    known = [amount for amount in amounts if amount is not None]
    return total(known) if known else None


def to_cents(value: Decimal) -> Decimal:
    """Round to two decimals, half up."""
    return value.quantize(CENT, ROUND_HALF_UP, _WIDEST)


def rounded_to(value: Decimal, places: int) -> Decimal:
    """Round half up to a number of decimals."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDEST)


def product(quantity: Decimal, unit_cost: Decimal) -> Decimal:
    """Multiply a quantity by a unit cost, rounded half up to cents."""
    return to_cents(_WIDEST.multiply(quantity, unit_cost))


def percent_of(rate: Decimal, amount: Decimal) -> Decimal:
    """Take a percentage of an amount, rounded half up to cents."""
    return to_cents(EXACT.divide(EXACT.multiply(rate, amount), HUNDRED))


def rounded(value: Decimal, step: Decimal, way: str = ROUND_HALF_UP) -> Decimal:
    """Round, half up if not told otherwise, to a multiple of the step: 1000 for thousands."""
    return EXACT.divide(value, step).quantize(Decimal(1), way, EXACT) * step


def fitted(parts: Sequence[Decimal], shown_total: Decimal, step: Decimal) -> list[Decimal]:
    """
    Round the parts to multiples of the step so that they add up to the shown total.

    Each part is rounded down; the steps still missing go to the largest remainders, ties in the
    order given. `shown_total` is a multiple of the step near the sum of the parts.
    """
    floors = [rounded(part, step, ROUND_FLOOR) for part in parts]
    missing = int((shown_total - total(floors)) / step)
    by_remainder = sorted(range(len(parts)), key=lambda i: (floors[i] - parts[i], i))
    result = list(floors)
    while missing > 0 and by_remainder:
        for i in by_remainder[:missing]:
            result[i] += step
        missing -= len(by_remainder[:missing])
    for i in reversed(by_remainder):
        if missing >= 0:
            break
        if result[i] >= step:
            result[i] -= step
            missing += 1
    return result


DATES = ("received_on", "confirmed_on", "pledged_on")
"""The dates of a contribution; the first one given is the date at which it is converted."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """At which rate an amount is converted; `row` is that of Rates, None for a rate of its own."""

    rate: Decimal
    row: int | None = None
    since: dt.date | None = None

    def amount(self, original: Decimal) -> Decimal:
        """Convert an amount, rounded half up to cents."""
        return product(original, self.rate)


class Rates:
    """The rates of a programme by currency and date; its own currency is worth 1."""

    def __init__(
        self, own: str | None, rows: Iterable[tuple[int, str, dt.date, Decimal]] = ()
    ) -> None:
        """Keep the rows of Rates, each with its place."""
        self._own = own
        self._rows: dict[str, list[tuple[dt.date, int, Decimal]]] = defaultdict(list)
        for row, currency, day, rate in rows:
            self._rows[currency].append((day, row, rate))

    def conversion(
        self, currency: str, rate: Decimal | None, day: dt.date | None
    ) -> Conversion | None:
        """Return the contribution's own rate, else the latest by its date; None for none."""
        if rate is None and currency == self._own:
            rate = Decimal(1)
        if rate is not None or day is None:
            return None if rate is None else Conversion(rate)
        known = [found for found in self._rows[currency] if found[0] <= day]
        if not known:
            return None
        since, row, latest = max(known, key=lambda found: (found[0], -found[1]))
        return Conversion(latest, row, since)
