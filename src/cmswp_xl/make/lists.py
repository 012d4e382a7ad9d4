"""Lists and their charts, words behind drop-downs, what may be typed, a listing as a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple

from cmswp_xl.cells import column_letters, quoted
from cmswp_xl.figures.computed import search_key
from cmswp_xl.languages import CARRIED, N_, WORDS, Language, Words
from cmswp_xl.make.book import (
    CREATED,
    HEADER_ROW,
    NUMBER,
    Book,
    Look,
    Result,
    Value,
    looks,
    numbered,
    set_height,
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
from cmswp_xl.messages.values import amounts_in
from cmswp_xl.resources import texts
from cmswp_xl.schema import Field
from cmswp_xl.tables import comparable
from cmswp_xl.translated import Record

MONEY, COUNT = looks("money"), looks("count")
AREAS, YEARS, SOURCES, ACTIVITIES = 20, 12, 20, 60
"""How many of each the lists of Summary have room for."""


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
        formula = book.fill(self.formula)  # the same in all rows, so that it is filled once
        formula = formula.replace("<n>", str(index + 1)).replace("<row>", str(row))
        return Result(formula, self.values[index] if index < len(self.values) else None)


@dataclass(frozen=True, slots=True)
class Room:
    """What a list holds, how many rows it has room for, how many more there are."""

    name: str
    rows: int
    more: Result


def room_for(key: str, rows: int, found: int) -> Room:
    """Return the room for the filled rows of a table, of which so many were found."""
    late = f"({numbers_of(f'{{{key}}}')}>{rows})"
    more = Result(counted(late, filled(f"{{{key}}}")), found - rows)
    return Room(key.partition(".")[0], rows, more)


def write_title(book: Book, sheet: Any, place: tuple[int, int], words: str) -> None:
    """Write the title of a list."""
    book.write(sheet, *place, words, looks("list title"))


def write_warning(book: Book, sheet: Any, place: tuple[int, int], room: Room) -> None:
    """Write what appears where a list has more rows than room; it is blank otherwise."""
    more, words = room.more, texts("summary")["room"][room.name]
    text = numbered(book.say(words, room=room.rows, count=NUMBER), more)
    formula = book.fill(f'=IF({more.formula}>0,{text.formula},"")')
    warning = Result(formula, text.value if int(more.value or 0) > 0 else None)
    book.write(sheet, *place, warning, looks("red"))


def write_head(
    book: Book, sheet: Any, row: int, titles: Sequence[str], look: Sequence[Look] = ({},)
) -> None:
    """Write the headings of a list; the last look is that of all further columns."""
    for column, words in enumerate(titles):
        book.write(
            sheet, row, column, words, {**looks("head"), **look[min(column, len(look) - 1)]}
        )


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
            book.write(sheet, first + index, number, result, {**(look or {}), **column.look})
    return first + count


class Chart(NamedTuple):
    """
    A chart of columns of the rows of a list, each with its look.

    `rows` are the first row and their number; `titles` are what the columns are called.
    """

    title: str
    kind: dict[str, str]
    rows: tuple[int, int]
    titles: Mapping[int, str]
    series: Sequence[tuple[int, dict[str, Any]]]
    x_axis: dict[str, Any]
    y_axis: dict[str, Any]


def draw_chart(book: Book, sheet: Any, place: tuple[int, int], data: Chart, height: int) -> None:
    """Draw a chart at a cell, with a height in pixels; of one series the title says what it is."""
    chart, name = book.workbook.add_chart(data.kind), sheet.get_name()
    first, count = data.rows
    for column, look in data.series:
        chart.add_series(
            {
                "name": data.titles[column],
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
    chart.set_size({"width": 420 if alone else 400, "height": height})
    text = book.say("{title}: chart of the figures below.", title=data.title)
    sheet.insert_chart(*place, chart, {"object_position": 2, "y_offset": 4, "description": text})


CARRIED_HEADERS = (
    *(N_("Sheet"), N_("Cell"), N_("Row"), N_("Heading")),
    *(N_("What it is"), N_("Value")),
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
    purpose = say("What an older workbook contained that has no place in this one.")
    hint = say("Move what is still needed to its place; then this sheet may be deleted.")
    book.heading(sheet, title, purpose, hint, _CARRIED_WIDTHS)
    write_head(book, sheet, HEADER_ROW, [say(words) for words in CARRIED_HEADERS])
    row = HEADER_ROW + 1
    for cell in book.carried:
        *where, value = cell
        for start in range(0, max(len(value), 1), LONGEST_TEXT):
            shown = (*where, value[start : start + LONGEST_TEXT])
            for column, text in enumerate(shown):
                book.write(sheet, row, column, text or None, looks("wrapped", "cell"))
            set_height(sheet, row, *zip(shown, _CARRIED_WIDTHS, strict=True))
            row += 1
    last = column_letters(len(CARRIED_HEADERS))
    sheet.ignore_errors({"number_stored_as_text": f"A{HEADER_ROW + 2}:{last}{row}"})
    sheet.autofilter(HEADER_ROW, 0, max(row - 1, HEADER_ROW), len(CARRIED_HEADERS) - 1)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    book.print_set_up(sheet, "outcome", _CARRIED_WIDTHS, HEADER_ROW)


def write_records(sheet: Any, records: Sequence[Record]) -> None:
    """Write what each translation was made from, and hide the sheet."""
    sheet.write_row(0, 0, records[0]._fields)
    for row, record in enumerate(records, 1):
        for column, text in enumerate(record):
            sheet.write_string(row, column, text)
    sheet.hide()


def write_words(book: Book, sheet: Any) -> None:
    """
    Write the words of the drop-down lists, and all their spellings, and hide the sheet.

    The spellings of each code stand in a block, so that the place of one tells its code.
    """
    columns: dict[str, list[str]] = {}
    tables = book.references.schemas
    for (table, name), kind in FIELD_KINDS.items():
        item = tables[table].field(name)
        if item.computed:
            continue
        columns[list_name(table, item)] = list(words_of(table, item, book.say).values())
        said = columns.setdefault(spellings_name(kind), [""] * spellings_row(kind))
        for code, words in spellings(table, item).items():
            keys = list(dict.fromkeys(map(search_key, words)))
            first = spellings_row(kind, code)
            said[first : first + len(keys)] = keys
    for number, (name, entries) in enumerate(columns.items(), 1):
        sheet.write_column(0, number - 1, [name, *entries])
        letters = column_letters(number)
        cells = f"{quoted(book.say(WORDS))}!${letters}$2:${letters}${len(entries) + 1}"
        book.workbook.define_name(name, f"={cells}")
    sheet.hide()


TITLE_ROOM, MESSAGE_ROOM = 32, 255
"""The characters that Excel allows in the title and the text of a message."""
_FIRST_DATE, _LAST_DATE = dt.date(1901, 1, 1), dt.date(2200, 12, 31)
_IN_PERIOD = frozenset({"costs", "funding"})


def validation(book: Book, table: str, item: Field) -> dict[str, Any]:
    """Return the XlsxWriter options of the validation of an input field: limits and messages."""
    return {
        **_rule(book, table, item),
        "input_title": shortened(item.titles[book.language], TITLE_ROOM),
        "input_message": shortened(item.help[book.language], MESSAGE_ROOM),
    }


def codes_name(table: str) -> str:
    """Return the defined name of the codes of a table, which grows with it."""
    return f"list_{table}"


def shortened(text: str, room: int) -> str:
    """Cut a text at a space, marking the cut, where it has no room."""
    if len(text) <= room:
        return text
    return text[: room - 1].rsplit(" ", 1)[0] + "…"


def _rule(book: Book, table: str, item: Field) -> dict[str, Any]:
    say = book.say
    if item.enum:
        message = say("Choose a word from the list, in any of the three languages.")
        source = f"={list_name(table, item)}"
        rule = _stop(book, message, "list", ignore_blank=not item.required, source=source)
        return {**rule, "error_type": "information", "error_title": say("Not in the list")}
    if item.reference and not item.list:
        schema = book.schemas[item.reference.table]
        message = say(
            "Choose a code from the list. Enter a new code first on the sheet {sheet}.",
            sheet=schema.titles[book.language],
        )
        source = f"={codes_name(schema.table)}"
        return _stop(book, message, "list", ignore_blank=not item.required, source=source)
    if item.offered or item.choices:
        name = codes_name(item.offered) if item.offered else list_name(table, item)
        return {"validate": "list", "source": f"={name}", "show_error": False}
    limits, kind, blank = _bounds(item), "decimal" if item.numeric else "integer", True
    first: Any
    last: Any
    first, last = (f"{limit:f}" for limit in limits.values())
    numbers = amounts_in(book.language)
    bounds = {
        name: str(int(limit)) if item.type == "year" else numbers.number(limit)
        for name, limit in limits.items()
    }
    if item.type == "date":
        kind, first, last = "date", _FIRST_DATE, _LAST_DATE
        message = say("Type a date, for example 2027-01-31.")
    elif item.numeric:
        message = say(
            "Type a number from {least} to {most}, without a currency sign or other text.",
            **bounds,
        )
    elif item.type == "integer":
        message = say("Type a whole number from {least} to {most}.", **bounds)
    elif item.type == "year" and table in _IN_PERIOD:
        message = say(
            "Type a year of the programme’s period, or leave the cell blank for the whole period."
        )
        names = ("Programme_period_start", "Programme_period_end")
        first, last = map("=IF(ISNUMBER({0}),{0},{1})".format, names, (first, last))
        blank = False
    elif item.type == "year":
        message = say("Type a year in four digits, from {least} to {most}.", **bounds)
    else:
        return {"validate": "any"}
    between = {"criteria": "between", "minimum": first, "maximum": last}
    return _stop(book, message, kind, ignore_blank=blank, **between)


def _bounds(item: Field) -> dict[str, Decimal]:
    """Return the least and the greatest number of a field."""
    most = 10**12 if item.numeric else 9999
    bounds = {"least": item.minimum or Decimal(0), "most": item.maximum or Decimal(most)}
    return bounds if item.numeric else {name: Decimal(int(n)) for name, n in bounds.items()}


def _stop(
    book: Book, message: str, kind: str, *, ignore_blank: bool = False, **rule: object
) -> dict[str, Any]:
    """
    Return the options that reject what does not fit; with `ignore_blank`, a cell may be blank.

    Where a rule refers to other cells, Excel lets everything through if one of these is blank and
    blanks are ignored.
    """
    return {
        "validate": kind,
        **rule,
        "error_type": "stop",
        "error_title": shortened(book.say("Not possible here"), TITLE_ROOM),
        "error_message": shortened(message, MESSAGE_ROOM),
        "ignore_blank": ignore_blank,
    }


_NARROWEST, _WIDEST = 10, 60


def listing_workbook(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook of rows under their heads; amounts are numbers, all else is text."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    workbook.set_properties({"created": CREATED})
    sheet = workbook.add_worksheet()
    head = workbook.add_format(looks("listing head"))
    text = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    amount = workbook.add_format({"valign": "top", "num_format": "#,##0.00"})
    whole = workbook.add_format({"valign": "top"})
    for column, title in enumerate(heads):
        cells = [row[column] for row in rows]
        longest = max((len(str(cell)) for cell in (title, *cells) if cell is not None), default=0)
        sheet.set_column(column, column, min(max(longest + 2, _NARROWEST), _WIDEST))
        sheet.write_string(0, column, title, head)
        for row, cell in enumerate(cells, 1):
            if isinstance(cell, (int, Decimal)):
                sheet.write_number(row, column, cell, whole if isinstance(cell, int) else amount)
            elif cell not in (None, ""):
                sheet.write_string(row, column, str(cell), text)
            else:
                sheet.write_blank(row, column, None, text)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(heads) - 1)
    workbook.close()
    return buffer.getvalue()
