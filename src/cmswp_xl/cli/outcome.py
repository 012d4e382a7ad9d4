"""How every command runs and ends: its options, what it prints, its exit code."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypedDict, TypeVar

import click

from cmswp_xl.cli.spoken import Spoken, SpokenGroup, language_option, words
from cmswp_xl.errors import CmswpError, Misuse, UnfitData, UnwritableOutput
from cmswp_xl.languages import DOCUMENT_LANGUAGES, Language, Words, reason_of

FINE = 0
DATA_ERRORS = 1
FAILED = 2
INTERRUPTED = 130

_Function = TypeVar("_Function", bound="Callable[..., Any]")
_LARGEST_CELLS = 1_048_576 * 16_384

PATH = click.Path(path_type=Path)
"""Paths are checked by the reading door, whose messages say what to do."""


class LateChoice(click.Choice[str]):
    """A choice whose values are loaded where they are asked for, since that takes time."""

    def __init__(self, load: Callable[[], Sequence[str]]) -> None:
        self.case_sensitive = True
        self._load = load

    @property
    def choices(self) -> Sequence[str]:  # type: ignore[override]
        """The values, in their order."""
        return self._load()


DOCUMENT_LANGUAGE = click.Choice([language.value for language in DOCUMENT_LANGUAGES])


def workbook_language_option(help_text: str, **given: Any) -> Callable[[_Function], _Function]:
    """Return the option `--lang` of a command that makes a workbook in that language."""
    return click.option("--lang", "language", type=DOCUMENT_LANGUAGE, help=help_text, **given)


def format_option(
    forms: Sequence[str], help_text: str = "Format of the output."
) -> Callable[[_Function], _Function]:
    """Return the option `--format`, which is the first of some forms unless it is given."""
    choice = click.Choice(forms)
    return click.option(
        "--format", "form", type=choice, default=forms[0], show_default=True, help=help_text
    )


output_option = click.option("--output", type=PATH, help="File to write to instead of the screen.")
"""A command with this option gets `out`, which knows its `--format` too."""

scenario_option = click.option(
    "--scenario", metavar="CODE", help="Budget scenario. [default: that of the programme]"
)
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show what would be done, and change nothing."
)
templates_option = click.option(
    "--templates",
    type=PATH,
    metavar="FOLDER",
    help="Your own templates, copied with: cmswp templates copy FOLDER",
)


def compare_option(help_text: str) -> Callable[[_Function], _Function]:
    """Return the option `--compare` of a command that compares with a workbook OLD."""
    return click.option("--compare", "old", type=PATH, metavar="OLD", help=help_text)


def check_folder(folder: Path) -> None:
    """Raise a failure where a folder that was named is not there."""
    if not folder.is_dir():
        raise Misuse("no-folder", path=str(folder))


_cells_option = click.option(
    "--max-cells",
    type=click.IntRange(1, _LARGEST_CELLS),
    metavar="N",
    help="Maximum number of cells in a table (2,000,000).",
)
_size_option = click.option(
    "--max-size",
    type=click.IntRange(1, 100_000),
    metavar="MB",
    help="Maximum size of the unpacked workbook, in megabytes (200).",
)


def limit_options(command: _Function) -> _Function:
    """Add the options for very large workbooks; the command gets `limits`."""
    return _size_option(_cells_option(command))


def usual_options(command: _Function) -> _Function:
    """Add what most commands end with: the language of the output, and `limits`."""
    return language_option(limit_options(command))


class Command(Spoken):
    """
    A command that ends with the exit code it returns, and any failure with its message.

    It gets `say` for its language, `limits` for the options that raise them, and `out` for where
    its result goes.
    """

    def invoke(self, ctx: click.Context) -> int:
        """Run the command; no traceback reaches the user."""
        language = message_language(ctx.params, words(ctx).language)
        with failures_reported(language):
            if ctx.params.keys() & {"language", "languages"}:
                ctx.params.pop("language", None)
                ctx.params["say"] = Words(language)
            if ctx.params.get("templates") is not None:
                check_folder(ctx.params["templates"])
            if "max_size" in ctx.params:
                from cmswp_xl.ooxml import Limits

                asked = ctx.params.pop("max_cells"), ctx.params.pop("max_size")
                ctx.params["limits"] = Limits.raised(*asked)
            if "output" in ctx.params:
                path, form = ctx.params.pop("output"), ctx.params.pop("form", "")
                ctx.params["out"] = Output(path, form)
            code: int | None = super().invoke(ctx)
        raise click.exceptions.Exit(code or FINE)


class Group(SpokenGroup):
    """A group of such commands."""

    command_class = Command


command = partial(click.command, cls=Command)


def message_language(params: Mapping[str, Any], usual: Language = Language.EN) -> Language:
    """Return the language of messages: the only one that was asked for, else the usual one."""
    asked = {params.get("language"), *params.get("languages", ())} - {None}
    return Language(asked.pop()) if len(asked) == 1 and "all" not in asked else usual


def report_failure(error: CmswpError, language: Language) -> int:
    """Print a failure on standard error and return its exit code."""
    from cmswp_xl.messages.failures import worded_error

    click.echo(worded_error(error, Words(language)), err=True)
    return DATA_ERRORS if isinstance(error, UnfitData) else FAILED


@contextlib.contextmanager
def failures_reported(language: Language) -> Iterator[None]:
    """Turn any failure inside into its message and exit code; no traceback reaches the user."""
    try:
        yield
    except (click.exceptions.Exit, click.ClickException, click.Abort, BrokenPipeError):
        raise
    except CmswpError as error:
        raise click.exceptions.Exit(_refused(error, language)) from error
    except MemoryError as error:
        code = report_failure(CmswpError("out-of-memory"), language)
        raise click.exceptions.Exit(code) from error
    except Exception as error:
        if os.environ.get("CMSWP_DEBUG"):
            raise
        failure = CmswpError("unexpected", detail=f"{type(error).__name__}: {error}")
        raise click.exceptions.Exit(report_failure(failure, language)) from error


def _refused(error: CmswpError, language: Language) -> int:
    """Report a failure; before it each text that a document would lack, at its cell."""
    texts = error.values.get("texts")
    if isinstance(texts, tuple):
        from cmswp_xl.listings.issues import missing_texts

        try:
            show(missing_texts(texts, Words(language)))
        except UnwritableOutput as unwritable:
            error = unwritable
    return report_failure(error, language)


def show(result: str | bytes) -> None:
    """Print a result on standard output; bytes as they are."""
    try:
        text = result if isinstance(result, str) else result.decode()
        click.echo(result, nl=not text.endswith("\n"))
    except BrokenPipeError:
        raise
    except OSError as error:
        detail = reason_of(error)
        raise UnwritableOutput("output-unwritable", path="stdout", detail=detail) from error


class Screen(TypedDict):
    """How a text is drawn."""

    colour: bool
    width: int


def screen(output: Path | None = None) -> Screen:
    """Return colour and width of the terminal; 100 plain columns elsewhere."""
    terminal = sys.stdout is not None and sys.stdout.isatty()  # it may also be closed
    colour = terminal and output is None and not os.environ.get("NO_COLOR")
    width = min(os.get_terminal_size(sys.stdout.fileno()).columns, 160) if terminal else 100
    return {"colour": colour, "width": width}


@dataclass(frozen=True, slots=True)
class Output:
    """The file that a command writes its result to, None for the screen, and in which form."""

    path: Path | None
    form: str

    def check(self, *inputs: Path) -> None:
        """Raise a failure before any work where a name is lacking or an input would be lost."""
        if self.form == "xlsx" and (self.path is None or len(inputs) > 1):
            raise Misuse("needs-output", form=self.form)
        if self.path is not None:
            from cmswp_xl.storage import check_spared

            check_spared(self.path, inputs)

    def write(self, result: str | bytes, *inputs: Path) -> None:
        """Write the result, to none of the inputs."""
        if self.path is None:
            show(result)
            return
        from cmswp_xl.storage import write_file

        write_file(self.path, result.encode() if isinstance(result, str) else result, inputs)

    @property
    def screen(self) -> Screen:
        """How a text is drawn."""
        return screen(self.path)
