"""The rules of progress reports, texts and comments that need no figures."""

from __future__ import annotations

import pytest
from sheets import check, findings

SETTINGS = """
## Programme
| setting | value |
{settings}
"""
ACTIVITIES = """
## Activities
| id   | number | area | mandates | title |
| A-01 | '1     | ICC  | Res. 1   | Talk  |
| A-02 | '2     | ICC  | Res. 1   | Meet  |

## Costs
| activity | amount |
| A-01     | 1000   |

## Funding
| activity | source | stage    | amount |
| A-01     | CORE   | received | 1000   |
"""


def form(**settings):
    lines = "\n".join(f"| {name} | {value} |" for name, value in settings.items())
    return SETTINGS.format(settings=lines)


def progress(*rows, **settings):
    lines = "\n".join(rows)
    head = "| activity | as_at | status | expenditure | note |"
    found = findings(f"{form(**settings)}{ACTIVITIES}\n## Progress\n{head}\n{lines}\n")
    return [(cell, code, value) for cell, code, table, _, value in found if table == "progress"]


def texts(*rows, **settings):
    lines = "\n".join(rows)
    found = findings(
        f"{form(**settings)}\n## Texts\n| document | paragraph | kind | text |\n{lines}\n"
    )
    return [(cell, code, value) for cell, code, table, _, value in found if table == "texts"]


def comments(*rows, **settings):
    lines = "\n".join(rows)
    found = findings(
        f"{form(**settings)}\n## Comments\n| id | text | response | status |\n{lines}\n"
    )
    return [(cell, code, value) for cell, code, table, _, value in found if table == "comments"]


def test_sound_reports__give_nothing():
    assert (
        progress(
            "| A-01 | 2024-06-30 | ongoing | 100 | Begun. |",
            "| A-01 | 2025-01-31 | no-progress | 100 | |",
            "| A-01 | 2025-06-30 | done | 400 | Finished. |",
            "| A-02 | 2025-01-31 | action-needed | | Decide. |",
        )
        == []
    )


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2023-12-31", "progress-outside-period"),
        ("2025-02-01", "progress-after-figures"),
        ("2025-01-31", None),
        ("2024-01-01", None),
    ],
)
def test_dates__are_compared_with_those_of_the_workbook(day, code):
    found = progress(f"| A-01 | {day} | ongoing | | |", as_at="2025-01-31")

    assert found == ([("B2", code, day)] if code else [])


def test_dates__are_never_compared_with_today():
    assert progress("| A-01 | 2026-12-31 | ongoing | | |") == []


def test_expenditure_that_decreases__is_told_at_the_later_report():
    found = progress(
        "| A-01 | 2025-06-30 | ongoing | 50  | |",
        "| A-01 | 2024-06-30 | ongoing | 100 | |",
        "| A-01 | 2025-01-31 | ongoing |     | |",
        "| A-02 | 2025-06-30 | ongoing | 20  | |",
    )
    assert found == [("D2", "expenditure-decreasing", "A-01")]


def test_expenditure_that_decreases__names_what_was_spent_before():
    rows = "| A-01 | 2024-06-30 | ongoing | 100 |\n| a-01 | 2025-06-30 | ongoing | 50 |"
    head = "| activity | as_at | status | expenditure |"
    (issue,) = [
        issue
        for issue in check(f"{ACTIVITIES}\n## Progress\n{head}\n{rows}\n").issues
        if issue.code == "expenditure-decreasing"
    ]
    assert issue.values["cells"] == ["D2"]
    assert (issue.values["earlier"], issue.values["spent"]) == ("100", "50")
    assert (issue.values["as_at"], issue.values["currency"]) == ("2024-06-30", "EUR")


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        (["| A-01 | 2024-06-30 | no-progress | 5 | |"], ["C2"]),
        (["| A-01 | 2024-06-30 | no-progress | 0 | |"], []),
        (["| A-01 | 2024-06-30 | no-progress | | |"], []),
        (
            [
                "| A-01 | 2024-06-30 | ongoing | 5 | |",
                "| A-01 | 2025-06-30 | no-progress | 5 | |",
            ],
            [],
        ),
        (
            [
                "| A-01 | 2024-06-30 | ongoing | 5 | |",
                "| A-01 | 2025-06-30 | no-progress | 6 | |",
            ],
            ["C3"],
        ),
        (
            [
                "| A-01 | 2025-06-30 | ongoing | | |",
                "| A-01 | 2024-06-30 | done | | |",
            ],
            ["C2"],
        ),
    ],
)
def test_contradictions(rows, cells):
    found = progress(*rows)

    assert found == [(cell, "progress-contradiction", "A-01") for cell in cells]


def test_action_without_a_word_on_it__is_told():
    found = progress("| A-01 | 2024-06-30 | action-needed | | |")

    assert found == [("E2", "action-not-described", "A-01")]


def test_sound_texts__give_nothing():
    assert (
        texts(
            "| cover | 1 | summary | Short. |",
            "| cover | 2 | heading | Background |",
            "| cover | 3 | areas | The areas: |",
            "| cover | 5 | subparagraph | Item. |",
            "| cover | 6 | bullet | Point. |",
            "| annex | 1 | paragraph | 2024 was a good year. |",
            "| cover | 7 | action | Act. |",
            "| cover | 8 | subparagraph | A. M. agreed. |",
        )
        == []
    )


def test_texts_out_of_order__are_told_within_their_document():
    found = texts(
        "| annex | 5 | paragraph | One. |",
        "| staffing | 1 | paragraph | One. |",
        "| annex | 3 | paragraph | Two. |",
        "| annex | 4 | paragraph | Three. |",
    )
    assert found == [("B4", "text-out-of-order", "3"), ("B5", "text-out-of-order", "4")]


@pytest.mark.parametrize(
    ("kinds", "rows"),
    [
        (["subparagraph"], [2]),
        (["paragraph", "heading", "subparagraph"], [4]),
        (["action", "subparagraph"], []),
        (["paragraph", "bullet", "subparagraph"], []),
        (["paragraph", "summary"], [3]),
        (["summary", "summary", "paragraph"], []),
        (["areas", "paragraph", "areas"], [4]),
        (["heading", "heading", "paragraph"], [2]),
        (["paragraph", "heading"], [3]),
    ],
)
def test_texts_out_of_place(kinds, rows):
    lines = [f"| annex | {place} | {kind} | Text. |" for place, kind in enumerate(kinds, 1)]

    found = texts(*lines)

    assert found == [(f"C{row}", "text-out-of-place", kinds[row - 2]) for row in rows]


def test_texts_after_the_tables__follow_each_other_and_not_those_before():
    found = findings("""
        ## Texts
        | document | paragraph | kind         | place  | text |
        | annex    | 1         | paragraph    | before | One  |
        | annex    | 2         | subparagraph | after  | Two  |
        | annex    | 3         | subparagraph |        | Of 1 |
    """)
    assert [f[:2] for f in found if f[2] == "texts"] == [("C3", "text-out-of-place")]


def test_texts_with_an_unsound_kind__are_not_told_out_of_place():
    found = texts("| annex | 1 | title | Text. |", "| annex | 2 | subparagraph | Text. |")

    assert found == [("C2", "not-in-list", "title")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1. Text", "1."),
        ("1.2. Text", "1.2."),
        ("12) Text", "12)"),
        ("(a) Text", "(a)"),
        ("b) Text", "b)"),
        ("(iv) Text", "(iv)"),
        ("• Text", "•"),
        ("– Text", "–"),
        ("2024 was good", None),
        ("1.5 million", None),
        ("A. M. agreed", None),
        ("(see annex)", None),
        ("e.g. this", None),
    ],
)
def test_typed_numbers__are_told_in_each_language(text, value):
    found = texts(f"| annex | 1 | paragraph | {text} |")

    assert found == ([(f"{cell}2", "typed-number", value) for cell in "DEF"] if value else [])


def test_typed_numbers__may_stand_in_a_summary():
    assert texts("| annex | 1 | summary | 1. Text |") == []


STARTER = "Advise the Secretariat on [the questions on which advice is sought]; and"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (STARTER, "[the questions on which advice is sought]"),
        (STARTER.replace("[", "").replace("]", ""), None),
        ("Parties [are invited] [are requested] to note", None),
    ],
)
def test_words_to_be_filled_in__are_found_until_they_are_replaced(text, value):
    found = texts(f"| annex | 1 | paragraph | {text} |", status="revised")

    assert found == ([(f"{cell}2", "placeholder-left", value) for cell in "DEF"] if value else [])


def test_words_to_be_filled_in__may_stand_in_a_draft():
    assert texts(f"| annex | 1 | paragraph | {STARTER} |", status="draft") == []


def test_meeting_document_without_a_request__is_mentioned():
    rows = ["| cover | 1 | paragraph | One. |", "| cover | 2 | paragraph | Two. |"]

    assert texts(*rows) == [("A3", "no-action-requested", "cover")]
    assert texts(*rows, "| cover | 3 | action | Act. |") == []
    assert texts("| annex | 1 | paragraph | One. |") == []


def test_answered_comment_without_an_answer__is_told():
    found = comments(
        "| C-1 | Why? | | answered |",
        "| C-2 | Why? | So. | answered |",
        "| C-3 | Why? | | open |",
    )
    assert found == [("C2", "comment-without-response", "C-1")]


@pytest.mark.parametrize(("status", "told"), [("adopted", True), ("draft", False)])
def test_open_comments__are_told_once_when_the_programme_is_adopted(status, told):
    found = comments(
        "| C-1 | Why? | So. | answered |",
        "| C-2 | Why? | | |",
        "| C-3 | Why? | | open |",
        status=status,
    )
    assert found == ([("D3", "open-comments", "C-2")] if told else [])
