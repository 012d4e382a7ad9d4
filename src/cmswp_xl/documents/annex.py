"""The annex: the activities of each area with their costs and funding, its staff, and totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import (
    RowPrinter,
    amount_tree,
    amounts_behind,
    choose_columns,
    families_of,
    labelled,
)
from cmswp_xl.documents.front import (
    annex_title,
    column_labels,
    front,
    general_statements,
    page_document,
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
from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.languages import Words
from cmswp_xl.money import ZERO, fitted, total
from cmswp_xl.page import Column, Paragraph, Row, Section, Table
from cmswp_xl.printed import Figured, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.front import PageDocument
    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.figures.sources import Group
    from cmswp_xl.figures.totals import Figures, ProgrammeTotals
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Activity, Area, Programme
    from cmswp_xl.page import Block


def _scenarios(
    areas: Sequence[Area], rows: RowPrinter, labels: Mapping[str, str]
) -> Section | None:
    """Return the scenarios side by side; None for fewer than two; others lower the highest."""
    programme, say, texts = rows.totals.programme, rows.say, rows.texts
    if len(programme.scenarios) < 2:  # noqa: PLR2004  side by side takes two
        return None
    known = {item.code: compute_totals(programme, item.code) for item in programme.scenarios}
    titles = {s.code: texts.required(s.title, "scenarios", s.code) for s in programme.scenarios}
    columns = [Column(labels["area"], "label", 4706, names=True)]
    cells: list[list[str]] = []
    for code, each in known.items():
        groups = [_scenario_group(each, code, area) for area in areas]
        for name, head in (("cost", labels["cost"]), ("to_be_sought", labels["sought"])):
            columns.append(Column(head, "amount", 1190, titles[code]))
            cells.append(_column(code, groups, name, rows.numbers))
    names = [*(texts.area(area, programme) for area in areas), say("Total")]
    keys = [*(area.code for area in areas), "total"]
    lines = tuple(
        Row((name, *line), "total" if key == "total" else "", key)
        for key, name, line in zip(keys, names, zip(*cells, strict=True), strict=True)
    )
    activities = [a for area in areas for a in programme.activities_of(area.code)]
    highest = max(known, key=lambda code: known[code].of(activities).cost or ZERO)
    notes = (
        Paragraph(text, "note")
        for code in known
        if code != highest
        for text in _lowered(
            (highest, known[highest]), (code, known[code]), titles[code], activities, rows
        )
    )
    caption = say("Budget scenarios side by side")
    return Section(
        "scenarios", caption, (Table("scenarios", caption, tuple(columns), lines), *notes)
    )


def _scenario_group(totals: ProgrammeTotals, code: str, area: Area) -> tuple[OfGroup, Figures]:
    """Return where the figures of an area in a scenario come from, and these."""
    keys = tuple(activity.id for activity in totals.programme.activities_of(area.code))
    source = OfGroup(("scenario", code, "area", area.code), keys, "cost", scenario=code)
    return source, totals.of_keys(keys)


def _column(
    code: str, groups: Sequence[tuple[OfGroup, Figures]], name: str, numbers: Numbers
) -> list[str]:
    """Print one amount of all areas, and of the total; rounded parts add up to it."""
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
    return [numbers.amount(part) for part in (*parts, whole)]


def _lowered(
    high: tuple[str, ProgrammeTotals],
    low: tuple[str, ProgrammeTotals],
    title: str,
    activities: Sequence[Activity],
    rows: RowPrinter,
) -> list[str]:
    """Say which activities a scenario leaves out, which it lowers, and which it raises."""
    say, numbers = rows.say, rows.numbers
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


def _closing(areas: Sequence[Area], rows: RowPrinter, labels: Mapping[str, str]) -> Section:
    """Return the totals: areas, where there are several, and the lines below them."""
    totals, say = rows.totals, rows.say
    programme = totals.programme
    activities = [a for area in areas for a in programme.activities_of(area.code)]
    whole = len(areas) == len(programme.outline)
    direct = totals.support_costs(totals.of(activities)) is not None
    families = families_of(programme, areas)
    lines = [_area_line(area, rows, divided=area.code in families) for area in areas]
    table = Table(
        "totals",
        say("Total of the programme areas"),
        (Column(labels["area"], "label", 4706, names=True), *rows.columns(labels)),
        (
            *(lines if len(lines) > 1 else ()),
            rows.line(_total_label(say, whole=whole, direct=direct), "total", "", activities),
            *_additions(rows.group("total", "", activities), rows),
        ),
    )
    agreement = rows.agreement("total", "", activities)
    return Section("closing", labels["closing"], (table, *agreement))


def _total_label(say: Words, *, whole: bool, direct: bool) -> str:
    if direct:
        return say("Total direct costs") if whole else say("Total direct costs (extract)")
    return say("Grand total") if whole else say("Total (extract)")


def _area_line(area: Area, rows: RowPrinter, *, divided: bool) -> Row:
    """Print an area's own activities; those of its sub-areas are in rows of their own."""
    programme = rows.totals.programme
    group = rows.group("areas", area.code, programme.activities_of(area.code))
    below = divided and not group.keys
    remark = rows.say("See its sub-areas.") if below else rows.costed(group)
    amounts = rows.amounts("areas", area.code, at_least=bool(group.figures.partial))
    return Row((labelled(rows.texts.area(area, programme), remark), *amounts), key=area.code)


def _additions(group: Group, rows: RowPrinter) -> tuple[Row, ...]:
    """Print the lines for programme support costs and the grand total, in the cost column only."""
    say, numbers = rows.say, rows.numbers
    rate, direct = support_rate(rows.totals.programme), rows.tree.value("total", "", "cost")
    added, grand = added_costs(rows.totals, group, direct, numbers.step)
    if rate is None or added is None or grand is None:
        return ()
    label = say("Programme support costs ({rate}%)", rate=numbers.percent(rate))
    at_least, columns = bool(group.figures.partial), rows.tree.columns
    blanks, after = ("",) * len(columns.years), ("",) * (len(columns.kinds) + 1)
    return tuple(
        Row((text, *blanks, rows.amount(value, at_least=at_least), *after), "total", text)
        for text, value in ((label, added), (say("Grand total"), grand))
    )


def _years(areas: Sequence[Area], rows: RowPrinter, labels: Mapping[str, str]) -> Section:
    """Return a row for each year of the period, and for what has no year where there is any."""
    totals, say = rows.totals, rows.say
    activities = [a for area in areas for a in totals.programme.activities_of(area.code)]
    keys = tuple(activity.id for activity in activities)
    years: list[int | None] = list(totals.programme.settings.years)
    undated = {line.activity for line in totals.costs if line.year is None}
    undated |= {row.activity for row in totals.funding if row.year is None}
    if undated & {*keys}:
        years.append(None)
    lines = []
    for year in years:
        figures = totals.year_figures(year, activities)
        amounts = (
            rows.numbers.alone(Figured(OfYear(span_of(year), keys, name), getattr(figures, name)))
            for name in ("cost", *rows.tree.columns.kinds, "to_be_sought")
        )
        label = say("Whole period") if year is None else str(year)
        lines.append(Row((label, *amounts), key=span_of(year)))
    cost = Column(labels["cost"], "amount", 1190)
    others = rows.columns(labels)[len(rows.tree.columns.cost) :]
    columns = (Column(labels["year"], "label", 4706, names=True), cost, *others)
    caption = say("Cost and funding by year")
    moved = say(
        "No money is moved between years: the years together may ask for more than the period,"
        " where one year has more than it needs and another less."
    )
    table = Table("years", caption, columns, tuple(lines))
    return Section("years", caption, (table, Paragraph(moved, "note")))


def has_content(_programme: Programme) -> bool:
    """Return whether there is an annex to print: always."""
    return True


def content(
    totals: ProgrammeTotals, language: Language, codes: Sequence[str] = ()
) -> tuple[PageDocument, list[MissingText]]:
    """
    Return the annex, of some areas only where their codes are given, and the texts it lacks.

    With any of the texts that it would print missing it must not be published.
    """
    programme, settings = totals.programme, totals.programme.settings
    say, texts = Words(language), Texts(language)
    areas = areas_of(programme, codes)
    chosen = totals.of(a for area in areas for a in programme.activities_of(area.code))
    columns = choose_columns(totals, chosen)
    numbers = numbers_for(
        language, settings.number_style, settings.rounding, amounts_behind(totals, chosen)
    )
    tree = amount_tree(totals, areas, columns, numbers.step)
    staff = StaffPrinter(programme, texts, numbers, say)
    rows = RowPrinter(totals, tree, numbers, texts, say)
    labels = column_labels(settings, say)
    parts = [*_areas(areas, rows, staff, labels)]
    tables = [block for part in parts for block in part.blocks if isinstance(block, Table)]
    closing = (
        _closing(areas, rows, labels),
        _years(areas, rows, labels) if columns.years else None,
    )
    statements = general_statements(
        totals,
        chosen,
        numbers,
        texts,
        say,
        staff=any(table.name == "staff" for table in tables),
        marked=any(row.look == "unfunded" for table in tables for row in table.rows),
    )
    head = running_head(settings, texts, say("Annex I"))
    title = annex_title(settings, say, extract=len(areas) < len(programme.outline))
    annex = page_document(
        front(settings, texts, say, head=head, title=title),
        tuple(statements),
        filter(None, (*parts, *closing, _scenarios(areas, rows, labels))),
        landscape=bool(columns.years),
    )
    return annex, texts.missing


def areas_of(programme: Programme, codes: Sequence[str]) -> list[Area]:
    """Return the areas of some codes, or all, each with its sub-areas, in print order."""
    chosen = {key for code in codes for key in programme.family(code)}
    return [area for area in programme.outline if not codes or area.code in chosen]


def _areas(
    areas: Sequence[Area], rows: RowPrinter, staff: StaffPrinter, labels: Mapping[str, str]
) -> Iterator[Section]:
    """Yield the areas; below the last sub-area of an area stands what they are together."""
    programme = rows.totals.programme
    families = families_of(programme, areas)
    last = {keys[-1]: code for code, keys in families.items()}
    for index, area in enumerate(areas, 1):
        title = rows.texts.area(area, programme)
        part = _area(area, title, rows, labels, divided=area.code in families)
        table = staff.table(area.code, title)
        if table is not None:
            part = (*part, Paragraph(labels["staff"], "heading3"), table)
        yield Section(f"area-{index}", title, part)
        if area.code in last:
            top = next(item for item in areas if item.code == last[area.code])
            yield _family(index, top, families[top.code], rows, labels)


def _area(
    area: Area, title: str, rows: RowPrinter, labels: Mapping[str, str], *, divided: bool
) -> tuple[Block, ...]:
    """Return the activities of an area with their sub-total, and what is to be said of them."""
    say, activities = rows.say, rows.totals.programme.activities_of(area.code)
    if not activities:
        none = (
            say("The activities of this area are listed under its sub-areas.")
            if divided
            else say("No activities have been listed for this area yet.")
        )
        return (Paragraph(none, "statement"),)
    notes = rows.notes()
    lines = [rows.activity(activity, notes) for activity in activities]
    table = _activities(
        title,
        (*lines, rows.line(say("Sub-total"), "areas", area.code, activities, span=2)),
        rows,
        labels,
    )
    statements = (Paragraph(text, "note") for text in rows.statements(activities))
    agreement = rows.agreement("areas", area.code, activities)
    return (table, *agreement, *notes.listed(), *statements)


def _activities(
    title: str, lines: tuple[Row, ...], rows: RowPrinter, labels: Mapping[str, str]
) -> Table:
    columns = (
        Column(labels["number"], "number", 737, names=True),
        Column(labels["activity"], "text", 3969),
        *rows.columns(labels),
    )
    caption = rows.say("Activities, costs and funding: {area}", area=title)
    return Table("activities", caption, columns, lines)


def _family(
    index: int, area: Area, codes: Sequence[str], rows: RowPrinter, labels: Mapping[str, str]
) -> Section:
    """Return the sub-total of an area with its sub-areas: a table of one row."""
    say, programme = rows.say, rows.totals.programme
    title = say("{area}, with its sub-areas", area=rows.texts.area(area, programme))
    activities = [a for code in codes for a in programme.activities_of(code)]
    label = say("Sub-total with the sub-areas")
    line = rows.line(label, "families", area.code, activities, span=2)
    table = _activities(title, (line,), rows, labels)
    agreement = rows.agreement("families", area.code, activities)
    return Section(f"area-{index}-together", title, (table, *agreement))
