"""The letters of charts: DejaVu Sans as it ships with matplotlib, measured to the centimetre."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache

import matplotlib as mpl
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

INCH = 2.54
POINT = INCH / 72
SIZE = 7.0
"""The size of all letters, in points."""

LINE = SIZE * POINT * 1.25
"""The height of a line, in centimetres."""

_MOST = 400
"""More letters than two lines of any chart hold."""

FAMILIES = ["DejaVu Sans", "Arial", "Helvetica"]
"""What a reader without the first uses; the others are narrower."""


@cache
def font() -> FontProperties:
    """Give the font of all charts."""
    path = f"{mpl.get_data_path()}/fonts/ttf/DejaVuSans.ttf"
    return FontProperties(
        family="sans-serif", style="normal", weight="normal", size=SIZE, fname=path
    )


def width_of(text: str) -> float:
    """Give the width of a text in centimetres."""
    if not text:
        return 0.0
    width, _, _ = text_to_path.get_text_width_height_descent(text, font(), ismath=False)
    return float(width) * POINT


def wrapped(text: str, width: float) -> list[str]:
    """Break a name into two lines at most; what does not fit ends in an ellipsis."""
    first, rest = _line(text[:_MOST].split(), width)
    if not rest:
        return [_cut(first, width)]
    second, more = _line(rest, width)
    return [_cut(first, width), _cut(second, width, more=bool(more))]


def _line(words: list[str], width: float) -> tuple[str, list[str]]:
    """Give as many words as fit, at least one, and those that are left."""
    line = ""
    for index, word in enumerate(words):
        longer = f"{line} {word}".lstrip()
        if line and width_of(longer) > width:
            return line, words[index:]
        line = longer
    return line, []


def _cut(line: str, width: float, *, more: bool = False) -> str:
    """Cut a line that is too wide, or that more would follow, where an ellipsis has room."""
    if not more and width_of(line) <= width:
        return line
    ends = range(len(line) + 1)
    room = bisect_right(ends, width, key=lambda end: width_of(f"{line[:end]}…")) - 1
    return f"{line[: max(room, 0)].rstrip()}…"
