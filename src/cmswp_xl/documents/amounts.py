"""The amounts of a table: chosen columns, rounded so that they add up, and their printed rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cmswp_xl.documents.texts import paragraphs
from cmswp_xl.money import ZERO, fitted, rounded, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.documents.texts import Texts
    from cmswp_xl.figures.totals import Figures, Reckoning
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Activity, Area, Programme


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
        return (*(year_name(year) for year in self.years), "cost")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, in print order."""
        return (*self.cost, *self.kinds, "to_be_sought")


@dataclass(frozen=True, slots=True)
class AmountTree:
    """
    The amounts of the table at four levels, exact and as shown.

    `activities` by id, `areas` by code, `families` by the code of an area with sub-areas, and the
    total; each a line by column name. A family shows the sum of what its areas show.
    """

    columns: Columns
    exact: Mapping[str, Mapping[str, Line]]
    shown: Mapping[str, Mapping[str, Line]]


def year_name(year: int | None) -> str:
    """Give the column name of a year, or of the rows for the whole period."""
    return f"year:{'' if year is None else year}"


def choose_columns(reckoning: Reckoning, figures: Figures) -> Columns:
    """Choose the columns: years where costs are given by year, other sources where not nil."""
    used = {line.year for line in reckoning.costs}
    period = reckoning.programme.settings.years
    years: tuple[int | None, ...] = ()
    if used - {None} and 1 < len(period) <= MOST_YEARS:
        years = (*period, None) if None in used else tuple(period)
    kinds = ("core", "voluntary", "other") if figures.other else ("core", "voluntary")
    return Columns(years, kinds)


def amounts_behind(reckoning: Reckoning, figures: Figures) -> Iterator[Decimal | None]:
    """Give what all printed amounts are sums of: where none has cents, none will."""
    yield from (line.amount for line in reckoning.costs)
    yield from (row.amount for row in reckoning.funding)
    yield reckoning.support_costs(figures)


def amount_tree(
    reckoning: Reckoning, areas: Sequence[Area], columns: Columns, step: Decimal | None
) -> AmountTree:
    """Give the amounts of the areas' activities, their sub-totals and their total."""
    groups = {area.code: reckoning.programme.activities_of(area.code) for area in areas}
    tree = grouped_tree(reckoning, groups, columns, step)
    families = families_of(reckoning.programme, areas)
    exact, shown = (
        {
            **lines,
            "families": {
                code: _sum((lines["areas"][key] for key in keys), columns)
                for code, keys in families.items()
            },
        }
        for lines in (tree.exact, tree.shown)
    )
    return AmountTree(columns, exact, shown)


def families_of(programme: Programme, areas: Sequence[Area]) -> dict[str, tuple[str, ...]]:
    """Return the codes of each area with sub-areas and of these, where all are among the areas."""
    present = {area.code for area in areas}
    found = {area.code: programme.family(area.code) for area in areas}
    return {code: keys for code, keys in found.items() if len(keys) > 1 and present >= {*keys}}


def grouped_tree(
    reckoning: Reckoning,
    groups: Mapping[str, Sequence[Activity]],
    columns: Columns,
    step: Decimal | None,
) -> AmountTree:
    """Give the amounts of groups of activities, by any key, their sub-totals and their total."""
    by_year: dict[str, Line] = defaultdict(dict)
    for line in reckoning.costs:
        name = year_name(line.year)
        by_year[line.activity][name] = (by_year[line.activity].get(name) or ZERO) + line.amount
    activities: dict[str, Line] = {}
    members: dict[str, list[str]] = {}
    for key, group in groups.items():
        members[key] = []
        for activity in group:
            figures = reckoning.by_activity[activity.id]
            activities[activity.id] = _line(figures, by_year[activity.id], columns)
            members[key].append(activity.id)
    subtotals = {
        code: _sum((activities[key] for key in keys), columns) for code, keys in members.items()
    }
    exact = {
        "activities": activities,
        "areas": subtotals,
        "total": {"": _sum(subtotals.values(), columns)},
    }
    shown = exact if step is None else _fit(exact, members, columns, step)
    return AmountTree(columns, exact, shown)


def _line(figures: Figures, years: Line, columns: Columns) -> Line:
    line: Line = {}
    for year in columns.years:
        name = year_name(year)
        line[name] = None if figures.cost is None else years.get(name, ZERO)
    for name in ("cost", *columns.kinds, "to_be_sought"):
        line[name] = getattr(figures, name)
    return line


def _sum(lines: Iterable[Line], columns: Columns) -> Line:
    lines = list(lines)
    result: Line = {}
    for name in columns.names:
        known = [value for line in lines if (value := line[name]) is not None]
        result[name] = total(known) if known else None
    return result


def _fit(
    exact: Mapping[str, Mapping[str, Line]],
    members: Mapping[str, Sequence[str]],
    columns: Columns,
    step: Decimal,
) -> Mapping[str, Mapping[str, Line]]:
    """Round every column from the total down: areas to the total, activities to their area."""
    shown: dict[str, dict[str, Line]] = {
        level: {key: {} for key in lines} for level, lines in exact.items()
    }
    for name in columns.names:
        whole = exact["total"][""][name]
        shown["total"][""][name] = None if whole is None else rounded(whole, step)
        _fit_parts(exact["areas"], shown["areas"], name, shown["total"][""][name], step)
        for code, keys in members.items():
            parts = {key: exact["activities"][key] for key in keys}
            _fit_parts(parts, shown["activities"], name, shown["areas"][code][name], step)
    return shown


def _fit_parts(
    parts: Mapping[str, Line],
    shown: Mapping[str, Line],
    name: str,
    whole: Decimal | None,
    step: Decimal,
) -> None:
    known = {key: value for key, line in parts.items() if (value := line[name]) is not None}
    for key in parts:
        shown[key][name] = None
    if whole is not None:
        results = fitted(list(known.values()), whole, step)
        for key, value in zip(known, results, strict=True):
            shown[key][name] = value


@dataclass(frozen=True, slots=True)
class Amounts:
    """The amounts of a row as printed: cost (its total last), funding by kind, to be sought."""

    cost: tuple[str, ...]
    kinds: tuple[str, ...]
    sought: str


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity in the table; `notes` are letters, `mark` says in words what stands out."""

    number: str
    paragraphs: tuple[str, ...]
    notes: str
    mark: str
    unfunded: bool
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class AmountRow:
    """A sub-total or total; `remark` says in words what the amounts leave out."""

    label: str
    remark: str
    amounts: Amounts
    reconciliation: str = ""


@dataclass(slots=True)
class Notes:
    """The lettered notes of one table; the same text has the same letter."""

    _texts: list[str] = field(default_factory=list)

    def letter(self, text: str) -> str:
        """Give the letter of a note: a to z, then aa, bb and so on."""
        if text not in self._texts:
            self._texts.append(text)
        return _letter(self._texts.index(text))

    def listed(self) -> tuple[tuple[str, str], ...]:
        """Give all notes with their letters."""
        return tuple((_letter(index), text) for index, text in enumerate(self._texts))


def _letter(index: int) -> str:
    times, place = divmod(index, 26)
    return chr(ord("a") + place) * (times + 1)


@dataclass(frozen=True, slots=True)
class RowPrinter:
    """Prints the rows of one document in one language."""

    reckoning: Reckoning
    tree: AmountTree
    numbers: Numbers
    texts: Texts
    say: Words

    def notes(self) -> Notes:
        """Give an empty list of notes for a table."""
        return Notes()

    def activity(self, activity: Activity, notes: Notes) -> ActivityRow:
        """Print an activity's row."""
        figures = self.reckoning.by_activity[activity.id]
        letters = [notes.letter(text) for text in self._note_texts(activity, figures)]
        title = self.texts.required(activity.title, "activities", activity.id)
        return ActivityRow(
            number=activity.number,
            paragraphs=paragraphs(title),
            notes=", ".join(letters),
            mark=self._mark(activity, figures),
            unfunded=figures.status == "unfunded",
            amounts=self.amounts(
                "activities", activity.id, at_least=activity.partial and bool(figures.cost)
            ),
        )

    def amounts(self, level: str, key: str, *, at_least: bool = False) -> Amounts:
        """Print the amounts of a line of the tree; those of partial costing read "at least"."""
        shown, exact = self.tree.shown[level][key], self.tree.exact[level][key]

        def text(name: str) -> str:
            printed = self.numbers.amount(shown[name], exact[name])
            floor = at_least and name in ("cost", "to_be_sought") and exact[name]
            return self.say("at least {amount}", amount=printed) if floor else printed

        return Amounts(
            cost=tuple(text(name) for name in self.tree.columns.cost),
            kinds=tuple(text(name) for name in self.tree.columns.kinds),
            sought=text("to_be_sought"),
        )

    def amount(self, shown: Decimal | None, exact: Decimal, figures: Figures) -> str:
        """Print one amount, reading "at least" where some of the activities are costed in part."""
        printed = self.numbers.amount(shown, exact)
        return self.say("at least {amount}", amount=printed) if figures.partial else printed

    def subtotal(self, code: str, activities: Sequence[Activity]) -> AmountRow:
        """Print an area's sub-total with what it leaves out."""
        figures = self.reckoning.of(activities)
        return AmountRow(
            self.say("Sub-total"),
            self.costed(figures),
            self.amounts("areas", code, at_least=bool(figures.partial)),
            self.reconciliation(figures, self.tree.shown["areas"][code]),
        )

    def costed(self, figures: Figures) -> str:
        """Say how many activities are costed, where not all are."""
        if not figures.activities:
            return self.say("No activities.")
        if not figures.not_costed:
            return ""
        if figures.not_costed == figures.activities:
            return self.say("Not yet costed")
        return self.say.many(
            "{costed} of {count} activity costed",
            "{costed} of {count} activities costed",
            figures.activities,
            costed=figures.activities - figures.not_costed,
        )

    def statements(self, activities: Sequence[Activity]) -> Iterator[str]:
        """Say in words what the table of some activities does not show in figures."""
        uncosted = [a.number for a in activities if self._figures(a).status == "not-costed"]
        if uncosted and len(uncosted) == len(activities):
            yield self.say("None of the activities has been costed yet; blank does not mean nil.")
        elif uncosted:
            yield self.say(
                "Not yet costed: {numbers}. Blank does not mean nil.", numbers=", ".join(uncosted)
            )
        yield from self.apart({a.number: self._figures(a) for a in activities})

    def apart(self, figures: Mapping[str, Figures]) -> Iterator[str]:
        """Say what was pledged or given in kind for activities, by what these are called."""
        pledged = self._list(figures, "pledged")
        if pledged:
            yield self.say("Pledged, and not counted as available: {list}.", list=pledged)
        in_kind = self._list(figures, "in_kind")
        if in_kind:
            yield self.say("In kind, and not counted: {list}.", list=in_kind)

    def _figures(self, activity: Activity) -> Figures:
        return self.reckoning.by_activity[activity.id]

    def reconciliation(self, figures: Figures, shown: Line) -> str:
        """Explain why cost less available is not what is to be sought, where it is not."""
        if figures.reconciled or shown["cost"] is None:
            return ""
        available = sum((shown[kind] or ZERO for kind in self.tree.columns.kinds), ZERO)
        surplus, uncosted = self._apart(figures, shown, available)
        parts = [self.say("available {amount}", amount=self.numbers.amount(available))]
        if figures.surplus:
            parts.append(
                self.say("− surplus {amount}", amount=self.numbers.amount(surplus, ZERO + 1))
            )
        if figures.uncosted:
            amount = self.numbers.amount(uncosted, ZERO + 1)
            parts.append(
                self.say("− available for activities not yet costed {amount}", amount=amount)
            )
        sought = self.numbers.amount(shown["to_be_sought"], figures.to_be_sought)
        parts.append(self.say("+ to be sought {amount}", amount=sought))
        cost = self.numbers.amount(shown["cost"], figures.cost)
        return self.say("Cost {amount} = {parts}", amount=cost, parts=" ".join(parts))

    def _apart(self, figures: Figures, shown: Line, available: Decimal) -> tuple[Decimal, Decimal]:
        """Give surplus and uncosted money so that the printed equation holds."""
        surplus = figures.surplus or ZERO
        if self.numbers.step is None:
            return surplus, figures.uncosted
        whole = available + (shown["to_be_sought"] or ZERO) - (shown["cost"] or ZERO)
        first, second = fitted([surplus, figures.uncosted], whole, self.numbers.step)
        return first, second

    def _list(self, figures: Mapping[str, Figures], name: str) -> str:
        return self.say("; ").join(
            self.say("{number}: {amount}", number=number, amount=self.numbers.alone(amount))
            for number, f in figures.items()
            if (amount := getattr(f, name))
        )

    def _note_texts(self, activity: Activity, figures: Figures) -> Iterator[str]:
        if figures.surplus:
            yield self.say(
                "Surplus of {amount}: more is available than the activity costs.",
                amount=self.numbers.alone(figures.surplus),
            )
        if activity.partial and figures.cost is not None:
            yield self.say("Costed in part: the full cost is not yet known.")
        if figures.status == "not-costed" and figures.available:
            yield self.say("Funding is available, though the activity is not yet costed.")

    def _mark(self, activity: Activity, figures: Figures) -> str:
        if figures.status == "no-cost":
            return self.say("No additional cost")
        if figures.status != "unfunded":
            return ""
        if activity.priority == "core":
            return self.say("▲ Unfunded – core priority")
        return self.say("▲ Unfunded")
