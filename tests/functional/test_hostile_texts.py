"""Texts that another program would take for something else stay what was typed, everywhere."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import unicodedata
import zipfile

import openpyxl
import pytest
from annexes import W, part, read_docx, read_html
from programs import COMMAND, cmswp, environment, program
from sheets import workbook
from typist import Typist

HOSTILE = {
    "template": "{{ 7*7 }} {{ labels }} {% raw %}x{% endraw %} {# note #}",
    "statement": "{% for a in b %}",
    "markup": "<b>bold</b> <script>alert(1)</script> &amp; & < > \" '",
    "word-markup": "</w:t></w:r></w:p><w:p/> {{r x }} {%tr for %}",
    "formula": "=1+1",
    "command": "@SUM(1)",
    "plus": "+41 228 911",
    "minus": "-cmd|' /C calc'!A0",
    "field": '{ INCLUDETEXT "c:/secret" } { PAGE }',
    "rich": "[red]urgent[/red] [link=file:///etc]x[/link] :warning:",
    "right-to-left": "\u0627\u0644\u0637\u064a\u0631 \u05e6\u05d9\u05e4\u05d5\u05e8",
    "emoji": "\U0001f985 \U0001f468\u200d\U0001f469\u200d\U0001f467 e\u0301",
    "percent": "%s %(name)s {0} {name} {count} $HOME `id`",
    "backslash": "\\1 \\n \\x1b",
    "two lines": "First {{ 1 }}\n=2+2",
    "long": "Very long " * 3200,
    "newline escape": "_x005F_x000A_ stays",
    "quote": '\'apostrophe first, "quotes", semi;colon, comma,',
    "separators": "a\u2028b\u2029c\u202ed\u200f",
}
SHORT = {name: text for name, text in HOSTILE.items() if name not in ("long", "two lines")}


def typed(text):
    """Give what is read of a text as typed: the escape of the format undone, composed, trimmed."""
    return unicodedata.normalize("NFC", text.replace("_x005F_x", "_x")).strip()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A workbook whose activities, area, donor and title are such texts."""
    path = tmp_path_factory.mktemp("hostile") / "hostile.xlsx"
    assert cmswp("new", path).code == 0
    typist = Typist(path)
    texts = [{f"title_{code}": text for code in ("en", "fr", "es")} for text in HOSTILE.values()]
    nasty = " ".join(SHORT[name] for name in ("template", "markup", "rich", "field"))
    in_all = {f"title_{code}": nasty for code in ("en", "fr", "es")}
    typist.settings(**in_all, period_start=2024, period_end=2026, currency="EUR")
    typist.settings(**{f"symbol_{code}": '{{ 1 }}"; } <b> \\' for code in ("en", "fr", "es")})
    typist.rows("areas", [{"code": "A", **in_all}])
    typist.rows(
        "activities",
        [{"id": f"A-{n:02}", "number": f"1.{n}", "area": "A", **t} for n, t in enumerate(texts)],
    )
    typist.rows("sources", [{"code": "CORE", "kind": "core", **in_all}])
    typist.rows(
        "donors", [{"code": "X", **{k.replace("title", "name"): v for k, v in in_all.items()}}]
    )
    typist.rows(
        "funding",
        [{"activity": "A-00", "source": "CORE", "donor": "X", "stage": "received", "amount": 1}],
    )
    typist.rows(
        "posts", [{"id": "P", "grade": "{{P}}<4>", "source": "CORE", "donor": "X", **in_all}]
    )
    typist.rows("allocations", [{"post": "P", "area": "A", "percent": 10}])
    for sheet in typist.book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == HOSTILE["formula"]:
                    cell.data_type = "s"
    return typist.save()


@pytest.fixture(scope="module")
def published(hostile, tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    done = cmswp("export", hostile, "--out", folder)
    assert (done.code, done.err) == (0, "")
    return folder


def test_hostile_texts__are_read_as_typed(hostile):
    assert cmswp("validate", hostile).code == 0
    rows = cmswp("dump", hostile).json["tables"]["activities"]
    assert [row["title_fr"] for row in rows] == [typed(text) for text in HOSTILE.values()]


@pytest.mark.parametrize(("form", "read"), [("html", read_html), ("docx", read_docx)])
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_hostile_texts__stand_in_the_annex_as_typed(published, language, form, read):
    annex = read((published / f"annex.{language}.{form}").read_bytes())
    cells = [row[1] for row in annex.tables[0][2:-1]]
    expected = [typed(text) for text in HOSTILE.values()]
    assert [cell.split("^a")[0] for cell in cells] == expected
    nasty = " ".join(SHORT[name] for name in ("template", "markup", "rich", "field"))
    assert nasty in annex.headings()
    assert any(nasty in cell for grid in annex.tables for row in grid for cell in row[:1])


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_hostile_texts__bring_no_markup_into_html(published, language):
    page = (published / f"annex.{language}.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<b>" not in page
    assert page.count("<style>") == page.count("</style>") == 1
    style = page[page.index("<style>") : page.index("</style>")]
    assert "<b>" not in style
    assert '"; } <' not in style


def test_hostile_texts__bring_no_fields_into_word(published):
    data = (published / "annex.en.docx").read_bytes()
    body = part(data, "word/document.xml")
    assert not list(body.iter(f"{W}fldSimple", f"{W}hyperlink"))
    codes = {str(item.text).split()[0] for item in body.iter(f"{W}instrText")}
    assert codes <= {"SEQ", "NOTEREF"}  # of the captions and notes that we count
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        links = package.read("word/_rels/document.xml.rels").decode()
    assert "External" not in links
    head = "".join(part(data, "word/shared_header1.xml").itertext())
    assert head.startswith('{{ 1 }}"; } <b> \\/Annex')


def test_hostile_texts__stay_text_in_csv(hostile):
    for command in (("totals", hostile), ("unfunded", hostile)):
        done = cmswp(*command, "--format", "csv")
        rows = list(csv.reader(io.StringIO(done.out, newline="")))
        assert len({len(row) for row in rows}) == 1
        for row in rows[1:]:
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
        titles = [cell.removeprefix("'") for row in rows[1:] for cell in row]
        for text in HOSTILE.values():
            assert typed(text).removeprefix("'") in titles


def test_hostile_texts__stay_text_in_json(hostile):
    for command in (
        ("totals", hostile, "--format", "json"),
        ("unfunded", hostile, "--format", "json"),
        ("dump", hostile),
    ):
        done = cmswp(*command)
        content = json.dumps(done.json, ensure_ascii=False)
        for text in SHORT.values():
            assert json.dumps(typed(text), ensure_ascii=False) in content
        assert not {"\u202e", "\u2028", "\u200f"} & set(done.out)


@pytest.mark.parametrize("command", ["totals", "unfunded", "validate"])
def test_hostile_texts__do_not_steer_a_terminal(hostile, command):
    out = cmswp(command, hostile).out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\u2028" not in out
    if command == "totals":
        assert "[red]urgent" in out.replace("\n", " ")
        assert "49" not in out.split("Totals")[1].split("1.1")[0]


def test_hostile_texts__in_colour_are_not_read_as_markup(hostile):
    """A real terminal is played by a pseudo-terminal, where colour is on."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "totals", str(hostile)],
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=environment(TERM="xterm-256color"),
    )
    os.close(theirs)
    pieces = []
    try:
        while piece := os.read(ours, 65536):
            pieces.append(piece)
    except OSError:
        pass
    assert process.wait(60) == 0
    os.close(ours)
    shown = b"".join(pieces).decode()
    assert "\x1b[1m" in shown
    assert "[red]" in shown
    assert "\x1b]8" not in shown
    assert ":warning:" in shown


CONTROL = [
    "\x1b[31mred",
    "bell\x07",
    "nul\x01",
    "\x9b31m",
    "_xD83D_ alone",
    "\ufffe",
    "_x001B_[2J",
]


@pytest.fixture(scope="module")
def control(tmp_path_factory):
    """A workbook with control characters, in the escapes of the format, in several cells."""
    path = tmp_path_factory.mktemp("control") / "control.xlsx"
    path.write_bytes(workbook().xlsx())
    book = openpyxl.load_workbook(path)
    sheet = book["Activities"]
    titles = {cell.value: cell.column for cell in sheet[1]}
    for number, text in enumerate(CONTROL, 3):
        for column, value in (
            ("Activity id", f"ICC-{number:02}"),
            ("Number", f"1.{number}"),
            ("Area", "ICC"),
            ("Title (French)", "t"),
            ("Title (Spanish)", "t"),
            ("Title (English)", "".join(escaped(c) for c in text)),
        ):
            sheet.cell(number, titles[column]).value = value
    sheet.tables["Activities"].ref = sheet.tables["Activities"].ref[:-1] + str(2 + len(CONTROL))
    book.save(path)
    return path


def escaped(character):
    code = ord(character)
    return f"_x{code:04X}_" if code < 32 or code in (0x9B, 0xFFFE) else character


def test_control_characters__are_an_issue_at_their_cell(control):
    done = cmswp("validate", control, "--format", "json")
    assert done.code == 1
    found = [i for i in done.json["issues"] if i["code"] == "unreadable-text"]
    assert [i["cell"] for i in found] == [
        f"{found[0]['cell'][0]}{n}" for n in range(3, 3 + len(CONTROL))
    ]
    assert {i["column"] for i in found} == {"title_en"}


@pytest.mark.parametrize("form", ["text", "json", "html"])
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_control_characters__reach_no_output(control, form, language):
    done = program("validate", control, "--format", form, "--lang", language)
    assert done.code == 1
    assert "Traceback" not in done.err
    bad = {c for c in done.out if (ord(c) < 32 and c not in "\n\t") or 0x7F <= ord(c) <= 0x9F}
    assert bad == set()
    assert form == "json" or "\ufffe" not in done.out


def test_control_characters__do_not_break_the_annotated_copy(control, tmp_path):
    copy = tmp_path / "copy.xlsx"
    assert cmswp("validate", control, "--format", "xlsx", "--output", copy).code == 1
    assert "Issues" in openpyxl.load_workbook(copy).sheetnames


@pytest.mark.parametrize("code", ["../../etc/passwd", "a/b", "..", "con:x", "A\\B"])
def test_area_codes__that_are_paths_are_an_error(book, code, tmp_path):
    path = book(f"## Areas\n| code | title |\n| {code} | Area |\n| ICC | Area |")
    assert "wrong-pattern" in cmswp("validate", path).out
    out = tmp_path / "deep" / "out"
    assert cmswp("export", path, "--out", out, "--area", code).code == 1
    assert not out.exists()


def test_links__lead_to_the_web_only(book):
    path = book("## Mandates\n| code | url |\n| Res. 1 | javascript:alert(1) |")
    assert "wrong-pattern" in cmswp("validate", path).out
