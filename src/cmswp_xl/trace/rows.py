"""The rows of Costs and Funding behind a figure, and those that one might look for in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.totals import AVAILABLE_STAGES, KINDS
from cmswp_xl.trace.figure import LeftOut, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cmswp_xl.model import Contribution, CostLine
    from cmswp_xl.trace.figure import Cell
    from cmswp_xl.trace.ledger import Ledger

_COST_CELLS = ("activity", "year", "scenario")
_FUNDING_CELLS = ("activity", "year", "source", "stage", "in_kind", "scenario")


def in_scenario(ledger: Ledger, row: CostLine | Contribution) -> bool:
    """Tell whether a row counts in the scenario of the figures."""
    return row.scenario in (None, ledger.reckoning.scenario)


def cost_line(ledger: Ledger, index: int, name: str) -> Iterator[Line]:
    """Give the row of a cost: its amount, and the cells for which it counts."""
    excluded = name == "excluded"
    names = (*_COST_CELLS, "support_cost") if excluded else _COST_CELLS
    yield from _line(ledger, "costs", index, names, distinct=excluded)


def funding_line(ledger: Ledger, index: int, row: Contribution, name: str) -> Iterator[Line]:
    """Give the row of a contribution: its amount, and the cells for which it counts."""
    kind = _source_kind(ledger, row.source) if name in KINDS else ()
    yield from _line(ledger, "funding", index, _FUNDING_CELLS, kind, distinct=bool(kind))


def _line(
    ledger: Ledger,
    table: str,
    index: int,
    names: tuple[str, ...],
    more: tuple[Cell, ...] = (),
    *,
    distinct: bool,
) -> Iterator[Line]:
    """Give a row with its reasons, kept from the first time; `distinct` where they are more."""
    key = (table, index, distinct)
    if key not in ledger.lines:
        amount = ledger.places.cell(table, index, "amount")
        if amount is None:
            return
        ledger.lines[key] = Line(amount, (*ledger.places.cells(table, index, names), *more))
    yield ledger.lines[key]


def _source_kind(ledger: Ledger, code: str) -> tuple[Cell, ...]:
    sources = ledger.reckoning.programme.sources
    index = next(i for i, source in enumerate(sources) if source.code == code)
    return ledger.places.cells("sources", index, ("kind",))


def other_scenarios(ledger: Ledger, rows: Iterable[tuple[int, CostLine]]) -> Iterator[LeftOut]:
    """Give the costs that do not count because they are of another scenario."""
    for index, row in rows:
        cell = ledger.places.cell("costs", index, "amount")
        if cell is not None and not in_scenario(ledger, row):
            yield LeftOut(cell, "other-scenario")


def left_out(ledger: Ledger, rows: Iterable[tuple[int, Contribution]]) -> Iterator[LeftOut]:
    """Give contributions that do not count, each with the first reason that holds."""
    for index, row in rows:
        cell = ledger.places.cell("funding", index, "amount")
        if cell is None:
            continue
        if not in_scenario(ledger, row):
            yield LeftOut(cell, "other-scenario")
        elif row.in_kind:
            yield LeftOut(cell, "in-kind")
        elif row.stage not in AVAILABLE_STAGES:
            yield LeftOut(cell, "pledged")
