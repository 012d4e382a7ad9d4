"""
Several Word files in one: each a section of its own, with its own page, header and footer.

What Word names by number or id (lists, bookmarks, drawings, headers, pictures, links) is numbered
anew, so that parts never meet; styles are merged by name. Each part's pages are numbered from 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from cmswp_xl.ooxml.opening import open_package
from cmswp_xl.ooxml.parts import ContentTypes, Relations, packed, parsed, written
from cmswp_xl.render.faults import faults_of
from cmswp_xl.render.finish import small_paragraph
from cmswp_xl.render.graft import Graft, Trunk
from cmswp_xl.render.order import W, put_in_order
from cmswp_xl.render.styles import StyleSheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

_DOCUMENT, _STYLES, _NUMBERING = "word/document.xml", "word/styles.xml", "word/numbering.xml"
_P, _PPR, _SECTION, _STYLE, _VALUE, _NAME, _ID = (
    f"{{{W}}}{name}" for name in ("p", "pPr", "sectPr", "pStyle", "val", "name", "id")
)
_HEADING = "heading 2"


@dataclass(frozen=True, slots=True)
class Part:
    """A rendered document on its way into a set: the anchor of its beginning, and its file."""

    anchor: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title of a document, and its anchor within a set."""

    anchor: str
    text: str


def docx_headings(part: Part) -> tuple[Heading, ...]:
    """Give the headings of the second level in a Word file."""
    with faults_of("set/set.docx"):
        package = open_package(part.data, part.anchor).parts()
        root = parsed(package[_DOCUMENT], huge_tree=True)
        style = StyleSheet(parsed(package[_STYLES])).id_of(_HEADING)
        return tuple(
            Heading(f"{part.anchor}_{number}", "".join(item.itertext(f"{{{W}}}t")))
            for number, item in enumerate(_headings(root, style), 1)
        )


def join_docx(parts: Sequence[Part]) -> bytes:
    """
    Join Word files in order; properties, settings and theme are those of the first.

    Raises `BrokenResource` where a part cannot be joined, since it holds notes or comments.
    """
    with faults_of("set/set.docx"):
        return _joined(parts)


def _joined(parts: Sequence[Part]) -> bytes:
    package = open_package(parts[0].data, parts[0].anchor).parts()
    root = parsed(package[_DOCUMENT])
    body = root[0]
    for item in list(body):
        body.remove(item)
    trunk = Trunk(
        parts=package,
        relations=Relations(package, _DOCUMENT),
        types=ContentTypes(package),
        styles=StyleSheet(parsed(package[_STYLES])),
        numbering=parsed(package[_NUMBERING]),
    )
    trunk.clear()
    for number, part in enumerate(parts, 1):
        _append(body, trunk, part, number, last=number == len(parts))
    put_in_order(root)
    package[_DOCUMENT] = written(root)
    trunk.write(_STYLES, _NUMBERING)
    return packed(package)


def _append(body: _Element, trunk: Trunk, part: Part, number: int, *, last: bool) -> None:
    """Append the content of a part as a section of its own."""
    package = open_package(part.data, part.anchor).parts()
    root = parsed(package[_DOCUMENT])
    style = StyleSheet(parsed(package[_STYLES])).id_of(_HEADING)
    headings = list(_headings(root, style))
    Graft(trunk, package, root, number).take()
    content = root[0]
    first = next(content.iter(_P), None)
    if first is not None:
        _mark(first, trunk.next_bookmark(), part.anchor)
    for index, heading in enumerate(headings, 1):
        _mark(heading, trunk.next_bookmark(), f"{part.anchor}_{index}")
    section = content[-1]
    if not last:
        _end_section(content, section)
    body.extend(list(content))


def _headings(root: _Element, style: str | None) -> list[_Element]:
    return [] if style is None else [p for p in root[0].iterchildren(_P) if _style(p) == style]


def _style(paragraph: _Element) -> str | None:
    named = paragraph.find(f"{_PPR}/{_STYLE}")
    return None if named is None else named.get(_VALUE)


def _mark(paragraph: _Element, number: int, name: str) -> None:
    """Put a bookmark at the beginning of a paragraph."""
    place = 1 if paragraph.find(_PPR) is not None else 0
    start = etree.Element(f"{{{W}}}bookmarkStart")
    start.set(_ID, str(number))
    start.set(_NAME, name)
    end = etree.Element(f"{{{W}}}bookmarkEnd")
    end.set(_ID, str(number))
    paragraph.insert(place, start)
    paragraph.insert(place + 1, end)


def _end_section(content: _Element, section: _Element) -> None:
    """Move the page of a part into its last paragraph, where Word looks for it; add one if not."""
    content.remove(section)
    last = content[-1] if len(content) else None
    if last is None or last.tag != _P or last.find(f"{_PPR}/{_SECTION}") is not None:
        last = small_paragraph()
        content.append(last)
    properties = last.find(_PPR)
    if properties is None:
        properties = etree.Element(_PPR)
        last.insert(0, properties)
    properties.append(section)
