"""Start the server: its settings, xlwings-server, a test of signing in, and the socket."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import inspect
import socket
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cmswp_xl.errors import Misuse
from cmswp_xl.messages.failures import NOTICES
from cmswp_xl.server.auth import authentication, check_known_tokens, identification, read_tokens
from cmswp_xl.server.settings import added_headers, notices, xlwings_settings

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from starlette.types import ASGIApp

    from cmswp_xl.languages import Words
    from cmswp_xl.server.settings import Options

_INSTALL = 'pip install "cmswp-xl[server]"'
_MEGABYTE = 1_000_000
_OWN_MODULES = {
    "custom_functions": "cmswp_xl.excel.functions",
    "custom_scripts": "cmswp_xl.server.buttons",
}
"""
What xlwings-server imports, by its own names. It would look for them in the folder of the site;
so neither can be another module of that name.
"""


def serve(
    options: Options,
    environ: MutableMapping[str, str],
    say: Words,
    show: Callable[[str], None],
) -> None:
    """
    Serve until interrupted; `show` prints what IT should know.

    Raise `Misuse` where the server must not or cannot be started as asked.
    """
    settings = xlwings_settings(options, environ)
    if options.tokens is not None:
        read_tokens(options.tokens)
    if importlib.util.find_spec("xlwings_server") is None:
        raise Misuse("server-extra-missing", install=_INSTALL)
    keys = list(notices(options, environ))
    environ.update(settings)
    _check_licence()
    app = application(options)
    if not options.local:
        from cmswp_xl.server.middleware import FUNCTIONS

        asyncio.run(check_known_tokens(app, FUNCTIONS, own=options.tokens is not None))
    for key in keys:
        show(say(NOTICES[key]))
    _run(app, options, say, show)


def application(options: Options) -> ASGIApp:
    """Return the application within its rules; the environment must be set before."""
    from cmswp_xl.server.middleware import RequestRules, Rules

    keep_no_cells()
    for name, module in _OWN_MODULES.items():
        sys.modules[name] = importlib.import_module(module)
    main = importlib.import_module("xlwings_server.main")
    called = importlib.import_module("xlwings_server.routers.xlwings")
    authenticate = importlib.import_module("xlwings_server.dependencies").authenticate
    if options.tokens is not None:
        by_file = authentication(options.tokens)
        main.app.dependency_overrides[authenticate] = by_file
        authenticate = by_file
    main.app.include_router(importlib.import_module("cmswp_xl.server.routes").router)
    rules = Rules(
        max_bytes=options.max_body * _MEGABYTE,
        max_cells=options.max_cells,
        scripts=_named(called.custom_scripts, "__xlscript__"),
        functions=_named(called.custom_functions, "__xlfunc__"),
        hosts=options.answered_names,
        origins=frozenset(options.origins),
        headers=added_headers(entraid="entraid" in main.settings.auth_providers),
    )
    return RequestRules(main.main_app, identification(authenticate), rules)


def keep_no_cells() -> None:
    """
    Let xlwings forget the cells it has read.

    It caches every sheet that a range was read of and never clears that, so that the workbooks of
    all users would stay in memory for as long as the server runs.
    """
    remote = importlib.import_module("xlwings.pro._xlremote")
    read = inspect.unwrap(remote.get_range_api)
    remote.get_range_api = lru_cache(maxsize=0)(read)  # type: ignore[attr-defined]


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
    """Return the names in a module of what xlwings has marked; nothing else may be called."""
    return frozenset(name for name, value in inspect.getmembers(module) if hasattr(value, mark))


def _run(app: ASGIApp, options: Options, say: Words, show: Callable[[str], None]) -> None:
    connections = importlib.import_module("cmswp_xl.server.connections")
    certificate, key = (str(path) if path else None for path in (options.certificate, options.key))
    host = f"[{options.host}]" if ":" in options.host else options.host
    with _listening(options.host, options.port) as listening:
        url = f"{'https' if certificate else 'http'}://{host}:{listening.getsockname()[1]}"
        show(say(NOTICES["started"], url=url))
        show(say(NOTICES["manifest"], url=f"https://{options.public_name}/manifest.xml"))
        connections.server(app, certificate=certificate, key=key).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        detail = error.strerror or ""
        raise Misuse("server-port-taken", host=host, port=port, detail=detail) from error
