"""What matplotlib writes as SVG on its way into a page: one element, with ids of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element


_SVG = "http://www.w3.org/2000/svg"
_IDS = re.compile(r"(?<=url\(#)[\w.-]+|(?<=^#)[\w.-]+")
_LINKS = ("{http://www.w3.org/1999/xlink}href", "clip-path", "style")


def settled(data: bytes, label: str, name: str) -> str:
    """
    Give a picture as an element for an HTML page.

    It is an image with a text alternative, grows with the page, and its ids begin with `name`;
    what speaks for a whole file (declaration, metadata, style sheet) is left out.
    """
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    _leave_out(root)
    _rename(root, name)
    for item in root.iter(f"{{{_SVG}}}text"):
        item.attrib.pop("transform", None)  # all letters stand upright
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    root.attrib.update({"class": "chart", "role": "img", "aria-label": label})
    etree.cleanup_namespaces(root)
    text: str = etree.tostring(root, encoding="unicode", with_tail=False)
    return text


def _leave_out(root: _Element) -> None:
    """Drop comments, and what only a file of its own needs."""
    dropped = [etree.Comment, *(f"{{{_SVG}}}{tag}" for tag in ("metadata", "style"))]
    for item in list(root.iter(*dropped)):
        parent = item.getparent()
        if parent is not None:
            parent.remove(item)


def _rename(root: _Element, name: str) -> None:
    """Begin the ids that something refers to with a name, and drop the others."""
    used: set[str] = set()
    for item in root.iter():
        for link in _LINKS:
            if value := item.get(link):
                used.update(_IDS.findall(value))
                item.set(link, _IDS.sub(lambda found: f"{name}-{found[0]}", value))
    for item in root.iter():
        found = item.attrib.pop("id", None)
        if found in used:
            item.set("id", f"{name}-{found}")
