"""The workbook as written: sheets, tables, drop-downs, marks, and what reads back from it."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from openpyxl import load_workbook

from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.languages import Language, Words
from cmswp_xl.make import MESSAGE_ROOM, TITLE_ROOM, make_workbook, own_sheets, shortened
from cmswp_xl.make.book import CARRIED, EMPTY, OWN, Result, lines
from cmswp_xl.matching import match_tables
from cmswp_xl.samples import RowsSource, read_sample
from cmswp_xl.schema import REVIEW_TABLES, sheet_schemas
from cmswp_xl.tables import comparable
from cmswp_xl.validate import check_tables
from cmswp_xl.xlsx import open_workbook

SCHEMAS = sheet_schemas()
TABLES = [schema for schema in SCHEMAS.values() if not schema.form]


def check(source):
    tables, issues = match_tables(source, SCHEMAS, (own_sheets,))
    return check_tables(tables, issues)


def made(content, language):
    programme = check(RowsSource(content, SCHEMAS, language)).programme
    return make_workbook(
        content, language, compute_totals(programme) if programme else None
    ), programme


@pytest.fixture(scope="module")
def example():
    return made(read_sample("example"), Language.EN)


@pytest.fixture(scope="module")
def book(example):
    return load_workbook(io.BytesIO(example[0]))


@pytest.fixture(scope="module")
def parts(example):
    with zipfile.ZipFile(io.BytesIO(example[0])) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


@pytest.fixture(scope="module")
def empty():
    content = {"programme": [{"original_language": "fr"}]}
    return load_workbook(io.BytesIO(make_workbook(content, Language.FR, None)))


def test_example__reads_back_whole_and_without_a_fault(example):
    data, programme = example

    found = check(open_workbook(io.BytesIO(data)))

    assert found.programme == programme
    assert {issue.code for issue in found.issues} == {"no-mandate", "repeated-recommendation"}


@pytest.mark.parametrize("language", [Language.FR, Language.ES])
def test_plan__reads_back_whole_in_each_language(language):
    data, programme = made(read_sample("programme-of-work"), language)

    found = check(open_workbook(io.BytesIO(data)))

    assert programme is not None
    assert found.programme == programme


def test_same_content__gives_the_same_bytes():
    content = {"programme": [{"original_language": "en"}]}

    first, second = (make_workbook(content, Language.EN, None) for _ in range(2))

    assert first == second


def test_rows_without_a_reckoning__are_refused():
    with pytest.raises(ValueError, match="areas"):
        make_workbook({"areas": [{"code": "A"}]}, Language.EN, None)


def test_own_sheets__are_those_of_all_languages():
    names = (*OWN, CARRIED)

    for lang in Language:
        assert own_sheets(lang) == {comparable(Words(lang)(name)) for name in names}


def test_sheets__stand_in_order_and_the_first_is_open(book):
    titles = [schema.titles[Language.EN] for schema in SCHEMAS.values()]

    assert book.sheetnames == ["Start", *titles, "Summary", "Checks"]
    assert book.active.title == "Start"


def test_tabs__have_one_colour_by_kind(book):
    colours = {sheet.title: sheet.sheet_properties.tabColor.rgb for sheet in book}

    of_review = {colours[SCHEMAS[name].titles[Language.EN]] for name in REVIEW_TABLES}
    of_programme = {
        colours[schema.titles[Language.EN]]
        for schema in SCHEMAS.values()
        if schema.name not in REVIEW_TABLES
    }
    assert colours["Summary"] == colours["Checks"]
    assert (len(of_programme), len(of_review)) == (1, 1)
    assert len(set(colours.values())) == 4


@pytest.mark.parametrize("schema", TABLES, ids=lambda schema: schema.name)
def test_table__has_its_titles_formulas_and_frozen_header(book, schema):
    sheet = book[schema.titles[Language.EN]]
    table = sheet.tables[schema.table]

    names = [column.name for column in table.tableColumns]
    calculated = [c.name for c in table.tableColumns if c.calculatedColumnFormula is not None]

    assert names == [item.titles[Language.EN] for item in schema.fields]
    assert [cell.value for cell in sheet[5]][: len(names)] == names
    assert calculated == [item.titles[Language.EN] for item in schema.fields if item.computed]
    assert sheet.freeze_panes in ("B6", "C6", "H6")
    assert sheet.print_title_rows == "$5:$5"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight == 0


@pytest.mark.parametrize("schema", TABLES, ids=lambda schema: schema.name)
def test_inputs__have_a_rule_and_a_message_down_to_the_last_row(book, schema):
    sheet = book[schema.titles[Language.EN]]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}

    for cell, item in zip(sheet[5], schema.fields, strict=False):
        rule = rules.pop(f"{cell.column_letter}6:{cell.column_letter}1048576", None)
        assert (rule is None) == item.computed
        if rule is None:
            continue
        assert rule.promptTitle
        assert rule.prompt
        if item.enum or (item.reference and not item.list):
            assert rule.type == "list"
            assert not rule.allowBlank
            assert rule.showErrorMessage
            assert rule.errorStyle in (None, "stop")
        if item.reference and not item.list:
            assert rule.formula1 == f"list_{SCHEMAS[item.reference.table].table}"
    assert not rules


def test_integers__are_asked_for_between_their_bounds(book):
    sheet = book["Requests"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    (letter,) = (cell.column_letter for cell in sheet[5] if cell.value == "Risk")
    rule = rules[f"{letter}6:{letter}1048576"]

    assert (rule.type, rule.formula1, rule.formula2) == ("whole", "1", "5")
    assert rule.error.startswith("Type a whole number from 1 to 5.")
    assert "year" not in rule.error


def test_points__are_chosen_from_the_subjects(book):
    sheet = book["Recommendations"]
    (rule,) = (r for r in sheet.data_validations.dataValidation if str(r.sqref).startswith("B6"))

    assert (rule.type, rule.formula1) == ("list", "list_Subjects")
    assert book.defined_names["list_Subjects"].attr_text == "Subjects[Point]"


def test_code_lists__grow_with_their_table(book):
    assert book.defined_names["list_Areas"].attr_text == "Areas[Area code]"
    assert book.defined_names["list_Activities"].attr_text == "Activities[Activity id]"


def test_settings__have_names_that_formulas_use(book):
    sheet = book["Programme"]
    names = {sheet.cell(row, 1).value: row for row in range(6, sheet.max_row + 1)}

    for field in SCHEMAS["programme"].fields:
        row = names[field.titles[Language.EN]]
        name = book.defined_names[f"Programme_{field.name}"]
        assert name.attr_text == f"'Programme'!$B${row}"


def test_other_languages__are_folded_away_with_a_plus_beside_them(book):
    columns = book["Activities"].column_dimensions
    letters = {
        item.name: cell.column_letter
        for item, cell in zip(SCHEMAS["activities"].fields, book["Activities"][5], strict=True)
    }

    assert not columns[letters["title_en"]].hidden
    assert columns[letters["title_fr"]].hidden
    assert columns[letters["title_fr"]].outlineLevel == 1
    assert columns[letters["mandates"]].collapsed


def test_formulas__all_have_a_stored_value(parts):
    cells = [
        cell
        for name, part in parts.items()
        if name.startswith("xl/worksheets/sheet")
        for cell in re.findall(r"<c [^>]*><f>.*?</c>", part)
    ]

    assert len(cells) > 4000
    assert not [cell for cell in cells if "<v></v>" in cell and 't="str"' not in cell]
    assert not [cell for cell in cells if "<v" not in cell]


def test_text__is_never_taken_for_a_formula_or_a_link():
    content = read_sample("programme-of-work")
    areas = [
        dict(content["areas"][0], title_en="=1+1", title_fr="https://x.int"),
        *content["areas"][1:],
    ]

    data, _ = made({**content, "areas": areas}, Language.EN)

    assert "<f>1+1" not in _part(data, "xl/worksheets/sheet3.xml")
    assert "https://x.int" not in _part(data, "xl/worksheets/_rels/sheet3.xml.rels")


def _part(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode()


def test_illustrative__is_said_on_every_sheet(example):
    book = load_workbook(io.BytesIO(example[0]), data_only=True)

    for sheet in book:
        column = [sheet.cell(row, 1).value for row in range(1, 5)]
        assert "Illustrative figures: not a budget of the Secretariat" in column, sheet.title


def test_empty_workbook__has_a_blank_row_with_formulas_in_every_table(empty):
    for schema in TABLES:
        sheet = empty[schema.titles[Language.FR]]
        table = sheet.tables[schema.table]
        assert table.ref.endswith("6")
        for cell, item in zip(sheet[6], schema.fields, strict=False):
            assert (cell.data_type == "f") == item.computed


def test_numbers_and_dates__keep_their_formats_for_rows_added_later(book):
    columns = book["Costs"].column_dimensions

    assert columns["F"].number_format == "#,##0.00"
    assert columns["A"].number_format == "@"
    assert book["Programme"]["B22"].number_format == "yyyy-mm-dd"


def test_statuses__are_marked_by_more_than_colour(book):
    rules = [
        rule
        for ranges in book["Activities"].conditional_formatting
        for rule in ranges.rules
        if rule.type == "cellIs"
    ]

    signs = {rule.dxf.numFmt.formatCode for rule in rules}

    assert {rule.formula[0].strip('"') for rule in rules} == {
        "unfunded",
        "partly-funded",
        "funded",
        "overfunded",
        "no-cost",
        "not-costed",
    }
    assert len(signs) == len(rules)


def test_summary__has_two_titled_charts_with_axes(parts):
    charts = [part for name, part in parts.items() if name.startswith("xl/charts/chart")]

    assert len(charts) == 2
    assert all(part.count("<c:title>") == 3 for part in charts)


def test_messages__are_cut_at_a_space_where_excel_has_no_room():
    assert shortened("short", TITLE_ROOM) == "short"
    cut = shortened("word " * 80, MESSAGE_ROOM)
    assert len(cut) <= MESSAGE_ROOM
    assert cut.endswith("word…")


def test_lines__are_estimated_by_width_and_line_breaks():
    assert lines("short", 20) == 1
    assert lines("a\n\nb", 20) == 3
    assert lines("x" * 100, 20) == 5


def test_blank_result__is_stored_as_an_empty_text():
    assert Result("=A1").stored is EMPTY
    assert str(EMPTY) == ""
    assert Result("=A1", 0).stored == 0


@pytest.mark.parametrize("language", Language)
def test_formulas__keep_within_the_limits_of_excel(language):
    content = {"programme": [{"original_language": language.value}]}

    data = make_workbook(content, language, None)

    book = load_workbook(io.BytesIO(data))
    formulas = [c.value for s in book for row in s for c in row if c.data_type == "f"]
    assert max(map(len, formulas)) < 8192
    assert max(len(text) for f in formulas for text in re.findall(r'"([^"]*)"', f)) <= 255
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert len({name.casefold() for name in book.sheetnames}) == len(SCHEMAS) + 3
