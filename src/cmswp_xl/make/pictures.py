"""The charts of the Summary sheet: funding by area, by year and by funding status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def draw_charts(book: Book, sheet: Any, name: str, row: int, lists: tuple[int, int, int]) -> None:
    """
    Draw the charts beside the totals, from a row on, and a line where they leave anything out.

    `lists` are the first rows of areas, years and statuses. Series are told apart by pattern as
    well as by shade.
    """
    say = book.say
    areas, years, statuses = lists
    shown_areas = min(len(book.rows("areas")) or _AREAS_OF_NEW, AREAS)
    shown_years = min(len(book.years) or _YEARS_OF_NEW, YEARS)
    sought = (7, say("To be sought"), _EMPTY)
    by_area = _chart(
        book,
        {"type": "bar", "subtype": "stacked"},
        (name, areas, areas + shown_areas - 1),
        (
            (3, say("Core budget"), _SOLID),
            (4, say("Voluntary contributions"), _HATCHED),
            (5, say("Other sources"), _DOTTED),
            sought,
        ),
    )
    by_area.set_x_axis(_amount_axis(book))
    by_area.set_y_axis({"name": say("Programme area"), **_DOWNWARD})
    _place(book, sheet, (row, 3), by_area, (400, 14), say("Funding by programme area"))
    by_year = _chart(
        book,
        {"type": "column"},
        (name, years, years + shown_years - 1),
        ((2, say("Cost"), _SOLID), (6, say("Available in all"), _HATCHED), sought),
    )
    by_year.set_x_axis({"name": say("Year"), **_AXIS})
    by_year.set_y_axis(_amount_axis(book))
    _place(book, sheet, (row + 14, 3), by_year, (400, 14), say("Cost and funding by year"))
    rows = (name, statuses, statuses + len(STATUSES) - 1)
    title = say("Activities by funding status")
    _draw_statuses(book, sheet, (row, 7), rows, (2, title, _HATCHED))
    title = say("To be sought by funding status")
    _draw_statuses(book, sheet, (row + 14, 7), rows, (4, title, _EMPTY))
    _left_out(book, sheet, row + CHART_ROWS, shown_areas, shown_years)


def _draw_statuses(
    book: Book,
    sheet: Any,
    place: tuple[int, int],
    rows: tuple[str, int, int],
    series: tuple[int, str, dict[str, Any]],
) -> None:
    """Draw bars of one figure by funding status, each with its number but where it is nothing."""
    column, title, look = series
    labels = {"value": True, "num_format": "#,##0;;", "font": {"size": 9}}
    chart = _chart(
        book, {"type": "bar"}, rows, ((column, title, {**look, "data_labels": labels}),)
    )
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_y_axis(dict(_DOWNWARD))
    chart.set_legend({"none": True})
    _place(book, sheet, place, chart, (420, 14), title)


_AXIS = {"name_font": {"size": 10, "bold": False}, "num_font": {"size": 9}}
_DOWNWARD = {"reverse": True, "crossing": "max", **_AXIS}
"""An axis of rows whose first stands on top, with the amounts below."""


def _amount_axis(book: Book) -> dict[str, Any]:
    return {
        "name": book.say("Amount in the programme’s currency"),
        "num_format": "#,##0",
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
        **_AXIS,
        "num_font": {"size": 8},
    }


def _chart(
    book: Book,
    kind: dict[str, str],
    rows: tuple[str, int, int],
    series: Sequence[tuple[int, str, dict[str, Any]]],
) -> Any:
    """Return a chart of columns of rows of a sheet, each with its words and its look."""
    chart = book.workbook.add_chart(kind)
    sheet, first, last = rows
    for column, words, look in series:
        chart.add_series(
            {
                "name": words,
                "categories": [sheet, first, 0, last, 0],
                "values": [sheet, first, column, last, column],
                "border": {"color": "#000000", "width": 0.75},
                "gap": 60,
                **look,
            }
        )
    chart.set_legend({"position": "bottom"})
    return chart


def _place(
    book: Book, sheet: Any, place: tuple[int, int], chart: Any, size: tuple[int, int], title: str
) -> None:
    """Put a chart at a cell, so many pixels wide and rows high."""
    width, rows = size
    chart.set_title({"name": title, "name_font": {"size": 11, "bold": True}})
    chart.set_size({"width": width, "height": rows * _ROW_HEIGHT - 8})
    text = book.say("{title}: chart of the figures below.", title=title)
    sheet.insert_chart(*place, chart, {"object_position": 2, "y_offset": 4, "description": text})


def _left_out(book: Book, sheet: Any, row: int, areas: int, years: int) -> None:
    """Write a line that appears when the data outgrow the charts."""
    text = book.say(
        "The charts show {areas} areas and {years} years: widen their data to show the rest.",
        areas=areas,
        years=years,
    )
    more_areas = f"{counted(filled('{areas.code}'))}>{areas}"
    more_years = f"IF({PERIOD},{LENGTH}>{years})"
    formula = book.fill(f'=IF(OR({more_areas},{more_years}),"{escaped(text)}","")')
    more = len(book.rows("areas")) > areas or len(book.years) > years
    form = book.formats(bold=True, font_color=RED)
    book.write(sheet, row, 0, Result(formula, text if more else None), form)
