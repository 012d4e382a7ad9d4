"""
Workbooks written in the test as small markdown tables.

    workbook('''
    ## Costs
    | activity | year | amount |
    | ICC-01   | 2024 | 100    |
    ''')

gives a valid small programme whose Costs sheet is this one. A heading names the Excel table, and
after `@` the sheet where it is not the usual one. A header that is a field's name stands for its
title in the workbook's language; the base name of a text (`title`) stands for its three columns.
Any other header is taken as written.

A cell is taken as Excel would take it: 12 is a number, 2024-05-01 a date, TRUE a truth value,
#REF! an error value, 90% the number 0.9 shown as a percentage. 'text after an apostrophe is text,
and so is "text in quotes", with JSON escapes. = is a formula that was never calculated, and = 12 a
formula whose stored value is 12.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import openpyxl
import xlsxwriter
from openpyxl.worksheet.table import Table as OpenpyxlTable

from cmswp_xl.cells import ErrorValue, NoStoredValue, address
from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.issues import in_sheet_order
from cmswp_xl.languages import Language
from cmswp_xl.matching import match_tables
from cmswp_xl.schema import sheet_schemas
from cmswp_xl.tables import Knowledge, RawTable
from cmswp_xl.validate.entry import check_with_entry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from cmswp_xl.cells import Raw
    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.issues import Issue
    from cmswp_xl.model import Programme
    from cmswp_xl.schema import TableSchema
    from cmswp_xl.validate import Checked

ALL = Knowledge.FORMULAS | Knowledge.FORMATS | Knowledge.STRIKES

BASE = """
## Programme
| setting           | value |
| title             | Plan  |
| period_start      | 2024  |
| period_end        | 2026  |
| currency          | EUR   |
| original_language | en    |

## Areas
| code | title             |
| ICC  | Capacity-building |

## Activities
| id     | number | area | mandates | title        |
| ICC-01 | '1.1   | ICC  | Res. 1   | Train people |

## Costs
| activity | year | amount |
| ICC-01   | 2024 | 100    |

## Funding
| activity | year | source | stage    | amount |
| ICC-01   | 2024 | CORE   | received | 40     |

## Sources
| code | kind      | title         |
| CORE | core      | Core budget   |
| VOL  | voluntary | Contributions |

## Mandates
| code   |
| Res. 1 |
"""
"""The smallest programme in which something is costed and funded, and nothing is to be said."""

ERRORS = ("#REF!", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#VALUE!")
_PERCENT = re.compile(r"-?\d+(\.\d+)?%")
_LITERALS = {
    "TRUE|FALSE": lambda text: text == "TRUE",
    "|".join(map(re.escape, ERRORS)): ErrorValue,
    r"-?\d+": int,
    r"-?\d+(\.\d+)?([eE][-+]?\d+)?": float,
    r"\d{4}-\d\d-\d\d": dt.date.fromisoformat,
    r"\d{4}-\d\d-\d\dT\d\d:\d\d": dt.datetime.fromisoformat,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its stored value, and whether a formula gives it or a percentage shows it."""

    value: Raw = None
    formula: bool = False
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with one Excel table whose first cell is A1."""

    table: str
    name: str
    headers: tuple[str | None, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def raw(self, index: int) -> RawTable:
        """Give the table as a source gives it; a row without any cell is not there."""
        numbered = list(enumerate(self.rows, 2))
        return RawTable(
            name=self.table,
            sheet=self.name,
            sheet_index=index,
            header_row=1,
            first_column=1,
            headers=self.headers,
            rows=[
                (number, [cell.value for cell in row])
                for number, row in numbered
                if any(cell.value is not None for cell in row)
            ],
            percents=frozenset(
                (number, column)
                for number, row in numbered
                for column, cell in enumerate(row, 1)
                if cell.percent
            ),
        )


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook of such sheets: a source of tables, and a real file where one is wanted."""

    sheets: tuple[Sheet, ...]
    knows: Knowledge = ALL
    name: str = "book.xlsx"

    def sheet_names(self) -> Sequence[str]:
        """Give the names of the sheets."""
        return [sheet.name for sheet in self.sheets]

    def tables(self) -> Sequence[RawTable]:
        """Give the tables."""
        return [sheet.raw(index) for index, sheet in enumerate(self.sheets)]

    def xlsx(self, writer: str = "xlsxwriter") -> bytes:
        """Give the workbook as the bytes of a file; openpyxl stores no values of formulas."""
        return {"xlsxwriter": _by_xlsxwriter, "openpyxl": _by_openpyxl}[writer](self.sheets)


def workbook(
    text: str = "",
    *,
    language: Language = Language.EN,
    without: Collection[str] = (),
    base: str = BASE,
    knows: Knowledge = ALL,
) -> Book:
    """
    Make a workbook of the base and the sheets written in the text.

    A sheet replaces that of the base, but in Programme each setting replaces its own, and a
    setting without value is not there. `without` names the tables to leave out.
    """
    sheets = {sheet.table: sheet for sheet in _sheets(base, language)}
    for sheet in _sheets(text, language):
        old = sheets.get(sheet.table)
        form = sheet.table == "Programme" and old is not None
        sheets[sheet.table] = _merged(old, sheet) if form else sheet
    order = {schema.table: index for index, schema in enumerate(sheet_schemas().values())}
    chosen = [sheet for sheet in sheets.values() if sheet.table not in without]
    chosen.sort(key=lambda sheet: order.get(sheet.table, len(order)))
    return Book(tuple(chosen), knows)


def check(book: Book | str = "", **options: object) -> Checked:
    """
    Check a workbook, or the one that a text stands for; its issues are in sheet order.

    Codes that the base gives by itself are left out: a test looks at what it changes, and a new
    rule that speaks of the base is of no concern to the tests of others.
    """
    checked = check_whole(workbook(book, **options) if isinstance(book, str) else book)
    return replace(checked, issues=tuple(i for i in checked.issues if i.code not in _of_base()))


def check_whole(book: Book) -> Checked:
    """Check a workbook; its issues are all there are, in sheet order."""
    tables, found = match_tables(book, sheet_schemas())
    checked = check_with_entry(tables, found)
    return replace(checked, issues=tuple(in_sheet_order(checked.issues)))


@cache
def _of_base() -> frozenset[str]:
    return frozenset(issue.code for issue in check_whole(workbook()).issues)


Place = tuple[str, str | None, str]
Finding = tuple[str | None, str, str, str | None, str | None]


def places(issues: Iterable[Issue]) -> list[Place]:
    """Give issues as rows of sheet, cell and code."""
    return [(issue.sheet, issue.cell, issue.code) for issue in issues]


def about(issues: Iterable[Issue], *codes: str) -> list[Issue]:
    """Return the issues of the codes that a test is about."""
    return [issue for issue in issues if issue.code in codes]


def findings(book: Book | str = "", *codes: str, **options: object) -> list[Finding]:
    """Return the issues of a workbook, or those of some codes, as rows of what they are about."""
    issues = check(book, **options).issues
    return [
        (issue.cell, issue.code, issue.table, issue.column, issue.value)
        for issue in (about(issues, *codes) if codes else issues)
    ]


def programme(book: Book | str = "", **options: object) -> Programme:
    """Give the programme of a workbook in which there is no error."""
    checked = check(book, **options)
    assert checked.programme is not None, places(checked.issues)
    return checked.programme


def totals(book: Book | str = "", scenario: str | None = None) -> ProgrammeTotals:
    """Reckon the programme of a workbook in which there is no error."""
    return compute_totals(programme(book), scenario)


def cell(text: str) -> Cell:
    """Read one cell as it is written in a test."""
    if text.startswith("="):
        stored = text[1:].strip()
        return replace(cell(stored), formula=True) if stored else Cell(NoStoredValue(), True)
    if _PERCENT.fullmatch(text):
        return Cell(float(Decimal(text[:-1]) / 100), percent=True)
    return Cell(_value(text))


def _value(text: str) -> Raw:
    if text.startswith(("'", '"')):
        return text[1:] if text.startswith("'") else str(json.loads(text))
    for pattern, read in _LITERALS.items():
        if re.fullmatch(pattern, text):
            return read(text)
    return text or None


def _sheets(text: str, language: Language) -> Iterator[Sheet]:
    by_table = {schema.table: schema for schema in sheet_schemas().values()}
    for block in re.split(r"^\s*## ", text, flags=re.MULTILINE)[1:]:
        heading, *lines = block.strip().splitlines()
        table, _, name = (part.strip() for part in heading.partition("@"))
        grid = [
            [part.strip() for part in line.strip()[1:-1].split("|")]
            for line in lines
            if line.strip()
        ]
        schema = by_table.get(table)
        if schema is None:
            rows = tuple(tuple(map(cell, row)) for row in grid[1:])
            yield Sheet(table, name or table, tuple(grid[0]), rows)
        else:
            make = _form if schema.form else _columns
            yield make(schema, name or schema.titles[language], grid, language)


def _columns(schema: TableSchema, name: str, grid: list[list[str]], language: Language) -> Sheet:
    headers: list[str | None] = []
    offsets: list[int] = []
    for offset, header in enumerate(grid[0]):
        titles = _titles(schema, header, language)
        headers += titles
        offsets += [offset] * len(titles)
    rows = tuple(tuple(cell(row[offset]) for offset in offsets) for row in grid[1:])
    return Sheet(schema.table, name, tuple(headers), rows)


def _form(schema: TableSchema, name: str, grid: list[list[str]], language: Language) -> Sheet:
    usual = ("setting", "value")
    named = dict(zip(usual, schema.form_titles or (), strict=True))
    headers = tuple(named[header][language] if header in named else header for header in grid[0])
    rows = tuple(
        (Cell(title), *map(cell, values))
        for setting, *values in grid[1:]
        for title in _titles(schema, setting, language)
    )
    return Sheet(schema.table, name, headers, rows)


def _titles(schema: TableSchema, header: str, language: Language) -> list[str | None]:
    if header.startswith('"'):
        header = json.loads(header)
    fields = [field for field in schema.fields if header in (field.name, field.text)]
    return [field.titles[language] for field in fields] or [header or None]


def _merged(old: Sheet, new: Sheet) -> Sheet:
    rows = {row[0].value: row for row in (*old.rows, *new.rows)}
    kept = tuple(row for row in rows.values() if any(cell.value is not None for cell in row[1:]))
    return replace(new, rows=kept)


def _by_xlsxwriter(sheets: Iterable[Sheet]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        percent = book.add_format({"num_format": "0.0%"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            columns = [{"header": header} for header in sheet.headers]
            last = (max(len(sheet.rows), 1), len(sheet.headers) - 1)
            page.add_table(0, 0, *last, {"name": sheet.table, "columns": columns})
            for row, cells in enumerate(sheet.rows, 1):
                for column, item in enumerate(cells):
                    style = percent if item.percent else None
                    _write(page, (row, column), item, style, date)
    return stream.getvalue()


def _write(
    page: xlsxwriter.worksheet.Worksheet,
    place: tuple[int, int],
    item: Cell,
    style: xlsxwriter.format.Format | None,
    date: xlsxwriter.format.Format,
) -> None:
    value = item.value
    if isinstance(value, NoStoredValue):
        raise TypeError(value)
    if isinstance(value, ErrorValue):
        page.write_formula(*place, "=1/0", style, value.text)
    elif item.formula:
        page.write_formula(*place, "=1", style, value)
    elif isinstance(value, bool):
        page.write_boolean(*place, value, style)
    elif isinstance(value, dt.date):
        page.write_datetime(*place, value, date)
    elif isinstance(value, str):
        page.write_string(*place, value, style)
    elif value is not None:
        page.write_number(*place, value, style)


def _by_openpyxl(sheets: Iterable[Sheet]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.append(sheet.headers)
        for number, row in enumerate(sheet.rows, 2):
            for column, item in enumerate(row, 1):
                _set(page.cell(number, column), item)
        last = address(max(len(sheet.rows), 1) + 1, len(sheet.headers))
        page.add_table(OpenpyxlTable(displayName=sheet.table, ref=f"A1:{last}"))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _set(target: openpyxl.cell.Cell, item: Cell) -> None:
    if item.formula:
        target.value = "=1"
    elif isinstance(item.value, ErrorValue):
        target.value = item.value.text
    elif isinstance(item.value, str):
        target.value, target.data_type = item.value, "s"
    elif item.value is not None:
        target.value = item.value
    if item.percent:
        target.number_format = "0.0%"
