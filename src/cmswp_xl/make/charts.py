"""The native charts of the Summary sheet, told apart by pattern as well as by shade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cmswp_xl.make.book import Result
from cmswp_xl.make.formulas import counted, filled
from cmswp_xl.make.page import RED, escaped
from cmswp_xl.make.rows import AREAS, YEARS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.make.book import Book

CHART_ROWS = 19
"""The rows of the sheet that the charts lie over, with the line below them."""
_AREAS_OF_NEW, _YEARS_OF_NEW = 8, 4
"""How many rows the charts of an empty workbook show."""
_CODE, _COST, _CORE, _VOLUNTARY, _OTHER, _AVAILABLE, _SOUGHT = 0, 2, 3, 4, 5, 6, 7
_LOOKS: dict[int, dict[str, Any]] = {
    _CORE: {"fill": {"color": "#1F4E79"}},
    _VOLUNTARY: {
        "pattern": {
            "pattern": "wide_upward_diagonal",
            "fg_color": "#2E75B6",
            "bg_color": "#FFFFFF",
        }
    },
    _OTHER: {"pattern": {"pattern": "percent_50", "fg_color": "#7F7F7F", "bg_color": "#FFFFFF"}},
    _SOUGHT: {"fill": {"color": "#FFFFFF"}},
    _COST: {"fill": {"color": "#1F4E79"}},
    _AVAILABLE: {
        "pattern": {
            "pattern": "wide_upward_diagonal",
            "fg_color": "#2E75B6",
            "bg_color": "#FFFFFF",
        }
    },
}


def draw_charts(book: Book, sheet: Any, name: str, row: int, areas: int, years: int) -> None:
    """Draw both charts at a row; `areas` and `years` are the first rows of their lists."""
    say = book.say
    shown_areas = min(len(book.rows("areas")) or _AREAS_OF_NEW, AREAS)
    shown_years = min(_years(book) or _YEARS_OF_NEW, YEARS)
    by_area = _chart(
        book,
        {"type": "bar", "subtype": "stacked"},
        name,
        (areas, areas + shown_areas - 1),
        (
            (_CORE, say("Core budget")),
            (_VOLUNTARY, say("Voluntary contributions")),
            (_OTHER, say("Other sources")),
            (_SOUGHT, say("To be sought")),
        ),
    )
    by_area.set_title({"name": say("Funding by programme area"), **_font(14)})
    by_area.set_x_axis(_amounts(book))
    by_area.set_y_axis(
        {"name": say("Programme area"), "reverse": True, "crossing": "max", **_axis_font()}
    )
    sheet.insert_chart(row, 0, by_area, _place(book, 700, say("Funding by programme area")))
    by_year = _chart(
        book,
        {"type": "column"},
        name,
        (years, years + shown_years - 1),
        ((_COST, say("Cost")), (_AVAILABLE, say("Available in all"))),
    )
    by_year.set_title({"name": say("Cost and funding available by year"), **_font(14)})
    by_year.set_x_axis({"name": say("Year"), **_axis_font()})
    by_year.set_y_axis(_amounts(book))
    alt = say("Cost and funding available by year")
    sheet.insert_chart(row, 4, by_year, _place(book, 620, alt))
    _left_out(book, sheet, row + CHART_ROWS - 1, shown_areas, shown_years)


def _years(book: Book) -> int:
    start, end = book.setting("period_start"), book.setting("period_end")
    return end - start + 1 if isinstance(start, int) and isinstance(end, int) else 0


def _chart(
    book: Book,
    kind: dict[str, str],
    sheet: str,
    rows: tuple[int, int],
    columns: Sequence[tuple[int, str]],
) -> Any:
    chart = book.workbook.add_chart(kind)
    first, last = rows
    for column, words in columns:
        chart.add_series(
            {
                "name": words,
                "categories": [sheet, first, _CODE, last, _CODE],
                "values": [sheet, first, column, last, column],
                "border": {"color": "#000000", "width": 0.75},
                "gap": 60,
                **_LOOKS[column],
            }
        )
    chart.set_legend({"position": "bottom"})
    return chart


def _font(size: int) -> dict[str, Any]:
    return {"name_font": {"size": size, "bold": True}}


def _axis_font() -> dict[str, Any]:
    return {"name_font": {"size": 10, "bold": False}, "num_font": {"size": 9}}


def _amounts(book: Book) -> dict[str, Any]:
    return {
        "name": book.say("Amount in the programme’s currency"),
        "num_format": "#,##0",
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
        **_axis_font(),
    }


def _place(book: Book, width: int, description: str) -> dict[str, Any]:
    size = {"x_scale": width / 480, "y_scale": 350 / 288, "object_position": 2}
    text = book.say("{title}: chart of the figures below.", title=description)
    return {**size, "description": text}


def _left_out(book: Book, sheet: Any, row: int, areas: int, years: int) -> None:
    """Write a line that appears when the data outgrow the charts."""
    text = book.say(
        "The charts show {areas} areas and {years} years: widen their data to show the rest.",
        areas=areas,
        years=years,
    )
    more_areas = f"{counted(filled('{areas.code}'))}>{areas}"
    more_years = f"IF(COUNT(Programme_period_start,Programme_period_end)=2,{_PERIOD}>{years})"
    formula = book.fill(f'=IF(OR({more_areas},{more_years}),"{escaped(text)}","")')
    more = len(book.rows("areas")) > areas or _years(book) > years
    form = book.formats(bold=True, font_color=RED)
    book.write(sheet, row, 0, Result(formula, text if more else None), form)


_PERIOD = "Programme_period_end-Programme_period_start+1"
