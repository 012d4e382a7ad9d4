"""Tables as a formula hands them over: lists of rows, the heading row first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets import workbook

if TYPE_CHECKING:
    from cmswp_xl.cells import Raw
    from cmswp_xl.tables import Source

Rows = list[list["Raw"]]


def arguments(source: Source | str = "", **options: object) -> dict[str, Rows]:
    """Give the tables of a source, or of a small workbook written as text, by Excel name."""
    book = workbook(source, **options) if isinstance(source, str) else source
    return {
        table.name: [list(table.headers), *(list(row) for _, row in table.rows)]
        for table in book.tables()
    }
