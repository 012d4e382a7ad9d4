"""The charts of the summary, each with its data as a table and its text alternative."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.charts import BarChart, Series
from cmswp_xl.context.gathered import years_together
from cmswp_xl.context.lines import Columns, grouped_tree
from cmswp_xl.context.rows import RowPrinter
from cmswp_xl.money import ZERO, fitted, total
from cmswp_xl.totals import summed
from cmswp_xl.wording import KINDS, capital, label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.context.numbers import Numbers
    from cmswp_xl.context.texts import Texts
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Activity
    from cmswp_xl.totals import Reckoning

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
