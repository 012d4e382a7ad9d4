"""Where the figures of the progress report come from: counts, expenditure, balances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import amounts_behind
from cmswp_xl.documents.numbers import numbers_for
from cmswp_xl.documents.progress import STATUSES, spending_printer
from cmswp_xl.documents.progress import content as progress_context
from cmswp_xl.figures.totals import newest_reports
from cmswp_xl.languages import Words
from cmswp_xl.trace.activities import activity_figure, costed, count_figure, group_figure
from cmswp_xl.trace.figure import PERCENT, Line, Operation, Part, Rounding, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cmswp_xl.documents.progress import ProgressReport, SpendingAmounts, SpendingPrinter
    from cmswp_xl.model import Progress
    from cmswp_xl.trace.figure import Path
    from cmswp_xl.trace.ledger import Ledger

NOT_REPORTED = "not-reported"


@dataclass(frozen=True, slots=True)
class _Notes:
    """Notes what the progress report prints; `rows` are those of the reports that hold."""

    ledger: Ledger
    printer: SpendingPrinter
    reports: Mapping[str, Progress]
    rows: Mapping[str, int]

    def activity(self, key: str, amounts: SpendingAmounts) -> None:
        """Note the row of an activity."""
        at = ("activity", key)
        paths = [
            activity_figure(self.ledger, key, "cost"),
            activity_figure(self.ledger, key, "available"),
            spent_figure(self, key),
            _balance(self, key),
            _percent(self, at, [key]),
        ]
        self._row(paths, amounts, [key], "fitted")

    def group(
        self, at: Path, keys: Sequence[str], amounts: SpendingAmounts, *, plan: bool = False
    ) -> None:
        """Note a sum over activities; `plan` where only cost and money available are printed."""
        ledger = self.ledger
        paths = [group_figure(ledger, at, keys, name) for name in ("cost", "available")]
        if not plan:
            spent = [spent_figure(self, key) for key in keys]
            balances = [_balance(self, key) for key in keys]
            paths.append(ledger.sum((*at, "spent"), spent, "sum-activities"))
            paths.append(ledger.sum((*at, "balance"), balances, "sum-activities"))
            paths.append(_percent(self, at, keys))
        self._row(paths, amounts, keys, "added")

    def costed(self, at: Path, keys: Sequence[str]) -> None:
        """Note how many activities are costed, where not all are."""
        known = costed(self.ledger, keys)
        if len(known) < len(keys):
            self.count((*at, "costed"), known, "count-costed", table=False)
            self.count((*at, "activities"), keys, "count-activities", table=False)

    def count(self, path: Path, keys: Sequence[str], rule: str, *, table: bool = True) -> None:
        """Note a number of activities; none is a dash in a table."""
        count_figure(self.ledger, path, keys, rule)
        text = self.printer.numbers.count(len(keys)) if keys or not table else "–"
        self.ledger.note(path, text, table=table)

    def _row(
        self, paths: Sequence[Path], amounts: SpendingAmounts, keys: Sequence[str], code: str
    ) -> None:
        step = self.printer.numbers.step
        texts = (amounts.cost, amounts.available, amounts.spent, amounts.balance, amounts.percent)
        names = ("cost", "available", "spent", "balance")
        for path, text, name in zip(paths, texts, (*names, None), strict=False):
            if step is None or name is None:
                self.ledger.note(path, text)
                continue
            found = [getattr(self.printer.shown[key], name) for key in keys]
            known = [amount for amount in found if amount is not None]
            shown = sum(known) if known else None
            self.ledger.note(path, text, shown, Rounding(code, step))


def enter(ledger: Ledger, _codes: Sequence[str] = ()) -> None:
    """Enter and note the figures of the progress report."""
    programme, settings = ledger.reckoning.programme, ledger.reckoning.programme.settings
    paper, _ = progress_context(ledger.reckoning, ledger.language)
    reports = newest_reports(programme)
    behind = (
        *amounts_behind(ledger.reckoning, ledger.reckoning.total),
        *(report.expenditure for report in reports.values()),
    )
    numbers = numbers_for(ledger.language, settings.number_style, settings.rounding, behind)
    printer = spending_printer(ledger.reckoning, reports, numbers, Words(ledger.language))
    places = {(row.activity, row.as_at): i for i, row in enumerate(programme.progress)}
    rows = {key: places[key, report.as_at] for key, report in reports.items()}
    notes = _Notes(ledger, printer, reports, rows)
    _counts(notes)
    for area, part in zip(programme.outline, paper.areas, strict=True):
        keys = [activity.id for activity in programme.activities_of(area.code)]
        here = [key for key in keys if key in reports]
        for key, row in zip(here, part.rows, strict=True):
            notes.activity(key, row.amounts)
        notes.group(("area", area.code), here, part.subtotal.amounts)
        notes.costed(("area", area.code), here)
        silent = [key for key in keys if key not in reports]
        for line in part.silent:
            at = ("area", area.code, NOT_REPORTED)
            notes.group(at, silent, line.amounts, plan=True)
            notes.count((*at, "activities"), silent, "count-silent", table=False)
    _overview(notes, paper)


def spent_figure(notes: _Notes, key: str) -> Path:
    """Enter the expenditure on an activity; blank where nobody reported it."""
    ledger, path = notes.ledger, ("activity", key, "spent")
    row = notes.rows.get(key)
    cell = None if row is None else ledger.places.cell("progress", row, "expenditure")
    lines = []
    if cell is not None and row is not None and cell.value is not None:
        lines = [Line(cell, ledger.places.cells("progress", row, ("activity", "as_at")))]
    rules = [Rule("spent"), *([] if lines else [Rule("not-reported")])]
    return ledger.enter(path, Operation.SUM, rules, lines=lines)


def _balance(notes: _Notes, key: str) -> Path:
    available = activity_figure(notes.ledger, key, "available")
    spent = spent_figure(notes, key)
    known = [notes.ledger.exact(path) is not None for path in (available, spent)]
    return notes.ledger.enter(
        ("activity", key, "balance"),
        Operation.SUM,
        [Rule("balance")],
        parts=[Part(available), Part(spent, -1)],
        known=None if all(known) else False,
    )


def _percent(notes: _Notes, at: Path, keys: Sequence[str]) -> Path:
    """Enter expenditure in per cent of cost, over the activities of which both are known."""
    ledger, exact = notes.ledger, notes.printer.exact
    both = [key for key in keys if exact[key].spent is not None and exact[key].cost]
    spent = ledger.sum(
        (*at, "spent", "both-known"), [spent_figure(notes, key) for key in both], "sum-activities"
    )
    costs = [activity_figure(ledger, key, "cost") for key in both]
    cost = ledger.sum((*at, "cost", "both-known"), costs, "sum-activities")
    return ledger.enter(
        (*at, "spent", "percent"),
        Operation.SHARE,
        [Rule("spent-share")],
        parts=[Part(spent), Part(cost)],
        unit=PERCENT,
    )


def _counts(notes: _Notes) -> None:
    """Note how many activities of each area have which status."""
    programme = notes.ledger.reckoning.programme
    areas: list[tuple[Path, list[str]]] = [
        (("area", area.code), [a.id for a in programme.activities_of(area.code)])
        for area in programme.outline
    ]
    everything = (("total",), [activity.id for activity in programme.activities])
    for at, keys in [*areas, everything]:
        for status in STATUSES:
            found = [k for k in keys if k in notes.reports and notes.reports[k].status == status]
            notes.count((*at, status, "activities"), found, "count-reported")
        silent = [key for key in keys if key not in notes.reports]
        notes.count((*at, NOT_REPORTED, "activities"), silent, "count-silent")
        notes.count((*at, "activities"), keys, "count-activities")


def _overview(notes: _Notes, paper: ProgressReport) -> None:
    """Note the sums by area and the totals, of what was reported, of the rest, and of all."""
    programme, reports = notes.ledger.reckoning.programme, notes.reports
    for area, line in zip(programme.outline, paper.overview, strict=True):
        here = [a.id for a in programme.activities_of(area.code) if a.id in reports]
        notes.group(("area", area.code), here, line.amounts)
    everything = [activity.id for activity in programme.activities]
    here = [key for key in everything if key in reports]
    silent = [key for key in everything if key not in reports]
    sums: list[tuple[Path, list[str]]] = [
        (("reported",), here),
        ((NOT_REPORTED,), silent),
        (("annex",), everything),
    ]
    for index, ((at, keys), line) in enumerate(zip(sums, paper.overview_totals, strict=False)):
        notes.group(at, keys, line.amounts, plan=index > 0)
        notes.costed(at, keys)
