"""What one page has no room for stands together: the smallest areas, the last years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from typing import Self

from cmswp_xl.charts import BarChart, Series
from cmswp_xl.documents.amounts import (
    AmountTree,
    RowPrinter,
    amounts_behind,
    choose_columns,
    grouped_tree,
)
from cmswp_xl.documents.front import (
    Document,
    circumstances,
    column_labels,
    front,
    marked_title,
    named_head,
    net_or_gross,
)
from cmswp_xl.documents.texts import MissingText, Numbers, cut, printer_for
from cmswp_xl.figures.declarations import PERCENT, Operation
from cmswp_xl.figures.sources import (
    Derived,
    Group,
    OfYear,
    SumOf,
    costed,
    counted,
    fitted_to,
    group_of,
    of_activity,
    span_of,
    sum_of,
    support_costs,
)
from cmswp_xl.figures.totals import Figures, ProgrammeTotals, summed
from cmswp_xl.figures.totals import Row as TotalsRow
from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.labels import KINDS, capital, label
from cmswp_xl.model import Activity
from cmswp_xl.money import EXACT, HUNDRED, ZERO, decimals, known_total, rounded_to
from cmswp_xl.page import Body, Column, Paragraph, Row, Section, Table, tabled
from cmswp_xl.printed import Figured, Printed, Source, in_table, worded

MOST_AREAS = 8
"""How many areas a chart shows; where there are more, the smallest stand together."""

MOST_YEARS = 5
"""How many years a chart shows; where there are more, the last stand together."""


def area_groups(totals: ProgrammeTotals) -> dict[str, tuple[Activity, ...]]:
    """Return the activities by area; under "" those of the areas that stand together."""
    programme = totals.programme
    groups = {area.code: programme.activities_of(area.code) for area in programme.outline}
    if len(groups) <= MOST_AREAS:
        return groups
    costs = {code: totals.of(activities).cost or ZERO for code, activities in groups.items()}
    kept = sorted(groups, key=lambda code: -costs[code])[: MOST_AREAS - 1]
    rest = tuple(a for code, group in groups.items() if code not in kept for a in group)
    return {**{code: groups[code] for code in groups if code in kept}, "": rest}


def years_together(
    rows: Iterable[TotalsRow], say: Words
) -> list[tuple[str, tuple[str, ...], Figures]]:
    """Return each year with its figures, the last together where there are many."""
    whole, rows = span_of(None), list(rows)
    found: list[tuple[str, tuple[str, ...], Figures]] = [
        (row.key or say("Whole period"), (row.key or whole,), row.figures) for row in rows
    ]
    last = [row for row in rows if row.key][MOST_YEARS - 1 :]
    if len(last) > 1:
        span = say("{first}–{last}", first=last[0].key, last=last[-1].key)
        together = (span, tuple(row.key for row in last), summed(row.figures for row in last))
        found[MOST_YEARS - 1 : MOST_YEARS - 1 + len(last)] = [together]
    return found


_WIDE, _HALF = (17.4, 4.0), (8.5, 3.7)
"""The sizes of the pictures in the Word template, in centimetres."""


@dataclass(frozen=True, slots=True)
class ChartPart:
    """A chart with its table; `alt` words the picture, `empty` stands where `chart` is None."""

    name: str
    caption: str
    alt: str
    remark: str
    empty: str
    table: Table
    chart: BarChart | None


@dataclass(frozen=True, slots=True)
class SummaryPrinter(RowPrinter):
    """Prints key figures and charts; the areas of its tree are those of `area_groups`."""

    @property
    def labels(self) -> Mapping[str, str]:
        """The fixed words of the summary by name."""
        say = self.say
        return {
            **column_labels(self.settings, say),
            "cost": say("Cost"),
            "sought": say("To be sought"),
            "pledged": say("Pledged"),
            "priority": say("Priority"),
            "figures": say("Key figures"),
            "data": say("Data as a table"),
        }

    @property
    def every(self) -> Group:
        """All activities together."""
        return group_of(self.totals, ("total",), self.programme.activities)

    def areas(self) -> ChartPart:
        """Return the funding of each area."""
        say, tree, names, labels = self.say, self.tree, self._names(), self.labels
        kinds = (*tree.columns.kinds, "to_be_sought")
        looks = (*tree.columns.kinds, "sought")
        heads = [labels[look] for look in looks]
        columns = (labels["area"], labels["cost"], *heads)
        whole = self.amounts("total", "")
        rows = [Row((name, *self.amounts("areas", key)), key=key) for key, name in names.items()]
        rows.append(Row((say("Total"), *whole), "total", "total"))
        shown = [tree.shown["areas"][key] for key in names]
        amounts = self.numbers.plain_amount
        series = tuple(
            Series(
                head,
                look,
                tuple(line[kind] for line in shown),
                tuple(amounts(line[kind]) for line in shown),
            )
            for head, look, kind in zip(heads, looks, kinds, strict=True)
        )
        ends = tuple(amounts(line["cost"]) for line in shown)
        return _chart_part(
            say("Funding of each programme area"),
            self._areas_alt(names, dict(zip(heads, whole[1:], strict=True)), whole[0]),
            _table("areas", columns, (3061, 1360), rows),
            BarChart(tuple(names.values()), series, *_WIDE, ends=ends),
            remark=say("The figure after each bar is the cost."),
            empty=say("There are no amounts to show yet."),
        )

    def _names(self) -> dict[str, str]:
        """Return what each group of areas is called."""
        areas = {area.code: area for area in self.programme.areas}
        codes = self.tree.members
        others = self.say("Other programme areas ({count})", count=len(areas) - len(codes) + 1)
        return {code: self.area(areas[code]) if code else others for code in codes}

    def _areas_alt(self, names: Mapping[str, str], parts: Mapping[str, str], cost: str) -> str:
        say, shown = self.say, self.tree.shown["areas"]
        listed = say("; ").join(
            say("{name}: {amount}", name=name, amount=str(amount))
            for name, amount in {say("Cost"): cost, **parts}.items()
        )
        text = say("Bar chart: funding of each programme area. {list}.", list=listed)
        most = max(names, key=lambda key: shown[key]["to_be_sought"] or ZERO, default=None)
        if most is None or not shown[most]["to_be_sought"]:
            return text
        amount = self.numbers.plain_amount(shown[most]["to_be_sought"])
        largest = say(
            "The largest amount to be sought is for {area}: {amount}.",
            area=names[most],
            amount=amount,
        )
        return f"{text} {largest}"

    def years(self) -> ChartPart:
        """Return the cost of each year against what is available for it."""
        say, group, total_shown = self.say, self.every, self.tree.shown["total"][""]
        found = years_together(self.totals.rows("year"), say)
        kinds = [total_shown[kind] for kind in self.tree.columns.kinds]
        wholes = {"cost": total_shown["cost"], "available": known_total(kinds)}
        columns = []
        for name, whole in wholes.items():
            parts = [
                Figured(_of_years(spans, group, name), getattr(figures, name))
                for _, spans, figures in found
            ]
            columns.append(fitted_to(whole, parts, self.numbers.step, ("total", name)))
        names = tuple(name for name, _, _ in found)
        heads = (say("Cost"), self.labels["available"])
        printed = [tuple(map(self.numbers.amount, values)) for values in columns]
        series = tuple(map(_series, heads, ("cost", "available"), printed))
        listed = say("; ").join(
            say(
                "{year}: cost {cost}, available {available}",
                year=name,
                cost=str(cost),
                available=str(money),
            )
            for name, cost, money in zip(names, *printed, strict=True)
        )
        rows = [Row(cells, key=cells[0]) for cells in zip(names, *printed, strict=True)]
        return _chart_part(
            say("Cost and funding available by year"),
            say("Bar chart: cost and funding available by year. {list}.", list=listed),
            _table("years", (say("Year"), *heads), (1530, 1644), rows),
            BarChart(names, series, *_HALF),
            empty=say("There are no amounts to show yet."),
        )

    def statuses(self) -> ChartPart:
        """Return how many activities have each funding status, and what these cost."""
        say, every = self.say, self.totals.by_activity
        names, counts, costs = [], [], []
        for status in KINDS["funding-status"]:
            keys = tuple(key for key, figures in every.items() if figures.status == status)
            group = Group(("status", status), keys, self.totals.of_keys(keys))
            names.append(capital(label("funding-status", status, say)))
            counts.append(counted((*group.at, "activities"), keys, "count-status"))
            costs.append(group.value("cost"))
        whole = self.tree.shown["total"][""]["cost"]
        costs = fitted_to(whole, costs, self.numbers.step, ("total", "cost"))
        printed = [self.numbers.count(count) for count in counts]
        head = say("Activities")
        series = _series(head, "count", printed)
        listed = say("; ").join(
            say("{name}: {amount}", name=name, amount=count)
            for name, count in zip(names, series.texts, strict=True)
        )
        rows = [
            Row((name, count, self.numbers.amount(cost)), key=name)
            for name, count, cost in zip(names, printed, costs, strict=True)
        ]
        heads = (say("Funding status"), head, say("Cost"))
        return _chart_part(
            say("Activities by funding status"),
            say("Bar chart: number of activities by funding status. {list}.", list=listed),
            _table("statuses", heads, (2324, 1247), rows),
            BarChart(tuple(names), (series,), *_HALF),
            empty=say("No activities."),
        )


def _series(label: str, look: str, printed: Sequence[Printed]) -> Series:
    """Return the bars of printed figures, each as long as it is shown."""
    return Series(label, look, tuple(one.shown for one in printed), tuple(map(str, printed)))


def _of_years(spans: Sequence[str], group: Group, name: str) -> Source:
    """Return where a figure of a year comes from, or of several years together."""
    years = tuple(OfYear(span, group.keys, name) for span in spans)
    if len(years) == 1:
        return years[0]
    return SumOf(("years", f"{spans[0]}-{spans[-1]}", name), years, "sum-years")


def _chart_part(
    caption: str, alt: str, table: Table, chart: BarChart, *, empty: str, remark: str = ""
) -> ChartPart:
    drawn, titled = None if chart.empty else chart, replace(table, caption=caption)
    return ChartPart(table.name, caption, alt, remark, empty, titled, drawn)


def _table(name: str, heads: Sequence[str], widths: tuple[int, int], rows: Sequence[Row]) -> Table:
    """Return the table of a chart; the page has its caption already."""
    first = Column(heads[0], "", widths[0], names=True)
    columns = (first, *(Column(head, "amount", widths[1]) for head in heads[1:]))
    return Table(name, "", columns, tuple(rows), titled=False)


def summary_printer(totals: ProgrammeTotals, language: Language) -> SummaryPrinter:
    """Return a printer of amounts for the groups of areas that the charts show."""
    printer = printer_for(totals, language, amounts_behind(totals, totals.total))
    columns = replace(choose_columns(totals, totals.total), years=())
    tree = grouped_tree(totals, area_groups(totals), columns, printer.numbers.step)
    return SummaryPrinter(*printer.base, tree)


MOST_GAPS = 5
LONGEST_TITLE = 80
"""How many letters of an activity's title are printed; the annex has the rest."""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A key figure: what it is, and the figure as printed."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Summary(Document):
    """Everything that the summary's templates place; `pictures` are the charts by name."""

    subtitle: str
    statements: tuple[str, ...]
    figures: tuple[KeyFigure, ...]
    areas: ChartPart
    years: ChartPart
    statuses: ChartPart
    gaps: Section
    notes: tuple[str, ...]
    pictures: Mapping[str, BarChart]
    before: Body = ()
    after: Body = ()

    def worded(self, before: Body, after: Body) -> Self:
        """Return the summary with what staff wrote before its figures and after its tables."""
        return replace(self, before=before, after=after)


def content(
    totals: ProgrammeTotals, language: Language, _codes: Sequence[str] = ()
) -> tuple[Summary, list[MissingText]]:
    """Return the summary, and the texts that it would print and that are missing."""
    printer = summary_printer(in_whole_units(totals), language)
    say = printer.say
    areas, years, statuses = printer.areas(), printer.years(), printer.statuses()
    summary = Summary(
        **front(
            printer,
            head=named_head(printer, say("Summary")),
            title=marked_title(say("Costed programme of work: summary"), printer),
        ),
        statements=tuple(circumstances(printer)),
        labels={**printer.labels},
        figures=tuple(_key_figures(printer)),
        areas=areas,
        years=years,
        statuses=statuses,
        gaps=_gaps(printer),
        notes=tuple(_notes(printer)),
        pictures={p.name: p.chart for p in (areas, years, statuses) if p.chart is not None},
        landscape=False,
    )
    return summary, printer.texts.missing


def in_whole_units(totals: ProgrammeTotals) -> ProgrammeTotals:
    """Return totals in whole units where amounts have cents and the programme rounds nothing."""
    programme = totals.programme
    amounts = amounts_behind(totals, totals.total)
    if programme.settings.rounding or not any(a is not None and decimals(a) for a in amounts):
        return totals
    settings = replace(programme.settings, rounding="unit")
    return replace(totals, programme=replace(programme, settings=settings))


def _key_figures(rows: SummaryPrinter) -> Iterator[KeyFigure]:
    say, numbers, tree, group = rows.say, rows.numbers, rows.tree, rows.every
    figures = group.figures
    cost, *_, sought = rows.amounts("total", "")
    kinds = [tree.value("total", "", kind) for kind in tree.columns.kinds]
    available = sum_of(("total", "available"), kinds, "available", step=numbers.step)
    share = coverage(figures, numbers, say)
    yield from (
        KeyFigure(name, text or worded(say("Not yet known"), [text]))
        for name, text in (
            (say("Cost"), cost),
            (say("Funding available"), numbers.amount(available)),
            (say("Funding to be sought"), sought),
            (say("Pledged, not yet available"), numbers.alone(group.value("pledged"))),
            (say("Share of the cost covered"), Printed(share, _covered(group, tree))),
        )
    )
    counts = say(
        "{costed} of {count}",
        costed=numbers.count(costed(rows.totals, group)),
        count=numbers.count(group.count()),
    )
    yield KeyFigure(say("Activities costed"), in_table(counts))


def _covered(group: Group, tree: AmountTree) -> Figured:
    """Return the share of the cost that is covered, in per cent."""
    cost, sought = (tree.value("total", "", name) for name in ("cost", "to_be_sought"))
    blank = cost.exact is None or sought.exact is None
    covered = Derived(
        ("total", "covered"),
        Operation.SUM,
        ("covered",),
        parts=((1, cost.source), (-1, sought.source)),
        known=False if blank else None,
    )
    parts = ((1, covered), (1, cost.source))
    source = Derived(
        ("total", "coverage"), Operation.SHARE, ("coverage",), parts=parts, unit=PERCENT
    )
    return Figured(source, share_covered(group.figures))


def share_covered(figures: Figures) -> Decimal | None:
    """Return how much of the cost is covered, in per cent; None where there is no cost."""
    if not figures.cost or figures.to_be_sought is None:
        return None
    covered = EXACT.subtract(figures.cost, figures.to_be_sought)
    return EXACT.divide(EXACT.multiply(covered, HUNDRED), figures.cost)


def coverage(figures: Figures, numbers: Numbers, say: Words) -> str:
    """
    Print how much of the cost is covered, in per cent; nothing where there is no cost.

    A surplus covers nothing else. 100 is printed only where every activity is costed in full and
    nothing is to be sought, and nil only where nothing is covered.
    """
    share = share_covered(figures)
    if share is None:
        return ""
    whole = not (figures.to_be_sought or figures.partial or figures.not_costed)
    if share == HUNDRED and not whole:
        return say("less than {percent}%", percent=numbers.number(HUNDRED))
    percent = rounded_to(share, 0)
    if percent == HUNDRED and not whole:
        percent = share.quantize(Decimal(1), ROUND_FLOOR)
    if not percent and share:
        return say("less than {percent}%", percent=numbers.number(Decimal(1)))
    return say("{percent}%", percent=numbers.number(percent))


def _gaps(rows: SummaryPrinter) -> Section:
    """Return the activities with most to be sought, ties in sheet order."""
    by_activity, say, labels = rows.totals.by_activity, rows.say, rows.labels
    caption = say("Largest amounts to be sought")
    short = [a for a in rows.programme.activities if by_activity[a.id].to_be_sought]
    short.sort(key=lambda activity: -(by_activity[activity.id].to_be_sought or 0))
    if not short:
        none = Paragraph(say("No funding is to be sought for the costed activities."), "statement")
        return Section("gaps", caption, (none,))
    columns = (
        Column(labels["number"], "number", 737, names=True),
        Column(labels["activity"], "text", 5783),
        Column(labels["priority"], "", 963),
        Column(labels["sought"], "amount", 1247),
        Column(labels["pledged"], "amount", 1134),
    )
    lines = []
    for activity in short[:MOST_GAPS]:
        key, word = activity.id, activity.priority
        title = _cut(" ".join(rows.activity_title(activity)))
        priority = capital(label("priority", word, say)) if word else ""
        value, step = rows.tree.value("activities", key, "to_be_sought"), rows.numbers.step
        value = Figured(value.source, value.exact).shown_as(value.shown, "fitted", step)
        sought = rows.amount(value, at_least=activity.partial)
        pledged = rows.numbers.alone(of_activity(rows.totals, key, "pledged"))
        lines.append(Row((activity.number, title, priority, sought, pledged), key=key))
    return tabled("gaps", caption, columns, lines, titled=False)


def _cut(title: str) -> str:
    """Cut a long title after a word."""
    if len(title) <= LONGEST_TITLE:
        return title
    return cut(title[:LONGEST_TITLE].rpartition(" ")[0])


def _notes(rows: SummaryPrinter) -> Iterator[str]:
    """Say what the figures leave out, and how they go together."""
    totals, figures, say, numbers = rows.totals, rows.totals.total, rows.say, rows.numbers
    group = rows.every

    def count(name: str, keys: Iterable[str]) -> Printed:
        rule = f"count-{name.replace('_', '-')}"
        return numbers.count(counted(("total", name), tuple(keys), rule), grouped=False)

    found = totals.by_activity.items()
    uncosted = (key for key, each in found if each.cost is None)
    partial = (key for key, each in found if each.partial)
    if figures.activities and figures.not_costed:
        yield say(
            "Activities not yet costed, not included in the cost or the funding to be sought:"
            " {count}.",
            count=count("not_costed", uncosted),
        )
    if figures.partial:
        yield say(
            "Activities costed only in part, for which the cost shown is a minimum: {count}.",
            count=count("partial", partial),
        )
    reconciliation = rows.reconciliation(group, "total", "")
    if reconciliation:
        yield reconciliation
    rate, support = support_costs(totals, group)
    if support is None or rate is None:
        yield from net_or_gross(figures, say)
    else:
        yield say(
            "Programme support costs of {rate} per cent are added to the costs that do not"
            " include them: {amount}.",
            rate=numbers.percent(rate),
            amount=numbers.alone(support),
        )
    if figures.pledged:
        yield say("Pledged contributions are shown separately and are not counted as available.")
