"""Values, amounts, files and cells on their way into a sentence: short, and in its language."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache

from cmswp_xl.languages import Language, Words

LENGTH = 60
"""How much of a value a sentence shows, in characters."""

MOST = 12
"""How many entries of a list of the workbook a sentence shows; choices are all shown."""

RANGES = 8
"""How many ranges of cells a sentence names."""

_CUT = "…"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9:]+)?\Z")
_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def display_text(text: str, length: int | None = LENGTH) -> str:
    """
    Return a text of the workbook as a message may show it.

    Control characters, direction marks and lone surrogates are written as escapes, and what is
    longer than `length` characters is cut (None: whatever its length).
    """
    if length is not None and len(text) > length:
        text = text[: length - 1].rstrip() + _CUT
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_escaped, text))


def path_text(path: object) -> str:
    """Return the name of a file or folder whole, its control characters as escapes."""
    return display_text(str(path), None)


def series(parts: Sequence[str], say: Words) -> str:
    """Return a list in the words of the language: 2.1, 2.2 and 2.3; no “and” if it was cut."""
    return say(", ").join(parts) if parts and parts[-1] == _CUT else say.listed(parts)


def listed(texts: Sequence[str], say: Words) -> str:
    """Return a list of texts, cut after the first entries."""
    return series(_cut([display_text(text) for text in texts], MOST), say)


def quoted(texts: Sequence[str], say: Words, most: int | None = MOST) -> str:
    """Return a list of texts in the quotes of the language, cut after the first (None: whole)."""
    parts = [say("“{value}”", value=display_text(text)) for text in texts]
    return series(_cut(parts, most), say)


def joined(cells: Iterable[str], most: int | None = RANGES) -> str:
    """
    Join cells of A1 form to ranges down their columns, in the order given: D2:D63, D70.

    After the first `most` ranges an ellipsis stands for the rest (None: all are named).
    """
    return ", ".join(_cut(cell_ranges(cells), most))


def cells_text(cells: Iterable[str], say: Words) -> str:
    """Name cells as ranges in a sentence: D2:D63 and D70; cut after the first few."""
    return series(_cut(cell_ranges(cells), RANGES), say)


def cell_ranges(cells: Iterable[str]) -> list[str]:
    """Join cells of A1 form to ranges down their columns; any other text stands at the end."""
    ranges: list[tuple[str, int, int]] = []
    others: list[str] = []
    for cell in dict.fromkeys(cells):
        match = _CELL.match(cell)
        if match is None:
            others.append(cell)
            continue
        column, row = match[1], int(match[2])
        if ranges and ranges[-1][0] == column and ranges[-1][2] == row - 1:
            ranges[-1] = (column, ranges[-1][1], row)
        else:
            ranges.append((column, row, row))
    return [
        f"{column}{first}" if first == last else f"{column}{first}:{column}{last}"
        for column, first, last in ranges
    ] + others


def rows_text(rows: Iterable[object], say: Words) -> str:
    """Name rows of a sheet by number, cut after the first few."""
    return series(_cut([str(row) for row in rows], RANGES), say)


def _cut(parts: list[str], most: int | None) -> list[str]:
    return parts if most is None or len(parts) <= most else [*parts[:most], _CUT]


def long_date(day: dt.date, language: Language) -> str:
    """Write a date in words: 5 November 2014, 1er novembre 2014, 5 de noviembre de 2014."""
    from babel.dates import format_date

    text = format_date(day, "long", locale=language.tag.replace("-", "_"))
    if language is Language.FR and day.day == 1:
        text = text.replace("1 ", "1er ", 1)
    return text.replace(" ", _NO_BREAK_SPACE, 1)


def date_text(text: str, say: Words) -> str:
    """Write a date or a moment that comes as ISO text in words; any other text as it is."""
    try:
        moment = dt.datetime.fromisoformat(text) if _MOMENT.match(text) else None
    except ValueError:
        moment = None
    if moment is None:
        return text
    day = long_date(moment.date(), say.language)
    return say("{date}, {time}", date=day, time=text[11:]) if text[10:] else day


def _escaped(character: str) -> str:
    harmful = unicodedata.category(character) in _HARMFUL
    return character.encode("unicode_escape").decode() if harmful else character


_NO_BREAK_SPACE = "\u00a0"
_LONGEST = 20


class Amounts:
    """
    Writes exact amounts and other numbers in one language.

    English groups digits by comma, French and Spanish by a no-break space, as UN documents do;
    the space is the ordinary one of its kind, which every terminal can show.
    """

    def __init__(self, language: Language) -> None:
        from babel.numbers import get_decimal_symbol

        self.point = get_decimal_symbol(language.value)
        """What stands between a whole number and its decimals."""
        grouping = "," if language is Language.EN else _NO_BREAK_SPACE
        self._signs = str.maketrans(",.", grouping + self.point)

    def money(self, amount: Decimal) -> str:
        """Write an amount with its two decimals."""
        return f"{amount:,.2f}".translate(self._signs)

    def number(self, value: Decimal) -> str:
        """Write a number with the decimals it has."""
        return f"{value.normalize():,f}".translate(self._signs)

    def text(self, plain: object) -> str | None:
        """Write an amount that comes as plain text such as 1234.50; None where it is none."""
        amount = plain_number(plain)
        return None if amount is None else self.money(amount)


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
