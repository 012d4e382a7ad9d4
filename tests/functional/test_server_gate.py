"""The server as the network sees it: who is let in, how much is taken, and what is told."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from programs import is_a_clear_failure, program
from serving import ROLE, TOKENS, payload, running, token_file

pytest.importorskip("xlwings_server")
pytestmark = pytest.mark.noncommercial

EXAMPLE = Path(__file__).parents[2] / "workbook" / "example.xlsx"
CHECK, DOCUMENT = "/cmswp/check", "/cmswp/document?format=docx"
SCRIPT, FUNCTION = "/xlwings/custom-scripts-call/validate", "/xlwings/custom-functions-call"
ACTIONS = (CHECK, DOCUMENT, SCRIPT, FUNCTION)
FIRST_PAGES = ("/", "/taskpane.html", "/manifest.xml", "/cmswp/texts?lang=es")
ANNA = TOKENS["anna"]
APP = "http://schemas.microsoft.com/office/appforoffice/1.1"
TYPES = "http://schemas.microsoft.com/office/officeappbasictypes/1.0"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with users; the role that it requires is anna's only."""
    folder = tmp_path_factory.mktemp("server")
    tokens = token_file(folder, {"anna": ROLE})
    options = ("--tokens", tokens, "--hostname", "cmswp.example.org", "--max-cells", 100_000)
    allowed = "https://allowed.example.org"
    with running(
        folder, *options, "--origin", allowed, XLWINGS_AUTH_REQUIRED_ROLES=json.dumps([ROLE])
    ) as found:
        yield found


@pytest.fixture(scope="module")
def book():
    return payload(EXAMPLE)


@pytest.fixture(scope="module")
def checked(server, book):
    return server.post(f"{CHECK}?lang=fr", book, token=ANNA)


@pytest.mark.parametrize("path", ACTIONS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"token": "wrong"},
        {"token": "test-token"},
        {"Authorization": "test-token"},
        {"Authorization": ANNA},
        {"token": ANNA + "x"},
        {"Authorization": "Basic " + ANNA},
        {"token": hashlib.sha256(ANNA.encode()).hexdigest()},
    ],
)
def test_without_a_known_token__nothing_is_served(server, path, headers):
    reply = server.post(path, {}, **headers)

    assert (reply.status, reply.json["reason"]) == (401, "no-token")


@pytest.mark.parametrize("path", ACTIONS)
def test_without_the_role__nothing_is_served(server, path):
    reply = server.post(path, {}, token=TOKENS["ben"])

    assert (reply.status, reply.json["reason"]) == (403, "no-role")


def test_check__gives_issues_skipped_checks_and_totals_in_the_language(checked):
    assert checked.status == 200
    answer = checked.json
    assert (answer["workbook"], answer["errors"], answer["warnings"]) == ("example.xlsx", 0, 5)
    assert {issue["code"] for issue in answer["issues"]} >= {"overfunded", "unfunded"}
    assert "EDM-02\u00a0: disponible" in " ".join(issue["message"] for issue in answer["issues"])
    assert answer["skipped"]
    assert answer["totals"]["by"] == "area"
    assert answer["totals"]["total"]["cost"] == "6397836.63"


def test_check__agrees_with_the_command_line(checked):
    said = program("validate", EXAMPLE, "--format", "json", "--lang", "fr").json

    assert checked.json["issues"] == said["issues"]


def fetched(server, reply):
    """Give the file that an answer leads to."""
    assert reply.status == 200
    return server.ask("GET", reply.json["address"])


def test_document__is_a_word_file_with_a_name_of_ours(server, book):
    evil = {**book, "book": {**book["book"], "name": '..\\..\\"evil".xlsx'}}
    reply = fetched(server, server.post(f"{DOCUMENT}&lang=es", evil, token=ANNA))

    assert reply.status == 200
    assert reply.headers["content-disposition"] == 'attachment; filename="annex.es.docx"'
    with zipfile.ZipFile(io.BytesIO(reply.body)) as archive:
        assert "word/document.xml" in archive.namelist()


KINDS = (
    "annex",
    "cover",
    "funding-needs",
    "next-steps",
    "progress",
    "requests",
    "staffing",
    "summary",
    "technology-review",
)


def test_all_documents__come_as_one_file_and_the_same_twice(server, book):
    address = "/cmswp/document?format=all&lang=all"
    replies = [fetched(server, server.post(address, book, token=ANNA)) for _ in range(2)]

    assert replies[0].body == replies[1].body
    with zipfile.ZipFile(io.BytesIO(replies[0].body)) as archive:
        names = [
            f"{kind}.{lang}.{form}"
            for kind in KINDS
            for lang in ("en", "fr", "es")
            for form in ("docx", "html")
        ]
        assert archive.namelist() == sorted([*names, "manifest.json"])


def test_book_with_errors__gets_its_issues_but_no_document(server, book):
    faulty = json.loads(json.dumps(book))
    costs = next(sheet for sheet in faulty["sheets"] if sheet["name"] == "Costs")
    row = next(i for i, values in enumerate(costs["values"]) if "Amount" in values)
    column = costs["values"][row].index("Amount")
    costs["values"][row + 1][column] = "1 234"
    answer = server.post(CHECK, faulty, token=ANNA).json
    refused = server.post(DOCUMENT, faulty, token=ANNA)

    assert answer["errors"] == 1
    assert answer["totals"] is None
    assert (refused.status, refused.json["reason"]) == (422, "has-errors")


def test_book_of_something_else__is_told_in_words(server, book):
    other = {**book, "sheets": [{**book["sheets"][0], "tables": []}]}
    reply = server.post(f"{CHECK}?lang=fr", other, token=ANNA)

    assert reply.status == 422
    assert reply.json["reason"] == "not-programme"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"1",
        b"\xff\xfe",
        b'{"sheets": NaN}',
        b"[" * 100_000,
        b'{"sheets": ' + b"9" * 5000 + b"}",
        b'{"book": {"name": "a"}, "version": "1", "names": [], "sheets": [{"values": [1]}]}',
        b"bookData={}",
    ],
)
@pytest.mark.parametrize("path", ACTIONS)
def test_malformed_body__is_refused(server, path, body):
    reply = server.post(path, body, token=ANNA)

    assert (reply.status, reply.json["reason"]) == (400, "not-understood")


def test_two_million_cells__are_refused(server, book):
    huge = {**book["sheets"][0], "values": [[0] * 1000] * 2000}
    reply = server.post(CHECK, {**book, "sheets": [huge]}, token=ANNA)
    call = {"func_name": "CMSWP_COST", "args": [[[[0] * 1000] * 2000]]}

    assert (reply.status, reply.json["reason"]) == (400, "too-many-cells")
    assert server.post(FUNCTION, call, token=ANNA).json["reason"] == "too-many-cells"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_book_in_another_encoding__is_refused(server, book, encoding):
    reply = server.post(CHECK, json.dumps(book).encode(encoding), token=ANNA)

    assert (reply.status, reply.json["reason"]) == (400, "not-understood")


def test_book_with_half_a_character__is_refused(server, book):
    named = {**book, "book": {**book["book"], "name": "\ud83d.xlsx"}}
    reply = server.post(CHECK, named, token=ANNA)

    assert (reply.status, reply.json["reason"]) == (400, "not-understood")


def claiming(book, **claims):
    """Return a book whose first sheet with a table claims something else."""
    found = json.loads(json.dumps(book))
    sheet = next(sheet for sheet in found["sheets"] if sheet["tables"])
    for key, value in claims.items():
        (sheet if key in sheet else sheet["tables"][0])[key] = value
    return found


@pytest.mark.parametrize(
    "claims",
    [
        {"range_address": "A1:XFD1048576"},
        {"data_body_range_address": "A2:A1048576"},
        {"used_range_address": "A1:XFD1048576"},
    ],
)
def test_claims_beyond_the_cells_sent__are_refused(server, book, claims):
    reply = server.post(CHECK, claiming(book, **claims), token=ANNA)

    assert (reply.status, reply.json["reason"]) == (400, "claims-more")


def test_selection_of_a_whole_sheet__costs_nothing(server, book):
    whole = {**book, "book": {**book["book"], "selection": "A1:XFD1048576"}}
    reply = server.post("/xlwings/custom-scripts-call/next_issue", whole, token=ANNA)

    assert reply.status == 200


@pytest.mark.parametrize("path", ACTIONS)
def test_eleven_megabytes__are_refused(server, path):
    reply = server.post(path, b" " * 11_000_000, token=ANNA)

    assert (reply.status, reply.json["reason"]) == (413, "too-large")


def test_eleven_megabytes_in_chunks__are_refused(server):
    chunks = (b" " * 1_000_000 for _ in range(11))
    reply = server.ask("POST", CHECK, chunks, token=ANNA, Content_Type="application/json")

    assert reply.status == 413


def test_other_media__are_refused(server):
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    reply = server.ask("POST", SCRIPT, b"bookData={}", token=ANNA, **form)

    assert (reply.status, reply.json["reason"]) == (415, "not-json")


@pytest.mark.parametrize(
    "name", ["macros", "HTTPException", "_press", "__doc__", "", "validate/x", "../x", "Language"]
)
def test_only_scripts__can_be_called(server, book, name):
    reply = server.post(f"/xlwings/custom-scripts-call/{name}", book, token=ANNA)

    assert (reply.status, reply.json["reason"]) == (404, "not-here")


@pytest.mark.parametrize("name", ["annotations", "Any", "__builtins__", "x"])
def test_only_functions__can_be_called(server, name):
    reply = server.post(FUNCTION, {"func_name": name, "args": []}, token=ANNA)

    assert (reply.status, reply.json["reason"]) == (404, "not-here")


def test_foreign_origin__gets_no_leave_to_read(server):
    for method in ("GET", "POST", "OPTIONS"):
        asked = {"Origin": "https://evil.example", "Access_Control_Request_Method": "POST"}
        reply = server.ask(method, CHECK, b"{}", **asked)
        assert "access-control-allow-origin" not in reply.headers


def test_named_origin__gets_leave_and_no_star(server):
    asked = {"Origin": "https://allowed.example.org", "Access_Control_Request_Method": "POST"}
    reply = server.ask("OPTIONS", CHECK, **asked)

    assert reply.headers["access-control-allow-origin"] == "https://allowed.example.org"
    assert "access-control-allow-credentials" not in reply.headers


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/js/",
        "/cmswp/",
        "/cmswp/check",
        "/cmswp/document",
        "/xlwings/custom-scripts-call/validate",
        "/docs",
        "/openapi.json",
        "/redoc",
        "/static/../custom_scripts.py",
        "/static/%2e%2e/custom_scripts.py",
        "/static/js/../../custom_scripts.py",
        "/static/..%2fcustom_scripts.py",
        "/static/%2e%2e%5ccustom_scripts.py",
        "/static//../custom_scripts.py",
        "/static/C:/custom_scripts.py",
        "/static/%00",
        "/custom_scripts.py",
        "/.env",
        "/socket.io/",
    ],
)
def test_get__lists_nothing_and_does_nothing(server, path):
    reply = server.ask("GET", path)

    assert reply.status in {404, 405}
    assert b"import" not in reply.body
    assert "Traceback" not in reply.body.decode()


def test_no_path__leads_to_a_file_of_the_machine(server):
    """xlwings-server would serve it: its own static files take `..` in a path."""
    secret = server.log.parent / "tokens.txt"
    up = "/.." * 20
    for path in (f"/static{up}{secret}", f"/static{up.replace('..', '%2e%2e')}{secret}"):
        reply = server.ask("GET", path)
        assert reply.status == 404
        assert b"anna" not in reply.body


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods__are_refused(server, method):
    assert server.ask(method, CHECK).status == 405


@pytest.mark.parametrize("path", [*FIRST_PAGES, CHECK, "/not-there"])
def test_every_answer__says_who_may_frame_it_and_what_it_may_load(server, path):
    headers = server.ask("GET", path).headers

    policy = headers["content-security-policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert "unsafe" not in policy
    frames = directives["frame-ancestors"].split()
    assert frames[0] == "'self'"
    assert all(re.fullmatch(r"https://\*\.[a-z0-9.]+", host) for host in frames[1:])
    assert headers["x-content-type-options"] == "nosniff"


def test_first_pages__hold_no_script_or_style_in_line(server):
    for path in FIRST_PAGES:
        text = server.ask("GET", path).body.decode()
        scripts = re.findall(r"<script\b([^>]*)>", text)
        assert all("src=" in script or "application/json" in script for script in scripts)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)


def test_unexpected_fault__is_told_in_general_words_only(server, book):
    broken = {**book, "sheets": [{"name": "SecretName", "values": [["secret"]], "tables": []}]}
    del broken["client"]
    reply = server.post(SCRIPT, {**broken, "version": "0"}, token=ANNA)

    assert reply.status == 500
    assert set(reply.json) == {"reason", "detail"}
    assert "secret" not in reply.body.decode().casefold()
    assert ".py" not in reply.body.decode()
    assert "Traceback" in server.said("Traceback")


def test_log__tells_every_action_and_no_token_or_content(server, checked, book):
    body = json.dumps(book).encode()
    server.post(f"{CHECK}?lang=fr", body, token=ANNA)
    assert server.post(CHECK, body).status == 401
    sha256 = hashlib.sha256(body).hexdigest()
    done = f"user=anna action=check sha256={sha256} status=200"
    refused = "user=- action=check sha256=- status=401"
    said = server.said(done, refused)

    assert done in said
    assert refused in said
    for secret in (*TOKENS.values(), "test-token", "Bearer", "Raptors"):
        assert secret not in said
    assert checked.json["issues"][0]["message"] not in said


def test_function__answers_on_the_server(server):
    call = {
        "func_name": "CMSWP_COST",
        "args": [
            [["A-1"]],
            [["Activity", "Year", "Category", "Amount"], ["A-1", "", "travel", 12.5]],
        ],
        "caller_address": None,
        "version": "0",
        "client": "Office.js",
        "date_format": "yyyy-mm-dd",
        "culture_info_name": "en-GB",
        "runtime": "1.4",
    }
    reply = server.post(FUNCTION, call, token=ANNA)

    assert reply.status == 200
    assert reply.json["result"] == [[12.5]]


def test_functions__have_the_names_of_the_desktop(server):
    meta = server.ask("GET", "/xlwings/custom-functions-meta.json").json

    names = {function["name"] for function in meta["functions"]}
    assert {"CMSWP_COST", "CMSWP_TOTALS", "CMSWP_ISSUES"} <= names


def test_changed_file_of_tokens__counts_at_once(tmp_path):
    tokens, new = token_file(tmp_path), "new-3b1c"
    with running(tmp_path, "--tokens", tokens, "--hostname", "x.example") as server:
        assert server.post(FUNCTION, {}, token=ANNA).status == 400
        tokens.write_text(f"new {hashlib.sha256(new.encode()).hexdigest()}\n", encoding="utf-8")
        assert server.post(FUNCTION, {}, token=ANNA).status == 401
        assert server.post(FUNCTION, {}, token=new).status == 400
        tokens.write_text("nonsense\n", encoding="utf-8")
        assert server.post(FUNCTION, {}, token=new).status == 401
        assert "nonsense" not in server.said()


def test_local_server__answers_this_computer_by_its_own_names_only(tmp_path, book):
    with running(tmp_path, "--local") as server:
        assert server.post(CHECK, book).status == 200
        for host in ("evil.example", f"evil.example:{server.port}", "127.0.0.1.evil.example", ""):
            reply = server.ask("GET", "/taskpane.html", Host=host)
            assert (reply.status, reply.json["reason"]) == (400, "unknown-host")
        for host in ("127.0.0.1", "localhost", f"localhost:{server.port}", "[::1]"):
            assert server.ask("GET", "/taskpane.html", Host=host).status == 200
        foreign = server.post(CHECK, book, Origin="https://evil.example")
        assert (foreign.status, foreign.json["reason"]) == (403, "foreign")
        assert server.post(FUNCTION, {}, Origin=server.url).status == 400
        assert "https://localhost" in server.ask("GET", "/manifest.xml").body.decode()


@pytest.mark.parametrize(
    ("arguments", "env", "said"),
    [
        ([], {}, "--tokens"),
        (["--local"], {"XLWINGS_LICENSE_KEY": ""}, "PolyForm Noncommercial"),
        (["--local"], {"XLWINGS_LICENSE_KEY": "no-such-key"}, "XLWINGS_LICENSE_KEY"),
        (["--local", "--host", "192.0.2.1"], {}, "192.0.2.1"),
        (["--local", "--origin", "*"], {}, "*"),
        ([], {"XLWINGS_AUTH_PROVIDERS": '["custom"]'}, "custom"),
        ([], {"XLWINGS_AUTH_PROVIDERS": '["entraid"]'}, "XLWINGS_AUTH_ENTRAID_CLIENT_ID"),
        (["--tokens", "missing.txt"], {}, "missing.txt"),
    ],
)
def test_unsafe_start__is_refused_in_words(tmp_path, arguments, env, said):
    if "--local" not in arguments:
        arguments = [*arguments, "--hostname", "x.example"]
    done = program("serve", *arguments, env=env, cwd=tmp_path)

    assert is_a_clear_failure(done) or "PolyForm" in done.err
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


def test_publicly_known_token__keeps_the_server_from_starting(tmp_path):
    tokens = tmp_path / "tokens.txt"
    tokens.write_text(f"x {hashlib.sha256(b'test-token').hexdigest()}\n", encoding="utf-8")
    tokens.chmod(0o600)
    done = program("serve", "--tokens", tokens, "--hostname", "x.example")

    assert done.code == 2
    assert "publicly known token" in done.err


def test_taken_port__is_told(server):
    done = program("serve", "--local", "--port", server.port)

    assert done.code == 2
    assert str(server.port) in done.err


def test_manifest__is_whole_and_in_three_languages(server):
    """Every name that it refers to is defined, and texts and names keep the limits of Office."""
    root = fromstring(server.ask("GET", "/manifest.xml").body)
    elements = list(root.iter())
    defined = {
        found.get("id"): found for found in elements if found.tag.startswith(f"{{{TYPES}}}")
    }
    referred = {found.get("resid") for found in elements} - {None}

    assert referred == set(defined) - {None}
    assert all(len(name) <= 32 for name in referred)
    assert root.findtext(f"{{{APP}}}Id") == "74b1e9ae-ea74-43a4-afe2-3103d790eded"
    for found in elements:
        name = found.tag.rpartition("}")[2]
        if name == "String":
            assert [other.get("Locale") for other in found] == ["fr-FR", "es-ES"]
            assert len(found.get("DefaultValue")) <= 250
        if name == "Url" or name.endswith("IconUrl"):
            assert found.get("DefaultValue").startswith("https://cmswp.example.org/")
    for image in (found for found in elements if found.tag == f"{{{TYPES}}}Image"):
        if image.get("DefaultValue"):
            path = image.get("DefaultValue").removeprefix("https://cmswp.example.org")
            assert server.ask("GET", path).headers["content-type"] == "image/png"
    names = {found.text for found in elements if found.tag.endswith("FunctionName")}
    assert "cmswp-validate" in names
