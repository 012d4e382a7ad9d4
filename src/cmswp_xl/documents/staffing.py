"""Posts as documents print them: the staff of areas, tables by grade, year and area."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cmswp_xl.documents.front import SOURCES, Made, circumstances, paper
from cmswp_xl.documents.texts import NIL, Printer, printer_for
from cmswp_xl.figures.declarations import COUNT, FULL_TIME, PERCENT, Operation
from cmswp_xl.figures.sources import Derived, Entry, SumOf, fitted_to, sum_of
from cmswp_xl.figures.totals import ProgrammeTotals
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.model import Post, Programme
from cmswp_xl.money import CENT, EXACT, HUNDRED, ZERO, total
from cmswp_xl.page import Cell, Column, Paragraph, Row, Section, Table, group_row, notes, tabled
from cmswp_xl.printed import Figured, Path, Source

MOST_SOURCES = 6
"""How many sources stand side by side before they are joined by kind."""
MOST_AREAS = 6
"""How many areas are named in full in the head of a table before their codes stand there."""

_CATEGORIES = {
    "professional": N_("Professional and higher categories"),
    "general": N_("General Service category"),
    "other": N_("Junior Professional Officers and others"),
}
_GROUPS = {
    "core": N_("Posts funded from the core budget"),
    "voluntary": N_("Posts funded from voluntary contributions"),
    "other": N_("Posts funded from other sources"),
}


@dataclass(frozen=True, slots=True)
class StaffPrinter(Printer):
    """Prints posts, what pays them, and the staff tables of areas."""

    def table(self, area: str, title: str) -> Table | None:
        """Return an area's staff table; None where no post works for the area."""
        say, kinds = self.say, self.programme.source_kinds()
        lines = [(kinds[source], row) for source, row in self._lines(area)]
        rows: list[Row] = []
        for kind, heading in _GROUPS.items():
            found = [row for other, row in lines if other == kind]
            rows += [group_row(say(heading), 3), *found] if found else []
        columns = (
            Column(say("Funding"), "", 2948),
            Column(say("Post (grade)"), "", 4989, names=True),
            Column(say("Time allotted (%)"), "amount", 1701),
        )
        caption = say("Human resources: {area}", area=title)
        return Table("staff", caption, columns, tuple(rows)) if rows else None

    def _lines(self, area: str) -> Iterator[tuple[str, Row]]:
        posts = {post.id: post for post in self.programme.posts}
        for row, allocation in enumerate(self.programme.allocations):
            if allocation.area != area:
                continue
            post, at = posts[allocation.post], ("staff", allocation.post, area)
            time = Entry("allocations", row, "percent", ("post", "area"))
            mine = [(i, s) for i, s in enumerate(self.programme.post_shares) if s.post == post.id]
            paths = numbered([(*at, s.source, *filter(None, [s.donor])) for _, s in mine])
            for path, (index, share) in zip(paths, mine, strict=True):
                cells = (time, Entry("postfunding", index, "percent", PAYMENT))
                part = Derived(
                    path, Operation.PRODUCT, ("time-shared",), cells=cells, unit=PERCENT
                )
                amount = allocation.percent * share.percent / HUNDRED
                yield self._line(post, share.source, share.donor, Figured(part, amount))
            if not mine:
                whole = Derived(
                    (*at, "percent"), Operation.SUM, ("time",), cells=(time,), unit=PERCENT
                )
                amount = allocation.percent
                yield self._line(post, post.source, post.donor, Figured(whole, amount))

    def _line(self, post: Post, source: str, donor: str | None, part: Figured) -> tuple[str, Row]:
        percent = self.numbers.percent(part)
        return source, Row((self.payer(source, donor), self.post(post), percent), key=post.id)

    def payer(self, source: str, donor: str | None) -> str:
        """Return the title of a source, with the donor where there is one."""
        titles = {row.code: row.title for row in self.programme.sources}
        payer = self.texts.required(titles[source], "sources", source)
        if donor is None:
            return payer
        names = {row.code: row.name for row in self.programme.donors}
        name = self.texts.required(names[donor], "donors", donor, "name")
        return self.say("{source} ({donor})", source=payer, donor=name)

    def graded(self, post: Post) -> str:
        """Return a post's title with its grade."""
        title = self.texts.required(post.title, "posts", post.id)
        return self.say("{title} ({grade})", title=title, grade=post.grade)

    def post(self, post: Post) -> str:
        """Return a post's title with its grade, and its remark where it has one."""
        text = self.graded(post)
        remark = self.texts.optional(post.remark, "posts", post.id, "remark")
        return self.say("{post}, {remark}", post=text, remark=remark) if remark else text


REST = "rest"
"""What stands for the part of a post that no source pays, or that no area gets."""


PAYMENT = ("post", "source", "donor")
"""The fields that say why a part of a post is paid by a source."""


def numbered(paths: Iterable[Path]) -> Iterator[Path]:
    """Return the paths of percentages; a payer that comes twice for a post is numbered."""
    seen: Counter[Path] = Counter()
    for path in paths:
        seen[path] += 1
        number = () if seen[path] == 1 else (str(seen[path]),)
        yield (*path, *number, "percent")


_PROFESSIONAL = re.compile(r"(USG|ASG|D|P)(?:[- ]?(\d+))?\Z", re.IGNORECASE)
_GENERAL = re.compile(r"GS?[- ]?(\d+)\Z", re.IGNORECASE)
_LEVELS = ("USG", "ASG", "D", "P")


@dataclass(frozen=True, slots=True)
class Part:
    """
    A part of a post: what it is for, its percentage of the post, its full-time equivalent.

    `code` is a source or an area, None for what is left; the full-time equivalents of parts add
    up to that of their post, and are blank where it is not known.
    """

    code: str | None
    donor: str | None
    percent: Figured
    time: Figured


def category(grade: str) -> str:
    """Return the category of a grade: professional and higher, general service, or other."""
    if _PROFESSIONAL.match(grade.strip()):
        return "professional"
    return "general" if _GENERAL.match(grade.strip()) else "other"


def grade_order(grade: str) -> tuple[int, int, int, str]:
    """Return what sorts grades from the highest to the lowest, and other ones by name."""
    text = grade.strip().upper()
    found = _PROFESSIONAL.match(text)
    if found:
        return 0, _LEVELS.index(found[1].upper()), -int(found[2] or 0), text
    found = _GENERAL.match(text)
    return (1, 0, -int(found[1]), text) if found else (2, 0, 0, text)


def exists(post: Post, year: int) -> bool:
    """Return whether a post exists in a year; without a year it has always been, or goes on."""
    began = post.start_year is None or post.start_year <= year
    return began and (post.end_year is None or year <= post.end_year)


def post_size(programme: Programme, post: Post) -> Figured:
    """Return the full-time equivalent of a post, as its row has it."""
    cells = (Entry("posts", programme.posts.index(post), "share"),)
    path = ("post", post.id, "full-time")
    return Figured(Derived(path, Operation.SUM, ("post-size",), cells, unit=FULL_TIME), post.share)


def paid_by(programme: Programme, posts: Sequence[Post]) -> Mapping[str, tuple[Part, ...]]:
    """Return for each post, by its id, the sources that pay it; what none pays comes last."""
    shares: dict[str, list[_Given]] = defaultdict(list)
    for row, share in enumerate(programme.post_shares):
        cell = Entry("postfunding", row, "percent", PAYMENT)
        shares[share.post].append((share.source, share.donor, share.percent, cell))
    own: dict[str, list[_Given]] = {p.id: [(p.source, p.donor, HUNDRED, None)] for p in posts}
    return {
        post.id: _parts(programme, post, "source", shares.get(post.id) or own[post.id])
        for post in posts
    }


def works_for(programme: Programme, posts: Sequence[Post]) -> Mapping[str, tuple[Part, ...]]:
    """Return for each post, by its id, the areas that it works for; the rest comes last."""
    areas: dict[str, list[_Given]] = defaultdict(list)
    for index, row in enumerate(programme.allocations):
        cell = Entry("allocations", index, "percent", ("post", "area"))
        areas[row.post].append((row.area, None, row.percent, cell))
    return {post.id: _parts(programme, post, "area", areas[post.id]) for post in posts}


_Given = tuple["str | None", "str | None", "Decimal", "Entry | None"]
"""A part of a post that its rows give: source or area, donor, percentage, and the cell of it."""


def _parts(
    programme: Programme, post: Post, kind: str, given: Sequence[_Given]
) -> tuple[Part, ...]:
    """Divide a post by percentages; what they leave of it has no code."""
    whole, entries = post_size(programme, post), list(given)
    rest = HUNDRED - total(percent for _, _, percent, _ in given)
    if rest:
        entries.append((None, None, rest, None))
    names = (
        (*whole.source.path[:-1], kind, code or REST, *([donor] if donor else []))
        for code, donor, _, _ in entries
    )
    cells = tuple(cell for *_, cell in entries if cell is not None)
    parts: list[Part] = []
    for path, (code, donor, percent, cell) in zip(numbered(names), entries, strict=True):
        made: tuple[tuple[int, Source], ...]
        if cell is None:
            share = Derived(path, Operation.REST, ("post-rest",), cells, unit=PERCENT)
            made = ((1, whole.source), *((-1, part.time.source) for part in parts))
            operation = Operation.SUM
        else:
            share = Derived(path, Operation.SUM, ("post-share",), (cell,), unit=PERCENT)
            made, operation = ((1, share), (1, whole.source)), Operation.PRODUCT
        at, known = (*path[:-1], "full-time"), None if post.share is not None else False
        source = Derived(at, operation, ("post-part",), parts=made, unit=FULL_TIME, known=known)
        size = post.share
        time = None if size is None else EXACT.divide(EXACT.multiply(size, percent), HUNDRED)
        parts.append(Part(code, donor, Figured(share, percent), Figured(source, time)))
    times = [part.time for part in parts]
    if post.share:
        times = fitted_to(post.share, times, CENT)
    else:
        times = [time.shown_as(ZERO, "fitted", CENT) for time in times]
    return tuple(replace(part, time=time) for part, time in zip(parts, times, strict=True))


@dataclass(frozen=True, slots=True)
class TablePrinter(StaffPrinter):
    """Prints tables of some posts of a programme."""

    posts: Sequence[Post]
    paid: Mapping[str, tuple[Part, ...]]
    work: Mapping[str, tuple[Part, ...]]

    def by_grade(self) -> Section:
        """Return how many posts there are of each grade, and what pays them."""
        say = self.say
        columns, key_of = self._payers()
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
        lines = self._groups(rows, row, len(heads))
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
        lines = self._groups(rows, row, len(heads))
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
        self, rows: Sequence[tuple[str, str, list[Post]]], row: Callable[..., Row], columns: int
    ) -> Iterator[Row]:
        """Yield rows by category, several with a sub-total, and then the total."""
        for kind in dict.fromkeys(kind for kind, _, _ in rows):
            mine = [(label, posts) for name, label, posts in rows if name == kind]
            yield group_row(self.say(_CATEGORIES[kind]), columns)
            yield from (row(label, posts) for label, posts in mine)
            if len(mine) > 1:
                yield row(self.say("Sub-total"), [p for _, posts in mine for p in posts], "sub")
        yield row(self.say("Total"), self.posts, "total")

    def _categories(self) -> Iterator[tuple[str, list[Post]]]:
        for kind in _CATEGORIES:
            found = [post for post in self.posts if category(post.grade) == kind]
            if found:
                yield kind, found

    def _payers(self) -> tuple[dict[str | None, str], Callable[[Part], str | None]]:
        """Return the sources that pay a post, or their kinds where they are many, as columns."""
        used = {part.code for parts in self.paid.values() for part in parts}
        sources = [source for source in self.programme.sources if source.code in used]
        columns: dict[str | None, str]
        by_kind = len(sources) > MOST_SOURCES
        if by_kind:
            found = {source.kind for source in sources}
            columns = {kind: self.say(title) for kind, title in SOURCES.items() if kind in found}
        else:
            columns = {s.code: self.texts.required(s.title, "sources", s.code) for s in sources}
        if None in used:
            columns[None] = self.say("Source not specified")
        kinds = self.programme.source_kinds()
        return columns, lambda part: part.code and (kinds[part.code] if by_kind else part.code)

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
        if parts:
            return self.size(sum_of(path, parts, "sum-posts", FULL_TIME, step=CENT))
        nothing = Figured(SumOf(path, (), "sum-posts", FULL_TIME, known=True), ZERO)
        return self.size(nothing.shown_as(ZERO, "added", CENT))

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
    programme, years = totals.programme, totals.programme.settings.years
    here = (post for post in programme.posts if any(exists(post, year) for year in years))
    posts = sorted(here, key=lambda post: grade_order(post.grade))
    printer = TablePrinter(
        *printer_for(totals, language, ()).base,
        posts=posts,
        paid=paid_by(programme, posts),
        work=works_for(programme, posts),
    )
    none = Paragraph(printer.say("No posts are recorded for the period."), "statement")
    tables: Sequence[Section] = (Section("", "", (none,)),)
    if posts:
        tables = (printer.by_grade(), printer.by_year(), printer.posts_listed(), printer.by_area())
    return paper(__name__, printer, _statements(printer), tables)


def _statements(printer: TablePrinter) -> Iterator[str]:
    say, programme = printer.say, printer.programme
    yield from circumstances(printer, money=False)
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
    if start is None:
        return say("Continuing") if end is None else say("Until {year}", year=end)
    if end is None:
        return say("From {year}", year=start)
    return str(start) if start == end else say("{first}–{last}", first=start, last=end)
