"""Staff tables: their lines, and the posts behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from cmswp_xl.money import EXACT, HUNDRED, ZERO, decimals, total
from cmswp_xl.word_import.amounts import PLACES, plain_amount, read_percent
from cmswp_xl.word_import.issues import ImportIssues, Place
from cmswp_xl.word_import.rows import TableReader, line_of
from cmswp_xl.word_import.vocabulary import folded, kind_named, label_kind

Area = TypeVar("Area")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_STEP = r"[A-Z]{1,4}[-\u2010-\u2013\s.]?\d{1,2}"
_GRADES = (
    re.compile(rf"{_STEP}(?:\s?[/-]\s?(?:{_STEP}|\d{{1,2}}))?|NO[- ]?[A-E]"),
    re.compile(r"JPO|UNV|ASG|USG|GS|L|P|G|D"),
    re.compile(r"[A-Z][A-Z0-9/-]{1,5}"),
)


@dataclass(frozen=True, slots=True)
class StaffEntry:
    """A line of a staff table: the kind of source above it, who pays, the post, its time."""

    place: Place
    kind: str
    payer: str
    post: str
    percent: Decimal | None


def staff_lines(
    table: TableReader, areas: Mapping[str, Area], current: Area | None
) -> Iterator[tuple[Area, StaffEntry]]:
    """
    Return the lines of a staff table, each with the area that it belongs to.

    `areas` are all areas by their folded titles, `current` the one that the table stands below.
    """
    layout, grid = table.layout, table.grid
    columns = dict(_percent_columns(table, areas, current))
    heads = {folded(column.head) for column in layout.columns.values()}
    payer, post = layout.find("payer"), layout.find("post") or 1
    kind = ""
    table.take_heads()
    for row in layout.rows():
        cells = grid.filled(row)
        if not cells or (len(cells) > 1 and all(folded(cell.text) in heads for cell in cells)):
            continue
        cell, paid = grid.cell(row, post), grid.cell(row, payer) if payer else None
        text = cell.line if cell is not None and cell is not paid else ""
        if not text and label_kind(cells[0].text) in ("sub", "total"):
            continue
        alone = len(cells) == 1 and cells[0].column <= max(payer or 1, post)
        if alone and (not text or cells[0].across > 1):
            kind = kind_named(cells[0].text)
            if not kind:
                kind = "other"
                table.issue("unknown-group", row, cells[0].column, cells[0].text, kind)
            table.take(cells[0])
        elif not text:
            table.issue("row-without-post", row, post, line_of(cells))
        else:
            table.take(paid, cell)
            payer_text = paid.line if paid is not None else ""
            yield from _staff_line(table, row, columns, (kind, payer_text, text))


def _percent_columns(
    table: TableReader, areas: Mapping[str, Area], current: Area | None
) -> Iterator[tuple[int, Area]]:
    columns = table.layout.columns
    shares = [number for number, column in columns.items() if column.role == "time"]
    for number, column in columns.items():
        area = areas.get(folded(column.head))
        if area is not None:
            yield number, area
        elif number in shares and len(shares) == 1 and current is not None:
            yield number, current
        elif number in shares or column.role not in ("payer", "post", "number"):
            reason = "unknown-area" if number in shares else "unknown-staff-column"
            table.issue(reason, None, number, column.head)


def _staff_line(
    table: TableReader, row: int, columns: Mapping[int, Area], line: tuple[str, str, str]
) -> Iterator[tuple[Area, StaffEntry]]:
    kind, payer, post = line
    if not kind:
        kind = kind_named(payer) or "other"
        if not kind_named(payer):
            table.issue("unknown-payer", row, table.layout.find("payer") or 1, payer, kind)
    placed = False
    for column, area in columns.items():
        percent = _percent(table, row, column)
        if percent is not None or len(columns) == 1:
            placed = True
            yield area, StaffEntry(table.place(row, column), kind, payer, post, percent)
    if not placed:
        table.issue("post-without-time", row, table.layout.find("post") or 1, post)


def _percent(table: TableReader, row: int, column: int) -> Decimal | None:
    cell = table.grid.cell(row, column)
    if cell is None or not cell.text:
        return None
    if cell.row != row:
        table.issue("merged-above", row, column, cell.text)
        return None
    figure = read_percent(cell.text)
    table.take(cell)
    for reason in figure.reasons:
        table.issue(reason, row, column, cell.text, "" if figure.value is None else figure.value)
    return figure.known


@dataclass(frozen=True, slots=True)
class PostText:
    """A post as printed, taken apart: title, grade ("" where none stands), remark."""

    title: str
    grade: str
    remark: str


def post_text(text: str) -> PostText:
    """Return a printed post taken apart: title (grade), remark."""
    found = list(_BRACKETS.finditer(text))
    for pattern in _GRADES:
        for match in reversed(found):
            rest = text[match.end() :].strip()
            if pattern.fullmatch(match[1].strip()) and (not rest or rest.startswith(",")):
                title = text[: match.start()].strip()
                return PostText(title, match[1].strip(), rest.lstrip(", "))
    return PostText(text.strip(), "", "")


@dataclass(slots=True, eq=False)
class Post:
    """
    A post: its printed text, and the kind and the text of each source that pays it.

    `times` are its percentages by area index, with the row that says so for their order; `shares`
    are those of several payers, empty for a single one.
    """

    text: str
    payers: list[tuple[str, str]]
    shares: list[Decimal] = field(default_factory=list)
    times: list[tuple[int, int, Decimal]] = field(default_factory=list)

    @property
    def used(self) -> Decimal:
        """The time that its areas have together."""
        return total(time for _, _, time in self.times)

    @property
    def key(self) -> tuple[str, tuple[tuple[str, str], ...], tuple[Decimal, ...]]:
        """What tells one post from another, but for its time."""
        payers = tuple((kind, folded(text)) for kind, text in self.payers)
        return folded(self.text), payers, tuple(self.shares)


def find_posts(areas: Iterable[Iterable[StaffEntry]], issues: ImportIssues) -> list[Post]:
    """Return the posts behind the lines of all staff tables, which are given by area."""
    finder = _Finder(issues)
    for index, lines in enumerate(areas):
        finder.read(index, lines)
    return finder.posts


@dataclass(slots=True)
class _Finder:
    """Finds the posts of one area after another: of each `index`, those that are `here`."""

    issues: ImportIssues
    posts: list[Post] = field(default_factory=list)
    here: list[Post] = field(default_factory=list)
    index: int = 0

    def read(self, index: int, lines: Iterable[StaffEntry]) -> None:
        """Read the lines of an area; those of one text together."""
        self.index, self.here = index, []
        groups: dict[str, list[StaffEntry]] = {}
        for entry in lines:
            groups.setdefault(folded(entry.post), []).append(entry)
        for entries in groups.values():
            self.here += self._posts_of(entries)
        self.posts += [post for post in self.here if post not in self.posts]

    def _posts_of(self, entries: Sequence[StaffEntry]) -> list[Post]:
        """Return the posts of lines of one text: one that its payers share, else one for each."""
        payers = [(entry.kind, entry.payer) for entry in entries]
        first = entries[0]
        if len({(kind, folded(text)) for kind, text in payers}) == len(entries) > 1:
            times = [entry.percent or ZERO for entry in entries]
            shares, together = _exact_shares(times), total(times)
            if shares:
                self.issues.add("shared-post", first.place, first.post, _percent_text(together))
                post = Post(first.post, payers, shares)
                return [self._placed(post, together, first.place, self.posts)]
            self.issues.add("post-of-several", first.place, first.post, len(entries))
        free = [post for post in self.posts if post not in self.here]
        return [
            self._placed(Post(entry.post, [payer]), entry.percent, entry.place, free)
            for entry, payer in zip(entries, payers, strict=True)
        ]

    def _placed(
        self, new: Post, time: Decimal | None, place: Place, posts: Sequence[Post]
    ) -> Post:
        """Return the known post that a new one is, where its time allows, or the new one."""
        more, issues = time or ZERO, self.issues
        same = (post for post in posts if post.key == new.key and post.used + more <= HUNDRED)
        known = next(same, None)
        if known is not None and not new.shares:
            issues.add("same-post", place, new.text, _percent_text(known.used + more))
        if time is not None:
            (known or new).times.append((self.index, place.row or 0, time))
        elif known is None:
            issues.add("post-without-time", place, new.text)
        if known is None and not post_text(new.text).grade:
            issues.add("post-without-grade", place, new.text, "?")
        return known or new


def _exact_shares(times: Sequence[Decimal]) -> list[Decimal]:
    """Return the payers' shares in percent; none where a cell does not take all their decimals."""
    together = total(times)
    if not all(times) or together > HUNDRED:
        return []
    shares = [EXACT.divide(EXACT.multiply(time, HUNDRED), together) for time in times]
    exact = all(decimals(share) <= PLACES for share in shares) and total(shares) == HUNDRED
    return shares if exact else []


def _percent_text(value: Decimal) -> str:
    return f"{plain_amount(value)}\N{NO-BREAK SPACE}%"
