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

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST = Decimal(10) ** 12
NIL = frozenset({"nil", "néant", "neant", "nul", "none", "aucun", "nada", "ninguno", "ninguna"})
_DASHES = re.compile(r"[-\u2010-\u2015\u2212]{1,3}")
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_RAISED = re.compile("[\u00b9\u00b2\u00b3\u2070-\u2079\u1d43-\u1d6a\u02b0-\u02b8]+")
_FLOOR = re.compile(
    r"^(?:at least|au moins|al menos|por lo menos|como m[íi]nimo|min\.|≥|>=)\s*", re.IGNORECASE
)
_ABOUT = re.compile(
    r"^(?:approx(?:\.|imately)?|about|around|env(?:\.|iron)|aprox(?:\.|imadamente)?|ca\.?|c\.|~|≈)\s*",
    re.IGNORECASE,
)
_LESS = re.compile(r"(?:<|less than|moins de|menos de)\s*1")
_CURRENCY = re.compile(
    r"(?P<code>\b[A-Z]{3}\b|US\$|€|£|\$|\beuros?\b|\bd['’]euros?\b|\bdollars?\b|\bd[óo]lares\b)"
)
_SIGNS = {"€": "EUR", "£": "GBP", "US$": "USD", "EURO": "EUR", "EUROS": "EUR"}
_TIMES = re.compile(
    r"\s*\b(?:(?P<thousand>thousand|milliers?|mil(?:es)?|k)|(?P<million>millions?|mill[óo]n(?:es)?))"
    r"\b\.?(?:\s+(?:de|d['’]))?\s*$",
    re.IGNORECASE,
)
_LETTER = re.compile(r"(?<=\d)\s*(?:\(?(?P<letter>[a-z]{1,2})\)?|(?P<star>[*†‡]{1,3}))$")
_GROUPED = re.compile(r"\d{1,3}([ '’,.])\d{3}(?:\1\d{3})*(?:([.,])(\d{1,2}))?")
_PLAIN = re.compile(r"(\d{1,13})(?:([.,])(\d{1,2}))?")
_SIGN = re.compile(r"\s?(?:%|per ?cent|pour cent|por ciento|p\. ?100)$", re.IGNORECASE)
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,4}))?")


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
        """Give the amount, 0 for nil; None where no number stands."""
        return ZERO if self.kind == "nil" else self.value


@dataclass(slots=True)
class Habits:
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
        usual = "." if language is Language.EN else ","
        sign = figure.alone
        doubtful = not self.grouping[sign] and (self.point[sign] or sign == usual)
        if doubtful and not self.point[_other(sign)]:
            return replace(figure, reasons=(*figure.reasons, "lone-separator"))
        clash = self.point[sign] or (self.grouping and not self.grouping[sign])
        if clash and sum(self.grouping.values()) + self.point[sign] > 1:
            return replace(figure, reasons=(*figure.reasons, "mixed-styles"))
        return figure

    def style(self, language: Language, lone: Iterable[str]) -> tuple[str, bool]:
        """Give the workbook's number style ("" for the language's own), and if it is exact."""
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


def read_amount(text: str) -> Figure:
    """Read an amount as printed."""
    plain = _RAISED.sub("", _SPACES.sub(" ", text)).strip()
    if not plain:
        return Figure("blank")
    if _DASHES.fullmatch(plain) or comparable(plain) in NIL:
        return Figure("nil")
    floor = _FLOOR.match(plain)
    if floor:
        plain = plain[floor.end() :]
    if _LESS.fullmatch(plain):
        return Figure("less", at_least=bool(floor))
    about = _ABOUT.match(plain)
    reasons = ("approximate",) if about else ()
    figure = _bare(plain[about.end() :] if about else plain)
    return replace(figure, at_least=bool(floor), reasons=(*reasons, *figure.reasons))


def _bare(plain: str) -> Figure:
    """Read an amount that may have a currency, a multiplier, brackets or the letter of a note."""
    found = _CURRENCY.search(plain)
    currency = ""
    if found:
        currency = _SIGNS.get(found["code"].upper(), found["code"].upper())
        plain = (plain[: found.start()] + plain[found.end() :]).strip()
    if re.fullmatch(r"\(.+\)|[-\u2010-\u2015\u2212]\s?\d.*", plain) and any(
        map(str.isdigit, plain)
    ):
        return Figure("unreadable", reasons=("negative",))
    reasons: tuple[str, ...] = ()
    letter = _LETTER.search(plain)
    times = _TIMES.search(plain) if letter is None or letter["letter"] == "k" else None
    if times:
        plain, reasons = plain[: times.start()].strip(), ("multiplied",)
    elif letter:
        plain, reasons = plain[: letter.start()].strip(), ("note-letter",)
    figure = _number(plain)
    if times and figure.value is not None:
        factor = Decimal(1000) if times["thousand"] else Decimal(1_000_000)
        figure = replace(figure, value=figure.value * factor, unit=figure.unit * factor)
    if figure.value is not None and figure.value > LARGEST:
        return Figure("unreadable", reasons=("too-large",))
    return replace(figure, reasons=(*reasons, *figure.reasons), currency=currency)


def _number(plain: str) -> Figure:
    match = _GROUPED.fullmatch(plain)
    if match and not plain.startswith("0") and match[2] != match[1]:
        sign, point, cents = match[1], match[2] or "", match[3] or ""
        whole = plain[: -len(cents) - 1] if cents else plain
        lone = sign if sign in ",." and not point and whole.count(sign) == 1 else ""
        sign = "'" if sign == "’" else sign
        return _amount("".join(filter(str.isdigit, whole)), cents, sign, point, lone)
    match = _PLAIN.fullmatch(plain)
    if match and plain.isascii():
        return _amount(match[1], match[3] or "", "", match[2] or "", "")
    digits = any(map(str.isdigit, plain))
    return Figure("unreadable" if digits else "words", reasons=("no-amount",))


def _amount(whole: str, cents: str, grouping: str, point: str, alone: str) -> Figure:
    value = Decimal(f"{whole}.{cents}" if cents else whole)
    unit = Decimal(1).scaleb(-len(cents)) if cents else Decimal(1)
    return Figure("amount", value, unit, grouping=grouping, point=point, alone=alone)


def read_percent(text: str) -> Figure:
    """Read a percentage as printed, its sign or words left out."""
    plain = _RAISED.sub("", _SPACES.sub(" ", text)).strip()
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
