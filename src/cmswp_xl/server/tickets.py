"""
Documents that wait to be fetched once, by a link that nobody can guess.

Desktop Excel shows the task pane in a web view that may not save files. There the user's own
browser fetches the document; it is not signed in, so the link itself is the key.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from cmswp_xl.server.answers import File

LIFETIME = 120.0
"""How long a document waits, in seconds."""

_MOST_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class _Waiting:
    file: File
    until: float


class Tickets:
    """Keeps documents in memory, each until it is fetched or its time is over."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._waiting: dict[str, _Waiting] = {}

    def leave(self, file: File) -> str:
        """Keep a document and give its ticket; where there are too many, the oldest go."""
        self._sweep()
        ticket = secrets.token_urlsafe(32)
        self._waiting[ticket] = _Waiting(file, self._clock() + LIFETIME)
        while sum(len(kept.file.data) for kept in self._waiting.values()) > _MOST_BYTES:
            del self._waiting[next(iter(self._waiting))]
        return ticket

    def take(self, ticket: str) -> File | None:
        """Give the document of a ticket, which is then used up."""
        self._sweep()
        kept = self._waiting.pop(ticket, None)
        return kept.file if kept else None

    def _sweep(self) -> None:
        now = self._clock()
        for ticket in [key for key, kept in self._waiting.items() if kept.until < now]:
            del self._waiting[ticket]
