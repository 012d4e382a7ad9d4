"""The workbook as written: sheets, tables, drop-downs, marks, and what reads back from it."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import count, groupby

import pytest
from lxml import etree
from made_books import SCHEMAS, check, made
from openpyxl import load_workbook
from packages import MAIN, WORKBOOK, unpacked

from cmswp_xl.cells import AsTyped
from cmswp_xl.languages import CARRIED, OWN, WORDS, Language, Words
from cmswp_xl.make import (
    ROOM,
    make_workbook,
    needs_totals,
)
from cmswp_xl.make.book import EMPTY, TABS, Result, lines
from cmswp_xl.make.lists import MESSAGE_ROOM, TITLE_ROOM, shortened
from cmswp_xl.matching import own_sheets
from cmswp_xl.messages.labels import KINDS
from cmswp_xl.samples import read_sample
from cmswp_xl.schema import REVIEW_TABLES, seldom_groups
from cmswp_xl.tables import comparable
from cmswp_xl.translated import SHEET
from cmswp_xl.xlsx import open_workbook

TABLES = [schema for schema in SCHEMAS.values() if not schema.form]


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
    names = (*OWN, WORDS, CARRIED)

    for lang in Language:
        assert own_sheets(lang) == {SHEET, *(comparable(Words(lang)(name)) for name in names)}


def test_sheets__stand_in_order_and_the_first_is_open(book):
    titles = [schema.titles[Language.EN] for schema in SCHEMAS.values()]

    assert book.sheetnames == ["Start", *titles, "Summary", "Checks", "Words", SHEET]
    assert book.active.title == "Start"
    assert {book[name].sheet_state for name in ("Words", SHEET)} == {"hidden"}


def test_tabs__have_one_colour_by_group(book):
    groups = {"Start": "set-up", "Summary": "outcome", "Checks": "outcome"}
    groups |= {schema.titles[Language.EN]: schema.tab for schema in SCHEMAS.values()}

    shown = [sheet for sheet in book if sheet.title not in ("Words", SHEET)]
    found = {sheet.title: sheet.sheet_properties.tabColor.rgb for sheet in shown}

    assert found == {name: f"FF{TABS[group][0][1:]}" for name, group in groups.items()}
    assert len({colour for colour, _ in TABS.values()}) == len(TABS) == 6


def test_groups_of_tabs__stand_together():
    groups = [group for group, _ in groupby(schema.tab for schema in SCHEMAS.values())]

    assert [*groups, "outcome"] == list(TABS)


def test_legend__names_the_sheets_of_each_colour(book):
    start = book["Start"]
    rows = {start.cell(row, 2).value: row for row in range(1, start.max_row + 1)}

    for colour, words in TABS.values():
        sample = start.cell(rows[words], 2)
        sheets = start.cell(rows[words], 3).value.removeprefix("Tabs of this colour: ").split(", ")
        tabs = {book[name].sheet_properties.tabColor.rgb for name in sheets}
        assert {sample.fill.fgColor.rgb} == tabs == {f"FF{colour[1:]}"}


SELDOM = {
    "Post funding": "post-funding",
    "Scenarios": "scenarios",
    "Rates": "rates",
    **{SCHEMAS[name].titles[Language.EN]: "review" for name in REVIEW_TABLES},
    "Comments": "comments",
    "Approvals": "approvals",
}


def seldom_without(group):
    """Give the sheets that are seldom needed, but for those of a group."""
    return [sheet for sheet, own in SELDOM.items() if own != group]


def unseen(data):
    """Give the hidden sheets of tables of a workbook; it never opens on one of them."""
    files = unpacked(data)
    book = etree.fromstring(files[WORKBOOK])
    sheets = [(sheet.get("name"), sheet.get("state")) for sheet in book.iter(f"{{{MAIN}}}sheet")]
    active = book.find(f".//{{{MAIN}}}workbookView").get("activeTab", "0")
    assert sheets[int(active)][1] is sheets[0][1] is None
    relations = (files.get(f"xl/worksheets/_rels/sheet{n}.xml.rels", b"") for n in count(1))
    return [
        name
        for (name, state), found in zip(sheets, relations, strict=False)
        if state and b"relationships/table" in found
    ]


def test_empty_workbook__hides_what_is_seldom_needed():
    assert seldom_groups() == tuple(dict.fromkeys(SELDOM.values()))
    assert unseen(make_workbook({}, Language.EN, None)) == list(SELDOM)


@pytest.mark.parametrize("group", seldom_groups())
def test_sheets_asked_for__are_shown_though_empty(group):
    data = make_workbook({}, Language.EN, None, shown=[group])

    assert unseen(data) == seldom_without(group)


def test_example__shows_every_sheet_but_that_of_approvals(example):
    assert unseen(example[0]) == ["Approvals"]


@pytest.mark.parametrize("name", [schema.name for schema in TABLES if schema.seldom])
def test_sheet_with_a_row__is_shown_with_its_group(name):
    content = {name: [{}]}

    data = make_workbook(content, Language.EN, None, calculated=False)

    assert unseen(data) == seldom_without(SCHEMAS[name].seldom)


def test_sheet_with_cells_below_its_table__is_shown():
    below = {"comments": [(1, "text", AsTyped("late"))]}

    data = make_workbook({}, Language.EN, None, calculated=False, below=below)

    assert "Comments" not in unseen(data)


@pytest.mark.parametrize("language", Language)
def test_hidden_sheet__has_no_fault(language):
    """Weights are missed once there are requests, on a sheet that is then empty."""
    content = {"requests": [{"id": "REQ-1"}]}
    data = make_workbook(content, language, None, calculated=False)
    names = {SCHEMAS[name].titles[language] for name in REVIEW_TABLES}

    assert not names & set(unseen(data))


@pytest.mark.parametrize("language", Language)
def test_start__leads_to_every_sheet_and_says_how_to_show_the_hidden_ones(language):
    start = load_workbook(io.BytesIO(make_workbook({}, language, None))).worksheets[0]
    column = [start.cell(row, 2).value for row in range(1, start.max_row + 1)]
    seldom = [s.titles[language] for s in TABLES if s.seldom]
    shown = [s.titles[language] for s in SCHEMAS.values() if not s.seldom]

    first, *_, last = (column.index(name) for name in seldom)
    how = column[first - 1]

    assert column[first : last + 1] == seldom
    assert {"en": "Unhide", "fr": "Afficher", "es": "Mostrar"}[language.value] in how
    assert "LibreOffice" in how
    assert max(column.index(name) for name in shown) < first
    links = [start.cell(row, 2).hyperlink for row in range(first + 1, last + 2)]
    assert [link.location for link in links] == [f"'{name}'!A1" for name in seldom]


def test_texts_alone__need_no_totals():
    texts = [{"document": "cover", "paragraph": 1, "kind": "heading", "text_en": "One"}]

    data = make_workbook({"texts": texts}, Language.EN, None)

    assert load_workbook(io.BytesIO(data))["Texts"]["A6"].value == "meeting document"
    assert not needs_totals({"texts": texts, "programme": [{}]})
    assert needs_totals({"areas": [{}]})


@pytest.mark.parametrize("schema", TABLES, ids=lambda schema: schema.name)
def test_table__has_its_titles_formulas_and_frozen_header(book, schema):
    sheet = book[schema.titles[Language.EN]]
    table = sheet.tables[schema.table]

    names = [column.name for column in table.tableColumns]
    calculated = [c.name for c in table.tableColumns if c.calculatedColumnFormula is not None]

    assert names == [item.titles[Language.EN] for item in schema.fields]
    assert [cell.value for cell in sheet[5]][: len(names)] == names
    assert calculated == [item.titles[Language.EN] for item in schema.fields if item.computed]
    assert sheet.freeze_panes in ("B6", "C6", "D6", "H6")
    assert sheet.print_title_rows == "$4:$5"
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
            assert rule.allowBlank != item.required
            assert rule.showErrorMessage
        if item.enum:
            assert rule.errorStyle == "information"
            assert rule.allowBlank is not item.required
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
    assert columns[letters["cost"]].collapsed


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

    for sheet in (sheet for sheet in book if sheet.sheet_state == "visible"):
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

    assert columns["D"].number_format == f"#,##0.00{ROOM}"
    assert columns["A"].number_format == "@"
    assert book["Programme"]["B22"].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("schema", TABLES, ids=lambda schema: schema.name)
def test_texts_for_numbers__are_marked_and_no_alignment_hides_them(book, schema):
    sheet = book[schema.titles[Language.EN]]
    marked = {
        str(ranges.sqref): rule.formula
        for ranges in sheet.conditional_formatting
        for rule in ranges.rules
        if rule.type == "expression" and "ISTEXT" in rule.formula[0]
    }

    for cell, item in zip(sheet[5], schema.fields, strict=False):
        if item.type != "string" and not item.computed:
            letter = cell.column_letter
            assert marked.pop(f"{letter}6:{letter}1048576") == [f"ISTEXT({letter}6)"]
            assert sheet[f"{letter}6"].alignment.horizontal is None
    assert not marked


def test_statuses__are_marked_by_more_than_colour(book):
    rules = [
        rule
        for ranges in book["Activities"].conditional_formatting
        for rule in ranges.rules
        if rule.type == "cellIs"
    ]

    signs = {rule.dxf.numFmt.formatCode for rule in rules}

    assert {rule.formula[0].strip('"') for rule in rules} == set(KINDS["funding-status"].values())
    assert len(signs) == len(rules)


def test_summary__has_four_titled_charts_of_which_those_of_amounts_have_titled_axes(parts):
    charts = [part for name, part in parts.items() if name.startswith("xl/charts/chart")]

    assert [part.count("<c:title>") for part in charts] == [3, 3, 1, 1]
    assert ["<c:dLbls>" in part for part in charts] == [False, False, True, True]


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
    assert len({name.casefold() for name in book.sheetnames}) == len(SCHEMAS) + 4


@pytest.mark.parametrize(
    ("language", "least", "most"),
    [
        (Language.EN, "0.000001", "1,000,000,000,000"),
        (Language.FR, "0,000001", "1\u00a0000\u00a0000\u00a0000\u00a0000"),
        (Language.ES, "0,000001", "1\u00a0000\u00a0000\u00a0000\u00a0000"),
    ],
)
def test_numbers_in_the_messages_of_cells__are_written_as_in_the_language(language, least, most):
    book = load_workbook(io.BytesIO(make_workbook({}, language, None)))
    rules = [rule for sheet in book for rule in sheet.data_validations.dataValidation]
    said = {rule.error for rule in rules if rule.error}
    assert any(f" {least} " in text for text in said)
    assert any(f" {most}," in text for text in said)
    assert not any("1000000" in text for text in said)
    assert {"1000000000000", "0.000001"} <= {rule.formula1 for rule in rules} | {
        rule.formula2 for rule in rules
    }
    assert any(" 1900 " in text for text in said)
