"""What stands above the papers that go with the annex: head of the pages, title, date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.context.front import Front, front
from cmswp_xl.context.heading import marked_title, running_head
from cmswp_xl.context.numbers import long_date
from cmswp_xl.context.paragraphs import wording_of

if TYPE_CHECKING:
    import datetime as dt

    from cmswp_xl.context.paragraphs import Wording
    from cmswp_xl.context.texts import Texts
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Programme


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: its name in the program, what it is called, and the date as at which it holds."""

    document: str
    name: str
    as_at: dt.date | None = None


class Masthead(Front):
    """The front of a paper, with what staff wrote for it."""

    wording: Wording


def masthead(programme: Programme, paper: Paper, texts: Texts, say: Words) -> Masthead:
    """Word the masthead of a paper; one that holds as at a date says so in its title."""
    settings, name = programme.settings, paper.name
    symbol = running_head(settings, texts, "")
    title = name
    if paper.as_at is not None:
        date = long_date(paper.as_at, texts.language)
        title = say("{name} as at {date}", name=name, date=date)
    return Masthead(
        **front(
            settings,
            texts,
            say,
            head=say("{symbol} – {name}", symbol=symbol, name=name) if symbol else name,
            title=marked_title(title, settings, say),
        ),
        wording=wording_of(paper.document, programme, texts, say),
    )
