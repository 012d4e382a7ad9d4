"""What one page has no room for stands together: the smallest areas, the last years."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from cmswp_xl.charts import BarChart, Series
from cmswp_xl.documents.amounts import Columns, RowPrinter, amounts_behind, grouped_tree
from cmswp_xl.documents.front import (
    ProgrammeDocument,
    circumstances,
    column_labels,
    front,
    marked_title,
    net_or_gross,
    running_head,
)
from cmswp_xl.documents.numbers import NO_BREAK_SPACE, numbers_for
from cmswp_xl.documents.texts import Texts, paragraphs
from cmswp_xl.figures.totals import summed
from cmswp_xl.languages import Words
from cmswp_xl.messages.labels import KINDS, capital, label
from cmswp_xl.money import EXACT, HUNDRED, ZERO, decimals, fitted, rounded_to, total
from cmswp_xl.printed import worded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.figures.totals import Figures, Reckoning, Row
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Activity, Programme


MOST_AREAS = 8
"""How many areas a chart shows; where there are more, the smallest stand together."""

MOST_YEARS = 5
"""How many years a chart shows; where there are more, the last stand together."""


def area_groups(reckoning: Reckoning) -> dict[str, tuple[Activity, ...]]:
    """Give the activities by area; under "" those of the areas that stand together."""
    programme = reckoning.programme
    groups = {area.code: programme.activities_of(area.code) for area in programme.outline}
    if len(groups) <= MOST_AREAS:
        return groups
    costs = {code: reckoning.of(activities).cost or ZERO for code, activities in groups.items()}
    kept = sorted(groups, key=lambda code: -costs[code])[: MOST_AREAS - 1]
    rest = tuple(a for code, group in groups.items() if code not in kept for a in group)
    return {**{code: groups[code] for code in groups if code in kept}, "": rest}


def years_together(rows: Iterable[Row], say: Words) -> list[tuple[str, Figures]]:
    """Give the figures of each year, the last together where there are many."""
    rows = list(rows)
    years = [row for row in rows if row.key]
    found = [(row.key, row.figures) for row in years]
    if len(years) > MOST_YEARS:
        first, last = years[: MOST_YEARS - 1], years[MOST_YEARS - 1 :]
        span = say("{first}–{last}", first=last[0].key, last=last[-1].key)
        found = [(row.key, row.figures) for row in first]
        found.append((span, summed(row.figures for row in last)))
    return found + [(say("Whole period"), row.figures) for row in rows if not row.key]


_WIDE, _HALF = (17.4, 4.0), (8.5, 3.4)
"""The sizes of the pictures in the Word template, in centimetres."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a chart's table: what it is about, and its figures as printed."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChartPart:
    """
    A chart with its table.

    `alt` says in words what the picture shows; `chart` is None, and `empty` said in its place,
    where there is nothing to draw.
    """

    name: str
    caption: str
    alt: str
    remark: str
    empty: str
    heads: tuple[str, ...]
    rows: tuple[Line, ...]
    total: Line | None
    chart: BarChart | None


@dataclass(frozen=True, slots=True)
class ChartPrinter:
    """
    Words the charts of a programme in one language.

    `rows` prints amounts of a tree whose areas are the `groups` of `area_groups`.
    """

    reckoning: Reckoning
    rows: RowPrinter
    labels: Mapping[str, str]
    groups: Mapping[str, Sequence[Activity]]

    @property
    def _say(self) -> Words:
        return self.rows.say

    @property
    def _numbers(self) -> Numbers:
        return self.rows.numbers

    def areas(self) -> ChartPart:
        """Word the funding of each area."""
        say, tree, names = self._say, self.rows.tree, self._names()
        kinds = (*tree.columns.kinds, "to_be_sought")
        looks = (*tree.columns.kinds, "sought")
        heads = [self.labels[look] for look in looks]
        lines = {key: self._amounts("areas", key) for key in names}
        whole = self._amounts("total", "")
        series = tuple(
            Series(
                head,
                look,
                tuple(tree.shown["areas"][key][kind] for key in names),
                tuple(self._numbers.amount(tree.shown["areas"][key][kind]) for key in names),
            )
            for head, look, kind in zip(heads, looks, kinds, strict=True)
        )
        ends = tuple(self._numbers.amount(tree.shown["areas"][key]["cost"]) for key in names)
        chart = BarChart(tuple(names.values()), series, *_WIDE, ends=ends)
        return ChartPart(
            name="areas",
            caption=say("Funding of each programme area"),
            alt=self._areas_alt(names, dict(zip(heads, whole[1:], strict=True)), whole[0]),
            remark=say("The figure behind each bar is the cost."),
            empty=say("There are no amounts to show yet."),
            heads=(self.labels["area"], self.labels["cost"], *heads),
            rows=tuple(Line(names[key], cells) for key, cells in lines.items()),
            total=Line(say("Total"), whole),
            chart=None if chart.empty else chart,
        )

    def _amounts(self, level: str, key: str) -> tuple[str, ...]:
        whole = level == "total"
        figures = self.reckoning.total if whole else self.reckoning.of(self.groups[key])
        found = self.rows.amounts(level, key, at_least=bool(figures.partial))
        return (*found.cost, *found.kinds, found.sought)

    def _names(self) -> dict[str, str]:
        """Give what each group of areas is called."""
        programme = self.reckoning.programme
        areas = {area.code: area for area in programme.areas}
        others = len(areas) - len(self.groups) + 1
        return {
            code: self.rows.texts.area(areas[code], programme)
            if code
            else self._say("Other programme areas ({count})", count=others)
            for code in self.groups
        }

    def _areas_alt(self, names: Mapping[str, str], parts: Mapping[str, str], cost: str) -> str:
        say, shown = self._say, self.rows.tree.shown["areas"]
        listed = say("; ").join(
            say("{name}: {amount}", name=name, amount=amount)
            for name, amount in {say("Cost"): cost, **parts}.items()
        )
        text = say("Bar chart: funding of each programme area. {list}.", list=listed)
        most = max(names, key=lambda key: shown[key]["to_be_sought"] or ZERO, default=None)
        if most is None or not shown[most]["to_be_sought"]:
            return text
        amount = self._numbers.amount(shown[most]["to_be_sought"])
        largest = say(
            "Most is to be sought for {area}: {amount}.", area=names[most], amount=amount
        )
        return f"{text} {largest}"

    def years(self) -> ChartPart:
        """Word the cost of each year against what is available for it."""
        say = self._say
        shown = self.rows.tree.shown["total"][""]
        found = years_together(self.reckoning.rows("year"), say)
        costs = self._fit([figures.cost for _, figures in found], shown["cost"])
        kinds = [shown[kind] for kind in self.rows.tree.columns.kinds]
        known = [amount for amount in kinds if amount is not None]
        available = self._fit(
            [figures.available for _, figures in found], total(known) if known else None
        )
        names = tuple(name for name, _ in found)
        heads = (say("Cost"), self.labels["available"])
        printed = [tuple(map(self._numbers.amount, amounts)) for amounts in (costs, available)]
        chart = BarChart(
            names,
            (
                Series(heads[0], "cost", tuple(costs), printed[0]),
                Series(heads[1], "available", tuple(available), printed[1]),
            ),
            *_HALF,
        )
        listed = say("; ").join(
            say(
                "{year}: cost {cost}, available {available}", year=name, cost=cost, available=money
            )
            for name, cost, money in zip(names, *printed, strict=True)
        )
        return ChartPart(
            name="years",
            caption=say("Cost and funding available by year"),
            alt=say("Bar chart: cost against funding available by year. {list}.", list=listed),
            remark="",
            empty=say("There are no amounts to show yet."),
            heads=(say("Year"), *heads),
            rows=tuple(Line(name, cells) for name, *cells in zip(names, *printed, strict=True)),  # type: ignore[arg-type]
            total=None,
            chart=None if chart.empty else chart,
        )

    def statuses(self) -> ChartPart:
        """Word how many activities have each funding status, and what these cost."""
        say = self._say
        words = tuple(KINDS["funding-status"])
        every = list(self.reckoning.by_activity.values())
        counts = Counter(figures.status for figures in every)
        groups = [summed(f for f in every if f.status == word).cost for word in words]
        costs = self._fit(groups, self.rows.tree.shown["total"][""]["cost"])
        names = tuple(capital(label("funding-status", word, say)) for word in words)
        printed = tuple(self._numbers.count(counts[word]) for word in words)
        lengths = tuple(ZERO + counts[word] for word in words)
        head = say("Activities")
        chart = BarChart(names, (Series(head, "count", lengths, printed),), *_HALF)
        listed = say("; ").join(
            say("{name}: {amount}", name=name, amount=count)
            for name, count in zip(names, printed, strict=True)
        )
        return ChartPart(
            name="statuses",
            caption=say("Activities by funding status"),
            alt=say("Bar chart: number of activities by funding status. {list}.", list=listed),
            remark="",
            empty=say("No activities."),
            heads=(say("Funding status"), head, say("Cost")),
            rows=tuple(
                Line(name, (count, self._numbers.amount(cost)))
                for name, count, cost in zip(names, printed, costs, strict=True)
            ),
            total=None,
            chart=None if chart.empty else chart,
        )

    def _fit(self, parts: Sequence[Decimal | None], whole: Decimal | None) -> list[Decimal | None]:
        """Round parts so that they add up to the total as it is shown; blanks stay blank."""
        step = self._numbers.step
        if step is None or whole is None:
            return list(parts)
        known = iter(fitted([part for part in parts if part is not None], whole, step))
        return [None if part is None else next(known) for part in parts]


def chart_rows(
    reckoning: Reckoning,
    groups: Mapping[str, Sequence[Activity]],
    numbers: Numbers,
    texts: Texts,
    say: Words,
) -> RowPrinter:
    """Give a printer of amounts for the groups of areas that the charts show."""
    kinds = ("core", "voluntary", "other") if reckoning.total.other else ("core", "voluntary")
    tree = grouped_tree(reckoning, groups, Columns((), kinds), numbers.step)
    return RowPrinter(reckoning, tree, numbers, texts, say)


MOST_GAPS = 5
LONGEST_TITLE = 110
"""How many letters of an activity's title are printed; the annex has the rest."""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A key figure: what it is, and the figure as printed."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """An activity among those for which most is to be sought."""

    number: str
    activity: str
    priority: str
    sought: str
    pledged: str


@dataclass(frozen=True, slots=True)
class Summary(ProgrammeDocument):
    """Everything that the summary's templates place; `pictures` are the charts by name."""

    figures: tuple[KeyFigure, ...]
    areas: ChartPart
    years: ChartPart
    statuses: ChartPart
    gaps: tuple[Gap, ...]
    gaps_caption: str
    gaps_empty: str
    notes: tuple[str, ...]
    pictures: Mapping[str, BarChart]


def has_content(_programme: Programme) -> bool:
    """Return whether there is a summary to print: always."""
    return True


def content(
    reckoning: Reckoning, language: Language, _codes: Sequence[str] = ()
) -> tuple[Summary, list[MissingText]]:
    """Word the summary; gives it and the texts that it would print and that are not there."""
    reckoning = in_whole_units(reckoning)
    settings = reckoning.programme.settings
    say, texts = Words(language), Texts(language)
    amounts = amounts_behind(reckoning, reckoning.total)
    numbers = numbers_for(language, settings.number_style, settings.rounding, amounts)
    groups = area_groups(reckoning)
    rows = chart_rows(reckoning, groups, numbers, texts, say)
    labels = _labels(column_labels(settings, say), say)
    charts = ChartPrinter(reckoning, rows, labels, groups)
    parts = (charts.areas(), charts.years(), charts.statuses())
    gaps = tuple(_gaps(reckoning, rows))
    summary = Summary(
        **front(
            settings,
            texts,
            say,
            head=running_head(settings, texts, ""),
            title=marked_title(say("Costed programme of work: summary"), settings, say),
        ),
        statements=tuple(circumstances(reckoning, numbers, texts, say)),
        labels=labels,
        figures=tuple(_key_figures(reckoning.total, rows)),
        areas=parts[0],
        years=parts[1],
        statuses=parts[2],
        gaps=gaps,
        gaps_caption=say("Largest amounts to be sought"),
        gaps_empty="" if gaps else say("No costed activity has money to be sought."),
        notes=tuple(_notes(reckoning, rows)),
        pictures={part.name: part.chart for part in parts if part.chart is not None},
        landscape=False,
    )
    return summary, texts.missing


def in_whole_units(reckoning: Reckoning) -> Reckoning:
    """Round to the unit where the programme does not say how, and amounts have cents."""
    programme = reckoning.programme
    amounts = amounts_behind(reckoning, reckoning.total)
    if programme.settings.rounding or not any(a is not None and decimals(a) for a in amounts):
        return reckoning
    settings = replace(programme.settings, rounding="unit")
    return replace(reckoning, programme=replace(programme, settings=settings))


def _labels(columns: Mapping[str, str], say: Words) -> dict[str, str]:
    return {
        **columns,
        "cost": say("Cost"),
        "sought": say("To be sought"),
        "pledged": say("Pledged"),
        "priority": say("Priority"),
        "figures": say("Key figures"),
        "data": say("Data as a table"),
    }


def _key_figures(figures: Figures, rows: RowPrinter) -> Iterator[KeyFigure]:
    say, numbers, shown = rows.say, rows.numbers, rows.tree.shown["total"][""]
    line = rows.amounts("total", "", at_least=bool(figures.partial))
    known = [amount for kind in rows.tree.columns.kinds if (amount := shown[kind]) is not None]
    available = numbers.amount(total(known), figures.available) if known else ""
    blank = say("Not yet known")
    yield KeyFigure(say("Cost"), line.cost[-1] or blank)
    yield KeyFigure(say("Funding available"), available or blank)
    yield KeyFigure(say("Funding to be sought"), line.sought or blank)
    yield KeyFigure(say("Pledged, not yet available"), numbers.alone(figures.pledged) or blank)
    yield KeyFigure(say("Share of the cost covered"), coverage(figures, numbers, say) or blank)
    costed = say(
        "{costed} of {count}",
        costed=numbers.count(figures.activities - figures.not_costed),
        count=numbers.count(figures.activities),
    )
    yield KeyFigure(say("Activities costed"), costed)


def coverage(figures: Figures, numbers: Numbers, say: Words) -> str:
    """
    Print how much of the cost is covered, in per cent; nothing where there is no cost.

    A surplus covers nothing else. 100 is printed only where every activity is costed in full and
    nothing is to be sought, and nil only where nothing is covered.
    """
    if not figures.cost or figures.to_be_sought is None:
        return ""
    covered = EXACT.subtract(figures.cost, figures.to_be_sought)
    share = EXACT.divide(EXACT.multiply(covered, HUNDRED), figures.cost)
    whole = not (figures.to_be_sought or figures.partial or figures.not_costed)
    if share == HUNDRED and not whole:
        return say("less than {percent}%", percent=numbers.percent(HUNDRED))
    percent = rounded_to(share, 0)
    if percent == HUNDRED and not whole:
        percent = share.quantize(Decimal(1), ROUND_FLOOR)
    if not percent and covered:
        return say("less than {percent}%", percent=numbers.percent(Decimal(1)))
    return say("{percent}%", percent=numbers.percent(percent))


def _gaps(reckoning: Reckoning, rows: RowPrinter) -> Iterator[Gap]:
    """Give the activities with most to be sought, ties in sheet order."""
    by_activity, say, texts = reckoning.by_activity, rows.say, rows.texts
    short = [a for a in reckoning.programme.activities if by_activity[a.id].to_be_sought]
    short.sort(key=lambda activity: -(by_activity[activity.id].to_be_sought or 0))
    for activity in short[:MOST_GAPS]:
        figures = by_activity[activity.id]
        title = texts.required(activity.title, "activities", activity.id)
        yield Gap(
            number=activity.number,
            activity=_cut(" ".join(paragraphs(title))),
            priority=capital(label("priority", activity.priority, say))
            if activity.priority
            else "",
            sought=rows.amounts("activities", activity.id, at_least=activity.partial).sought,
            pledged=rows.numbers.alone(figures.pledged),
        )


def _cut(title: str) -> str:
    """Cut a long title after a word."""
    if len(title) <= LONGEST_TITLE:
        return title
    return title[:LONGEST_TITLE].rpartition(" ")[0].rstrip(" ,;:–") + f"{NO_BREAK_SPACE}…"


def _notes(reckoning: Reckoning, rows: RowPrinter) -> Iterator[str]:
    """Say what the figures leave out, and how they go together."""
    figures, say, numbers = reckoning.total, rows.say, rows.numbers
    if figures.activities and figures.not_costed:
        yield say.many(
            "{count} activity is not yet costed; it is missing from the cost and from what is to"
            " be sought.",
            "{count} activities are not yet costed; they are missing from the cost and from what"
            " is to be sought.",
            figures.not_costed,
        )
    if figures.partial:
        yield say.many(
            "{count} activity is costed only in part: the cost is at least the amount shown.",
            "{count} activities are costed only in part: the cost is at least the amount shown.",
            figures.partial,
        )
    reconciliation = rows.reconciliation(
        rows.group("total", "", reckoning.programme.activities), "total", ""
    )
    if reconciliation:
        yield worded(f"{reconciliation}.", [reconciliation])
    support, rate = reckoning.support_costs(), reckoning.programme.settings.support_cost_rate
    if support is None or rate is None:
        yield from net_or_gross(figures, say)
    else:
        yield say(
            "Programme support costs of {rate} per cent come on top of the costs that do not"
            " include them: {amount}.",
            rate=numbers.percent(rate),
            amount=numbers.alone(support),
        )
    if figures.pledged:
        yield say("Pledged contributions stand apart; they are not counted as available.")
