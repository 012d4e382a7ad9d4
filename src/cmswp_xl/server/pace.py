"""How often one user may ask: as many requests at once as a minute allows, then evenly."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MINUTE = 60.0
_MOST_USERS = 10_000


class Pace:
    """Counts the requests of each user; `clock` gives seconds."""

    def __init__(self, each_minute: int, clock: Callable[[], float]) -> None:
        self._most = float(each_minute)
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def left(self, user: str) -> bool:
        """Return whether the user may make a request now."""
        return self._left_now(user) >= 1

    def allows(self, user: str) -> bool:
        """Count a request, and return whether it was one that the user may make."""
        left = self._left_now(user)
        if len(self._left) > _MOST_USERS:
            self._left.clear()
        self._left[user] = (left - 1 if left >= 1 else left, self._clock())
        return left >= 1

    def _left_now(self, user: str) -> float:
        now = self._clock()
        left, since = self._left.get(user, (self._most, now))
        return min(self._most, left + (now - since) * self._most / _MINUTE)
