"""`cmswp new`: a fresh workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cmswp_xl.cli.options import LANGUAGES
from cmswp_xl.cli.outcome import show, told
from cmswp_xl.errors import UnwritableOutput
from cmswp_xl.languages import Language, Words

if TYPE_CHECKING:
    from cmswp_xl.languages import Language as _Language


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--lang",
    "language",
    type=LANGUAGES,
    default="en",
    show_default=True,
    callback=lambda _context, _option, value: Language(value),
    help="Language of the sheets and headers; also the programme's original language.",
)
@click.option("--example", is_flag=True, help="Fill it with the worked example.")
def new(path: Path, language: _Language, *, example: bool) -> None:
    """
    Make a fresh programme workbook at PATH.

    The workbook works on its own in Excel: drop-downs, computed columns, a summary and checks.
    A file that is there already is never replaced.

    Example: cmswp new programme.xlsx --lang fr
    """
    with told(language):
        from cmswp_xl.pipeline import new_workbook
        from cmswp_xl.storage import write_file

        if path.suffix.casefold() != ".xlsx":
            raise UnwritableOutput("not-xlsx-name", path=str(path))
        if path.exists():
            raise UnwritableOutput("output-exists", path=str(path))
        write_file(path, new_workbook(language, example=example), replace=False)
        say = Words(language)
        show(say("Workbook made: {path}", path=str(path)))
