"""Where the tables of a sheet may show light letters on a dark ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.annotate.markup import main, parse
from cmswp_xl.cells import boundaries

if TYPE_CHECKING:
    from cmswp_xl.ooxml.package import Package


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, its edges counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Tell whether a cell stands in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def coloured_areas(package: Package, sheet: str) -> list[Area]:
    """Give the header row of each of a sheet's tables, or all of a table in a dark style."""
    areas = []
    for reference in package.relationships(sheet):
        if reference.kind != "table":
            continue
        root = parse(package.read(reference.part))
        top, left, bottom, right = boundaries(root.get("ref", ""))
        style = root.find(main("tableStyleInfo"))
        if style is not None and style.get("name", "").startswith("TableStyleDark"):
            areas.append(Area(top, left, bottom, right))
        elif root.get("headerRowCount", "1") != "0":
            areas.append(Area(top, left, top, right))
    return areas
