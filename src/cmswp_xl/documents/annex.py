"""Budget scenarios side by side, and what a lower one leaves out or lowers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import (
    AmountRow,
    Amounts,
    RowPrinter,
    amount_tree,
    amounts_behind,
    choose_columns,
    families_of,
)
from cmswp_xl.documents.front import (
    ProgrammeDocument,
    annex_title,
    column_labels,
    front,
    general_statements,
    running_head,
)
from cmswp_xl.documents.numbers import numbers_for
from cmswp_xl.documents.posts import StaffPrinter
from cmswp_xl.documents.texts import Texts
from cmswp_xl.figures.declarations import Operation
from cmswp_xl.figures.sources import (
    Derived,
    OfActivity,
    OfGroup,
    OfYear,
    SumOf,
    added_costs,
    span_of,
    support_rate,
)
from cmswp_xl.figures.totals import reckon
from cmswp_xl.languages import Words
from cmswp_xl.money import ZERO, fitted, total
from cmswp_xl.printed import Figured, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.amounts import ActivityRow, AmountTree
    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.documents.posts import StaffGroup
    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.figures.sources import Group
    from cmswp_xl.figures.totals import Figures, Reckoning
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Activity, Area, Programme


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
    columns: list[list[str]] = []
    totals: list[str] = []
    for code, each in known.items():
        groups = [_scenario_group(each, code, area) for area in areas]
        for name in _NAMES:
            shown, together = _column(code, groups, name, numbers)
            columns.append(shown)
            totals.append(together)
    rows = tuple(
        ScenarioRow(texts.area(area, programme), tuple(cells))
        for area, cells in zip(areas, zip(*columns, strict=True), strict=True)
    )
    activities = [a for area in areas for a in programme.activities_of(area.code)]
    highest = max(known, key=lambda code: known[code].of(activities).cost or ZERO)
    statements = tuple(
        text
        for code in known
        if code != highest
        for text in _lowered(
            (highest, known[highest]), (code, known[code]), titles[code], activities, numbers, say
        )
    )
    return Scenarios(
        caption,
        tuple(titles.values()),
        rows,
        ScenarioRow(say("Total"), tuple(totals)),
        statements,
    )


def _scenario_group(reckoning: Reckoning, code: str, area: Area) -> tuple[OfGroup, Figures]:
    """Return where the figures of an area in a scenario come from, and these."""
    keys = tuple(activity.id for activity in reckoning.programme.activities_of(area.code))
    source = OfGroup(("scenario", code, "area", area.code), keys, "cost", scenario=code)
    return source, reckoning.of_keys(keys)


def _column(
    code: str, groups: Sequence[tuple[OfGroup, Figures]], name: str, numbers: Numbers
) -> tuple[list[str], str]:
    """Print one amount of all areas and of the total; rounded parts add up to it."""
    parts = [Figured(source.beside(name), getattr(found, name)) for source, found in groups]
    sources = tuple(part.source for part in parts)
    known = [part.exact for part in parts if part.exact is not None]
    path = ("scenario", code, "total", name)
    whole = numbers.by_itself(
        Figured(SumOf(path, sources, "sum-areas"), total(known) if known else None)
    )
    if numbers.step is not None and whole.shown is not None:
        fits = iter(fitted(known, whole.shown, numbers.step))
        parts = [
            part if part.exact is None else part.shown_as(next(fits), "fitted", numbers.step, path)
            for part in parts
        ]
    return [numbers.amount(part) for part in parts], numbers.amount(whole)


def _lowered(
    high: tuple[str, Reckoning],
    low: tuple[str, Reckoning],
    title: str,
    activities: Sequence[Activity],
    numbers: Numbers,
    say: Words,
) -> list[str]:
    """Say which activities a scenario leaves out, which it lowers, and which it raises."""
    out: list[str] = []
    less: list[str] = []
    more: list[str] = []
    for activity in activities:
        before, after = (each.by_activity[activity.id].cost for _, each in (high, low))
        if before == after:
            continue
        falls = (before or ZERO) >= (after or ZERO)
        amount = _difference(activity.id, high[0], low[0], before, after)
        named = say("{number} ({amount})", number=activity.number, amount=numbers.alone(amount))
        (out if after is None else less if before is not None and falls else more).append(named)
    found = []
    if out:
        found.append(say("{scenario} leaves out: {activities}.", **_places(title, out)))
    if less:
        found.append(say("{scenario} lowers: {activities}.", **_places(title, less)))
    if more:
        found.append(say("{scenario} raises: {activities}.", **_places(title, more)))
    return found


def _difference(
    key: str, high: str, low: str, before: Decimal | None, after: Decimal | None
) -> Figured:
    """Return by how much the cost of an activity differs between two scenarios."""
    amount = (before or ZERO) - (after or ZERO)
    sign = 1 if amount >= 0 else -1
    parts = ((sign, high), (-sign, low))
    source = Derived(
        ("scenario", low, "activity", key, "difference"),
        Operation.SUM,
        ("scenario-difference",),
        parts=tuple((sign, OfActivity(key, "cost", scenario=code)) for sign, code in parts),
    )
    return Figured(source, abs(amount))


def _places(title: str, named: Sequence[str]) -> dict[str, str]:
    return {"scenario": title, "activities": joined("; ", named)}


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
    whole = len(areas) == len(programme.outline)
    direct = reckoning.support_costs(reckoning.of(activities)) is not None
    line = rows.line(_total_label(say, whole=whole, direct=direct), "total", "", activities)
    families = families_of(programme, areas)
    lines = tuple(_area_line(area, rows, texts, divided=area.code in families) for area in areas)
    years = _years(reckoning, areas, rows) if rows.tree.columns.years else ()
    return Closing(
        caption=say("Total of the programme areas"),
        areas=lines if len(lines) > 1 else (),
        total=line,
        additions=_additions(rows.group("total", "", activities), rows),
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
    programme = rows.reckoning.programme
    group = rows.group("areas", area.code, programme.activities_of(area.code))
    below = divided and not group.keys
    return AmountRow(
        texts.area(area, programme),
        rows.say("See its sub-areas.") if below else rows.costed(group),
        rows.amounts("areas", area.code, at_least=bool(group.figures.partial)),
    )


def _additions(group: Group, rows: RowPrinter) -> tuple[AmountRow, ...]:
    """Print the lines for programme support costs and the grand total, in the cost column only."""
    say, numbers = rows.say, rows.numbers
    rate, direct = support_rate(rows.reckoning.programme), rows.tree.value("total", "", "cost")
    added, grand = added_costs(rows.reckoning, group, direct, numbers.step)
    if rate is None or added is None or grand is None:
        return ()
    label = say("Programme support costs ({rate}%)", rate=numbers.percent(rate))
    at_least = bool(group.figures.partial)
    return tuple(
        AmountRow(text, "", _cost_only(rows, rows.amount(value, at_least=at_least)))
        for text, value in ((label, added), (say("Grand total"), grand))
    )


def _cost_only(rows: RowPrinter, amount: str) -> Amounts:
    blanks = ("",) * (len(rows.tree.columns.cost) - 1)
    return Amounts((*blanks, amount), ("",) * len(rows.tree.columns.kinds), "")


def _years(reckoning: Reckoning, areas: Sequence[Area], rows: RowPrinter) -> tuple[AmountRow, ...]:
    """Print a row for each year of the period, and for what has no year where there is any."""
    activities = [a for area in areas for a in reckoning.programme.activities_of(area.code)]
    keys = tuple(activity.id for activity in activities)
    years: list[int | None] = list(reckoning.programme.settings.years)
    undated = {line.activity for line in reckoning.costs if line.year is None}
    undated |= {row.activity for row in reckoning.funding if row.year is None}
    if undated & {*keys}:
        years.append(None)
    lines = []
    for year in years:
        figures = reckoning.year_figures(year, activities)
        cost, *kinds, sought = (
            rows.numbers.alone(Figured(OfYear(span_of(year), keys, name), getattr(figures, name)))
            for name in ("cost", *rows.tree.columns.kinds, "to_be_sought")
        )
        label = rows.say("Whole period") if year is None else str(year)
        lines.append(AmountRow(label, "", Amounts((cost,), tuple(kinds), sought)))
    return tuple(lines)


def _years_statement(say: Words) -> str:
    return say(
        "No money is moved between years: the years together may ask for more than the period,"
        " where one year has more than it needs and another less."
    )


@dataclass(frozen=True, slots=True)
class AreaPart:
    """
    An area of the annex: its activities with their sub-total, and its staff.

    `family` is the code of the area where the part is its sub-total with its sub-areas.
    """

    anchor: str
    title: str
    caption: str
    empty: str
    rows: tuple[ActivityRow, ...]
    subtotal: AmountRow
    notes: tuple[tuple[str, str], ...]
    statements: tuple[str, ...]
    staff: tuple[StaffGroup, ...]
    staff_caption: str
    family: str = ""


@dataclass(frozen=True, slots=True)
class Annex(ProgrammeDocument):
    """Everything that the annex templates place; `labels` holds the fixed words."""

    cost_heads: tuple[str, ...]
    kind_heads: tuple[str, ...]
    areas: tuple[AreaPart, ...]
    closing: Closing
    scenarios: Scenarios


def has_content(_programme: Programme) -> bool:
    """Return whether there is an annex to print: always."""
    return True


def content(
    reckoning: Reckoning, language: Language, codes: Sequence[str] = ()
) -> tuple[Annex, list[MissingText]]:
    """
    Word the annex, of some areas only where their codes are given.

    Gives the annex and the texts that it would print and that are not there in the language; with
    any of these it must not be published.
    """
    programme, settings = reckoning.programme, reckoning.programme.settings
    say, texts = Words(language), Texts(language)
    areas = areas_of(programme, codes)
    chosen = reckoning.of(a for area in areas for a in programme.activities_of(area.code))
    columns = choose_columns(reckoning, chosen)
    numbers = numbers_for(
        language, settings.number_style, settings.rounding, amounts_behind(reckoning, chosen)
    )
    tree = amount_tree(reckoning, areas, columns, numbers.step)
    staff = StaffPrinter(programme, texts, numbers, say)
    rows = RowPrinter(reckoning, tree, numbers, texts, say)
    parts = tuple(_parts(areas, rows, staff, texts))
    extract = len(areas) < len(programme.outline)
    has_staff = any(part.staff for part in parts)
    marked = any(row.unfunded for part in parts for row in part.rows)
    annex = Annex(
        **front(
            settings,
            texts,
            say,
            head=running_head(settings, texts, say("Annex I")),
            title=annex_title(settings, say, extract=extract),
        ),
        statements=tuple(
            general_statements(
                reckoning, chosen, numbers, texts, say, staff=has_staff, marked=marked
            )
        ),
        labels=column_labels(settings, say),
        cost_heads=_cost_heads(tree, say),
        kind_heads=tuple(column_labels(settings, say)[kind] for kind in columns.kinds),
        areas=parts,
        closing=closing_part(reckoning, areas, rows, texts, say),
        scenarios=scenarios_part(reckoning, areas, numbers, texts, say),
        landscape=bool(columns.years),
    )
    return annex, texts.missing


def areas_of(programme: Programme, codes: Sequence[str]) -> list[Area]:
    """Return the areas of some codes, or all, each with its sub-areas, in print order."""
    chosen = {key for code in codes for key in programme.family(code)}
    return [area for area in programme.outline if not codes or area.code in chosen]


def _parts(
    areas: Sequence[Area], rows: RowPrinter, staff: StaffPrinter, texts: Texts
) -> Iterator[AreaPart]:
    """Word the areas; below the last sub-area of an area stands what they are together."""
    families = families_of(rows.reckoning.programme, areas)
    last = {keys[-1]: code for code, keys in families.items()}
    for index, area in enumerate(areas, 1):
        yield _area_part(index, area, rows, staff, texts, divided=area.code in families)
        if area.code in last:
            top = next(item for item in areas if item.code == last[area.code])
            yield _family_part(index, top, families[top.code], rows, texts)


def _family_part(
    index: int, area: Area, codes: Sequence[str], rows: RowPrinter, texts: Texts
) -> AreaPart:
    """Word the sub-total of an area with its sub-areas: a table of one row."""
    say, programme = rows.say, rows.reckoning.programme
    title = say("{area}, with its sub-areas", area=texts.area(area, programme))
    activities = [a for code in codes for a in programme.activities_of(code)]
    return AreaPart(
        anchor=f"area-{index}-together",
        title=title,
        caption=say("Activities, costs and funding: {area}", area=title),
        empty="",
        rows=(),
        subtotal=rows.line(say("Sub-total with the sub-areas"), "families", area.code, activities),
        notes=(),
        statements=(),
        staff=(),
        staff_caption="",
        family=area.code,
    )


def _cost_heads(tree: AmountTree, say: Words) -> tuple[str, ...]:
    if not tree.columns.years:
        return ()
    years = (say("Whole period") if y is None else str(y) for y in tree.columns.years)
    return (*years, say("Total"))


def _area_part(
    index: int,
    area: Area,
    rows: RowPrinter,
    staff: StaffPrinter,
    texts: Texts,
    *,
    divided: bool,
) -> AreaPart:
    say = rows.say
    none = (
        say("The activities of this area are listed under its sub-areas.")
        if divided
        else say("No activities have been listed for this area yet.")
    )
    title = texts.area(area, rows.reckoning.programme)
    activities = rows.reckoning.programme.activities_of(area.code)
    notes = rows.notes()
    return AreaPart(
        anchor=f"area-{index}",
        title=title,
        caption=say("Activities, costs and funding: {area}", area=title),
        empty="" if activities else none,
        rows=tuple(rows.activity(activity, notes) for activity in activities),
        subtotal=rows.line(say("Sub-total"), "areas", area.code, activities),
        notes=notes.listed(),
        statements=tuple(rows.statements(activities)),
        staff=staff.groups(area.code),
        staff_caption=say("Human resources: {area}", area=title),
    )
