"""Which lines of the staff tables are one post, and what pays it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cmswp_xl.money import CENT, EXACT, HUNDRED, ZERO, decimals, total
from cmswp_xl.word_import.staff import post_text
from cmswp_xl.word_import.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from cmswp_xl.word_import.entries import AreaEntry, StaffEntry
    from cmswp_xl.word_import.import_issues import ImportIssues

_PLACES = -int(CENT.as_tuple().exponent)


@dataclass(frozen=True, slots=True)
class Payer:
    """What pays a post, as printed: the kind of source, and its text ("" where none stands)."""

    kind: str
    text: str


@dataclass(slots=True)
class PostEntry:
    """
    A post: its printed text, and what pays it.

    `times` are its percentages by area index, with the row that says so for their order; `shares`
    are those of several payers, empty for a single one.
    """

    text: str
    payers: list[Payer]
    times: list[tuple[int, int, Decimal]] = field(default_factory=list)
    shares: list[Decimal] = field(default_factory=list)

    def used(self) -> Decimal:
        """Add up the time that its areas have."""
        return total(time for _, _, time in self.times)


def find_posts(areas: Sequence[AreaEntry], issues: ImportIssues) -> list[PostEntry]:
    """Find the posts behind the lines of all staff tables."""
    posts: list[PostEntry] = []
    for index, area in enumerate(areas):
        here: list[PostEntry] = []
        for entries in _by_post(area.staff):
            if len({_payer(entry) for entry in entries}) == len(entries) > 1:
                here += _shared(posts, here, index, entries, issues)
            else:
                here += [_single(posts, here, index, entry, issues) for entry in entries]
        posts += [post for post in here if not any(post is known for known in posts)]
    return posts


def _by_post(entries: Iterable[StaffEntry]) -> list[list[StaffEntry]]:
    groups: dict[str, list[StaffEntry]] = {}
    for entry in entries:
        groups.setdefault(folded(entry.post), []).append(entry)
    return list(groups.values())


def _payer(entry: StaffEntry) -> Payer:
    return Payer(entry.kind, folded(entry.payer))


def _single(
    posts: Sequence[PostEntry],
    here: Sequence[PostEntry],
    index: int,
    entry: StaffEntry,
    issues: ImportIssues,
) -> PostEntry:
    """Find the post of a line among those of earlier areas, or begin one."""
    payer = Payer(entry.kind, entry.payer)
    time = entry.percent
    for post in posts:
        same = folded(post.text) == folded(entry.post) and len(post.payers) == 1
        if not same or any(post is known for known in here):
            continue
        if _folded(post.payers[0]) == _folded(payer) and post.used() + (time or ZERO) <= HUNDRED:
            issues.add(
                "same-post", entry.place, entry.post, _percent(post.used() + (time or ZERO))
            )
            if time is not None:
                post.times.append((index, entry.place.row or 0, time))
            return post
    post = PostEntry(entry.post, [payer])
    if time is None:
        issues.add("post-without-time", entry.place, entry.post)
    else:
        post.times.append((index, entry.place.row or 0, time))
    if not post_text(entry.post).grade:
        issues.add("post-without-grade", entry.place, entry.post, "?")
    return post


def _folded(payer: Payer) -> Payer:
    return Payer(payer.kind, folded(payer.text))


def _shared(
    posts: Sequence[PostEntry],
    here: Sequence[PostEntry],
    index: int,
    entries: Sequence[StaffEntry],
    issues: ImportIssues,
) -> list[PostEntry]:
    """Take lines of one post under several payers for a shared post, if the shares are exact."""
    times = [entry.percent or ZERO for entry in entries]
    together, row = total(times), entries[0].place.row or 0
    shares = [_share(time, together) for time in times]
    if (
        together > HUNDRED
        or None in shares
        or total(s for s in shares if s is not None) != HUNDRED
    ):
        issues.add("post-of-several", entries[0].place, entries[0].post, len(entries))
        return [_single(posts, here, index, entry, issues) for entry in entries]
    exact = [share for share in shares if share is not None]
    payers = [Payer(entry.kind, entry.payer) for entry in entries]
    issues.add("shared-post", entries[0].place, entries[0].post, _percent(together))
    for post in posts:
        if (
            folded(post.text) == folded(entries[0].post)
            and post.shares == exact
            and [_folded(p) for p in post.payers] == [_folded(p) for p in payers]
            and post.used() + together <= HUNDRED
        ):
            post.times.append((index, row, together))
            return [post]
    if not post_text(entries[0].post).grade:
        issues.add("post-without-grade", entries[0].place, entries[0].post, "?")
    return [PostEntry(entries[0].post, payers, [(index, row, together)], exact)]


def _share(time: Decimal, together: Decimal) -> Decimal | None:
    """Return a payer's share in percent; None where it has more decimals than a cell takes."""
    if not time or not together:
        return None
    share = EXACT.divide(EXACT.multiply(time, HUNDRED), together)
    return share if decimals(share) <= _PLACES else None


def _percent(value: Decimal) -> str:
    return format(value.normalize(EXACT), "f") + "\N{NO-BREAK SPACE}%"
