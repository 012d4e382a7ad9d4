"""The rows of activities for which money is to be sought, and the purchases behind them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import amounts_behind
from cmswp_xl.documents.gaps import annex_tree, gaps_of
from cmswp_xl.documents.numbers import NO_BREAK_SPACE, numbers_for
from cmswp_xl.documents.texts import paragraphs
from cmswp_xl.figures.declarations import AVAILABLE_STAGES
from cmswp_xl.figures.totals import carried_out
from cmswp_xl.messages.labels import label
from cmswp_xl.money import ZERO, decimals
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.amounts import AmountTree, Notes
    from cmswp_xl.documents.gaps import Gap, Gaps
    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.documents.texts import Texts
    from cmswp_xl.figures.totals import Reckoning
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Activity, Programme


def activity_names(programme: Programme) -> Mapping[str, str]:
    """Give each activity's number by its id; with its area where another area has it too."""
    counts = Counter(comparable(activity.number) for activity in programme.activities)
    return {
        activity.id: activity.number
        if counts[comparable(activity.number)] == 1
        else f"{activity.number} ({activity.area})"
        for activity in programme.activities
    }


_Place = tuple[str, "int | None"]
_Unit = tuple["str | None", "Decimal"]


def purchases(reckoning: Reckoning, numbers: Numbers, say: Words) -> Mapping[str, tuple[str, ...]]:
    """
    Give what the costs of each activity are made of, by the activity's id.

    Only costs with a quantity and a unit cost count, in the years (or the whole period) in which
    the activity lacks money; equal units of several years are one.
    """
    lacking = set(_lacking(reckoning))
    units: dict[str, dict[_Unit, Decimal]] = defaultdict(dict)
    for line in reckoning.costs:
        if not line.quantity or not line.unit_cost or (line.activity, line.year) not in lacking:
            continue
        found = units[line.activity]
        key = (line.category, line.unit_cost)
        found[key] = found.get(key, ZERO) + line.quantity
    currency = reckoning.programme.settings.currency
    return {
        activity: tuple(
            _sentence(category, quantity, _price(unit_cost, currency, numbers), numbers, say)
            for (category, unit_cost), quantity in found.items()
        )
        for activity, found in units.items()
    }


def _lacking(reckoning: Reckoning) -> Iterator[_Place]:
    """Find the activities and years in which less is available than is needed."""
    missing: dict[_Place, Decimal] = defaultdict(lambda: ZERO)
    for line in reckoning.costs:
        missing[line.activity, line.year] += line.amount
    for row in reckoning.funding:
        if row.stage in AVAILABLE_STAGES and not row.in_kind:
            missing[row.activity, row.year] -= row.amount
    return (place for place, amount in missing.items() if amount > 0)


def _price(unit_cost: Decimal, currency: str, numbers: Numbers) -> str:
    """Print a unit cost in full, whatever other amounts are rounded to."""
    places = 2 if decimals(unit_cost) else 0
    full = replace(numbers, places=places, step=None)
    return f"{currency}{NO_BREAK_SPACE}{full.amount(unit_cost)}"


def _sentence(
    category: str | None, quantity: Decimal, price: str, numbers: Numbers, say: Words
) -> str:
    count = numbers.percent(quantity)
    if category is None:
        return say("{quantity} at {price}", quantity=count, price=price)
    kind = label("category", category, say)
    return say(
        "{category}: {quantity} at {price}",
        category=kind[:1].upper() + kind[1:],
        quantity=count,
        price=price,
    )


@dataclass(frozen=True, slots=True)
class NeedAmounts:
    """What is to be sought, what is pledged, what remains after the pledges."""

    sought: str
    pledged: str
    remaining: str


@dataclass(frozen=True, slots=True)
class NeedRow:
    """An activity that needs money; `buys` says what a contribution would buy."""

    number: str
    paragraphs: tuple[str, ...]
    notes: str
    mark: str
    responsible: str
    buys: tuple[str, ...]
    amounts: NeedAmounts


@dataclass(frozen=True, slots=True)
class NeedPrinter:
    """Prints the needs of a programme in one language; `tree` holds the annex's amounts."""

    reckoning: Reckoning
    tree: AmountTree
    gaps: Gaps
    bought: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    done: frozenset[str]
    numbers: Numbers
    texts: Texts
    say: Words

    def row(self, activity: Activity, notes: Notes) -> NeedRow:
        """Print the row of an activity."""
        exact, shown = self.gaps.exact[activity.id], self.gaps.shown[activity.id]
        figures = self.reckoning.by_activity[activity.id]
        letters = [notes.letter(text) for text in self._notes(activity, exact, shown)]
        mark = self.say("▲ Unfunded") if figures.status == "unfunded" else ""
        return NeedRow(
            number=activity.number,
            paragraphs=self.title(activity),
            notes=", ".join(letters),
            mark=mark,
            responsible=activity.responsible or "",
            buys=self.bought.get(activity.id, ()),
            amounts=self.amounts(exact, shown, at_least=activity.partial),
        )

    def uncosted(self, activity: Activity) -> NeedRow:
        """Print an activity whose cost is not known: its amounts are blank."""
        return NeedRow(
            number=activity.number,
            paragraphs=self.title(activity),
            notes="",
            mark="",
            responsible=activity.responsible or "",
            buys=(),
            amounts=NeedAmounts("", "", ""),
        )

    def title(self, activity: Activity) -> tuple[str, ...]:
        """Give the paragraphs of an activity's title."""
        return paragraphs(self.texts.required(activity.title, "activities", activity.id))

    def sums(self, activities: Sequence[Activity]) -> NeedAmounts:
        """Print the sums of some activities."""
        exact, shown = self.gaps.sums(activity.id for activity in activities)
        partial = any(activity.partial for activity in activities)
        return self.amounts(exact, shown, at_least=partial)

    def amounts(self, exact: Gap, shown: Gap, *, at_least: bool) -> NeedAmounts:
        """Print a gap; "at least" where only part of the cost is known."""
        return NeedAmounts(
            self._floor(shown.sought, exact.sought, at_least=at_least),
            self.numbers.amount(shown.pledged, exact.pledged),
            self._floor(shown.remaining, exact.remaining, at_least=at_least),
        )

    def sought(self, activities: Sequence[Activity]) -> tuple[Decimal, Decimal]:
        """Add what is to be sought for any activities, exact and as the annex shows it."""
        exact = shown = ZERO
        for activity in activities:
            exact += self.tree.exact["activities"][activity.id]["to_be_sought"] or ZERO
            shown += self.tree.shown["activities"][activity.id]["to_be_sought"] or ZERO
        return exact, shown

    def listed(self, amounts: Mapping[str, Decimal]) -> str:
        """List amounts by the activities they are about."""
        return self.say("; ").join(
            self.say(
                "{number}: {amount}", number=self.names[key], amount=self.numbers.alone(amount)
            )
            for key, amount in amounts.items()
        )

    def named(self, activities: Sequence[Activity]) -> str:
        """List activities by what they are called."""
        return ", ".join(self.names[activity.id] for activity in activities)

    def _floor(self, shown: Decimal, exact: Decimal, *, at_least: bool) -> str:
        printed = self.numbers.amount(shown, exact)
        return self.say("at least {amount}", amount=printed) if at_least and exact else printed

    def _notes(self, activity: Activity, exact: Gap, shown: Gap) -> Iterator[str]:
        if exact.beyond:
            amount = self.numbers.amount(shown.beyond, exact.beyond)
            yield self.say("Pledges are {amount} more than what is to be sought.", amount=amount)
        if activity.partial:
            yield self.say("Costed in part: the full cost is not yet known.")


def need_printer(
    reckoning: Reckoning, groups: Sequence[Sequence[Activity]], texts: Texts, say: Words
) -> NeedPrinter:
    """Give a printer for groups of activities whose sums are printed."""
    settings = reckoning.programme.settings
    behind = amounts_behind(reckoning, reckoning.total)
    numbers = numbers_for(texts.language, settings.number_style, settings.rounding, behind)
    tree = annex_tree(reckoning, numbers.step)
    keys = [[activity.id for activity in group] for group in groups]
    return NeedPrinter(
        reckoning=reckoning,
        tree=tree,
        gaps=gaps_of(reckoning, tree, keys, numbers.step),
        bought=purchases(reckoning, numbers, say),
        names=activity_names(reckoning.programme),
        done=carried_out(reckoning.programme),
        numbers=numbers,
        texts=texts,
        say=say,
    )
