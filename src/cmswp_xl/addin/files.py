"""Changing several files, all of them or none."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from cmswp_xl.errors import CmswpError, UnwritableOutput
from cmswp_xl.storage import write_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

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
