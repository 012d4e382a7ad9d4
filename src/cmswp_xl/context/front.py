"""What stands at the front of every document, whatever follows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from cmswp_xl.context.texts import Texts
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """
    What the templates of every document place.

    `tag` is the language as Word and browsers name it, `head` stands at the top of each page,
    `banner` warns of illustrative figures, `labels` holds the fixed words by name, `status` is
    that of the programme.
    """

    tag: str
    head: str
    title: str
    banner: str
    labels: dict[str, str]
    landscape: bool
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeDocument(Document):
    """A document that names the programme below its title, and says what holds for all of it."""

    subtitle: str
    statements: tuple[str, ...]


class Front(TypedDict):
    """The fields of a document that its head, its title and the settings decide."""

    tag: str
    head: str
    title: str
    subtitle: str
    banner: str
    status: str


def front(settings: Settings, texts: Texts, say: Words, *, head: str, title: str) -> Front:
    """Word the front of a document; a programme without a title is told as a missing text."""
    return Front(
        tag=texts.language.tag,
        head=head,
        title=title,
        subtitle=texts.required(settings.title, "programme", None),
        banner=banner(settings, say),
        status=settings.status,
    )


def banner(settings: Settings, say: Words) -> str:
    """Warn of figures that are made up; nothing where they are not."""
    return say("Illustrative figures") if settings.illustrative else ""
