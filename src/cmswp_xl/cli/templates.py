"""`cmswp templates copy` and `check`: templates that staff change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cmswp_xl.cli.outcome import FAILED, FINE, language_option, show, told
from cmswp_xl.errors import Misuse
from cmswp_xl.languages import Words

if TYPE_CHECKING:
    from cmswp_xl.languages import Language

_FOLDER = click.Path(path_type=Path)


@click.group()
def templates() -> None:
    """
    Copy the templates of the documents to change them, and check what was changed.

    Export with them: cmswp export WORKBOOK --out DIR --templates FOLDER

    Example: cmswp templates copy my-templates
    """


@templates.command()
@click.argument("folder", type=_FOLDER)
@language_option
def copy(folder: Path, language: Language) -> None:
    """
    Copy all templates to FOLDER; a file that is there already is never replaced.

    The Word files can be changed in Word. Keep the tags in double braces.

    Example: cmswp templates copy my-templates
    """
    with told(language):
        from cmswp_xl.pipeline import DOCUMENTS
        from cmswp_xl.restyling import copy_templates

        copied = copy_templates(folder, DOCUMENTS)
        say = Words(language)
        show(
            say.many(
                "{count} file copied to {folder}",
                "{count} files copied to {folder}",
                len(copied),
                folder=str(folder),
            )
        )


@templates.command()
@click.argument("folder", type=_FOLDER)
@language_option
def check(folder: Path, language: Language) -> None:
    """
    Check the templates in FOLDER: misspelt names with their place, and what is not used.

    Example: cmswp templates check my-templates
    """
    with told(language):
        from cmswp_xl.pipeline import sample_contexts
        from cmswp_xl.restyling import FAULTS, check_templates, templates_text

        if not folder.is_dir():
            raise Misuse("no-folder", path=str(folder))
        findings = check_templates(folder, sample_contexts())
        show(templates_text(findings, Words(language)))
        faults = any(finding.reason in FAULTS for finding in findings)
    raise click.exceptions.Exit(FAILED if faults else FINE)
