"""Budget scenarios side by side, and what a lower one leaves out or lowers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.money import ZERO, fitted, rounded
from cmswp_xl.totals import reckon

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from cmswp_xl.context.numbers import Numbers
    from cmswp_xl.context.texts import Texts
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Activity, Area
    from cmswp_xl.totals import Figures, Reckoning

_NAMES = ("cost", "to_be_sought")


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """An area, or the total: for each scenario its cost and what is to be sought."""

    label: str
    amounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenarios:
    """The scenarios of a programme; no heads where there are fewer than two."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[ScenarioRow, ...]
    total: ScenarioRow
    statements: tuple[str, ...]


def scenarios_part(
    reckoning: Reckoning, areas: Sequence[Area], numbers: Numbers, texts: Texts, say: Words
) -> Scenarios:
    """Word the scenarios for the areas of a document; the highest in cost is what others lower."""
    programme = reckoning.programme
    caption = say("Budget scenarios side by side")
    if len(programme.scenarios) < 2:  # noqa: PLR2004  side by side takes two
        return Scenarios(caption, (), (), ScenarioRow("", ()), ())
    known = {item.code: reckon(programme, item.code) for item in programme.scenarios}
    titles = {
        item.code: texts.required(item.title, "scenarios", item.code)
        for item in programme.scenarios
    }
    activities = [a for area in areas for a in programme.activities_of(area.code)]
    columns: list[list[str]] = []
    totals: list[str] = []
    for each in known.values():
        parts = [each.of(programme.activities_of(area.code)) for area in areas]
        whole = each.of(activities)
        for name in _NAMES:
            shown, together = _column(parts, whole, name, numbers)
            columns.append(shown)
            totals.append(together)
    rows = tuple(
        ScenarioRow(texts.area(area, programme), tuple(cells))
        for area, cells in zip(areas, zip(*columns, strict=True), strict=True)
    )
    highest = max(known, key=lambda code: known[code].of(activities).cost or ZERO)
    statements = tuple(
        text
        for code in known
        if code != highest
        for text in _lowered(known[highest], known[code], titles[code], activities, numbers, say)
    )
    return Scenarios(
        caption,
        tuple(titles.values()),
        rows,
        ScenarioRow(say("Total"), tuple(totals)),
        statements,
    )


def _column(
    parts: Sequence[Figures], whole: Figures, name: str, numbers: Numbers
) -> tuple[list[str], str]:
    """Print one amount of all areas and of the total; rounded parts add up to it."""
    exact: list[Decimal | None] = [getattr(part, name) for part in parts]
    together: Decimal | None = getattr(whole, name)
    shown, shown_total = list(exact), together
    if numbers.step is not None and together is not None:
        shown_total = rounded(together, numbers.step)
        known = [part for part in exact if part is not None]
        fits = iter(fitted(known, shown_total, numbers.step))
        shown = [None if part is None else next(fits) for part in exact]
    texts = [numbers.amount(part, before) for part, before in zip(shown, exact, strict=True)]
    return texts, numbers.amount(shown_total, together)


def _lowered(
    high: Reckoning,
    low: Reckoning,
    title: str,
    activities: Sequence[Activity],
    numbers: Numbers,
    say: Words,
) -> list[str]:
    """Tell which activities a scenario leaves out, which it lowers, and which it raises."""
    out: list[str] = []
    less: list[str] = []
    more: list[str] = []
    for activity in activities:
        before = high.by_activity[activity.id].cost
        after = low.by_activity[activity.id].cost
        if before is not None and after is None:
            out.append(_named(activity, numbers.alone(before), say))
        elif before is not None and after is not None and before != after:
            named = _named(activity, numbers.alone(abs(before - after)), say)
            (less if after < before else more).append(named)
        elif before is None and after is not None:
            more.append(_named(activity, numbers.alone(after), say))
    found = []
    if out:
        found.append(say("{scenario} leaves out: {activities}.", **_places(title, out)))
    if less:
        found.append(say("{scenario} lowers: {activities}.", **_places(title, less)))
    if more:
        found.append(say("{scenario} raises: {activities}.", **_places(title, more)))
    return found


def _named(activity: Activity, amount: str, say: Words) -> str:
    return say("{number} ({amount})", number=activity.number, amount=amount)


def _places(title: str, named: Sequence[str]) -> dict[str, str]:
    return {"scenario": title, "activities": "; ".join(named)}
