"""`cmswp serve` in a process of its own on this computer, and requests to it."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from typing import Any

import pytest
from programs import COMMAND, environment

TOKENS = {"anna": "anna-8c1f", "ben": "ben-77d0"}
ROLE = "cmswp"
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its port, and the file that its log goes to."""

    port: int
    log: Any
    process: Any = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def ask(self, method, path, body=None, **headers):
        """Send a request; `token` becomes the header that signs in."""
        token = headers.pop("token", None)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, path, body, {"Host": f"localhost:{self.port}", **sent})
            answer = connection.getresponse()
            fields = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, fields, answer.read())

    def post(self, path, content, **headers):
        """Send JSON, or bytes as they are."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return self.ask("POST", path, body, **{"Content_Type": "application/json", **headers})

    def said(self, *awaited):
        """Return the log, once it holds what is awaited: an answer may arrive before its line."""
        deadline = time.monotonic() + PATIENCE
        while True:
            log = self.log.read_text(encoding="utf-8")
            if all(text in log for text in awaited) or time.monotonic() > deadline:
                return log
            time.sleep(0.05)


def host(*names):
    """Find a program of the machine; skip the test, or fail it where it is required."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None and os.environ.get("CMSWP_REQUIRE_HOSTS") == "1":
        pytest.fail(f"{names[0]} is not installed")
    if found is None:
        pytest.skip(f"{names[0]} is not installed")
    return found


def token_file(folder, roles=None):
    """Write a file of tokens; `roles` by name."""
    path = folder / "tokens.txt"
    lines = [
        f"{name} {hashlib.sha256(token.encode()).hexdigest()} {(roles or {}).get(name, '')}"
        for name, token in TOKENS.items()
    ]
    path.write_text("# name, hash, roles\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


@contextlib.contextmanager
def running(folder, *arguments, **env):
    """Start a server on a free port and stop it in the end."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    log = folder / "server.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(port), *map(str, arguments)],
            stdout=stream,
            stderr=stream,
            env=_environment(**env),
            cwd=folder,
        )
    server = Server(port, log, process)
    try:
        _wait(server, process)
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) in {0, 130, 2}


def _environment(**env):
    """Let coverage follow: this process ends as it should."""
    covering = {name: value for name, value in os.environ.items() if "COVERAGE" in name}
    return {**environment(), **covering, **env}


def _wait(server, process):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            server.ask("GET", "/")
            return
        time.sleep(0.1)
    raise AssertionError(server.said())


def payload(path):
    """Give a workbook file as the task pane sends it."""
    from remote_books import open_book

    book = open_book(path)
    content = book.impl.api
    book.close()
    return json.loads(json.dumps(content))
