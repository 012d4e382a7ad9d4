"""`python -m cmswp_xl` and the command `cmswp`."""

import os

try:
    from cmswp_xl import interruption

    interruption.listen()
except KeyboardInterrupt:
    os._exit(130)

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

    sys.exit(run())


if __name__ == "__main__":
    main()
