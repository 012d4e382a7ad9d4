"""The sheet of one table: headers, rows with their formulas, drop-downs, marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import column_letters
from cmswp_xl.computed import computed_columns
from cmswp_xl.make.book import (
    HEADER_ROW,
    LAST_ROW,
    Result,
    height,
    hidden,
    lines,
    required,
    write_entry,
)
from cmswp_xl.make.page import BLUE, GREY, PALE_BLUE, PALE_GREY, heading, mark_statuses
from cmswp_xl.make.page import print_set_up as set_up
from cmswp_xl.make.validations import validation
from cmswp_xl.schema import REVIEW_TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cmswp_xl.make.book import (
        Below,
        Book,
        Look,
    )
    from cmswp_xl.schema import Field, TableSchema

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
    set_up(sheet, "review" if schema.name in REVIEW_TABLES else "input", HEADER_ROW)


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
