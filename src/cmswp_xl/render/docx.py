"""
Word documents from ordinary Word files with Jinja tags.

docxtpl turns the tags that staff type in Word into clean XML; our own environment renders it, so
that names are strict and values escaped; then the parts are finished (order, language, page,
widths of columns whose number depends on the data) and packed, the same bytes every time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from docxtpl import DocxTemplate
from lxml import etree

from cmswp_xl.errors import BrokenResource
from cmswp_xl.ooxml.opening import Limits, open_package, read_bytes
from cmswp_xl.ooxml.parts import packed, without
from cmswp_xl.render.body import PATTERN, body_writer
from cmswp_xl.render.environment import template_environment
from cmswp_xl.render.faults import (
    fault,
    faults_of,
    in_confinement,
    paragraph_at,
    paragraph_lines,
    place_of,
    words_before,
)
from cmswp_xl.render.finish import finish_part, finish_plain_part
from cmswp_xl.render.folders import template_file
from cmswp_xl.render.html import top_level
from cmswp_xl.render.pictures import place_pictures
from cmswp_xl.render.unsafe import refuse_unsafe, without_attached

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from _typeshed import DataclassInstance

_TEXT_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml\Z")
_PLAIN_PARTS = re.compile(r"word/(styles|numbering|settings|comments)\.xml\Z")
_OF_TEMPLATE = frozenset(("thumbnail", "extended-properties", "stylesWithEffects"))
"""What a file says of itself as a template: its picture, its program and counts, old styles."""
_MAIN, _CORE = "word/document.xml", "docProps/core.xml"
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
    file = f"{document}/{document}.docx"
    path = template_file(file, folder)
    if folder is None or not path.is_relative_to(folder):
        return filled_docx(path, file, context, properties, template_file(PATTERN, folder))
    pattern = template_file(PATTERN, folder)
    return in_confinement(file, filled_docx, path, file, context, properties, pattern, True)


def filled_docx(
    path: Path,
    file: str,
    context: DataclassInstance,
    properties: Properties,
    pattern: Path,
    foreign: bool = False,  # noqa: FBT001, FBT002  handed to another process
) -> bytes:
    """
    Fill in the Word template at a path; `foreign` where staff may have changed it.

    Raises `BrokenResource` as `render_docx` does, with `file` for the template's name.
    """
    with faults_of(file):
        parts = _parts(path, file, foreign=foreign)
        names = top_level(context)
        rendered = _rendered(parts, file, names, (properties, body_writer(pattern)))
        if foreign:
            refuse_unsafe(rendered, file)
        return packed(place_pictures(rendered, names.get("pictures")))


def _parts(path: Path, file: str, *, foreign: bool) -> dict[str, bytes]:
    package = open_package(read_bytes(path, Limits()), file)
    if not package.has(_MAIN):
        raise BrokenResource("template-missing", name=file, part=_MAIN)
    parts = without(package.parts(), _OF_TEMPLATE)
    if foreign:
        parts = without_attached(parts)
        refuse_unsafe(parts, file)
    return parts


def tag_sources(path: Path, file: str) -> dict[str, str]:
    """
    Return the text parts of a Word template as Jinja source, by their name in the package.

    Raises `BrokenResource` where the template cannot be read, or holds what none may hold.
    """
    with faults_of(file):
        parts = _parts(path, file, foreign=True)
        return {n: _source(data, file) for n, data in parts.items() if _TEXT_PARTS.match(n)}


def _source(data: bytes, file: str) -> str:
    """Return a part as Jinja source, its tags freed from what Word puts between their letters."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BrokenResource("template-encoding", name=file) from error
    source: str = DocxTemplate(None).patch_xml(text)
    return source


def _rendered(
    parts: dict[str, bytes],
    file: str,
    context: dict[str, Any],
    look: tuple[Properties, Callable[[object], object]],
) -> dict[str, bytes]:
    properties, write = look
    result: dict[str, bytes] = {}
    for first, (name, data) in zip(count(1, _NUMBERS), parts.items(), strict=False):
        if _TEXT_PARTS.match(name):
            text = _filled(_source(data, file), file, context, write)
            result[name] = _finished(text, file, properties, first)
        elif _PLAIN_PARTS.match(name):
            result[name] = finish_plain_part(data, properties.language)
        elif name == _CORE:
            result[name] = _core_properties(properties)
        else:
            result[name] = data
    return result


def _filled(
    source: str, file: str, context: dict[str, Any], write: Callable[[object], object]
) -> str:
    environment = template_environment(write=write)
    try:
        return environment.from_string(source).render(context)
    except MemoryError:
        raise
    except Exception as error:
        lines = paragraph_lines(source)
        try:
            environment.from_string(lines).render(context)
        except Exception as again:  # noqa: BLE001  the same, with its line
            place = paragraph_at(lines, place_of(again)[1])
            raise fault(file, error, place) from error
        raise fault(file, error) from error


def _finished(text: str, file: str, properties: Properties, first: int) -> bytes:
    try:
        return finish_part(text, properties.language, landscape=properties.landscape, first=first)
    except etree.XMLSyntaxError as error:
        raise fault(file, error, words_before(text, error.position)) from error


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
