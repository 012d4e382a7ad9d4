"""Expenditure beside cost and money available: exact, as shown, and what is said of the sums."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import amounts_behind, annex_tree, fitted_groups
from cmswp_xl.documents.front import Paper, ProgrammeDocument, circumstances, masthead
from cmswp_xl.documents.numbers import NIL, NO_BREAK_SPACE, long_date, numbers_for
from cmswp_xl.documents.texts import Texts, paragraphs
from cmswp_xl.figures.totals import newest_reports, report_date
from cmswp_xl.languages import Words
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.money import EXACT, HUNDRED, ZERO, rounded_to, total

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.amounts import AmountTree, Line
    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.documents.texts import MissingText, Wording
    from cmswp_xl.figures.totals import Reckoning
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Activity, Area, Programme, Progress


_KINDS = ("core", "voluntary", "other")


@dataclass(frozen=True, slots=True)
class Spending:
    """Cost, money available and expenditure of an activity or of several; None is not known."""

    cost: Decimal | None = None
    available: Decimal | None = None
    spent: Decimal | None = None

    @property
    def balance(self) -> Decimal | None:
        """What is left of the money available; None where one of the two is not known."""
        if self.available is None or self.spent is None:
            return None
        return self.available - self.spent


@dataclass(frozen=True, slots=True)
class SpendingAmounts:
    """The amounts of a row as printed."""

    cost: str
    available: str
    spent: str
    percent: str
    balance: str


@dataclass(frozen=True, slots=True)
class SpendingPrinter:
    """Prints expenditure beside the annex's amounts, in one language."""

    exact: Mapping[str, Spending]
    shown: Mapping[str, Spending]
    partial: frozenset[str]
    numbers: Numbers
    say: Words

    def activity(self, key: str) -> SpendingAmounts:
        """Print the amounts of an activity; one whose expenditure nobody reported says so."""
        exact, shown = self.exact[key], self.shown[key]
        return SpendingAmounts(
            cost=self._cost(shown.cost, exact.cost, at_least=key in self.partial),
            available=self.numbers.amount(shown.available, exact.available),
            spent=self._spent(shown, exact),
            percent=self._percent([key]),
            balance=self.numbers.amount(shown.balance, exact.balance),
        )

    def sums(self, keys: Sequence[str]) -> SpendingAmounts:
        """Print the sums of activities; the balance is that of those whose balance is known."""
        partial = any(key in self.partial for key in keys)
        exact, shown = self._sum(self.exact, keys), self._sum(self.shown, keys)
        return SpendingAmounts(
            cost=self._cost(shown.cost, exact.cost, at_least=partial),
            available=self.numbers.amount(shown.available, exact.available),
            spent=self._spent(shown, exact) if keys else "",
            percent=self._percent(keys),
            balance=self.numbers.amount(
                self._balance(self.shown, keys), self._balance(self.exact, keys)
            ),
        )

    def plan(self, keys: Sequence[str]) -> tuple[SpendingAmounts, tuple[str, ...]]:
        """Print cost and money available of activities, with remarks, but no expenditure."""
        sums = self.sums(keys)
        amounts = SpendingAmounts(sums.cost, sums.available, "", "", "")
        return amounts, tuple(self._costed(keys))

    def remarks(self, keys: Sequence[str]) -> Iterator[str]:
        """Explain a sum whose columns are not about the same activities."""
        say = self.say
        known = [key for key in keys if self.exact[key].spent is not None]
        yield from self._costed(keys)
        base, whole = self._base(keys), self._sum(self.exact, keys)
        exact, shown = self._sum(self.exact, base), self._sum(self.shown, base)
        if base and (exact.spent, exact.cost) != (whole.spent, whole.cost):
            yield say(
                "The percentage is {spent} of {cost}, where both expenditure and cost are known.",
                spent=self.numbers.amount(shown.spent, exact.spent),
                cost=self.numbers.amount(shown.cost, exact.cost),
            )
        silent = total(self.shown[k].available or ZERO for k in keys if k not in known)
        unfunded = total(
            self.shown[key].spent or ZERO for key in known if self.exact[key].available is None
        )
        if known and (silent or unfunded):
            yield self._balanced(keys, silent, unfunded)

    def _costed(self, keys: Sequence[str]) -> Iterator[str]:
        """Say how many activities are costed, where not all are."""
        costed = sum(self.exact[key].cost is not None for key in keys)
        if costed < len(keys):
            yield self.say.many(
                "{costed} of {count} activity costed",
                "{costed} of {count} activities costed",
                len(keys),
                costed=costed,
            )

    def _balanced(self, keys: Sequence[str], silent: Decimal, unfunded: Decimal) -> str:
        """Tie the balance to the columns beside it."""
        say, shown = self.say, self._sum(self.shown, keys)
        parts = [say("available {amount}", amount=self.numbers.amount(shown.available or ZERO))]
        if silent:
            text = say(
                "− available where expenditure is not reported {amount}",
                amount=self.numbers.amount(silent),
            )
            parts.append(text)
        parts.append(say("− expenditure {amount}", amount=self.numbers.amount(shown.spent)))
        if unfunded:
            text = say(
                "+ expenditure where no funding is recorded {amount}",
                amount=self.numbers.amount(unfunded),
            )
            parts.append(text)
        balance = self.numbers.amount(self._balance(self.shown, keys) or ZERO)
        return say("Balance {amount} = {parts}", amount=balance, parts=" ".join(parts))

    def _cost(self, shown: Decimal | None, exact: Decimal | None, *, at_least: bool) -> str:
        printed = self.numbers.amount(shown, exact)
        return self.say("at least {amount}", amount=printed) if at_least and exact else printed

    def _spent(self, shown: Spending, exact: Spending) -> str:
        if exact.spent is None:
            return self.say("not reported")
        return self.numbers.amount(shown.spent, exact.spent)

    def _base(self, keys: Iterable[str]) -> list[str]:
        """Give the activities of which both expenditure and a cost are known."""
        exact = self.exact
        return [key for key in keys if exact[key].spent is not None and exact[key].cost]

    def _percent(self, keys: Iterable[str]) -> str:
        """Print the expenditure in per cent of the cost, where both are known."""
        base = self._base(keys)
        sums = self._sum(self.exact, base)
        if not base or sums.spent is None or not sums.cost:
            return ""
        printed = self._whole_percent(sums.spent, sums.cost)
        if sums.spent and any(key in self.partial for key in base):
            return self.say("at most {percent}", percent=printed)
        return printed

    def _whole_percent(self, spent: Decimal, cost: Decimal) -> str:
        """Print a percentage without decimals: 0 and 100 only where it is just that."""
        if not spent:
            return NIL
        exact = EXACT.divide(EXACT.multiply(spent, HUNDRED), cost)
        whole = rounded_to(exact, 0)
        if not whole:
            return f"<{NO_BREAK_SPACE}1"
        if whole == HUNDRED and exact != HUNDRED:
            return f"{'<' if exact < HUNDRED else '>'}{NO_BREAK_SPACE}100"
        return self.numbers.percent(whole)

    def _sum(self, of: Mapping[str, Spending], keys: Iterable[str]) -> Spending:
        found = [of[key] for key in keys]
        return Spending(
            _known(one.cost for one in found),
            _known(one.available for one in found),
            _known(one.spent for one in found),
        )

    def _balance(self, of: Mapping[str, Spending], keys: Iterable[str]) -> Decimal | None:
        return _known(of[key].balance for key in keys)


def spending_printer(
    reckoning: Reckoning,
    reports: Mapping[str, Progress],
    numbers: Numbers,
    say: Words,
) -> SpendingPrinter:
    """Give a printer for all activities; cost and money available are shown as in the annex."""
    activities = reckoning.programme.activities
    tree = annex_tree(reckoning, numbers.step)
    exact = {
        a.id: _spending(tree.exact["activities"][a.id], reports.get(a.id)) for a in activities
    }
    shown = _shown(exact, tree, activities, numbers.step)
    partial = frozenset(a.id for a in activities if a.partial and exact[a.id].cost)
    return SpendingPrinter(exact, shown, partial, numbers, say)


def _spending(line: Line, report: Progress | None) -> Spending:
    kinds = [line[name] for name in _KINDS if name in line]
    spent = None if report is None else report.expenditure
    return Spending(line["cost"], _known(kinds), spent)


def _shown(
    exact: Mapping[str, Spending],
    tree: AmountTree,
    activities: Sequence[Activity],
    step: Decimal | None,
) -> Mapping[str, Spending]:
    """Round the expenditure by area, and take the rest from the annex."""
    if step is None:
        return exact
    lines = {key: _spending(tree.shown["activities"][key], None) for key in exact}
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
        key: Spending(line.cost, line.available, fitted.get(key)) for key, line in lines.items()
    }


def _known(amounts: Iterable[Decimal | None]) -> Decimal | None:
    found = [amount for amount in amounts if amount is not None]
    return total(found) if found else None


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """An activity that was reported on; `waits` where others must act, `date` if another one."""

    number: str
    paragraphs: tuple[str, ...]
    mark: str
    status: str
    waits: bool
    date: str
    note: tuple[str, ...]
    amounts: SpendingAmounts


@dataclass(frozen=True, slots=True)
class ProgressTotal:
    """A sum of activities, with remarks on what it is about."""

    label: str
    remarks: tuple[str, ...]
    amounts: SpendingAmounts


@dataclass(frozen=True, slots=True)
class AreaProgress:
    """An area: what was reported, its sub-total, and the activities without a report."""

    anchor: str
    title: str
    caption: str
    empty: str
    rows: tuple[ProgressRow, ...]
    subtotal: ProgressTotal
    silent: tuple[ProgressTotal, ...]


@dataclass(frozen=True, slots=True)
class ReportPrinter:
    """What the parts of the report have in common."""

    programme: Programme
    reports: Mapping[str, Progress]
    as_at: dt.date | None
    spending: SpendingPrinter
    texts: Texts
    say: Words


def area_progress(index: int, area: Area, printer: ReportPrinter) -> AreaProgress:
    """Print an area of the report; `index` counts the areas from 1."""
    say, spending = printer.say, printer.spending
    title = printer.texts.area(area, printer.programme)
    activities = printer.programme.activities_of(area.code)
    keys = reported_on(activities, printer)
    silent = [activity for activity in activities if activity.id not in printer.reports]
    return AreaProgress(
        anchor=f"area-{index}",
        title=title,
        caption=say("Progress and expenditure: {area}", area=title),
        empty=_empty(activities, keys, say),
        rows=tuple(_row(a, printer) for a in activities if a.id in printer.reports),
        subtotal=ProgressTotal(
            say("Sub-total"), tuple(spending.remarks(keys)), spending.sums(keys)
        ),
        silent=(_silent(silent, printer),) if silent else (),
    )


def _empty(activities: Sequence[Activity], reported: Sequence[str], say: Words) -> str:
    if not activities:
        return say("No activities have been listed for this area yet.")
    return "" if reported else say("Nothing has been reported on this area.")


def _silent(activities: Sequence[Activity], printer: ReportPrinter) -> ProgressTotal:
    text = printer.say.many(
        "Not reported on: {count} activity",
        "Not reported on: {count} activities",
        len(activities),
    )
    numbers = ", ".join(activity.number for activity in activities)
    amounts, remarks = printer.spending.plan([activity.id for activity in activities])
    return ProgressTotal(text, (numbers, *remarks), amounts)


def _row(activity: Activity, printer: ReportPrinter) -> ProgressRow:
    say, texts = printer.say, printer.texts
    report = printer.reports[activity.id]
    key = f"{report.activity}/{report.as_at.isoformat()}"
    waits = report.status == "action-needed"
    status = capital(label("progress-status", report.status, say))
    other = report.as_at != printer.as_at
    costed = printer.spending.exact[activity.id].cost is not None
    return ProgressRow(
        number=activity.number,
        paragraphs=paragraphs(texts.required(activity.title, "activities", activity.id)),
        mark="" if costed else say("Not yet costed"),
        status=f"▲ {status}" if waits else status,
        waits=waits,
        date=say("as at {date}", date=long_date(report.as_at, texts.language)) if other else "",
        note=paragraphs(texts.optional(report.note, "progress", key, "note")),
        amounts=printer.spending.activity(activity.id),
    )


def reported_on(activities: Sequence[Activity], printer: ReportPrinter) -> list[str]:
    """Give the ids of the activities that were reported on."""
    return [activity.id for activity in activities if activity.id in printer.reports]


STATUSES = ("done", "ongoing", "no-progress", "action-needed")


@dataclass(frozen=True, slots=True)
class CountRow:
    """How many activities of an area have which status."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProgressReport(ProgrammeDocument):
    """Everything that the templates of the progress report place."""

    wording: Wording
    status_heads: tuple[str, ...]
    counts: tuple[CountRow, ...]
    count_total: CountRow
    overview: tuple[ProgressTotal, ...]
    overview_totals: tuple[ProgressTotal, ...]
    areas: tuple[AreaProgress, ...]


def has_content(programme: Programme) -> bool:
    """Return whether progress is reported."""
    return bool(programme.progress)


def content(
    reckoning: Reckoning, language: Language, _codes: Sequence[str] = ()
) -> tuple[ProgressReport, list[MissingText]]:
    """Word the progress report, and give the texts that it would print and that are missing."""
    programme, settings = reckoning.programme, reckoning.programme.settings
    say, texts = Words(language), Texts(language)
    reports, as_at = newest_reports(programme), report_date(programme)
    behind = (
        *amounts_behind(reckoning, reckoning.total),
        *(r.expenditure for r in reports.values()),
    )
    numbers = numbers_for(language, settings.number_style, settings.rounding, behind)
    spending = spending_printer(reckoning, reports, numbers, say)
    printer = ReportPrinter(programme, reports, as_at, spending, texts, say)
    paper = Paper("progress", say("Progress report"), as_at)
    top = masthead(programme, paper, texts, say)
    everything = [activity.id for activity in programme.activities]
    reported = [key for key in everything if key in reports]
    result = ProgressReport(
        **top,
        statements=tuple(_statements(reckoning, printer)),
        labels=_labels(say),
        status_heads=(
            *(capital(label("progress-status", status, say)) for status in STATUSES),
            say("Not reported"),
            say("Total"),
        ),
        counts=tuple(_count(area, printer) for area in programme.outline),
        count_total=_counted(say("Total"), programme.activities, printer),
        overview=tuple(_area_total(area, printer) for area in programme.outline),
        overview_totals=tuple(_totals(everything, reported, printer)),
        areas=tuple(
            area_progress(i, area, printer) for i, area in enumerate(programme.outline, 1)
        ),
        landscape=True,
    )
    return result, texts.missing


def _statements(reckoning: Reckoning, printer: ReportPrinter) -> Iterator[str]:
    say, settings = printer.say, printer.programme.settings
    numbers, language = printer.spending.numbers, printer.texts.language
    dated = "" if settings.as_at is None else long_date(settings.as_at, language)
    date = say("As at {date}.", date=dated)
    found = circumstances(reckoning, numbers, printer.texts, say)
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


def _count(area: Area, printer: ReportPrinter) -> CountRow:
    title = printer.texts.area(area, printer.programme)
    return _counted(title, printer.programme.activities_of(area.code), printer)


def _counted(title: str, activities: Sequence[Activity], printer: ReportPrinter) -> CountRow:
    reports, numbers = printer.reports, printer.spending.numbers
    found = Counter(reports[a.id].status if a.id in reports else "" for a in activities)
    counts = [*(found[status] for status in STATUSES), found[""], len(activities)]
    return CountRow(title, tuple(numbers.count(n) if n else NIL for n in counts))


def _area_total(area: Area, printer: ReportPrinter) -> ProgressTotal:
    title = printer.texts.area(area, printer.programme)
    keys = reported_on(printer.programme.activities_of(area.code), printer)
    return ProgressTotal(title, (), printer.spending.sums(keys))


def _totals(
    everything: Sequence[str], reported: Sequence[str], printer: ReportPrinter
) -> Iterator[ProgressTotal]:
    """Give the sum of what was reported, of what was not, and of all, as the annex has it."""
    say, spending = printer.say, printer.spending
    yield ProgressTotal(
        say("Activities reported on"), tuple(spending.remarks(reported)), spending.sums(reported)
    )
    silent = [key for key in everything if key not in printer.reports]
    if silent:
        for title, keys in (
            (say("Activities not reported on"), silent),
            (say("All activities, as in Annex I"), everything),
        ):
            amounts, remarks = spending.plan(keys)
            yield ProgressTotal(title, remarks, amounts)


def _labels(say: Words) -> dict[str, str]:
    return {
        "number": say("No."),
        "activity": say("Activity"),
        "status": say("Status"),
        "progress": say("Progress made"),
        "cost": say("Cost of the activity"),
        "available": say("Funding available"),
        "spent": say("Expenditure"),
        "percent": say("% of cost"),
        "balance": say("Balance"),
        "counts": say("Activities by status"),
        "overview": say("Expenditure by programme area"),
        "area": say("Programme area"),
        "page": say("Page"),
    }
