"""`cmswp new`: a fresh workbook, or that of the next period."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from cmswp_xl.cli.options import LANGUAGES, WORKBOOK, limit_options, limits_of
from cmswp_xl.cli.outcome import check_new_workbook, show, told
from cmswp_xl.errors import Misuse
from cmswp_xl.languages import Language, Words

if TYPE_CHECKING:
    from cmswp_xl.xlsx import Limits


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--lang",
    "language",
    type=LANGUAGES,
    default="en",
    show_default=True,
    callback=lambda _context, _option, value: Language(value),
    help="Language of the sheets and headers; also the programme's original language. With --from"
    " it is OLD's original language unless it is given.",
)
@click.option("--example", is_flag=True, help="Fill it with the worked example.")
@click.option(
    "--from", "old", type=WORKBOOK, metavar="OLD", help="Start from the workbook of a period."
)
@click.option(
    "--period",
    metavar="YEARS",
    help="The years of the new period, such as 2018-2020; with --from.",
)
@limit_options
def new(
    path: Path,
    language: Language,
    old: Path | None,
    period: str | None,
    max_cells: int | None,
    max_size: int | None,
    *,
    example: bool,
) -> None:
    """
    Make a fresh programme workbook at PATH.

    The workbook works on its own in Excel: drop-downs, computed columns, a summary and checks.
    A file that is there already is never replaced.

    With --from and --period it is the workbook of the next period: areas, activities, texts and
    codes of OLD are kept, while costs, funding, progress and comments stay behind. OLD is not
    changed.

    Example: cmswp new programme.xlsx --lang fr
    """
    with told(language):
        from cmswp_xl.pipeline import new_workbook
        from cmswp_xl.storage import write_file

        _check_options(old, period, example=example)
        check_new_workbook(path)
        if old is not None and period is not None:
            asked = language if _given("language") else None
            _next(path, old, period, asked, limits_of(max_cells, max_size))
            return
        write_file(path, new_workbook(language, example=example), replace=False)
        show(Words(language)("Workbook made: {path}", path=str(path)))


def _given(option: str) -> bool:
    """Tell whether an option was given, be it with the value that it has otherwise."""
    source = click.get_current_context().get_parameter_source(option)
    return source is not ParameterSource.DEFAULT


def _next(path: Path, old: Path, period: str, language: Language | None, limits: Limits) -> None:
    from cmswp_xl.renewal import next_told, next_workbook, read_period
    from cmswp_xl.storage import write_file

    made = next_workbook(old, read_period(period), language, limits)
    write_file(path, made.data, replace=False)
    show(next_told(made, str(path), str(old), Words(made.language)))


def _check_options(old: Path | None, period: str | None, *, example: bool) -> None:
    if old is None and period is not None:
        raise Misuse("period-alone")
    if old is not None and example:
        raise Misuse("from-and-example")
    if old is not None and period is None:
        raise Misuse("from-alone")
