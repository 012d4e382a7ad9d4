"""
Writing results so that at any moment there is the old file or the new one, never a part of one.

Each file is written beside its target under a name that starts with a dot, flushed to the disk,
then renamed: a name that is a link to a file, or to nothing, is replaced and never written
through. Devices, pipes and sockets are written to (see `channels`). What an interrupted run left
behind is swept away by the next one.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import platform
import re
import secrets
from functools import partial
from typing import TYPE_CHECKING

from cmswp_xl.channels import is_channel, write_to_channel
from cmswp_xl.errors import UnwritableOutput
from cmswp_xl.interruption import Cleaning

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_SUFFIX = ".part"
_MACHINE = hashlib.sha256(platform.node().encode()).hexdigest()[:8]
_NAME = re.compile(r"\.cmswp-(?P<machine>[0-9a-f]{8})-(?P<process>\d+)-.*\.part\Z")
_FULL = {getattr(errno, name, None) for name in ("ENOSPC", "EDQUOT", "EFBIG")}


def write_files(
    folder: Path, files: Mapping[str, bytes], spared: Sequence[Path] = (), *, replace: bool = True
) -> list[Path]:
    """
    Write all files into a folder, or below it, or none of them; folders are made if needed.

    Return their paths. Raises `UnwritableOutput`, also where a file would take the place of one of
    those to be spared, or is there and is not to be replaced.
    """
    targets = {folder / name: data for name, data in files.items()}
    for each in sorted({folder, *(target.parent for target in targets)}):
        _make_folder(each)
    _write(targets, spared, replace=replace)
    return list(targets)


def write_file(
    path: Path, data: bytes, spared: Sequence[Path] = (), *, replace: bool = True
) -> None:
    """
    Write one file; its folder must be there.

    Raises `UnwritableOutput`, for the reasons of `write_files` too.
    """
    if not path.parent.is_dir():
        raise UnwritableOutput("output-folder-missing", path=str(path.parent))
    _write({path: data}, spared, replace=replace)


def occupied(path: Path) -> bool:
    """Return whether something is there that writing would replace; a link to nothing is, too."""
    return (path.exists() or path.is_symlink()) and not is_channel(path)


def check_spared(path: Path, spared: Iterable[Path]) -> None:
    """Raise `UnwritableOutput` where writing to a path would hit a file to be spared."""
    with contextlib.suppress(OSError):
        if any(other.exists() and path.samefile(other) for other in spared):
            raise UnwritableOutput("same-file", path=str(path))


def _write(targets: Mapping[Path, bytes], spared: Sequence[Path], *, replace: bool) -> None:
    """Stage all files before the first is renamed; channels get theirs between the two."""
    channels = {target for target in targets if is_channel(target)}
    folders = sorted({target.parent for target in targets if target not in channels})
    for folder in folders:
        sweep(folder)
    for target in targets:
        _check(target, spared, replace=replace)
    staged = {_temporary(target): target for target in targets if target not in channels}
    with Cleaning(partial(_remove, staged)):
        for temporary, target in staged.items():
            _stage(target, temporary, targets[target])
        for target in channels:
            _send(target, targets[target])
        put = _rename if replace else _link
        for temporary, target in staged.items():
            put(temporary, target)
    for folder in folders:
        _flush_folder(folder)


def _check(target: Path, spared: Sequence[Path], *, replace: bool) -> None:
    if target.is_dir():
        raise UnwritableOutput("output-is-folder", path=str(target))
    if not replace and occupied(target):
        raise UnwritableOutput("output-exists", path=str(target))
    check_spared(target, spared)


def _send(target: Path, data: bytes) -> None:
    try:
        write_to_channel(target, data)
    except OSError as error:
        raise _unwritable(target, error) from error


def sweep(folder: Path) -> None:
    """Remove the temporary files that killed runs on this machine left in a folder."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            match = _NAME.match(path.name)
            if match and match["machine"] == _MACHINE and not _running(int(match["process"])):
                with contextlib.suppress(OSError):
                    path.unlink()


def _running(process: int) -> bool:
    """Return whether a process may still run; in doubt it does."""
    if os.name == "nt":
        return process == os.getpid()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise UnwritableOutput("output-not-folder", path=str(folder)) from error
    except OSError as error:
        raise _unwritable(folder, error) from error


def _temporary(target: Path) -> Path:
    """Return a name beside a target that nothing has yet."""
    name = f".cmswp-{_MACHINE}-{os.getpid()}-{secrets.token_hex(4)}{_SUFFIX}"
    return target.with_name(name)


def _stage(target: Path, temporary: Path, data: bytes) -> None:
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _usual_mode(temporary, target)
    except OSError as error:
        raise _unwritable(target, error) from error


def _usual_mode(temporary: Path, target: Path) -> None:
    """Set the mode of the file replaced; the usual one in place of a link or of nothing."""
    if target.exists() and not target.is_symlink():
        temporary.chmod(target.stat().st_mode & 0o777)
        return
    mask = os.umask(0)
    os.umask(mask)
    temporary.chmod(0o666 & ~mask)


def _rename(temporary: Path, target: Path) -> None:
    try:
        temporary.replace(target)
    except OSError as error:
        raise _unwritable(target, error) from error


def _link(temporary: Path, target: Path) -> None:
    """Put a new file in its place unless another came there first."""
    try:
        os.link(temporary, target)
    except FileExistsError as error:
        raise UnwritableOutput("output-exists", path=str(target)) from error
    except OSError:
        _rename_new(temporary, target)


def _rename_new(temporary: Path, target: Path) -> None:
    if os.path.lexists(target):
        raise UnwritableOutput("output-exists", path=str(target))
    _rename(temporary, target)


def _flush_folder(folder: Path) -> None:
    """Make the renames durable where the system can; a refusal changes nothing."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _unwritable(path: Path, error: OSError) -> UnwritableOutput:
    if error.errno in _FULL:
        return UnwritableOutput("disk-full", path=str(path))
    return UnwritableOutput("output-unwritable", path=str(path), detail=error.strerror or "")
