"""What Excel enforces and no schema says: names, headers, lengths, rows that can be sorted."""

from __future__ import annotations

import io
import re
from collections import Counter
from copy import deepcopy
from itertools import chain, product

import pytest
from made_books import made
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from cmswp_xl.cells import AsTyped, ErrorValue
from cmswp_xl.languages import Language
from cmswp_xl.make import make_workbook
from cmswp_xl.samples import read_sample

LONGEST_FORMULA = 7_500
LONGEST = {"promptTitle": 32, "prompt": 255, "errorTitle": 32, "error": 225}
STRUCTURED = re.compile(r"\w\[")
NAME = re.compile(r"[A-Za-z_\\][\w.\\]{0,254}")
ADDRESS = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]?\d*[Cc]?\d*")
ELSEWHERE = re.compile(r'"[^"]*"|\[[^\]]*\]|\'[^\']*\'!\$[A-Z]+\$\d+:\$[A-Z]+\$\d+')
CELL = re.compile(r"(?<![\w!\]'])\$?([A-Z]{1,3})\$?(\d+)\b")


@pytest.fixture(scope="module", params=product(("example", "new"), Language))
def book(request):
    kind, language = request.param
    if kind == "example":
        data, _ = made(read_sample("example"), language)
    else:
        content = {"programme": [{"original_language": language.value}]}
        data = make_workbook(content, language, None)
    return load_workbook(io.BytesIO(data))


def formulas(sheet):
    return [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def rules(book):
    for sheet in book:
        for rule in sheet.data_validations.dataValidation:
            yield from (text for text in (rule.formula1, rule.formula2) if text)
        for ranges in sheet.conditional_formatting:
            yield from chain.from_iterable(rule.formula for rule in ranges.rules)


def tables(book):
    return [(sheet, table) for sheet in book for table in sheet.tables.values()]


def body(sheet, table):
    left, top, right, bottom = range_boundaries(table.ref)
    return sheet.iter_cols(left, right, top, bottom)


def test_header_cells__are_the_names_of_their_columns(book):
    for sheet, table in tables(book):
        names = [column.name for column in table.tableColumns]

        assert names == [cells[0].value for cells in body(sheet, table)]
        assert len({name.casefold() for name in names}) == len(names)
        assert max(map(len, names)) <= 255


def test_calculated_columns__have_the_formula_of_the_column_in_every_cell(book):
    compared = 0
    for sheet, table in tables(book):
        for column, cells in zip(table.tableColumns, body(sheet, table), strict=True):
            found = {cell.value for cell in cells[1:] if cell.data_type == "f"}
            calculated = column.calculatedColumnFormula
            assert found == ({f"={calculated.attr_text}"} if calculated else set()), column.name
            compared += len(found)

    assert compared > 30


def test_rules_of_cells__have_no_structured_references(book):
    found = list(rules(book))

    assert len(found) > 100
    assert [text for text in found if STRUCTURED.search(text)] == []
    assert max(map(len, found)) <= 255


def test_messages__are_no_longer_than_excel_has_room_for(book):
    found = [rule for sheet in book for rule in sheet.data_validations.dataValidation]

    assert len(found) > 100
    for name, room in LONGEST.items():
        assert max(len(getattr(rule, name) or "") for rule in found) <= room, name


def test_formulas__are_short_and_so_are_the_texts_in_them(book):
    texts = [cell.value for sheet in book for cell in formulas(sheet)]

    assert max(map(len, texts)) <= LONGEST_FORMULA / 3
    assert max(len(part) for text in texts for part in re.findall(r'"([^"]*)"', text)) <= 255


def test_formulas__stand_in_no_cell_that_is_formatted_as_text(book):
    cells = [cell for sheet in book for cell in formulas(sheet)]

    assert len(cells) > 2500
    assert [cell.coordinate for cell in cells if cell.number_format == "@"] == []


def test_error_value_carried_over__stands_in_no_cell_that_is_formatted_as_text():
    content = deepcopy(read_sample("example"))
    content["areas"][0]["code"] = AsTyped(ErrorValue("#REF!"))

    data = make_workbook(content, Language.EN, None, calculated=False)

    cell = load_workbook(io.BytesIO(data))["Areas"]["A6"]
    assert (cell.value, cell.number_format) == ("=#REF!", "General")


def test_texts__fit_in_their_cells(book):
    values = [cell.value for sheet in book for row in sheet for cell in row]

    assert max(len(value) for value in values if isinstance(value, str)) <= 32_767


def test_names__are_valid_and_unique_and_no_addresses(book):
    names = [*book.defined_names, *(table.name for _, table in tables(book))]

    assert len(names) > 50
    assert [name for name in names if not NAME.fullmatch(name)] == []
    assert [name for name in names if ADDRESS.fullmatch(name)] == []
    assert max(Counter(name.casefold() for name in names).values()) == 1
    assert len({table.id for _, table in tables(book)}) == len(tables(book))


def test_sheets__have_names_that_excel_takes(book):
    assert [n for n in book.sheetnames if len(n) > 31 or re.search(r"[\[\]:*?/\\]|^'|'$", n)] == []
    assert len({name.casefold() for name in book.sheetnames}) == len(book.sheetnames)


def test_checks__can_be_sorted(book):
    sheet = next(sheet for sheet in reversed(book.worksheets) if sheet.auto_filter.ref)
    _, top, _, bottom = range_boundaries(sheet.auto_filter.ref)
    cells = [cell for cell in formulas(sheet) if top < cell.row <= bottom]
    others = [
        (cell.coordinate, found[0])
        for cell in cells
        for found in CELL.finditer(ELSEWHERE.sub("", cell.value))
        if int(found[2]) != cell.row or "$" in found[0]
    ]

    assert len(cells) > 3 * (bottom - top)
    assert others == []
    assert [link.ref for link in sheet._hyperlinks if top < _row(link.ref) <= bottom] == []


def _row(reference):
    return range_boundaries(reference)[1]
