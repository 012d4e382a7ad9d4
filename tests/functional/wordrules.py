"""
What Word insists on and the schemas of its files do not say.

A rule takes the parts of a file by name and yields what breaks it; `RULES` lists them by name.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from typing import TYPE_CHECKING

from annexes import W
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lxml.etree import _Element

    Parts = Mapping[str, bytes]

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_TEXT = re.compile(r"word/(document|header\w*|footer\w*|footnotes|endnotes|comments)\.xml\Z")
_BLOCKS = (f"{W}p", f"{W}tbl", f"{W}sdt")


def _texts(parts: Parts) -> dict[str, _Element]:
    return {name: etree.fromstring(data) for name, data in parts.items() if _TEXT.match(name)}


def _values(parts: Parts, tag: str, attribute: str) -> list[str]:
    roots = _texts(parts).values()
    return [item.get(attribute, "") for root in roots for item in root.iter(tag)]


def _twice(values: list[str]) -> Iterator[str]:
    return (value for value, count in Counter(values).items() if count > 1)


def _related(parts: Parts) -> Iterator[tuple[str, str, str, str]]:
    """Yield each relationship within the package: the part it is of, its id, type and target."""
    for name, data in parts.items():
        if name.endswith(".rels"):
            folder, file = posixpath.split(name)
            part = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
            for item in etree.fromstring(data):
                target = posixpath.join("/", posixpath.dirname(part), item.get("Target", ""))
                inside = item.get("TargetMode") != "External"
                yield part, item.get("Id", ""), item.get("Type", ""), target if inside else ""


def pictures_have_numbers_of_their_own(parts: Parts) -> Iterator[str]:
    return _twice(_values(parts, f"{WP}docPr", "id"))


def bookmarks_have_numbers_and_names_of_their_own(parts: Parts) -> Iterator[str]:
    starts = _values(parts, f"{W}bookmarkStart", f"{W}id")
    yield from _twice(starts)
    yield from _twice(_values(parts, f"{W}bookmarkStart", f"{W}name"))
    yield from set(starts) ^ set(_values(parts, f"{W}bookmarkEnd", f"{W}id"))


def links_lead_to_bookmarks(parts: Parts) -> Iterator[str]:
    anchors = set(_values(parts, f"{W}hyperlink", f"{W}anchor")) - {""}
    yield from anchors - set(_values(parts, f"{W}bookmarkStart", f"{W}name"))


def relationships_lead_to_parts(parts: Parts) -> Iterator[str]:
    for part, key, _, target in _related(parts):
        if target and posixpath.normpath(target).lstrip("/") not in parts:
            yield f"{part} {key} {target}"


def relationships_that_are_named_exist(parts: Parts) -> Iterator[str]:
    known = {(part, key) for part, key, *_ in _related(parts)}
    for name, root in _texts(parts).items():
        for item in root.iter():
            for attribute, value in item.attrib.items():
                if attribute.startswith(R) and (name, value) not in known:
                    yield f"{name} {value}"


def parts_have_types(parts: Parts) -> Iterator[str]:
    types = etree.fromstring(parts["[Content_Types].xml"])
    endings = {item.get("Extension", "").lower() for item in types}
    named = {item.get("PartName", "").lstrip("/") for item in types} - {""}
    yield from named - set(parts)
    for name in set(parts) - named - {"[Content_Types].xml"}:
        if name.rpartition(".")[2].lower() not in endings:
            yield name
    if types.xpath("//*[@Extension='xml' and @ContentType='application/xml']"):
        yield from (name for name in _texts(parts) if name not in named)


def tables_have_rows_and_rows_have_cells(parts: Parts) -> Iterator[str]:
    for name, root in _texts(parts).items():
        for tag, child in (("tbl", "tr"), ("tr", "tc")):
            for item in root.iter(f"{W}{tag}"):
                if item.find(f"{W}{child}") is None:
                    yield f"{name} {tag}"


def rows_fill_the_grid(parts: Parts) -> Iterator[str]:
    for name, root in _texts(parts).items():
        for table in root.iter(f"{W}tbl"):
            columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
            for row in table.iterchildren(f"{W}tr"):
                spans = row.findall(f"{W}tc/{W}tcPr/{W}gridSpan")
                width = len(row.findall(f"{W}tc")) - len(spans)
                if columns != width + sum(int(span.get(f"{W}val")) for span in spans):
                    yield f"{name} {''.join(row.itertext())[:40]}"


def cells_and_pages_end_with_a_paragraph(parts: Parts) -> Iterator[str]:
    for name, root in _texts(parts).items():
        for item in root.iter(f"{W}tc", f"{W}body", f"{W}hdr", f"{W}ftr"):
            blocks = list(item.iterchildren(*_BLOCKS))
            if not blocks or blocks[-1].tag == f"{W}tbl":
                yield f"{name} {item.tag.removeprefix(W)}"


def styles_and_lists_that_are_named_exist(parts: Parts) -> Iterator[str]:
    styles = etree.fromstring(parts["word/styles.xml"])
    known = {item.get(f"{W}styleId") for item in styles.iter(f"{W}style")}
    named = {
        value
        for tag in ("pStyle", "rStyle", "tblStyle")
        for value in _values(parts, f"{W}{tag}", f"{W}val")
    }
    kin = (f"{W}{tag}" for tag in ("basedOn", "next", "link"))
    yield from (named | {item.get(f"{W}val") for item in styles.iter(*kin)}) - known
    lists = etree.fromstring(parts["word/numbering.xml"])
    numbers = {item.get(f"{W}numId") for item in lists.iter(f"{W}num")}
    yield from set(_values(parts, f"{W}numId", f"{W}val")) - numbers - {"0"}


def word_lays_out_as_it_does_today(parts: Parts) -> Iterator[str]:
    settings = etree.fromstring(parts["word/settings.xml"]).iter(f"{W}compatSetting")
    modes = [s.get(f"{W}val") for s in settings if s.get(f"{W}name") == "compatibilityMode"]
    if modes != ["15"]:
        yield str(modes)


def nothing_is_left_of_the_template(parts: Parts) -> Iterator[str]:
    yield from (name for name in parts if re.search("app.xml|thumbnail|WithEffects", name))
    for name, root in _texts(parts).items():
        yield from (f"{name} {tag}" for tag in re.findall(r"{[{%#]", "".join(root.itertext())))


RULES: dict[str, Callable[[Parts], Iterator[str]]] = {
    rule.__name__: rule
    for rule in (
        pictures_have_numbers_of_their_own,
        bookmarks_have_numbers_and_names_of_their_own,
        links_lead_to_bookmarks,
        relationships_lead_to_parts,
        relationships_that_are_named_exist,
        parts_have_types,
        tables_have_rows_and_rows_have_cells,
        rows_fill_the_grid,
        cells_and_pages_end_with_a_paragraph,
        styles_and_lists_that_are_named_exist,
        word_lays_out_as_it_does_today,
        nothing_is_left_of_the_template,
    )
}
