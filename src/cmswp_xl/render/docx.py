"""
Word documents from ordinary Word files with Jinja tags.

docxtpl turns the tags that staff type in Word into clean XML; our own environment renders it, so
that names are strict and values escaped; then the parts are finished (order, language, page,
widths of columns whose number depends on the data) and packed, the same bytes every time.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml import etree

from cmswp_xl.errors import BrokenResource
from cmswp_xl.render.environment import template_environment
from cmswp_xl.render.finish import finish_part, finish_plain_part
from cmswp_xl.render.folders import template_file
from cmswp_xl.render.html import top_level
from cmswp_xl.render.package import packed, unpacked, without
from cmswp_xl.render.pictures import place_pictures

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path
    from typing import Any

    from _typeshed import DataclassInstance

_TEXT_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml\Z")
_PLAIN_PARTS = re.compile(r"word/(styles|numbering|settings|comments)\.xml\Z")
_OF_TEMPLATE = frozenset(("thumbnail", "extended-properties", "stylesWithEffects"))
"""What a file says of itself as a template: its picture, its program and counts, old styles."""
_MAIN = "word/document.xml"
_CORE = "docProps/core.xml"
_NUMBERS = 100_000
"""The numbers for pictures and bookmarks that each part has to itself."""


@dataclass(frozen=True, slots=True)
class Properties:
    """What a Word file says of itself: title, author, language tag, date; no clock is asked."""

    title: str
    author: str
    language: str
    date: dt.date | None
    landscape: bool


def render_docx(
    document: str,
    context: DataclassInstance,
    properties: Properties,
    folder: Path | None = None,
) -> bytes:
    """
    Render the Word template of a document with its context.

    `folder` holds templates that staff changed; what it lacks is taken from those that ship.
    Raises `BrokenResource` where the template is missing, malformed, or uses a name that the
    context lacks.
    """
    path = template_file(f"{document}/{document}.docx", folder)
    try:
        template = path.read_bytes()
        parts = without(unpacked(template), _OF_TEMPLATE)
        if _MAIN not in parts:
            raise BrokenResource("template-broken", name=path.name, detail=_MAIN)
        names = top_level(context)
        rendered = _rendered(parts, template, names, properties)
        return packed(place_pictures(rendered, names.get("pictures")))
    except (OSError, zipfile.BadZipFile, TemplateError, etree.XMLSyntaxError, KeyError) as error:
        raise BrokenResource("template-broken", name=path.name, detail=str(error)) from error


def tag_sources(template: bytes) -> dict[str, str]:
    """
    Give the text parts of a Word template as Jinja source, by their name in the package.

    Raises `zipfile.BadZipFile`, and other errors of a package that is not what it should be.
    """
    patch = DocxTemplate(io.BytesIO(template)).patch_xml
    with zipfile.ZipFile(io.BytesIO(template)) as package:
        return {
            name: patch(package.read(name).decode("utf-8"))
            for name in package.namelist()
            if _TEXT_PARTS.match(name)
        }


def _rendered(
    parts: dict[str, bytes], template: bytes, context: dict[str, Any], properties: Properties
) -> dict[str, bytes]:
    patch = DocxTemplate(io.BytesIO(template)).patch_xml
    environment = template_environment()
    result: dict[str, bytes] = {}
    for first, (name, data) in zip(count(1, _NUMBERS), parts.items(), strict=False):
        if _TEXT_PARTS.match(name):
            source = patch(data.decode("utf-8"))
            text = environment.from_string(source).render(context)
            result[name] = finish_part(
                text, properties.language, landscape=properties.landscape, first=first
            )
        elif _PLAIN_PARTS.match(name):
            result[name] = finish_plain_part(data, properties.language)
        elif name == _CORE:
            result[name] = _core_properties(properties)
        else:
            result[name] = data
    return result


def _core_properties(properties: Properties) -> bytes:
    core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    dc, terms = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    names = {"cp": core, "dc": dc, "dcterms": terms, "xsi": xsi}
    root = etree.Element(f"{{{core}}}coreProperties", nsmap=names)
    etree.SubElement(root, f"{{{dc}}}title").text = properties.title
    etree.SubElement(root, f"{{{dc}}}creator").text = properties.author
    etree.SubElement(root, f"{{{dc}}}language").text = properties.language
    if properties.date is not None:
        for tag in ("created", "modified"):
            item = etree.SubElement(root, f"{{{terms}}}{tag}")
            item.set(f"{{{xsi}}}type", "dcterms:W3CDTF")
            item.text = f"{properties.date.isoformat()}T00:00:00Z"
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data
