"""A small workbook in French only: every message names it as it is, whatever its language."""

from __future__ import annotations

import openpyxl
import pytest
from programs import cmswp

CELLS = {
    "Domaines": {"A6": "ICC", "C6": "Information"},
    "Sources": {"A6": "BP", "B6": "core", "D6": "Budget principal"},
    "Activités": {"A6": "ICC-01", "B6": "1.1", "D6": "Site web", "K6": "ICC"},
    "Coûts": {"A6": "ICC-01", "B6": 2012, "C6": "voyages", "D6": 1000},
    "Donateurs": {"A6": "DE", "C6": "Allemagne"},
    "Financement": {
        "A6": "ICC-01", "C6": "BP", "D6": "confirmée", "E6": 100, "F6": "DE",
    },
}  # fmt: skip
SETTINGS = {
    "Titre (français)": "Essai",
    "Première année de la période": 2012,
    "Dernière année de la période": 2014,
    "Monnaie": "EUR",
}
WRONG = {"Coûts": {"C6": "voyage"}, "Financement": {"F6": "CH"}}


@pytest.fixture
def french(tmp_path):
    def write(changes):
        path = tmp_path / "plan.xlsx"
        assert cmswp("new", path, "--lang", "fr").code == 0
        book = openpyxl.load_workbook(path)
        form = book["Programme"]
        rows = {form.cell(row, 1).value: row for row in range(6, 60)}
        for title, value in SETTINGS.items():
            form.cell(rows[title], 2).value = value
        for sheet, cells in CELLS.items():
            for place, value in {**cells, **changes.get(sheet, {})}.items():
                book[sheet][place] = value
        book.save(path)
        return path

    return write


def test_sound_workbook__has_no_errors(french):
    assert cmswp("validate", french({})).code == 0


def test_messages_in_english__name_the_french_sheets_and_columns(french):
    done = cmswp("validate", french(WRONG))
    text = " ".join(done.out.split())

    assert done.code == 1
    assert "F6 · Donateur unknown-reference “CH” is not in the sheet “Donateurs”." in text
    assert "C6 · Catégorie de coûts not-in-list" in text
    assert "Choose “voyages” from the list in the cell" in text
    assert "Donors" not in text


def test_missing_texts_of_an_export__name_the_french_columns(french, tmp_path):
    done = cmswp("export", french({}), "--lang", "en", "--out", tmp_path / "out")

    assert done.code == 1
    assert "Domaines B6 · ICC · Titre (anglais)" in done.out


def test_trace__names_the_french_columns(french):
    done = cmswp("trace", french({}), "annex/activity/ICC-01/cost", "--lang", "fr")

    assert "Activité (A6) ICC-01" in done.out, done.err


def test_differences__name_the_french_columns(french, tmp_path):
    old = french({}).rename(tmp_path / "old.xlsx")
    new = french({"Activités": {"D6": "Site web nouveau"}})

    assert "Titre (français)" in cmswp("diff", old, new).out
