"""
A Word file opened: checked like a workbook before anything in it is parsed.

Of its footnotes, those are read as notes below a table that Word letters a, b, c, as in our own
annexes; others are only listed.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError

from lxml import etree

from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.ooxml import Limits, Package, open_package, parsed, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lxml.etree import _Element


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ID, FOOTNOTE = f"{W}id", f"{W}footnoteReference"
NOTES = ("footnotes", "endnotes", "comments")
_ELSEWHERE = ("header", "footer", *NOTES)
_STRICT = "http://purl.oclc.org/ooxml/"


@dataclass(frozen=True, slots=True)
class WordFile:
    """
    The body of a Word file, its styles by id, and its texts outside the body by kind.

    `notes` are the footnotes by id where they are lettered, as the notes below our tables are.
    """

    name: str
    body: _Element
    styles: dict[str, _Element]
    defaults: _Element | None = None
    elsewhere: tuple[tuple[str, _Element], ...] = ()
    notes: dict[str, _Element] = field(default_factory=dict)


def open_word(path: Path, limits: Limits) -> WordFile:
    """
    Read a Word file (.docx) into memory and parse its text.

    Raises `UnreadableWorkbook`, its reasons beginning with "word-", where it is missing, no Word
    file, damaged, protected, too large, or holds what no Word file has.
    """
    name = str(path)
    try:
        package = open_package(read_bytes(path, limits), name, limits)
        return _parsed(package, path)
    except UnreadableWorkbook as error:
        reason = error.reason if error.reason.startswith("word-") else f"word-{error.reason}"
        raise UnreadableWorkbook(reason, **error.values) from error
    except (etree.XMLSyntaxError, ExpatError, KeyError, ValueError) as error:
        raise UnreadableWorkbook("word-damaged", file=name) from error


def _parsed(package: Package, path: Path) -> WordFile:
    part = _main_part(package, str(path))
    root = parsed(package.read(part))
    if root.tag.startswith(f"{{{_STRICT}"):
        raise UnreadableWorkbook("word-strict-format", file=str(path))
    body = root.find(f"{W}body")
    if root.tag != f"{W}document" or body is None:
        raise UnreadableWorkbook("word-not-excel", file=str(path))
    folder = posixpath.join(posixpath.dirname(part), "").casefold()
    sheet = f"{folder}styles.xml"
    listed = parsed(package.read(sheet)) if package.has(sheet) else etree.Element("none")
    styles = {style.get(f"{W}styleId", ""): style for style in listed.iter(f"{W}style")}
    for style in listed.iter(f"{W}style"):
        if style.get(f"{W}default") in ("1", "true", "on"):
            styles.setdefault(f"\0{style.get(f'{W}type')}", style)
    elsewhere = tuple(
        (kind, parsed(package.read(name)))
        for name in sorted(package.names())
        for kind in _ELSEWHERE
        if re.fullmatch(rf"{re.escape(folder)}{kind}\d*\.xml", name.casefold())
    )
    defaults = listed.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    return WordFile(path.name, body, styles, defaults, elsewhere, _lettered_notes(body, elsewhere))


def _main_part(package: Package, file: str) -> str:
    """Return the part that holds the text, as the package's relationships name it."""
    for item in package.relationships(""):
        if item.kind == "officeDocument":
            if item.type.startswith(_STRICT):
                raise UnreadableWorkbook("word-strict-format", file=file)
            if package.has(item.part) and item.part.casefold().endswith(".xml"):
                return item.part
    raise UnreadableWorkbook("word-not-excel", file=file)


def _lettered_notes(
    body: _Element, elsewhere: Iterable[tuple[str, _Element]]
) -> dict[str, _Element]:
    """Return the footnotes of a body by id, where they are lettered."""
    form = body.find(f".//{W}footnotePr/{W}numFmt")
    if form is None or form.get(f"{W}val") != "lowerLetter":
        return {}
    referred = {item.get(ID) for item in body.iter(FOOTNOTE)}
    notes = (note for kind, root in elsewhere if kind == "footnotes" for note in root)
    return {note.get(ID, ""): note for note in notes if note.get(ID) in referred}
