"""
Pictures of a Word file: each stands for a chart by the name that its properties give it.

The template holds a stand-in, an ordinary picture that staff can move and resize in Word; the
charts that a document names are drawn in its place. Word keeps a picture's name and its text
alternative, which is a field of the template, when it saves the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from cmswp_xl.ooxml.parts import parsed, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

    from cmswp_xl.charts import BarChart

_MAIN = "word/document.xml"
_RELATIONSHIPS = "word/_rels/document.xml.rels"
_TYPES = "[Content_Types].xml"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_IMAGE = f"{_LINKS}/image"


def place_pictures(
    parts: Mapping[str, bytes], charts: Mapping[str, BarChart] | None
) -> dict[str, bytes]:
    """
    Draw the charts in place of the pictures of their names.

    Stand-ins that the document does not show go; a document that knows no charts (None) is left
    alone.
    """
    result = dict(parts)
    if charts is None or _RELATIONSHIPS not in parts:
        return result
    document, relations, types = (parsed(parts[name]) for name in (_MAIN, _RELATIONSHIPS, _TYPES))
    for name, chart in charts.items():
        blips = [blip for item in _pictures(document, name) for blip in item.iter(_BLIP)]
        if blips:
            from cmswp_xl.charts.drawing import png

            result[f"word/media/chart-{name}.png"] = png(chart)
            _relate(relations, f"chart-{name}", f"media/chart-{name}.png")
        for blip in blips:
            blip.set(f"{{{_LINKS}}}embed", f"chart-{name}")
    _declare_png(types)
    for target in _unused(relations, document):
        if not _shown_elsewhere(parts, target):
            result.pop(f"word/{target}", None)
    changed = {_MAIN: document, _RELATIONSHIPS: relations, _TYPES: types}
    return {**result, **{name: written(root) for name, root in changed.items()}}


def _pictures(document: _Element, name: str) -> list[_Element]:
    """Give the pictures whose properties have the name."""
    named = (item for item in document.iter(f"{_DRAWING}docPr") if item.get("name") == name)
    return [parent for item in named if (parent := item.getparent()) is not None]


def _relate(relations: _Element, key: str, target: str) -> None:
    tag = f"{relations.tag.rpartition('}')[0]}}}Relationship"
    etree.SubElement(relations, tag, Id=key, Type=_IMAGE, Target=target)


def _declare_png(types: _Element) -> None:
    tag = f"{types.tag.rpartition('}')[0]}}}Default"
    if all(item.get("Extension", "").casefold() != "png" for item in types.iter(tag)):
        types.insert(0, etree.Element(tag, Extension="png", ContentType="image/png"))


def _unused(relations: _Element, document: _Element) -> list[str]:
    """Drop the pictures that the document shows no more, and give their parts."""
    shown = {
        value
        for item in document.iter()
        for name, value in item.attrib.items()
        if name.startswith(f"{{{_LINKS}}}")
    }
    dropped = []
    for item in list(relations):
        if item.get("Type") == _IMAGE and item.get("Id") not in shown:
            relations.remove(item)
            dropped.append(item.get("Target", ""))
    kept = {item.get("Target") for item in relations}
    return [target for target in dropped if target not in kept]


def _shown_elsewhere(parts: Mapping[str, bytes], target: str) -> bool:
    """Tell whether a header or footer shows the picture."""
    others = (data for name, data in parts.items() if name.endswith(".rels"))
    return sum(f'"{target}"'.encode() in data for data in others) > 1
