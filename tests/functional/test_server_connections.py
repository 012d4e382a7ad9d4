"""Connections that send nothing or half a request, and the end of a server that has some."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from serving import payload, running

pytest.importorskip("xlwings_server")
pytestmark = pytest.mark.noncommercial

EXAMPLE = Path(__file__).parents[2] / "workbook" / "example.xlsx"
HOST = b"Host: localhost\r\n"
PAGE = b"GET /taskpane.html HTTP/1.1\r\n" + HOST + b"\r\n"
POST = b"POST /cmswp/check HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
HALF = {
    "nothing": b"",
    "headers": b"POST /cmswp/check HTTP/1.1\r\nHost: local",
    "body": POST + b'Content-Length: 1000\r\n\r\n{"book',
    "chunk": POST + b'Transfer-Encoding: chunked\r\n\r\n10\r\n{"book',
    "body of a page": PAGE[:-2] + b"Content-Length: 1000\r\n\r\n{",
    "next request": PAGE,
}
MANY = 16
"""Connections of each kind; together fewer than the server lets one client have."""
ENOUGH = 30.0
"""Seconds by which the server has closed them; more than it takes, as the machine is shared."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("server"), "--local") as found:
        yield found


@pytest.fixture
def ending(tmp_path):
    """A server that the test itself ends."""
    with running(tmp_path, "--local") as found:
        yield found


@contextlib.contextmanager
def connected(server, sent, count):
    """Open connections that send the same and then keep still."""
    with contextlib.ExitStack() as stack:
        found = []
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=ENOUGH)
            found.append(stack.enter_context(connection))
            found[-1].sendall(sent)
        yield found


def until_closed(connection):
    """Read what comes until the server closes the connection."""
    with contextlib.suppress(ConnectionResetError):
        while connection.recv(65_536):
            pass


def test_waiting_connections__lock_nobody_out_and_are_closed(server):
    with contextlib.ExitStack() as stack:
        waiting = {
            kind: stack.enter_context(connected(server, sent, MANY)) for kind, sent in HALF.items()
        }
        assert server.ask("GET", "/taskpane.html").status == 200
        assert server.post("/cmswp/check", payload(EXAMPLE)).status == 200
        for connections in waiting.values():
            for connection in connections:
                until_closed(connection)  # fails with TimeoutError where it stays open


def test_more_connections_than_one_client_may_have__lock_nobody_out(server):
    with connected(server, b"", 300):
        assert server.ask("GET", "/taskpane.html").status == 200


def test_headers_that_trickle_in__have_a_time_from_their_first_byte(server):
    with connected(server, HALF["headers"], 1) as (connection,):
        assert closed_while_sending(connection)


def closed_while_sending(connection):
    """Send a byte now and then until the server closes the connection, or for long enough."""
    until = time.monotonic() + ENOUGH
    with contextlib.suppress(OSError):
        while time.monotonic() < until:
            connection.sendall(b"x")
            time.sleep(0.2)
        return False
    return True


def test_answers_that_nobody_reads__lock_nobody_out(server):
    large = b"/static/js/custom-scripts/index.js"
    assert len(server.ask("GET", large.decode()).body) > 50_000
    with connected(server, PAGE.replace(b"/taskpane.html", large) * 50, 80):
        assert server.ask("GET", "/taskpane.html").status == 200


def test_page__is_answered_while_documents_are_made(server):
    book, done = payload(EXAMPLE), threading.Event()

    def ask():
        server.post("/cmswp/document?format=all", book)
        done.set()

    asking = threading.Thread(target=ask)
    asking.start()
    statuses = [server.ask("GET", "/taskpane.html").status for _ in range(3)]
    before = not done.is_set()
    asking.join()

    assert statuses == [200] * 3
    assert before


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_server_that_is_told_to_stop__ends_within_five_seconds(ending, sign):
    book = payload(EXAMPLE)

    def ask():
        with contextlib.suppress(OSError):
            ending.post("/cmswp/document?format=all", book)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    with contextlib.ExitStack() as stack:
        for sent in HALF.values():
            stack.enter_context(connected(ending, sent, 10))
        for thread in threads:
            thread.start()
        time.sleep(1)
        told = time.monotonic()
        ending.process.send_signal(sign)
        ending.process.wait(ENOUGH)
    took = time.monotonic() - told
    for thread in threads:
        thread.join()

    assert took <= 5
    assert "Traceback" not in ending.said()
