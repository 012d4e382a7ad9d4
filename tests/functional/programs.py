"""
The program as a user runs it: in a process of its own, or quickly in this one.

`program()` starts `python -m cmswp_xl`, for what only a process shows; `cmswp()` calls the same
command line here.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cmswp_xl
from cmswp_xl import pipeline
from cmswp_xl.cli import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SOURCES = Path(cmswp_xl.__file__).parents[1]
COMMAND = (sys.executable, "-m", "cmswp_xl")
PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Result:
    """What a run gave: its exit code, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The standard output as JSON."""
        return json.loads(self.out)


_CHECKED: OrderedDict[object, pipeline.Checkup] = OrderedDict()
_MOST_CHECKED = 8
_LARGEST_SHARED = 2_000_000
"""Bytes of a file; a larger one is there to be refused, or for the memory that it takes."""


def _small_file(path: Path) -> bytes | None:
    """Give the bytes of an ordinary file; None for a large one, and what may be read only once."""
    with contextlib.suppress(OSError):
        if path.is_file() and path.stat().st_size <= _LARGEST_SHARED:
            return path.read_bytes()
    return None


@contextlib.contextmanager
def _checked_once() -> Iterator[None]:
    """Have commands share the check of a workbook: same path, bytes and limits, same issues."""
    check = pipeline.check_workbook

    def check_workbook(path: Path, limits: Any = None, *, flags: bool = True) -> pipeline.Checkup:
        data = _small_file(path)
        if data is None:
            return check(path, limits, flags=flags)
        key = (check, str(path), data, limits, flags)
        if key not in _CHECKED:
            _CHECKED[key] = check(path, limits, flags=flags)
        _CHECKED.move_to_end(key)
        while len(_CHECKED) > _MOST_CHECKED:
            _CHECKED.popitem(last=False)
        return _CHECKED[key]

    pipeline.check_workbook = check_workbook
    try:
        yield
    finally:
        pipeline.check_workbook = check


def cmswp(*arguments: object) -> Result:
    """Run a command in this process."""
    streams = [
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True)
        for _ in range(2)
    ]
    redirected = contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1])
    with _checked_once(), redirected[0], redirected[1]:
        code = run([str(argument) for argument in arguments])
    out, err = (stream.buffer.getvalue().decode() for stream in streams)  # type: ignore[attr-defined]
    return Result(code, out, err)


def environment(**changes: str) -> dict[str, str]:
    """
    Give this process's environment, in which the program is found from any folder.

    Coverage does not follow: its start would be what a signal interrupts.
    """
    kept = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    paths = [str(SOURCES), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(paths), **changes}


def program(*arguments: object, env: Mapping[str, str] | None = None, **options: Any) -> Result:
    """Run a command in a process of its own; `env` adds to the environment."""
    done = subprocess.run(
        [*COMMAND, *(str(argument) for argument in arguments)],
        check=False,
        capture_output=True,
        timeout=PATIENCE,
        env=environment(**(env or {})),
        **options,
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def started(*arguments: object, **options: Any) -> subprocess.Popen[bytes]:
    """Start a command in a process of its own and do not wait for it."""
    return subprocess.Popen(
        [*COMMAND, *(str(argument) for argument in arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        **options,
    )


def listing(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder with its content, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def is_a_clear_failure(result: Result, code: int = 2) -> bool:
    """Tell whether a run failed as promised: its code, three lines at most, no traceback."""
    lines = result.err.strip().splitlines()
    return (
        result.code == code
        and 1 <= len(lines) <= 3
        and "Traceback" not in result.err
        and "unexpected error occurred" not in result.err
    )
