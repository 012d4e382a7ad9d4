"""The progress report: what was done and spent, beside cost and money available."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cmswp_xl.documents.amounts import (
    Amounts,
    AmountTree,
    Line,
    amounts_behind,
    annex_tree,
    fitted_groups,
    labelled,
)
from cmswp_xl.documents.front import Made, circumstances, paper
from cmswp_xl.documents.texts import NIL, NO_BREAK_SPACE, Printer, paragraphs, printer_for
from cmswp_xl.figures.declarations import KINDS, PERCENT, Operation
from cmswp_xl.figures.sources import Derived, OfActivity, OfGroup, SumOf, counted
from cmswp_xl.figures.totals import ProgrammeTotals, newest_reports, report_date
from cmswp_xl.languages import N_, Language
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.messages.values import long_date
from cmswp_xl.model import Activity, Area, Programme, Progress
from cmswp_xl.money import EXACT, HUNDRED, known_total, rounded_to
from cmswp_xl.page import Block, Cell, Column, Paragraph, Row, Section, Table, tabled
from cmswp_xl.printed import Figured, Path, Printed, worded

_BALANCES = {
    (False, False): N_("Balance {balance} = available {available} − expenditure {spent}"),
    (True, False): N_(
        "Balance {balance} = available {available}"
        " − available where expenditure is not reported {silent} − expenditure {spent}"
    ),
    (False, True): N_(
        "Balance {balance} = available {available} − expenditure {spent}"
        " + expenditure where no funding is recorded {unfunded}"
    ),
    (True, True): N_(
        "Balance {balance} = available {available}"
        " − available where expenditure is not reported {silent} − expenditure {spent}"
        " + expenditure where no funding is recorded {unfunded}"
    ),
}
"""How the balance follows from its columns, with activities without a report, without money."""
STATUSES = ("done", "ongoing", "no-progress", "action-needed")
NOT_REPORTED = "not-reported"
"""What stands for the activities that nobody reported on."""


def _line(kinds: Line, spent: Decimal | None) -> Line:
    """Return what is known of an activity; its balance where money and expenditure are known."""
    available = known_total(kinds[name] for name in KINDS if name in kinds)
    known = available is not None and spent is not None
    balance = available - spent if known else None  # type: ignore[operator]
    return {"cost": kinds["cost"], "available": available, "spent": spent, "balance": balance}


@dataclass(frozen=True, slots=True)
class Together:
    """Some activities, or one; `counts` names their number, where `at` has others too."""

    at: Path
    keys: tuple[str, ...]
    counts: Path = ()

    def source(self, name: str) -> OfActivity | OfGroup:
        """Return where a figure of theirs comes from."""
        if self.at[0] == "activity":
            return OfActivity(self.keys[0], name)
        return OfGroup(self.at, self.keys, name)

    def part(self, name: str, what: str, keys: Iterable[str]) -> SumOf:
        """Return where the sum of a figure over some of them comes from."""
        parts = tuple(OfActivity(key, name) for key in keys)
        return SumOf((*self.at, name, what), parts, "sum-activities")


@dataclass(frozen=True, slots=True)
class SpendingPrinter(Printer):
    """Prints expenditure beside the annex's amounts: `cost`, `available`, `spent`, `balance`."""

    reports: Mapping[str, Progress]
    as_at: dt.date | None
    spending: Amounts
    partial: frozenset[str]

    def amounts(self, of: Together, *, plan: bool = False) -> tuple[str, ...]:
        """
        Print cost, money available, expenditure, this in per cent of cost, and the balance.

        `plan` where the last three are not printed. A balance is that of the activities whose
        balance is known.
        """
        cost = self._amount(of, "cost").value
        least = bool(self.partial & {*of.keys} and cost.exact)
        known = (self.amount(cost, at_least=least), self._amount(of, "available"))
        if plan:
            return (*known, "", "", "")
        spent = self._amount(of, "spent")
        if spent.value.exact is None and of.keys:
            spent = spent.reworded(self.say("not reported"))
        return (*known, spent, self._percent(of), self._amount(of, "balance"))

    def _amount(self, of: Together, name: str, *, nil: bool = False) -> Printed:
        code = "fitted" if of.at[0] == "activity" else "added"
        value = self.spending.figure(of.source(name), of.keys, name, code)
        return self.numbers.amount(value, nil=nil)

    def _part(
        self, of: Together, name: str, what: str, keys: Sequence[str], *, nil: bool = False
    ) -> Printed:
        value = self.spending.figure(of.part(name, what, keys), keys, name, "added")
        return self.numbers.amount(value, nil=nil)

    def _exact(self, keys: Iterable[str], name: str) -> Decimal | None:
        return known_total(self.spending.exact[key][name] for key in keys)

    def remarks(self, of: Together) -> Iterator[str]:
        """Explain a sum whose columns are not about the same activities."""
        yield from self.costed(of)
        base = self._base(of.keys)
        names = ("spent", "cost")
        if base and any(self._exact(base, n) != self._exact(of.keys, n) for n in names):
            spent, cost = (self._part(of, name, "both-known", base) for name in names)
            yield self.say(
                "The percentage is {spent} of {cost}, where both expenditure and cost are known.",
                spent=spent,
                cost=cost,
            )
        exact, shown = self.spending.exact, self.spending.shown
        known = [key for key in of.keys if exact[key]["spent"] is not None]
        silent = [key for key in of.keys if key not in known and shown[key]["available"]]
        unfunded = [k for k in known if exact[k]["available"] is None and shown[k]["spent"]]
        if known and (silent or unfunded):
            yield self._balanced(of, silent, unfunded)

    def costed(self, of: Together) -> Iterator[str]:
        """Say how many activities are costed, where not all are."""
        known = [key for key in of.keys if self.spending.exact[key]["cost"] is not None]
        if len(known) < len(of.keys):
            at = of.counts or of.at
            every = counted((*at, "activities"), of.keys, "count-activities")
            some = counted((*at, "costed"), known, "count-costed")
            yield self.some_costed(some, every)

    def _balanced(self, of: Together, silent: Sequence[str], unfunded: Sequence[str]) -> str:
        """Tie the balance to the columns beside it."""
        say = self.say
        available, balance = (
            found or found.reworded(NIL)
            for found in (self._amount(of, name, nil=True) for name in ("available", "balance"))
        )
        places = {"balance": balance, "available": available}
        if silent:
            places["silent"] = self._part(of, "available", "no-expenditure", silent, nil=True)
        places["spent"] = self._amount(of, "spent", nil=True)
        if unfunded:
            places["unfunded"] = self._part(of, "spent", "no-funding", unfunded, nil=True)
        said = say(_BALANCES[bool(silent), bool(unfunded)], **places)
        return worded(f"{said}.", [said])

    def _base(self, keys: Iterable[str]) -> list[str]:
        """Return the activities of which both expenditure and a cost are known."""
        found = self.spending.exact
        return [key for key in keys if found[key]["spent"] is not None and found[key]["cost"]]

    def _percent(self, of: Together) -> str:
        """Print the expenditure in per cent of the cost, where both are known."""
        base = self._base(of.keys)
        parts = tuple((1, of.part(name, "both-known", base)) for name in ("spent", "cost"))
        path, rules = (*of.at, "spent", "percent"), ("spent-share",)
        source = Derived(path, Operation.SHARE, rules, parts=parts, unit=PERCENT)
        spent, cost = (self._exact(base, name) for name in ("spent", "cost"))
        if spent is None or not cost:
            return Printed("", Figured(source, None))
        share = EXACT.divide(EXACT.multiply(spent, HUNDRED), cost)
        printed = Printed(self._whole_percent(share), Figured(source, share))
        if spent and self.partial & {*base}:
            return printed.reworded(self.say("at most {percent}", percent=printed))
        return printed

    def _whole_percent(self, exact: Decimal) -> str:
        """Print a percentage without decimals: 0 and 100 only where it is just that."""
        if not exact:
            return NIL
        whole = rounded_to(exact, 0)
        if not whole:
            return f"<{NO_BREAK_SPACE}1"
        if whole == HUNDRED and exact != HUNDRED:
            return f"{'<' if exact < HUNDRED else '>'}{NO_BREAK_SPACE}100"
        return self.numbers.decimal(whole, 0)

    def reported(self, activities: Iterable[Activity]) -> tuple[str, ...]:
        """Return the ids of the activities that were reported on."""
        return tuple(activity.id for activity in activities if activity.id in self.reports)

    def of_area(self, code: str) -> Together:
        """Return the activities of an area that were reported on."""
        at = ("area", code)
        return Together(at, self.reported(self.programme.activities_of(code)), (*at, "reported"))

    def silent(self, activities: Iterable[Activity]) -> tuple[str, ...]:
        """Return the ids of the activities that nobody reported on."""
        return tuple(activity.id for activity in activities if activity.id not in self.reports)

    def columns(self, cost: str, *lead: Column) -> tuple[Column, ...]:
        """Return the columns of expenditure beside cost and funding, behind others."""
        say = self.say
        return (
            *lead,
            Column(cost, "amount", 1190),
            Column(say("Funding available"), "amount", 1190),
            Column(say("Expenditure"), "amount", 1190),
            Column(say("% of cost"), "amount", 1050),
            Column(say("Balance"), "amount", 1190),
        )

    def sums(self, label: str, of: Together, look: str = "", *, span: int = 1) -> Row:
        """Print the sums of some activities, with remarks where they are a total."""
        remarks = self.remarks(of) if look else ()
        cell = labelled(label, *remarks, span=span)
        return Row((cell, *self.amounts(of)), look, "/".join(of.at))

    def plan(self, of: Together, look: str, *labels: str, span: int = 1) -> Row:
        """Print cost and money available of some activities only."""
        cell = labelled(*labels, *self.costed(of), span=span)
        return Row((cell, *self.amounts(of, plan=True)), look, of.at[-1])


def spending_printer(totals: ProgrammeTotals, language: Language) -> SpendingPrinter:
    """Return a printer for all activities; cost and money available are shown as in the annex."""
    programme = totals.programme
    reports, as_at = newest_reports(programme), report_date(programme)
    spent = {key: report.expenditure for key, report in reports.items()}
    printer = printer_for(
        totals, language, (*amounts_behind(totals, totals.total), *spent.values())
    )
    step = printer.numbers.step
    tree = annex_tree(totals, step)
    exact = {k: _line(line, spent.get(k)) for k, line in tree.exact["activities"].items()}
    shown = _rounded_lines(exact, tree, programme, step)
    partial = frozenset(a.id for a in programme.activities if a.partial and exact[a.id]["cost"])
    spending = Amounts(exact, shown, step)
    return SpendingPrinter(*printer.base, reports, as_at, spending, partial)


def _rounded_lines(
    exact: Mapping[str, Line], tree: AmountTree, programme: Programme, step: Decimal | None
) -> Mapping[str, Line]:
    """Round the expenditure by area, and take the rest from the annex."""
    lines = {key: _line(line, None) for key, line in tree.shown["activities"].items()}
    groups: dict[str, list[str]] = defaultdict(list)
    for activity in programme.activities:
        if exact[activity.id]["spent"] is not None:
            groups[activity.area].append(activity.id)
    spent, available, printed = (
        {key: amount for key, line in some.items() if (amount := line[name]) is not None}
        for some, name in ((exact, "spent"), (exact, "available"), (lines, "available"))
    )
    fitted = fitted_groups(spent, groups.values(), available, printed, step)
    return {k: _line(line, fitted.get(k)) for k, line in tree.shown["activities"].items()}


def content(totals: ProgrammeTotals, language: Language, _codes: Sequence[str] = ()) -> Made:
    """Return the progress report, and the texts that it would print and that are missing."""
    printer = spending_printer(totals, language)
    areas = enumerate(printer.programme.outline, 1)
    body = (
        _counts(printer),
        _overview(printer),
        *(_area(index, area, printer) for index, area in areas),
    )
    return paper(__name__, printer, _statements(printer), body, as_at=printer.as_at)


def _statements(printer: SpendingPrinter) -> Iterator[str]:
    say = printer.say
    yield from circumstances(printer, dated=False)
    yield say(
        "Expenditure is cumulative from the beginning of {year}. A dash means that nothing was"
        " spent; “not reported” does not mean zero.",
        year=printer.settings.period_start,
    )
    yield say(
        "Balance is funding available less expenditure. Cost and funding are those of Annex I."
    )
    if any(report.status == "action-needed" for report in printer.reports.values()):
        yield say("Activities that require action by others are marked ▲.")
    later = len({r.activity for r in printer.programme.progress} - set(printer.reports))
    if later:
        yield say(
            "Activities that are counted as not reported because their first report is later:"
            " {count}.",
            count=later,
        )


def _counts(printer: SpendingPrinter) -> Section:
    """Return how many activities of each area have which status."""
    say, programme = printer.say, printer.programme
    heads = (
        *(capital(label("progress-status", status, say)) for status in STATUSES),
        say("No report"),
        say("Total"),
    )
    columns = (
        Column(say("Programme area"), "label", 5103, names=True),
        *(Column(head, "amount", 1247) for head in heads),
    )
    rows = []
    for area in programme.outline:
        at, activities = ("area", area.code), programme.activities_of(area.code)
        rows.append(_count(printer.area(area), at, activities, printer))
    rows.append(_count(say("Total"), ("total",), programme.activities, printer))
    title = say("Activities by status")
    return tabled("counts", title, columns, rows)


def _count(title: str, at: Path, activities: Sequence[Activity], printer: SpendingPrinter) -> Row:
    reports, numbers = printer.reports, printer.numbers
    known = printer.reported(activities)
    groups = [
        ((*at, status), [key for key in known if reports[key].status == status], "count-reported")
        for status in STATUSES
    ]
    groups.append(((*at, NOT_REPORTED), [*printer.silent(activities)], "count-silent"))
    groups.append((at, [activity.id for activity in activities], "count-activities"))
    counts = (
        numbers.count(counted((*path, "activities"), keys, rule)) for path, keys, rule in groups
    )
    cells = (count if count.shown else count.reworded(NIL) for count in counts)
    return Row((title, *cells), "total" if at == ("total",) else "", "/".join(at))


def _overview(printer: SpendingPrinter) -> Section:
    """Return the sums by area, of what was reported, of what was not, and of all."""
    say, programme = printer.say, printer.programme
    rows = [printer.sums(printer.area(a), printer.of_area(a.code)) for a in programme.outline]
    known = Together(("reported",), printer.reported(programme.activities))
    rows.append(printer.sums(say("Activities reported on"), known, "total"))
    silent = printer.silent(programme.activities)
    every = tuple(activity.id for activity in programme.activities)
    if silent:
        rest = Together((NOT_REPORTED,), silent)
        rows.append(printer.plan(rest, "total", say("Activities not reported on")))
        annex = Together(("annex",), every)
        rows.append(printer.plan(annex, "total", say("All activities, as in Annex I")))
    area = Column(say("Programme area"), "label", 5103, names=True)
    columns = printer.columns(say("Cost of activities"), area)
    title = say("Expenditure by programme area")
    return tabled("overview", title, columns, rows)


def _area(index: int, area: Area, printer: SpendingPrinter) -> Section:
    """Return what was reported on an area, its sub-total, and what nobody reported on."""
    say = printer.say
    title = printer.area(area)
    activities = printer.programme.activities_of(area.code)
    known, silent = printer.reported(activities), printer.silent(activities)
    columns = printer.columns(
        say("Cost of the activity"),
        Column(say("No."), "number", 680, names=True),
        Column(say("Activity"), "text", 3402),
        Column(say("Status"), "state", 1304),
        Column(say("Progress made"), "note", 3175),
    )
    rows = [_row(activity, printer) for activity in activities if activity.id in printer.reports]
    if rows:
        rows.append(printer.sums(say("Sub-total"), printer.of_area(area.code), "total", span=4))
    if silent:
        rows.append(_silent(area, activities, printer))
    caption = say("Progress and expenditure: {area}", area=title)
    blocks: list[Block] = [Table("progress", caption, columns, tuple(rows))]
    if not rows:
        none = say("No activities have been listed for this area yet.")
        blocks = [Paragraph(none, "statement")]
    elif not known:
        none = say("Nothing has been reported on this area.")
        blocks.insert(0, Paragraph(none, "statement"))
    return Section(f"area-{index}", title, tuple(blocks))


def _silent(area: Area, activities: Sequence[Activity], printer: SpendingPrinter) -> Row:
    """Print the activities of an area that nobody reported on, in one row."""
    of = Together(("area", area.code, NOT_REPORTED), printer.silent(activities))
    count = counted((*of.at, "activities"), of.keys, "count-silent")
    text = printer.say.many(
        "Not reported on: {count} activity",
        "Not reported on: {count} activities",
        printer.numbers.count(count, grouped=False),
    )
    named = printer.say.listed([each.number for each in activities if each.id in of.keys])
    return printer.plan(of, "silent", text, named, span=4)


def _row(activity: Activity, printer: SpendingPrinter) -> Row:
    say, texts = printer.say, printer.texts
    report = printer.reports[activity.id]
    key = f"{report.activity}/{report.as_at.isoformat()}"
    waits = report.status == "action-needed"
    status = capital(label("progress-status", report.status, say))
    state = [Paragraph(f"▲{NO_BREAK_SPACE}{status}" if waits else status)]
    if report.as_at != printer.as_at:
        date = say("as at {date}", date=long_date(report.as_at, texts.language))
        state.append(Paragraph(date, "remark"))
    title = [*map(Paragraph, printer.activity_title(activity))]
    if printer.spending.exact[activity.id]["cost"] is None:
        title.append(Paragraph(say("Not yet costed"), "mark"))
    note = paragraphs(texts.optional(report.note, "progress", key, "note"))
    amounts = printer.amounts(Together(("activity", activity.id), (activity.id,)))
    cells = (Cell(tuple(title)), Cell(tuple(state)), Cell(tuple(map(Paragraph, note))))
    return Row((activity.number, *cells, *amounts), "waits" if waits else "", activity.id)
