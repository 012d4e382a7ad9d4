"""The staff table of an area: posts grouped by what pays them, and the time they give the area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.languages import N_
from cmswp_xl.money import HUNDRED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from cmswp_xl.context.numbers import Numbers
    from cmswp_xl.context.texts import Texts
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Post, PostShare, Programme

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
        for allocation in self.programme.allocations:
            if allocation.area != area:
                continue
            post = posts[allocation.post]
            shares = [s for s in self.programme.post_shares if s.post == post.id]
            for share in shares or (None,):
                part = allocation.percent
                if share is not None:
                    part = part * share.percent / HUNDRED
                yield self._line(post, share, part)

    def _line(self, post: Post, share: PostShare | None, part: Decimal) -> tuple[str, StaffLine]:
        source = post.source if share is None else share.source
        donor = post.donor if share is None else share.donor
        return source, StaffLine(
            self._payer(source, donor), self.post(post), self.numbers.percent(part)
        )

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
