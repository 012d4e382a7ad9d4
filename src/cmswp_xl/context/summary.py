"""
The summary for managers in one language: a page of key figures, charts and the largest gaps.

Amounts are rounded to the unit at least, so that they add up as shown; the rounding and all else
that holds for the page is said on it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from cmswp_xl.context.bars import ChartPrinter, chart_rows
from cmswp_xl.context.front import ProgrammeDocument, front
from cmswp_xl.context.gathered import area_groups
from cmswp_xl.context.heading import (
    circumstances,
    column_labels,
    marked_title,
    net_or_gross,
    running_head,
)
from cmswp_xl.context.lines import amounts_behind
from cmswp_xl.context.numbers import NO_BREAK_SPACE, numbers_for
from cmswp_xl.context.texts import Texts, paragraphs
from cmswp_xl.languages import Words
from cmswp_xl.money import EXACT, HUNDRED, decimals, rounded_to, total
from cmswp_xl.wording import capital, label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cmswp_xl.charts import BarChart
    from cmswp_xl.context.bars import ChartPart
    from cmswp_xl.context.numbers import Numbers
    from cmswp_xl.context.rows import RowPrinter
    from cmswp_xl.context.texts import MissingText
    from cmswp_xl.languages import Language
    from cmswp_xl.totals import Figures, Reckoning

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


def summary_context(reckoning: Reckoning, language: Language) -> tuple[Summary, list[MissingText]]:
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
    reconciliation = rows.reconciliation(figures, rows.tree.shown["total"][""])
    if reconciliation:
        yield f"{reconciliation}."
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
