"""
Numbers and ids of activities: their order as people count, the next free one, and numbering anew.

A number such as "1.10", "3.4.1" or "1.1 a" has parts, each of digits or of letters; what stands
between and around them is kept. The formulas of the workbook offer the same next free ones.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from os.path import commonprefix
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

_PART = re.compile(r"\d+|[^\W\d_]+")
_LEADING = re.compile(r"[0-9]{1,3}")
_LONGEST_NUMBER = 3
"""Next free ids are looked for up to 999, here and in the formula of the workbook."""
SORTED_PARTS, PART_ROOM = 4, 30
"""How many parts of a number its sortable form has; the room of each where a formula cuts it."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

Part = tuple[bool, int, str]
"""Whether it is letters, the number if it is not, the letters if it is."""


def order_key(number: str) -> tuple[Part, ...]:
    """Return by what numbers sort as people count: 1.2 before 1.10, digits before letters."""
    parts = _PART.findall(number.casefold())
    return tuple((False, int(p), "") if p.isdecimal() else (True, 0, p) for p in parts)


def number_parts(number: str) -> list[str]:
    """
    Return the parts of a number that points and spaces part, as a formula of the workbook can.

    A last letter after a digit is a part of its own.
    """
    if number[-1:].isalpha() and number[-2:-1].isdecimal():
        number = f"{number[:-1]}.{number[-1]}"
    return number.lower().replace(" ", ".").split(".")


def sortable(number: str) -> str:
    """Return a number as a text that sorts as people count: its first parts, four places each."""
    parts = [*number_parts(number), *[""] * SORTED_PARTS][:SORTED_PARTS]
    return "".join(part.rjust(4, "0")[-4:] for part in parts)


def highest_ids(ids: Iterable[str]) -> Counter[str]:
    """Return the highest NN of the ids `CODE-NN` by code, in small letters."""
    highest: Counter[str] = Counter()
    for each in ids:
        code, _, number = each.rpartition("-")
        if number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER:
            key = code.casefold()
            if f"{int(number):02d}" == number:
                highest[key] = max(highest[key], int(number))
    return highest


def next_id(code: str, highest: Mapping[str, int]) -> str:
    """Return the first id `CODE-NN` of an area above those in use."""
    return f"{code}-{highest.get(code.casefold(), 0) + 1:02d}"


def number_model(numbers: Sequence[str], position: int) -> str:
    """
    Return the number of an area that shows how its numbers begin: the first or the last.

    The less deep of the two counts. An area without numbers begins with its place among the areas.
    """
    if not numbers:
        return f"{position}."
    first, last = numbers[0], numbers[-1]
    return last if last.count(".") <= first.count(".") else first


def number_stem(numbers: Sequence[str], position: int) -> str:
    """Return what the numbers of an area begin with, up to the last point of its model."""
    model = number_model(numbers, position)
    return model[: model.rfind(".") + 1]


def counted_number(number: str, stem: str) -> int | None:
    """Return what a number counts after what those of its area begin with: 4 for 3.4.1 after 3."""
    if not number.casefold().startswith(stem.casefold()):
        return None
    leading = _LEADING.match(number[len(stem) :])
    return int(leading[0]) if leading else None


def next_number(numbers: Sequence[str], position: int) -> str:
    """Return the number after the highest of an area: 1.11 after 1.10 and 1.9.3."""
    stem = number_stem(numbers, position)
    return f"{stem}{max((counted_number(n, stem) or 0 for n in numbers), default=0) + 1}"


Path = tuple[str, ...]
"""The parts of a number."""


class UnclearNumber(ValueError):
    """A number that cannot be counted; its index among the rows is the argument."""


def renumbered(
    rows: Sequence[tuple[str, str]], areas: Sequence[str], chosen: Iterable[str]
) -> dict[int, str]:
    """
    Return the new numbers of the chosen areas, counted through in the order of the rows.

    `rows` are area and number of each activity ("" for none yet), `areas` all areas in order.
    Only rows whose number changes have a new one; raises `UnclearNumber`.
    """
    found: dict[str, dict[int, str]] = {area: {} for area in areas}
    for index, (area, number) in enumerate(rows):
        found.setdefault(area, {})[index] = number
    stems = {area: _stem(numbers.values()) for area, numbers in found.items()}
    changed: dict[int, str] = {}
    for area in chosen:
        others = {stem for other, stem in stems.items() if other != area} - {stems[area]}
        start = next_number([], areas.index(area) + 1)
        tree = _Tree(found[area], stems[area], others, start)
        changed |= {i: new for i, new in tree.through() if new != found[area][i]}
    return changed


def _stem(numbers: Iterable[str]) -> Path | None:
    """Return the commonest beginning of the least deep numbers; None where there are none."""
    given = [parts for number in numbers if (parts := _parts(number))]
    depth = min(map(len, given), default=0)
    found = Counter(parts[:-1] for parts in given if len(parts) == depth)
    return max(found, key=found.__getitem__) if found else None


@dataclass(frozen=True, slots=True, eq=False)
class _Node:
    """A number as it was and as it is to be, and how many it has below it, letters apart."""

    old: Path
    new: Path
    counted: Counter[bool] = field(default_factory=Counter)


class _Tree:
    """
    The numbers of one area in the order of their rows, and what they are to be.

    A row below a number that no row has keeps to it, as 3.4.1 does where there is no 3.4; any
    other goes below the row above. A beginning that belongs to another area becomes its own.
    """

    def __init__(
        self,
        numbers: Mapping[int, str],
        stem: Path | None,
        foreign: Container[Path | None],
        start: str,
    ) -> None:
        self._stem = _parts(start)[:-1] if stem is None else stem
        self._level = len(self._stem) + 1
        top = (text for text in numbers.values() if len(_parts(text)) == self._level)
        blank = next(top, start)
        self._texts = {index: text or blank for index, text in numbers.items()}
        self._paths: dict[int, Path] = {}
        for index, text in self._texts.items():
            parts = _parts(text)
            base = parts[: self._level - 1]
            self._paths[index] = (self._stem if base in foreign else base) + parts[len(base) :]
        above = [path[:-1] for path in self._paths.values()]
        shared = commonprefix(above)  # noqa: RUF071  of parts, not of letters
        self._level = len(shared) + 1 if shared else self._level
        self._lowest: dict[tuple[int, bool], int] = {}
        for index in self._paths:
            self._count_from(index)
        self._rows = frozenset(self._paths.values())
        self._roots: dict[Path, _Node] = {}

    def _count_from(self, index: int) -> None:
        """Note the lowest of each level; raises `UnclearNumber` where a part is no count."""
        path = self._paths[index]
        if len(path) < self._level or (len(path) > 1 and "".join(path).isalpha()):
            raise UnclearNumber(index)
        for level, part in enumerate(path[self._level - 1 :], self._level):
            if part.isalpha() and part.casefold() not in _LETTERS:
                raise UnclearNumber(index)
            key = level, part.isalpha()
            self._lowest[key] = min(self._lowest.get(key, _value(part)), _value(part))

    def through(self) -> Iterator[tuple[int, str]]:
        """Yield each row with its new number."""
        nodes: list[_Node] = []
        for index, path in self._paths.items():
            base = path[: self._level - 1]
            root = self._roots.setdefault(base, _Node(base, base))
            nodes = self._down(nodes if nodes[:1] == [root] else [root], path, index)
            pairs = zip(_PART.split(self._texts[index]), (*nodes[-1].new, ""), strict=True)
            yield index, "".join(chain.from_iterable(pairs))

    def _down(self, nodes: list[_Node], path: Path, index: int) -> list[_Node]:
        """Return the nodes from the root to a row, some of them those of the row above."""
        kept = nodes[:1]
        for level in range(self._level, len(path)):
            above, node = path[:level], nodes[len(kept)] if len(kept) < len(nodes) else None
            if node is None or (node.old != above and above not in self._rows):
                nodes, node = kept, self._below(kept[-1], above, index)
            kept = [*kept, node]
        return [*kept, self._below(kept[-1], path, index)]

    def _below(self, above: _Node, path: Path, index: int) -> _Node:
        part = path[-1]
        letters = part.isalpha()
        value = self._lowest[len(path), letters] + above.counted[letters]
        above.counted[letters] += 1
        if not letters:
            width = len(part) if part.startswith("0") else 1
            return _Node(path, (*above.new, f"{value:0{width}d}"))
        if value >= len(_LETTERS):
            raise UnclearNumber(index)
        letter = _LETTERS[value]
        return _Node(path, (*above.new, letter.upper() if part.isupper() else letter))


def _parts(number: str) -> Path:
    return tuple(_PART.findall(number))


def _value(part: str) -> int:
    return _LETTERS.index(part.casefold()) if part.isalpha() else int(part)
