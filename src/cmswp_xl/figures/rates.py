"""Contributions in other currencies: the rate that holds for one, and what it comes to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.money import product

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

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
