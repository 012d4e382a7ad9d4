"""Where the figures of the staffing table come from: posts, their parts, and sums of these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.documents.numbers import numbers_for
from cmswp_xl.documents.posts import (
    CATEGORIES,
    category,
    exists,
    in_grade_order,
    in_period,
    paid_by,
    works_for,
)
from cmswp_xl.documents.staffing import MOST_SOURCES
from cmswp_xl.documents.staffing import content as staffing_context
from cmswp_xl.money import CENT, ZERO
from cmswp_xl.trace.figure import COUNT, FULL_TIME, PERCENT, Line, Operation, Part, Rounding, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.documents.posts import Part as PostPart
    from cmswp_xl.documents.staffing import Staffing, StaffRow, StaffTable
    from cmswp_xl.model import Post
    from cmswp_xl.trace.figure import Path
    from cmswp_xl.trace.ledger import Ledger

REST = "rest"
"""What stands for the part of a post that no source pays, or that no area gets."""


@dataclass(frozen=True, slots=True)
class _Notes:
    """Notes what tables of posts print."""

    ledger: Ledger
    posts: Sequence[Post]
    rows: Mapping[str, int]
    numbers: Numbers

    def sizes(self, path: Path, found: Sequence[tuple[Path, Decimal | None]], text: str) -> None:
        """Note a sum of full-time equivalents; `found` are paths, and sizes as shown."""
        known = [size for _, size in found if size is not None]
        self.ledger.sum(path, [part for part, _ in found], "sum-posts", unit=FULL_TIME,
                        known=None if found else True)  # fmt: skip
        shown = sum(known, ZERO) if known or not found else None
        self.ledger.note(path, text, shown, Rounding("added", CENT))

    def count(self, path: Path, posts: Iterable[Post], text: str) -> None:
        """Note a number of posts, each counted by the cell of its id."""
        places, lines = self.ledger.places, []
        for post in posts:
            cell = places.cell("posts", self.rows[post.id], "id")
            if cell is not None:
                names = ("grade", "start_year", "end_year")
                lines.append(Line(cell, places.cells("posts", self.rows[post.id], names)))
        rules = [Rule("count-posts")]
        self.ledger.enter(path, Operation.COUNT, rules, lines=lines, unit=COUNT)
        self.ledger.note(path, text)


def enter(ledger: Ledger, _codes: Sequence[str] = ()) -> None:
    """Enter and note the figures of the staffing table."""
    programme = ledger.reckoning.programme
    paper, _ = staffing_context(ledger.reckoning, ledger.language)
    posts = in_grade_order(in_period(programme.posts, programme.settings))
    rows = {post.id: i for i, post in enumerate(programme.posts)}
    numbers = numbers_for(ledger.language, programme.settings.number_style, None, ())
    notes = _Notes(ledger, posts, rows, numbers)
    if not posts:
        return
    paid = {post.id: _paid(notes, post) for post in posts}
    work = {post.id: _work(notes, post) for post in posts}
    _grades(notes, paper.grades, paid)
    _years(notes, paper.years)
    _list(notes, paper, paid)
    _areas(notes, paper.areas, work)


Parts = list[tuple[str, "Path", "PostPart"]]


def _size(notes: _Notes, post: Post) -> Path:
    cell = notes.ledger.places.cell("posts", notes.rows[post.id], "share")
    lines = [] if cell is None or cell.value is None else [Line(cell)]
    path, rules = ("post", post.id, "full-time"), [Rule("post-size")]
    return notes.ledger.enter(path, Operation.SUM, rules, lines=lines, unit=FULL_TIME)


def _paid(notes: _Notes, post: Post) -> Parts:
    """Enter the parts of a post by what pays it."""
    ledger, programme = notes.ledger, notes.ledger.reckoning.programme
    mine = [i for i, share in enumerate(programme.post_shares) if share.post == post.id]
    parts = paid_by(programme, [post])[post.id]
    lines = []
    for index in mine:
        cell = ledger.places.cell("postfunding", index, "percent")
        names = ("post", "source", "donor")
        lines.append(
            [Line(cell, ledger.places.cells("postfunding", index, names))] if cell else []
        )
    return list(_parts(notes, post, "source", parts, lines))


def _work(notes: _Notes, post: Post) -> Parts:
    """Enter the parts of a post by what it works for."""
    ledger, programme = notes.ledger, notes.ledger.reckoning.programme
    mine = [i for i, row in enumerate(programme.allocations) if row.post == post.id]
    parts = works_for(programme, [post])[post.id]
    lines = []
    for index in mine:
        cell = ledger.places.cell("allocations", index, "percent")
        names = ("post", "area")
        lines.append(
            [Line(cell, ledger.places.cells("allocations", index, names))] if cell else []
        )
    return list(_parts(notes, post, "area", parts, lines))


def _parts(
    notes: _Notes,
    post: Post,
    kind: str,
    parts: Sequence[PostPart],
    lines: Sequence[Sequence[Line]],
) -> Iterator[tuple[str, Path, PostPart]]:
    """Enter the parts of a post: those that are given, and what they leave of it."""
    ledger, whole = notes.ledger, _size(notes, post)
    given: list[Path] = []
    size_known = None if post.share is not None else False
    for index, part in enumerate(parts):
        at = ("post", post.id, kind, *_names(part, kind, parts[:index]))
        path = (*at, "full-time")
        if index < len(lines):
            ledger.enter((*at, "percent"), Operation.SUM, [Rule("post-share")],
                         lines=lines[index], unit=PERCENT)  # fmt: skip
            both = [Part((*at, "percent")), Part(whole)]
            ledger.enter(path, Operation.PRODUCT, [Rule("post-part")], parts=both,
                         unit=FULL_TIME, known=size_known)  # fmt: skip
            given.append(path)
        else:
            percents = [line for one in lines for line in one]
            ledger.enter((*at, "percent"), Operation.REST, [Rule("post-rest")],
                         lines=percents, unit=PERCENT)  # fmt: skip
            left = [Part(whole), *(Part(one, -1) for one in given)]
            ledger.enter(path, Operation.SUM, [Rule("post-part")], parts=left,
                         unit=FULL_TIME, known=size_known)  # fmt: skip
        yield part.code or REST, path, part


def _names(part: PostPart, kind: str, before: Sequence[PostPart]) -> tuple[str, ...]:
    """Name a part; a payer that comes twice for a post is numbered."""
    if part.code is None:
        return (REST,)
    names = (part.code,) if part.donor is None or kind == "area" else (part.code, part.donor)
    same = sum((one.code, one.donor) == (part.code, part.donor) for one in before)
    return (*names, str(same + 1)) if same else names


def _grades(notes: _Notes, table: StaffTable, paid: Mapping[str, Parts]) -> None:
    keys = _payers(notes, paid)
    kinds = notes.ledger.reckoning.programme.source_kinds()
    by_kind = not set(keys) & set(kinds)

    def row(at: Path, posts: Sequence[Post], printed: StaffRow) -> None:
        notes.count((*at, "posts"), posts, printed.cells[0])
        found = [entry for post in posts for entry in paid[post.id]]
        for key, text in zip(keys, printed.cells[1:-1], strict=True):
            chosen = [
                (path, part.size)
                for code, path, part in found
                if (kinds.get(code, code) if by_kind else code) == key
            ]
            notes.sizes((*at, "source", key, "full-time"), chosen, text)
        _whole(notes, at, posts, printed.cells[-1])

    for name, group in zip(_categories(notes), table.groups, strict=True):
        mine = [post for post in notes.posts if category(post.grade) == name]
        for printed in group.rows:
            chosen = [post for post in mine if post.grade == printed.label]
            row(("grade", printed.label), chosen, printed)
        if group.subtotal is not None:
            row(("category", name), mine, group.subtotal)
    if table.total is not None:
        row(("total",), notes.posts, table.total)


def _whole(notes: _Notes, at: Path, posts: Sequence[Post], text: str, *last: str) -> None:
    found = [(_size(notes, post), post.share) for post in posts]
    path = (*at, "full-time", *last)
    if len(found) == 1 and path == found[0][0]:
        notes.ledger.note(path, text, found[0][1], Rounding("rounded", CENT))
    else:
        notes.sizes(path, found, text)


def _payers(notes: _Notes, paid: Mapping[str, Parts]) -> list[str]:
    """Give the columns of payers: sources, or their kinds where these are many."""
    programme = notes.ledger.reckoning.programme
    used = {code for parts in paid.values() for code, _, _ in parts}
    sources = [source for source in programme.sources if source.code in used]
    keys = [source.code for source in sources]
    if len(sources) > MOST_SOURCES:
        kinds = {source.kind for source in sources}
        keys = [kind for kind in ("core", "voluntary", "other") if kind in kinds]
    return [*keys, REST] if REST in used else keys


def _categories(notes: _Notes) -> list[str]:
    used = {category(post.grade) for post in notes.posts}
    return [name for name in CATEGORIES if name in used]


def _years(notes: _Notes, table: StaffTable) -> None:
    years = notes.ledger.reckoning.programme.settings.years
    counts, wholes = table.groups
    names = [*_categories(notes), None]
    for group in (counts, wholes):
        rows = [*group.rows, *filter(None, (group.subtotal,))]
        for name, printed in zip(names, rows, strict=True):
            mine = [p for p in notes.posts if name is None or category(p.grade) == name]
            at = ("total",) if name is None else ("category", name)
            for year, text in zip(years, printed.cells, strict=True):
                here = [post for post in mine if exists(post, year)]
                if group is counts:
                    notes.count((*at, "posts", str(year)), here, text)
                else:
                    _whole(notes, at, here, text, str(year))


def _list(notes: _Notes, paper: Staffing, paid: Mapping[str, Parts]) -> None:
    for post, line in zip(notes.posts, paper.posts, strict=True):
        _whole(notes, ("post", post.id), [post], line.size)
        parts = paid[post.id]
        for _, path, part in parts if len(parts) > 1 else ():
            text = notes.numbers.percent(part.percent)
            notes.ledger.note((*path[:-1], "percent"), text, table=False)


def _areas(notes: _Notes, table: StaffTable, work: Mapping[str, Parts]) -> None:
    keys = [*(area.code for area in notes.ledger.reckoning.programme.outline), REST]

    def row(at: Path, posts: Sequence[Post], printed: StaffRow) -> None:
        found = [entry for post in posts for entry in work[post.id]]
        for key, text in zip(keys, printed.cells[:-1], strict=True):
            chosen = [(path, part.size) for code, path, part in found if code == key]
            path = (*at, "area", key, "full-time")
            if [path] == [one for one, _ in chosen]:
                notes.ledger.note(path, text, chosen[0][1], Rounding("fitted", CENT))
            else:
                notes.sizes(path, chosen, text)
        _whole(notes, at, posts, printed.cells[-1])

    for name, group in zip(_categories(notes), table.groups, strict=True):
        mine = [post for post in notes.posts if category(post.grade) == name]
        for post, printed in zip(mine, group.rows, strict=True):
            row(("post", post.id), [post], printed)
        if group.subtotal is not None:
            row(("category", name), mine, group.subtotal)
    if table.total is not None:
        row(("total",), notes.posts, table.total)
