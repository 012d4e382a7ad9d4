"""
Writing results so that at any moment there is the old file or the new one, never a part of one.

Each file is written beside its target under a name that starts with a dot, flushed to the disk,
then renamed. What an interrupted run left behind is swept away by the next one.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import platform
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cmswp_xl.errors import UnwritableOutput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_SUFFIX = ".part"
_MACHINE = hashlib.sha256(platform.node().encode()).hexdigest()[:8]
_NAME = re.compile(r"\.cmswp-(?P<machine>[0-9a-f]{8})-(?P<process>\d+)-.*\.part\Z")
_FULL = {getattr(errno, name, None) for name in ("ENOSPC", "EDQUOT", "EFBIG")}


def write_files(
    folder: Path, files: Mapping[str, bytes], spared: Sequence[Path] = ()
) -> list[Path]:
    """
    Write all files into a folder, or below it, or none of them; folders are made if needed.

    All are written under temporary names before the first is renamed. Raises `UnwritableOutput`,
    also where a file would take the place of one of those to be spared.
    """
    folders = sorted({folder, *((folder / name).parent for name in files)})
    for each in folders:
        _make_folder(each)
    targets = {name: _place(folder / name) for name in files}
    for target in targets.values():
        if target.is_dir():
            raise UnwritableOutput("output-is-folder", path=str(target))
        if target.exists() and any(target.samefile(path) for path in spared):
            raise UnwritableOutput("same-file", path=str(target))
    for each in folders:
        sweep(each)
    with _staging() as staged:
        for name, data in files.items():
            staged[_stage(targets[name], data)] = targets[name]
        for temporary, target in list(staged.items()):
            _rename(temporary, target)
            del staged[temporary]
    for each in folders:
        _flush_folder(each)
    return [folder / name for name in files]


def write_file(path: Path, data: bytes, *, replace: bool = True) -> None:
    """
    Write one file; its folder must be there.

    Raises `UnwritableOutput`, also where the file is there and is not to be replaced.
    """
    if not path.parent.is_dir():
        raise UnwritableOutput("output-folder-missing", path=str(path.parent))
    if path.is_dir():
        raise UnwritableOutput("output-is-folder", path=str(path))
    if not replace and (path.exists() or path.is_symlink()):
        raise UnwritableOutput("output-exists", path=str(path))
    target = _place(path)
    sweep(target.parent)
    with _staging() as staged:
        temporary = _stage(target, data)
        staged[temporary] = target
        if replace:
            _rename(temporary, target)
            del staged[temporary]
        else:
            _link(temporary, target)
    _flush_folder(target.parent)


def sweep(folder: Path) -> None:
    """Remove the temporary files that killed runs on this machine left in a folder."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            match = _NAME.match(path.name)
            if match and match["machine"] == _MACHINE and not _running(int(match["process"])):
                with contextlib.suppress(OSError):
                    path.unlink()


def _running(process: int) -> bool:
    """Tell whether a process may still run; in doubt it does."""
    if os.name == "nt":
        return process == os.getpid()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextlib.contextmanager
def _staging() -> Iterator[dict[Path, Path]]:
    """Keep the temporary files of one writing, and remove those left at its end."""
    staged: dict[Path, Path] = {}
    try:
        yield staged
    finally:
        try:
            _remove(staged)
        except BaseException:
            _remove(staged)
            raise


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()


def _place(target: Path) -> Path:
    """Give where a file really goes: a target that is a link keeps being one."""
    try:
        return target.resolve() if target.is_symlink() else target
    except (OSError, RuntimeError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise UnwritableOutput("output-unwritable", path=str(target), detail=detail) from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise UnwritableOutput("output-not-folder", path=str(folder)) from error
    except OSError as error:
        raise _unwritable(folder, error) from error


def _stage(target: Path, data: bytes) -> Path:
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(
            _SUFFIX, f".cmswp-{_MACHINE}-{os.getpid()}-", target.parent
        )
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _usual_mode(temporary, target)
    except BaseException as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()
        if isinstance(error, OSError):
            raise _unwritable(target, error) from error
        raise
    return temporary


def _usual_mode(temporary: Path, target: Path) -> None:
    """Give the file the mode its target has, or the usual one of a new file."""
    if target.exists():
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
    if target.exists():
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
