"""Where a figure comes from, as text: amount, rule, cells row by row, the figures behind it."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.report.grid import Column, grid
from cmswp_xl.report.terminal import drawn, line
from cmswp_xl.report.trace import plain, worded_roundings, worded_rules
from cmswp_xl.trace.figure import AMOUNT, PERCENT
from cmswp_xl.trace.seek import written
from cmswp_xl.wording import amounts_in, shown
from cmswp_xl.wording.traces import left_out_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import RenderableType

    from cmswp_xl.languages import Words
    from cmswp_xl.report.trace import Traced
    from cmswp_xl.trace.figure import Cell, Figure, Line, Path, Printed, Trace

_SIGNS = {1: "+", -1: "−"}
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
        signs = [_SIGNS[part.sign] for part in figure.parts]
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
