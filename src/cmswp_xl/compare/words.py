"""The words in which two versions of a text differ."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, TypeVar

Kind = Literal["same", "removed", "added"]
T = TypeVar("T")
_TOKEN = re.compile(r"\n|\s+|\d+(?:[.,\u00a0\u202f]\d+)+|[^\s\w]|\w+")
"""A word, a sign, a space, or a whole amount or number of an activity."""
_MOST = 4_000_000
"""How many pairs of words are compared; longer texts are replaced as a whole."""
_KEPT = 3
"""A stretch of so few signs between two changes is taken as changed with them."""
_HALF = 0.5
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, was taken out, or was put in."""

    kind: Kind
    text: str


Piecemeal = tuple[Piece, ...]


def spaced(text: str) -> str:
    """Return a text with its paragraphs kept and every other run of white space made one space."""
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", text).split("\n"))
    return "\n".join(line for line in lines if line)


def worded_pieces(old: str | None, new: str | None) -> Piecemeal:
    """Return the pieces of two texts: those that stayed and those taken out make the old one."""
    first, second = in_words(spaced(old or "")), in_words(spaced(new or ""))
    found: list[Piece] = []
    for same, before, after in stretches(first, second):
        found += [Piece("same" if same else "removed", "".join(first[before]))]
        found += [] if same else [Piece("added", "".join(second[after]))]
    return tuple(piece for piece in found if piece.text)


def in_words(text: str) -> list[str]:
    """Return a text cut into words, signs and spaces."""
    return _TOKEN.findall(text)


def stretches(first: Sequence[T], second: Sequence[T]) -> Iterator[tuple[bool, slice, slice]]:
    """
    Yield the stretches of two rows of words: whether they stayed, and where they are in each.

    Where less than half of the words stayed, all are replaced; what was changed close together is
    one change.
    """
    alike = similarity("".join(map(str, first)), "".join(map(str, second)))
    runs = _ends if len(first) * len(second) > _MOST else _runs
    whole = [(False, slice(0, len(first)), slice(0, len(second)))]
    found = whole if alike < _HALF else list(runs(first, second))
    inner = range(1, len(found) - 1)

    def stayed(index: int) -> bool:
        same, before, _ = found[index]
        return same and not (index in inner and _slight("".join(map(str, first[before]))))

    for same, indexes in groupby(range(len(found)), key=stayed):
        _, before, after = zip(*(found[index] for index in indexes), strict=True)
        yield same, _over(before), _over(after)


def _over(parts: Sequence[slice]) -> slice:
    return slice(parts[0].start, parts[-1].stop)


def similarity(old: str, new: str) -> float:
    """Return the part of the words of two texts that they have in common, from 0 to 1."""
    first, second = Counter(_words(old)), Counter(_words(new))
    count = first.total() + second.total()
    return 2 * (first & second).total() / count if count else 1.0


def excerpt(pieces: Sequence[Piece], around: int = 6) -> Piecemeal:
    """
    Shorten what stayed to some words around each change; paragraphs run on.

    For reading only: the spaces around a change are not marked, and what went is set off from
    what came.
    """
    shown: list[Piece] = []
    for place, piece in enumerate(pieces):
        text = piece.text.replace("\n", " ")
        if piece.kind == "same":
            last = place + 1 == len(pieces)
            shown.append(Piece("same", _shortened(text, around, first=not place, last=last)))
            continue
        if shown and shown[-1].kind == "removed":
            shown.append(Piece("same", " "))
        bare = text.strip()
        before, _, after = text.partition(bare) if bare else ("", "", "")
        parts: tuple[tuple[Kind, str], ...] = (
            ("same", before),
            (piece.kind, bare or text),
            ("same", after),
        )
        shown += [Piece(kind, part) for kind, part in parts if part]
    return tuple(shown)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _runs(first: Sequence[T], second: Sequence[T]) -> Iterator[tuple[bool, slice, slice]]:
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        yield tag == "equal", slice(i, j), slice(k, m)


def _ends(first: Sequence[T], second: Sequence[T]) -> Iterator[tuple[bool, slice, slice]]:
    """Keep only the words that both texts begin and end with."""
    most = min(len(first), len(second))
    start = next((i for i in range(most) if first[i] != second[i]), most)
    most -= start
    end = next((i for i in range(most) if first[-1 - i] != second[-1 - i]), most)
    before, after = len(first) - end, len(second) - end
    yield True, slice(0, start), slice(0, start)
    yield False, slice(start, before), slice(start, after)
    yield True, slice(before, len(first)), slice(after, len(second))


def _slight(text: str) -> bool:
    return len(text) <= _KEPT and "\n" not in text


def _shortened(text: str, around: int, *, first: bool, last: bool) -> str:
    """Cut the words of a stretch that stand far from any change."""
    words = re.findall(r"\s*\S+(?:\s+\Z)?", text)
    head = 0 if first else around
    tail = 0 if last else around
    if len(words) <= head + tail + 2:
        return text
    before, after = "".join(words[:head]), "".join(words[len(words) - tail :])
    if first:
        return f"{ELLIPSIS}{after}"
    return f"{before} {ELLIPSIS}{after}"
