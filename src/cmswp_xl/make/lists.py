"""Lists on the sheets: columns as data, each a heading, a formula and what the formula shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import column_letters
from cmswp_xl.figures.computed import search_key
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.make.book import (
    BLUE,
    CARRIED,
    GREY,
    HEADER_ROW,
    PALE_BLUE,
    RED,
    WORDS,
    Result,
    escaped,
    heading,
    height,
    lines,
    print_set_up,
    quoted,
    value_at,
)
from cmswp_xl.make.formulas import (
    counted,
    filled,
    list_name,
    numbers_of,
    spellings_name,
    spellings_row,
)
from cmswp_xl.messages.labels import FIELD_KINDS, spellings, words_of
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.make.book import Book, Look, Value

MONEY: Look = {"num_format": "#,##0.00"}
COUNT: Look = {"num_format": "0"}
CODE: Look = {"num_format": "@"}
NUMBER = "\0"
"""Stands in a text for a number that a formula puts there."""


@dataclass(frozen=True, slots=True)
class Column:
    """
    A column of a list: heading, the formula of every row, what the rows show, how they look.

    In the formula `<n>` is the number of the row in the list, from 1, and `<row>` that in the
    sheet. Rows beyond the values show nothing.
    """

    title: str
    formula: str
    values: Sequence[Value] = ()
    look: Look = field(default_factory=dict)

    def result(self, book: Book, index: int, row: int) -> Result:
        """Return formula and value of a row; `index` counts from 0, `row` from 1."""
        formula = self.formula.replace("<n>", str(index + 1)).replace("<row>", str(row))
        return Result(book.fill(formula), value_at(self.values, index))


@dataclass(frozen=True, slots=True)
class Room:
    """How many rows a list has room for, how many more there are, and the words that say so."""

    rows: int
    more: Result
    words: str

    def warning(self, book: Book) -> Result:
        """Return the warning where rows are not shown; it is blank otherwise."""
        before, _, after = self.words.partition(NUMBER)
        count, number = self.more.formula, int(self.more.value or 0)
        text = f'"{escaped(before)}"&{count}&"{escaped(after)}"'
        value = f"{before}{number}{after}" if number > 0 else None
        return Result(book.fill(f'=IF({count}>0,{text},"")'), value)


def rows_beyond(key: str, room: int, found: int) -> Result:
    """Return the count of the filled rows of a table after the room of a list is used up."""
    late = f"({numbers_of(f'{{{key}}}')}>{room})"
    return Result(counted(late, filled(f"{{{key}}}")), found - room)


def write_title(book: Book, sheet: Any, place: tuple[int, int], words: str) -> None:
    """Write the title of a list."""
    sheet.write_string(*place, words, book.formats(bold=True, font_size=13, font_color=BLUE))


def write_warning(book: Book, sheet: Any, place: tuple[int, int], room: Room) -> None:
    """Write what appears where a list has more rows than room."""
    book.write(sheet, *place, room.warning(book), book.formats(bold=True, font_color=RED))


def write_head(
    book: Book, sheet: Any, row: int, titles: Sequence[str], look: Sequence[Look] = ({},)
) -> None:
    """Write the headings of a list; the last look is that of all further columns."""
    for column, words in enumerate(titles):
        form = head_format(book, look[min(column, len(look) - 1)])
        sheet.write_string(row, column, words, form)


def head_format(book: Book, look: Look) -> Any:
    """Return the format of a heading."""
    return book.formats(bold=True, font_color=BLUE, bg_color=PALE_BLUE, border=1, **look)


def write_rows(
    book: Book,
    sheet: Any,
    first: int,
    columns: Sequence[Column],
    count: int,
    look: Look | None = None,
) -> int:
    """Write the rows of a list from the row `first` on; return the row after them."""
    for index in range(count):
        for number, column in enumerate(columns):
            result = column.result(book, index, first + index + 1)
            form = book.formats(**{**(look or {}), **column.look})
            book.write(sheet, first + index, number, result, form)
    return first + count


CARRIED_HEADERS = (
    N_("Sheet"),
    N_("Cell"),
    N_("Row"),
    N_("Heading"),
    N_("What it is"),
    N_("Value"),
)
"""The headings of the sheet of what was carried over: where it stood, what it is, its value."""
LONGEST_TEXT = 32_767
"""The characters that a cell has room for."""
_CARRIED_WIDTHS = (22, 12, 18, 30, 40, 80)


def carried_titles() -> frozenset[str]:
    """Return the names of that sheet in all three languages, in comparable form."""
    return frozenset(comparable(Words(language)(CARRIED)) for language in Language)


def write_carried(book: Book, sheet: Any, title: str) -> None:
    """Write that sheet: a row for each cell, a text too long for one going on below it."""
    say = book.say
    purpose = say("What an older workbook held that has no place in this one.")
    hint = say("Move what is still needed to its place; then this sheet may be deleted.")
    heading(book, sheet, title, purpose, hint, _CARRIED_WIDTHS)
    write_head(book, sheet, HEADER_ROW, [say(words) for words in CARRIED_HEADERS])
    form = book.formats(text_wrap=True, valign="top", border=1, border_color="#D0D0D0")
    row = HEADER_ROW + 1
    for cell in book.carried:
        *where, value = cell
        for start in range(0, max(len(value), 1), LONGEST_TEXT):
            texts = (*where, value[start : start + LONGEST_TEXT])
            for column, text in enumerate(texts):
                write = sheet.write_string if text else sheet.write_blank
                write(row, column, text, form)
            deepest = max(map(lines, texts, _CARRIED_WIDTHS))
            if deepest > 1:
                sheet.set_row(row, height(deepest))
            row += 1
    last = column_letters(len(CARRIED_HEADERS))
    sheet.ignore_errors({"number_stored_as_text": f"A{HEADER_ROW + 2}:{last}{row}"})
    sheet.autofilter(HEADER_ROW, 0, max(row - 1, HEADER_ROW), len(CARRIED_HEADERS) - 1)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    print_set_up(sheet, "outcome", HEADER_ROW)


def write_words(book: Book, sheet: Any) -> None:
    """
    Write the words of the drop-down lists, and all their spellings, and hide the sheet.

    The spellings of each code stand in a block, so that the place of one tells its code.
    """
    fields = {
        FIELD_KINDS[schema.name, item.name]: (schema, item)
        for schema in book.schemas.values()
        for item in schema.inputs()
        if item.enum
    }
    head = book.formats(bold=True, font_color=GREY)
    for index, (kind, (schema, item)) in enumerate(sorted(fields.items())):
        column, words = 2 * index, words_of(schema.name, item, book.say)
        sheet.write_string(0, column, kind, head)
        sheet.write_column(1, column, words.values())
        for code, said in spellings(schema.name, item).items():
            keys = dict.fromkeys(map(search_key, said))
            sheet.write_column(1 + spellings_row(kind, code), column + 1, keys)
        for offset, name, count in (
            (1, list_name(schema.name, item), len(words)),
            (2, spellings_name(kind), spellings_row(kind)),
        ):
            letters = column_letters(column + offset)
            cells = f"{quoted(book.say(WORDS))}!${letters}$2:${letters}${count + 1}"
            book.workbook.define_name(name, f"={cells}")
    sheet.hide()
