"""Where the figures of a document come from, as JSON for a program or an auditor."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from cmswp_xl.compare.rows import plain
from cmswp_xl.documents.cover import members_of
from cmswp_xl.figures.declarations import AMOUNT, PERCENT
from cmswp_xl.figures.explanation import Explainer, Line, Rule, traced
from cmswp_xl.languages import Words
from cmswp_xl.listings.listing import (
    Column,
    Encoded,
    drawn,
    dumped,
    grid,
    indented,
    line,
    members,
    quoted,
)
from cmswp_xl.messages.labels import left_out_text, rounding_text, rule_text
from cmswp_xl.messages.values import amounts_in, display_text, joined
from cmswp_xl.money import to_cents
from cmswp_xl.registry import SET
from cmswp_xl.trace import TOTALS, Found, Papers, below, placed, read, walk, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from cmswp_xl.documents import Content
    from cmswp_xl.figures.explanation import Cell, Figure, LeftOut, Places, Trace
    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.languages import Language
    from cmswp_xl.printed import Path, Printed, Rounding

    _Behind = tuple[dict[str, Rule | Rounding], Encoded]


_FIGURES = "\n      "
"""How a line within a figure begins."""
_WITHIN = f"{_FIGURES}  "
_BLANK = Encoded("%s")
"""What is filled in where the text around it is always the same."""


def _blanks(*names: str) -> str:
    return members(dict.fromkeys(names, _BLANK), _FIGURES)


_BEFORE = f'{{{_FIGURES}{_blanks("path")},{_FIGURES}"printed": '
_PLACES = {
    table: indented({"text": _BLANK, "in": place}, _WITHIN)
    for table, place in ((True, "table"), (False, "sentence"))
}
"""A place where a figure is printed, in a table or not."""
_BEHIND = _blanks("exact", "shown", "unit", "operation", "rules", "rounding")
_PARTS = {
    number: indented({"sign": sign, "path": _BLANK}, _WITHIN)
    for number, sign in ((1, "+"), (-1, "-"))
}
"""A figure within another, by its sign."""
_CELL = f"{{{_FIGURES}{_blanks('sheet', 'cell', 'table', 'column', 'value')}"
_LONG = Encoded("\0")
"""What stands for a long text, which then is copied once only."""


@dataclass(slots=True)
class _Texts:
    """
    What was written of the figures of a document, which is the same in every language.

    The rules and cells are those of figures in an order; each cell is written once for all.
    """

    cell: dict[str, str]
    figures: dict[tuple[Path, bool], tuple[str, Encoded]] = field(default_factory=dict)
    behind: dict[tuple[Path, ...], _Behind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Older:
    """The earlier of two versions: its workbook by name and hash, what explains its figures."""

    workbook: str
    sha256: str | None
    explainer: Explainer


@dataclass(frozen=True, slots=True)
class Traced:
    """A trace with what it was made from: a workbook's figures, and what a document prints."""

    trace: Trace
    tracer: Tracer
    areas: tuple[str, ...]
    texts: _Texts
    content: Any


@dataclass(slots=True)
class Tracer:
    """
    Writes where the figures of a workbook's documents come from.

    `contents` makes what papers other than the documents print; `older` is the version that they
    compare with. What does not depend on the language is explained and written once for all.
    """

    places: Places
    workbook: str
    sha256: str | None
    totals: ProgrammeTotals
    contents: Mapping[str, Content] = field(default_factory=dict)
    older: Older | None = None
    explained: dict[tuple[str, ...], tuple[Explainer, _Texts]] = field(default_factory=dict)
    lines: dict[object, Line | None] = field(default_factory=dict)
    figures: dict[Path, Figure] = field(default_factory=dict)
    cell: dict[str, str] = field(default_factory=dict)

    def traced(
        self, document: str, language: Language, areas: Sequence[str] = (), content: Any = None
    ) -> Traced:
        """Return the trace of a document, of some areas or all; `content` is what it prints."""
        key = (document, *areas)
        if content is None:
            content = self.papers.content(document, language, areas)
        if key not in self.explained:
            before = self.older.explainer if self.older else None
            figures = dict(self.figures)
            explainer = Explainer(self.totals, self.places, figures, self.lines, before)
            self.explained[key] = explainer, _Texts(self.cell)
        explainer, texts = self.explained[key]
        found = traced(document, walk(content), explainer)
        self.figures |= {p: figure for p, figure in found.figures.items() if p[0] == "activity"}
        return Traced(found, self, tuple(areas), texts, content)

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
    older = old and {"workbook": old.workbook, "sha256": old.sha256}
    behind = [_rules_and_cells(part.trace, part.texts) for part in parts]
    every = (figure for part in parts for figure in part.trace.figures.values())
    cells = behind[0][1] if len(parts) == 1 else _cells(every, first.texts.cell)
    figures = [
        _entry(part.trace, path, part.texts) for part in parts for path in part.trace.figures
    ]
    rules = {name: _rule_words(rule, say) for found, _ in behind for name, rule in found.items()}
    content = {
        "workbook": tracer.workbook,
        "sha256": tracer.sha256,
        "document": document,
        "areas": list(first.areas),
        "language": say.language.value,
        "scenario": tracer.totals.scenario,
        "currency": settings.currency,
        **({"compared_with": older} if older else {}),
        "rounding": settings.rounding,
        "figures": _LONG,
        "rules": rules,
        "cells": _LONG,
    }
    before, between, after = dumped(content).split(_LONG)
    return "".join((before, indented(figures, "\n  "), between, cells, after))


def _rules_and_cells(trace: Trace, texts: _Texts) -> _Behind:
    """Return the rules by name and the cells of the figures of a document, once for an order."""
    order = tuple(trace.figures)
    if order not in texts.behind:
        rules: dict[str, Rule | Rounding] = {}
        for path, figure in trace.figures.items():
            rules |= {_name(rule): rule for rule in figure.rules}
            roundings = [item.rounding for item in trace.printed.get(path, ())]
            rules |= {_name(rounding): rounding for rounding in roundings if rounding}
        texts.behind[order] = rules, _cells(trace.figures.values(), texts.cell)
    return texts.behind[order]


def _entry(trace: Trace, path: Path, texts: _Texts) -> Encoded:
    """Write a figure: the places where it is printed, and what does not depend on the language."""
    printed = trace.printed.get(path, ())
    key = path, not printed
    if key not in texts.figures:
        texts.figures[key] = _around_places(trace, path, printed)
    before, behind = texts.figures[key]
    if not printed:
        return behind
    places = f",{_WITHIN}".join([_PLACES[item.table] % quoted(str(item)) for item in printed])
    return Encoded(f"{before}[{_WITHIN}{places}{_FIGURES}]{behind}")


def _around_places(trace: Trace, path: Path, printed: Sequence[Printed]) -> tuple[str, Encoded]:
    """
    Write what a figure is called, and what is behind it; the latter is all if it is not printed.

    What it is not made of is left out.
    """
    figure = trace.figures[path]
    rounding = next((item.rounding for item in printed if item.rounding is not None), None)
    made_of: dict[str, list[Any]] = {
        "cells": [item.counted.reference for item in figure.lines],
        "factors": [item.factor.reference for item in figure.lines if item.factor is not None],
        "figures": [
            Encoded(_PARTS[part.sign] % quoted(written(trace.document, part.path)))
            for part in figure.parts
        ],
        "left_out": [
            {"cell": item.counted.reference, "why": item.why} for item in figure.left_out
        ],
    }
    behind = _BEHIND % (
        _number(figure.exact, figure.unit),
        _number(printed[0].shown, figure.unit) if printed else "null",
        quoted(figure.unit),
        quoted(figure.operation.value),
        indented([_name(rule) for rule in figure.rules], _FIGURES),
        "null" if rounding is None else quoted(_name(rounding)),
    )
    more = members({name: found for name, found in made_of.items() if found}, _FIGURES)
    after = (
        f",{_FIGURES}{behind},{_FIGURES}{more}\n    }}" if more else f",{_FIGURES}{behind}\n    }}"
    )
    before = _BEFORE % quoted(written(trace.document, path))
    return before, Encoded(after if printed else f"{before}[]{after}")


def _number(value: Decimal | None, unit: str) -> str:
    """Write an amount with two decimals, and another number as it is."""
    return "null" if value is None else f'"{to_cents(value) if unit == AMOUNT else value:f}"'


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


def _cells(figures: Iterable[Figure], texts: dict[str, str]) -> Encoded:
    """Write every cell once: its place, its value, and the cells for which its row counts."""
    found: dict[str, dict[str, None]] = {}

    def reference_of(cell: Cell) -> str:
        reference = cell.reference
        found.setdefault(reference, {})
        if reference not in texts:
            value = None if cell.value is None else plain(cell.value)
            parts = (cell.sheet, cell.address, cell.table, cell.field, value)
            texts[reference] = _CELL % tuple(map(indented, parts))
            if cell.workbook:
                texts[reference] += f',{_FIGURES}"workbook": {quoted(cell.workbook)}'
        return reference

    lines: dict[int, Line | LeftOut] = {}
    for figure in figures:
        lines |= {id(item): item for item in figure.lines}
        lines |= {id(item): item for item in figure.left_out}
    for item in lines.values():
        counted = reference_of(item.counted)
        if isinstance(item, Line):
            found[counted].update(dict.fromkeys(map(reference_of, item.because)))
            if item.factor is not None:
                reference_of(item.factor)
    cells = {}
    for reference, because in found.items():
        reasons = f',{_FIGURES}"because": {indented(list(because), _FIGURES)}' if because else ""
        cells[reference] = Encoded(f"{texts[reference]}{reasons}\n    }}")
    return Encoded(indented(cells, "\n  "))


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
        yield say("Column: {heads}", heads=", ".join(place.heads))


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
    texts = [_texts(traces[one.document].printed.get(one.path, ())) for one in shown]
    columns = [Column(say("Figure"), [written(one.document, one.path) for one in shown])]
    if searched:
        rows = [display_text(one.place.row or one.place.part, _VALUE) for one in shown]
        heads = [", ".join(one.place.heads) for one in shown]
        columns += [Column(say("Row"), rows, name=True), Column(say("Column"), heads, name=True)]
    else:
        exact = [_exact(traces[one.document].figures[one.path], say) for one in shown]
        columns += [Column(say("Exact"), exact, amount=True)]
    columns += [Column(say("Printed"), texts, amount=True)]
    more = []
    if rest := len(seen) - len(shown):
        text = say("{count} more; name the document, the row or the column too.", count=rest)
        more = [line(""), line(text)]
    elif behind := len(found) - len(seen):
        text = say.many(
            "{count} more that is not printed stands behind these.",
            "{count} more that are not printed stand behind these.",
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
        exact = f"{exact} {traced.tracer.totals.programme.settings.currency}"
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
    columns: dict[tuple[str, str, int], list[Cell]] = defaultdict(list)
    for cell in cells:
        columns[cell.workbook, cell.sheet, cell.column].append(cell)
    for found in columns.values():
        sheet = found[0].reference.removesuffix(found[0].address)
        places = (cell.address for cell in sorted(found, key=lambda cell: cell.row))
        yield from (f"{sheet}{part}" for part in joined(places, None).split(", "))
