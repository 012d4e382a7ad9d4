"""What an annex says outside its tables: title, unit, date, status, scenario, support costs."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from babel.dates import get_month_names

from cmswp_xl.documents.numbers import currency_words
from cmswp_xl.messages.labels import label
from cmswp_xl.word_import.amounts import read_percent
from cmswp_xl.word_import.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cmswp_xl.languages import Words
    from cmswp_xl.word_import.visible import Paragraph

_STATUSES = ("revised", "adopted")
_LONGEST = 250
_ANNEX = re.compile(r"(?:annexe?|anexo)\s+(?:[ivx]+|\d+|[a-z])\b[\s:.\u2013-]*", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_PREPARED = re.compile(
    r"\((?:prepared by(?: the)?|[ée]tabli par(?: l[ea])?|pr[ée]par[ée] par(?: l[ea])?"
    r"|preparado por(?: l[ao])?)\s+(?P<by>[^()]+?)\s*\)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statements:
    """
    What holds for the whole annex, as far as it says so.

    `net` tells whether costs exclude support costs: "all", "part" or "". `factor` is what the
    program's own sentence says that amounts are multiplied by; `taken` are the texts read.
    """

    title: str = ""
    prepared_by: str = ""
    status: str = ""
    scenario: str = ""
    as_at: dt.date | None = None
    illustrative: bool = False
    rounding: str = ""
    factor: Decimal = Decimal(1)
    unit: str = ""
    net: str = ""
    rate: Decimal | None = None
    taken: tuple[str, ...] = ()


def filled(template: str, text: str) -> Mapping[str, str] | None:
    """Read what fills the places of a printed sentence; None where the text is not that one."""
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(_spaced(template)))
    match = re.fullmatch(pattern, _spaced(text))
    return None if match is None else match.groupdict()


def _spaced(text: str) -> str:
    return " ".join(text.split())


def read_statements(paragraphs: Sequence[Paragraph], say: Words) -> Statements:
    """Read what the paragraphs say of the whole annex."""
    texts = [part.text for part in paragraphs if part.text and len(part.text) <= _LONGEST]
    rounding, unit, thousands = _unit(texts, say)
    net, rate = _support(texts, say)
    title = _title(paragraphs, say)
    prepared = [match["by"] for text in texts if (match := _PREPARED.fullmatch(text))]
    illustrative = {
        say("Illustrative figures"),
        say("All figures, donors and dates are illustrative. They commit nobody."),
    }
    return Statements(
        title=title,
        prepared_by=prepared[0] if prepared else "",
        status=_status(texts, say),
        scenario=_first(say("Budget scenario: {scenario}."), texts, "scenario"),
        as_at=_date(_first(say("As at {date}."), texts, "date"), say),
        illustrative=any(text in illustrative for text in texts),
        rounding="thousand" if thousands else rounding,
        factor=Decimal(1000) if thousands else Decimal(1),
        unit=unit,
        net=net,
        rate=rate,
        taken=tuple(_taken(texts, title, say)),
    )


def _taken(texts: Iterable[str], title: str, say: Words) -> Iterator[str]:
    """Return the texts that were read, and those that only explain what is printed."""
    own = (
        say("Illustrative figures"),
        say("All figures, donors and dates are illustrative. They commit nobody."),
        say("Budget scenario: {scenario}."),
        say("As at {date}."),
        say("Status: {status}."),
        say("Amounts in {currency}."),
        say(
            "Amounts in {currency}, in thousands. Rounded figures are fitted so that each column"
            " adds up."
        ),
        say("Amounts in {currency}. Rounded figures are fitted so that each column adds up."),
        say("Costs are net: programme support costs are not included."),
        say(
            "Costs are net: programme support costs of {rate} per cent are added below the total."
        ),
        say("Human resources used in the programme areas"),
        say("Total of the programme areas"),
        say("Cost and funding by year"),
    )
    for text in texts:
        if (
            _spaced(text) == title
            or _PREPARED.fullmatch(text)
            or any(filled(template, text) is not None for template in own)
        ):
            yield text


def _first(template: str, texts: Iterable[str], name: str) -> str:
    for text in texts:
        found = filled(template, text)
        if found:
            return found[name]
    return ""


def _unit(texts: Sequence[str], say: Words) -> tuple[str, str, bool]:
    """Return rounding, the currency in words, and whether amounts are in thousands."""
    thousand = say(
        "Amounts in {currency}, in thousands. Rounded figures are fitted so that each column"
        " adds up."
    )
    unit = say("Amounts in {currency}. Rounded figures are fitted so that each column adds up.")
    for template, rounding in ((thousand, "thousand"), (unit, "unit")):
        found = _first(template, texts, "currency")
        if found:
            return rounding, found, rounding == "thousand"
    return "", _first(say("Amounts in {currency}."), texts, "currency"), False


def other_currency(unit: str, code: str, say: Words) -> bool:
    """Return whether the annex names another currency than the code given."""
    return bool(unit) and folded(unit) not in (
        folded(currency_words(code, say.language)),
        folded(code),
    )


def _support(texts: Sequence[str], say: Words) -> tuple[str, Decimal | None]:
    added = (
        (
            "all",
            say(
                "Costs are net: programme support costs of {rate} per cent are added below the"
                " total."
            ),
        ),
        (
            "part",
            say(
                "Part of the costs is net: programme support costs of {rate} per cent on that"
                " part are added below the total."
            ),
        ),
    )
    for net, template in added:
        rate = _first(template, texts, "rate")
        if rate:
            return net, read_percent(rate).value
    if say("Costs are net: programme support costs are not included.") in texts:
        return "all", None
    return "", None


def _status(texts: Sequence[str], say: Words) -> str:
    found = _first(say("Status: {status}."), texts, "status")
    return next(
        (
            word
            for word in _STATUSES
            if folded(label("document-status", word, say)) == folded(found)
        ),
        "",
    )


def _date(text: str, say: Words) -> dt.date | None:
    """Read a date in words, such as 5 November 2014 or 1er novembre 2014."""
    match = re.fullmatch(r"(\d{1,2})(?:er|º)? (?:de )?(\w+) (?:de )?(\d{4})", _spaced(text))
    if match is None:
        return None
    names = get_month_names("wide", locale=say.language.tag.replace("-", "_"))
    months = {folded(name): number for number, name in names.items()}
    month = months.get(folded(match[2]))
    try:
        return None if month is None else dt.date(int(match[3]), month, int(match[1]))
    except ValueError:
        return None


def _title(paragraphs: Sequence[Paragraph], say: Words) -> str:
    """Return the programme's title: that below the annex's own, the document's, or the annex's."""
    texts = [part for part in paragraphs if part.text]
    for style in ("subtitle", "sous-titre", "subtítulo", "title", "titre", "título"):
        for part in texts:
            if part.style == style and not _ANNEX.match(part.text):
                return part.text
    first = texts[0].text if texts else ""
    if first and not _ANNEX.match(first) and len(first) <= _LONGEST:
        return _spaced(first)
    plain = _ANNEX.sub("", first, count=1) if first and len(first) <= _LONGEST else ""
    while _BRACKETS.search(plain):
        plain = _BRACKETS.sub("", plain)
    return plain.strip() or say("Costed programme of work")
