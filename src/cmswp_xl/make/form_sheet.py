"""The Programme sheet: a form of settings and values, each with its explanation beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cmswp_xl.make.book import (
    HEADER_ROW,
    height,
    lines,
    quoted,
    required,
    write_entry,
)
from cmswp_xl.make.page import BLUE, GREY, PALE_BLUE, heading, print_set_up
from cmswp_xl.make.validations import validation

if TYPE_CHECKING:
    from cmswp_xl.make.book import (
        Book,
    )
    from cmswp_xl.schema import Field, TableSchema

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
