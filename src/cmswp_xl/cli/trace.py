"""`cmswp trace`: which cells a figure comes from, and by which rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cmswp_xl.cli.options import (
    WORKBOOK,
    language_option,
    limit_options,
    limits_of,
    scenario_option,
)
from cmswp_xl.cli.outcome import in_colour, show, told, width
from cmswp_xl.errors import Misuse
from cmswp_xl.languages import Words

if TYPE_CHECKING:
    from pathlib import Path

    from cmswp_xl.languages import Language
    from cmswp_xl.pipeline import Checkup
    from cmswp_xl.report.trace import Traced
    from cmswp_xl.trace.figure import Path as FigurePath


@click.command()
@click.argument("workbook", type=WORKBOOK)
@click.argument("figure")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Format of the output.",
)
@scenario_option
@language_option
@limit_options
def trace(
    workbook: Path,
    figure: str,
    form: str,
    scenario: str | None,
    language: Language,
    max_cells: int | None,
    max_size: int | None,
) -> None:
    """
    Tell which cells of a WORKBOOK a FIGURE comes from, and by which rule.

    A figure is called by the document that prints it, its kind, its key and its name. The
    document alone lists its kinds of figures, and the beginning of a name all that begin so.

    Example: cmswp trace workbook/example.xlsx annex/activity/EDM-02/cost
    """
    with told(language):
        from cmswp_xl.pipeline import check_workbook
        from cmswp_xl.report.trace import trace_json
        from cmswp_xl.trace.seek import read

        checkup = check_workbook(workbook, limits_of(max_cells, max_size), flags=False)
        parts, say = read(figure), Words(language)
        traced = _traced(checkup, parts[0] if parts else "", scenario, language, figure)
        paths = _found(traced, parts[1:], figure, str(workbook))
        if form == "json":
            show(trace_json(traced, say, paths if parts[1:] else None))
        else:
            show(_text(traced, parts[1:], paths, say))


def _traced(
    checkup: Checkup, document: str, scenario: str | None, language: Language, figure: str
) -> Traced:
    """Trace the document that a figure was asked of."""
    from cmswp_xl.pipeline import reckoning_of
    from cmswp_xl.report.trace import Traced
    from cmswp_xl.trace import TRACED, places_of
    from cmswp_xl.trace import trace as trace_document

    reckoning = reckoning_of(checkup, scenario)
    if document not in TRACED:
        raise Misuse("unknown-document-figure", figure=figure, known=tuple(TRACED))
    places = places_of(checkup.checked)
    found = trace_document(reckoning, places, document, language)
    return Traced(found, checkup.name, checkup.sha256, reckoning)


def _found(traced: Traced, parts: list[str], figure: str, workbook: str) -> list[FigurePath]:
    """Give the figure that was asked for, or those below; Misuse with the nearest where none."""
    from cmswp_xl.trace.seek import below, nearest, written

    trace = traced.trace
    found = below(parts, trace.figures)
    if not found and parts:
        near = nearest(figure, [written(trace.document, path) for path in trace.figures])
        raise Misuse(
            "unknown-figure",
            figure=figure,
            near=", ".join(near) or "–",
            workbook=workbook,
            part=trace.document,
        )
    itself = [path for path in found[:1] if len(path) == len(parts)]
    return itself or found


def _text(traced: Traced, parts: list[str], paths: list[FigurePath], say: Words) -> str:
    """Write one figure, a list of figures, or the kinds of a whole document."""
    from cmswp_xl.report.tracetext import figure_text, kinds_text, listing_text

    colour, columns = in_colour(), width()
    if not parts:
        return kinds_text(traced, say, colour=colour, width=columns)
    if len(paths[0]) == len(parts):
        return figure_text(traced, paths[0], say, colour=colour, width=columns)
    return listing_text(traced, paths, say, colour=colour, width=columns)
