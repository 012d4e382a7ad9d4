"""`cmswp totals`, `cmswp unfunded` and `cmswp dump`: the figures, the gaps, the data as read."""

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
from cmswp_xl.errors import UnfitData
from cmswp_xl.languages import Language, Words

if TYPE_CHECKING:
    from pathlib import Path

    from cmswp_xl.totals import Reckoning

GROUPINGS = (
    "activity",
    "area",
    "priority",
    "recommendation",
    "year",
    "source",
    "donor",
    "category",
)

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
        from cmswp_xl.report import csvs, jsons, tables

        reckoning = _reckoning(workbook, scenario, max_cells, max_size)
        if form == "json":
            show(jsons.totals_json(reckoning, by, language))
        elif form == "csv":
            show(csvs.totals_csv(reckoning, by, language))
        else:
            say = Words(language)
            show(tables.totals_text(reckoning, by, say, colour=in_colour(), width=width()))


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
        from cmswp_xl.report import csvs, jsons, needs

        reckoning = _reckoning(workbook, scenario, max_cells, max_size)
        if form == "json":
            show(jsons.unfunded_json(reckoning, language))
        elif form == "csv":
            show(csvs.unfunded_csv(reckoning, language))
        else:
            say = Words(language)
            show(needs.unfunded_text(reckoning, say, colour=in_colour(), width=width()))


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
        from cmswp_xl.report.jsons import dumped

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
