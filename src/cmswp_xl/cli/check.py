"""`cmswp validate`, `cmswp rules` and `cmswp explain`: what is wrong, and what the rules are."""

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
    output_option,
    show,
    tell,
    told,
    width,
)
from cmswp_xl.errors import CmswpError, Misuse
from cmswp_xl.languages import Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cmswp_xl.languages import Language
    from cmswp_xl.pipeline import Checkup
    from cmswp_xl.xlsx import Limits


@click.command()
@click.argument("workbooks", nargs=-1, required=True, type=WORKBOOK)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html", "xlsx"]),
    default="text",
    show_default=True,
    help="xlsx is a copy of the workbook with its faulty cells marked.",
)
@output_option
@language_option
@click.option("--strict", is_flag=True, help="Let warnings give exit code 1 too.")
@limit_options
def validate(
    workbooks: tuple[Path, ...],
    form: str,
    output: Path | None,
    language: Language,
    *,
    strict: bool,
    max_cells: int | None,
    max_size: int | None,
) -> None:
    """
    Check each WORKBOOK against the schemas and rules.

    Every fault is told at its cell, with the rule and the remedy. The workbook is never changed.

    Example: cmswp validate workbook/example.xlsx --lang fr
    """
    with told(language):
        _check_request(workbooks, form, output)
        checkups, code = _check(workbooks, limits_of(max_cells, max_size), language)
        if checkups:
            result = _result(checkups, form, Words(language), output, len(workbooks) > 1)
            deliver(result, output, workbooks)
    if any(checkup.errors or (strict and checkup.warnings) for checkup in checkups):
        code = max(code, DATA_ERRORS)
    raise click.exceptions.Exit(code)


@click.command()
@language_option
def rules(language: Language) -> None:
    """
    List all issue codes with their severity and rule.

    Example: cmswp rules --lang es
    """
    with told(language):
        from cmswp_xl.listings.issues import rules_text

        show(rules_text(Words(language), colour=in_colour(), width=width()))


@click.command()
@click.argument("code")
@language_option
def explain(code: str, language: Language) -> None:
    """
    Tell what an issue CODE means, why it is a rule, and how to mend it.

    Example: cmswp explain wrong-type
    """
    with told(language):
        from cmswp_xl.issues import SEVERITIES
        from cmswp_xl.listings.issues import explanation_text

        wanted = code.strip().casefold()
        if wanted not in SEVERITIES:
            raise Misuse("unknown-code", code=code)
        show(explanation_text(wanted, Words(language), colour=in_colour(), width=width()))


def _check_request(workbooks: Sequence[Path], form: str, output: Path | None) -> None:
    if form == "xlsx" and (output is None or len(workbooks) > 1):
        raise Misuse("needs-output", form=form)
    if output is not None:
        from cmswp_xl.storage import check_spared

        check_spared(output, workbooks)


def _check(
    workbooks: Sequence[Path], limits: Limits, language: Language
) -> tuple[list[Checkup], int]:
    """Check every workbook; one that cannot be read does not keep the others from it."""
    from cmswp_xl.pipeline import check_workbook

    checkups: list[Checkup] = []
    code = FINE
    for path in workbooks:
        try:
            checkups.append(check_workbook(path, limits))
        except CmswpError as error:
            code = max(code, tell(error, language))
    return checkups, code


def _result(
    checkups: Sequence[Checkup],
    form: str,
    say: Words,
    output: Path | None,
    several: bool,  # noqa: FBT001  how many were asked for, not how many could be read
) -> str | bytes:
    from cmswp_xl.pipeline import annotated, copy_remark, report_of

    if form == "xlsx":
        copy = annotated(checkups[0], say, str(output))
        if remark := copy_remark(checkups[0], say):
            click.echo(remark, err=True)
        return copy
    reports = [report_of(checkup) for checkup in checkups]
    if form == "json":
        from cmswp_xl.listings.jsons import issues_json

        return issues_json(reports, say, several=several)
    if form == "html":
        from cmswp_xl.listings.html import issues_html

        return issues_html(reports, say)
    from cmswp_xl.listings.issues import issues_text

    return issues_text(reports, say, colour=in_colour() and output is None, width=width())
