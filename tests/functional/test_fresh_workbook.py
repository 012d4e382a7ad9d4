"""A fresh workbook: the sheets that it shows, and the meeting document that it starts with."""

from __future__ import annotations

import openpyxl
import pytest
from annexes import read_docx, read_html
from programs import cmswp, listing
from typist import Typist

from cmswp_xl.languages import Language
from cmswp_xl.samples import read_sample
from cmswp_xl.schema import load_schemas, seldom_groups

SCHEMAS = load_schemas()
STARTER = read_sample("starter")["texts"]
MOST_TABS = 16


def hidden(path):
    """Give the hidden tables of a workbook."""
    book = openpyxl.load_workbook(path)
    assert book.active.sheet_state == "visible"
    names = {schema.table: name for name, schema in SCHEMAS.items()}
    return {
        names[table] for sheet in book if sheet.sheet_state != "visible" for table in sheet.tables
    }


def group(*names):
    return {name for name, schema in SCHEMAS.items() if schema.seldom in names}


ALL = group(*seldom_groups())


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_new__shows_at_most_sixteen_tabs(tmp_path, language):
    path = tmp_path / "plan.xlsx"
    assert cmswp("new", path, "--lang", language).code == 0

    book = openpyxl.load_workbook(path)

    assert sum(sheet.sheet_state == "visible" for sheet in book) <= MOST_TABS
    assert hidden(path) == ALL


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("review,scenarios", ("review", "scenarios")),
        (" Comments , post-funding", ("comments", "post-funding")),
        ("rates", ("rates",)),
        ("", ()),
    ],
)
def test_with__shows_the_sheets_asked_for(tmp_path, asked, shown):
    path = tmp_path / "plan.xlsx"

    done = cmswp("new", path, "--with", asked)

    assert (done.code, done.err) == (0, "")
    assert hidden(path) == ALL - group(*shown)


def test_with__goes_with_the_example_which_nobody_approved(tmp_path):
    path = tmp_path / "example.xlsx"
    assert cmswp("new", path, "--example", "--with", "review").code == 0
    assert hidden(path) == {"approvals"}


def test_with__goes_with_the_next_period(book, tmp_path):
    old = book()
    period = ("--from", old, "--period", "2027-2029")

    assert cmswp("new", tmp_path / "one.xlsx", *period).code == 0
    assert cmswp("new", tmp_path / "two.xlsx", *period, "--with", "comments").code == 0

    first = hidden(tmp_path / "one.xlsx")
    assert "comments" in first
    assert hidden(tmp_path / "two.xlsx") == first - {"comments"}


def test_with__names_what_it_knows_where_it_does_not(tmp_path):
    path = tmp_path / "plan.xlsx"

    done = cmswp("new", path, "--with", "review,rewiew")

    assert done.code == 2
    assert "rewiew" in done.err
    assert all(name in done.err for name in ("review", "scenarios", "post-funding", "comments"))
    assert not path.exists()


def test_rows_on_a_hidden_sheet__are_read_and_upgrade_shows_it(tmp_path):
    path, new = tmp_path / "plan.xlsx", tmp_path / "new.xlsx"
    assert cmswp("new", path).code == 0
    Typist(path).rows("comments", [{"id": "C-1", "text": "Cheaper?"}]).save()
    assert "comments" in hidden(path)

    assert cmswp("dump", path).json["tables"]["comments"][0]["text"] == "Cheaper?"
    assert cmswp("upgrade", path, "--out", new).code == 0
    assert hidden(new) == ALL - {"comments"}


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """A fresh French workbook in which settings, an area, an activity and a cost were typed."""
    path = tmp_path_factory.mktemp("started") / "programme.xlsx"
    assert cmswp("new", path, "--lang", "fr").code == 0
    typist = Typist(path, Language.FR)
    typist.settings(
        title_fr="Programme de travail chiffré 2027-2029",
        period_start=2027,
        period_end=2029,
        currency="EUR",
        meeting_fr="Comité permanent",
        prepared_by_fr="le Secrétariat",
    )
    typist.rows("areas", [{"code": "ICC", "title_fr": "Information et communication"}])
    activity = {"id": "ICC-01", "number": "1.1", "area": "ICC", "title_fr": "Tenir le site web"}
    typist.rows("activities", [activity])
    typist.rows("costs", [{"activity": "ICC-01", "category": "consultants", "amount": 1200}])
    return typist.save()


def test_started_programme__is_published_with_a_meeting_document(started, tmp_path):
    done = cmswp("export", started, "--out", tmp_path, "--document", "all", "--lang", "fr")

    assert done.code == 0
    files = listing(tmp_path)
    assert {"cover.fr.docx", "cover.fr.html", "annex.fr.docx", "annex.fr.html"} <= set(files)
    for read, form in ((read_docx, "docx"), (read_html, "html")):
        words = read(files[f"cover.fr.{form}"]).everything()
        assert all(row["text_fr"] in words for row in STARTER)
        assert "Information et communication." in words
        assert "Action requise" in words
        assert "Annexe I – " in words


def test_started_programme__has_no_fault_but_what_is_not_translated(started):
    report = cmswp("validate", started, "--format", "json").json

    assert (report["errors"], report["warnings"]) == (0, 0)
    assert not [issue for issue in report["issues"] if issue["table"] == "texts"]
