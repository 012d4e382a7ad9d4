"""
Numbers and ids of activities: their order as people count, the next free one, and numbering anew.

A number such as "1.10", "3.4.1" or "1.1 a" has parts, each of digits or of letters; what stands
between and around them is kept. The formulas of the workbook offer the same next free ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from os.path import commonprefix

_PART = re.compile(r"\d+|[^\W\d_]+")
_LEADING = re.compile(r"[0-9]{1,3}")
_LONGEST_NUMBER = 3
"""Next free ids are looked for up to 999, here and in the formula of the workbook."""
SORTED_PARTS, PART_ROOM = 4, 30
"""How many parts of a number its sortable form has; the room of each where a formula cuts it."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

Part = tuple[bool, int, str]
"""Whether it is letters, the number if it is not, the letters if it is."""
Path = tuple[str, ...]
"""The parts of a number as they are written."""


def order_key(number: str) -> tuple[Part, ...]:
    """Return by what numbers sort as people count: 1.2 before 1.10, digits before letters."""
    parts = _PART.findall(number.casefold())
    return tuple((False, int(p), "") if p.isdecimal() else (True, 0, p) for p in parts)


def number_parts(number: str) -> list[str]:
    """Return the parts of a number, as a formula can; a last letter after a digit is one."""
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
        count = int(number) if number.isascii() and number.isdecimal() else 0
        if len(number) <= _LONGEST_NUMBER and f"{count:02d}" == number:
            highest[code.casefold()] = max(highest[code.casefold()], count)
    return highest


def next_id(code: str, highest: Mapping[str, int]) -> str:
    """Return the first id `CODE-NN` of an area above those in use."""
    return f"{code}-{highest.get(code.casefold(), 0) + 1:02d}"


def number_model(numbers: Sequence[str], position: int) -> str:
    """Return the first or last number of an area, the less deep; without any, its place."""
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
        own, start = stems[area], next_number([], areas.index(area) + 1)
        stem = _parts(start)[:-1] if own is None else own
        foreign = {other for each, other in stems.items() if each != area} - {own}
        blank = next((n for n in found[area].values() if len(_parts(n)) == len(stem) + 1), start)
        texts = {index: number or blank for index, number in found[area].items()}
        paths = {}
        for index, text in texts.items():
            base = _parts(text)[: len(stem)]
            paths[index] = (stem if base in foreign else base) + _parts(text)[len(base) :]
        for index, path in _through(paths, len(stem)):
            pairs = zip(_PART.split(texts[index]), (*path, ""), strict=True)
            number = "".join(chain.from_iterable(pairs))
            changed |= {} if number == found[area][index] else {index: number}
    return changed


def _stem(numbers: Iterable[str]) -> Path | None:
    """Return the commonest beginning of the least deep numbers; None where there are none."""
    given = [parts for number in numbers if (parts := _parts(number))]
    depth = min(map(len, given), default=0)
    found = Counter(parts[:-1] for parts in given if len(parts) == depth)
    return max(found, key=found.__getitem__) if found else None


def _through(paths: Mapping[int, Path], depth: int) -> Iterator[tuple[int, Path]]:
    """
    Yield each row of an area with its number counted anew; `depth` is that of the beginning.

    A row below a number that no row has keeps to it, as 3.4.1 does where there is no 3.4; any
    other goes below the row above.
    """
    depth = len(commonprefix([path[:-1] for path in paths.values()])) or depth  # noqa: RUF071  of parts
    lowest = _lowest(paths, depth)
    counted: Counter[tuple[Path, bool]] = Counter()
    rows = set(paths.values())
    above: list[tuple[Path, Path]] = [((), ())]
    for index, path in paths.items():
        base = path[:depth]
        above = above if above[0] == (base, base) else [(base, base)]
        for level in range(1, len(path) - depth + 1):
            old, (_, new) = path[: depth + level], above[level - 1]
            inner = len(old) < len(path)
            if inner and level < len(above) and (above[level][0] == old or old in rows):
                continue
            key = new, old[-1].isalpha()
            value = lowest[len(old), key[1]] + counted[key]
            counted[key] += 1
            if key[1] and value >= len(_LETTERS):
                raise UnclearNumber(index)
            above = [*above[:level], (old, (*new, _like(old[-1], value)))]
        yield index, above[-1][1]


def _lowest(paths: Mapping[int, Path], depth: int) -> dict[tuple[int, bool], int]:
    """Return the lowest of each level; raises `UnclearNumber` where a part is no count."""
    lowest: dict[tuple[int, bool], int] = {}
    for index, path in paths.items():
        if len(path) <= depth or (len(path) > 1 and "".join(path).isalpha()):
            raise UnclearNumber(index)
        for level, part in enumerate(path[depth:], depth + 1):
            letters = part.isalpha()
            if letters and (len(part) > 1 or part.casefold() not in _LETTERS):
                raise UnclearNumber(index)
            value = _LETTERS.index(part.casefold()) if letters else int(part)
            lowest[level, letters] = min(lowest.get((level, letters), value), value)
    return lowest


def _like(part: str, value: int) -> str:
    """Write a count as a part of a number is written: 02 like 01, B like A."""
    if part.isalpha():
        return _LETTERS[value].upper() if part.isupper() else _LETTERS[value]
    return f"{value:0{len(part) if part.startswith('0') else 1}d}"


def _parts(number: str) -> Path:
    return tuple(_PART.findall(number))
