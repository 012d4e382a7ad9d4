"""What never reaches the program behind the rules, and what is said and logged."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest

pytest.importorskip("starlette")
pytest.importorskip("limits")

from cmswp_xl.server.middleware import (
    FUNCTIONS,
    REASONS,
    SCRIPTS,
    Refusal,
    RequestRules,
    Rules,
)

CHECK = "/cmswp/check"
BOOK = {
    "version": "1",
    "book": {"name": "a.xlsx"},
    "names": [],
    "sheets": [{"name": "S", "values": [[1, 2], [3, 4]], "tables": []}],
}
HEADERS = {"host": "localhost:8000", "content-type": "application/json", "authorization": "good"}


async def identify(token):
    if token == HEADERS["authorization"]:
        return "anna\nuser=root"
    raise Refusal("no-token")


class Behind:
    """The program behind the rules: counts what reaches it and answers as told."""

    def __init__(self, status=200, body=b"fine", fault=None):
        self.bodies = []
        self._answer = (status, body, fault)

    async def __call__(self, scope, receive, send):
        if scope["method"] == "POST":
            self.bodies.append((await receive())["body"])
        status, body, fault = self._answer
        if fault:
            raise fault
        headers = [(b"x-own", b"1"), (b"content-security-policy", b"loose")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def asked(app=None, path=CHECK, content=BOOK, chunks=None, method="POST", **rules):
    """Send a request through the rules; gives status, headers and body."""
    headers = {**HEADERS, **rules.pop("headers", {})}
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    ruled = RequestRules(app or Behind(), identify, Rules(**rules))
    return asyncio.run(_exchange(ruled, method, path, headers, chunks or [body]))


async def _exchange(ruled, method, path, headers, chunks):
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": index + 1 < len(chunks)}
        for index, chunk in enumerate(chunks)
    ]
    sent = []

    async def receive():
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [
            (name.encode(), value.encode()) for name, value in headers.items() if value is not None
        ],
    }
    await ruled(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], dict(sent[0]["headers"]), body


def reason(reply):
    return json.loads(reply[2])["reason"]


def test_good_request__reaches_the_program_with_its_whole_body():
    behind = Behind()
    body = json.dumps(BOOK).encode()
    reply = asked(behind, chunks=[body[:10], body[10:20], body[20:]])

    assert (reply[0], reply[2]) == (200, b"fine")
    assert behind.bodies == [body]


@pytest.mark.parametrize(
    ("wanted", "changes"),
    [
        ("no-token", {"headers": {"authorization": "bad"}}),
        ("not-json", {"headers": {"content-type": "text/plain"}}),
        ("not-json", {"headers": {"content-type": None}}),
        ("too-large", {"headers": {"content-length": "101"}, "max_bytes": 100}),
        ("too-large", {"max_bytes": 100}),
        ("too-many-cells", {"max_cells": 3}),
        ("not-understood", {"content": b"{"}),
        ("not-understood", {"content": {**BOOK, "sheets": []}}),
        ("not-understood", {"content": {**BOOK, "book": None}}),
        ("not-here", {"path": "/cmswp/other"}),
        ("not-here", {"path": SCRIPTS + "os"}),
        ("not-here", {"path": "/cmswp/../cmswp/check"}),
        ("not-so", {"method": "DELETE"}),
        ("unknown-host", {"headers": {"host": "evil"}, "hosts": frozenset({"localhost"})}),
        (
            "foreign",
            {"headers": {"origin": "https://evil"}, "hosts": frozenset({"localhost"})},
        ),
    ],
)
def test_refused_request__never_reaches_the_program(wanted, changes):
    behind = Behind()
    reply = asked(behind, **changes)

    assert (reply[0], reason(reply)) == (REASONS[wanted][0], wanted)
    assert behind.bodies == []


@pytest.mark.parametrize("origin", ["http://localhost:8000", "https://named.example"])
def test_own_and_named_pages__may_ask_a_local_server(origin):
    rules = {"hosts": frozenset({"localhost"}), "origins": frozenset({"https://named.example"})}

    assert asked(headers={"origin": origin}, **rules)[0] == 200


def test_body_that_does_not_come__is_not_waited_for():
    async def silent():
        await asyncio.sleep(60)

    async def run():
        sent = []

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": CHECK,
            "headers": [(name.encode(), value.encode()) for name, value in HEADERS.items()],
        }
        await RequestRules(Behind(), identify, Rules(patience=0.05))(scope, silent, send)
        return sent

    assert asyncio.run(run())[0]["status"] == REASONS["too-slow"][0]


def test_too_many_requests__are_refused_until_a_minute_has_passed(monkeypatch):
    now = [1_000.0]
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: now[0])
    ruled = RequestRules(Behind(), identify, Rules(actions_each_minute=2))

    def status():
        body = [json.dumps(BOOK).encode()]
        return asyncio.run(_exchange(ruled, "POST", CHECK, HEADERS, body))

    assert [status()[0] for _ in range(3)] == [200, 200, 429]
    assert status()[1][b"retry-after"] == b"60"
    now[0] += 61
    assert status()[0] == 200


def test_users_beyond_the_most__are_counted_anew(monkeypatch):
    monkeypatch.setattr("cmswp_xl.server.middleware._MOST_COUNTED", 2)

    async def named(token):
        return token

    ruled = RequestRules(Behind(), named, Rules(actions_each_minute=1))

    def status(user):
        headers = {**HEADERS, "authorization": user}
        return asyncio.run(_exchange(ruled, "POST", CHECK, headers, [json.dumps(BOOK).encode()]))[
            0
        ]

    assert [status(user) for user in "aabc"] == [200, 429, 200, 200]
    assert [status(user) for user in "da"] == [200, 200]


@pytest.mark.parametrize(
    "behind",
    [Behind(500, b"secret at /home"), Behind(503, b"secret"), Behind(fault=KeyError("x"))],
)
def test_fault_of_the_program__is_told_in_general_words(behind):
    status, headers, body = asked(behind)

    assert status == 500
    assert json.loads(body) == {"reason": "failed", "detail": REASONS["failed"][1]}
    assert headers[b"content-type"] == b"application/json"


@pytest.mark.parametrize(
    "changes", [{}, {"headers": {"authorization": "bad"}}, {"method": "GET"}, {"path": "/x"}]
)
def test_headers__are_on_every_answer_in_place_of_the_programs_own(changes):
    headers = {**HEADERS, **changes.get("headers", {})}
    ruled = RequestRules(Behind(), identify, Rules(headers={"content-security-policy": "strict"}))
    method, path = changes.get("method", "POST"), changes.get("path", CHECK)
    reply = asyncio.run(_exchange(ruled, method, path, headers, [json.dumps(BOOK).encode()]))

    assert reply[1][b"content-security-policy"] == b"strict"


def test_function_call__is_counted_checked_and_named(caplog):
    rules = {"functions": frozenset({"CMSWP_COST"}), "max_cells": 4}
    call = {"func_name": "CMSWP_COST", "args": [[[1, 2], [3, 4]]]}
    with caplog.at_level(logging.INFO, "cmswp_xl.audit"):
        assert asked(path=FUNCTIONS, content=call, **rules)[0] == 200
    assert "action=CMSWP_COST" in caplog.text
    more = {**call, "args": [[[1, 2], [3, 4]], 5]}
    assert reason(asked(path=FUNCTIONS, content=more, **rules)) == "too-many-cells"
    deep = {**call, "args": [[[[[[[[[1]]]]]]]]]}
    assert reason(asked(path=FUNCTIONS, content=deep, **rules)) == "not-understood"
    other = {**call, "func_name": "open"}
    assert reason(asked(path=FUNCTIONS, content=other, **rules)) == "not-here"


def test_audit_line__cannot_be_forged_and_holds_no_content(caplog):
    with caplog.at_level(logging.INFO, "cmswp_xl.audit"):
        asked()
        asked(headers={"authorization": "bad"})
    lines = [record.getMessage() for record in caplog.records]

    assert len(lines) == 2
    assert lines[0].startswith("user=anna?user?root action=check sha256=")
    assert lines[0].endswith(" status=200")
    assert lines[1] == "user=- action=check sha256=- status=401"


def test_other_kinds_of_connection__are_closed():
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(RequestRules(Behind(), identify, Rules())({"type": "websocket"}, None, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_start_and_stop__are_passed_on():
    seen = []

    async def app(scope, _receive, _send):
        seen.append(scope["type"])

    asyncio.run(RequestRules(app, identify, Rules())({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]
