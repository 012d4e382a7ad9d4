"""`cmswp addin install`, `remove` and `status`: the ribbon in Excel on this computer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cmswp_xl.cli.outcome import language_option, show, told
from cmswp_xl.errors import CmswpError
from cmswp_xl.languages import Words

if TYPE_CHECKING:
    from cmswp_xl.addin.machine import Machine
    from cmswp_xl.languages import Language

_startup_option = click.option(
    "--startup",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Excel's start-up folder, where it is not the usual one.",
)
_dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Only tell what would be done; change nothing."
)


@click.group()
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
    type=click.Path(path_type=Path),
    help="Where documents from the ribbon go; without it beside the workbook, or as set before.",
)
@_startup_option
@_dry_run_option
@language_option
def install(
    documents: Path | None, startup: Path | None, language: Language, *, dry_run: bool
) -> None:
    """
    Put the add-in where Excel loads it, and tell it which Python to start.

    Close Excel first. An older version is replaced; settings of your own stay. On a system
    without Excel nothing is written.

    Example: cmswp addin install --lang fr
    """
    say = Words(language)
    with told(language):
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
def remove(startup: Path | None, language: Language, *, dry_run: bool) -> None:
    """
    Undo what install wrote; settings of your own stay.

    Close Excel first. The program itself, workbooks and documents are not touched.

    Example: cmswp addin remove --dry-run
    """
    say = Words(language)
    with told(language):
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
def status(startup: Path | None, language: Language) -> None:
    """
    Tell whether the add-in, its settings, Python and xlwings are in place.

    Nothing is changed, and Excel is not started.

    Example: cmswp addin status --lang es
    """
    with told(language):
        from cmswp_xl.addin.install import packaged_addin
        from cmswp_xl.addin.status import find_status, status_text

        found = find_status(_machine(), packaged_addin(), _whole(startup))
        show(status_text(found, Words(language)))


def _machine() -> Machine:
    from cmswp_xl.addin.machine import this_machine

    return this_machine(os.environ)


def _whole(folder: Path | None) -> Path | None:
    """Give a folder by its whole path: the settings are read from elsewhere."""
    return None if folder is None else folder.absolute()
