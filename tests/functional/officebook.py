"""A workbook file as the small Excel of `office_stub.js` holds it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.datetime import to_excel

STUB = Path(__file__).parents[1] / "office_stub.js"


def office_book(path, language="en-GB"):
    """Give sheets with values, formats of dates, and tables; formulas need stored values."""
    book = load_workbook(path, data_only=True)
    return {
        "name": path.name,
        "language": language,
        "sheets": [_sheet(sheet) for sheet in book.worksheets],
    }


def _sheet(sheet):
    rows = list(sheet.iter_rows(min_row=1, min_col=1))
    formats = {
        f"{cell.row - 1},{cell.column - 1}": "yyyy-mm-dd"
        for row in rows
        for cell in row
        if isinstance(cell.value, dt.date)
    }
    return {
        "name": sheet.title,
        "values": [[_value(cell.value) for cell in row] for row in rows],
        "formats": formats,
        "tables": [{"name": t.displayName, "ref": t.ref} for t in sheet.tables.values()],
    }


def _value(value):
    if isinstance(value, dt.date):
        return to_excel(value)
    return "" if value is None else value
