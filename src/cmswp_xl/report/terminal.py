"""The terminal as rich draws it into a string: any width, with or without colour."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

NARROWEST = 40
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_STAND_IN = "\ue000"
"""Stands for a no-break space while rich, which would break lines at it, wraps them."""

_TALL = 25
_UNBOUNDED = 10_000


def drawn(parts: list[RenderableType], *, colour: bool, width: int) -> str:
    """
    Draw parts one below the other at a width in characters.

    Everything that rich would take from the environment is given here, so that the result depends
    on the arguments only. Lines carry no spaces at their end.
    """
    console = Console(
        file=StringIO(),
        width=max(width, NARROWEST),
        height=_TALL,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        legacy_windows=False,
        force_jupyter=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )
    with console.capture() as capture:
        for part in parts:
            console.width = max(width, NARROWEST, _least_width(part, console))
            console.print(part)
    text = capture.get().replace(_STAND_IN, _NO_BREAK_SPACE)
    return "".join(f"{line.rstrip(' ')}\n" for line in text.split("\n")[:-1])


def _least_width(part: RenderableType, console: Console) -> int:
    """Give the width below which a part would lose figures; text may be as narrow as it gets."""
    if not isinstance(part, Table):
        return 0
    unbounded = console.options.update(max_width=_UNBOUNDED)
    return Measurement.get(console, unbounded, part).minimum


def line(text: str, style: str = "") -> Text:
    """Make a text that is wrapped at ordinary spaces only and read for no markup."""
    return Text(text.replace(_NO_BREAK_SPACE, _STAND_IN), style)
