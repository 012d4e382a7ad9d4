"""The formula templates: references in each language, and only functions that work everywhere."""

from __future__ import annotations

import re

import pytest

from cmswp_xl.computed import _FIGURES as VALUES
from cmswp_xl.languages import Language
from cmswp_xl.make.formulas import FIGURES, References, counted, in_scenario, matched, same, summed
from cmswp_xl.schema import load_schemas

SCHEMAS = load_schemas()
COMPUTED = [(s.name, f) for s in SCHEMAS.values() for f in s.fields if f.computed]
FUNCTIONS = {
    *("AND", "COUNT", "EXACT", "IF", "IFERROR", "INDEX", "ISNUMBER", "LOOKUP", "LOWER", "MATCH"),
    *("MAX", "OR", "ROUND", "ROW", "SUM", "SUMPRODUCT", "TEXT", "TRIM"),
}


def test_every_figure_of_the_program_has_a_formula():
    assert set(FIGURES) == set(VALUES)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("table", "field"), COMPUTED, ids=lambda x: getattr(x, "name", x))
def test_formula__names_columns_that_exist_in_the_language(table, field, language):
    formula = References(SCHEMAS, language).figure(table, field)
    titles = {
        (schema.table, item.titles[language])
        for schema in SCHEMAS.values()
        for item in schema.fields
    }

    used = re.findall(r"([A-Z]\w+)\[(?:\[#[\w ]+\],\[)?([^\[\]]+)\]", formula)

    assert used
    assert set(used) <= titles
    assert "{" not in formula.replace('{""}', "")
    assert formula.count("(") == formula.count(")")


@pytest.mark.parametrize(("table", "field"), COMPUTED, ids=lambda x: getattr(x, "name", x))
def test_formula__uses_only_functions_of_old_excel_and_never_wildcard_ones(table, field):
    formula = References(SCHEMAS, Language.EN).figure(table, field)

    assert set(re.findall(r"([A-Z][A-Z0-9.]+)\(", formula)) <= FUNCTIONS


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
        (type(field)("code", "string", odd, field.help),),
    )

    references = References({"areas": changed}, Language.EN)

    assert references.column("areas", "code") == "Areas[No. '['#'] ''x'']"
    assert references.header("areas", "code") == "Areas[[#Headers],[No. '['#'] ''x'']]"


def test_fill__takes_columns_headers_and_cells_of_the_row():
    references = References(SCHEMAS, Language.FR)

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

    assert formula.count('"*","¦2"') == 2
