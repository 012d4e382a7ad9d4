"""
Amounts and percentages as Word files print them, whatever the house style.

A separator before three digits is taken for thousands, since money has at most two decimals; where
another reading is as good, the figure says so.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.languages import Language
from cmswp_xl.money import CENT, HUNDRED, ZERO, decimals
from cmswp_xl.tables import comparable
from cmswp_xl.word_import.units import currencies_in

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST = Decimal(10) ** 12
_GROUP = 3
_MARKS = "'’‘ʼ´`"
NIL = frozenset({"nil", "néant", "neant", "nul", "none", "aucun", "nada", "ninguno", "ninguna"})
_DASHES = re.compile(r"[-\u2010-\u2015\u2212]{1,3}")
_SPACES = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u205f\u3000]")
_NO_BREAK = re.compile(r"[\u00a0\u2007\u202f]")
_TWO = re.compile(r"\d[ \u00a0\u2000-\u200a\u202f\u205f\u3000]{2,}\d|\d[^\S ]*[\t\n\v\f\r]\s*\d")
_RAISED = re.compile("[\u00b9\u00b2\u00b3\u2070-\u2079\u1d43-\u1d6a\u02b0-\u02b8]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_FLOOR = re.compile(
    r"^(?:at least|au moins|al menos|por lo menos|como m[íi]nimo|min\.|≥|>=)\s*", re.IGNORECASE
)
_ABOUT = re.compile(
    r"^(?:approx(?:\.|imately)?|about|around|env(?:\.|iron)|aprox(?:\.|imadamente)?|ca\.?|c\.|~|≈"
    r"|up to|max(?:\.|imum)?|jusqu['’][àa]|maximum|hasta|m[áa]x(?:\.|imo)?(?: de)?|est\.|≤|<=)\s*",
    re.IGNORECASE,
)
_LESS = re.compile(r"(?:<|less than|moins de|menos de)\s*1")
_CURRENCY = (
    r"(?:(?:\bd['’] ?|\b(?:de|of) )?(?:US ?\$|[CA]U?\$|NZ\$|€|£|¥|\$|[A-Z]{3}\b|euros?\b"
    r"|(?:US |United States )?[Dd]ollars?\b|d[óo]lares\b))"
)
_BEFORE = re.compile(rf"^(?P<code>{_CURRENCY})\s*(?=[\d(\u2212-])")
_STUCK = re.compile(r"^(?P<code>(?:EUR|USD|CHF|GBP|CAD|AUD))(?=\d)")
_AFTER = re.compile(rf"(?<=[\d.a-zA-Zéó*†‡)\s])\s*(?P<code>{_CURRENCY})$")
_SIZES = {
    "thousand": r"thousands?|milliers?|mil(?:es)?|mille|k|K|[Tt]sd\.?",
    "million": r"[Mm]illions?|mill[óo]n(?:es)?|mn|Mn|mln|Mln|mio|Mio|m|M",
    "milliard": r"milliards?|mil millones|miles de millones|bn|mrd|Mrd",
}
_FACTORS = {"thousand": 10**3, "million": 10**6, "milliard": 10**9}
_TIMES = re.compile(
    r"(?<=\d)\s*(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in reversed(_SIZES.items()))
    + r")\.?(?:\s+(?:de|d['’]|of))?$"
)
_LETTER = re.compile(
    r"(?<=\d)(?:\s*\(?(?P<letter>[a-z]{1,2})\)|\s*(?P<bare>[a-z])|(?P<two>[a-z]{2})"
    r"|\s*\(?(?P<star>[*†‡#§]{1,3})\)?|\s?(?P<bracket>\[[a-z\d]{1,2}\]|\(\d\)))$"
)
_GROUPED = re.compile(r"[0-9]{1,3}([ '’‘ʼ´`,.])[0-9]{3}(?:\1[0-9]{3})*(?:([.,])([0-9]{1,2}))?")
_PLAIN = re.compile(r"([0-9]{1,13})(?:([.,])([0-9]{1,2}))?")
_SCALED = re.compile(r"([0-9]{1,6})[.,]([0-9]{1,6})")
_SIGN = re.compile(r"\s?(?:%|per ?cent|pour cent|por ciento|p\. ?100)$", re.IGNORECASE)
_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,4}))?")
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
    unit: Decimal = Decimal(1)
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
        """Say of a figure with one lone separator whether it may mean decimals after all."""
        if not figure.alone:
            return figure
        sign = figure.alone
        if not self.grouping[sign]:
            own = {Language.EN: ",", Language.FR: "", Language.ES: "."}[language]
            seen = self.point[sign] or (self.grouping and sign != own)
            if seen or (sign != own and not self.point[_other(sign)]):
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


def _other(sign: str) -> str:
    return "." if sign == "," else ","


def plain_amount(value: Decimal) -> str:
    """Return an amount in plain figures, without noughts that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_amount(text: str) -> Figure:
    """Read an amount as printed."""
    whole = _INVISIBLE.sub("", text).strip()
    if _TWO.search(whole):
        return Figure("unreadable", reasons=("two-amounts",))
    bare = _RAISED.sub("", whole).strip()
    raised = ("raised-mark",) if bare != whole and bare else ()
    if _mixed_spaces(bare):
        return Figure("unreadable", reasons=("two-amounts",))
    plain = " ".join(_SPACES.sub(" ", bare).split())
    if not plain:
        return Figure("blank") if not whole else Figure("unreadable", reasons=("no-amount",))
    if _DASHES.fullmatch(plain) or comparable(plain) in NIL:
        return Figure("nil", reasons=raised)
    floor = _FLOOR.match(plain)
    if floor:
        plain = plain[floor.end() :]
    if _LESS.fullmatch(plain):
        return Figure("less", at_least=bool(floor))
    about = _ABOUT.match(plain)
    reasons = ("approximate", *raised) if about else raised
    figure = _bare(plain[about.end() :] if about else plain)
    if figure.value is None:
        return figure
    return replace(figure, at_least=bool(floor), reasons=(*reasons, *figure.reasons))


def _mixed_spaces(text: str) -> bool:
    """Return whether spaces that break and spaces that do not both stand between figures."""
    found = {bool(_NO_BREAK.match(sign)) for sign in re.findall(r"(?<=\d)\s(?=\d)", text)}
    return len(found) > 1


def _bare(plain: str) -> Figure:
    """Read an amount that may have a currency, a multiplier, brackets or the letter of a note."""
    plain, currency = _without_currency(plain)
    if currency is None:
        return Figure("unreadable", reasons=("no-amount",))
    negative = r"\(.+\)|[-\u2010-\u2015\u2212]\s?\d.*|.*\d\s?[-\u2010-\u2015\u2212]"
    if re.fullmatch(negative, plain) and any(map(str.isdigit, plain)):
        return Figure("unreadable", reasons=("negative",))
    times, letter = _TIMES.search(plain), _LETTER.search(plain)
    if times:
        factor = Decimal(next(_FACTORS[name] for name, v in times.groupdict().items() if v))
        return replace(_scaled(plain[: times.start()].strip(), factor), currency=currency)
    reasons: tuple[str, ...] = ()
    if letter:
        plain, reasons = plain[: letter.start()].strip(), ("note-letter",)
        if letter["bare"] and re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?", plain):
            return Figure("unreadable", reasons=("no-amount",))
    figure = _number(plain)
    if figure.value is not None and figure.value > LARGEST:
        return Figure("unreadable", reasons=("too-large",))
    if figure.value is not None:
        reasons = (*reasons, *figure.reasons)
        return replace(figure, reasons=reasons, currency=currency)
    return figure


def _without_currency(plain: str) -> tuple[str, str | None]:
    """Return an amount without the currency at one of its ends; None where there are two."""
    found = [
        (match, _code(match["code"]))
        for pattern in (_BEFORE, _STUCK, _AFTER)
        if (match := pattern.search(plain)) and _code(match["code"])
    ]
    for match, _ in reversed(found):
        plain = (plain[: match.start()] + plain[match.end() :]).strip()
    codes = {code for _, code in found}
    if len(codes) > 1:
        return plain, None
    return plain, next(iter(codes), "")


def _code(text: str) -> str:
    """Return the currency that a sign or a code stands for; "" for none."""
    found = currencies_in(text)
    return next(iter(found)) if len(found) == 1 else ""


def _scaled(plain: str, factor: Decimal) -> Figure:
    """Read a number before a word such as thousand or million, with any decimals."""
    match = _SCALED.fullmatch(plain)
    if match and (len(match[2]) != _GROUP or match[1] == "0"):
        places = len(match[2])
        value = Decimal(f"{match[1]}.{match[2]}") * factor
        if decimals(value) > -CENT.as_tuple().exponent:  # type: ignore[operator]
            return Figure("unreadable", reasons=("no-amount",))
        return Figure("amount", value, factor.scaleb(-places), reasons=("multiplied",))
    figure = _number(plain)
    if figure.value is None or figure.alone:
        return Figure("unreadable", reasons=("no-amount",))
    value = figure.value * factor
    if value > LARGEST:
        return Figure("unreadable", reasons=("too-large",))
    return replace(figure, value=value, unit=figure.unit * factor, reasons=("multiplied",))


def _number(plain: str) -> Figure:
    match = _GROUPED.fullmatch(plain)
    if match and not plain.startswith("0") and match[2] != match[1]:
        sign, point, cents = match[1], match[2] or "", match[3] or ""
        whole = plain[: -len(cents) - 1] if cents else plain
        lone = sign if sign in ",." and not point and whole.count(sign) == 1 else ""
        figure = _amount(
            "".join(filter(str.isdigit, whole)),
            cents,
            "'" if sign in _MARKS else sign,
            point,
            lone,
        )
        if sign == " " and figure.value is not None and figure.value >= _MOST_IN_SPACES:
            return Figure("unreadable", reasons=("two-amounts",))
        return figure
    match = _PLAIN.fullmatch(plain)
    if match:
        return _amount(match[1], match[3] or "", "", match[2] or "", "")
    if re.fullmatch(r"\d[\d .,'’]*\d [\d .,'’]*\d(?:[.,]\d+)?", plain):
        return Figure("unreadable", reasons=("two-amounts",))
    digits = any(map(str.isdigit, plain))
    return Figure("unreadable" if digits else "words", reasons=("no-amount",))


def _amount(whole: str, cents: str, grouping: str, point: str, alone: str) -> Figure:
    value = Decimal(f"{whole}.{cents}" if cents else whole)
    unit = Decimal(1).scaleb(-len(cents)) if cents else Decimal(1)
    return Figure("amount", value, unit, grouping=grouping, point=point, alone=alone)


def read_percent(text: str) -> Figure:
    """Read a percentage as printed, its sign or words left out."""
    plain = " ".join(_SPACES.sub(" ", text).split())
    if not plain:
        return Figure("blank")
    if _DASHES.fullmatch(plain) or comparable(plain) in NIL:
        return Figure("nil")
    plain = _SIGN.sub("", plain)
    match = _PERCENT.fullmatch(plain)
    if match is None or not plain.isascii():
        return Figure("unreadable", reasons=("no-percent",))
    value = Decimal(f"{match[1]}.{match[2] or 0}")
    if value > HUNDRED or decimals(value) > -CENT.as_tuple().exponent:  # type: ignore[operator]
        return Figure("unreadable", reasons=("no-percent",))
    share = ("share",) if ZERO < value < 1 else ()
    return Figure("amount", value, reasons=share)
