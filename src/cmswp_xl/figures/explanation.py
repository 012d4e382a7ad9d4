"""What is behind a figure: cells of the workbook, other figures, the rule, what is left out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache, cached_property
from typing import Protocol, TypeVar

from cmswp_xl.cells import address, quoted
from cmswp_xl.figures.computed import points
from cmswp_xl.figures.declarations import AMOUNT, Amount, Operation, combined
from cmswp_xl.figures.totals import ProgrammeTotals, newest_reports
from cmswp_xl.model import Contribution, CostLine
from cmswp_xl.money import EXACT, ZERO
from cmswp_xl.printed import Path, Printed, Source
from cmswp_xl.tables import gathered

WHOLE_PERIOD = "whole-period"
"""What stands for the year of the rows without one."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a figure's rule is, by a word of the catalogue and what fills its sentence."""

    code: str
    values: tuple[tuple[str, object], ...] = ()


@cache
def rule(code: str, *values: tuple[str, object]) -> Rule:
    """Return the same rule each time, since most figures have one of a few."""
    return Rule(code, values)


EARLIER = "earlier"
"""What begins the path of a figure of the earlier of two versions."""

PARTIAL = rule("partial")
"""The rule of an amount that is the least that it will be; it goes over to sums."""


@dataclass(frozen=True)
class Cell:
    """A cell of the workbook with the value read from it."""

    sheet: str
    row: int
    column: int
    table: str
    field: str
    value: object
    heading: str = ""
    workbook: str = ""

    @cached_property
    def address(self) -> str:
        """The address on its sheet, such as G12."""
        return address(self.row, self.column)

    @cached_property
    def reference(self) -> str:
        """The address as a formula writes it: Costs!G12, or '[old.xlsx]Costs'!G12."""
        plain = self.sheet.isidentifier() and self.sheet.isascii()
        if self.workbook:
            return f"{quoted(f'[{self.workbook}]{self.sheet}')}!{self.address}"
        sheet = self.sheet if plain else quoted(self.sheet)
        return f"{sheet}!{self.address}"

    @property
    def number(self) -> Decimal:
        """The number in the cell; one that counts without a number counts as nil."""
        return ZERO + self.value if isinstance(self.value, (int, Decimal)) else ZERO


@dataclass(frozen=True, slots=True)
class Line:
    """A row behind a figure: the cell that counts, and those for which the row counts."""

    counted: Cell
    because: tuple[Cell, ...] = ()
    factor: Cell | None = None

    @property
    def amount(self) -> Decimal:
        """What the row adds: its number, or its points by their weight."""
        if self.factor is None:
            return self.counted.number
        score = points(self.counted.field, int(self.counted.number))
        return EXACT.multiply(ZERO + score, self.factor.number)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that one might look for in a figure, and why it does not count."""

    counted: Cell
    why: str


@dataclass(frozen=True, slots=True)
class Part:
    """A figure within another; `sign` is 1 or -1."""

    path: Path
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure before any rounding; None is blank, which is not nil."""

    path: Path
    exact: Decimal | None
    unit: str
    operation: Operation
    rules: tuple[Rule, ...]
    lines: tuple[Line, ...] = ()
    parts: tuple[Part, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """
    Every figure that a document prints, and those behind them.

    `printed` has the places where a figure is printed, in order; those behind are not in it.
    """

    document: str
    figures: Mapping[Path, Figure]
    printed: Mapping[Path, Sequence[Printed]]

    def below(self, path: Path) -> Iterator[Path]:
        """Yield a figure and all figures that it is made of, each once, itself first."""
        return _with_parts([path], self.figures)


def _with_parts(paths: Iterable[Path], figures: Mapping[Path, Figure]) -> Iterator[Path]:
    """Yield figures and all those that they are made of, each once, the given ones first."""
    waiting = deque(paths)
    seen = set(waiting)
    while waiting:
        yield (path := waiting.popleft())
        for part in figures[path].parts:
            if part.path not in seen:
                seen.add(part.path)
                waiting.append(part.path)


class Places(Protocol):
    """The cells behind a programme; rows are counted as the programme has them, from 0."""

    def cell(self, table: str, index: int, name: str, /) -> Cell | None:
        """Return the cell of a field; None where the workbook has no such column."""


_Row = TypeVar("_Row", "CostLine", "Contribution")
_Rows = dict[tuple[str] | tuple[str, int | None], list[tuple[int, _Row]]]
"""Rows with their places by activity, and by activity and year."""


def _by_activity(rows: Iterable[_Row]) -> _Rows[_Row]:
    return gathered(
        (key, (index, row))
        for index, row in enumerate(rows)
        for key in ((row.activity,), (row.activity, row.year))
    )


@dataclass(slots=True)
class Explainer:
    """
    Explains figures of a programme, each once, with all that they are made of.

    `costs` and `funding` have the rows of each activity, and of each of its years, `rows` its own,
    `reports` that of the report that holds, `sources` those of the sources; `lines` keeps what was
    found, for copies too, since most rows stand behind several figures. `behind` has all figures
    of a trace, by those that are printed, which are the same in most languages. `earlier` explains
    the figures of an earlier version.
    """

    totals: ProgrammeTotals
    places: Places
    figures: dict[Path, Figure] = field(default_factory=dict)
    costs: _Rows[CostLine] = field(init=False)
    funding: _Rows[Contribution] = field(init=False)
    reports: dict[str, int] = field(init=False)
    rows: dict[str, int] = field(init=False)
    sources: dict[str, int] = field(init=False)
    kinds: Mapping[str, str] = field(init=False)
    lines: dict[object, Line | None] = field(default_factory=dict)
    earlier: Explainer | None = None
    behind: dict[tuple[Path, ...], Mapping[Path, Figure]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Set the rows of every activity at hand."""
        programme = self.totals.programme
        self.costs = _by_activity(programme.costs)
        self.funding = _by_activity(programme.funding)
        newest = newest_reports(programme)
        reports = enumerate(programme.progress)
        self.reports = {r.activity: i for i, r in reports if newest.get(r.activity) is r}
        self.rows = {activity.id: i for i, activity in enumerate(programme.activities)}
        self.sources = {source.code: i for i, source in enumerate(programme.sources)}
        self.kinds = programme.source_kinds()

    def copied(self) -> Explainer:
        """Return an explainer that knows the same figures, and keeps its own beside them."""
        other = copy(self)
        other.figures, other.behind = dict(self.figures), {}
        other.earlier = None if self.earlier is None else self.earlier.copied()
        return other

    def explain(self, source: Source) -> Figure:
        """Explain a figure unless that was done before."""
        path = source.path
        if path not in self.figures:
            self.figures[path] = source.explained(self)
        return self.figures[path]

    def taken_over(self, found: Figure, before: Explainer) -> Figure:
        """Take over a figure of the earlier version, and those behind it, under their paths."""
        path = (EARLIER, *found.path)
        if path not in self.figures:
            parts = tuple(Part((EARLIER, *part.path), part.sign) for part in found.parts)
            self.figures[path] = replace(found, path=path, parts=parts)
            for part in found.parts:
                self.taken_over(before.figures[part.path], before)
        return self.figures[path]

    def figure(
        self,
        path: Path,
        operation: Operation,
        rules: Iterable[str | Rule],
        *,
        lines: Iterable[Line | LeftOut | None] = (),
        parts: Iterable[tuple[int, Source | Figure]] = (),
        unit: str = AMOUNT,
        known: bool | None = None,
    ) -> Figure:
        """
        Compute a figure from its lines and parts, of which some may have been explained.

        `known` False makes it blank whatever is behind it; True means that nothing behind it is
        nil, which otherwise is blank too.
        """
        lines = list(lines)
        counted = tuple([line for line in lines if isinstance(line, Line)])
        left_out = tuple([line for line in lines if isinstance(line, LeftOut)])
        behind = [
            (sign, part if isinstance(part, Figure) else self.explain(part))
            for sign, part in parts
        ]
        amounts: list[tuple[int, Amount]] = [(1, line.amount) for line in counted]
        amounts += [(sign, part.exact) for sign, part in behind]
        exact = None if known is False else combined(operation, amounts)
        exact = ZERO if exact is None and known else exact
        return Figure(
            path,
            exact,
            unit,
            operation,
            tuple([rule(item) if isinstance(item, str) else item for item in rules]),
            counted,
            tuple([Part(part.path, sign) for sign, part in behind]),
            left_out,
        )

    def line(
        self,
        table: str,
        index: int,
        name: str,
        because: tuple[str, ...] = (),
        more: tuple[tuple[str, int, str], ...] = (),
    ) -> Line | None:
        """Return the row behind a figure; None where its cell is blank or not there."""
        key = (table, index, name, because, more)
        if key not in self.lines:
            cell = self.places.cell(table, index, name)
            if cell is None or cell.value is None:
                self.lines[key] = None
            else:
                why = [*((table, index, field) for field in because), *more]
                cells = (self.places.cell(*place) for place in why)
                self.lines[key] = Line(cell, tuple(filter(None, cells)))
        return self.lines[key]


def traced(document: str, printed: Iterable[Printed], explainer: Explainer) -> Trace:
    """Explain what a document prints: figures in the order of print, then those behind them."""
    places: dict[Path, list[Printed]] = {}
    for one in printed:
        path = explainer.explain(one.value.source).path
        places.setdefault(path, []).append(one)
    order, known = tuple(places), explainer.figures
    if order not in explainer.behind:
        explainer.behind[order] = {path: known[path] for path in _with_parts(order, known)}
    return Trace(document, explainer.behind[order], places)
