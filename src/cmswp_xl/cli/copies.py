"""The commands by which several people work on one programme: its parts, and what they become."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cmswp_xl.cli.files import check_new, out_option, refuse, write_upgrade
from cmswp_xl.cli.outcome import (
    DATA_ERRORS,
    DOCUMENT_LANGUAGE,
    FAILED,
    FINE,
    PATH,
    Group,
    command,
    compare_option,
    format_option,
    show,
    usual_options,
)
from cmswp_xl.cli.spoken import message_language_option
from cmswp_xl.languages import Language, Words

if TYPE_CHECKING:
    from cmswp_xl.ooxml import Limits
    from cmswp_xl.validate import Checked
    from cmswp_xl.xlsx import WorkbookFile


@command()
@click.argument("workbook", type=PATH)
@click.option(
    "--by",
    type=click.Choice(["area"]),
    default="area",
    show_default=True,
    expose_value=False,
    help="Part of the programme in each copy.",
)
@click.option("--out", "folder", required=True, type=PATH, help="Folder to write to.")
@usual_options
def split(workbook: Path, folder: Path, say: Words, limits: Limits) -> int:
    """
    Create a copy of WORKBOOK for each programme area.

    In each copy the rows of other areas are shaded. Nothing is protected, so that tables can
    grow: sources, donors, posts and mandates can be added in any copy. Combine the copies with
    “merge”. WORKBOOK is not changed, and no file is replaced.

    Example: cmswp split programme.xlsx --by area --out parts
    """
    from cmswp_xl.rollover.merging import read_version
    from cmswp_xl.rollover.merging import split as split_up
    from cmswp_xl.storage import write_files

    base = read_version(workbook, limits)
    if base.unsure:
        return refuse([(base.origin.book, base.unsure)], say("No copy was made."), say)
    copies = split_up(base.origin)
    files = {f"{workbook.stem}-{code}.xlsx": data for code, data in copies}
    for path in write_files(folder, files, replace=False):
        show(say("Workbook created: {path}", path=str(path)))
    return FINE


@command()
@click.argument("base", type=PATH)
@click.argument("parts", nargs=-1, required=True, type=PATH)
@out_option(required=True)
@click.option("--report", type=PATH, metavar="FILE", help="Write the list to FILE as JSON.")
@usual_options
def merge(
    base: Path,
    parts: tuple[Path, ...],
    path: Path,
    report: Path | None,
    say: Words,
    limits: Limits,
) -> int:
    """
    Combine the copies PARTS of the workbook BASE in a new workbook.

    What was added, changed or removed in each copy is applied and listed. If two copies conflict,
    all conflicting rows and cells are listed with their values and files, no workbook is created
    and the exit code is 1. BASE and the copies are not changed.

    Example: cmswp merge programme.xlsx parts/*.xlsx --out merged.xlsx
    """
    from cmswp_xl.listings.listing import dumped
    from cmswp_xl.rollover.merging import (
        merge_content,
        merge_report,
        merged_workbook,
        merging,
        read_version,
    )
    from cmswp_xl.storage import write_file

    check_new(path)
    versions = [read_version(each, limits) for each in (base, *dict.fromkeys(parts))]
    unsure = [(version.origin.book, version.unsure) for version in versions if version.unsure]
    if unsure:
        return refuse(unsure, say("Nothing was merged."), say)
    found = merging(versions[0], versions[1:])
    conflicts = len(found.merged.conflicts)
    if report is not None:
        content = merge_content(found, None if conflicts else path)
        write_file(report, dumped(content).encode(), [base, *parts])
    show(merge_report(found, say))
    if conflicts:
        show(
            say.many(
                "{count} conflict; nothing was merged. Resolve it in the files, then merge again.",
                "{count} conflicts; nothing was merged. Resolve them in the files, then "
                "merge again.",
                conflicts,
            )
        )
        return DATA_ERRORS
    write_upgrade(path, merged_workbook(found), base, say)
    return FINE


@click.group(cls=Group)
@message_language_option
def texts() -> None:
    """Export the texts of a workbook for translation, and import the translations."""


@texts.command("export")
@click.argument("workbook", type=PATH)
@click.option(
    "--to", "to", required=True, type=DOCUMENT_LANGUAGE, help="Language of the translation."
)
@format_option(
    ("po", "xlsx"), "Format of the file: for translation tools (po), or a sheet (xlsx)."
)
@click.option(
    "--output", "path", required=True, type=PATH, metavar="FILE", help="File to write to."
)
@usual_options
def export_texts(
    workbook: Path, to: str, form: str, path: Path, say: Words, limits: Limits
) -> None:
    """
    Export the texts of WORKBOOK that are not translated or have changed since.

    Each text is written with its place in the workbook, its length and its earlier translation.

    Example: cmswp texts export programme.xlsx --to fr --format po --output fr.po
    """
    from cmswp_xl.rollover.translations import due, po_file, text_sheet
    from cmswp_xl.storage import write_file

    found = due(*_read(workbook, limits), Language(to))
    data = po_file(found, Language(to), say) if form == "po" else text_sheet(found)
    write_file(path, data, [workbook])
    show(
        say.many(
            "{count} text written to {path}",
            "{count} texts written to {path}",
            len(found),
            path=str(path),
        )
    )


@texts.command("import")
@click.argument("workbook", type=PATH)
@click.argument("file", type=PATH)
@out_option(required=True)
@usual_options
def import_texts(workbook: Path, file: Path, path: Path, say: Words, limits: Limits) -> int:
    """
    Create a workbook from WORKBOOK with the finished translations of FILE.

    FILE is a PO file or a sheet created by “texts export”. Empty and unsure translations are
    skipped. Translations of a text that has changed since are refused and listed, and the exit
    code is then 1. WORKBOOK is not changed.

    Example: cmswp texts import programme.xlsx fr.po --out translated.xlsx
    """
    from cmswp_xl.rollover.translations import (
        read_entries,
        taking,
        taking_report,
        workbook_with,
    )

    check_new(path)
    book, checked = _read(workbook, limits)
    found = taking(checked, read_entries(file, limits))
    made = workbook_with(book, checked, found, limits)
    write_upgrade(path, made, workbook, say, taking_report(found, say))
    return DATA_ERRORS if found.refused else FINE


@command()
@click.argument("workbook", type=PATH)
@click.option("--role", required=True, help="Role in which the workbook is approved.")
@click.option("--name", required=True, help="Name of the person who approves it.")
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Date of the approval. [default: today]",
)
@out_option(required=True)
@usual_options
def approve(
    workbook: Path,
    role: str,
    name: str,
    day: dt.datetime | None,
    path: Path,
    say: Words,
    limits: Limits,
) -> None:
    """
    Record the approval of WORKBOOK in a new workbook.

    This is a record, not a signature: anyone who can change the workbook can change it.
    “validate” reports when the content is no longer the approved content. WORKBOOK is not
    changed.

    Example: cmswp approve programme.xlsx --role Finance --name "A. Diallo" --out approved.xlsx
    """
    from cmswp_xl.rollover.fill import approval, approved, approved_by

    check_new(path)
    book, checked = _read(workbook, limits)
    given = (day or dt.datetime.now().astimezone()).date()
    row = approval(checked, str(workbook), role, name, given)
    made = approved(book, checked, row, limits)
    write_upgrade(path, made, workbook, say, approved_by(row, say))


def _read(workbook: Path, limits: Limits) -> tuple[WorkbookFile, Checked]:
    from cmswp_xl.pipeline import check_programme
    from cmswp_xl.xlsx import open_workbook

    book = open_workbook(workbook, limits)
    return book, check_programme(book, str(workbook), flags=False)[0]


@command()
@click.argument("folder", type=PATH, metavar="DIR")
@click.argument("workbook", type=PATH, required=False)
@compare_option("Workbook OLD of the export, if --compare was used.")
@click.option(
    "--templates",
    type=PATH,
    metavar="FOLDER",
    help="Templates of the export, if --templates was used.",
)
@usual_options
def verify(
    folder: Path,
    workbook: Path | None,
    old: Path | None,
    templates: Path | None,
    say: Words,
    limits: Limits,
) -> int:
    """
    Check that the documents in DIR are unchanged, and that they match WORKBOOK.

    Without WORKBOOK, each file is compared with manifest.json. With WORKBOOK, the documents are
    created again with the options of the export and compared.

    Exit codes: 0, all files match; 1, some files differ and are listed; 2, no comparison is
    possible, because the documents were created by another version or with other templates, or
    require LibreOffice.

    Example: cmswp verify documents programme.xlsx
    """
    from cmswp_xl.pipeline import check_workbook
    from cmswp_xl.verification import from_workbook, read_manifest, verdict_text, whole

    manifest = read_manifest(folder)
    if workbook is None:
        verdict = whole(folder, manifest)
    else:
        checkup = check_workbook(workbook, limits, flags=False)
        before = check_workbook(old, limits, flags=False) if old else None
        verdict = from_workbook(folder, manifest, checkup, before, templates)
    if text := verdict_text(verdict, say):
        show(text)
    if verdict.differs:
        return DATA_ERRORS
    if verdict.unclear:
        return FAILED
    count = len(manifest["known"])
    show(
        say.many("{count} file is unchanged.", "{count} files are unchanged.", count)
        if workbook is None
        else say.many(
            "{count} file is exactly what the workbook produces.",
            "{count} files are exactly what the workbook produces.",
            count,
        )
    )
    return FINE
