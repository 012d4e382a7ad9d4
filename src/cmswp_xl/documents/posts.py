"""Posts as documents print them: time allotted by area, and fractions that add up."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.documents.texts import Printer
from cmswp_xl.figures.declarations import FULL_TIME, PERCENT, Operation
from cmswp_xl.figures.sources import Derived, Entry, fitted_to
from cmswp_xl.languages import N_
from cmswp_xl.money import CENT, EXACT, HUNDRED, ZERO, total
from cmswp_xl.page import Cell, Column, Paragraph, Row, Table
from cmswp_xl.printed import Figured

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.model import Post, Programme, Settings
    from cmswp_xl.printed import Path, Source


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


def group_row(text: str, columns: int) -> Row:
    """Return the heading of a group of rows."""
    return Row((Cell((Paragraph(text),), span=columns),), "group")


PAYMENT = ("post", "source", "donor")
"""The fields that say why a part of a post is paid by a source."""


def numbered(paths: Iterable[Path]) -> Iterator[Path]:
    """Return the paths of percentages; a payer that comes twice for a post is numbered."""
    seen: Counter[Path] = Counter()
    for path in paths:
        seen[path] += 1
        number = () if seen[path] == 1 else (str(seen[path]),)
        yield (*path, *number, "percent")


CATEGORIES = ("professional", "general", "other")

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


def in_grade_order(posts: Iterable[Post]) -> list[Post]:
    """Return posts by category and grade; those of one grade stay in the order of their rows."""
    return sorted(posts, key=lambda post: grade_order(post.grade))


def in_period(posts: Iterable[Post], settings: Settings) -> list[Post]:
    """Return the posts that exist in some year of the period."""
    return [post for post in posts if any(exists(post, year) for year in settings.years)]


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
    percents: list[Figured] = []
    times: list[Figured] = []
    for path, (_, _, percent, cell) in zip(numbered(names), entries, strict=True):
        made: tuple[tuple[int, Source], ...]
        if cell is None:
            part = Derived(path, Operation.REST, ("post-rest",), cells, unit=PERCENT)
            made = ((1, whole.source), *((-1, time.source) for time in times))
            operation = Operation.SUM
        else:
            part = Derived(path, Operation.SUM, ("post-share",), (cell,), unit=PERCENT)
            made, operation = ((1, part), (1, whole.source)), Operation.PRODUCT
        at, known = (*path[:-1], "full-time"), None if post.share is not None else False
        source = Derived(at, operation, ("post-part",), parts=made, unit=FULL_TIME, known=known)
        percents.append(Figured(part, percent))
        times.append(Figured(source, _part_of(post.share, percent)))
    if post.share:
        times = fitted_to(post.share, times, CENT)
    else:
        times = [time.shown_as(ZERO, "fitted", CENT) for time in times]
    return tuple(
        Part(code, donor, percent, time)
        for (code, donor, _, _), percent, time in zip(entries, percents, times, strict=True)
    )


def _part_of(share: Decimal | None, percent: Decimal) -> Decimal | None:
    return None if share is None else EXACT.divide(EXACT.multiply(share, percent), HUNDRED)
