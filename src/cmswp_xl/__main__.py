"""`python -m cmswp_xl` and the command `cmswp`."""

import os

try:
    from cmswp_xl import interruption

    interruption.listen()
except KeyboardInterrupt:
    os._exit(130)

import atexit
import contextlib
import gc
import sys
import warnings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> "NoReturn":
    """Run the command line; an interruption at any moment ends it quietly (`interruption`)."""
    gc.disable()  # a run is short, and what it reads is all still in use at its end
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # those of libraries, which nobody can act upon
    from cmswp_xl.cli import run

    _leave(run())


def _leave(code: int) -> "NoReturn":
    """End without taking Python apart first, which lasts as long as a quick command."""
    atexit._run_exitfuncs()  # noqa: SLF001  there is no other way to run them
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
