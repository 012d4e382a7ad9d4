"""`cmswp export`: the official documents of one or several workbooks, in batches."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cmswp_xl.cli.outcome import (
    FINE,
    WORKBOOK,
    limit_options,
    limits_of,
    list_texts,
    scenario_option,
    show,
    told,
)
from cmswp_xl.errors import Misuse, UnfitData
from cmswp_xl.languages import DOCUMENT_LANGUAGES, Language, Words
from cmswp_xl.registry import ALL, DATA, DOCUMENTS, SET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cmswp_xl.pipeline import Request
    from cmswp_xl.xlsx import Limits


@click.command()
@click.argument("workbooks", nargs=-1, required=True, type=WORKBOOK)
@click.option(
    "--out", "folder", required=True, type=click.Path(path_type=Path), help="Folder to write to."
)
@click.option(
    "--document",
    "documents",
    multiple=True,
    type=click.Choice((*DOCUMENTS, ALL, SET, DATA)),
    help="Document to make; may be repeated. [default: annex]",
)
@click.option(
    "--lang",
    "languages",
    multiple=True,
    type=click.Choice([*(language.value for language in DOCUMENT_LANGUAGES), "all"]),
    help="Language; may be repeated. [default: all]",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["docx", "html", "pdf"]),
    help="File format; may be repeated; pdf needs LibreOffice. [default: docx and html]",
)
@click.option(
    "--area", "areas", multiple=True, metavar="CODE", help="Only this area; may be repeated."
)
@scenario_option
@click.option(
    "--templates",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Templates of your own, as copied by: cmswp templates copy FOLDER",
)
@click.option(
    "--compare",
    "old",
    type=WORKBOOK,
    metavar="OLD",
    help="Make the annex beside that of the workbook OLD: approved, revised, change.",
)
@click.option(
    "--trace", is_flag=True, help="Write beside each document where its figures come from (JSON)."
)
@limit_options
def export(  # noqa: PLR0913, PLR0917  one parameter for each option
    workbooks: tuple[Path, ...],
    folder: Path,
    documents: tuple[str, ...],
    languages: tuple[str, ...],
    formats: tuple[str, ...],
    areas: tuple[str, ...],
    scenario: str | None,
    templates: Path | None,
    old: Path | None,
    trace: bool,  # noqa: FBT001  a flag of the command line
    max_cells: int | None,
    max_size: int | None,
) -> None:
    """
    Make the official documents of each WORKBOOK.

    All documents of a workbook are written, or none of them; each with its place in
    manifest.json. Several workbooks get a folder each below the one given.

    Example: cmswp export workbook/example.xlsx --out documents --lang fr --format docx
    """
    told_in = _message_language(languages)
    with told(told_in):
        from cmswp_xl.office import found_office
        from cmswp_xl.pipeline import FORMATS, Request

        request = Request(
            tuple(dict.fromkeys(documents)) or ("annex",),
            DOCUMENT_LANGUAGES
            if not languages or "all" in languages
            else tuple(Language(value) for value in dict.fromkeys(languages)),
            tuple(dict.fromkeys(formats)) or FORMATS,
            tuple(dict.fromkeys(areas)),
            scenario,
            _existing(templates),
            found_office(),
            trace=trace,
        )
        if old is not None and trace:
            raise Misuse("no-trace-of-comparison")
        targets = _targets(workbooks, folder)
        limits = limits_of(max_cells, max_size)
        with _progress(request.count() * len(targets)) as done:
            say = Words(told_in)
            code = max(
                _export(path, out, request, limits, done, say, old) for path, out in targets
            )
    raise click.exceptions.Exit(code)


def _existing(templates: Path | None) -> Path | None:
    if templates is not None and not templates.is_dir():
        raise Misuse("no-folder", path=str(templates))
    return templates


def _targets(workbooks: Sequence[Path], folder: Path) -> list[tuple[Path, Path]]:
    """Give each workbook its folder; equal names cannot share one."""
    if len(workbooks) == 1:
        return [(workbooks[0], folder)]
    names = Counter(path.stem.casefold() for path in workbooks)
    for path in workbooks:
        if names[path.stem.casefold()] > 1:
            raise Misuse("same-name", name=path.name)
    return [(path, folder / path.stem) for path in workbooks]


def _message_language(languages: Sequence[str]) -> Language:
    """Speak the language of the documents where it is one, else English."""
    one = len(set(languages)) == 1 and languages[0] != "all"
    return Language(languages[0]) if one else Language.EN


def _export(
    path: Path,
    folder: Path,
    request: Request,
    limits: Limits,
    done: Callable[[str], None],
    say: Words,
    old: Path | None = None,
) -> int:
    """Export one workbook and give its exit code; a failure leaves the other workbooks alone."""
    from cmswp_xl.storage import write_files

    try:
        with told(say.language):
            try:
                files = _built(path, old, request, limits, done)
                written = write_files(folder, files, spared=[path, *([old] if old else [])])
            except UnfitData as error:
                list_texts(error, say)
                raise
    except click.exceptions.Exit as stop:
        return stop.exit_code
    show(
        say.many(
            "{count} file written to {folder}",
            "{count} files written to {folder}",
            len(written),
            folder=str(folder),
        )
    )
    return FINE


def _built(
    path: Path,
    old: Path | None,
    request: Request,
    limits: Limits,
    done: Callable[[str], None],
) -> dict[str, bytes]:
    """Build the documents of a workbook, or its annex beside that of an older one."""
    from cmswp_xl.pipeline import build_documents, check_workbook

    checkup = check_workbook(path, limits, flags=False)
    if old is None:
        return build_documents(checkup, request, done)
    from cmswp_xl.comparing import build_compared

    return build_compared(check_workbook(old, limits, flags=False), checkup, request, done)


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
