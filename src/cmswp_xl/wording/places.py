"""Many cells named in few words: D2:D63, D70."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 8
"""How many ranges are named before the rest is only hinted at."""

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")


def joined(cells: Iterable[str], most: int | None = MOST) -> str:
    """
    Join cells of A1 form to ranges down their columns, in the order given.

    After the first `most` ranges an ellipsis stands for the rest (None: all are named).
    """
    ranges: list[tuple[str, int, int]] = []
    others: list[str] = []
    for cell in dict.fromkeys(cells):
        match = _CELL.match(cell)
        if match is None:
            others.append(cell)
            continue
        column, row = match[1], int(match[2])
        if ranges and ranges[-1][0] == column and ranges[-1][2] == row - 1:
            ranges[-1] = (column, ranges[-1][1], row)
        else:
            ranges.append((column, row, row))
    return _listed([_range(*item) for item in ranges] + others, most)


def joined_rows(rows: Iterable[object], most: int = MOST) -> str:
    """Name rows of a sheet by number, cut after the first few."""
    return _listed([str(row) for row in rows], most)


def _range(column: str, first: int, last: int) -> str:
    return f"{column}{first}" if first == last else f"{column}{first}:{column}{last}"


def _listed(parts: list[str], most: int | None) -> str:
    if most is not None and len(parts) > most:
        parts = [*parts[:most], "…"]
    return ", ".join(parts)
