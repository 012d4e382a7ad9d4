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
from collections.abc import Callable
from typing import IO, Any, BinaryIO, TypeVar, cast

from cmswp_xl.errors import BrokenResource, CmswpError

T = TypeVar("T")

SECONDS = 45
"""How long one piece of work may take."""

MEGABYTES = 1200
"""How much memory the process may use, the program itself included."""

_LARGEST = 250_000_000
"""How large a result may be; none that is needed comes near it."""

_TOO_LARGE = "exceeded", "template-memory"
_FLAGS = {"creationflags": 0x0800_0200} if sys.platform == "win32" else {"start_new_session": True}
"""Apart from the terminal: Ctrl-C is for the run itself, which ends this process."""


def confined(file: str, work: Callable[..., T], *arguments: object) -> T:
    """
    Return what a function of some module makes of a file, called in the confined process.

    Raises the `CmswpError` that it raises, and `BrokenResource` where it takes too long or too
    much memory.
    """
    kind, result = _worker().ask(pickle.dumps((work, arguments)))
    if kind == "result":
        return cast("T", result)
    if kind == "failure":
        raise cast("CmswpError", result)
    _dismiss()
    if kind == "exceeded":
        raise BrokenResource(str(result), name=file, seconds=SECONDS, limit=MEGABYTES)
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
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)

    def ask(self, request: bytes) -> tuple[str, object]:
        """Return the kind and the content of the answer."""
        late = threading.Event()
        timer = threading.Timer(SECONDS, self._kill, (late,))
        timer.daemon = True
        timer.start()
        try:
            with contextlib.suppress(OSError):  # it may have ended; then there is no answer
                self._requests.write(request)
                self._requests.flush()
            kind, result = pickle.load(self._answers)  # noqa: S301  written by this program
        except (EOFError, pickle.UnpicklingError):
            return "exceeded", "template-time" if late.is_set() else "template-memory"
        except BaseException:
            _dismiss()
            raise
        finally:
            timer.cancel()
        return kind, result

    def end(self) -> None:
        """End the process at once."""
        self._process.kill()
        for stream in (self._requests, self._answers):
            with contextlib.suppress(OSError):
                stream.close()
        self._process.wait()

    def _kill(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()


def serve() -> None:
    """Do the work that is asked for, until there is no more."""
    requests, answers = os.fdopen(0, "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that prints may write between the answers
    _cap_memory(MEGABYTES * 1_000_000)
    while requests.peek(1):
        _cap_time()
        answer = pickle.dumps(_answer(requests))
        answers.write(answer if len(answer) <= _LARGEST else pickle.dumps(_TOO_LARGE))
        answers.flush()


def _answer(requests: BinaryIO) -> tuple[str, object]:
    try:
        work, arguments = pickle.load(requests)  # noqa: S301  written by this program
        return "result", work(*arguments)
    except CmswpError as error:
        return "failure", error
    except MemoryError:
        return _TOO_LARGE
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
