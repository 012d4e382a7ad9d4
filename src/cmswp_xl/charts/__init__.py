"""
Bar charts, drawn the same to the byte every time: SVG for HTML pages, PNG for Word files.

A chart is plain data, already worded and formatted; whoever draws it imports `charts.drawing`,
which alone knows matplotlib and is imported only when something is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Series:
    """
    The bars of one kind: how they look, and for each row their length and what is written on them.

    `look` is a name of `drawing.LOOKS`; a length of None or 0 draws no bar.
    """

    label: str
    look: str
    lengths: tuple[Decimal | None, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """
    Horizontal bars: one row for each name, in which the series are stacked or stand below another.

    `ends` are written behind the stacked bars of each row; the size is in centimetres.
    """

    names: tuple[str, ...]
    series: tuple[Series, ...]
    width: float
    height: float
    ends: tuple[str, ...] = ()

    @property
    def stacked(self) -> bool:
        """Return whether the bars of a row stand in one line."""
        return bool(self.ends)

    @property
    def empty(self) -> bool:
        """Return whether there is no bar to draw."""
        return not any(length for series in self.series for length in series.lengths)
