"""
Everything that a workbook holds beside its tables: cells anywhere, formulas, notes, links.

The reading door gives the tables; this gives what stands around them, so that nothing is lost
where a workbook is carried into a new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defusedxml import ElementTree

from cmswp_xl.cells import boundaries
from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.ooxml import OFFICE
from cmswp_xl.ooxml.opening import Limits, open_package
from cmswp_xl.xlsx.package import WorkbookPackage, damage_told
from cmswp_xl.xlsx.sheetml import MAIN, CellReader, plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cmswp_xl.cells import Raw
    from cmswp_xl.xlsx.package import CellStyles, SheetPart
    from cmswp_xl.xlsx.sheetml import Cell

Place = tuple[int, int]


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


def read_inventory(data: bytes, name: str, limits: Limits | None = None) -> Inventory:
    """Take stock of a workbook's bytes; raises `UnreadableWorkbook` where they are damaged."""
    limits = limits or Limits()
    package = open_package(data, name, limits)
    with damage_told(name):
        book = WorkbookPackage(package, name)
        strings, styles = book.strings(), book.styles()
        sheets = tuple(
            _sheet(book, sheet, strings, styles, _Room(limits.cells, name))
            for sheet in book.sheets
        )
        kinds = [kind for kind, _, _ in book.relationships(book.workbook_part)]
        return Inventory(sheets, tuple(_other_sheets(book)), "vbaProject" in kinds)


@dataclass(frozen=True, slots=True)
class _Room:
    """How many filled cells of a sheet are read."""

    cells: int
    file: str

    def check(self, filled: int, sheet: str) -> None:
        """Refuse a sheet that holds more."""
        if filled > self.cells:
            raise UnreadableWorkbook(
                "too-many-cells", file=self.file, table=sheet, limit=self.cells
            )


class _SheetReader(CellReader):
    """Reads the cells of a sheet with their formulas and the links that lie on them."""

    __slots__ = ("_shared", "formulas", "links")

    def __init__(
        self,
        strings: Sequence[str],
        dates: frozenset[int],
        receive: Callable[[int, list[Cell]], None],
        *,
        epoch_1904: bool,
    ) -> None:
        super().__init__(strings, dates, receive, epoch_1904=epoch_1904)
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


def _sheet(
    book: WorkbookPackage,
    sheet: SheetPart,
    strings: Sequence[str],
    styles: CellStyles,
    room: _Room,
) -> SheetInventory:
    cells: dict[Place, Raw] = {}

    def receive(row: int, found: list[Cell]) -> None:
        cells.update(((row, column), value) for column, value, _ in found)
        room.check(len(cells), sheet.name)

    reader = _SheetReader(strings, styles.dates, receive, epoch_1904=book.epoch_1904)
    reader.read(book.read(sheet.part))
    return SheetInventory(
        name=sheet.name,
        cells=cells,
        formulas=reader.formulas,
        notes=dict(_notes(book, sheet.part)),
        links=dict(_links(book, sheet.part, reader.links)),
        drawn=_drawn(book, sheet.part),
    )


def _drawn(book: WorkbookPackage, part: str) -> int:
    """Count what lies on a sheet; some programs give every sheet an empty drawing."""
    return sum(
        len(ElementTree.fromstring(book.read(target), forbid_dtd=True))
        for kind, target, _ in book.relationships(part)
        if kind == "drawing" and book.has(target)
    )


def _notes(book: WorkbookPackage, part: str) -> Iterator[tuple[Place, str]]:
    for kind, target, _ in book.relationships(part):
        if kind == "comments" and book.has(target):
            root = ElementTree.fromstring(book.read(target), forbid_dtd=True)
            for note in root.iter(f"{{{MAIN}}}comment"):
                top, left, _, _ = boundaries(note.get("ref", ""))
                texts = (item.text or "" for item in note.iter(f"{{{MAIN}}}t"))
                yield (top, left), plain_text("".join(texts))


def _links(
    book: WorkbookPackage, part: str, found: Sequence[tuple[str, str]]
) -> Iterator[tuple[Place, str]]:
    """Give the addresses outside the workbook that cells lead to."""
    targets = book.outward(part) if found else {}
    for reference, key in found:
        if key in targets:
            top, left, _, _ = boundaries(reference)
            yield (top, left), targets[key]


def _other_sheets(book: WorkbookPackage) -> Iterator[str]:
    worksheets = {sheet.name for sheet in book.sheets}
    root = ElementTree.fromstring(book.read(book.workbook_part), forbid_dtd=True)
    for item in root.iter(f"{{{MAIN}}}sheet"):
        if item.get("name", "") not in worksheets and item.get(f"{{{OFFICE}}}id"):
            yield item.get("name", "")
