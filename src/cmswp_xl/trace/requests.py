"""Where the figures of the requests come from: scores, estimates, needs ahead, activities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import Columns, amounts_behind, choose_columns, grouped_tree
from cmswp_xl.documents.requests import content as requests_context
from cmswp_xl.documents.review import linked_activities, printer_for
from cmswp_xl.figures.computed import ranked
from cmswp_xl.model import CRITERIA
from cmswp_xl.money import HUNDRED, fitted, rounded, total
from cmswp_xl.trace.activities import AmountNotes, group_figure
from cmswp_xl.trace.figure import (
    AMOUNT,
    COUNT,
    DAYS,
    PERCENT,
    SCORE,
    Line,
    Operation,
    Rounding,
    Rule,
)
from cmswp_xl.trace.ledger import span_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.documents.requests import LinkedTable, NeedTable, Requests
    from cmswp_xl.documents.review import Printer
    from cmswp_xl.model import Need
    from cmswp_xl.trace.figure import Path
    from cmswp_xl.trace.ledger import Ledger

_MEANS = ("estimated_cost", "staff_days", "funding_offered")


@dataclass(frozen=True, slots=True)
class _Notes:
    """Notes what the paper on requests prints."""

    ledger: Ledger
    numbers: Numbers

    def cell(self, at: Path, table: str, index: int, name: str, text: str, unit: str) -> Path:
        """Note what stands in one cell; an amount may be rounded for itself."""
        cell = self.ledger.places.cell(table, index, name)
        lines = [] if cell is None or cell.value is None else [Line(cell)]
        path = self.ledger.enter(
            (*at, name), Operation.SUM, [Rule("entered")], lines=lines, unit=unit
        )
        exact, step = self.ledger.exact(path), self.numbers.step
        if unit != AMOUNT or step is None or exact is None:
            self.ledger.note(path, text)
        else:
            self.ledger.note(path, text, rounded(exact, step), Rounding("rounded", step))
        return path


def enter(ledger: Ledger, _codes: Sequence[str] = ()) -> None:
    """Enter and note the figures of the paper on requests."""
    reckoning = ledger.reckoning
    review = reckoning.programme.review
    paper, _ = requests_context(reckoning, ledger.language)
    means = [a for item in review.requests for a in (item.estimated_cost, item.funding_offered)]
    behind = amounts_behind(reckoning, reckoning.total)
    amounts = [*behind, *means, *(need.amount for need in review.needs)]
    printer = printer_for(reckoning, ledger.language, amounts)
    notes = _Notes(ledger, printer.numbers)
    _requests(notes, paper)
    _weights(notes, paper)
    by_kind: dict[str, list[Need]] = {}
    for kind in ("technology", "staff"):
        found = [need for need in review.needs if need.kind == kind]
        by_kind |= {kind: found} if found else {}
    for (kind, needs), table in zip(by_kind.items(), paper.needs, strict=True):
        _needs(notes, kind, needs, table)
    if paper.linked is not None:
        _linked(notes, printer, paper.linked)


def _requests(notes: _Notes, paper: Requests) -> None:
    """Note scores and means of the requests, which are printed in the order of their rank."""
    ledger, review = notes.ledger, notes.ledger.reckoning.programme.review
    places = {item.id: i for i, item in enumerate(review.requests)}
    whole = total(review.weights.values()) == HUNDRED
    for (item, _), row in zip(ranked(review), paper.rows, strict=True):
        index, at = places[item.id], ("request", item.id)
        for name, text in zip(CRITERIA, row.scores, strict=True):
            notes.cell(at, "requests", index, name, text, SCORE)
        path = ledger.enter(
            (*at, "score"),
            Operation.WEIGHTED,
            [Rule("weighted-score")],
            lines=_scores(notes, index),
            unit=SCORE,
            known=None if whole else False,
        )
        ledger.note(path, row.score)
        units, texts = (AMOUNT, DAYS, AMOUNT), (row.cost, row.staff_days, row.offered)
        for name, unit, text in zip(_MEANS, units, texts, strict=True):
            notes.cell(at, "requests", index, name, text, unit)


def _scores(notes: _Notes, index: int) -> list[Line]:
    """Give each score of a request with the weight of its criterion."""
    places = notes.ledger.places
    weights = {name: i for i, name in enumerate(notes.ledger.reckoning.programme.review.weights)}
    lines = []
    for name in CRITERIA:
        score = places.cell("requests", index, name)
        weight = places.cell("weights", weights[name], "weight") if name in weights else None
        if score is not None and weight is not None:
            lines.append(Line(score, factor=weight))
    return lines


def _weights(notes: _Notes, paper: Requests) -> None:
    ledger = notes.ledger
    places = {name: i for i, name in enumerate(ledger.reckoning.programme.review.weights)}
    paths = []
    for name, row in zip(CRITERIA, paper.weights, strict=True):
        if name in places:
            at = ("criterion", name)
            paths.append(notes.cell(at, "weights", places[name], "weight", row.weight, PERCENT))
    if paths:
        whole = ledger.sum(("total", "weight"), paths, "sum-groups", unit=PERCENT)
        ledger.note(whole, paper.weights_total)


def _needs(notes: _Notes, kind: str, needs: Sequence[Need], table: NeedTable) -> None:
    """Note the needs of a kind by year, and their sums."""
    ledger, every = notes.ledger, notes.ledger.reckoning.programme.review.needs
    places = {need.id: i for i, need in enumerate(every)}
    shown = _shown(notes, needs)
    years = sorted({need.year for need in needs}, key=lambda year: (year is None, year))
    step = notes.numbers.step
    rounding = None if step is None else Rounding("added", step)
    wholes = []
    for year, part in zip(years, table.years, strict=True):
        chosen = [need for need in needs if need.year == year]
        for need, row in zip(chosen, part.rows, strict=True):
            for name, unit, text in (
                ("quantity", COUNT, row.quantity),
                ("amount", AMOUNT, row.amount),
            ):
                one = ("need", need.id)
                notes.cell(one, "needs", places[need.id], name, text, unit)
        at = ("needs", kind, span_of(year))
        amounts = [("need", need.id, "amount") for need in chosen]
        path = ledger.sum((*at, "amount"), amounts, "sum-needs")
        wholes.append(path)
        ledger.note(path, part.amount, _added(shown, chosen), rounding)
        if part.quantity:
            quantities = [("need", need.id, "quantity") for need in chosen]
            path = ledger.sum((*at, "quantity"), quantities, "sum-needs", unit=COUNT)
            ledger.note(path, part.quantity)
    path = ledger.sum(("needs", kind, "amount"), wholes, "sum-groups")
    ledger.note(path, table.amount, _added(shown, needs), rounding)


def _shown(notes: _Notes, needs: Sequence[Need]) -> Mapping[str, Decimal]:
    known = {need.id: need.amount for need in needs if need.amount is not None}
    step = notes.numbers.step
    if step is None:
        return known
    whole = rounded(total(known.values()), step)
    return dict(zip(known, fitted(list(known.values()), whole, step), strict=True))


def _added(shown: Mapping[str, Decimal], needs: Sequence[Need]) -> Decimal:
    return total(shown[need.id] for need in needs if need.id in shown)


def _linked(notes: _Notes, printer: Printer, table: LinkedTable) -> None:
    """Note the activities that recommendations rest on: cost, staff days, what is to be sought."""
    ledger, reckoning = notes.ledger, notes.ledger.reckoning
    activities = linked_activities(printer)
    keys = [activity.id for activity in activities]
    undated = any(line.year is None for line in reckoning.costs if line.activity in keys)
    years = choose_columns(reckoning, reckoning.of(activities)).years
    columns = Columns(tuple(year for year in years if undated or year is not None), ())
    tree = grouped_tree(reckoning, {"": activities}, columns, notes.numbers.step)
    amounts = AmountNotes(ledger, tree, notes.numbers)
    places = {activity.id: i for i, activity in enumerate(reckoning.programme.activities)}
    days = []
    for activity, row in zip(activities, table.rows, strict=True):
        amounts.activity(activity, row.activity.amounts, ("total",))
        at, index = ("activity", activity.id), places[activity.id]
        days.append(notes.cell(at, "activities", index, "staff_days", row.staff_days, DAYS))
    for name in ("cost", "to_be_sought"):
        group_figure(ledger, ("total",), keys, name)
    for year in columns.years:
        group_figure(ledger, ("total",), keys, "cost", span_of(year))
    amounts.total([], table.total.amounts)
    amounts.costed(("total",), keys, table.total.remark)
    whole = ledger.sum(("total", "staff_days"), days, "sum-activities", unit=DAYS)
    ledger.note(whole, table.staff_days)
