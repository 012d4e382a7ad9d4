"""
The styles of several Word files in one.

Styles are matched by name, as Word does. A style that a part needs and the set lacks is added; one
that differs from the set's style of the same name is added under a name of its own, so that every
part looks as it does alone.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from cmswp_xl.render.order import W

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element

_STYLE, _NAME, _ID, _VALUE, _DEFAULT, _TYPE = (
    f"{{{W}}}{name}" for name in ("style", "name", "styleId", "val", "default", "type")
)
_BASE = f"{{{W}}}basedOn"
_KIN = tuple(f"{{{W}}}{name}" for name in ("next", "link"))
_USES = tuple(f"{{{W}}}{name}" for name in ("pStyle", "rStyle", "tblStyle"))
_UNSEEN = (*_KIN, f"{{{W}}}rsid")
_LIST = f"{{{W}}}numId"


class StyleSheet:
    """The styles of a Word file."""

    def __init__(self, root: _Element) -> None:
        self.root = root
        self.by_id: dict[str, _Element] = {
            style.get(_ID, ""): style for style in root.iterchildren(_STYLE)
        }
        self._by_name = {_named(style): style for style in self.by_id.values()}
        self._looks: dict[str, bytes] = {}

    def id_of(self, name: str) -> str | None:
        """Give the id of a style by its name."""
        found = self._by_name.get(("paragraph", name.casefold()))
        return None if found is None else str(found.get(_ID))

    def named_like(self, style: _Element) -> _Element | None:
        """Give the style of the same type and name."""
        return self._by_name.get(_named(style))

    def default(self) -> str | None:
        """Give the id of the style of paragraphs that name none."""
        for key, style in self.by_id.items():
            if style.get(_TYPE) == "paragraph" and style.get(_DEFAULT) in {"1", "true", "on"}:
                return key
        return None

    def add(self, style: _Element) -> None:
        """Add a style."""
        self.root.append(style)
        self.by_id[style.get(_ID, "")] = style
        self._by_name[_named(style)] = style

    def look(self, style: _Element) -> bytes:
        """Give what a style and those it builds on say, whatever their ids."""
        key = style.get(_ID, "")
        if key not in self._looks:
            self._looks[key] = b""
            plain = deepcopy(style)
            plain.attrib.pop(_ID, None)
            for item in list(plain.iterchildren(*_UNSEEN)):
                plain.remove(item)
            for item in plain.iter(_LIST):
                # The number of a list is the file's own, and given anew.
                item.attrib.clear()
            base = plain.find(_BASE)
            below = self.by_id.get(base.get(_VALUE, "")) if base is not None else None
            if base is not None:
                plain.remove(base)
            etree.cleanup_namespaces(plain)
            own: bytes = etree.tostring(plain, method="c14n")
            self._looks[key] = own + (b"" if below is None else self.look(below))
        return self._looks[key]


def merge_styles(
    ours: StyleSheet, theirs: StyleSheet, used: Iterable[str], suffix: str
) -> tuple[dict[str, str], list[_Element]]:
    """
    Bring the styles that a part uses into the set's.

    Gives the set's id of each of them by the part's, and the styles that were added.
    """
    mapping: dict[str, str] = {}
    added: list[_Element] = []
    for style in _needed(theirs, used):
        known = ours.named_like(style)
        if known is not None and ours.look(known) == theirs.look(style):
            mapping[style.get(_ID, "")] = known.get(_ID, "")
            continue
        copy = deepcopy(style)
        if known is not None:
            _rename(copy, suffix)
        if copy.get(_ID, "") in ours.by_id:
            copy.set(_ID, f"{copy.get(_ID)}{suffix}")
        mapping[style.get(_ID, "")] = copy.get(_ID, "")
        ours.add(copy)
        added.append(copy)
    for style in added:
        for item in list(style.iterchildren(_BASE, *_KIN)):
            target = mapping.get(item.get(_VALUE, ""))
            if target is None:
                style.remove(item)
            else:
                item.set(_VALUE, target)
    return mapping, added


def used_styles(roots: Iterable[_Element]) -> set[str]:
    """Give the ids of the styles that some parts name."""
    return {item.get(_VALUE, "") for root in roots for item in root.iter(*_USES)}


def restyle(root: _Element, mapping: dict[str, str], default: str | None) -> None:
    """
    Name the set's styles in a part.

    `default` is the style of paragraphs that name none, where it is not the set's own.
    """
    for item in root.iter(*_USES):
        value = item.get(_VALUE, "")
        item.set(_VALUE, mapping.get(value, value))
    if default is None:
        return
    for paragraph in root.iter(f"{{{W}}}p"):
        properties = paragraph.find(f"{{{W}}}pPr")
        if properties is None:
            properties = etree.Element(f"{{{W}}}pPr")
            paragraph.insert(0, properties)
        if properties.find(_USES[0]) is None:
            named = etree.Element(_USES[0])
            named.set(_VALUE, default)
            properties.insert(0, named)


def _named(style: _Element) -> tuple[str, str]:
    name = style.find(_NAME)
    return style.get(_TYPE, ""), "" if name is None else name.get(_VALUE, "").casefold()


def _needed(sheet: StyleSheet, used: Iterable[str]) -> Iterator[_Element]:
    """Give the styles used and those that they build on, in the order of the sheet."""
    wanted = {sheet.default() or "", *used}
    waiting = list(wanted)
    while waiting:
        style = sheet.by_id.get(waiting.pop())
        for item in () if style is None else style.iterchildren(_BASE, *_KIN):
            if item.get(_VALUE, "") not in wanted:
                wanted.add(item.get(_VALUE, ""))
                waiting.append(item.get(_VALUE, ""))
    return (style for key, style in sheet.by_id.items() if key in wanted)


def _rename(style: _Element, suffix: str) -> None:
    name = style.find(_NAME)
    if name is not None:
        name.set(_VALUE, f"{name.get(_VALUE)} ({suffix.strip('_')})")
    style.attrib.pop(_DEFAULT, None)
