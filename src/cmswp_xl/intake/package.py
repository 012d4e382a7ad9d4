"""A Word file on its way in: checked like a workbook before anything in it is parsed."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.xlsx.preflight import Limits, open_package, read_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{WORD}}}"
_STRICT = "http://purl.oclc.org/ooxml/"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_FAULTS = (
    etree.XMLSyntaxError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    ValueError,
    NotImplementedError,
    OSError,
)


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
    except RuntimeError as error:
        raise UnreadableWorkbook("word-password", file=name) from error
    except _FAULTS as error:
        raise UnreadableWorkbook("word-damaged", file=name) from error


def _parsed(package: zipfile.ZipFile, path: Path) -> WordFile:
    names = {entry.casefold(): entry for entry in package.namelist()}
    part = _main_part(package, names, str(path))
    root = _xml(package.read(names[part.casefold()]))
    if root.tag.startswith(f"{{{_STRICT}"):
        raise UnreadableWorkbook("word-strict-format", file=str(path))
    body = root.find(f"{W}body")
    if root.tag != f"{W}document" or body is None:
        raise UnreadableWorkbook("word-not-excel", file=str(path))
    styles = posixpath.join(posixpath.dirname(part), "styles.xml").casefold()
    known = _styles(_xml(package.read(names[styles]))) if styles in names else {}
    return WordFile(path.name, body, known)


def _main_part(package: zipfile.ZipFile, names: dict[str, str], file: str) -> str:
    """Give the part that holds the text, as the package's relationships name it."""
    if "_rels/.rels" not in names:
        raise UnreadableWorkbook("word-not-excel", file=file)
    for item in _xml(package.read(names["_rels/.rels"])).iter(_RELATIONSHIP):
        kind: str = item.get("Type", "")
        target: str = item.get("Target", "").lstrip("/")
        if kind.endswith("/officeDocument"):
            if kind.startswith(_STRICT):
                raise UnreadableWorkbook("word-strict-format", file=file)
            if target.casefold() in names and target.casefold().endswith(".xml"):
                return target
    raise UnreadableWorkbook("word-not-excel", file=file)


def _xml(data: bytes) -> _Element:
    """Parse a part: no entities, nothing fetched, no deep or huge texts."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    return etree.fromstring(data, parser)


def _styles(root: _Element) -> dict[str, str]:
    found = {}
    for style in root.iter(f"{W}style"):
        name = style.find(f"{W}name")
        if name is not None:
            found[style.get(f"{W}styleId", "")] = name.get(f"{W}val", "")
    return found
