"""
Amounts, percentages, units and currencies as Word files print them, whatever the house style.

A separator before three digits is taken for thousands, since money has at most two decimals; where
another reading is as good, the figure says so. A text that names thousands or millions and cannot
be understood for certain is said to be unclear, so that it is listed rather than passed over.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from babel.numbers import list_currencies

from cmswp_xl.languages import Language
from cmswp_xl.money import CENT, HUNDRED, ZERO, decimals
from cmswp_xl.tables import comparable
from cmswp_xl.word_import.vocabulary import any_of, joined, patterns, word_list

ONE, THOUSAND = Decimal(1), Decimal(1000)
LARGEST = Decimal(10) ** 12
PLACES = -int(CENT.as_tuple().exponent)
"""The decimals of an amount or a percentage."""

_FACTORS = {
    name: Decimal(10) ** zeros
    for name, zeros in (("billion", 9), ("million", 6), ("thousand", 3), ("hundred", 2))
}
_LONG, _SHORT = patterns("units"), patterns("signs of units")
_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u02b9\u2032\u0060\u00b4\uff07\u201a]")
_AMBIGUOUS = frozenset(word_list("codes that are words"))
_DOLLARS = frozenset(word_list("dollars"))
_MONEY = rf"(?:{any_of('currency signs')})"
_ZEROS = r"(?<![\d])(?<!\d[ .,'])'?0{3}(?:'?s)?(?![\d])(?![ .,']0{3})"
_MILLION_ZEROS = r"(?<![\d])(?<!\d[ .,'])'?0{3}[ .,']0{3}(?![\d])(?![ .,']\d)"
_BILLION = r"\bbillions?\b|\bbillones?\b|\bbillon\b|\btrillions?\b"
_WORDS = "|".join(_LONG.values())
_ANY_UNIT = re.compile(rf"\b(?:{_WORDS})|{_ZEROS}|{_MILLION_ZEROS}|{_BILLION}")
_COUNTED = re.compile(rf"(?:\d[\d ,.']*|\b(?:{any_of('counting words')}))\s*-?$")
_TENS = r"(?<![\d.,'])(?<!\d )(?:1(?:[ ,.']?000)+|10{2,9})(?![\d])(?![ .,']\d)"
_TIMES_TENS = r"[x×*]\s?(1(?:[ ,.']?0{3})+)(?!\d)"
_POWERS = {"3": "thousands", "³": "thousands", "6": "millions", "⁶": "millions"}
_POWER = re.compile(r"(?:[x×*·]\s?)?(?<![\d.,])10\s?(?:\^\s?([36])|([³⁶]))(?![\d⁰¹²³⁴-⁹])")
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
        _TIMES_TENS,
        rf"[(\[]\s?(?:{_MONEY} ?)?{_TENS}(?: ?{_MONEY})?\s?[)\]]",
        rf"\b(?:in|en) (?:{_MONEY} ?)?{_TENS}(?: ?{_MONEY})?",
    )
)


@dataclass(frozen=True, slots=True)
class Unit:
    """What amounts are multiplied by, and the words that say so; `factor` None where unclear."""

    factor: Decimal | None
    words: str


def plain(text: str) -> str:
    """
    Return a text in lower case without accents, all apostrophes and spaces made one kind.

    Powers of ten, such as 10³ or x 10^6, are written in words.
    """
    worded = _POWER.sub(lambda found: f" {_POWERS[found[1] or found[2]]} ", text)
    one = _APOSTROPHES.sub("'", re.sub(r"\s+", " ", worded)).casefold()
    return "".join(c for c in unicodedata.normalize("NFD", one) if not unicodedata.combining(c))


@cache
def _codes() -> frozenset[str]:
    return frozenset(list_currencies())


@cache
def currencies_in(text: str) -> frozenset[str]:
    """Return the currencies that a text names; "$" for dollars of no country."""
    codes = {
        code
        for code in re.findall(r"(?<![A-Za-z])[kKmMT]?([A-Z]{3})(?:k|m|s)?(?![A-Za-z])", text)
        if code in _codes() and (code not in _AMBIGUOUS or f"({code})" in text)
    }
    rest = plain(text)
    for code, pattern in patterns("currencies").items():
        if re.search(pattern, rest):
            codes.add(code)
            rest = re.sub(pattern, " ", rest)
    if "$" in codes and codes & _DOLLARS:
        codes.discard("$")
    return frozenset(codes)


def are_foreign(codes: frozenset[str], code: str) -> bool:
    """Return whether only other currencies are named; a dollar of no country is any dollar."""
    return bool(codes) and code not in codes and not ("$" in codes and code in _DOLLARS)


@cache
def head_unit(text: str) -> Unit | None:
    """Return the unit that a heading of a column of amounts names; None for none."""
    one = plain(text)
    times = re.search(_TIMES_TENS, one) or re.search(_TENS, one)
    if times:
        return Unit(Decimal("".join(filter(str.isdigit, times[0]))), times[0])
    factors = _written_out(one)
    if factors:
        return Unit(factors[0] if len(factors) == 1 else None, text)
    for name, pattern in _SHORT.items():
        if re.search(_beside_money(pattern), one) or re.search(rf"\(\s?(?:{pattern})\s?\)", one):
            return Unit(_FACTORS[name], text)
    return None


def _written_out(one: str) -> list[Decimal | None]:
    """Return the factors of the units written out or in noughts; None for a doubtful one."""
    found: list[Decimal | None] = [
        _FACTORS[name] for name, words in _LONG.items() if re.search(rf"\b(?:{words})", one)
    ]
    if _FACTORS["billion"] in found:
        found = [_FACTORS["billion"]]
    if re.search(_MILLION_ZEROS, one):
        found.append(_FACTORS["million"])
    elif re.search(_ZEROS, one):
        found.append(THOUSAND)
    if re.search(r"\bbn\b", one):
        found.append(_FACTORS["billion"])
    if re.search(_BILLION, one):
        found.append(None)
    return list(dict.fromkeys(found))


def _beside_money(pattern: str) -> str:
    """Return the pattern of a short sign of a unit next to a currency."""
    short = rf"(?:{pattern})"
    return (
        rf"(?<![a-z\d])(?<!\d ){short}[ .]?{_MONEY.replace(chr(92) + 'b', '')}(?![a-z])"
        rf"|(?<!\d){_MONEY}\s?{short}(?![a-z])|\b(?:eur|usd|chf|gbp|us\$){short}(?![a-z])"
    )


@cache
def sentence_unit(text: str) -> Unit | None:
    """
    Return the unit that a sentence, a caption or a title says all amounts are in.

    None where it names none; unclear where it does so in another way than of all amounts, but
    for one that is counted, as in "five thousand birds".
    """
    one = plain(text)
    for pattern in (*_SENTENCES, _ANY_UNIT):
        for match in pattern.finditer(one):
            if _COUNTED.search(one[: match.start()].rstrip()):
                continue
            if pattern is _ANY_UNIT:
                return Unit(None, text)
            found = head_unit(match[0].strip(" ():"))
            if found is not None:
                return Unit(found.factor, text)
    return None


_DASHES = re.compile(r"[-\u2010-\u2015\u2212]{1,3}")
_SPACES = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u205f\u3000]")
_NO_BREAK = re.compile(r"[\u00a0\u2007\u202f]")
_TWO = re.compile(r"\d[ \u00a0\u2000-\u200a\u202f\u205f\u3000]{2,}\d|\d[^\S ]*[\t\n\v\f\r]\s*\d")
_RAISED = re.compile("[\u00b9\u00b2\u00b3\u2070-\u2079\u1d43-\u1d6a\u02b0-\u02b8]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_FLOOR = re.compile(rf"^(?:{any_of('at least')})\s*", re.IGNORECASE)
_ABOUT = re.compile(rf"^(?:{any_of('about')})\s*", re.IGNORECASE)
_LESS = re.compile(rf"(?:{any_of('less than')})\s*1")
_CURRENCY = (
    r"(?:(?:\bd['’] ?|\b(?:de|of) )?(?:US ?\$|[CA]U?\$|NZ\$|€|£|¥|\$|[A-Z]{3}\b|euros?\b"
    r"|(?:US |United States )?[Dd]ollars?\b|d[óo]lares\b))"
)
_CURRENCY_PLACES = (
    re.compile(rf"^(?P<code>{_CURRENCY})\s*(?=[\d(\u2212-])"),
    re.compile(r"^(?P<code>(?:EUR|USD|CHF|GBP|CAD|AUD))(?=\d)"),
    re.compile(rf"(?<=[\d.a-zA-Zéó*†‡)\s])\s*(?P<code>{_CURRENCY})$"),
)
_NEGATIVE = re.compile(r"\(.+\)|[-\u2010-\u2015\u2212]\s?\d.*|.*\d\s?[-\u2010-\u2015\u2212]")
_TIMES = re.compile(
    r"(?<=\d)\s*(?:"
    + "|".join(
        f"(?P<{name}>{words})" for name, words in patterns("multipliers of an amount").items()
    )
    + r")\.?(?:\s+(?:de|d['’]|of))?$"
)
_LETTER = re.compile(
    r"(?<=\d)(?:\s*\(?(?P<letter>[a-z]{1,2})\)|\s*(?P<bare>[a-z])|(?P<two>[a-z]{2})"
    r"|\s*\(?(?P<star>[*†‡#§]{1,3})\)?|\s?(?P<bracket>\[[a-z\d]{1,2}\]|\(\d\)))$"
)
_GROUPED = re.compile(r"[0-9]{1,3}([ '’‘ʼ´`,.])[0-9]{3}(?:\1[0-9]{3})*(?:([.,])([0-9]{1,2}))?")
_PLAIN = re.compile(r"([0-9]{1,13})(?:([.,])([0-9]{1,2}))?")
_SCALED = re.compile(r"([0-9]{1,6})[.,]([0-9]{1,6})")
_SIGN = re.compile(rf"\s?(?:{any_of('per cent')}|p\. ?100)$", re.IGNORECASE)
_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,4}))?")
_GROUP = 3
_MOST_IN_SPACES = Decimal(10) ** 8


@dataclass(frozen=True, slots=True)
class Figure:
    """
    What stands in an amount cell.

    `kind` is amount, nil, blank, less (than one), words (no number) or unreadable; `unit` is one
    in the last printed place; `reasons` say what makes it doubtful.
    """

    kind: str
    value: Decimal | None = None
    unit: Decimal = ONE
    at_least: bool = False
    reasons: tuple[str, ...] = ()
    grouping: str = ""
    point: str = ""
    alone: str = ""
    currency: str = ""

    @property
    def known(self) -> Decimal | None:
        """Return the amount, 0 for nil; None where no number stands."""
        return ZERO if self.kind == "nil" else self.value

    def times(self, factor: Decimal) -> Figure:
        """Return the figure multiplied by a factor; as it is, where no number stands."""
        if self.value is None:
            return self
        return replace(self, value=self.value * factor, unit=self.unit * factor)


@dataclass(slots=True)
class Separators:
    """How often the file uses each separator where it can only be read in one way."""

    grouping: Counter[str] = field(default_factory=Counter)
    point: Counter[str] = field(default_factory=Counter)

    def learn(self, figures: Iterable[Figure]) -> None:
        """Count the separators of some figures."""
        for figure in figures:
            if figure.grouping and not figure.alone:
                self.grouping[figure.grouping] += 1
            if figure.point:
                self.point[figure.point] += 1

    def settle(self, figure: Figure, language: Language) -> Figure:
        """Return a figure that says whether its lone separator may mean decimals after all."""
        sign = figure.alone
        if not sign:
            return figure
        if not self.grouping[sign]:
            own = {Language.EN: ",", Language.FR: "", Language.ES: "."}[language]
            seen = self.point[sign] or (self.grouping and sign != own)
            if seen or (sign != own and not self.point["." if sign == "," else ","]):
                return replace(figure, reasons=(*figure.reasons, "lone-separator"))
        clash = self.point[sign] or (self.grouping and not self.grouping[sign])
        if clash and sum(self.grouping.values()) + self.point[sign] > 1:
            return replace(figure, reasons=(*figure.reasons, "mixed-styles"))
        return figure

    def style(self, language: Language, lone: Iterable[str]) -> tuple[str, bool]:
        """Return the workbook's number style ("" for the language's own), and if it is exact."""
        counted = Counter(lone)
        counted.update(self.grouping)
        if not counted:
            return "", True
        sign = max(sorted(counted), key=lambda one: counted[one])
        own = "," if language is Language.EN else " "
        known = {",": "comma", ".": "point", " ": "space"}
        return ("" if sign == own else known.get(sign, "")), sign in known and len(counted) == 1


def plain_amount(value: Decimal) -> str:
    """Return an amount in plain figures, without noughts that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _unreadable(reason: str) -> Figure:
    return Figure("unreadable", reasons=(reason,))


def _is_nil(text: str) -> bool:
    return bool(_DASHES.fullmatch(text)) or comparable(text) in word_list("nil")


def read_amount(text: str) -> Figure:
    """Return an amount as printed."""
    whole = _INVISIBLE.sub("", text).strip()
    bare = _RAISED.sub("", whole).strip()
    breaking = {bool(_NO_BREAK.match(sign)) for sign in re.findall(r"(?<=\d)\s(?=\d)", bare)}
    if _TWO.search(whole) or len(breaking) > 1:
        return _unreadable("two-amounts")
    raised = ("raised-mark",) if bare != whole and bare else ()
    plain = joined(_SPACES.sub(" ", bare))
    if not plain:
        return _unreadable("no-amount") if whole else Figure("blank")
    if _is_nil(plain):
        return Figure("nil", reasons=raised)
    floor = _FLOOR.match(plain)
    if floor:
        plain = plain[floor.end() :]
    if _LESS.fullmatch(plain):
        return Figure("less", at_least=bool(floor))
    about = _ABOUT.match(plain)
    reasons = ("approximate", *raised) if about else raised
    figure = _dressed(plain[about.end() :] if about else plain)
    if figure.value is None:
        return figure
    return replace(figure, at_least=bool(floor), reasons=(*reasons, *figure.reasons))


def _dressed(plain: str) -> Figure:
    """Read an amount that may have a currency, a multiplier, brackets or the letter of a note."""
    plain, currency = _without_currency(plain)
    if currency is None:
        return _unreadable("no-amount")
    if _NEGATIVE.fullmatch(plain) and any(map(str.isdigit, plain)):
        return _unreadable("negative")
    times, letter = _TIMES.search(plain), _LETTER.search(plain)
    if times:
        factor = next(_FACTORS[name] for name, words in times.groupdict().items() if words)
        return replace(_multiplied(plain[: times.start()].strip(), factor), currency=currency)
    reasons: tuple[str, ...] = ()
    if letter:
        plain, reasons = plain[: letter.start()].strip(), ("note-letter",)
        if letter["bare"] and re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?", plain):
            return _unreadable("no-amount")
    figure = _number(plain)
    if figure.value is None:
        return figure
    if figure.value > LARGEST:
        return _unreadable("too-large")
    return replace(figure, reasons=(*reasons, *figure.reasons), currency=currency)


def _without_currency(plain: str) -> tuple[str, str | None]:
    """Return an amount without the currency at one of its ends; None where there are two."""
    found: list[tuple[re.Match[str], str]] = []
    for pattern in _CURRENCY_PLACES:
        match = pattern.search(plain)
        codes = list(currencies_in(match["code"])) if match else []
        if match and len(codes) == 1:
            found.append((match, codes[0]))
    for match, _ in reversed(found):
        plain = (plain[: match.start()] + plain[match.end() :]).strip()
    named = {code for _, code in found}
    return plain, None if len(named) > 1 else next(iter(named), "")


def _multiplied(plain: str, factor: Decimal) -> Figure:
    """Read a number before a word such as thousand or million, with any decimals."""
    match = _SCALED.fullmatch(plain)
    if match and (len(match[2]) != _GROUP or match[1] == "0"):
        value = Decimal(f"{match[1]}.{match[2]}") * factor
        if decimals(value) > PLACES:
            return _unreadable("no-amount")
        return Figure("amount", value, factor.scaleb(-len(match[2])), reasons=("multiplied",))
    figure = _number(plain).times(factor)
    if figure.value is None or figure.alone:
        return _unreadable("no-amount")
    if figure.value > LARGEST:
        return _unreadable("too-large")
    return replace(figure, reasons=("multiplied",))


def _number(plain: str) -> Figure:
    match = _GROUPED.fullmatch(plain)
    if match and not plain.startswith("0") and match[2] != match[1]:
        sign, point, cents = match[1], match[2] or "", match[3] or ""
        whole = plain[: -len(cents) - 1] if cents else plain
        digits = "".join(filter(str.isdigit, whole))
        if sign == " " and int(digits) >= _MOST_IN_SPACES:
            return _unreadable("two-amounts")
        lone = sign if sign in ",." and not point and whole.count(sign) == 1 else ""
        return _amount(digits, cents, sign if sign in " ,." else "'", point, lone)
    match = _PLAIN.fullmatch(plain)
    if match:
        return _amount(match[1], match[3] or "", "", match[2] or "", "")
    if re.fullmatch(r"\d[\d .,'’]*\d [\d .,'’]*\d(?:[.,]\d+)?", plain):
        return _unreadable("two-amounts")
    digits = "".join(filter(str.isdigit, plain))
    return Figure("unreadable" if digits else "words", reasons=("no-amount",))


def _amount(whole: str, cents: str, grouping: str, point: str, alone: str) -> Figure:
    value = Decimal(f"{whole}.{cents}" if cents else whole)
    unit = ONE.scaleb(-len(cents))
    return Figure("amount", value, unit, grouping=grouping, point=point, alone=alone)


def read_percent(text: str) -> Figure:
    """Return a percentage as printed, its sign or words left out."""
    plain = joined(_SPACES.sub(" ", text))
    if not plain:
        return Figure("blank")
    if _is_nil(plain):
        return Figure("nil")
    plain = _SIGN.sub("", plain)
    match = _PERCENT.fullmatch(plain)
    value = Decimal(f"{match[1]}.{match[2] or 0}") if match and plain.isascii() else None
    if value is None or value > HUNDRED or decimals(value) > PLACES:
        return _unreadable("no-percent")
    return Figure("amount", value, reasons=("share",) if ZERO < value < 1 else ())
