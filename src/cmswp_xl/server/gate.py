"""
The gate that every request passes: who asks, how often, how much, and for what.

Pure ASGI, outside of everything else. A request is refused before its body is read wherever that
is possible; what the rest of the program is handed is JSON of the right shape and size. Every
action leaves a line in the log: user, action, hash of the body, status, and nothing of a workbook.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from cmswp_xl.server.pace import Pace
from cmswp_xl.server.payload import check_book, check_call, parsed
from cmswp_xl.server.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping

Scope: TypeAlias = "MutableMapping[str, Any]"
Message: TypeAlias = "MutableMapping[str, Any]"
Receive: TypeAlias = "Callable[[], Awaitable[Message]]"
Send: TypeAlias = "Callable[[Message], Awaitable[None]]"
App: TypeAlias = "Callable[[Scope, Receive, Send], Awaitable[None]]"
Identify: TypeAlias = "Callable[[str, str], Awaitable[str]]"
"""Gives the name of who holds a token (and names a provider), or raises `Refusal`."""

AUDIT = logging.getLogger("cmswp_xl.audit")
_LOG = logging.getLogger(__name__)

FUNCTIONS = "/xlwings/custom-functions-call"
SCRIPTS = "/xlwings/custom-scripts-call/"
OWN = ("/cmswp/check", "/cmswp/document")
_SERVER_ERROR = 500
_PATH = re.compile(r"/(?:[A-Za-z0-9_@-][A-Za-z0-9_@.-]*/)*(?:[A-Za-z0-9_@-][A-Za-z0-9_@.-]*)?")
"""
Paths without anything that leads out of a folder. xlwings-server 1.20 serves `/static/../name`,
and so any file of the machine, to anybody; no such path may reach it.
"""
_ODD = re.compile(r"[^\w.@ -]")


@dataclass(frozen=True, slots=True)
class Rules:
    """
    What the gate lets through: bytes and cells of one request, names that may be called.

    `hosts` are the names that a local server answers by, None behind a proxy; `origins` those web
    pages that may ask besides its own. A body has `patience` seconds to arrive, each part of it
    `silence`; paces are in requests a minute.
    """

    max_bytes: int = 10_000_000
    max_cells: int = 1_000_000
    scripts: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    hosts: frozenset[str] | None = None
    origins: frozenset[str] = frozenset()
    headers: tuple[tuple[bytes, bytes], ...] = ()
    patience: float = 30.0
    silence: float = 10.0
    actions_each_minute: int = 60
    calls_each_minute: int = 6_000


@dataclass(slots=True)
class _Audit:
    """What the line in the log tells."""

    user: str = "-"
    action: str = "-"
    sha256: str = "-"
    status: int = 0

    def write(self) -> None:
        """Write the line; names hold nothing that could pass for another line."""
        AUDIT.info(
            "user=%s action=%s sha256=%s status=%d",
            _ODD.sub("?", self.user)[:64],
            _ODD.sub("?", self.action)[:64],
            self.sha256,
            self.status,
        )


@dataclass(slots=True)
class _Answer:
    """
    Sends what the program answers, with the headers added; a server error is left out.

    `complete` tells whether an answer was begun, so that something general follows otherwise.
    """

    send: Send
    headers: tuple[tuple[bytes, bytes], ...]
    status: int = 0
    complete: bool = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            if self.status < _SERVER_ERROR:
                self.complete = True
                await self.send({**message, "headers": self._with_own(message["headers"])})
        elif self.status < _SERVER_ERROR:
            await self.send(message)

    async def refuse(self, refusal: Refusal) -> None:
        """Answer that the request is not served."""
        self.status, self.complete = refusal.status, True
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(refusal.body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        if refusal.reason == "too-slow":
            headers.append((b"connection", b"close"))
        if refusal.reason == "too-many":
            headers.append((b"retry-after", b"60"))
        start = {"type": "http.response.start", "status": refusal.status}
        await self.send({**start, "headers": self._with_own(headers)})
        await self.send({"type": "http.response.body", "body": refusal.body})

    def _with_own(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        own = {name for name, _ in self.headers}
        return [*(pair for pair in headers if pair[0].lower() not in own), *self.headers]


class Gate:
    """The outermost part of the server; `clock` gives seconds."""

    def __init__(
        self,
        app: App,
        identify: Identify,
        rules: Rules,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._identify = identify
        self._rules = rules
        self._actions = Pace(rules.actions_each_minute, clock)
        self._calls = Pace(rules.calls_each_minute, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        answer, audit = _Answer(send, self._rules.headers), _Audit()
        body = _Body(receive, self._rules)
        try:
            await self._serve(scope, body, answer, audit)
        except Refusal as refusal:
            if refusal.reason != "too-slow":
                await body.drain()
            await answer.refuse(refusal)
        except asyncio.CancelledError:  # only the end of the server cancels a request
            if not answer.complete:
                await answer.refuse(Refusal("stopping"))
        except Exception:  # noqa: BLE001  whatever it is, it is logged, and told in general words
            _LOG.exception("A request failed")
        if not answer.complete:
            await answer.refuse(Refusal("failed"))
        if scope["method"] == "POST":
            audit.status = answer.status
            audit.write()

    async def _serve(self, scope: Scope, body: _Body, answer: _Answer, audit: _Audit) -> None:
        headers = _headers(scope)
        self._check_host(headers)
        if not _PATH.fullmatch(scope["path"]):
            raise Refusal("not-here")
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, body.receive, answer)
            return
        if scope["method"] != "POST":
            raise Refusal("not-so")
        audit.action = self._action(scope["path"])
        token, provider = headers.get("authorization", ""), headers.get("auth-provider", "")
        audit.user = await self._identify(token, provider)
        pace = self._calls if scope["path"] == FUNCTIONS else self._actions
        if not pace.left(audit.user):
            raise Refusal("too-many")
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise Refusal("not-json")
        data = await body.read(headers.get("content-length", ""))
        if not pace.allows(audit.user):  # a request counts once it is whole
            raise Refusal("too-many")
        audit.sha256 = hashlib.sha256(data).hexdigest()
        await asyncio.to_thread(self._check_content, scope["path"], data, audit)
        await self._app(scope, body.again(data), answer)

    def _check_host(self, headers: Mapping[str, str]) -> None:
        """Keep other names, and other web pages, from a server that asks nobody to sign in."""
        hosts = self._rules.hosts
        if hosts is None:
            return
        if _without_port(headers.get("host", "")) not in hosts:
            raise Refusal("unknown-host")
        origin = headers.get("origin")
        if origin is None or origin in self._rules.origins:
            return
        if origin.partition("://")[2] != headers["host"]:
            raise Refusal("foreign")

    def _action(self, path: str) -> str:
        if path == FUNCTIONS or path in OWN:
            return path.rpartition("/")[2]
        name = path.removeprefix(SCRIPTS)
        if name != path and name in self._rules.scripts:
            return name
        raise Refusal("not-here")

    def _check_content(self, path: str, data: bytes, audit: _Audit) -> None:
        content = parsed(data)
        if path == FUNCTIONS:
            name = check_call(content, self._rules.max_cells)
            if name not in self._rules.functions:
                raise Refusal("not-here")
            audit.action = name
        else:
            check_book(content, self._rules.max_cells)


class _Body:
    """The body of a request, read once and within limits."""

    def __init__(self, receive: Receive, rules: Rules) -> None:
        self.receive = receive
        self._rules = rules
        self._whole = False

    async def read(self, length: str) -> bytes:
        """Read the body; raises `Refusal` where it is too large by its header or in fact."""
        if length.isdigit() and int(length) > self._rules.max_bytes:
            raise Refusal("too-large")
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._rules.patience):
                async for chunk in self._chunks():
                    size += len(chunk)
                    if size > self._rules.max_bytes:
                        raise Refusal("too-large")
                    chunks.append(chunk)
        except TimeoutError as error:
            raise Refusal("too-slow") from error
        return b"".join(chunks)

    async def drain(self) -> None:
        """Let a refused body arrive, or its sender would not see the answer; within limits too."""
        left = 4 * self._rules.max_bytes
        try:
            async with asyncio.timeout(self._rules.patience / 3):
                async for chunk in self._chunks():
                    left -= len(chunk)
                    if left < 0:
                        return
        except (TimeoutError, Refusal):
            return

    def again(self, data: bytes) -> Receive:
        """Give a body that was read to the program, as if it came in now."""
        waiting = [{"type": "http.request", "body": data, "more_body": False}]

        async def receive() -> Message:
            return waiting.pop() if waiting else await self.receive()

        return receive

    async def _chunks(self) -> Any:
        while not self._whole:
            async with asyncio.timeout(self._rules.silence):
                message = await self.receive()
            if message["type"] != "http.request":
                self._whole = True
                raise Refusal("not-understood")
            self._whole = not message.get("more_body", False)
            yield message.get("body", b"")


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _without_port(host: str) -> str:
    return re.sub(r":\d+$", "", host).casefold()
