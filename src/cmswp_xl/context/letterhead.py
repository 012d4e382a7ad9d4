"""The block that heads a meeting document: series, symbol, date, languages, meeting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.dates import format_skeleton

from cmswp_xl.context.heading import running_head
from cmswp_xl.context.numbers import NO_BREAK_SPACE, long_date
from cmswp_xl.languages import Language
from cmswp_xl.wording import capital, label

if TYPE_CHECKING:
    import datetime as dt

    from cmswp_xl.context.texts import Texts
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Settings

_WORD = re.compile(r"\S+")
_BETWEEN_DAYS = {Language.EN: "–", Language.FR: "-", Language.ES: "-"}
_BETWEEN_MONTHS = {Language.EN: " – ", Language.FR: "-", Language.ES: "-"}
_BETWEEN_YEARS = " – "


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The lines of the block; a line whose setting is blank is blank, and not printed."""

    series: tuple[str, ...]
    convention: str
    distribution: str
    symbol: str
    date: str
    version: str
    original: str
    meeting: str
    place: str
    agenda: str


def letterhead(settings: Settings, texts: Texts, say: Words) -> Letterhead:
    """Word the block that heads a meeting document."""
    language = texts.language
    original = settings.original_language
    distribution = _optional(texts, settings, "distribution")
    item = settings.agenda_item
    return Letterhead(
        series=tuple(say("Convention on\nMigratory\nSpecies").split("\n")),
        convention=say("Convention on the Conservation of Migratory Species of Wild Animals"),
        distribution=(
            say("Distribution: {distribution}", distribution=distribution) if distribution else ""
        ),
        symbol=running_head(settings, texts, ""),
        date=long_date(settings.document_date, language) if settings.document_date else "",
        version="" if language is original else _named(language, say),
        original=say("Original: {language}", language=_named(original, say)),
        meeting=_capitals(_optional(texts, settings, "meeting")),
        place=_place(settings, texts),
        agenda=say("Agenda Item {item}", item=item) if item else "",
    )


def meeting_dates(first: dt.date, last: dt.date | None, language: Language) -> str:
    """
    Print the days of a meeting, naming month and year once where they are the same.

    8–10 April 2025, 1er-5 décembre 2008, 30 de marzo-2 de abril de 2025; one day where the last
    day is not known, or is not later.
    """
    if last is None or last <= first:
        return long_date(first, language)
    end = long_date(last, language)
    if first.year != last.year:
        return f"{long_date(first, language)}{_BETWEEN_YEARS}{end}"
    if first.month != last.month:
        return f"{_day_and_month(first, language)}{_BETWEEN_MONTHS[language]}{end}"
    return f"{_day(first, language)}{_BETWEEN_DAYS[language]}{end}"


def _optional(texts: Texts, settings: Settings, name: str) -> str:
    return texts.optional(getattr(settings, name), "programme", None, name)


def _named(language: Language, say: Words) -> str:
    return capital(label("language", language.value, say))


def _capitals(text: str) -> str:
    """Write in capitals, but for words that begin with a digit: 55th MEETING."""
    return _WORD.sub(lambda word: word[0] if word[0][0].isdigit() else word[0].upper(), text)


def _place(settings: Settings, texts: Texts) -> str:
    """Give place and days of the meeting, or what is known of them."""
    first, last = settings.meeting_start or settings.meeting_end, settings.meeting_end
    days = meeting_dates(first, last, texts.language) if first else ""
    return ", ".join(filter(None, (_optional(texts, settings, "meeting_place"), days)))


def _day(day: dt.date, language: Language) -> str:
    """Give the day of a month; the first is 1er in French."""
    return "1er" if language is Language.FR and day.day == 1 else str(day.day)


def _day_and_month(day: dt.date, language: Language) -> str:
    """Give day and month in words, the day as `_day` has it."""
    text: str = format_skeleton("MMMMd", day, locale=language.tag.replace("-", "_"))
    return text.replace(f"{day.day} ", f"{_day(day, language)}{NO_BREAK_SPACE}", 1)
