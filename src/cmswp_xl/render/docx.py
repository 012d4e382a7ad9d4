"""
Word documents from ordinary Word files with Jinja tags.

docxtpl turns the tags that staff type in Word into clean XML; our own environment renders it, so
that names are strict and values escaped; then the parts are finished (order, language, page,
widths of columns whose number depends on the data) and packed, the same bytes every time.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docxtpl import DocxTemplate
from lxml import etree

from cmswp_xl.charts import BarChart
from cmswp_xl.confined import confined
from cmswp_xl.errors import BrokenResource
from cmswp_xl.ooxml import (
    CONTENT_TYPES,
    OFFICE,
    Limits,
    Package,
    open_package,
    parsed,
    read_bytes,
    rels_name,
    written,
)
from cmswp_xl.registry import COVER
from cmswp_xl.render.body import BodyWriter
from cmswp_xl.render.finish import PICTURE, finish_part, finish_plain_part
from cmswp_xl.render.styles import (
    DOCUMENT,
    FRAME,
    STYLES,
    add_lists,
    add_notes,
    add_styles,
    first_note,
    ids_of,
    put_in_frame,
    restyle,
)
from cmswp_xl.render.templates import (
    SHARED_STYLES,
    fault,
    faults_of,
    paragraph_at,
    paragraph_lines,
    place_of,
    plain,
    template_environment,
    template_file,
    top_level,
    words_before,
)
from cmswp_xl.resources import template_folder

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from lxml.etree import _Element


_TAG = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
"""A tag of Jinja; some programs write its quotation marks as entities."""
_TEXT_PARTS = re.compile(r"word/(document|(shared_)?(header|footer)\d*|footnotes|endnotes)\.xml\Z")
_PLAIN_PARTS = re.compile(r"word/(styles|numbering|settings|comments)\.xml\Z")
_OF_TEMPLATE = frozenset(("thumbnail", "extended-properties", "stylesWithEffects"))
"""What a file says of itself as a template: its picture, its program and counts, old styles."""
_CORE = "docProps/core.xml"
_NUMBERS = 100_000
"""The numbers for pictures and bookmarks that each part has to itself."""


_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"

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
_MACRO_KINDS = ("vbaProject", "wordVbaData", "keyMapCustomizations", "attachedToolbars")
_OBJECT_KINDS = ("oleObject", "control", "activeXControlBinary", "package")
_REFUSED = {
    **dict.fromkeys(_MACRO_KINDS, "template-macros"),
    **dict.fromkeys(_OBJECT_KINDS, "template-object"),
    **dict.fromkeys(("aFChunk", "subDocument"), "template-other-file"),
}
"""Why a relation is refused, by its kind."""
_REFUSED_IN_TEXT = {
    **dict.fromkeys(("OLEObject", "control"), "template-object"),
    **dict.fromkeys(("altChunk", "subDoc"), "template-other-file"),
}
"""Why an element is refused, by its name."""
_TEMPLATE = "attachedTemplate"
_LONGEST_WORDS = 60
_WEB = re.compile(r"(https?|mailto):", re.IGNORECASE)
_ELSEWHERE = re.compile(r"\s*([a-z][a-z0-9+.-]*:|[/\\]{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Properties:
    """What a Word file says of itself: title, author, mark of its content; no clock is asked."""

    title: str
    author: str
    language: str
    date: dt.date | None
    landscape: bool
    subject: str = ""
    mark: str = ""


def render_docx(
    document: str,
    context: DataclassInstance,
    properties: Properties,
    folder: Path | None = None,
    *,
    keyed: bool = False,
) -> bytes:
    """
    Render the Word template of a document with its context.

    `folder` holds templates that staff changed; what it lacks is taken from those that ship.
    `keyed` leaves the keys of blocks and rows in the text, by which two documents are compared.
    Raises `BrokenResource` where the template is missing, malformed, or uses a name that the
    context lacks.
    """
    file = f"{document}/{document}.docx"
    path = template_file(file, folder)
    own = (path, *([] if folder is None else [folder / SHARED_STYLES]))
    if folder is None or not any(each.is_relative_to(folder) and each.is_file() for each in own):
        return filled_docx(path, file, context, properties, keyed=keyed)
    fill = partial(filled_docx, keyed=keyed)
    return confined(file, fill, path, file, context, properties, folder)


def filled_docx(
    path: Path,
    file: str,
    context: DataclassInstance,
    properties: Properties,
    folder: Path | None = None,
    *,
    keyed: bool = False,
) -> bytes:
    """
    Fill in the Word template at a path; `folder` where staff may have changed it or its styles.

    Raises `BrokenResource` as `render_docx` does, with `file` for the template's name.
    """
    with faults_of(file):
        foreign = folder is not None
        package = _template(path, file, foreign=foreign)
        shared = shipped = shipped_styles()
        if folder is not None:
            if (folder / SHARED_STYLES).is_file():
                shared = shared_styles(folder)
                restyle(package, shared, shipped)
            add_styles(package, shipped)
        ids = ids_of(package, shared, shipped) if foreign else {}
        put_in_frame(package, shared, shipped, ids)
        names = top_level(context)
        styles = template_file(SHARED_STYLES, folder)
        write = BodyWriter(styles, first_note(package), ids, keyed=keyed)
        _fill(package, file, names, (properties, write))
        add_notes(package, write.notes.values(), first_note(package), ids)
        add_lists(package, write.lists)
        if foreign:
            refuse_unsafe(package, file)
        place_pictures(package, names.get("pictures"))
        return package.to_bytes(anew=True)


def _template(path: Path, file: str, *, foreign: bool) -> Package:
    package = open_package(read_bytes(path, Limits()), file)
    if not package.has(DOCUMENT):
        raise BrokenResource("template-missing", name=file, part=DOCUMENT)
    package.leave_out(_OF_TEMPLATE, "", DOCUMENT)
    if foreign:
        _leave_out_attached(package)
        refuse_unsafe(package, file)
    return package


@cache
def shipped_styles() -> Package:
    """Return the Word file that ships, whose styles and page all templates share."""
    return open_package((template_folder() / SHARED_STYLES).read_bytes(), SHARED_STYLES)


def shared_styles(folder: Path) -> Package:
    """
    Return the Word file of a folder whose styles its templates share.

    Raises `BrokenResource` where it cannot be read, or holds what none may hold.
    """
    with faults_of(SHARED_STYLES):
        package = _template(folder / SHARED_STYLES, SHARED_STYLES, foreign=True)
        parsed(package.read(STYLES))
        return package


def tag_sources(path: Path, file: str) -> dict[str, str]:
    """
    Return the text parts of a Word template as Jinja source, by their name in the package.

    Raises `BrokenResource` where the template cannot be read, or holds what none may hold.
    """
    with faults_of(file):
        package = _template(path, file, foreign=True)
        names = [name for name in package.names() if _TEXT_PARTS.match(name)]
        return {name: _source(package.read(name), file) for name in names}


def _source(data: bytes, file: str) -> str:
    """Return a part as Jinja source, its tags freed from what Word puts between their letters."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BrokenResource("template-encoding", name=file) from error
    source: str = DocxTemplate(None).patch_xml(text)
    return _TAG.sub(lambda tag: tag[0].replace("&quot;", '"').replace("&apos;", "'"), source)


def _fill(
    package: Package,
    file: str,
    context: dict[str, Any],
    look: tuple[Properties, BodyWriter],
) -> None:
    """Fill in the text parts of a template, and finish all others that show its language."""
    properties, write = look
    template = file
    for first, name in zip(count(1, _NUMBERS), package.names(), strict=False):
        data = package.read(name)
        file = SHARED_STYLES if name.startswith(FRAME) else template
        if _TEXT_PARTS.match(name):
            text = _filled(_source(data, file), file, context, write)
            noted = name == DOCUMENT and bool(write.notes)
            package.write(name, _finished(text, file, look, first, noted=noted))
        elif _PLAIN_PARTS.match(name):
            package.write(name, finish_plain_part(data, properties.language))
        elif name == _CORE:
            package.write(name, _core_properties(properties))


def _filled(source: str, file: str, context: dict[str, Any], write: BodyWriter) -> str:
    environment = template_environment(write=write)
    environment.filters["small"] = write.small
    environment.filters[COVER] = write.cover
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


def _finished(
    text: str, file: str, look: tuple[Properties, BodyWriter], first: int, *, noted: bool
) -> bytes:
    properties, write = look
    language, landscape = properties.language, properties.landscape
    tables = [table.xml for table in write.tables]
    try:
        return finish_part(
            text, language, landscape=landscape, first=first, noted=noted, tables=tables
        )
    except etree.XMLSyntaxError as error:
        raise fault(file, error, words_before(text, error.position)) from error


def _core_properties(properties: Properties) -> bytes:
    core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    dc, terms = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    names = {"cp": core, "dc": dc, "dcterms": terms, "xsi": xsi}
    root = etree.Element(f"{{{core}}}coreProperties", nsmap=names)
    etree.SubElement(root, f"{{{dc}}}title").text = properties.title
    etree.SubElement(root, f"{{{dc}}}subject").text = properties.subject
    etree.SubElement(root, f"{{{dc}}}creator").text = properties.author
    etree.SubElement(root, f"{{{dc}}}language").text = properties.language
    if properties.mark:  # LibreOffice puts keywords into a PDF file too
        etree.SubElement(root, f"{{{core}}}keywords").text = f"cmswp-content {properties.mark}"
    if properties.date is not None:
        for tag in ("created", "modified"):
            item = etree.SubElement(root, f"{{{terms}}}{tag}")
            item.set(f"{{{xsi}}}type", "dcterms:W3CDTF")
            item.text = f"{properties.date.isoformat()}T00:00:00Z"
    return written(root)


def place_pictures(package: Package, charts: Mapping[str, BarChart] | None) -> None:
    """
    Draw the charts in place of the pictures whose properties bear their names.

    The template holds a stand-in, an ordinary picture that staff can move and resize in Word.
    Pictures that the document does not show go; one that knows no charts (None) is left alone.
    """
    if charts is None or not package.has(rels_name(DOCUMENT)):
        return
    document = parsed(package.read(DOCUMENT))
    for name, chart in charts.items():
        blips = [
            blip
            for item in document.iter(PICTURE)
            if item.get("name") == name and (parent := item.getparent()) is not None
            for blip in parent.iter(_BLIP)
        ]
        if blips:
            from cmswp_xl.charts.drawing import png

            part = f"word/media/chart-{name}.png"
            package.add(part, png(chart), "image/png")
            package.relate(DOCUMENT, "image", part, f"chart-{name}")
        for blip in blips:
            blip.set(f"{{{OFFICE}}}embed", f"chart-{name}")
    attributes = (pair for item in document.iter() for pair in item.attrib.items())
    shown = {value for name, value in attributes if str(name).startswith(f"{{{OFFICE}}}")}
    unused = package.unrelate(
        DOCUMENT, lambda item: item.kind == "image" and item.key not in shown
    )
    others = (name for name in package.names() if name != DOCUMENT)
    elsewhere = {item.part for name in others for item in package.relationships(name)}
    package.remove(*(part for part in unused if part not in elsewhere))
    package.write(DOCUMENT, written(document))


def _leave_out_attached(package: Package) -> None:
    """Leave out the relation to the template that the file was once made from."""
    for name in package.names():
        data = package.read(name)
        if _TEMPLATE.encode() in data and name.casefold().endswith((".rels", "settings.xml")):
            root = parsed(data)
            for item in list(root):
                kind = item.get("Type", "").rpartition("/")[2]
                if _TEMPLATE in (kind, etree.QName(item).localname):
                    root.remove(item)
            package.write(name, written(root))


def refuse_unsafe(package: Package, file: str) -> None:
    """
    Refuse a Word file that runs something, or fetches something, when it is opened.

    Raises `BrokenResource`; the package has no relation to an attached template any more.
    """
    for name in package.names():
        data = package.read(name)
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
    of_chart = "/charts/" in posixpath.join("/", part)
    for item in root:
        kind = item.get("Type", "").rpartition("/")[2]
        target = item.get("Target", "")
        if kind in _REFUSED and not (of_chart and kind in _OBJECT_KINDS):
            raise BrokenResource(_REFUSED[kind], name=file)
        outside = item.get("TargetMode", "").casefold() == "external" or _ELSEWHERE.match(target)
        if outside and not (kind == "hyperlink" and _WEB.match(target)):
            raise BrokenResource("template-outside", name=file, target=target)


def _check_text(root: _Element, file: str) -> None:
    for item in root.iter("*"):
        local = etree.QName(item).localname
        if local in _REFUSED_IN_TEXT:
            raise BrokenResource(_REFUSED_IN_TEXT[local], name=file)
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
    text = "" if holder is None else etree.tostring(holder, encoding="unicode")
    return plain(text)[:_LONGEST_WORDS]
