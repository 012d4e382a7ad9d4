"""
The frame of every page: size, margins, header, footer and logo, from `base/styles.docx`.

A template with a header or a footer of its own, as all had before, keeps its own page; so does a
size or a margin that staff changed.
"""

from __future__ import annotations

import posixpath
from copy import deepcopy
from typing import TYPE_CHECKING

from cmswp_xl.ooxml import OFFICE, parsed, written
from cmswp_xl.render.finish import W, put_in_order

if TYPE_CHECKING:
    from lxml.etree import _Element

    from cmswp_xl.ooxml import Package

FRAME = "word/shared_"
"""How the names of parts begin that are not the template's own."""

_DOCUMENT, _ID = "word/document.xml", f"{{{OFFICE}}}id"
_SECTION, _SIZE, _MARGINS, _FIRST = (f"{{{W}}}{n}" for n in ("sectPr", "pgSz", "pgMar", "titlePg"))
_STORIES = (f"{{{W}}}headerReference", f"{{{W}}}footerReference")


def put_in_frame(package: Package, shared: Package, shipped: Package) -> None:
    """Put into a template the page that all share, as a folder has it, else as it ships."""
    root = parsed(package.read(_DOCUMENT), huge_tree=True)
    usual, theirs = (_section(parsed(each.read(_DOCUMENT))) for each in (shipped, shared))
    own = _section(root)
    if own is None or usual is None or _heads(own):
        return
    if theirs is None or not _heads(theirs):
        shared, theirs = shipped, usual  # a file from before pages were shared
    for tag in (_SIZE, _MARGINS):
        found = own.find(tag)
        if found is None or _measures(found) == _measures(usual.find(tag)):
            own[:] = [
                *(item for item in own if item is not found),
                *map(deepcopy, theirs.iter(tag)),
            ]
    parts = {item.key: item for item in shared.relationships(_DOCUMENT)}
    for item in map(deepcopy, theirs.iterchildren(*_STORIES, _FIRST)):
        if item.tag in _STORIES:
            named = parts[item.get(_ID, "")]
            part = _brought(named.part, shared, package)
            item.set(_ID, package.relate(_DOCUMENT, named.type, part))
        own.append(item)
    put_in_order(root)
    package.write(_DOCUMENT, written(root))


def _section(root: _Element) -> _Element | None:
    return next(iter(list(root.iter(_SECTION))[-1:]), None)


def _heads(section: _Element) -> list[_Element]:
    return list(section.iterchildren(*_STORIES))


def _measures(item: _Element | None) -> dict[str, str]:
    """Return what an element says in lengths; Word adds the number of a kind of paper."""
    found = {} if item is None else dict(item.attrib)
    return {str(name): str(value) for name, value in found.items() if not name.endswith("}code")}


def _brought(part: str, source: Package, target: Package) -> str:
    """Bring a part with what it refers to, and return its name."""
    name = f"{FRAME}{posixpath.basename(part)}"
    if not target.has(name):
        target.add(name, source.read(part), source.content_type(part))
        for item in source.relationships(part):
            place = _brought(item.part, source, target) if item.part else item.target
            target.relate(name, item.type, place, item.key, external=not item.part)
    return name
