"""The annotated copy: which parts of the package change, and in which order."""

from __future__ import annotations

import re
import zipfile
import zlib
from functools import partial
from typing import TYPE_CHECKING

from lxml import etree

from cmswp_xl.annotate.markup import RELATIONSHIP_ID, main, parse, serialised
from cmswp_xl.annotate.noteparts import NoteParts
from cmswp_xl.annotate.package import Package
from cmswp_xl.annotate.report import add_report, looks
from cmswp_xl.annotate.sheet import Sheet
from cmswp_xl.annotate.styles import StyleBook, style_part
from cmswp_xl.annotate.tablelooks import coloured_areas
from cmswp_xl.cells import position
from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.issues import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.annotate.noteparts import Notes
    from cmswp_xl.annotate.notes import CellNote, ReportSheet

_GRAVEST_FIRST = tuple(Severity)
_EMPTY_LIST = re.compile(rb"<(\w+:)?ignoredErrors[^<>]*(/>|>\s*</)")


def annotated_copy(
    data: bytes, notes: Sequence[CellNote], report_sheet: ReportSheet, *, name: str = ""
) -> bytes:
    """
    Give a copy of a workbook with its faulty cells filled and noted, and a sheet that lists them.

    `data` has passed the preflight and `name` is what an error calls the file. Parts that need
    not change keep their bytes; an empty list of accepted errors goes. Notes on sheets that the
    workbook lacks are left to the list.
    Raises `UnreadableWorkbook` where a part that must change is damaged, and `ValueError` where
    a note's cell is no address.
    """
    places = _by_sheet(notes)
    try:
        return _annotated(Package(data), places, report_sheet)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        ValueError,
        etree.XMLSyntaxError,
    ) as error:
        raise UnreadableWorkbook("damaged", file=name) from error


def _annotated(package: Package, places: Mapping[str, Notes], report: ReportSheet) -> bytes:
    workbook = _workbook(package)
    styles = style_part(package, workbook)
    book = StyleBook(parse(package.read(styles)))
    parts = NoteParts(package, workbook)
    for name, part in _sheets(package, workbook):
        _mend(package, part)
        notes = places.get(name.casefold())
        if notes:
            sheet = Sheet(parse(package.read(part)))
            _fill(package, part, sheet, notes, book)
            parts.add(part, sheet, notes)
            package.write(part, serialised(sheet.root))
    add_report(package, workbook, report, looks(book))
    package.write(styles, book.to_bytes())
    return package.to_bytes()


def _mend(package: Package, part: str) -> None:
    """Take from a sheet the empty list of accepted errors that older versions wrote."""
    if not _EMPTY_LIST.search(package.read(part)):
        return
    root = parse(package.read(part))
    for element in root.findall(main("ignoredErrors")):
        if not len(element):
            root.remove(element)
    package.write(part, serialised(root))


def _workbook(package: Package) -> str:
    for reference in package.relationships(""):
        if reference.kind == "officeDocument":
            return reference.part
    raise KeyError


def _by_sheet(notes: Sequence[CellNote]) -> dict[str, Notes]:
    """Group notes by sheet, whatever the case of its name, and cell, in the order of the rows."""
    places: dict[str, Notes] = {}
    for note in notes:
        cells = places.setdefault(note.sheet.casefold(), {})
        cells.setdefault(position(note.cell), []).append(note)
    return {sheet: dict(sorted(cells.items())) for sheet, cells in places.items()}


def _sheets(package: Package, workbook: str) -> Iterator[tuple[str, str]]:
    """Give name and part of each sheet with cells."""
    targets = {r.key: r for r in package.relationships(workbook) if r.kind == "worksheet"}
    for item in parse(package.read(workbook)).iter(main("sheet")):
        target = targets.get(item.get(RELATIONSHIP_ID, ""))
        if target is not None:
            yield item.get("name", ""), target.part


def _fill(package: Package, part: str, sheet: Sheet, notes: Notes, book: StyleBook) -> None:
    """Fill each faulty cell by its gravest issue; information alone leaves a cell as it is."""
    areas = coloured_areas(package, part)
    rows: dict[int, dict[int, Severity]] = {}
    for (row, column), ours in notes.items():
        gravest = min((note.severity for note in ours), key=_GRAVEST_FIRST.index)
        if gravest is not Severity.INFO:
            rows.setdefault(row, {})[column] = gravest
    for row, cells in rows.items():
        marks = {
            column: partial(
                book.marked,
                severity=severity,
                coloured=any(area.holds(row, column) for area in areas),
            )
            for column, severity in cells.items()
        }
        sheet.restyle(row, marks)
