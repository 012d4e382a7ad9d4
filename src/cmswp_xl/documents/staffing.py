"""Tables of posts whose rows and columns add up: by grade, by year, by area."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cmswp_xl.documents.front import circumstances, paper
from cmswp_xl.documents.numbers import NIL, numbers_for
from cmswp_xl.documents.posts import (
    CATEGORIES,
    REST,
    StaffPrinter,
    category,
    exists,
    group_row,
    in_grade_order,
    in_period,
    paid_by,
    post_size,
    works_for,
)
from cmswp_xl.documents.texts import Texts
from cmswp_xl.figures.declarations import COUNT, FULL_TIME, Operation
from cmswp_xl.figures.sources import Derived, Entry, SumOf, known_total
from cmswp_xl.languages import N_, Words
from cmswp_xl.money import CENT, ZERO
from cmswp_xl.page import Cell, Column, Paragraph, Row, Section, notes, tabled
from cmswp_xl.printed import Figured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cmswp_xl.documents.front import Made
    from cmswp_xl.documents.posts import Part
    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Post
    from cmswp_xl.printed import Path


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
class TablePrinter(StaffPrinter):
    """Prints tables of some posts of a programme."""

    posts: Sequence[Post]
    paid: Mapping[str, tuple[Part, ...]]
    work: Mapping[str, tuple[Part, ...]]

    def by_grade(self) -> Section:
        """Return how many posts there are of each grade, and what pays them."""
        say = self.say
        columns = self._payers()
        key_of = self._payer_key(columns)
        rows = [
            (kind, grade, [post for post in posts if post.grade == grade])
            for kind, posts in self._categories()
            for grade in dict.fromkeys(post.grade for post in posts)
        ]

        def row(label: str, posts: Sequence[Post], look: str = "") -> Row:
            at = _at(posts, look, ("grade", label))
            parts = [part for post in posts for part in self.paid[post.id]]
            cells = self._cells((*at, "source"), parts, columns, key_of)
            count = self.numbers.count(self._count(at, posts))
            return Row((label, count, *cells, self._whole(at, posts)), look)

        heads = (say("Grade"), say("Posts"), *columns.values(), say("Full-time equivalents"))
        lines = (*self._groups(rows, row, len(heads)), row(say("Total"), self.posts, "total"))
        return _section("grades", say("Posts by grade and source of funding"), heads, lines)

    def by_year(self) -> Section:
        """Return how many posts there are in each year, and their full-time equivalents."""
        say, years = self.say, self.programme.settings.years

        def group(heading: str, cell: Callable[[Path, list[Post], str], str]) -> Iterator[Row]:
            yield group_row(heading, len(years) + 1)
            for kind, posts in self._categories():
                at = ("category", kind)
                yield Row(
                    (say(_CATEGORIES[kind]), *(cell(at, _in(posts, y), str(y)) for y in years))
                )
            every = (cell(("total",), _in(self.posts, year), str(year)) for year in years)
            yield Row((say("Total"), *every), "sub")

        def count(at: Path, posts: list[Post], year: str) -> str:
            printed = self.numbers.count(self._count(at, posts, year))
            return printed if posts else printed.reworded(NIL)

        rows = (
            *group(say("Number of posts"), count),
            *group(say("Full-time equivalents"), self._whole),
        )
        heads = (say("Category"), *map(str, years))
        return _section("years", say("Posts by category and year"), heads, rows)

    def by_area(self) -> Section:
        """Return what part of each post works for which area, and what is left of it."""
        say = self.say
        areas = self.programme.outline
        titles = {a.code: self.area(a) for a in areas}
        named = len(areas) <= MOST_AREAS
        columns: dict[str | None, str] = {
            code: title if named else code for code, title in titles.items()
        }
        columns[None] = say("Other instruments or not allotted")
        rows = [(kind, self.graded(p), [p]) for kind, posts in self._categories() for p in posts]

        def row(label: str, posts: Sequence[Post], look: str = "") -> Row:
            at = _at(posts, look, ("post", posts[0].id))
            parts = [part for post in posts for part in self.work[post.id]]
            cells = self._cells((*at, "area"), parts, columns, lambda part: part.code)
            return Row((label, *cells, self._whole(at, posts)), look)

        legend = say("; ").join(
            say("{code}: {title}", code=code, title=title) for code, title in titles.items()
        )
        heads = (say("Post (grade)"), *columns.values(), say("Total"))
        lines = (*self._groups(rows, row, len(heads)), row(say("Total"), self.posts, "total"))
        caption = say("Time allotted to the programme areas, in full-time equivalents")
        return _section("areas", caption, heads, lines, "" if named else legend)

    def posts_listed(self) -> Section:
        """Return the posts with their grade, size, what pays them, and their years."""
        say = self.say
        columns = (
            Column(say("Post"), "text", 5500, names=True),
            Column(say("Grade"), "center", 1134),
            Column(say("Full-time equivalent"), "amount", 1700),
            Column(say("Funding"), "payers", 5800),
            Column(say("Years"), "center", 1701),
        )
        rows = (_line(post, self) for post in self.posts)
        return tabled("posts", say("Posts and their funding"), columns, rows)

    def _groups(
        self,
        rows: Sequence[tuple[str, str, list[Post]]],
        row: Callable[..., Row],
        columns: int,
    ) -> Iterator[Row]:
        """Yield rows by category, each with a sub-total where it has several rows."""
        for kind in dict.fromkeys(kind for kind, _, _ in rows):
            mine = [(label, posts) for name, label, posts in rows if name == kind]
            yield group_row(self.say(_CATEGORIES[kind]), columns)
            yield from (row(label, posts) for label, posts in mine)
            if len(mine) > 1:
                yield row(self.say("Sub-total"), [p for _, posts in mine for p in posts], "sub")

    def _categories(self) -> Iterator[tuple[str, list[Post]]]:
        for kind in CATEGORIES:
            found = [post for post in self.posts if category(post.grade) == kind]
            if found:
                yield kind, found

    def _payers(self) -> dict[str | None, str]:
        """Return the sources that pay a post as columns, or their kinds where they are many."""
        used = {part.code for parts in self.paid.values() for part in parts}
        sources = [source for source in self.programme.sources if source.code in used]
        columns: dict[str | None, str]
        if len(sources) <= MOST_SOURCES:
            columns = {s.code: self.texts.required(s.title, "sources", s.code) for s in sources}
        else:
            kinds = {source.kind for source in sources}
            columns = {kind: self.say(title) for kind, title in _KINDS.items() if kind in kinds}
        if None in used:
            columns[None] = self.say("Source not specified")
        return columns

    def _payer_key(self, columns: Mapping[str | None, str]) -> Callable[[Part], str | None]:
        kinds = self.programme.source_kinds()
        by_kind = not set(columns) & set(kinds)

        def key(part: Part) -> str | None:
            return kinds[part.code] if by_kind and part.code is not None else part.code

        return key

    def _cells(
        self,
        at: Path,
        parts: Iterable[Part],
        columns: Mapping[str | None, str],
        key_of: Callable[[Part], str | None],
    ) -> tuple[str, ...]:
        """Print the parts by column; no part is nil, a part of unknown size is blank."""
        by_column: dict[str | None, list[Figured]] = {key: [] for key in columns}
        for part in parts:
            by_column[key_of(part)].append(part.time)
        return tuple(
            self._sum((*at, key or REST, "full-time"), found) for key, found in by_column.items()
        )

    def _sum(self, path: Path, parts: Sequence[Figured]) -> str:
        """Print the sum of full-time equivalents as shown; it is that of its one part itself."""
        if len(parts) == 1 and parts[0].source.path == path:
            return self.size(parts[0])
        source = SumOf(
            path,
            tuple(part.source for part in parts),
            "sum-posts",
            FULL_TIME,
            known=None if parts else True,
        )
        exact, shown = (
            known_total(amounts) if parts else ZERO
            for amounts in ((p.exact for p in parts), (p.shown for p in parts))
        )
        return self.size(Figured(source, exact).shown_as(shown, "added", CENT))

    def _whole(self, at: Path, posts: Sequence[Post], *last: str) -> str:
        """Print the full-time equivalents of some posts together."""
        found = [self.whole(post) for post in posts]
        return self._sum((*at, "full-time", *last), found)

    def whole(self, post: Post) -> Figured:
        """Return the full-time equivalent of a post."""
        return post_size(self.programme, post).shown_as(post.share, "rounded", CENT)

    def _count(self, at: Path, posts: Sequence[Post], *last: str) -> Figured:
        """Return the number of some posts, each counted by the cell of its id."""
        because = ("grade", "start_year", "end_year")
        rows = {post.id: row for row, post in enumerate(self.programme.posts)}
        cells = tuple(Entry("posts", rows[post.id], "id", because) for post in posts)
        path = (*at, "posts", *last)
        source = Derived(path, Operation.COUNT, ("count-posts",), cells, unit=COUNT)
        return Figured(source, ZERO + len(posts))

    def size(self, value: Figured) -> str:
        """Print a full-time equivalent; what is not known is blank."""
        return replace(self.numbers, places=2, step=None).amount(value, nil=True)


def _at(posts: Sequence[Post], look: str, own: Path) -> Path:
    """Return what the figures of a row are called: its own, or those of its category or all."""
    at: Mapping[str, Path] = {"total": ("total",), "sub": ("category", category(posts[0].grade))}
    return at.get(look, own)


def _in(posts: Iterable[Post], year: int) -> list[Post]:
    return [post for post in posts if exists(post, year)]


def _section(
    name: str, caption: str, heads: Sequence[str], rows: Iterable[Row], legend: str = ""
) -> Section:
    """Return a table of figures under its caption; `legend` says what its heads are."""
    columns = (
        Column(heads[0], "label", 2835, names=True),
        *(Column(head, "amount", 1247) for head in heads[1:]),
    )
    return tabled(name, caption, columns, rows, *notes([legend]))


def content(totals: ProgrammeTotals, language: Language, _codes: Sequence[str] = ()) -> Made:
    """Return the staffing table, and the texts that it would print and that are missing."""
    programme, settings = totals.programme, totals.programme.settings
    posts = in_grade_order(in_period(programme.posts, settings))
    printer = TablePrinter(
        totals,
        numbers_for(language, settings.number_style, None, ()),
        Texts(language),
        Words(language),
        posts=posts,
        paid=paid_by(programme, posts),
        work=works_for(programme, posts),
    )
    none = Paragraph(printer.say("No posts are recorded for the period."), "statement")
    tables: Sequence[Section] = (Section("", "", (none,)),)
    if posts:
        tables = (
            printer.by_grade(),
            printer.by_year(),
            printer.posts_listed(),
            printer.by_area(),
        )
    return paper(__name__, printer, _statements(printer), tables)


def _statements(printer: TablePrinter) -> Iterator[str]:
    say, programme = printer.say, printer.programme
    yield from circumstances(*printer.base, money=False)
    yield say("The costs of posts are not part of the costs of activities in Annex I.")
    if any(post.share is not None for post in printer.posts):
        yield say(
            "In full-time equivalents, 1.00 is one full-time post. The shares of a post are"
            " rounded to hundredths that add up to the post."
        )
    years = programme.settings.years
    if any(not exists(post, year) for post in printer.posts for year in years):
        yield say(
            "Posts that exist in only some years of the period are counted in full, except in"
            " the table by year."
        )
    unknown = sum(post.share is None for post in printer.posts)
    if unknown:
        yield say(
            "Posts whose full-time equivalent is not known: {count}. Their cells are blank, which"
            " does not mean zero.",
            count=unknown,
        )
    outside = len(programme.posts) - len(printer.posts)
    if outside:
        yield say(
            "Posts left out because they do not exist in the period: {count}.", count=outside
        )


def _line(post: Post, printer: TablePrinter) -> Row:
    parts, texts = printer.paid[post.id], printer.texts
    title = Paragraph(texts.required(post.title, "posts", post.id))
    remark = texts.optional(post.remark, "posts", post.id, "remark")
    named = (title, Paragraph(remark, "remark")) if remark else (title,)
    payers = tuple(Paragraph(_payer(part, printer, alone=len(parts) == 1)) for part in parts)
    size, years = printer.size(printer.whole(post)), _years(post, printer.say)
    return Row((Cell(named), post.grade, size, Cell(payers), years), key=post.id)


def _payer(part: Part, printer: TablePrinter, *, alone: bool) -> str:
    """Name what pays a part of a post, and the part in per cent where there are several."""
    say = printer.say
    payer = say("Source not specified")
    if part.code is not None:
        payer = printer.payer(part.code, part.donor)
    if alone:
        return payer
    return say("{payer}: {percent}%", payer=payer, percent=printer.numbers.percent(part.percent))


def _years(post: Post, say: Words) -> str:
    start, end = post.start_year, post.end_year
    if start is None and end is None:
        return say("Continuing")
    if end is None:
        return say("From {year}", year=start)
    if start is None:
        return say("Until {year}", year=end)
    return str(start) if start == end else say("{first}–{last}", first=start, last=end)
