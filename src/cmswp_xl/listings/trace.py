"""Where the figures of a document come from, as JSON for a program or an auditor."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from cmswp_xl.compare.rows import plain
from cmswp_xl.documents.cover import members_of
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
from cmswp_xl.messages.labels import left_out_text, rounding_text, rule_text
from cmswp_xl.messages.values import amounts_in, display_text, joined
from cmswp_xl.registry import SET
from cmswp_xl.trace import trace, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import RenderableType

    from cmswp_xl.figures.explanation import Cell, Figure, Line, Places, Rule, Trace
    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.languages import Language
    from cmswp_xl.printed import Path, Printed, Rounding


_SIGNS = {1: "+", -1: "-"}
_FIGURES = "\n      "
"""How a line within a figure begins."""
_CELLS = "\n    "
_PLACES = {
    table: indented({"text": Encoded("%s"), "in": place}, f"{_FIGURES}  ")
    for table, place in ((True, "table"), (False, "sentence"))
}
"""A place where a figure is printed, in a table or not, without its text."""


@dataclass(slots=True)
class _Texts:
    """What was written of the figures of a document, which is the same in every language."""

    figures: dict[Path, tuple[str, str]] = field(default_factory=dict)
    cells: dict[tuple[Path, ...], dict[str, Encoded]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Traced:
    """A trace with what it was made from: the workbook by name and hash, and its figures."""

    trace: Trace
    workbook: str
    sha256: str | None
    totals: ProgrammeTotals
    areas: tuple[str, ...]
    texts: _Texts


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
    explained: dict[tuple[str, ...], tuple[Explainer, _Texts]] = field(default_factory=dict)
    lines: dict[object, Line | None] = field(default_factory=dict)

    def traced(
        self, document: str, language: Language, areas: Sequence[str] = (), content: Any = None
    ) -> Traced:
        """Return the trace of a document, of some areas or all; `content` is what it prints."""
        key = (document, *areas)
        if key not in self.explained:
            self.explained[key] = Explainer(self.totals, self.places, lines=self.lines), _Texts()
        explainer, texts = self.explained[key]
        found = trace(explainer, document, language, areas, content)
        return Traced(found, self.workbook, self.sha256, self.totals, tuple(areas), texts)

    def json(
        self, document: str, language: Language, areas: Sequence[str] = (), content: Any = None
    ) -> str:
        """Return the trace of a document as JSON; that of the set has those of its members."""
        say = Words(language)
        if document != SET:
            return _json(document, [self.traced(document, language, areas, content)], say)
        members = [name for name, _ in members_of(self.totals.programme, say)]
        return _json(document, [self.traced(name, language, areas) for name in members], say)


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
    return _json(whole.document, [traced], say)


def _json(document: str, parts: Sequence[Traced], say: Words) -> str:
    first = parts[0]
    settings = first.totals.programme.settings
    rules: dict[str, str] = {}
    for part in parts:
        _explain(rules, part.trace, say)
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
            "figures": [
                _entry(part.trace, path, part.texts)
                for part in parts
                for path in part.trace.figures
            ],
            "rules": rules,
            "cells": _cells_of(parts),
        }
    )


def _cells_of(parts: Sequence[Traced]) -> dict[str, Encoded]:
    """Return the cells behind the figures of documents, each once; those of one are retained."""
    if len(parts) > 1:
        return _cells(figure for part in parts for figure in part.trace.figures.values())
    figures, written_cells = parts[0].trace.figures, parts[0].texts.cells
    order = tuple(figures)
    if order not in written_cells:
        written_cells[order] = _cells(figures.values())
    return written_cells[order]


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
    return amount_text(value) if unit == AMOUNT else (None if value is None else plain(value))


def _name(rule: Rule) -> str:
    """Name a rule with its values, as in of-year:2024."""
    return ":".join((rule.code, *(str(value) for _, value in rule.values)))


def _rule_words(rule: Rule, say: Words) -> str:
    return rule_text(rule.code, dict(rule.values), say)


def _rounding_name(rounding: Rounding) -> str:
    return f"{rounding.code}:{rounding.step:f}"


def _explain(rules: dict[str, str], trace: Trace, say: Words) -> None:
    """Add the rules of figures by name, in words; roundings too."""
    for path, figure in trace.figures.items():
        for rule in figure.rules:
            name = _name(rule)
            if name not in rules:
                rules[name] = _rule_words(rule, say)
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
        "value": None if cell.value is None else plain(cell.value),
    }
    return entry | ({"because": list(because)} if because else {})


_SHOWN_SIGNS = {1: "+", -1: "−"}
_VALUE = 40
"""How much of a cell's text is shown, in characters."""


def figure_text(traced: Traced, path: Path, say: Words, *, colour: bool, width: int) -> str:
    """Write one figure: its amount, its rule, the cells by row, the figures that it is made of."""
    trace = traced.trace
    figure = trace.figures[path]
    parts: list[RenderableType] = [line(written(trace.document, path), "bold")]
    parts += [line(text) for text in _amount(traced, figure, say)]
    parts += [line(""), *(line(_rule_words(rule, say)) for rule in figure.rules)]
    roundings = {item.rounding for item in trace.printed.get(path, ()) if item.rounding}
    steps = sorted((rounding.code, f"{rounding.step:f}") for rounding in roundings)
    parts += [line(rounding_text(*step, say)) for step in dict.fromkeys(steps)]
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
    names = [written(trace.document, path) for path in paths]
    exact = [_exact(trace.figures[path], say) for path in paths]
    printed = [_texts(trace.printed.get(path, ())) for path in paths]
    columns = [
        Column(say("Figure"), names, name=True),
        Column(say("Exact"), exact, amount=True),
        Column(say("Printed"), printed, amount=True),
    ]
    more = say.many(
        "{count} more that is not printed stands behind these.",
        "{count} more that are not printed stand behind these.",
        behind,
    )
    parts: list[RenderableType] = [
        grid(columns, width),
        *([line(""), line(more)] if behind else []),
    ]
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
    columns = [
        Column(say("Kind"), list(kinds)),
        Column(say("Figures"), [str(len(found)) for found in kinds.values()], amount=True),
        Column(say("Example"), [written(trace.document, path) for path in examples]),
    ]
    return drawn([grid(columns, width)], colour=colour, width=width)


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
    """Return the texts under which a figure is printed, each once."""
    return "; ".join(dict.fromkeys(item.text for item in printed if item.text))


def _tables(
    trace: Trace, figure: Figure, say: Words, width: int
) -> Iterator[tuple[str, RenderableType]]:
    if figure.lines:
        columns = _cell_columns([item.counted for item in figure.lines], say)
        if any(item.factor is not None for item in figure.lines):
            factors = [item.factor for item in figure.lines]
            weights = ["" if factor is None else _value(factor, say) for factor in factors]
            columns.append(Column(say("Weight"), weights, amount=True))
        reasons = [_because(item, say) for item in figure.lines]
        columns.append(Column(say("Why it counts"), reasons, name=True))
        yield say("Cells, row by row:"), grid(columns, width)
    if figure.parts:
        paths = [part.path for part in figure.parts]
        exact = [_exact(trace.figures[path], say) for path in paths]
        columns = [
            Column("", [_SHOWN_SIGNS[part.sign] for part in figure.parts]),
            Column(say("Figure"), [written(trace.document, path) for path in paths], name=True),
            Column(say("Exact"), exact, amount=True),
        ]
        yield say("Figures that it is made of:"), grid(columns, width)
    if figure.left_out:
        reasons = [left_out_text(item.why, say) for item in figure.left_out]
        columns = [
            *_cell_columns([item.counted for item in figure.left_out], say),
            Column(say("Why not"), reasons, name=True),
        ]
        yield say("Rows that do not count:"), grid(columns, width)


def _cell_columns(cells: Sequence[Cell], say: Words) -> list[Column]:
    return [
        Column(say("Cell"), [cell.reference for cell in cells]),
        Column(say("Value"), [_value(cell, say) for cell in cells], amount=True),
    ]


def _because(item: Line, say: Words) -> str:
    return "; ".join(
        say(
            "{title} ({cell}) {value}",
            title=display_text(cell.heading),
            cell=cell.address if cell.sheet == item.counted.sheet else cell.reference,
            value=_value(cell, say),
        )
        for cell in item.because
    )


def _value(cell: Cell, say: Words) -> str:
    if cell.value is None:
        return say("blank")
    if isinstance(cell.value, Decimal):
        return amounts_in(say.language).number(cell.value)
    return display_text(plain(cell.value), _VALUE)


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
    """Yield cells, in the order of their rows, as ranges down the columns of their sheets."""
    columns: dict[tuple[str, int], list[Cell]] = defaultdict(list)
    for cell in cells:
        columns[cell.sheet, cell.column].append(cell)
    for found in columns.values():
        sheet = found[0].reference.removesuffix(found[0].address)
        places = (cell.address for cell in sorted(found, key=lambda cell: cell.row))
        yield from (f"{sheet}{part}" for part in joined(places, None).split(", "))
