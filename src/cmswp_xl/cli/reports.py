"""The commands that read workbooks and say what they found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cmswp_xl.cli.outcome import (
    DATA_ERRORS,
    FINE,
    PATH,
    LateChoice,
    Output,
    command,
    compare_option,
    format_option,
    limit_options,
    output_option,
    report_failure,
    scenario_option,
    screen,
    show,
    templates_option,
    usual_options,
)
from cmswp_xl.cli.spoken import language_option, message_language_option
from cmswp_xl.errors import CmswpError, Misuse, UnfitData
from cmswp_xl.languages import Words

if TYPE_CHECKING:
    from cmswp_xl.figures.totals import ProgrammeTotals
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
    workbooks: tuple[Path, ...], out: Output, say: Words, limits: Limits, *, strict: bool
) -> int:
    """
    Check workbooks and report issues.

    Each issue is reported at its cell, with the rule and the remedy. No workbook is changed.

    Example: cmswp validate workbook/example.xlsx --lang fr
    """
    from cmswp_xl.pipeline import check_workbook

    out.check(*workbooks)
    checkups: list[Checkup] = []
    code = FINE
    for path in workbooks:
        try:
            checkups.append(check_workbook(path, limits))
        except CmswpError as error:  # which does not keep the others from being checked
            code = max(code, report_failure(error, say.language))
    if checkups:
        out.write(_issues(checkups, out, say, several=len(workbooks) > 1), *workbooks)
    if any(checkup.errors or (strict and checkup.warnings) for checkup in checkups):
        code = max(code, DATA_ERRORS)
    return code


def _issues(checkups: Sequence[Checkup], out: Output, say: Words, *, several: bool) -> str | bytes:
    """Return the issues in a form; `several` workbooks were asked for, some perhaps unreadable."""
    from cmswp_xl.listings import issues
    from cmswp_xl.pipeline import annotated, copy_remark, report_of

    if out.form == "xlsx":
        copy = annotated(checkups[0], say, str(out.path))
        if remark := copy_remark(checkups[0], say):
            click.echo(remark, err=True)
        return copy
    reports = [report_of(checkup) for checkup in checkups]
    if out.form == "json":
        return issues.issues_json(reports, say, several=several)
    if out.form == "html":
        return issues.issues_html(reports, say)
    return issues.issues_text(reports, say, **out.screen)


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
@usual_options
def diff(
    old: Path, new: Path, out: Output, templates: Path | None, say: Words, limits: Limits
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

    if out.form == "docx" and out.path is None:
        raise Misuse("diff-needs-output", form=out.form)
    out.check(old, new)
    before, after = (check_workbook(path, limits, flags=False) for path in (old, new))
    out.write(_changes(before, after, out, say, templates), old, new)
    unfit = [checkup for checkup in (before, after) if checkup.errors]
    for checkup in unfit:
        report_failure(_has_errors(checkup), say.language)
    return DATA_ERRORS if unfit else FINE


def _changes(
    old: Checkup, new: Checkup, out: Output, say: Words, templates: Path | None
) -> str | bytes:
    from cmswp_xl.pipeline import compared, summary_of_revisions

    if out.form in {"docx", "html"}:
        return summary_of_revisions(old, new, say.language, out.form, templates)
    from cmswp_xl.listings.changes import changes_json, changes_text

    comparison = compared(old, new)
    if out.form == "json":
        return changes_json(comparison)
    return changes_text(comparison, say, **out.screen)


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
@usual_options
def totals(
    workbook: Path, by: str, scenario: str | None, out: Output, say: Words, limits: Limits
) -> None:
    """
    Show the costs, the funding available and the funding to be sought.

    Pledges and contributions in kind are not counted as available. What is not costed remains
    blank.

    Example: cmswp totals workbook/example.xlsx --by source --format csv
    """
    from cmswp_xl.listings.totals import totals_listing, totals_text

    figures = _figures(workbook, scenario, out, limits)
    if out.form == "text":
        out.write(totals_text(figures, by, say, **out.screen), workbook)
    else:
        listing = totals_listing(figures, by, say.language)
        out.write(listing.written(out.form, say.language), workbook)


@command()
@click.argument("workbook", type=PATH)
@scenario_option
@output_option
@format_option(("text", "json", "csv", "xlsx"))
@usual_options
def unfunded(
    workbook: Path, scenario: str | None, out: Output, say: Words, limits: Limits
) -> None:
    """
    List the activities for which funding is still to be sought.

    Partly funded activities are included. Activities not yet costed are listed separately.

    Example: cmswp unfunded workbook/example.xlsx --lang fr
    """
    from cmswp_xl.listings.totals import unfunded_listing, unfunded_text

    figures = _figures(workbook, scenario, out, limits)
    if out.form == "text":
        out.write(unfunded_text(figures, say, **out.screen), workbook)
    else:
        listing = unfunded_listing(figures, say.language)
        out.write(listing.written(out.form, say.language), workbook)


def _figures(workbook: Path, scenario: str | None, out: Output, limits: Limits) -> ProgrammeTotals:
    from cmswp_xl.pipeline import check_workbook, totals_of

    out.check(workbook)
    return totals_of(check_workbook(workbook, limits), scenario)


@command()
@click.argument("workbook", type=PATH)
@output_option
@message_language_option
@limit_options
def dump(workbook: Path, out: Output, limits: Limits) -> None:
    """
    Print the data of WORKBOOK as sorted JSON.

    Calculated columns are omitted. A cell with an error that leaves no value is null, and the
    exit code is then 1.

    Example: cmswp dump workbook/example.xlsx
    """
    from cmswp_xl import pipeline
    from cmswp_xl.listings.listing import dumped

    out.check(workbook)
    checkup = pipeline.check_workbook(workbook, limits)
    out.write(dumped(pipeline.dump(checkup)), workbook)
    if checkup.errors:
        raise _has_errors(checkup)


@command()
@click.argument("workbook", type=PATH)
@click.argument("figure")
@format_option(("text", "json"))
@scenario_option
@compare_option("Workbook OLD with which the documents annex-compared and revisions are compared.")
@output_option
@usual_options
def trace(
    workbook: Path,
    figure: str,
    scenario: str | None,
    old: Path | None,
    out: Output,
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
    out.check(*spared)
    checkup = check_workbook(workbook, limits, flags=False)
    if old is None:
        tracer = tracer_of(checkup, totals_of(checkup, scenario))
    else:
        before = check_workbook(old, limits, flags=False)
        versions, after = versions_of(before, checkup, scenario)
        tracer = tracer_of(checkup, after, versions)
    out.write(_traced(tracer, figure, str(workbook), out, say), *spared)


def _traced(tracer: Tracer, figure: str, workbook: str, out: Output, say: Words) -> str:
    """Write one figure, a list of figures, or the kinds of a whole document."""
    from cmswp_xl.listings.trace import figure_text, found_text, kinds_text, traces_json
    from cmswp_xl.trace import read

    document, *parts = read(figure) or [""]
    if document in tracer.papers.names and not parts:
        whole = tracer.traced(document, say.language)
        if out.form == "json":
            return traces_json([(whole, None)], say)
        return kinds_text(whole, say, **out.screen)
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
    if out.form == "json":
        return traces_json(traced, say)
    if len(found) == 1:
        return figure_text(*traced[0], say, **out.screen)
    return found_text(found, traced, say, **out.screen)
