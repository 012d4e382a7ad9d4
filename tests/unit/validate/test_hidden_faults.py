"""Faults that a reader of the sheet does not see: hidden characters, repeats, copies, strikes."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from sheets import about, check, findings, workbook

from cmswp_xl.issues import Severity, has_errors
from cmswp_xl.matching import match_tables
from cmswp_xl.schema import load_schemas
from cmswp_xl.validate import check_tables
from cmswp_xl.xlsx import open_workbook

INVISIBLE = (
    *("\u00a0", "\u00ad", "\u034f", "\u200b", "\u200d", "\u200e", "\u202a", "\u202f", "\u2007"),
    *("\u2060", "\u2063", "\u3000", "\u3164", "\ufe0f", "\ufeff", "\t", "\n", "\r", "\u2028"),
)


@pytest.mark.parametrize("character", INVISIBLE, ids=lambda c: f"U+{ord(c):04X}")
@pytest.mark.parametrize("code", ["ICC-01{}", "{}ICC-01", "ICC{}-01"])
def test_character_that_cannot_be_seen__is_an_error_at_the_code_and_nowhere_else(character, code):
    value = code.format(character)
    found = check_text(value)

    assert [(i.cell, i.code, i.severity) for i in found] == [
        ("A2", "invisible-character", Severity.ERROR)
    ]
    assert [(h.character, h.position) for h in found[0].values["hidden"]] == [
        (character, value.index(character) + 1)
    ]


@pytest.mark.parametrize("code", ["ICC-01\x07", "ICC\x00-01", "\x07", "ICC-01\ufffe"])
def test_code_with_a_character_that_no_document_can_hold__is_unreadable(code):
    assert [(i.cell, i.code) for i in check_text(code)] == [("A2", "unreadable-text")]


def check_text(value):
    """Check one cost whose activity is a text; JSON keeps it apart from the table's own marks."""
    escaped = "".join(c if c.isascii() and c.isprintable() else f"\\u{ord(c):04x}" for c in value)
    return check(f"""
    ## Costs
    | activity    | amount |
    | "{escaped}" | 1      |
    """).issues


@pytest.mark.parametrize(
    ("code", "like"),
    [
        ("\u0406CC-01", "I"),  # Cyrillic
        ("I\u0421C-01", "C"),
        ("\u0399CC-01", "I"),  # Greek
        ("ICC-\uff101", "0"),  # full width
        ("ICC\u201101", "-"),  # no-break hyphen
        ("ICC\u221201", "-"),  # minus
        ("\U0001d408CC-01", "I"),  # mathematical
    ],
)
def test_character_that_looks_like_a_plain_one__is_named_with_it(code, like):
    book = workbook('## Costs\n| activity | amount |\n| "\u0000" | 1 |'.replace("\u0000", code))
    (found,) = check(book).issues

    assert (found.cell, found.code) == ("A2", "invisible-character")
    (hidden,) = found.values["hidden"]
    assert (hidden.like, code[hidden.position - 1]) == (like, hidden.character)


def test_key_with_a_hidden_character__leaves_what_refers_to_it_sound():
    found = findings("""
    ## Activities
    | id              | number | area           | title | mandates |
    | "ICC-01\\u200b" | '1.1   | "ICC\\u00a0"   | A     | Res. 1   |

    ## Costs
    | activity | amount | scenario     | category        |
    | ICC-01   | 1      | "\\ufeff"    | "travel\\u00a0" |
    """)

    assert [item[:2] for item in found] == [
        ("A2", "invisible-character"),
        ("C2", "invisible-character"),
        ("C2", "invisible-character"),
        ("D2", "invisible-character"),
    ]


@pytest.mark.parametrize(
    ("mandates", "expected"),
    [
        ("Res. 1 (paras 4\\u00a0\\u20137)", []),
        ("Res. 1\\nRes. 1", []),
        ("Res.\\u00a01 (paras 4)", ["invisible-character"]),
        ("Res. 1; \\u200bRes. 1", ["invisible-character"]),
    ],
)
def test_list_of_codes__is_looked_through_but_for_its_locators(mandates, expected):
    found = findings(f"""
    ## Activities
    | id     | number | area | title | mandates     |
    | ICC-01 | '1.1   | ICC  | A     | "{mandates}" |
    """)

    assert [item[1] for item in found] == expected


def test_text_that_is_no_code__may_have_any_space():
    assert not findings(
        """
    ## Activities
    | id     | number | area | title          | mandates |
    | ICC-01 | '1.1   | ICC  | "10\\u00a0km²" | Res. 1   |
    """,
        "invisible-character",
    )


FUND = "| ICC-01 | 2024 | VOL | received | 5 | A1 |"


@pytest.mark.parametrize(
    ("second", "same"),
    [
        (FUND, True),
        ("| icc-01 | 2024 | vol | received | 5.00 | a1 |", True),
        ("| ICC-01 | 2024 | VOL | received | 6 | A1 |", False),
        ("| ICC-01 | 2024 | VOL | received | 5 | A2 |", False),
        ("| ICC-01 | 2024 | VOL | received | 5 | |", False),
        ("| ICC-01 | 2024 | VOL | received | x | A1 |", False),
    ],
)
def test_contribution_that_is_repeated__is_a_warning_that_names_both_rows(second, same):
    issues = check(f"""
    ## Funding
    | activity | year | source | stage | amount | reference |
    {FUND}
    | ICC-01 | 2025 | VOL | received | 5 | A1 |
    {second}
    """).issues
    found = about(issues, "duplicate-row")

    assert [(i.cell, i.values["row"], i.values["number"]) for i in found] == (
        [("E4", 2, 4)] if same else []
    )
    assert all(issue.severity is Severity.WARNING for issue in found)


def test_cost_that_is_repeated_twice__is_two_warnings_and_a_default_is_a_blank():
    found = findings(
        """
    ## Costs
    | activity | support_cost | amount | note |
    | ICC-01   |              | 5      | a    |
    | ICC-01   | included     | 5      | a    |
    | ICC-01   |              | 5      | b    |
    | ICC-01   |              | 5      | A    |
    """,
        "duplicate-row",
    )

    assert [item[0] for item in found] == ["C3", "C5"]


COSTS = """
## Costs
| activity | year | category | quantity | unit_cost | amount |
| ICC-01   |      |          |          |           | 1      |
"""


COPY = """
## {table} @ {sheet}
| Activity | Year | Cost category | Quantity | Unit cost | Amount |
| ICC-01   |      |               |          |           | 99     |
"""


def test_table_of_a_copied_sheet__is_a_warning_that_says_which_is_read():
    issues = check(workbook(COSTS + COPY.format(table="Costs3", sheet="Costs (2)"))).issues
    (found,) = about(issues, "ambiguous-table", "unknown-table")

    assert (found.code, found.severity) == ("ambiguous-table", Severity.WARNING)
    assert (found.sheet, found.value, found.values["other_sheet"]) == (
        "Costs (2)",
        "Costs3",
        "Costs",
    )


def test_table_that_was_renamed__is_an_error_as_its_rows_would_be_lost():
    issues = check(workbook(COPY.format(table="Costs2", sheet="Costs"), without=["Costs"])).issues
    (found,) = about(issues, "ambiguous-table", "unknown-table")

    assert (found.code, found.severity, found.table) == (
        "ambiguous-table",
        Severity.ERROR,
        "costs",
    )
    assert "other_sheet" not in found.values


def test_table_of_ones_own__is_not_taken_for_one_of_ours():
    found = findings(
        """
    ## Shopping @ Mine
    | Amount | Activity | What | Who |
    | 1      | x        | y    | z   |
    """,
        "ambiguous-table",
        "unknown-table",
    )

    assert [item[1] for item in found] == ["unknown-table"]


def _struck(change):
    """Check a file of the base workbook in which something was struck through."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(COSTS).xlsx()), rich_text=True)
    change(book)
    out = io.BytesIO()
    book.save(out)
    file = open_workbook(io.BytesIO(out.getvalue()))
    checked = check_tables(*match_tables(file, load_schemas()))
    assert not has_errors(checked.issues)
    return [(i.sheet, i.cell, i.value) for i in about(checked.issues, "struck-text")]


def test_amount_whose_cell_is_struck_through__is_a_warning():
    def change(book):
        book["Costs"]["F2"].font = Font(strike=True)
        book["Costs"]["B2"].font = Font(strike=True)  # blank
        book["Costs"]["A2"].font = Font(strike=False)

    assert _struck(change) == [("Costs", "F2", "1")]


@pytest.mark.parametrize(("mark", "found"), [(True, True), (False, False), (None, False)])
def test_words_struck_through_in_a_cell__are_a_warning(mark, found):
    def change(book):
        new = TextBlock(InlineFont(strike=mark), "old ")
        book["Areas"]["B2"] = CellRichText("A ", new, "title")

    assert _struck(change) == ([("Areas", "B2", "A old title")] if found else [])


def test_blank_that_is_struck_through__strikes_no_words():
    def change(book):
        book["Areas"]["B2"] = CellRichText("A", TextBlock(InlineFont(strike=True), " "), "title")

    assert _struck(change) == []


def test_shipped_workbooks__have_none_of_these_faults():
    for path in Path("workbook").glob("*.xlsx"):
        file = open_workbook(path)
        issues = check_tables(*match_tables(file, load_schemas())).issues
        codes = {"invisible-character", "duplicate-row", "ambiguous-table", "struck-text"}
        assert not about(issues, *codes)
