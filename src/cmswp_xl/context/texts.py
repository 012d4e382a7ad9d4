"""The Secretariat's own texts on their way into a document, and those that turn out missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cmswp_xl.languages import Words

if TYPE_CHECKING:
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Area, Programme, Text


@dataclass(frozen=True, slots=True, order=True)
class MissingText:
    """A text that a document lacks: the row of its table (None for a form), and the field."""

    table: str
    key: str | None
    field: str


def paragraphs(text: str) -> tuple[str, ...]:
    """Give the paragraphs of a text: its lines, without those that are blank."""
    return tuple(part.strip() for part in text.split("\n") if part.strip())


@dataclass(slots=True)
class Texts:
    """
    Gives texts in one language, and notes each that is asked for and not there.

    Made for one document; a document with missing texts is not made.
    """

    language: Language
    missing: list[MissingText] = field(default_factory=list)

    def required(self, text: Text, table: str, key: str | None, base: str = "title") -> str:
        """Give a text that must be there."""
        found = text.given(self.language)
        if found is None:
            self._miss(table, key, base)
        return found or ""

    def area(self, area: Area, programme: Programme) -> str:
        """Return an area's title; a sub-area's stands after that of its area."""
        title = self.required(area.title, "areas", area.code)
        above = next((item for item in programme.areas if item.code == area.parent), None)
        if above is None:
            return title
        whole = self.required(above.title, "areas", above.code)
        return Words(self.language)("{area} – {part}", area=whole, part=title)

    def optional(self, text: Text, table: str, key: str | None, base: str) -> str:
        """Give a text that may be blank in all languages, but not in this one only."""
        return self.required(text, table, key, base) if text else ""

    def _miss(self, table: str, key: str | None, base: str) -> None:
        item = MissingText(table, key, f"{base}_{self.language.value}")
        if item not in self.missing:
            self.missing.append(item)
