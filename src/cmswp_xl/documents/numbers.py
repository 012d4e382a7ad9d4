"""Amounts, percentages and dates as UN documents print them, in one language and house style."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, overload

from babel.dates import format_date
from babel.numbers import get_currency_name

from cmswp_xl.languages import Language
from cmswp_xl.money import decimals, rounded, rounded_to
from cmswp_xl.printed import Figured, Printed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable


NIL = "–"
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

    @overload
    def amount(self, value: Figured, exact: None = None, *, nil: bool = False) -> Printed: ...

    @overload
    def amount(self, value: Decimal | None, exact: Decimal | None = None) -> str: ...

    def amount(
        self, value: Figured | Decimal | None, exact: Decimal | None = None, *, nil: bool = False
    ) -> str:
        """
        Print an amount.

        What is not nil never prints as nil, whatever it is rounded to; `nil` where it does,
        because a sum of what is shown is meant.
        """
        if isinstance(value, Figured):
            return Printed(self._amount(value.shown, None if nil else value.exact), value)
        return self._amount(value, exact)

    def _amount(self, shown: Decimal | None, exact: Decimal | None) -> str:
        if shown is None:
            return ""
        if not shown:
            return f"<{NO_BREAK_SPACE}1" if exact else NIL
        divisor = self.step or Decimal(1)
        text = self._plain(abs(shown) / divisor, self.places)
        return f"({text})" if shown < 0 else text

    @overload
    def alone(self, value: Figured) -> Printed: ...

    @overload
    def alone(self, value: Decimal | None) -> str: ...

    def alone(self, value: Figured | Decimal | None) -> str:
        """Print an amount that is no part of a printed sum, and so is rounded for itself."""
        step = self.step
        if isinstance(value, Figured):
            return self.amount(self.by_itself(value))
        shown = value if value is None or step is None else rounded(value, step)
        return self._amount(shown, value)

    def by_itself(self, value: Figured) -> Figured:
        """Return a figure rounded to the step for itself, not to fit a sum."""
        if value.exact is None or self.step is None:
            return value
        return value.shown_as(rounded(value.exact, self.step), "rounded", self.step)

    @overload
    def percent(self, value: Figured) -> Printed: ...

    @overload
    def percent(self, value: Decimal) -> str: ...

    def percent(self, value: Figured | Decimal) -> str:
        """Print a percentage without its sign, with the decimals it needs."""
        return self.quantity(value)

    @overload
    def quantity(self, value: Figured) -> Printed: ...

    @overload
    def quantity(self, value: Decimal | None) -> str: ...

    def quantity(self, value: Figured | Decimal | None) -> str:
        """Print a quantity with the decimals it needs; what is not known is blank."""
        shown = value.shown if isinstance(value, Figured) else value
        text = "" if shown is None else self._plain(shown, min(decimals(shown), 2))
        return Printed(text, value) if isinstance(value, Figured) else text

    @overload
    def score(self, value: Figured) -> Printed: ...

    @overload
    def score(self, value: Decimal | None) -> str: ...

    def score(self, value: Figured | Decimal | None) -> str:
        """Print a score with two decimals; what cannot be told is blank."""
        shown = value.shown if isinstance(value, Figured) else value
        text = "" if shown is None else self._plain(shown, 2)
        return Printed(text, value) if isinstance(value, Figured) else text

    def decimal(self, value: Decimal, places: int) -> str:
        """Print a number with so many decimals, rounded half up."""
        return self._plain(value, places)

    @overload
    def count(self, number: Figured, *, grouped: bool = True) -> Printed: ...

    @overload
    def count(self, number: int) -> str: ...

    def count(self, number: Figured | int, *, grouped: bool = True) -> str:
        """Print a count; without separators within a sentence."""
        if isinstance(number, Figured):
            shown = number.shown or Decimal(0)
            return Printed(self._plain(shown, 0) if grouped else f"{shown:f}", number)
        return self._plain(Decimal(number), 0)

    def _plain(self, value: Decimal, places: int) -> str:
        text = f"{rounded_to(value, places):,.{places}f}"
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


def long_date(day: dt.date, language: Language) -> str:
    """Print a date in words: 5 November 2014, 1er novembre 2014, 5 de noviembre de 2014."""
    text = format_date(day, "long", locale=language.tag.replace("-", "_"))
    if language is Language.FR and day.day == 1:
        text = text.replace("1 ", "1er ", 1)
    return text.replace(" ", NO_BREAK_SPACE, 1)


def currency_words(code: str, language: Language) -> str:
    """Give the plural name of a currency, such as euros, or its code where it has none."""
    return get_currency_name(code, count=2, locale=language.value)
