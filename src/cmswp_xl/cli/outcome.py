"""How every command ends: what it says, its exit code, and the options that commands share."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cmswp_xl.errors import CmswpError, UnfitData, UnwritableOutput
from cmswp_xl.languages import DOCUMENT_LANGUAGES, Language, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cmswp_xl.xlsx import Limits


_Command = TypeVar("_Command", bound="Callable[..., Any]")
_LARGEST_CELLS = 1_048_576 * 16_384

WORKBOOK = click.Path(path_type=Path)
"""Paths are checked by the reading door, whose messages say what to do."""

LANGUAGES = click.Choice([language.value for language in DOCUMENT_LANGUAGES])

language_option = click.option(
    "--lang",
    "language",
    type=click.Choice([language.value for language in Language]),
    default="en",
    show_default=True,
    callback=lambda _context, _option, value: Language(value),
    help="Language of the output.",
)

output_option = click.option(
    "--output", type=click.Path(path_type=Path), help="File to write to, in place of the screen."
)

scenario_option = click.option(
    "--scenario", metavar="CODE", help="Budget scenario; without it, the programme's own."
)


def limit_options(command: _Command) -> _Command:
    """Add the options that raise the limits for very large workbooks."""
    command = click.option(
        "--max-cells",
        type=click.IntRange(1, _LARGEST_CELLS),
        metavar="N",
        help="Most cells read per table (2,000,000).",
    )(command)
    return click.option(
        "--max-size",
        type=click.IntRange(1, 100_000),
        metavar="MB",
        help="Largest size of the workbook when unpacked, in megabytes (200).",
    )(command)


def limits_of(max_cells: int | None, max_size: int | None) -> Limits:
    """Give the limits that the options ask for."""
    from cmswp_xl.xlsx import Limits

    return Limits.raised(max_cells, max_size)


FINE = 0
DATA_ERRORS = 1
FAILED = 2
INTERRUPTED = 130


def tell(error: CmswpError, language: Language) -> int:
    """Tell a failure on standard error and give its exit code."""
    from cmswp_xl.messages.failures import worded_error

    click.echo(worded_error(error, Words(language)), err=True)
    return DATA_ERRORS if isinstance(error, UnfitData) else FAILED


@contextlib.contextmanager
def told(language: Language) -> Iterator[None]:
    """Turn any failure inside into its message and exit code; no traceback reaches the user."""
    try:
        yield
    except CmswpError as error:
        raise click.exceptions.Exit(tell(error, language)) from error
    except (click.exceptions.Exit, click.ClickException, click.Abort, BrokenPipeError):
        raise
    except MemoryError as error:
        raise click.exceptions.Exit(tell(CmswpError("out-of-memory"), language)) from error
    except Exception as error:
        if os.environ.get("CMSWP_DEBUG"):
            raise
        detail = f"{type(error).__name__}: {error}"
        failure = CmswpError("unexpected", detail=detail)
        raise click.exceptions.Exit(tell(failure, language)) from error


def show(result: str | bytes) -> None:
    """Print a result on standard output; bytes as they are."""
    try:
        text = result if isinstance(result, str) else result.decode()
        click.echo(result, nl=not text.endswith("\n"))
    except BrokenPipeError:
        raise
    except OSError as error:
        detail = error.strerror or ""
        raise UnwritableOutput("output-unwritable", path="stdout", detail=detail) from error


def deliver(result: str | bytes, output: Path | None, spared: Sequence[Path] = ()) -> None:
    """Write a result to the file asked for, or print it where none is."""
    if output is None:
        show(result)
        return
    from cmswp_xl.storage import write_file

    write_file(output, result.encode() if isinstance(result, str) else result, spared)


def check_new_workbook(path: Path) -> None:
    """Raise `UnwritableOutput` where no new workbook can be made at a path; for a quick answer."""
    from cmswp_xl.storage import occupied

    if path.suffix.casefold() != ".xlsx":
        raise UnwritableOutput("not-xlsx-name", path=str(path))
    if occupied(path):
        raise UnwritableOutput("output-exists", path=str(path))


def list_texts(error: CmswpError, say: Words) -> None:
    """List the texts that a document would lack, each at its cell."""
    from cmswp_xl.listings.issues import missing_texts

    texts = error.values.get("texts")
    if isinstance(texts, tuple):
        show(missing_texts(texts, say))


def in_colour() -> bool:
    """Tell whether standard output is a terminal that wants colour."""
    return _terminal() and not os.environ.get("NO_COLOR")


def width() -> int:
    """Give the width to write in: the terminal's, or 100 columns elsewhere."""
    if not _terminal():
        return 100
    return min(os.get_terminal_size(sys.stdout.fileno()).columns, 160)


def _terminal() -> bool:
    """Tell whether standard output is a terminal; it may also be closed."""
    return sys.stdout is not None and sys.stdout.isatty()
