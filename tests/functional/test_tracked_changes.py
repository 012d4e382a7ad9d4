"""`cmswp export NEW --compare OLD --tracked`: the example against revised versions of it."""

from __future__ import annotations

import copy
import datetime as dt
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from packages import unpacked
from programs import cmswp, is_a_clear_failure, listing
from revisions import accepted, body_of, paragraphs_of, rejected, text_of, w
from wordrules import RULES

from cmswp_xl.documents import annex
from cmswp_xl.documents.build import Request, rendered
from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.languages import Language
from cmswp_xl.pipeline import check_source, workbook_of
from cmswp_xl.render.tracked import By, tracked_docx
from cmswp_xl.samples import RowsSource, read_sample
from cmswp_xl.schema import load_schemas

OFFICE_PYTHON = "/usr/bin/python3"
SCRIPT = Path(__file__).parents[1] / "office_changes.py"


def example():
    return copy.deepcopy(dict(read_sample("example")))


def _each(content, table, **changes):
    for row in content[table]:
        row |= {name: change(row[name]) for name, change in changes.items() if row.get(name)}
    return content


def reworded(content):
    for row in content["activities"][::3]:
        row["title_en"] = f"{row['title_en']} Report to the Committee."
        row["title_fr"] = row["title_fr"].replace(" de ", " du ", 1)
        row["title_es"] = "Otra cosa.\n\nY otra."
    return content


def moved(content):
    for place, row in enumerate(content["activities"][5:8]):
        row |= {"area": "PAG", "number": f"4.9{place}"}
    return content


def without_an_area(content):
    gone = {row["id"] for row in content["activities"] if row["area"] == "IAC"}
    content["areas"] = [row for row in content["areas"] if row["code"] != "IAC"]
    content["allocations"] = [row for row in content["allocations"] if row["area"] != "IAC"]
    content["activities"] = [row for row in content["activities"] if row["id"] not in gone]
    for name in ("costs", "funding", "progress", "comments", "recommendations", "requests"):
        kept = [row for row in content[name] if row.get("activity") not in gone]
        content[name] = kept
    return content


def areas_in_another_order(content):
    content["areas"].reverse()
    return content


def with_an_area(content):
    names = {f"title_{code}": f"New {code}" for code in ("en", "fr", "es")}
    content["areas"].insert(1, {"code": "NEW", **names})
    content["activities"].append({"id": "NEW-01", "number": "9.1", "area": "NEW", **names})
    return content


def not_costed(content):
    content["costs"] = [row for row in content["costs"] if not row["activity"].endswith("3")]
    return content


def received(content):
    for row in content["funding"][::2]:
        row["stage"] = "received"
    return content


def of_another_period(content):
    content["costs"] = [row for row in content["costs"] if row.get("year") in (2024, 2025)]
    content["programme"][0]["period_end"] = 2025
    for name in ("funding", "costs", "needs"):
        content[name] = [row for row in content[name] if (row.get("year") or 0) < 2026]
    return content


def adopted(content):
    content["programme"][0] |= {"status": "adopted", "revision": "3"}
    return _each(content, "areas", title_en=lambda text: f"{text} and more")


def turned(content):
    content["activities"].reverse()
    content["posts"].pop()
    content["allocations"] = content["allocations"][:5]
    return content


VERSIONS = (
    reworded,
    moved,
    without_an_area,
    areas_in_another_order,
    with_an_area,
    not_costed,
    received,
    of_another_period,
    adopted,
    turned,
)


@cache
def annex_of(version, language):
    """Give the annex of a version as a Word file, with the keys of its rows."""
    content = example() if version is None else version(example())
    checked, issues = check_source(RowsSource(content, load_schemas(), Language.EN), flags=False)
    assert checked.programme is not None, [i for i in issues if i.severity.name == "ERROR"]
    settings = checked.programme.settings
    paper, _ = annex.content(compute_totals(checked.programme), language)
    return rendered("annex", "docx", paper, settings, language, Request(), keyed=True)


def tracked_of(version, language):
    files = annex_of(None, language), annex_of(version, language)
    return tracked_docx(*files, By("cmswp", dt.date(2025, 3, 1)))


LANGUAGES = [Language.EN, Language.FR, Language.ES]
CASES = [(version, LANGUAGES[place % 3]) for place, version in enumerate(VERSIONS)]


@pytest.mark.parametrize(("version", "language"), CASES)
def test_version__accepted_is_the_new_annex_and_rejected_the_old_one(version, language):
    found = tracked_of(version, language)

    body = body_of(found.data)
    assert text_of(accepted(body)) == text_of(body_of(annex_of(version, language)))
    assert text_of(rejected(body)) == text_of(body_of(annex_of(None, language)))
    assert found.replaced == (version is of_another_period)
    faults = {name: list(rule(unpacked(found.data))) for name, rule in RULES.items()}
    assert not any(faults.values()), faults


@pytest.mark.host
def test_libreoffice__told_to_accept_or_reject_all_gives_the_same_texts(tmp_path):
    office = shutil.which("soffice")
    if (
        office is None
        or subprocess.run([OFFICE_PYTHON, "-c", "import uno"], check=False).returncode
    ):
        pytest.skip("LibreOffice or its Python is not installed")
    files = {tmp_path / f"{v.__name__}.docx": v for v in (moved, turned, of_another_period)}
    for path, version in files.items():
        path.write_bytes(tracked_of(version, Language.EN).data)

    command = [OFFICE_PYTHON, SCRIPT, office, tmp_path / "profile", *files]
    subprocess.run(command, check=True, capture_output=True, timeout=400)

    for path in files:
        for settled in (accepted, rejected):
            left = path.with_suffix(f".{settled.__name__}.docx").read_bytes()
            expected = paragraphs_of(settled(body_of(path.read_bytes())))
            assert paragraphs_of(body_of(left)) == expected, (path.name, settled.__name__)


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """The example and a revision of it, as workbooks: the options that compare them."""
    folder = tmp_path_factory.mktemp("versions")
    old, new = folder / "old.xlsx", folder / "new.xlsx"
    old.write_bytes(workbook_of(example(), Language.EN))
    new.write_bytes(workbook_of(reworded(example()), Language.EN))
    return new, "--compare", old


def test_export__writes_one_document_with_the_author_and_the_day(versions, tmp_path):
    marks = ("--author", "CMS Secretariat", "--date", "2025-03-31")
    done = cmswp("export", *versions, "--tracked", *marks, "--lang", "en", "--out", tmp_path)

    assert (done.code, done.err) == (0, "")
    assert set(listing(tmp_path)) == {"annex-tracked.en.docx", "manifest.json"}
    body = body_of((tmp_path / "annex-tracked.en.docx").read_bytes())
    inserted = next(body.iter(w("ins")))
    assert inserted.get(w("author")) == "CMS Secretariat"
    assert inserted.get(w("date")) == "2025-03-31T00:00:00Z"
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())
    assert manifest["tracked"] == {"author": "CMS Secretariat", "date": "2025-03-31"}
    assert manifest["compared_with"]["workbook"] == "old.xlsx"


def test_export_of_the_set__carries_it_in_place_of_the_annex(versions, tmp_path):
    done = cmswp(
        *("export", *versions, "--tracked", "--document", "set"), "--lang", "fr", "--out", tmp_path
    )

    assert (done.code, done.err) == (0, "")
    assert set(listing(tmp_path)) == {"set.fr.docx", "manifest.json"}
    body = body_of((tmp_path / "set.fr.docx").read_bytes())
    texts = {"".join(mark.itertext(w("t"))).strip() for mark in body.iter(w("ins"))}
    assert "du" in texts


@pytest.mark.parametrize(
    "options",
    [
        ("--tracked", "--format", "html"),
        ("--tracked", "--document", "cover"),
        ("--tracked", "--trace"),
        ("--tracked", "--document", "set", "--area", "EDM"),
        ("--author", "Somebody"),
        ("--tracked", "--date", "yesterday"),
    ],
)
def test_what_cannot_be_tracked__is_refused(versions, tmp_path, options):
    done = cmswp("export", *versions, *options, "--lang", "en", "--out", tmp_path / "out")

    assert done.code == 2
    assert is_a_clear_failure(done)
    assert not (tmp_path / "out").exists()


def test_other_columns__are_told_on_the_screen(tmp_path):
    old, new = tmp_path / "old.xlsx", tmp_path / "new.xlsx"
    old.write_bytes(workbook_of(example(), Language.EN))
    new.write_bytes(workbook_of(of_another_period(example()), Language.EN))
    options = ("--tracked", "--lang", "en", "--out", tmp_path / "out")

    done = cmswp("export", new, "--compare", old, *options)

    assert "rows are marked as deleted and inserted again" in done.out
