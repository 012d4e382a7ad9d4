"""Tables of posts whose rows and columns add up: by grade, by year, by area."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cmswp_xl.documents.front import Paper, ProgrammeDocument, circumstances, masthead
from cmswp_xl.documents.numbers import NIL, numbers_for
from cmswp_xl.documents.posts import (
    CATEGORIES,
    category,
    exists,
    in_grade_order,
    in_period,
    paid_by,
    sizes,
    works_for,
)
from cmswp_xl.documents.texts import Texts
from cmswp_xl.languages import N_, Words
from cmswp_xl.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.documents.posts import Part
    from cmswp_xl.documents.texts import MissingText, Wording
    from cmswp_xl.figures.totals import Reckoning
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Post, Programme


MOST_SOURCES = 6
"""How many sources stand side by side before they are joined by kind."""
MOST_AREAS = 6
"""How many areas are named in full in the head of a table before their codes stand there."""

_CATEGORIES = {
    "professional": N_("Professional and higher categories"),
    "general": N_("General Service category"),
    "other": N_("Junior Professional Officers and others"),
}
_KINDS = {
    "core": N_("Core budget"),
    "voluntary": N_("Voluntary contributions"),
    "other": N_("Other sources"),
}


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A row of a table of posts: what it is about, and its cells."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaffGroup:
    """Rows under a heading, and the sub-total of these where there is more than one."""

    heading: str
    rows: tuple[StaffRow, ...]
    subtotal: StaffRow | None


@dataclass(frozen=True, slots=True)
class StaffTable:
    """A table of posts; the last cells of each row are figures."""

    anchor: str
    caption: str
    lead: str
    heads: tuple[str, ...]
    groups: tuple[StaffGroup, ...]
    total: StaffRow | None
    notes: tuple[str, ...]

    @property
    def columns(self) -> int:
        """Count the columns."""
        return len(self.heads) + 1


@dataclass(frozen=True, slots=True)
class TablePrinter:
    """Prints tables of some posts of a programme in one language."""

    programme: Programme
    posts: Sequence[Post]
    paid: Mapping[str, tuple[Part, ...]]
    work: Mapping[str, tuple[Part, ...]]
    numbers: Numbers
    texts: Texts
    say: Words

    def by_grade(self) -> StaffTable:
        """Print how many posts there are of each grade, and what pays them."""
        say = self.say
        columns = self._payers()
        key_of = self._payer_key(columns)
        rows = [
            (kind, grade, [post for post in posts if post.grade == grade])
            for kind, posts in self._categories()
            for grade in dict.fromkeys(post.grade for post in posts)
        ]

        def row(label: str, posts: Sequence[Post]) -> StaffRow:
            parts = [part for post in posts for part in self.paid[post.id]]
            cells = self._cells(parts, columns, key_of)
            size = self.size(self._whole(posts))
            return StaffRow(label, (self.numbers.count(len(posts)), *cells, size))

        return StaffTable(
            anchor="grades",
            caption=say("Posts by grade and source of funding"),
            lead=say("Grade"),
            heads=(say("Posts"), *columns.values(), say("Full-time equivalents")),
            groups=self._groups(rows, row),
            total=row(say("Total"), self.posts),
            notes=(),
        )

    def by_year(self) -> StaffTable:
        """Print how many posts there are in each year, and their full-time equivalents."""
        say, years = self.say, self.programme.settings.years
        kinds = [(say(_CATEGORIES[kind]), posts) for kind, posts in self._categories()]

        def group(heading: str, cell: Callable[[list[Post]], str]) -> StaffGroup:
            rows = tuple(
                StaffRow(label, tuple(cell(_in(posts, year)) for year in years))
                for label, posts in kinds
            )
            whole = tuple(cell(_in(self.posts, year)) for year in years)
            return StaffGroup(heading, rows, StaffRow(say("Total"), whole))

        return StaffTable(
            anchor="years",
            caption=say("Posts by category and year"),
            lead=say("Category"),
            heads=tuple(map(str, years)),
            groups=(
                group(say("Number of posts"), lambda posts: self._count(len(posts))),
                group(say("Full-time equivalents"), lambda p: self.size(self._whole(p))),
            ),
            total=None,
            notes=(),
        )

    def by_area(self) -> StaffTable:
        """Print what part of each post works for which area, and what is left of it."""
        say = self.say
        areas = self.programme.outline
        titles = {a.code: self.texts.area(a, self.programme) for a in areas}
        named = len(areas) <= MOST_AREAS
        columns: dict[str | None, str] = {
            code: title if named else code for code, title in titles.items()
        }
        columns[None] = say("Other instruments or not allotted")
        rows = [(kind, self.title(p), [p]) for kind, posts in self._categories() for p in posts]

        def row(label: str, posts: Sequence[Post]) -> StaffRow:
            parts = [part for post in posts for part in self.work[post.id]]
            cells = self._cells(parts, columns, lambda part: part.code)
            return StaffRow(label, (*cells, self.size(self._whole(posts))))

        legend = say("; ").join(
            say("{code}: {title}", code=code, title=title) for code, title in titles.items()
        )
        return StaffTable(
            anchor="areas",
            caption=say("Time allotted to the programme areas, in full-time equivalents"),
            lead=say("Post (grade)"),
            heads=(*columns.values(), say("Total")),
            groups=self._groups(rows, row),
            total=row(say("Total"), self.posts),
            notes=() if named else (legend,),
        )

    def title(self, post: Post) -> str:
        """Give a post's title with its grade."""
        title = self.texts.required(post.title, "posts", post.id)
        return self.say("{title} ({grade})", title=title, grade=post.grade)

    def _groups(
        self,
        rows: Sequence[tuple[str, str, list[Post]]],
        row: Callable[[str, Sequence[Post]], StaffRow],
    ) -> tuple[StaffGroup, ...]:
        """Group rows by category, each with a sub-total where it has several rows."""
        groups = []
        for kind in dict.fromkeys(kind for kind, _, _ in rows):
            mine = [(label, posts) for name, label, posts in rows if name == kind]
            together = [post for _, posts in mine for post in posts]
            subtotal = row(self.say("Sub-total"), together) if len(mine) > 1 else None
            lines = tuple(row(label, posts) for label, posts in mine)
            groups.append(StaffGroup(self.say(_CATEGORIES[kind]), lines, subtotal))
        return tuple(groups)

    def _categories(self) -> Iterator[tuple[str, list[Post]]]:
        for kind in CATEGORIES:
            found = [post for post in self.posts if category(post.grade) == kind]
            if found:
                yield kind, found

    def _payers(self) -> dict[str | None, str]:
        """Give the sources that pay a post as columns, or their kinds where they are many."""
        used = {part.code for parts in self.paid.values() for part in parts}
        sources = [source for source in self.programme.sources if source.code in used]
        columns: dict[str | None, str]
        if len(sources) <= MOST_SOURCES:
            columns = {s.code: self.texts.required(s.title, "sources", s.code) for s in sources}
        else:
            kinds = {source.kind for source in sources}
            columns = {kind: self.say(title) for kind, title in _KINDS.items() if kind in kinds}
        if None in used:
            columns[None] = self.say("Source not given")
        return columns

    def _payer_key(self, columns: Mapping[str | None, str]) -> Callable[[Part], str | None]:
        kinds = self.programme.source_kinds()
        by_kind = not set(columns) & set(kinds)

        def key(part: Part) -> str | None:
            return kinds[part.code] if by_kind and part.code is not None else part.code

        return key

    def _cells(
        self,
        parts: Iterable[Part],
        columns: Mapping[str | None, str],
        key_of: Callable[[Part], str | None],
    ) -> tuple[str, ...]:
        """Print the parts by column; no part is nil, a part of unknown size is blank."""
        by_column: dict[str | None, list[Part]] = {key: [] for key in columns}
        for part in parts:
            by_column[key_of(part)].append(part)
        return tuple(self.size(sizes(found) if found else ZERO) for found in by_column.values())

    def _whole(self, posts: Iterable[Post]) -> Decimal | None:
        posts = list(posts)
        known = [post.share for post in posts if post.share is not None]
        return sum(known, ZERO) if known or not posts else None

    def size(self, value: Decimal | None) -> str:
        """Print a full-time equivalent; what is not known is blank."""
        return replace(self.numbers, places=2, step=None).amount(value)

    def _count(self, number: int) -> str:
        return self.numbers.count(number) if number else NIL


def _in(posts: Iterable[Post], year: int) -> list[Post]:
    return [post for post in posts if exists(post, year)]


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


def has_content(programme: Programme) -> bool:
    """Return whether there are posts."""
    return bool(programme.posts)


def content(
    reckoning: Reckoning, language: Language, _codes: Sequence[str] = ()
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
