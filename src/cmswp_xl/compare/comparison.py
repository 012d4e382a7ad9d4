"""Which row of the old version is which row of the new one."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cmswp_xl.compare.changes import (
    Change,
    Code,
    RowChange,
    field_changes,
    figure_changes,
    row_key,
    shown_row,
    undrawn,
)
from cmswp_xl.compare.values import Rows, folded, plain, similarity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cmswp_xl.compare.changes import FigureChange, Undrawn
    from cmswp_xl.compare.values import Folded, Row, Version
    from cmswp_xl.schema import TableSchema


_MOST = 40_000
"""How many pairs of rows of one group are weighed against each other; more go by their order."""
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Step:
    """
    A step of matching: rows that agree in the fields are the same row.

    Those in `filled` must not be blank. Of several, the nearest in the amount are taken first, or
    where a text is named, the most alike in it, half of its words at least.
    """

    fields: tuple[str, ...]
    filled: tuple[str, ...] = ()
    amount: str | None = None
    text: str | None = None


def _money(*fields: str, filled: tuple[str, ...] = ()) -> Step:
    return Step((*fields, *filled), filled, amount="amount")


_COST = ("activity", "year", "category", "scenario")
_GIFT = ("activity", "source", "donor", "year", "scenario", "in_kind")

PLANS: Mapping[str, tuple[Step, ...]] = {
    "costs": (
        _money(*_COST, filled=("note",)),
        _money(*_COST),
        _money("activity", "category", "scenario", "amount"),
        _money("activity", "year", "scenario", "amount"),
        _money("activity", "year", "category", "amount"),
        _money("activity", "category", filled=("note",)),
    ),
    "funding": (
        _money(*_GIFT, filled=("reference",)),
        _money(*_GIFT, "stage"),
        _money(*_GIFT),
        _money("activity", "source", "donor", "scenario", "in_kind", "amount"),
        _money("activity", "source", "year", "scenario", "in_kind", "amount"),
        _money("activity", "donor", "year", "scenario", "in_kind", "amount"),
        _money("activity", "source", "donor", "year", "in_kind", "amount"),
        _money("activity", "source", "donor", "year", "scenario", "amount"),
        _money("activity", filled=("reference",)),
    ),
    "postfunding": (
        Step(("post", "source", "donor"), amount="percent"),
        Step(("post", "source"), amount="percent"),
        Step(("post", "donor"), ("donor",), amount="percent"),
    ),
    "findings": (Step(("kind",), text="text"), Step((), text="text"), Step(("seq", "kind"))),
    "steps": (
        Step(("recommendation",), text="text"),
        Step((), text="text"),
        Step(("seq", "recommendation")),
    ),
    "texts": (Step(("document",), text="text"), Step(("document", "paragraph"))),
}
"""
How the rows are told that have no lasting key, after those that stayed as they were.

A paragraph of a document has a number, which another one takes when something is put in before it.
"""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows by index: those in both versions, those of the old one only, those of the new one."""

    both: tuple[tuple[int, int], ...]
    removed: tuple[int, ...]
    added: tuple[int, ...]


def paired(old: Rows, new: Rows) -> Pairs:
    """
    Match the rows of a table, whatever their order.

    By the key of the table where it has one; else rows that stayed as they were, then step by
    step those that most likely are the same.
    """
    schema = new.schema
    names = tuple(field.name for field in schema.inputs())
    steps = (Step(names), *_steps(schema, names))
    if schema.primary_key and schema.name not in PLANS:
        steps = (Step((*schema.primary_key, *names)), Step(schema.primary_key))
    sides = _Sides(_folds(old, schema), _folds(new, schema), old.rows, new.rows, schema)
    left, right = set(range(len(old.rows))), set(range(len(new.rows)))
    both: list[tuple[int, int]] = []
    for step in steps:
        if not left or not right:
            break
        found = sides.matched(step, left, right)
        both += found
        left -= {i for i, _ in found}
        right -= {j for _, j in found}
    both.sort(key=lambda pair: (pair[1], pair[0]))
    return Pairs(tuple(both), tuple(sorted(left)), tuple(sorted(right)))


def _steps(schema: TableSchema, names: Sequence[str]) -> tuple[Step, ...]:
    """Give the steps of a table; one that is not known goes by its required fields."""
    if schema.name in PLANS:
        return PLANS[schema.name]
    if schema.form:
        return (Step(()),)
    required = tuple(f.name for f in schema.inputs() if f.required and f.name in names)
    return (Step(required),) if required else ()


def _folds(rows: Rows, schema: TableSchema) -> list[dict[str, Folded]]:
    fields = schema.inputs()
    return [{f.name: folded(row.get(f.name), f) for f in fields} for row in rows.rows]


@dataclass(frozen=True, slots=True)
class _Sides:
    """The rows of both versions in the form in which they are compared, and as they are."""

    old: list[dict[str, Folded]]
    new: list[dict[str, Folded]]
    old_rows: Sequence[Row]
    new_rows: Sequence[Row]
    schema: TableSchema

    def matched(self, step: Step, left: set[int], right: set[int]) -> list[tuple[int, int]]:
        first = _grouped(self.old, step, left)
        second = _grouped(self.new, step, right)
        found: list[tuple[int, int]] = []
        for key in first.keys() & second.keys():
            found += self._within(step, first[key], second[key])
        return found

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
        """Give how far two rows are apart; None where they cannot be the same."""
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


def _grouped(
    rows: Sequence[Mapping[str, Folded]], step: Step, chosen: Iterable[int]
) -> dict[tuple[Any, ...], list[int]]:
    groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for index in chosen:
        row = rows[index]
        if all(row.get(name) not in {None, ""} for name in step.filled):
            groups[tuple(row.get(name) for name in step.fields)].append(index)
    return groups


def _sort_key(row: Mapping[str, Folded], step: Step) -> tuple[Any, ...]:
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


PRINTED: Mapping[str, str | None] = {
    "areas": None,
    "activities": "area",
    "posts": None,
    "allocations": "area",
    "subjects": None,
    "recommendations": "subject",
    "evidence": "kind",
    "needs": None,
    "requests": None,
}
"""The tables whose row order is the order of print, and the field within which it is."""


def moved(places: Sequence[int]) -> frozenset[int]:
    """
    Give the fewest items that must have moved to come into this order.

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


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    What changed from one version to another.

    `rows` are the typed changes by table, in the order of the new version, then what was removed;
    `figures` what follows from them. `undrawn` says why there are no figures where there are none.
    """

    old: Version
    new: Version
    rows: tuple[RowChange, ...]
    figures: tuple[FigureChange, ...]
    undrawn: tuple[Undrawn, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything changed."""
        return bool(self.rows or self.figures)

    def of(self, table: str) -> tuple[RowChange, ...]:
        """Give the changes of a table."""
        return tuple(row for row in self.rows if row.table == table)


def compare(old: Version, new: Version) -> Comparison:
    """
    Compare two versions of a workbook.

    Typed changes are always told; figures only where both versions are without errors and in the
    same currency.
    """
    names = dict.fromkeys((*new.tables, *old.tables))
    rows = tuple(change for name in names for change in _table(name, old, new))
    reasons = undrawn(old, new)
    if reasons or old.reckoning is None or new.reckoning is None:
        return Comparison(old, new, rows, (), reasons)
    return Comparison(old, new, rows, tuple(figure_changes(old.reckoning, new.reckoning)))


def _table(name: str, old: Version, new: Version) -> Iterator[RowChange]:
    first, second = old.tables.get(name), new.tables.get(name)
    present = second or first
    if present is None:
        return
    before = first or Rows(present.schema, ())
    after = second or Rows(present.schema, ())
    if _internal(after) or before.rows == after.rows:
        return
    pairs = paired(before, after)
    changes = _paired_changes(before, after, pairs)
    order = [*((j, "both", i) for i, j in pairs.both), *((j, "added", -1) for j in pairs.added)]
    for j, kind, i in sorted(order):
        row = after.rows[j]
        if kind == "added":
            yield RowChange(
                name, row_key(row, after), None, shown_row(row, after), (Change(Code.ADDED),)
            )
        elif changes[i]:
            yield RowChange(
                name,
                row_key(row, after),
                shown_row(before.rows[i], before),
                shown_row(row, after),
                tuple(changes[i]),
            )
    for i in pairs.removed:
        row = before.rows[i]
        yield RowChange(
            name, row_key(row, before), shown_row(row, before), None, (Change(Code.REMOVED),)
        )


def _internal(rows: Rows) -> bool:
    """Tell whether a table is internal as a whole: nothing is left to name its rows by."""
    keys = set(rows.schema.primary_key)
    return not rows.shown or any(field.name in keys for field in rows.hidden)


def _paired_changes(old: Rows, new: Rows, pairs: Pairs) -> dict[int, list[Change]]:
    """Give the changes of the rows in both versions, by their index in the old one."""
    found = {i: list(field_changes(old.rows[i], new.rows[j], new)) for i, j in pairs.both}
    if new.order is not None:
        _sequence(old, new, pairs, found, new.order.name)
    elif new.schema.name in PRINTED:
        for i, change in _moves(old, new, pairs):
            found[i].append(change)
    return found


def _sequence(
    old: Rows, new: Rows, pairs: Pairs, found: Mapping[int, list[Change]], name: str
) -> None:
    """Tell in a numbered sequence what moved from what only has another number now."""
    groups: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for i, j in pairs.both:
        before, after = old.rows[i].get(name), new.rows[j].get(name)
        if isinstance(before, int) and isinstance(after, int):
            groups[plain(new.rows[j].get("document"))].append((after, before, i))
    for members in groups.values():
        members.sort()
        places = sorted((before, i) for _, before, i in members)
        place_of = {i: place for place, (_, i) in enumerate(places)}
        for index in moved([place_of[i] for *_, i in members]):
            i = members[index][2]
            found[i][:] = [
                Change(Code.MOVED, c.field, c.old, c.new) if c.code is Code.RENUMBERED else c
                for c in found[i]
            ]


def _moves(old: Rows, new: Rows, pairs: Pairs) -> Iterator[tuple[int, Change]]:
    """Find the rows that have another place in print, among those of both versions."""
    within = PRINTED[new.schema.name]
    groups: dict[Folded, list[tuple[int, int]]] = defaultdict(list)
    for i, j in pairs.both:
        field = new.schema.field(within) if within else None
        first = folded(old.rows[i].get(within or ""), field) if field else None
        second = folded(new.rows[j].get(within or ""), field) if field else None
        if first == second:
            groups[second].append((i, j))
    for members in groups.values():
        members.sort(key=lambda pair: pair[1])
        was = sorted(i for i, _ in members)
        place_of = {i: place for place, i in enumerate(was)}
        for index in sorted(moved([place_of[i] for i, _ in members])):
            i = members[index][0]
            place = place_of[i]
            before = row_key(old.rows[was[place - 1]], old) if place else None
            after = row_key(new.rows[members[index - 1][1]], new) if index else None
            yield i, Change(Code.MOVED, None, before, after)
