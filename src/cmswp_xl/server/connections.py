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


class Waiting:
    """The waiting connections by client, each client's silent for longest first."""

    def __init__(self, most: int = MOST_WAITING, most_of_all: int = MOST_CONNECTIONS) -> None:
        self._most = most
        self._most_of_all = most_of_all
        self._by_client: dict[str, dict[BoundedProtocol, None]] = defaultdict(dict)

    def add(self, connection: BoundedProtocol, connections: int) -> None:
        """Count a connection as the latest to be heard of, and close one too many."""
        own = self._by_client[connection.address]
        own.pop(connection, None)
        own[connection] = None
        if len(own) > self._most:
            next(iter(own)).abort()
        elif connections > self._most_of_all:
            client = max(self._by_client, key=lambda name: len(self._by_client[name]))
            next(iter(self._by_client[client])).abort()

    def remove(self, connection: BoundedProtocol) -> None:
        """Count a connection no longer."""
        own = self._by_client.get(connection.address, {})
        own.pop(connection, None)
        if not own:
            self._by_client.pop(connection.address, None)


class BoundedProtocol(H11Protocol):
    """A connection that is closed when it waits for too long."""

    def __init__(self, *arguments: Any, waiting: Waiting, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.address = ""
        self._waiting = waiting
        self._timer: asyncio.TimerHandle | None = None
        self._begun = False
        self._unsent = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        self._start(WAITING_SECONDS)
        self._waiting.add(self, len(self.connections))

    def connection_lost(self, exc: Exception | None) -> None:
        """Count the connection no longer."""
        self._stop()
        self._waiting.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in a part of a request; its headers have the time from their first byte."""
        if not self._begun and not self._answering:
            self._begun = True
            self._start(WAITING_SECONDS)
        super().data_received(data)
        if self._answering:
            self._stop()
        if self.transport.is_closing():
            return
        if self._answering and not self.cycle.more_body:
            self._waiting.remove(self)
        else:
            self._waiting.add(self, len(self.connections))

    def on_response_complete(self) -> None:
        """Wait for the next request, once the client has taken in the answer."""
        self._begun = False
        self._start(WAITING_SECONDS)
        if not self.transport.is_closing():
            self._waiting.add(self, len(self.connections))
        super().on_response_complete()

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
        self._waiting.remove(self)
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
    waiting = Waiting()

    class Protocol(BoundedProtocol):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, waiting=waiting, **named)

    config = uvicorn.Config(
        app,
        http=Protocol,
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
