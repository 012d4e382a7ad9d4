"""The parts that hold the notes of each sheet: found or made, filled, and referred to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.annotate import comments, shapes
from cmswp_xl.annotate.markup import parse
from cmswp_xl.cells import address

if TYPE_CHECKING:
    from cmswp_xl.annotate.cells import Sheet
    from cmswp_xl.annotate.notes import CellNote
    from cmswp_xl.ooxml.package import Package

    Notes = dict[tuple[int, int], list[CellNote]]

_DRAWING = "vmlDrawing"
_THREADS = "{http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}"


class NoteParts:
    """Adds notes to the sheets of a package and keeps apart the numbers of their shapes."""

    def __init__(self, package: Package, workbook: str) -> None:
        """Take the numbers that the drawings of the package already use."""
        folder = workbook.rpartition("/")[0]
        self._package = package
        self._folder = f"{folder}/" if folder else ""
        drawings = [name for name in package.names() if name.casefold().endswith(".vml")]
        self._blocks = shapes.blocks_in(map(package.read, drawings))

    def add(self, part: str, sheet: Sheet, notes: Notes) -> None:
        """Add the notes of one sheet; a cell with a discussion of its own gets no second box."""
        package = self._package
        related = {reference.kind: reference.part for reference in package.relationships(part)}
        present = related.get("comments")
        old = None if present is None else package.read(present)
        skipped = self._threads(part) - comments.texts(old).keys()
        cells = {address(*place): place for place in notes}
        ours = {cell: notes[place] for cell, place in cells.items() if cell not in skipped}
        if not ours:
            return
        data = comments.with_comments(old, ours)
        if present is None:
            name = package.free_name(f"{self._folder}comments", ".xml")
            package.add(name, data, comments.CONTENT_TYPE)
            package.relate(part, "comments", name)
        else:
            package.write(present, data)
        words = comments.texts(data)
        boxes = [shapes.Box(*cells[cell], shapes.height(words[cell])) for cell in ours]
        self._draw(part, sheet, boxes)

    def _draw(self, part: str, sheet: Sheet, boxes: list[shapes.Box]) -> None:
        package = self._package
        key = sheet.drawing()
        drawing = next(
            (r.part for r in package.relationships(part) if r.key == key and r.kind == _DRAWING),
            None,
        )
        old = None if drawing is None else package.read(drawing)
        data = shapes.with_boxes(old, boxes, self._blocks, sheet.grid)
        self._blocks |= shapes.blocks_in([data])
        if drawing is not None:
            package.write(drawing, data)
            return
        name = package.free_name(f"{self._folder}drawings/vmlDrawing", ".vml")
        package.add(name, data, shapes.CONTENT_TYPE)
        sheet.draw(package.relate(part, _DRAWING, name))

    def _threads(self, part: str) -> set[str]:
        """Give the cells with a discussion, which programs show in place of a note."""
        return {
            item.get("ref", "").upper()
            for reference in self._package.relationships(part)
            if reference.kind == "threadedComment"
            for item in parse(self._package.read(reference.part)).iter(
                f"{_THREADS}threadedComment"
            )
        }
