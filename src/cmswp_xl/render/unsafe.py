"""What a template of staff may not hold: what runs, or fetches, when the document is opened."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from lxml import etree

from cmswp_xl.errors import BrokenResource
from cmswp_xl.ooxml import CONTENT_TYPES
from cmswp_xl.ooxml.parts import parsed, written
from cmswp_xl.render.faults import fault, plain, words_before

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

_FIELDS = frozenset(
    (
        *("DDE", "DDEAUTO", "LINK", "INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT"),
        *("DATABASE", "RD", "EMBED", "CONTROL", "HTMLCONTROL"),
    )
)
"""Fields that fetch from elsewhere, or hold a program."""

_KEYWORD = re.compile(r"[\s\"“”]*([A-Za-z]+)")
_MACROS = re.compile(r"macroEnabled|vbaProject|vbaData|keyMapCustomizations", re.IGNORECASE)
_OBJECTS = re.compile(r"activeX|oleObject", re.IGNORECASE)
_MACRO_KINDS = frozenset({"vbaProject", "wordVbaData", "keyMapCustomizations", "attachedToolbars"})
_OBJECT_KINDS = frozenset({"oleObject", "control", "activeXControlBinary", "package"})
_OTHER_KINDS = frozenset({"aFChunk", "subDocument"})
_OBJECTS_IN_TEXT = frozenset({"OLEObject", "control"})
_OTHERS_IN_TEXT = frozenset({"altChunk", "subDoc"})
_TEMPLATE = "attachedTemplate"
_WEB = re.compile(r"(https?|mailto):", re.IGNORECASE)
_ELSEWHERE = re.compile(r"\s*([a-z][a-z0-9+.-]*:|[/\\]{2})", re.IGNORECASE)
_LONGEST = 60


def without_attached(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the parts without the relation to the template that the file was once made from."""
    kept = dict(parts)
    for name, data in parts.items():
        if _TEMPLATE.encode() in data and name.casefold().endswith((".rels", "settings.xml")):
            root = parsed(data)
            for item in list(root):
                kind = item.get("Type", "").rpartition("/")[2]
                if _TEMPLATE in (kind, etree.QName(item).localname):
                    root.remove(item)
            kept[name] = written(root)
    return kept


def refuse_unsafe(parts: Mapping[str, bytes], file: str) -> None:
    """
    Refuse a Word file that runs something, or fetches something, when it is opened.

    Raises `BrokenResource`; the parts have no relation to an attached template any more.
    """
    for name, data in parts.items():
        if name.casefold().endswith(".bin") and "vba" in name.casefold():
            raise BrokenResource("template-macros", name=file)
        if name == CONTENT_TYPES:
            _check_types(parsed(data), file)
        elif name.casefold().endswith(".rels"):
            _check_relations(parsed(data), name, file)
        elif data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            _check_text(_parsed(data, file), file)


def _parsed(data: bytes, file: str) -> _Element:
    try:
        return parsed(data, huge_tree=True)
    except etree.XMLSyntaxError as error:
        words = words_before(data.decode("utf-8", "replace"), error.position)
        raise fault(file, error, words) from error


def _check_types(root: _Element, file: str) -> None:
    for item in root:
        content = item.get("ContentType", "")
        if _MACROS.search(content):
            raise BrokenResource("template-macros", name=file)
        if _OBJECTS.search(content):
            raise BrokenResource("template-object", name=file)


def _check_relations(root: _Element, part: str, file: str) -> None:
    for item in root:
        kind = item.get("Type", "").rpartition("/")[2]
        target = item.get("Target", "")
        if kind in _MACRO_KINDS:
            raise BrokenResource("template-macros", name=file)
        if kind in _OBJECT_KINDS and "/charts/" not in posixpath.join("/", part):
            raise BrokenResource("template-object", name=file)
        if kind in _OTHER_KINDS:
            raise BrokenResource("template-other-file", name=file)
        outside = item.get("TargetMode", "").casefold() == "external" or _ELSEWHERE.match(target)
        if outside and not (kind == "hyperlink" and _WEB.match(target)):
            raise BrokenResource("template-outside", name=file, target=target)


def _check_text(root: _Element, file: str) -> None:
    for item in root.iter("*"):
        local = etree.QName(item).localname
        if local in _OBJECTS_IN_TEXT:
            raise BrokenResource("template-object", name=file)
        if local in _OTHERS_IN_TEXT:
            raise BrokenResource("template-other-file", name=file)
        if local == "mailMerge":
            raise BrokenResource("template-outside", name=file, target=local)
        if local == "imagedata" and _ELSEWHERE.match(item.get("src", "")):
            raise BrokenResource("template-outside", name=file, target=item.get("src", ""))
    for instruction, words in _fields(root):
        keyword = _KEYWORD.match(instruction)
        if keyword is not None and keyword[1].upper() in _FIELDS:
            raise BrokenResource(
                "template-field", name=file, field=keyword[1].upper(), words=words
            )


def _fields(root: _Element) -> Iterator[tuple[str, str]]:
    """Yield the instruction of each field, however many runs hold it, and its paragraph."""
    open_fields: list[list[str]] = [[]]
    for item in root.iter("*"):
        local = etree.QName(item).localname
        if local == "fldSimple":
            yield _attribute(item, "instr"), _words(item)
        elif local in ("instrText", "delInstrText"):
            for pieces in open_fields:
                pieces.append(item.text or "")
        elif local == "fldChar" and _attribute(item, "fldCharType") == "begin":
            open_fields.append([])
        elif local == "fldChar" and len(open_fields) > 1:
            yield "".join(open_fields[-1]), _words(item)
            if _attribute(item, "fldCharType") == "end":
                open_fields.pop()
    for pieces in open_fields:
        yield "".join(pieces), ""


def _attribute(item: _Element, local: str) -> str:
    return next((value for name, value in item.items() if name.rpartition("}")[2] == local), "")


def _words(item: _Element) -> str:
    """Return the beginning of the paragraph that holds an element."""
    holders = (up for up in item.iterancestors() if etree.QName(up).localname == "p")
    holder = next(holders, None)
    return "" if holder is None else plain(etree.tostring(holder, encoding="unicode"))[:_LONGEST]
