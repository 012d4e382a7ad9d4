"""Where the figures of a document come from, as JSON for a program or an auditor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from cmswp_xl.compare.rows import plain
from cmswp_xl.documents.cover import members_of
from cmswp_xl.figures.declarations import AMOUNT, PERCENT
from cmswp_xl.figures.explanation import (
    Cell,
    Explainer,
    Figure,
    LeftOut,
    Line,
    Places,
    Rule,
    Trace,
    traced,
)
from cmswp_xl.figures.totals import ProgrammeTotals
from cmswp_xl.languages import Language, Words
from cmswp_xl.listings.listing import Column, drawn, dumped, grid, line
from cmswp_xl.messages.labels import left_out_text, rounding_text, rule_text
from cmswp_xl.messages.values import amounts_in, display_text, joined
from cmswp_xl.money import to_cents
from cmswp_xl.printed import Path, Printed, Rounding
from cmswp_xl.registry import SET
from cmswp_xl.trace import TOTALS, Found, Papers, below, placed, read, walk, written

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cmswp_xl.documents import Content


@dataclass(frozen=True, slots=True)
class Traced:
    """A trace with what it was made from: a workbook's figures, and what a document prints."""

    trace: Trace
    tracer: Tracer
    areas: tuple[str, ...]
    content: Any


@dataclass(slots=True)
class Tracer:
    """
    Writes where the figures of a workbook's documents come from.

    `contents` makes what papers other than the documents print; `older` is the tracer of the
    version that they compare with. What does not depend on the language is explained and listed
    once for all, and what does not depend on the document either explained once.
    """

    places: Places
    workbook: str
    sha256: str | None
    totals: ProgrammeTotals
    contents: Mapping[str, Content] = field(default_factory=dict)
    older: Tracer | None = None
    explainer: Explainer = field(init=False)
    explainers: dict[tuple[str, ...], Explainer] = field(default_factory=dict)
    traces: dict[object, Traced] = field(default_factory=dict)
    entries: dict[object, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Set what explains figures; it keeps those of activities, alike in every document."""
        before = None if self.older is None else self.older.explainer
        self.explainer = Explainer(self.totals, self.places, earlier=before)

    def traced(
        self, document: str, language: Language, areas: Sequence[str] = (), content: Any = None
    ) -> Traced:
        """Return the trace of a document, of some areas or all; `content` is what it prints."""
        key = (document, *areas)
        if (key, language) in self.traces:
            return self.traces[key, language]
        if content is None:
            content = self.papers.content(document, language, areas)
        explainer = self.explainers.get(key) or self.explainer.copied()
        found = traced(document, walk(content), explainer)
        if key not in self.explainers:
            known = found.figures.items()
            self.explainer.figures |= {p: figure for p, figure in known if p[0] == "activity"}
            self.explainers[key] = explainer
        self.traces[key, language] = Traced(found, self, tuple(areas), content)
        return self.traces[key, language]

    def json(
        self, document: str, language: Language, areas: Sequence[str] = (), content: Any = None
    ) -> str:
        """Return the trace of a document as JSON; that of the set has those of its members."""
        say = Words(language)
        if document != SET:
            return _json(document, [self.traced(document, language, areas, content)], say)
        members = [name for name, _ in members_of(self.totals.programme, say)]
        return _json(document, [self.traced(name, language, areas) for name in members], say)

    @property
    def papers(self) -> Papers:
        """What can be traced."""
        return Papers(self.totals, self.contents)

    def found(self, figure: str, language: Language) -> list[Found]:
        """Find figures by what somebody typed: a path, or row, column or amount on paper."""
        document, *parts = read(figure) or [""]
        if document in self.papers.names:
            paths = below(parts, self.traced(document, language).trace.figures)
            if paths:
                whole = [path for path in paths if len(path) == len(parts)]
                return [Found(document, path) for path in whole or paths]
        return self.papers.found(figure, language)


def traces_json(found: Sequence[tuple[Traced, Path | None]], say: Words) -> str:
    """
    Return an array: for each figure that was found, it and the cells behind it; None is for all.

    Amounts are text, exact; `shown` is the amount after rounding, blanks are null. The cells stand
    once each, by reference.
    """
    parts = []
    for one, path in found:
        trace = one.trace
        if path is not None:
            figures = {behind: trace.figures[behind] for behind in trace.below(path)}
            trace = replace(trace, figures=figures)
        parts.append(_json(trace.document, [replace(one, trace=trace)], say).rstrip())
    return "[" + ",\n".join(parts) + "]\n"


def _json(document: str, parts: Sequence[Traced], say: Words) -> str:
    first, tracer = parts[0], parts[0].tracer
    old, settings = tracer.older, tracer.totals.programme.settings
    figures: list[dict[str, Any]] = []
    rules: dict[str, Rule | Rounding] = {}
    for trace in (part.trace for part in parts):
        for path, figure in trace.figures.items():
            key = (trace.document, id(figure))  # the explainers keep the figures
            entry = tracer.entries.get(key)
            if entry is None:
                entry = tracer.entries[key] = _figure(trace.document, figure)
            rules |= _rules(figure.rules)
            if printed := trace.printed.get(path):
                roundings = {_name(one.rounding): one.rounding for one in printed if one.rounding}
                rules |= roundings
                entry = entry | {
                    "printed": [{"text": str(one), "in": _WHERE[one.table]} for one in printed],
                    "shown": _number(printed[0].shown, figure.unit),
                    "rounding": next(iter(roundings), None),
                }
            figures.append(entry)
    alike = ((part.trace.document, tuple(part.trace.figures)) for part in parts)
    order = (first.areas, *alike)
    if order not in tracer.entries:
        tracer.entries[order] = _cells(f for part in parts for f in part.trace.figures.values())
    return dumped(
        {
            "workbook": tracer.workbook,
            "sha256": tracer.sha256,
            "document": document,
            "areas": list(first.areas),
            "language": say.language.value,
            "scenario": tracer.totals.scenario,
            "currency": settings.currency,
            **({"compared_with": {"workbook": old.workbook, "sha256": old.sha256}} if old else {}),
            "rounding": settings.rounding,
            "figures": figures,
            "rules": {name: _rule_words(rule, say) for name, rule in rules.items()},
            "cells": tracer.entries[order],
        }
    )


_WHERE = {True: "table", False: "sentence"}
"""Where a figure is printed, in a table or not."""


def _figure(document: str, figure: Figure) -> dict[str, Any]:
    """Return a figure of a document but for what it prints; what is not there is left out."""
    made_of: dict[str, list[Any]] = {
        "cells": [line.counted.reference for line in figure.lines],
        "factors": [line.factor.reference for line in figure.lines if line.factor is not None],
        "figures": [
            {"sign": "+" if part.sign > 0 else "-", "path": written(document, part.path)}
            for part in figure.parts
        ],
        "left_out": [{"cell": one.counted.reference, "why": one.why} for one in figure.left_out],
    }
    return {
        "path": written(document, figure.path),
        "printed": [],
        "exact": _number(figure.exact, figure.unit),
        "shown": None,
        "unit": figure.unit,
        "operation": figure.operation.value,
        "rules": list(_rules(figure.rules)),
        "rounding": None,
        **{name: found for name, found in made_of.items() if found},
    }


@cache
def _rules(rules: tuple[Rule, ...]) -> dict[str, Rule]:
    """Return the rules of a figure by name."""
    return {_name(rule): rule for rule in rules}


def _number(value: Decimal | None, unit: str) -> str | None:
    """Write an amount with two decimals, and another number as it is."""
    return None if value is None else f"{to_cents(value) if unit == AMOUNT else value:f}"


def _name(rule: Rule | Rounding) -> str:
    """Name a rule with its values, as in of-year:2024, or a rounding with its step."""
    return _named(rule.code, rule.values if isinstance(rule, Rule) else (("", f"{rule.step:f}"),))


@cache
def _named(code: str, values: tuple[tuple[str, object], ...]) -> str:
    return ":".join((code, *(str(value) for _, value in values)))


def _rule_words(rule: Rule | Rounding, say: Words) -> str:
    if isinstance(rule, Rule):
        return rule_text(rule.code, dict(rule.values), say)
    return rounding_text(rule.code, f"{rule.step:f}", say)


def _cells(figures: Iterable[Figure]) -> dict[str, dict[str, Any]]:
    """Return every cell once: its place, its value, and the cells for which its row counts."""
    found: dict[str, Cell] = {}
    because: dict[str, dict[str, Cell]] = {}
    items: dict[int, Line | LeftOut] = {}
    for figure in figures:
        for rows in (figure.lines, figure.left_out):
            if rows:
                items |= {id(item): item for item in rows}
    for item in items.values():
        counted = item.counted.reference
        found[counted] = item.counted
        if isinstance(item, Line):
            cells = {cell.reference: cell for cell in item.because}
            found |= cells
            because[counted] = because.get(counted, {}) | cells
            if item.factor is not None:
                found[item.factor.reference] = item.factor
    return {
        reference: {
            "sheet": cell.sheet,
            "cell": cell.address,
            "table": cell.table,
            "column": cell.field,
            "value": None if cell.value is None else plain(cell.value),
            **({"workbook": cell.workbook} if cell.workbook else {}),
            **({"because": [*because[reference]]} if because.get(reference) else {}),
        }
        for reference, cell in found.items()
    }


_SHOWN_SIGNS = {1: "+", -1: "−"}
_VALUE = 40
"""How much of a cell's text is shown, in characters."""
_TITLE = 90
_CHOICE = 20
"""How many figures are listed to choose from."""


def figure_text(traced: Traced, path: Path, say: Words, *, colour: bool, width: int) -> str:
    """Write one figure: its amount, its rule, the cells by row, the figures that it is made of."""
    trace = traced.trace
    figure = trace.figures[path]
    parts: list[RenderableType] = [line(written(trace.document, path), "bold")]
    parts += [line(text) for text in _on_paper(traced, path, say)]
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


def _on_paper(traced: Traced, path: Path, say: Words) -> Iterator[str]:
    """Say where a figure stands first in a table, else in a sentence."""
    places = [at for one, at in placed(traced.content) if one.value.source.path == path]
    place = next((at for at in places if at.row), places[0] if places else None)
    if place is None or traced.trace.document == TOTALS:
        return
    yield say("Document: {title}", title=traced.content.title)
    if place.part:
        yield say("Part: {title}", title=place.part)
    if place.row:
        yield say("Row: {row}", row=display_text(place.row, _TITLE))
        yield say("Column: {heads}", heads=say(", ").join(place.heads))


def found_text(
    found: Sequence[Found],
    traced: Sequence[tuple[Traced, Path]],
    say: Words,
    *,
    colour: bool,
    width: int,
) -> str:
    """
    List figures to choose from: what each is called, exact and as printed, its row and column.

    Those that only stand behind others are counted, and so is what makes the list too long.
    """
    traces = {one.document: each.trace for one, (each, _) in zip(found, traced, strict=True)}
    seen = [one for one in found if one.path in traces[one.document].printed] or list(found)
    searched = seen[0].printed is not None
    shown = seen[:_CHOICE] if searched else seen
    texts = [_texts(traces[one.document].printed.get(one.path, ()), say) for one in shown]
    columns = [Column(say("Figure"), [written(one.document, one.path) for one in shown])]
    if searched:
        rows = [display_text(one.place.row or one.place.part, _VALUE) for one in shown]
        heads = [say(", ").join(one.place.heads) for one in shown]
        columns += [Column(say("Row"), rows, name=True), Column(say("Column"), heads, name=True)]
    else:
        exact = [_exact(traces[one.document].figures[one.path], say) for one in shown]
        columns += [Column(say("Exact"), exact, amount=True)]
    columns += [Column(say("Printed"), texts, amount=True)]
    more = []
    if rest := len(seen) - len(shown):
        text = say("{count} more; also specify the document, the row or the column.", count=rest)
        more = [line(""), line(text)]
    elif behind := len(found) - len(seen):
        text = say.many(
            "{count} more figure, not printed, is part of these.",
            "{count} more figures, not printed, are part of these.",
            behind,
        )
        more = [line(""), line(text)]
    return drawn([grid(columns, width), *more], colour=colour, width=width)


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
        currency = traced.tracer.totals.programme.settings.currency
        exact = say("{currency}\u00a0{amount}", currency=currency, amount=exact)
    yield say("Exact: {amount}", amount=exact)
    printed = traced.trace.printed.get(figure.path, ())
    if printed:
        yield say("Printed: {texts}", texts=_texts(printed, say) or say("blank"))
    else:
        yield say("Not printed, but part of printed figures.")


def _exact(figure: Figure, say: Words) -> str:
    if figure.exact is None:
        return say("blank")
    amounts = amounts_in(say.language)
    text = amounts.money(figure.exact) if figure.unit == AMOUNT else amounts.number(figure.exact)
    return say("{percent}%", percent=text) if figure.unit == PERCENT else text


def _texts(printed: Sequence[Printed], say: Words) -> str:
    """Return the texts under which a figure is printed, each once."""
    return say("; ").join(dict.fromkeys(item.text for item in printed if item.text))


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
        yield say("Figures that make it up:"), grid(columns, width)
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
    return say("; ").join(
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
            "Based on {count} cell: {cells}",
            "Based on {count} cells: {cells}",
            len(cells),
            cells=", ".join(_ranges(cells)),
        )


def _ranges(cells: Iterable[Cell]) -> Iterator[str]:
    """Yield cells, in the order of their rows, as ranges down the columns of their sheets."""
    columns: dict[tuple[str, str, int], list[Cell]] = defaultdict(list)
    for cell in cells:
        columns[cell.workbook, cell.sheet, cell.column].append(cell)
    for found in columns.values():
        sheet = found[0].reference.removesuffix(found[0].address)
        places = (cell.address for cell in sorted(found, key=lambda cell: cell.row))
        yield from (f"{sheet}{part}" for part in joined(places, None).split(", "))
