"""The files of the add-in: which there are, and the record of those that were put there."""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cmswp_xl.addin.machine import settings_folder
from cmswp_xl.errors import BrokenResource, CmswpError, UnwritableOutput
from cmswp_xl.resources import CHECKOUT, PACKAGE
from cmswp_xl.storage import write_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cmswp_xl.addin.machine import Machine


_SHARING = 32  # the number of Windows for "used by another process"


def change(files: Mapping[Path, bytes | None]) -> None:
    """
    Write each file its content, or remove it for None; folders are made where needed.

    Files that are right already are not touched. Raises `UnwritableOutput`; what was changed
    before is then put back.
    """
    before: dict[Path, bytes | None] = {}
    try:
        for path, data in files.items():
            old = content(path)
            if old != data:
                before[path] = old
                _put(path, data)
    except BaseException:
        for path, old in reversed(before.items()):
            with contextlib.suppress(CmswpError, OSError):
                if content(path) != old:
                    _put(path, old)
        raise


def content(path: Path) -> bytes | None:
    """
    Give what a file holds, or None where there is none.

    Raises `UnwritableOutput` where it cannot be told, as for a folder of that name.
    """
    if path.is_dir():
        raise UnwritableOutput("output-is-folder", path=str(path))
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except NotADirectoryError as error:
        raise UnwritableOutput("output-not-folder", path=str(path.parent)) from error
    except OSError as error:
        raise _failure(path, error, in_use=_shared(error)) from error


def _put(path: Path, data: bytes | None) -> None:
    if data is None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _failure(path, error, in_use=_shared(error)) from error
        return
    try:
        write_files(path.parent, {path.name: data})
    except UnwritableOutput as error:
        cause = error.__cause__
        if isinstance(cause, OSError) and _held(cause):
            raise _failure(path, cause, in_use=True) from error
        raise


def _held(error: OSError) -> bool:
    """Tell a target that is held open from a folder that refuses any new file."""
    return _shared(error) or (isinstance(error, PermissionError) and error.filename2 is not None)


def _shared(error: OSError) -> bool:
    return getattr(error, "winerror", None) == _SHARING


def _failure(path: Path, error: OSError, *, in_use: bool) -> UnwritableOutput:
    if in_use:
        return UnwritableOutput("file-in-use", path=str(path))
    return UnwritableOutput("output-unwritable", path=str(path), detail=error.strerror or "")


NAME = "cmswp.xlam"
XLWINGS = "0.37.8"
"""The add-in holds the macros of this version, which start the libraries of the same version."""


def packaged_addin() -> bytes:
    """
    Give the add-in: from the installed package, or from `workbook/` in a checkout.

    Raises `BrokenResource` where it is in neither.
    """
    for path in (PACKAGE / "workbook" / NAME, CHECKOUT / "workbook" / NAME):
        if path.is_file():
            try:
                return path.read_bytes()
            except OSError as error:
                raise BrokenResource("resource-missing", name=NAME) from error
    raise BrokenResource("resource-missing", name=NAME)


@dataclass(frozen=True, slots=True)
class Written:
    """A setting that was written, and the line that stood there before, if any."""

    value: str
    before: str | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was written: the add-in, other files by their digest, settings, documents folder."""

    addin: str
    files: Mapping[str, str] = field(default_factory=dict)
    conf: Mapping[str, Written] = field(default_factory=dict)
    documents: str | None = None


def receipt_file(machine: Machine) -> Path:
    """Give where the receipt is kept."""
    return settings_folder(machine.environ, machine.system) / "receipt.json"


def read_receipt(machine: Machine) -> Receipt | None:
    """Give the receipt of the last installation; None without one that can be read."""
    try:
        kept = json.loads(receipt_file(machine).read_text(encoding="utf-8"))
        conf = {key: Written(str(pair[0]), pair[1]) for key, pair in kept["conf"].items()}
        return Receipt(
            addin=str(kept["addin"]),
            files={str(path): str(digest) for path, digest in kept["files"].items()},
            conf=conf,
            documents=kept["documents"],
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def receipt_text(receipt: Receipt) -> bytes:
    """Write a receipt as the content of its file."""
    kept = {
        "addin": receipt.addin,
        "files": dict(receipt.files),
        "conf": {key: [written.value, written.before] for key, written in receipt.conf.items()},
        "documents": receipt.documents,
    }
    return (json.dumps(kept, ensure_ascii=False, indent=2) + "\n").encode()


def digest(data: bytes) -> str:
    """Give the digest by which a file is known again."""
    return hashlib.sha256(data).hexdigest()
