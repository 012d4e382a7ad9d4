"""What all sheets share: title, way back, banner, colours, print set-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cmswp_xl.languages import N_, Words
from cmswp_xl.make.book import Result, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.languages import Language
    from cmswp_xl.make.book import Book

A4 = 9
START, SUMMARY, CHECKS = N_("Start"), N_("Summary"), N_("Checks")
OWN = (START, SUMMARY, CHECKS)
"""The names of the sheets without tables of the data."""
CARRIED = N_("Carried over")
"""The name of the sheet, where there is one, of what an older workbook held besides."""

BLUE, PALE_BLUE, GREY, PALE_GREY, RED = "#1F4E79", "#DDEBF7", "#595959", "#F2F2F2", "#9C0006"
TABS = {"start": "#1F4E79", "input": "#2E75B6", "review": "#BF8F00", "outcome": "#548235"}
"""
Colours of the sheet tabs: the first sheet, sheets to fill in for the programme and for the
technology review, sheets to look at.
"""


def heading(book: Book, sheet: Any, title: str, purpose: str, hint: str = "") -> None:
    """Write rows 1 to 4: title and purpose, the way back, a hint, the banner."""
    formats = book.formats
    bold = formats(bold=True, font_size=16, font_color=BLUE)
    plain = formats(font_color=GREY)
    sheet.set_row(0, 24)
    sheet.write_rich_string(0, 0, bold, title, plain, f"    {purpose}", formats(valign="vcenter"))
    back = f"internal:{quoted(book.say(START))}!A1"
    link = formats(font_color="#0563C1", underline=1)
    sheet.write_url(1, 0, back, link, string="← " + book.say(START))
    sheet.write_string(2, 0, hint, formats(italic=True, font_color=GREY))
    banner(book, sheet, 3)


def banner(book: Book, sheet: Any, row: int) -> None:
    """Write the line that marks illustrative figures; it follows the setting."""
    text = book.say("Illustrative figures: not a budget of the Secretariat")
    formula = f'=IF(TRIM(Programme_illustrative)="yes","{escaped(text)}","")'
    form = book.formats(bold=True, font_size=12, font_color=RED)
    book.write(sheet, row, 0, Result(formula, text if book.illustrative else None), form)


def print_set_up(sheet: Any, tab: str, repeat: int | None = None, pages: int = 0) -> None:
    """
    Set a sheet to print on A4 across, one page wide.

    `repeat` is the row on every page; `pages` how many pages high at most, 0 for any number.
    """
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, pages)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.set_header('&L&"Arial,Bold"&A')
    sheet.set_footer("&C&P / &N")
    sheet.set_tab_color(TABS[tab])
    if repeat is not None:
        sheet.repeat_rows(repeat)


def escaped(text: str) -> str:
    """Give a text as it stands between the quotes of a formula."""
    return text.replace('"', '""')


def status_formats(book: Book) -> Mapping[str, Any]:
    """
    Give the conditional format of each funding status.

    Each has a sign and a letter form besides its fill, so that none is told by colour alone.
    """
    add = book.workbook.add_format
    return {
        "unfunded": add({"bg_color": "#F8CBAD", "bold": True, "num_format": '"○ "@'}),
        "partly-funded": add({"bg_color": "#FFE699", "bold": True, "num_format": '"◐ "@'}),
        "funded": add({"bg_color": "#C6E0B4", "num_format": '"● "@'}),
        "overfunded": add({"bg_color": "#BDD7EE", "underline": 1, "num_format": '"▲ "@'}),
        "no-cost": add({"bg_color": "#EDEDED", "num_format": '"– "@'}),
        "not-costed": add({"bg_color": "#EDEDED", "italic": True, "num_format": '"? "@'}),
    }


def mark_statuses(book: Book, sheet: Any, area: tuple[int, int, int, int]) -> None:
    """Mark every funding status in an area: first row, first column, last row, last column."""
    for status, form in status_formats(book).items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{status}"', "format": form}
        sheet.conditional_format(*area, rule)


def own_titles(language: Language) -> frozenset[str]:
    """Return the names of the sheets without tables of the data."""
    return frozenset(map(Words(language), (*OWN, CARRIED)))
