"""The commands that read workbooks and say what they found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cmswp_xl.cli.outcome import (
    DATA_ERRORS,
    FINE,
    PATH,
    LateChoice,
    command,
    deliver,
    format_option,
    limit_options,
    output_option,
    report_failure,
    scenario_option,
    screen,
    show,
    templates_option,
)
from cmswp_xl.cli.spoken import language_option, message_language_option
from cmswp_xl.errors import CmswpError, Misuse, UnfitData

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cmswp_xl.languages import Words
    from cmswp_xl.listings.trace import Tracer
    from cmswp_xl.ooxml import Limits
    from cmswp_xl.pipeline import Checkup


@command()
@click.argument("workbooks", nargs=-1, required=True, type=PATH)
@format_option(
    ("text", "json", "html", "xlsx"),
    "Format of the output; xlsx is a copy of the workbook in which cells with issues are marked.",
)
@output_option
@language_option
@click.option("--strict", is_flag=True, help="Return exit code 1 for warnings too.")
@limit_options
def validate(
    workbooks: tuple[Path, ...],
    form: str,
    output: Path | None,
    say: Words,
    limits: Limits,
    *,
    strict: bool,
) -> int:
    """
    Check workbooks and report issues.

    Each issue is reported at its cell, with the rule and the remedy. No workbook is changed.

    Example: cmswp validate workbook/example.xlsx --lang fr
    """
    from cmswp_xl.pipeline import check_workbook

    _check_output(output, form, workbooks)
    checkups: list[Checkup] = []
    code = FINE
    for path in workbooks:
        try:
            checkups.append(check_workbook(path, limits))
        except CmswpError as error:  # which does not keep the others from being checked
            code = max(code, report_failure(error, say.language))
    if checkups:
        several = len(workbooks) > 1
        deliver(_issues(checkups, form, say, output, several=several), output, workbooks)
    if any(checkup.errors or (strict and checkup.warnings) for checkup in checkups):
        code = max(code, DATA_ERRORS)
    return code


def _issues(
    checkups: Sequence[Checkup], form: str, say: Words, output: Path | None, *, several: bool
) -> str | bytes:
    """Return the issues in a form; `several` workbooks were asked for, some perhaps unreadable."""
    from cmswp_xl.listings import issues
    from cmswp_xl.pipeline import annotated, copy_remark, report_of

    if form == "xlsx":
        copy = annotated(checkups[0], say, str(output))
        if remark := copy_remark(checkups[0], say):
            click.echo(remark, err=True)
        return copy
    reports = [report_of(checkup) for checkup in checkups]
    if form == "json":
        return issues.issues_json(reports, say, several=several)
    if form == "html":
        return issues.issues_html(reports, say)
    return issues.issues_text(reports, say, **screen(output))


@command()
@language_option
def rules(say: Words) -> None:
    """
    List all issue codes with their severity and rule.

    Example: cmswp rules --lang es
    """
    from cmswp_xl.listings.issues import rules_text

    show(rules_text(say, **screen()))


@command()
@click.argument("code")
@language_option
def explain(code: str, say: Words) -> None:
    """
    Explain an issue CODE: what it means, why it is checked and how to correct it.

    Example: cmswp explain wrong-type
    """
    from cmswp_xl.issues import SEVERITIES
    from cmswp_xl.listings.issues import explanation_text

    wanted = code.strip().casefold()
    if wanted not in SEVERITIES:
        raise Misuse("unknown-code", code=code)
    show(explanation_text(wanted, say, **screen()))


@command()
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
@format_option(
    ("text", "json", "docx", "html"),
    "Format of the output; docx and html are the document “Summary of revisions”.",
)
@output_option
@templates_option
@language_option
@limit_options
def diff(
    old: Path,
    new: Path,
    form: str,
    output: Path | None,
    templates: Path | None,
    say: Words,
    limits: Limits,
) -> int:
    """
    Show what changed from the workbook OLD to the workbook NEW.

    Rows are matched by their keys, in any order. Changes to the data entered come first, followed
    by their effect on sub-totals and totals. Differences are not errors: the exit code is 0. If
    one of the workbooks has errors, only changes to the data entered are shown and the exit code
    is 1; if NEW has errors, no document is created.

    Example: cmswp diff approved.xlsx revised.xlsx --format docx --output revisions.docx
    """
    from cmswp_xl.pipeline import check_workbook

    if form == "docx" and output is None:
        raise Misuse("diff-needs-output", form=form)
    _check_output(output, "", (old, new))
    before, after = (check_workbook(path, limits, flags=False) for path in (old, new))
    deliver(_changes(before, after, form, say, output, templates), output, (old, new))
    unfit = [checkup for checkup in (before, after) if checkup.errors]
    for checkup in unfit:
        report_failure(_has_errors(checkup), say.language)
    return DATA_ERRORS if unfit else FINE


def _changes(
    old: Checkup, new: Checkup, form: str, say: Words, output: Path | None, templates: Path | None
) -> str | bytes:
    from cmswp_xl.pipeline import compared, summary_of_revisions

    if form in {"docx", "html"}:
        return summary_of_revisions(old, new, say.language, form, templates)
    from cmswp_xl.listings.changes import changes_json, changes_text

    comparison = compared(old, new)
    if form == "json":
        return changes_json(comparison)
    return changes_text(comparison, say, **screen(output))


def _check_output(output: Path | None, form: str, workbooks: Sequence[Path]) -> None:
    """Raise a failure before any work where the output lacks a name, or would replace an input."""
    if form == "xlsx" and (output is None or len(workbooks) > 1):
        raise Misuse("needs-output", form=form)
    if output is not None:
        from cmswp_xl.storage import check_spared

        check_spared(output, workbooks)


def _has_errors(checkup: Checkup) -> UnfitData:
    return UnfitData("has-errors", workbook=checkup.name, errors=checkup.errors)


def _groupings() -> Sequence[str]:
    from cmswp_xl.figures.totals import GROUPINGS

    return GROUPINGS


@command()
@click.argument("workbook", type=PATH)
@click.option(
    "--by",
    type=LateChoice(_groupings),
    default="activity",
    show_default=True,
    help="Grouping of the figures.",
)
@scenario_option
@output_option
@format_option(("text", "json", "csv", "xlsx"))
@language_option
@limit_options
def totals(
    workbook: Path,
    by: str,
    scenario: str | None,
    form: str,
    output: Path | None,
    say: Words,
    limits: Limits,
) -> None:
    """
    Show the costs, the funding available and the funding to be sought.

    Pledges and contributions in kind are not counted as available. What is not costed remains
    blank.

    Example: cmswp totals workbook/example.xlsx --by source --format csv
    """
    from cmswp_xl.listings.totals import totals_listing, totals_text
    from cmswp_xl.pipeline import check_workbook, totals_of

    _check_output(output, form, [workbook])
    figures = totals_of(check_workbook(workbook, limits), scenario)
    deliver(
        totals_text(figures, by, say, **screen(output))
        if form == "text"
        else totals_listing(figures, by, say.language).written(form, say.language),
        output,
        [workbook],
    )


@command()
@click.argument("workbook", type=PATH)
@scenario_option
@output_option
@format_option(("text", "json", "csv", "xlsx"))
@language_option
@limit_options
def unfunded(
    workbook: Path,
    scenario: str | None,
    form: str,
    output: Path | None,
    say: Words,
    limits: Limits,
) -> None:
    """
    List the activities for which funding is still to be sought.

    Partly funded activities are included. Activities not yet costed are listed separately.

    Example: cmswp unfunded workbook/example.xlsx --lang fr
    """
    from cmswp_xl.listings.totals import unfunded_listing, unfunded_text
    from cmswp_xl.pipeline import check_workbook, totals_of

    _check_output(output, form, [workbook])
    figures = totals_of(check_workbook(workbook, limits), scenario)
    deliver(
        unfunded_text(figures, say, **screen(output))
        if form == "text"
        else unfunded_listing(figures, say.language).written(form, say.language),
        output,
        [workbook],
    )


@command()
@click.argument("workbook", type=PATH)
@output_option
@message_language_option
@limit_options
def dump(workbook: Path, output: Path | None, limits: Limits) -> None:
    """
    Print the data of WORKBOOK as sorted JSON.

    Calculated columns are omitted. A cell with an error that leaves no value is null, and the
    exit code is then 1.

    Example: cmswp dump workbook/example.xlsx
    """
    from cmswp_xl import pipeline
    from cmswp_xl.listings.listing import dumped

    _check_output(output, "", [workbook])
    checkup = pipeline.check_workbook(workbook, limits)
    deliver(dumped(pipeline.dump(checkup)), output, [workbook])
    if checkup.errors:
        raise _has_errors(checkup)


@command()
@click.argument("workbook", type=PATH)
@click.argument("figure")
@format_option(("text", "json"))
@scenario_option
@click.option(
    "--compare",
    "old",
    type=PATH,
    metavar="OLD",
    help="Workbook OLD with which the documents annex-compared and revisions are compared.",
)
@output_option
@language_option
@limit_options
def trace(  # noqa: PLR0913, PLR0917  one parameter for each option
    workbook: Path,
    figure: str,
    form: str,
    scenario: str | None,
    old: Path | None,
    output: Path | None,
    say: Words,
    limits: Limits,
) -> None:
    """
    Show the cells of WORKBOOK from which a FIGURE is calculated, and the rule.

    FIGURE is an amount or the number of an activity as printed, a row and the heading of a column
    such as “annex/1.2/to be sought”, or the path shown in a list. If several figures match, they
    are listed. The name of a document alone lists its kinds of figures.

    Example: cmswp trace workbook/example.xlsx "annex/1.2/to be sought"
    """
    from cmswp_xl.pipeline import check_workbook, totals_of, tracer_of, versions_of

    spared = [workbook, *([old] if old else [])]
    _check_output(output, "", spared)
    checkup = check_workbook(workbook, limits, flags=False)
    if old is None:
        tracer = tracer_of(checkup, totals_of(checkup, scenario))
    else:
        before = check_workbook(old, limits, flags=False)
        versions, after = versions_of(before, checkup, scenario)
        tracer = tracer_of(checkup, after, versions)
    text = _traced(tracer, figure, form, str(workbook), output, say)
    deliver(text, output, spared)


def _traced(
    tracer: Tracer, figure: str, form: str, workbook: str, output: Path | None, say: Words
) -> str:
    """Write one figure, a list of figures, or the kinds of a whole document."""
    from cmswp_xl.listings.trace import figure_text, found_text, kinds_text, traces_json
    from cmswp_xl.trace import read

    document, *parts = read(figure) or [""]
    if document in tracer.papers.names and not parts:
        whole = tracer.traced(document, say.language)
        if form == "json":
            return traces_json([(whole, None)], say)
        return kinds_text(whole, say, **screen(output))
    found = tracer.found(figure, say.language)
    if not found:
        near = say.listed(tracer.papers.nearest(figure, say.language)) or "–"
        places = {"figure": figure, "near": near}
        names = tracer.papers.names
        if document in names:
            raise Misuse("unknown-figure", **places, workbook=workbook, part=document)
        raise Misuse("unknown-document-figure", **places, known=names)
    seen = dict.fromkeys(one.document for one in found)
    papers = {name: tracer.traced(name, say.language) for name in seen}
    traced = [(papers[one.document], one.path) for one in found]
    if form == "json":
        return traces_json(traced, say)
    if len(found) == 1:
        return figure_text(*traced[0], say, **screen(output))
    return found_text(found, traced, say, **screen(output))
