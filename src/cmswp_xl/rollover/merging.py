"""
A workbook split into a copy for each area, in which the rows of other areas are shaded.

Copies are read, merged and made into a new one, and it is told what was taken and what disagrees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cmswp_xl.cells import AsTyped, address
from cmswp_xl.compare.merge import Conflict, Copy, Merged, Row, Side, merge
from cmswp_xl.compare.rows import json_value
from cmswp_xl.errors import Misuse, UnfitData
from cmswp_xl.issues import Issue, Severity
from cmswp_xl.languages import Words
from cmswp_xl.make.book import PART, CarriedCell, Part
from cmswp_xl.messages.labels import words_of
from cmswp_xl.messages.values import display_text
from cmswp_xl.ooxml import Limits, open_package, parsed
from cmswp_xl.pipeline import check_programme
from cmswp_xl.resources import texts
from cmswp_xl.rollover.period import INDENT, rows_of
from cmswp_xl.rollover.upgrade import Origin, Upgrade, origin_of
from cmswp_xl.schema import sheet_schemas
from cmswp_xl.tables import comparable
from cmswp_xl.translated import records_in
from cmswp_xl.validate import STRUCTURE, Checked
from cmswp_xl.xlsx import WorkbookFile, open_workbook

SHARED = frozenset({"sources", "donors", "posts", "postfunding", "mandates"})
"""The tables to whose rows every area may add."""

_UNSURE = STRUCTURE | {
    *("ambiguous-table", "formula-without-value", "error-value", "unreadable-text"),
}
"""Errors that leave open what was typed, or where it belongs."""

_CUSTOM = "docProps/custom.xml"


def split(origin: Origin) -> Iterator[tuple[str, bytes]]:
    """
    Yield the code and the copy of each area that stands under no other; with it its sub-areas.

    Raises `Misuse` where there is no area.
    """
    content, language = origin.content, origin.language
    rows = [row for row in content.get("areas", ()) if row.get("code")]
    tops = [row for row in rows if not row.get("parent")]
    if not tops:
        raise Misuse("nothing-to-split", workbook=origin.book.name)
    for top in tops:
        code = str(top["code"])
        title = str(top.get(f"title_{language.value}") or code)
        areas = Areas(content, code)
        outside = {
            name: frozenset(n for n, row in enumerate(rows) if not areas.holds(name, row))
            for name, rows in content.items()
        }
        yield code, origin.with_content(content, part=Part(code, title, outside)).data


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


@dataclass(frozen=True)
class Version:
    """A workbook to be merged: its file, its tables, the area whose copy it is, its rows."""

    path: Path
    checked: Checked
    origin: Origin
    area: str | None
    copy: Copy

    @property
    def unsure(self) -> list[Issue]:
        """The errors because of which it cannot be merged."""
        return [
            issue
            for issue in self.checked.issues
            if issue.code in _UNSURE and issue.severity is Severity.ERROR
        ]

    def place(self, table: str, field: str | None, index: int | None) -> tuple[str, str]:
        """Return sheet and cell of a field in a row, or of the row; blank where it has none."""
        found = self.origin.typed.get(table)
        if found is None:
            return self.checked.names.sheets[table], ""
        if index is None:
            return found.table.sheet, ""
        cell = found.table.place(field, index) if field else None
        return found.table.sheet, address(*(cell or found.table.first_place(index)))


@dataclass(frozen=True)
class Merging:
    """Copies brought together: the workbook that they were made from, each copy, the outcome."""

    base: Version
    parts: Mapping[str, Version]
    merged: Merged

    @cached_property
    def _owned(self) -> Mapping[str, Areas]:
        """What belongs to the area of each copy that was made for one."""
        return {
            name: Areas(_known(self.base, part), part.area)
            for name, part in self.parts.items()
            if part.area is not None
        }

    def outside(self, one: Side) -> bool:
        """Return whether a copy changed rows of an area that it was not made for."""
        areas = self._owned.get(one.copy.name)
        rows = (*one.old, *one.rows)
        return areas is not None and not all(areas.holds(one.table, row) for row in rows)

    @cached_property
    def left(self) -> list[tuple[str, CarriedCell]]:
        """List what of the copies has no place: what is none of the tables' and was not there."""
        language = self.base.origin.language
        known = {_without_cell(cell) for cell in self.base.origin.unmapped(language).carried}
        return [
            (name, cell)
            for name, part in self.parts.items()
            for cell in part.origin.unmapped(language).carried
            if _without_cell(cell) not in known
        ]


def read_version(path: Path, limits: Limits | None = None) -> Version:
    """Read a workbook to be merged; raises `UnreadableWorkbook`."""
    book = open_workbook(path, limits)
    checked, _ = check_programme(book, str(path), flags=False)
    origin = origin_of(book, checked, limits)
    rows = {name: rows_of(table) for name, table in origin.typed.items()}
    return Version(path, checked, origin, area_of(book), Copy(str(path), rows, sheet_schemas()))


def merging(base: Version, parts: Sequence[Version]) -> Merging:
    """
    Merge copies into the workbook that they were made from.

    Raises `UnfitData` for a copy that lacks a table or a column of which the workbook has values.
    """
    for part in parts:
        if part.path.resolve() == base.path.resolve():
            raise Misuse("merge-with-itself", workbook=part.origin.book.name)
        _whole(base, part)
    merged = merge(base.copy, [part.copy for part in parts], _places(base, parts))
    return Merging(base, {part.copy.name: part for part in parts}, merged)


def _whole(base: Version, part: Version) -> None:
    for name, table in base.origin.typed.items():
        for item in table.table.schema.inputs():
            filled = any(item.name in row for row in base.copy.rows[name])
            found = part.origin.typed.get(name)
            if filled and (found is None or item.name not in found.columns):
                names = base.checked.names
                raise UnfitData(
                    "part-lacks",
                    file=str(part.path),
                    sheet=names.sheets[name],
                    column=names.headings[name, item.name],
                )


def _known(base: Version, *parts: Version) -> Mapping[str, Sequence[Row]]:
    """Return areas and activities, those that copies added too; the workbook's own count first."""
    return {
        name: [row for each in (*parts, base) for row in each.copy.rows.get(name, ())]
        for name in ("areas", "activities")
    }


def _places(base: Version, parts: Sequence[Version]) -> Callable[[str, Row], str]:
    areas = Areas(_known(base, *parts))

    def place(table: str, row: Row) -> str:
        return comparable(str(row["document"])) if "document" in row else areas.of(table, row)

    return place


def _without_cell(cell: CarriedCell) -> CarriedCell:
    return cell._replace(cell="", sheet=comparable(cell.sheet))


def merged_workbook(found: Merging) -> Upgrade:
    """Make the workbook of what was merged; ValueError where there are conflicts."""
    if found.merged.conflicts:
        raise ValueError(len(found.merged.conflicts))
    content = {name: [*rows] for name, rows in found.merged.rows.items()}
    stocks = [part.origin.inventory for part in found.parts.values()]
    known = [record for stock in stocks for record in records_in(stock.cells)]
    return found.base.origin.with_content(content, translated=known)


def merge_report(found: Merging, say: Words) -> str:
    """Return in words what was taken from which copy, what disagrees, what has no place."""
    lines, words = list[str](), texts("reports")["conflicts"]
    for one in found.merged.conflicts:
        place = _named(found, one.table, one.field, (*one.old, *one.sides[-1].rows))
        lines.append(say(words[one.reason], place=place))
        if one.old:
            before = _shown(one.table, one.field, one.old, say)
            lines.append(INDENT + say("before: {value}", value=before))
        lines += (INDENT + _side(found, one, side, say) for side in one.sides)
    for name in found.parts:
        lines += _taken(found, name, say)
    for name, table in found.merged.reordered:
        sheet = display_text(found.base.checked.names.sheets[table])
        lines.append(
            say(
                "{file}: rows of “{sheet}” are in another order, which is not taken.",
                file=name,
                sheet=sheet,
            )
        )
    for name, cell in found.left:
        where = " · ".join(display_text(part) for part in (cell.sheet, cell.cell) if part)
        lines.append(
            say("{file}: not taken, {place}: {kind}", file=name, place=where, kind=cell.kind)
        )
    return "\n".join(lines)


def _taken(found: Merging, name: str, say: Words) -> Iterator[str]:
    taken = [one for one in found.merged.taken if one.copy.name == name]
    sides = [side for one in found.merged.conflicts for side in one.sides]
    if not taken:
        conflicting = any(side.copy.name == name for side in sides)
        yield (
            say("{file}: every change conflicts with another copy.", file=name)
            if conflicting
            else say("{file}: nothing was changed.", file=name)
        )
        return
    count = len(taken)
    yield (
        say.many(
            "{file}: {count} change without a conflict.",
            "{file}: {count} changes without a conflict.",
            count,
            file=name,
        )
        if sides
        else say.many(
            "{file}: {count} change taken.", "{file}: {count} changes taken.", count, file=name
        )
    )
    for one in taken:
        place = _named(found, one.table, None, (*one.rows, *one.old))
        words = texts("reports")["outside" if found.outside(one) else "taken"]
        yield INDENT + say(words[one.kind], place=place)


def _named(found: Merging, table: str, field: str | None, rows: Sequence[Row]) -> str:
    """Return what people call a row or a cell: sheet, key, column."""
    names, schema = found.base.checked.names, sheet_schemas()[table]
    keys = schema.primary_key or (schema.inputs()[0].name,)
    key = " · ".join(str(_bare(rows[0][name])) for name in keys if rows and name in rows[0])
    column = names.headings[table, field] if field else ""
    return " · ".join(display_text(text) for text in (names.sheets[table], key, column) if text)


def _side(found: Merging, one: Conflict, side: Side, say: Words) -> str:
    sheet, cell = found.parts[side.copy.name].place(side.table, one.field, side.index)
    where = f"{display_text(sheet)}!{cell}" if cell else display_text(sheet)
    value = _shown(side.table, one.field, side.rows, say) if side.rows else say("removed")
    return say("{file}, {cell}: {value}", file=side.copy.name, cell=where, value=value)


def _shown(table: str, field: str | None, rows: Sequence[Row], say: Words) -> str:
    """Return a cell, or rows, as a reader sees them in the workbook."""
    if field is not None:
        return _word(table, field, rows[0].get(field), say) or say("blank")
    return " | ".join(
        ", ".join(_word(table, name, value, say) for name, value in row.items()) for row in rows
    )


def _word(table: str, name: str, value: Any, say: Words) -> str:
    value = _bare(value)
    words = words_of(table, sheet_schemas()[table].field(name), say)
    return display_text(str(words.get(value, "" if value is None else value)))


def _bare(value: Any) -> Any:
    return value.value if isinstance(value, AsTyped) else value


def merge_content(found: Merging, new: Path | None) -> dict[str, Any]:
    """Return what was taken, what disagrees and what has no place, ready for JSON."""
    return {
        "base": str(found.base.path),
        "parts": [*found.parts],
        "new": None if new is None else str(new),
        "conflicts": [
            {
                "table": one.table,
                "key": [*one.key],
                "field": one.field,
                "reason": one.reason,
                "old": _values(one, one.old),
                "sides": [_side_content(found, one, side) for side in one.sides],
            }
            for one in found.merged.conflicts
        ],
        "taken": [
            {
                "table": one.table,
                "key": [*one.key],
                "kind": one.kind,
                "file": one.copy.name,
                "outside": found.outside(one),
            }
            for one in found.merged.taken
        ],
        "reordered": [{"file": name, "table": table} for name, table in found.merged.reordered],
        "left": [{"file": name, **cell._asdict()} for name, cell in found.left],
    }


def _side_content(found: Merging, one: Conflict, side: Side) -> dict[str, Any]:
    sheet, cell = found.parts[side.copy.name].place(side.table, one.field, side.index)
    return {
        "file": side.copy.name,
        "sheet": sheet,
        "cell": cell or None,
        "value": _values(one, side.rows),
    }


def _values(one: Conflict, rows: Sequence[Row]) -> Any:
    """Return the value of a cell, or rows by field."""
    if one.field is not None:
        return json_value(_bare(rows[0].get(one.field))) if rows else None
    return [{name: json_value(_bare(value)) for name, value in row.items()} for row in rows]
