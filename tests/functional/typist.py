"""
A user who types into a workbook of `cmswp new`, played with openpyxl.

Sheets are found by their table, columns by their headings, settings by their names; rows go below
the heading, and the table is drawn down over them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries

from cmswp_xl.languages import Language
from cmswp_xl.schema import load_schemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet


class Typist:
    """Types into the workbook of a path, whose headings are in a language."""

    def __init__(self, path: Path, language: Language | str = Language.EN) -> None:
        self.path = path
        self.language = Language(language)
        self.book = openpyxl.load_workbook(path)

    def save(self) -> Path:
        """Save the workbook and give its path."""
        self.book.save(self.path)
        return self.path

    def settings(self, **values: Any) -> Typist:
        """Type settings of the Programme form."""
        sheet, _ = self.sheet("programme")
        for name, value in values.items():
            sheet[self.place("programme", name)] = value
        return self

    def rows(self, table: str, rows: Iterable[Mapping[str, Any]]) -> Typist:
        """Type rows into an empty table, under its headings, and draw it down over them."""
        rows = list(rows)
        sheet, excel_table = self.sheet(table)
        left, top, right, _ = range_boundaries(excel_table.ref)
        columns = self.columns(table)
        for number, row in enumerate(rows, top + 1):
            for name, value in row.items():
                sheet.cell(number, columns[name]).value = value
        bottom = top + max(len(rows), 1)
        excel_table.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
        if excel_table.autoFilter is not None:
            excel_table.autoFilter.ref = excel_table.ref
        return self

    def put(self, table: str, name: str, row: int, value: Any) -> str:
        """Type into one cell of a table, rows counted from 1, and give its address."""
        sheet, _ = self.sheet(table)
        address = self.place(table, name, row)
        cell = sheet[address]
        cell.value = value
        if isinstance(value, str) and value.startswith("=") and not value.startswith("=="):
            cell.data_type = "s"
        return address

    def place(self, table: str, name: str, row: int = 1) -> str:
        """Give the address of a field's cell in a row, or of a setting's value."""
        sheet, excel_table = self.sheet(table)
        left, top, _, bottom = range_boundaries(excel_table.ref)
        schema = load_schemas()[table]
        if schema.form:
            title = schema.field(name).titles[self.language]
            number = next(
                n for n in range(top + 1, bottom + 1) if sheet.cell(n, left).value == title
            )
            return f"{get_column_letter(left + 1)}{number}"
        return f"{get_column_letter(self.columns(table)[name])}{top + row}"

    def columns(self, table: str) -> dict[str, int]:
        """Give the column number of each field, by its heading in the language."""
        sheet, excel_table = self.sheet(table)
        left, top, right, _ = range_boundaries(excel_table.ref)
        headings = {sheet.cell(top, column).value: column for column in range(left, right + 1)}
        return {
            field.name: headings[field.titles[self.language]]
            for field in load_schemas()[table].fields
            if field.titles[self.language] in headings
        }

    def sheet(self, table: str) -> tuple[Worksheet, Any]:
        """Give the sheet that holds a table, and the table."""
        name = load_schemas()[table].table
        for sheet in self.book.worksheets:
            if name in sheet.tables:
                return sheet, sheet.tables[name]
        raise KeyError(name)
