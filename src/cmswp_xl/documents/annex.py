"""The annex: the activities of each area with their costs and funding, its staff, and totals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import (
    Notes,
    RowPrinter,
    amount_tree,
    amounts_behind,
    choose_columns,
    labelled,
)
from cmswp_xl.documents.annex_columns import FurtherColumns
from cmswp_xl.documents.front import (
    annex_title,
    front,
    general_statements,
    page_document,
    running_head,
)
from cmswp_xl.documents.posts import StaffPrinter
from cmswp_xl.documents.texts import printer_for
from cmswp_xl.figures.declarations import Operation
from cmswp_xl.figures.sources import (
    Derived,
    OfActivity,
    OfGroup,
    OfYear,
    added_costs,
    fitted_to,
    span_of,
    sum_of,
    support_rate,
)
from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.messages.labels import capital
from cmswp_xl.money import ZERO
from cmswp_xl.page import (
    LANDSCAPE,
    PORTRAIT,
    TITLES,
    Column,
    Paragraph,
    Row,
    Section,
    Table,
    narrowest,
    notes,
    tabled,
    text,
)
from cmswp_xl.printed import Figured

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.amounts import Columns
    from cmswp_xl.documents.front import Made
    from cmswp_xl.documents.texts import Printer
    from cmswp_xl.figures.sources import Group
    from cmswp_xl.figures.totals import Figures, ProgrammeTotals
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Activity, Area, Programme
    from cmswp_xl.page import Block


@dataclass(frozen=True, slots=True)
class AnnexPrinter(RowPrinter):
    """Prints the annex of some areas, or of all."""

    areas: Sequence[Area]
    further: FurtherColumns

    @property
    def heads(self) -> tuple[Column, ...]:
        """The columns of the table of activities."""
        number = Column(self.say("No."), "number", 737, names=True)
        title = Column(self.say("Activity"), "text", 3969)
        return (number, title, *self.further.columns.values(), *self.columns())

    @property
    def named(self) -> int:
        """How many columns stand before the amounts."""
        return 2 + len(self.further.columns)

    def fits(self, width: int) -> bool:
        """Return whether titles keep their part of such a page while no word or figure breaks."""
        cells = [(a.number, "", *map(text, self.further.cells(a))) for a in self.activities]
        blank = [""] * self.named
        rows = [*cells, (*blank, *self.amounts("total", ""))]
        found = zip_longest((column.head for column in self.heads), *rows, fillvalue="")
        least = [narrowest(texts) for texts in found]
        return sum(least) - least[1] <= width * (TITLES - 1) // TITLES

    @property
    def activities(self) -> list[Activity]:
        """The activities of the areas."""
        return [a for area in self.areas for a in self.programme.activities_of(area.code)]

    @property
    def whole(self) -> bool:
        """Whether no area is left out."""
        return len(self.areas) == len(self.programme.outline)


def _scenarios(rows: AnnexPrinter) -> Section | None:
    """Return the scenarios side by side; None for fewer than two; others lower the highest."""
    programme, say, texts, labels = rows.programme, rows.say, rows.texts, rows.labels
    if len(programme.scenarios) < 2:  # noqa: PLR2004  side by side takes two
        return None
    known = {item.code: compute_totals(programme, item.code) for item in programme.scenarios}
    titles = {s.code: texts.required(s.title, "scenarios", s.code) for s in programme.scenarios}
    columns = [Column(labels["area"], "label", 4706, names=True)]
    cells: list[list[str]] = []
    for code, each in known.items():
        groups = [_scenario_group(each, code, area) for area in rows.areas]
        for name, head in (("cost", labels["costs"]), ("to_be_sought", labels["sought"])):
            columns.append(Column(head, "amount", 1190, capital(titles[code])))
            cells.append(_column(code, groups, name, rows))
    names = [*map(rows.area, rows.areas), say("Total")]
    keys = [*(area.code for area in rows.areas), "total"]
    lines = tuple(
        Row((name, *line), "total" if key == "total" else "", key)
        for key, name, line in zip(keys, names, zip(*cells, strict=True), strict=True)
    )
    activities = rows.activities
    highest = max(known, key=lambda code: known[code].of(activities).cost or ZERO)
    lowered = notes(
        text
        for code in known
        if code != highest
        for text in _lowered(
            (highest, known[highest]), (code, known[code]), titles[code], activities, rows
        )
    )
    caption = say("Budget scenarios side by side")
    return tabled("scenarios", caption, columns, lines, *lowered)


def _scenario_group(totals: ProgrammeTotals, code: str, area: Area) -> tuple[OfGroup, Figures]:
    """Return where the figures of an area in a scenario come from, and these."""
    keys = tuple(activity.id for activity in totals.programme.activities_of(area.code))
    source = OfGroup(("scenario", code, "area", area.code), keys, "cost", scenario=code)
    return source, totals.of_keys(keys)


def _column(
    code: str, groups: Sequence[tuple[OfGroup, Figures]], name: str, rows: AnnexPrinter
) -> list[str]:
    """Print one amount of all areas, and of the total; rounded parts add up to it."""
    parts = [Figured(source.beside(name), getattr(found, name)) for source, found in groups]
    path = ("scenario", code, "total", name)
    whole = rows.numbers.by_itself(sum_of(path, parts, "sum-areas"))
    fitted = fitted_to(whole.shown, parts, rows.numbers.step, path)
    least = [bool(found.partial) for _, found in groups]
    return [
        rows.amount(value, at_least=floor and bool(value.exact))
        for value, floor in zip((*fitted, whole), (*least, any(least)), strict=True)
    ]


def _lowered(
    high: tuple[str, ProgrammeTotals],
    low: tuple[str, ProgrammeTotals],
    title: str,
    activities: Sequence[Activity],
    rows: AnnexPrinter,
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
    places = {"scenario": title}
    said = (
        (
            out,
            say.many(
                "In the scenario “{scenario}”, this activity is left out: {activities}.",
                "In the scenario “{scenario}”, these activities are left out: {activities}.",
                len(out),
                **places,
                activities=say.listed(out),
            ),
        ),
        (
            less,
            say.many(
                "In the scenario “{scenario}”, this activity costs less: {activities}.",
                "In the scenario “{scenario}”, these activities cost less: {activities}.",
                len(less),
                **places,
                activities=say.listed(less),
            ),
        ),
        (
            more,
            say.many(
                "In the scenario “{scenario}”, this activity costs more: {activities}.",
                "In the scenario “{scenario}”, these activities cost more: {activities}.",
                len(more),
                **places,
                activities=say.listed(more),
            ),
        ),
    )
    return [text for some, text in said if some]


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


def _closing(rows: AnnexPrinter) -> Section:
    """Return the totals: areas, where there are several, and the lines below them."""
    totals, say, activities = rows.totals, rows.say, rows.activities
    direct = totals.support_costs(totals.of(activities)) is not None
    lines = [
        _area_line(area, rows, divided=area.code in rows.tree.families) for area in rows.areas
    ]
    label = say("Grand total") if rows.whole else say("Total (extract)")
    if direct:
        label = say("Total direct costs") if rows.whole else say("Total direct costs (extract)")
    table = Table(
        "totals",
        say("Total of the programme areas"),
        (Column(say("Programme area"), "label", 4706, names=True), *rows.columns(added=True)),
        (
            *(lines if len(lines) > 1 else ()),
            rows.line(label, "total", "", activities),
            *_additions(rows.group("total", "", activities), rows),
        ),
    )
    agreement = rows.agreement("total", "", activities)
    return Section("closing", say("Total of the programme areas"), (table, *agreement))


def _area_line(area: Area, rows: AnnexPrinter, *, divided: bool) -> Row:
    """Print an area's own activities; those of its sub-areas are in rows of their own."""
    programme = rows.programme
    group = rows.group("areas", area.code, programme.activities_of(area.code))
    below = divided and not group.keys
    remark = rows.say("See its sub-areas.") if below else rows.costed(group)
    amounts = rows.amounts("areas", area.code, at_least=bool(group.figures.partial))
    return Row((labelled(rows.area(area), remark), *amounts), key=area.code)


def _additions(group: Group, rows: AnnexPrinter) -> tuple[Row, ...]:
    """Print the lines for programme support costs and the grand total, in the cost column only."""
    say, numbers = rows.say, rows.numbers
    rate, direct = support_rate(rows.programme), rows.tree.value("total", "", "cost")
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


def _years(rows: AnnexPrinter) -> Section:
    """Return a row for each year of the period, and for what has no year where there is any."""
    totals, say, activities = rows.totals, rows.say, rows.activities
    keys = tuple(activity.id for activity in activities)
    years: list[int | None] = list(totals.programme.settings.years)
    undated = {line.activity for line in totals.costs if line.year is None}
    undated |= {row.activity for row in totals.funding if row.year is None}
    if undated & {*keys}:
        years.append(None)
    found, step = [totals.year_figures(year, activities) for year in years], rows.numbers.step
    amounts = []
    for name in ("cost", *rows.tree.columns.kinds, "to_be_sought"):
        values = [
            Figured(OfYear(span_of(year), keys, name), getattr(figures, name))
            for year, figures in zip(years, found, strict=True)
        ]
        whole = rows.tree.value("total", "", name)
        if name != "to_be_sought":  # these do not add up
            values = fitted_to(whole.shown, values, step, whole.source.path)
        amounts.append(
            map(rows.numbers.alone if name == "to_be_sought" else rows.numbers.amount, values)
        )
    labels = [say("Whole period") if year is None else str(year) for year in years]
    lines = [
        Row(cells, key=span_of(year))
        for year, cells in zip(years, zip(labels, *amounts, strict=True), strict=True)
    ]
    total = rows.line(say("Total"), "total", "", activities)
    lines.append(
        replace(total, cells=(total.cells[0], *total.cells[len(rows.tree.columns.cost) :]))
    )
    cost = Column(rows.labels["costs"], "amount", 1190)
    others = rows.columns()[len(rows.tree.columns.cost) :]
    columns = (Column(say("Year"), "label", 4706, names=True), cost, *others)
    caption = say("Cost and funding by year")
    moved = say(
        "No money is moved from one year to another, so the yearly amounts to be sought may"
        " together exceed the amount for the period."
    )
    return tabled("years", caption, columns, lines, *notes([moved]))


def _costs_by_year(rows: AnnexPrinter) -> Section:
    """Return the costs by year, which have no room beside the further columns."""
    say, shown, activities = rows.say, len(rows.tree.columns.cost), rows.activities

    def free(activity: Activity) -> bool:
        return rows.totals.by_activity[activity.id].status == "no-cost"

    lines = [
        Row(
            (
                each.number,
                rows.title(each, mark=rows.mark(each) if free(each) else ""),
                *rows.amounts("activities", each.id, at_least=each.partial)[:shown],
            ),
            key=each.id,
        )
        for each in activities
    ]
    number, title, *_ = rows.heads
    columns = (number, title, *rows.columns()[:shown])
    return tabled("costs-by-year", say("Cost of the activities by year"), columns, lines)


def content(totals: ProgrammeTotals, language: Language, codes: Sequence[str] = ()) -> Made:
    """
    Return the annex, of some areas only where their codes are given, and the texts it lacks.

    With any of the texts that it would print missing it must not be published.
    """
    programme, settings = totals.programme, totals.programme.settings
    areas = areas_of(programme, codes)
    chosen = totals.of(a for area in areas for a in programme.activities_of(area.code))
    printer = printer_for(totals, language, amounts_behind(totals, chosen))
    _, numbers, texts, say = printer.base
    columns, further = choose_columns(totals, chosen), FurtherColumns(programme, texts, say)
    by_year = _rows(printer, areas, columns, further)
    crowded = bool(columns.years and further.columns) and not by_year.fits(LANDSCAPE)
    rows = _rows(printer, areas, replace(columns, years=()), further) if crowded else by_year
    parts = [*_areas(rows, StaffPrinter(*printer.base))]
    tables = [block for part in parts for block in part.blocks if isinstance(block, Table)]
    closing = (
        _closing(rows),
        _years(rows) if columns.years else None,
        _costs_by_year(by_year) if crowded else None,
        _scenarios(rows),
        further.mandates(rows.activities),
    )
    statements = general_statements(
        *(totals, chosen, numbers, texts, say),
        staff=any(table.name == "staff" for table in tables),
        marked=any(row.look == "unfunded" for table in tables for row in table.rows),
    )
    head = running_head(settings, texts, say("Annex I"))
    title = annex_title(settings, say, extract=not rows.whole)
    annex = page_document(
        front(settings, texts, say, head=head, title=title),
        tuple(statements),
        filter(None, (*parts, *closing)),
        landscape=bool(columns.years) or (bool(further.columns) and not rows.fits(PORTRAIT)),
    )
    return annex, texts.missing


def _rows(
    printer: Printer, areas: Sequence[Area], columns: Columns, further: FurtherColumns
) -> AnnexPrinter:
    tree = amount_tree(printer.totals, areas, columns, printer.numbers.step)
    return AnnexPrinter(*printer.base, tree, areas, further)


def areas_of(programme: Programme, codes: Sequence[str]) -> list[Area]:
    """Return the areas of some codes, or all, each with its sub-areas, in print order."""
    chosen = {key for code in codes for key in programme.family(code)}
    return [area for area in programme.outline if not codes or area.code in chosen]


def _areas(rows: AnnexPrinter, staff: StaffPrinter) -> Iterator[Section]:
    """Yield the areas; below the last sub-area of an area stands what they are together."""
    families, lettered = rows.tree.families, Notes()
    last = {keys[-1]: code for code, keys in families.items()}
    for index, area in enumerate(rows.areas, 1):
        title = rows.area(area)
        part = _area(area, title, rows, lettered, divided=area.code in families)
        table = staff.table(area.code, title)
        if table is not None:
            part = (*part, Paragraph(rows.labels["staff"], "heading3"), table)
        yield Section(f"area-{index}", title, part, key=f"area/{area.code}")
        if area.code in last:
            top = next(item for item in rows.areas if item.code == last[area.code])
            yield _family(index, top, families[top.code], rows)


def _area(
    area: Area, title: str, rows: AnnexPrinter, lettered: Notes, *, divided: bool
) -> tuple[Block, ...]:
    """Return the activities of an area with their sub-total, and what is to be said of them."""
    say, activities = rows.say, rows.programme.activities_of(area.code)
    if not activities:
        none = (
            say("The activities of this area are listed under its sub-areas.")
            if divided
            else say("No activities have been listed for this area yet.")
        )
        return (Paragraph(none, "statement"),)
    lines = [
        rows.activity(activity, lettered, beside=rows.further.cells(activity))
        for activity in activities
    ]
    table = _activities(
        title,
        (*lines, rows.line(say("Sub-total"), "areas", area.code, activities, span=rows.named)),
        rows,
    )
    agreement = rows.agreement("areas", area.code, activities)
    return (table, *agreement, *lettered.listed(), *notes(rows.statements(activities)))


def _activities(title: str, lines: tuple[Row, ...], rows: AnnexPrinter) -> Table:
    caption = rows.say("Activities, costs and funding: {area}", area=title)
    return Table("activities", caption, rows.heads, lines)


def _family(index: int, area: Area, codes: Sequence[str], rows: AnnexPrinter) -> Section:
    """Return the sub-total of an area with its sub-areas: a table of one row."""
    say, programme = rows.say, rows.programme
    title = say("{area}, with its sub-areas", area=rows.area(area))
    activities = [a for code in codes for a in programme.activities_of(code)]
    label = say("Sub-total with the sub-areas")
    line = rows.line(label, "families", area.code, activities, span=rows.named)
    table = _activities(title, (line,), rows)
    agreement = rows.agreement("families", area.code, activities)
    anchor, key = f"area-{index}-together", f"family/{area.code}"
    return Section(anchor, title, (table, *agreement), key=key)
