"""The formula templates: references in each language, and only functions that work everywhere."""

from __future__ import annotations

import re

import pytest

from cmswp_xl.figures.computed import _BY_PLACE, _FIGURES
from cmswp_xl.figures.declarations import COMBINATIONS, DECLARED
from cmswp_xl.languages import Language, Words
from cmswp_xl.make.formulas import (
    FIGURES,
    References,
    combination,
    counted,
    in_scenario,
    matched,
    same,
    summed,
)
from cmswp_xl.schema import ENTRY, sheet_schemas

SCHEMAS = sheet_schemas()
COMPUTED = [(s.name, f) for s in SCHEMAS.values() for f in s.fields if f.computed]
FUNCTIONS = {
    *("AGGREGATE", "AND", "CHOOSE", "COUNT", "COUNTIFS", "EXACT", "FIND", "IF", "IFERROR"),
    *("INDEX",),
    *("INT", "ISNUMBER", "LEFT", "LEN", "LOOKUP", "LOWER", "MATCH", "MAX", "MID", "OR", "ROUND"),
    *("ROW", "SUBSTITUTE", "SUM", "SUMIFS"),
    *("ISERROR", "REPT", "RIGHT", "SUMPRODUCT", "TEXT", "TRIM", "VALUE"),
}
NUMBERS = ("row", "activity_year", "counted_as")
"""How the names of the columns end that sums go by."""


def test_every_figure_of_the_program_has_a_formula():
    named = {(name, field.figure) for name, field in COMPUTED if field.figure}
    declared = {("activities", name) for name in DECLARED}

    assert set(FIGURES) == named - {("activities", name) for name in COMBINATIONS}
    of_rows = {key for key in named if key[0] == ENTRY}
    assert {key for key in named - declared - of_rows if key[1] not in _BY_PLACE} == set(_FIGURES)


def test_figure_made_of_others__has_the_formula_that_its_declaration_says():
    known = {name: combination(COMBINATIONS[name]) for name in ("available", "surplus", "balance")}

    assert known == {
        "available": (
            '=IF(COUNT({@core},{@voluntary},{@other})=0,"",'
            "ROUND(SUM({@core},{@voluntary},{@other}),2))"
        ),
        "surplus": (
            '=IF({@cost}="","",MAX(ROUND(SUM({@core},{@voluntary},{@other})-{@cost},2),0))'
        ),
        "balance": '=IF(OR({@available}="",{@spent}=""),"",ROUND({@available}-{@spent},2))',
    }
    with pytest.raises(KeyError):
        combination(COMBINATIONS["uncosted"])


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("table", "field"), COMPUTED, ids=lambda x: getattr(x, "name", x))
def test_formula__names_columns_that_exist_in_the_language(table, field, language):
    formula = References(SCHEMAS, Words(language)).figure(table, field)
    titles = {
        (schema.table, item.titles[language])
        for schema in SCHEMAS.values()
        for item in schema.fields
    }

    used = re.findall(r"([A-Z]\w+)\[(?:\[#[\w ]+\],\[)?([^\[\]]+)\]", formula)

    assert used
    assert set(used) <= titles
    assert "{" not in re.sub(r'\{["0-9][^{}]*\}', "", formula)
    assert formula.count("(") == formula.count(")")


@pytest.mark.parametrize(("table", "field"), COMPUTED, ids=lambda x: getattr(x, "name", x))
def test_formula__uses_only_functions_that_excel_has_had_for_long(table, field):
    formula = References(SCHEMAS, Words(Language.EN)).figure(table, field)

    assert set(re.findall(r"([A-Z][A-Z0-9.]+)\(", formula)) <= FUNCTIONS


@pytest.mark.parametrize(("table", "field"), COMPUTED, ids=lambda x: getattr(x, "name", x))
def test_sums__go_by_numbers_that_formulas_made_and_never_by_typed_text(table, field):
    titles = {
        item.titles[Language.EN]
        for schema in SCHEMAS.values()
        for item in schema.fields
        if item.computed and item.name.endswith((*NUMBERS, "counted"))
    }
    formula = References(SCHEMAS, Words(Language.EN)).figure(table, field)

    ends = r"\)[,-=<>+]|\)$|,2"
    for first, rest in re.findall(rf"(?:SUM|COUNT)IFS\(([^,]+),(.+?)(?={ends})", formula):
        columns = re.findall(r"[A-Z]\w+\[([^\[\]]+)\]", rest)
        assert first.startswith(("Costs", "Funding", "Allocations", "PostFunding"))
        assert columns
        assert set(columns) <= titles


def test_references__escape_what_structured_references_reserve():
    field = SCHEMAS["areas"].field("code")
    odd = {**field.titles, Language.EN: "No. [#] 'x'"}
    schema = type(SCHEMAS["areas"])
    area = SCHEMAS["areas"]
    changed = schema(
        area.name,
        area.table,
        area.titles,
        area.help,
        area.presence,
        area.tab,
        (type(field)("code", "string", odd, field.help),),
    )

    references = References({"areas": changed}, Words(Language.EN))

    assert references.column("areas", "code") == "Areas[No. '['#'] ''x'']"
    assert references.column("areas", "code", "Headers") == "Areas[[#Headers],[No. '['#'] ''x'']]"


def test_fill__takes_columns_headers_and_cells_of_the_row():
    references = References(SCHEMAS, Words(Language.FR))

    filled = references.fill('{costs.amount}|{costs.amount#}|{@amount}|{"x"}', "costs")

    assert filled == (
        'Costs[Montant]|Costs[[#Headers],[Montant]]|Costs[[#This Row],[Montant]]|{"x"}'
    )


def test_keys__are_compared_without_case_and_outer_spaces():
    assert same("A1", "B1") == "EXACT(LOWER(TRIM(A1)),LOWER(TRIM(B1)))"


def test_sums__give_amounts_an_argument_of_their_own_so_that_texts_count_as_nothing():
    assert summed("T[x]", "(a)", "(b)") == "ROUND(SUMPRODUCT(--(a),--(b),T[x]),2)"
    assert counted("(a)") == "SUMPRODUCT(--(a))"


def test_scenario__blank_rows_count_in_every_one():
    assert in_scenario("T[s]").startswith('((TRIM(T[s])="")+EXACT(')


def test_matched__takes_wildcards_literally_on_both_sides():
    formula = matched("A1", "T[k]")

    assert formula.count('"*","¦2"') == 1


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=lambda schema: schema.name)
def test_hidden_columns__are_calculated_and_stand_last(schema):
    hidden = [item.hidden for item in schema.fields]

    assert all(item.computed for item in schema.fields if item.hidden)
    assert hidden == sorted(hidden)


def test_tables_that_others_show_titles_of__have_a_key_that_is_looked_up():
    for table, field in COMPUTED:
        name = field.title_of or field.row_of
        if name:
            target = SCHEMAS[SCHEMAS[table].field(name).reference.table]
            assert target.field("key").key_of == target.primary_key[0]
