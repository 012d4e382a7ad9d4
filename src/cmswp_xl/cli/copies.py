"""The commands by which several people work on one programme: its parts, and what they become."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cmswp_xl.cli.files import check_new, out_option, write_new
from cmswp_xl.cli.outcome import (
    DATA_ERRORS,
    FINE,
    PATH,
    command,
    deliver,
    language_option,
    limit_options,
    screen,
    show,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cmswp_xl.languages import Words
    from cmswp_xl.rollover.merging import Version
    from cmswp_xl.xlsx import Limits


@command()
@click.argument("workbook", type=PATH)
@click.option(
    "--by",
    type=click.Choice(["area"]),
    default="area",
    show_default=True,
    expose_value=False,
    help="What each copy is for.",
)
@click.option("--out", "folder", required=True, type=PATH, help="Folder to write to.")
@language_option
@limit_options
def split(workbook: Path, folder: Path, say: Words, limits: Limits) -> int:
    """
    Make a copy of WORKBOOK for each programme area.

    In each copy the rows of other areas are shaded; nothing is protected, so that tables can
    grow. Sources, donors, posts and mandates may be added in any copy. What comes back is brought
    together with "merge". WORKBOOK is not changed, and no file is replaced.

    Example: cmswp split programme.xlsx --by area --out parts
    """
    from cmswp_xl.rollover.merging import read_version
    from cmswp_xl.rollover.parts import split as split_up
    from cmswp_xl.storage import write_files

    base = read_version(workbook, limits)
    if base.unsure:
        return _refused([base], say("No copy was made."), say)
    copies = split_up(base.book, base.checked, limits)
    files = {f"{workbook.stem}-{code}.xlsx": data for code, data in copies}
    for path in write_files(folder, files, replace=False):
        show(say("Workbook made: {path}", path=str(path)))
    return FINE


@command()
@click.argument("base", type=PATH)
@click.argument("parts", nargs=-1, required=True, type=PATH, metavar="PART...")
@out_option(required=True)
@click.option("--report", type=PATH, metavar="FILE", help="Write what is listed to FILE, as JSON.")
@language_option
@limit_options
def merge(
    base: Path,
    parts: tuple[Path, ...],
    path: Path,
    report: Path | None,
    say: Words,
    limits: Limits,
) -> int:
    """
    Bring the copies PART of the workbook BASE together in a new workbook.

    What each copy added, changed or removed is taken and listed. Where two copies disagree, all
    such rows and cells are listed with their values and files, nothing is decided or made, and
    the exit code is 1. BASE and the copies are not changed.

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
    from cmswp_xl.rollover.upgrade import upgrade_report

    check_new(path)
    versions = [read_version(each, limits) for each in (base, *dict.fromkeys(parts))]
    if any(version.unsure for version in versions):
        return _refused(versions, say("Nothing was merged."), say)
    found = merging(versions[0], versions[1:])
    conflicts = len(found.merged.conflicts)
    if report is not None:
        content = merge_content(found, None if conflicts else path)
        deliver(dumped(content), report, [base, *parts])
    show(merge_report(found, say))
    if conflicts:
        show(
            say.many(
                "{count} conflict; nothing was made. Settle it in the files, then merge again.",
                "{count} conflicts; nothing was made. Settle them in the files, then merge again.",
                conflicts,
            )
        )
        return DATA_ERRORS
    made = merged_workbook(found, limits)
    write_new(path, made.data)
    show(upgrade_report(made, str(path), str(base), say))
    return FINE


def _refused(versions: Sequence[Version], verdict: str, say: Words) -> int:
    """List the errors that leave open what was typed in workbooks."""
    from cmswp_xl.listings import Report
    from cmswp_xl.listings.issues import issues_text

    reports = [
        Report(v.book.name, v.book.sha256, v.unsure, verdict=verdict) for v in versions if v.unsure
    ]
    show(issues_text(reports, say, **screen()))
    return DATA_ERRORS
