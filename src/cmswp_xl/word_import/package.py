"""A Word file on its way in: checked like a workbook before anything in it is parsed."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.ooxml.opening import Limits, open_package, read_bytes
from cmswp_xl.ooxml.package import parsed

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element

    from cmswp_xl.ooxml.package import Package

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{WORD}}}"
_STRICT = "http://purl.oclc.org/ooxml/"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


_ELSEWHERE = ("header", "footer", "footnotes", "endnotes", "comments")


@dataclass(frozen=True, slots=True)
class WordFile:
    """The body of a Word file, its styles by id, and its texts outside the body by kind."""

    name: str
    body: _Element
    styles: dict[str, _Element]
    defaults: _Element | None = None
    elsewhere: tuple[tuple[str, _Element], ...] = ()

    def style_name(self, key: str) -> str:
        """Return the name of a style; its id where it has none."""
        style = self.styles.get(key)
        name = None if style is None else style.find(f"{W}name")
        return key if name is None else name.get(f"{W}val", key)


def open_word(path: Path, limits: Limits | None = None) -> WordFile:
    """
    Read a Word file (.docx) into memory and parse its text.

    Raises `UnreadableWorkbook`, its reasons beginning with "word-", where it is missing, no Word
    file, damaged, protected, too large, or holds what no Word file has.
    """
    limits = limits or Limits()
    name = str(path)
    try:
        package = open_package(read_bytes(path, limits), name, limits)
        return _parsed(package, path)
    except UnreadableWorkbook as error:
        reason = error.reason if error.reason.startswith("word-") else f"word-{error.reason}"
        raise UnreadableWorkbook(reason, **error.values) from error
    except (etree.XMLSyntaxError, KeyError, ValueError) as error:
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
    listed = parsed(package.read(sheet)) if package.has(sheet) else None
    styles = {} if listed is None else _styles(listed)
    defaults = None if listed is None else listed.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    elsewhere = tuple(
        (kind, parsed(package.read(name)))
        for name in sorted(package.names())
        for kind in _ELSEWHERE
        if re.fullmatch(rf"{re.escape(folder)}{kind}\d*\.xml", name.casefold())
    )
    return WordFile(path.name, body, styles, defaults, elsewhere)


def _main_part(package: Package, file: str) -> str:
    """Return the part that holds the text, as the package's relationships name it."""
    if not package.has("_rels/.rels"):
        raise UnreadableWorkbook("word-not-excel", file=file)
    for item in parsed(package.read("_rels/.rels")).iter(_RELATIONSHIP):
        kind: str = item.get("Type", "")
        target: str = item.get("Target", "").lstrip("/")
        if kind.endswith("/officeDocument"):
            if kind.startswith(_STRICT):
                raise UnreadableWorkbook("word-strict-format", file=file)
            if package.has(target) and target.casefold().endswith(".xml"):
                return target
    raise UnreadableWorkbook("word-not-excel", file=file)


def _styles(root: _Element) -> dict[str, _Element]:
    """Return the styles by id; those named as the default of their kind also by "" and kind."""
    found = {style.get(f"{W}styleId", ""): style for style in root.iter(f"{W}style")}
    for style in root.iter(f"{W}style"):
        if style.get(f"{W}default") in ("1", "true", "on"):
            found.setdefault(f"\0{style.get(f'{W}type')}", style)
    return found
