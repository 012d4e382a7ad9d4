"""
A stand-in for a book that is open in desktop Excel, on a workbook file.

It has what our macros use of xlwings' objects, and behaves as the COM engine does: numbers are
floats, dates are datetimes, formats can be read, changes land at once. It is no proof of Excel.
"""

from __future__ import annotations

import datetime as dt
from copy import copy
from types import SimpleNamespace

from openpyxl import load_workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter, range_boundaries


class DesktopBook:
    def __init__(self, path, selection=("A1", 0)):
        self.path = path
        self.shown = load_workbook(path, data_only=True)
        self.copy = load_workbook(path)
        self.told = []
        self.name = path.name
        self.fullname = str(path)
        self.api = SimpleNamespace(ProtectStructure=False)
        self.locked = set()
        cell, sheet = selection
        self.selection = self.sheets[sheet].range(cell) if cell else None
        self.app = SimpleNamespace(
            engine=SimpleNamespace(type="desktop"),
            alert=lambda prompt, **how: self.told.append((prompt, how)),
            calculate=lambda: self.told.append("calculate"),
        )

    @property
    def sheets(self):
        return _Sheets(self)

    @property
    def sheet_names(self):
        return list(self.copy.sheetnames)


class _Sheets:
    def __init__(self, book):
        self._book = book

    def __iter__(self):
        return (_Sheet(self._book, name) for name in self._book.copy.sheetnames)

    def __len__(self):
        return len(self._book.copy.sheetnames)

    def __getitem__(self, key):
        name = self._book.copy.sheetnames[key] if isinstance(key, int) else key
        assert name in self._book.copy.sheetnames
        return _Sheet(self._book, name)

    @property
    def active(self):
        return _Sheet(self._book, self._book.copy.active.title)

    def add(self, name, after):
        assert after.name == self._book.copy.sheetnames[-1]
        self._book.copy.create_sheet(name)
        self._book.shown.create_sheet(name)
        return _Sheet(self._book, name)


class _Sheet:
    def __init__(self, book, name):
        self.book, self.name = book, name
        self.copy, self.shown = book.copy[name], book.shown[name]
        locked = name in book.locked
        self.api = SimpleNamespace(
            ProtectContents=locked, Protection=SimpleNamespace(AllowFormattingCells=False)
        )

    @property
    def tables(self):
        return [_Table(self, table) for table in self.shown.tables.values()]

    @property
    def used_range(self):
        return SimpleNamespace(row=1, rows=SimpleNamespace(count=self.shown.max_row))

    @property
    def cells(self):
        return _Range(self, 1, 1, 1_048_576, 16_384)

    def range(self, first, last=None):
        if isinstance(first, str):
            left, top, right, bottom = range_boundaries(first)
            return _Range(self, top, left, bottom, right)
        return _Range(self, *first, *(last or first))

    def __getitem__(self, address):
        return self.range(address)

    def clear(self):
        for row in self.copy.iter_rows():
            for cell in row:
                cell.value, cell.style = None, "Normal"

    @property
    def visible(self):
        """Excel on Windows says -1, 0 or, where only a macro can show the sheet, 2."""
        return {"visible": -1, "hidden": 0, "veryHidden": 2}[self.copy.sheet_state]

    @visible.setter
    def visible(self, value):
        assert value is True
        assert not self.book.api.ProtectStructure
        self.copy.sheet_state = "visible"

    def activate(self):
        assert self.visible == -1
        self.book.told.append(("activate", self.name))


class _Table:
    def __init__(self, sheet, table):
        self.name = table.displayName
        self.show_headers = table.headerRowCount != 0
        self.show_totals = bool(table.totalsRowCount)
        self.range = sheet.range(table.ref)
        self._shared = [s.tables[table.name] for s in (sheet.copy, sheet.shown)]

    def resize(self, area):
        for table in self._shared:
            table.ref = area.get_address(False, False)
            if table.autoFilter:
                table.autoFilter.ref = table.ref


class _Range:
    def __init__(self, sheet, top, left, bottom, right):
        self.sheet, self.row, self.column = sheet, top, left
        self._area = {"min_row": top, "min_col": left, "max_row": bottom, "max_col": right}
        self.font = _Font(self)
        self.rows = SimpleNamespace(autofit=lambda: None)

    def __getitem__(self, place):
        row, column = (int(part) for part in place)
        return self.sheet.range((self.row + row, self.column + column))

    def get_address(self, row_absolute, column_absolute):
        assert not row_absolute
        assert not column_absolute
        first = f"{get_column_letter(self.column)}{self.row}"
        last = f"{get_column_letter(self._area['max_col'])}{self._area['max_row']}"
        return first if first == last else f"{first}:{last}"

    def options(self, ndim, err_to_str):
        assert (ndim, err_to_str) == (2, True)
        rows = self.sheet.shown.iter_rows(**self._area)
        return SimpleNamespace(value=[[_as_com(cell.value) for cell in row] for row in rows])

    def _cells(self):
        return [list(row) for row in self.sheet.copy.iter_rows(**self._area)]

    def _each(self, change):
        for row in self._cells():
            for cell in row:
                change(cell)

    @property
    def value(self):
        return _as_com(self.sheet.shown.cell(self.row, self.column).value)

    @value.setter
    def value(self, given):
        rows = given if isinstance(given, list) and isinstance(given[0], list) else [given]
        rows = [row if isinstance(row, list) else [row] for row in rows]
        for cells, values in zip(self._cells(), rows, strict=True):
            for cell, value in zip(cells, values, strict=True):
                _type(cell, value)

    @property
    def formula(self):
        raise AssertionError("no macro reads formulas")

    @formula.setter
    def formula(self, given):
        for cells, values in zip(self._cells(), given, strict=True):
            for cell, value in zip(cells, values, strict=True):
                cell.value = value or None

    @property
    def number_format(self):
        found = {
            cell.number_format for row in self.sheet.shown.iter_rows(**self._area) for cell in row
        }
        return found.pop() if len(found) == 1 else None

    @number_format.setter
    def number_format(self, value):
        self._each(lambda cell: setattr(cell, "number_format", value))

    def _set_color(self, value):
        fill = PatternFill("solid", fgColor=value.lstrip("#"))
        self._each(lambda cell: setattr(cell, "fill", fill))

    def _set_width(self, value):
        letters = get_column_letter(self.column)
        self.sheet.copy.column_dimensions[letters].width = value

    color = property(fset=_set_color)
    column_width = property(fset=_set_width)
    wrap_text = property(fset=lambda _self, _value: None)
    vertical_alignment = property(fset=lambda _self, _value: None)
    horizontal_alignment = property(fset=lambda _self, _value: None)

    @property
    def conditional_formats(self):
        return _Rules(self)

    def select(self):
        self.sheet.book.told.append(("select", self.sheet.name, self.get_address(False, False)))


class _Font:
    def __init__(self, area):
        object.__setattr__(self, "_area", area)

    def __setattr__(self, name, value):
        def change(cell):
            font = copy(cell.font)
            setattr(font, name, value.lstrip("#") if name == "color" else value)
            cell.font = font

        self._area._each(change)


class _Rules:
    def __init__(self, area):
        self._area = area

    def __iter__(self):
        sheet = self._area.sheet.copy
        return iter(
            [
                _Rule(sheet, ranges, rule)
                for ranges in sheet.conditional_formatting
                for rule in ranges.rules
            ]
        )

    def add_custom(self, formula, *, fill_color):
        fill = PatternFill("solid", bgColor=fill_color.lstrip("#"))
        rule = FormulaRule(formula=[formula.removeprefix("=")], fill=fill)
        address = self._area.get_address(False, False)
        self._area.sheet.copy.conditional_formatting.add(address, rule)


class _Rule:
    def __init__(self, sheet, ranges, rule):
        self._sheet, self._ranges, self._rule = sheet, ranges, rule
        self.type = "custom" if rule.type == "expression" else "unknown"
        self.formula = f"={rule.formula[0]}" if self.type == "custom" else None

    def delete(self):
        kept = [
            (str(ranges.sqref), rule)
            for ranges in self._sheet.conditional_formatting
            for rule in ranges.rules
            if rule is not self._rule
        ]
        self._sheet.conditional_formatting = type(self._sheet.conditional_formatting)()
        for address, rule in kept:
            self._sheet.conditional_formatting.add(address, rule)


def _type(cell, value):
    """Take a value as Excel takes what is typed: an apostrophe makes the rest a text."""
    text = isinstance(value, str) and value.startswith("'")
    cell.value = value[1:] if text else value
    if text:
        cell.data_type = "s"


def _as_com(value):
    """Give a value as COM hands it over through xlwings."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return float(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return value
