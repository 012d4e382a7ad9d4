"""Exit codes, and several workbooks in one run: all or nothing for each of them."""

from __future__ import annotations

import hashlib
import json

import pytest
from faulty import CONTENT, write
from programs import cmswp, is_a_clear_failure, listing, program

from cmswp_xl import pipeline

ONE_TEXT_SHORT = """
## Areas
| code | title_en | title_fr | title_es |
| ICC  | Area     | Domaine  |          |
"""
OVERFUNDED = """
## Funding
| activity | source | stage    | amount |
| ICC-01   | CORE   | received | 150    |
"""


@pytest.fixture
def mixed(book, tmp_path):
    """Four workbooks: sound, one text short, with errors, and no workbook."""
    (tmp_path / "broken.xlsx").write_bytes(b"nothing")
    return {
        "sound": book(name="sound.xlsx"),
        "short": book(ONE_TEXT_SHORT, name="short.xlsx"),
        "faulty": write(tmp_path / "faulty.xlsx", CONTENT.values()),
        "broken": tmp_path / "broken.xlsx",
    }


def test_warnings__are_fine_unless_strict(book):
    path = book(OVERFUNDED)
    assert cmswp("validate", path).code == 0
    assert cmswp("validate", path, "--strict").code == 1
    assert cmswp("validate", path, "--strict", "--format", "json").code == 1


def test_notes__are_fine_even_when_strict(book):
    path = book()
    done = cmswp("validate", path, "--strict", "--format", "json")
    assert (done.code, done.json["warnings"]) == (0, 0)
    assert done.json["issues"]


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["sound"], 0),
        (["sound", "short"], 0),
        (["sound", "faulty"], 1),
        (["faulty", "sound"], 1),
        (["broken", "sound"], 2),
        (["faulty", "broken", "sound"], 2),
    ],
)
def test_validate__gives_the_highest_code_and_checks_all(mixed, names, code):
    done = cmswp("validate", *(mixed[name] for name in names))
    assert done.code == code
    for name in names:
        assert f"{name}.xlsx" in (done.err if name == "broken" else done.out)


@pytest.mark.parametrize(
    ("names", "code"),
    [(["sound", "short"], 1), (["sound", "faulty"], 1), (["short", "broken", "sound"], 2)],
)
def test_export__is_all_or_nothing_for_each_workbook(mixed, tmp_path, names, code):
    out = tmp_path / "out"
    done = cmswp("export", *(mixed[name] for name in names), "--out", out, "--lang", "all")
    assert done.code == code
    assert sorted({name.split("/")[0] for name in listing(out)}) == ["sound"]
    assert len(listing(out)) == 7


def test_export__one_text_short_in_one_language_writes_nothing(mixed, tmp_path):
    out = tmp_path / "out"
    done = cmswp("export", mixed["short"], "--out", out, "--lang", "all")
    assert done.code == 1
    assert len(done.err.strip().splitlines()) <= 3
    assert "Spanish" in done.err
    assert not out.exists()
    assert "Areas D2" in done.out


def test_export__leaves_out_an_incomplete_language_and_says_so(mixed, tmp_path):
    out = tmp_path / "out"
    done = cmswp("export", mixed["short"], "--out", out)
    assert done.code == 0
    assert done.out.splitlines()[1:] == [
        "Left out:",
        "  annex in Spanish: 1 text is missing, at Areas D2",
    ]
    assert len(listing(out)) == 5


def test_export__refused_keeps_what_was_there(mixed, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "annex.en.html").write_text("old", encoding="utf-8")
    assert cmswp("export", mixed["short"], "--out", out, "--lang", "all").code == 1
    assert cmswp("export", mixed["faulty"], "--out", out).code == 1
    assert listing(out) == {"annex.en.html": b"old"}


@pytest.mark.parametrize("other", ["b/plan.xlsx", "b/PLAN.xlsx", "b/plan.XLSX", "a/plan.xlsx"])
def test_export__workbooks_of_one_name_are_misuse(book, tmp_path, other):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    first = book(name="a/plan.xlsx")
    second = book(name=other)
    done = cmswp("export", first, second, "--out", tmp_path / "out")
    assert is_a_clear_failure(done)
    assert not (tmp_path / "out").exists()


def test_export__several_workbooks_get_a_folder_each(book, tmp_path):
    out = tmp_path / "out"
    paths = [book(name=name) for name in ("one.xlsx", "deux é.xlsx")]
    assert cmswp("export", *paths, "--out", out, "--lang", "fr", "--format", "docx").code == 0
    assert sorted(listing(out)) == [
        f"{folder}/{name}"
        for folder in ("deux é", "one")
        for name in ("annex.fr.docx", "manifest.json")
    ]


def test_export__asks_for_the_same_thing_once(book, tmp_path):
    out = tmp_path / "out"
    options = ("--lang", "en", "--lang", "en", "--format", "html", "--format", "html")
    areas = ("--area", "ICC", "--area", "icc")
    done = cmswp("export", book(), "--out", out, *options, *areas)
    assert done.code == 0
    assert sorted(listing(out)) == ["annex-ICC.en.html", "manifest.json"]


def test_export__unknown_area_is_misuse(book, tmp_path):
    done = cmswp("export", book(), "--out", tmp_path / "out", "--area", "XYZ")
    assert is_a_clear_failure(done)
    assert "ICC" in done.err
    assert not (tmp_path / "out").exists()


DONORS = """
## Donors
| code | name    |
| DE   | Germany |
| FR   | France  |

## Funding
| activity | year | source | donor | stage    | amount |
| ICC-01   | 2024 | VOL    | DE    | received | 40     |
"""
ENGLISH = ("--lang", "en", "--format", "html")


def test_export__one_statement_for_each_donor(book, tmp_path):
    out = tmp_path / "out"
    options = ("--document", "contributions", "--donor", "de", "--donor", "FR", "--donor", "DE")
    assert cmswp("export", book(DONORS), "--out", out, *options, *ENGLISH).code == 0
    files = listing(out)
    assert sorted(files) == [
        "contributions-DE.en.html",
        "contributions-FR.en.html",
        "manifest.json",
    ]
    assert b"France" not in files["contributions-DE.en.html"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--document", "contributions", "--donor", "XYZ"), "The workbook has: “DE” and “FR”."),
        (("--donor", "DE"), "--document contributions"),
        (("--document", "all", "--donor", "DE"), "--document contributions"),
        (("--document", "set", "--donor", "DE"), "--document contributions"),
        (("--document", "contributions", "--area", "ICC"), "--area"),
    ],
)
def test_export__donor_of_no_statement_is_misuse(book, tmp_path, options, said):
    done = cmswp("export", book(DONORS), "--out", tmp_path / "out", *options)
    assert is_a_clear_failure(done)
    assert said in done.err
    assert not (tmp_path / "out").exists()


def test_export__contributions_are_made_when_asked_for_by_name(book, tmp_path):
    path = book(DONORS)
    for options, there in ((), False), (("--document", "contributions"), True):
        out = tmp_path / f"out-{there}"
        assert (
            cmswp("export", path, "--out", out, "--document", "all", *options, *ENGLISH).code == 0
        )
        assert ("contributions.en.html" in listing(out)) is there


def test_manifest__names_each_file_and_what_it_was_made_from(example, annexes):
    manifest = json.loads(annexes["manifest.json"])
    assert manifest["workbook"] == "example.xlsx"
    assert manifest["sha256"] == hashlib.sha256(example.read_bytes()).hexdigest()
    assert (manifest["status"], manifest["as_at"]) == ("revised", "2025-01-31")
    hashes = {item["name"]: item["sha256"] for item in manifest["files"]}
    assert hashes == {
        name: hashlib.sha256(data).hexdigest()
        for name, data in annexes.items()
        if name != "manifest.json"
    }


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("frobnicate",),
        ("validate",),
        ("export", "x.xlsx"),
        ("totals", "x.xlsx", "--by", "colour"),
        ("validate", "x.xlsx", "--lang", "de"),
        ("validate", "x.xlsx", "--max-cells", "-1"),
        ("validate", "x.xlsx", "--nonsense"),
        ("export", "x.xlsx", "--out", "o", "--document", "novel"),
    ],
)
def test_misuse__gives_2_and_no_traceback(arguments):
    done = cmswp(*arguments)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert done.err or not arguments


@pytest.mark.parametrize(
    "command",
    ["", "new", "validate", "totals", "unfunded", "export", "dump", "rules", "explain"],
)
def test_help__is_there_with_an_example(command):
    done = cmswp(*filter(None, [command]), "--help")
    assert (done.code, done.err) == (0, "")
    assert "Usage: cmswp" in done.out
    assert not command or "Example: cmswp" in done.out


def test_version__is_told():
    done = program("--version")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("cmswp")


def test_unforeseen_failure__is_told_without_a_traceback(book, monkeypatch):
    def fail(*_arguments):
        raise LookupError("a {detail} with \x1b[31m signs\nand lines")

    monkeypatch.setattr(pipeline, "open_workbook", fail)
    done = cmswp("validate", book())
    assert done.code == 2
    assert len(done.err.strip().splitlines()) <= 3
    assert "Traceback" not in done.err
    assert "\x1b" not in done.err
    monkeypatch.setenv("CMSWP_DEBUG", "1")
    with pytest.raises(LookupError):
        cmswp("validate", book())


def test_too_little_memory__is_told(book, monkeypatch):
    def fail(*_arguments):
        raise MemoryError

    monkeypatch.setattr(pipeline, "open_workbook", fail)
    assert is_a_clear_failure(cmswp("validate", book()))


def test_nothing_is_said_in_the_language_of_the_machine(book):
    done = program("validate", book(), env={"LANG": "fr_FR.UTF-8", "LC_ALL": "fr_FR.UTF-8"})
    assert "Ready for documents" in done.out


def test_export__speaks_the_language_of_its_documents(book, tmp_path):
    out = tmp_path / "out"
    done = cmswp("export", book(), "--out", out, "--lang", "fr")
    english = cmswp("export", book(), "--out", out, "--lang", "en")
    assert done.out != english.out
    assert str(out) in done.out
