"""Where the figures of a document come from, as JSON for a program or an auditor."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cmswp_xl.context.cover import annexes_of
from cmswp_xl.languages import Words
from cmswp_xl.report.jsons import amount_text, dumped
from cmswp_xl.trace import places_of, trace
from cmswp_xl.trace.figure import AMOUNT
from cmswp_xl.trace.seek import written
from cmswp_xl.wording.traces import rounding_text, rule_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cmswp_xl.languages import Language
    from cmswp_xl.totals import Reckoning
    from cmswp_xl.trace.figure import Cell, Figure, Path, Printed, Rounding, Rule, Trace
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
