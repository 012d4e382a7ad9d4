"""Where the values of the programme stand: from a row and a field to the cell of the workbook."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from cmswp_xl.figures.declarations import AVAILABLE_STAGES, KINDS
from cmswp_xl.figures.explanation import PARTIAL
from cmswp_xl.money import ZERO
from cmswp_xl.trace.figure import (
    AMOUNT,
    WHOLE_PERIOD,
    Cell,
    Figure,
    LeftOut,
    Line,
    Operation,
    Part,
    Printed,
    Rule,
    Trace,
    reckoned,
)

__all__ = ["PARTIAL", "Ledger", "Places", "open_ledger", "places_of"]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.figures.totals import Reckoning
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Contribution, CostLine
    from cmswp_xl.trace.figure import Path, Rounding
    from cmswp_xl.validate import Checked, TypedTable


@dataclass(frozen=True, slots=True)
class Places:
    """
    The cells behind a programme.

    Rows are counted as the programme has them, from 0; `kept` has the row of the table for each.
    """

    typed: Mapping[str, TypedTable]
    kept: Mapping[str, Sequence[int]]

    def cell(self, table: str, index: int, name: str) -> Cell | None:
        """Return the cell of a field; None where the workbook has no such column."""
        typed = self.typed[table]
        row = self.kept[table][index]
        place = typed.table.place(name, row)
        if place is None:
            return None
        value, heading = typed.column(name)[row], typed.table.headings[name]
        return Cell(typed.table.sheet, *place, table, name, value, heading)

    def cells(self, table: str, index: int, names: Sequence[str]) -> tuple[Cell, ...]:
        """Return the cells of some fields of a row, without those that the workbook lacks."""
        found = (self.cell(table, index, name) for name in names)
        return tuple(cell for cell in found if cell is not None)


def places_of(checked: Checked) -> Places:
    """Return the places of a programme without errors; ValueError where there is none."""
    if checked.draft is None or checked.programme is None:
        raise ValueError
    return Places(checked.typed, checked.draft.kept)


@dataclass(slots=True)
class Ledger:
    """
    The figures of a document, as they are entered, and the places where they are printed.

    `root` begins the paths of activities: blank, or a scenario beside the document's own. `lines`
    keeps the rows that were found, since most stand behind several figures.
    """

    document: str
    reckoning: Reckoning
    places: Places
    language: Language
    figures: dict[Path, Figure] = field(default_factory=dict)
    printed: dict[Path, list[Printed]] = field(default_factory=dict)
    costs: dict[str, list[tuple[int, CostLine]]] = field(default_factory=dict)
    funding: dict[str, list[tuple[int, Contribution]]] = field(default_factory=dict)
    root: Path = ()
    lines: dict[tuple[str, int, bool], Line] = field(default_factory=dict)

    def beside(self, root: Path, reckoning: Reckoning) -> Ledger:
        """Give the same book for figures of another scenario, whose paths begin with the root."""
        return replace(self, root=root, reckoning=reckoning)

    def enter(
        self,
        path: Path,
        operation: Operation,
        rules: Sequence[Rule],
        *,
        lines: Sequence[Line | LeftOut] = (),
        parts: Sequence[Part] = (),
        unit: str = AMOUNT,
        known: bool | None = None,
    ) -> Path:
        """
        Enter a figure unless it is there, and give its path.

        `known` False makes it blank whatever is behind it; True means that nothing behind it is
        nil, which otherwise is blank too.
        """
        if path not in self.figures:
            counted = tuple(line for line in lines if isinstance(line, Line))
            left_out = tuple(line for line in lines if isinstance(line, LeftOut))
            amounts = [(part.sign, self.figures[part.path].exact) for part in parts]
            exact = None if known is False else reckoned(operation, counted, amounts)
            exact = ZERO if exact is None and known else exact
            self.figures[path] = Figure(
                path, exact, unit, operation, tuple(rules), counted, tuple(parts), left_out
            )
        return path

    def sum(
        self,
        path: Path,
        parts: Iterable[Path],
        *rules: str,
        unit: str = AMOUNT,
        known: bool | None = None,
    ) -> Path:
        """Enter the sum of figures."""
        listed = [Part(part) for part in parts]
        least = any(PARTIAL in self.figures[part.path].rules for part in listed)
        named = [*(Rule(rule) for rule in rules), *([PARTIAL] if least else [])]
        return self.enter(path, Operation.SUM, named, parts=listed, unit=unit, known=known)

    def exact(self, path: Path) -> Decimal | None:
        """Give the amount of a figure."""
        return self.figures[path].exact

    def note(
        self,
        path: Path,
        text: str,
        shown: Decimal | None = None,
        rounding: Rounding | None = None,
        *,
        table: bool = True,
    ) -> None:
        """Note a place where a figure is printed; `shown` where it was rounded for it."""
        exact = self.exact(path)
        how = None if exact is None else rounding
        seen = exact if how is None else shown
        self.printed.setdefault(path, []).append(Printed(text, seen, how, table))

    def trace(self) -> Trace:
        """Close the book: figures in the order of print, then those behind them."""
        order = [*self.printed, *(path for path in self.figures if path not in self.printed)]
        trace = Trace(self.document, self.figures, cast("Any", self.printed))
        reached: dict[Path, None] = {}
        for path in self.printed:
            for found in trace.below(path) if path not in reached else ():
                reached.setdefault(found)
        kept = {path: self.figures[path] for path in order if path in reached}
        return Trace(self.document, kept, cast("Any", self.printed))


def open_ledger(document: str, reckoning: Reckoning, places: Places, language: Language) -> Ledger:
    """Open the book of a document, with the rows of every activity at hand."""
    costs: dict[str, list[tuple[int, CostLine]]] = defaultdict(list)
    for index, line in enumerate(reckoning.programme.costs):
        costs[line.activity].append((index, line))
    funding: dict[str, list[tuple[int, Contribution]]] = defaultdict(list)
    for index, row in enumerate(reckoning.programme.funding):
        funding[row.activity].append((index, row))
    return Ledger(document, reckoning, places, language, costs=costs, funding=funding)


def span_of(year: int | None) -> str:
    """Give what stands for a year in a path."""
    return WHOLE_PERIOD if year is None else str(year)


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
