"""`cmswp diff` and `export --compare`: two versions set side by side, as a user does it."""

from __future__ import annotations

import copy
import io
import json
import re
from decimal import Decimal

import docx
import pytest
from programs import cmswp, is_a_clear_failure, listing, program

from cmswp_xl.languages import Language
from cmswp_xl.pipeline import workbook_of
from cmswp_xl.samples import read_sample

CODES = {
    "added",
    "removed",
    "renumbered",
    "moved",
    "reworded",
    "amount-changed",
    "field-changed",
}


def revised():
    """Give the content of the example as a revision leaves it: one change of each kind."""
    content = copy.deepcopy(dict(read_sample("example")))
    content["programme"][0] |= {"revision": "2", "status": "adopted"}
    activities = {row["id"]: row for row in content["activities"]}
    activities["EDM-01"]["title_en"] += " Report to the Committee."
    activities["EDM-02"]["priority"] = "high"
    activities["EDM-03"]["number"] = "1.33"
    activities["IAC-04"] |= {"area": "PAG", "number": "4.99"}
    content["activities"].insert(0, content["activities"].pop(6))
    row = next(r for r in content["costs"] if r["activity"] == "ICC-01" and "quantity" not in r)
    row["amount"] = float(row["amount"]) + 1000
    gift = next(r for r in content["funding"] if r["stage"] == "pledged")
    gift["stage"] = "received"
    content["activities"].append(
        {
            "id": "ICC-90",
            "number": "5.90",
            "area": "ICC",
            "title_en": "Train & learn <together>",
            "title_fr": "Former & apprendre",
            "title_es": "Formar y aprender",
        }
    )
    content["costs"].append({"activity": "ICC-90", "amount": 500, "support_cost": "excluded"})
    content["allocations"][0]["percent"] = 55
    content["posts"][0]["annual_cost"] = 987654
    content["costs"].reverse()
    return content


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """The example and its revision; the second in French, with another order of its rows."""
    folder = tmp_path_factory.mktemp("versions")
    files = {
        "old.xlsx": (read_sample("example"), Language.EN),
        "new.xlsx": (revised(), Language.FR),
    }
    for name, (content, language) in files.items():
        (folder / name).write_bytes(workbook_of(dict(content), language))
    return folder / "old.xlsx", folder / "new.xlsx"


@pytest.fixture(scope="module")
def changes(versions):
    """The changes as JSON."""
    done = cmswp("diff", *versions, "--format", "json")
    assert (done.code, done.err) == (0, "")
    return done.json


def test_same_workbook__has_no_differences(versions):
    done = cmswp("diff", versions[0], versions[0], "--lang", "es")
    assert (done.code, done.err) == (0, "")
    assert len(done.out.splitlines()) == 2


def test_json__gives_stable_codes_and_every_kind_of_change(changes):
    assert {item["code"] for item in changes["changes"]} <= CODES
    assert {
        (item["code"], item["table"], item["key"], item["column"]) for item in changes["changes"]
    } >= {
        ("reworded", "activities", "EDM-01", "title_en"),
        ("field-changed", "activities", "EDM-02", "priority"),
        ("renumbered", "activities", "EDM-03", "number"),
        ("moved", "activities", "IAC-04", "area"),
        ("moved", "activities", "EDM-07", None),
        ("added", "activities", "ICC-90", None),
        ("field-changed", "funding", "EDM-02 / 2026 / VC / GOV-D", "stage"),
        ("field-changed", "allocations", "POST-01 / EDM", "percent"),
        ("amount-changed", "posts", "POST-01", "annual_cost"),
        ("field-changed", "programme", "", "revision"),
    }
    amounts = [item for item in changes["changes"] if item["code"] == "amount-changed"]
    assert [item["difference"] for item in amounts if item["table"] == "costs"] == ["1000"]


def test_figures__add_up_from_activities_to_the_total(changes):
    figures = {
        (item["level"], item["key"]): Decimal(item["difference"])
        for item in changes["figures"]
        if item["figure"] == "cost"
    }
    assert figures["total", ""] == 1500
    assert sum(v for (level, _), v in figures.items() if level == "activity") == 1500
    assert sum(v for (level, _), v in figures.items() if level == "area") == 1500


@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_internal_values__are_in_no_output(versions, form):
    done = cmswp("diff", *versions, "--format", form)
    assert done.code == 0
    assert "987654" not in re.sub(r"\W", "", done.out)
    assert "231500" not in re.sub(r"[^\w]", "", done.out)


@pytest.mark.parametrize("form", ["text", "docx"])
def test_same_versions__give_the_same_bytes(versions, tmp_path, form):
    files = []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.{form}"
        arguments = ("diff", *versions, "--format", form, "--output", path, "--lang", "es")
        done = program(*arguments, env={"PYTHONHASHSEED": seed})
        assert (done.code, done.out, done.err) == (0, "", "")
        files.append(path.read_bytes())
    assert files[0] == files[1]


def test_word__holds_what_html_holds(versions, tmp_path):
    path = tmp_path / "revisions.docx"
    assert cmswp("diff", *versions, "--format", "docx", "--output", path).code == 0
    document = docx.Document(io.BytesIO(path.read_bytes()))
    page = cmswp("diff", *versions, "--format", "html").out
    paragraphs = [p.text for p in document.paragraphs]
    assert paragraphs[0] == "Summary of revisions"
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    assert any("Train & learn <together>" in text for text in cells)
    assert "Train &amp; learn &lt;together&gt;" in page
    runs = [
        (run.text, run.font.underline)
        for table in document.tables
        for row in table.rows
        for cell in row.cells
        for paragraph in cell.paragraphs
        for run in paragraph.runs
    ]
    assert ("Report to the Committee.", True) in runs
    assert "<ins>Report to the Committee.</ins>" in page
    for number in ("1,500.00", "6,397,836.63", "6,399,336.63"):
        assert any(number in text for text in [*paragraphs, *cells])
        assert number in page


def test_docx__needs_a_file(versions):
    done = cmswp("diff", *versions, "--format", "docx")
    assert is_a_clear_failure(done)
    assert "--output" in done.err


def test_output__never_takes_the_place_of_a_workbook(versions):
    before = versions[0].read_bytes()
    done = cmswp("diff", *versions, "--output", versions[0])
    assert is_a_clear_failure(done)
    assert versions[0].read_bytes() == before


def test_errors__leave_out_figures_and_give_exit_code_1(versions, book):
    faulty = book("## Costs\n| activity | amount |\n| ICC-01 | 'x |")
    done = cmswp("diff", versions[0], faulty)
    assert done.code == 1
    assert "Figures are not compared" in done.out
    assert "has errors" in done.err
    found = cmswp("diff", faulty, versions[0], "--format", "json")
    assert found.code == 1
    assert found.json["figures"] is None
    assert found.json["figures_not_compared"] == ["old-has-errors"]
    assert found.json["changes"]


def test_document__is_made_of_a_sound_new_version_only(versions, book, tmp_path):
    faulty = book("## Costs\n| activity | amount |\n| ICC-01 | 'x |")
    path = tmp_path / "revisions.html"
    done = cmswp("diff", versions[0], faulty, "--format", "html", "--output", path)
    assert (done.code, path.exists()) == (1, False)
    done = cmswp("diff", faulty, versions[0], "--format", "html", "--output", path)
    assert (done.code, path.exists()) == (1, True)
    assert "the earlier version contains errors" in path.read_text(encoding="utf-8")


def test_missing_texts__are_listed_and_nothing_is_written(versions, tmp_path):
    content = revised()
    content["activities"][0].pop("title_es")
    new = tmp_path / "new.xlsx"
    new.write_bytes(workbook_of(content, Language.EN))
    path = tmp_path / "revisions.html"
    arguments = ("diff", versions[0], new, "--format", "html", "--output", path, "--lang")
    done = cmswp(*arguments, "es")
    assert (done.code, path.exists()) == (1, False)
    assert "EDM-07" in done.out
    assert cmswp(*arguments, "fr").code == 0


def test_unreadable_workbook__is_a_clear_failure(versions, tmp_path):
    assert is_a_clear_failure(cmswp("diff", versions[0], tmp_path / "none.xlsx"))


def test_compared_annex__adds_up_in_every_column(versions, tmp_path):
    options = ("--compare", versions[0], "--lang", "en", "--lang", "fr")
    done = cmswp("export", versions[1], "--out", tmp_path, *options)
    assert (done.code, done.err) == (0, "")
    files = listing(tmp_path)
    assert sorted(files) == [
        *(f"annex-compared.{end}" for end in ("en.docx", "en.html", "fr.docx", "fr.html")),
        "manifest.json",
    ]
    assert json.loads(files["manifest.json"])["compared_with"]["workbook"] == "old.xlsx"
    document = docx.Document(io.BytesIO(files["annex-compared.en.docx"]))
    totals = []
    for table in document.tables[:-1]:
        rows = [[number(c.text) for c in row.cells[2:]] for row in table.rows[2:]]
        for column in range(9):
            assert sum(row[column] for row in rows[:-1]) == rows[-1][column]
        for row in rows:
            for start in (0, 3, 6):
                assert row[start + 1] - row[start] == row[start + 2]
        totals.append(rows[-1])
    closing = [[number(c.text) for c in row.cells[1:]] for row in document.tables[-1].rows[2:]]
    assert closing[: len(totals)] == totals
    assert [sum(column) for column in zip(*totals, strict=True)] == closing[len(totals)]


def number(text):
    """Read an amount as printed in English; nil and blank are nothing."""
    plain = text.replace(",", "").replace("at least ", "").strip()
    if plain in {"", "–"}:
        return Decimal(0)
    return -Decimal(plain.strip("()")) if plain.startswith("(") else Decimal(plain)


def test_compared_annex__is_traced_to_the_cells_of_both_workbooks(versions, tmp_path):
    options = ("--compare", versions[0], "--lang", "en", "--format", "html", "--trace")
    assert cmswp("export", versions[1], "--out", tmp_path / "out", *options).code == 0
    found = json.loads((tmp_path / "out" / "annex-compared.en.trace.json").read_text("utf-8"))
    figures = {figure["path"]: figure for figure in found["figures"]}
    before, now, difference = (
        figures[f"annex-compared/{name}area/PAG/cost"] for name in ("earlier/", "", "difference/")
    )
    assert found["compared_with"]["workbook"] == "old.xlsx"
    amounts = [Decimal(figure["exact"]) for figure in (before, now, difference)]
    assert amounts[1] - amounts[0] == amounts[2] != 0
    for figure, workbook in ((before, "old.xlsx"), (now, None)):
        cells = [
            found["cells"][reference]
            for part in figure["figures"]
            for reference in figures[part["path"]].get("cells", ())
        ]
        assert {cell.get("workbook") for cell in cells} == {workbook}
        assert sum(Decimal(cell["value"]) for cell in cells) == Decimal(figure["exact"])


def test_every_amount_of_the_comparison__is_traced(versions, tmp_path):
    options = ("--compare", versions[0], "--lang", "en", "--format", "docx", "--trace")
    assert cmswp("export", versions[1], "--out", tmp_path / "out", *options).code == 0
    found = json.loads((tmp_path / "out" / "annex-compared.en.trace.json").read_text("utf-8"))
    texts = {place["text"] for figure in found["figures"] for place in figure["printed"]}
    for table in docx.Document(tmp_path / "out" / "annex-compared.en.docx").tables:
        for row in table.rows:
            for cell in row.cells[2:]:
                assert not re.search(r"\d,\d{3}", cell.text) or cell.text in texts, cell.text


@pytest.mark.parametrize(
    ("figure", "printed"),
    [
        ("revisions/difference/total/cost", "Increase (decrease)"),
        ("annex-compared/earlier/area/PAG/cost", "Earlier version"),
    ],
)
def test_trace__goes_into_papers_that_compare(versions, figure, printed):
    done = cmswp("trace", versions[1], figure, "--compare", versions[0])
    assert (done.code, done.err) == (0, "")
    assert f", {printed}" in done.out or f"Column: {printed}" in done.out
    assert "[old.xlsx]Costs'!" in done.out


def test_compared_annex__of_an_area_is_an_extract(versions, tmp_path):
    done = cmswp(
        "export", versions[1], "--out", tmp_path, "--compare", versions[0], "--area", "PAG"
    )
    assert done.code == 0
    page = (tmp_path / "annex-compared-PAG.en.html").read_text(encoding="utf-8")
    assert "(extract)" in page
    assert "Moved from" in page


@pytest.mark.parametrize("options", [("--document", "next-steps"), ("--document", "all")])
def test_compared__can_only_be_the_annex(versions, tmp_path, options):
    done = cmswp("export", versions[1], "--out", tmp_path, "--compare", versions[0], *options)
    assert is_a_clear_failure(done)


def test_other_currency__cannot_stand_beside(versions, tmp_path):
    content = copy.deepcopy(dict(read_sample("example")))
    content["programme"][0]["currency"] = "USD"
    for row in content["funding"]:
        row.pop("original_amount", None)
    path = tmp_path / "usd.xlsx"
    path.write_bytes(workbook_of(content, Language.EN))
    done = cmswp("export", path, "--out", tmp_path / "out", "--compare", versions[0])
    assert is_a_clear_failure(done, 1)
    done = cmswp("diff", versions[0], path)
    assert done.code == 0
    assert "different currencies" in done.out


def test_templates_of_staff__make_what_two_workbooks_give(versions, tmp_path):
    folder = tmp_path / "mine"
    cmswp("templates", "copy", folder)
    shared = docx.Document(str(folder / "base" / "styles.docx"))
    shared.sections[0].header.paragraphs[0].add_run(" of ours")
    shared.save(str(folder / "base" / "styles.docx"))
    mine = ("--templates", folder, "--format", "docx", "--lang", "en")
    old, new = versions
    done = cmswp("diff", old, new, "--output", tmp_path / "revisions.docx", *mine)
    assert (done.code, done.err) == (0, "")
    done = cmswp("export", new, "--compare", old, "--out", tmp_path, *mine)
    assert (done.code, done.err) == (0, "")
    for name in ("revisions.docx", "annex-compared.en.docx"):
        found = docx.Document(str(tmp_path / name)).sections[0].header.paragraphs[0].text
        assert found.endswith(" of ours")
    done = cmswp("diff", old, new, "--templates", tmp_path / "none", "--format", "html")
    assert is_a_clear_failure(done, 2)
