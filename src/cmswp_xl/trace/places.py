"""Where the values of the programme stand: from a row and a field to the cell of the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.trace.figure import Cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cmswp_xl.validate import Checked, TypedTable


@dataclass(frozen=True, slots=True)
class Places:
    """
    The cells behind a programme.

    Rows are counted as the programme has them, from 0; `kept` gives the row of the table for each.
    """

    typed: Mapping[str, TypedTable]
    kept: Mapping[str, Sequence[int]]

    def cell(self, table: str, index: int, name: str) -> Cell | None:
        """Give the cell of a field; None where the workbook has no such column."""
        typed = self.typed[table]
        row = self.kept[table][index]
        place = typed.table.place(name, row)
        if place is None:
            return None
        value, heading = typed.column(name)[row], typed.table.headings[name]
        return Cell(typed.table.sheet, *place, table, name, value, heading)

    def cells(self, table: str, index: int, names: Sequence[str]) -> tuple[Cell, ...]:
        """Give the cells of some fields of a row, without those that the workbook lacks."""
        found = (self.cell(table, index, name) for name in names)
        return tuple(cell for cell in found if cell is not None)


def places_of(checked: Checked) -> Places:
    """Give the places of a programme without errors; ValueError where there is none."""
    if checked.draft is None or checked.programme is None:
        raise ValueError
    return Places(checked.typed, checked.draft.kept)
