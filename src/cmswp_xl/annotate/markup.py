"""XML as the parts of a workbook need it: parsed safely, children in schema order, valid texts."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from cmswp_xl.ooxml.package import OFFICE, parsed

Node = Any
"""An element; lxml brings no types."""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
RELATIONSHIP_ID = f"{{{OFFICE}}}id"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
LONGEST_TEXT = 32_767
"""The most UTF-16 units that Excel keeps in a cell or a note."""

_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LOOKALIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_LATIN = 0x100


def parse(data: bytes, *, lenient: bool = False) -> Node:
    """
    Parse a part with all that it holds; `lenient` mends what is not well-formed.

    Raises `etree.XMLSyntaxError` where it cannot be parsed, `ValueError` where it declares a
    document type.
    """
    return parsed(data, strip_cdata=False, remove_pis=False, recover=lenient)


def main(name: str) -> str:
    """Return the full name of a spreadsheet element."""
    return f"{{{MAIN}}}{name}"


def added(parent: Node, tag: str, text: str | None = None, **attributes: str) -> Node:
    """Append a spreadsheet element, under the prefix its parent's document uses."""
    child = etree.SubElement(parent, main(tag), attributes)
    child.text = text
    return child


def placed(parent: Node, name: str, order: str) -> Node:
    """Return the named child; where there is none, make it at its place in the schema's order."""
    child = parent.find(main(name))
    if child is not None:
        return child
    index = _index(parent, name, order)
    nsmap = None if OFFICE in parent.nsmap.values() else {"r": OFFICE}
    child = etree.SubElement(parent, main(name), nsmap=nsmap if name == "legacyDrawing" else None)
    parent.insert(index, child)
    return child


def _index(parent: Node, name: str, order: str) -> int:
    names = order.split()
    own = names.index(name)
    for index, child in enumerate(parent):
        known = _name(child)
        if known in names and names.index(known) > own:
            return index
    return len(parent)


def _name(child: Node) -> str:
    """Name a child; an alternative for older programs counts as what it holds."""
    if not isinstance(child.tag, str):
        return ""
    if child.tag == f"{{{COMPATIBILITY}}}AlternateContent":
        inner = next((node for node in child.iter(f"{{{MAIN}}}*")), None)
        return "" if inner is None else etree.QName(inner).localname
    qualified = etree.QName(child)
    return qualified.localname if qualified.namespace == MAIN else ""


def visible(text: str) -> str:
    r"""Return a text that any part may hold: controls and half pairs are shown as \x1b."""
    text = _INVALID.sub(_escaped, text.replace("\r\n", "\n").replace("\r", "\n"))
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    return units[: 2 * LONGEST_TEXT - 2].decode("utf-16-le", "ignore") + "…"


def stored(text: str) -> str:
    """Return a text as it is stored, where `_x0041_` would otherwise be read as a letter."""
    return _ESCAPE_LOOKALIKE.sub("_x005F_", visible(text))


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < _LATIN else f"\\u{code:04x}"
