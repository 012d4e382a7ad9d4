"""
Connections as uvicorn serves them, bounded in time and number.

A connection waits while no whole request of it is being answered: it is idle, or its headers or
its body are still to come. Waiting connections are closed after some seconds, and the one silent
for longest goes where a client, by the address of its socket, has too many of them.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Collection
    from types import FrameType

    from starlette.types import ASGIApp

WAITING_SECONDS = 5.0
"""For the headers of a request from their first byte, and between requests."""
READING_SECONDS = 10.0
"""For a client to take in some part of an answer."""
MOST_WAITING = 100
"""Waiting connections of one client; behind a proxy, that is the proxy."""
MOST_CONNECTIONS = 500
STOPPING_SECONDS = 2
"""For requests that are being answered when the server is stopped."""
_LAST_SECONDS = 3.5
"""Until the process ends whatever it does, as what runs in a thread cannot be cancelled."""
_LONGEST_HEADERS = 32_768
_SIGNALLED = 128


def close_one_too_many(
    connections: Collection[Any], most: int = MOST_WAITING, most_of_all: int = MOST_CONNECTIONS
) -> None:
    """
    Close the waiting connection that is silent for longest, where there are too many.

    It is one of each client with too many of them, or of the client with most where there are too
    many connections in all.
    """
    if len(connections) <= min(most, most_of_all):
        return
    by_client: dict[str, list[Any]] = defaultdict(list)
    for connection in sorted((c for c in connections if c.waiting), key=lambda c: c.heard):
        by_client[connection.address].append(connection)
    crowded = [own for own in by_client.values() if len(own) > most]
    if not crowded and by_client and len(connections) > most_of_all:
        crowded = [max(by_client.values(), key=len)]
    for own in crowded:
        own[0].abort()


class BoundedProtocol(H11Protocol):
    """A connection that is closed when it waits for too long, or with too many others."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.address = ""
        self.heard = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._begun = False
        self._unsent = 0

    @property
    def waiting(self) -> bool:
        """Whether no whole request is being answered."""
        answering = self._answering and not self.cycle.more_body
        return not answering and not self.transport.is_closing()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        self.heard = self.loop.time()
        self._start(WAITING_SECONDS)
        close_one_too_many(self.connections)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in a part of a request; its headers have the time from their first byte."""
        self.heard = self.loop.time()
        if not self._begun and not self._answering:
            self._begun = True
            self._start(WAITING_SECONDS)
        super().data_received(data)
        if self._answering:
            self._stop()

    def on_response_complete(self) -> None:
        """Wait for the next request, once the client has taken in the answer."""
        self._begun = False
        self.heard = self.loop.time()
        self._start(WAITING_SECONDS)
        super().on_response_complete()
        close_one_too_many(self.connections)

    def pause_writing(self) -> None:
        """Wait for the client to take in some part of the answer."""
        super().pause_writing()
        self._start(READING_SECONDS)

    def resume_writing(self) -> None:
        """Go on with the answer."""
        super().resume_writing()
        if self._answering:
            self._stop()

    def shutdown(self) -> None:
        """Close a connection that waits; a request that is being answered has a little time."""
        if self._answering and not self.cycle.more_body:
            super().shutdown()
        else:
            self.abort()

    def abort(self) -> None:
        """Close the connection, whatever it still has to send."""
        self.transport.abort()

    @property
    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _start(self, seconds: float) -> None:
        self._stop()
        self._unsent = self.transport.get_write_buffer_size()
        self._timer = self.loop.call_later(seconds, self._end)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self) -> None:
        """Close the connection, unless its client still takes in an answer."""
        unsent = self.transport.get_write_buffer_size()
        if 0 < unsent < self._unsent:
            self._start(READING_SECONDS)
        else:
            self.abort()


class BoundedServer(uvicorn.Server):
    """A server that ends within seconds of being told to."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop the server, and end the process when that takes too long."""
        if not self.should_exit:
            last = threading.Timer(_LAST_SECONDS, os._exit, (_SIGNALLED + sig,))
            last.daemon = True
            last.start()
        super().handle_exit(sig, frame)


def server(
    app: ASGIApp, *, certificate: str | None = None, key: str | None = None
) -> uvicorn.Server:
    """Return a server of an application, with TLS where a certificate is given."""
    config = uvicorn.Config(
        app,
        http=BoundedProtocol,
        access_log=False,
        server_header=False,
        ws="none",
        log_level="info",
        timeout_keep_alive=int(WAITING_SECONDS),
        timeout_graceful_shutdown=STOPPING_SECONDS,
        h11_max_incomplete_event_size=_LONGEST_HEADERS,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    return BoundedServer(config)
