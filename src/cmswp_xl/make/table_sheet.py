"""The drop-downs, limits and input messages of the cells that people fill in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import column_letters
from cmswp_xl.figures.computed import computed_columns
from cmswp_xl.make.book import (
    BLUE,
    GREY,
    HEADER_ROW,
    LAST_ROW,
    PALE_BLUE,
    PALE_GREY,
    Result,
    heading,
    height,
    hidden,
    lines,
    mark_statuses,
    print_set_up,
    quoted,
    required,
    write_entry,
)
from cmswp_xl.schema import REVIEW_TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cmswp_xl.make.book import Below, Book, Look
    from cmswp_xl.schema import Field, TableSchema


TITLE_ROOM, MESSAGE_ROOM = 32, 255
"""The characters that Excel allows in the title and the text of a message."""
_FIRST_DATE, _LAST_DATE = dt.date(1901, 1, 1), dt.date(2200, 12, 31)
_IN_PERIOD = frozenset({"costs", "funding"})


def validation(book: Book, table: str, item: Field) -> dict[str, Any]:
    """Give the XlsxWriter options of the validation of an input field."""
    return {
        **_rule(book, table, item),
        "input_title": shortened(item.titles[book.language], TITLE_ROOM),
        "input_message": shortened(item.help[book.language], MESSAGE_ROOM),
    }


def list_name(table: str) -> str:
    """Give the defined name of the codes of a table, which grows with it."""
    return f"list_{table}"


def shortened(text: str, room: int) -> str:
    """Cut a text at a space, marking the cut, where it has no room."""
    if len(text) <= room:
        return text
    return text[: room - 1].rsplit(" ", 1)[0] + "…"


def _rule(book: Book, table: str, item: Field) -> dict[str, Any]:
    if item.enum:
        words = ", ".join(item.enum)
        message = book.say("Choose one of the words of the list: {words}.", words=words)
        return {"validate": "list", "source": list(item.enum), **_stop(book, message)}
    if item.reference and not item.list:
        schema = book.schemas[item.reference.table]
        message = book.say(
            "Choose a code of the list. A new code is entered first in the sheet {sheet}.",
            sheet=schema.titles[book.language],
        )
        source = f"={list_name(schema.table)}"
        return {"validate": "list", "source": source, **_stop(book, message)}
    if item.numeric:
        return _number(book, item)
    if item.type == "integer":
        return _integer(book, item)
    if item.type == "year":
        return _year(book, table, item)
    if item.type == "date":
        message = book.say("Type a date, for example 2027-01-31.")
        bounds = {"minimum": _FIRST_DATE, "maximum": _LAST_DATE}
        return {"validate": "date", "criteria": "between", **bounds, **_free(book, message)}
    return {"validate": "any"}


def _free(book: Book, message: str) -> dict[str, Any]:
    """Give the options that reject what does not fit but let a cell be blank."""
    return _stop(book, message, ignore_blank=True)


def _stop(book: Book, message: str, *, ignore_blank: bool = False) -> dict[str, Any]:
    """
    Give the options that reject what does not fit.

    Where a rule refers to other cells, Excel lets everything through if one of these is blank and
    blanks are ignored.
    """
    return {
        "error_type": "stop",
        "error_title": shortened(book.say("Not possible here"), TITLE_ROOM),
        "error_message": shortened(message, MESSAGE_ROOM),
        "ignore_blank": ignore_blank,
    }


def _number(book: Book, item: Field) -> dict[str, Any]:
    least, most = f"{item.minimum or 0:f}", f"{item.maximum or 10**12:f}"
    message = book.say(
        "Type a number from {least} to {most}, without a currency sign or other text.",
        least=least,
        most=most,
    )
    bounds = {"minimum": least, "maximum": most}
    return {"validate": "decimal", "criteria": "between", **bounds, **_free(book, message)}


def _integer(book: Book, item: Field) -> dict[str, Any]:
    least, most = str(int(item.minimum or 0)), str(int(item.maximum or 9999))
    message = book.say("Type a whole number from {least} to {most}.", least=least, most=most)
    bounds = {"minimum": least, "maximum": most}
    return {"validate": "integer", "criteria": "between", **bounds, **_free(book, message)}


def _year(book: Book, table: str, item: Field) -> dict[str, Any]:
    least, most = str(int(item.minimum or 0)), str(int(item.maximum or 9999))
    if table in _IN_PERIOD:
        message = book.say(
            "Type a year of the programme’s period, or leave the cell blank for the whole period."
        )
        first = _filled_or("Programme_period_start", least)
        last = _filled_or("Programme_period_end", most)
        bounds = {"minimum": first, "maximum": last}
        return {"validate": "integer", "criteria": "between", **bounds, **_stop(book, message)}
    message = book.say(
        "Type a year in four digits, from {least} to {most}.", least=least, most=most
    )
    bounds = {"minimum": least, "maximum": most}
    return {"validate": "integer", "criteria": "between", **bounds, **_free(book, message)}


def _filled_or(name: str, number: str) -> str:
    return f"=IF(ISNUMBER({name}),{name},{number})"


_MOST_FROZEN = 2
_FIRST_ROW = HEADER_ROW + 1


def write_table(book: Book, sheet: Any, schema: TableSchema, below: Sequence[Below] = ()) -> None:
    """Write the sheet of a table, with one blank row where it has no content, and cells below."""
    hint = book.say("Dark headers: required.")
    if any(item.computed and not item.hidden for item in schema.fields):
        hint += " " + book.say("Grey columns: calculated, do not type there.")
    if any(hidden(book, item) for item in schema.fields):
        hint += " " + book.say("The + above the columns shows the other languages.")
    heading(book, sheet, schema.titles[book.language], schema.help[book.language], hint)
    _columns(book, sheet, schema)
    rows = book.rows(schema.name) or [{}]
    _table(book, sheet, schema, len(rows))
    values = _computed(book, schema, len(rows))
    for index, row in enumerate(rows):
        _row(book, sheet, schema, index, row, values)
    _below(book, sheet, schema, _FIRST_ROW + len(rows) - 1, below)
    _validations(book, sheet, schema)
    _marks(book, sheet, schema)
    _accept_texts(sheet, schema)
    sheet.freeze_panes(_FIRST_ROW, _frozen(schema))
    print_set_up(sheet, "review" if schema.name in REVIEW_TABLES else "input", HEADER_ROW)


def _columns(book: Book, sheet: Any, schema: TableSchema) -> None:
    """Set width and format of every column, and fold the other languages away."""
    after_hidden = False
    for number, item in enumerate(schema.fields):
        folded = hidden(book, item)
        options = {"level": 1, "hidden": True} if folded else {"collapsed": after_hidden}
        if item.hidden:
            options["hidden"] = True
        sheet.set_column(number, number, item.width, cell_format(book, item, plain=True), options)
        after_hidden = folded
    if after_hidden:
        number = len(schema.fields)
        sheet.set_column(number, number, None, None, {"collapsed": True})


def cell_format(book: Book, item: Field, *, plain: bool = False) -> Any:
    """Give the format of a field's cells; `plain` is for the cells below the table."""
    return book.formats(**_look(item, plain=plain))


def _look(item: Field, *, plain: bool = False) -> Look:
    properties: dict[str, object] = {"valign": "top"}
    if item.number_format:
        properties["num_format"] = item.number_format
    if item.numeric:
        properties |= {"align": "right", "indent": 1}
    elif item.type in ("year", "integer", "date"):
        properties["align"] = "center"
    elif item.multiline or not item.title_of:
        properties["text_wrap"] = True
    if not plain:
        properties |= {"border": 1, "border_color": "#D0D0D0"}
    if item.computed and not plain:
        properties |= {"bg_color": PALE_GREY, "font_color": GREY}
    return properties


def _header_format(book: Book, item: Field) -> Any:
    shared = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1}
    if item.computed:
        return book.formats(
            **shared | {"bold": False}, italic=True, font_color=GREY, bg_color="#D9D9D9"
        )
    if required(book, item):
        return book.formats(**shared, font_color="#FFFFFF", bg_color=BLUE)
    return book.formats(**shared, font_color=BLUE, bg_color=PALE_BLUE)


def _table(book: Book, sheet: Any, schema: TableSchema, count: int) -> None:
    columns: list[dict[str, Any]] = []
    for item in schema.fields:
        column = {
            "header": item.titles[book.language],
            "header_format": _header_format(book, item),
            "format": cell_format(book, item),
        }
        if item.computed:
            column["formula"] = book.references.figure(schema.name, item)
        columns.append(column)
    options = {
        "name": schema.table,
        "style": "Table Style Light 1",
        "banded_rows": False,
        "columns": columns,
        "title": schema.titles[book.language],
        "description": schema.help[book.language],
    }
    last = len(schema.fields) - 1
    sheet.add_table(HEADER_ROW, 0, HEADER_ROW + count, last, options)
    deepest = max(
        lines(item.titles[book.language], item.width - 3)
        for item in schema.fields
        if not (item.hidden or hidden(book, item))
    )
    sheet.set_row(HEADER_ROW, height(max(deepest, 2)))


def _computed(book: Book, schema: TableSchema, count: int) -> Mapping[str, Sequence[Any]]:
    """Give the values of the computed columns; the blank row of an empty table has none."""
    blank = {item.name: [None] * count for item in schema.fields if item.computed}
    if book.reckoning is None or not book.rows(schema.name):
        return blank
    return computed_columns(book.reckoning, schema, book.language)


def _row(
    book: Book,
    sheet: Any,
    schema: TableSchema,
    index: int,
    row: Mapping[str, Any],
    values: Mapping[str, Sequence[Any]],
) -> None:
    deepest = 1
    for number, item in enumerate(schema.fields):
        place = (_FIRST_ROW + index, number)
        if item.computed:
            formula = book.references.figure(schema.name, item)
            value = values[item.name][index]
            book.write(sheet, *place, Result(formula, value), cell_format(book, item))
            if not item.multiline:
                continue
        else:
            value = row.get(item.name)
            write_entry(book, sheet, place, item, value, _look(item))
        if isinstance(value, str) and not hidden(book, item) and not item.numeric:
            deepest = max(deepest, lines(value, item.width))
    if deepest > 1:
        sheet.set_row(_FIRST_ROW + index, height(deepest))


def _below(book: Book, sheet: Any, schema: TableSchema, last: int, below: Sequence[Below]) -> None:
    """Write the cells that were found below the table, which are no part of it, below it again."""
    numbers = {item.name: number for number, item in enumerate(schema.fields)}
    for offset, name, value in below:
        number = numbers[name]
        item = schema.fields[number]
        write_entry(book, sheet, (last + offset, number), item, value, _look(item, plain=True))


def _validations(book: Book, sheet: Any, schema: TableSchema) -> None:
    for number, item in enumerate(schema.fields):
        if not item.computed:
            rule = validation(book, schema.name, item)
            sheet.data_validation(_FIRST_ROW, number, LAST_ROW, number, rule)


def _marks(book: Book, sheet: Any, schema: TableSchema) -> None:
    """Mark the funding status of activities, and the money to be sought where there is none."""
    names = [item.name for item in schema.fields]
    if "funding_status" not in names:
        return
    status, sought = names.index("funding_status"), names.index("to_be_sought")
    mark_statuses(book, sheet, (_FIRST_ROW, status, LAST_ROW, status))
    rule = {
        "type": "formula",
        "criteria": f'=${column_letters(status + 1)}{_FIRST_ROW + 1}="unfunded"',
        "format": book.workbook.add_format({"bg_color": "#FBE5D6", "bold": True}),
    }
    sheet.conditional_format(_FIRST_ROW, sought, LAST_ROW, sought, rule)


def _accept_texts(sheet: Any, schema: TableSchema) -> None:
    """Keep Excel from marking codes such as 1.1 as numbers stored as text."""
    letters = [column_letters(n) for n, item in enumerate(schema.fields, 1) if item.code]
    ranges = " ".join(f"{x}{_FIRST_ROW + 1}:{x}{LAST_ROW + 1}" for x in letters)
    if ranges:
        sheet.ignore_errors({"number_stored_as_text": ranges})


def _frozen(schema: TableSchema) -> int:
    """Count the columns that stay in view: the required codes that a table begins with."""
    count = 0
    for item in schema.fields[:_MOST_FROZEN]:
        if not (item.code and item.required and count < _MOST_FROZEN):
            break
        count += 1
    return max(count, 1)


_SETTING, _VALUE, _HELP = 0, 1, 3
_SETTING_WIDTH, _VALUE_WIDTH, _HELP_WIDTH = 34, 52, 90


def write_form(book: Book, sheet: Any, schema: TableSchema) -> None:
    """Write the form; every value cell gets a name such as Programme_scenario."""
    titles = schema.form_titles
    if titles is None:
        raise ValueError(schema.name)
    hint = book.say(
        "Dark settings: required. Type in the column {column}.", column=titles[1][book.language]
    )
    heading(book, sheet, schema.titles[book.language], schema.help[book.language], hint)
    for column, width in ((_SETTING, _SETTING_WIDTH), (_VALUE, _VALUE_WIDTH), (2, 2)):
        sheet.set_column(column, column, width)
    sheet.set_column(_HELP, _HELP, _HELP_WIDTH)
    head = book.formats(bold=True, font_color=BLUE, bg_color=PALE_BLUE, border=1)
    options = {
        "name": schema.table,
        "style": "Table Style Light 1",
        "banded_rows": False,
        "autofilter": False,
        "columns": [{"header": t[book.language], "header_format": head} for t in titles],
        "title": schema.titles[book.language],
        "description": schema.help[book.language],
    }
    sheet.add_table(HEADER_ROW, _SETTING, HEADER_ROW + len(schema.fields), _VALUE, options)
    sheet.write_string(HEADER_ROW, _HELP, book.say("Explanation"), head)
    for row, item in enumerate(schema.fields, HEADER_ROW + 1):
        _setting(book, sheet, schema, row, item)
    last = HEADER_ROW + 1 + len(schema.fields)
    sheet.ignore_errors({"number_stored_as_text": f"B{HEADER_ROW + 2}:B{last}"})
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    print_set_up(sheet, "input", HEADER_ROW)


def _setting(book: Book, sheet: Any, schema: TableSchema, row: int, item: Field) -> None:
    value, explained = book.entry(item.name), item.help[book.language]
    shared: dict[str, object] = {"text_wrap": True, "valign": "top", "border": 1}
    marked = (
        {"bold": True, "font_color": "#FFFFFF", "bg_color": BLUE}
        if required(book, item)
        else {"font_color": BLUE, "bg_color": PALE_BLUE}
    )
    sheet.write_string(row, _SETTING, item.titles[book.language], book.formats(**shared, **marked))
    look: dict[str, object] = {**shared, "align": "left"}
    if item.number_format:
        look["num_format"] = item.number_format
    write_entry(book, sheet, (row, _VALUE), item, value, look)
    sheet.write_string(
        row, _HELP, explained, book.formats(text_wrap=True, valign="top", font_color=GREY)
    )
    sheet.data_validation(row, _VALUE, row, _VALUE, validation(book, schema.name, item))
    name = f"{schema.table}_{item.name}"
    book.workbook.define_name(name, f"={quoted(schema.titles[book.language])}!$B${row + 1}")
    text = str(book.setting(item.name) or "")
    deepest = max(lines(explained, _HELP_WIDTH), lines(text, _VALUE_WIDTH))
    if deepest > 1:
        sheet.set_row(row, height(deepest))
