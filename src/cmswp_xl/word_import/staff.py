"""The lines of a staff table: who pays, the post with its grade, the percentages of its time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cmswp_xl.money import CENT, EXACT, HUNDRED, ZERO, decimals, total
from cmswp_xl.word_import.amounts import read_percent
from cmswp_xl.word_import.entries import StaffEntry
from cmswp_xl.word_import.import_issues import Place
from cmswp_xl.word_import.vocabulary import folded, kind_named, label_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.word_import.columns import Layout
    from cmswp_xl.word_import.entries import AreaEntry
    from cmswp_xl.word_import.import_issues import ImportIssues
    from cmswp_xl.word_import.visible import Cell, Grid


_BRACKETS = re.compile(r"\(([^()]*)\)")
_STEP = r"[A-Z]{1,4}[-\u2010-\u2013\s.]?\d{1,2}"
_GRADES = (
    re.compile(rf"{_STEP}(?:\s?[/-]\s?(?:{_STEP}|\d{{1,2}}))?|NO[- ]?[A-E]"),
    re.compile(r"JPO|UNV|ASG|USG|GS|L|P|G|D"),
    re.compile(r"[A-Z][A-Z0-9/-]{1,5}"),
)


@dataclass(frozen=True, slots=True)
class PostText:
    """A post as printed, taken apart: title, grade ("" where none stands), remark."""

    title: str
    grade: str
    remark: str


def post_text(text: str) -> PostText:
    """Take a printed post apart: title (grade), remark."""
    found = list(_BRACKETS.finditer(text))
    for pattern in _GRADES:
        for match in reversed(found):
            rest = text[match.end() :].strip()
            if pattern.fullmatch(match[1].strip()) and (not rest or rest.startswith(",")):
                title = text[: match.start()].strip()
                return PostText(title, match[1].strip(), rest.lstrip(", "))
    return PostText(text.strip(), "", "")


@dataclass(frozen=True, slots=True)
class StaffReader:
    """Reads a staff table; `areas` gives the titles of all areas, folded."""

    grid: Grid
    layout: Layout
    issues: ImportIssues
    areas: Mapping[str, AreaEntry]
    current: AreaEntry | None

    def place(self, row: int, column: int) -> Place:
        """Return the place of a cell."""
        known = self.layout.columns.get(column)
        return Place(self.grid.number, row, column, known.head if known else "")

    def lines(self) -> Iterator[tuple[AreaEntry, StaffEntry]]:
        """Return the lines with the area that each belongs to."""
        columns = dict(self._percent_columns())
        payer, post = self.layout.find("payer"), self.layout.find("post") or 1
        kind = ""
        for row in range(self.layout.first, self.layout.heads + 1):
            self._take(*self.grid.starts(row))
        for row in self.layout.rows():
            filled = [cell for cell in self.grid.starts(row) if cell.text]
            if not filled or self._again(filled):
                continue
            text = self._covering(row, post, payer)
            if not text and label_kind(filled[0].text) in ("sub", "total"):
                continue
            alone = len(filled) == 1 and filled[0].column <= max(payer or 1, post)
            if alone and (not text or filled[0].across > 1):
                kind = self._kind(row, filled[0])
                self._take(filled[0])
            elif not text:
                self.issues.add("row-without-post", self.place(row, post), _joined(filled))
            else:
                yield from self._line(row, columns, kind, text)

    def _take(self, *cells: Cell | None) -> None:
        for cell in cells:
            if cell is not None:
                self.issues.take(Place(self.grid.number, cell.row, cell.column))

    def _again(self, filled: list[Cell]) -> bool:
        heads = {folded(column.head) for column in self.layout.columns.values()}
        return len(filled) > 1 and all(folded(cell.text) in heads for cell in filled)

    def _percent_columns(self) -> Iterator[tuple[int, AreaEntry]]:
        """Return the columns of percentages with the area that each is of."""
        times = [n for n, column in self.layout.columns.items() if column.role == "time"]
        for number, column in self.layout.columns.items():
            area = self.areas.get(folded(column.head))
            if area is not None:
                yield number, area
            elif number in times and len(times) == 1 and self.current is not None:
                yield number, self.current
            elif number in times or column.role not in ("payer", "post", "number"):
                reason = "unknown-area" if number in times else "unknown-staff-column"
                self.issues.add(
                    reason, Place(self.grid.number, None, number, column.head), column.head
                )

    def _covering(self, row: int, number: int, payer: int | None) -> str:
        """Return a post's text; one merged with the cell of who pays is no post."""
        cell = self.grid.cell(row, number)
        if cell is None or (payer and self.grid.cell(row, payer) is cell):
            return ""
        return " ".join(cell.text.split())

    def _kind(self, row: int, cell: Cell) -> str:
        kind = kind_named(cell.text)
        if not kind:
            self.issues.add("unknown-group", self.place(row, cell.column), cell.text, "other")
        return kind or "other"

    def _line(
        self, row: int, columns: Mapping[int, AreaEntry], kind: str, post: str
    ) -> Iterator[tuple[AreaEntry, StaffEntry]]:
        number = self.layout.find("payer")
        cell = self.grid.cell(row, number) if number else None
        payer = " ".join(cell.text.split()) if cell is not None else ""
        self._take(cell, self.grid.cell(row, self.layout.find("post") or 1))
        if not kind:
            kind = kind_named(payer) or "other"
            if not kind_named(payer):
                self.issues.add("unknown-payer", self.place(row, number or 1), payer, kind)
        placed = False
        for column, area in columns.items():
            figure = self._percent(row, column)
            if figure is not None or len(columns) == 1:
                placed = True
                yield area, StaffEntry(self.place(row, column), kind, payer, post, figure)
        if not placed:
            self.issues.add(
                "post-without-time", self.place(row, self.layout.find("post") or 1), post
            )

    def _percent(self, row: int, column: int) -> Decimal | None:
        cell = self.grid.cell(row, column)
        if cell is None or not cell.text:
            return None
        place = self.place(row, column)
        if cell.row != row:
            self.issues.add("merged-above", place, cell.text)
            return None
        figure = read_percent(cell.text)
        self._take(cell)
        for reason in figure.reasons:
            self.issues.add(reason, place, cell.text, "" if figure.value is None else figure.value)
        return figure.known


def _joined(cells: list[Cell]) -> str:
    return " | ".join(cell.text for cell in cells)


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
