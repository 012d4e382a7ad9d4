"""
Whether a file may be opened at all, decided before anything is parsed.

Each refusal has its own reason, so that the message can say what to do. The order and the limits
are those of the project's reliability requirements: absolute limits, nothing extracted to disk.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.errors import UnreadableWorkbook

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

OLE_SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
MEGABYTE = 1_000_000
PROLOG = 65_536
"""How much of each part is searched for a document type declaration, which stands first."""

_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_XML_PARTS = (".xml", ".rels", ".vml")
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
        """Give the limits with those raised that the user set; a single part may fill them all."""
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


def open_package(data: bytes, name: str, limits: Limits) -> zipfile.ZipFile:
    """
    Check a workbook's bytes and open the package in them.

    Raises `UnreadableWorkbook` with the reason where it is not one, or not a safe one.
    """
    _check_signature(data, name)
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        _check_directory(package.infolist(), name, limits)
        _check_prologs(package, name)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        ValueError,
        OSError,
    ) as e:
        raise UnreadableWorkbook("damaged", file=name) from e
    except RuntimeError as e:
        raise UnreadableWorkbook("password", file=name) from e
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


def _check_directory(entries: Iterable[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    entries = list(entries)
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


def _check_prologs(package: zipfile.ZipFile, name: str) -> None:
    for entry in package.infolist():
        if entry.filename.casefold().endswith(_XML_PARTS):
            with package.open(entry) as part:
                start = part.read(PROLOG)
            if any(re.search(re.escape(doctype), start, re.IGNORECASE) for doctype in _DOCTYPES):
                raise UnreadableWorkbook("unsafe", file=name)
