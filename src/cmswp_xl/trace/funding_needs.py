"""Where the figures of the funding needs come from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cmswp_xl.documents.funding_needs import content as funding_needs_context
from cmswp_xl.documents.needs import need_printer
from cmswp_xl.documents.texts import Texts
from cmswp_xl.languages import Words
from cmswp_xl.money import ZERO, decimals
from cmswp_xl.trace.activities import activity_figure, count_figure, group_figure
from cmswp_xl.trace.figure import COUNT, Line, Operation, Part, Rounding, Rule
from cmswp_xl.trace.ledger import span_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from cmswp_xl.documents.funding_needs import FundingNeeds, NeedTotal
    from cmswp_xl.documents.gaps import Gap
    from cmswp_xl.documents.needs import NeedAmounts, NeedPrinter
    from cmswp_xl.model import Activity
    from cmswp_xl.trace.figure import Path
    from cmswp_xl.trace.ledger import Ledger


_PRIORITIES = ("core", "high", "medium", "low", None)
_NAMES = ("to_be_sought", "pledged", "remaining")


@dataclass(frozen=True, slots=True)
class _Notes:
    """Notes what the funding needs print."""

    ledger: Ledger
    printer: NeedPrinter

    def amounts(
        self, enter: Sequence[Path], amounts: NeedAmounts, shown: Gap, codes: Sequence[str]
    ) -> None:
        step = self.printer.numbers.step
        texts = (amounts.sought, amounts.pledged, amounts.remaining)
        seen = (shown.sought, shown.pledged, shown.remaining)
        for path, text, value, code in zip(enter, texts, seen, codes, strict=True):
            rounding = None if step is None else Rounding(code, step)
            self.ledger.note(path, text, value, rounding)

    def said(self, path: Path, shown: Decimal, code: str = "added") -> None:
        """Note an amount in a sentence."""
        numbers, step = self.printer.numbers, self.printer.numbers.step
        text = numbers.amount(shown, self.ledger.exact(path))
        rounding = None if step is None else Rounding(code, step)
        self.ledger.note(path, text, shown, rounding, table=False)

    def alone(self, path: Path) -> None:
        """Note an amount in a sentence that is rounded for itself."""
        exact, step = self.ledger.exact(path), self.printer.numbers.step
        rounding = None if step is None else Rounding("rounded", step)
        text = self.printer.numbers.alone(exact)
        self.ledger.note(path, text, None, rounding, table=False)

    def count(self, path: Path, keys: Sequence[str], *, table: bool) -> None:
        """Note a number of activities."""
        count_figure(self.ledger, path, keys, "count-activities")
        text = self.printer.numbers.count(len(keys)) if table else str(len(keys))
        self.ledger.note(path, text, table=table)


def enter(ledger: Ledger, _codes: Sequence[str] = ()) -> None:
    """Enter and note the figures of the funding needs."""
    paper, _ = funding_needs_context(ledger.reckoning, ledger.language)
    needs = _needs(ledger)
    printer = need_printer(
        ledger.reckoning, tuple(needs.values()), Texts(ledger.language), Words(ledger.language)
    )
    notes = _Notes(ledger, printer)
    _summary(notes, paper, needs)
    for group, part in zip(needs.values(), paper.priorities, strict=True):
        rows = [row for area in part.areas for row in area.rows]
        for activity, row in zip(group, rows, strict=True):
            paths = [activity_figure(ledger, activity.id, name) for name in _NAMES]
            shown = printer.gaps.shown[activity.id]
            notes.amounts(paths, row.amounts, shown, ("fitted", "balanced", "fitted"))
            if printer.gaps.exact[activity.id].beyond:
                notes.said(activity_figure(ledger, activity.id, "beyond"), shown.beyond, "fitted")
            if row.buys:
                _bought(notes, activity)
    _sums(notes, paper, needs)
    _sentences(notes, needs)


def _needs(ledger: Ledger) -> dict[str | None, list[Activity]]:
    """Give what is to be sought and not done, by priority, then in the order of the areas."""
    reckoning = ledger.reckoning
    done = _done(ledger)
    programme = reckoning.programme
    by_area: dict[str, list[Activity]] = defaultdict(list)
    for activity in programme.activities:
        by_area[activity.area].append(activity)
    found: dict[str | None, list[Activity]] = {priority: [] for priority in _PRIORITIES}
    for activity in (a for area in programme.outline for a in by_area[area.code]):
        if reckoning.by_activity[activity.id].to_be_sought and activity.id not in done:
            found[activity.priority].append(activity)
    return {priority: group for priority, group in found.items() if group}


def _done(ledger: Ledger) -> frozenset[str]:
    from cmswp_xl.figures.totals import carried_out

    return carried_out(ledger.reckoning.programme)


def _summary(notes: _Notes, paper: FundingNeeds, needs: dict[str | None, list[Activity]]) -> None:
    """Note the summary by priority, and the total, which is the sum of its rows."""
    for (priority, group), row in zip(needs.items(), paper.summary, strict=True):
        _group(notes, ("priority", priority or "none"), group, row)
    listed = [activity for group in needs.values() for activity in group]
    if listed:
        _total(notes, [("priority", priority or "none") for priority in needs], listed, paper)


def _total(
    notes: _Notes, groups: Sequence[Path], listed: Sequence[Activity], paper: FundingNeeds
) -> None:
    ledger, ids = notes.ledger, [activity.id for activity in listed]
    paths = [
        ledger.sum(("total", name), [(*at, name) for at in groups], "sum-groups")
        for name in _NAMES
    ]
    _, shown = notes.printer.gaps.sums(ids)
    notes.amounts(paths, paper.total.amounts, shown, ("added",) * 3)
    notes.count(("total", "activities"), ids, table=True)


def _group(notes: _Notes, at: Path, group: Sequence[Activity], row: NeedTotal) -> None:
    ids = [activity.id for activity in group]
    paths = [group_figure(notes.ledger, at, ids, name) for name in _NAMES]
    _, shown = notes.printer.gaps.sums(ids)
    notes.amounts(paths, row.amounts, shown, ("added",) * 3)
    notes.count((*at, "activities"), ids, table=True)


def _sums(notes: _Notes, paper: FundingNeeds, needs: dict[str | None, list[Activity]]) -> None:
    """Note the sub-totals below each table, which the summary has already."""
    for (priority, group), part in zip(needs.items(), paper.priorities, strict=True):
        at = ("priority", priority or "none")
        _, shown = notes.printer.gaps.sums(activity.id for activity in group)
        paths = [(*at, name) for name in _NAMES]
        notes.amounts(paths, part.subtotal.amounts, shown, ("added",) * 3)


def _sentences(notes: _Notes, needs: dict[str | None, list[Activity]]) -> None:
    """Note what the sentences say: the annex's total, what is done, pledges elsewhere."""
    ledger, printer = notes.ledger, notes.printer
    activities = ledger.reckoning.programme.activities
    figures = ledger.reckoning.by_activity
    listed = [activity for group in needs.values() for activity in group]
    ids = {activity.id for activity in listed}
    done = [a for a in activities if a.id in printer.done and figures[a.id].to_be_sought]
    exact, shown = printer.sought(activities)
    if exact:
        every = [activity.id for activity in activities]
        notes.said(group_figure(ledger, ("annex",), every, "to_be_sought"), shown)
        if done:
            at: Path = ("carried-out",)
            path = group_figure(ledger, at, [activity.id for activity in done], "to_be_sought")
            notes.said(path, printer.sought(done)[1])
    gap, seen = printer.gaps.sums(activity.id for activity in listed)
    if exact and gap.beyond:
        beyond = group_figure(ledger, ("total",), [a.id for a in listed], "beyond")
        notes.said(beyond, seen.beyond)
    for key, found in figures.items():
        if found.pledged and key not in ids:
            notes.alone(activity_figure(ledger, key, "pledged"))
        if found.in_kind and key in ids:
            notes.alone(activity_figure(ledger, key, "in_kind"))
    _counts(notes, ids)


def _counts(notes: _Notes, listed: set[str]) -> None:
    """Note how many activities the remarks say are left out, or not costed."""
    printer, reckoning = notes.printer, notes.ledger.reckoning
    figures = reckoning.by_activity
    done, others = [], []
    for activity in reckoning.programme.activities:
        uncosted = figures[activity.id].cost is None
        core = activity.priority == "core"
        if activity.id in printer.done:
            if figures[activity.id].to_be_sought or (core and uncosted):
                done.append(activity.id)
        elif activity.id not in listed and uncosted and not core:
            others.append(activity.id)
    for at, keys in (("carried-out", done), ("uncosted", others)):
        if keys:
            notes.count((at, "activities"), keys, table=False)


def _bought(notes: _Notes, activity: Activity) -> None:
    """Note what a contribution would buy: quantities, added where their unit costs are equal."""
    ledger, numbers = notes.ledger, notes.printer.numbers
    units: dict[tuple[str | None, Decimal], list[int]] = defaultdict(list)
    for index, line in ledger.costs[activity.id]:
        if line.scenario not in (None, ledger.reckoning.scenario):
            continue
        missing = activity_figure(ledger, activity.id, "to_be_sought", span_of(line.year))
        if line.quantity and line.unit_cost and ledger.exact(missing):
            units[line.category, line.unit_cost].append(index)
    for number, ((_, unit_cost), indexes) in enumerate(units.items(), 1):
        at = ("activity", activity.id)
        quantity = _cells(ledger, (*at, "quantity", str(number)), "quantity", indexes)
        ledger.note(quantity, numbers.percent(ledger.exact(quantity) or ZERO), table=False)
        cost = _cells(ledger, (*at, "unit_cost", str(number)), "unit_cost", indexes[:1])
        full = replace(numbers, places=2 if decimals(unit_cost) else 0, step=None)
        ledger.note(cost, full.amount(unit_cost), table=False)


def _cells(ledger: Ledger, path: Path, name: str, indexes: Sequence[int]) -> Path:
    lines = []
    for index in indexes:
        cell = ledger.places.cell("costs", index, name)
        if cell is not None:
            because = ("activity", "year", "category", "unit_cost")
            lines.append(Line(cell, ledger.places.cells("costs", index, because)))
    rules = [Rule("quantity" if name == "quantity" else "unit-cost")]
    unit = COUNT if name == "quantity" else "amount"
    return ledger.enter(path, Operation.SUM, rules, lines=lines, parts=list[Part](), unit=unit)
