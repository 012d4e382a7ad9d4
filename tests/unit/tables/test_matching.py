"""Tables set against the schemas: by name and by title, in any of the three languages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import Book, check, findings, places, programme, workbook

from cmswp_xl.cells import address, boundaries, column_letters, position
from cmswp_xl.issues import Severity
from cmswp_xl.languages import Language
from cmswp_xl.matching import match_tables
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import comparable, is_blank


@pytest.mark.parametrize("language", list(Language))
def test_workbook__is_read_alike_in_each_language(language):
    assert programme(workbook(language=language)) == programme(workbook())


def test_titles_of_three_languages__may_be_mixed_in_one_table():
    assert (
        programme("""
    ## Areas
    | Area code | Titre (anglais) | Título (francés) | Title (Spanish) |
    | ICC       | One             | Un               | Uno             |
    """)
        .areas[0]
        .title.fr
        == "Un"
    )


@pytest.mark.parametrize(
    "header",
    [
        "area CODE",
        '"  Area  code "',
        '"Area\\u00a0code"',
        '"Area\\ncode"',
        '"Area\\u200b code"',
        '"\\uff21rea code"',
        "CODE DU DOMAINE",
        '"co\\u0301digo del a\\u0301rea"',
    ],
)
def test_header__is_known_in_other_letters_and_spaces(header):
    assert (
        findings(f"""
    ## Areas
    | {header} | title |
    | ICC      | One   |
    """)
        == []
    )


def test_header_with_either_apostrophe__is_the_same():
    assert (
        findings(
            """
    ## Costs
    | Activity | Dépenses d'appui au programme | Montant |
    | ICC-01   | included                      | 1       |
    """
        )
        == []
    )


@pytest.mark.parametrize(
    ("headers", "cell"),
    [
        ("| Area code | Titre (anglais) | Title (English) | title_fr | title_es |", "C1"),
        ("| Area code | Title (English) | title (english) | title_fr | title_es |", "C1"),
    ],
)
def test_column_that_is_there_twice__is_an_error_at_the_second_header(headers, cell):
    found = findings(f"""
    ## Areas
    {headers}
    | ICC | One | Two | Un | Uno |
    """)

    assert [item[:4] for item in found] == [(cell, "duplicate-column", "areas", "title_en")]


def test_column_of_ones_own__is_mentioned_and_does_no_harm():
    checked = check("""
    ## Areas
    | code | My notes | title |
    | ICC  | TRUE     | One   |
    """)

    assert [(i.cell, i.code, i.table, i.column, i.value, i.severity) for i in checked.issues] == [
        ("B1", "unknown-column", "areas", None, "My notes", Severity.INFO)
    ]
    assert checked.programme is not None


@pytest.mark.parametrize(("content", "expected"), [("x", ["C1"]), ("", [])])
def test_column_without_header__is_mentioned_only_where_it_holds_something(content, expected):
    found = findings(f"""
    ## Sources
    | code | kind | "" | title |
    | CORE | core | {content} | One   |
    """)

    assert [item[0] for item in found if item[1] == "unknown-column"] == expected


def test_header_that_is_a_number__is_an_unknown_column():
    book = workbook()
    areas = book.sheets[1]
    book = replace(
        book,
        sheets=(
            book.sheets[0],
            replace(areas, headers=(*areas.headers[:3], 2024)),
            *book.sheets[2:],
        ),
    )

    found = findings(book)
    assert ("D1", "unknown-column", "areas", None, "2024") in found


def test_column_that_is_required__is_missing_at_the_first_header():
    assert findings("""
    ## Costs
    | activity | year |
    | ICC-01   | 2024 |
    """) == [("A1", "missing-column", "costs", "amount", None)]


def test_columns_that_are_optional__read_as_blanks():
    (activity,) = programme("""
    ## Activities
    | id     | number | area | mandates | title |
    | ICC-01 | '1.1   | ICC  | Res. 1   | Train |
    """).activities

    assert (activity.priority, activity.costing, activity.targets, activity.staff_days) == (
        None,
        "complete",
        (),
        None,
    )


@pytest.mark.parametrize("table", ["Areas", "Activities", "Sources"])
def test_table_that_must_be_there__is_missing_without_a_cell(table):
    found = check("", without=[table, "Costs", "Funding"]).issues

    missing = [issue for issue in found if issue.code == "missing-table"]
    assert [(i.sheet, i.cell, i.table, i.column) for i in missing] == [
        ("", None, table.lower(), None)
    ]


def test_programme_without_its_form__is_missing():
    checked = check("", without=["Programme"])

    assert ("", None, "missing-table") in places(checked.issues)
    assert checked.programme is None


@pytest.mark.parametrize("table", ["Costs", "Funding"])
def test_table_that_is_optional__may_be_absent(table):
    assert findings("", without=[table]) == []


def test_tables_that_must_be_there__may_have_no_rows():
    found = programme("""
    ## Areas
    | code | title |

    ## Activities
    | id | number | area | title |

    ## Sources
    | code | kind | title |

    ## Costs
    | activity | amount |

    ## Funding
    | activity | source | stage | amount |
    """)

    assert (found.areas, found.activities, found.sources) == ((), (), ())


def test_table_and_sheet_that_are_not_ours__are_mentioned():
    book = workbook("""
    ## Telephones @ My list
    | name | number |
    | Ann  | 12     |
    """)
    source = _with_sheet(book, "Scratch")
    tables, found = match_tables(source, load_schemas(), [lambda _: {"start"}])

    assert [(i.sheet, i.cell, i.code, i.severity) for i in found] == [
        ("My list", "A1", "unknown-table", Severity.INFO),
        ("Scratch", None, "unknown-sheet", Severity.INFO),
    ]
    assert "telephones" not in tables.by_name


def _with_sheet(book, name):
    class WithSheet(Book):
        def sheet_names(self):
            return [*Book.sheet_names(self), name, "Start"]

    return WithSheet(book.sheets)


def test_table_on_a_sheet_with_another_name__is_found_by_its_own():
    assert (
        findings("""
    ## Areas @ Our five areas
    | code | title |
    | ICC  | One   |
    """)
        == []
    )


def test_table_that_is_there_twice__is_an_error():
    book = workbook()
    again = replace(book, sheets=(*book.sheets, replace(book.sheets[1], name="Copy")))

    assert [(i.sheet, i.cell, i.code, i.severity) for i in check(again).issues] == [
        ("Copy", "A1", "duplicate-table", Severity.ERROR)
    ]


def test_rows_without_any_value_of_a_person__are_no_rows():
    found = programme("""
    ## Costs
    | activity | Activity title | amount |
    | ICC-01   | = Train people | 1      |
    |          | = ""           |        |
    |          | = 5            | " "    |
    |          | =              |        |
    | ICC-01   |                | 2      |
    """)

    assert [line.amount for line in found.costs] == [1, 2]


def test_issue_after_blank_rows__stands_at_its_own_cell():
    assert findings("""
    ## Costs
    | activity | amount |
    | ICC-01   | 1      |
    |          |        |
    |          |        |
    | ICC-01   | -1     |
    """) == [("B5", "out-of-range", "costs", "amount", "-1")]


# The form.


def test_setting_of_ones_own__is_mentioned():
    assert findings("""
    ## Programme
    | setting  | value |
    | Weather  | fine  |
    """) == [("A9", "unknown-column", "programme", None, "Weather")]


def test_setting_that_is_there_twice__is_an_error_at_its_name():
    assert findings("""
    ## Programme
    | setting | value |
    | MONNAIE | CHF   |
    """) == [("A9", "duplicate-column", "programme", "currency", "MONNAIE")]


def test_form_without_its_column_of_values__cannot_be_read():
    checked = check("""
    ## Programme
    | setting  | Something |
    | currency | EUR       |
    """)

    codes = [(i.cell, i.code, i.table) for i in checked.issues]
    assert ("A1", "missing-column", "programme") in codes
    assert checked.programme is None


def test_value_without_a_setting__is_mentioned():
    book = workbook()
    form = book.sheets[0]
    lines = (*form.rows, (replace(form.rows[0][0], value=None), form.rows[0][1]))
    book = replace(book, sheets=(replace(form, rows=lines), *book.sheets[1:]))

    assert [item[:3] for item in findings(book)] == [("A9", "unknown-column", "programme")]


def test_setting_that_is_absent__takes_its_default():
    settings = programme().settings

    assert (settings.status, settings.illustrative, settings.number_style) == (
        "draft",
        False,
        "locale",
    )
    assert (settings.scenario, settings.support_cost_rate, settings.as_at) == (None, None, None)


# Comparing and addressing.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  A\u00a0 b ", "a b"),
        ("\u200bICC\ufeff-01", "icc-01"),
        ("STRASSE", comparable("stra\u00dfe")),
        ("E\u0301", "\u00e9"),
        ("\ufb01n", "fin"),
        ("d\u2019appui", "d'appui"),
        ("A\nB\tC", "a b c"),
        ("", ""),
    ],
)
def test_comparable_form(text, expected):
    assert comparable(text) == expected


@given(st.text())
def test_comparable_form__is_its_own(text):
    once = comparable(text)

    assert comparable(once) == once


@given(st.text(st.sampled_from("aB 1-.\t\n\r")))
def test_comparable_form__is_the_same_with_and_without_an_invisible_character(text):
    assert comparable(text) == comparable(text + "\u200b")


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "\u200b\ufeff", "\t\r\n", None])
def test_what_cannot_be_seen__is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("value", [0, False, "0", "-", 0.0])
def test_zero__is_not_blank(value):
    assert not is_blank(value)


@given(st.integers(1, 1048576), st.integers(1, 16384))
def test_address__leads_back_to_its_place(row, column):
    assert position(address(row, column)) == (row, column)


@pytest.mark.parametrize(
    ("column", "letters"),
    [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")],
)
def test_letters_of_a_column(column, letters):
    assert column_letters(column) == letters


@pytest.mark.parametrize(
    "text", ["", "A", "1", "A0", "XFE1", "A1048577", "A1:B2", "R1C1", "A-1", " A1"]
)
def test_text_that_is_no_address__is_refused(text):
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        position(text)


def test_range__is_four_corners():
    assert boundaries("$A$5:K20") == (5, 1, 20, 11)
    assert boundaries("B2") == (2, 2, 2, 2)
