"""What the server insists on before it starts, and how xlwings-server is set up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cmswp_xl.errors import CmswpError, Misuse
from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.failures import NOTICES
from cmswp_xl.resources import texts
from cmswp_xl.server.launch import (
    Options,
    added_headers,
    is_loopback,
    notices,
    xlwings_settings,
)

KEY = {"XLWINGS_LICENSE_KEY": "noncommercial"}
NAME = {"hostname": "cmswp.example.org"}
ENTRAID = {
    **KEY,
    "XLWINGS_AUTH_PROVIDERS": '["entraid"]',
    "XLWINGS_AUTH_ENTRAID_CLIENT_ID": "1",
    "XLWINGS_AUTH_ENTRAID_TENANT_ID": "2",
}
TOKENS = Options(tokens=Path("tokens.txt"), **NAME)


@pytest.mark.parametrize(
    ("reason", "options", "environ"),
    [
        ("server-licence-missing", Options(local=True), {}),
        ("server-licence-missing", Options(local=True), {"XLWINGS_LICENSE_KEY": " "}),
        ("server-no-provider", Options(**NAME), KEY),
        ("server-no-provider", Options(**NAME), {**KEY, "XLWINGS_AUTH_PROVIDERS": "[]"}),
        ("server-hostname-missing", Options(), KEY),
        ("server-hostname-odd", Options(hostname="https://x/"), KEY),
        ("server-local-host", Options(local=True, host="192.0.2.1"), KEY),
        ("server-local-host", Options(local=True, host="example.org"), KEY),
        ("server-origin-odd", Options(origins=("*",), **NAME), KEY),
        ("server-origin-odd", Options(origins=("https://x.org/a",), **NAME), KEY),
        ("server-origin-odd", Options(origins=("http://x.org",), **NAME), KEY),
        ("server-origin-odd", Options(origins=("https://*.org",), **NAME), KEY),
        ("server-tls-pair", Options(certificate=Path("c"), **NAME), KEY),
        ("server-file-missing", Options(certificate=Path("no-c"), key=Path("no-k"), **NAME), KEY),
        ("server-two-providers", TOKENS, ENTRAID),
        (
            "server-provider-unknown",
            Options(**NAME),
            {**KEY, "XLWINGS_AUTH_PROVIDERS": '["custom"]'},
        ),
        (
            "server-provider-unknown",
            Options(**NAME),
            {**ENTRAID, "XLWINGS_AUTH_PROVIDERS": '["entraid", "custom"]'},
        ),
        (
            "server-setting-unreadable",
            Options(**NAME),
            {**KEY, "XLWINGS_AUTH_PROVIDERS": "entraid"},
        ),
        ("server-setting-unreadable", TOKENS, {**KEY, "XLWINGS_AUTH_REQUIRED_ROLES": "{}"}),
        (
            "server-entraid-incomplete",
            Options(**NAME),
            {**ENTRAID, "XLWINGS_AUTH_ENTRAID_TENANT_ID": ""},
        ),
        (
            "server-multitenant",
            Options(**NAME),
            {**ENTRAID, "XLWINGS_AUTH_ENTRAID_MULTITENANT": "True"},
        ),
    ],
)
def test_unsafe_request__is_refused(reason, options, environ):
    with pytest.raises(Misuse) as refused:
        xlwings_settings(options, environ)

    assert refused.value.reason == reason
    assert reason in texts("serving")["failures"]


def test_settings__win_over_the_environment():
    loose = {
        "XLWINGS_ENVIRONMENT": "dev",
        "XLWINGS_ENABLE_TESTS": "true",
        "XLWINGS_LOG_LEVEL": "DEBUG",
        "XLWINGS_CUSTOM_HEADERS": '{"Content-Security-Policy": ""}',
        "XLWINGS_AUTH_REQUIRED_ROLES": '["finance"]',
    }
    found = xlwings_settings(TOKENS, {**KEY, **loose})

    assert found["XLWINGS_ENVIRONMENT"] == "prod"
    assert found["XLWINGS_LOG_LEVEL"] == "INFO"
    assert found["XLWINGS_CUSTOM_HEADERS"] == "{}"
    for name in ("TESTS", "EXAMPLES", "SOCKETIO", "HOTRELOAD", "WASM"):
        assert found[f"XLWINGS_ENABLE_{name}"] == "false"
    assert found["XLWINGS_OBJECT_CACHE_PARTITION_BY_USER"] == "true"
    assert found["XLWINGS_FUNCTIONS_NAMESPACE"] == ""
    assert json.loads(found["XLWINGS_AUTH_PROVIDERS"]) == ["tokens"]
    assert json.loads(found["XLWINGS_AUTH_REQUIRED_ROLES"]) == ["finance"]
    assert json.loads(found["XLWINGS_CORS_ALLOW_ORIGINS"]) == []
    assert Path(found["XLWINGS_PROJECT_DIR"], "templates", "taskpane.html").is_file()
    assert set(found) >= set(loose)


def test_entraid__is_taken_as_the_environment_has_it():
    found = xlwings_settings(Options(**NAME), ENTRAID)

    assert json.loads(found["XLWINGS_AUTH_PROVIDERS"]) == ["entraid"]
    policies = [str(added_headers(entraid=entraid)) for entraid in (True, False)]
    assert ["alcdn.msauth.net" in policy for policy in policies] == [True, False]


def test_local_server__needs_no_provider_and_answers_by_local_names():
    options = Options(local=True, port=9000, origins=("http://localhost:3000",))
    found = xlwings_settings(options, KEY)

    assert json.loads(found["XLWINGS_AUTH_PROVIDERS"]) == []
    assert found["XLWINGS_HOSTNAME"] == "localhost:9000"
    assert options.answered_names == {"localhost", "127.0.0.1", "[::1]"}
    assert TOKENS.answered_names is None


@pytest.mark.parametrize(
    ("options", "environ", "keys"),
    [
        (Options(local=True), {}, ["licence", "local", "no-tls"]),
        (TOKENS, {}, ["licence", "no-roles", "no-tls"]),
        (
            Options(host="192.0.2.1", tokens=Path("t"), **NAME),
            {"XLWINGS_AUTH_REQUIRED_ROLES": '["a"]'},
            ["licence", "exposed"],
        ),
        (Options(local=True, certificate=Path("c"), key=Path("k")), {}, ["licence", "local"]),
    ],
)
def test_notices__tell_what_is_not_as_safe_as_it_could_be(options, environ, keys):
    assert list(notices(options, environ)) == keys
    assert set(keys) <= set(NOTICES)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104  nothing is bound to it
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example.org", False),
    ],
)
def test_loopback(host, loopback):
    assert is_loopback(host) is loopback


@pytest.mark.parametrize("reason", texts("serving")["failures"])
def test_reasons__are_worded(reason):
    from cmswp_xl.messages.failures import worded_error

    values = dict.fromkeys(("name", "host", "port", "path", "line", "detail", "install"), "x")
    text = worded_error(CmswpError(reason, origin="x", **values), Words(Language.EN))

    assert 1 <= len(text.splitlines()) <= 3
    assert "(" + reason + ")" not in text
