"""The list of contents in front of a set of documents, each with links to its headings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.context.front import Document, banner
from cmswp_xl.context.letterhead import letterhead
from cmswp_xl.context.texts import Texts
from cmswp_xl.languages import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.context.texts import MissingText
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Settings


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading of a part, and the anchor at which it stands."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class ContentsPart:
    """A part of the set: its name, the symbol that heads its pages, its headings."""

    anchor: str
    text: str
    symbol: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Contents(Document):
    """Everything that the templates of a set's first page place."""

    lines: tuple[str, ...]
    parts: tuple[ContentsPart, ...]


def part_anchor(document: str) -> str:
    """Give the anchor of a document's beginning within a set, a name that Word allows."""
    return f"part_{document.replace('-', '_')}"


def contents_context(
    settings: Settings, language: Language, parts: Sequence[ContentsPart]
) -> tuple[Contents, list[MissingText]]:
    """
    Word the first page of a set, and give the texts that it would print and that are missing.

    Page numbers are left to the parts, each numbered from 1 as when it is issued alone: no number
    needs to be brought up to date, and a page is cited alike from the set and from the part. Only
    a browser, which prints the set as one page, numbers it through.
    """
    say, texts = Words(language), Texts(language)
    head = letterhead(settings, texts, say)
    contents = Contents(
        tag=language.tag,
        head=head.symbol,
        title=texts.required(settings.title, "programme", None),
        lines=tuple(filter(None, (head.meeting, head.place))),
        banner=banner(settings, say),
        labels={
            "contents": say("Contents"),
            "pages": say("The pages of each part are numbered from 1; their head names the part."),
        },
        parts=tuple(parts),
        landscape=False,
        status=settings.status,
    )
    return contents, texts.missing
