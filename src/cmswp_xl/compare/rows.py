"""The rows of two versions as they are compared: which are the same, and which moved."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from cmswp_xl.compare.words import similarity, spaced
from cmswp_xl.figures.totals import ProgrammeTotals
from cmswp_xl.languages import Names
from cmswp_xl.resources import read_yaml
from cmswp_xl.schema import Field, TableSchema
from cmswp_xl.tables import comparable

Value = str | int | Decimal | dt.date | tuple[str, ...] | None
Row = Mapping[str, Value]
"""A row by field name, without computed columns; blanks are None."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table in the order of the sheet; of a form, one row."""

    schema: TableSchema
    rows: tuple[Row, ...]

    @property
    def shown(self) -> tuple[Field, ...]:
        """The fields that people fill in and that may be shown."""
        return tuple(field for field in self.schema.inputs() if not field.internal)

    @property
    def order(self) -> Field | None:
        """The field that numbers the rows through, so that one put in renumbers the others."""
        if self.schema.name == "texts":
            return self.schema.field("paragraph")
        if self.schema.primary_key:
            return None
        return next((field for field in self.schema.fields if field.name == "seq"), None)


@dataclass(frozen=True, slots=True)
class Version:
    """
    One version of a workbook: what was typed, and its figures where it has no errors.

    A table that a workbook does not have may be missing from `tables`; that is the same as empty.
    """

    name: str
    sha256: str | None
    tables: Mapping[str, Rows]
    totals: ProgrammeTotals | None
    errors: int = 0
    names: Names | None = None

    def rows(self, table: str) -> tuple[Row, ...]:
        """Return the rows of a table; none where it is absent."""
        found = self.tables.get(table)
        return () if found is None else found.rows

    @property
    def settings(self) -> Row:
        """The settings of the Programme form; empty where there is none."""
        return next(iter(self.rows("programme")), {})

    def keyed(self, table: str, field: str) -> dict[str, Row]:
        """Return the rows of a table by their keys in comparable form; of equal keys the first."""
        found: dict[str, Row] = {}
        for row in self.rows(table):
            found.setdefault(comparable(plain(row.get(field))), row)
        return found


def folded(value: Value, field: Field) -> Value:
    """
    Return a value in the form in which versions are compared.

    Codes and references regardless of case and spacing, texts regardless of spacing within a
    paragraph, a blank as the default of its field.
    """
    if value is None:
        return field.default
    if isinstance(value, tuple):
        return tuple(comparable(entry) for entry in value)
    if isinstance(value, str):
        named = field.code or field.reference is not None or bool(field.enum)
        return comparable(value) if named else spaced(value)
    if field.reference is not None and isinstance(value, int):
        return str(value)
    return value


def plain(value: object) -> str:
    """Return a value as plain text: entries joined, dates ISO, blanks as nothing."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "; ".join(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def json_value(value: Value) -> str | int | None:
    """Return a value as JSON holds it: whole numbers as such, the others as plain text."""
    return value if value is None or isinstance(value, (int, str)) else plain(value)


_MOST = 40_000
"""How many pairs of rows of one group are weighed against each other; more go by their order."""
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Step:
    """A step of matching, as `tables.yaml` explains it."""

    fields: Sequence[str]
    filled: Sequence[str] = ()
    amount: str | None = None
    text: str | None = None


@cache
def facts(name: str) -> Mapping[str, Any]:
    """Return what `tables.yaml` says of each table under a name."""
    found: Mapping[str, Any] = read_yaml(Path(__file__).with_name("tables.yaml"))[name]
    return found


def matched(old: Rows, new: Rows) -> list[tuple[int, int]]:
    """
    Match the rows of a table, by index in either version, whatever their order.

    By the key of the table where it has one; else rows that stayed as they were, then step by
    step those that most likely are the same.
    """
    schema = new.schema
    sides = _Sides(_folds(old, schema), _folds(new, schema), old.rows, new.rows, schema)
    left, right = set(range(len(old.rows))), set(range(len(new.rows)))
    pairs: list[tuple[int, int]] = []
    for step in _steps(schema):
        found = sides.matched(step, left, right)
        pairs += found
        left -= {i for i, _ in found}
        right -= {j for _, j in found}
    return sorted(pairs, key=lambda pair: pair[1])


def _steps(schema: TableSchema) -> tuple[Step, ...]:
    """Return the steps of a table; one without key or plan goes by its required fields."""
    names = tuple(field.name for field in schema.inputs())
    if schema.name in facts("matched"):
        return Step(names), *(Step(**step) for step in facts("matched")[schema.name])
    if schema.primary_key:
        return Step((*schema.primary_key, *names)), Step(schema.primary_key)
    if schema.form:
        return Step(names), Step(())
    required = tuple(field.name for field in schema.inputs() if field.required)
    return (Step(names), Step(required)) if required else (Step(names),)


def _folds(rows: Rows, schema: TableSchema) -> list[dict[str, Value]]:
    fields = schema.inputs()
    return [{f.name: folded(row.get(f.name), f) for f in fields} for row in rows.rows]


@dataclass(frozen=True, slots=True)
class _Sides:
    """The rows of both versions in the form in which they are compared, and as they are."""

    old: list[dict[str, Value]]
    new: list[dict[str, Value]]
    old_rows: Sequence[Row]
    new_rows: Sequence[Row]
    schema: TableSchema

    def matched(self, step: Step, left: set[int], right: set[int]) -> list[tuple[int, int]]:
        first = _alike(self.old, step, left)
        second = _alike(self.new, step, right)
        return [
            pair
            for key in first.keys() & second.keys()
            for pair in self._within(step, first[key], second[key])
        ]

    def _within(self, step: Step, left: list[int], right: list[int]) -> list[tuple[int, int]]:
        """Match within a group; rows that are the same in all fields may be swapped freely."""
        left = sorted(left, key=lambda i: _sort_key(self.old[i], step))
        right = sorted(right, key=lambda j: _sort_key(self.new[j], step))
        if len(left) == len(right) == 1 and step.text is None:
            return [(left[0], right[0])]
        weighed = step.text is not None or step.amount is not None
        if not weighed or len(left) * len(right) > _MOST:
            return list(zip(left, right, strict=False))
        distances = sorted(
            (distance, place, other, i, j)
            for place, i in enumerate(left)
            for other, j in enumerate(right)
            if (distance := self._distance(step, i, j)) is not None
        )
        return _nearest((i, j) for *_, i, j in distances)

    def _distance(self, step: Step, i: int, j: int) -> Decimal | float | None:
        """Return how far two rows are apart; None where they cannot be the same."""
        if step.text is not None:
            names = [field.name for field in self.schema.texts(step.text)]
            parts = [(self.old_rows[i].get(name), self.new_rows[j].get(name)) for name in names]
            given = [similarity(plain(a), plain(b)) for a, b in parts if a and b]
            best = max(given, default=0.0)
            return 1 - best if best >= _ALIKE else None
        first, second = self.old[i].get(step.amount or ""), self.new[j].get(step.amount or "")
        if isinstance(first, Decimal) and isinstance(second, Decimal):
            return abs(first - second)
        return Decimal(0) if first == second else Decimal(10) ** 18


def _alike(
    rows: Sequence[Mapping[str, Value]], step: Step, chosen: Iterable[int]
) -> dict[tuple[Any, ...], list[int]]:
    groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for index in chosen:
        row = rows[index]
        if all(row.get(name) not in {None, ""} for name in step.filled):
            groups[tuple(row.get(name) for name in step.fields)].append(index)
    return groups


def _sort_key(row: Mapping[str, Value], step: Step) -> tuple[Any, ...]:
    """Order rows by what they hold, the amount first; their order in the sheet says nothing."""
    amount = row.get(step.amount) if step.amount else None
    first = amount if isinstance(amount, Decimal) else Decimal(-1)
    return (first, *(plain(value) for value in row.values()))


def _nearest(candidates: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Take pairs from the best on, each row once."""
    left: set[int] = set()
    right: set[int] = set()
    found: list[tuple[int, int]] = []
    for i, j in candidates:
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            found.append((i, j))
    return found


def moved(places: Sequence[int]) -> frozenset[int]:
    """
    Return the fewest items that must have moved to come into this order.

    `places` are the old places of the items in their new order, each once; the result holds the
    indices of those that are not part of the longest run that stayed in order.
    """
    ends: list[int] = []
    lasts: list[int] = []
    before: list[int] = []
    for index, place in enumerate(places):
        length = bisect_left(ends, place)
        before.append(lasts[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        lasts[length : length + 1] = [index]
    stayed: set[int] = set()
    index = lasts[-1] if lasts else -1
    while index >= 0:
        stayed.add(index)
        index = before[index]
    return frozenset(range(len(places))) - stayed


Places = list[tuple[int, int, int]]
"""Rows by their place in the new version and in the old one, and by their index in that."""


def displaced(
    old: Rows, new: Rows, pairs: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int | None, int | None]]:
    """Yield each row that moved and the rows before it then and now, by index in the old one."""
    for members in _places(old, new, pairs):
        now = [i for *_, i in sorted(members)]
        was = [i for _, i in sorted((before, i) for _, before, i in members)]
        place = {i: index for index, i in enumerate(was)}
        for index in sorted(moved([place[i] for i in now])):
            i = now[index]
            before = was[place[i] - 1] if place[i] else None
            yield i, before, now[index - 1] if index else None


def _places(old: Rows, new: Rows, pairs: Sequence[tuple[int, int]]) -> Iterable[Places]:
    """
    Return the places of rows, apart for each sequence that they are in.

    A field that numbers rows through tells their places, one sequence for a document; else the
    order of print does, for those that are still within the same other row.
    """
    groups: dict[Hashable, Places] = defaultdict(list)
    printed = facts("printed")
    within = printed.get(new.schema.name)
    field = new.schema.field(within) if within else None
    for i, j in pairs:
        first, second = old.rows[i], new.rows[j]
        if new.order is not None:
            before, after = (row.get(new.order.name) for row in (first, second))
            if isinstance(before, int) and isinstance(after, int):
                groups[plain(second.get("document"))].append((after, before, i))
        elif new.schema.name in printed:
            was, now = (
                folded(row.get(field.name), field) if field else None for row in (first, second)
            )
            if was == now:
                groups[now].append((j, i, i))
    return groups.values()
