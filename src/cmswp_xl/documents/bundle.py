"""
The set: meeting document and annexes in one file, with a list of contents that leads to each.

Its parts are the documents as they are issued alone, so that a page or a figure is cited alike
from either.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from cmswp_xl.documents.cover import (
    ContentsPart,
    Entry,
    annexes_of,
    contents_context,
    part_anchor,
)
from cmswp_xl.documents.cover import (
    content as cover_context,
)
from cmswp_xl.documents.page import Printed, module_of
from cmswp_xl.languages import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Settings

    Render = Callable[[str, str, Printed], bytes]


A = TypeVar("A")
B = TypeVar("B")


class Paper(Printed, Protocol):
    """A document whose pages have a running head."""

    @property
    def head(self) -> str:
        """What heads the pages: the symbol, with the number of the annex."""


@dataclass(frozen=True, slots=True)
class Member:
    """A document of a set: its name, what the list of contents calls it, what it prints."""

    name: str
    text: str
    paper: Paper


def build_set(
    totals: ProgrammeTotals,
    language: Language,
    forms: Sequence[str],
    render: Render,
    *,
    foreign: bool = False,
) -> tuple[dict[str, bytes], list[MissingText]]:
    """
    Build the set in a language, in each of the formats; none where texts are missing.

    `render` makes the file of a document in a format, from its name and what it prints; it is
    asked for `set`, the list of contents, too. What `foreign` templates made is joined in a
    process of its own.
    """
    members, missing = _members(totals, language)
    settings = totals.programme.settings
    wanted = () if missing else forms
    return {
        form: _bound(members, settings, language, form, partial(render, form), foreign=foreign)
        for form in wanted
    }, missing


def _members(
    totals: ProgrammeTotals, language: Language
) -> tuple[tuple[Member, ...], list[MissingText]]:
    """Make the documents of a set, and list the texts that it lacks, each once."""
    programme, say = totals.programme, Words(language)
    members: list[Member] = []
    missing = contents_context(programme.settings, language, ())[1]
    if programme.paragraphs_of("cover"):
        cover, lacking = cover_context(totals, language, linked=True)
        members.append(Member("cover", say("Meeting document"), cover))
        missing += lacking
    for line in annexes_of(programme, say):
        paper, lacking = module_of(line.document).content(totals, language)
        members.append(Member(line.document, line.text, cast("Paper", paper)))
        missing += lacking
    return tuple(members), list(dict.fromkeys(missing))


def _bound(
    members: Sequence[Member],
    settings: Settings,
    language: Language,
    form: str,
    render: Callable[[str, Printed], bytes],
    *,
    foreign: bool,
) -> bytes:
    """Render the documents of a set and join them behind their list of contents."""
    from cmswp_xl.render.html import html_headings, join_html
    from cmswp_xl.render.join import Part, docx_headings, join_docx
    from cmswp_xl.render.templates import in_confinement

    join, headings = (join_docx, docx_headings) if form == "docx" else (join_html, html_headings)
    file = f"set/set.{'docx' if form == 'docx' else 'html.j2'}"

    def done(work: Callable[[A], B], argument: A) -> B:
        return in_confinement(file, work, argument) if foreign else work(argument)

    parts = [Part(part_anchor(item.name), render(item.name, item.paper)) for item in members]
    listed = [
        ContentsPart(
            part.anchor,
            member.text,
            member.paper.head,
            tuple(Entry(heading.anchor, heading.text) for heading in done(headings, part)),
        )
        for member, part in zip(members, parts, strict=True)
    ]
    contents, _ = contents_context(settings, language, listed)
    first = Part(part_anchor("contents"), render("set", contents))
    return done(join, [first, *parts])
