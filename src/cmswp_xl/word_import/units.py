"""
In which currency and in which unit amounts are: thousands, millions; in every usual wording.

A text that names such a unit and cannot be understood for certain is said to be unclear, so that
it is listed rather than passed over.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel.numbers import list_currencies

HUNDRED, THOUSAND, MILLION, BILLION = (Decimal(10) ** n for n in (2, 3, 6, 9))
_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u02b9\u2032\u0060\u00b4\uff07\u201a]")
_SPACES = re.compile(r"\s+")
_AMBIGUOUS = frozenset(["COP", "MOP", "SDG", "ALL", "TRY", "TOP", "CUP", "PEN", "XXX", "XTS"])
_NAMES = {
    "EUR": r"€|euros?\b",
    "USD": r"us ?\$|\$ ?us\b|u\.s\.? ?\$|us ?dollars?\b|u\.s\.? dollars?\b"
    r"|united states dollars?\b|american dollars?\b|dollars? (?:des )?etats-unis|dollars? (?:des )"
    r"?(?:e\.?-?u\.?|u\.?s\.?)(?![a-z])|dollars? americains?"
    r"|dolares? (?:de )?(?:los )?(?:estados unidos|ee\.? ?uu\.?|eeuu)|dolares? estadounidenses",
    "CHF": r"swiss francs?\b|francs? suisses?\b|francos? suizos?\b|\bs?fr\.(?=[\s\d])",
    "GBP": r"£|pounds?(?: sterling)?\b|livres? sterling|libras? esterlinas?",
    "CAD": r"c(?:an?)? ?\$|canadian dollars?|dollars? canadiens?|dolares? canadienses",
    "AUD": r"au? ?\$|australian dollars?|dollars? australiens?|dolares? australianos",
    "NZD": r"nz ?\$|new zealand dollars?",
    "JPY": r"¥|\byens?\b",
    "$": r"\$|\bdollars?\b|\bdolares?\b",
}
_DOLLARS = frozenset(
    ["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "FJD", "BBD", "TTD", "JMD", "NAD", "BSD", "BZD"]
)
_MONEY = (
    r"(?:us ?\$|\$ ?us|[ca]u?\$|nz\$|€|\$|£|¥|\b(?:euros?|eur|usd|chf|gbp|cad|aud|nzd|jpy|sek|nok"
    r"|dkk|zar|brl|mxn|inr|cny|kes)\b|(?:united states|us|u\.s\.|swiss|canadian|australian)"
    r" (?:dollars?|francs?)|dollars?|dolares?|francs?|francos?|pounds?|livres?|libras?|yens?"
    r"|currency|devise|moneda)"
)
_ZEROS = r"(?<![\d])(?<!\d[ .,'])'?0{3}(?:'?s)?(?![\d])(?![ .,']0{3})"
_MILLION_ZEROS = r"(?<![\d])(?<!\d[ .,'])'?0{3}[ .,']0{3}(?![\d])(?![ .,']\d)"
_LONG = {
    BILLION: r"milliards?|mrds?\b|miles de millones|mil millones|thousands? (?:of )?millions?",
    MILLION: r"millions?|millones|millon|mlns?\b|mios?\b|mill\.(?=\s|$|\))",
    THOUSAND: r"thousands?|thous\b|thsd\b|tsd\b|tho\b|milliers?|miles",
    HUNDRED: r"hundreds?|centaines?|centenas?|cientos",
}
_SHORT = {
    BILLION: r"bn",
    MILLION: r"m|mn|mm|mn\.|mio|mln|mil\.",
    THOUSAND: r"k|t|mil|mille|th",
}
_BILLION = re.compile(r"\bbillions?\b|\bbillones?\b|\bbillon\b|\btrillions?\b")
_WORDS = "|".join(_LONG.values())
_ANY = re.compile(rf"\b(?:{_WORDS})|{_ZEROS}|{_MILLION_ZEROS}|{_BILLION.pattern}")
_COUNTED = re.compile(
    r"(?:\d[\d ,.']*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|several|some|many|few"
    r"|an?|half|un|une|deux|trois|quatre|cinq|dix|plusieurs|quelques|dos|tres|cuatro|cinco|diez|unos"
    r"|varios|los|les|the))\s*-?$"
)
_TENS = re.compile(r"(?<![\d.,'])(?<!\d )(?:1(?:[ ,.']?000)+|10{2,9})(?![\d])(?![ .,']\d)")
_TIMES_TENS = re.compile(r"[x×*]\s?(1(?:[ ,.']?0{3})+)(?!\d)")

_POWERS = {"3": "thousands", "³": "thousands", "6": "millions", "⁶": "millions"}
_POWER = re.compile(r"(?:[x×*·]\s?)?(?<![\d.,])10\s?(?:\^\s?([36])|([³⁶]))(?![\d⁰¹²³⁴-⁹])")


@dataclass(frozen=True, slots=True)
class Unit:
    """What amounts are multiplied by, and the words that say so; `factor` None where unclear."""

    factor: Decimal | None
    words: str


def plain(text: str) -> str:
    """Return a text in lower case without accents, all apostrophes and spaces made one kind."""
    one = _APOSTROPHES.sub("'", _SPACES.sub(" ", _powers_in_words(text))).casefold()
    return "".join(c for c in unicodedata.normalize("NFD", one) if not unicodedata.combining(c))


def _powers_in_words(text: str) -> str:
    """Return a text with powers of ten, such as 10³ or x 10^6, as the words for them."""
    return _POWER.sub(lambda found: f" {_POWERS[found[1] or found[2]]} ", text)


@cache
def currencies_in(text: str) -> frozenset[str]:
    """Return the currencies that a text names; "$" for dollars of no country."""
    codes = {
        code
        for code in re.findall(r"(?<![A-Za-z])[kKmMT]?([A-Z]{3})(?:k|m|s)?(?![A-Za-z])", text)
        if code in _codes() and (code not in _AMBIGUOUS or f"({code})" in text)
    }
    rest = plain(text)
    for code, pattern in _NAMES.items():
        if re.search(pattern, rest):
            codes.add(code)
            rest = re.sub(pattern, " ", rest)
    if "$" in codes and codes & _DOLLARS:
        codes.discard("$")
    return frozenset(codes)


def fits(codes: frozenset[str], code: str) -> bool:
    """Return whether a currency is among those named, a dollar of no country being any dollar."""
    return code in codes or ("$" in codes and code in _DOLLARS)


@cache
def _codes() -> frozenset[str]:
    return frozenset(list_currencies())


@cache
def head_unit(text: str) -> Unit | None:
    """Return the unit that a heading of a column of amounts names; None for none."""
    one = plain(text)
    times = _TIMES_TENS.search(one) or _TENS.search(one)
    if times:
        return Unit(Decimal("".join(filter(str.isdigit, times[0]))), times[0])
    factors = _long(one)
    if factors:
        return Unit(factors[0] if len(factors) == 1 else None, text)
    for factor, pattern in _SHORT.items():
        if re.search(_adjacent(pattern), one) or re.search(rf"\(\s?(?:{pattern})\s?\)", one):
            return Unit(factor, text)
    return None


def _long(one: str) -> list[Decimal | None]:
    """Return the factors of the units written out or in noughts; None for a doubtful one."""
    found: list[Decimal | None] = [
        factor for factor, pattern in _LONG.items() if re.search(rf"\b(?:{pattern})", one)
    ]
    if BILLION in found:
        found = [BILLION]
    if re.search(_MILLION_ZEROS, one):
        found.append(MILLION)
    elif re.search(_ZEROS, one):
        found.append(THOUSAND)
    if re.search(r"\bbn\b", one):
        found.append(BILLION)
    if _BILLION.search(one):
        found.append(None)
    return list(dict.fromkeys(found))


def _adjacent(pattern: str) -> str:
    """Return the pattern of a short sign of a unit next to a currency."""
    short = rf"(?:{pattern})"
    return (
        rf"(?<![a-z\d])(?<!\d ){short}[ .]?{_MONEY.replace(chr(92) + 'b', '')}(?![a-z])"
        rf"|(?<!\d){_MONEY}\s?{short}(?![a-z])|\b(?:eur|usd|chf|gbp|us\$){short}(?![a-z])"
    )


def counted(one: str, start: int) -> bool:
    """Return whether a number or an article stands right before a place."""
    return bool(_COUNTED.search(one[:start].rstrip()))


@cache
def sentence_unit(text: str) -> Unit | None:
    """
    Return the unit that a sentence, a caption or a title says all amounts are in.

    None where it names none; unclear where it does so in another way than of all amounts.
    """
    one = plain(text)
    for pattern in _SENTENCES:
        for match in pattern.finditer(one):
            if not counted(one, match.start()):
                found = head_unit(match[0].strip(" ():"))
                if found is not None:
                    return Unit(found.factor, text)
    for match in _ANY.finditer(one):
        if not counted(one, match.start()):
            return Unit(None, text)
    return None


_U = rf"(?:{_WORDS}|'?0{{3}}'?s?(?![\d])|bn\b)"
_S = "(?:" + "|".join(_SHORT.values()) + ")"
_OF = r"(?: (?:of|de|d'|des))? ?"
_SENTENCES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:in|en|as|par) (?:the )?(?:{_MONEY} )?(?:{_U})(?={_OF}{_MONEY}|\s*$|\s?[).,;:\]])",
        rf"\b(?:in|en) (?:{_U}){_OF}{_MONEY}",
        rf"^\W*(?:{_U}){_OF}(?:les |los |the )?{_MONEY}\S*(?: \S+){{0,5}}$",
        rf"[(\[:,\u2013\u2014-]\s?(?:in |en )?(?:{_U})(?:{_OF}{_MONEY}[^()\[\]]{{0,40}})?[)\]]",
        rf"[:\u2013\u2014-] ?(?:in |en )?(?:{_U})(?:{_OF}{_MONEY}.{{0,30}})?[.\s]*$",
        rf"{_MONEY}\s?\(?(?:{_U}|(?:{_S})(?![a-z]))",
        rf"(?:^|[(\[\s])(?:{_S})\s?{_MONEY}(?![a-z])",
        r"(?<![a-z])[kmt](?:eur|usd|chf|gbp)\b|\b(?:eur|usd|chf|gbp)[km]\b",
        rf"[(\[\s]{_ZEROS}[)\]\s.,;]",
        rf"^(?:{_U}|\({_S}\))\W*$",
        _TIMES_TENS.pattern,
        rf"[(\[]\s?(?:{_MONEY} ?)?{_TENS.pattern}(?: ?{_MONEY})?\s?[)\]]",
        rf"\b(?:in|en) (?:{_MONEY} ?)?{_TENS.pattern}(?: ?{_MONEY})?",
    )
)
