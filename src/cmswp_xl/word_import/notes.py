"""
The marks of notes, and the footnotes that are read as notes below a table.

Those are the footnotes that Word letters a, b, c, as in our own annexes; others are only listed.
"""

from __future__ import annotations

import re
from string import ascii_lowercase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FOOTNOTE = f"{W}footnoteReference"
_ID = f"{W}id"
_MARK = re.compile(
    r"[(\s]*(?:[a-z]{1,2}|\d{1,2}|[*†‡]{1,3})(?:\s*,\s*(?:[a-z]{1,2}|\d{1,2}))*[)\s]*"
)
_UNIT = re.compile(r"(?:^|[\s\d])[kcmd]?m$")
LETTERED = re.compile(r"\s*([a-z]{1,2}|\d{1,2}|[*†‡]{1,3})\)?\s*")


def lettered_notes(
    body: _Element, elsewhere: Iterable[tuple[str, _Element]]
) -> dict[str, _Element]:
    """Return the footnotes of a body by id, where they are lettered."""
    form = body.find(f".//{W}footnotePr/{W}numFmt")
    if form is None or form.get(f"{W}val") != "lowerLetter":
        return {}
    referred = {item.get(_ID) for item in body.iter(FOOTNOTE)}
    notes = (note for kind, root in elsewhere if kind == "footnotes" for note in root)
    return {note.get(_ID, ""): note for note in notes if note.get(_ID) in referred}


def lettered(letters: dict[str, str], reference: _Element) -> str:
    """Return the letter of a footnote, the next one at its first reference: a to z, aa, bb."""
    times, place = divmod(len(letters), len(ascii_lowercase))
    return letters.setdefault(reference.get(_ID, ""), ascii_lowercase[place] * (times + 1))


def other_notes(cell: _Element, notes: Mapping[str, _Element]) -> int:
    """Count the footnotes and endnotes of a cell that are not read as notes."""
    references = cell.iter(FOOTNOTE, f"{W}endnoteReference")
    return sum(item.tag != FOOTNOTE or item.get(_ID) not in notes for item in references)


def is_mark(before: str, raised: str) -> bool:
    """Return whether a raised sign is a note's mark: no ordinal (10th, 1er), no power (km²)."""
    sign = raised.strip()
    if not before.strip() or not _MARK.fullmatch(raised):
        return False
    if sign.isdigit():
        return not _UNIT.search(before)
    return not (before[-1].isdigit() and sign in ("st", "nd", "rd", "th", "er", "e", "o"))
