"""
Start the server: its settings, who may use it, xlwings-server, a test of signing in, the socket.

xlwings-server reads its settings from the environment when it is imported. Everything that
matters for safety is set here, over whatever the environment says.

Users are those of a file of tokens, or of Microsoft Entra ID. The file holds names, hashes of
tokens, and roles; the tokens themselves are nowhere on the server. A changed file counts at once;
one that cannot be read or understood any more lets nobody in.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import importlib.util
import inspect
import ipaddress
import json
import logging
import os
import re
import secrets
import socket
import stat
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cmswp_xl.errors import CmswpError, Misuse
from cmswp_xl.languages import Words, reason_of
from cmswp_xl.messages.failures import NOTICES
from cmswp_xl.resources import read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, MutableMapping

    from starlette.types import ASGIApp

    from cmswp_xl.server.middleware import Identify


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
    """Serve until interrupted; `show` prints what IT should know. Raises `Misuse` if it cannot."""
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
        detail = reason_of(error)
        raise Misuse("server-port-taken", host=host, port=port, detail=detail) from error


SITE = Path(__file__).parent / "site"
"""The project folder of xlwings-server: pages, pictures, scripts."""

_DECLARED = read_yaml(Path(__file__).with_name("server.yaml"))
_LICENCE = "XLWINGS_LICENSE_KEY"
_PROVIDERS = "XLWINGS_AUTH_PROVIDERS"
_ROLES = "XLWINGS_AUTH_REQUIRED_ROLES"
_MULTITENANT = "XLWINGS_AUTH_ENTRAID_MULTITENANT"
_ENTRAID = ("XLWINGS_AUTH_ENTRAID_CLIENT_ID", "XLWINGS_AUTH_ENTRAID_TENANT_ID")
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?")
_ORIGIN = re.compile(r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")
_LOCAL_ORIGIN = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?")
_TRUE = ("1", "true", "t", "yes", "y", "on")


@dataclass(frozen=True, slots=True)
class Options:
    """
    The options of the command.

    `hostname` is the public name by which Excel reaches the server; `max_body` is in megabytes,
    `max_cells` counts the cells of one request.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    local: bool = False
    hostname: str | None = None
    origins: tuple[str, ...] = ()
    tokens: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    max_body: int = 10
    max_cells: int = 1_000_000

    @property
    def public_name(self) -> str:
        """The name in the manifest, with its port where that is not the usual one."""
        return self.hostname or f"localhost:{self.port}"

    @property
    def answered_names(self) -> frozenset[str] | None:
        """The names by which a local server answers, None where a proxy sees to that."""
        return frozenset(("localhost", "127.0.0.1", "[::1]")) if self.local else None


def is_loopback(host: str) -> bool:
    """Return whether a host, by name or address, is this computer."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def xlwings_settings(options: Options, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for xlwings-server; raises `Misuse` where it must not be started."""
    if not environ.get(_LICENCE, "").strip():
        raise Misuse("server-licence-missing")
    _check_addresses(options)
    _check_certificate(options)
    return {
        **{f"XLWINGS_{name}": value for name, value in _DECLARED["settings"].items()},
        "DOTENV_PATH": os.devnull,
        "XLWINGS_PROJECT_DIR": str(SITE),
        "XLWINGS_HOSTNAME": options.public_name,
        "XLWINGS_CORS_ALLOW_ORIGINS": json.dumps(list(options.origins)),
        _PROVIDERS: json.dumps(_providers(options, environ)),
        _ROLES: json.dumps(_list(environ, _ROLES)),
    }


def notices(options: Options, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the keys of what IT should know when the server starts."""
    yield "licence"
    if options.local:
        yield "local"
    elif not _list(environ, _ROLES):
        yield "no-roles"
    if options.certificate is None:
        yield "no-tls" if is_loopback(options.host) else "exposed"


def added_headers(*, entraid: bool) -> dict[str, str]:
    """Return the headers of every answer: what a page may load, and who may frame it."""
    microsoft = {
        "scripts": " https://alcdn.msauth.net" if entraid else "",
        "sign_in": " https://login.microsoftonline.com" if entraid else "",
    }
    policy = "; ".join(f"{name} {of}" for name, of in _DECLARED["policy"].items())
    return {
        "content-security-policy": policy.format(**microsoft),
        **_DECLARED["headers"],
    }


def _check_addresses(options: Options) -> None:
    if options.local and not is_loopback(options.host):
        raise Misuse("server-local-host", host=options.host)
    if options.hostname is None and not options.local:
        raise Misuse("server-hostname-missing")
    if not _NAME.fullmatch(options.public_name):
        raise Misuse("server-hostname-odd", name=options.public_name)
    for origin in options.origins:
        local = options.local and _LOCAL_ORIGIN.fullmatch(origin)
        if not (local or _ORIGIN.fullmatch(origin)):
            raise Misuse("server-origin-odd", origin=origin)


def _check_certificate(options: Options) -> None:
    if (options.certificate is None) != (options.key is None):
        raise Misuse("server-tls-pair")
    for path in filter(None, (options.certificate, options.key)):
        try:
            path.open("rb").close()
        except OSError as error:
            detail = reason_of(error)
            raise Misuse("server-file-missing", path=str(path), detail=detail) from error


def _providers(options: Options, environ: Mapping[str, str]) -> list[str]:
    """Return the one way to sign in; none for a local server."""
    named = _list(environ, _PROVIDERS)
    if options.tokens is not None:
        if named not in ([], ["tokens"]):
            raise Misuse("server-two-providers")
        return ["tokens"]
    if not named:
        if options.local:
            return []
        raise Misuse("server-no-provider")
    if named != ["entraid"]:
        raise Misuse("server-provider-unknown", name=", ".join(named))
    for name in _ENTRAID:
        if not environ.get(name, "").strip():
            raise Misuse("server-entraid-incomplete", name=name)
    if environ.get(_MULTITENANT, "").strip().casefold() in _TRUE:
        raise Misuse("server-multitenant")
    return named


def _list(environ: Mapping[str, str], name: str) -> list[str]:
    try:
        found = json.loads(environ.get(name, "").strip() or "[]")
    except ValueError as error:
        raise Misuse("server-setting-unreadable", name=name) from error
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise Misuse("server-setting-unreadable", name=name)
    return found


_LOG = logging.getLogger(__name__)
_LINE = re.compile(
    r"(?P<name>[\w.@-]{1,64})\s+(?P<sha256>[0-9a-fA-F]{64})(?:\s+(?P<roles>[\w.,@-]{1,200}))?"
)
_SCHEME = "bearer "
_KNOWN_TOKENS = ("test-token", "Bearer", "")
_UNAUTHORISED = 401


@dataclass(frozen=True, slots=True)
class Person:
    """A user: the name, the SHA-256 of the token in hexadecimal digits, and the roles."""

    name: str
    sha256: str
    roles: tuple[str, ...] = ()


class TokenFile:
    """The users of a file, read again whenever it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, ...] | None = None
        self._people: tuple[Person, ...] = ()

    def person(self, header: str) -> Person | None:
        """Return the user whose token an `Authorization` header holds, as `Bearer TOKEN`."""
        if not header.casefold().startswith(_SCHEME):
            return None
        token = header[len(_SCHEME) :].strip()
        sha256 = hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
        matching = [p for p in self._current() if secrets.compare_digest(p.sha256, sha256)]
        return matching[0] if token and matching else None

    def _current(self) -> tuple[Person, ...]:
        try:
            status = self._path.stat()
            seen = (status.st_mtime_ns, status.st_size, status.st_ino, status.st_mode)
            if seen != self._seen:
                self._seen, self._people = seen, ()
                self._people = read_tokens(self._path)
        except (OSError, CmswpError) as error:
            _LOG.error("The file of tokens lets nobody in: %s", type(error).__name__)
            self._people = ()
        return self._people


def read_tokens(path: Path) -> tuple[Person, ...]:
    """Read the users of a file; raises `Misuse` if it is unreadable, malformed or exposed."""
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        detail = (reason_of(error) if isinstance(error, OSError) else "") or "UTF-8"
        raise Misuse("server-file-missing", path=str(path), detail=detail) from error
    if os.name == "posix" and mode & stat.S_IRWXO:
        raise Misuse("tokens-exposed", path=str(path))
    people: list[Person] = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise Misuse("tokens-malformed", path=str(path), line=number)
        roles = tuple(filter(None, (match["roles"] or "").split(",")))
        person = Person(match["name"], match["sha256"].casefold(), roles)
        if any(person.name == each.name or person.sha256 == each.sha256 for each in people):
            raise Misuse("tokens-twice", path=str(path), line=number)
        people.append(person)
    if not people:
        raise Misuse("tokens-none", path=str(path))
    return tuple(people)


def authentication(path: Path) -> Callable[[str], Any]:
    """Return what stands in for xlwings-server's own authentication: users by a file."""
    from fastapi import Header, HTTPException
    from xlwings_server.models import User

    file = TokenFile(path)

    async def authenticate(authorization: str = Header("")) -> Any:
        person = file.person(authorization)
        if person is None:
            raise HTTPException(_UNAUTHORISED, "The access token was not accepted.")
        return User(id=person.name, name=person.name, roles=list(person.roles))

    return authenticate


def identification(authenticate: Callable[[str], Any]) -> Identify:
    """Return the function that asks who holds a token, and whether they have the roles."""
    from fastapi import HTTPException
    from xlwings_server.config import settings

    from cmswp_xl.server.middleware import Refusal

    async def identify(token: str) -> str:
        if not settings.auth_providers:
            return "anyone"
        try:
            user = await authenticate(token)
        except HTTPException as error:
            raise Refusal("no-token") from error
        if not await user.has_required_roles(settings.auth_required_roles):
            raise Refusal("no-role")
        return str(user.email or user.id or user.name or "-")

    return identify


async def check_known_tokens(app: ASGIApp, path: str, *, own: bool) -> None:
    """
    Try the tokens that everybody knows at a path; raise `Misuse` where one of them opens.

    xlwings-server brings a provider that takes one of them. A file of our `own` is asked in its
    own way too; Microsoft's provider would be asked over the network.
    """
    from httpx import ASGITransport, AsyncClient

    call = {"func_name": "", "args": []}
    async with AsyncClient(transport=ASGITransport(app), base_url="https://localhost") as client:
        for token in (*_KNOWN_TOKENS, *(["Bearer test-token"] if own else [])):
            answer = await client.post(path, json=call, headers={"authorization": token})
            if answer.status_code != _UNAUTHORISED:
                raise Misuse("server-open")
