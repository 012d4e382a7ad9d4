"""`cmswp upgrade`: an older workbook in the layout of today."""

from __future__ import annotations

from pathlib import Path

import click

from cmswp_xl.cli.options import LANGUAGES, WORKBOOK, limit_options, limits_of
from cmswp_xl.cli.outcome import check_new_workbook, show, told
from cmswp_xl.languages import Language, Words


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
        from cmswp_xl.renewal import upgrade_told, upgraded
        from cmswp_xl.storage import write_file

        check_new_workbook(path)
        made = upgraded(old, language, limits_of(max_cells, max_size))
        write_file(path, made.data, replace=False)
        show(upgrade_told(made, str(path), str(old), Words(made.language)))
