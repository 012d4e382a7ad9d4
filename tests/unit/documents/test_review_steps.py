"""The next steps as worded: who carries them, their sequence, and what refers to what."""

from __future__ import annotations

from sheets import reckoning, workbook

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
    found, missing = steps_context(reckoning(workbook(REVIEW + text)), language)
    assert missing == []
    return found


def test_steps__stand_in_sequence_with_point_and_subject():
    found = [(row.seq, row.number, row.subject, row.paragraphs) for row in steps().rows]
    assert found == [
        ("1", "1.1", "Network", ("First",)),
        ("2", "1.2", "Network", ("Second",)),
        ("3", "1.1", "Network", ("Third",)),
    ]


def test_steps__of_one_recommendation_refer_to_each_other():
    assert [row.also for row in steps().rows] == ["See also step 3.", "", "See also step 1."]
    three = STEPS + "| 4 | '1.1 | Fourth | | | | | |\n"
    assert steps(three).rows[0].also == "See also steps 3, 4."


def test_step_for_no_action__is_marked():
    assert [bool(row.mark) for row in steps().rows] == [False, True, False]


def test_columns__are_those_that_some_step_fills():
    paper = steps()
    assert paper.columns == ("responsible", "start", "due", "status", "result")
    assert paper.landscape
    first = paper.rows[0]
    assert (first.responsible, first.status, first.result) == ("IT", "On hold", ("Signed",))
    assert (first.start, first.due) == ("1\u00a0March 2024", "2\u00a0May 2024")
    bare = steps(BARE)
    assert (bare.columns, bare.landscape) == ((), False)
    assert bare.rows[0].note == ("Why?",)


def test_findings__say_first_who_carries_them():
    (line,) = steps().findings
    assert (line.paragraphs, line.lead, line.numbers) == (
        ("Start soon.",),
        "Recommendation",
        ("1.1",),
    )


def test_notes__name_what_the_sequence_leaves_out():
    assert "No step follows yet: Recommendation 1.3." in steps().notes
    assert "No action is to be taken: Recommendation 1.2." in steps().notes


def test_money__is_not_mentioned():
    assert not any("euros" in text or "Costs" in text for text in steps().statements)


def test_no_steps__are_said_to_be_none():
    paper = steps("")
    assert paper.empty == "No steps have been recorded."
    assert (paper.rows, paper.notes) == ((), ())


def test_missing_texts__are_named_by_the_place_in_the_sequence():
    text = """
    ## Steps
    | seq | recommendation | text_en | result_en | note_en |
    | 1   | '1.1           | First   | Signed    | Why?    |
    """
    _, missing = steps_context(reckoning(workbook(REVIEW + text)), Language.ES)
    assert missing == [
        MissingText("steps", "1", "text_es"),
        MissingText("steps", "1", "note_es"),
        MissingText("steps", "1", "result_es"),
    ]
