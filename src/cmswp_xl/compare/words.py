"""The words in which two versions of a text differ."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Kind = Literal["same", "removed", "added"]
_TOKEN = re.compile(r"\n|\s+|[^\s\w]|\w+")
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
    """
    Return the pieces of two texts: those that stayed and those taken out make the old one.

    Where less than half of the words stayed, the old text is replaced as a whole.
    """
    before, after = spaced(old or ""), spaced(new or "")
    if similarity(before, after) < _HALF:
        return tuple(_pieces([("removed", before), ("added", after)]))
    first, second = _TOKEN.findall(before), _TOKEN.findall(after)
    runs = _ends if len(first) * len(second) > _MOST else _runs
    return tuple(_pieces(runs(first, second)))


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


def _runs(first: list[str], second: list[str]) -> Iterator[tuple[Kind, str]]:
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        before, after = "".join(first[i:j]), "".join(second[k:m])
        if tag == "equal":
            yield "same", before
        else:
            yield "removed", before
            yield "added", after


def _ends(first: list[str], second: list[str]) -> Iterator[tuple[Kind, str]]:
    """Keep only the words that both texts begin and end with."""
    most = min(len(first), len(second))
    start = next((i for i in range(most) if first[i] != second[i]), most)
    most -= start
    end = next((i for i in range(most) if first[-1 - i] != second[-1 - i]), most)
    yield "same", "".join(first[:start])
    yield "removed", "".join(first[start : len(first) - end])
    yield "added", "".join(second[start : len(second) - end])
    yield "same", "".join(first[len(first) - end :])


def _pieces(runs: Iterable[tuple[Kind, str]]) -> Iterator[Piece]:
    """Join what was changed close together, so that it reads as one change."""
    found = [run for run in runs if run[1]]
    inner = range(1, len(found) - 1)

    def stayed(index: int) -> bool:
        kind, text = found[index]
        return kind == "same" and not (index in inner and _slight(text))

    for same, indexes in groupby(range(len(found)), key=stayed):
        group = [found[index] for index in indexes]
        if same:
            yield Piece("same", "".join(text for _, text in group))
            continue
        removed = "".join(text for kind, text in group if kind != "added")
        added = "".join(text for kind, text in group if kind != "removed")
        if removed:
            yield Piece("removed", removed)
        if added:
            yield Piece("added", added)


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
