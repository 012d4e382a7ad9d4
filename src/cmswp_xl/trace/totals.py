"""Where the figures that `cmswp totals` shows come from, by each of its groupings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.figures.declarations import AVAILABLE_STAGES
from cmswp_xl.money import to_cents
from cmswp_xl.trace.activities import activity_figure, group_figure, year_figure
from cmswp_xl.trace.figure import Line, Operation, Rule
from cmswp_xl.trace.ledger import span_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cmswp_xl.figures.totals import Row
    from cmswp_xl.model import Contribution
    from cmswp_xl.trace.figure import Path
    from cmswp_xl.trace.ledger import Ledger

NONE = "none"
"""What stands for a blank key."""

_AMOUNTS = ("cost", "core", "voluntary", "other", "pledged", "to_be_sought", "surplus")
_MONEY = ("core", "voluntary", "other", "pledged")


def enter(ledger: Ledger, _codes: Sequence[str] = ()) -> None:
    """Enter and note the figures of `cmswp totals`, as its JSON writes them."""
    _activities(ledger)
    _groups(ledger)
    _years(ledger)
    for by, key_of in (("source", _source), ("donor", _donor)):
        for row in ledger.reckoning.rows(by):
            _contributions(ledger, by, row, key_of)
    _categories(ledger)
    every = [activity.id for activity in ledger.reckoning.programme.activities]
    for name in _AMOUNTS:
        _note(ledger, group_figure(ledger, ("total",), every, name))


def _note(ledger: Ledger, path: Path) -> None:
    exact = ledger.exact(path)
    ledger.note(path, "" if exact is None else f"{to_cents(exact):f}")


def _activities(ledger: Ledger) -> None:
    for activity in ledger.reckoning.programme.activities:
        for name in _AMOUNTS:
            _note(ledger, activity_figure(ledger, activity.id, name))


def _groups(ledger: Ledger) -> None:
    """Enter the sums by area, by priority and by recommendation."""
    programme = ledger.reckoning.programme
    linked = {item.number: item.activity for item in programme.review.recommendations}
    tied = set(linked.values())
    for by in ("area", "priority", "recommendation"):
        for row in ledger.reckoning.rows(by):
            keys = [
                activity.id
                for activity in programme.activities
                if (by == "area" and activity.area == row.key)
                or (by == "priority" and (activity.priority or "") == row.key)
                or (by == "recommendation" and row.key and linked[row.key] == activity.id)
                or (by == "recommendation" and not row.key and activity.id not in tied)
            ]
            for name in _AMOUNTS:
                _note(ledger, group_figure(ledger, (by, row.key or NONE), keys, name))


def _years(ledger: Ledger) -> None:
    every = [activity.id for activity in ledger.reckoning.programme.activities]
    for row in ledger.reckoning.rows("year"):
        span = row.key or span_of(None)
        for name in _AMOUNTS:
            _note(ledger, year_figure(ledger, span, every, name))


def _source(row: Contribution) -> str:
    return row.source


def _donor(row: Contribution) -> str:
    return row.donor or ""


def _contributions(
    ledger: Ledger, by: str, row: Row, key_of: Callable[[Contribution], str]
) -> None:
    """Enter what one source or donor gives, by kind of source, and what it pledged."""
    kinds = ledger.reckoning.programme.source_kinds()
    mine = [
        (index, item)
        for index, item in enumerate(ledger.reckoning.programme.funding)
        if key_of(item) == row.key and item.scenario in (None, ledger.reckoning.scenario)
    ]
    for name in _MONEY:
        lines = [
            line
            for index, item in mine
            if not item.in_kind and _stage_kind(item, kinds[item.source]) == name
            for line in _line(ledger, "funding", index, (by, "source", "stage", "in_kind"))
        ]
        rules = [Rule("given-pledged" if name == "pledged" else "given")]
        path = (by, row.key or NONE, name)
        ledger.enter(path, Operation.SUM, rules, lines=lines, known=bool(mine))
        _note(ledger, path)


def _stage_kind(item: Contribution, kind: str) -> str:
    return kind if item.stage in AVAILABLE_STAGES else "pledged"


def _categories(ledger: Ledger) -> None:
    programme, scenario = ledger.reckoning.programme, ledger.reckoning.scenario
    for row in ledger.reckoning.rows("category"):
        lines = [
            line
            for index, item in enumerate(programme.costs)
            if (item.category or "") == row.key and item.scenario in (None, scenario)
            for line in _line(ledger, "costs", index, ("activity", "category", "scenario"))
        ]
        path = ("category", row.key or NONE, "cost")
        ledger.enter(path, Operation.SUM, [Rule("category-costs")], lines=lines, known=True)
        _note(ledger, path)


def _line(ledger: Ledger, table: str, index: int, because: Sequence[str]) -> Iterator[Line]:
    amount = ledger.places.cell(table, index, "amount")
    if amount is not None:
        names = tuple(dict.fromkeys(because))
        yield Line(amount, ledger.places.cells(table, index, names))
