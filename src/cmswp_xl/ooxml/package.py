"""The package of an Office file: its parts, how they refer to one another, and a copy of it."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from cmswp_xl.ooxml import CONTENT_TYPES, OFFICE, RELATIONSHIPS, TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lxml.etree import _Element

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
    The parts of an Office file by name, whatever the case, and those changed or new.

    `entries` say how the parts were packed. Reading a part that is not there raises `KeyError`.
    """

    def __init__(
        self,
        parts: Mapping[str, bytes],
        entries: Sequence[zipfile.ZipInfo] = (),
        comment: bytes = b"",
    ) -> None:
        self._entries = tuple(entries)
        self._comment = comment
        self._parts = dict(parts)
        self._names = {_key(name): name for name in parts}
        self._written: dict[str, bytes] = {}
        self._left_out: set[str] = set()

    def has(self, part: str) -> bool:
        """Return whether the package holds a part."""
        return _key(part) in self._names

    def names(self) -> list[str]:
        """Return the names of all parts, new ones last."""
        return list(self._names.values())

    def parts(self) -> dict[str, bytes]:
        """Return the parts as they now stand, by name."""
        return {name: self.read(name) for name in self._names.values()}

    def read(self, part: str) -> bytes:
        """Return the bytes of a part as it now stands."""
        name = self._names[_key(part)]
        return self._written.get(name, self._parts.get(name, b""))

    def write(self, part: str, data: bytes) -> None:
        """Change a part, or add one at the end."""
        self._written[self._names.setdefault(_key(part), part)] = data

    def free_name(self, stem: str, ending: str) -> str:
        """Return a name that no part has: the stem, the first free number and the ending."""
        number = 1
        while self.has(f"{stem}{number}{ending}"):
            number += 1
        return f"{stem}{number}{ending}"

    def relationships(self, source: str) -> Iterator[Relationship]:
        """Return the references of a part to parts that the package holds."""
        from cmswp_xl.ooxml.parts import parsed

        rels = _rels_name(source)
        if not self.has(rels):
            return
        for item in parsed(self.read(rels)).iter(f"{{{RELATIONSHIPS}}}Relationship"):
            part = self._target(posixpath.dirname(source), item)
            if part is not None:
                kind = item.get("Type", "").rpartition("/")[2]
                yield Relationship(item.get("Id", ""), kind, part)

    def _target(self, folder: str, item: _Element) -> str | None:
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
        from lxml import etree

        from cmswp_xl.ooxml.parts import parsed, written

        rels = _rels_name(source)
        if self.has(rels):
            root = parsed(self.read(rels))
        else:
            root = etree.Element(f"{{{RELATIONSHIPS}}}Relationships", nsmap={None: RELATIONSHIPS})
            self._declare_ending("rels", _RELS_TYPE)
        used = {item.get("Id", "").casefold() for item in root}
        number = len(root) + 1
        while f"rid{number}" in used:
            number += 1
        reference = posixpath.relpath(f"/{target}", f"/{posixpath.dirname(source)}")
        etree.SubElement(
            root,
            f"{{{RELATIONSHIPS}}}Relationship",
            {"Id": f"rId{number}", "Type": f"{OFFICE}/{kind}", "Target": reference},
        )
        self.write(rels, written(root))
        return f"rId{number}"

    def add(self, part: str, data: bytes, content_type: str) -> None:
        """Add a part together with the declaration of what it holds."""
        from lxml import etree

        from cmswp_xl.ooxml.parts import parsed, written

        self.write(part, data)
        ending = posixpath.splitext(part)[1].lstrip(".")
        if ending != "xml" and self._declare_ending(ending, content_type):
            return
        root = parsed(self.read(CONTENT_TYPES))
        etree.SubElement(
            root, f"{{{TYPES}}}Override", {"PartName": f"/{part}", "ContentType": content_type}
        )
        self.write(CONTENT_TYPES, written(root))

    def content_type(self, part: str) -> str:
        """Return what the package says a part to be; nothing where it does not say."""
        from cmswp_xl.ooxml.parts import parsed

        for item in parsed(self.read(CONTENT_TYPES)).iter(f"{{{TYPES}}}Override"):
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
            self._drop(CONTENT_TYPES, lambda item: _key(item.get("PartName", "")) in keys)

    def _drop(self, part: str, unwanted: Callable[[_Element], bool]) -> None:
        from cmswp_xl.ooxml.parts import parsed, written

        root = parsed(self.read(part))
        for item in [item for item in root if unwanted(item)]:
            root.remove(item)
        self.write(part, written(root))

    def _declare_ending(self, ending: str, content_type: str) -> bool:
        """Declare what names with an ending hold; false where they are said to hold another."""
        from lxml import etree

        from cmswp_xl.ooxml.parts import parsed, written

        root = parsed(self.read(CONTENT_TYPES))
        for item in root.iter(f"{{{TYPES}}}Default"):
            if item.get("Extension", "").casefold() == ending:
                return bool(item.get("ContentType", "").casefold() == content_type.casefold())
        item = etree.SubElement(
            root, f"{{{TYPES}}}Default", {"Extension": ending, "ContentType": content_type}
        )
        root.insert(0, item)
        self.write(CONTENT_TYPES, written(root))
        return True

    def to_bytes(self) -> bytes:
        """Return the package: the parts in their old order, untouched ones as they were."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as copy:
            copy.comment = self._comment
            for entry in self._entries:
                if entry.filename in self._left_out:
                    continue
                changed = self._written.get(entry.filename)
                data = self._parts[entry.filename] if changed is None else changed
                copy.writestr(_copied(entry, changed=changed is not None), data)
            for name, data in self._written.items():
                if name not in self._parts:
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
