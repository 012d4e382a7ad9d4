"""Where figures come from, as values cheap to make; each explains itself when it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from cmswp_xl.figures.declarations import (
    AMOUNT,
    AT_LEAST,
    AVAILABLE_STAGES,
    COUNT,
    DECLARED,
    KINDS,
    NEVER_BLANK,
    PERCENT,
    Combination,
    Operation,
    Reported,
    RowSum,
    counts_for,
    counts_for_cost,
)
from cmswp_xl.figures.explanation import (
    EARLIER,
    PARTIAL,
    WHOLE_PERIOD,
    Explainer,
    Figure,
    LeftOut,
    Line,
    Rule,
    rule,
)
from cmswp_xl.figures.totals import Figures, ProgrammeTotals
from cmswp_xl.model import Activity, Contribution, CostLine, Programme
from cmswp_xl.money import ZERO, fitted, known_total, rounded
from cmswp_xl.printed import Figured, Path, Source


def span_of(year: int | None) -> str:
    """Return what stands for a year in a path."""
    return WHOLE_PERIOD if year is None else str(year)


def under(at: Path, name: str, span: str | None) -> Path:
    """Return the path of a figure of a group, of all its rows or of one year."""
    return (*at, name) if span is None else (*at, name, span)


@dataclass(frozen=True, slots=True)
class OfActivity:
    """
    A declared figure of an activity.

    `span` is a year of the rows, or `whole-period` for those without one; `scenario` another
    scenario than that of the document.
    """

    key: str
    name: str
    span: str | None = None
    scenario: str = ""

    @property
    def path(self) -> Path:
        """What the figure is called."""
        at = ("activity", self.key)
        return under(
            ("scenario", self.scenario, *at) if self.scenario else at, self.name, self.span
        )

    def explained(self, book: Explainer) -> Figure:
        """Explain the figure as it is declared."""
        declared = DECLARED[self.name]
        if isinstance(declared, RowSum):
            return _row_sum(self, declared, book)
        if isinstance(declared, Reported):
            return _reported(self, declared, book)
        return _combination(self, declared, book)

    def beside(self, name: str) -> OfActivity:
        """Return the source of another figure of the activity."""
        return OfActivity(self.key, name, self.span, self.scenario)


@dataclass(frozen=True, slots=True)
class OfGroup:
    """The sum of a declared figure over activities; `at` is what the group is called."""

    at: Path
    keys: tuple[str, ...]
    name: str
    span: str | None = None
    scenario: str = ""

    @property
    def path(self) -> Path:
        """What the figure is called."""
        return under(self.at, self.name, self.span)

    def explained(self, book: Explainer) -> Figure:
        """Explain the sum; of what is never blank, only the parts that are not nil are listed."""
        parts = [
            book.explain(OfActivity(key, self.name, self.span, self.scenario)) for key in self.keys
        ]
        if self.name in NEVER_BLANK:
            parts = [part for part in parts if part.exact]
        known = self.name in NEVER_BLANK or None
        return _sum(book, self.path, parts, "sum-activities", known=known)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A figure of the earlier of two versions, explained from the cells of that one."""

    source: Source

    @property
    def path(self) -> Path:
        """What the figure is called."""
        return (EARLIER, *self.source.path)

    def explained(self, book: Explainer) -> Figure:
        """Explain the figure; KeyError where the earlier version is not at hand."""
        if book.earlier is None:
            raise KeyError(self.path)
        return book.taken_over(book.earlier.explain(self.source), book.earlier)


def earlier(value: Figured) -> Figured:
    """Return a figure as one of the earlier version."""
    found = value.rounding
    if found is not None and found.whole is not None:
        found = replace(found, whole=(EARLIER, *found.whole))
    return replace(value, source=Earlier(value.source), rounding=found)


@dataclass(frozen=True, slots=True)
class OfYear:
    """A declared figure of a year over the activities that have rows for it."""

    span: str
    keys: tuple[str, ...]
    name: str

    @property
    def path(self) -> Path:
        """What the figure is called."""
        return ("year", self.span, self.name)

    def explained(self, book: Explainer) -> Figure:
        """Explain the sum."""
        parts = [
            book.explain(OfActivity(key, self.name, self.span))
            for key in self.keys
            if any(_counting(book, book.costs, _found_by(key, self.span)))
            or any(_counting(book, book.funding, _found_by(key, self.span)))
        ]
        return _sum(book, self.path, parts, "sum-activities-of-year")


@dataclass(frozen=True, slots=True)
class SumOf:
    """The sum of other figures."""

    path: Path
    parts: tuple[Source, ...]
    rule: str
    unit: str = AMOUNT
    known: bool | None = None

    def explained(self, book: Explainer) -> Figure:
        """Explain the sum."""
        parts = [book.explain(part) for part in self.parts]
        return _sum(book, self.path, parts, self.rule, self.unit, known=self.known)


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell behind a figure: its table, row, and field, the fields of the row that say why."""

    table: str
    row: int
    field: str
    because: tuple[str, ...] = ()
    factor: tuple[str, int, str] | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """A figure made of cells, or of other figures with their signs, by an operation."""

    path: Path
    operation: Operation
    rules: tuple[str, ...]
    cells: tuple[Entry, ...] = ()
    parts: tuple[tuple[int, Source], ...] = ()
    unit: str = AMOUNT
    known: bool | None = None

    def explained(self, book: Explainer) -> Figure:
        """Explain the figure; cells that are blank are not behind it."""
        return book.figure(
            self.path,
            self.operation,
            self.rules,
            lines=[_entered(book, entry) for entry in self.cells],
            parts=self.parts,
            unit=self.unit,
            known=self.known,
        )


@dataclass(frozen=True, slots=True)
class CountOf:
    """The number of some activities; each is counted by the cell of its id."""

    path: Path
    keys: tuple[str, ...]
    rule: str

    def explained(self, book: Explainer) -> Figure:
        """Explain the count."""
        lines = [book.line("activities", book.rows[key], "id", ("area",)) for key in self.keys]
        return book.figure(self.path, Operation.COUNT, [self.rule], lines=lines, unit=COUNT)


def support_costs(totals: ProgrammeTotals, group: Group) -> tuple[Figured | None, Figured | None]:
    """Return the rate of support costs, and these on the costs of a group; None for none."""
    rate, amount = support_rate(totals.programme), totals.support_costs(group.figures)
    if rate is None:
        return None, None
    parts = ((1, rate.source), (1, OfGroup(group.at, group.keys, "excluded")))
    path, rules = ("support-costs", "cost"), ("support-costs",)
    support = Derived(path, Operation.PERCENTAGE, rules, parts=parts)
    return rate, None if amount is None else Figured(support, amount)


def added_costs(
    totals: ProgrammeTotals, group: Group, direct: Figured, step: Decimal | None
) -> tuple[Figured | None, Figured | None]:
    """Return the support costs of a group and, with its direct costs, the grand total."""
    _, support = support_costs(totals, group)
    amounts = [direct]
    if support is not None and support.exact is not None and step is not None:
        support = support.shown_as(rounded(support.exact, step), "rounded", step)
    if direct.exact is None:
        return support, None
    if support is not None:
        amounts.append(support)
    return support, sum_of(("grand-total", "cost"), amounts, "grand-total", step=step)


def sum_of(
    path: Path,
    parts: Sequence[Figured],
    rule: str,
    unit: str = AMOUNT,
    *,
    step: Decimal | None = None,
) -> Figured:
    """Return the sum of the figures that are known, rounded as these are; blank for none."""
    source = SumOf(path, tuple(part.source for part in parts), rule, unit)
    exact = known_total(part.exact for part in parts)
    return Figured(source, exact).shown_as(known_total(p.shown for p in parts), "added", step)


def fitted_to(
    whole: Decimal | None,
    parts: Sequence[Figured],
    step: Decimal | None,
    path: Path | None = None,
) -> list[Figured]:
    """
    Round figures so that they add up to their total as it is shown; blanks stay blank.

    `path` is what the total is called, where it is printed.
    """
    if step is None or whole is None:
        return list(parts)
    known = [part.exact for part in parts if part.exact is not None]
    shown = iter(fitted(known, whole, step))
    return [
        part if part.exact is None else part.shown_as(next(shown), "fitted", step, path)
        for part in parts
    ]


def support_rate(programme: Programme) -> Figured | None:
    """Return the rate of programme support costs, where the Programme form has one."""
    rate = programme.settings.support_cost_rate
    source = setting(("support-costs", "rate"), "support_cost_rate", PERCENT)
    return None if rate is None else Figured(source, rate)


def setting(path: Path, name: str, unit: str) -> Derived:
    """Return the source of a number that stands in the Programme form."""
    return Derived(path, Operation.SUM, ("setting",), (Entry("programme", 0, name),), unit=unit)


def entered(path: Path, cell: Entry, amount: Decimal | None, unit: str = AMOUNT) -> Figured:
    """Return a number that stands in one cell."""
    return Figured(Derived(path, Operation.SUM, ("entered",), (cell,), unit=unit), amount)


def counted(path: Path, keys: Sequence[str], rule: str) -> Figured:
    """Return the number of some activities."""
    return Figured(CountOf(path, tuple(keys), rule), ZERO + len(keys))


def of_activity(totals: ProgrammeTotals, key: str, name: str) -> Figured:
    """Return a declared figure of an activity."""
    return Figured(OfActivity(key, name), getattr(totals.by_activity[key], name))


@dataclass(frozen=True, slots=True)
class Group:
    """Some activities together: what their figures are called, and what these are."""

    at: Path
    keys: tuple[str, ...]
    figures: Figures

    def value(self, name: str) -> Figured:
        """Return a declared figure of the group."""
        return Figured(OfGroup(self.at, self.keys, name), getattr(self.figures, name))

    def count(self) -> Figured:
        """Return the number of activities."""
        return counted((*self.at, "activities"), self.keys, "count-activities")


def group_of(totals: ProgrammeTotals, at: Path, activities: Iterable[Activity]) -> Group:
    """Return some activities together."""
    keys = tuple(activity.id for activity in activities)
    return Group(at, keys, totals.of_keys(keys))


def costed(totals: ProgrammeTotals, group: Group) -> Figured:
    """Return the number of activities of a group that are costed."""
    known = [key for key in group.keys if totals.by_activity[key].cost is not None]
    return counted((*group.at, "costed"), known, "count-costed")


def _sum(
    book: Explainer,
    path: Path,
    parts: Sequence[Figure],
    code: str,
    unit: str = AMOUNT,
    *,
    known: bool | None = None,
) -> Figure:
    """Explain a sum, which is the least that it will be where a part of it is."""
    least = any(PARTIAL in part.rules for part in parts)
    return book.figure(
        path,
        Operation.SUM,
        [code, *([PARTIAL] if least else [])],
        parts=[(1, part) for part in parts],
        unit=unit,
        known=known,
    )


def _entered(book: Explainer, entry: Entry) -> Line | None:
    line = book.line(entry.table, entry.row, entry.field, entry.because)
    if line is None or entry.factor is None:
        return line
    factor = book.places.cell(*entry.factor)
    return None if factor is None else Line(line.counted, line.because, factor)


_COST_CELLS = ("activity", "year", "scenario")
_FUNDING_CELLS = ("activity", "year", "source", "stage", "in_kind", "scenario")


def _row_sum(source: OfActivity, declared: RowSum, book: Explainer) -> Figure:
    """Explain a sum of rows: those that count, and those that one might look for."""
    name, key, scenario = declared.name, source.key, source.scenario
    lines = list(_rows(source, declared, book))
    known = any(_counting(book, book.costs, (key,), scenario))
    if not known:
        amount = sum((line.amount for line in lines if isinstance(line, Line)), ZERO)
        funding = _counting(book, book.funding, _found_by(key, source.span), scenario)
        funded = any(counts_for(row, book.kinds) in KINDS for row in funding)
        known = declared.known(amount, costed=False, funded=funded)
    rules = [rule(declared.rule, *([("kind", name)] if name in KINDS else []))]
    rules += _qualified(source, book)
    rules += _partial(source, book) if known else []
    rules += [] if known else [rule("not-costed")]
    return book.figure(source.path, Operation.SUM, rules, lines=lines, known=known)


def _rows(
    source: OfActivity, declared: RowSum, book: Explainer
) -> Iterator[Line | LeftOut | None]:
    """Return the rows of an activity for a figure; those that do not count come last."""
    others: list[LeftOut] = []
    rows: Sequence[tuple[int, CostLine | Contribution]] = (
        book.costs if declared.table == "costs" else book.funding
    ).get(_found_by(source.key, source.span), ())
    for index, row in rows:
        why = _why_not(row, declared.name, book, source.scenario)
        if not why:
            yield _row_line(book, index, row, declared)
        elif why != "another":
            cell = book.places.cell(declared.table, index, "amount")
            others += [] if cell is None else [LeftOut(cell, why)]
    yield from others


def _why_not(row: CostLine | Contribution, name: str, book: Explainer, scenario: str) -> str:
    """Return why a row does not count for a figure; `another` where nobody would look for it."""
    here = _counts_in(book, row, scenario)
    if isinstance(row, CostLine):
        if here:
            return "" if name in counts_for_cost(row) else "another"
        return "other-scenario"
    counts = counts_for(row, book.kinds)
    if here and counts == name:
        return ""
    pledged = row.stage not in AVAILABLE_STAGES
    looked_for = pledged if name == "pledged" else book.kinds[row.source] == name
    if not looked_for:
        return "another"
    return counts.replace("_", "-") if here else "other-scenario"


def _row_line(
    book: Explainer, index: int, row: CostLine | Contribution, declared: RowSum
) -> Line | None:
    """Return a row with the cells for which it counts."""
    if isinstance(row, CostLine):
        more = ("support_cost",) if declared.name == "excluded" else ()
        return book.line("costs", index, "amount", (*_COST_CELLS, *more))
    kind: tuple[tuple[str, int, str], ...] = ()
    if declared.name in KINDS:
        kind = (("sources", book.sources[row.source], "kind"),)
    return book.line("funding", index, "amount", _FUNDING_CELLS, kind)


def _combination(source: OfActivity, declared: Combination, book: Explainer) -> Figure:
    found = {name: book.explain(source.beside(name)) for _, name in declared.parts}
    parts = [(sign, found[name]) for sign, name in declared.parts]
    rules = [rule(declared.rule)]
    if declared.name == "uncosted":
        is_costed = book.explain(source.beside("cost")).exact is not None
        return book.figure(
            source.path, declared.operation, rules, parts=[] if is_costed else parts, known=True
        )
    blank = any(found[need].exact is None for need in declared.needs)
    known = False if blank else None
    rules += [] if blank else _partial(source, book)
    rules += [rule("not-costed")] if blank and "cost" in declared.needs else []
    return book.figure(source.path, declared.operation, rules, parts=parts, known=known)


def _reported(source: OfActivity, declared: Reported, book: Explainer) -> Figure:
    row = book.reports.get(source.key)
    line = None
    if row is not None:
        line = book.line("progress", row, declared.field, ("activity", "as_at"))
    rules = [declared.rule, *([] if line else [declared.blank])]
    return book.figure(source.path, Operation.SUM, rules, lines=[line])


def _partial(source: OfActivity, book: Explainer) -> list[Rule]:
    """Return the rule for an activity of which only part of the cost is known."""
    least = source.name in AT_LEAST and book.totals.by_activity[source.key].partial
    return [PARTIAL] if least else []


def _counts_in(book: Explainer, row: CostLine | Contribution, scenario: str) -> bool:
    """Return whether a row counts in a scenario."""
    return row.scenario in (None, scenario or book.totals.scenario)


def _counting(
    book: Explainer, rows: Mapping[Any, Sequence[tuple[int, Any]]], key: Any, scenario: str = ""
) -> Iterator[Any]:
    """Yield the rows found by a key that count in a scenario."""
    return (row for _, row in rows.get(key, ()) if _counts_in(book, row, scenario))


def _found_by(key: str, span: str | None) -> tuple[str] | tuple[str, int | None]:
    """Return by what the rows of an activity are found, those of one year if one is given."""
    if span is None:
        return (key,)
    return key, None if span == WHOLE_PERIOD else int(span)


def _qualified(source: OfActivity, book: Explainer) -> Iterator[Rule]:
    """Return the rules that narrow the rows: the year, and the scenario where there are any."""
    if source.span is not None:
        if source.span.isdecimal():
            yield rule("of-year", ("year", source.span))
        else:
            yield rule("of-whole-period")
    scenario = source.scenario or book.totals.scenario
    if scenario is not None:
        yield rule("scenario", ("scenario", scenario))
    elif book.totals.programme.scenarios:
        yield rule("no-scenario")
