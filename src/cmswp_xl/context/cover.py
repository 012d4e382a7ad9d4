"""The meeting document: its head, the paragraphs of staff, the annexes that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.context.contents import part_anchor
from cmswp_xl.context.front import Document, banner
from cmswp_xl.context.letterhead import letterhead
from cmswp_xl.context.paragraphs import wording_of
from cmswp_xl.context.texts import Texts
from cmswp_xl.languages import Words

if TYPE_CHECKING:
    from cmswp_xl.context.letterhead import Letterhead
    from cmswp_xl.context.paragraphs import Item
    from cmswp_xl.context.texts import MissingText
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Programme
    from cmswp_xl.totals import Reckoning


@dataclass(frozen=True, slots=True)
class AnnexLine:
    """An annex as the meeting document lists it; within a set, `anchor` is where it begins."""

    document: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Cover(Document):
    """Everything that the templates of the meeting document place."""

    letterhead: Letterhead
    prepared: str
    summary: tuple[Item, ...]
    body: tuple[Item, ...]
    annexes: tuple[AnnexLine, ...]


def cover_context(
    reckoning: Reckoning, language: Language, *, linked: bool = False
) -> tuple[Cover, list[MissingText]]:
    """
    Word the meeting document, and give the texts that it would print and that are missing.

    With `linked`, as within a set, the list of annexes leads to them.
    """
    programme, settings = reckoning.programme, reckoning.programme.settings
    say, texts = Words(language), Texts(language)
    wording = wording_of("cover", programme, texts, say)
    head = letterhead(settings, texts, say)
    author = texts.optional(settings.prepared_by, "programme", None, "prepared_by")
    annexes = annexes_of(programme, say, linked=linked)
    cover = Cover(
        tag=language.tag,
        head=head.symbol,
        letterhead=head,
        title=texts.required(settings.title, "programme", None),
        prepared=say("(Prepared by {author})", author=author) if author else "",
        banner=banner(settings, say),
        summary=wording.summary,
        body=wording.body,
        annexes=annexes,
        labels={
            "summary": say("Summary:"),
            "annexes": say.many("Annex", "Annexes", len(annexes)),
        },
        landscape=False,
        status=settings.status,
    )
    return cover, texts.missing


def annexes_of(programme: Programme, say: Words, *, linked: bool = False) -> tuple[AnnexLine, ...]:
    """Name the annexes that a workbook gives; their numbers are fixed, so one may be left out."""
    review = programme.review
    annexes = {"annex": say("Annex I – Costed programme of work")}
    if review.findings or review.recommendations:
        annexes["technology-review"] = _named(say, say("Annex II"), say("Technology review"))
    if review.steps:
        name = say("Next steps of the technology review")
        annexes["next-steps"] = _named(say, say("Annex III"), name)
    if review.requests or review.needs:
        name = say("Requests for technology and needs ahead")
        annexes["requests"] = _named(say, say("Annex IV"), name)
    return tuple(
        AnnexLine(document, text, part_anchor(document) if linked else "")
        for document, text in annexes.items()
    )


def _named(say: Words, annex: str, name: str) -> str:
    return say("{annex} – {name}", annex=annex, name=name)
