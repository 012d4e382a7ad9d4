"""LibreOffice computes every formula to the value that was stored, which is the program's."""

from __future__ import annotations

import io
import re
import shutil
from copy import deepcopy

import pytest
from openpyxl import load_workbook
from recalculation import differences, recalculated
from test_make_workbook import made

from cmswp_xl.languages import Language
from cmswp_xl.make import make_workbook
from cmswp_xl.samples import read_sample

pytestmark = [
    pytest.mark.host,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not there"),
]


def test_example__is_computed_to_the_stored_values(tmp_path):
    data, _ = made(read_sample("example"), Language.EN)

    assert differences(data, recalculated(data, tmp_path)) == []


def test_empty_workbook__is_computed_to_the_stored_values(tmp_path):
    data = make_workbook({"programme": [{"original_language": "fr"}]}, Language.FR, None)

    assert differences(data, recalculated(data, tmp_path)) == []


def test_typed_row__changes_every_figure_as_the_program_reckons(tmp_path):
    content = deepcopy(read_sample("example"))
    data, _ = made(content, Language.EN)
    row = {"activity": "EDM-01", "year": 2025, "category": "travel", "amount": "1234.56"}
    content["costs"].append(row)
    wanted, _ = made(content, Language.EN)

    typed = _typed(data, {"A": "EDM-01", "C": 2025, "D": "travel", "G": 1234.56})

    assert differences(wanted, recalculated(typed, tmp_path)) == []


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
