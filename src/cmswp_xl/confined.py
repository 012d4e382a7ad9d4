"""
Work on what others wrote, in a process of its own that has a deadline and a cap on its memory.

One process serves all work of a run, since its start takes half a second; it ends with the run.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import pickle
import subprocess
import sys
import threading
from typing import IO, TYPE_CHECKING, Any, TypeVar, cast

from cmswp_xl.errors import CmswpError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

SECONDS = 45
"""How long one piece of work may take."""

MEGABYTES = 1200
"""How much memory the process may use, the program itself included."""

_LARGEST = 250_000_000
_WIDTH = 8
_FLAGS = {"creationflags": 0x0800_0200} if sys.platform == "win32" else {"start_new_session": True}
"""Apart from the terminal: Ctrl-C is for the run itself, which ends this process."""


class Exceeded(Exception):
    """Work took too long ("time") or too much memory ("memory")."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


def confined(work: Callable[..., T], *arguments: object) -> T:
    """
    Return what a function of some module returns, called in the confined process.

    Raises the `CmswpError` that it raises, and `Exceeded` where it takes too much.
    """
    kind, result = _worker().ask(pickle.dumps((work, arguments)))
    if kind == "result":
        return cast("T", result)
    if kind == "failure":
        raise cast("CmswpError", result)
    _dismiss()
    if kind == "exceeded":
        raise Exceeded(str(result))
    raise RuntimeError(result)


@functools.cache
def _worker() -> _Worker:
    return _Worker()


@atexit.register
def _dismiss() -> None:
    if _worker.cache_info().currsize:
        _worker().end()
        _worker.cache_clear()


class _Worker:
    """The confined process, as the run sees it."""

    def __init__(self) -> None:
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # each thread takes memory
        self._process = subprocess.Popen(  # noqa: S603  this very program
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            **cast("Any", _FLAGS),
        )

    def ask(self, request: bytes) -> tuple[str, object]:
        """Return the kind and the content of the answer."""
        late = threading.Event()
        timer = threading.Timer(SECONDS, self._kill, (late,))
        timer.daemon = True
        timer.start()
        try:
            with contextlib.suppress(OSError):  # it may have ended; then there is no answer
                _write(self._stream("stdin"), request)
            answer = _read(self._stream("stdout"))
        except BaseException:
            _dismiss()
            raise
        finally:
            timer.cancel()
        if answer is None:
            return "exceeded", "time" if late.is_set() else "memory"
        kind, result = pickle.loads(answer)  # noqa: S301  written by this program
        return kind, result

    def end(self) -> None:
        """End the process at once."""
        self._process.kill()
        for name in ("stdin", "stdout"):
            with contextlib.suppress(OSError):
                self._stream(name).close()
        self._process.wait()

    def _kill(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def _stream(self, name: str) -> IO[bytes]:
        return cast("IO[bytes]", getattr(self._process, name))


def _write(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(_WIDTH, "big"))
    stream.write(data)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes | None:
    """Return the next message; None at the end, and for one that no work needs."""
    size = int.from_bytes(stream.read(_WIDTH), "big")
    data = stream.read(size) if 0 < size <= _LARGEST else b""
    return data if data and len(data) == size else None


def serve() -> None:
    """Do the work that is asked for, until there is no more."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that prints may write between the answers
    _cap_memory(MEGABYTES * 1_000_000)
    while (request := _read(requests)) is not None:
        _cap_time()
        _write(answers, pickle.dumps(_answer(request)))


def _answer(request: bytes) -> tuple[str, object]:
    try:
        work, arguments = pickle.loads(request)  # noqa: S301  written by this program
        return "result", work(*arguments)
    except CmswpError as error:
        return "failure", error
    except MemoryError:
        return "exceeded", "memory"
    except Exception as error:  # noqa: BLE001  reported to the process that asked
        return "error", f"{type(error).__name__}: {error}"


def _cap_time() -> None:
    """End the process some time after the deadline, should the run that asked be gone."""
    if sys.platform == "win32":
        timer = threading.Timer(2 * SECONDS, os._exit, (1,))
        timer.daemon = True
        timer.start()
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    limit = int(used.ru_utime + used.ru_stime) + 2 * SECONDS
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


def _cap_memory(size: int) -> None:
    if sys.platform == "win32":
        _cap_memory_on_windows(size)
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (size, hard))


def job_limits(size: int) -> Any:
    """Return the limits of a Windows job: the memory of each process, and its end with the job."""
    import ctypes

    class Limits(ctypes.Structure):
        """JOBOBJECT_EXTENDED_LIMIT_INFORMATION; what is not used keeps its place."""

        _fields_ = (
            ("times", ctypes.c_int64 * 2),
            ("flags", ctypes.c_uint32),
            ("working_set", ctypes.c_size_t * 2),
            ("active_processes", ctypes.c_uint32),
            ("affinity", ctypes.c_size_t),
            ("classes", ctypes.c_uint32 * 2),
            ("counters", ctypes.c_uint64 * 6),
            ("process_memory", ctypes.c_size_t),
            ("job_memory", ctypes.c_size_t),
            ("peaks", ctypes.c_size_t * 2),
        )

    limit_process_memory = 0x100
    return Limits(flags=limit_process_memory, process_memory=size)


def _cap_memory_on_windows(size: int) -> None:
    """Put this process into a job of its own; its handle stays open as long as the process."""
    import ctypes

    kernel = cast("Any", ctypes).WinDLL("kernel32", use_last_error=True)
    kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = ctypes.c_void_p
    job, limits = ctypes.c_void_p(kernel.CreateJobObjectW(None, None)), job_limits(size)
    extended_limits = 9
    kernel.SetInformationJobObject(
        job, extended_limits, ctypes.byref(limits), ctypes.sizeof(limits)
    )
    kernel.AssignProcessToJobObject(job, ctypes.c_void_p(kernel.GetCurrentProcess()))


if __name__ == "__main__":
    serve()
