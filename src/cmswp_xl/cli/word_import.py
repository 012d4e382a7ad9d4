"""`cmswp import`: a workbook from an annex in Word."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cmswp_xl.cli.options import LANGUAGES, limit_options, limits_of
from cmswp_xl.cli.outcome import DATA_ERRORS, check_new_workbook, show, told
from cmswp_xl.errors import CmswpError, Misuse
from cmswp_xl.languages import Language, Words

if TYPE_CHECKING:
    from cmswp_xl.word_import import Reading
    from cmswp_xl.word_import.workbook_rows import Rows

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
