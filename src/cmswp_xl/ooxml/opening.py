"""
The one door through which every Office file is opened, before anything in it is parsed.

Each refusal has its own reason, so that the message can say what to do. Limits are absolute and
count what is really unpacked, never what the package says of itself; nothing is put on a disk.
"""

from __future__ import annotations

import copy
import io
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.ooxml.package import CONTENT_TYPES, Package

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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
        reason = getattr(error, "strerror", None) or str(error)
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


class _Root(Exception):
    """The root element has begun, and no document type was declared before it."""


class _DocumentType(Exception):
    """A document type is declared."""


def declares_type(part: bytes) -> bool:
    """Return whether a part declares a document type, however far down and in what encoding."""
    if not part[:64].lstrip(_PARSED_FIRST).startswith(b"<"):
        return False
    parser = expat.ParserCreate()
    parser.StartElementHandler = _root
    parser.StartDoctypeDeclHandler = _document_type
    try:
        for start in range(0, len(part), _PIECE):
            parser.Parse(part[start : start + _PIECE], False)
    except _DocumentType:
        return True
    except (_Root, expat.ExpatError, LookupError, ValueError):
        return False  # who reads a part that is not well-formed refuses it
    return False


def _root(*_arguments: object) -> None:
    raise _Root


def _document_type(*_arguments: object) -> None:
    raise _DocumentType
