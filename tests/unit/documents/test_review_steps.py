"""The next steps as worded: who carries them, their sequence, and what refers to what."""

from __future__ import annotations

import pages
from sheets import totals, workbook

from cmswp_xl.documents.next_steps import content as steps_context
from cmswp_xl.documents.texts import MissingText
from cmswp_xl.languages import Language

REVIEW = """
## Findings
| seq | kind      | text        | recommendations |
| 1   | mandate   | Look at it. |                 |
| 2   | next-step | Start soon. | '1.1            |

## Subjects
| point | title   |
| 1     | Network |

## Recommendations
| number | subject | text       | decision  |
| '1.1   | 1       | Buy cables | act       |
| '1.2   | 1       | Leave it   | no-action |
| '1.3   | 1       | Ask around | act       |
"""
STEPS = """
## Steps
| seq | recommendation | text   | responsible | start      | due        | status  | result |
| 3   | '1.1           | Third  |             |            |            |         |        |
| 1   | '1.1           | First  | IT          | 2024-03-01 | 2024-05-02 | on-hold | Signed |
| 2   | '1.2           | Second |             |            |            |         |        |
"""
BARE = """
## Steps
| seq | recommendation | text  | note |
| 1   | '1.1           | First | Why? |
"""


def steps(text=STEPS, language=Language.EN):
    found, missing = steps_context(totals(workbook(REVIEW + text)), language)
    assert missing == []
    return found


def sequence(text=STEPS):
    return pages.table(steps(text), "sequence")


def said(look, text=STEPS):
    return [pages.said(row.cells[2], look) for row in sequence(text).rows]


def test_steps__stand_in_sequence_with_point_and_subject():
    found = [row[:3] for row in pages.texts(sequence())]
    assert [(step, point) for step, point, _ in found] == [
        ("1", "1.1"),
        ("2", "1.2"),
        ("3", "1.1"),
    ]
    assert said("lead") == [["Network"]] * 3
    assert said("") == [["First"], ["Second"], ["Third"]]


def test_steps__of_one_recommendation_refer_to_each_other():
    assert said("also") == [["See also step 3."], [], ["See also step 1."]]
    three = STEPS + "| 4 | '1.1 | Fourth | | | | | |\n"
    assert said("also", three)[0] == ["See also steps 3 and 4."]


def test_step_for_no_action__is_marked():
    assert [bool(found) for found in said("mark")] == [False, True, False]


def test_columns__are_those_that_some_step_fills():
    details = ["Responsible", "Start date", "Due", "Status", "Result"]
    assert pages.heads(sequence())[3:] == details
    assert steps().landscape
    first = pages.row(sequence(), "1")
    assert [first[name] for name in details] == [
        "IT",
        "1\u00a0March 2024",
        "2\u00a0May 2024",
        "On hold",
        "Signed",
    ]
    assert (pages.heads(sequence(BARE))[3:], steps(BARE).landscape) == ([], False)
    assert said("remark", BARE) == [["Why?"]]


def test_findings__say_first_who_carries_them():
    carried = steps().body[0]
    assert carried.title == "Carrying out the recommendations"
    assert [pages.whole(item) for item in carried.blocks] == ["Start soon (Recommendation 1.1)."]


def test_notes__name_what_the_sequence_leaves_out():
    found = pages.notes(steps())
    assert "No step yet: Recommendation 1.3." in found
    assert "Recommendation 1.2: no action is to be taken." in found


def test_money__is_not_mentioned():
    assert not any("euros" in text or "Costs" in text for text in steps().statements)


def test_no_steps__are_said_to_be_none():
    paper = steps("")
    assert pages.sentences(paper)[-1] == "No steps have been recorded."
    assert (pages.tables(paper), pages.notes(paper)) == ([], [])


def test_missing_texts__are_named_by_the_place_in_the_sequence():
    text = """
    ## Steps
    | seq | recommendation | text_en | result_en | note_en |
    | 1   | '1.1           | First   | Signed    | Why?    |
    """
    _, missing = steps_context(totals(workbook(REVIEW + text)), Language.ES)
    assert missing == [
        MissingText("steps", "1", "text_es"),
        MissingText("steps", "1", "note_es"),
        MissingText("steps", "1", "result_es"),
    ]
