"""An annex in Word comes in as a workbook, and goes out again word for word."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from annexes import read_docx
from programs import cmswp, is_a_clear_failure
from typed_annexes import ACTIVITIES, AREAS, POSTS, Typed, source_one

LANGUAGES = ("en", "fr", "es")
PERIOD = ("--period", "2024-2026", "--currency", "EUR")


def imported(annex, out, language="en", period=PERIOD):
    return cmswp("import", annex, "--lang", language, *period, "--out", out)


def exported(workbook, folder, language):
    done = cmswp("export", workbook, "--out", folder, "--lang", language, "--format", "docx")
    assert (done.code, done.err) == (0, "")
    return read_docx((folder / f"annex.{language}.docx").read_bytes())


def without_scenarios(annex):
    """Leave out the last section, as an annex gives the rows of one scenario only."""
    last = max(place for place, (kind, _) in enumerate(annex.texts) if kind == "h2")
    return replace(annex, texts=annex.texts[:last], tables=annex.tables[:-1])


@pytest.fixture(scope="module", params=LANGUAGES)
def there_and_back(request, annexes, tmp_path_factory):
    """Export, import, export: the language, both annexes, and what the import told."""
    folder = tmp_path_factory.mktemp("import")
    language = request.param
    annex, workbook = folder / "annex.docx", folder / "back.xlsx"
    annex.write_bytes(annexes[f"annex.{language}.docx"])
    done = imported(annex, workbook, language)
    assert (done.code, done.err) == (0, "")
    first = without_scenarios(read_docx(annexes[f"annex.{language}.docx"]))
    return language, first, exported(workbook, folder, language), done.out, workbook


def test_example__comes_back_word_for_word(there_and_back):
    """All but the funding by year, which is printed for all activities together."""
    _, before, after, *_ = there_and_back

    assert len(before.tables) == len(after.tables)
    assert after.tables[:-1] == before.tables[:-1]
    assert after.texts == before.texts
    years = [[row[:2] for row in tables[-1]] for tables in (before.tables, after.tables)]
    assert years[0] == years[1]


def test_example__comes_back_a_third_time_with_every_table(there_and_back, tmp_path):
    """What an annex carries is carried again and again."""
    language, _, after, _, workbook = there_and_back
    if language != "fr":
        return
    once = tmp_path / "once"
    exported(workbook, once, language)
    again = tmp_path / "again.xlsx"
    assert imported(once / f"annex.{language}.docx", again, language).code == 0

    third = exported(again, tmp_path / "again", language)

    assert (third.tables, third.texts) == (after.tables, after.texts)


def test_example__is_a_sound_workbook_with_nothing_to_doubt_in_its_totals(there_and_back):
    *_, told, workbook = there_and_back
    report = cmswp("validate", workbook, "--format", "json").json

    assert report["errors"] == 0
    assert not [i for i in report["issues"] if i["code"] in ("stale-formula", "not-calculated")]
    assert "VOL" in told


def test_example__has_the_same_totals(there_and_back, example):
    *_, workbook = there_and_back
    names = ("cost", "core", "voluntary", "other", "pledged", "to_be_sought", "surplus")
    found = [cmswp("totals", path, "--format", "json").json for path in (example, workbook)]
    rows = [[(r["number"], *(r[n] for n in names)) for r in one["rows"]] for one in found]

    assert rows[0] == rows[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_annex_without_years__comes_back_word_for_word(tmp_path, language):
    typed = Typed(language).heading("Wetlands")
    typed.activities(
        [
            ("1.1", "One.\nTwo.", "1000", "400", "100", "500"),
            ("1.2", "Three.", "", "", "", ""),
            ("1.10", "Four.", "2000.50", "–", "2500", "–"),
        ]
    )
    typed.staff([("Posts of the core budget (presupuesto, principal)",), ("", "A (P-2)", "50")])
    (tmp_path / "typed.docx").write_bytes(typed.data())
    assert imported(tmp_path / "typed.docx", tmp_path / "1.xlsx", language).code == 0
    first = exported(tmp_path / "1.xlsx", tmp_path / "1", language)

    annex = tmp_path / "1" / f"annex.{language}.docx"
    done = imported(annex, tmp_path / "2.xlsx", language)
    second = exported(tmp_path / "2.xlsx", tmp_path / "2", language)

    assert done.code == 0
    assert (second.tables, second.texts) == (first.tables, first.texts)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source")
    (folder / "source-1.docx").write_bytes(source_one())
    period = ("--period", "2012-2014", "--currency", "EUR")
    done = imported(folder / "source-1.docx", folder / "source-1.xlsx", "fr", period)
    assert (done.code, done.err) == (0, "")
    return folder / "source-1.xlsx"


def test_source_one__has_the_right_rows(source):
    found = cmswp("dump", source).json
    tables = found["tables"]

    assert [row["title_fr"] for row in tables["areas"]] == list(AREAS)
    assert [(r["number"], r["title_fr"]) for r in tables["activities"]] == list(ACTIVITIES)
    assert {row["area"] for row in tables["activities"]} == {tables["areas"][-1]["code"]}
    assert tables["costs"] == tables["funding"] == []
    assert [f"{r['title_fr']} ({r['grade']})" for r in tables["posts"]] == [p[1] for p in POSTS]
    assert [row["source"] for row in tables["posts"]] == ["CORE", "VOL", "VOL"]
    assert [row["percent"] for row in tables["allocations"]] == [p[2] for p in POSTS]
    assert found["programme"]["original_language"] == "fr"
    assert found["programme"]["period_start"] == 2012


def test_source_one__prints_its_blanks_again(source, tmp_path):
    annex = exported(source, tmp_path, "fr")
    table = next(grid for grid in annex.tables if any(row[0] == "1.1" for row in grid))

    assert [tuple(row[:2]) for row in table[2:-1]] == list(ACTIVITIES)
    assert {cell for row in table[2:] for cell in row[2:]} == {""}


def test_figures_in_every_style__in_one_annex(tmp_path):
    amounts = ("1 234 567,89", "1,234,567.89", "1.234.567,89", "1\u00a0234\u202f567", "1'234'567")
    typed = Typed().heading("Birds")
    typed.activities(
        [(f"1.{n}", "Text.", amount, "", "", "") for n, amount in enumerate(amounts, 1)]
    )
    (tmp_path / "a.docx").write_bytes(typed.data())

    done = imported(tmp_path / "a.docx", tmp_path / "a.xlsx")

    costs = cmswp("dump", tmp_path / "a.xlsx").json["tables"]["costs"]
    assert done.code == 0
    assert [Decimal(row["amount"]) for row in costs] == [
        *[Decimal("1234567.89")] * 3,
        *[Decimal(1234567)] * 2,
    ]


def test_account__names_cells_and_tells_rounding_from_wrong(tmp_path):
    typed = Typed().heading("Birds")
    typed.activities(
        [
            ("1.1", "Text.", "1,000", "approx. 400", "100", "500"),
            ("1.2", "Text.", "1,000", "n/a", "", "1,001"),
            ("=Sub-total", "2,000", "400", "200", "1,501"),
        ]
    )
    (tmp_path / "a.docx").write_bytes(typed.data())

    told = imported(tmp_path / "a.docx", tmp_path / "a.xlsx").out

    assert "Table 1, row 3, column 4 (Core budget): “approx. 400” → 400" in told
    assert "Table 1, row 4, column 4 (Core budget): “n/a”" in told
    rounding, wrong = told.split("Rounding (")[1].split("Wrong (")
    assert "Table 1, row 4, column 6 (Funding to be sought), 1.2: printed 1,001" in rounding
    assert "Sub-total: printed 200, parts 100" in wrong


def test_totals_that_do_not_fit__are_said_first_with_exit_code_one(tmp_path):
    typed = Typed().heading("Birds")
    typed.activities([("1.1", "Text.", "1,000", "", "", ""), ("=Total", "1,200", "", "", "")])
    (tmp_path / "a.docx").write_bytes(typed.data())

    done = imported(tmp_path / "a.docx", tmp_path / "a.xlsx")

    assert done.code == 1
    assert done.out.startswith("1 printed total differs from what was read.")
    assert cmswp("dump", tmp_path / "a.xlsx").json["tables"]["costs"][0]["amount"] == "1000"


def test_workbook_that_is_there__is_never_replaced(source):
    before = source.read_bytes()
    done = imported(source.with_suffix(".docx"), source, "fr")

    assert is_a_clear_failure(done)
    assert source.read_bytes() == before


def _zip(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return stream.getvalue()


def _changed(part, change):
    """Give a sound typed annex with one of its parts changed."""
    typed = Typed().heading("Birds")
    typed.activities([("1.1", "Text.", "100", "", "", "100")])
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(typed.data())) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return stream.getvalue()


def _body(change):
    return _changed("word/document.xml", change)


HOSTILE = {
    "empty": (lambda: b"", "empty"),
    "not a package": (lambda: b"%PDF-1.7\n" + bytes(500), "not a Word file"),
    "old doc": (lambda: bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "older format"),
    "cut short": (lambda: source_one()[:4000], "damaged"),
    "package of something else": (lambda: _zip(mimetype="x"), "not a Word file"),
    "entities": (
        lambda: _body(lambda d: b'<!DOCTYPE w [<!ENTITY a "b">]>' + d.partition(b"?>")[2]),
        "instructions",
    ),
    "bomb": (lambda: _body(lambda d: d + b" " * 120_000_000), "MB"),
    "not well-formed": (lambda: _body(lambda d: d[:-30]), "damaged"),
    "too deep": (lambda: _body(lambda d: d.replace(b"<w:p>", b"<w:sdt>" * 400, 1)), "damaged"),
    "strict": (
        lambda: _changed(
            "_rels/.rels",
            lambda d: d.replace(
                b"schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument",
                b"purl.oclc.org/ooxml/officeDocument/relationships/officeDocument",
            ),
        ),
        "Strict",
    ),
    "no tables": (lambda: Typed().text("Only words.").data(), "no tables"),
    "other tables": (lambda: _tables_of_staff(), "no table of activities"),  # noqa: PLW0108  defined below
    "other language": (source_one, "French"),
}


def _tables_of_staff():
    typed = Typed()
    typed.staff([("a", "b", "c")], ("x", "y", "z"))
    return typed.data()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file__gets_a_clear_message_and_no_workbook(tmp_path, name):
    make, words = HOSTILE[name]
    (tmp_path / "annex.docx").write_bytes(make())

    done = imported(tmp_path / "annex.docx", tmp_path / "out.xlsx")

    assert is_a_clear_failure(done), done.err
    assert words in done.err
    assert not (tmp_path / "out.xlsx").exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--period", "2014-2012", "--currency", "EUR"),
        ("--period", "now", "--currency", "EUR"),
        ("--period", "2012-2014", "--currency", "euro"),
    ],
)
def test_misuse__gets_a_clear_message(tmp_path, options):
    (tmp_path / "a.docx").write_bytes(source_one())

    assert is_a_clear_failure(imported(tmp_path / "a.docx", tmp_path / "a.xlsx", "fr", options))


@pytest.mark.parametrize("path", ["missing.docx", "~$annex.docx", "."])
def test_file_that_is_none__gets_a_clear_message(tmp_path, path):
    (tmp_path / "~$annex.docx").write_bytes(b"x")

    assert is_a_clear_failure(imported(tmp_path / path, tmp_path / "a.xlsx"))


SPOILT = {
    "spans beyond any page": lambda d: d.replace(
        b'w:gridSpan w:val="2"', b'w:gridSpan w:val="999999999"'
    ),
    "spans that are no number": lambda d: d.replace(
        b'w:gridSpan w:val="2"', b'w:gridSpan w:val="x"'
    ),
    "merges with nothing above": lambda d: d.replace(
        b"<w:tcPr>", b'<w:tcPr><w:vMerge w:val="continue"/>'
    ),
    "everything merged across": lambda d: d.replace(b"<w:tcPr>", b"<w:tcPr><w:hMerge/>"),
    "no cells": lambda d: d.replace(b"<w:tc>", b"<w:sdt>").replace(b"</w:tc>", b"</w:sdt>"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_spoilt_table__is_read_or_refused_and_never_crashes(tmp_path, name):
    (tmp_path / "annex.docx").write_bytes(_body(SPOILT[name]))

    done = imported(tmp_path / "annex.docx", tmp_path / "out.xlsx")

    assert done.code == 0 or is_a_clear_failure(done), (done.err, done.out)


def test_cells_beyond_the_limit__are_refused(tmp_path):
    (tmp_path / "a.docx").write_bytes(source_one())
    done = cmswp(
        "import",
        tmp_path / "a.docx",
        "--lang",
        "fr",
        *PERIOD,
        "--out",
        tmp_path / "a.xlsx",
        "--max-cells",
        "10",
    )

    assert is_a_clear_failure(done)
    assert json.dumps(done.err).count("10 cel") == 1
