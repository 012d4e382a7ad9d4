"""Amounts in sentences and tables, as the language writes them; the one formatter of both."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING

from cmswp_xl.languages import Language

if TYPE_CHECKING:
    from babel.numbers import NumberPattern


_NO_BREAK_SPACE = "\u00a0"
_LONGEST = 20


class Amounts:
    """
    Writes exact amounts and other numbers in one language.

    English groups digits by comma, French and Spanish by a no-break space, as UN documents do;
    the space is the ordinary one of its kind, which every terminal can show.
    """

    def __init__(self, language: Language) -> None:
        """Take the signs of a language from Babel."""
        from babel import Locale
        from babel.numbers import get_group_symbol, parse_pattern

        self._locale = Locale.parse(language.value)
        self._money = parse_pattern("#,##0.00")
        self._number = parse_pattern("#,##0.##")
        self._separator = get_group_symbol(self._locale)
        self._spaced = language is not Language.EN

    def money(self, amount: Decimal) -> str:
        """Write an amount with its two decimals."""
        return self._apply(self._money, amount)

    def number(self, value: Decimal) -> str:
        """Write a number with the decimals it has."""
        return self._apply(self._number, value)

    def text(self, plain: object) -> str | None:
        """Write an amount that comes as plain text such as 1234.50; None where it is none."""
        amount = plain_number(plain)
        return None if amount is None else self.money(amount)

    def _apply(self, pattern: NumberPattern, value: Decimal) -> str:
        exact = pattern is self._number
        written: str = pattern.apply(value, self._locale, decimal_quantization=not exact)
        return written.replace(self._separator, _NO_BREAK_SPACE) if self._spaced else written


@cache
def amounts_in(language: Language) -> Amounts:
    """Return the formatter of a language."""
    return Amounts(language)


def plain_number(text: object) -> Decimal | None:
    """Return the number that plain text holds; None where it holds none, or a huge one."""
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.adjusted() < _LONGEST else None
