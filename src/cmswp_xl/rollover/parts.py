"""A workbook split into a copy for each area, in which the rows of other areas are shaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.errors import Misuse
from cmswp_xl.make.book import PART, Part
from cmswp_xl.ooxml import open_package, parsed
from cmswp_xl.rollover.period import content_of
from cmswp_xl.rollover.upgrade import carried_over, typed_of
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.ooxml import Limits
    from cmswp_xl.rollover.period import Row
    from cmswp_xl.validate import Checked
    from cmswp_xl.xlsx import WorkbookFile

SHARED = frozenset({"sources", "donors", "posts", "postfunding", "mandates"})
"""The tables to whose rows every area may add."""

_CUSTOM = "docProps/custom.xml"


def split(
    book: WorkbookFile, checked: Checked, limits: Limits | None = None
) -> Iterator[tuple[str, bytes]]:
    """
    Yield the code and the copy of each area that stands under no other; with it its sub-areas.

    Raises `Misuse` where there is no area.
    """
    typed = typed_of(checked)
    content = content_of(typed)
    rows = [row for row in content.get("areas", ()) if row.get("code")]
    tops = [row for row in rows if not row.get("parent")]
    if not tops:
        raise Misuse("nothing-to-split", workbook=book.name)
    for top in tops:
        code = str(top["code"])
        language = checked.names.language
        title = str(top.get(f"title_{language.value}") or code)
        areas = Areas(content, code)
        outside = {
            name: frozenset(n for n, row in enumerate(rows) if not areas.holds(name, row))
            for name, rows in content.items()
        }
        part = Part(code, title, outside)
        made = carried_over(book, typed, content, language, None, limits, part=part)
        yield code, made.data


def area_of(book: WorkbookFile) -> str | None:
    """Return the code of the area whose copy a workbook is; None where it is none."""
    package = open_package(book.data, book.name)
    if not package.has(_CUSTOM):
        return None
    found = parsed(package.read(_CUSTOM)).xpath("//*[@name=$name]", name=PART)
    return "".join(found[0].itertext()).strip() if found else None


class Areas:
    """Finds the area that a row of any table belongs to, and whether that is within `area`."""

    def __init__(self, content: Mapping[str, Sequence[Row]], area: str = "") -> None:
        self._areas = {
            comparable(str(row["id"])): str(row.get("area", ""))
            for row in content.get("activities", ())
            if row.get("id")
        }
        self._family = {comparable(area)} | {
            comparable(str(row.get("code", "")))
            for row in content.get("areas", ())
            if comparable(str(row.get("parent", ""))) == comparable(area)
        }

    def of(self, table: str, row: Row) -> str:
        """Return the code of a row's area in comparable form; blank where it has none."""
        if table == "areas":
            return comparable(str(row.get("code", "")))
        code = row.get("area") or self._areas.get(comparable(str(row.get("activity", ""))), "")
        return comparable(str(code))

    def holds(self, table: str, row: Row) -> bool:
        """Return whether the people of the area may change a row."""
        return table in SHARED or self.of(table, row) in self._family
