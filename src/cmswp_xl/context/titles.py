"""What the codes of two versions stand for, in one language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.compare import keyed, plain
from cmswp_xl.context.numbers import long_date
from cmswp_xl.context.texts import MissingText
from cmswp_xl.languages import Language
from cmswp_xl.money import decimals
from cmswp_xl.tables import comparable
from cmswp_xl.wording import FIELD_KINDS, KINDS, label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.compare import Comparison, Row, Value, Version
    from cmswp_xl.context.numbers import Numbers
    from cmswp_xl.languages import Words
    from cmswp_xl.schema import Field

NAMED: Mapping[str, tuple[str, str]] = {
    "areas": ("code", "title"),
    "activities": ("id", "title"),
    "sources": ("code", "title"),
    "donors": ("code", "name"),
    "posts": ("id", "title"),
    "scenarios": ("code", "title"),
}
"""The tables whose codes print as what they stand for: key, and the text that says it."""


@dataclass(slots=True)
class Titles:
    """
    Gives titles and values in one language, from the new version or else from the old one.

    Notes each required text of the new version that is asked for and not there.
    """

    comparison: Comparison
    numbers: Numbers
    say: Words
    missing: list[MissingText] = field(default_factory=list)
    _rows: dict[str, tuple[Mapping[str, Row], Mapping[str, Row]]] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """The language."""
        return self.say.language

    def text(self, row: Row, base: str, table: str = "", key: str | None = None) -> str:
        """Give a text of a row in the language, else in the original one, else in any."""
        found = row.get(f"{base}_{self.language.value}")
        if found:
            return plain(found)
        original = plain(self.comparison.new.settings.get("original_language")).casefold()
        for language in (original, *Language):
            if other := row.get(f"{base}_{language}"):
                self._note(row, base, table, key)
                return plain(other)
        return ""

    def area(self, row: Row) -> str:
        """Return an area's title; a sub-area's stands after that of its area."""
        title = self.text(row, "title", "areas", plain(row.get("code")))
        if not row.get("parent"):
            return title
        return self.say("{area} – {part}", area=self.of("areas", row.get("parent")), part=title)

    def of(self, table: str, value: Value) -> str:
        """Give what a code stands for; the code itself where it is not known."""
        if table not in NAMED or value is None:
            return plain(value)
        code = comparable(plain(value))
        new, old = self._keyed(table)
        row = new.get(code) or old.get(code)
        if row is None:
            return plain(value)
        title = self.text(row, NAMED[table][1], table, plain(row.get(NAMED[table][0])))
        if table == "posts" and row.get("grade"):
            return self.say("{title} ({grade})", title=title, grade=plain(row.get("grade")))
        return title or plain(value)

    def number(self, key: Value, *, before: bool = False) -> str:
        """Give the number of an activity, now or before; its id where it has none."""
        new, old = self._keyed("activities")
        sides = (old, new) if before else (new, old)
        code = comparable(plain(key))
        row = sides[0].get(code) or sides[1].get(code) or {}
        return plain(row.get("number")) or plain(key)

    def value(self, table: str, item: Field, value: Value) -> str:
        """Give a value as print shows it: amounts, dates, code words, references in words."""
        if value is None:
            return ""
        if isinstance(value, Decimal):
            places = 2 if decimals(value) else 0
            if item.unit == "currency":
                return self.numbers.decimal(value, max(places, self.numbers.places))
            return self.numbers.decimal(value, decimals(value))
        if isinstance(value, (str, int)) and item.reference is not None:
            if item.reference.table == "activities":
                return self.number(value)
            return self.of(item.reference.table, value)
        kind = FIELD_KINDS.get((table, item.name))
        if kind is not None and str(value) in KINDS[kind]:
            return label(kind, str(value), self.say)
        if isinstance(value, (str, int, tuple)):
            return plain(value)
        return long_date(value, self.language)

    def _keyed(self, table: str) -> tuple[Mapping[str, Row], Mapping[str, Row]]:
        if table not in self._rows:
            name = NAMED[table][0]
            sides = self.comparison.new, self.comparison.old
            self._rows[table] = keyed(sides[0], table, name), keyed(sides[1], table, name)
        return self._rows[table]

    def _note(self, row: Row, base: str, table: str, key: str | None) -> None:
        """Note a missing text where it is one of the new version."""
        if not table or not _holds(self.comparison.new, table, row):
            return
        item = MissingText(table, key, f"{base}_{self.language.value}")
        if item not in self.missing:
            self.missing.append(item)


def version_name(version: Version, say: Words) -> str:
    """Name a version by its symbol and date; by its file where it has neither."""
    settings = version.settings
    symbol = plain(settings.get(f"symbol_{say.language.value}"))
    revision = plain(settings.get("revision"))
    if symbol and revision:
        given = revision.casefold().startswith("rev")
        symbol = f"{symbol}/{revision if given else f'Rev.{revision}'}"
    name = symbol or version.name
    day = settings.get("document_date")
    if not isinstance(day, dt.date):
        return name
    return say("{document} of {date}", document=name, date=long_date(day, say.language))


def _holds(version: Version, table: str, row: Row) -> bool:
    """Tell whether a row is one of the version; it may lack the fields that are internal."""
    return any(
        row is other or all(other.get(name) == value for name, value in row.items())
        for other in version.rows(table)
    )
