"""The Summary sheet: totals, then by area, by year, by source and by funding status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import address
from cmswp_xl.languages import N_, Language
from cmswp_xl.make.book import Result
from cmswp_xl.make.charts import CHART_ROWS, draw_charts
from cmswp_xl.make.page import BLUE, GREY, PALE_BLUE, RED, heading, mark_statuses, print_set_up
from cmswp_xl.make.rows import area_rows, not_shown, source_rows, year_rows
from cmswp_xl.make.totals_block import TOTALS, total_result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.make.book import Book
    from cmswp_xl.make.rows import Rows

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
