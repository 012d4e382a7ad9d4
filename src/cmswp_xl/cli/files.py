"""The commands that make files: workbooks, documents, copies of the templates."""

from __future__ import annotations

import contextlib
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from cmswp_xl.cli.outcome import (
    DATA_ERRORS,
    FAILED,
    FINE,
    PATH,
    Group,
    LateChoice,
    check_folder,
    command,
    compare_option,
    dry_run_option,
    failures_reported,
    limit_options,
    scenario_option,
    screen,
    show,
    templates_option,
    workbook_language_option,
)
from cmswp_xl.cli.spoken import language_option, message_language_option, usual_language
from cmswp_xl.errors import CmswpError, Misuse, UnwritableOutput
from cmswp_xl.languages import DOCUMENT_LANGUAGES, N_, Language, Words
from cmswp_xl.registry import ALL, ANNEX, DATA, DOCUMENTS, SET, TEMPLATED

if TYPE_CHECKING:
    from cmswp_xl.documents.build import Built, Request
    from cmswp_xl.issues import Issue
    from cmswp_xl.ooxml import Limits
    from cmswp_xl.rollover.upgrade import Upgrade
    from cmswp_xl.xlsx import WorkbookFile

    Building = Callable[..., Built]


def write_new(path: Path, data: bytes) -> None:
    """Write a new workbook; raises `UnwritableOutput` where a file is there already."""
    from cmswp_xl.storage import write_file

    write_file(path, data, replace=False)


def check_new(path: Path) -> None:
    """Raise `UnwritableOutput` where no new workbook can be made at a path; for a quick answer."""
    from cmswp_xl.storage import occupied

    if path.suffix.casefold() != ".xlsx":
        raise UnwritableOutput("not-xlsx-name", path=str(path))
    if occupied(path):
        raise UnwritableOutput("output-exists", path=str(path))


def write_upgrade(path: Path, made: Upgrade, old: Path, say: Words, *done: str) -> None:
    """Write a workbook that was made from an old one, and show what was done and carried over."""
    from cmswp_xl.rollover.upgrade import upgrade_report

    write_new(path, made.data)
    for text in (*done, upgrade_report(made, str(path), str(old), say)):
        show(text)


def refuse(found: Iterable[tuple[WorkbookFile, Sequence[Issue]]], verdict: str, say: Words) -> int:
    """List the issues because of which nothing was made of some workbooks."""
    from cmswp_xl.listings import Report
    from cmswp_xl.listings.issues import issues_text

    reports = [Report(book.name, book.sha256, issues, verdict=verdict) for book, issues in found]
    show(issues_text(reports, say, **screen()))
    return DATA_ERRORS


def _sheet_groups(text: str) -> list[str]:
    """Return the groups of sheets that a text lists; raises `Misuse` for one that there is not."""
    from cmswp_xl.schema import seldom_groups

    known = seldom_groups()
    groups = [group.strip().casefold() for group in text.split(",") if group.strip()]
    for group in groups:
        if group not in known:
            raise Misuse("unknown-sheets", group=group, known=known)
    return groups


out_option = partial(
    click.option,
    "--out",
    "path",
    type=PATH,
    metavar="NEW",
    help="Workbook to create (.xlsx); an existing file is never replaced.",
)


def _asked(say: Words) -> Language | None:
    """Return the language if it was given, be it the one that it is otherwise."""
    source = click.get_current_context().get_parameter_source("language")
    return None if source is ParameterSource.DEFAULT else say.language


@command()
@click.argument("path", type=PATH)
@workbook_language_option(
    "Language of the sheets and headings, and original language of the programme. With --from,"
    " the default is the original language of OLD.",
    default=usual_language,
    show_default="en",
)
@click.option("--example", is_flag=True, help="Fill in the worked example.")
@click.option("--from", "old", type=PATH, metavar="OLD", help="Workbook of the previous period.")
@click.option(
    "--period",
    metavar="YEARS",
    help="Years of the new period, such as 2018-2020; requires --from.",
)
@click.option(
    "--with",
    "groups",
    default="",
    metavar="SHEETS",
    help="Sheets to show even if they are empty, such as review,scenarios.",
)
@limit_options
def new(
    path: Path,
    old: Path | None,
    period: str | None,
    groups: str,
    say: Words,
    limits: Limits,
    *,
    example: bool,
) -> None:
    """
    Create a workbook at PATH.

    The workbook works in Excel without this program: drop-down lists, calculated columns, a
    summary and checks. An existing file is never replaced.

    With --from and --period, create the workbook of the next period: areas, activities, texts and
    codes are copied from OLD; costs, funding, rates, progress and comments are not. OLD is not
    changed.

    With --with, show sheets that are otherwise hidden while they are empty: review (of
    technology), scenarios, post-funding, comments, rates, approvals.

    Example: cmswp new programme.xlsx --lang fr
    """
    if old is None and period is not None:
        raise Misuse("period-alone")
    if old is not None and example:
        raise Misuse("from-and-example")
    if old is not None and period is None:
        raise Misuse("from-alone")
    shown = _sheet_groups(groups)
    check_new(path)
    if old is None or period is None:
        from cmswp_xl.pipeline import new_workbook

        write_new(path, new_workbook(say.language, example=example, shown=shown))
        show(say("Workbook created: {path}", path=str(path)))
        return
    from cmswp_xl.rollover.period import next_report, next_workbook, read_period

    made = next_workbook(old, read_period(period), _asked(say), limits, shown)
    write_new(path, made.data)
    show(next_report(made, str(path), str(old), Words(made.language)))


@command()
@click.argument("old", type=PATH)
@out_option(required=True)
@workbook_language_option(
    "Language of the sheets and headings. [default: that of OLD]",
    default=None,
)
@limit_options
def upgrade(old: Path, path: Path, say: Words, limits: Limits) -> None:
    """
    Convert the workbook OLD to the current tables and columns.

    Every value is copied as it was typed. What no longer has a place (columns, sheets and notes
    of your own, cells beside the tables) is listed and kept on a sheet of the new workbook; the
    exit code is 0 in either case. OLD is not changed.

    Example: cmswp upgrade old.xlsx --out new.xlsx
    """
    from cmswp_xl.rollover.upgrade import upgraded

    check_new(path)
    made = upgraded(old, _asked(say), limits)
    write_upgrade(path, made, old, Words(made.language))


@command()
@click.argument("workbook", type=PATH)
@out_option(required=False)
@dry_run_option
@click.option(
    "--renumber",
    "areas",
    multiple=True,
    metavar="CODE",
    help="Number the activities of this area, or of all areas (all), consecutively;"
    " may be repeated.",
)
@workbook_language_option(
    "Language of the sheets, the headings and the output. [default: that of WORKBOOK]",
    default=None,
)
@limit_options
def fill(
    workbook: Path,
    path: Path | None,
    areas: tuple[str, ...],
    say: Words,
    limits: Limits,
    *,
    dry_run: bool,
) -> int:
    """
    Add the rows of the sheet Entry to a new workbook.

    Each row becomes an activity with its costs and contributions; the additions are listed first.
    If a row is unclear or would overwrite something, all such cells are listed, no workbook is
    created and the exit code is 1. WORKBOOK is not changed.

    Example: cmswp fill programme.xlsx --out filled.xlsx
    """
    from cmswp_xl.rollover.fill import filled, plan_lines, read_plan

    if path is None and not dry_run:
        raise Misuse("fill-without-out")
    if path is not None:
        check_new(path)
    book, plan = read_plan(workbook, areas, limits)
    asked = _asked(say)
    spoken = Words(asked or plan.checked.names.language)
    if plan.issues:
        return refuse([(book, plan.issues)], spoken(N_("Nothing was taken over.")), spoken)
    lines = plan_lines(plan, spoken)
    show("\n".join(lines) or spoken(N_("The numbers are already consecutive; none was changed.")))
    if path is not None and not dry_run:
        write_upgrade(path, filled(book, plan, asked, limits), workbook, spoken)
    return FINE


@command("import")
@click.argument("annex", type=PATH)
@workbook_language_option(
    "Language of the annex, the workbook and the output.",
    required=True,
)
@click.option(
    "--period", required=True, metavar="YEARS", help="Period of the annex, such as 2012-2014."
)
@click.option(
    "--currency", required=True, metavar="CODE", help="Currency of the annex, such as EUR."
)
@out_option(required=True, metavar="WORKBOOK")
@limit_options
def import_(
    annex: Path, period: str, currency: str, path: Path, say: Words, limits: Limits
) -> int:
    """
    Create a workbook from ANNEX, a costed programme of work in Word.

    Every doubtful cell is listed with its table, row and column, its content, the value taken and
    the reason. Printed totals are compared with the values read; if they differ, the exit code is
    1. ANNEX is not changed.

    Example: cmswp import annex.docx --lang fr --period 2012-2014 --currency EUR --out new.xlsx
    """
    from cmswp_xl.pipeline import workbook_of
    from cmswp_xl.word_import import read_annex
    from cmswp_xl.word_import.columns import Asked
    from cmswp_xl.word_import.issues import report_text, unfit_text
    from cmswp_xl.word_import.workbook_rows import rows_of

    asked = Asked(say.language, _years(period), _currency(currency))
    check_new(path)
    reading = read_annex(annex, asked, limits)
    rows = rows_of(reading)
    try:
        workbook = workbook_of(rows, say.language)
    except ValueError as error:  # what would not be sound is reported rather than written
        raise CmswpError("import-unfit", file=str(annex), detail=str(error)) from error
    write_new(path, workbook)
    unfit = unfit_text(reading.issues, say)
    if unfit:
        show(unfit)
    show(say("Workbook created: {path}", path=str(path)))
    show(report_text(reading.name, rows, reading.issues, say))
    return DATA_ERRORS if unfit else FINE


def _years(text: str) -> range:
    """Read a period such as 2012-2014, or a single year."""
    from cmswp_xl.rollover.period import read_period

    one = re.fullmatch(r"\s*([0-9]{4})\s*", text)
    return read_period(f"{one[1]}-{one[1]}" if one else text, "import-period")


def _currency(text: str) -> str:
    code = text.strip().upper()
    if not re.fullmatch("[A-Z]{3}", code):
        raise Misuse("import-currency", currency=text)
    return code


def _settings_of(name: str) -> LateChoice:
    """Return the choice among the words of a setting."""

    def load() -> tuple[str, ...]:
        from cmswp_xl.schema import load_schemas

        return load_schemas()["programme"].field(name).enum

    return LateChoice(load)


@command()
@click.argument("workbooks", nargs=-1, required=True, type=PATH)
@click.option("--out", "folder", required=True, type=PATH, help="Folder to write to.")
@click.option(
    "--document",
    "documents",
    multiple=True,
    type=click.Choice((*DOCUMENTS, ALL, SET, DATA)),
    help="Document to create; may be repeated. [default: annex]",
)
@click.option(
    "--lang",
    "languages",
    multiple=True,
    type=click.Choice([*(language.value for language in DOCUMENT_LANGUAGES), "all"]),
    help="Language, in which no text may be missing; may be repeated."
    " [default: all complete languages]",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["docx", "html", "pdf"]),
    help="File format; may be repeated; pdf requires LibreOffice. [default: docx and html]",
)
@click.option(
    "--area",
    "areas",
    multiple=True,
    metavar="CODE",
    help="Export this area only; may be repeated.",
)
@click.option(
    "--donor",
    "donors",
    multiple=True,
    metavar="CODE",
    help="Create a statement for this donor, with --document contributions; may be repeated.",
)
@scenario_option
@templates_option
@compare_option(
    "Create the annex compared with that of the workbook OLD: approved, revised, change."
)
@click.option(
    "--tracked",
    is_flag=True,
    help="With --compare, create the annex of OLD in Word with the changes in WORKBOOK tracked.",
)
@click.option(
    "--author", metavar="NAME", help="Author of the tracked changes. [default: cmswp-xl]"
)
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Date of the tracked changes, such as 2025-03-31. [default: that of the document]",
)
@click.option(
    "--trace",
    is_flag=True,
    help="Write the sources of the figures of each document to a file beside it (JSON).",
)
@click.option(
    "--rounding",
    type=_settings_of("rounding"),
    help="Rounding of amounts. [default: that of the workbook]",
)
@click.option(
    "--number-style",
    type=_settings_of("number_style"),
    help="Separators of thousands and decimals. [default: those of the workbook]",
)
@limit_options
def export(
    workbooks: tuple[Path, ...],
    folder: Path,
    old: Path | None,
    say: Words,
    limits: Limits,
    *,
    tracked: bool,
    **asked: Any,
) -> int:
    """
    Create the official documents of each WORKBOOK.

    Either all documents of a workbook are written, or none; manifest.json lists them. Each of
    several workbooks has a folder of its own.

    Each document is created in every language in which no text is missing. With --lang, a missing
    text stops the export. Omitted documents and languages are shown and listed in manifest.json.

    Example: cmswp export workbook/example.xlsx --out documents --lang fr --format docx
    """
    from cmswp_xl.documents.build import FORMATS, Request
    from cmswp_xl.office import found_office
    from cmswp_xl.pipeline import build_compared, build_tracked

    author, day = asked.pop("author"), asked.pop("day")
    if not tracked and (author or day):
        raise Misuse("tracked-alone")
    if tracked and old is None:
        raise Misuse("tracked-without-old")
    build: Building = build_compared
    if tracked:
        build = partial(build_tracked, author=author, day=day.date() if day else None)
    documents, languages, formats, areas = (
        tuple(dict.fromkeys(asked.pop(name)))
        for name in ("documents", "languages", "formats", "areas")
    )
    every = not languages or "all" in languages
    request = Request(
        documents or (ANNEX,),
        DOCUMENT_LANGUAGES if every else tuple(map(Language, languages)),
        formats or FORMATS[: 1 if tracked else None],
        areas,
        office=found_office(),
        insists=bool(languages),
        **asked,  # the options that a request has by the same names
    )
    targets = _targets(workbooks, folder)
    with _progress(request.count() * len(targets)) as done:
        return max(
            _export(path, out, (old, build), request, limits, done, say) for path, out in targets
        )


def _targets(workbooks: Sequence[Path], folder: Path) -> list[tuple[Path, Path]]:
    """Return each workbook with its folder; equal names cannot share one."""
    if len(workbooks) == 1:
        return [(workbooks[0], folder)]
    names = Counter(path.stem.casefold() for path in workbooks)
    for path in workbooks:
        if names[path.stem.casefold()] > 1:
            raise Misuse("same-name", name=path.name)
    return [(path, folder / path.stem) for path in workbooks]


def _export(
    path: Path,
    folder: Path,
    version: tuple[Path | None, Building],
    request: Request,
    limits: Limits,
    done: Callable[[str], None],
    say: Words,
) -> int:
    """Export one workbook and return its exit code; a failure leaves the other workbooks alone."""
    from cmswp_xl.listings.issues import left_out
    from cmswp_xl.pipeline import build_documents, check_workbook
    from cmswp_xl.storage import write_files

    old, build = version
    try:
        with failures_reported(say.language):
            checkup = check_workbook(path, limits, flags=False)
            if old is None:
                made = build_documents(checkup, request, done)
            else:
                before = check_workbook(old, limits, flags=False)
                made = build(before, checkup, request, done)
            written = write_files(folder, made.files, spared=[path, *([old] if old else [])])
    except click.exceptions.Exit as stop:
        return stop.exit_code
    text = say.many(
        "{count} file written to {folder}",
        "{count} files written to {folder}",
        len(written),
        folder=str(folder),
    )
    replaced = say(
        "The columns or the budget scenario differ: rows are marked as deleted and inserted again."
    )
    show("\n".join([text, *([replaced] if made.replaced else []), *left_out(made, say)]))
    return FINE


@contextlib.contextmanager
def _progress(length: int) -> Iterator[Callable[[str], None]]:
    """Show a bar on a terminal, and nothing elsewhere."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _name: None
        return
    from cmswp_xl.interruption import Cleaning

    bar = click.progressbar(length=length, file=sys.stderr, show_pos=True)
    with bar, Cleaning(bar.render_finish):  # which shows the cursor again
        yield lambda _name: bar.update(1)


@click.group(cls=Group)
@message_language_option
def templates() -> None:
    """
    Copy the templates of the documents, and check changed templates.

    Export with them: cmswp export WORKBOOK --out DIR --templates FOLDER

    Example: cmswp templates copy my-templates
    """


@templates.command()
@click.argument("folder", type=PATH)
@language_option
def copy(folder: Path, say: Words) -> None:
    """
    Copy all templates to FOLDER.

    An existing file is never replaced. Edit the Word files in Word, and keep the tags in double
    braces.

    Example: cmswp templates copy my-templates
    """
    from cmswp_xl.restyling import copy_templates

    copied = copy_templates(folder, TEMPLATED)
    show(
        say.many(
            "{count} file copied to {folder}",
            "{count} files copied to {folder}",
            len(copied),
            folder=str(folder),
        )
    )


@templates.command()
@click.argument("folder", type=PATH)
@language_option
def check(folder: Path, say: Words) -> int:
    """
    Check the templates in FOLDER.

    Misspelt names are reported with their place, and fields that are not used are listed.

    Example: cmswp templates check my-templates
    """
    from cmswp_xl.restyling import FAULTS, check_templates, sample_contexts, templates_text

    check_folder(folder)
    findings = check_templates(folder, sample_contexts())
    show(templates_text(findings, say))
    return FAILED if any(finding.reason in FAULTS for finding in findings) else FINE
