"""The Entry sheet, and the next free ids and numbers that are offered where one types."""

from __future__ import annotations

import io
import shutil

import pytest
from made_books import made
from openpyxl import load_workbook
from recalculation import differences, recalculated

from cmswp_xl.cells import AsTyped
from cmswp_xl.languages import Language
from cmswp_xl.make import make_workbook
from cmswp_xl.schema import ENTRY, sheet_schemas

SETTINGS = {"original_language": "fr", "period_start": 2024, "period_end": 2025}
FIELDS = [field.name for field in sheet_schemas()[ENTRY].fields]
ROWS = [
    {"area": "A", "title_fr": "Un", "cost_1": "0.1", "cost_2": "0.2", "core": "0.05"},
    {"area": "A", "cost": "5", "core_1": "3", "voluntary_1": "4", "pledged_2": "1"},
    {"area": "A", "core": "7", "cost_1": AsTyped("text"), "pledged": "0"},
    {"cost_1": AsTyped(1.005)},
]


def sheet(settings, language=Language.FR, rows=(), *, values=False):
    content = {"programme": [settings], ENTRY: rows}
    data = make_workbook(content, language, None, calculated=not rows)
    return load_workbook(io.BytesIO(data), data_only=values)[
        sheet_schemas()[ENTRY].titles[language]
    ]


def columns(page):
    """Give each column's dimension by field; openpyxl joins those that are alike."""
    found = {}
    for dimension in page.column_dimensions.values():
        for number in range(dimension.min, dimension.max + 1):
            if number <= len(FIELDS):
                found[FIELDS[number - 1]] = dimension
    return found


def test_years_above_the_headings__are_those_of_the_period():
    page = sheet(SETTINGS, values=True)
    years = {FIELDS[cell.column - 1]: cell.value for cell in page[4] if cell.value}

    assert years["cost"] == "2024-2025"
    assert [years.get(f"core_{n}") for n in range(1, 7)] == [2024, 2025, None, None, None, None]


@pytest.mark.parametrize(("settings", "shown"), [(SETTINGS, 2), ({"original_language": "fr"}, 3)])
def test_years_beyond_the_period__are_folded_away(settings, shown):
    found = columns(sheet(settings))

    assert [n for n in range(1, 7) if not found[f"cost_{n}"].hidden] == list(range(1, shown + 1))
    assert {found[f"pledged_{n}"].outlineLevel for n in range(1, shown + 1)} == {1}
    assert not found["total_cost"].hidden


def test_kinds_of_money__are_told_apart_by_the_colour_of_their_headings():
    page = sheet(SETTINGS)
    colours = {}
    for field, cell in zip(sheet_schemas()[ENTRY].fields, page[5], strict=True):
        if field.kind and not field.computed:
            colours.setdefault(field.kind, set()).add(cell.fill.fgColor.rgb)

    assert all(len(found) == 1 for found in colours.values())
    assert len({next(iter(found)) for found in colours.values()}) == 4


def test_table__has_one_blank_row_its_lists_and_all_but_the_money_in_view():
    page = sheet(SETTINGS)

    assert page.tables["Entry"].ref.startswith("A5:")
    assert page.tables["Entry"].ref.endswith("6")
    assert page.freeze_panes == "H6"
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    assert rules["A6:A1048576"].formula1 == "list_Areas"
    assert rules["B6:B1048576"].formula1 == "list_next_id"
    assert not rules["B6:B1048576"].showErrorMessage


def test_ids_and_numbers__are_offered_in_activities_and_any_other_may_be_typed():
    content = {"programme": [SETTINGS]}
    book = load_workbook(io.BytesIO(make_workbook(content, Language.EN, None)))
    rules = {rule.formula1: rule for rule in book["Activities"].data_validations.dataValidation}

    assert book.defined_names["list_next_id"].value == "Areas[Next free activity id]"
    assert book.defined_names["list_next_number"].value == "Areas[Next free number]"
    assert not rules["list_next_id"].showErrorMessage
    assert not rules["list_next_number"].showErrorMessage


def test_head__says_how_many_rows_are_still_to_be_taken_over():
    rows = [{"title_fr": "Un"}, {"area": "A"}, {"core": "1"}]

    waiting = sheet(SETTINGS, Language.EN, rows)["B2"].value
    none = sheet(SETTINGS, Language.ES, values=True)["B2"].value

    assert "Entry[Area]" in waiting
    assert none == "✓ Ninguna fila por incorporar"


def host(test):
    return pytest.mark.host(
        pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not there")(
            test
        )
    )


AREAS = [{"code": code, "title_en": code} for code in ("A", "B-x", "C", "D", "E")]
NUMBERS = {
    "A": ["1.1", "1.9", "1.10 a", "1.2.7"],
    "B-x": ["5", "12b", "7"],
    "C": ["3.1.1", "3.2.1"],
    "E": ["x.3", "X.4"],
}


@host
def test_libreoffice__gives_the_same_next_numbers_and_sums(tmp_path):
    activities = [
        {"id": f"{area}-{n:02d}", "number": number, "area": area, "title_en": "T"}
        for area, numbers in NUMBERS.items()
        for n, number in enumerate(numbers, 1)
    ]
    content = {
        "programme": [{**SETTINGS, "title_en": "P", "currency": "EUR", "original_language": "en"}],
        "areas": AREAS,
        "activities": activities,
        ENTRY: ROWS,
    }
    data, programme = made(content, Language.EN)
    assert programme is not None

    page = load_workbook(io.BytesIO(data), data_only=True)["Areas"]
    head = [cell.value for cell in page[5]]
    offered = [page.cell(row, head.index("Next free number") + 1).value for row in range(6, 11)]
    assert offered == ["1.11", "13", "3.2.2", "4.1", "X.5"]
    recalculated({"entry.xlsx": data}, tmp_path)
    assert differences(data, (tmp_path / "entry.xlsx").read_bytes()) == []
    entry = load_workbook(io.BytesIO(data), data_only=True)["Entry"]
    gap = FIELDS.index("to_be_sought") + 1
    assert [entry.cell(row, gap).value for row in range(6, 10)] == [0.25, 0, None, 1.01]
