"""What is still to be sought: gaps of activities, what a contribution buys, and their rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import (
    RowPrinter,
    amounts_behind,
    annex_tree,
    fitted_groups,
)
from cmswp_xl.documents.numbers import NO_BREAK_SPACE, numbers_for
from cmswp_xl.figures.declarations import AVAILABLE_STAGES, COUNT, Operation
from cmswp_xl.figures.sources import (
    Derived,
    Entry,
    OfActivity,
    OfGroup,
    SumOf,
    counted,
    of_activity,
)
from cmswp_xl.figures.totals import carried_out
from cmswp_xl.languages import N_
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.money import ZERO, decimals, fitted, rounded, total
from cmswp_xl.page import Row
from cmswp_xl.printed import Figured, joined, worded
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.amounts import (
        AmountTree,
        Notes,
    )
    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.documents.texts import Texts
    from cmswp_xl.figures.totals import Figures, ProgrammeTotals
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Activity, Programme
    from cmswp_xl.page import Cell
    from cmswp_xl.printed import Path, Printed, Source


PRIORITIES = {
    "core": N_("Core priority"),
    "high": N_("High priority"),
    "medium": N_("Medium priority"),
    "low": N_("Low priority"),
    None: N_("Priority not given"),
}

Needs = dict["str | None", list["Activity"]]


@dataclass(frozen=True, slots=True)
class Gap:
    """
    What is to be sought, pledged, and remains after the pledges, of an activity or of several.

    `beyond` is what pledges are more than what is to be sought, so that
    remaining = sought − pledged + beyond.
    """

    sought: Decimal = ZERO
    pledged: Decimal = ZERO
    remaining: Decimal = ZERO
    beyond: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps of activities by their ids, exact and as shown."""

    exact: Mapping[str, Gap]
    shown: Mapping[str, Gap]

    def sums(self, keys: Iterable[str]) -> tuple[Gap, Gap]:
        """Add the gaps of some activities, exact and as shown."""
        keys = list(keys)
        return added(self.exact[key] for key in keys), added(self.shown[key] for key in keys)


def added(gaps: Iterable[Gap]) -> Gap:
    """Add gaps."""
    gaps = list(gaps)
    return Gap(
        total(gap.sought for gap in gaps),
        total(gap.pledged for gap in gaps),
        total(gap.remaining for gap in gaps),
        total(gap.beyond for gap in gaps),
    )


def gaps_of(
    totals: ProgrammeTotals,
    tree: AmountTree,
    groups: Sequence[Sequence[str]],
    step: Decimal | None,
) -> Gaps:
    """
    Give the gaps of groups of activities.

    What is to be sought is shown as in the annex; what remains is fitted to it, and what is
    pledged follows.
    """
    exact = {key: _gap(totals, key) for keys in groups for key in keys}
    if step is None:
        return Gaps(exact, exact)
    sought = {key: tree.shown["activities"][key]["to_be_sought"] or ZERO for key in exact}
    remaining = fitted_groups(
        {key: gap.remaining for key, gap in exact.items()},
        groups,
        {key: gap.sought for key, gap in exact.items()},
        sought,
        step,
    )
    over = [gap.beyond for gap in exact.values()]
    beyond = dict(zip(exact, fitted(over, rounded(total(over), step), step), strict=True))
    shown = {
        key: Gap(
            sought[key],
            sought[key] - remaining[key] + beyond[key],
            remaining[key],
            beyond[key],
        )
        for key in exact
    }
    return Gaps(exact, shown)


def _gap(totals: ProgrammeTotals, key: str) -> Gap:
    figures = totals.by_activity[key]
    sought, pledged = figures.to_be_sought or ZERO, figures.pledged or ZERO
    return Gap(sought, pledged, max(sought - pledged, ZERO), max(pledged - sought, ZERO))


_Place = tuple[str, "int | None"]
_Unit = tuple["str | None", "Decimal"]


def purchases(
    totals: ProgrammeTotals, numbers: Numbers, say: Words
) -> Mapping[str, tuple[str, ...]]:
    """
    Return what the costs of each activity are made of, by the activity's id.

    Only costs with a quantity and a unit cost count, in the years (or the whole period) in which
    the activity lacks money; equal units of several years are one.
    """
    lacking = set(_lacking(totals))
    units: dict[str, dict[_Unit, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row, line in enumerate(totals.programme.costs):
        here = line.scenario in (None, totals.scenario)
        if here and line.quantity and line.unit_cost and (line.activity, line.year) in lacking:
            units[line.activity][line.category, line.unit_cost].append(row)
    return {
        key: tuple(
            _purchase(totals.programme, ("activity", key), number, rows, numbers, say)
            for number, rows in enumerate(found.values(), 1)
        )
        for key, found in units.items()
    }


def _lacking(totals: ProgrammeTotals) -> Iterator[_Place]:
    """Yield the activities and years in which less is available than is needed."""
    missing: dict[_Place, Decimal] = defaultdict(lambda: ZERO)
    for line in totals.costs:
        missing[line.activity, line.year] += line.amount
    for row in totals.funding:
        if row.stage in AVAILABLE_STAGES and not row.in_kind:
            missing[row.activity, row.year] -= row.amount
    return (place for place, amount in missing.items() if amount > 0)


def _purchase(
    programme: Programme, at: Path, number: int, rows: Sequence[int], numbers: Numbers, say: Words
) -> str:
    """Say how many of what is bought; unit costs are in full, whatever amounts are rounded to."""
    lines = [programme.costs[row] for row in rows]

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
    price = worded(f"{programme.settings.currency}{NO_BREAK_SPACE}{cost}", [cost])
    if lines[0].category is None:
        return say("{quantity} at {price}", quantity=quantity, price=price)
    kind = capital(label("category", lines[0].category, say))
    return say("{category}: {quantity} at {price}", category=kind, quantity=quantity, price=price)


def activity_names(programme: Programme) -> Mapping[str, str]:
    """Return each activity's number by its id; with its area where another area has it too."""
    counts = Counter(comparable(activity.number) for activity in programme.activities)
    return {
        activity.id: activity.number
        if counts[comparable(activity.number)] == 1
        else f"{activity.number} ({activity.area})"
        for activity in programme.activities
    }


NAMES = {"to_be_sought": "sought", "pledged": "pledged", "remaining": "remaining"}
"""The figures of a need, and what they are called in a gap."""


@dataclass(frozen=True, slots=True)
class NeedPrinter:
    """Prints the needs of a programme in one language; `rows` those of the annex."""

    rows: RowPrinter
    needs: Needs
    gaps: Gaps
    bought: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    done: frozenset[str]

    @property
    def totals(self) -> ProgrammeTotals:
        """The figures of the programme."""
        return self.rows.totals

    @property
    def say(self) -> Words:
        """The words of the language."""
        return self.rows.say

    @property
    def numbers(self) -> Numbers:
        """How numbers are printed."""
        return self.rows.numbers

    @property
    def listed(self) -> list[Activity]:
        """The activities for which something is to be sought."""
        return [activity for group in self.needs.values() for activity in group]

    def figures(self, activity: Activity) -> Figures:
        """Return the figures of an activity."""
        return self.totals.by_activity[activity.id]

    def row(self, activity: Activity, notes: Notes, details: Sequence[str | Cell]) -> Row:
        """Print the row of an activity, with details before its amounts."""
        key, say = activity.id, self.say
        exact, shown = self.gaps.exact[key], self.gaps.shown[key]
        letters = [notes.letter(text) for text in self._notes(activity, exact, shown)]
        unfunded = self.figures(activity).status == "unfunded"
        mark = say("▲ Unfunded") if unfunded else ""
        sources = {name: OfActivity(key, name) for name in NAMES}
        amounts = self._amounts(sources, exact, shown, at_least=activity.partial)
        title = self.rows.title(activity, ", ".join(letters), mark)
        return Row((activity.number, title, *details, *amounts), key=key)

    def sums(self, label: Cell | str, at: Path, group: Sequence[Activity], *more: str) -> Row:
        """Print the sums of some activities."""
        keys = tuple(activity.id for activity in group)
        sources: dict[str, Source] = {name: OfGroup(at, keys, name) for name in NAMES}
        if at == ("total",):
            sources = {name: self.whole(name) for name in NAMES}
        exact, shown = self.gaps.sums(keys)
        partial = any(activity.partial for activity in group)
        amounts = self._amounts(sources, exact, shown, at_least=partial, code="added")
        look = "total" if len(at) == 1 or not more else ""
        return Row((label, *more, *amounts), look, "/".join(at))

    def count(self, at: Path, keys: Iterable[str], *, table: bool = True) -> Printed:
        """Print a number of activities."""
        found = counted((*at, "activities"), tuple(keys), "count-activities")
        return self.numbers.count(found, grouped=table)

    def whole(self, name: str) -> SumOf:
        """Return where a figure of all needs together comes from."""
        parts = tuple(
            OfGroup(priority_path(key), tuple(activity.id for activity in group), name)
            for key, group in self.needs.items()
        )
        return SumOf(("total", name), parts, "sum-groups")

    def sought(self, at: Path, activities: Sequence[Activity]) -> Figured:
        """Return what is to be sought for some activities, as the annex shows it."""
        keys = tuple(activity.id for activity in activities)
        exact, shown = (
            total(lines["activities"][key]["to_be_sought"] or ZERO for key in keys)
            for lines in (self.rows.tree.exact, self.rows.tree.shown)
        )
        source = OfGroup(at, keys, "to_be_sought")
        return Figured(source, exact).shown_as(shown, "added", self.numbers.step)

    def list(self, name: str, keys: Iterable[str]) -> str:
        """List a figure of activities by what these are called."""
        say = self.say
        return joined(
            say("; "),
            (
                say(
                    "{number}: {amount}",
                    number=self.names[key],
                    amount=self.numbers.alone(of_activity(self.totals, key, name)),
                )
                for key in keys
            ),
        )

    def named(self, activities: Iterable[Activity]) -> str:
        """List activities by what they are called."""
        return ", ".join(self.names[activity.id] for activity in activities)

    def _amounts(
        self,
        sources: Mapping[str, Source],
        exact: Gap,
        shown: Gap,
        *,
        at_least: bool,
        code: str = "",
    ) -> Iterator[str]:
        """Print a gap; "at least" where only part of the cost is known."""
        for name, field in NAMES.items():
            how = code or ("balanced" if name == "pledged" else "fitted")
            value = Figured(sources[name], getattr(exact, field))
            value = value.shown_as(getattr(shown, field), how, self.numbers.step)
            floor = at_least and name != "pledged" and bool(value.exact)
            yield self.rows.amount(value, at_least=floor)

    def _notes(self, activity: Activity, exact: Gap, shown: Gap) -> Iterator[str]:
        if exact.beyond:
            source = OfActivity(activity.id, "beyond")
            beyond = Figured(source, exact.beyond).shown_as(
                shown.beyond, "fitted", self.numbers.step
            )
            amount = self.numbers.amount(beyond)
            yield self.say("Pledges are {amount} more than what is to be sought.", amount=amount)
        if activity.partial:
            yield self.say("Costed in part: the full cost is not yet known.")


def priority_path(priority: str | None) -> Path:
    """Return what the figures of a priority are called."""
    return ("priority", priority or "none")


def need_printer(totals: ProgrammeTotals, texts: Texts, say: Words) -> NeedPrinter:
    """Return a printer of the needs of a programme."""
    settings, needs = totals.programme.settings, _needs(totals)
    behind = amounts_behind(totals, totals.total)
    numbers = numbers_for(texts.language, settings.number_style, settings.rounding, behind)
    tree = annex_tree(totals, numbers.step)
    keys = [[activity.id for activity in group] for group in needs.values()]
    return NeedPrinter(
        rows=RowPrinter(totals, tree, numbers, texts, say),
        needs=needs,
        gaps=gaps_of(totals, tree, keys, numbers.step),
        bought=purchases(totals, numbers, say),
        names=activity_names(totals.programme),
        done=carried_out(totals.programme),
    )


def _needs(totals: ProgrammeTotals) -> Needs:
    """Give what is to be sought and not done, by priority, then in the order of the areas."""
    done = carried_out(totals.programme)
    found: Needs = {priority: [] for priority in PRIORITIES}
    for activity in in_area_order(totals.programme):
        if totals.by_activity[activity.id].to_be_sought and activity.id not in done:
            found[activity.priority].append(activity)
    return {priority: group for priority, group in found.items() if group}


def in_area_order(programme: Programme) -> Iterator[Activity]:
    """Yield the activities area by area."""
    by_area: dict[str, list[Activity]] = defaultdict(list)
    for activity in programme.activities:
        by_area[activity.area].append(activity)
    for area in programme.outline:
        yield from by_area[area.code]
