"""The native charts of the Summary sheet, told apart by pattern as well as by shade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import address
from cmswp_xl.languages import N_, Language
from cmswp_xl.make.book import Result
from cmswp_xl.make.formulas import counted, filled
from cmswp_xl.make.page import (
    BLUE,
    GREY,
    PALE_BLUE,
    RED,
    escaped,
    heading,
    mark_statuses,
    print_set_up,
)
from cmswp_xl.make.totals import (
    AREAS,
    TOTALS,
    YEARS,
    area_rows,
    not_shown,
    source_rows,
    total_result,
    year_rows,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.make.book import Book
    from cmswp_xl.make.totals import Rows


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


_WIDTHS = (14, 52, 17, 17, 17, 17, 17, 17, 12, 12)
_MONEY = "#,##0.00"
_FIRST_AMOUNT = 2
"""The column from which the lists hold amounts."""
STATUSES = (
    ("unfunded", N_("nothing available yet")),
    ("partly-funded", N_("part of the cost available, or costed in part only")),
    ("funded", N_("cost available in full")),
    ("overfunded", N_("more available than the cost")),
    ("no-cost", N_("no additional cost")),
    ("not-costed", N_("no costs entered yet: money columns stay blank")),
)
"""The funding statuses and what they mean."""


def write_summary(book: Book, sheet: Any, title: str) -> None:
    """Write the Summary sheet, with room for 20 areas, 12 years and 20 sources."""
    say = book.say
    heading(
        book,
        sheet,
        title,
        say("Totals of the programme of work, calculated from the tables; nothing to type here."),
    )
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    row = _facts(book, sheet, 4)
    row, cells = _totals(book, sheet, row + 1)
    charts = row + 1
    row = charts + CHART_ROWS + 1
    row, areas = _block(book, sheet, row, area_rows(book))
    row, years = _block(book, sheet, row + 1, year_rows(book))
    row = _period(book, sheet, row, cells)
    sheet.set_h_pagebreaks([charts + CHART_ROWS + 1, row + 1])
    row, _ = _block(book, sheet, row + 1, source_rows(book))
    _statuses(book, sheet, row + 1)
    draw_charts(book, sheet, title, charts, areas, years)
    print_set_up(sheet, "outcome")


def _facts(book: Book, sheet: Any, row: int) -> int:
    """Write what the totals are about: title, period, currency, scenario, date."""
    say, setting = book.say, book.setting
    start, end = setting("period_start"), setting("period_end")
    period = f"{start}–{end}" if isinstance(start, int) and isinstance(end, int) else None
    facts = (
        (say("Programme"), title_result(book)),
        (
            say("Period"),
            Result(
                "=IF(AND(ISNUMBER(Programme_period_start),ISNUMBER(Programme_period_end)),"
                'Programme_period_start&"–"&Programme_period_end,"")',
                period,
            ),
        ),
        (say("Currency"), _same("currency", setting("currency"))),
        (say("Scenario"), _same("scenario", setting("scenario"))),
        (say("Figures as at"), _as_at(book)),
    )
    label = book.formats(bold=True, font_color=BLUE)
    for offset, (words, result) in enumerate(facts):
        sheet.write_string(row + offset, 0, words, label)
        book.write(sheet, row + offset, 1, result, book.formats(align="left"))
    return row + len(facts)


def _same(name: str, value: str | None) -> Result:
    return Result(f'=TRIM(Programme_{name})&""', value)


def _as_at(book: Book) -> Result:
    """Give the date as text by its parts: the letters of TEXT follow Excel's own language."""
    value, name = book.setting("as_at"), "Programme_as_at"
    parts = f'YEAR({name})&"-"&TEXT(MONTH({name}),"00")&"-"&TEXT(DAY({name}),"00")'
    return Result(f'=IF(ISNUMBER({name}),{parts},"")', value.isoformat() if value else None)


def title_result(book: Book) -> Result:
    """Give the programme's title, in the workbook's language or else in another."""
    order = (book.language, *(language for language in Language if language != book.language))
    formula = '""'
    for language in reversed(order):
        name = f"Programme_title_{language.value}"
        formula = f'IF(TRIM({name})<>"",{name},{formula})'
    values = [book.setting(f"title_{language.value}") for language in order]
    return Result(f"={formula}", next((value for value in values if value), None))


def _totals(book: Book, sheet: Any, row: int) -> tuple[int, dict[str, str]]:
    """Write the grand totals; give the next row and where each of them stands."""
    _block_title(book, sheet, row, book.say("The whole programme"))
    cells: dict[str, str] = {}
    for offset, total in enumerate(TOTALS, 1):
        look: dict[str, object] = {"bold": total.strong, "bottom": 4, "bottom_color": "#BFBFBF"}
        sheet.write_string(row + offset, 0, book.say(total.label), book.formats(**look))
        sheet.write_blank(row + offset, 1, None, book.formats(**look))
        look["num_format"] = _MONEY if total.unit == "money" else "0"
        result = total_result(book, total, cells)
        book.write(sheet, row + offset, 2, result, book.formats(**look))
        cells[total.name] = address(row + offset + 1, 3)
    return row + len(TOTALS) + 1, cells


def _block_title(book: Book, sheet: Any, row: int, words: str) -> None:
    sheet.write_string(row, 0, words, book.formats(bold=True, font_size=13, font_color=BLUE))


def _head(book: Book, sheet: Any, row: int, headers: Sequence[str]) -> None:
    look = {"bold": True, "font_color": BLUE, "bg_color": PALE_BLUE, "border": 1}
    for column, words in enumerate(headers):
        align = "left" if column < _FIRST_AMOUNT else "right"
        form = book.formats(**look, text_wrap=True, valign="vcenter", align=align)
        sheet.write_string(row, column, words, form)
    sheet.set_row(row, 32)


def _block(book: Book, sheet: Any, row: int, rows: Rows) -> tuple[int, int]:
    """Write a list of totals; give the next row and the first row of the list."""
    _block_title(book, sheet, row, rows.title)
    warning = book.formats(bold=True, font_color=RED)
    book.write(sheet, row, 2, not_shown(book, rows), warning)
    _head(book, sheet, row + 1, rows.headers)
    first = row + 2
    for index in range(rows.room):
        for column, (result, look) in enumerate(rows.cells(index, first + index + 1)):
            form = book.formats(**{"valign": "top", **look})
            book.write(sheet, first + index, column, result, form)
    return first + rows.room, first


def _period(book: Book, sheet: Any, row: int, cells: dict[str, str]) -> int:
    """Write the totals of the period below the years."""
    say = book.say
    figures = ("cost", "core", "voluntary", "other", "available", "to_be_sought")
    bold = book.formats(bold=True, top=1)
    sheet.write_string(row, 0, say("Period"), bold)
    sheet.write_string(row, 1, "", bold)
    values = {total.name: total_result(book, total, cells).value for total in TOTALS}
    for column, name in enumerate(figures, 2):
        form = book.formats(bold=True, top=1, num_format=_MONEY)
        book.write(sheet, row, column, Result(f"={cells[name]}", values[name]), form)
    note = say(
        "Each year is reckoned by itself, activity by activity: the years may ask for more than "
        "the period, whose total counts."
    )
    sheet.write_string(row + 1, 0, note, book.formats(italic=True, font_color=GREY))
    return row + 2


def _statuses(book: Book, sheet: Any, row: int) -> None:
    """Write how many activities have each funding status."""
    say = book.say
    _block_title(book, sheet, row, say("By funding status"))
    _head(book, sheet, row + 1, (say("Funding status"), say("Meaning"), say("Activities")))
    figures = {} if book.reckoning is None else book.reckoning.by_activity
    first = row + 2
    for offset, (status, meaning) in enumerate(STATUSES):
        sheet.write_string(first + offset, 0, status, book.formats(valign="top"))
        sheet.write_string(first + offset, 1, say(meaning))
        formula = f'=SUMPRODUCT(--({{activities.funding_status}}="{status}"))'
        count = sum(figure.status == status for figure in figures.values())
        result = Result(book.fill(formula), count)
        book.write(sheet, first + offset, 2, result, book.formats(num_format="0"))
    mark_statuses(book, sheet, (first, 0, first + len(STATUSES) - 1, 0))
