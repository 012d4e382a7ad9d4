"""Arguments that are tables: their shape, and which table they are."""

from __future__ import annotations

import pytest

from cmswp_xl.errors import Misuse
from cmswp_xl.excel.ranges import GivenTables, matrix, one_table, one_value, raw_table, tables_like
from cmswp_xl.languages import Language
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import Knowledge

SCHEMAS = load_schemas()


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        (None, ((None,),)),
        ("", ((None,),)),
        (5.0, ((5.0,),)),
        ([], ((None,),)),
        ([[]], ((None,),)),
        (["a", "b"], (("a", "b"),)),
        ((("a",), ("b",)), (("a",), ("b",))),
        ([["a", "b"], ["c"], "d"], (("a", "b"), ("c", None), ("d", None))),
    ],
)
def test_arguments__become_rows_of_one_length(value, rows):
    assert matrix(value, "table").rows == rows


def test_truths__do_not_equal_numbers():
    assert matrix([[1, 0]], "table") != matrix([[True, False]], "table")
    assert matrix([[1, 0]], "table") == matrix([[1.0, 0.0]], "table")


def test_single_values__are_one_cell():
    assert one_value([["fr"]], "language") == "fr"
    with pytest.raises(Misuse, match="not-one"):
        one_value([["fr", "en"]], "language")
    with pytest.raises(Misuse, match="error-cell"):
        one_value("#N/A", "language")


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", SCHEMAS)
def test_every_table__is_known_by_its_headings(name, language):
    schema = SCHEMAS[name]
    titles = [titles[language] for titles in schema.form_titles or ()]
    titles = titles or [field.titles[language] for field in schema.fields]
    assert tables_like(tuple(titles)) == {name}
    if schema.form:
        return
    required = [field.titles[language] for field in schema.fields if field.required]
    assert name in tables_like(tuple(required))


def test_other_headings__are_of_no_table():
    assert tables_like(("x", None, 3.0)) == frozenset()
    with pytest.raises(Misuse, match="no-table"):
        one_table(matrix([["Activity"], ["A-1"]], "table"))


def test_given_tables__know_values_only():
    table = raw_table(matrix([["Activity", "Amount"], ["A", 1.0]], "costs"), "costs", 2)
    assert (table.name, table.sheet_index, table.rows) == ("Costs", 2, [(2, ("A", 1.0))])
    source = GivenTables([table])
    assert source.knows is Knowledge.VALUES
    assert not source.sheet_names()
