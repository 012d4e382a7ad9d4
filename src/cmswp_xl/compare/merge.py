"""
Copies of one workbook, changed by several people, brought together by key.

Three-way: what a copy changed against the workbook that all were made from. Where a table has a
key, cells are taken one by one; rows without a key belong to their activity or post, and are taken
as a whole. Nothing is decided where copies disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from cmswp_xl.compare.rows import facts
from cmswp_xl.schema import TableSchema
from cmswp_xl.tables import comparable

Row = dict[str, Any]
Key = tuple[str, ...]

REMOVED, TWICE, DIFFERENT, ROWS = "removed", "twice", "different", "rows"
"""Why copies disagree: a row removed in one and changed in another, a key given twice, cells."""


@dataclass(frozen=True)
class Copy:
    """A copy, or the workbook that all were made from: its file's name, and its rows by table."""

    name: str
    rows: Mapping[str, Sequence[Row]]
    schemas: Mapping[str, TableSchema]

    @cached_property
    def units(self) -> Mapping[str, Mapping[Key, Sequence[int]]]:
        """The places of the rows of each table by their key, or by what they belong to."""
        units: dict[str, dict[Key, list[int]]] = {}
        for table, rows in self.rows.items():
            found = units.setdefault(table, {})
            for index, row in enumerate(rows):
                if row:
                    found.setdefault(key_of(self.schemas[table], row), []).append(index)
        return units

    def unit(self, table: str, key: Key) -> tuple[Row, ...]:
        """Return the rows of a key, or of what rows without one belong to."""
        indexes = self.units.get(table, {}).get(key, ())
        return tuple(self.rows[table][index] for index in indexes)


def key_of(schema: TableSchema, row: Row) -> Key:
    """Return the key of a row in comparable form, or of what it belongs to."""
    names = schema.primary_key or tuple(filter(None, [facts("parents").get(schema.name)]))
    return tuple(comparable(str(row.get(name, ""))) for name in names)


@dataclass(frozen=True, slots=True)
class Side:
    """A unit as one copy has it, the rows of a key in a table, with what was there before."""

    copy: Copy
    table: str
    key: Key
    old: tuple[Row, ...]
    rows: tuple[Row, ...]

    @property
    def index(self) -> int | None:
        """The place of the first of its rows; None where there is none."""
        return next(iter(self.copy.units.get(self.table, {}).get(self.key, ())), None)

    @property
    def kind(self) -> str:
        """Whether rows were added, removed or changed."""
        return "added" if not self.old else "changed" if self.rows else "removed"


@dataclass(frozen=True, slots=True)
class Conflict:
    """What copies disagree about: a row or a cell of it, why, what was there, and their sides."""

    table: str
    key: Key
    field: str | None
    reason: str
    old: tuple[Row, ...]
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """The rows of all tables after merging, what was taken, what not, and what was reordered."""

    rows: Mapping[str, list[Row]]
    taken: Sequence[Side]
    conflicts: Sequence[Conflict]
    reordered: Sequence[tuple[str, str]]


def merge(base: Copy, copies: Sequence[Copy], place: Callable[[str, Row], str]) -> Merged:
    """
    Merge copies into the workbook that they were made from.

    `place` names what a row of a table stands with; added rows go after the last of these. The
    order in which the copies are given makes no difference.
    """
    ranked = sorted(copies, key=lambda copy: (copy.name.casefold(), repr(copy.rows)))
    merging = _Merging(base, ranked)
    for table in base.schemas:
        merging.table(table)
    merging.dangling()
    rows = {table: merging.ordered(table, place) for table in base.schemas}
    return Merged(rows, merging.taken, merging.conflicts, merging.reordered)


class _Merging:
    def __init__(self, base: Copy, copies: Sequence[Copy]) -> None:
        self.base, self.copies = base, copies
        self.result: dict[str, dict[Key, tuple[Row, ...]]] = {}
        self.taken: list[Side] = []
        self.conflicts: list[Conflict] = []
        self.reordered: list[tuple[str, str]] = []

    def table(self, table: str) -> None:
        """Merge the units of a table."""
        result = self.result.setdefault(table, {})
        units = chain.from_iterable(c.units.get(table, ()) for c in (self.base, *self.copies))
        for key in dict.fromkeys(units):
            result[key] = self._unit(table, key)
        self.reordered += [(copy.name, table) for copy in self.copies if self._moved(table, copy)]

    def _unit(self, table: str, key: Key) -> tuple[Row, ...]:
        old = self.base.unit(table, key)
        sides = [
            Side(copy, table, key, old, rows)
            for copy in self.copies
            if (rows := copy.unit(table, key)) != old and not _same(rows, old)
        ]
        if not sides:
            return old
        sides = _distinct(sides)
        schema = self.base.schemas[table]
        keyed = schema.form or (bool(schema.primary_key) and all(key))
        doubled = [side for side in sides if keyed and len(side.rows) > 1]
        if doubled:
            return self._conflict(table, key, TWICE, old, doubled)
        if len(sides) == 1:
            self.taken += sides
            return sides[0].rows
        if old and not all(side.rows for side in sides):
            return self._conflict(table, key, REMOVED, old, sides)
        if keyed and len(old) == 1:
            return self._cells(table, key, old[0], sides)
        return self._conflict(table, key, ROWS if old or not keyed else TWICE, old, sides)

    def _cells(self, table: str, key: Key, old: Row, sides: Sequence[Side]) -> tuple[Row, ...]:
        """Take the cells of a row that were changed in one copy, or alike in several."""
        new, disputed = dict(old), False
        for item in self.base.schemas[table].inputs():
            name, was = item.name, old.get(item.name)
            others = [s for s in sides if not _alike(s.rows[0].get(name), was)]
            values = {repr(s.rows[0].get(name)) for s in others}
            if len(values) > 1:
                disputed = True
                self.conflicts.append(Conflict(table, key, name, DIFFERENT, (old,), tuple(others)))
            elif others:
                new[name] = others[0].rows[0].get(name)
        if disputed:
            return (old,)
        self.taken += sides
        return ({name: value for name, value in new.items() if value is not None},)

    def _conflict(
        self, table: str, key: Key, reason: str, old: tuple[Row, ...], sides: Sequence[Side]
    ) -> tuple[Row, ...]:
        self.conflicts.append(Conflict(table, key, None, reason, old, tuple(sides)))
        return old

    def dangling(self) -> None:
        """Find rows that one copy removed while another wrote rows that refer to them."""
        removed = {(one.table, one.key): one for one in self.taken if not one.rows}
        for one in [*self.taken] if removed else ():
            for target in dict.fromkeys(self._references(one)):
                gone = removed.get(target)
                if gone is not None and gone.copy is not one.copy:
                    self._conflict(gone.table, gone.key, REMOVED, gone.old, (gone, one))

    def _references(self, one: Side) -> Iterator[tuple[str, Key]]:
        """Yield the rows that rows written in a copy refer to, where they did not before."""
        for item in self.base.schemas[one.table].inputs():
            if item.reference is not None and not item.list:
                for row in one.rows:
                    if row not in one.old and row.get(item.name) is not None:
                        yield item.reference.table, (comparable(str(row[item.name])),)

    def _moved(self, table: str, copy: Copy) -> bool:
        """Return whether a copy has rows of the workbook in another order."""
        old, new = self.base.units.get(table, {}), copy.units.get(table, {})
        if [key for key in old if key in new] != [key for key in new if key in old]:
            return True
        return any(
            self.base.unit(table, key) != copy.unit(table, key)
            and _same(self.base.unit(table, key), copy.unit(table, key))
            for key in old
        )

    def ordered(self, table: str, place: Callable[[str, Row], str]) -> list[Row]:
        """Return the rows in the workbook's order; added ones after the last they stand with."""
        left = {key: [*rows] for key, rows in self.result[table].items()}
        known = self.base.units.get(table, {})
        key_at = {index: key for key, indexes in known.items() for index in indexes}
        rows: list[Row] = []
        for index in range(len(self.base.rows.get(table, ()))):
            key = key_at.get(index)
            if key is not None and left[key]:
                rows.append(left[key].pop(0))
                if index == known[key][-1]:  # what is more than before stands right below
                    rows += left.pop(key)
                    left[key] = []
        for added in left.values():
            for row in added:
                last = [
                    n for n, each in enumerate(rows) if place(table, each) == place(table, row)
                ]
                rows.insert(last[-1] + 1 if last else len(rows), row)
        return rows


def _distinct(sides: Sequence[Side]) -> list[Side]:
    """Return the sides, of those that have the same rows only the first."""
    found: list[Side] = []
    for side in sides:
        if not any(side.rows == other.rows or _same(side.rows, other.rows) for other in found):
            found.append(side)
    return found


def _same(some: Sequence[Row], others: Sequence[Row]) -> bool:
    """Return whether rows are the same in any order."""
    return len(some) == len(others) and sorted(map(_text, some)) == sorted(map(_text, others))


def _text(row: Row) -> str:
    return repr(sorted(row.items(), key=lambda item: item[0]))


def _alike(one: object, other: object) -> bool:
    return one == other and type(one) is type(other)
