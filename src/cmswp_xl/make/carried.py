"""The sheet of what an older workbook held and no field of this one stands for."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import column_letters
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.make.book import HEADER_ROW, height, lines
from cmswp_xl.make.page import BLUE, CARRIED, PALE_BLUE, heading, print_set_up
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from cmswp_xl.make.book import Book

CARRIED_HEADERS = (
    N_("Sheet"),
    N_("Cell"),
    N_("Row"),
    N_("Heading"),
    N_("What it is"),
    N_("Value"),
)
"""The headings of its columns: where a value stood, what it is about, and the value."""
LONGEST_TEXT = 32_767
"""The characters that a cell has room for."""
_WIDTHS = (22, 12, 18, 30, 40, 80)


def carried_titles() -> frozenset[str]:
    """Give the names of the sheet in all three languages, in comparable form."""
    return frozenset(comparable(Words(language)(CARRIED)) for language in Language)


def write_carried(book: Book, sheet: Any, title: str) -> None:
    """Write the sheet: a row for each cell, a text too long for one going on below it."""
    say = book.say
    purpose = say("What an older workbook held that has no place in this one.")
    hint = say("Move what is still needed to its place; then this sheet may be deleted.")
    heading(book, sheet, title, purpose, hint)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    head = book.formats(bold=True, font_color=BLUE, bg_color=PALE_BLUE, border=1)
    for column, words in enumerate(CARRIED_HEADERS):
        sheet.write_string(HEADER_ROW, column, say(words), head)
    form = book.formats(text_wrap=True, valign="top", border=1, border_color="#D0D0D0")
    row = HEADER_ROW + 1
    for cell in book.carried:
        *where, value = astuple(cell)
        for start in range(0, max(len(value), 1), LONGEST_TEXT):
            texts = (*where, value[start : start + LONGEST_TEXT])
            for column, text in enumerate(texts):
                if text:
                    sheet.write_string(row, column, text, form)
                else:
                    sheet.write_blank(row, column, None, form)
            deepest = max(map(lines, texts, _WIDTHS))
            if deepest > 1:
                sheet.set_row(row, height(deepest))
            row += 1
    last = column_letters(len(CARRIED_HEADERS))
    sheet.ignore_errors({"number_stored_as_text": f"A{HEADER_ROW + 2}:{last}{row}"})
    sheet.autofilter(HEADER_ROW, 0, max(row - 1, HEADER_ROW), len(CARRIED_HEADERS) - 1)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    print_set_up(sheet, "outcome", HEADER_ROW)
