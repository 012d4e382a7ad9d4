"""Issues on a terminal: by sheet, folded, harmless, with a closing summary."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sheets import check

from cmswp_xl.issues import SEVERITIES, Issue, Severity
from cmswp_xl.languages import Language, Words
from cmswp_xl.listings import Report
from cmswp_xl.listings.issues import explanation_text, issues_text
from cmswp_xl.messages.worded import folded
from cmswp_xl.schema import load_schemas

SAY = Words(Language.EN)
ESCAPE = "\x1b"
SCHEMAS = load_schemas()


def issue(code, cell, value=None, *, sheet="Activities", column="title_en", **values):
    table = "costs" if column == "amount" else "activities"
    values.setdefault("field", SCHEMAS[table].field(column))
    return Issue(code, SEVERITIES[code], sheet, cell, table, column, value, values)


def text(*issues, width=80, colour=False, name="plan.xlsx", skipped=(), language=Language.EN):
    report = Report(name, "0" * 64, issues, skipped)
    return issues_text([report], Words(language), colour=colour, width=width)


def test_issue__shows_place_code_message_and_remedy():
    found = text(issue("unknown-reference", "C5", "XYZ", column="area"))

    assert found == (
        "plan.xlsx\n"
        "\n"
        "Activities\n"
        "  error        C5 · Area  unknown-reference\n"
        "               “XYZ” is not in the sheet “Areas”.\n"
        "               Choose from the list in the cell, or enter the code in the sheet\n"
        "               “Areas” first.\n"
        "\n"
        "1 error, 0 warnings, 0 information items. No documents can be made until the\n"
        "errors are corrected.\n"
        "To explain a code, with an example, run: cmswp explain unknown-reference\n"
    )


def test_repetition__is_folded_to_ranges_of_cells():
    rows = [*range(2, 64), 70]
    found = text(*(issue("missing-translation", f"D{row}") for row in rows))

    assert "D2:D63, D70 · Title (English)  missing-translation" in found
    assert "63 texts are missing in English." in found
    assert found.count("Enter the text in English") == 1


def test_folded_values__are_named_once_each():
    values = ["A", "B", "A", "B", "C"]
    found = text(
        *(
            issue("unknown-reference", f"C{row}", value, column="area")
            for row, value in enumerate(values, 2)
        )
    )

    assert (
        "5 cells contain a code that is not in the sheet “Areas”. Found: “A”, “B” and “C”"
        in " ".join(found.split())
    )


def test_a_few_issues_that_differ__are_told_one_by_one():
    found = text(
        issue("unknown-reference", "C2", "A", column="area"),
        issue("unknown-reference", "C9", "B", column="area"),
    )

    assert "C2: “A” is not in the sheet" in found
    assert "C9: “B” is not in the sheet" in found


def test_many_issues_that_each_say_more__get_examples():
    issues = [
        issue(
            "amount-mismatch", f"F{row}", "5", sheet="Costs", column="amount",
            expected=f"{row}.00", quantity="1", unit_cost=f"{row}",
        )
        for row in range(2, 12)
    ]  # fmt: skip
    found = text(*issues)

    assert "10 amounts are not the quantity multiplied by the unit cost." in found
    assert "F2: The amount is 5.00, but 1 × 2.00 is 2.00." in found
    assert "… and 7 more" in found


def test_same_message_at_several_cells__is_told_once():
    pair = {"cells": [3, 4]}
    found = text(
        issue("duplicate-key", "A3", "ICC-01", column="id", **pair),
        issue("duplicate-key", "A4", "ICC-01", column="id", **pair),
    )

    assert found.count("“ICC-01” appears in more than one row: 3 and 4.") == 1
    assert "A3:A4" in found


def test_sheets__follow_their_order_and_the_workbook_as_a_whole_comes_first():
    found = text(
        Issue("missing-table", Severity.ERROR, "", None, "costs", None, None,
              {"titles": SCHEMAS["costs"].titles, "excel_table": "Costs"}),
        issue("no-mandate", "H2", sheet="Zebra"),
        issue("no-mandate", "H2", sheet="Alpha"),
    )  # fmt: skip

    assert found.index("The workbook as a whole") < found.index("Zebra") < found.index("Alpha")


def test_without_colour__the_text_is_plain():
    assert ESCAPE not in text(issue("no-mandate", "H2"))


def test_with_colour__the_severity_is_a_word_too():
    found = text(issue("no-mandate", "H2"), colour=True)

    assert ESCAPE in found
    assert "information" in found


@pytest.mark.parametrize("colour", [True, False])
def test_control_characters_of_data__never_reach_the_terminal(colour):
    evil = "a\x1b]0;x\x07\x9b31m\u202e\r\b"
    found = text(
        issue("not-in-list", "C5", evil, column="priority", sheet=f"S{evil}"),
        name=f"n{evil}.xlsx",
        colour=colour,
    )
    ours = re.sub(r"\x1b\[[0-9;]*m", "", found)

    assert not set("\x1b\x07\x9b\u202e\r\b") & set(ours)
    assert "\\x1b]0;x\\x07" in ours


def test_markup_in_data__stays_text():
    found = text(
        issue("not-in-list", "C5", "[bold red]x[/] :smile: [link=a]", column="priority"),
        name="[red]plan.xlsx",
        colour=True,
    )

    assert "[bold red]x[/] :smile: [link=a]" in found
    assert "[red]plan.xlsx" in found


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_lines__keep_to_the_width(width):
    value = "word " * 10
    found = text(issue("not-in-list", "C5", value, column="priority"), width=width)

    assert max(map(len, found.splitlines())) <= width


def test_amounts__are_not_broken_at_their_spaces():
    money = {
        "cost": "1234567.00", "available": "0.00", "to_be_sought": "1234567.00",
        "surplus": "0.00", "currency": "EUR",
    }  # fmt: skip
    for width in range(60, 90):
        found = text(
            issue("unfunded", "Y2", "ICC-01", column="funding_status", **money),
            width=width, language=Language.FR,
        )  # fmt: skip
        assert "1 234 567,00".replace(" ", "\N{NO-BREAK SPACE}") in found


def test_no_issues__is_ready_for_documents():
    assert (
        text() == "plan.xlsx\n\n0 errors, 0 warnings, 0 information items. Ready for documents.\n"
    )


def test_missing_translations__are_named_by_language_in_the_verdict():
    french = issue("missing-translation", "E2", column="title_fr")

    assert "Ready for documents, but texts are missing in: French." in text(french, width=120)


def test_errors__say_that_no_document_can_be_made():
    assert "No documents can be made until" in text(issue("missing-value", "A2", column="id"))


def test_skipped_checks__are_listed():
    assert "whether cells are shown as percentages" in text(skipped=("percent-format",), width=120)


def test_several_workbooks__each_have_their_summary():
    reports = [Report(name, "0" * 64, ()) for name in ("a.xlsx", "b.xlsx")]
    found = issues_text(reports, SAY, colour=False, width=80)

    assert found.count("Ready for documents.") == 2
    assert found.index("a.xlsx") < found.index("b.xlsx")


def test_severity_of_the_issue__counts_not_that_of_its_code():
    noted = replace(issue("missing-translation", "D2"), severity=Severity.INFO)

    assert "0 errors, 0 warnings, 1 information item." in text(noted)


def test_what_the_checks_find__is_shown_whole():
    checked = check("""
        ## Costs
        | activity | year | quantity | unit_cost | amount |
        | ICC-09   | 2024 | 2        | 50        | 99     |
        | ICC-01   | 2031 |          |           | -5     |
        """)
    found = text(*checked.issues)

    for code in ("unknown-reference", "amount-mismatch", "year-outside-period", "out-of-range"):
        assert code in found


def test_explanations__are_not_broken_at_no_break_spaces():
    for width in range(60, 100):
        for language in (Language.FR, Language.ES):
            drawn = explanation_text("wrong-type", Words(language), colour=False, width=width)
            assert not re.search(r"«$|^\s*[»:;]|\d$\n\s+\d{3}\b", drawn, re.MULTILINE)


def test_number_in_a_code__is_shown_as_excel_shows_it_in_the_language():
    found = issue("wrong-type", "B5", "1.1", column="number", found="number-in-code", meant="1.10")

    assert "1.1 is stored as a number" in text(found)
    assert "1,1 est enregistré comme un nombre" in text(found, language=Language.FR)


def test_years_in_common__are_in_order():
    years = [
        issue("year-outside-period", f"G{row}", year, column="start_year", end="2023")
        for row, year in ((5, "2026"), (6, "2024"), (7, "2025"))
    ]

    assert folded(years, SAY).endswith("2024, 2025 and 2026")
