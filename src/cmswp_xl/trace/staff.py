"""Where the percentages of the annex's staff tables come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.trace.figure import PERCENT, Line, Operation, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cmswp_xl.context.staff import StaffGroup
    from cmswp_xl.trace.columns import AmountNotes
    from cmswp_xl.trace.figure import Path
    from cmswp_xl.trace.ledger import Ledger

_KINDS = ("core", "voluntary", "other")


def note_staff(notes: AmountNotes, area: str, groups: Sequence[StaffGroup]) -> None:
    """Note the percentages of an area's staff table, which stand by kind of source."""
    ledger = notes.ledger
    entries = list(_entries(ledger, area))
    order = [path for kind in _KINDS for found, path in entries if found == kind]
    texts = [line.percent for group in groups for line in group.lines]
    for path, text in zip(order, texts, strict=True):
        ledger.note(path, text)


def _entries(ledger: Ledger, area: str) -> Iterator[tuple[str, Path]]:
    """Enter a figure for each post of the area, and for each of its payers where several do."""
    programme, places = ledger.reckoning.programme, ledger.places
    kinds = programme.source_kinds()
    posts = {post.id: (i, post) for i, post in enumerate(programme.posts)}
    for index, allocation in enumerate(programme.allocations):
        if allocation.area != area:
            continue
        percent = places.cell("allocations", index, "percent")
        because = places.cells("allocations", index, ("post", "area"))
        time = [] if percent is None else [Line(percent, because)]
        at = ("staff", allocation.post, area)
        shares = [
            (i, share)
            for i, share in enumerate(programme.post_shares)
            if share.post == allocation.post
        ]
        for i, share in shares:
            lines = [*time, *payment(ledger, i)]
            path = free(ledger, (*at, *filter(None, (share.source, share.donor))))
            rules = [Rule("time-shared")]
            yield (
                kinds[share.source],
                ledger.enter(path, Operation.PRODUCT, rules, lines=lines, unit=PERCENT),
            )
        if not shares:
            source = posts[allocation.post][1].source
            path = (*at, "percent")
            rules = [Rule("time")]
            yield (
                kinds[source],
                ledger.enter(path, Operation.SUM, rules, lines=time, unit=PERCENT),
            )


def payment(ledger: Ledger, index: int) -> Iterator[Line]:
    """Give the cell that says what part of a post one of its sources pays."""
    cell = ledger.places.cell("postfunding", index, "percent")
    if cell is not None:
        names = ("post", "source", "donor")
        yield Line(cell, ledger.places.cells("postfunding", index, names))


def free(ledger: Ledger, path: Path) -> Path:
    """Give the path of a percentage; a payer that comes twice for a post is numbered."""
    found, number = (*path, "percent"), 1
    while found in ledger.figures:
        number += 1
        found = (*path, str(number), "percent")
    return found
