"""The further columns of the annex that the Programme form asks for, and its list of mandates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cmswp_xl.documents.numbers import NO_BREAK_SPACE
from cmswp_xl.documents.texts import responsible
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.page import Cell, Column, Paragraph, Row, tabled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cmswp_xl.documents.texts import Texts
    from cmswp_xl.model import Activity, MandateReference, Programme
    from cmswp_xl.page import Section

_ABBREVIATIONS = (N_("Res."), N_("Dec."), N_("para."), N_("paras."))
"""What codes of mandates, and places in them, are written with."""


@cache
def _written() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return how the abbreviations of any language are found, and which each of them is."""
    words = {
        Words(language)(word).rstrip("."): word
        for word in reversed(_ABBREVIATIONS)
        for language in Language
    }
    return re.compile(rf"(?<!\w)({'|'.join(words)})(?:\.|(?=\s?\d))"), words


def cited(text: str, say: Words) -> str:
    """Return a mandate, or a place in it, with the abbreviations of the language."""
    pattern, words = _written()

    def worded(found: re.Match[str]) -> str:
        own = say(words[found[1]])
        return found[0] if found[1] == own.rstrip(".") else own

    return pattern.sub(worded, text)


_CLOSE = re.compile(r"(?<=[^\W\d]|\.) (?=\d+(?![\d\u00a0]))|(?<=\.) (?=[^\W\d])")
"""The space behind an abbreviation, or between a word and its number, but not before 4 à 7."""
_SPAN = re.compile(r"(\d+)[–-](\d+)(?=[^()]*\)\Z)")


def mandate(text: str, say: Words) -> str:
    """Return a mandate with the place in it as the language writes them, unbroken: par. 4 à 7."""
    spans = _SPAN.sub(lambda found: say("{begin}–{end}", begin=found[1], end=found[2]), text)
    return _CLOSE.sub(NO_BREAK_SPACE, cited(spans, say))


@dataclass(frozen=True, slots=True)
class FurtherColumns:
    """Prints what activities rest on, how they rank, when, by whom and to which ends."""

    programme: Programme
    texts: Texts
    say: Words

    @property
    def columns(self) -> dict[str, Column]:
        """The columns that the form asks for, by name, in the order of print."""
        say, asked = self.say, self.programme.settings.annex_columns
        columns = {
            "mandates": Column(say("Mandates"), "words", 1474),
            "priority": Column(say("Priority"), "word", 1020),
            "time-frame": Column(say("Time frame"), "word", 1400),
            "responsible": Column(say("Responsible"), "word", 1304),
            "targets": Column(say("Targets"), "word", 1020),
        }
        return {name: column for name, column in columns.items() if name in asked}

    def cells(self, activity: Activity) -> tuple[Cell, ...]:
        """Print what these columns hold of an activity, each entry of a list on its line."""
        return tuple(
            Cell(tuple(map(Paragraph, self._lines(name, activity)))) for name in self.columns
        )

    def _lines(self, name: str, activity: Activity) -> Iterable[str]:
        match name:
            case "mandates":
                return map(self._mandate, activity.mandates)
            case "priority":
                found = activity.priority
                return [capital(label("priority", found, self.say))] if found else []
            case "time-frame":
                return [self._time_frame(activity)]
            case "responsible":
                return [responsible(activity.responsible, self.say)]
            case _:
                return activity.targets

    def mandates(self, activities: Iterable[Activity]) -> Section | None:
        """Return the list of the mandates of activities, where their column is printed."""
        say, used = self.say, {each.code for a in activities for each in a.mandates}
        found = [each for each in self.programme.mandates if each.code in used]
        if "mandates" not in self.columns or not found:
            return None
        titles = (
            self.texts.optional(each.title, "mandates", each.code, "title") for each in found
        )
        rows = (
            Row((mandate(each.code, say), each.meeting or "", title), key=each.code)
            for each, title in zip(found, titles, strict=True)
        )
        heads = (Column(say("Mandate"), "word", 1814, names=True), Column(say("Meeting"), "word"))
        columns = (*heads, Column(say("Title"), "text", 5669))
        return tabled("mandates", say("Mandates of the activities"), columns, rows)

    def _mandate(self, reference: MandateReference) -> str:
        code, place = reference.code, reference.locator
        return mandate(f"{code} ({place})" if place else code, self.say)

    def _time_frame(self, activity: Activity) -> str:
        """Return the timing in words where it is given, else the years."""
        say, first, last = self.say, activity.start_year, activity.end_year
        if activity.timing:
            return self.texts.required(activity.timing, "activities", activity.id, "timing")
        if first and last and first != last:
            return say("{first}–{last}", first=first, last=last)
        if first and not last:
            return say("from {year}", year=first)
        return str(last) if first else say("until {year}", year=last) if last else ""
