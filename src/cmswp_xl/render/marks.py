"""
Numbers of pictures, and numbers and names of bookmarks: each stands once in a document.

Word puts bookmarks of its own into a template, such as the place last worked at; a loop repeats
what it holds, and a condition may leave out one end of a bookmark.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from cmswp_xl.render.order import W

if TYPE_CHECKING:
    from lxml.etree import _Element

_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_START, _END, _ID, _NAME = (
    f"{{{W}}}{name}" for name in ("bookmarkStart", "bookmarkEnd", "id", "name")
)


def number_marks(root: _Element, first: int) -> None:
    """Set new numbers of pictures and bookmarks; of bookmarks of one name the first stays."""
    numbers = count(first)
    for picture in root.iter(_PICTURE):
        picture.set("id", str(next(numbers)))
    begun: dict[str, _Element] = {}
    names: set[str] = set()
    kept: set[_Element] = set()
    marks = list(root.iter(_START, _END))
    for mark in marks:
        if mark.tag == _START:
            begun[mark.get(_ID, "")] = mark
            continue
        start = begun.pop(mark.get(_ID, ""), None)
        if start is not None and start.get(_NAME, "") not in names:
            names.add(start.get(_NAME, ""))
            kept |= {start, mark}
            number = str(next(numbers))
            start.set(_ID, number)
            mark.set(_ID, number)
    for mark in marks:
        parent = mark.getparent()
        if mark not in kept and parent is not None:
            parent.remove(mark)
