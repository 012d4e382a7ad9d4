"""`cmswp totals`, `cmswp unfunded` and `cmswp dump`: the figures, the gaps, the data as read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cmswp_xl.cli.outcome import (
    WORKBOOK,
    in_colour,
    language_option,
    limit_options,
    limits_of,
    scenario_option,
    show,
    told,
    width,
)
from cmswp_xl.errors import Misuse, UnfitData
from cmswp_xl.figures.totals import GROUPINGS
from cmswp_xl.languages import Language, Words

if TYPE_CHECKING:
    from pathlib import Path

    from cmswp_xl.figures.totals import Reckoning
    from cmswp_xl.listings.trace import Traced
    from cmswp_xl.pipeline import Checkup
    from cmswp_xl.trace.figure import Path as FigurePath


format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="Format of the output.",
)


@click.command()
@click.argument("workbook", type=WORKBOOK)
@click.option(
    "--by",
    type=click.Choice(GROUPINGS),
    default="activity",
    show_default=True,
    help="What the figures are grouped by.",
)
@scenario_option
@format_option
@language_option
@limit_options
def totals(
    workbook: Path,
    by: str,
    scenario: str | None,
    form: str,
    language: Language,
    max_cells: int | None,
    max_size: int | None,
) -> None:
    """
    Show cost, money available and money to be sought of a WORKBOOK.

    Pledges and contributions in kind are not counted as available; what is not costed stays
    blank.

    Example: cmswp totals workbook/example.xlsx --by source --format csv
    """
    with told(language):
        from cmswp_xl.listings import jsons, totals

        reckoning = _reckoning(workbook, scenario, max_cells, max_size)
        if form == "json":
            show(jsons.totals_json(reckoning, by, language))
        elif form == "csv":
            show(jsons.totals_csv(reckoning, by, language))
        else:
            say = Words(language)
            show(totals.totals_text(reckoning, by, say, colour=in_colour(), width=width()))


@click.command()
@click.argument("workbook", type=WORKBOOK)
@scenario_option
@format_option
@language_option
@limit_options
def unfunded(
    workbook: Path,
    scenario: str | None,
    form: str,
    language: Language,
    max_cells: int | None,
    max_size: int | None,
) -> None:
    """
    List the activities of a WORKBOOK for which money is still to be sought.

    Partly funded ones too; those not yet costed are listed apart.

    Example: cmswp unfunded workbook/example.xlsx --lang fr
    """
    with told(language):
        from cmswp_xl.listings import jsons, totals

        reckoning = _reckoning(workbook, scenario, max_cells, max_size)
        if form == "json":
            show(jsons.unfunded_json(reckoning, language))
        elif form == "csv":
            show(jsons.unfunded_csv(reckoning, language))
        else:
            say = Words(language)
            show(totals.unfunded_text(reckoning, say, colour=in_colour(), width=width()))


@click.command()
@click.argument("workbook", type=WORKBOOK)
@limit_options
def dump(workbook: Path, max_cells: int | None, max_size: int | None) -> None:
    """
    Print the data of a WORKBOOK as read, as sorted JSON.

    Computed columns are left out. A cell with an error that leaves no value reads as null, and
    the exit code is then 1.

    Example: cmswp dump workbook/example.xlsx
    """
    with told(Language.EN):
        from cmswp_xl import pipeline
        from cmswp_xl.listings.jsons import dumped

        checkup = pipeline.check_workbook(workbook, limits_of(max_cells, max_size))
        show(dumped(pipeline.dump(checkup), sort=True))
        if checkup.errors:
            raise UnfitData("has-errors", workbook=checkup.name, errors=checkup.errors)


def _reckoning(
    workbook: Path, scenario: str | None, max_cells: int | None, max_size: int | None
) -> Reckoning:
    from cmswp_xl.pipeline import check_workbook, reckoning_of

    checkup = check_workbook(workbook, limits_of(max_cells, max_size))
    return reckoning_of(checkup, scenario)


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
        from cmswp_xl.listings.trace import trace_json
        from cmswp_xl.pipeline import check_workbook
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
    from cmswp_xl.figures.explanation import Explainer
    from cmswp_xl.listings.trace import Traced
    from cmswp_xl.pipeline import reckoning_of
    from cmswp_xl.trace import TRACED, places_of
    from cmswp_xl.trace import trace as trace_document

    reckoning = reckoning_of(checkup, scenario)
    if document not in TRACED:
        raise Misuse("unknown-document-figure", figure=figure, known=tuple(TRACED))
    explainer = Explainer(reckoning, places_of(checkup.checked))
    found = trace_document(explainer, document, language)
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
    from cmswp_xl.listings.trace import figure_text, kinds_text, listing_text

    colour, columns = in_colour(), width()
    if not parts:
        return kinds_text(traced, say, colour=colour, width=columns)
    if len(paths[0]) == len(parts):
        return figure_text(traced, paths[0], say, colour=colour, width=columns)
    return listing_text(traced, paths, say, colour=colour, width=columns)
