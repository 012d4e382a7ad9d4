"""The amounts of a table: chosen columns, rounded so that they add up, and their printed rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType

from cmswp_xl.documents.front import column_labels
from cmswp_xl.documents.texts import Printer
from cmswp_xl.figures.sources import (
    Group,
    OfActivity,
    OfGroup,
    SumOf,
    costed,
    of_activity,
    span_of,
    under,
)
from cmswp_xl.figures.totals import Figures, ProgrammeTotals
from cmswp_xl.messages.labels import agreement
from cmswp_xl.model import Activity, Area, Programme
from cmswp_xl.money import ZERO, fitted, known_total, rounded, total
from cmswp_xl.page import Cell, Column, Paragraph, Row, notes
from cmswp_xl.printed import Figured, Path, Source, worded

Listed = Callable[[list[str]], str] | None


OTHERS = "others"
"""What stands for the areas that are shown together."""
MOST_YEARS = 6
"""How many years stand side by side on a landscape page; longer periods show their total."""

Line = dict[str, "Decimal | None"]


@dataclass(frozen=True, slots=True)
class Columns:
    """
    The columns of the activity table by name.

    `years` are the sub-columns of cost before its total (None: for the whole period), empty where
    cost is one column; `kinds` those of funding available.
    """

    years: tuple[int | None, ...]
    kinds: tuple[str, ...]

    @property
    def cost(self) -> tuple[str, ...]:
        """The names of the cost columns, the total last."""
        return (*map(span_of, self.years), "cost")

    def figure(self, name: str) -> tuple[str, str | None]:
        """Return the figure of a column, and its year where it is one of a year."""
        return ("cost", name) if name in self.cost[:-1] else (name, None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, in print order."""
        return (*self.cost, *self.kinds, "to_be_sought")


@dataclass(frozen=True)
class AmountTree:
    """
    The amounts of the table at four levels, exact and as shown.

    `activities` by id, `areas` by code, `families` by the code of an area with sub-areas, and the
    total; each a line by column name. A family shows the sum of what its areas show. `members`
    are the activities of each area, `families` the areas of each family.
    """

    columns: Columns
    step: Decimal | None
    members: Mapping[str, tuple[str, ...]]
    exact: Mapping[str, Mapping[str, Line]]
    shown: Mapping[str, Mapping[str, Line]]
    families: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def at(self, level: str, key: str) -> Path:
        """Return what the figures of a line are called; activities in no groups make the total."""
        if level == "activities":
            return ("activity", key)
        if level == "families":
            return ("family", key)
        return ("total",) if level == "total" or not self._grouped else ("area", key or OTHERS)

    def value(self, level: str, key: str, column: str) -> Figured:
        """Return a figure of a line with its source, rounded as the table shows it."""
        name, span = self.columns.figure(column)
        value = Figured(self._source(level, key, name, span), self.exact[level][key][column])
        code = {"families": "added", "total": "rounded"}.get(level, "fitted")
        own = level == "activities"
        above = self.at("areas", self._group_of[key]) if own else ("total",)
        whole = None if level == "total" else under(above, name, span)
        return value.shown_as(self.shown[level][key][column], code, self.step, whole)

    def keys(self, level: str, key: str) -> tuple[str, ...]:
        """Return the activities of a line by id."""
        if level == "activities":
            return (key,)
        codes = (
            self.members
            if level == "total"
            else self.families[key]
            if level == "families"
            else (key,)
        )
        return tuple(each for code in codes for each in self.members[code])

    def _source(self, level: str, key: str, name: str, span: str | None) -> Source:
        if level == "activities":
            return OfActivity(key, name, span)
        at = self.at(level, key)
        if level == "total" and self._grouped:
            parts = (self._source("areas", code, name, span) for code in self.members)
            return SumOf(under(at, name, span), tuple(parts), "sum-areas")
        return OfGroup(at, self.keys(level, key), name, span)

    @property
    def _grouped(self) -> bool:
        return set(self.members) != {""}

    @cached_property
    def _group_of(self) -> Mapping[str, str]:
        return {key: code for code, keys in self.members.items() for key in keys}


def choose_columns(totals: ProgrammeTotals, figures: Figures) -> Columns:
    """Return the columns: years where costs are given by year, other sources where not nil."""
    used = {line.year for line in totals.costs}
    period = totals.programme.settings.years
    years: tuple[int | None, ...] = ()
    if used - {None} and 1 < len(period) <= MOST_YEARS:
        years = (*period, None) if None in used else tuple(period)
    kinds = ("core", "voluntary", "other") if figures.other else ("core", "voluntary")
    return Columns(years, kinds)


def amounts_behind(totals: ProgrammeTotals, figures: Figures) -> Iterator[Decimal | None]:
    """Yield what all printed amounts are sums of: where none has cents, none will."""
    yield from (line.amount for line in totals.costs)
    yield from (row.amount for row in totals.funding)
    yield totals.support_costs(figures)


def amount_tree(
    totals: ProgrammeTotals, areas: Sequence[Area], columns: Columns, step: Decimal | None
) -> AmountTree:
    """Return the amounts of the areas' activities, their sub-totals and their total."""
    groups = {area.code: totals.programme.activities_of(area.code) for area in areas}
    return grouped_tree(totals, groups, columns, step, families_of(totals.programme, areas))


def annex_tree(totals: ProgrammeTotals, step: Decimal | None) -> AmountTree:
    """Return the amounts of the whole annex, so that other papers show the same ones."""
    columns = choose_columns(totals, totals.total)
    return amount_tree(totals, totals.programme.outline, columns, step)


def families_of(programme: Programme, areas: Sequence[Area]) -> dict[str, tuple[str, ...]]:
    """Return the codes of each area with sub-areas and of these, where all are among the areas."""
    present = {area.code for area in areas}
    found = {area.code: programme.family(area.code) for area in areas}
    return {code: keys for code, keys in found.items() if len(keys) > 1 and present >= {*keys}}


def grouped_tree(
    totals: ProgrammeTotals,
    groups: Mapping[str, Sequence[Activity]],
    columns: Columns,
    step: Decimal | None,
    families: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> AmountTree:
    """Return the amounts of groups of activities, by any key, their sub-totals and their total."""
    by_year: dict[str, Line] = defaultdict(dict)
    for line in totals.costs:
        name = span_of(line.year)
        by_year[line.activity][name] = (by_year[line.activity].get(name) or ZERO) + line.amount
    members = {key: tuple(activity.id for activity in group) for key, group in groups.items()}
    activities = {
        key: _line(totals.by_activity[key], by_year[key], columns)
        for keys in members.values()
        for key in keys
    }
    areas = _sums(activities, members, columns)
    exact = {"activities": activities, "areas": areas, "total": _sums(areas, {"": areas}, columns)}
    shown = exact if step is None else _fit(exact, members, columns, step)
    exact, shown = (
        {**lines, "families": _sums(lines["areas"], families, columns)} for lines in (exact, shown)
    )
    return AmountTree(columns, step, members, exact, shown, families)


def _line(figures: Figures, years: Line, columns: Columns) -> Line:
    blank = figures.cost is None
    line = {name: None if blank else years.get(name, ZERO) for name in columns.cost[:-1]}
    return line | {n: getattr(figures, n) for n in ("cost", *columns.kinds, "to_be_sought")}


def _sums(
    lines: Mapping[str, Line], groups: Mapping[str, Iterable[str]], columns: Columns
) -> dict[str, Line]:
    return {
        code: {name: known_total(lines[key][name] for key in keys) for name in columns.names}
        for code, keys in groups.items()
    }


def _fit(
    exact: Mapping[str, Mapping[str, Line]],
    members: Mapping[str, Sequence[str]],
    columns: Columns,
    step: Decimal,
) -> dict[str, dict[str, Line]]:
    """Round every column from the total down: areas to the total, activities to their area."""
    shown: dict[str, dict[str, Line]] = {
        level: {key: dict.fromkeys(columns.names) for key in lines}
        for level, lines in exact.items()
    }

    def fit(level: str, keys: Iterable[str], name: str, whole: Decimal | None) -> None:
        lines = exact[level]
        known = {key: value for key in keys if (value := lines[key][name]) is not None}
        if whole is not None:
            for key, value in zip(known, fitted([*known.values()], whole, step), strict=True):
                shown[level][key][name] = value

    for name in columns.names:
        whole = exact["total"][""][name]
        whole = shown["total"][""][name] = None if whole is None else rounded(whole, step)
        fit("areas", members, name, whole)
        for code, keys in members.items():
            fit("activities", keys, name, shown["areas"][code][name])
    return shown


def labelled(label: str, *remarks: str, span: int = 1) -> Cell:
    """Return a cell that says what its row is, and below it what the row leaves out."""
    found = (Paragraph(remark, "remark") for remark in remarks if remark)
    return Cell((Paragraph(label), *found), span=span)


@dataclass(slots=True)
class Notes:
    """
    The lettered notes of a document, table by table.

    Letters run on from table to table, as Word letters footnotes; the same text has the same
    letter within a table.
    """

    _texts: dict[str, list[str]] = field(default_factory=dict)
    _before: int = 0

    def letter(self, text: str) -> str:
        """Return the letter of a note: a to z, then aa, bb and so on."""
        self._texts.setdefault(text, []).append(text)
        return _letter(self._before + list(self._texts).index(text))

    def listed(self) -> tuple[Paragraph, ...]:
        """Return the lettered notes of the table that ends here, with all figures of each."""
        found = tuple(
            Paragraph(worded(text, same), "note", _letter(index))
            for index, (text, same) in enumerate(self._texts.items(), self._before)
        )
        self._texts, self._before = {}, self._before + len(found)
        return found


def _letter(index: int) -> str:
    times, place = divmod(index, 26)
    return chr(ord("a") + place) * (times + 1)


@dataclass(frozen=True, slots=True)
class Amounts:
    """Amounts of activities by their ids and names, exact and as shown."""

    exact: Mapping[str, Mapping[str, Decimal | None]]
    shown: Mapping[str, Mapping[str, Decimal | None]]
    step: Decimal | None

    def figure(self, source: Source, keys: Iterable[str], name: str, code: str) -> Figured:
        """Return an amount of an activity, or of several together."""
        keys = list(keys)
        exact, shown = (
            known_total(lines[key][name] for key in keys) for lines in (self.exact, self.shown)
        )
        return Figured(source, exact).shown_as(shown, code, self.step)


@dataclass(frozen=True, slots=True)
class RowPrinter(Printer):
    """Prints the amounts of a tree in the rows of one document."""

    tree: AmountTree

    @property
    def labels(self) -> Mapping[str, str]:
        """The fixed words of the tables by name."""
        return column_labels(self.settings, self.say)

    def columns(self, width: int = 1190, *, added: bool = False) -> tuple[Column, ...]:
        """Return the columns of the amounts; `added` where each row adds up activities."""
        labels, years = self.labels, self.tree.columns.years
        named = labels["costs"] if added else labels["cost"]
        heads = [self.say("Whole period") if year is None else str(year) for year in years]
        cost = [*heads, self.say("Total")] if years else [named]
        over = named if years else ""
        return (
            *(Column(head, "amount", width, over) for head in cost),
            *(
                Column(labels[kind], "amount", width, labels["available"])
                for kind in self.tree.columns.kinds
            ),
            Column(labels["sought"], "amount", width),
        )

    def activity(
        self,
        activity: Activity,
        notes: Notes,
        *lead: str,
        beside: Sequence[Cell] = (),
        more: str = "",
        mark: str = "",
    ) -> Row:
        """
        Print an activity's row, behind the cells before its number.

        `beside` are cells after its title, `more` is another note; `mark` stands out where nothing
        else does.
        """
        figures = self.totals.by_activity[activity.id]
        texts = [*self._note_texts(activity, figures), *filter(None, [more])]
        letters = ", ".join(notes.letter(text) for text in texts)
        amounts = self.amounts("activities", activity.id)
        title = self.title(activity, letters, self.mark(activity) or mark)
        unfunded = "unfunded" if figures.status == "unfunded" else ""
        return Row((*lead, activity.number, title, *beside, *amounts), unfunded, activity.id)

    def title(self, activity: Activity, letters: str = "", mark: str = "") -> Cell:
        """Print the title of an activity, with the letters of its notes and what stands out."""
        *others, last = self.activity_title(activity) or ("",)
        marks = (Paragraph(mark, "mark"),) if mark else ()
        return Cell((*map(Paragraph, others), Paragraph(last, notes=letters), *marks))

    def amounts(self, level: str, key: str, *, qualified: bool = True) -> tuple[str, ...]:
        """Print the amounts of a line; `qualified`, those of partial costing read "at least"."""
        known, keys = self.totals.by_activity, self.tree.keys(level, key)
        partial = qualified and any(known[each].partial for each in keys)

        def text(name: str) -> str:
            value = self.tree.value(level, key, name)
            floor = partial and name in ("cost", "to_be_sought") and value.exact
            return self.amount(value, at_least=bool(floor))

        return tuple(map(text, self.tree.columns.names))

    def group(self, level: str, key: str) -> Group:
        """Return the activities of a line of the tree together."""
        keys = self.tree.keys(level, key)
        return Group(self.tree.at(level, key), keys, self.totals.of_keys(keys))

    def line(self, label: str, level: str, key: str, span: int = 1) -> Row:
        """Print a sub-total or total under some columns, with what it leaves out."""
        cell = labelled(label, self.costed(self.group(level, key)), span=span)
        return Row((cell, *self.amounts(level, key)), "total", "/".join(self.tree.at(level, key)))

    def agreement(self, level: str, key: str) -> tuple[Paragraph, ...]:
        """Return the note how the amounts of a line agree, where that has to be said."""
        return notes([self.reconciliation(self.group(level, key), level, key)])

    def costed(self, group: Group) -> str:
        """Say how many activities are costed, where not all are."""
        figures = group.figures
        if not figures.activities:
            return self.say("No activities")
        if not figures.not_costed:
            return ""
        if figures.not_costed == figures.activities:
            return self.say("No activity costed yet")
        return self.some_costed(costed(self.totals, group), group.count())

    def statements(self, activities: Sequence[Activity]) -> Iterator[str]:
        """Say in words what the table of some activities does not show in figures."""
        known = self.totals.by_activity
        uncosted = [a.number for a in activities if known[a.id].status == "not-costed"]
        if uncosted and len(uncosted) == len(activities):
            yield self.say(
                "None of the activities has been costed yet. A blank cell does not mean zero."
            )
        elif uncosted:
            yield self.say(
                "Not yet costed: {numbers}. A blank cell does not mean zero.",
                numbers=self.say.listed(uncosted),
            )
        yield from self.apart({a.id: a.number for a in activities})

    def apart(self, named: Mapping[str, str], listed: Listed = None) -> Iterator[str]:
        """Say what was pledged or given in kind for activities, by what these are called."""
        pledged = self.listing(named, "pledged", listed)
        if pledged:
            yield self.say("Pledged, and not counted as available: {list}.", list=pledged)
        in_kind = self.listing(named, "in_kind", listed)
        if in_kind:
            yield self.say("In kind, and not counted: {list}.", list=in_kind)

    def reconciliation(self, group: Group, level: str, key: str) -> str:
        """Explain why cost less available is not what is to be sought, where it is not."""
        say, figures, shown = self.say, group.figures, self.tree.shown[level][key]
        cost = shown["cost"]
        if figures.reconciled or cost is None:
            return ""
        step = self.numbers.step
        available = sum((shown[kind] or ZERO for kind in self.tree.columns.kinds), ZERO)
        rest = [figures.surplus or ZERO, figures.uncosted]
        if step is not None:
            rest = fitted(rest, available + (shown["to_be_sought"] or ZERO) - cost, step)
        surplus, uncosted = (
            self.numbers.amount(group.value(name).shown_as(amount, "balanced", step))
            for name, amount in zip(("surplus", "uncosted"), rest, strict=True)
        )
        first = group.value("available").shown_as(available, "added", step)
        values = (self.tree.value(level, key, name) for name in ("to_be_sought", "cost"))
        sought, whole = (
            self.amount(value, at_least=bool(figures.partial and value.exact)) for value in values
        )
        places = {"cost": whole, "available": self.numbers.amount(first, nil=True)}
        if figures.surplus:
            places["surplus"] = surplus
        if figures.uncosted:
            places["uncosted"] = uncosted
        said = say(agreement(figures.surplus, figures.uncosted), **places, sought=sought)
        return worded(f"{said}.", [said])

    def listing(self, named: Mapping[str, str], name: str, listed: Listed = None) -> str:
        """List the amounts of activities that are not nil; `named` says what these are called."""
        values = [(number, of_activity(self.totals, key, name)) for key, number in named.items()]
        return (listed or self.say.listed)(
            [
                self.say("{number} ({amount})", number=number, amount=self.numbers.alone(value))
                for number, value in values
                if value.exact
            ]
        )

    def _note_texts(self, activity: Activity, figures: Figures) -> Iterator[str]:
        if figures.surplus:
            yield self.say(
                "Surplus of {amount}: more is available than the activity costs.",
                amount=self.numbers.alone(of_activity(self.totals, activity.id, "surplus")),
            )
        if activity.partial and figures.cost is not None:
            yield self.say("Costed in part: the full cost is not yet known.")
        if figures.status == "not-costed" and figures.available:
            yield self.say("Funding is available, though the activity is not yet costed.")

    def mark(self, activity: Activity) -> str:
        """Say what stands out about an activity: that it costs nothing, or has no funding."""
        figures = self.totals.by_activity[activity.id]
        if figures.status == "no-cost":
            return self.say("No additional cost")
        if figures.status != "unfunded":
            return ""
        if activity.priority == "core":
            return self.say("▲\u00a0Unfunded – core priority")
        return self.say("▲\u00a0Unfunded")


def fitted_groups(
    parts: Mapping[str, Decimal],
    groups: Iterable[Sequence[str]],
    beside: Mapping[str, Decimal],
    shown: Mapping[str, Decimal],
    step: Decimal | None,
) -> dict[str, Decimal]:
    """
    Round parts so that what is left of the amounts beside them stays true.

    `beside` are those amounts by the same keys, where there are any, and `shown` what is printed
    of them. Nothing stays nothing, an equal amount stays equal, less stays no more and more no
    less; the others are fitted to the share of their group in the rounded total.
    """
    if step is None:
        return dict(parts)
    groups = list(groups)
    sums = [total(parts[key] for key in keys) for keys in groups]
    result: dict[str, Decimal] = {}
    for keys, whole in zip(groups, fitted(sums, rounded(total(sums), step), step), strict=True):
        settled = {key: ZERO for key in keys if not parts[key]}
        equal = (key for key in keys if parts[key] and parts[key] == beside.get(key))
        settled |= {key: shown[key] for key in equal if key in shown}
        free = [key for key in keys if key not in settled]
        left = max(whole - total(settled.values()), ZERO)
        for key, value in zip(free, fitted([parts[k] for k in free], left, step), strict=True):
            settled[key] = value
            if key in beside and key in shown:
                bound = min if parts[key] < beside[key] else max
                settled[key] = bound(value, shown[key])
        result |= {key: settled[key] for key in keys}
    return result
