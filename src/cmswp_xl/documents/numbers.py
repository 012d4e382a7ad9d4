"""Amounts, percentages and dates as UN documents print them, in one language and house style."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from babel.numbers import get_currency_name

from cmswp_xl.languages import Language
from cmswp_xl.money import decimals, rounded, rounded_to
from cmswp_xl.printed import Printed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cmswp_xl.printed import Figured


NIL = "–"
_TO_BE_ELIDED = re.compile(r"\bde (?=[aeiouéè])")
NO_BREAK_SPACE = "\u00a0"
_STEPS = {None: None, "unit": Decimal(1), "thousand": Decimal(1000)}


@dataclass(frozen=True, slots=True)
class Numbers:
    """
    How numbers are printed: separators, decimals, and the step that amounts are rounded to.

    Every amount is grouped, four digits too; negatives stand in brackets, nil is a dash, and
    what is not known is blank.
    """

    language: Language
    grouping: str
    point: str
    places: int
    step: Decimal | None

    def amount(self, value: Figured, *, nil: bool = False) -> Printed:
        """
        Print an amount.

        What is not nil never prints as nil, whatever it is rounded to; `nil` where it does,
        because a sum of what is shown is meant.
        """
        return Printed(self._amount(value.shown, None if nil else value.exact), value)

    def alone(self, value: Figured) -> Printed:
        """Print an amount that is no part of a printed sum, and so is rounded for itself."""
        return self.amount(self.by_itself(value))

    def by_itself(self, value: Figured) -> Figured:
        """Return a figure rounded to the step for itself, not to fit a sum."""
        if value.exact is None or self.step is None:
            return value
        return value.shown_as(rounded(value.exact, self.step), "rounded", self.step)

    def quantity(self, value: Figured) -> Printed:
        """Print a quantity with the decimals it needs; what is not known is blank."""
        return Printed("" if value.shown is None else self.number(value.shown), value)

    percent = quantity
    """Prints a percentage without its sign."""

    def score(self, value: Figured) -> Printed:
        """Print a score with two decimals; what cannot be told is blank."""
        return Printed("" if value.shown is None else self._plain(value.shown, 2), value)

    def count(self, value: Figured, *, grouped: bool = True) -> Printed:
        """Print a count; without separators within a sentence."""
        shown = value.shown or Decimal(0)
        return Printed(self._plain(shown, 0) if grouped else f"{shown:f}", value)

    def number(self, value: Decimal | int) -> str:
        """Print a number that is no figure, such as a limit or a rank, with its decimals."""
        exact = Decimal(value)
        return self._plain(exact, min(decimals(exact), 2))

    def plain_amount(self, shown: Decimal | None) -> str:
        """Return an amount as a text for a picture, whose table prints the figure."""
        return self._amount(shown, None)

    def decimal(self, value: Decimal, places: int) -> str:
        """Print a number with so many decimals, rounded half up."""
        return self._plain(value, places)

    def _amount(self, shown: Decimal | None, exact: Decimal | None) -> str:
        if shown is None:
            return ""
        if not shown:
            return f"<{NO_BREAK_SPACE}1" if exact else NIL
        divisor = self.step or Decimal(1)
        text = self._plain(abs(shown) / divisor, self.places)
        return f"({text})" if shown < 0 else text

    def _plain(self, value: Decimal, places: int) -> str:
        text = f"{rounded_to(value, places):,.{places}f}"
        if (self.grouping, self.point) == (",", "."):
            return text
        return text.translate({ord(","): self.grouping, ord("."): self.point})


def numbers_for(
    language: Language, style: str, rounding: str | None, amounts: Iterable[Decimal | None]
) -> Numbers:
    """
    Choose how to print: by language or house style, with cents only where some amount has any.

    `style` and `rounding` are the words of the Programme form; locale means English comma, French
    and Spanish no-break space.
    """
    grouping, point = _separators(language, style)
    step = _STEPS[rounding]
    cents = step is None and any(a is not None and decimals(a) > 0 for a in amounts)
    return Numbers(language, grouping, point, 2 if cents else 0, step)


def _separators(language: Language, style: str) -> tuple[str, str]:
    if style == "comma" or (style == "locale" and language is Language.EN):
        return ",", "."
    if style == "point":
        return ".", ","
    return NO_BREAK_SPACE, "." if language is Language.EN else ","


def currency_words(code: str, language: Language) -> str:
    """Return the plural name of a currency, such as euros, or its code where it has none."""
    return get_currency_name(code, count=2, locale=language.value)


def elided(text: str, language: Language) -> str:
    """Return a text with "de" elided in French: milliers d’euros."""
    return _TO_BE_ELIDED.sub("d’", text) if language is Language.FR else text
