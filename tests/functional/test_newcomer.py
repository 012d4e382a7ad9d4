"""A newcomer's path: a fresh workbook, typed into, checked, totalled, published."""

from __future__ import annotations

import csv
import io

import pytest
from annexes import read_docx, read_html
from programs import cmswp, listing
from typist import Typist

from cmswp_xl.schema import load_schemas

LANGUAGES = ["en", "fr", "es"]


def filled(path, language):
    """Make a workbook of `new` and type a small programme into it."""
    assert cmswp("new", path, "--lang", language).code == 0
    texts = {
        base: {f"{base}_{code}": f"{base} {code} {{}}" for code in LANGUAGES}
        for base in ("title", "name")
    }

    def titled(text, base="title"):
        return {name: pattern.format(text) for name, pattern in texts[base].items()}

    typist = Typist(path, language)
    typist.settings(**titled("plan"), period_start=2024, period_end=2026, currency="EUR")
    typist.rows("areas", [{"code": "ICC", **titled("ICC")}, {"code": "GOV", **titled("GOV")}])
    typist.rows(
        "activities",
        [
            {"id": "ICC-01", "number": "1.1", "area": "ICC", "priority": "core", **titled("one")},
            {"id": "ICC-02", "number": "1.2", "area": "ICC", **titled("two")},
            {"id": "GOV-01", "number": "1.1", "area": "GOV", **titled("three")},
        ],
    )
    typist.rows("sources", [{"code": "CORE", "kind": "core", **titled("budget")}])
    typist.rows("donors", [{"code": "DE", **titled("Germany", "name")}])
    typist.rows(
        "costs",
        [
            {"activity": "ICC-01", "category": "travel", "amount": 1200.5},
            {"activity": "GOV-01", "category": "meetings", "amount": 300},
        ],
    )
    typist.rows(
        "funding",
        [
            {"activity": "ICC-01", "source": "CORE", "stage": "received", "amount": 200.25},
            {
                "activity": "ICC-01",
                "source": "CORE",
                "donor": "DE",
                "stage": "pledged",
                "amount": 5,
            },
        ],
    )
    return typist.save()


@pytest.fixture(scope="module", params=LANGUAGES)
def typed(request, tmp_path_factory):
    path = tmp_path_factory.mktemp(request.param) / "plan.xlsx"
    return request.param, filled(path, request.param)


def test_new__is_told_and_never_replaces_a_file(tmp_path):
    path = tmp_path / "plan.xlsx"
    done = cmswp("new", path)
    assert (done.code, done.err) == (0, "")
    assert str(path) in done.out
    before = path.read_bytes()
    again = cmswp("new", path, "--example")
    assert again.code == 2
    assert again.out == ""
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["plan", "plan.xls", "plan.xlsx.txt"])
def test_new__makes_only_xlsx(tmp_path, name):
    assert cmswp("new", tmp_path / name).code == 2
    assert not list(tmp_path.iterdir())


def test_new__lacks_only_the_required_settings(tmp_path):
    path = tmp_path / "fresh.xlsx"
    cmswp("new", path)
    report = cmswp("validate", path, "--format", "json").json
    found = {(i["code"], i["table"], i["column"]) for i in report["issues"]}
    missing = ("title_en", "period_start", "period_end", "currency")
    assert found == {
        *(("missing-value", "programme", name) for name in missing),
        *(("missing-translation", "programme", name) for name in ("title_fr", "title_es")),
    }
    assert report["errors"] == 4


def test_typed_workbook__has_no_errors_and_says_what_was_not_calculated(typed):
    language, path = typed
    done = cmswp("validate", path, "--format", "json", "--lang", language)
    report = done.json
    assert (done.code, report["errors"], report["warnings"]) == (0, 0, 0)
    codes = {issue["code"] for issue in report["issues"]}
    assert codes == {"not-calculated", "unfunded", "partly-funded", "not-costed", "no-mandate"}
    assert {issue["severity"] for issue in report["issues"]} == {"info"}


def test_typed_workbook__is_totalled(typed):
    _, path = typed
    totals = cmswp("totals", path, "--by", "area", "--format", "json").json
    money = ("cost", "core", "pledged", "to_be_sought", "activities", "not_costed")
    assert [(row["key"], *(row[name] for name in money)) for row in totals["rows"]] == [
        ("ICC", "1200.50", "200.25", "5.00", "1000.25", 2, 1),
        ("GOV", "300.00", "0.00", "0.00", "300.00", 1, 0),
    ]
    assert tuple(totals["total"][name] for name in money) == (
        *("1500.50", "200.25", "5.00", "1300.25"),
        *(3, 1),
    )


def test_typed_workbook__shows_what_is_unfunded(typed):
    language, path = typed
    done = cmswp("unfunded", path, "--format", "csv", "--lang", language)
    text, separator = done.out.removeprefix("\ufeff"), "," if language == "en" else ";"
    rows = list(csv.DictReader(io.StringIO(text), delimiter=separator))
    assert [(row["key"], row["to_be_sought"], row["status"]) for row in rows[:-1]] == [
        ("ICC-01", "1000.25", "partly-funded"),
        ("GOV-01", "300.00", "unfunded"),
        ("ICC-02", "", "not-costed"),
    ]
    assert rows[0]["title"] == f"title {language} one"
    text = cmswp("unfunded", path, "--lang", language).out
    assert f"title {language} three" in text
    assert text.index("GOV-01") < text.index("ICC-02")


def test_typed_workbook__is_published_in_three_languages(typed, tmp_path):
    _, path = typed
    done = cmswp("export", path, "--out", tmp_path)
    assert (done.code, done.err) == (0, "")
    files = listing(tmp_path)
    assert sorted(files) == sorted(
        [f"annex.{code}.{form}" for code in LANGUAGES for form in ("docx", "html")]
        + ["manifest.json"]
    )
    for code in LANGUAGES:
        for read, form in ((read_html, "html"), (read_docx, "docx")):
            annex = read(files[f"annex.{code}.{form}"])
            first, second = annex.tables[0], annex.tables[1]
            assert [row[:2] for row in first[2:4]] == [
                ["1.1", first[2][1]],
                ["1.2", f"title {code} two"],
            ]
            assert first[2][1].startswith(f"title {code} one")
            assert first[3][2:] == ["", "", "", ""]
            assert second[2][1].startswith(f"title {code} three")
            others = [other for other in LANGUAGES if other != code]
            assert not any(f"title {other} " in annex.everything() for other in others)


def test_typed_workbook__dumps_what_was_typed(typed):
    language, path = typed
    data = cmswp("dump", path).json
    assert data["programme"]["original_language"] == language
    assert data["programme"]["title_fr"] == "title fr plan"
    assert [row["id"] for row in data["tables"]["activities"]] == ["ICC-01", "ICC-02", "GOV-01"]
    assert data["tables"]["costs"][0]["amount"] == "1200.5"
    assert data["tables"]["posts"] == []
    assert "cost" not in data["tables"]["activities"][0]
    assert "area_title" not in data["tables"]["activities"][0]


def test_dump__is_the_same_whatever_language_the_workbook_speaks(tmp_path):
    dumps = []
    for language in LANGUAGES:
        path = filled(tmp_path / f"{language}.xlsx", language)
        Typist(path, language).settings(original_language="en").save()
        dumps.append(cmswp("dump", path).out)
    assert dumps[0] == dumps[1] == dumps[2]


def test_dump__is_sorted_and_holds_every_input_field(typed):
    _, path = typed
    data = cmswp("dump", path).json
    assert list(data) == ["programme", "tables"]
    assert list(data["tables"]) == sorted(data["tables"])
    inputs = load_schemas()["funding"].inputs()
    assert set(data["tables"]["funding"][0]) == {field.name for field in inputs}
