"""Which row of the old version is which row of the new one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cmswp_xl.compare.values import folded, plain
from cmswp_xl.compare.words import similarity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cmswp_xl.compare.values import Folded, Row, Rows
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
