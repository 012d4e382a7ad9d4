"""`cmswp diff`: what changed between two versions, on the screen or as a summary of revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cmswp_xl.cli.outcome import (
    DATA_ERRORS,
    FINE,
    WORKBOOK,
    deliver,
    in_colour,
    language_option,
    limit_options,
    limits_of,
    list_texts,
    output_option,
    tell,
    told,
    width,
)
from cmswp_xl.errors import Misuse, UnfitData
from cmswp_xl.languages import Words

if TYPE_CHECKING:
    from pathlib import Path

    from cmswp_xl.languages import Language
    from cmswp_xl.pipeline import Checkup

_DOCUMENTS = frozenset({"docx", "html"})


@click.command()
@click.argument("old", type=WORKBOOK)
@click.argument("new", type=WORKBOOK)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "docx", "html"]),
    default="text",
    show_default=True,
    help="docx and html are the summary of revisions, as a document.",
)
@output_option
@language_option
@limit_options
def diff(
    old: Path,
    new: Path,
    form: str,
    output: Path | None,
    language: Language,
    max_cells: int | None,
    max_size: int | None,
) -> None:
    """
    Tell what changed from the workbook OLD to the workbook NEW.

    Rows are matched by their keys, whatever their order. What was typed comes first, then its
    effect on sub-totals and totals. Differences are no errors: the exit code is 0. Where one of
    the workbooks has errors, typed changes are told, figures are not, and the exit code is 1; no
    document is made if that is NEW.

    Example: cmswp diff approved.xlsx revised.xlsx --format docx --output revisions.docx
    """
    with told(language):
        from cmswp_xl.pipeline import check_workbook
        from cmswp_xl.storage import check_spared

        if form == "docx" and output is None:
            raise Misuse("diff-needs-output", form=form)
        if output is not None:
            check_spared(output, (old, new))
        limits = limits_of(max_cells, max_size)
        before, after = (check_workbook(path, limits, flags=False) for path in (old, new))
        try:
            result = _result(before, after, form, Words(language), colour=output is None)
        except UnfitData as error:
            list_texts(error, Words(language))
            raise
        deliver(result, output, (old, new))
        code = max(_told_errors(checkup, language) for checkup in (before, after))
    raise click.exceptions.Exit(code)


def _result(old: Checkup, new: Checkup, form: str, say: Words, *, colour: bool) -> str | bytes:
    from cmswp_xl.comparing import compared, summary_of_revisions

    if form in _DOCUMENTS:
        return summary_of_revisions(old, new, say.language, form)

    comparison = compared(old, new)
    if form == "json":
        from cmswp_xl.listings.jsons import changes_json

        return changes_json(comparison)
    from cmswp_xl.listings.changes import changes_text

    return changes_text(comparison, say, colour=colour and in_colour(), width=width())


def _told_errors(checkup: Checkup, language: Language) -> int:
    """Say on standard error that a workbook has errors, and give the exit code for it."""
    if not checkup.errors:
        return FINE
    tell(UnfitData("has-errors", workbook=checkup.name, errors=checkup.errors), language)
    return DATA_ERRORS
