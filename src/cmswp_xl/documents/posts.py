"""Posts as documents print them: time allotted by area, and fractions that add up."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.figures.declarations import PERCENT, Operation
from cmswp_xl.figures.sources import Derived, Entry
from cmswp_xl.languages import N_
from cmswp_xl.money import CENT, EXACT, HUNDRED, ZERO, fitted, total
from cmswp_xl.printed import Figured

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.documents.texts import Texts
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Post, Programme, Settings
    from cmswp_xl.printed import Path


_GROUPS = {
    "core": N_("Posts funded from the core budget"),
    "voluntary": N_("Posts funded from voluntary contributions"),
    "other": N_("Posts funded from other sources"),
}


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A post in the table: its source, its title with grade, the percentage of its time."""

    source: str
    post: str
    percent: str


@dataclass(frozen=True, slots=True)
class StaffGroup:
    """The posts that one kind of source pays."""

    heading: str
    lines: tuple[StaffLine, ...]


@dataclass(frozen=True, slots=True)
class StaffPrinter:
    """What the staff tables of a document have in common."""

    programme: Programme
    texts: Texts
    numbers: Numbers
    say: Words

    def groups(self, area: str) -> tuple[StaffGroup, ...]:
        """Give the groups of an area's staff table; none where no post works for the area."""
        kinds = self.programme.source_kinds()
        lines = [(kinds[source], line) for source, line in self._lines(area)]
        return tuple(
            StaffGroup(self.say(heading), tuple(line for k, line in lines if k == kind))
            for kind, heading in _GROUPS.items()
            if any(k == kind for k, _ in lines)
        )

    def _lines(self, area: str) -> Iterator[tuple[str, StaffLine]]:
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

    def _line(
        self, post: Post, source: str, donor: str | None, part: Figured
    ) -> tuple[str, StaffLine]:
        percent = self.numbers.percent(part)
        return source, StaffLine(self._payer(source, donor), self.post(post), percent)

    def _payer(self, source: str, donor: str | None) -> str:
        titles = {row.code: row.title for row in self.programme.sources}
        payer = self.texts.required(titles[source], "sources", source)
        if donor is None:
            return payer
        names = {row.code: row.name for row in self.programme.donors}
        name = self.texts.required(names[donor], "donors", donor, "name")
        return self.say("{source} ({donor})", source=payer, donor=name)

    def post(self, post: Post) -> str:
        """Give a post's title with its grade, and its remark where it has one."""
        title = self.texts.required(post.title, "posts", post.id)
        text = self.say("{title} ({grade})", title=title, grade=post.grade)
        remark = self.texts.optional(post.remark, "posts", post.id, "remark")
        return self.say("{post}, {remark}", post=text, remark=remark) if remark else text


PAYMENT = ("post", "source", "donor")
"""The fields that say why a part of a post is paid by a source."""


def numbered(paths: Iterable[Path]) -> Iterator[Path]:
    """Return the paths of percentages; a payer that comes twice for a post is numbered."""
    seen: Counter[Path] = Counter()
    for path in paths:
        seen[path] += 1
        number = () if seen[path] == 1 else (str(seen[path]),)
        yield (*path, *number, "percent")


_Entry = tuple["str | None", "str | None", "Decimal"]

CATEGORIES = ("professional", "general", "other")

_PROFESSIONAL = re.compile(r"(USG|ASG|D|P)(?:[- ]?(\d+))?\Z", re.IGNORECASE)
_GENERAL = re.compile(r"GS?[- ]?(\d+)\Z", re.IGNORECASE)
_LEVELS = ("USG", "ASG", "D", "P")


@dataclass(frozen=True, slots=True)
class Part:
    """
    A part of a post: what it is for, its percentage of the post, its full-time equivalent.

    `code` is a source or an area, None for what is left; `size` is None where the post's is not
    known.
    """

    code: str | None
    donor: str | None
    percent: Decimal
    size: Decimal | None


def category(grade: str) -> str:
    """Give the category of a grade: professional and higher, general service, or other."""
    if _PROFESSIONAL.match(grade.strip()):
        return "professional"
    return "general" if _GENERAL.match(grade.strip()) else "other"


def grade_order(grade: str) -> tuple[int, int, int, str]:
    """Give what sorts grades from the highest to the lowest, and other ones by name."""
    text = grade.strip().upper()
    found = _PROFESSIONAL.match(text)
    if found:
        return 0, _LEVELS.index(found[1].upper()), -int(found[2] or 0), text
    found = _GENERAL.match(text)
    return (1, 0, -int(found[1]), text) if found else (2, 0, 0, text)


def in_grade_order(posts: Iterable[Post]) -> list[Post]:
    """Sort posts by category and grade; posts of one grade stay in the order of their rows."""
    return sorted(posts, key=lambda post: grade_order(post.grade))


def in_period(posts: Iterable[Post], settings: Settings) -> list[Post]:
    """Give the posts that exist in some year of the period."""
    return [post for post in posts if any(exists(post, year) for year in settings.years)]


def exists(post: Post, year: int) -> bool:
    """Tell whether a post exists in a year; without a year it has always been, or goes on."""
    began = post.start_year is None or post.start_year <= year
    return began and (post.end_year is None or year <= post.end_year)


def paid_by(programme: Programme, posts: Sequence[Post]) -> Mapping[str, tuple[Part, ...]]:
    """Give for each post, by its id, the sources that pay it; what none pays comes last."""
    shares: dict[str, list[_Entry]] = defaultdict(list)
    for share in programme.post_shares:
        shares[share.post].append((share.source, share.donor, share.percent))
    own: dict[str, list[_Entry]] = {p.id: [(p.source, p.donor, HUNDRED)] for p in posts}
    return {post.id: _parts(post, shares.get(post.id) or own[post.id]) for post in posts}


def works_for(programme: Programme, posts: Sequence[Post]) -> Mapping[str, tuple[Part, ...]]:
    """Give for each post, by its id, the areas that it works for; the rest comes last."""
    areas: dict[str, list[_Entry]] = defaultdict(list)
    for row in programme.allocations:
        areas[row.post].append((row.area, None, row.percent))
    return {post.id: _parts(post, areas[post.id]) for post in posts}


def sizes(parts: Iterable[Part]) -> Decimal | None:
    """Add full-time equivalents; None where none of them is known."""
    known = [part.size for part in parts if part.size is not None]
    return total(known) if known else None


def _parts(post: Post, given: Sequence[_Entry]) -> tuple[Part, ...]:
    """Divide a post by percentages; what they leave of it has no code."""
    entries = list(given)
    rest = HUNDRED - total(percent for _, _, percent in given)
    if rest:
        entries.append((None, None, rest))
    if post.share is None:
        return tuple(Part(code, donor, percent, None) for code, donor, percent in entries)
    exact = [
        EXACT.divide(EXACT.multiply(post.share, percent), HUNDRED) for _, _, percent in entries
    ]
    shown = fitted(exact, post.share, CENT) if post.share else [ZERO] * len(exact)
    return tuple(
        Part(code, donor, percent, size)
        for (code, donor, percent), size in zip(entries, shown, strict=True)
    )
