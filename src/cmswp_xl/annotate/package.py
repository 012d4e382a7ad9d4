"""The package of a workbook: its parts, how they refer to one another, and a copy of it all."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lxml import etree

from cmswp_xl.annotate.markup import OFFICE, parse, serialised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cmswp_xl.annotate.markup import Node

_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_CONTENT_TYPES = "[Content_Types].xml"
_RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Relationship:
    """How one part refers to another: the id, the last word of the kind, and the other's name."""

    key: str
    kind: str
    part: str


class Package:
    """
    The parts of a workbook by name, whatever the case, and those changed or new.

    Reading a part that is not there raises `KeyError`.
    """

    def __init__(self, data: bytes) -> None:
        """Open the package in a workbook's bytes."""
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._names = {_key(name): name for name in self._archive.namelist()}
        self._written: dict[str, bytes] = {}
        self._left_out: set[str] = set()

    def has(self, part: str) -> bool:
        """Tell whether the package holds a part."""
        return _key(part) in self._names

    def names(self) -> list[str]:
        """Give the names of all parts, new ones last."""
        return list(self._names.values())

    def read(self, part: str) -> bytes:
        """Give the bytes of a part as it now stands."""
        name = self._names[_key(part)]
        written = self._written.get(name)
        return self._archive.read(name) if written is None else written

    def write(self, part: str, data: bytes) -> None:
        """Change a part, or add one at the end."""
        self._written[self._names.setdefault(_key(part), part)] = data

    def free_name(self, stem: str, ending: str) -> str:
        """Give a name that no part has: the stem, the first free number and the ending."""
        number = 1
        while self.has(f"{stem}{number}{ending}"):
            number += 1
        return f"{stem}{number}{ending}"

    def relationships(self, source: str) -> Iterator[Relationship]:
        """Give the references of a part to parts that the package holds."""
        rels = _rels_name(source)
        if not self.has(rels):
            return
        for item in parse(self.read(rels)).iter(f"{{{_RELATIONSHIPS}}}Relationship"):
            part = self._target(posixpath.dirname(source), item)
            if part is not None:
                kind = item.get("Type", "").rpartition("/")[2]
                yield Relationship(item.get("Id", ""), kind, part)

    def _target(self, folder: str, item: Node) -> str | None:
        if item.get("TargetMode") == "External":
            return None
        written = item.get("Target", "").partition("#")[0]
        for target in (written, unquote(written)):
            part = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            if self.has(part):
                return self._names[_key(part)]
        return None

    def relate(self, source: str, kind: str, target: str) -> str:
        """Let a part refer to another and give the id of the reference."""
        rels = _rels_name(source)
        if self.has(rels):
            root = parse(self.read(rels))
        else:
            root = etree.Element(
                f"{{{_RELATIONSHIPS}}}Relationships", nsmap={None: _RELATIONSHIPS}
            )
            self._declare_ending("rels", _RELS_TYPE)
        used = {item.get("Id", "").casefold() for item in root}
        number = len(root) + 1
        while f"rid{number}" in used:
            number += 1
        reference = posixpath.relpath(f"/{target}", f"/{posixpath.dirname(source)}")
        etree.SubElement(
            root,
            f"{{{_RELATIONSHIPS}}}Relationship",
            {"Id": f"rId{number}", "Type": f"{OFFICE}/{kind}", "Target": reference},
        )
        self.write(rels, serialised(root))
        return f"rId{number}"

    def add(self, part: str, data: bytes, content_type: str) -> None:
        """Add a part together with the declaration of what it holds."""
        self.write(part, data)
        ending = posixpath.splitext(part)[1].lstrip(".")
        if ending != "xml" and self._declare_ending(ending, content_type):
            return
        root = parse(self.read(_CONTENT_TYPES))
        etree.SubElement(
            root, f"{{{_TYPES}}}Override", {"PartName": f"/{part}", "ContentType": content_type}
        )
        self.write(_CONTENT_TYPES, serialised(root))

    def content_type(self, part: str) -> str:
        """Return what the package says a part to be; nothing where it does not say."""
        for item in parse(self.read(_CONTENT_TYPES)).iter(f"{{{_TYPES}}}Override"):
            if _key(item.get("PartName", "")) == _key(part):
                return str(item.get("ContentType", ""))
        return ""

    def leave_out(self, kind: str) -> None:
        """Leave out the parts that references of a kind lead to, and what these refer to."""
        left = {part.part for part in self.relationships("") if part.kind == kind}
        waiting = list(left)
        while waiting:
            source = waiting.pop()
            found = {part.part for part in self.relationships(source)} - left
            left |= found
            waiting += found
            if self.has(_rels_name(source)):
                self._left_out.add(self._names[_key(_rels_name(source))])
        self._left_out |= left
        if left:
            self._drop(_rels_name(""), lambda item: item.get("Type", "").endswith(f"/{kind}"))
            keys = {_key(part) for part in left}
            self._drop(_CONTENT_TYPES, lambda item: _key(item.get("PartName", "")) in keys)

    def _drop(self, part: str, unwanted: Callable[[Node], bool]) -> None:
        root = parse(self.read(part))
        for item in [item for item in root if unwanted(item)]:
            root.remove(item)
        self.write(part, serialised(root))

    def _declare_ending(self, ending: str, content_type: str) -> bool:
        """Declare what names with an ending hold; false where they are said to hold another."""
        root = parse(self.read(_CONTENT_TYPES))
        for item in root.iter(f"{{{_TYPES}}}Default"):
            if item.get("Extension", "").casefold() == ending:
                return bool(item.get("ContentType", "").casefold() == content_type.casefold())
        item = etree.SubElement(
            root, f"{{{_TYPES}}}Default", {"Extension": ending, "ContentType": content_type}
        )
        root.insert(0, item)
        self.write(_CONTENT_TYPES, serialised(root))
        return True

    def to_bytes(self) -> bytes:
        """Give the package: the parts in their old order, untouched ones as they were."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as copy:
            copy.comment = self._archive.comment
            for entry in self._archive.infolist():
                if entry.filename in self._left_out:
                    continue
                written = self._written.get(entry.filename)
                data = self._archive.read(entry) if written is None else written
                copy.writestr(_copied(entry, changed=written is not None), data)
            old = set(self._archive.namelist())
            for name, data in self._written.items():
                if name not in old:
                    copy.writestr(_new_entry(name), data)
        return stream.getvalue()


def _key(part: str) -> str:
    return part.casefold().lstrip("/")


def _rels_name(source: str) -> str:
    folder, base = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def _copied(entry: zipfile.ZipInfo, *, changed: bool) -> zipfile.ZipInfo:
    copy = zipfile.ZipInfo(entry.filename, _FIXED_TIME if changed else entry.date_time)
    copy.compress_type = entry.compress_type
    copy.external_attr = entry.external_attr
    copy.create_system = entry.create_system
    copy.comment = entry.comment
    return copy


def _new_entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIXED_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0
    return entry
