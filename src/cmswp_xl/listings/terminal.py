"""The terminal as rich draws it into a string: any width, with or without colour."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

from rich.box import Box
from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

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


NAME_WIDTH = 26
"""The least width that a column of titles should have."""

GAP = 2
"""The spaces between two columns."""

_RULES = Box("    \n    \n -- \n    \n    \n -- \n    \n    \n", ascii=True)


@dataclass(frozen=True, slots=True)
class Column:
    """
    A column: its heading, a cell for each row, and a cell in the line of the total.

    `amount` columns are aligned on the right and never broken; a `name` takes what room is left.
    """

    heading: str
    cells: Sequence[str]
    total: str = ""
    amount: bool = False
    name: bool = False

    @property
    def width(self) -> int:
        """The width that the column needs; for a name the least that it should have."""
        if self.name:
            return min(self.longest, NAME_WIDTH)
        words = self.heading.split() if self.amount else [self.heading]
        return max(cell_len(text) for text in (*words, *self.cells, self.total))

    @property
    def longest(self) -> int:
        """The width at which no cell is broken."""
        lines = (text for cell in self.cells for text in cell.split("\n"))
        return max(cell_len(text) for text in (self.heading, self.total, *lines))


def width_of(columns: Sequence[Column]) -> int:
    """Give the least width of a table of these columns, gaps included."""
    return sum(column.width for column in columns) + GAP * (len(columns) - 1)


def grid(columns: Sequence[Column], width: int, *, total: bool = True) -> Table:
    """Make the table for a width; where that is too little it is as wide as its figures need."""
    table = Table(
        box=_RULES, show_footer=total, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0)
    )
    room = max(width - width_of(columns), 0)
    for column in columns:
        table.add_column(
            line(column.heading),
            line(column.total),
            justify="right" if column.amount else "left",
            overflow="fold",
            width=min(column.width + room, column.longest) if column.name else column.width,
            header_style="bold",
            footer_style="bold",
        )
    for cells in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*map(line, cells))
    return table
