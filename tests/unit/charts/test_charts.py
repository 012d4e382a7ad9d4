"""Charts: the same bytes on every run, readable without colour, safe with any text."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree
from matplotlib.colors import to_rgb
from PIL import Image

import cmswp_xl
from cmswp_xl.charts import BarChart, Series
from cmswp_xl.charts.drawing import DOTS, LOOKS, png, svg

SOURCES = str(Path(cmswp_xl.__file__).parents[1])
AREAS = ("Executive direction", "Science & data <b>", "Costs of $x^2$ and $ 5")
MAKE = """
import hashlib
from decimal import Decimal
from cmswp_xl.charts import BarChart, Series
from cmswp_xl.charts.drawing import png, svg
chart = BarChart(("A", "B"), (
    Series("Cost", "cost", (Decimal(5), Decimal(3)), ("5", "3")),
    Series("To be sought", "sought", (Decimal(2), None), ("2", "")),
), 8.5, 3.4)
print(hashlib.sha256(png(chart) + svg(chart, "Bars", "years").encode()).hexdigest())
"""


def environment(**changes):
    """This process's environment, in which the program is found from any folder."""
    return {**os.environ, "PYTHONPATH": SOURCES, **changes}


def series(label, look, *lengths):
    numbers = tuple(None if length is None else Decimal(length) for length in lengths)
    return Series(label, look, numbers, tuple(str(length or "") for length in lengths))


@pytest.fixture
def stacked():
    return BarChart(
        AREAS,
        (series("Core", "core", 500, 10, None), series("Sought", "sought", 300, 0, 700)),
        17.4,
        4.0,
        ends=("800", "10", "700"),
    )


@pytest.fixture
def grouped():
    return BarChart(
        ("A", "B"),
        (series("Cost", "cost", 5, 3), series("To be sought", "sought", 2, None)),
        8.5,
        3.4,
    )


def texts(picture):
    return [item.text for item in etree.fromstring(picture).iter("{*}text")]


def test_picture__has_the_same_bytes_under_any_settings_of_the_user(tmp_path, grouped):
    settings = "font.size: 30\nhatch.linewidth: 5\nsvg.fonttype: path\npatch.linewidth: 9\n"
    (tmp_path / "matplotlibrc").write_text(settings, encoding="utf-8")
    here = hashlib.sha256(png(grouped) + svg(grouped, "Bars", "years").encode()).hexdigest()

    done = subprocess.run(
        [sys.executable, "-c", MAKE],
        cwd=tmp_path,
        env=environment(PYTHONHASHSEED="7", LC_ALL="C", TZ="Asia/Tokyo", MPLBACKEND="pdf"),
        capture_output=True,
        text=True,
        check=True,
    )

    assert (done.stdout.strip(), done.stderr) == (here, "")


def test_pictures_drawn_at_the_same_time__are_the_same(stacked, grouped):
    alone = [png(stacked), png(grouped)]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(png, [stacked, grouped] * 4))
    assert together == alone * 4


def test_png__has_its_size_and_says_nothing_of_itself(stacked):
    image = Image.open(io.BytesIO(png(stacked)))
    assert image.size == (int(17.4 / 2.54 * DOTS), int(4.0 / 2.54 * DOTS))
    assert set(image.info) == {"dpi"}


def test_svg__is_an_image_with_a_text_alternative_and_its_own_ids(stacked):
    root = etree.fromstring(svg(stacked, 'All "bars" <', "areas"))
    assert (root.get("role"), root.get("aria-label")) == ("img", 'All "bars" <')
    ids = [item.get("id") for item in root.iter() if item.get("id")]
    assert ids
    assert all(name.startswith("areas-") for name in ids)
    assert set(re.findall(r"url\(#([^)]*)\)", svg(stacked, "", "areas"))) <= set(ids)


def test_svg__holds_nothing_but_the_picture(stacked):
    text = svg(stacked, "Bars", "areas")
    assert text.startswith("<svg ")
    assert not re.search(
        r"<\?xml|<!DOCTYPE|<metadata|<style|<script|matplotlib|\d{4}-\d\d-\d\d", text
    )


def test_texts__are_text_as_given(stacked):
    assert {"Science & data <b>", "Costs of $x^2$ and $ 5", "Core", "500", "800"} <= set(
        texts(svg(stacked, "", "a"))
    )


def test_figure__is_left_out_where_its_bar_is_too_short(stacked):
    shown = texts(svg(stacked, "", "a"))
    assert shown.count("10") == 1, "behind the bar only"
    assert "500" in shown


def test_bars_side_by_side__have_their_figures_behind_them(grouped):
    assert texts(svg(grouped, "", "a")) == ["Cost", "To be sought", "A", "5", "2", "B", "3"]


def test_single_series__needs_no_key():
    chart = BarChart(("A",), (series("Activities", "count", 3),), 8.5, 3.4)
    assert texts(svg(chart, "", "a")) == ["A", "3"]


@pytest.mark.parametrize("name", ["word " * 4000, "W" * 40_000, "long word " + "W" * 400, ""])
def test_long_name__takes_two_lines_at_most_and_says_that_it_was_cut(name):
    chart = BarChart((name,), (series("Activities", "count", 3),), 8.5, 3.4)
    *lines, figure = texts(svg(chart, "", "a"))
    assert figure == "3"
    assert len(lines) <= 2
    assert not name or lines[-1].endswith("…")


def test_names_of_two_lines__leave_room_between_them():
    names = ("Partly funded, and the rest is to be sought soon", "Funded") * 3
    chart = BarChart(names, (series("Activities", "count", *range(1, 7)),), 8.5, 3.7)
    found = etree.fromstring(svg(chart, "", "a")).iter("{*}text")
    places = [float(item.get("y")) for item in found if not item.text.isdigit()]
    steps = [after - before for before, after in pairwise(places)]
    line, *others = steps[::3] + steps[1::3] + steps[2::3]
    assert steps[::3] == pytest.approx([line] * 3)  # within a name
    assert min(others[2:]) > 1.2 * line  # from a name to the next


def test_chart_without_lengths__is_empty(grouped):
    assert not grouped.empty
    assert BarChart(("A",), (series("Cost", "cost", None, 0),), 8.5, 3.4).empty


@pytest.mark.parametrize(
    "together", [("core", "voluntary", "other", "sought"), ("cost", "available")]
)
def test_looks_in_one_chart__differ_without_colour(together):
    greys = [
        (0.2126 * red + 0.7152 * green + 0.0722 * blue, LOOKS[look].hatch)
        for look in together
        for red, green, blue in [to_rgb(LOOKS[look].face)]
    ]
    for (one, hatch), (other, other_hatch) in pairwise(greys):
        assert abs(one - other) > 0.15 or hatch != other_hatch


def test_library__is_imported_only_when_something_is_drawn():
    modules = (
        "sys, cmswp_xl.pipeline, cmswp_xl.charts, cmswp_xl.render, cmswp_xl.documents.summary"
    )
    code = f"import {modules}; print('matplotlib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


UNKNOWN = """
from cmswp_xl.charts import BarChart, Series
from cmswp_xl.charts.drawing import png, svg
from decimal import Decimal
names = ("\\u4e2d\\u6587", "\\U0001f98a fox", "\\u0e01\\u0e32")
series = Series("\\u4f60", "cost", (Decimal(1),) * 3, ("\\u4e00",) * 3)
chart = BarChart(names, (series,), 9.0, 4.0)
assert len(png(chart)) > 500
page = svg(chart, "Bars", "x")
assert all(part in page for name in names for part in name.split())
"""


def test_letters_that_the_font_lacks__are_drawn_without_a_word():
    """Boxes in a picture; letters in a page, for which the browser has other fonts."""
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", UNKNOWN],
        check=False,
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert (done.returncode, done.stderr) == (0, "")
