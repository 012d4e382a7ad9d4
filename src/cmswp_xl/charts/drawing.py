"""
Charts as matplotlib draws them: PNG for Word files, SVG elements with ids of their own for pages.

Their letters are DejaVu Sans as it ships with matplotlib, measured to the centimetre.
"""

from __future__ import annotations

import contextlib
import logging
import re
import threading
import warnings
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from lxml import etree
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D

from cmswp_xl.charts import BarChart, Series

if TYPE_CHECKING:
    from lxml.etree import _Element


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
    """Return the font of all charts."""
    path = f"{mpl.get_data_path()}/fonts/ttf/DejaVuSans.ttf"
    return FontProperties(
        family="sans-serif", style="normal", weight="normal", size=SIZE, fname=path
    )


def width_of(text: str) -> float:
    """Return the width of a text in centimetres."""
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
    """Return as many words as fit, at least one, and those that are left."""
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


logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it tells of its caches of fonts

DOTS = 220
"""The resolution of PNG pictures, in dots for an inch."""

_KEY = 0.55
"""The height of the line that says what the bars are."""

_GAP = 0.12
_NAMES = 5.6, 0.42
"""How wide the names of the rows may be: in centimetres, and of the whole width at most."""

_INK = "#1a1a1a"
_RESET = ("agg", "figure", "font", "hatch", "lines", "patch", "path", "savefig", "svg", "text")
_OURS: Mapping[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "cmswp",
    "font.sans-serif": FAMILIES,
    "hatch.linewidth": 0.5,
}
_NO_LETTER = r"Glyph \d+ .* missing from"
"""What the library says of a letter that its font lacks; a box is drawn for it."""

_SVG = "http://www.w3.org/2000/svg"
_IDS = re.compile(r"(?<=url\(#)[\w.-]+|(?<=^#)[\w.-]+")
_LINKS = ("{http://www.w3.org/1999/xlink}href", "clip-path", "style")
_DRAWING = threading.Lock()
"""Held while drawing: matplotlib's settings are one for the whole process."""


@dataclass(frozen=True, slots=True)
class _Look:
    """How bars look: their colour, their hatching, and the colour of what is written on them."""

    face: str
    hatch: str | None = None
    ink: str = _INK


LOOKS: Mapping[str, _Look] = {
    "core": _Look("#1f3864", None, "#ffffff"),
    "voluntary": _Look("#8faadc"),
    "other": _Look("#dfe7f5"),
    "sought": _Look("#ffffff", "//////"),
    "cost": _Look("#404040", None, "#ffffff"),
    "available": _Look("#b4c7e7"),
    "count": _Look("#8faadc"),
}
"""The looks of bars by name, from dark to light; what is to be sought is hatched."""


def svg(chart: BarChart, label: str, name: str) -> str:
    """
    Draw a chart as an SVG element for an HTML page, its letters as text.

    `label` is its text alternative; `name` begins its ids, so that a page may hold several.
    """
    metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    return _page_element(_saved(chart, "svg", metadata), label, name)


def png(chart: BarChart) -> bytes:
    """Draw a chart as a PNG picture of its size in centimetres."""
    return _saved(chart, "png", {"Software": None})


def _saved(chart: BarChart, form: str, metadata: dict[str, None]) -> bytes:
    buffer = BytesIO()
    with _settings():
        _figure(chart).savefig(buffer, format=form, metadata=metadata)
    return buffer.getvalue()


@contextlib.contextmanager
def _settings() -> Iterator[None]:
    """Draw with the library's own settings and ours, whatever the user has set."""
    usual = mpl.rcParamsDefault.items()
    settings: Any = {name: value for name, value in usual if name.partition(".")[0] in _RESET}
    settings.update(_OURS)
    with _DRAWING, mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=_NO_LETTER)
        yield


def _figure(chart: BarChart) -> Figure:
    figure = Figure(figsize=(chart.width / INCH, chart.height / INCH), dpi=DOTS)
    figure.patch.set_visible(False)
    page = _Page(figure, chart)
    top = page.key() if len(chart.series) > 1 else 0.0
    page.rows(top)
    return figure


class _Page:
    """A figure that a chart is drawn on."""

    def __init__(self, figure: Figure, chart: BarChart) -> None:
        self._figure = figure
        self._chart = chart
        scale = Affine2D().scale(1 / INCH, -1 / INCH).translate(0, chart.height / INCH)
        self._place = scale + figure.dpi_scale_trans

    def key(self) -> float:
        """Draw the line that says what the bars are; give where it ends."""
        left, top = 0.0, 0.0
        for series in self._chart.series:
            needed = 0.6 + width_of(series.label) + 0.5
            if left and left + needed > self._chart.width:
                left, top = 0.0, top + LINE + _GAP
            middle = top + _KEY / 2 - 0.05
            self._bar(left + 0.02, middle - 0.11, 0.45, 0.22, series.look)
            self._text(left + 0.57, middle, series.label)
            left += needed
        return top + _KEY

    def rows(self, top: float) -> None:
        """Draw the rows below the key."""
        chart = self._chart
        widest = min(_NAMES[0], chart.width * _NAMES[1])
        names = [wrapped(name, widest) for name in chart.names]
        left = max((width_of(line) for lines in names for line in lines), default=0.0) + 2 * _GAP
        behind = chart.ends or tuple(text for series in chart.series for text in series.texts)
        right = chart.width - max(map(width_of, behind), default=0.0) - 2 * _GAP
        scale = (right - left) / (float(_longest(chart)) or 1.0)
        share = (chart.height - top) / (sum(len(lines) + 1 for lines in names) or 1)
        box = share * min((len(lines) + 1 for lines in names), default=1)
        for index, lines in enumerate(names):
            above, height = top, (len(lines) + 1) * share
            top += height
            first = above + height / 2 - (len(lines) - 1) * LINE / 2
            for number, line in enumerate(lines):
                self._text(left - _GAP, first + number * LINE, line, align="right")
            draw = self._stack if chart.stacked else self._group
            draw(index, left, above + (height - box) / 2, box, scale)

    def _stack(self, index: int, left: float, top: float, height: float, scale: float) -> None:
        bar = min(height * 0.72, 0.62)
        above = top + (height - bar) / 2
        for series in self._chart.series:
            length = float(series.lengths[index] or 0) * scale
            if not length:
                continue
            self._bar(left, above, length, bar, series.look)
            text = series.texts[index]
            if width_of(text) + 0.16 <= length:
                self._inside(left + length / 2, above + bar / 2, text, series)
            left += length
        self._text(left + _GAP, top + height / 2, self._chart.ends[index])

    def _group(self, index: int, left: float, top: float, height: float, scale: float) -> None:
        bar = min(height * 0.8 / len(self._chart.series), 0.42)
        above = top + (height - bar * len(self._chart.series)) / 2
        for number, series in enumerate(self._chart.series):
            length = float(series.lengths[index] or 0) * scale
            if length:
                self._bar(left, above + number * bar, length, bar, series.look)
            self._text(left + length + _GAP, above + (number + 0.5) * bar, series.texts[index])

    def _bar(self, left: float, top: float, width: float, height: float, look: str) -> None:
        kind = LOOKS[look]
        bar = Rectangle((left, top), width, height, transform=self._place)
        bar.set(facecolor=kind.face, edgecolor=_INK, linewidth=0.5, hatch=kind.hatch)
        self._figure.add_artist(bar)

    def _inside(self, x: float, y: float, text: str, series: Series) -> None:
        """Write on a bar, on a ground of its own where the bar is hatched."""
        look = LOOKS[series.look]
        if look.hatch:
            width, height = width_of(text) + 0.1, LINE
            ground = Rectangle((x - width / 2, y - height / 2), width, height)
            ground.set(transform=self._place, facecolor=look.face, edgecolor="none")
            self._figure.add_artist(ground)
        self._text(x, y, text, align="center", ink=look.ink)

    def _text(
        self, x: float, y: float, text: str, *, align: str = "left", ink: str = _INK
    ) -> None:
        if text:
            baseline = y + SIZE * POINT * 0.36
            item = Text(x, baseline, text, color=ink, fontproperties=font(), parse_math=False)
            item.set(ha=align, va="baseline", transform=self._place)
            self._figure.add_artist(item)


def _longest(chart: BarChart) -> Decimal:
    lengths = (
        (series.lengths[i] or 0 for series in chart.series) for i in range(len(chart.names))
    )
    return max((sum(row) if chart.stacked else max(row) for row in lengths), default=0)  # type: ignore[return-value]


def _page_element(data: bytes, label: str, name: str) -> str:
    """
    Return a picture as an element for an HTML page.

    It is an image with a text alternative, grows with the page, and its ids begin with `name`;
    what speaks for a whole file (declaration, metadata, style sheet) is left out.
    """
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    etree.strip_elements(root, etree.Comment, f"{{{_SVG}}}metadata", f"{{{_SVG}}}style")
    _rename(root, name)
    for item in root.iter(f"{{{_SVG}}}text"):
        item.attrib.pop("transform", None)  # all letters stand upright
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    root.attrib.update({"class": "chart", "role": "img", "aria-label": label})
    etree.cleanup_namespaces(root)
    text: str = etree.tostring(root, encoding="unicode", with_tail=False)
    return text


def _rename(root: _Element, name: str) -> None:
    """Begin the ids that something refers to with a name, and drop the others."""
    used: set[str] = set()
    for item in root.iter():
        for link in _LINKS:
            if value := item.get(link):
                used.update(_IDS.findall(value))
                item.set(link, _IDS.sub(lambda found: f"{name}-{found[0]}", value))
    for item in root.iter():
        found = item.attrib.pop("id", None)
        if found in used:
            item.set("id", f"{name}-{found}")
