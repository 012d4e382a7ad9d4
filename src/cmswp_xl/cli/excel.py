"""The commands for Excel: the ribbon on this computer, and the server for those without it."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING, Any

import click

from cmswp_xl.cli.outcome import PATH, Group, command, language_option, show
from cmswp_xl.errors import CmswpError

if TYPE_CHECKING:
    from pathlib import Path

    from cmswp_xl.addin.machine import Machine
    from cmswp_xl.languages import Words

_startup_option = click.option(
    "--startup",
    metavar="FOLDER",
    type=PATH,
    help="Excel's start-up folder, where it is not the usual one.",
)
_dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Only tell what would be done; change nothing."
)


@click.group(cls=Group)
def addin() -> None:
    """
    Install the ribbon "CMS Programme" in Excel, remove it, or tell what is there.

    It needs Excel on this computer, and xlwings: pip install "cmswp-xl[excel]"

    Example: cmswp addin install
    """


@addin.command()
@click.option(
    "--documents",
    metavar="FOLDER",
    type=PATH,
    help="Where documents from the ribbon go; without it beside the workbook, or as set before.",
)
@_startup_option
@_dry_run_option
@language_option
def install(documents: Path | None, startup: Path | None, say: Words, *, dry_run: bool) -> None:
    """
    Put the add-in where Excel loads it, and tell it which Python to start.

    Close Excel first. An older version is replaced; settings of your own stay. On a system
    without Excel nothing is written.

    Example: cmswp addin install --lang fr
    """
    from cmswp_xl.addin.install import install as carry_out
    from cmswp_xl.addin.install import packaged_addin, plan_install
    from cmswp_xl.addin.status import installed_text, plan_text, usual_plan_text

    machine = _machine()
    try:
        plan = plan_install(machine, packaged_addin(), _whole(startup), _whole(documents))
    except CmswpError as error:
        if error.reason == "no-excel":
            show(usual_plan_text(say))
        raise
    if dry_run:
        show(plan_text(plan, say))
    else:
        carry_out(plan)
        show(installed_text(plan, say))


@addin.command()
@_startup_option
@_dry_run_option
@language_option
def remove(startup: Path | None, say: Words, *, dry_run: bool) -> None:
    """
    Undo what install wrote; settings of your own stay.

    Close Excel first. The program itself, workbooks and documents are not touched.

    Example: cmswp addin remove --dry-run
    """
    from cmswp_xl.addin.install import plan_removal
    from cmswp_xl.addin.install import remove as carry_out
    from cmswp_xl.addin.status import removal_text

    machine = _machine()
    removal = plan_removal(machine, _whole(startup))
    if not dry_run:
        carry_out(removal, machine)
    show(removal_text(removal, say, done=not dry_run))
    if removal.stays:
        raise CmswpError("addin-stays", path=str(removal.stays))


@addin.command()
@_startup_option
@language_option
def status(startup: Path | None, say: Words) -> None:
    """
    Tell whether the add-in, its settings, Python and xlwings are in place.

    Nothing is changed, and Excel is not started.

    Example: cmswp addin status --lang es
    """
    from cmswp_xl.addin.install import packaged_addin
    from cmswp_xl.addin.status import find_status, status_text

    show(status_text(find_status(_machine(), packaged_addin(), _whole(startup)), say))


def _machine() -> Machine:
    from cmswp_xl.addin.machine import this_machine

    return this_machine(os.environ)


def _whole(folder: Path | None) -> Path | None:
    """Return a folder by its whole path: the settings are read from elsewhere."""
    return None if folder is None else folder.absolute()


@command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65_535), default=8000, show_default=True, help="Port."
)
@click.option("--local", is_flag=True, help="Serve this computer only, without signing in.")
@click.option("--hostname", metavar="NAME", help="Public name, as Excel reaches the server.")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="URL",
    help="Other origin that may ask; exact, may be repeated.",
)
@click.option("--tokens", type=PATH, help="File of users and the hashes of their tokens.")
@click.option("--certificate", type=PATH, help="TLS certificate (PEM).")
@click.option("--key", type=PATH, help="Key of the certificate (PEM).")
@click.option(
    "--max-body",
    type=click.IntRange(1, 100),
    default=10,
    show_default=True,
    metavar="MB",
    help="Largest request, in megabytes.",
)
@click.option(
    "--max-cells",
    type=click.IntRange(1, 10_000_000),
    default=1_000_000,
    show_default=True,
    metavar="N",
    help="Most cells in one request.",
)
@language_option
def serve(say: Words, **options: Any) -> None:
    """
    Serve the add-in for Excel from this computer, with nothing installed where Excel runs.

    It runs on xlwings-server, which is under the PolyForm Noncommercial licence and needs a key
    in XLWINGS_LICENSE_KEY.

    Example: cmswp serve --tokens tokens.txt --hostname cmswp.example.org
    """
    from cmswp_xl.server.launch import Options
    from cmswp_xl.server.launch import serve as start

    gc.enable()  # a server runs for long, unlike the other commands
    start(Options(**options), os.environ, say, lambda text: click.echo(text, err=True))
