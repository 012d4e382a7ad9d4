"""The options that commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cmswp_xl.languages import Language

if TYPE_CHECKING:
    from collections.abc import Callable

    from cmswp_xl.xlsx import Limits

_Command = TypeVar("_Command", bound="Callable[..., Any]")
_LARGEST_CELLS = 1_048_576 * 16_384

WORKBOOK = click.Path(path_type=Path)
"""Paths are checked by the reading door, whose messages say what to do."""

LANGUAGES = click.Choice([language.value for language in Language])

language_option = click.option(
    "--lang",
    "language",
    type=LANGUAGES,
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
