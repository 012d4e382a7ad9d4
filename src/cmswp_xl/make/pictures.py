"""The charts of the Summary sheet: funding by area, by year and by funding status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cmswp_xl.make.book import BLUE, RED, STATUSES, Result, escaped
from cmswp_xl.make.formulas import LENGTH, PERIOD, counted, filled
from cmswp_xl.make.lists import AREAS, YEARS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.make.book import Book

CHART_ROWS = 28
"""The rows of the sheet that the charts stand beside."""
_ROW_HEIGHT = 20
"""Pixels of a row."""
_AREAS_OF_NEW, _YEARS_OF_NEW = 8, 4
"""How many rows the charts of an empty workbook show."""
_SOLID = {"fill": {"color": BLUE}}
_HATCHED = {
    "pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#2E75B6", "bg_color": "#FFFFFF"}
}
_DOTTED = {"pattern": {"pattern": "percent_50", "fg_color": "#7F7F7F", "bg_color": "#FFFFFF"}}
_EMPTY = {"fill": {"color": "#FFFFFF"}}
_NUMBERED = {"data_labels": {"value": True, "num_format": "#,##0;;", "font": {"size": 9}}}
"""Bars with their numbers, but where they are nothing."""
_AXIS = {"name_font": {"size": 10, "bold": False}, "num_font": {"size": 9}}
_DOWNWARD = {"reverse": True, "crossing": "max", **_AXIS}
"""An axis of rows whose first stands on top, with the amounts below."""
_NO_AXIS = {"visible": False, "major_gridlines": {"visible": False}}


class _Chart(NamedTuple):
    """A chart of columns of the rows of a list, each with its words and its look."""

    title: str
    kind: dict[str, str]
    rows: tuple[int, int]
    series: Sequence[tuple[int, str, dict[str, Any]]]
    x_axis: dict[str, Any]
    y_axis: dict[str, Any]


def draw_charts(book: Book, sheet: Any, name: str, row: int, lists: tuple[int, int, int]) -> None:
    """
    Draw the charts beside the totals, from a row on, and a line where they leave anything out.

    `lists` are the first rows of areas, years and statuses. Series are told apart by pattern as
    well as by shade.
    """
    say, (areas, years, statuses) = book.say, lists
    shown_areas = min(len(book.rows("areas")) or _AREAS_OF_NEW, AREAS)
    shown_years = min(len(book.years) or _YEARS_OF_NEW, YEARS)
    sought = (7, say("To be sought"), _EMPTY)
    money = (
        (3, say("Core budget"), _SOLID),
        (4, say("Voluntary contributions"), _HATCHED),
        (5, say("Other sources"), _DOTTED),
    )
    together = (2, say("Cost"), _SOLID), (6, say("Available in all"), _HATCHED)
    amounts = {
        "name": say("Amount in the programme’s currency"),
        "num_format": "#,##0",
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
        **_AXIS,
        "num_font": {"size": 8},
    }
    by_area = _Chart(
        say("Funding by programme area"),
        {"type": "bar", "subtype": "stacked"},
        (areas, shown_areas),
        (*money, sought),
        amounts,
        {"name": say("Programme area"), **_DOWNWARD},
    )
    by_year = _Chart(
        say("Cost and funding by year"),
        {"type": "column"},
        (years, shown_years),
        (*together, sought),
        {"name": say("Year"), **_AXIS},
        amounts,
    )
    by_status = (
        _Chart(
            title,
            {"type": "bar"},
            (statuses, len(STATUSES)),
            ((column, title, {**look, **_NUMBERED}),),
            _NO_AXIS,
            _DOWNWARD,
        )
        for column, title, look in (
            (2, say("Activities by funding status"), _HATCHED),
            (4, say("To be sought by funding status"), _EMPTY),
        )
    )
    for number, chart in enumerate((by_area, by_year, *by_status)):
        right, lower = divmod(number, 2)
        place = (row + lower * CHART_ROWS // 2, 7 if right else 3)
        _draw(book, sheet, name, place, chart)
    _left_out(book, sheet, row + CHART_ROWS, shown_areas, shown_years)


def _draw(book: Book, sheet: Any, name: str, place: tuple[int, int], data: _Chart) -> None:
    """Draw a chart at a cell; of a single series the title says what it is."""
    chart = book.workbook.add_chart(data.kind)
    first, count = data.rows
    for column, words, look in data.series:
        chart.add_series(
            {
                "name": words,
                "categories": [name, first, 0, first + count - 1, 0],
                "values": [name, first, column, first + count - 1, column],
                "border": {"color": "#000000", "width": 0.75},
                "gap": 60,
                **look,
            }
        )
    alone = len(data.series) == 1
    chart.set_legend({"none": True} if alone else {"position": "bottom"})
    chart.set_x_axis(dict(data.x_axis))
    chart.set_y_axis(dict(data.y_axis))
    chart.set_title({"name": data.title, "name_font": {"size": 11, "bold": True}})
    height = CHART_ROWS // 2 * _ROW_HEIGHT - 8
    chart.set_size({"width": 420 if alone else 400, "height": height})
    text = book.say("{title}: chart of the figures below.", title=data.title)
    sheet.insert_chart(*place, chart, {"object_position": 2, "y_offset": 4, "description": text})


def _left_out(book: Book, sheet: Any, row: int, areas: int, years: int) -> None:
    """Write a line that appears when the data outgrow the charts."""
    text = book.say(
        "Areas in the charts: {areas}; years: {years}. To show more, extend the data of "
        "the charts.",
        areas=areas,
        years=years,
    )
    more_areas = f"{counted(filled('{areas.code}'))}>{areas}"
    more_years = f"IF({PERIOD},{LENGTH}>{years})"
    formula = book.fill(f'=IF(OR({more_areas},{more_years}),"{escaped(text)}","")')
    more = len(book.rows("areas")) > areas or len(book.years) > years
    form = book.formats(bold=True, font_color=RED)
    book.write(sheet, row, 0, Result(formula, text if more else None), form)
