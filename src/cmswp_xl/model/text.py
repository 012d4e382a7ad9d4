"""Texts in three languages, and the paragraphs of documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.languages import Language

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Text:
    """One text in the three languages; None where it was not given."""

    en: str | None = None
    fr: str | None = None
    es: str | None = None

    def given(self, language: Language) -> str | None:
        """Return the text in one language; None where it was not given."""
        return getattr(self, language.value, None)

    def best(self, *languages: Language) -> str:
        """Give the text in the first of the languages that has one, else in any, else nothing."""
        for language in (*languages, *Language):
            found = self.given(language)
            if found:
                return found
        return ""

    def __bool__(self) -> bool:
        """Tell whether the text was given in any language."""
        return bool(self.en or self.fr or self.es)


@dataclass(frozen=True, slots=True)
class Progress:
    """
    What was reported of an activity as at a date.

    `expenditure` counts from the beginning of the period; None is not reported, which is not 0.
    """

    activity: str
    as_at: dt.date
    status: str
    expenditure: Decimal | None
    note: Text


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark made in the consultations, and the answer; internal, never printed."""

    id: str
    meeting: str | None
    author: str | None
    activity: str | None
    text: str
    response: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text that a document prints; `paragraph` is its place there, not a printed number."""

    document: str
    paragraph: int
    kind: str
    text: Text
