"""The meeting document, with its list of annexes, and the list of contents of a set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.documents.front import Document, Letterhead, frame, letterhead
from cmswp_xl.documents.texts import MissingText, Texts, wording_of
from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.page import Paragraph
from cmswp_xl.registry import COVER, DOCUMENTS, SET
from cmswp_xl.schema import load_schemas

if TYPE_CHECKING:
    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.model import Programme, Settings
    from cmswp_xl.render.join import Heading


@dataclass(frozen=True, slots=True)
class ContentsPart:
    """A part of the set: its name, the symbol that heads its pages, its headings."""

    anchor: str
    text: str
    symbol: str
    entries: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Contents(Document):
    """Everything that the templates of a set's first page place."""

    lines: tuple[str, ...]
    parts: tuple[ContentsPart, ...]


def part_anchor(document: str) -> str:
    """Return the anchor of a document's beginning within a set, a name that Word allows."""
    return f"part_{document.replace('-', '_')}"


def contents_context(
    settings: Settings, language: Language, parts: Sequence[ContentsPart]
) -> tuple[Contents, list[MissingText]]:
    """
    Return the first page of a set, and the texts that it would print and that are missing.

    Page numbers are left to the parts, each numbered from 1 as when it is issued alone: no number
    needs to be brought up to date, and a page is cited alike from the set and from the part. Only
    a browser, which prints the set as one page, numbers it through.
    """
    say, texts = Words(language), Texts(language)
    head = letterhead(settings, texts, say)
    contents = Contents(
        **frame(settings, say, head=head.symbol, subject=capital(label("document", SET, say))),
        title=texts.programme(settings),
        lines=tuple(filter(None, (head.meeting, head.place))),
        labels={
            "contents": say("Contents"),
            "pages": say("The pages of each part are numbered from 1; the header names the part."),
        },
        parts=tuple(parts),
        landscape=False,
    )
    return contents, texts.missing


@dataclass(frozen=True, slots=True)
class AnnexLine:
    """An annex as the meeting document lists it; within a set, `anchor` is where it begins."""

    document: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Cover(Document):
    """What its templates place; `fields` are what the settings of its header block are called."""

    letterhead: Letterhead
    fields: dict[str, str]
    prepared: str
    summary: tuple[Paragraph, ...]
    body: tuple[Paragraph, ...]
    annexes: tuple[AnnexLine, ...]


def content(
    totals: ProgrammeTotals,
    language: Language,
    _codes: Sequence[str] = (),
    *,
    linked: bool = False,
) -> tuple[Cover, list[MissingText]]:
    """Return the meeting document and the texts it lacks; `linked`, its list leads to annexes."""
    programme, settings = totals.programme, totals.programme.settings
    say, texts = Words(language), Texts(language)
    wording = wording_of(COVER, programme, texts, say)
    head = letterhead(settings, texts, say)
    author = texts.optional(settings.prepared_by, "programme", None, "prepared_by")
    annexes = annexes_of(programme, say, linked=linked)
    cover = Cover(
        **frame(settings, say, head=head.symbol, subject=say("Meeting document"), first_head=""),
        letterhead=head,
        fields=_fields(language),
        title=texts.programme(settings),
        prepared=say("(Prepared by {author})", author=author) if author else "",
        summary=wording.summary,
        body=(*wording.body, *wording.after),
        annexes=annexes,
        labels={"summary": say("Summary:"), "annexes": say.many("Annex", "Annexes", len(annexes))},
        landscape=False,
    )
    return cover, texts.missing


def _fields(language: Language) -> dict[str, str]:
    """Return what the settings that the header block shows are called, by their field."""
    return {
        column.text or column.name: column.titles[language].partition(" (")[0]
        for column in load_schemas()["programme"].fields
        if column.language in (None, language)
    }


def annexes_of(programme: Programme, say: Words, *, linked: bool = False) -> tuple[AnnexLine, ...]:
    """Return the annexes of a workbook; their numbers are fixed, so one may be left out."""
    return tuple(
        AnnexLine(
            document.name,
            say("{annex} – {name}", annex=say(document.annex), name=say(document.title)),
            part_anchor(document.name) if linked else "",
        )
        for document in DOCUMENTS.values()
        if document.annex and document.holds(programme)
    )


def members_of(programme: Programme, say: Words) -> list[tuple[str, str]]:
    """Return the documents of a set in order, each with what the list of contents calls it."""
    cover = DOCUMENTS[COVER].holds(programme)
    first = [(COVER, say("Meeting document"))] if cover else []
    return [*first, *((line.document, line.text) for line in annexes_of(programme, say))]
