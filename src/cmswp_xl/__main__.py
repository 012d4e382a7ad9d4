"""`python -m cmswp_xl` and the command `cmswp`."""

from __future__ import annotations

import gc
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from types import FrameType

INTERRUPTED = 130
TERMINATED = 143


def main() -> NoReturn:
    """
    Run the command line.

    An interruption at any moment, the start included, ends quietly with exit code 130; what was
    being written is cleaned up.
    """
    try:
        signal.signal(signal.SIGTERM, _terminate)
        gc.disable()  # a run is short, and what it reads is all still in use at its end
        from cmswp_xl.cli import run

        code = run()
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    """End as an interruption does, so that temporary files are removed."""
    raise SystemExit(TERMINATED)


if __name__ == "__main__":
    main()
