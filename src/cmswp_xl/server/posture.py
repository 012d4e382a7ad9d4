"""
How xlwings-server is set up, or why it is not started.

xlwings-server reads its settings from the environment when it is imported. Everything that
matters for safety is set here, over whatever the environment says.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from cmswp_xl.errors import Misuse
from cmswp_xl.server.options import LOOPBACK_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cmswp_xl.server.options import Options

SITE = Path(__file__).parent / "site"
"""The project folder of xlwings-server."""

LICENCE = "XLWINGS_LICENSE_KEY"
PROVIDERS = "XLWINGS_AUTH_PROVIDERS"
ROLES = "XLWINGS_AUTH_REQUIRED_ROLES"
TOKENS = "CMSWP_TOKENS"
"""Where the provider `tokens` of the site finds its file."""

MANIFEST_ID = "74b1e9ae-ea74-43a4-afe2-3103d790eded"
"""The add-in's own identity; it never changes, or Excel would take it for another one."""

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
_ENTRAID = ("XLWINGS_AUTH_ENTRAID_CLIENT_ID", "XLWINGS_AUTH_ENTRAID_TENANT_ID")
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?")
_ORIGIN = re.compile(r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")
_LOCAL_ORIGIN = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?")
_TRUE = ("1", "true", "t", "yes", "y", "on")


def settled(options: Options, environ: Mapping[str, str]) -> dict[str, str]:
    """
    Give the environment that xlwings-server is to find.

    Raises `Misuse` where the server must not be started as asked.
    """
    if not environ.get(LICENCE, "").strip():
        raise Misuse("server-licence-missing")
    _check_addresses(options)
    providers = _providers(options, environ)
    found = {f"XLWINGS_{name}": value for name, value in _FIXED.items()}
    found |= {
        "DOTENV_PATH": os.devnull,
        "XLWINGS_PROJECT_DIR": str(SITE),
        "XLWINGS_HOSTNAME": options.public_name,
        "XLWINGS_CORS_ALLOW_ORIGINS": json.dumps(list(options.origins)),
        PROVIDERS: json.dumps(providers),
        ROLES: json.dumps(_list(environ, ROLES)),
        TOKENS: str(options.tokens.resolve()) if options.tokens else "",
    }
    return found


def notices(options: Options, environ: Mapping[str, str]) -> Iterator[str]:
    """Give the keys of what IT should know when the server starts."""
    yield "licence"
    if options.local:
        yield "local"
    elif not _list(environ, ROLES):
        yield "no-roles"
    if not options.secure:
        yield "no-tls" if options.loopback else "exposed"


def hosts(options: Options) -> frozenset[str] | None:
    """Give the names by which a local server answers, or None where a proxy sees to that."""
    return frozenset(LOOPBACK_NAMES) if options.local else None


def _check_addresses(options: Options) -> None:
    if options.local and not options.loopback:
        raise Misuse("server-local-host", host=options.host)
    if options.hostname is None and not options.local:
        raise Misuse("server-hostname-missing")
    if not _NAME.fullmatch(options.public_name):
        raise Misuse("server-hostname-odd", name=options.public_name)
    for origin in options.origins:
        local = options.local and _LOCAL_ORIGIN.fullmatch(origin)
        if not (local or _ORIGIN.fullmatch(origin)):
            raise Misuse("server-origin-odd", origin=origin)
    if (options.certificate is None) != (options.key is None):
        raise Misuse("server-tls-pair")
    for path in filter(None, (options.certificate, options.key)):
        try:
            path.open("rb").close()
        except OSError as error:
            detail = error.strerror or ""
            raise Misuse("server-file-missing", path=str(path), detail=detail) from error


def _providers(options: Options, environ: Mapping[str, str]) -> list[str]:
    """Give the one way to sign in; none for a local server."""
    named = _list(environ, PROVIDERS)
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
    if environ.get("XLWINGS_AUTH_ENTRAID_MULTITENANT", "").strip().casefold() in _TRUE:
        raise Misuse("server-multitenant")
    return named


def _list(environ: Mapping[str, str], name: str) -> list[str]:
    text = environ.get(name, "").strip()
    if not text:
        return []
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Misuse("server-setting-unreadable", name=name) from error
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise Misuse("server-setting-unreadable", name=name)
    return found
