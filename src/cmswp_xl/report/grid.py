"""A table on a terminal: names on the left, amounts aligned on the right, a total below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.box import Box
from rich.cells import cell_len
from rich.table import Table

from cmswp_xl.report.terminal import line

if TYPE_CHECKING:
    from collections.abc import Sequence

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
