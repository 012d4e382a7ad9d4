"""The annotated copy of a workbook: the faulty cells marked, everything else as it was."""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError

from lxml import etree

from cmswp_xl.annotate.notes import CellNote, NoteParts
from cmswp_xl.annotate.report import ReportRow, ReportSheet, add_report, looks
from cmswp_xl.annotate.sheet import (
    RELATIONSHIP_ID,
    Sheet,
    StyleBook,
    coloured_areas,
    main,
    parse,
    style_part,
)
from cmswp_xl.cells import position
from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.issues import Severity
from cmswp_xl.ooxml import open_package, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.annotate.notes import Notes
    from cmswp_xl.ooxml import Limits, Package

__all__ = [
    "ENDINGS",
    "CellNote",
    "ReportRow",
    "ReportSheet",
    "annotated_copy",
    "ending_of",
    "is_signed",
]


_GRAVEST_FIRST = tuple(Severity)
_EMPTY_LIST = re.compile(rb"<(\w+:)?ignoredErrors[^<>]*(/>|>\s*</)")


SIGNATURE = "origin"
"""The kind of reference that leads to the digital signatures of a workbook."""

_ENDINGS = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": ".xlsx",
    "application/vnd.ms-excel.sheet.macroenabled.main+xml": ".xlsm",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": ".xltx",
    "application/vnd.ms-excel.template.macroenabled.main+xml": ".xltm",
}
ENDINGS = frozenset(_ENDINGS.values())


def ending_of(data: bytes, *, name: str = "", limits: Limits | None = None) -> str:
    """
    Return the ending that the name of a workbook must have: .xlsm where it has macros.

    Raises `UnreadableWorkbook` where the package is damaged.
    """
    with _unharmed(name):
        package = open_package(data, name, limits)
        return _ENDINGS.get(package.content_type(_workbook(package)).casefold(), ".xlsx")


def is_signed(data: bytes, *, name: str = "", limits: Limits | None = None) -> bool:
    """
    Return whether a workbook has a digital signature, which no changed copy can keep.

    Raises `UnreadableWorkbook` where the package is damaged.
    """
    with _unharmed(name):
        package = open_package(data, name, limits)
        return bool(package.related("", SIGNATURE))


def annotated_copy(
    data: bytes,
    notes: Sequence[CellNote],
    report_sheet: ReportSheet,
    *,
    name: str = "",
    limits: Limits | None = None,
) -> bytes:
    """
    Return a copy of a workbook, its faulty cells filled and noted and listed on a sheet.

    `name` is what an error calls the file. Parts that need not change keep their bytes; digital
    signatures, which would be broken, are left out, and so is an empty list of accepted errors.
    Notes on sheets that the workbook lacks are left to the list. Raises `UnreadableWorkbook` where
    a part that must change is damaged, and `ValueError` where a note's cell is no address.
    """
    places = _by_sheet(notes)
    with _unharmed(name):
        return _annotated(open_package(data, name, limits), places, report_sheet)


@contextmanager
def _unharmed(name: str) -> Iterator[None]:
    """Turn the errors of a damaged package into `UnreadableWorkbook`."""
    try:
        yield
    except (KeyError, ValueError, ExpatError, etree.XMLSyntaxError) as error:
        raise UnreadableWorkbook("damaged", file=name) from error


def _annotated(package: Package, places: Mapping[str, Notes], report: ReportSheet) -> bytes:
    package.leave_out({SIGNATURE}, "")
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
            package.write(part, written(sheet.root))
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
    package.write(part, written(root))


def _workbook(package: Package) -> str:
    """Return the part of the workbook itself; raises `KeyError` where there is none."""
    for part in package.related("", "officeDocument"):
        return part
    raise KeyError


def _by_sheet(notes: Sequence[CellNote]) -> dict[str, Notes]:
    """Group notes by sheet, whatever the case of its name, and cell, in the order of the rows."""
    places: dict[str, Notes] = {}
    for note in notes:
        cells = places.setdefault(note.sheet.casefold(), {})
        cells.setdefault(position(note.cell), []).append(note)
    return {sheet: dict(sorted(cells.items())) for sheet, cells in places.items()}


def _sheets(package: Package, workbook: str) -> Iterator[tuple[str, str]]:
    """Return name and part of each sheet with cells."""
    targets = {r.key: r for r in package.references(workbook) if r.kind == "worksheet"}
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
