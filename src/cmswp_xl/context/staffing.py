"""
The staffing table: posts by grade and source, by year, what pays them, what they work for.

Internal costs of posts are never printed. Counts are by category of the United Nations:
professional and higher, general service, junior professional officers and others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.context.fractions import exists, in_grade_order, in_period, paid_by, works_for
from cmswp_xl.context.front import ProgrammeDocument
from cmswp_xl.context.heading import circumstances
from cmswp_xl.context.masthead import Paper, masthead
from cmswp_xl.context.numbers import numbers_for
from cmswp_xl.context.stafftables import TablePrinter
from cmswp_xl.context.texts import Texts
from cmswp_xl.languages import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cmswp_xl.context.fractions import Part
    from cmswp_xl.context.paragraphs import Wording
    from cmswp_xl.context.stafftables import StaffTable
    from cmswp_xl.context.texts import MissingText
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Post, Programme
    from cmswp_xl.totals import Reckoning


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post in the list: title, grade, size, what pays it, from when to when, remark."""

    title: str
    grade: str
    size: str
    payers: tuple[str, ...]
    years: str
    remark: str


@dataclass(frozen=True, slots=True)
class Staffing(ProgrammeDocument):
    """Everything that the templates of the staffing table place."""

    wording: Wording
    empty: str
    grades: StaffTable
    years: StaffTable
    posts: tuple[PostLine, ...]
    areas: StaffTable


def staffing_context(
    reckoning: Reckoning, language: Language
) -> tuple[Staffing, list[MissingText]]:
    """Word the staffing table, and give the texts that it would print and that are missing."""
    programme, settings = reckoning.programme, reckoning.programme.settings
    say, texts = Words(language), Texts(language)
    posts = in_grade_order(in_period(programme.posts, settings))
    printer = TablePrinter(
        programme=programme,
        posts=posts,
        paid=paid_by(programme, posts),
        work=works_for(programme, posts),
        numbers=numbers_for(language, settings.number_style, None, ()),
        texts=texts,
        say=say,
    )
    paper = Paper("staffing", say("Staffing table"))
    top = masthead(programme, paper, texts, say)
    result = Staffing(
        **top,
        statements=tuple(_statements(reckoning, printer)),
        labels=_labels(say),
        empty="" if posts else say("No posts are recorded for the period."),
        grades=printer.by_grade(),
        years=printer.by_year(),
        posts=tuple(_line(post, printer) for post in posts),
        areas=printer.by_area(),
        landscape=True,
    )
    return result, texts.missing


def _statements(reckoning: Reckoning, printer: TablePrinter) -> Iterator[str]:
    say, programme = printer.say, reckoning.programme
    yield from circumstances(reckoning, printer.numbers, printer.texts, say, money=False)
    yield say("The costs of posts are no part of the costs of activities in Annex I.")
    if any(post.share is not None for post in printer.posts):
        yield say(
            "Full-time equivalents: 1.00 is a post at full time. Each post is divided into"
            " hundredths that add up to it."
        )
    years = programme.settings.years
    if any(not exists(post, year) for post in printer.posts for year in years):
        yield say(
            "Posts that exist in some years of the period only are counted in full, except in the"
            " table by year."
        )
    unknown = sum(post.share is None for post in printer.posts)
    if unknown:
        yield say.many(
            "The full-time equivalent of {count} post is not known; it is blank, not nil.",
            "The full-time equivalents of {count} posts are not known; they are blank, not nil.",
            unknown,
        )
    outside = len(programme.posts) - len(printer.posts)
    if outside:
        yield say.many(
            "{count} post that does not exist in the period is left out.",
            "{count} posts that do not exist in the period are left out.",
            outside,
        )


def _line(post: Post, printer: TablePrinter) -> PostLine:
    parts = printer.paid[post.id]
    texts = printer.texts
    return PostLine(
        title=texts.required(post.title, "posts", post.id),
        grade=post.grade,
        size=printer.size(post.share),
        payers=tuple(_payer(part, printer, alone=len(parts) == 1) for part in parts),
        years=_years(post, printer.say),
        remark=texts.optional(post.remark, "posts", post.id, "remark"),
    )


def _payer(part: Part, printer: TablePrinter, *, alone: bool) -> str:
    """Name what pays a part of a post, and the part in per cent where there are several."""
    say, programme = printer.say, printer.programme
    payer = say("Source not given")
    if part.code is not None:
        payer = _source(part, programme, printer)
    if alone:
        return payer
    return say("{payer}: {percent}%", payer=payer, percent=printer.numbers.percent(part.percent))


def _source(part: Part, programme: Programme, printer: TablePrinter) -> str:
    source = next(row for row in programme.sources if row.code == part.code)
    title = printer.texts.required(source.title, "sources", source.code)
    if part.donor is None:
        return title
    donor = next(row for row in programme.donors if row.code == part.donor)
    name = printer.texts.required(donor.name, "donors", donor.code, "name")
    return printer.say("{source} ({donor})", source=title, donor=name)


def _years(post: Post, say: Words) -> str:
    start, end = post.start_year, post.end_year
    if start is None and end is None:
        return say("Continuing")
    if end is None:
        return say("From {year}", year=start)
    if start is None:
        return say("Until {year}", year=end)
    return str(start) if start == end else say("{start}–{end}", start=start, end=end)


def _labels(say: Words) -> dict[str, str]:
    return {
        "posts": say("Posts and their funding"),
        "post": say("Post"),
        "grade": say("Grade"),
        "size": say("Full-time equivalent"),
        "payers": say("Funding"),
        "years": say("Years"),
        "page": say("Page"),
    }
