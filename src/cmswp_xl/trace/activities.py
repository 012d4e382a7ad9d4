"""The figures of an activity, of all its rows or of one year: what sums are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import year_name
from cmswp_xl.figures.declarations import AVAILABLE_STAGES, KINDS
from cmswp_xl.money import ZERO, fitted, rounded, total
from cmswp_xl.trace.figure import COUNT, Line, Operation, Part, Rounding, Rule
from cmswp_xl.trace.ledger import (
    cost_line,
    funding_line,
    in_scenario,
    left_out,
    other_scenarios,
    span_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.amounts import Amounts, AmountTree
    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.figures.totals import Figures
    from cmswp_xl.model import Activity, Contribution, CostLine
    from cmswp_xl.trace.figure import Path
    from cmswp_xl.trace.ledger import Ledger


_APART = {"pledged": "pledged", "in_kind": "in-kind"}
"""The rules of what is no part of the money available."""


def activity_figure(ledger: Ledger, key: str, name: str, span: str | None = None) -> Path:
    """
    Enter a figure of an activity with all that it is made of, and give its path.

    `name` is that of `totals.Figures`; `span` a year of the rows, or `whole-period` for those
    without one.
    """
    path = _path(ledger, key, name, span)
    if path not in ledger.figures:
        _ENTRIES[name](ledger, key, name, span)
    return path


def touched(ledger: Ledger, key: str, span: str) -> bool:
    """Tell whether an activity has any row that counts for a year."""
    costs = any(in_scenario(ledger, row) for _, row in _costs(ledger, key, span))
    return costs or any(in_scenario(ledger, row) for _, row in _funding(ledger, key, span))


def _path(ledger: Ledger, key: str, name: str, span: str | None) -> Path:
    at = (*ledger.root, "activity", key, name)
    return at if span is None else (*at, span)


def _cost(ledger: Ledger, key: str, name: str, span: str | None) -> None:
    def counts(row: CostLine) -> bool:
        return name == "cost" or row.support_cost == "excluded"

    rows = _costs(ledger, key, span)
    lines = [
        line
        for index, row in rows
        if in_scenario(ledger, row) and counts(row)
        for line in cost_line(ledger, index, name)
    ]
    blank = name == "cost" and not _costed(ledger, key)
    rules = ["costs" if name == "cost" else "excluded-costs", *_qualified(ledger, span)]
    rules += [] if blank else _partial(ledger, key)
    ledger.enter(
        _path(ledger, key, name, span),
        Operation.SUM,
        _rules(ledger, span, rules, blank="not-costed" if blank else ""),
        lines=[*lines, *other_scenarios(ledger, rows)],
        known=not blank,
    )


def _available(ledger: Ledger, key: str, name: str, span: str | None) -> None:
    kinds = ledger.reckoning.programme.source_kinds()
    rows = _funding(ledger, key, span)
    mine = [(index, row) for index, row in rows if kinds[row.source] == name]
    _contributions(ledger, key, name, span, mine, lambda row: row.stage in AVAILABLE_STAGES)


def _apart(ledger: Ledger, key: str, name: str, span: str | None) -> None:
    rows = _funding(ledger, key, span)
    if name == "in_kind":
        _contributions(ledger, key, name, span, rows, lambda row: row.in_kind)
    else:
        wanted = [(i, row) for i, row in rows if row.stage not in AVAILABLE_STAGES]
        _contributions(ledger, key, name, span, wanted, lambda _row: True)


def _contributions(
    ledger: Ledger,
    key: str,
    name: str,
    span: str | None,
    rows: list[tuple[int, Contribution]],
    counts: Callable[[Contribution], bool],
) -> None:
    """Enter a sum of contributions; pledged and in kind are left out of what is available."""
    in_kind = name == "in_kind"
    here = [(index, row) for index, row in rows if in_scenario(ledger, row)]
    counted = [(i, row) for i, row in here if row.in_kind == in_kind and counts(row)]
    lines = [line for index, row in counted for line in funding_line(ledger, index, row, name)]
    blank = not any(row.amount for _, row in counted) and _unknown(ledger, key, name, span)
    ids = {index for index, _ in counted}
    others = [(index, row) for index, row in rows if index not in ids and not in_kind]
    ledger.enter(
        _path(ledger, key, name, span),
        Operation.SUM,
        _rules(
            ledger,
            span,
            [_APART.get(name, "available-kind"), *_qualified(ledger, span)],
            blank="not-costed" if blank else "",
            kind=name,
        ),
        lines=[*lines, *left_out(ledger, others)],
        known=not blank,
    )


def _unknown(ledger: Ledger, key: str, name: str, span: str | None) -> bool:
    """Tell whether an amount without rows is blank, not nil: nobody costed the activity."""
    if _costed(ledger, key):
        return False
    if name in _APART:
        return True
    return not any(
        row.stage in AVAILABLE_STAGES and not row.in_kind and in_scenario(ledger, row)
        for _, row in _funding(ledger, key, span)
    )


def _all_kinds(ledger: Ledger, key: str, name: str, span: str | None) -> None:
    parts = [activity_figure(ledger, key, kind, span) for kind in KINDS]
    ledger.sum(_path(ledger, key, name, span), parts, "available")


def _difference(ledger: Ledger, key: str, name: str, span: str | None) -> None:
    cost = activity_figure(ledger, key, "cost", span)
    kinds = [activity_figure(ledger, key, kind, span) for kind in KINDS]
    sign = 1 if name == "to_be_sought" else -1
    blank = ledger.exact(cost) is None
    rules = ["shortfall" if name == "to_be_sought" else "surplus"]
    rules += [] if blank or name == "surplus" else _partial(ledger, key)
    ledger.enter(
        _path(ledger, key, name, span),
        Operation.EXCESS,
        _rules(ledger, span, rules, blank="not-costed" if blank else ""),
        parts=[Part(cost, sign), *(Part(kind, -sign) for kind in kinds)],
        known=False if blank else None,
    )


def _uncosted(ledger: Ledger, key: str, name: str, span: str | None) -> None:
    kinds = () if _costed(ledger, key) else KINDS
    parts = [activity_figure(ledger, key, kind, span) for kind in kinds]
    ledger.sum(_path(ledger, key, name, span), parts, "uncosted", known=True)


def _remaining(ledger: Ledger, key: str, name: str, span: str | None) -> None:
    """Enter what remains after the pledges, or by how much these are more than is needed."""
    sign = 1 if name == "remaining" else -1
    sought = activity_figure(ledger, key, "to_be_sought", span)
    pledged = activity_figure(ledger, key, "pledged", span)
    ledger.enter(
        _path(ledger, key, name, span),
        Operation.EXCESS,
        [Rule("remaining" if sign > 0 else "beyond")],
        parts=[Part(sought, sign), Part(pledged, -sign)],
    )


_ENTRIES: dict[str, Callable[[Ledger, str, str, str | None], None]] = {
    "cost": _cost,
    "excluded": _cost,
    "core": _available,
    "voluntary": _available,
    "other": _available,
    "available": _all_kinds,
    "pledged": _apart,
    "in_kind": _apart,
    "to_be_sought": _difference,
    "surplus": _difference,
    "uncosted": _uncosted,
    "remaining": _remaining,
    "beyond": _remaining,
}


def _costed(ledger: Ledger, key: str) -> bool:
    return any(in_scenario(ledger, row) for _, row in ledger.costs.get(key, ()))


def _partial(ledger: Ledger, key: str) -> list[str]:
    """Give the rule for an activity of which only part of the cost is known."""
    return ["partial"] if ledger.reckoning.by_activity[key].partial else []


def _costs(ledger: Ledger, key: str, span: str | None) -> list[tuple[int, CostLine]]:
    rows = ledger.costs.get(key, [])
    return [(i, row) for i, row in rows if span is None or span_of(row.year) == span]


def _funding(ledger: Ledger, key: str, span: str | None) -> list[tuple[int, Contribution]]:
    rows = ledger.funding.get(key, [])
    return [(i, row) for i, row in rows if span is None or span_of(row.year) == span]


def _qualified(ledger: Ledger, span: str | None) -> Iterator[str]:
    """Give the rules that narrow the rows: the year, and the scenario where there are any."""
    if span is not None:
        yield "of-whole-period" if not span.isdecimal() else "of-year"
    if ledger.reckoning.scenario is not None:
        yield "scenario"
    elif ledger.reckoning.programme.scenarios:
        yield "no-scenario"


def _rules(
    ledger: Ledger, span: str | None, codes: Iterable[str], *, blank: str = "", kind: str = ""
) -> list[Rule]:
    values = {
        "of-year": (("year", span),),
        "scenario": (("scenario", ledger.reckoning.scenario),),
        "available-kind": (("kind", kind),),
    }
    return [Rule(code, values.get(code, ())) for code in (*codes, blank) if code]


_NEVER_BLANK = frozenset({"uncosted", "excluded"})


def group_figure(
    ledger: Ledger, at: Path, keys: Sequence[str], name: str, span: str | None = None
) -> Path:
    """Enter the sum of a figure over activities, and give its path."""
    path = (*at, name) if span is None else (*at, name, span)
    if path in ledger.figures:
        return path
    parts = [activity_figure(ledger, key, name, span) for key in keys]
    if name in _NEVER_BLANK:
        parts = [part for part in parts if ledger.exact(part)]
    return ledger.sum(path, parts, "sum-activities", known=name in _NEVER_BLANK or None)


def year_figure(ledger: Ledger, span: str, keys: Sequence[str], name: str) -> Path:
    """Enter a figure of a year over the activities that have rows for it."""
    path = ("year", span, name)
    if path in ledger.figures:
        return path
    here = [key for key in keys if touched(ledger, key, span)]
    parts = [activity_figure(ledger, key, name, span) for key in here]
    return ledger.sum(path, parts, "sum-activities-of-year")


def count_figure(
    ledger: Ledger, path: Path, keys: Sequence[str], rule: str, because: Sequence[str] = ()
) -> Path:
    """Enter the number of some activities; each is counted by the cell of its id."""
    places = {activity.id: i for i, activity in enumerate(ledger.reckoning.programme.activities)}
    lines = []
    for key in keys:
        cell = ledger.places.cell("activities", places[key], "id")
        if cell is not None:
            names = ("area", *because)
            lines.append(Line(cell, ledger.places.cells("activities", places[key], names)))
    return ledger.enter(path, Operation.COUNT, [Rule(rule)], lines=lines, unit=COUNT)


def costed(ledger: Ledger, keys: Sequence[str]) -> list[str]:
    """Give the activities that are costed."""
    return [key for key in keys if ledger.reckoning.by_activity[key].cost is not None]


def setting_figure(ledger: Ledger, path: Path, name: str, unit: str) -> Path:
    """Enter a number that stands in the Programme form."""
    cell = ledger.places.cell("programme", 0, name)
    lines = [] if cell is None else [Line(cell)]
    return ledger.enter(path, Operation.SUM, [Rule("setting")], lines=lines, unit=unit)


@dataclass(frozen=True, slots=True)
class AmountNotes:
    """Notes what tables of one tree of amounts print; `areas` says where each group stands."""

    ledger: Ledger
    tree: AmountTree
    numbers: Numbers
    areas: str = "area"

    def activity(self, activity: Activity, amounts: Amounts, area: Path) -> None:
        """Note the row of an activity; its printed parts are fitted to those of its area."""
        self._row(
            "activities",
            activity.id,
            amounts,
            lambda name, span: activity_figure(self.ledger, activity.id, name, span),
            area,
        )

    def group(
        self, key: str, keys: Sequence[str], at: Path, amounts: Amounts, level: str = "areas"
    ) -> None:
        """Note the row of an area, with its sub-areas or not, or of another group."""
        self._row(
            level,
            key,
            amounts,
            lambda name, span: group_figure(self.ledger, at, keys, name, span),
            ("total",),
        )

    def total(self, groups: Sequence[Path], amounts: Amounts, rule: str = "sum-areas") -> None:
        """Note the row of the total, which is the sum of the groups."""

        def enter(name: str, span: str | None) -> Path:
            last = (name,) if span is None else (name, span)
            return self.ledger.sum(("total", *last), [(*at, *last) for at in groups], rule)

        self._row("total", "", amounts, enter, None)

    def costed(self, at: Path, keys: Sequence[str], remark: str) -> None:
        """Note how many activities of a group are costed, where the remark says so."""
        known = costed(self.ledger, keys)
        if remark and known and len(known) < len(keys):
            for name, found in (("costed", known), ("activities", list(keys))):
                rule = "count-costed" if name == "costed" else "count-activities"
                path = count_figure(self.ledger, (*at, name), found, rule)
                self.ledger.note(path, str(len(found)), table=False)

    def apart(self, keys: Sequence[str]) -> None:
        """Note what sentences say of some activities: surplus, pledges, contributions in kind."""
        for key in keys:
            for name in ("surplus", "pledged", "in_kind"):
                amount = getattr(self.ledger.reckoning.by_activity[key], name)
                if amount:
                    self.alone(activity_figure(self.ledger, key, name), table=False)

    def alone(self, path: Path, text: str | None = None, *, table: bool = True) -> None:
        """Note an amount that is rounded for itself."""
        exact = self.ledger.exact(path)
        printed = self.numbers.alone(exact) if text is None else text
        self.ledger.note(path, printed, *self.rounded(exact), table=table)

    def rounded(self, exact: Decimal | None) -> tuple[Decimal | None, Rounding | None]:
        """Give an amount rounded for itself, and how it was."""
        step = self.numbers.step
        if exact is None or step is None:
            return exact, None
        return rounded(exact, step), Rounding("rounded", step)

    def fits(
        self, paths: Sequence[Path], texts: Sequence[str], shown: Decimal | None, whole: Path
    ) -> None:
        """Note amounts of a table that are fitted to their total as it is shown."""
        step = self.numbers.step
        exact = [self.ledger.exact(path) for path in paths]
        seen = list(exact)
        if step is not None and shown is not None:
            known = iter(fitted([part for part in exact if part is not None], shown, step))
            seen = [None if part is None else next(known) for part in exact]
        rounding = None if step is None else Rounding("fitted", step, whole)
        for path, text, amount in zip(paths, texts, seen, strict=True):
            self.ledger.note(path, text, amount, rounding)

    def reconciliation(
        self, level: str, key: str, at: Path, keys: Sequence[str], figures: Figures
    ) -> None:
        """Note the amounts of the sentence that explains cost less available."""
        shown, columns = self.tree.shown[level][key], self.tree.columns
        if figures.reconciled or shown["cost"] is None:
            return
        available = total(shown[kind] or ZERO for kind in columns.kinds)
        surplus, uncosted = figures.surplus or ZERO, figures.uncosted
        step = self.numbers.step
        if step is not None:
            whole = available + (shown["to_be_sought"] or ZERO) - shown["cost"]
            surplus, uncosted = fitted([surplus, uncosted], whole, step)
        said = {"available": available, "surplus": surplus, "uncosted": uncosted}
        how = {"available": "added"}
        for name in ("cost", "available", "surplus", "uncosted", "to_be_sought"):
            path = group_figure(self.ledger, at, keys, name)
            exact = self.ledger.exact(path)
            if name in ("surplus", "uncosted") and not exact:
                continue
            seen = said.get(name, shown.get(name))
            code = how.get(name, "balanced" if name in said else "fitted")
            rounding = None if step is None else Rounding(code, step)
            text = self.numbers.amount(
                seen,
                ZERO + 1
                if name in said and name != "available"
                else None
                if name == "available"
                else exact,
            )
            self.ledger.note(path, text, seen, rounding, table=False)

    def _row(
        self,
        level: str,
        key: str,
        amounts: Amounts,
        enter: Callable[[str, str | None], Path],
        whole: Path | None,
    ) -> None:
        texts = (*amounts.cost, *amounts.kinds, amounts.sought)
        step = self.numbers.step
        for (column, name, span), text in zip(self._columns(), texts, strict=True):
            path = enter(name, span)
            shown = self.tree.shown[level][key][column]
            rounding = None
            if step is not None and shown is not None:
                last = (name,) if span is None else (name, span)
                code = "added" if level == "families" else "rounded" if whole is None else "fitted"
                rounding = Rounding(code, step, None if whole is None else (*whole, *last))
            self.ledger.note(path, text, shown, rounding)

    def _columns(self) -> Iterator[tuple[str, str, str | None]]:
        columns = self.tree.columns
        for year in columns.years:
            yield year_name(year), "cost", span_of(year)
        for name in ("cost", *columns.kinds, "to_be_sought"):
            yield name, name, None
