"""Two versions set side by side: every typed change, and what follows from it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.compare.changes import (
    Change,
    Code,
    RowChange,
    field_changes,
    row_key,
    shown_row,
)
from cmswp_xl.compare.figures import figure_changes, undrawn
from cmswp_xl.compare.order import PRINTED, moved
from cmswp_xl.compare.pairs import paired
from cmswp_xl.compare.values import Rows, folded, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cmswp_xl.compare.figures import FigureChange, Undrawn
    from cmswp_xl.compare.pairs import Pairs
    from cmswp_xl.compare.values import Folded, Version


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
