"""Where the figures of a document come from, as JSON for a program or an auditor."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cmswp_xl.documents.cover import annexes_of
from cmswp_xl.languages import Words
from cmswp_xl.listings.jsons import amount_text, dumped
from cmswp_xl.listings.terminal import Column, drawn, grid, line
from cmswp_xl.messages.amounts import amounts_in
from cmswp_xl.messages.labels import left_out_text, rounding_text, rule_text
from cmswp_xl.messages.shown import shown
from cmswp_xl.trace import places_of, trace
from cmswp_xl.trace.figure import AMOUNT, PERCENT
from cmswp_xl.trace.seek import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.console import RenderableType

    from cmswp_xl.figures.totals import Reckoning
    from cmswp_xl.languages import Language
    from cmswp_xl.trace.figure import Cell, Figure, Line, Path, Printed, Rounding, Rule, Trace
    from cmswp_xl.validate import Checked


SET = "set"
"""The document that holds others; its trace has the figures of each."""

_SIGNS = {1: "+", -1: "-"}


@dataclass(frozen=True, slots=True)
class Traced:
    """A trace with what it was made from: the workbook by name and hash, and its figures."""

    trace: Trace
    workbook: str
    sha256: str | None
    reckoning: Reckoning
    areas: tuple[str, ...] = ()


def trace_json(traced: Traced, say: Words, paths: Sequence[Path] | None = None) -> str:
    """
    Give the figures of a document and the cells behind them, or some of these figures only.

    Amounts are text, exact; `shown` is the amount after rounding, blanks are null. The cells stand
    once each, by reference.
    """
    trace = traced.trace
    chosen = list(trace.figures) if paths is None else _closure(trace, paths)
    return _json(trace.document, [(traced, chosen)], say)


def set_trace_json(members: Sequence[Traced], say: Words) -> str:
    """Give the figures of all documents of a set, each under its own name."""
    return _json(SET, [(traced, list(traced.trace.figures)) for traced in members], say)


def tracer(
    checked: Checked, workbook: str, sha256: str | None, reckoning: Reckoning
) -> Callable[[str, Language, Sequence[str]], str]:
    """Give a function that writes the trace of a document in a language, of some areas or all."""
    places = places_of(checked)

    def traced(document: str, language: Language, areas: Sequence[str]) -> Traced:
        found = trace(reckoning, places, document, language, areas)
        return Traced(found, workbook, sha256, reckoning, tuple(areas))

    def made(document: str, language: Language, areas: Sequence[str] = ()) -> str:
        say = Words(language)
        if document != SET:
            return trace_json(traced(document, language, areas), say)
        programme = reckoning.programme
        names = [line.document for line in annexes_of(programme, say)]
        first = ["cover"] if programme.paragraphs_of("cover") else []
        return set_trace_json([traced(name, language, ()) for name in [*first, *names]], say)

    return made


def _json(document: str, chosen: Sequence[tuple[Traced, Sequence[Path]]], say: Words) -> str:
    first = chosen[0][0]
    settings = first.reckoning.programme.settings
    found = [(one.trace, one.trace.figures[path]) for one, paths in chosen for path in paths]
    return dumped(
        {
            "workbook": first.workbook,
            "sha256": first.sha256,
            "document": document,
            "areas": list(first.areas),
            "language": say.language.value,
            "scenario": first.reckoning.scenario,
            "currency": settings.currency,
            "rounding": settings.rounding,
            "figures": [_entry(one, figure) for one, figure in found],
            "rules": dict(
                rule
                for one, figure in found
                for rule in _explained(figure, one.printed.get(figure.path, ()), say)
            ),
            "cells": _cells([figure for _, figure in found]),
        }
    )


def _closure(trace: Trace, paths: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys(found for path in paths for found in trace.below(path)))


def _entry(trace: Trace, figure: Figure) -> dict[str, Any]:
    """Give a figure; what it is not made of is left out."""
    printed = trace.printed.get(figure.path, ())
    rounding = next((item.rounding for item in printed if item.rounding is not None), None)
    entry: dict[str, Any] = {
        "path": written(trace.document, figure.path),
        "printed": [
            {"text": item.text, "in": "table" if item.table else "sentence"} for item in printed
        ],
        "exact": _number(figure.exact, figure.unit),
        "shown": _number(printed[0].shown, figure.unit) if printed else None,
        "unit": figure.unit,
        "operation": figure.operation.value,
        "rules": [_name(rule) for rule in figure.rules],
        "rounding": None if rounding is None else _rounding_name(rounding),
    }
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
    return entry | {name: found for name, found in made_of.items() if found}


def _number(value: Decimal | None, unit: str) -> str | None:
    """Give an amount with two decimals, and another number as it is."""
    return amount_text(value) if unit == AMOUNT else plain(value)


def _name(rule: Rule) -> str:
    """Name a rule with its values, as in of-year:2024."""
    return ":".join((rule.code, *(str(value) for _, value in rule.values)))


def _rounding_name(rounding: Rounding) -> str:
    return f"{rounding.code}:{rounding.step:f}"


def _explained(
    figure: Figure, printed: Sequence[Printed], say: Words
) -> Iterator[tuple[str, str]]:
    """Give the rules of a figure by name, in words; roundings too."""
    for rule in figure.rules:
        yield _name(rule), rule_text(rule.code, dict(rule.values), say)
    for item in printed:
        if item.rounding is not None:
            step = f"{item.rounding.step:f}"
            yield _rounding_name(item.rounding), rounding_text(item.rounding.code, step, say)


def _cells(figures: Iterable[Figure]) -> dict[str, dict[str, Any]]:
    """Give every cell once: where it stands, its value, and the cells for which its row counts."""
    found: dict[str, dict[str, Any]] = {}
    for figure in figures:
        for item in figure.lines:
            entry = found.setdefault(item.counted.reference, _cell(item.counted))
            because = entry.setdefault("because", {})
            because |= {cell.reference: None for cell in item.because}
            for cell in filter(None, (*item.because, item.factor)):
                found.setdefault(cell.reference, _cell(cell))
        for left in figure.left_out:
            found.setdefault(left.counted.reference, _cell(left.counted))
    return {
        reference: {**entry, "because": list(entry["because"])}
        if entry.get("because")
        else {name: value for name, value in entry.items() if name != "because"}
        for reference, entry in found.items()
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "sheet": cell.sheet,
        "cell": cell.address,
        "table": cell.table,
        "column": cell.field,
        "value": plain(cell.value),
    }


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
        exact = f"{exact} {traced.reckoning.programme.settings.currency}"
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
