"""LibreOffice computes every formula to the value that was stored, which is the program's."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
from copy import deepcopy

import pytest
from made_books import made
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from recalculation import differences, listed_checks, recalculated, stored_values

from cmswp_xl.figures.computed import ranked
from cmswp_xl.languages import Language
from cmswp_xl.make.book import HEADER_ROW
from cmswp_xl.model import CRITERIA
from cmswp_xl.pipeline import new_workbook
from cmswp_xl.samples import read_sample
from cmswp_xl.schema import load_schemas

pytestmark = [
    pytest.mark.host,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not there"),
]


def test_example__is_computed_to_the_stored_values(tmp_path):
    data, _ = made(read_sample("example"), Language.EN)

    assert differences(data, recalculated(data, tmp_path)) == []


SCORES = ((1, 2, 3, 4, 5, 1), (2, 1, 1, 1, 5, 5), (5, 5, 5, 5, 1, 1), (3, 3, 3, 3, 3, 3))
WEIGHTS = ("0.5", "0", "33.33", "16.66", "0.01", "49.5")


@pytest.fixture(scope="module")
def scored():
    """Give the plan that ships with requests of odd weights."""
    content = deepcopy(read_sample("programme-of-work"))
    content["weights"] = [
        {"criterion": name, "weight": weight}
        for name, weight in zip(CRITERIA, WEIGHTS, strict=True)
    ]
    content["requests"] = [
        {
            "id": f"REQ-{n}",
            "date": dt.date(2026, 1, 5),
            "requester": "ICU",
            "title_en": "T",
            "need_en": "N",
        }
        | dict(zip(CRITERIA, scores, strict=True))
        for n, scores in enumerate(SCORES)
    ]
    return made(content, Language.EN)


def test_scores__are_computed_as_the_program_reckons_and_blank_where_one_is_missing(
    scored, tmp_path
):
    data, programme = scored
    requests = load_workbook(io.BytesIO(data), data_only=True)["Requests"]
    letters = {cell.value: cell.column_letter for cell in requests[5]}
    stored = [requests[f"{letters['Score']}{row}"].value for row in range(6, 10)]

    found = recalculated(_changed(data, "Requests", {f"{letters['Risk']}7": None}), tmp_path)

    assert stored == [float(score) for _, score in _in_row_order(programme)]
    assert _beside_checks(data, found) == [("Requests", f"{letters['Score']}7", stored[1], None)]


def test_scores__are_blank_and_the_checks_say_so_where_the_weights_are_not_whole(scored, tmp_path):
    data, _ = scored
    found = recalculated(_changed(data, "Weights", {"B11": 49.49}), tmp_path)

    changed = _beside_checks(data, found)
    assert [(sheet, value) for sheet, _, _, value in changed] == [("Requests", None)] * 4
    assert _check(found, "Weights that do not add up to 100") == [1]


def _beside_checks(data, found):
    """Give what has changed apart from what the checks find, which heads of sheets show too."""
    return [
        item
        for item in differences(data, found)
        if item[0] != "Checks" and int(re.sub("[A-Z]", "", item[1])) > HEADER_ROW
    ]


def _in_row_order(programme):
    return sorted(ranked(programme.review), key=lambda pair: pair[0].id)


def test_empty_workbook__is_computed_to_the_stored_values(tmp_path):
    data = new_workbook(Language.FR)

    assert differences(data, recalculated(data, tmp_path)) == []


def test_typed_row__changes_every_figure_as_the_program_reckons(tmp_path):
    content = deepcopy(read_sample("example"))
    data, _ = made(content, Language.EN)
    row = {"activity": "EDM-01", "year": 2025, "category": "travel", "amount": "1234.56"}
    content["costs"].append(row)
    wanted, _ = made(content, Language.EN)

    typed = _typed(data, {"A": "EDM-01", "B": 2025, "C": "voyages", "D": 1234.56})

    assert differences(wanted, recalculated(typed, tmp_path)) == []


def test_years_and_period_typed_later__move_the_marks_of_the_calendar(tmp_path):
    content = deepcopy(read_sample("example"))
    data, _ = made(content, Language.EN)
    bounds = {(0, "start_year"): None, (1, "start_year"): 2027, (1, "end_year"): 2027}
    for (index, name), year in bounds.items():
        content["activities"][index][name] = year
    content["programme"][0]["period_end"] = 2027
    wanted, _ = made(content, Language.EN)
    book = load_workbook(io.BytesIO(data))
    letters = {cell.value: cell.column_letter for cell in book["Activities"][5]}
    titles = {"start_year": letters["Start year"], "end_year": letters["End year"]}
    typed = {f"{titles[name]}{6 + index}": year for (index, name), year in bounds.items()}
    end = book.defined_names["Programme_period_end"].attr_text.partition("!")[2].replace("$", "")
    changed = _changed(_changed(data, "Activities", typed), "Programme", {end: 2027})

    found = differences(wanted, recalculated(changed, tmp_path))

    (warning,) = (value for *_, value in found)
    assert warning.startswith("Areas in the charts: 5; years: 3.")


HOSTILE = (
    "1.1",
    "1.10",
    "1,1",
    "A*",
    "AB",
    "A?",
    "A~",
    "<5",
    ">5",
    "=A",
    "1e1",
    "10",
    "TRUE",
    "a b",
)
"""Ids that SUMIFS, COUNTIFS or MATCH would take for others, or for conditions."""


def test_hostile_ids__are_told_apart_as_exact_texts(tmp_path):
    plan = read_sample("programme-of-work")
    content = {name: plan[name] for name in ("programme", "areas", "sources")}
    area, source = content["areas"][0]["code"], content["sources"][0]["code"]
    content["activities"] = [
        {"id": f"X{n}", "number": str(n), "area": area, "title_en": "T"}
        for n, _ in enumerate(HOSTILE)
    ]
    content["costs"] = [
        {"activity": f"X{n}", "amount": str(2**n)} for n, _ in reversed(list(enumerate(HOSTILE)))
    ]
    content["funding"] = [
        {"activity": f"X{n}", "source": source, "stage": "received", "amount": str(3 * 2**n)}
        for n, _ in enumerate(HOSTILE)
    ]
    data, _ = made(content, Language.EN)
    typed = {f"A{row}": name for row, name in enumerate(HOSTILE, 6)}
    again = {f"A{row}": f" {name.lower()} " for row, name in enumerate(reversed(HOSTILE), 6)}
    changed = _changed(_changed(data, "Activities", typed), "Costs", again)
    found = recalculated(_changed(changed, "Funding", typed), tmp_path)

    sheet = load_workbook(io.BytesIO(found), data_only=True)["Activities"]
    letters = {cell.value: cell.column_letter for cell in sheet[5]}
    rows = range(6, 6 + len(HOSTILE))
    costs = [sheet[f"{letters['Cost']}{row}"].value for row in rows]
    assert costs == [2**n for n, _ in enumerate(HOSTILE)]
    kinds = ("Core budget", "Voluntary contributions", "Other sources")
    money = [sum(sheet[f"{letters[kind]}{row}"].value for kind in kinds) for row in rows]
    assert money == [3 * cost for cost in costs]
    assert _check(found, "Amounts that belong to no activity") == [0, 0]
    assert _check(found, "Unknown codes in the column Activity")[:2] == [0, 0]


def test_hidden_number_typed_over__is_counted_by_the_checks(tmp_path):
    data, _ = made(read_sample("example"), Language.EN)
    costs = load_workbook(io.BytesIO(data))["Costs"]
    letters = {cell.value: cell.column_letter for cell in costs[5]}
    typed = {f"{letters['Activity row']}6": 17, f"{letters['Counted amount']}8": 1}

    found = recalculated(_changed(data, "Costs", typed), tmp_path)

    assert _check(found, "Amounts that belong to no activity") == [1, 0]
    assert _check(found, "Total of Costs that differs from the total of Activities") == [1]
    cells = {line.title: line.cell for line in listed_checks(found) if line.faults}
    assert cells == {
        "Amounts that belong to no activity": f"{letters['Activity']}6",
        "Total of Costs that differs from the total of Activities": f"{letters['Amount']}5",
    }


def _check(data, title):
    return [line.faults for line in listed_checks(data) if line.title == title]


def _changed(data, name, values):
    """Type other values into cells."""
    book = load_workbook(io.BytesIO(data))
    for address, value in values.items():
        book[name][address] = value
        if isinstance(value, str):
            book[name][address].data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _typed(data, values):
    """Type a row below Costs, which takes over the formulas as Excel makes it."""
    book = load_workbook(io.BytesIO(data))
    sheet = book["Costs"]
    table = sheet.tables["Costs"]
    last, row = re.fullmatch(r"A5:([A-Z]+)(\d+)", table.ref).groups()
    number = int(row) + 1
    for cell, column in zip(sheet[5], table.tableColumns, strict=True):
        if column.calculatedColumnFormula is not None:
            formula = column.calculatedColumnFormula.attr_text
            sheet[f"{cell.column_letter}{number}"] = f"={formula}"
    for letter, value in values.items():
        sheet[f"{letter}{number}"] = value
    table.ref = table.autoFilter.ref = f"A5:{last}{number}"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


ERRORS = ("#VALUE!", "#N/A", "#REF!", "#NAME?", "#NUM!", "#DIV/0!", "Err:502", "Err:504")


def _texts_for_numbers(data):
    """Type a text in the first and the third row of every number, year and date of each table."""
    book, cells = load_workbook(io.BytesIO(data)), set()
    for schema in load_schemas().values():
        if schema.form:
            continue
        sheet = book[schema.titles[Language.EN]]
        letters = {cell.value: cell.column_letter for cell in sheet[5]}
        for field in schema.inputs():
            if field.type != "string" and not field.list:
                cells |= {
                    (sheet.title, f"{letters[field.titles[Language.EN]]}{n}") for n in (6, 8)
                }
    for sheet, cell in cells:
        book[sheet][cell] = "1 234,50"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue(), cells


def test_text_for_a_number__makes_no_formula_fail_anywhere(tmp_path):
    data, cells = _texts_for_numbers(made(read_sample("example"), Language.EN)[0])
    found = stored_values(recalculated(data, tmp_path))

    assert len(cells) > 40
    assert {place: value for place, value in found.items() if value in ERRORS} == {}


def test_text_for_an_amount__is_counted_by_its_check_and_hides_no_other_fault(tmp_path):
    data, _ = made(read_sample("example"), Language.EN)
    faults = {"D6": "1 234,50", "D7": -5, "A8": "XXX-99"}

    checks = _checks(recalculated(_changed(data, "Costs", faults), tmp_path))

    assert checks["Texts, negative or too large numbers in the column Amount"]
    assert checks["Unknown codes in the column Activity"] == 1


def test_areas_in_two_levels__are_computed_as_stored_and_a_third_level_is_found(tmp_path):
    content = deepcopy(read_sample("example"))
    parents = {"IAC": "EDM", "ICC": "edm"}
    for row in content["areas"]:
        row["parent"] = parents.get(row["code"])
    data, _ = made(content, Language.EN)
    letter = {c.value: c.column_letter for c in load_workbook(io.BytesIO(data))["Areas"][5]}
    parent = letter["Part of area"]
    (tmp_path / "sound").mkdir()
    (tmp_path / "faulty").mkdir()

    assert differences(data, recalculated(data, tmp_path / "sound")) == []

    faults = {f"{parent}8": "IAC", f"{parent}9": "PAG"}  # a sub-area, itself
    found = recalculated(_changed(data, "Areas", faults), tmp_path / "faulty")
    assert _checks(found, "Areas")["Areas placed under themselves or under a sub-area"] == 2


def _checks(data, name="Costs"):
    """Return how often each check of a sheet found something."""
    return {line.title: line.faults for line in listed_checks(data) if line.sheet == name}


def test_order__is_computed_as_stored_whatever_the_number(tmp_path):
    content = deepcopy(read_sample("example"))
    numbers = ("1.90", "1.91 a", "1.92b", "90", "A.1", "1..93", "12345.6", "b")
    for row, number in zip(content["activities"], numbers, strict=False):
        row["number"] = number
    data, _ = made(content, Language.EN)

    assert differences(data, recalculated(data, tmp_path)) == []


def test_row_typed_below_a_table_that_did_not_grow__is_a_fault_of_its_sheet(tmp_path):
    data, _ = made(read_sample("example"), Language.EN)
    table = load_workbook(io.BytesIO(data))["Costs"].tables["Costs"]
    row = range_boundaries(table.ref)[3] + 1
    typed = _changed(data, "Costs", {f"A{row}": "EDM-01", f"D{row}": 77777})

    found = listed_checks(recalculated(typed, tmp_path))

    faults = [(line.title, line.faults, line.cell) for line in found if line.faults]
    assert faults == [("Rows below the table, which are not counted", 1, f"A{row}")]
