"""The end of the annex: the areas' totals, support costs, the grand total, and the years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.context.lines import families_of
from cmswp_xl.context.rows import AmountRow, Amounts
from cmswp_xl.money import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from cmswp_xl.context.rows import RowPrinter
    from cmswp_xl.context.texts import Texts
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Area
    from cmswp_xl.totals import Figures, Reckoning


@dataclass(frozen=True, slots=True)
class Closing:
    """The closing tables: totals by area, the lines below them, and the years."""

    caption: str
    areas: tuple[AmountRow, ...]
    total: AmountRow
    additions: tuple[AmountRow, ...]
    years_caption: str
    years: tuple[AmountRow, ...]
    years_statement: str


def closing_part(
    reckoning: Reckoning, areas: Sequence[Area], rows: RowPrinter, texts: Texts, say: Words
) -> Closing:
    """Word the end of the annex for the areas that it holds."""
    programme = reckoning.programme
    activities = [a for area in areas for a in programme.activities_of(area.code)]
    figures = reckoning.of(activities)
    support = reckoning.support_costs(figures)
    whole = len(areas) == len(programme.outline)
    direct = support is not None
    total = AmountRow(
        _total_label(say, whole=whole, direct=direct),
        rows.costed(figures),
        rows.amounts("total", "", at_least=bool(figures.partial)),
        rows.reconciliation(figures, rows.tree.shown["total"][""]),
    )
    families = families_of(programme, areas)
    lines = tuple(_area_line(area, rows, texts, divided=area.code in families) for area in areas)
    years = _years(reckoning, areas, rows) if rows.tree.columns.years else ()
    return Closing(
        caption=say("Total of the programme areas"),
        areas=lines if len(lines) > 1 else (),
        total=total,
        additions=_additions(reckoning, figures, support, rows, say),
        years_caption=say("Cost and funding by year"),
        years=years,
        years_statement=_years_statement(say) if years else "",
    )


def _total_label(say: Words, *, whole: bool, direct: bool) -> str:
    if direct:
        return say("Total direct costs") if whole else say("Total direct costs (extract)")
    return say("Grand total") if whole else say("Total (extract)")


def _area_line(area: Area, rows: RowPrinter, texts: Texts, *, divided: bool) -> AmountRow:
    """Print an area's own activities; those of its sub-areas are in rows of their own."""
    figures = rows.reckoning.of(rows.reckoning.programme.activities_of(area.code))
    below = divided and not figures.activities
    return AmountRow(
        texts.area(area, rows.reckoning.programme),
        rows.say("See its sub-areas.") if below else rows.costed(figures),
        rows.amounts("areas", area.code, at_least=bool(figures.partial)),
    )


def _additions(
    reckoning: Reckoning,
    figures: Figures,
    support: Decimal | None,
    rows: RowPrinter,
    say: Words,
) -> tuple[AmountRow, ...]:
    """Give the lines for programme support costs and the grand total, in the cost column only."""
    rate = reckoning.programme.settings.support_cost_rate
    if support is None or rate is None or figures.cost is None:
        return ()
    direct = rows.tree.shown["total"][""]["cost"]
    step = rows.numbers.step
    shown = support if step is None else rounded(support, step)
    label = say("Programme support costs ({rate}%)", rate=rows.numbers.percent(rate))
    grand = None if direct is None else direct + shown
    return (
        AmountRow(label, "", _cost_only(rows, rows.amount(shown, support, figures))),
        AmountRow(
            say("Grand total"), "", _cost_only(rows, rows.amount(grand, figures.cost, figures))
        ),
    )


def _cost_only(rows: RowPrinter, amount: str) -> Amounts:
    blanks = ("",) * (len(rows.tree.columns.cost) - 1)
    return Amounts((*blanks, amount), ("",) * len(rows.tree.columns.kinds), "")


def _years(reckoning: Reckoning, areas: Sequence[Area], rows: RowPrinter) -> tuple[AmountRow, ...]:
    """Give a row for each year of the period, and for what has no year where there is any."""
    activities = [a for area in areas for a in reckoning.programme.activities_of(area.code)]
    chosen = {activity.id for activity in activities}
    years: list[int | None] = list(reckoning.programme.settings.years)
    undated = {line.activity for line in reckoning.costs if line.year is None}
    undated |= {row.activity for row in reckoning.funding if row.year is None}
    if undated & chosen:
        years.append(None)
    lines = []
    for year in years:
        figures = reckoning.year_figures(year, activities)
        name = rows.say("Whole period") if year is None else str(year)
        lines.append(AmountRow(name, "", _year_amounts(rows, figures)))
    return tuple(lines)


def _year_amounts(rows: RowPrinter, figures: Figures) -> Amounts:
    def text(name: str) -> str:
        return rows.numbers.alone(getattr(figures, name))

    kinds = tuple(text(kind) for kind in rows.tree.columns.kinds)
    return Amounts((text("cost"),), kinds, text("to_be_sought"))


def _years_statement(say: Words) -> str:
    return say(
        "No money is moved between years: the years together may ask for more than the period,"
        " where one year has more than it needs and another less."
    )
