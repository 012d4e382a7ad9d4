"""The report of `validate` in its four formats and three languages."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile

import openpyxl
import pytest
from faulty import CONTENT, STRUCTURE, write
from lxml import html
from programs import cmswp, is_a_clear_failure
from sheets import workbook

from cmswp_xl.issues import SEVERITIES

LANGUAGES = ("en", "fr", "es")
ISSUE = ["code", "severity", "sheet", "cell", "table", "column", "value", "message", "remedy"]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    return write(tmp_path_factory.mktemp("faults") / "faults.xlsx", CONTENT.values())


@pytest.fixture(scope="module")
def reports(faulty):
    """The JSON report of the faulty workbook in each language."""
    return {
        language: cmswp("validate", faulty, "--format", "json", "--lang", language).json
        for language in LANGUAGES
    }


def test_json__has_the_shape_of_the_design(faulty, reports):
    report = reports["en"]
    assert list(report) == ["workbook", "sha256", "errors", "warnings", "issues"]
    assert report["workbook"] == "faults.xlsx"
    assert report["sha256"] == hashlib.sha256(faulty.read_bytes()).hexdigest()
    for issue in report["issues"]:
        assert list(issue) == ISSUE
        assert issue["severity"] in ("error", "warning", "info")
        assert re.fullmatch(r"[A-Z]+[0-9]+", issue["cell"] or "A1")
        assert issue["table"] == issue["table"].lower()
        assert issue["value"] is None or isinstance(issue["value"], str)
        assert issue["message"]
        assert issue["remedy"]
    counts = {
        word: sum(issue["severity"] == word for issue in report["issues"])
        for word in ("error", "warning")
    }
    assert counts == {"error": report["errors"], "warning": report["warnings"]}


def test_json__values_are_texts_as_shown(reports):
    values = {(i["sheet"], i["cell"], i["code"]): i["value"] for i in reports["en"]["issues"]}
    assert values["Costs", "F2", "wrong-type"] == "100"
    assert values["Costs", "F4", "formula-without-value"] is None
    assert values["Costs", "F5", "error-value"] == "#REF!"
    assert values["Costs", "F6", "too-many-decimals"] == "100.005"
    assert values["Costs", "F8", "missing-value"] is None
    assert values["Activities", "B13", "wrong-type"] == "1.1"
    assert values["Activities", "J20", "stale-formula"] == "99"


def test_json__of_a_missing_table_has_no_cell(tmp_path):
    path = write(tmp_path / "gone.xlsx", [STRUCTURE["table gone"]])
    issues = cmswp("validate", path, "--format", "json").json["issues"]
    missing = next(issue for issue in issues if issue["code"] == "missing-table")
    assert (missing["cell"], missing["table"], missing["column"]) == (None, "areas", None)


def test_json__of_several_workbooks_is_an_array(faulty, book):
    done = cmswp("validate", book(), faulty, "--format", "json")
    assert done.code == 1
    assert [report["workbook"] for report in done.json] == ["book.xlsx", "faults.xlsx"]
    assert [report["errors"] > 0 for report in done.json] == [False, True]


def test_json__of_several_workbooks_stays_an_array_where_one_cannot_be_read(book, tmp_path):
    done = cmswp("validate", book(), tmp_path / "missing.xlsx", "--format", "json")
    assert done.code == 2
    assert "not found" in done.err
    assert [report["workbook"] for report in done.json] == ["book.xlsx"]


def test_json__never_folds(tmp_path):
    rows = "\n".join(f"| A-{n:02} | '1.{n} | ICC | Do {n} |" for n in range(1, 63))
    path = tmp_path / "many.xlsx"
    text = f"## Activities\n| id | number | area | title_en |\n{rows}"
    path.write_bytes(workbook(text, without=("Costs", "Funding")).xlsx())
    issues = cmswp("validate", path, "--format", "json").json["issues"]
    assert sum(issue["code"] == "no-mandate" for issue in issues) == 62


def test_text__folds_repetition_and_keeps_every_cell(tmp_path):
    rows = "\n".join(
        f"| A-{n:02} | '1.{n} | ICC | Res. 1 | Do {n} | Faire {n} |" for n in range(1, 63)
    )
    path = tmp_path / "many.xlsx"
    text = f"## Activities\n| id | number | area | mandates | title_en | title_fr |\n{rows}"
    path.write_bytes(workbook(text, without=("Costs", "Funding")).xlsx())
    out = cmswp("validate", path).out
    assert len(out.splitlines()) < 40
    assert "not-costed" in out
    assert "62 " in out
    assert "A2:A63" in out or "2:" in out


def test_text__groups_by_sheet_and_sums_up(faulty, reports):
    out = cmswp("validate", faulty).out
    lines = out.splitlines()
    sheets = list(dict.fromkeys(issue["sheet"] for issue in reports["en"]["issues"]))
    places = [lines.index(sheet) for sheet in sheets]
    assert places == sorted(places)
    for issue in reports["en"]["issues"]:
        assert issue["code"] in out
        assert (issue["cell"] or "") in out
    closing = next(line for line in lines if re.match(r"\d+ errors, \d+ warnings", line))
    assert closing.startswith(
        f"{reports['en']['errors']} errors, {reports['en']['warnings']} warn"
    )
    assert "\x1b" not in out


def test_text__of_a_sound_workbook_is_short_and_clear(tmp_path):
    done = cmswp("validate", write(tmp_path / "sound.xlsx", []))
    assert done.code == 0
    assert "0 errors, 0 warnings, 0 information items" in done.out
    assert "Ready for documents" in done.out


@pytest.mark.parametrize("language", LANGUAGES)
def test_html__is_one_file_without_scripts(faulty, language):
    page = cmswp("validate", faulty, "--format", "html", "--lang", language).out
    root = html.fromstring(page)
    assert "default-src 'none'" in page
    assert not list(root.iter("script", "link", "img", "iframe", "form", "object"))
    assert not [key for item in root.iter() for key in item.attrib if key.startswith("on")]
    assert "http:" not in page
    assert "https:" not in page
    assert root.get("lang").startswith(language)
    assert all(table.findtext("caption").strip() for table in root.iter("table"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_html__tells_every_issue(faulty, reports, language):
    root = html.fromstring(cmswp("validate", faulty, "--format", "html", "--lang", language).out)
    rows = [row for table in root.iter("table") for row in table.find("tbody").iter("tr")]
    issues = reports[language]["issues"]
    assert len(rows) == len(issues)
    for row, issue in zip(rows, issues, strict=True):
        text = row.text_content()
        assert issue["code"] in text
        assert (issue["cell"] or "") in text
        assert issue["message"] in text
        assert issue["remedy"] in text
        assert issue["severity"] in row.get("class")


@pytest.mark.parametrize("field", ["message", "remedy"])
@pytest.mark.parametrize("language", ["fr", "es"])
def test_messages__are_complete_in_each_language(reports, language, field):
    pairs = zip(reports["en"]["issues"], reports[language]["issues"], strict=True)
    english = [(i["code"], i[field]) for i, other in pairs if i[field] == other[field]]
    assert english == []


def test_messages__say_the_same_of_the_same_cells(reports):
    facts = [
        [{k: v for k, v in i.items() if k not in ("message", "remedy")} for i in report["issues"]]
        for report in reports.values()
    ]
    assert facts[0] == facts[1] == facts[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages__have_no_unfilled_places(reports, language):
    for issue in reports[language]["issues"]:
        assert not re.search(r"\{\w*\}|None|Decimal|\bFalse\b", issue["message"] + issue["remedy"])


@pytest.fixture(scope="module")
def copy(faulty, tmp_path_factory):
    path = tmp_path_factory.mktemp("copy") / "copy.xlsx"
    done = cmswp("validate", faulty, "--format", "xlsx", "--output", path)
    assert (done.code, done.out, done.err) == (1, "", "")
    return path


def test_copy__has_a_note_at_every_cell_and_a_fill_at_every_fault(copy, faulty, reports):
    marked, plain = openpyxl.load_workbook(copy), openpyxl.load_workbook(faulty)
    expected = {(i["sheet"], i["cell"]): i for i in reports["en"]["issues"] if i["cell"]}
    noted = {
        (sheet.title, cell.coordinate): cell
        for sheet in marked.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment and sheet.title != "Issues"
    }
    assert set(noted) == set(expected)
    for (sheet, address), issue in expected.items():
        assert issue["message"] in noted[sheet, address].comment.text
        assert noted[sheet, address].value == plain[sheet][address].value
        grave = issue["severity"] != "info"
        assert not grave or noted[sheet, address].fill.fill_type == "solid"


def test_copy__lists_every_issue_with_a_link(copy, reports):
    sheet = openpyxl.load_workbook(copy)["Issues"]
    texts = [[cell.value for cell in row] for row in sheet.iter_rows()]
    for issue in reports["en"]["issues"]:
        row = next(
            row for row in texts if issue["message"] in row and issue["cell"] in (*row, None)
        )
        assert issue["remedy"] in row
    links = {
        cell.hyperlink.location.replace("'", "").replace("$", "")
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink
    }
    for issue in reports["en"]["issues"]:
        if issue["cell"]:
            assert f"{issue['sheet']}!{issue['cell']}" in links


def test_copy__leaves_every_untouched_part_as_it_is(copy, faulty):
    with zipfile.ZipFile(copy) as new, zipfile.ZipFile(faulty) as old:
        changed = [
            name
            for name in old.namelist()
            if new.read(name) != old.read(name) and "worksheets/" not in name
        ]
    assert set(changed) <= {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "docProps/app.xml",
    }


def test_copy__reads_like_the_workbook(copy, faulty):
    assert cmswp("dump", copy).out == cmswp("dump", faulty).out


def test_copy__of_the_example_is_sound(example, tmp_path):
    path = tmp_path / "copy.xlsx"
    assert cmswp("validate", example, "--format", "xlsx", "--output", path).code == 0
    before, after = (
        cmswp("validate", file, "--format", "json").json["issues"] for file in (example, path)
    )
    assert [i for i in after if i["code"] != "unknown-sheet"] == before


def test_copy__needs_one_workbook_and_a_name(faulty, tmp_path):
    assert is_a_clear_failure(cmswp("validate", faulty, "--format", "xlsx"))
    path = tmp_path / "copy.xlsx"
    done = cmswp("validate", faulty, faulty, "--format", "xlsx", "--output", path)
    assert is_a_clear_failure(done)
    assert not path.exists()


@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_output__goes_to_the_file_as_it_would_to_the_screen(faulty, tmp_path, form):
    path = tmp_path / "report"
    done = cmswp("validate", faulty, "--format", form, "--output", path)
    assert (done.code, done.out) == (1, "")
    shown = cmswp("validate", faulty, "--format", form).out
    assert path.read_bytes().decode() == shown
    if form == "json":
        assert json.loads(shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules__list_every_code(language):
    done = cmswp("rules", "--lang", language)
    assert done.code == 0
    listed = {line.split()[0] for line in done.out.splitlines() if line[:1].isalpha()}
    assert set(SEVERITIES) <= listed


def test_explain__tells_what_why_and_how_of_every_code_in_each_language():
    for code in SEVERITIES:
        texts = []
        for language in LANGUAGES:
            done = cmswp("explain", code.upper(), "--lang", language)
            assert (done.code, done.err) == (0, "")
            assert done.out.startswith(code)
            paragraphs = [part.strip() for part in done.out.split("\n\n") if part.strip()]
            assert len(paragraphs) == 4, code
            texts.append(paragraphs[1:])
        for english, french, spanish in zip(*texts, strict=True):
            assert len({english, french, spanish}) == 3, code


def test_explain__knows_no_other_code():
    done = cmswp("explain", "unknown-thing")
    assert is_a_clear_failure(done)
    assert "cmswp rules" in done.err
