"""The parts of a workbook package: sheets, tables, styles and strings, by their relationships."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from cmswp_xl.cells import boundaries
from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.ooxml.package import OFFICE
from cmswp_xl.xlsx.sheetml import MAIN, OFF, Forbidden, plain_text, read_strings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from cmswp_xl.ooxml.package import Package

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
    listed = root.find(f"{{{MAIN}}}numFmts")
    codes = {
        int(item.get("numFmtId", "0")): item.get("formatCode", "")
        for item in (listed if listed is not None else ())
    }
    formats = root.find(f"{{{MAIN}}}cellXfs")
    ids = [int(item.get("numFmtId", "0")) for item in formats] if formats is not None else []
    return CellStyles(
        dates=frozenset(index for index, key in enumerate(ids) if _is_date(key, codes)),
        percents=frozenset(index for index, key in enumerate(ids) if _is_percent(key, codes)),
        struck=_struck(root, formats),
    )


def _struck(root: Element, formats: Element | None) -> frozenset[int]:
    """Return the indexes of the cell styles whose font is struck through."""
    listed = root.find(f"{{{MAIN}}}fonts")
    marks = [font.find(f"{{{MAIN}}}strike") for font in (listed if listed is not None else ())]
    fonts = {
        str(index)
        for index, mark in enumerate(marks)
        if mark is not None and mark.get("val") not in OFF
    }
    styles = formats if formats is not None else ()
    return frozenset(index for index, item in enumerate(styles) if item.get("fontId") in fonts)


def _is_date(key: int, codes: dict[int, str]) -> bool:
    if key in codes:
        return len(codes[key]) <= _LONGEST_CODE and is_date_code(codes[key])
    return key in _BUILTIN_DATES


def is_date_code(code: str) -> bool:
    """
    Return whether a number format shows dates or times, by its part for positive numbers.

    As openpyxl has it, whose import alone would take longer than reading most workbooks.
    """
    return _DATE_LETTER.search(_UNREAD.sub("", code.partition(";")[0])) is not None


def _is_percent(key: int, codes: dict[int, str]) -> bool:
    if key in codes:
        return len(codes[key]) <= _LONGEST_CODE and "%" in _QUOTED.sub("", codes[key])
    return key in _BUILTIN_PERCENTS
