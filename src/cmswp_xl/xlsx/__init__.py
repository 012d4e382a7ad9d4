"""
Excel files, read once into memory: the tables, and all that stands around them.

The tables are what the program works on; the inventory has every other cell, formula, note and
link, so that nothing is lost where a workbook is carried into a new one.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from cmswp_xl.cells import Raw, boundaries
from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.ooxml import OFFICE, Limits, Package, open_package, read_bytes
from cmswp_xl.tables import Knowledge, RawTable
from cmswp_xl.xlsx.sheetml import (
    MAIN,
    OFF,
    Cell,
    CellReader,
    Forbidden,
    StruckText,
    plain_text,
    read_strings,
)

Receive = Callable[[int, list[Cell]], None]


Place = tuple[int, int]


class WorkbookFile:
    """
    A workbook's bytes, and the tables in them; a `Source`, under the base name of the file.

    The file is not open any more: everything is read from memory, so that what was hashed is
    what was read, whatever happens to the file meanwhile.
    """

    knows = Knowledge.FORMULAS | Knowledge.FORMATS | Knowledge.STRIKES

    def __init__(
        self, data: bytes, name: str, sheets: Sequence[str], tables: list[RawTable]
    ) -> None:
        self.data = data
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.name = name
        self._sheets = tuple(sheets)
        self._tables = tuple(tables)

    def sheet_names(self) -> Sequence[str]:
        """Return the names of the worksheets, hidden ones too, in order."""
        return self._sheets

    def tables(self) -> Sequence[RawTable]:
        """Return the tables in sheet order."""
        return self._tables


def open_workbook(
    source: Path | str | BinaryIO, limits: Limits | None = None, name: str | None = None
) -> WorkbookFile:
    """
    Read a workbook from a path or a binary stream.

    Raises `UnreadableWorkbook` with a reason that tells what to do; no error of a library passes.
    """
    limits = limits or Limits()
    if isinstance(source, (str, Path)):
        path = Path(source)
        file = str(source)  # the name may have bytes on the disk that cannot be written
        name = name or path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        data = read_bytes(path, limits)
    else:
        data = source.read()
        name = name or Path(str(getattr(source, "name", "workbook.xlsx"))).name
        file = name
    package = open_package(data, file, limits)
    with damage_reported(file):
        book = WorkbookPackage(package, file)
        tables = _read_tables(book, file, limits)
    if not tables:
        raise UnreadableWorkbook("no-tables", file=file)
    return WorkbookFile(data, name, [sheet.name for sheet in book.sheets], tables)


def _read_tables(book: WorkbookPackage, file: str, limits: Limits) -> list[RawTable]:
    strings = book.strings()
    styles = book.styles()
    tables: list[RawTable] = []
    for index, sheet in enumerate(book.sheets):
        if not sheet.tables:
            continue
        grids = [_Grid(part, styles, limits.cells, file) for part in sheet.tables]
        reader = CellReader(strings, styles.dates, _receiver(grids), epoch_1904=book.epoch_1904)
        reader.read(reader.without_plain_rows(book.package.read(sheet.part)))
        tables += [grid.table(sheet, index) for grid in grids]
    return tables


def _receiver(grids: Sequence[_Grid]) -> Receive:
    if len(grids) == 1:
        only = grids[0]

        def receive_all(row: int, cells: list[Cell]) -> None:
            if row >= only.part.top:
                only.receive(row, cells)

        return receive_all

    by_column: dict[int, tuple[list[int], list[_Grid]]] = {}

    def receive(row: int, cells: list[Cell]) -> None:
        for cell in cells:
            column = cell[0]
            if column not in by_column:
                crossed = [g for g in grids if g.part.left <= column <= g.part.right]
                crossed.sort(key=lambda grid: grid.part.top)
                by_column[column] = [grid.part.top for grid in crossed], crossed
            # tables do not overlap: the last that begins above is the cell's own, or above it
            tops, found = by_column[column]
            index = bisect_right(tops, row) - 1
            if index >= 0:
                found[index].receive(row, [cell])

    return receive


class _Grid:
    """Collects the cells of one table while its sheet is read; only rows that hold some."""

    def __init__(self, part: TablePart, styles: CellStyles, limit: int, file: str) -> None:
        self.part = part
        self._styles = styles
        self._limit = limit
        self._file = file
        self._rows: dict[int, list[Raw]] = {}
        self._header: dict[int, Raw] = {}
        self._percents: set[tuple[int, int]] = set()
        self._struck: set[tuple[int, int]] = set()
        self._below: list[tuple[int, int]] = []

    def receive(self, row: int, cells: list[Cell]) -> None:
        """Take the cells of a row at or below the table's first; others than its own pass by."""
        part, left, right = self.part, self.part.left, self.part.right
        percents, struck = self._styles.percents, self._styles.struck
        own = [cell for cell in cells if left <= cell[0] <= right]
        if not own:
            return
        if row < part.top + part.header_rows:
            self._header.update((column, value) for column, value, _ in own)
        elif row <= part.bottom - part.totals_rows:
            values = self._rows.get(row) or self._new_row(row)
            for column, value, style in own:
                values[column - left] = value
                if style in percents:
                    self._percents.add((row, column))
                if style in struck or type(value) is StruckText:
                    values[column - left] = str(value) if isinstance(value, str) else value
                    self._struck.add((row, column))
        elif row > part.bottom:
            self._below += [
                (row, column)
                for column, value, _ in own
                if not (isinstance(value, str) and not value.strip())
            ]

    def _new_row(self, row: int) -> list[Raw]:
        name, width = self.part.name, self.part.right - self.part.left + 1
        if (len(self._rows) + 1) * width > self._limit:
            values = {"file": self._file, "table": name, "limit": self._limit}
            raise UnreadableWorkbook("too-many-cells", **values)
        return self._rows.setdefault(row, [None] * width)

    def table(self, sheet: SheetPart, index: int) -> RawTable:
        """Return the table as it was read."""
        part = self.part
        names = dict[int, "Raw"](enumerate(part.columns, part.left))
        cells = self._header if part.header_rows else names
        return RawTable(
            name=part.name,
            sheet=sheet.name,
            sheet_index=index,
            header_row=part.top,
            first_column=part.left,
            headers=tuple(cells.get(column) for column in range(part.left, part.right + 1)),
            rows=sorted(self._rows.items()),
            percents=frozenset(self._percents),
            struck=frozenset(self._struck),
            below=tuple(sorted(self._below)),
            names=part.columns,
        )


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as it was typed, and the cells that share it where there are several."""

    text: str
    shared: str | None = None


@dataclass(frozen=True, slots=True)
class SheetInventory:
    """
    What a sheet holds, by row and column counted from 1.

    `formulas` has every cell that is calculated; None where it shares the formula of another.
    `drawn` counts the pictures, charts and shapes that lie on the sheet.
    """

    name: str
    cells: Mapping[Place, Raw]
    formulas: Mapping[Place, Formula | None]
    notes: Mapping[Place, str]
    links: Mapping[Place, str]
    drawn: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """
    What a workbook holds: its worksheets in order, and what is no worksheet.

    `other_sheets` are those that hold a chart or macros of old; `macros` tells of a VBA project.
    """

    sheets: tuple[SheetInventory, ...]
    other_sheets: tuple[str, ...]
    macros: bool

    @property
    def cells(self) -> Mapping[str, Mapping[Place, Raw]]:
        """The cells of its worksheets by name."""
        return {sheet.name: sheet.cells for sheet in self.sheets}


def read_inventory(data: bytes, name: str, limits: Limits | None = None) -> Inventory:
    """
    Return everything that a workbook holds.

    Raises `UnreadableWorkbook` where it is damaged, or a sheet has more filled cells than allowed.
    """
    limits = limits or Limits()
    package = open_package(data, name, limits)
    with damage_reported(name):
        book = WorkbookPackage(package, name)
        strings, styles = book.strings(), book.styles()
        sheets = []
        for sheet in book.sheets:
            cells: dict[Place, Raw] = {}
            receive = partial(_collect, cells, file=name, table=sheet.name, limit=limits.cells)
            reader = _SheetReader(strings, styles.dates, receive, epoch_1904=book.epoch_1904)
            reader.read(package.read(sheet.part))
            sheets.append(_inventory(book, sheet, cells, reader))
        macros = any(item.kind == "vbaProject" for item in package.relationships(book.part))
        return Inventory(tuple(sheets), book.other_sheets, macros)


def _collect(
    found: dict[Place, Raw], row: int, cells: list[Cell], *, file: str, table: str, limit: int
) -> None:
    """Take the cells of a row of a sheet, as long as these are no more than are allowed."""
    found.update(((row, column), value) for column, value, _ in cells)
    if len(found) > limit:
        raise UnreadableWorkbook("too-many-cells", file=file, table=table, limit=limit)


class _SheetReader(CellReader):
    """Reads the cells of a sheet with their formulas and the links that lie on them."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.formulas: dict[Place, Formula | None] = {}
        self.links: list[tuple[str, str]] = []
        self._shared: str | None = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        super()._start(name, attributes)
        local = name.rpartition(":")[2]
        if name == self._names.formula:
            self._pieces.clear()
            self._shared = attributes.get("ref")
        elif local == "hyperlink":
            key = next((attributes[key] for key in attributes if key.endswith(":id")), "")
            self.links.append((attributes.get("ref", ""), key))

    def _end(self, name: str) -> None:
        if name == self._names.formula:
            text = plain_text("".join(self._pieces))
            self.formulas[self._place] = Formula(text, self._shared) if text else None
        super()._end(name)


def _inventory(
    book: WorkbookPackage, sheet: SheetPart, cells: Mapping[Place, Raw], reader: _SheetReader
) -> SheetInventory:
    related = book.package.relationships(sheet.part)
    outside = {item.key: item.target for item in related if not item.part}
    drawings = book.package.related(sheet.part, "drawing")
    return SheetInventory(
        name=sheet.name,
        cells=cells,
        formulas=reader.formulas,
        notes=dict(_notes(book, sheet.part)),
        links={boundaries(ref)[:2]: outside[key] for ref, key in reader.links if key in outside},
        drawn=sum(len(book.xml(part)) for part in drawings),  # some programs leave them empty
    )


def _notes(book: WorkbookPackage, part: str) -> Iterator[tuple[Place, str]]:
    for target in book.package.related(part, "comments"):
        for note in book.xml(target).iter(f"{{{MAIN}}}comment"):
            texts = (item.text or "" for item in note.iter(f"{{{MAIN}}}t"))
            yield boundaries(note.get("ref", ""))[:2], plain_text("".join(texts))


STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_BUILTIN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_BUILTIN_PERCENTS = frozenset({9, 10})
_LONGEST_CODE = 255
"""Excel takes no longer number format."""

_UNREAD = re.compile(r'"[^"]*"|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]')
"""What of a number format shows as it is written, or colours: no letter of it is a date's."""

_DATE_LETTER = re.compile(r"(?<![_\\])[dmhys]", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')


@dataclass(frozen=True, slots=True)
class TablePart:
    """Where an Excel table stands: its name, its corners, its column names and its extra rows."""

    name: str
    top: int
    left: int
    bottom: int
    right: int
    columns: tuple[str, ...]
    header_rows: int
    totals_rows: int


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet: the name on its tab, the part that holds it, and the tables on it."""

    name: str
    part: str
    tables: tuple[TablePart, ...]


@dataclass(frozen=True, slots=True)
class CellStyles:
    """The indexes of the cell styles that show a date, a percentage, or struck-through text."""

    dates: frozenset[int]
    percents: frozenset[int]
    struck: frozenset[int] = frozenset()


@contextlib.contextmanager
def damage_reported(file: str) -> Iterator[None]:
    """Turn what damage in a package's parts raises into `UnreadableWorkbook`."""
    try:
        yield
    except (Forbidden, DefusedXmlException) as error:
        raise UnreadableWorkbook("unsafe", file=file) from error
    except (ParseError, ExpatError, LookupError, ValueError, OverflowError) as error:
        raise UnreadableWorkbook("damaged", file=file) from error


class WorkbookPackage:
    """
    The structure of a workbook, read from its package; cells are not read here.

    Raises `UnreadableWorkbook` where the package holds no workbook of the ordinary kind, and
    `KeyError`, `ValueError` or `ParseError` where it is damaged.
    """

    def __init__(self, package: Package, name: str) -> None:
        self.package = package
        self.part = _workbook_part(package, name)
        root = self.xml(self.part)
        properties = root.find(f"{{{MAIN}}}workbookPr")
        flag = properties.get("date1904", "0") if properties is not None else "0"
        self.epoch_1904 = flag in ("1", "true")
        listed = list(root.iter(f"{{{MAIN}}}sheet"))
        self.sheets = tuple(self._sheets(listed))
        worksheets = {sheet.name for sheet in self.sheets}
        self.other_sheets = tuple(
            name
            for item in listed
            if (name := item.get("name", "")) not in worksheets and item.get(f"{{{OFFICE}}}id")
        )

    def strings(self) -> list[str]:
        """Return the shared strings; none where the workbook has no such part."""
        part = self._first("sharedStrings")
        return [] if part is None else read_strings(self.package.read(part))

    def styles(self) -> CellStyles:
        """Return the cell styles that show dates, percentages and struck-through text."""
        part = self._first("styles")
        if part is None:
            return CellStyles(frozenset(), frozenset())
        return _cell_styles(self.xml(part))

    def _first(self, kind: str) -> str | None:
        return next(iter(self.package.related(self.part, kind)), None)

    def xml(self, part: str) -> Element:
        """Return the root element of a part."""
        root: Element = ElementTree.fromstring(self.package.read(part), forbid_dtd=True)
        return root

    def _sheets(self, listed: list[Element]) -> Iterator[SheetPart]:
        targets = {item.key: item for item in self.package.relationships(self.part) if item.part}
        seen: set[str] = set()
        for item in listed:
            target = targets[item.get(f"{{{OFFICE}}}id", "")]
            if target.part in seen:
                raise ValueError(target.part)  # one part, listed as several sheets
            seen.add(target.part)
            if target.kind == "worksheet":
                tables = tuple(self._tables(target.part))
                yield SheetPart(item.get("name", ""), target.part, tables)

    def _tables(self, part: str) -> Iterator[TablePart]:
        related = self.package.relationships(part)
        tables = [item.part for item in related if item.kind == "table" and item.part]
        if len(set(tables)) < len(tables):
            raise ValueError(part)
        for target in tables:
            yield _table_part(self.xml(target))


def _workbook_part(package: Package, name: str) -> str:
    for item in package.relationships(""):
        if item.type == f"{STRICT}/officeDocument":
            raise UnreadableWorkbook("strict-format", file=name)
        if item.type == f"{OFFICE}/officeDocument":
            if item.target.casefold().endswith(".bin"):
                raise UnreadableWorkbook("old-format", file=name)
            if package.has(item.part):
                root = ElementTree.fromstring(package.read(item.part), forbid_dtd=True)
                if root.tag == f"{{{MAIN}}}workbook":
                    return item.part
            break
    raise UnreadableWorkbook("not-excel", file=name)


def _table_part(root: Element) -> TablePart:
    top, left, bottom, right = boundaries(root.get("ref", ""))
    columns = root.iter(f"{{{MAIN}}}tableColumn")
    return TablePart(
        name=root.get("displayName") or root.get("name") or "",
        top=top,
        left=left,
        bottom=bottom,
        right=right,
        columns=tuple(plain_text(column.get("name", "")) for column in columns),
        header_rows=int(root.get("headerRowCount", "1")),
        totals_rows=int(root.get("totalsRowCount", "0")),
    )


def _cell_styles(root: Element) -> CellStyles:
    numbers = root.iterfind(f"{{{MAIN}}}numFmts/*")
    codes = {int(item.get("numFmtId", "0")): item.get("formatCode", "") for item in numbers}
    formats = list(root.iterfind(f"{{{MAIN}}}cellXfs/*"))
    ids = [int(item.get("numFmtId", "0")) for item in formats]
    strikes = (font.find(f"{{{MAIN}}}strike") for font in root.iterfind(f"{{{MAIN}}}fonts/*"))
    fonts = {str(i) for i, x in enumerate(strikes) if x is not None and x.get("val") not in OFF}
    return CellStyles(
        dates=_shown(ids, codes, _BUILTIN_DATES, is_date_code),
        percents=_shown(ids, codes, _BUILTIN_PERCENTS, _is_percent_code),
        struck=frozenset(i for i, item in enumerate(formats) if item.get("fontId") in fonts),
    )


def _shown(
    ids: Sequence[int],
    codes: Mapping[int, str],
    builtin: frozenset[int],
    fits: Callable[[str], bool],
) -> frozenset[int]:
    """Return the cell styles whose number format fits: one of the file, or one built in."""
    found = {key for key, code in codes.items() if len(code) <= _LONGEST_CODE and fits(code)}
    found |= builtin - codes.keys()
    return frozenset(index for index, key in enumerate(ids) if key in found)


def is_date_code(code: str) -> bool:
    """
    Return whether a number format shows dates or times, by its part for positive numbers.

    As openpyxl has it, whose import alone would take longer than reading most workbooks.
    """
    return _DATE_LETTER.search(_UNREAD.sub("", code.partition(";")[0])) is not None


def _is_percent_code(code: str) -> bool:
    return "%" in _QUOTED.sub("", code)
