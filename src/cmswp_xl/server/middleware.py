"""
What every request passes first: who asks, how often, how much, and for what.

Pure ASGI around everything else. A request is refused before its body is read wherever that is
possible; what the rest of the program is handed is JSON of the right shape and size. Every action
leaves a line in the log: user, action, hash of the body, status, and nothing of a workbook.

Starlette's `TrustedHostMiddleware` and `RequestBodyLimitMiddleware` are not used: their answers
are plain text, which the task pane cannot word, and neither bounds the time that a body takes.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

from cmswp_xl.cells import boundaries
from cmswp_xl.resources import read_yaml

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    Identify = Callable[[str], Awaitable[str]]

AUDIT = logging.getLogger("cmswp_xl.audit")
_LOG = logging.getLogger(__name__)

FUNCTIONS = "/xlwings/custom-functions-call"
SCRIPTS = "/xlwings/custom-scripts-call/"
OWN = ("/cmswp/check", "/cmswp/document")
_SERVER_ERROR = 500
_MOST_COUNTED = 10_000
"""Users whose requests are counted, by kind of request; with more, counting begins anew."""
_PATH = re.compile(r"/(?:[A-Za-z0-9_@-][A-Za-z0-9_@.-]*/)*(?:[A-Za-z0-9_@-][A-Za-z0-9_@.-]*)?")
"""
Paths without anything that leads out of a folder. xlwings-server 1.20 serves `/static/../name`,
and so any file of the machine, to anybody; no such path may reach it.
"""
_ODD = re.compile(r"[^\w.@ -]")

_DECLARED = read_yaml(Path(__file__).with_name("server.yaml"))
REASONS: Mapping[str, tuple[int, str]] = _DECLARED["reasons"]
"""Status and text by reason."""
_REFUSAL_HEADERS = {"too-slow": {"connection": "close"}, "too-many": {"retry-after": "60"}}


class Refusal(Exception):
    """A request is not served, for one of the reasons; nothing of the request itself is told."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Rules:
    """
    What is let through: bytes and cells of one request, names that may be called.

    `hosts` are the names that a local server answers by, None behind a proxy; `origins` those web
    pages that may ask besides its own; `headers` are set on every answer. A body has `patience`
    seconds to arrive, each part of it `silence`. How often is for each user.
    """

    max_bytes: int = 10_000_000
    max_cells: int = 1_000_000
    scripts: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    hosts: frozenset[str] | None = None
    origins: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)
    patience: float = 30.0
    silence: float = 10.0
    actions_each_minute: int = 60
    calls_each_minute: int = 6_000


class RequestRules:
    """The outermost part of the server; `identify` names who has a token, or raises `Refusal`."""

    def __init__(self, app: ASGIApp, identify: Identify, rules: Rules) -> None:
        self._app = app
        self._identify = identify
        self._rules = rules
        # The library knows the clock on the wall only: where that is set back, a user who has made
        # all requests of a minute waits for as much longer; where it is set on, nobody waits.
        self._counted = MemoryStorage()
        self._rates = MovingWindowRateLimiter(self._counted)
        self._actions = RateLimitItemPerMinute(rules.actions_each_minute, namespace="actions")
        self._calls = RateLimitItemPerMinute(rules.calls_each_minute, namespace="calls")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        answer, audit = _Answer(scope, send, self._rules.headers), _AuditLine()
        body = _Body(receive, self._rules)
        try:
            await self._serve(scope, body, answer, audit)
        except Refusal as refusal:
            if refusal.reason != "too-slow":
                await body.drain()
            await answer.refuse(refusal.reason)
        except asyncio.CancelledError:  # only the end of the server cancels a request
            if not answer.begun:
                await answer.refuse("stopping")
        except Exception:  # noqa: BLE001  whatever it is, it is logged, and told in general words
            _LOG.exception("A request failed")
        if not answer.begun:
            await answer.refuse("failed")
        if scope["method"] == "POST":
            audit.write(answer.status)

    async def _serve(self, scope: Scope, body: _Body, answer: _Answer, audit: _AuditLine) -> None:
        headers = Headers(scope=scope)
        self._check_host(headers)
        if not _PATH.fullmatch(scope["path"]):
            raise Refusal("not-here")
        if scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, body.receive, answer)
            return
        if scope["method"] != "POST":
            raise Refusal("not-so")
        audit.action = self._action(scope["path"])
        audit.user = await self._identify(headers.get("authorization", ""))
        rate = self._calls if scope["path"] == FUNCTIONS else self._actions
        if not self._rates.test(rate, audit.user):
            raise Refusal("too-many")
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise Refusal("not-json")
        data = await body.read(headers.get("content-length", ""))
        if len(self._counted.events) > _MOST_COUNTED:
            self._counted.reset()
        if not self._rates.hit(rate, audit.user):  # a request counts once it is whole
            raise Refusal("too-many")
        audit.sha256 = hashlib.sha256(data).hexdigest()
        await asyncio.to_thread(self._check_content, scope["path"], data, audit)
        await self._app(scope, body.again(data), answer)

    def _check_host(self, headers: Headers) -> None:
        """Keep other names, and other web pages, from a server that asks nobody to sign in."""
        hosts = self._rules.hosts
        if hosts is None:
            return
        host = headers.get("host", "")
        if re.sub(r":\d+$", "", host).casefold() not in hosts:
            raise Refusal("unknown-host")
        origin = headers.get("origin")
        if origin is None or origin in self._rules.origins:
            return
        if origin.partition("://")[2] != host:
            raise Refusal("foreign")

    def _action(self, path: str) -> str:
        if path == FUNCTIONS or path in OWN:
            return path.rpartition("/")[2]
        name = path.removeprefix(SCRIPTS)
        if name != path and name in self._rules.scripts:
            return name
        raise Refusal("not-here")

    def _check_content(self, path: str, data: bytes, audit: _AuditLine) -> None:
        content = parse_json(data)
        if path == FUNCTIONS:
            name = check_call(content, self._rules.max_cells)
            if name not in self._rules.functions:
                raise Refusal("not-here")
            audit.action = name
        else:
            check_book(content, self._rules.max_cells)


@dataclass(slots=True)
class _AuditLine:
    user: str = "-"
    action: str = "-"
    sha256: str = "-"

    def write(self, status: int) -> None:
        """Write the line to the log; names hold nothing that could pass for another line."""
        user, action = (_ODD.sub("?", name)[:64] for name in (self.user, self.action))
        AUDIT.info("user=%s action=%s sha256=%s status=%d", user, action, self.sha256, status)


@dataclass(slots=True)
class _Answer:
    """
    The program's answer on its way out, with our headers; a server error is held back.

    Where no answer was `begun`, something general is to follow.
    """

    scope: Scope
    send: Send
    headers: Mapping[str, str]
    status: int = 0
    begun: bool = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            self.begun = self.status < _SERVER_ERROR
            MutableHeaders(scope=message).update(self.headers)
        if self.begun:
            await self.send(message)

    async def refuse(self, reason: str) -> None:
        """Answer that the request is not served, and why."""
        self.status, detail = REASONS[reason]
        self.begun = True
        own = {"cache-control": "no-store", **_REFUSAL_HEADERS.get(reason, {}), **self.headers}
        response = JSONResponse({"reason": reason, "detail": detail}, self.status, own)
        await response(self.scope, _nothing, self.send)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


class _Body:
    """The body of a request, read once and within limits."""

    def __init__(self, receive: Receive, rules: Rules) -> None:
        self.receive = receive
        self._rules = rules
        self._whole = False

    async def read(self, length: str) -> bytes:
        """Read the body; raise `Refusal` where it is too large by its header or in fact."""
        most = self._rules.max_bytes
        if length.isdigit() and int(length) > most:
            raise Refusal("too-large")
        data = bytearray()
        try:
            async with asyncio.timeout(self._rules.patience):
                async for chunk in self._chunks():
                    data += chunk
                    if len(data) > most:
                        raise Refusal("too-large")
        except TimeoutError as error:
            raise Refusal("too-slow") from error
        return bytes(data)

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
        """Return a body that was read to the program, as if it came in now."""
        waiting = [{"type": "http.request", "body": data, "more_body": False}]

        async def receive() -> Message:
            return waiting.pop() if waiting else await self.receive()

        return receive

    async def _chunks(self) -> AsyncIterator[bytes]:
        while not self._whole:
            async with asyncio.timeout(self._rules.silence):
                message = await self.receive()
            if message["type"] != "http.request":
                self._whole = True
                raise Refusal("not-understood")
            self._whole = not message.get("more_body", False)
            yield message.get("body", b"")


Area = tuple[int, int, int, int]
"""First row, first column, last row and last column."""

_DEEPEST = 16
"""Objects and lists of a workbook nest no deeper, pivot tables included."""
_DEEPEST_ARGUMENT = 6
"""Arguments of functions nest no deeper: list, arguments, range, row, cell, and one to spare."""
_LONGEST_INTEGER = 25
"""Digits of a number without a fraction; JavaScript writes no more than 22."""
_MOST_SHEETS = 1_000
_MOST_READINGS = 10_000_000
"""Cells of a sheet times its tables, as the sheet is gone through for each of them."""
_SPARE_CELLS = 10_000
"""Blank cells of tables below the last cell with a value, which Excel does not send."""
_SCALARS = (str, int, float, bool, type(None))
_TABLE_PARTS = ("header_row_range_address", "data_body_range_address", "total_row_range_address")


def parse_json(body: bytes) -> dict[str, Any]:
    """Return a body's JSON object; raise `Refusal` for anything else, and for text not UTF-8."""
    try:
        content = json.loads(
            body.decode("utf-8"),
            parse_constant=_number,
            parse_float=_number,
            parse_int=_integer,
            object_pairs_hook=_object,
        )
        if b"\\u" in body:
            json.dumps(content, ensure_ascii=False).encode("utf-8")  # fails for half a surrogate
    except (ValueError, RecursionError) as error:
        raise Refusal("not-understood") from error
    if not isinstance(content, dict) or not _is_flat(content, _DEEPEST):
        raise Refusal("not-understood")
    return content


def check_book(content: dict[str, Any], most: int) -> None:
    """Check that a body is a book of at most so many cells; raise `Refusal`."""
    sheets, book = content.get("sheets"), content.get("book")
    shaped = _has(content, version=str, names=list, sheets=list) and _has(book, name=str)
    if not shaped or not sheets or not all(map(_is_sheet, sheets)):
        raise Refusal("not-understood")
    if len(sheets) > _MOST_SHEETS:
        raise Refusal("too-many-sheets")
    sent = sum(len(row) for sheet in sheets for row in sheet["values"])
    if sent > most:
        raise Refusal("too-many-cells")
    if sum(_blank_cells(sheet) for sheet in sheets) > sent + _SPARE_CELLS:
        raise Refusal("claims-more")


def check_call(content: dict[str, Any], most: int) -> str:
    """Return the function that a body calls with at most so many cells; raise `Refusal`."""
    name, arguments = content.get("func_name"), content.get("args")
    if not isinstance(name, str) or not isinstance(arguments, list):
        raise Refusal("not-understood")
    if _cells(arguments) > most:
        raise Refusal("too-many-cells")
    return name


def _has(content: Any, **kinds: type) -> bool:
    """Return whether something is an object with values of these kinds."""
    of_kind = (isinstance(content.get(name), kind) for name, kind in kinds.items())
    return isinstance(content, dict) and all(of_kind)


def _is_sheet(sheet: Any) -> bool:
    if not _has(sheet, name=str, values=list):
        return False
    rows, tables = sheet["values"], sheet.get("tables", [])
    return (
        all(isinstance(row, list) and len(row) == len(rows[0]) for row in rows)
        and all(isinstance(value, _SCALARS) for row in rows for value in row)
        and isinstance(tables, list)
        and all(map(_is_table, tables))
    )


def _is_table(table: Any) -> bool:
    shaped = _has(table, name=str, range_address=str, show_headers=bool, show_totals=bool)
    return shaped and all(isinstance(table.get(x, ""), (str, type(None))) for x in _TABLE_PARTS)


def _blank_cells(sheet: dict[str, Any]) -> int:
    """
    Return how many cells the tables of a sheet have below the last cell sent.

    Raise `Refusal` for a used range or a table beyond the cells sent in any other way, for tables
    that overlap, and for more tables than the sheet could hold.
    """
    values, tables = sheet["values"], sheet.get("tables", [])
    height, width = len(values), len(values[0]) if values else 0
    used = sheet.get("used_range_address")
    if used is not None and not _within(_area(used), (1, 1, max(height, 1), max(width, 1))):
        raise Refusal("claims-more")
    if len(tables) > height * width:
        raise Refusal("claims-more")
    if len(tables) > 1 and height * width * len(tables) > _MOST_READINGS:
        raise Refusal("too-many-cells")
    areas = sorted(_table_area(table) for table in tables)
    if any(area[0] > height or area[3] > width for area in areas) or _overlap(areas):
        raise Refusal("claims-more")
    return sum(max(a[2] - height, 0) * (a[3] - a[1] + 1) for a in areas)


def _table_area(table: dict[str, Any]) -> Area:
    """Return a table's area, which holds its header, body and totals; raise `Refusal`."""
    whole = _area(table["range_address"])
    parts = [_area(table[key]) for key in _TABLE_PARTS if table.get(key)]
    if not all(_within(part, whole) for part in parts):
        raise Refusal("claims-more")
    return whole


def _overlap(areas: list[Area]) -> bool:
    """Return whether two areas share a cell; `areas` are sorted by their first rows."""
    open_areas: list[Area] = []
    for top, left, bottom, right in areas:
        open_areas = [area for area in open_areas if area[2] >= top]
        if any(area[1] <= right and left <= area[3] for area in open_areas):
            return True
        open_areas.append((top, left, bottom, right))
    return False


def _area(address: object) -> Area:
    try:
        return boundaries(address if isinstance(address, str) else "")
    except ValueError as error:
        raise Refusal("not-understood") from error


def _within(part: Area, whole: Area) -> bool:
    first = part[0] >= whole[0] and part[1] >= whole[1]
    return first and part[2] <= whole[2] and part[3] <= whole[3]


def _cells(values: list[Any], depth: int = 0) -> int:
    if depth > _DEEPEST_ARGUMENT:
        raise Refusal("not-understood")
    lists = [value for value in values if isinstance(value, list)]
    return len(values) - len(lists) + sum(_cells(value, depth + 1) for value in lists)


def _is_flat(value: Any, depth: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value
    nested = [part for part in inner if isinstance(part, (dict, list))]
    return depth > 0 and all(_is_flat(part, depth - 1) for part in nested)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; one that repeats a key would be read differently by others."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _number(text: str) -> float:
    """Return a number with a fraction; NaN and Infinity are none."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number


def _integer(text: str) -> int:
    if len(text) > _LONGEST_INTEGER:
        raise ValueError
    return int(text)
