"""What stands at the front of a document: head, title, statements, header block, banner."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Self

from cmswp_xl.documents.texts import (
    MissingText,
    Printer,
    Texts,
    currency_words,
    elided,
    section_of,
    wording_of,
)
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.messages.values import long_date
from cmswp_xl.page import Body, Section, captioned
from cmswp_xl.registry import document_of

if TYPE_CHECKING:
    from cmswp_xl.figures.totals import Figures
    from cmswp_xl.model import Programme, Settings

    Front = dict[str, Any]


SOURCES = {
    "core": N_("Core budget"),
    "voluntary": N_("Voluntary contributions"),
    "other": N_("Other sources"),
}
"""The kinds of sources as tables name them."""


def marked_title(title: str, printer: Printer) -> str:
    """Return a title, marked as draft or as revised draft until the programme is adopted."""
    say, status = printer.say, printer.settings.status
    if status == "adopted":
        return title
    if status == "revised":
        return say("{title} (revised draft)", title=title)
    return say("{title} (draft)", title=title)


def running_head(settings: Settings, texts: Texts, annex: str) -> str:
    """Return the symbol that heads every page, with revision and the number of the annex."""
    symbol = texts.optional(settings.symbol, "programme", None, "symbol")
    return "/".join(filter(None, (revised_symbol(symbol, settings.revision), annex)))


def named_head(printer: Printer, name: str) -> str:
    """Return what heads every page of a paper that is no annex: the symbol and its name."""
    symbol = running_head(printer.settings, printer.texts, "")
    return printer.say("{symbol} – {name}", symbol=symbol, name=name) if symbol else name


def revised_symbol(symbol: str | None, revision: str | None) -> str:
    """Return the symbol of a document with its revision, where it has one."""
    if not symbol or not revision:
        return symbol or ""
    given = revision.casefold().startswith("rev")
    return f"{symbol}/{revision if given else f'Rev.{revision}'}"


def column_labels(settings: Settings, say: Words) -> dict[str, str]:
    """Return the fixed words of the tables by name."""
    adopted = settings.status == "adopted"
    return {
        "number": say("No."),
        "activity": say("Activity"),
        "cost": say("Cost of the activity"),
        "costs": say("Cost of activities"),
        "available": say("Funding available"),
        **{kind: say(title) for kind, title in SOURCES.items()},
        **({} if adopted else {"core": say("Core budget (proposed)")}),
        "sought": say("Funding to be sought"),
        "staff": say("Human resources used in the programme areas"),
        "area": say("Programme area"),
    }


def circumstances(printer: Printer, *, money: bool = True, dated: bool = True) -> Iterator[str]:
    """
    Say whether figures are illustrative, the unit, the date, the status and the scenario.

    `dated` is false where the title has the date, `money` where there are no amounts.
    """
    (totals, _, texts, say), settings, language = printer.base, printer.settings, printer.language
    if settings.illustrative:
        yield say("All figures, donors and dates are illustrative and imply no commitment.")
    if money:
        yield _unit(currency_words(settings.currency, language), settings.rounding, say)
    if settings.as_at is not None and dated:
        yield say("As at {date}.", date=long_date(settings.as_at, language))
    if settings.status != "draft":
        yield say("Status: {status}.", status=label("document-status", settings.status, say))
    if totals.scenario and money:
        titles = {row.code: row.title for row in totals.programme.scenarios}
        title = texts.required(titles[totals.scenario], "scenarios", totals.scenario)
        yield say("Budget scenario: {scenario}.", scenario=title)


def net_or_gross(figures: Figures, say: Words) -> Iterator[str]:
    """Say whether costs are net or gross, where no line adds programme support costs to them."""
    if not figures.cost:
        return
    if figures.excluded == figures.cost:
        yield say("Costs are net: programme support costs are not included.")
    elif figures.excluded:
        yield say(
            "Part of the costs is net: programme support costs on that part are not included."
        )
    else:
        yield say("Costs are gross: programme support costs are included.")


def _unit(currency: str, rounding: str | None, say: Words) -> str:
    if rounding == "thousand":
        return elided(
            say(
                "Amounts in thousands of {currency}. Rounded figures have been adjusted so that"
                " each column adds up.",
                currency=currency,
            ),
            say.language,
        )
    if rounding == "unit":
        return say(
            "Amounts in {currency}. Rounded figures have been adjusted so that each column adds"
            " up.",
            currency=currency,
        )
    return say("Amounts in {currency}.", currency=currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """
    What the templates of every document place.

    `tag` is the language as Word and browsers name it, `head` stands at the top of each page,
    `first_head` at that of the first, `paging` around the number of a page and of all pages,
    `subject` in the properties; `banner` warns of illustrative figures, `status` is that of the
    programme, `mark` tells the content of the workbook from any other.
    """

    tag: str
    head: str
    first_head: str
    paging: tuple[str, ...]
    subject: str
    title: str
    banner: str
    landscape: bool
    status: str
    mark: str = ""

    def worded(self, _before: Body, _after: Body) -> Self:
        """Return the document with what staff wrote before and after its tables, if any."""
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Paged):
    """A document whose templates place its parts; `labels` holds the fixed words by name."""

    labels: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDocument(Paged):
    """A document whose body is sections, which templates place as a whole or one by one."""

    subtitle: str
    statements: tuple[str, ...]
    body: Body

    def worded(self, before: Body, after: Body) -> Self:
        """Return the document with what staff wrote before and after its tables."""
        return replace(self, body=(*before, *self.body, *after))


def frame(
    settings: Settings, say: Words, *, head: str, subject: str, first_head: str | None = None
) -> Front:
    """Return what stands around a document; the first page has the same head as the others."""
    return {
        "tag": say.language.tag,
        "head": head,
        "first_head": head if first_head is None else first_head,
        "paging": tuple(say("Page {page} of {pages}", page="#", pages="#").split("#")),
        "subject": subject,
        "banner": say("Illustrative figures") if settings.illustrative else "",
        "status": settings.status,
    }


def front(printer: Printer, *, head: str, title: str) -> Front:
    """Return the front of a document; that a programme has no title is a missing text."""
    subtitle = printer.texts.programme(printer.settings)
    around = frame(printer.settings, printer.say, head=head, subject=subtitle)
    return {**around, "title": title, "subtitle": subtitle}


def masthead(
    module: str, printer: Printer, as_at: dt.date | None = None, variant: str = "{title}"
) -> Front:
    """
    Return the front of the document that a module is about.

    An annex has its number, in its title and at the head of each page; another paper has its name
    there, and a title with the date as at which it holds; `variant` is what its title becomes.
    """
    document, (_, _, texts, say) = document_of(module), printer.base
    title = name = say(document.title)
    if document.annex:
        annex = say(document.annex)
        title = say("{annex} – {name}", annex=annex, name=name)
        head = running_head(printer.settings, texts, annex)
    else:
        head = named_head(printer, name)
    if as_at is not None:
        title = say("{name} as at {date}", name=name, date=long_date(as_at, texts.language))
    title = marked_title(say(variant, title=title), printer)
    return front(printer, head=head, title=title)


def worded(
    document: str, made: tuple[Paged, list[MissingText]], programme: Programme
) -> tuple[Paged, list[MissingText]]:
    """Return a document with what staff wrote for it, and all the texts that it lacks."""
    paper, missing = made
    language = next(each for each in Language if each.tag == paper.tag)
    texts = Texts(language)
    found = wording_of(document, programme, texts, Words(language))
    before = section_of(*found.summary, *found.body)
    paper = paper.worded(before, section_of(*found.after))
    return paper, list(dict.fromkeys((*missing, *texts.missing)))


Made = tuple[PageDocument, "list[MissingText]"]
"""A document, and the texts that it would print and that are missing."""


def paper(
    module: str,
    printer: Printer,
    statements: Iterable[str],
    body: Iterable[Section],
    *,
    as_at: dt.date | None = None,
    landscape: bool = True,
    variant: str = "{title}",
) -> Made:
    """Return the document that a module is about, as at a date if any, and the texts it lacks."""
    top = masthead(module, printer, as_at, variant)
    return page_document(top, statements, body, landscape=landscape), printer.texts.missing


def extract(whole: PageDocument, say: Words) -> PageDocument:
    """Return a document that is only a part, and says so in its title."""
    return replace(whole, title=say("{title} (extract)", title=whole.title))


def page_document(
    top: Front, statements: Iterable[str], body: Iterable[Section], *, landscape: bool = False
) -> PageDocument:
    """Return a paper: its front, what holds for all of it, and its sections with something."""
    say = Words(next(each for each in Language if each.tag == top["tag"]))
    filled = (section for section in body if section.blocks)
    sections = tuple(captioned(filled, lambda number: say("Table {number}", number=number)))
    return PageDocument(**top, statements=tuple(statements), body=sections, landscape=landscape)


_WORD = re.compile(r"\S+")
_BETWEEN_DAYS = {Language.EN: "–", Language.FR: "-", Language.ES: "-"}
_BETWEEN_MONTHS = {Language.EN: " – ", Language.FR: "-", Language.ES: "-"}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The lines of the block; a line whose setting is blank is blank, and not printed."""

    series: tuple[str, ...]
    convention: str
    distribution: str
    symbol: str
    date: str
    version: str
    original: str
    meeting: str
    place: str
    agenda: str


def letterhead(settings: Settings, texts: Texts, say: Words) -> Letterhead:
    """Return the block that heads a meeting document."""
    language = texts.language
    original = settings.original_language
    distribution = _optional(texts, settings, "distribution")
    item = settings.agenda_item
    return Letterhead(
        series=tuple(say("Convention on\nMigratory\nSpecies").split("\n")),
        convention=say("Convention on the Conservation of Migratory Species of Wild Animals"),
        distribution=(
            say("Distribution: {distribution}", distribution=distribution) if distribution else ""
        ),
        symbol=running_head(settings, texts, ""),
        date=long_date(settings.document_date, language) if settings.document_date else "",
        version="" if language is original else capital(label("language", language.value, say)),
        original=say("Original: {language}", language=label("language", original.value, say)),
        meeting=_capitals(_optional(texts, settings, "meeting")),
        place=_place(settings, texts, say),
        agenda=say("Agenda Item {item}", item=item) if item else "",
    )


def meeting_dates(first: dt.date, last: dt.date | None, language: Language) -> str:
    """
    Print the days of a meeting, naming month and year once where they are the same.

    8–10 April 2025, 1er-5 décembre 2008, 30 de marzo-2 de abril de 2025; one day where the last
    day is not known, or is not later.
    """
    if last is None or last <= first:
        return long_date(first, language)
    begin, end = (re.split(r"(\s)", long_date(day, language)) for day in (first, last))
    shared = takewhile(lambda pair: pair[0] == pair[1], zip(begin[::-1], end[::-1], strict=False))
    own = "".join(begin[: len(begin) - len([*shared])])
    between = " – " if first.year != last.year else _BETWEEN_MONTHS[language]
    if (first.year, first.month) == (last.year, last.month):
        between = _BETWEEN_DAYS[language]
    return f"{own}{between}{''.join(end)}"


def _optional(texts: Texts, settings: Settings, name: str) -> str:
    return texts.optional(getattr(settings, name), "programme", None, name)


def _capitals(text: str) -> str:
    """Write in capitals, but for words that begin with a digit: 55th MEETING."""
    return _WORD.sub(lambda word: word[0] if word[0][0].isdigit() else word[0].upper(), text)


def _place(settings: Settings, texts: Texts, say: Words) -> str:
    """Return place and days of the meeting, or what is known of them."""
    first, last = settings.meeting_start or settings.meeting_end, settings.meeting_end
    days = meeting_dates(first, last, texts.language) if first else ""
    place = _optional(texts, settings, "meeting_place")
    return say(", ").join(filter(None, (place, days)))
