"""Work on books, done beside the event loop, so that pages are answered meanwhile."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar

from anyio import CapacityLimiter, to_thread

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")
_AT_ONCE = 1
"""
More threads would only take turns, each with a book in memory, and keep plain pages waiting; books
wait for theirs in the order they came.
"""


async def run_beside(work: Callable[[], _T]) -> _T:
    """Run work beside the event loop; what still runs when the server stops is left."""
    return await to_thread.run_sync(work, limiter=_limiter(), abandon_on_cancel=True)


@cache
def _limiter() -> CapacityLimiter:
    return CapacityLimiter(_AT_ONCE)
