"""
Writing results so that at any moment there is the old file or the new one, never a part of one.

Each file is written beside its target under a name that starts with a dot, flushed to the disk,
then renamed: a name that is a link to a file, or to nothing, is replaced and never written
through. What an interrupted run left behind is swept away by the next one.

Channels are written to and never replaced: devices, pipes, sockets, and links under /dev and /proc
such as /dev/stdout. A link elsewhere counts where it leads to one of them.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import platform
import re
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from cmswp_xl.errors import UnwritableOutput
from cmswp_xl.interruption import Cleaning
from cmswp_xl.languages import reason_of

_MACHINE = hashlib.sha256(platform.node().encode()).hexdigest()[:8]
_NAME = re.compile(r"\.cmswp-(?P<machine>[0-9a-f]{8})-(?P<process>\d+)-.*\.part\Z")
_FULL = {getattr(errno, name, None) for name in ("ENOSPC", "EDQUOT", "EFBIG")}

_SYSTEM = ("/dev", "/proc")
_KINDS = (stat.S_ISCHR, stat.S_ISBLK, stat.S_ISFIFO, stat.S_ISSOCK)
_MOST_LINKS = 40  # as the kernel of Linux follows


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
    """Write a file into an existing folder; raises `UnwritableOutput` as `write_files` does."""
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
    own = f".cmswp-{_MACHINE}-{os.getpid()}"
    staged = {
        target.with_name(f"{own}-{secrets.token_hex(4)}.part"): target
        for target in targets
        if target not in channels
    }
    with Cleaning(partial(_remove, staged)):
        for temporary, target in staged.items():
            _stage(target, temporary, targets[target])
        for target in channels:
            with _writing(target):
                write_to_channel(target, targets[target])
        for temporary, target in staged.items():
            _put(temporary, target, replace=replace)
    for folder in folders:
        _flush_folder(folder)


def _check(target: Path, spared: Sequence[Path], *, replace: bool) -> None:
    if target.is_dir():
        raise UnwritableOutput("output-is-folder", path=str(target))
    if not replace and occupied(target):
        raise UnwritableOutput("output-exists", path=str(target))
    check_spared(target, spared)


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
    except OSError as error:
        return not isinstance(error, ProcessLookupError)
    return True


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()


def _make_folder(folder: Path) -> None:
    with _writing(folder):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            raise UnwritableOutput("output-not-folder", path=str(folder)) from error


def _stage(target: Path, temporary: Path, data: bytes) -> None:
    with _writing(target):
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode_of(target))


def _mode_of(target: Path) -> int:
    """Return the mode of the file replaced; the usual one in place of a link or of nothing."""
    if target.exists() and not target.is_symlink():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _put(temporary: Path, target: Path, *, replace: bool) -> None:
    """Put a file in its place; a new one unless another came there first."""
    with _writing(target):
        if not replace:
            try:
                os.link(temporary, target)
            except FileExistsError as error:
                raise UnwritableOutput("output-exists", path=str(target)) from error
            except OSError:  # a file system without links
                if os.path.lexists(target):
                    raise UnwritableOutput("output-exists", path=str(target)) from None
            else:
                return
        temporary.replace(target)


def _flush_folder(folder: Path) -> None:
    """Make the renames durable where the system can; a refusal changes nothing."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise UnwritableOutput("disk-full", path=str(path)) from error
        detail = reason_of(error)
        raise UnwritableOutput("output-unwritable", path=str(path), detail=detail) from error


def is_channel(path: Path) -> bool:
    """Return whether a name is written to rather than replaced."""
    mode = _mode(path)
    return any(kind(mode) for kind in _KINDS) or any(map(_of_system, _links(path)))


def write_to_channel(path: Path, data: bytes) -> None:
    """
    Write data to a device, a pipe, a socket or an open file.

    A file that this process holds open, such as its standard output, gets the data where it
    stands, be it a socket or appended to. Raises `OSError`.
    """
    own = _own_descriptor(path)
    if own is None and stat.S_ISSOCK(_mode(path)):
        import socket

        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(path))
            connection.sendall(data)
        return
    flags = os.O_WRONLY | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
    handle = os.open(path, flags) if own is None else os.dup(own)
    with os.fdopen(handle, "wb") as channel:
        channel.write(data)


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def _links(path: Path) -> Iterator[str]:
    """Yield a name and what it leads to, as long as these are links."""
    name = str(path)
    for _ in range(_MOST_LINKS):
        try:
            target = os.readlink(name)  # noqa: PTH115  as below
        except (OSError, ValueError):
            return
        yield name
        name = os.path.join(os.path.dirname(name), target)  # noqa: PTH118, PTH120  ".." stays


def _of_system(link: str) -> bool:
    folder = os.path.realpath(os.path.dirname(link))  # noqa: PTH120  as in `_links`
    return any(folder == name or folder.startswith(f"{name}/") for name in _SYSTEM)


def _own_descriptor(path: Path) -> int | None:
    """Return the number of the open file of this process that a name leads to."""
    own = {f"/proc/{os.getpid()}/fd", f"/proc/{os.getpid()}/task/{os.getpid()}/fd"}
    for link in _links(path):
        folder, number = os.path.split(link)
        if number.isdecimal() and os.path.realpath(folder) in own:
            return int(number)
    return None
