"""
Office files as packages: opened by one door, before anything in them is parsed, and patched.

Each refusal has its own reason, so that the message can say what to do. Limits are absolute and
count what is really unpacked, never what the package says of itself; nothing is put on a disk.

Parts are patched byte for byte: one that nobody changes keeps its bytes, its place and its entry
in the directory. A library that loads a workbook and saves it again (openpyxl, python-docx) drops
what it does not know: slicers, threaded comments, form controls, signatures of add-ins.
"""

from __future__ import annotations

import copy
import io
import posixpath
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.parsers import expat

from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.languages import reason_of

if TYPE_CHECKING:
    from lxml.etree import _Element


OLE_SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
MEGABYTE = 1_000_000
_PIECE = 65_536
"""How much of a part is read at a time until its root element begins."""

_PARSED_FIRST = b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"
"""What may stand before the first bracket of an XML part: spaces and marks of an encoding."""

_KNOWN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class Limits:
    """Safe bounds for a file: bytes when unpacked, parts, and cells read per table."""

    unpacked: int = 200 * MEGABYTE
    part: int = 100 * MEGABYTE
    parts: int = 2000
    cells: int = 2_000_000

    @classmethod
    def raised(cls, cells: int | None = None, megabytes: int | None = None) -> Limits:
        """Return the limits with those that the user raised; a single part may fill them all."""
        usual = cls()
        unpacked = usual.unpacked if megabytes is None else megabytes * MEGABYTE
        part = usual.part if megabytes is None else max(usual.part, unpacked)
        return cls(unpacked, part, usual.parts, usual.cells if cells is None else cells)


def read_bytes(path: Path, limits: Limits) -> bytes:
    """
    Read a workbook's file once into memory.

    Raises `UnreadableWorkbook` where it is missing, a folder, a lock file, or not readable.
    """
    name = str(path)
    try:
        if path.is_dir():
            raise UnreadableWorkbook("is-folder", file=name)
        if path.name.startswith("~$"):
            raise UnreadableWorkbook("lock-file", file=name, workbook=path.name[2:])
        if not path.exists():
            raise UnreadableWorkbook("not-found", file=name)
        if not path.is_file():
            raise UnreadableWorkbook("not-a-file", file=name)
        if path.stat().st_size > limits.unpacked:
            raise UnreadableWorkbook("too-large", file=name, limit=limits.unpacked // MEGABYTE)
        return path.read_bytes()
    except PermissionError as error:
        raise UnreadableWorkbook("locked", file=name) from error
    except (OSError, ValueError) as error:
        reason = (reason_of(error) if isinstance(error, OSError) else "") or str(error)
        raise UnreadableWorkbook("unreadable", file=name, detail=reason) from error


def open_package(data: bytes, name: str, limits: Limits | None = None) -> Package:
    """
    Check the bytes of an Office file and unpack it in memory.

    Raises `UnreadableWorkbook` with the reason where it is none, or not a safe one.
    """
    _check_signature(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_directory(entries, name, limits or Limits())
            parts = {entry.filename: _unpacked(archive, entry) for entry in entries}
            package = Package(parts, entries, archive.comment)
    except RuntimeError as error:
        reason = "damaged" if isinstance(error, NotImplementedError) else "password"
        raise UnreadableWorkbook(reason, file=name) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError) as error:
        raise UnreadableWorkbook("damaged", file=name) from error
    if any(declares_type(part) for part in parts.values()):
        raise UnreadableWorkbook("unsafe", file=name)
    if package.has("_rels/.rels") and not package.has(CONTENT_TYPES):
        raise UnreadableWorkbook("damaged", file=name)
    return package


def _check_signature(data: bytes, name: str) -> None:
    if not data:
        raise UnreadableWorkbook("empty-file", file=name)
    if not data.strip(b"\0"):
        raise UnreadableWorkbook("not-downloaded", file=name)
    if data.startswith(OLE_SIGNATURE[:4]):
        reason = "password" if ENCRYPTED_STREAM in data else "old-format"
        raise UnreadableWorkbook(reason, file=name)
    if not data.startswith(b"PK"):
        raise UnreadableWorkbook("not-excel", file=name)


def _check_directory(entries: Sequence[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    if len(entries) > limits.parts:
        raise UnreadableWorkbook("too-many-parts", file=name, limit=limits.parts)
    sizes = [entry.file_size for entry in entries]
    if sum(sizes) > limits.unpacked or max(sizes, default=0) > limits.part:
        limit = limits.unpacked // MEGABYTE
        raise UnreadableWorkbook("too-large", file=name, limit=limit)
    names = Counter(entry.filename.casefold() for entry in entries)
    if not names or max(names.values()) > 1:
        raise UnreadableWorkbook("damaged", file=name)
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableWorkbook("password", file=name)
    if any(entry.compress_type not in _KNOWN_METHODS for entry in entries):
        raise UnreadableWorkbook("damaged", file=name)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """
    Unpack a part, one byte further than it claims at most.

    The library itself inflates a part whole and cuts it to the size that is claimed afterwards.
    Raises `zipfile.BadZipFile` where the part is longer or shorter.
    """
    longer = copy.copy(entry)
    longer.file_size += 1
    with archive.open(longer) as part:
        data = part.read(longer.file_size)
    if len(data) != entry.file_size:
        raise zipfile.BadZipFile(entry.filename)
    return data


class _Begun(Exception):
    """A document type is declared, or the root element has begun without one."""


def declares_type(part: bytes) -> bool:
    """Return whether a part declares a document type, however far down and in what encoding."""
    if not part[:64].lstrip(_PARSED_FIRST).startswith(b"<"):
        return False
    parser = expat.ParserCreate()
    parser.StartElementHandler = partial(_stop, False)
    parser.StartDoctypeDeclHandler = partial(_stop, True)
    try:
        for start in range(0, len(part), _PIECE):
            parser.Parse(part[start : start + _PIECE], False)
    except _Begun as begun:
        return bool(begun.args[0])
    except (expat.ExpatError, LookupError, ValueError):
        return False  # who reads a part that is not well-formed refuses it
    return False


def _stop(declared: bool, *_arguments: object) -> None:  # noqa: FBT001  bound once
    raise _Begun(declared)


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
CONTENT_TYPES = "[Content_Types].xml"
"""The part that says what the parts of a package hold."""

_RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def parsed(data: bytes, **options: bool) -> _Element:
    """
    Parse a part; nothing outside it is ever fetched.

    Raises `etree.XMLSyntaxError` where it cannot be parsed, `ValueError` where it declares a
    document type.
    """
    from lxml import etree  # reading a workbook does without it

    usual = {"remove_comments": True, "remove_pis": True}  # they would be counted as elements
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, **{**usual, **options}
    )
    root = etree.fromstring(data, parser)
    if root is None or root.getroottree().docinfo.doctype:
        raise ValueError(data[:80])
    return root


def written(root: _Element, *, declaration: bool = True) -> bytes:
    """Return the bytes of a part, in UTF-8."""
    from lxml import etree

    data: bytes = etree.tostring(
        root.getroottree(),
        encoding="UTF-8",
        xml_declaration=declaration,
        standalone=True if declaration else None,
    )
    return data


@dataclass(frozen=True, slots=True)
class Relationship:
    """
    How a part refers to another: the id, what kind it is, and what stands as the target.

    `part` is the name of the part that the target means; empty where it lies outside the package.
    """

    key: str
    type: str
    target: str
    part: str = ""

    @property
    def kind(self) -> str:
        """The last word of the type: "worksheet", "image"."""
        return self.type.rpartition("/")[2]


class Package:
    """
    The parts of an Office file by name, whatever the case, in their order.

    `entries` say how the parts were packed. Reading a part that is not there raises `KeyError`.
    """

    def __init__(
        self,
        parts: Mapping[str, bytes],
        entries: Sequence[zipfile.ZipInfo] = (),
        comment: bytes = b"",
    ) -> None:
        self._entries = {entry.filename: entry for entry in entries}
        self._comment = comment
        self._original = dict(parts)
        self._parts = dict(parts)
        self._names = {_key(name): name for name in parts}

    def has(self, part: str) -> bool:
        """Return whether the package holds a part."""
        return _key(part) in self._names

    def names(self) -> list[str]:
        """Return the names of all parts, new ones last."""
        return list(self._parts)

    def read(self, part: str) -> bytes:
        """Return the bytes of a part as it now stands."""
        return self._parts[self._names[_key(part)]]

    def write(self, part: str, data: bytes) -> None:
        """Change a part, or add one at the end."""
        self._parts[self._names.setdefault(_key(part), part)] = data

    def free_name(self, stem: str, ending: str) -> str:
        """Return a name that no part has: the stem, the first free number and the ending."""
        names = (f"{stem}{number}{ending}" for number in count(1))
        return next(name for name in names if not self.has(name))

    def relationships(self, source: str) -> list[Relationship]:
        """Return what a part refers to; the package itself is the source ""."""
        rels = rels_name(source)
        if not self.has(rels):
            return []
        return [self._relationship(source, item) for item in _relationships(self.read(rels))]

    def references(self, source: str) -> list[Relationship]:
        """Return what a part refers to and the package holds."""
        return [item for item in self.relationships(source) if self.has(item.part)]

    def related(self, source: str, kind: str) -> list[str]:
        """Return the parts in the package that a part refers to as a kind."""
        return [item.part for item in self.references(source) if item.kind == kind]

    def _relationship(self, source: str, item: Mapping[str, str]) -> Relationship:
        target = item.get("Target", "")
        part = ""
        if item.get("TargetMode") != "External":
            folder, written_path = posixpath.dirname(source), target.partition("#")[0]
            paths = [
                posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")
                for path in (written_path, unquote(written_path))
            ]
            part = next((self._names[_key(path)] for path in paths if self.has(path)), paths[0])
        return Relationship(item.get("Id", ""), item.get("Type", ""), target, part)

    def relate(
        self, source: str, kind: str, target: str, key: str = "", *, external: bool = False
    ) -> str:
        """
        Let a part refer to another, or to an address outside, and return the id of the reference.

        `kind` is the last word of a type, or a whole one; without a `key` a free id is taken.
        """
        from lxml import etree

        rels = rels_name(source)
        if self.has(rels):
            root = parsed(self.read(rels))
        else:
            root = etree.Element(f"{{{RELATIONSHIPS}}}Relationships", nsmap={None: RELATIONSHIPS})
            self._declare_ending("rels", _RELS_TYPE)
        used = {item.get("Id", "").casefold() for item in root}
        free = (f"rId{number}" for number in count(len(root) + 1))
        key = key or next(name for name in free if name.casefold() not in used)
        path = posixpath.relpath(f"/{target}", f"/{posixpath.dirname(source)}")
        item = {
            "Id": key,
            "Type": kind if "/" in kind else f"{OFFICE}/{kind}",
            "Target": target if external else path,
            **({"TargetMode": "External"} if external else {}),
        }
        etree.SubElement(root, f"{{{RELATIONSHIPS}}}Relationship", item)
        self.write(rels, written(root))
        return key

    def unrelate(self, source: str, unwanted: Callable[[Relationship], bool]) -> list[str]:
        """Leave out references of a part, and return the parts that these alone led to."""
        found = self.relationships(source)
        gone = [item for item in found if unwanted(item)]
        if gone:
            keys = {item.key for item in gone}
            self._drop(rels_name(source), lambda item: item.get("Id") in keys)
        remaining = {item.part for item in found if not unwanted(item)}
        return [item.part for item in gone if item.part and item.part not in remaining]

    def leave_out(self, kinds: Collection[str], *sources: str) -> None:
        """Leave out what some parts refer to as one of these kinds, and what that refers to."""
        for source in sources:
            gone = self.unrelate(source, lambda item: item.kind in kinds)
            for part in gone:  # which grows on the way
                found = (item.part for item in self.relationships(part))
                gone += [other for other in found if other and other not in gone]
            self.remove(*gone)

    def remove(self, *parts: str) -> None:
        """Remove parts with their references; what is not there is passed over."""
        gone = {_key(part) for part in parts if self.has(part)}
        for key in gone | {_key(rels_name(part)) for part in gone}:
            self._parts.pop(self._names.pop(key, ""), None)
        if gone:
            self._drop(CONTENT_TYPES, lambda item: _key(item.get("PartName", "")) in gone)

    def _drop(self, part: str, unwanted: Callable[[_Element], bool]) -> None:
        root = parsed(self.read(part))
        for item in [item for item in root if unwanted(item)]:
            root.remove(item)
        self.write(part, written(root))

    def content_type(self, part: str) -> str:
        """Return what the package says a part to be; nothing where it does not say."""
        ending, found = _ending(part), ""
        for item in parsed(self.read(CONTENT_TYPES)):
            if _key(item.get("PartName", "")) == _key(part):
                return str(item.get("ContentType", ""))
            if item.get("Extension", "").casefold() == ending:
                found = item.get("ContentType", "")
        return found

    def add(self, part: str, data: bytes, content_type: str) -> None:
        """Add a part together with the declaration of what it holds."""
        from lxml import etree

        self.write(part, data)
        if self.content_type(part).casefold() == content_type.casefold():
            return
        ending = _ending(part)
        if ending != "xml" and self._declare_ending(ending, content_type):
            return
        root = parsed(self.read(CONTENT_TYPES))
        item = {"PartName": f"/{part}", "ContentType": content_type}
        etree.SubElement(root, f"{{{TYPES}}}Override", item)
        self.write(CONTENT_TYPES, written(root))

    def _declare_ending(self, ending: str, content_type: str) -> bool:
        """Declare what names with an ending hold; false where they are said to hold another."""
        from lxml import etree

        root = parsed(self.read(CONTENT_TYPES))
        for item in root.iter(f"{{{TYPES}}}Default"):
            if item.get("Extension", "").casefold() == ending:
                return bool(item.get("ContentType", "").casefold() == content_type.casefold())
        declared = {"Extension": ending, "ContentType": content_type}
        root.insert(0, etree.SubElement(root, f"{{{TYPES}}}Default", declared))
        self.write(CONTENT_TYPES, written(root))
        return True

    def to_bytes(self, *, anew: bool = False) -> bytes:
        """
        Return the package, the same bytes every time; parts that are as they were stay so.

        All are packed `anew`, without the dates that the file had, where asked to.
        """
        if anew:
            return Package(self._parts).to_bytes()
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as copy:
            copy.comment = self._comment
            for name, data in self._parts.items():
                copy.writestr(self._entry(name, changed=data != self._original.get(name)), data)
        return stream.getvalue()

    def _entry(self, name: str, *, changed: bool) -> zipfile.ZipInfo:
        """Return the entry of a part; a changed one has no date, a new one is compressed."""
        known = self._entries.get(name)
        entry = zipfile.ZipInfo(name, known.date_time if known and not changed else _EPOCH)
        entry.compress_type = known.compress_type if known else zipfile.ZIP_DEFLATED
        entry.create_system = known.create_system if known else 0
        if known:
            entry.external_attr, entry.comment = known.external_attr, known.comment
        return entry


def rels_name(source: str) -> str:
    """Return the name of the part that holds the references of a part."""
    folder, base = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def _relationships(data: bytes) -> list[dict[str, str]]:
    """Return the attributes of each relationship, read by expat, whose import takes no time."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == f"{RELATIONSHIPS} Relationship":
            found.append(attributes)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse
    parser.Parse(data, True)
    return found


def _refuse(*_arguments: object) -> None:
    raise ValueError


def _key(part: str) -> str:
    return part.casefold().lstrip("/")


def _ending(part: str) -> str:
    return posixpath.splitext(part)[1].lstrip(".").casefold()
