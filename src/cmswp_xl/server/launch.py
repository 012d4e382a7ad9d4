"""Start the server: settings first, then xlwings-server, a test of the lock, and the socket."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import inspect
import json
import socket
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cmswp_xl.errors import Misuse
from cmswp_xl.messages.failures import NOTICES
from cmswp_xl.server.gate import FUNCTIONS, Gate, Rules
from cmswp_xl.server.headers import added_headers
from cmswp_xl.server.options import MEGABYTE
from cmswp_xl.server.posture import hosts, notices, settled
from cmswp_xl.server.refusal import Refusal
from cmswp_xl.server.tokens import read_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from cmswp_xl.languages import Words
    from cmswp_xl.server.gate import App, Identify, Message
    from cmswp_xl.server.options import Options

_INSTALL = 'pip install "cmswp-xl[server]"'
_KNOWN_TOKENS = ("test-token", "Bearer", "")
_UNAUTHORISED = 401


def serve(
    options: Options,
    environ: MutableMapping[str, str],
    say: Words,
    tell: Callable[[str], None],
) -> None:
    """
    Serve until interrupted; `tell` is given what IT should know.

    Raises `Misuse` where the server must not or cannot be started as asked.
    """
    settings = settled(options, environ)
    if options.tokens is not None:
        read_tokens(options.tokens)
    if importlib.util.find_spec("xlwings_server") is None:
        raise Misuse("server-extra-missing", install=_INSTALL)
    told = [say(NOTICES[key]) for key in notices(options, environ)]
    environ.update(settings)
    _check_licence()
    app = application(options)
    if not options.local:
        asyncio.run(check_lock(app, own=options.tokens is not None))
    for notice in told:
        tell(notice)
    _run(app, options, say, tell)


def application(options: Options) -> App:
    """Give the whole application behind its gate; the environment must be settled before."""
    keep_no_cells()
    main = importlib.import_module("xlwings_server.main")
    routes = importlib.import_module("xlwings_server.routers.xlwings")
    rules = Rules(
        max_bytes=options.max_body * MEGABYTE,
        max_cells=options.max_cells,
        scripts=_named(routes.custom_scripts, "__xlscript__"),
        functions=_named(routes.custom_functions, "__xlfunc__"),
        hosts=hosts(options),
        origins=frozenset(options.origins),
        headers=tuple(added_headers(entraid="entraid" in main.settings.auth_providers)),
    )
    return Gate(main.main_app, identifier(), rules)


def keep_no_cells() -> None:
    """
    Let xlwings forget the cells it has read.

    It caches every sheet that a range was read of and never clears that, so that the workbooks of
    all users would stay in memory for as long as the server runs.
    """
    remote = importlib.import_module("xlwings.pro._xlremote")
    read = inspect.unwrap(remote.get_range_api)
    remote.get_range_api = lru_cache(maxsize=0)(read)  # type: ignore[attr-defined]


def identifier() -> Identify:
    """Give the function that asks xlwings-server's providers who holds a token."""
    dependencies = importlib.import_module("xlwings_server.dependencies")
    settings = importlib.import_module("xlwings_server.config").settings
    exceptions = importlib.import_module("fastapi.exceptions")

    async def identify(token: str, provider: str) -> str:
        if not settings.auth_providers:
            return "anyone"
        try:
            user = await dependencies.authenticate(token, provider or None)
        except exceptions.HTTPException as error:
            raise Refusal("no-token") from error
        if not await user.has_required_roles(settings.auth_required_roles):
            raise Refusal("no-role")
        return str(user.email or user.id or user.name or "-")

    return identify


async def check_lock(app: App, *, own: bool) -> None:
    """
    Try the tokens that everybody knows; raises `Misuse` where one of them opens.

    xlwings-server brings a provider that takes one of them. Our `own` provider is asked in its
    own way too; Microsoft's would be asked over the network.
    """
    for token in (*_KNOWN_TOKENS, *(["Bearer test-token"] if own else [])):
        if await _status(app, token) != _UNAUTHORISED:
            raise Misuse("server-open")


async def _status(app: App, token: str) -> int:
    """Call a function with a token, and give the status of the answer."""
    body = json.dumps({"func_name": "", "args": []}).encode()
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": FUNCTIONS,
        "raw_path": FUNCTIONS.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [
            (b"host", b"localhost"),
            (b"content-type", b"application/json"),
            (b"authorization", token.encode()),
        ],
        "client": None,
        "server": None,
    }
    sent: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent.append(int(message["status"]))

    await app(scope, receive, send)
    return sent[0] if sent else 0


def _check_licence() -> None:
    """
    Import xlwings and open an empty book, which it does with a valid key only.

    Where the key is not valid, xlwings may not even be imported, nor the class of its error.
    """
    try:
        xlwings = importlib.import_module("xlwings")
        book = {"name": "book", "active_sheet_index": 0, "selection": "A1"}
        content = {"client": "Office.js", "version": xlwings.__version__, "book": book}
        xlwings.Book(json={**content, "names": [], "sheets": []}).close()
    except Exception as error:
        if type(error).__name__ == "LicenseError":
            raise Misuse("server-licence-invalid") from error
        raise


def _named(module: Any, mark: str) -> frozenset[str]:
    """Give the names in a module of what xlwings has marked; nothing else may be called."""
    return frozenset(name for name, value in inspect.getmembers(module) if hasattr(value, mark))


def _run(app: App, options: Options, say: Words, tell: Callable[[str], None]) -> None:
    connections = importlib.import_module("cmswp_xl.server.connections")
    listening = _listening(options.host, options.port)
    scheme = "https" if options.secure else "http"
    host = f"[{options.host}]" if ":" in options.host else options.host
    tell(say(NOTICES["started"], url=f"{scheme}://{host}:{listening.getsockname()[1]}"))
    tell(say(NOTICES["manifest"], url=f"https://{options.public_name}/manifest.xml"))
    certificate, key = (str(path) if path else None for path in (options.certificate, options.key))
    with listening:
        connections.server(app, certificate=certificate, key=key).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        detail = error.strerror or ""
        raise Misuse("server-port-taken", host=host, port=port, detail=detail) from error
