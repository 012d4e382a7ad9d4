"""
Ctrl-C and SIGTERM, which end the program at once and quietly, wherever it is.

An exception raised by a handler may fall into an import, a `finally`, or a library that swallows
it or prints a traceback. Therefore the handler itself removes what is unfinished, and ends the
process. This module is loaded first of all and imports nothing that Python has not loaded already.
"""

import _signal  # type: ignore[import-not-found]  # that of C, which is loaded already
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType

_CODES = {int(_signal.SIGINT): 130, int(_signal.SIGTERM): 143}
_cleanings: "list[Callable[[], object]]" = []


class Cleaning:
    """
    What a block leaves behind is removed at its end, and where an interruption ends the program.

    `clean` may be called at any moment, several times.
    """

    def __init__(self, clean: "Callable[[], object]") -> None:
        self._clean = clean

    def __enter__(self) -> None:
        """Register what to do."""
        _cleanings.append(self._clean)

    def __exit__(
        self,
        _kind: "type[BaseException] | None",
        _error: "BaseException | None",
        _trace: "TracebackType | None",
    ) -> None:
        """Clean, whatever happened."""
        try:
            self._clean()
        finally:
            _cleanings.remove(self._clean)


def listen() -> None:
    """End the program on Ctrl-C and SIGTERM from now on; for the main thread of a program."""
    for number in _CODES:
        _signal.signal(number, _end)


def _end(
    number: int,
    _frame: "FrameType | None",
    # bound here, since Python empties its modules before it ends
    end: "Callable[[int], object]" = os._exit,
    cleanings: "list[Callable[[], object]]" = _cleanings,
    code: "Callable[[int], int]" = _CODES.__getitem__,
) -> None:
    for clean in reversed(cleanings):
        try:
            clean()
        except BaseException:  # noqa: BLE001, S112  the others are to be cleaned too
            continue
    end(code(number))
