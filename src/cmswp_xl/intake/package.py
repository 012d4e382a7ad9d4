"""A Word file on its way in: checked like a workbook before anything in it is parsed."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.ooxml.opening import Limits, open_package, read_bytes
from cmswp_xl.ooxml.parts import parsed

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element

    from cmswp_xl.ooxml.package import Package

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{WORD}}}"
_STRICT = "http://purl.oclc.org/ooxml/"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True, slots=True)
class WordFile:
    """The body of a Word file, and the names of its paragraph styles by their ids."""

    name: str
    body: _Element
    styles: dict[str, str]


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
    styles = posixpath.join(posixpath.dirname(part), "styles.xml")
    known = _styles(parsed(package.read(styles))) if package.has(styles) else {}
    return WordFile(path.name, body, known)


def _main_part(package: Package, file: str) -> str:
    """Give the part that holds the text, as the package's relationships name it."""
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


def _styles(root: _Element) -> dict[str, str]:
    found = {}
    for style in root.iter(f"{W}style"):
        name = style.find(f"{W}name")
        if name is not None:
            found[style.get(f"{W}styleId", "")] = name.get(f"{W}val", "")
    return found
