"""The funding needs: what is still to be sought, by priority, and what a contribution buys."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import chain, groupby

from cmswp_xl.documents.amounts import (
    Amounts,
    AmountTree,
    Notes,
    RowPrinter,
    amounts_behind,
    annex_tree,
    fitted_groups,
    labelled,
)
from cmswp_xl.documents.front import Made, circumstances, paper
from cmswp_xl.documents.texts import Printer, printer_for, responsible
from cmswp_xl.figures.declarations import AVAILABLE_STAGES, COUNT, Operation
from cmswp_xl.figures.sources import (
    Derived,
    Entry,
    Group,
    OfActivity,
    OfGroup,
    SumOf,
    group_of,
    support_rate,
)
from cmswp_xl.figures.totals import Figures, ProgrammeTotals, carried_out
from cmswp_xl.languages import N_, Language
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.messages.values import long_date
from cmswp_xl.model import Activity, Programme
from cmswp_xl.money import ZERO, decimals, fitted, rounded, total
from cmswp_xl.page import Cell, Column, Paragraph, Row, Section, Table, group_row, notes, tabled
from cmswp_xl.printed import Figured, Path, Printed, Source
from cmswp_xl.tables import comparable

PRIORITIES = {
    "core": N_("core priority"),
    "high": N_("high priority"),
    "medium": N_("medium priority"),
    "low": N_("low priority"),
    None: N_("priority not specified"),
}
NEEDS = ("to_be_sought", "pledged", "remaining")
"""The figures of a need; remaining = to be sought − pledged + pledged beyond that."""

Needs = dict["str | None", list["Activity"]]
Purchases = dict[str, tuple[str, ...]]


def gaps_of(
    totals: ProgrammeTotals, tree: AmountTree, needs: Needs, step: Decimal | None
) -> Amounts:
    """
    Return what is to be sought, pledged, and remains after the pledges, of each activity.

    What is to be sought is shown as in the annex; what remains is fitted to it, and what is
    pledged follows. `beyond` is what pledges are more than what is to be sought.
    """
    groups = [[activity.id for activity in group] for group in needs.values()]
    exact: dict[str, dict[str, Decimal]] = {}
    for key in chain(*groups):
        figures = totals.by_activity[key]
        sought, pledged = figures.to_be_sought or ZERO, figures.pledged or ZERO
        rest = sought - pledged
        exact[key] = _gap(sought, pledged, max(rest, ZERO), max(-rest, ZERO))
    if step is None:
        return Amounts(exact, exact, step)
    shown = {key: tree.shown["activities"][key]["to_be_sought"] or ZERO for key in exact}
    remaining = fitted_groups(
        {key: gap["remaining"] for key, gap in exact.items()},
        groups,
        {key: gap["to_be_sought"] for key, gap in exact.items()},
        shown,
        step,
    )
    over = [gap["beyond"] for gap in exact.values()]
    beyond = dict(zip(exact, fitted(over, rounded(total(over), step), step), strict=True))
    lines = {
        key: _gap(sought, sought - rest + beyond[key], rest, beyond[key])
        for (key, sought), rest in zip(shown.items(), remaining.values(), strict=True)
    }
    return Amounts(exact, lines, step)


def _gap(*amounts: Decimal) -> dict[str, Decimal]:
    return dict(zip((*NEEDS, "beyond"), amounts, strict=True))


def purchases(printer: Printer) -> Purchases:
    """
    Return what the costs of each activity are made of, by the activity's id.

    Only costs with a quantity and a unit cost count, in the years (or the whole period) in which
    the activity lacks money; equal units of several years are one.
    """
    totals, lacking = printer.totals, _lacking(printer.totals)
    units: dict[str, dict[tuple[str | None, Decimal], list[int]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row, line in enumerate(totals.programme.costs):
        here = line.scenario in (None, totals.scenario)
        if here and line.quantity and line.unit_cost and (line.activity, line.year) in lacking:
            units[line.activity][line.category, line.unit_cost].append(row)
    return {
        key: tuple(
            _purchase(printer, ("activity", key), number, lines)
            for number, lines in enumerate(found.values(), 1)
        )
        for key, found in units.items()
    }


def _lacking(totals: ProgrammeTotals) -> set[tuple[str, int | None]]:
    """Return the activities and years in which less is available than is needed."""
    missing: dict[tuple[str, int | None], Decimal] = defaultdict(lambda: ZERO)
    for line in totals.costs:
        missing[line.activity, line.year] += line.amount
    for row in totals.funding:
        if row.stage in AVAILABLE_STAGES and not row.in_kind:
            missing[row.activity, row.year] -= row.amount
    return {place for place, amount in missing.items() if amount > 0}


def _purchase(printer: Printer, at: Path, number: int, rows: Sequence[int]) -> str:
    """Say how many of what is bought; unit costs are in full, whatever amounts are rounded to."""
    say, numbers, lines = printer.say, printer.numbers, [printer.programme.costs[r] for r in rows]

    def behind(name: str, rule: str, some: Sequence[int], unit: str) -> Derived:
        because = ("activity", "year", "category", "unit_cost")
        cells = tuple(Entry("costs", row, name, because) for row in some)
        path = (*at, name, str(number))
        return Derived(path, Operation.SUM, (rule,), cells, unit=unit)

    amount = total(line.quantity or ZERO for line in lines)
    quantity = numbers.percent(Figured(behind("quantity", "quantity", rows, COUNT), amount))
    unit_cost = lines[0].unit_cost or ZERO
    full = replace(numbers, places=2 if decimals(unit_cost) else 0, step=None)
    unit = behind("unit_cost", "unit-cost", rows[:1], "amount")
    cost = full.amount(Figured(unit, unit_cost))
    price = say("{currency}\u00a0{amount}", currency=printer.settings.currency, amount=cost)
    if lines[0].category is None:
        return say("{quantity} at {price} each", quantity=quantity, price=price)
    return say(
        "{category}: {quantity} at {price} each",
        category=capital(label("category", lines[0].category, say)),
        quantity=quantity,
        price=price,
    )


def activity_names(programme: Programme) -> Mapping[str, str]:
    """Return each activity's number by its id; with its area where another area has it too."""
    counts = Counter(comparable(activity.number) for activity in programme.activities)
    return {
        activity.id: activity.number
        if counts[comparable(activity.number)] == 1
        else f"{activity.number} ({activity.area})"
        for activity in programme.activities
    }


@dataclass(frozen=True, slots=True)
class NeedPrinter(RowPrinter):
    """Prints the needs of a programme; its tree is that of the annex."""

    needs: Needs
    gaps: Amounts
    bought: Purchases
    names: Mapping[str, str]
    done: frozenset[str]
    pledged_on: Mapping[str, set[dt.date]]

    @property
    def listed(self) -> list[Activity]:
        """The activities for which something is to be sought."""
        return [activity for group in self.needs.values() for activity in group]

    def unknown(self, activity: Activity) -> bool:
        """Return whether an activity has core priority and is not costed."""
        return activity.priority == "core" and self.figures(activity).cost is None

    @property
    def uncosted(self) -> list[Activity]:
        """The activities of core priority that are neither costed nor done."""
        ordered = in_area_order(self.programme)
        return [each for each in ordered if self.unknown(each) and each.id not in self.done]

    @property
    def left_out(self) -> list[Activity]:
        """The activities that are done and would be in the tables if they were not."""
        done = (each for each in self.programme.activities if each.id in self.done)
        return [a for a in done if self.figures(a).to_be_sought or self.unknown(a)]

    @property
    def responsible(self) -> bool:
        """Whether anybody is responsible for one of the activities of the tables."""
        return any(activity.responsible for activity in (*self.listed, *self.uncosted))

    def figures(self, activity: Activity) -> Figures:
        """Return the figures of an activity."""
        return self.totals.by_activity[activity.id]

    def need(self, activity: Activity, notes: Notes, details: Sequence[str | Cell]) -> Row:
        """Print the row of an activity, with details before its amounts."""
        key = activity.id
        letters = ", ".join(notes.letter(text) for text in self._notes(activity))
        unfunded = self.figures(activity).status == "unfunded"
        title = self.title(activity, letters, self.say("▲\u00a0Unfunded") if unfunded else "")
        sources = [OfActivity(key, name) for name in NEEDS]
        amounts = self._needs(sources, [key], at_least=activity.partial)
        return Row((activity.number, title, *details, *amounts), key=key)

    def needed(self, priority: str | None) -> Group:
        """Return the activities of a priority together."""
        at = ("priority", priority or "none")
        return group_of(self.totals, at, self.needs[priority])

    def sums(self, label: Cell | str, group: Group, *more: str) -> Row:
        """Print the sums of some activities."""
        every = group.at == ("total",)
        sources = [
            self.whole(name) if every else OfGroup(group.at, group.keys, name) for name in NEEDS
        ]
        partial = bool(group.figures.partial)
        amounts = self._needs(sources, group.keys, at_least=partial, code="added")
        look = "total" if every or not more else ""
        return Row((label, *more, *amounts), look, "/".join(group.at))

    def whole(self, name: str) -> SumOf:
        """Return where a figure of all needs together comes from."""
        groups = map(self.needed, self.needs)
        parts = tuple(OfGroup(group.at, group.keys, name) for group in groups)
        return SumOf(("total", name), parts, "sum-groups")

    def sought(self, at: Path, activities: Iterable[Activity]) -> Figured:
        """Return what is to be sought for some activities, as the annex shows it."""
        keys = tuple(activity.id for activity in activities)
        exact, shown = (
            total(lines["activities"][key]["to_be_sought"] or ZERO for key in keys)
            for lines in (self.tree.exact, self.tree.shown)
        )
        source = OfGroup(at, keys, "to_be_sought")
        return Figured(source, exact).shown_as(shown, "added", self.numbers.step)

    def least(self, value: Figured, activities: Iterable[Activity]) -> Printed:
        """Print an amount of activities; "at least" where one of them is costed in part."""
        partial = any(each.partial for each in activities)
        return self.amount(value, at_least=partial and bool(value.exact))

    def named(self, activities: Iterable[Activity]) -> str:
        """List activities by what they are called."""
        return self.say.listed([self.names[activity.id] for activity in activities])

    def _needs(
        self, sources: Sequence[Source], keys: Sequence[str], *, at_least: bool, code: str = ""
    ) -> Iterator[str]:
        """Print the amounts of needs; "at least" where only part of the cost is known."""
        for name, source in zip(NEEDS, sources, strict=True):
            how = code or ("balanced" if name == "pledged" else "fitted")
            value = self.gaps.figure(source, keys, name, how)
            floor = at_least and name != "pledged" and bool(value.exact)
            yield self.amount(value, at_least=floor)

    def _notes(self, activity: Activity) -> Iterator[str]:
        source = OfActivity(activity.id, "beyond")
        beyond = self.gaps.figure(source, [activity.id], "beyond", "fitted")
        if beyond.exact:
            amount = self.numbers.amount(beyond)
            yield self.say("Pledges exceed the funding to be sought by {amount}.", amount=amount)
        dates = sorted(self.pledged_on.get(activity.id, ()))
        if days := [long_date(day, self.language) for day in dates]:
            yield self.say("Pledged on {dates}.", dates=self.say.listed(days))
        if activity.partial:
            yield self.say("Costed in part: the full cost is not yet known.")


def need_printer(totals: ProgrammeTotals, language: Language) -> NeedPrinter:
    """Return a printer of the needs of a programme."""
    printer = printer_for(totals, language, amounts_behind(totals, totals.total))
    needs, tree = _needs(totals), annex_tree(totals, printer.numbers.step)
    days: dict[str, set[dt.date]] = defaultdict(set)
    for row in totals.funding:
        if row.stage == "pledged" and row.pledged_on and not row.in_kind:
            days[row.activity].add(row.pledged_on)
    return NeedPrinter(
        *printer.base,
        tree,
        needs=needs,
        gaps=gaps_of(totals, tree, needs, tree.step),
        bought=purchases(printer),
        names=activity_names(totals.programme),
        done=carried_out(totals.programme),
        pledged_on=days,
    )


def _needs(totals: ProgrammeTotals) -> Needs:
    """Return what is to be sought and not done, by priority, then in the order of the areas."""
    done = carried_out(totals.programme)
    found: Needs = {priority: [] for priority in PRIORITIES}
    for activity in in_area_order(totals.programme):
        if totals.by_activity[activity.id].to_be_sought and activity.id not in done:
            found[activity.priority].append(activity)
    return {priority: group for priority, group in found.items() if group}


def in_area_order(programme: Programme) -> Iterator[Activity]:
    """Yield the activities area by area."""
    return chain.from_iterable(programme.activities_of(area.code) for area in programme.outline)


def content(totals: ProgrammeTotals, language: Language, _codes: Sequence[str] = ()) -> Made:
    """Return the funding needs, and the texts that they would print and that are missing."""
    printer = need_printer(totals, language)
    body = (
        _summary(printer),
        *_priorities(printer),
        _uncosted_section(printer),
        Section("remarks", printer.say("Remarks"), notes(need_remarks(printer))),
    )
    as_at = printer.settings.as_at
    return paper(__name__, printer, need_statements(printer), body, as_at=as_at)


def _summary(printer: NeedPrinter) -> Section:
    """Return the needs by priority, or say that there are none."""
    say, listed = printer.say, printer.listed
    if not listed:
        return Section("", "", (Paragraph(nothing_needed(printer), "statement"),))
    columns = (
        Column(say("Priority"), "label", 3969, names=True),
        Column(say("Activities"), "amount", 1134),
        *_amount_columns(printer),
    )
    groups = {capital(say(PRIORITIES[key])): printer.needed(key) for key in printer.needs}
    groups[say("Total")] = group_of(printer.totals, ("total",), listed)
    rows = [
        printer.sums(title, group, printer.numbers.count(group.count()))
        for title, group in groups.items()
    ]
    title = say("Summary by priority")
    return tabled("summary", title, columns, rows, *notes(reconciliations(printer)))


def _amount_columns(printer: NeedPrinter) -> Iterator[Column]:
    say = printer.say
    for head in (say("Funding to be sought"), say("Pledged"), say("Remaining after pledges")):
        yield Column(head, "amount", 1360)


def _priorities(printer: NeedPrinter) -> Iterator[Section]:
    """Yield the needs of each priority by area, with their sub-total."""
    say, named = printer.say, printer.responsible
    buys = any(activity.id in printer.bought for activity in printer.listed)
    lead = (
        Column(say("No."), "number", 680, names=True),
        Column(say("Activity"), "text", 3969),
        *((Column(say("Responsible"), "", 1077),) if named else ()),
        *((Column(say("What a contribution would buy"), "buys", 3500),) if buys else ()),
    )
    columns = (*lead, *_amount_columns(printer))

    def row(notes: Notes, activity: Activity) -> Row:
        bought = Cell(tuple(map(Paragraph, printer.bought.get(activity.id, ()))))
        who = (responsible(activity.responsible, say),) if named else ()
        return printer.need(activity, notes, (*who, *((bought,) if buys else ())))

    lettered = Notes()
    for key, group in printer.needs.items():
        title = say(PRIORITIES[key])
        rows = (
            *_by_area(group, printer, partial(row, lettered), len(columns)),
            printer.sums(labelled(say("Sub-total"), span=len(lead)), printer.needed(key)),
        )
        caption = say("Funding needs: {priority}", priority=title)
        table = Table("needs", caption, columns, rows)
        yield Section(f"priority-{key or 'none'}", capital(title), (table, *lettered.listed()))


def _by_area(
    group: Iterable[Activity], printer: NeedPrinter, row: Callable[[Activity], Row], columns: int
) -> Iterator[Row]:
    """Yield activities, which are in the order of the areas, under the titles of these."""
    areas = {area.code: area for area in printer.programme.areas}
    for code, found in groupby(group, lambda activity: activity.area):
        yield group_row(printer.area(areas[code]), columns)
        yield from map(row, found)


def _uncosted_section(printer: NeedPrinter) -> Section:
    """Return the activities of core priority whose cost is not known."""
    say, uncosted, named = printer.say, printer.uncosted, printer.responsible
    title = say("Activities of core priority not yet costed")
    if not uncosted:
        return Section("uncosted", title, ())
    columns = (
        Column(say("No."), "number", 680, names=True),
        Column(say("Activity"), "text", 9072),
        *((Column(say("Responsible"), "", 2268),) if named else ()),
    )

    def row(activity: Activity) -> Row:
        who = (responsible(activity.responsible, say),) if named else ()
        return Row((activity.number, printer.title(activity), *who), key=activity.id)

    return tabled("uncosted", title, columns, _by_area(uncosted, printer, row, len(columns)))


def need_statements(printer: NeedPrinter) -> Iterator[str]:
    """Say what holds for every table: unit, scenario, net or gross, how to read the columns."""
    say, listed = printer.say, printer.listed
    yield from circumstances(printer, dated=False)
    yield from _support_cost(printer, printer.totals.of(listed))
    if not listed:
        return
    yield say(
        "Pledges are not yet confirmed. They reduce the amount remaining after pledges, not the"
        " funding to be sought."
    )
    if any(activity.id in printer.bought for activity in listed):
        yield say(
            "What a contribution would buy is shown as planned quantities and unit costs, where"
            " both are known, for the years in which funding is lacking; part of it may already"
            " be funded."
        )
        if printer.numbers.step is not None and printer.numbers.step > 1:
            yield say("Unit costs are not rounded.")
    if any(printer.figures(activity).status == "unfunded" for activity in listed):
        yield say("Activities without any funding are marked ▲\u00a0Unfunded.")


def nothing_needed(printer: NeedPrinter) -> str:
    """Say that nothing is to be sought, or that nobody knows yet."""
    if printer.totals.total.cost is None:
        return printer.say(
            "No activity has been costed yet. The funding to be sought is not known; it is not"
            " zero."
        )
    return printer.say("No funding is to be sought for the costed activities.")


def reconciliations(printer: NeedPrinter) -> Iterator[str]:
    """Tie the total to that of the annex, and what remains to what is pledged."""
    say, numbers, listed, least = printer.say, printer.numbers, printer.listed, printer.least
    annex = printer.sought(("annex",), printer.programme.activities)
    if not annex.exact:
        return
    done = printer.left_out
    if done:
        apart = printer.sought(
            ("carried-out",), [a for a in done if printer.figures(a).to_be_sought]
        )
        rest = Figured(printer.whole("to_be_sought"), annex.exact - (apart.exact or ZERO))
        shown = (annex.shown or ZERO) - (apart.shown or ZERO)
        yield say(
            "Funding to be sought in Annex I ({annex}) − funding to be sought for activities"
            " carried out ({done}) = funding needs ({needs}).",
            annex=least(annex, printer.programme.activities),
            done=least(apart, done),
            needs=least(rest.shown_as(shown, "added", numbers.step), listed),
        )
    else:
        yield say(
            "The total is the funding to be sought in Annex I: {amount}.",
            amount=least(annex, printer.programme.activities),
        )
    keys = tuple(activity.id for activity in listed)
    sources: list[Source] = [*map(printer.whole, NEEDS), OfGroup(("total",), keys, "beyond")]
    sought, pledged, remaining, beyond = (
        printer.gaps.figure(source, keys, source.path[-1], "added") for source in sources
    )
    if beyond.exact:
        yield say(
            "Remaining {remaining} = to be sought {sought} − pledged {pledged} + pledged in"
            " excess {beyond}",
            sought=least(sought, listed),
            pledged=numbers.amount(pledged),
            remaining=least(remaining, listed),
            beyond=numbers.amount(beyond),
        )


def need_remarks(printer: NeedPrinter) -> Iterator[str]:
    """Say what is not in the tables: what is done, not costed, pledged elsewhere, or in kind."""
    say, listed, uncosted = printer.say, printer.listed, printer.uncosted
    done = printer.left_out
    if done:
        yield say(
            "Activities left out because they have been carried out: {numbers}.",
            numbers=printer.named(done),
        )
    here = {activity.id for activity in (*listed, *uncosted)}
    open_ones = [
        a for a in printer.programme.activities if a.id not in here and a.id not in printer.done
    ]
    others = [a for a in open_ones if printer.figures(a).cost is None]
    if others:
        yield say(
            "Activities without core priority that are not yet costed: {numbers}.",
            numbers=printer.named(others),
        )
    if others or uncosted:
        yield say(
            "The funding to be sought for activities not yet costed is not known; it is not zero."
        )
    covered = [a for a in open_ones if a.partial and printer.figures(a).cost is not None]
    if covered:
        yield say(
            "Costed in part and funded as far as the cost is known: {numbers}.",
            numbers=printer.named(covered),
        )
    ids = {activity.id for activity in listed}
    others_named, named = (
        {key: printer.names[key] for key in printer.totals.by_activity if (key in ids) is here}
        for here in (False, True)
    )
    pledged, in_kind = printer.listing(others_named, "pledged"), printer.listing(named, "in_kind")
    if pledged:
        yield say("Pledged for other activities, and not counted here: {list}.", list=pledged)
    if in_kind:
        yield say("In kind, and not counted: {list}.", list=in_kind)


def _support_cost(printer: NeedPrinter, figures: Figures) -> Iterator[str]:
    """Say whether what is to be sought is net of programme support costs."""
    say, rate = printer.say, support_rate(printer.programme)
    if not figures.cost:
        return
    if not figures.excluded:
        yield say("Amounts are gross: programme support costs are included.")
    elif rate is None:
        yield say("Amounts are net: programme support costs are not included.")
    elif figures.excluded == figures.cost:
        yield say(
            "Amounts are net: programme support costs of {rate} per cent are to be added to a"
            " contribution.",
            rate=printer.numbers.percent(rate),
        )
    else:
        yield say(
            "Part of the amounts is net: programme support costs of {rate} per cent are to be"
            " added to a contribution to that part.",
            rate=printer.numbers.percent(rate),
        )
