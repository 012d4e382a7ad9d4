"""The command line: options, one pipeline call, print, exit code."""

from __future__ import annotations

import contextlib
import os
import sys

import click

from cmswp_xl import __version__
from cmswp_xl.cli.copies import approve, merge, split, texts, verify
from cmswp_xl.cli.files import export, fill, import_, new, templates, upgrade
from cmswp_xl.cli.outcome import FAILED, INTERRUPTED, Group, report_failure
from cmswp_xl.cli.reports import diff, dump, explain, rules, totals, trace, unfunded, validate
from cmswp_xl.cli.setup import addin, doctor, serve
from cmswp_xl.cli.spoken import message_language_option, misuse, spoken_language
from cmswp_xl.errors import CmswpError, UnwritableOutput
from cmswp_xl.languages import Language, Words, reason_of

__all__ = ["main", "run"]


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 99},
)
@message_language_option
@click.version_option(__version__, message="cmswp %(version)s")
def main() -> None:
    """
    Keep a costed programme of work in Excel, check it and publish its documents.

    Create a workbook with “new”, check it with “validate”, show its figures with “totals” and
    “unfunded”, and publish it with “export”.

    Exit codes: 0, success; 1, errors in the data; 2, a file could not be read or written, or the
    command was not used correctly.
    """


for _command in (
    *(new, upgrade, fill, validate, totals, unfunded, export, diff, dump, rules, explain, doctor),
    *(addin, serve, templates, import_, trace, split, merge, texts, approve, verify),
):
    main.add_command(_command)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code; a closed or full output is no crash."""
    _plain_output()
    given = sys.argv[1:] if arguments is None else arguments
    language = spoken_language(given)
    try:
        code = _run(given, language)
        if sys.stdout is not None:
            sys.stdout.flush()
    except SystemExit as stop:
        if stop.code != 1:
            raise
        return _silenced()
    except BrokenPipeError:
        return _silenced()
    except OSError as error:
        detail = reason_of(error)
        _silenced()
        return report_failure(
            UnwritableOutput("output-unwritable", path="stdout", detail=detail), language
        )
    return code


def _run(arguments: list[str], language: Language) -> int:
    """Run the command and report misuse in at most two lines, in a language."""
    try:
        result = main.main(
            arguments, prog_name="cmswp", standalone_mode=False, obj=Words(language)
        )
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return error.exit_code
    except click.UsageError as error:
        return report_failure(misuse(error), language)
    except CmswpError as error:
        return report_failure(error, language)
    return result if isinstance(result, int) else 0


def _silenced() -> int:
    """Leave an output that nobody reads any more; click ends on one with exit code 1."""
    with contextlib.suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED


def _plain_output() -> None:
    """Write UTF-8 wherever output goes to a file or another program."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure") and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
