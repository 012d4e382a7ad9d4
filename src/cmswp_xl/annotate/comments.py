"""The notes of a sheet: added to those it has, whose words stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from cmswp_xl.annotate.markup import MAIN, SPACE, added, main, parse, placed, serialised, stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cmswp_xl.annotate.markup import Node
    from cmswp_xl.annotate.notes import CellNote

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
SEPARATOR = "————————"
"""What parts our note from the one that stood in the cell before."""

_AUTHOR = "cmswp"
_GUIDES = frozenset((main("rPh"), main("phoneticPr")))
_ORDER = ("authors", "commentList", "extLst")


def texts(present: bytes | None) -> dict[str, str]:
    """Give the text of each note of a sheet, by address in upper case."""
    if present is None:
        return {}
    return {
        item.get("ref", "").upper(): "".join(text.text or "" for text in item.iter(main("t")))
        for item in parse(present).iter(main("comment"))
    }


def with_comments(present: bytes | None, notes: Mapping[str, Sequence[CellNote]]) -> bytes:
    """Give the part of a sheet's notes with ours added, by address in upper case."""
    if present is None:
        root = etree.Element(main("comments"), nsmap={None: MAIN})
    else:
        root = parse(present)
    authors = placed(root, "authors", _ORDER)
    comments = placed(root, "commentList", _ORDER)
    old = {item.get("ref", "").upper(): item for item in comments.iterchildren(main("comment"))}
    author = str(_author(authors)) if any(cell not in old for cell in notes) else ""
    for cell, ours in notes.items():
        comment = old.get(cell)
        if comment is None:
            comment = added(comments, "comment", ref=cell, authorId=author)
            _write(added(comment, "text"), ours)
        else:
            text = placed(comment, "text", ("text", "commentPr"))
            _run(text, f"\n\n{SEPARATOR}\n")
            _write(text, ours)
    return serialised(root)


def _author(authors: Node) -> int:
    names = [item.text for item in authors]
    if _AUTHOR in names:
        return names.index(_AUTHOR)
    added(authors, "author", _AUTHOR)
    return len(names)


def _write(text: Node, notes: Iterable[CellNote]) -> None:
    for number, note in enumerate(notes):
        gap = "\n\n" if number else ""
        if note.word:
            _run(text, f"{gap}{note.word}\n", bold=True)
            _run(text, note.text)
        else:
            _run(text, f"{gap}{note.text}")


def _run(text: Node, words: str, *, bold: bool = False) -> None:
    """Add a piece of text after the others, before any guides to pronunciation."""
    run = added(text, "r")
    guide = next((child for child in text if child.tag in _GUIDES), None)
    if guide is not None:
        guide.addprevious(run)
    look = added(run, "rPr")
    if bold:
        added(look, "b")
    added(look, "sz", val="9")
    added(look, "color", indexed="81")
    added(look, "rFont", val="Tahoma")
    added(look, "family", val="2")
    added(run, "t", stored(words)).set(SPACE, "preserve")
