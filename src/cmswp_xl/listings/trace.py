"""Where the figures of a document come from, as JSON for a program or an auditor."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from cmswp_xl.documents.cover import annexes_of
from cmswp_xl.figures.declarations import AMOUNT, PERCENT
from cmswp_xl.figures.explanation import Explainer
from cmswp_xl.languages import Words
from cmswp_xl.listings.listing import (
    Column,
    Encoded,
    amount_text,
    drawn,
    dumped,
    grid,
    indented,
    line,
    members,
)
from cmswp_xl.messages.amounts import amounts_in
from cmswp_xl.messages.labels import left_out_text, rounding_text, rule_text
from cmswp_xl.messages.shown import shown
from cmswp_xl.trace import trace
from cmswp_xl.trace.seek import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import RenderableType

    from cmswp_xl.figures.explanation import Cell, Figure, Line, Places, Rule, Trace
    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.languages import Language
    from cmswp_xl.printed import Path, Printed, Rounding


SET = "set"
"""The document that holds others; its trace has the figures of each."""

_SIGNS = {1: "+", -1: "-"}


@dataclass(frozen=True, slots=True)
class Traced:
    """A trace with what it was made from: the workbook by name and hash, and its figures."""

    trace: Trace
    workbook: str
    sha256: str | None
    totals: ProgrammeTotals
    areas: tuple[str, ...] = ()


@dataclass(slots=True)
class Tracer:
    """
    Writes where the figures of a workbook's documents come from.

    What does not depend on the language is explained and written once for all of them.
    """

    places: Places
    workbook: str
    sha256: str | None
    totals: ProgrammeTotals
    explainers: dict[tuple[str, ...], Explainer] = field(default_factory=dict)
    texts: dict[tuple[str, ...], _Texts] = field(default_factory=dict)
    lines: dict[object, Line | None] = field(default_factory=dict)

    def json(
        self, document: str, language: Language, areas: Sequence[str] = (), content: Any = None
    ) -> str:
        """Return the trace of a document, of some areas or all; `content` is what it prints."""
        say = Words(language)
        members, programme = [(document, content)], self.totals.programme
        if document == SET:
            first = ["cover"] if programme.paragraphs_of("cover") else []
            annexes = [line.document for line in annexes_of(programme, say)]
            members = [(name, None) for name in (*first, *annexes)]
        parts = [self._traced(name, language, tuple(areas), found) for name, found in members]
        return _json(document, parts, say)

    def _traced(
        self, document: str, language: Language, areas: tuple[str, ...], content: Any
    ) -> tuple[Traced, _Texts]:
        key = (document, *areas)
        if key not in self.explainers:
            self.explainers[key] = Explainer(self.totals, self.places, lines=self.lines)
            self.texts[key] = _Texts()
        explainer = self.explainers[key]
        found = trace(explainer, document, language, areas, content)
        return Traced(found, self.workbook, self.sha256, self.totals, areas), self.texts[key]


def trace_json(traced: Traced, say: Words, paths: Sequence[Path] | None = None) -> str:
    """
    Return the figures of a document and the cells behind them, or some of these figures only.

    Amounts are text, exact; `shown` is the amount after rounding, blanks are null. The cells stand
    once each, by reference.
    """
    whole = traced.trace
    if paths is not None:
        found = dict.fromkeys(path for start in paths for path in whole.below(start))
        figures = {path: whole.figures[path] for path in found}
        traced = replace(traced, trace=replace(whole, figures=figures))
    return _json(whole.document, [(traced, _Texts())], say)


@dataclass(slots=True)
class _Texts:
    """What was written of the figures of a document, which is the same in every language."""

    figures: dict[Path, tuple[str, str]] = field(default_factory=dict)
    cells: dict[tuple[Path, ...], dict[str, Encoded]] = field(default_factory=dict)


_FIGURES = "\n      "
"""How a line within a figure begins."""
_CELLS = "\n    "
_PLACES = {
    table: indented({"text": Encoded("%s"), "in": place}, f"{_FIGURES}  ")
    for table, place in ((True, "table"), (False, "sentence"))
}
"""A place where a figure is printed, in a table or not, without its text."""


def _json(document: str, parts: Sequence[tuple[Traced, _Texts]], say: Words) -> str:
    first = parts[0][0]
    settings = first.totals.programme.settings
    rules: dict[str, str] = {}
    cells: dict[str, Encoded] = {}
    entries = []
    for traced, texts in parts:
        entries += [_entry(traced.trace, path, texts) for path in traced.trace.figures]
        _explain(rules, traced.trace, say)
        order = tuple(traced.trace.figures)
        if order not in texts.cells:
            texts.cells[order] = _cells(traced.trace.figures.values())
        cells = texts.cells[order] if not cells else _merged(parts)
    return dumped(
        {
            "workbook": first.workbook,
            "sha256": first.sha256,
            "document": document,
            "areas": list(first.areas),
            "language": say.language.value,
            "scenario": first.totals.scenario,
            "currency": settings.currency,
            "rounding": settings.rounding,
            "figures": entries,
            "rules": rules,
            "cells": cells,
        }
    )


def _merged(parts: Sequence[tuple[Traced, _Texts]]) -> dict[str, Encoded]:
    """Return the cells behind the figures of several documents, each once."""
    return _cells([figure for traced, _ in parts for figure in traced.trace.figures.values()])


def _entry(trace: Trace, path: Path, texts: _Texts) -> Encoded:
    """Write a figure: the places where it is printed, and what does not depend on the language."""
    printed = trace.printed.get(path, ())
    if path not in texts.figures:
        behind = members(_behind_figure(trace, path, printed), _FIGURES)
        texts.figures[path] = encode_basestring(written(trace.document, path)), behind
    name, behind = texts.figures[path]
    places = [Encoded(_PLACES[item.table] % encode_basestring(item)) for item in printed]
    first = f'"path": {name},{_FIGURES}"printed": {indented(places, _FIGURES)}'
    return Encoded(f"{{{_FIGURES}{first},{_FIGURES}{behind}\n    }}")


def _behind_figure(trace: Trace, path: Path, printed: Sequence[Printed]) -> dict[str, Any]:
    """Return what is behind a figure; what it is not made of is left out."""
    figure = trace.figures[path]
    rounding = next((item.rounding for item in printed if item.rounding is not None), None)
    made_of: dict[str, list[Any]] = {
        "cells": [item.counted.reference for item in figure.lines],
        "factors": [item.factor.reference for item in figure.lines if item.factor is not None],
        "figures": [
            {"sign": _SIGNS[part.sign], "path": written(trace.document, part.path)}
            for part in figure.parts
        ],
        "left_out": [
            {"cell": item.counted.reference, "why": item.why} for item in figure.left_out
        ],
    }
    return {
        "exact": _number(figure.exact, figure.unit),
        "shown": _number(printed[0].shown, figure.unit) if printed else None,
        "unit": figure.unit,
        "operation": figure.operation.value,
        "rules": [_name(rule) for rule in figure.rules],
        "rounding": None if rounding is None else _rounding_name(rounding),
        **{name: found for name, found in made_of.items() if found},
    }


def _number(value: Decimal | None, unit: str) -> str | None:
    """Return an amount with two decimals, and another number as it is."""
    return amount_text(value) if unit == AMOUNT else plain(value)


def _name(rule: Rule) -> str:
    """Name a rule with its values, as in of-year:2024."""
    return ":".join((rule.code, *(str(value) for _, value in rule.values)))


def _rounding_name(rounding: Rounding) -> str:
    return f"{rounding.code}:{rounding.step:f}"


def _explain(rules: dict[str, str], trace: Trace, say: Words) -> None:
    """Add the rules of figures by name, in words; roundings too."""
    for path, figure in trace.figures.items():
        for rule in figure.rules:
            name = _name(rule)
            if name not in rules:
                rules[name] = rule_text(rule.code, dict(rule.values), say)
        for item in trace.printed.get(path, ()):
            rounding = item.rounding
            if rounding is not None and (name := _rounding_name(rounding)) not in rules:
                rules[name] = rounding_text(rounding.code, f"{rounding.step:f}", say)


def _cells(figures: Iterable[Figure]) -> dict[str, Encoded]:
    """Write every cell once: its place, its value, and the cells for which its row counts."""
    found: dict[str, Cell] = {}
    because: dict[str, dict[str, None]] = defaultdict(dict)
    for figure in figures:
        for item in figure.lines:
            found.setdefault(item.counted.reference, item.counted)
            because[item.counted.reference].update(
                dict.fromkeys([cell.reference for cell in item.because])
            )
            for cell in filter(None, (*item.because, item.factor)):
                found.setdefault(cell.reference, cell)
        for left in figure.left_out:
            found.setdefault(left.counted.reference, left.counted)
    return {
        reference: Encoded(indented(_cell(cell, because.get(reference)), _CELLS))
        for reference, cell in found.items()
    }


def _cell(cell: Cell, because: Iterable[str] | None) -> dict[str, Any]:
    entry = {
        "sheet": cell.sheet,
        "cell": cell.address,
        "table": cell.table,
        "column": cell.field,
        "value": plain(cell.value),
    }
    return entry | ({"because": list(because)} if because else {})


def plain(value: object) -> str | None:
    """Give a value as JSON holds it."""
    if value is None:
        return None
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def worded_rules(figure: Figure, say: Words) -> Iterator[str]:
    """Say the rules of a figure in words."""
    for rule in figure.rules:
        yield rule_text(rule.code, dict(rule.values), say)


def worded_roundings(printed: Sequence[Printed], say: Words) -> Iterator[str]:
    """Say in words how a figure was rounded where it is printed, each way once."""
    found = {
        (item.rounding.code, f"{item.rounding.step:f}")
        for item in printed
        if item.rounding is not None
    }
    for code, step in sorted(found):
        yield rounding_text(code, step, say)


_TRACETEXT_SIGNS = {1: "+", -1: "−"}
_VALUE = 40
"""How much of a cell's text is shown, in characters."""


def figure_text(traced: Traced, path: Path, say: Words, *, colour: bool, width: int) -> str:
    """Write one figure: its amount, its rule, the cells by row, the figures that it is made of."""
    trace = traced.trace
    figure = trace.figures[path]
    parts: list[RenderableType] = [line(written(trace.document, path), "bold")]
    parts += [line(text) for text in _amount(traced, figure, say)]
    parts += [line(""), *(line(text) for text in worded_rules(figure, say))]
    parts += [line(text) for text in worded_roundings(trace.printed.get(path, ()), say)]
    for heading, table in _tables(trace, figure, say, width):
        parts += [line(""), line(heading, "bold"), table]
    if figure.parts:
        parts += [line(""), *(line(text) for text in _behind(trace, path, say))]
    return drawn(parts, colour=colour, width=width)


def listing_text(
    traced: Traced, paths: Sequence[Path], say: Words, *, colour: bool, width: int
) -> str:
    """List figures: what each is called, exact and as printed; those behind them are counted."""
    trace = traced.trace
    seen = [path for path in paths if path in trace.printed] or paths
    behind, paths = len(paths) - len(seen), seen
    table = grid(
        [
            Column(say("Figure"), [written(trace.document, path) for path in paths], name=True),
            Column(say("Exact"), [_exact(trace.figures[p], say) for p in paths], amount=True),
            Column(say("Printed"), [_texts(trace.printed.get(p, ())) for p in paths], amount=True),
        ],
        width,
        total=False,
    )
    more = say.many(
        "{count} more that is not printed stands behind these.",
        "{count} more that are not printed stand behind these.",
        behind,
    )
    parts: list[RenderableType] = [table, *([line(""), line(more)] if behind else [])]
    return drawn(parts, colour=colour, width=width)


def kinds_text(traced: Traced, say: Words, *, colour: bool, width: int) -> str:
    """List the kinds of figures of a document, how many there are, and one of each."""
    trace = traced.trace
    if not trace.figures:
        return drawn([line(say("This document prints no figures."))], colour=colour, width=width)
    kinds: dict[str, list[Path]] = defaultdict(list)
    for path in trace.figures:
        kinds[path[0]].append(path)
    examples = [
        next((path for path in paths if trace.figures[path].exact), paths[0])
        for paths in kinds.values()
    ]
    table = grid(
        [
            Column(say("Kind"), list(kinds)),
            Column(say("Figures"), [str(len(found)) for found in kinds.values()], amount=True),
            Column(say("Example"), [written(trace.document, path) for path in examples]),
        ],
        width,
        total=False,
    )
    return drawn([table], colour=colour, width=width)


def _amount(traced: Traced, figure: Figure, say: Words) -> Iterator[str]:
    exact = _exact(figure, say)
    if figure.unit == AMOUNT and figure.exact is not None:
        exact = f"{exact} {traced.totals.programme.settings.currency}"
    yield say("Exact: {amount}", amount=exact)
    printed = traced.trace.printed.get(figure.path, ())
    if printed:
        yield say("Printed: {texts}", texts=_texts(printed) or say("blank"))
    else:
        yield say("Not printed itself, but part of what is.")


def _exact(figure: Figure, say: Words) -> str:
    if figure.exact is None:
        return say("blank")
    amounts = amounts_in(say.language)
    text = amounts.money(figure.exact) if figure.unit == AMOUNT else amounts.number(figure.exact)
    return f"{text}%" if figure.unit == PERCENT else text


def _texts(printed: Sequence[Printed]) -> str:
    """Give the texts under which a figure is printed, each once."""
    return "; ".join(dict.fromkeys(item.text for item in printed if item.text))


def _tables(
    trace: Trace, figure: Figure, say: Words, width: int
) -> Iterator[tuple[str, RenderableType]]:
    if figure.lines:
        factors = any(item.factor is not None for item in figure.lines)
        columns = [
            Column(say("Cell"), [item.counted.reference for item in figure.lines]),
            Column(say("Value"), [_value(i.counted, say) for i in figure.lines], amount=True),
            Column(
                say("Why it counts"), [_because(item, say) for item in figure.lines], name=True
            ),
        ]
        if factors:
            weights = [_factor(item, say) for item in figure.lines]
            columns.insert(2, Column(say("Weight"), weights, amount=True))
        yield say("Cells, row by row:"), grid(columns, width, total=False)
    if figure.parts:
        paths = [part.path for part in figure.parts]
        found = [trace.figures[path] for path in paths]
        names = [written(trace.document, path) for path in paths]
        signs = [_TRACETEXT_SIGNS[part.sign] for part in figure.parts]
        columns = [
            Column("", signs),
            Column(say("Figure"), names, name=True),
            Column(say("Exact"), [_exact(one, say) for one in found], amount=True),
        ]
        yield say("Figures that it is made of:"), grid(columns, width, total=False)
    if figure.left_out:
        cells = [item.counted for item in figure.left_out]
        columns = [
            Column(say("Cell"), [cell.reference for cell in cells]),
            Column(say("Value"), [_value(cell, say) for cell in cells], amount=True),
            Column(
                say("Why not"), [left_out_text(item.why, say) for item in figure.left_out],
                name=True,
            ),
        ]  # fmt: skip
        yield say("Rows that do not count:"), grid(columns, width, total=False)


def _because(item: Line, say: Words) -> str:
    return "; ".join(
        say(
            "{title} ({cell}) {value}",
            title=shown(cell.heading),
            cell=cell.address if cell.sheet == item.counted.sheet else cell.reference,
            value=_value(cell, say),
        )
        for cell in item.because
    )


def _factor(item: Line, say: Words) -> str:
    return "" if item.factor is None else _value(item.factor, say)


def _value(cell: Cell, say: Words) -> str:
    if cell.value is None:
        return say("blank")
    if isinstance(cell.value, Decimal):
        return amounts_in(say.language).number(cell.value)
    return shown(plain(cell.value) or "", _VALUE)


def _behind(trace: Trace, path: Path, say: Words) -> Iterator[str]:
    """Say which cells are behind a figure made of others, whole runs of rows as ranges."""
    lines = (item for found in trace.below(path) for item in trace.figures[found].lines)
    cells = sorted({item.counted for item in lines}, key=lambda cell: (cell.table, cell.row))
    if cells:
        yield say.many(
            "{count} cell behind it: {cells}",
            "{count} cells behind it: {cells}",
            len(cells),
            cells=", ".join(_ranges(cells)),
        )


def _ranges(cells: Iterable[Cell]) -> Iterator[str]:
    columns: dict[tuple[str, int], list[Cell]] = defaultdict(list)
    for cell in cells:
        columns[cell.sheet, cell.column].append(cell)
    for found in columns.values():
        found.sort(key=lambda cell: cell.row)
        first = last = found[0]
        for cell in found[1:]:
            if cell.row == last.row + 1:
                last = cell
                continue
            yield _range(first, last)
            first = last = cell
        yield _range(first, last)


def _range(first: Cell, last: Cell) -> str:
    return first.reference if first is last else f"{first.reference}:{last.address}"
