"""Office files as packages: parts by name, their relationships, and what each part is."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from cmswp_xl.ooxml import CONTENT_TYPES, RELATIONSHIPS, TYPES

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from lxml.etree import _Element

_EPOCH = (1980, 1, 1, 0, 0, 0)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Pack parts, the same bytes every time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            package.writestr(info, data)
    return buffer.getvalue()


def without(parts: Mapping[str, bytes], kinds: Container[str]) -> dict[str, bytes]:
    """Leave out the parts to which a Word file, or its text, relates by one of these kinds."""
    kept = dict(parts)
    for part in ("", "word/document.xml"):
        relations = Relations(parts, part)
        ids = {item.id for item in relations}
        for item in list(relations):
            if item.kind.rpartition("/")[2] in kinds:
                ids.discard(item.id)
                kept.pop(relations.resolved(item), None)
        relations.keep(ids)
        if relations.name in parts:
            kept[relations.name] = relations.data()
    types = ContentTypes(parts)
    types.keep(kept)
    types.write(kept)
    return kept


def parsed(data: bytes, **options: bool) -> _Element:
    """
    Parse a part; nothing outside it is ever fetched.

    Raises `etree.XMLSyntaxError` where it cannot be parsed, `ValueError` where it declares a
    document type.
    """
    usual = {"remove_comments": True, "remove_pis": True}  # they would be counted as elements
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, **{**usual, **options}
    )
    root = etree.fromstring(data, parser)
    if root is None or root.getroottree().docinfo.doctype:
        raise ValueError(data[:80])
    return root


def written(root: _Element) -> bytes:
    """Write a part."""
    data: bytes = etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
    )
    return data


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship of a part: its id, kind and target, which may lie outside the package."""

    id: str
    kind: str
    target: str
    external: bool


class Relations:
    """The relationships of a part."""

    def __init__(self, parts: Mapping[str, bytes], part: str) -> None:
        self.part = part
        data = parts.get(self.name)
        self._root = (
            etree.Element(f"{{{RELATIONSHIPS}}}Relationships") if data is None else parsed(data)
        )

    @property
    def name(self) -> str:
        """The name of the part that holds the relationships."""
        folder, file = posixpath.split(self.part)
        return posixpath.join(folder, "_rels", f"{file}.rels")

    def __iter__(self) -> Iterator[Relation]:
        """Give each relationship."""
        for item in self._root:
            yield Relation(
                item.get("Id", ""),
                item.get("Type", ""),
                item.get("Target", ""),
                item.get("TargetMode") == "External",
            )

    def resolved(self, relation: Relation) -> str:
        """Give the name of the part to which a relationship leads."""
        path = posixpath.join("/", posixpath.dirname(self.part), relation.target)
        return posixpath.normpath(path).lstrip("/")

    def keep(self, ids: set[str]) -> None:
        """Leave out every relationship but these."""
        for item in list(self._root):
            if item.get("Id") not in ids:
                self._root.remove(item)

    def add(self, relation: Relation) -> None:
        """Add a relationship."""
        item = etree.SubElement(self._root, f"{{{RELATIONSHIPS}}}Relationship")
        item.set("Id", relation.id)
        item.set("Type", relation.kind)
        item.set("Target", relation.target)
        if relation.external:
            item.set("TargetMode", "External")

    def data(self) -> bytes:
        """Write the relationships."""
        return written(self._root)


class ContentTypes:
    """What each part of a package is: by its own name, else by the ending of its name."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self._root = parsed(parts[CONTENT_TYPES])

    def of(self, part: str) -> str:
        """Give the content type of a part."""
        ending = part.rpartition(".")[2].lower()
        found = ""
        for item in self._root:
            if item.get("PartName") == f"/{part}":
                found = item.get("ContentType", "")
                break
            if item.get("Extension", "").lower() == ending:
                found = item.get("ContentType", "")
        return found

    def set(self, part: str, content_type: str) -> None:
        """Say what a part is."""
        if self.of(part) != content_type:
            item = etree.SubElement(self._root, f"{{{TYPES}}}Override")
            item.set("PartName", f"/{part}")
            item.set("ContentType", content_type)

    def keep(self, parts: Mapping[str, bytes]) -> None:
        """Leave out what is said of parts that are gone."""
        for item in list(self._root):
            name = item.get("PartName")
            if name is not None and name.lstrip("/") not in parts:
                self._root.remove(item)

    def write(self, parts: dict[str, bytes]) -> None:
        """Write the content types into the package."""
        parts[CONTENT_TYPES] = written(self._root)
