"""The further columns of the annex: which, in which order and words, and on what kind of page."""

from __future__ import annotations

from itertools import permutations

import pages
import pytest
from sheets import check, findings, totals, workbook

from cmswp_xl.documents.annex import cited, content, mandate
from cmswp_xl.documents.texts import MissingText
from cmswp_xl.languages import Language, Words

EN, FR, ES = Language
ALL = "mandates; priority; time-frame; responsible; targets"
ROWS = """
## Activities
| id     | number | area | title         | mandates                      | priority | start_year | end_year | timing | responsible | targets           |
| ICC-01 | '1.1   | ICC  | Train people  | Res. 1 (paras 4–7); Dec. 2    | core     | 2024       | 2026     |        | Team; Panel | SDG 15.5; SDG 17  |
| ICC-02 | '1.2   | ICC  | Print a guide |                               |          | 2025       | 2025     | Later  |             |                   |

## Mandates
| code   | meeting | title  |
| Res. 1 | COP1    | Ways   |
| Dec. 2 | COP2    |        |
| Res. 9 | COP9    | Unused |
"""  # noqa: E501  a table


def columns(asked, more=""):
    return f"## Programme\n| setting | value |\n| annex_columns | {asked} |\n{more}"


def annex(asked=ALL, language=EN, text=ROWS, more=""):
    found, missing = content(totals(workbook(columns(asked, more) + text)), language)
    assert missing == []
    return found


def activities(paper):
    return pages.table(paper, "activities")


@pytest.mark.parametrize("asked", ["; ".join(some) for some in permutations(ALL.split("; "), 2)])
def test_columns__follow_the_title_in_one_order_however_they_are_typed(asked):
    names = ["Mandates", "Priority", "Time frame", "Responsible", "Targets"]
    wanted = [n for n in names if n.casefold().replace(" ", "-") in asked]

    assert pages.heads(activities(annex(asked)))[:4] == ["No.", "Activity", *wanted]


@pytest.mark.parametrize(
    ("language", "heads", "cells"),
    [
        (
            EN,
            ("Mandates", "Priority", "Time frame", "Responsible", "Targets"),
            (
                "Res.\u00a01 (paras\u00a04–7)\nDec.\u00a02",
                "Core",
                "2024–2026",
                "Team and\u00a0Panel",
            ),
        ),
        (
            FR,
            ("Mandats", "Priorité", "Calendrier", "Responsable", "Cibles"),
            (
                "Rés.\u00a01 (par. 4\u00a0à\u00a07)\nDéc.\u00a02",
                "Essentielle",
                "2024-2026",
                "Team et\u00a0Panel",
            ),
        ),
        (
            ES,
            ("Mandatos", "Prioridad", "Calendario", "Responsable", "Metas"),
            (
                "Res.\u00a01 (párrs. 4\u00a0a\u00a07)\nDec.\u00a02",
                "Esencial",
                "2024-2026",
                "Team y\u00a0Panel",
            ),
        ),
    ],
)
def test_cells__are_in_the_words_of_the_language(language, heads, cells):
    table = activities(annex(language=language))
    row = list(pages.row(table, "ICC-01").items())[2:7]

    assert row == [*zip(heads, (*cells, "SDG 15.5\nSDG 17"), strict=True)]
    assert list(pages.row(table, "ICC-02").values())[2:7] == ["", "", "Later", "", ""]


@pytest.mark.parametrize(
    ("text", "language", "printed"),
    [
        ("Res. 11.2", FR, "Rés. 11.2"),
        ("Rés. 11.2", EN, "Res. 11.2"),
        ("Déc. 13.45", ES, "Dec. 13.45"),
        ("para. 9", FR, "par. 9"),
        ("párrs. 2–5", EN, "paras. 2–5"),
        ("paras 2–5 and para. 9", ES, "párrs. 2–5 and párr. 9"),
        ("Resolution 12.3, par exemple", EN, "Resolution 12.3, par exemple"),
    ],
)
def test_abbreviations__are_those_of_the_language(text, language, printed):
    assert cited(text, Words(language)) == printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Res. 11.2", "Rés.~11.2"),
        ("Res. 11-2 (para. 4, 7-9)", "Rés.~11-2 (par.~4, 7~à~9)"),
        ("Dec. 3 (paras 3–4)", "Déc.~3 (par.~3 et~4)"),
        ("Dec. 3 (Annex 2, paras 4–7 and 9-12)", "Déc.~3 (Annex~2, par. 4~à~7 and 9~à~12)"),
    ],
)
def test_places_in_mandates__are_not_parted(text, printed):
    assert mandate(text, Words(FR)) == printed.replace("~", "\u00a0")


@pytest.mark.parametrize(
    ("first", "last", "printed"),
    [
        ("2024", "", "from 2024"),
        ("", "2026", "until 2026"),
        ("2025", "2025", "2025"),
        ("", "", ""),
    ],
)
def test_years__stand_where_no_timing_is_given(first, last, printed):
    text = (
        "## Activities\n| id | number | area | title | start_year | end_year |\n"
        f"| ICC-01 | '1.1 | ICC | Train | {first} | {last} |"
    )

    assert pages.row(activities(annex("time-frame", text=text)), "ICC-01")["Time frame"] == printed


def test_timing_that_the_language_lacks__is_a_missing_text():
    text = ROWS.replace("timing", "timing_en").replace("title ", "title_en ")
    for asked, wanted in (("time-frame", True), ("priority", False)):
        found = content(totals(workbook(columns(asked) + text)), FR)[1]
        assert (MissingText("activities", "ICC-02", "timing_fr") in found) is wanted


def test_sub_total__goes_over_the_columns_before_the_amounts():
    (row,) = [row for row in activities(annex()).rows if row.look == "total"]

    assert row.cells[0].span == 7


def test_mandates__are_listed_with_their_titles_where_their_column_is_printed():
    rows = pages.texts(pages.table(annex("mandates", FR), "mandates"))

    assert rows == [("Rés.\u00a01", "COP1", "Ways"), ("Déc.\u00a02", "COP2", "")]
    assert "mandates" not in pages.tables(annex("priority"))
    assert "mandates" not in pages.tables(annex(""))


def test_mandate_without_its_title_in_the_language__is_a_missing_text():
    text = ROWS.replace("| meeting | title  |", "| meeting | title_en  |")
    found = content(totals(workbook(columns("mandates") + text)), FR)[1]

    assert found == [MissingText("mandates", "Res. 1", "title_fr")]


def whole_period(amount="100"):
    return f"## Costs\n| activity | amount |\n| ICC-01 | {amount} |\n"


@pytest.mark.parametrize(("asked", "landscape"), [("", False), ("priority", False), (ALL, True)])
def test_page__is_upright_where_titles_keep_a_third_of_it(asked, landscape):
    assert annex(asked, text=ROWS + whole_period()).landscape is landscape


def test_years__stay_beside_the_columns_where_there_is_room_for_both():
    assert "2024" in pages.heads(activities(annex("priority")))
    assert "costs-by-year" not in pages.tables(annex("priority"))


def test_years__stand_apart_where_the_columns_take_their_room():
    costs = "## Costs\n| activity | year | amount |\n| ICC-01 | 2024 | 1234567.25 |\n"
    paper = annex(text=ROWS + costs)

    assert "2024" not in pages.heads(activities(paper))
    assert pages.row(activities(paper), "ICC-01")["Cost of the activity"] == "1,234,567.25"
    assert list(pages.row(pages.table(paper, "costs-by-year"), "ICC-01").items()) == [
        *(("No.", "1.1"), ("Activity", "Train people"), ("2024", "1,234,567.25")),
        *(("2025", "–"), ("2026", "–"), ("Total", "1,234,567.25")),
    ]


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("Mandates; time frame", ("mandates", "time-frame")),
        ("priorité; calendrier", ("priority", "time-frame")),
        ("METAS;mandatos;metas", ("targets", "mandates")),
        ("", ()),
    ],
)
def test_setting__takes_words_of_the_three_languages(typed, codes):
    assert check(columns(typed)).programme.settings.annex_columns == codes


def test_word_that_is_not_known__is_an_issue_at_its_cell_with_the_nearest():
    (issue,) = [i for i in check(columns("mandates; priorty")).issues if i.code == "not-in-list"]

    assert findings(columns("mandates; priorty"), "not-in-list") == [
        ("B9", "not-in-list", "programme", "annex_columns", "priorty")
    ]
    assert issue.values["nearest"] == "priority"
