"""
Names that are written to and never replaced.

These are devices, pipes, sockets, and links under /dev and /proc such as /dev/stdout. A link
elsewhere counts where it leads to one of them.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SYSTEM = ("/dev", "/proc")
_KINDS = (stat.S_ISCHR, stat.S_ISBLK, stat.S_ISFIFO, stat.S_ISSOCK)
_MOST_LINKS = 40  # as the kernel of Linux follows


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
