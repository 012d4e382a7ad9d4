"""`cmswp new`: a fresh workbook, or that of the next period."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from cmswp_xl.cli.outcome import (
    DATA_ERRORS,
    LANGUAGES,
    WORKBOOK,
    check_new_workbook,
    limit_options,
    limits_of,
    show,
    told,
)
from cmswp_xl.errors import CmswpError, Misuse
from cmswp_xl.languages import Language, Words

if TYPE_CHECKING:
    from cmswp_xl.word_import import Reading
    from cmswp_xl.word_import.workbook_rows import Rows
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
    from cmswp_xl.rollover.period import next_report, next_workbook, read_period
    from cmswp_xl.storage import write_file

    made = next_workbook(old, read_period(period), language, limits)
    write_file(path, made.data, replace=False)
    show(next_report(made, str(path), str(old), Words(made.language)))


def _check_options(old: Path | None, period: str | None, *, example: bool) -> None:
    if old is None and period is not None:
        raise Misuse("period-alone")
    if old is not None and example:
        raise Misuse("from-and-example")
    if old is not None and period is None:
        raise Misuse("from-alone")


@click.command()
@click.argument("old", type=WORKBOOK)
@click.option(
    "--out",
    "path",
    type=click.Path(path_type=Path),
    required=True,
    metavar="NEW",
    help="The workbook to make; a file that is there already is never replaced.",
)
@click.option(
    "--lang",
    "language",
    type=LANGUAGES,
    default=None,
    callback=lambda _context, _option, value: Language(value) if value else None,
    help="Language of the sheets and headers; without it, that of OLD.",
)
@limit_options
def upgrade(
    old: Path,
    path: Path,
    language: Language | None,
    max_cells: int | None,
    max_size: int | None,
) -> None:
    """
    Carry the workbook OLD into a new one with the tables and columns of today.

    Every value goes to its place, as it was typed. What has no place (columns, sheets and notes
    of your own, cells beside the tables) is listed, and kept on a sheet of the new workbook. OLD
    is not changed. The exit code is 0 whether or not something has no place.

    Example: cmswp upgrade old.xlsx --out new.xlsx
    """
    with told(language or Language.EN):
        from cmswp_xl.rollover.upgrade import upgrade_report, upgraded
        from cmswp_xl.storage import write_file

        check_new_workbook(path)
        made = upgraded(old, language, limits_of(max_cells, max_size))
        write_file(path, made.data, replace=False)
        show(upgrade_report(made, str(path), str(old), Words(made.language)))


_PERIOD = re.compile(r"\s*(\d{4})\s*[-\u2010-\u2015/]\s*(\d{4})\s*")
_FIRST, _LAST, _MOST = 1900, 2200, 50


@click.command("import")
@click.argument("annex", type=click.Path(path_type=Path))
@click.option(
    "--lang",
    "language",
    type=LANGUAGES,
    required=True,
    callback=lambda _context, _option, value: Language(value),
    help="Language of the annex; also of the workbook and of what is told.",
)
@click.option("--period", required=True, metavar="YEARS", help="Its period, such as 2012-2014.")
@click.option("--currency", required=True, metavar="CODE", help="Its currency, such as EUR.")
@click.option(
    "--out",
    "output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="WORKBOOK",
    help="The workbook to make (.xlsx); one that is there is never replaced.",
)
@limit_options
def import_(
    annex: Path,
    language: Language,
    period: str,
    currency: str,
    output: Path,
    *,
    max_cells: int | None,
    max_size: int | None,
) -> None:
    """
    Make a workbook from ANNEX, a costed programme of work in Word.

    Every doubtful cell is listed with its table, row and column, what stands there, what was taken
    and why; printed totals are compared with what was read, and where they do not fit the exit
    code is 1. The annex is never changed.

    Example: cmswp import annex.docx --lang fr --period 2012-2014 --currency EUR --out new.xlsx
    """
    with told(language):
        from cmswp_xl.storage import write_file
        from cmswp_xl.word_import import Asked, read_annex, report_text, rows_of, unfit_text

        asked = Asked(language, _years(period), _code(currency))
        check_new_workbook(output)
        reading = read_annex(annex, asked, limits_of(max_cells, max_size))
        rows = rows_of(reading)
        write_file(output, _workbook(annex, reading, rows), replace=False)
        say = Words(language)
        unfit = unfit_text(reading, say)
        if unfit:
            show(unfit)
        show(say("Workbook made: {path}", path=str(output)))
        show(report_text(reading, rows, say))
        if unfit:
            raise click.exceptions.Exit(DATA_ERRORS)


def _years(text: str) -> range:
    """Read a period such as 2012-2014, or a single year."""
    match = _PERIOD.fullmatch(text) or re.fullmatch(r"\s*((\d{4}))\s*", text)
    first, last = (int(match[1]), int(match[2])) if match and text.isascii() else (1, 0)
    if not _FIRST <= first <= last <= min(_LAST, first + _MOST):
        raise Misuse("import-period", period=text)
    return range(first, last + 1)


def _code(text: str) -> str:
    code = text.strip().upper()
    if not re.fullmatch("[A-Z]{3}", code):
        raise Misuse("import-currency", currency=text)
    return code


def _workbook(annex: Path, reading: Reading, rows: Rows) -> bytes:
    """Make the workbook; what would not be sound is told rather than written."""
    from cmswp_xl.pipeline import workbook_of

    try:
        return workbook_of(rows, reading.asked.language)
    except ValueError as error:
        raise CmswpError("import-unfit", file=str(annex), detail=str(error)) from error
