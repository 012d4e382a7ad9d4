"""The sheets that macros add to an open book: issues, unfunded activities."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from cmswp_xl.errors import UnwritableOutput
from cmswp_xl.excel.book import is_remote
from cmswp_xl.excel.marks import COLOURS
from cmswp_xl.languages import Language, Words
from cmswp_xl.listings.issues import ISSUES, UNFUNDED, report_sheet, skipped
from cmswp_xl.listings.totals import (
    TITLES,
    circumstances,
    costing_notes,
    split_unfunded,
    unfunded_total,
)
from cmswp_xl.messages.labels import label
from cmswp_xl.messages.shown import shown
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    import xlwings as xw

    from cmswp_xl.figures.totals import Figures, Reckoning
    from cmswp_xl.listings import Report
    from cmswp_xl.listings.totals import Entry


Cell = str | float | None

HEADING_FILL = "#D9E1F2"
TITLE_SIZE = 14
_CHARACTER, _PADDING = 5.25, 3.75
"""Points that a character of the usual font takes, and the room at the sides of a cell."""
AMOUNT = "#,##0.00"
_FORMULA_STARTS = ("=", "+", "-", "@", "'")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a written sheet: heading, width in characters, number format."""

    heading: str
    width: float
    number_format: str = "@"
    wrap: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """
    Lines of text and a table under them.

    `links` gives formulas by column index, one for each row; `fills` colours by row index for
    the first column; `strong` the rows in bold.
    """

    notes: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    links: Mapping[int, Sequence[str]]
    fills: Mapping[int, str]
    strong: Sequence[int] = ()


def write_sheet(book: xw.Book, title: str, say: Words, blocks: Sequence[Block]) -> str:
    """
    Write blocks on the sheet of a title, made where there is none, and give the sheet's name.

    A sheet that the program wrote before, in whatever language, is written anew; a sheet of the
    user's that has the name is left alone. Raises `UnwritableOutput` for a protected book.
    """
    sheet = _own_sheet(book, title) or _new_sheet(book, say(title))
    if not is_remote(book) and sheet.api.ProtectContents:
        raise UnwritableOutput("sheet-protected", sheet=sheet.name)
    sheet.clear()
    heading = sheet.range("A1")
    heading.value = say(title)
    heading.font.bold = True
    heading.font.size = TITLE_SIZE
    for number, column in enumerate(_widest(blocks), 1):
        sheet.range((1, number)).column_width = _width(book, column.width)
    row = 2
    for block in blocks:
        row = _write_block(sheet, row, block) + 1
    return str(sheet.name)


def _width(book: xw.Book, characters: float) -> float:
    """Give a column's width as the engine takes it: in characters, or in points on a server."""
    return characters * _CHARACTER + _PADDING if is_remote(book) else characters


def _widest(blocks: Sequence[Block]) -> Sequence[Column]:
    return max((block.columns for block in blocks), key=len)


def _write_block(sheet: xw.Sheet, row: int, block: Block) -> int:
    """Write a block from a row on and give the row after it."""
    for text in block.notes:
        sheet.range((row, 1)).value = _plain(text)
        row += 1
    if not block.rows:
        return row
    row += 1
    last = len(block.columns)
    header = sheet.range((row, 1), (row, last))
    header.value = [_plain(column.heading) for column in block.columns]
    header.font.bold = True
    header.color = HEADING_FILL
    first, bottom = row + 1, row + len(block.rows)
    for number, column in enumerate(block.columns, 1):
        cells = sheet.range((first, number), (bottom, number))
        cells.number_format = "General" if number - 1 in block.links else column.number_format
        if column.wrap:
            cells.wrap_text = True
        if column.number_format == AMOUNT:
            header[0, number - 1].horizontal_alignment = "right"
    body = sheet.range((first, 1), (bottom, last))
    body.value = [[_plain(value) for value in values] for values in block.rows]
    body.vertical_alignment = "top"
    for index, formulas in block.links.items():
        cells = sheet.range((first, index + 1), (bottom, index + 1))
        cells.formula = [[formula] for formula in formulas]
        cells.font.color = "#0563C1"
    _paint(sheet, first, block)
    body.rows.autofit()
    return bottom + 1


def _paint(sheet: xw.Sheet, first: int, block: Block) -> None:
    """Fill the first column in runs of one colour, and make the strong rows bold."""
    for colour, run in groupby(range(len(block.rows)), block.fills.get):
        indexes = list(run)
        if colour is not None:
            cells = sheet.range((first + indexes[0], 1), (first + indexes[-1], 1))
            cells.color = colour
    for index in block.strong:
        sheet.range((first + index, 1), (first + index, len(block.columns))).font.bold = True


def link(sheet: str, cell: str) -> str:
    """Give the formula of a link to a cell of the same book, which shows the cell's address."""
    target = f"#'{sheet.replace(chr(39), chr(39) * 2)}'!{cell}".replace('"', '""')
    return f'=HYPERLINK("{target}","{cell}")'


def _plain(value: Cell) -> Cell:
    """Keep a text from being read as a formula or a number by Excel."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def _own_sheet(book: xw.Book, title: str) -> xw.Sheet | None:
    """Find the sheet that the program wrote before: its first cell repeats the sheet's title."""
    titles = {comparable(Words(language)(title)) for language in Language}
    for sheet in book.sheets:
        if _stem(sheet.name) in titles and comparable(str(sheet["A1"].value or "")) in titles:
            return sheet
    return None


def _stem(name: str) -> str:
    """Give a sheet name without the number that keeps it apart from another."""
    stem, _, ending = name.rpartition(" (")
    return comparable(stem if ending.rstrip(")").isdigit() else name)


def _new_sheet(book: xw.Book, title: str) -> xw.Sheet:
    if not is_remote(book) and book.api.ProtectStructure:
        raise UnwritableOutput("book-protected", workbook=book.name)
    taken = {comparable(name) for name in book.sheet_names}
    name, number = title, 1
    while comparable(name) in taken:
        number += 1
        name = f"{title} ({number})"
    active = book.sheets.active
    sheet = book.sheets.add(name, after=book.sheets[len(book.sheets) - 1])
    active.activate()
    return sheet


_WIDTHS = (12, 20, 9, 22, 28, 55, 55)
_LINK = 2


def write_issues(book: xw.Book, report: Report, say: Words) -> str:
    """Write all issues of a report and give the sheet's name."""
    content = report_sheet(report, say)
    columns = [
        Column(heading, width, wrap=index > _LINK)
        for index, (heading, width) in enumerate(zip(content.headings, _WIDTHS, strict=True))
    ]
    rows = [(*row.texts()[:_LINK], "", *row.texts()[_LINK + 1 :]) for row in content.rows]
    links = [link(row.sheet, row.cell) if row.cell else "" for row in content.rows]
    notes = [*content.summary, *filter(None, [skipped(report, say)])]
    fills = {
        index: COLOURS[row.severity]
        for index, row in enumerate(content.rows)
        if row.severity in COLOURS
    }
    return write_sheet(book, ISSUES, say, [Block(notes, columns, rows, {_LINK: links}, fills)])


_NAMING = {"id": 12, "area": 12, "number": 10, "priority": 12}
_TITLE = 3
_AMOUNTS = ("cost", "available", "to_be_sought", "pledged")


def write_unfunded(book: xw.Book, reckoning: Reckoning, say: Words) -> str:
    """Write the list anew, amounts in the currency of the programme; gives the sheet's name."""
    blocks = [_sought(reckoning, say)]
    not_costed = split_unfunded(reckoning)[1]
    if not_costed:
        blocks.append(_uncosted(not_costed, say))
    return write_sheet(book, UNFUNDED, say, blocks)


def _sought(reckoning: Reckoning, say: Words) -> Block:
    listed, _ = split_unfunded(reckoning)
    currency = shown(reckoning.programme.settings.currency)
    total = unfunded_total(reckoning)
    notes = [
        say("Funding to be sought, in {currency}", currency=currency),
        *circumstances(reckoning, say),
    ]
    if not listed:
        notes.append(say("No costed activity has money to be sought."))
    notes += costing_notes(total, say) if listed else []
    rows: list[Sequence[Cell]] = [
        (*_named(entry, say), *_amounts(entry.figures, say)) for entry in listed
    ]
    if listed:
        rows.append((say("Total"), "", "", "", "", *_amounts(total, say)))
    columns = [
        *_naming(say),
        *(Column(say(TITLES[name]), 15, AMOUNT) for name in _AMOUNTS),
        Column(say("Funding status"), 18),
    ]
    return Block(notes, columns, rows, {}, {}, [len(listed)] if listed else [])


def _uncosted(entries: Sequence[Entry], say: Words) -> Block:
    note = say.many(
        "{count} activity is not yet costed; what is to be sought for it cannot be told:",
        "{count} activities are not yet costed; what is to be sought for them cannot be told:",
        len(entries),
    )
    return Block([note], _naming(say), [_named(entry, say) for entry in entries], {}, {})


def _naming(say: Words) -> list[Column]:
    activities = load_schemas()["activities"]
    columns = [
        Column(activities.field(name).titles[say.language], width)
        for name, width in _NAMING.items()
    ]
    columns.insert(_TITLE, Column(say("Activity"), 55, wrap=True))
    return columns


def _named(entry: Entry, say: Words) -> tuple[Cell, ...]:
    activity = entry.activity
    priority = label("priority", activity.priority, say) if activity.priority else ""
    return activity.id, activity.area, activity.number, entry.title(say.language), priority


def _amounts(figures: Figures, say: Words) -> tuple[Cell, ...]:
    status = label("funding-status", figures.status, say) if figures.status else ""
    return (*(_number(getattr(figures, name)) for name in _AMOUNTS), status)


def _number(amount: Decimal | None) -> float | None:
    """Give an amount as Excel holds it; blank stays blank."""
    return None if amount is None else float(amount)
