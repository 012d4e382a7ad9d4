"""The figures of an activity, of all its rows or of one year: what sums are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.totals import AVAILABLE_STAGES, KINDS
from cmswp_xl.trace.figure import Operation, Part, Rule
from cmswp_xl.trace.ledger import span_of
from cmswp_xl.trace.rows import cost_line, funding_line, in_scenario, left_out, other_scenarios

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cmswp_xl.model import Contribution, CostLine
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
