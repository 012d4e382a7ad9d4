"""LibreOffice computes every formula to the value that was stored, which is the program's."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
from copy import deepcopy
from functools import cache

import pytest
from made_books import made
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from recalculation import differences, listed_checks, recalculated, sheets, stored_values

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


TYPED = {}
"""What makes each workbook that LibreOffice calculates, by its name."""


def typed(make):
    """Have LibreOffice calculate the workbook that a function makes, with the others."""
    TYPED[make.__name__] = make
    return make


@pytest.fixture(scope="session")
def found(made_once):
    """Give a function that gives a workbook, by its name, as LibreOffice calculates it."""

    def make(folder):
        recalculated({f"{name}.xlsx": make() for name, make in TYPED.items()}, folder)

    folder = made_once("typed-workbooks", make)
    return lambda name: (folder / f"{name}.xlsx").read_bytes()


@typed
def example():
    return made(read_sample("example"), Language.EN)[0]


def test_example__is_computed_to_the_stored_values(found):
    assert differences(example(), found("example")) == []


SCORES = ((1, 2, 3, 4, 5, 1), (2, 1, 1, 1, 5, 5), (5, 5, 5, 5, 1, 1), (3, 3, 3, 3, 3, 3))
WEIGHTS = ("0.5", "0", "33.33", "16.66", "0.01", "49.5")


def scored():
    """Give the plan that ships with requests of odd weights, and its programme."""
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


@typed
def without_a_score():
    data, _ = scored()
    return _changed(data, Requests={f"{_letters(data, 'Requests')['Risk']}7": None})


def test_scores__are_computed_as_the_program_reckons_and_blank_where_one_is_missing(found):
    data, programme = scored()
    requests = sheets(data)["Requests"].cells
    letter = _letters(data, "Requests")["Score"]
    stored = [requests[f"{letter}{row}"].value for row in range(6, 10)]

    changed = _beside_checks(data, found("without_a_score"))

    assert stored == [float(score) for _, score in _in_row_order(programme)]
    assert changed == [("Requests", f"{letter}7", stored[1], None)]


@typed
def weights_not_whole():
    return _changed(scored()[0], Weights={"B11": 49.49})


def test_scores__are_blank_and_the_checks_say_so_where_the_weights_are_not_whole(found):
    calculated = found("weights_not_whole")

    changed = _beside_checks(scored()[0], calculated)
    assert [(sheet, value) for sheet, _, _, value in changed] == [("Requests", None)] * 4
    assert _check(calculated, "Weights that do not add up to 100") == [1]


def _beside_checks(data, found):
    """Give what has changed apart from what the checks find, which heads of sheets show too."""
    return [
        item
        for item in differences(data, found)
        if item[0] != "Checks" and int(re.sub("[A-Z]", "", item[1])) > HEADER_ROW
    ]


def _in_row_order(programme):
    return sorted(ranked(programme.review), key=lambda pair: pair[0].id)


@typed
def empty():
    return new_workbook(Language.FR)


def test_empty_workbook__is_computed_to_the_stored_values(found):
    assert differences(empty(), found("empty")) == []


@typed
def with_a_row():
    return _with_row(example(), {"A": "EDM-01", "B": 2025, "C": "voyages", "D": 1234.56})


def test_typed_row__changes_every_figure_as_the_program_reckons(found):
    content = deepcopy(read_sample("example"))
    row = {"activity": "EDM-01", "year": 2025, "category": "travel", "amount": "1234.56"}
    content["costs"].append(row)
    wanted, _ = made(content, Language.EN)

    assert differences(wanted, found("with_a_row")) == []


BOUNDS = {(0, "start_year"): None, (1, "start_year"): 2027, (1, "end_year"): 2027}


@typed
def with_other_years():
    book = load_workbook(io.BytesIO(example()))
    letters = {cell.value: cell.column_letter for cell in book["Activities"][5]}
    titles = {"start_year": letters["Start year"], "end_year": letters["End year"]}
    years = {f"{titles[name]}{6 + index}": year for (index, name), year in BOUNDS.items()}
    end = book.defined_names["Programme_period_end"].attr_text.partition("!")[2].replace("$", "")
    return _changed(example(), Activities=years, Programme={end: 2027})


def test_years_and_period_typed_later__move_the_marks_of_the_calendar(found):
    content = deepcopy(read_sample("example"))
    for (index, name), year in BOUNDS.items():
        content["activities"][index][name] = year
    content["programme"][0]["period_end"] = 2027
    wanted, _ = made(content, Language.EN)

    (warning,) = (value for *_, value in differences(wanted, found("with_other_years")))
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


@typed
def hostile():
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
    ids = {f"A{row}": name for row, name in enumerate(HOSTILE, 6)}
    again = {f"A{row}": f" {name.lower()} " for row, name in enumerate(reversed(HOSTILE), 6)}
    return _changed(data, Activities=ids, Costs=again, Funding=ids)


def test_hostile_ids__are_told_apart_as_exact_texts(found):
    calculated = found("hostile")

    cells, letters = sheets(calculated)["Activities"].cells, _letters(calculated, "Activities")
    rows = range(6, 6 + len(HOSTILE))
    costs = [cells[f"{letters['Cost']}{row}"].value for row in rows]
    assert costs == [2**n for n, _ in enumerate(HOSTILE)]
    kinds = ("Core budget", "Voluntary contributions", "Other sources")
    money = [sum(cells[f"{letters[kind]}{row}"].value for kind in kinds) for row in rows]
    assert money == [3 * cost for cost in costs]
    assert _check(calculated, "Amounts that belong to no activity") == [0, 0]
    assert _check(calculated, "Unknown codes in the column Activity")[:2] == [0, 0]


@typed
def with_numbers_typed_over():
    letters = _letters(example(), "Costs")
    numbers = {f"{letters['Activity row']}6": 17, f"{letters['Counted amount']}8": 1}
    return _changed(example(), Costs=numbers)


def test_hidden_number_typed_over__is_counted_by_the_checks(found):
    letters, calculated = _letters(example(), "Costs"), found("with_numbers_typed_over")

    assert _check(calculated, "Amounts that belong to no activity") == [1, 0]
    assert _check(calculated, "Total of Costs that differs from the total of Activities") == [1]
    cells = {line.title: line.cell for line in listed_checks(calculated) if line.faults}
    assert cells == {
        "Amounts that belong to no activity": f"{letters['Activity']}6",
        "Total of Costs that differs from the total of Activities": f"{letters['Amount']}5",
    }


def _letters(data, name):
    """Give the letter of each column of a table by its heading."""
    found = {address: seen.value for address, seen in sheets(data)[name].cells.items()}
    return {found[place]: place[:-1] for place in found if re.fullmatch("[A-Z]+5", place)}


def _check(data, title):
    return [line.faults for line in listed_checks(data) if line.title == title]


def _changed(data, **values):
    """Type other values into cells of sheets."""
    book = load_workbook(io.BytesIO(data))
    for name, typed_values in values.items():
        for address, value in typed_values.items():
            book[name][address] = value
            if isinstance(value, str):
                book[name][address].data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _with_row(data, values):
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


def _cells_for_numbers(book):
    """Yield the cells of the first and the third row of every number, year and date."""
    for schema in load_schemas().values():
        if schema.form:
            continue
        sheet = book[schema.titles[Language.EN]]
        letters = {cell.value: cell.column_letter for cell in sheet[5]}
        for field in schema.inputs():
            if field.type != "string" and not field.list:
                yield from (sheet[f"{letters[field.titles[Language.EN]]}{n}"] for n in (6, 8))


@typed
def with_texts_for_numbers():
    book = load_workbook(io.BytesIO(example()))
    cells = list(_cells_for_numbers(book))
    assert len(cells) > 40
    for cell in cells:
        cell.value = "1 234,50"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_text_for_a_number__makes_no_formula_fail_anywhere(found):
    values = stored_values(found("with_texts_for_numbers"))

    assert {place: value for place, value in values.items() if value in ERRORS} == {}


@typed
def with_a_text_for_an_amount():
    return _changed(example(), Costs={"D6": "1 234,50", "D7": -5, "A8": "XXX-99"})


def test_text_for_an_amount__is_counted_by_its_check_and_hides_no_other_fault(found):
    checks = _checks(found("with_a_text_for_an_amount"))

    assert checks["Texts, negative or too large numbers in the column Amount"]
    assert checks["Unknown codes in the column Activity"] == 1


@typed
def with_sub_areas():
    content = deepcopy(read_sample("example"))
    parents = {"IAC": "EDM", "ICC": "edm"}
    for row in content["areas"]:
        row["parent"] = parents.get(row["code"])
    return made(content, Language.EN)[0]


@typed
def with_a_third_level():
    parent = _letters(with_sub_areas(), "Areas")["Part of area"]
    faults = {f"{parent}8": "IAC", f"{parent}9": "PAG"}  # a sub-area, itself
    return _changed(with_sub_areas(), Areas=faults)


def test_areas_in_two_levels__are_computed_as_stored_and_a_third_level_is_found(found):
    assert differences(with_sub_areas(), found("with_sub_areas")) == []
    checks = _checks(found("with_a_third_level"), "Areas")
    assert checks["Areas placed under themselves or under a sub-area"] == 2


def _checks(data, name="Costs"):
    """Return how often each check of a sheet found something."""
    return {line.title: line.faults for line in listed_checks(data) if line.sheet == name}


@typed
def with_odd_numbers():
    content = deepcopy(read_sample("example"))
    numbers = ("1.90", "1.91 a", "1.92b", "90", "A.1", "1..93", "12345.6", "b")
    for row, number in zip(content["activities"], numbers, strict=False):
        row["number"] = number
    return made(content, Language.EN)[0]


def test_order__is_computed_as_stored_whatever_the_number(found):
    assert differences(with_odd_numbers(), found("with_odd_numbers")) == []


@cache
def _row_below():
    table = load_workbook(io.BytesIO(example()))["Costs"].tables["Costs"]
    return range_boundaries(table.ref)[3] + 1


@typed
def with_a_row_below():
    row = _row_below()
    return _changed(example(), Costs={f"A{row}": "EDM-01", f"D{row}": 77777})


def test_row_typed_below_a_table_that_did_not_grow__is_a_fault_of_its_sheet(found):
    lines = listed_checks(found("with_a_row_below"))

    faults = [(line.title, line.faults, line.cell) for line in lines if line.faults]
    assert faults == [("Rows below the table, which are not counted", 1, f"A{_row_below()}")]
