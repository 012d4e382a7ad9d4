"""
What `cmswp serve` was asked for, and how xlwings-server is set up for it.

xlwings-server reads its settings from the environment when it is imported. Everything that
matters for safety is set here, over whatever the environment says.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cmswp_xl.errors import Misuse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SITE = Path(__file__).parent / "site"
"""The project folder of xlwings-server: pages, pictures, scripts."""

MANIFEST_ID = "74b1e9ae-ea74-43a4-afe2-3103d790eded"
"""The add-in's own identity; it never changes, or Excel would take it for another one."""

_LICENCE = "XLWINGS_LICENSE_KEY"
_PROVIDERS = "XLWINGS_AUTH_PROVIDERS"
_ROLES = "XLWINGS_AUTH_REQUIRED_ROLES"
_MULTITENANT = "XLWINGS_AUTH_ENTRAID_MULTITENANT"
_ENTRAID = ("XLWINGS_AUTH_ENTRAID_CLIENT_ID", "XLWINGS_AUTH_ENTRAID_TENANT_ID")
_FIXED = {
    "ADD_SECURITY_HEADERS": "true",
    "APP_PATH": "",
    "AUTH_ENTRAID_MULTITENANT": "false",
    "CDN_OFFICEJS": "false",
    "CUSTOM_HEADERS": "{}",
    "ENABLE_ALPINEJS_CSP": "false",
    "ENABLE_BOOTSTRAP": "false",
    "ENABLE_EXAMPLES": "false",
    "ENABLE_EXCEL_ONLINE": "true",
    "ENABLE_HOTRELOAD": "false",
    "ENABLE_HTMX": "false",
    "ENABLE_SOCKETIO": "false",
    "ENABLE_TESTS": "false",
    "ENABLE_WASM": "false",
    "ENVIRONMENT": "prod",
    "FUNCTIONS_NAMESPACE": "",
    "IS_OFFICIAL_LITE_ADDIN": "false",
    "LOG_LEVEL": "INFO",
    "MANIFEST_ID_PROD": MANIFEST_ID,
    "OBJECT_CACHE_PARTITION_BY_USER": "true",
    "ON_SERVER": "true",
    "PROJECT_NAME": "CMS Programme",
    "STATIC_URL_PATH": "/static",
    "TASKPANE_HTML": "taskpane.html",
}
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?")
_ORIGIN = re.compile(r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")
_LOCAL_ORIGIN = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?")
_TRUE = ("1", "true", "t", "yes", "y", "on")

_OFFICE_HOSTS = (
    "https://*.officeapps.live.com https://*.office.com https://*.office365.com"
    " https://*.sharepoint.com https://*.cloud.microsoft"
)
"""Where Excel on the web frames its add-ins."""


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
    """
    Return the environment that xlwings-server is to find.

    Raise `Misuse` where the server must not be started as asked.
    """
    if not environ.get(_LICENCE, "").strip():
        raise Misuse("server-licence-missing")
    _check_addresses(options)
    _check_certificate(options)
    return {
        **{f"XLWINGS_{name}": value for name, value in _FIXED.items()},
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
    """
    Return the headers of every answer: what a page may load, and who may frame it.

    Office.js and everything else comes from this server; only signing in with Microsoft Entra ID
    needs Microsoft's own.
    """
    scripts = " https://alcdn.msauth.net" if entraid else ""
    sign_in = " https://login.microsoftonline.com" if entraid else ""
    policy = {
        "default-src": "'none'",
        "script-src": f"'self'{scripts}",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": f"'self'{sign_in}",
        "frame-src": f"'self'{sign_in}",
        "frame-ancestors": f"'self' {_OFFICE_HOSTS}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "object-src": "'none'",
    }
    return {
        "content-security-policy": "; ".join(f"{name} {of}" for name, of in policy.items()),
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
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
            detail = error.strerror or ""
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
