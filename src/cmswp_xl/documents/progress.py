"""The progress report: what was done and spent, beside cost and money available."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import amounts_behind, annex_tree, fitted_groups, labelled
from cmswp_xl.documents.front import Paper, circumstances, masthead, page_document
from cmswp_xl.documents.numbers import NIL, NO_BREAK_SPACE, long_date, numbers_for
from cmswp_xl.documents.texts import Texts, paragraphs
from cmswp_xl.figures.declarations import PERCENT, Operation
from cmswp_xl.figures.sources import Derived, OfActivity, OfGroup, SumOf, counted
from cmswp_xl.figures.totals import newest_reports, report_date
from cmswp_xl.languages import Words
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.money import EXACT, HUNDRED, rounded_to, total
from cmswp_xl.page import Cell, Column, Paragraph, Row, Section, Table
from cmswp_xl.printed import Figured, Printed, joined

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.amounts import AmountTree, Line
    from cmswp_xl.documents.front import PageDocument
    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Activity, Area, Programme, Progress
    from cmswp_xl.page import Block
    from cmswp_xl.printed import Path


_KINDS = ("core", "voluntary", "other")
NOT_REPORTED = "not-reported"
"""What stands for the activities that nobody reported on."""


@dataclass(frozen=True, slots=True)
class Spending:
    """Cost, money available and expenditure of an activity or of several; None is not known."""

    cost: Decimal | None = None
    available: Decimal | None = None
    spent: Decimal | None = None
    balance: Decimal | None = None


def _spending(cost: Decimal | None, available: Decimal | None, spent: Decimal | None) -> Spending:
    """Return what is known of an activity; its balance where money and expenditure are known."""
    known = available is not None and spent is not None
    return Spending(cost, available, spent, available - spent if known else None)  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class Together:
    """
    Some activities together, or one alone: what their figures are called.

    `counts` is what their number is called, where it is not that of all that the path names.
    """

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
class SpendingPrinter:
    """Prints expenditure beside the annex's amounts, in one language."""

    exact: Mapping[str, Spending]
    shown: Mapping[str, Spending]
    partial: frozenset[str]
    numbers: Numbers
    say: Words

    def amounts(self, of: Together, *, plan: bool = False) -> tuple[str, ...]:
        """
        Print cost, money available, expenditure, this in per cent of cost, and the balance.

        `plan` where the last three are not printed. A balance is that of the activities whose
        balance is known.
        """
        partial = any(key in self.partial for key in of.keys)
        cost = self._amount(of, "cost")
        if partial and cost.value.exact:
            cost = cost.reworded(self.say("at least {amount}", amount=cost))
        available = self._amount(of, "available")
        if plan:
            return (cost, available, "", "", "")
        spent = self._amount(of, "spent")
        if spent.value.exact is None and of.keys:
            spent = spent.reworded(self.say("not reported"))
        return (cost, available, spent, self._percent(of), self._amount(of, "balance"))

    def _amount(self, of: Together, name: str, *, nil: bool = False) -> Printed:
        return self.numbers.amount(self._value(of, name), nil=nil)

    def _value(self, of: Together, name: str) -> Figured:
        code = "fitted" if of.at[0] == "activity" else "added"
        exact, shown = (_sum(found, of.keys, name) for found in (self.exact, self.shown))
        return Figured(of.source(name), exact).shown_as(shown, code, self.numbers.step)

    def _part(self, of: Together, name: str, what: str, keys: Sequence[str]) -> Figured:
        exact, shown = (_sum(found, keys, name) for found in (self.exact, self.shown))
        source = of.part(name, what, keys)
        return Figured(source, exact).shown_as(shown, "added", self.numbers.step)

    def remarks(self, of: Together) -> Iterator[str]:
        """Explain a sum whose columns are not about the same activities."""
        yield from self.costed(of)
        base = self._base(of.keys)
        sums = [(_sum(self.exact, base, name), _sum(self.exact, of.keys, name))
                for name in ("spent", "cost")]  # fmt: skip
        if base and any(part != whole for part, whole in sums):
            spent, cost = (
                self.numbers.amount(self._part(of, name, "both-known", base))
                for name in ("spent", "cost")
            )
            yield self.say(
                "The percentage is {spent} of {cost}, where both expenditure and cost are known.",
                spent=spent,
                cost=cost,
            )
        known = [key for key in of.keys if self.exact[key].spent is not None]
        silent = [key for key in of.keys if key not in known and self.shown[key].available]
        unfunded = [k for k in known if self.exact[k].available is None and self.shown[k].spent]
        if known and (silent or unfunded):
            yield self._balanced(of, silent, unfunded)

    def costed(self, of: Together) -> Iterator[str]:
        """Say how many activities are costed, where not all are."""
        known = [key for key in of.keys if self.exact[key].cost is not None]
        if len(known) < len(of.keys):
            at = of.counts or of.at
            every = counted((*at, "activities"), of.keys, "count-activities")
            some = counted((*at, "costed"), known, "count-costed")
            yield self.say.many(
                "{costed} of {count} activity costed",
                "{costed} of {count} activities costed",
                self.numbers.count(every, grouped=False),
                costed=self.numbers.count(some, grouped=False),
            )

    def _balanced(self, of: Together, silent: Sequence[str], unfunded: Sequence[str]) -> str:
        """Tie the balance to the columns beside it."""
        say = self.say
        available = self._amount(of, "available", nil=True)
        parts = [say("available {amount}", amount=available or available.reworded(NIL))]
        if silent:
            apart = self._part(of, "available", "no-expenditure", silent)
            amount = self.numbers.amount(apart, nil=True)
            parts.append(
                say("− available where expenditure is not reported {amount}", amount=amount)
            )
        parts.append(say("− expenditure {amount}", amount=self._amount(of, "spent", nil=True)))
        if unfunded:
            apart = self._part(of, "spent", "no-funding", unfunded)
            amount = self.numbers.amount(apart, nil=True)
            parts.append(say("+ expenditure where no funding is recorded {amount}", amount=amount))
        balance = self._amount(of, "balance", nil=True)
        balance = balance or balance.reworded(NIL)
        return say("Balance {amount} = {parts}", amount=balance, parts=joined(" ", parts))

    def _base(self, keys: Iterable[str]) -> list[str]:
        """Return the activities of which both expenditure and a cost are known."""
        exact = self.exact
        return [key for key in keys if exact[key].spent is not None and exact[key].cost]

    def _percent(self, of: Together) -> str:
        """Print the expenditure in per cent of the cost, where both are known."""
        base = self._base(of.keys)
        parts = tuple((1, of.part(name, "both-known", base)) for name in ("spent", "cost"))
        path, rules = (*of.at, "spent", "percent"), ("spent-share",)
        source = Derived(path, Operation.SHARE, rules, parts=parts, unit=PERCENT)
        spent, cost = (_sum(self.exact, base, name) for name in ("spent", "cost"))
        if spent is None or not cost:
            return Printed("", Figured(source, None))
        share = EXACT.divide(EXACT.multiply(spent, HUNDRED), cost)
        printed = Printed(self._whole_percent(share), Figured(source, share))
        if spent and any(key in self.partial for key in base):
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


def _sum(of: Mapping[str, Spending], keys: Iterable[str], name: str) -> Decimal | None:
    return _known(getattr(of[key], name) for key in keys)


def spending_printer(
    totals: ProgrammeTotals,
    reports: Mapping[str, Progress],
    numbers: Numbers,
    say: Words,
) -> SpendingPrinter:
    """Return a printer for all activities; cost and money available are shown as in the annex."""
    activities = totals.programme.activities
    tree = annex_tree(totals, numbers.step)
    exact = {a.id: _of_line(tree.exact["activities"][a.id], reports.get(a.id)) for a in activities}
    shown = _shown(exact, tree, activities, numbers.step)
    partial = frozenset(a.id for a in activities if a.partial and exact[a.id].cost)
    return SpendingPrinter(exact, shown, partial, numbers, say)


def _of_line(line: Line, report: Progress | None) -> Spending:
    kinds = [line[name] for name in _KINDS if name in line]
    return _spending(line["cost"], _known(kinds), None if report is None else report.expenditure)


def _shown(
    exact: Mapping[str, Spending],
    tree: AmountTree,
    activities: Sequence[Activity],
    step: Decimal | None,
) -> Mapping[str, Spending]:
    """Round the expenditure by area, and take the rest from the annex."""
    if step is None:
        return exact
    lines = {key: _of_line(tree.shown["activities"][key], None) for key in exact}
    spent = {key: one.spent for key, one in exact.items() if one.spent is not None}
    groups: dict[str, list[str]] = {}
    for activity in activities:
        if activity.id in spent:
            groups.setdefault(activity.area, []).append(activity.id)
    fitted = fitted_groups(
        spent,
        list(groups.values()),
        {k: found for k, one in exact.items() if (found := one.available) is not None},
        {k: found for k, one in lines.items() if (found := one.available) is not None},
        step,
    )
    return {
        key: _spending(line.cost, line.available, fitted.get(key)) for key, line in lines.items()
    }


def _known(amounts: Iterable[Decimal | None]) -> Decimal | None:
    found = [amount for amount in amounts if amount is not None]
    return total(found) if found else None


STATUSES = ("done", "ongoing", "no-progress", "action-needed")


@dataclass(frozen=True, slots=True)
class ReportPrinter:
    """What the parts of the report have in common."""

    programme: Programme
    reports: Mapping[str, Progress]
    as_at: dt.date | None
    spending: SpendingPrinter
    texts: Texts
    say: Words

    def reported(self, activities: Iterable[Activity]) -> tuple[str, ...]:
        """Return the ids of the activities that were reported on."""
        return tuple(activity.id for activity in activities if activity.id in self.reports)

    def area(self, code: str) -> Together:
        """Return the activities of an area that were reported on."""
        at = ("area", code)
        return Together(at, self.reported(self.programme.activities_of(code)), (*at, "reported"))

    def silent(self, activities: Iterable[Activity]) -> tuple[str, ...]:
        """Return the ids of the activities that nobody reported on."""
        return tuple(activity.id for activity in activities if activity.id not in self.reports)

    def columns(self, *lead: Column) -> tuple[Column, ...]:
        """Return the columns of expenditure beside cost and funding, behind others."""
        say = self.say
        return (
            *lead,
            Column(say("Cost of the activity"), "amount", 1190),
            Column(say("Funding available"), "amount", 1190),
            Column(say("Expenditure"), "amount", 1190),
            Column(say("% of cost"), "amount", 907),
            Column(say("Balance"), "amount", 1190),
        )

    def sums(self, label: str, of: Together, look: str = "", *, span: int = 1) -> Row:
        """Print the sums of some activities, with remarks where they are a total."""
        remarks = self.spending.remarks(of) if look else ()
        cell = labelled(label, *remarks, span=span)
        return Row((cell, *self.spending.amounts(of)), look, "/".join(of.at))


def has_content(programme: Programme) -> bool:
    """Return whether progress is reported."""
    return bool(programme.progress)


def content(
    totals: ProgrammeTotals, language: Language, _codes: Sequence[str] = ()
) -> tuple[PageDocument, list[MissingText]]:
    """Return the progress report, and the texts that it would print and that are missing."""
    programme, settings = totals.programme, totals.programme.settings
    say, texts = Words(language), Texts(language)
    reports, as_at = newest_reports(programme), report_date(programme)
    behind = (
        *amounts_behind(totals, totals.total),
        *(r.expenditure for r in reports.values()),
    )
    numbers = numbers_for(language, settings.number_style, settings.rounding, behind)
    spending = spending_printer(totals, reports, numbers, say)
    printer = ReportPrinter(programme, reports, as_at, spending, texts, say)
    top = masthead(programme, Paper("progress", say("Progress report"), as_at), texts, say)
    body = (
        *top["wording"].section,
        _counts(printer),
        _overview(printer),
        *(_area(index, area, printer) for index, area in enumerate(programme.outline, 1)),
    )
    statements = tuple(_statements(totals, printer))
    return page_document(top, statements, body, landscape=True), texts.missing


def _statements(totals: ProgrammeTotals, printer: ReportPrinter) -> Iterator[str]:
    say, settings = printer.say, printer.programme.settings
    numbers, language = printer.spending.numbers, printer.texts.language
    dated = "" if settings.as_at is None else long_date(settings.as_at, language)
    date = say("As at {date}.", date=dated)
    found = circumstances(totals, numbers, printer.texts, say)
    yield from (text for text in found if text != date)
    yield say(
        "Expenditure counts from the beginning of {year}. A dash means that nothing was spent;"
        " “not reported” does not mean nil.",
        year=settings.period_start,
    )
    yield say(
        "Balance: funding available less expenditure. Cost and funding are those of Annex I."
    )
    if any(report.status == "action-needed" for report in printer.reports.values()):
        yield say("Activities on which others must act are marked ▲.")
    later = len({r.activity for r in printer.programme.progress} - set(printer.reports))
    if later:
        yield say.many(
            "{count} activity was reported on later only, and counts as not reported.",
            "{count} activities were reported on later only, and count as not reported.",
            later,
        )


def _counts(printer: ReportPrinter) -> Section:
    """Return how many activities of each area have which status."""
    say, programme = printer.say, printer.programme
    heads = (
        *(capital(label("progress-status", status, say)) for status in STATUSES),
        say("Not reported"),
        say("Total"),
    )
    columns = (
        Column(say("Programme area"), "label", 5103, names=True),
        *(Column(head, "amount", 1247) for head in heads),
    )
    rows = [
        _count(
            printer.texts.area(area, programme),
            ("area", area.code),
            programme.activities_of(area.code),
            printer,
        )
        for area in programme.outline
    ]
    rows.append(_count(say("Total"), ("total",), programme.activities, printer))
    title = say("Activities by status")
    return Section("counts", title, (Table("counts", title, columns, tuple(rows)),))


def _count(title: str, at: Path, activities: Sequence[Activity], printer: ReportPrinter) -> Row:
    reports, numbers = printer.reports, printer.spending.numbers
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


def _overview(printer: ReportPrinter) -> Section:
    """Return the sums by area, of what was reported, of what was not, and of all."""
    say, programme, spending = printer.say, printer.programme, printer.spending
    rows = [
        printer.sums(
            printer.texts.area(area, programme),
            printer.area(area.code),
        )
        for area in programme.outline
    ]
    known = Together(("reported",), printer.reported(programme.activities))
    rows.append(printer.sums(say("Activities reported on"), known, "total"))
    silent = printer.silent(programme.activities)
    every = tuple(activity.id for activity in programme.activities)
    if silent:
        for title, at, keys in (
            (say("Activities not reported on"), NOT_REPORTED, silent),
            (say("All activities, as in Annex I"), "annex", every),
        ):
            of = Together((at,), keys)
            cell = labelled(title, *spending.costed(of))
            rows.append(Row((cell, *spending.amounts(of, plan=True)), "total", at))
    columns = printer.columns(Column(say("Programme area"), "label", 5103, names=True))
    title = say("Expenditure by programme area")
    return Section("overview", title, (Table("overview", title, columns, tuple(rows)),))


def _area(index: int, area: Area, printer: ReportPrinter) -> Section:
    """Return what was reported on an area, its sub-total, and what nobody reported on."""
    say = printer.say
    title = printer.texts.area(area, printer.programme)
    activities = printer.programme.activities_of(area.code)
    known, silent = printer.reported(activities), printer.silent(activities)
    columns = printer.columns(
        Column(say("No."), "number", 680, names=True),
        Column(say("Activity"), "text", 3402),
        Column(say("Status"), "state", 1304),
        Column(say("Progress made"), "note", 3175),
    )
    rows = [_row(activity, printer) for activity in activities if activity.id in printer.reports]
    if rows:
        rows.append(printer.sums(say("Sub-total"), printer.area(area.code), "total", span=4))
    if silent:
        rows.append(_silent(area, activities, printer))
    blocks: list[Block] = []
    if not rows:
        none = say("No activities have been listed for this area yet.")
        blocks.append(Paragraph(none, "statement"))
    elif not known:
        none = say("Nothing has been reported on this area.")
        blocks.append(Paragraph(none, "statement"))
    caption = say("Progress and expenditure: {area}", area=title)
    if rows:
        blocks.append(Table("progress", caption, columns, tuple(rows)))
    return Section(f"area-{index}", title, tuple(blocks))


def _silent(area: Area, activities: Sequence[Activity], printer: ReportPrinter) -> Row:
    """Print the activities of an area that nobody reported on, in one row."""
    of = Together(("area", area.code, NOT_REPORTED), printer.silent(activities))
    count = counted((*of.at, "activities"), of.keys, "count-silent")
    text = printer.say.many(
        "Not reported on: {count} activity",
        "Not reported on: {count} activities",
        printer.spending.numbers.count(count, grouped=False),
    )
    named = ", ".join(activity.number for activity in activities if activity.id in of.keys)
    cell = labelled(text, named, *printer.spending.costed(of), span=4)
    return Row((cell, *printer.spending.amounts(of, plan=True)), "silent", NOT_REPORTED)


def _row(activity: Activity, printer: ReportPrinter) -> Row:
    say, texts = printer.say, printer.texts
    report = printer.reports[activity.id]
    key = f"{report.activity}/{report.as_at.isoformat()}"
    waits = report.status == "action-needed"
    status = capital(label("progress-status", report.status, say))
    state = [Paragraph(f"▲ {status}" if waits else status)]
    if report.as_at != printer.as_at:
        date = say("as at {date}", date=long_date(report.as_at, texts.language))
        state.append(Paragraph(date, "remark"))
    title = [
        Paragraph(line)
        for line in paragraphs(texts.required(activity.title, "activities", activity.id))
    ]
    if printer.spending.exact[activity.id].cost is None:
        title.append(Paragraph(say("Not yet costed"), "mark"))
    note = paragraphs(texts.optional(report.note, "progress", key, "note"))
    amounts = printer.spending.amounts(Together(("activity", activity.id), (activity.id,)))
    cells = (Cell(tuple(title)), Cell(tuple(state)), Cell(tuple(map(Paragraph, note))))
    return Row((activity.number, *cells, *amounts), "waits" if waits else "", activity.id)
