"""What the checks find in a content: how many faults, and the cell of the first one."""

from __future__ import annotations

from copy import deepcopy

import pytest
from found_faults import EXAMPLE, SCHEMAS, cell, checks_of

from cmswp_xl.figures.computed import comparable_key


def found(content, table):
    return {c.title: c.count for c in checks_of(content) if c.table == table and c.count}


def changed(table, row, **values):
    content = deepcopy(EXAMPLE)
    content[table][row].update(values)
    return content


@pytest.mark.parametrize("table", SCHEMAS)
def test_example__has_no_fault(table):
    assert found(EXAMPLE, table) == {}


@pytest.mark.parametrize(
    ("table", "row", "values", "title"),
    [
        ("programme", 0, {"period_start": None}, "Required settings that are blank"),
        ("activities", 1, {"area": "ED*"}, "Unknown codes in the column Area"),
        ("costs", 0, {"activity": None}, "Blank cells in the required column Activity"),
        (
            "activities",
            7,
            {"title_en": " "},
            "Titles or names that are blank in the original language",
        ),
        ("areas", 4, {"code": "edm "}, "Rows that repeat the Area code of a row above"),
        (
            "activities",
            1,
            {"number": "1.1"},
            "Activities that repeat the number of another one in their area",
        ),
        (
            "funding",
            1,
            {"stage": "promised"},
            "Words in the column Stage that are not in its list",
        ),
        (
            "funding",
            2,
            {"amount": "ten"},
            "Texts, negative or too large numbers in the column Amount",
        ),
        (
            "activities",
            0,
            {"staff_days": -1},
            "Texts, negative or too large numbers in the column Staff days",
        ),
        ("allocations", 0, {"percent": "100"}, "Posts of which more than 100% is allotted"),
        ("funding", 3, {"year": 1999}, "Years outside the programme’s period"),
        ("costs", 0, {"amount": "5"}, "Amounts that are not quantity × unit cost"),
        ("weights", 0, {"weight": "24.99"}, "Weights that do not add up to 100"),
        ("subjects", 1, {"point": 1}, "Rows that repeat the Point of a row above"),
        ("recommendations", 0, {"subject": 99}, "Unknown codes in the column Subject"),
        ("steps", 0, {"recommendation": "9.9"}, "Unknown codes in the column Recommendation"),
    ],
)
def test_fault__is_counted_and_its_cell_is_named(table, row, values, title):
    content = changed(table, row, **values)

    (check,) = (c for c in checks_of(content) if (c.table, c.title) == (table, title))

    (name,) = values
    row = -1 if title == "Weights that do not add up to 100" else row
    assert (check.count, check.cell) == (1, cell(table, name, row))


def test_code_in_another_case_and_with_spaces__is_known():
    assert found(changed("activities", 0, area=" edm "), "activities") == {}


@pytest.mark.parametrize(
    ("weights", "requests", "count"),
    [
        ([], [], 0),
        ([{"criterion": "cost", "weight": None}], [], 0),
        ([{"criterion": "cost", "weight": "100"}], [], 0),
        ([{"criterion": "cost", "weight": "0"}], [], 1),
        ([], [{"id": "R-1"}], 1),
    ],
)
def test_weights__are_counted_where_there_are_weights_or_requests(weights, requests, count):
    content = {**EXAMPLE, "weights": weights, "requests": requests}

    title = "Weights that do not add up to 100"
    assert found(content, "weights").get(title, 0) == count


@pytest.mark.parametrize(("table", "activity"), [("costs", "NOPE"), ("funding", None)])
def test_amount_without_its_activity__is_counted(table, activity):
    content = changed(table, 0, activity=activity)

    assert found(content, table)["Amounts that belong to no activity"] == 1


def test_key_with_double_spaces__is_compared_as_excel_trims_it():
    assert comparable_key("  A  b ") == "a b"
