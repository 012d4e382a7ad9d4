"""The annex: the activities of each area with their costs and funding, its staff, and totals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import zip_longest

from cmswp_xl.documents.amounts import (
    Columns,
    Notes,
    RowPrinter,
    amount_tree,
    amounts_behind,
    choose_columns,
    labelled,
)
from cmswp_xl.documents.front import (
    Made,
    circumstances,
    extract,
    net_or_gross,
    paper,
)
from cmswp_xl.documents.staffing import StaffPrinter
from cmswp_xl.documents.texts import (
    NO_BREAK_SPACE,
    Printer,
    Texts,
    printer_for,
    responsible,
)
from cmswp_xl.figures.declarations import Operation
from cmswp_xl.figures.sources import (
    Derived,
    Group,
    OfActivity,
    OfGroup,
    OfYear,
    added_costs,
    fitted_to,
    span_of,
    sum_of,
    support_rate,
)
from cmswp_xl.figures.totals import Figures, ProgrammeTotals, compute_totals
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.model import Activity, Area, MandateReference, Programme
from cmswp_xl.money import ZERO
from cmswp_xl.page import (
    LANDSCAPE,
    PORTRAIT,
    TITLES,
    Block,
    Cell,
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

_ABBREVIATIONS = (N_("Res."), N_("Dec."), N_("para."), N_("paras."))
"""What codes of mandates, and places in them, are written with."""


@cache
def _written() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return how the abbreviations of any language are found, and which each of them is."""
    words = {
        Words(language)(word).rstrip("."): word
        for word in reversed(_ABBREVIATIONS)
        for language in Language
    }
    return re.compile(rf"(?<!\w)({'|'.join(words)})(?:\.|(?=\s?\d))"), words


def cited(text: str, say: Words) -> str:
    """Return a mandate, or a place in it, with the abbreviations of the language."""
    pattern, words = _written()

    def worded(found: re.Match[str]) -> str:
        own = say(words[found[1]])
        return found[0] if found[1] == own.rstrip(".") else own

    return pattern.sub(worded, text)


_CLOSE = re.compile(r"(?<=[^\W\d]|\.) (?=\d+(?![\d\u00a0]))|(?<=\.) (?=[^\W\d])")
"""The space behind an abbreviation, or between a word and its number, but not before 4 à 7."""
_SPAN = re.compile(r"(\d+)[–-](\d+)(?=[^()]*\)\Z)")


def mandate(text: str, say: Words) -> str:
    """Return a mandate with the place in it as the language writes them, unbroken: par. 4 à 7."""

    def span(found: re.Match[str]) -> str:
        begin, end = found.groups()
        if int(end) - int(begin) == 1 and say.language is not Language.EN:  # which is as typed
            return say.listed([begin, end])
        return say("{begin}–{end}", begin=begin, end=end)

    return _CLOSE.sub(NO_BREAK_SPACE, cited(_SPAN.sub(span, text), say))


@dataclass(frozen=True, slots=True)
class FurtherColumns:
    """Prints what activities rest on, how they rank, when, by whom and to which ends."""

    programme: Programme
    texts: Texts
    say: Words

    @property
    def columns(self) -> dict[str, Column]:
        """The columns that the form asks for, by name, in the order of print."""
        say, asked = self.say, self.programme.settings.annex_columns
        columns = {
            "mandates": Column(say("Mandates"), "words", 1474),
            "priority": Column(say("Priority"), "word", 1020),
            "time-frame": Column(say("Time frame"), "word", 1400),
            "responsible": Column(say("Responsible"), "word", 1304),
            "targets": Column(say("Targets"), "word", 1020),
        }
        return {name: column for name, column in columns.items() if name in asked}

    def cells(self, activity: Activity) -> tuple[Cell, ...]:
        """Print what these columns hold of an activity, each entry of a list on its line."""
        return tuple(
            Cell(tuple(map(Paragraph, self._lines(name, activity)))) for name in self.columns
        )

    def _lines(self, name: str, activity: Activity) -> Iterable[str]:
        match name:
            case "mandates":
                return map(self._mandate, activity.mandates)
            case "priority":
                found = activity.priority
                return [capital(label("priority", found, self.say))] if found else []
            case "time-frame":
                return [self._time_frame(activity)]
            case "responsible":
                return [responsible(activity.responsible, self.say)]
            case _:
                return activity.targets

    def mandates(self, activities: Iterable[Activity]) -> Section | None:
        """Return the list of the mandates of activities, where their column is printed."""
        say, used = self.say, {each.code for a in activities for each in a.mandates}
        found = [each for each in self.programme.mandates if each.code in used]
        if "mandates" not in self.columns or not found:
            return None
        titles = (
            self.texts.optional(each.title, "mandates", each.code, "title") for each in found
        )
        rows = (
            Row((mandate(each.code, say), each.meeting or "", title), key=each.code)
            for each, title in zip(found, titles, strict=True)
        )
        heads = (Column(say("Mandate"), "word", 1814, names=True), Column(say("Meeting"), "word"))
        columns = (*heads, Column(say("Title"), "text", 5669))
        return tabled("mandates", say("Mandates of the activities"), columns, rows)

    def _mandate(self, reference: MandateReference) -> str:
        code, place = reference.code, reference.locator
        return mandate(f"{code} ({place})" if place else code, self.say)

    def _time_frame(self, activity: Activity) -> str:
        """Return the timing in words where it is given, else the years."""
        say, first, last = self.say, activity.start_year, activity.end_year
        if activity.timing:
            return self.texts.required(activity.timing, "activities", activity.id, "timing")
        if first and last and first != last:
            return say("{first}–{last}", first=first, last=last)
        if first and not last:
            return say("from {year}", year=first)
        return str(last) if first else say("until {year}", year=last) if last else ""


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
        rows = [*cells, (*blank, *self.amounts("total", "", qualified=False))]
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
    codes = [item.code for item in programme.scenarios]
    known = {
        code: rows.totals if code == rows.totals.scenario else compute_totals(programme, code)
        for code in codes
    }
    titles = {s.code: texts.required(s.title, "scenarios", s.code) for s in programme.scenarios}
    columns = [Column(labels["area"], "label", 4706, names=True)]
    cells: list[list[str]] = []
    for code, each in known.items():
        for name, head in (("cost", labels["costs"]), ("to_be_sought", labels["sought"])):
            columns.append(Column(head, "amount", 1190, capital(titles[code])))
            cells.append(_column(code, each, name, rows))
    names = [*map(rows.area, rows.areas), say("Total")]
    keys = [*(area.code for area in rows.areas), "total"]
    lines = tuple(
        Row((name, *line), "total" if key == "total" else "", key)
        for key, name, line in zip(keys, names, zip(*cells, strict=True), strict=True)
    )
    keys_of_all = rows.tree.keys("total", "")
    highest = max(known, key=lambda code: known[code].of_keys(keys_of_all).cost or ZERO)
    lowered = notes(
        text
        for code in known
        if code != highest
        for text in _lowered(known, highest, code, titles[code], rows)
    )
    caption = say("Budget scenarios side by side")
    return tabled("scenarios", caption, columns, lines, *lowered)


def _column(code: str, totals: ProgrammeTotals, name: str, rows: AnnexPrinter) -> list[str]:
    """Print one amount of all areas, and of the total; rounded parts add up to it."""
    parts, least = [], []
    for area, keys in rows.tree.members.items():
        source = OfGroup(("scenario", code, "area", area), keys, name, scenario=code)
        figures = totals.of_keys(keys)
        parts.append(Figured(source, getattr(figures, name)))
        least.append(bool(figures.partial))
    path = ("scenario", code, "total", name)
    whole = rows.numbers.by_itself(sum_of(path, parts, "sum-areas"))
    fitted = fitted_to(whole.shown, parts, rows.numbers.step, path)
    return [
        rows.amount(value, at_least=floor and bool(value.exact))
        for value, floor in zip((*fitted, whole), (*least, any(least)), strict=True)
    ]


def _lowered(
    known: Mapping[str, ProgrammeTotals], high: str, low: str, title: str, rows: AnnexPrinter
) -> Iterator[str]:
    """Say which activities a scenario leaves out, which it lowers, and which it raises."""
    say, numbers = rows.say, rows.numbers
    out: list[str] = []
    less: list[str] = []
    more: list[str] = []
    for activity in rows.activities:
        before, after = (known[code].by_activity[activity.id].cost for code in (high, low))
        if before == after:
            continue
        falls = (before or ZERO) >= (after or ZERO)
        amount = _difference(activity.id, high, low, before, after)
        named = say("{number} ({amount})", number=activity.number, amount=numbers.alone(amount))
        (out if after is None else less if before is not None and falls else more).append(named)

    def many(one: str, several: str, found: list[str]) -> str:
        listed = say.listed(found)
        return say.many(one, several, len(found), scenario=title, activities=listed)

    if out:
        yield many(
            "In the scenario “{scenario}”, this activity is left out: {activities}.",
            "In the scenario “{scenario}”, these activities are left out: {activities}.",
            out,
        )
    if less:
        yield many(
            "In the scenario “{scenario}”, this activity costs less: {activities}.",
            "In the scenario “{scenario}”, these activities cost less: {activities}.",
            less,
        )
    if more:
        yield many(
            "In the scenario “{scenario}”, this activity costs more: {activities}.",
            "In the scenario “{scenario}”, these activities cost more: {activities}.",
            more,
        )


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
    lines = [_area_line(area, rows) for area in rows.areas]
    label = say("Grand total") if rows.whole else say("Total (extract)")
    if direct:
        label = say("Total direct costs") if rows.whole else say("Total direct costs (extract)")
    table = Table(
        "totals",
        say("Total of the programme areas"),
        (Column(say("Programme area"), "label", 4706, names=True), *rows.columns(added=True)),
        (
            *(lines if len(lines) > 1 else ()),
            rows.line(label, "total", ""),
            *_additions(rows.group("total", ""), rows),
        ),
    )
    agreement = rows.agreement("total", "")
    return Section("closing", say("Total of the programme areas"), (table, *agreement))


def _area_line(area: Area, rows: AnnexPrinter) -> Row:
    """Print an area's own activities; those of its sub-areas are in rows of their own."""
    group = rows.group("areas", area.code)
    below = area.code in rows.tree.families and not group.keys
    remark = rows.say("See its sub-areas.") if below else rows.costed(group)
    cell = labelled(rows.area(area), remark)
    return Row((cell, *rows.amounts("areas", area.code)), key=area.code)


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
    total = rows.line(say("Total"), "total", "")
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
                *rows.amounts("activities", each.id)[:shown],
            ),
            key=each.id,
        )
        for each in activities
    ]
    number, title, *_ = rows.heads
    columns = (number, title, *rows.columns()[:shown])
    return tabled("costs-by-year", say("Cost of the activities by year"), columns, lines)


def content(totals: ProgrammeTotals, language: Language, codes: Sequence[str] = ()) -> Made:
    """Return the annex, of some areas or all, and the texts it lacks: none may be missing."""
    programme = totals.programme
    areas = areas_of(programme, codes)
    chosen = totals.of(a for area in areas for a in programme.activities_of(area.code))
    printer = printer_for(totals, language, amounts_behind(totals, chosen))
    texts, say = printer.texts, printer.say
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
    across = bool(columns.years) or (bool(further.columns) and not rows.fits(PORTRAIT))
    statements, body = _statements(chosen, tables, rows), filter(None, (*parts, *closing))
    annex, missing = paper(__name__, printer, statements, body, landscape=across)
    return annex if rows.whole else extract(annex, say), missing


def _statements(figures: Figures, tables: Sequence[Table], rows: AnnexPrinter) -> Iterator[str]:
    """Say what holds for every table: unit, date, scenario, net or gross, posts, marks."""
    yield from circumstances(rows)
    yield from support_cost(figures, rows)
    if any(table.name == "staff" for table in tables):
        yield rows.say("Costs exclude the posts listed below.")
    if any(row.look == "unfunded" for table in tables for row in table.rows):
        yield rows.say("Activities without any funding are marked ▲\u00a0Unfunded.")


def support_cost(figures: Figures, printer: Printer) -> Iterator[str]:
    """Say whether costs are net of programme support costs, or include them."""
    say, numbers, rate = printer.say, printer.numbers, support_rate(printer.programme)
    if rate is None and figures.cost and figures.excluded:
        yield say("Costs are net: programme support costs are not included.")
    elif rate is None or not figures.excluded:
        yield from net_or_gross(figures, say)
    elif figures.excluded == figures.cost:
        yield say(
            "Costs are net: programme support costs of {rate} per cent are added below the total.",
            rate=numbers.percent(rate),
        )
    elif figures.cost:
        yield say(
            "Part of the costs is net: programme support costs of {rate} per cent on that part"
            " are added below the total.",
            rate=numbers.percent(rate),
        )


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
        part = _area(area, title, rows, lettered)
        table = staff.table(area.code, title)
        if table is not None:
            part = (*part, Paragraph(rows.labels["staff"], "heading3"), table)
        yield Section(f"area-{index}", title, part, key=f"area/{area.code}")
        if area.code in last:
            top = next(item for item in rows.areas if item.code == last[area.code])
            yield _family(index, top, rows)


def _area(area: Area, title: str, rows: AnnexPrinter, lettered: Notes) -> tuple[Block, ...]:
    """Return the activities of an area with their sub-total, and what is to be said of them."""
    say, activities = rows.say, rows.programme.activities_of(area.code)
    if not activities:
        none = (
            say("The activities of this area are listed under its sub-areas.")
            if area.code in rows.tree.families
            else say("No activities have been listed for this area yet.")
        )
        return (Paragraph(none, "statement"),)
    lines = [
        rows.activity(activity, lettered, beside=rows.further.cells(activity))
        for activity in activities
    ]
    table = _activities(
        title, (*lines, rows.line(say("Sub-total"), "areas", area.code, span=rows.named)), rows
    )
    agreement = rows.agreement("areas", area.code)
    return (table, *agreement, *lettered.listed(), *notes(rows.statements(activities)))


def _activities(title: str, lines: tuple[Row, ...], rows: AnnexPrinter) -> Table:
    caption = rows.say("Activities, costs and funding: {area}", area=title)
    return Table("activities", caption, rows.heads, lines)


def _family(index: int, area: Area, rows: AnnexPrinter) -> Section:
    """Return the sub-total of an area with its sub-areas: a table of one row."""
    title = rows.say("{area}, with its sub-areas", area=rows.area(area))
    label = rows.say("Sub-total with the sub-areas")
    line = rows.line(label, "families", area.code, span=rows.named)
    table = _activities(title, (line,), rows)
    agreement = rows.agreement("families", area.code)
    anchor, key = f"area-{index}-together", f"family/{area.code}"
    return Section(anchor, title, (table, *agreement), key=key)
