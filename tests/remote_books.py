"""
Open books without Excel: a workbook file as Excel's task pane would send it to a server, and the
actions that come back carried out on a copy.

The book is a real one of xlwings' remote engine, for which tests/conftest.py sets the licence key.
"""

from __future__ import annotations

import datetime as dt
import json
import re

import xlwings as xw
from openpyxl import load_workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, range_boundaries

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
TAG = '"cmswp"="cmswp"'


def open_book(path, selection="A1", active=0):
    """Give a workbook file as an open book; formulas need stored values."""
    book = load_workbook(path, data_only=True)
    sheets = [_sheet(sheet) for sheet in book.worksheets]
    payload = {
        "client": "Office.js",
        "version": xw.__version__,
        "book": {
            "name": path.name,
            "active_sheet_index": active,
            "selection": selection,
            "calculation": "Automatic",
        },
        "names": [],
        "sheets": sheets,
    }
    return xw.Book(json=json.loads(json.dumps(payload)))


def _sheet(sheet):
    values = [[_value(cell) for cell in row] for row in sheet.iter_rows(min_row=1, min_col=1)]
    return {
        "name": sheet.title,
        "visibility": sheet.sheet_state.capitalize(),
        "show_gridlines": True,
        "print_area": None,
        "notes": [],
        "notes_supported": True,
        "used_range_address": sheet.calculate_dimension(),
        "used_range_row_count": sheet.max_row,
        "used_range_column_count": sheet.max_column,
        "values": values,
        "pictures": [],
        "shapes": [],
        "charts": [],
        "tables": [_table(table) for table in sheet.tables.values()],
        "pivot_tables": [],
    }


def _value(cell):
    """Dates go as the task pane sends them: as text in the ISO form where the format is a date."""
    value = cell.value
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="milliseconds") + "Z"
    return "" if value is None else value


def _table(table):
    left, top, right, bottom = range_boundaries(table.ref)
    head, totals = table.headerRowCount != 0, bool(table.totalsRowCount)

    def area(first, last):
        return f"{get_column_letter(left)}{first}:{get_column_letter(right)}{last}"

    return {
        "name": table.displayName,
        "range_address": table.ref,
        "row_count": bottom - top + 1,
        "column_count": right - left + 1,
        "columns": [column.name for column in table.tableColumns],
        "header_row_range_address": area(top, top) if head else None,
        "data_body_range_address": area(top + head, bottom - totals),
        "total_row_range_address": area(bottom, bottom) if totals else None,
        "show_headers": head,
        "show_totals": totals,
        "table_style": "",
        "show_autofilter": True,
        "show_table_style_first_column": False,
        "show_table_style_last_column": False,
        "show_table_style_row_stripes": True,
        "show_table_style_column_stripes": False,
    }


def actions(book):
    """Give what the book's macro asks Excel to do."""
    return book.json()["actions"]


def carried_out(path, book, target):
    """Carry out a book's actions on a copy of its file; gives the copy, and what was told."""
    copy = load_workbook(path)
    told = []
    for action in actions(book):
        _ACTIONS[action["func"]](copy, action, told)
    copy.save(target)
    return load_workbook(target), told


def _cells(copy, action):
    sheet = copy.worksheets[action["sheet_position"]]
    rows = sheet.iter_rows(
        action["start_row"] + 1,
        action["start_row"] + action["row_count"],
        action["start_column"] + 1,
        action["start_column"] + action["column_count"],
    )
    return [list(row) for row in rows]


def _each(change):
    def run(copy, action, _told):
        for row in _cells(copy, action):
            for cell in row:
                change(cell, action)

    return run


def _set_values(copy, action, _told):
    for cells, values in zip(_cells(copy, action), action["values"], strict=True):
        for cell, value in zip(cells, values, strict=True):
            text = isinstance(value, str) and value.startswith("'")
            cell.value = value[1:] if text else (None if value == "" else value)
            if isinstance(value, str) and _DAY.fullmatch(value):  # Excel reads it as typed
                cell.value = dt.date.fromisoformat(value)
            if text:
                cell.data_type = "s"


def _set_formula(copy, action, _told):
    given = action["values"]
    rows = given if isinstance(given, list) else [[given]]
    for cells, values in zip(_cells(copy, action), rows, strict=True):
        for cell, value in zip(cells, values, strict=True):
            cell.value = value or None


def _font(cell, action):
    name, value = action["args"]
    fields = {key: getattr(cell.font, key) for key in ("name", "size", "bold", "italic", "color")}
    fields[name] = value.lstrip("#") if name == "color" else value
    cell.font = Font(**fields)


def _fill(cell, action):
    colour = action["args"][0]
    cell.fill = PatternFill("solid", fgColor=colour.lstrip("#")) if colour else PatternFill()


def _number_format(cell, action):
    cell.number_format = action["args"][0]


def _wrap(cell, action):
    cell.alignment = Alignment(wrap_text=action["args"][0], vertical=cell.alignment.vertical)


def _align(cell, action):
    cell.alignment = Alignment(
        wrap_text=cell.alignment.wrap_text, vertical=action["args"][0].lower()
    )


def _align_across(cell, action):
    cell.alignment = Alignment(horizontal=action["args"][0].lower())


def _width(copy, action, _told):
    sheet = copy.worksheets[action["sheet_position"]]
    letters = get_column_letter(action["start_column"] + 1)
    sheet.column_dimensions[letters].width = (action["args"][0] - 3.75) / 5.25


def _add_format(copy, action, _told):
    entry = action["args"][0]
    sheet = copy.worksheets[action["sheet_position"]]
    assert entry["type"] == "Custom"
    cells = [cell for row in _cells(copy, action) for cell in row]
    fill = PatternFill("solid", bgColor=entry["fill_color"].lstrip("#"))
    area = f"{cells[0].coordinate}:{cells[-1].coordinate}"
    formula = entry["formula"].removeprefix("=")
    sheet.conditional_formatting.add(area, FormulaRule(formula=[formula], fill=fill))


def _run_macro(copy, action, told):
    """Do what the task pane's own function does: drop the rules with our formula."""
    assert action["args"][0] == "cmswpClearMarks"
    told.append("cmswpClearMarks")
    for sheet in copy.worksheets:
        kept = [
            (str(area.sqref), rule)
            for area in sheet.conditional_formatting
            for rule in area.rules
            if rule.formula != [TAG]
        ]
        sheet.conditional_formatting = type(sheet.conditional_formatting)()
        for area, rule in kept:
            sheet.conditional_formatting.add(area, rule)


def _clear_sheet(copy, action, _told):
    sheet = copy.worksheets[action["sheet_position"]]
    for row in sheet.iter_rows():
        for cell in row:
            cell.value, cell.style = None, "Normal"


def _add_sheet(copy, action, _told):
    position, name = action["args"]
    copy.create_sheet(name, int(position))


def _tell(_copy, action, told):
    told.append(action["args"])


def _show(copy, action, _told):
    copy.worksheets[action["sheet_position"]].sheet_state = action["args"][0].casefold()


def _activate(copy, action, told):
    assert copy.worksheets[int(action["args"][0])].sheet_state == "visible"
    told.append(("activate", action["args"][0]))


def _select(copy, action, told):
    cell = _cells(copy, action)[0][0]
    told.append(("select", cell.parent.title, cell.coordinate))


def _resize_table(copy, action, _told):
    index, address = action["args"]
    table = list(copy.worksheets[action["sheet_position"]].tables.values())[int(index)]
    table.ref = address.replace("$", "")
    if table.autoFilter:
        table.autoFilter.ref = table.ref


def _calculate(_copy, _action, told):
    told.append("calculate")


_ACTIONS = {
    "setValues": _set_values,
    "setFormula": _set_formula,
    "setFontProperty": _each(_font),
    "setRangeColor": _each(_fill),
    "setNumberFormat": _each(_number_format),
    "setWrapText": _each(_wrap),
    "setVerticalAlignment": _each(_align),
    "setHorizontalAlignment": _each(_align_across),
    "setAutofit": lambda _copy, _action, _told: None,  # the file formats leave this to Excel
    "setColumnWidth": _width,
    "addConditionalFormat": _add_format,
    "runMacro": _run_macro,
    "sheetClear": _clear_sheet,
    "addSheet": _add_sheet,
    "alert": _tell,
    "setSheetVisibility": _show,
    "activateSheet": _activate,
    "rangeSelect": _select,
    "calculate": _calculate,
    "resizeTable": _resize_table,
}
