"""What `cmswp totals` shows as its JSON writes it, each figure with where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.figures.declarations import Operation, counts_for
from cmswp_xl.figures.sources import Derived, Entry, OfActivity, OfGroup, OfYear, span_of
from cmswp_xl.money import to_cents
from cmswp_xl.printed import Figured, Printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cmswp_xl.figures.totals import Figures, ProgrammeTotals, Row
    from cmswp_xl.printed import Source

NONE = "none"
"""What stands for a blank key."""
_AMOUNTS = ("cost", "core", "voluntary", "other", "pledged", "to_be_sought", "surplus")
_MONEY = ("core", "voluntary", "other", "pledged")


def totals_printed(totals: ProgrammeTotals) -> Iterator[Printed]:
    """Return the figures of every grouping, and the totals."""
    every = tuple(activity.id for activity in totals.programme.activities)
    for row in totals.rows("activity"):
        yield from _printed(row.figures, [OfActivity(row.key, name) for name in _AMOUNTS])
    for by in ("area", "priority", "recommendation"):
        for row in totals.rows(by):
            at = (by, row.key or NONE)
            sources = [OfGroup(at, row.activities, name) for name in _AMOUNTS]
            yield from _printed(row.figures, sources)
    for row in totals.rows("year"):
        span = row.key or span_of(None)
        yield from _printed(row.figures, [OfYear(span, every, name) for name in _AMOUNTS])
    for by in ("source", "donor"):
        for row in totals.rows(by):
            yield from _printed(row.figures, _contributions(totals, by, row))
    for row in totals.rows("category"):
        because = ("activity", "category", "scenario")
        cells = tuple(Entry("costs", index, "amount", because) for index in row.rows)
        path, rules = ("category", row.key or NONE, "cost"), ("category-costs",)
        yield from _printed(row.figures, [Derived(path, Operation.SUM, rules, cells, known=True)])
    sources = [OfGroup(("total",), every, name) for name in _AMOUNTS]
    yield from _printed(totals.total, sources)


def _printed(figures: Figures, sources: Iterable[Source]) -> Iterator[Printed]:
    for source in sources:
        name = source.path[2] if source.path[0] != "total" else source.path[1]
        exact = getattr(figures, name)
        text = "" if exact is None else f"{to_cents(exact):f}"
        yield Printed(text, Figured(source, exact))


def _contributions(totals: ProgrammeTotals, by: str, row: Row) -> Iterator[Source]:
    """Return where comes from what one source or donor gives, by kind, and what it pledged."""
    funding, kinds = totals.programme.funding, totals.programme.source_kinds()
    because = tuple(dict.fromkeys((by, "source", "stage", "in_kind")))
    for name in _MONEY:
        cells = tuple(
            Entry("funding", index, "amount", because)
            for index in row.rows
            if counts_for(funding[index], kinds) == name
        )
        rules = ("given-pledged" if name == "pledged" else "given",)
        path = (by, row.key or NONE, name)
        yield Derived(path, Operation.SUM, rules, cells, known=bool(row.rows))
