"""`cmswp doctor`: what is installed and what is missing, for which command."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from cmswp_xl.cli.outcome import FAILED, FINE, language_option, show, told
from cmswp_xl.languages import Words

if TYPE_CHECKING:
    from cmswp_xl.languages import Language


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Format of the output.",
)
@language_option
def doctor(form: str, language: Language) -> None:
    """
    Tell what is installed and what is missing, for which command, with the remedy.

    Nothing is changed, and no other program is started. The exit code is 0 where the program
    itself works, whatever is missing for PDF, Excel or the server; otherwise 2.

    Example: cmswp doctor --format json
    """
    with told(language):
        from cmswp_xl.doctor import core_works, doctor_json, doctor_text, examine

        points = examine(os.environ)
        write = doctor_json if form == "json" else doctor_text
        show(write(points, Words(language)))
    raise click.exceptions.Exit(FINE if core_works(points) else FAILED)
