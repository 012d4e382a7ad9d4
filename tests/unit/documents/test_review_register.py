"""The technology review as worded: its statements, the register, and the chain to the money."""

from __future__ import annotations

import pages
import pytest
from sheets import totals, workbook

from cmswp_xl.documents.technology_review import content as review_context
from cmswp_xl.documents.texts import MissingText
from cmswp_xl.languages import Language
from cmswp_xl.page import Table, text

REVIEW = """
## Findings
| seq | kind      | text          | recommendations |
| 3   | strategic | Spend wisely. | 1.1; 2.1        |
| 1   | mandate   | Look at it.   |                 |
| 2   | issue     | It is old.    | '2.1            |
| 4   | next-step | Start soon.   |                 |

## Subjects
| point | title   |
| 1     | Network |
| 2     | Data    |

## Recommendations
| number | subject | text         | decision  | activity | evidence | status  | note   |
| '1.1   | 1       | Buy cables   | act       | ICC-01   |          | ongoing |        |
| '1.2   | 1       | Leave it     | no-action |          |          |         | Enough |
| '2.1   | 2       | Buy discs    | act       | ICC-01   | INT-01   | open    |        |
| '2.2   | 2       | Ask around   | act       |          |          | done    |        |
| '2.3   | 2       | Write it all | act       |          |          |         |        |

## Evidence
| code   | kind      | title     | date       | reference |
| WEB-01 | website   | Own site  |            |           |
| INT-01 | interview | Users     | 2024-02-01 | IT/7      |

## Steps
| seq | recommendation | text   |
| 1   | '2.1           | First  |
| 2   | '1.1           | Second |
| 3   | '2.1           | Third  |
"""


UNCOSTED = """
## Costs
| activity | amount |

## Funding
| activity | source | stage | amount |
"""


def review(more="", language=Language.EN, base=REVIEW):
    found, missing = review_context(totals(workbook(base + more)), language)
    assert missing == []
    return found


def said(paper, anchor):
    """Return what the blocks of a section say, lists item by item."""
    found = pages.section(paper, anchor).blocks
    return [
        pages.whole(item)
        for block in found
        for items in (getattr(block, "items", [[block]]))
        for item in items
        if not isinstance(item, Table)
    ]


def register(paper):
    return pages.table(paper, "register")


def chain(*arguments, **more):
    return pages.table(review(*arguments, **more), "chain")


def form(**settings):
    lines = "\n".join(f"| {name} | {value} |" for name, value in settings.items())
    return f"\n## Programme\n| setting | value |\n{lines}\n"


def test_frame__bears_the_number_of_the_annex_and_the_marks():
    paper = review(form(symbol="UNEP/CMS/Doc.9", illustrative="yes"))
    assert paper.head == "UNEP/CMS/Doc.9/Annex II"
    assert paper.title == "Annex II – Technology review (draft)"
    assert paper.banner == "Illustrative figures"
    assert review(form(status="adopted")).title == "Annex II – Technology review"


def test_statements__stand_by_kind_and_name_their_recommendations():
    paper = review()
    assert said(paper, "introduction")[:2] == ["Mandate", "Look at it."]
    assert said(paper, "summary") == [
        "It is old (Recommendation 2.1).",
        "Strategic recommendations",
        "Spend wisely (Recommendations 1.1 and 2.1).",
    ]
    assert "Start soon." not in repr(paper)
    led = {piece.anchor for piece in pages.section(paper, "summary").blocks[-1].pieces}
    assert led - {""} <= {row.anchor for row in register(paper).rows}


def test_evidence__is_listed_by_kind_with_codes_where_they_are_named():
    assert said(review(), "introduction")[2:] == [
        "Method and sources",
        "Interviews",
        "Users (INT-01; 1\u00a0February 2024; IT/7)",
        "Websites",
        "Own site (WEB-01)",
    ]
    unnamed = review(base=REVIEW.replace("| INT-01   | open", "|          | open"))
    assert said(unnamed, "introduction")[-1] == "Own site"


def test_register__stands_subject_by_subject():
    rows = register(review()).rows
    assert [text(row.cells[0]) for row in rows] == [
        *("1. Network", "1.1", "1.2"),
        *("2. Data", "2.1", "2.2", "2.3"),
    ]
    anchors = [row.anchor for row in rows if row.look != "group"]
    assert len(set(anchors)) == len(anchors) == 5


def test_register__keeps_no_action_visible_in_words_and_steps_named():
    paper = review()
    rows = [row for row in register(paper).rows if row.key]
    found = {
        row.key: (
            text(row.cells[2]),
            row.look,
            text(row.cells[-1]),
            pages.said(row.cells[-1], "mark"),
        )
        for row in rows
    }
    assert found == {
        "1.1": ("Action recommended", "", "Step 2", []),
        "1.2": ("Take no action", "idle", "–", []),
        "2.1": ("Action recommended", "", "Steps 1 and 3", []),
        "2.2": ("Action recommended", "", "–", []),
        "2.3": ("Action recommended", "", "No step yet", ["No step yet"]),
    }
    assert pages.said(rows[1].cells[1], "remark") == ["Enough"]
    assert pages.said(rows[1].cells[2], "mark") == ["Take no action"]
    assert said(paper, "register") == [
        "No step yet: Recommendation 2.3.",
        "Recommendation 1.2: no action is to be taken.",
        "The steps are those of Annex III.",
    ]


@pytest.mark.parametrize(
    ("given", "printed"),
    [("INT-01", "Source: INT-01"), ("INT-01; WEB-01", "Sources: INT-01 and WEB-01")],
)
def test_register__names_one_source_or_several(given, printed):
    found = register(review(base=REVIEW.replace("ICC-01   | INT-01  ", f"ICC-01 | {given}")))
    rows = (row for row in found.rows if row.key)
    assert [text for row in rows for text in pages.said(row.cells[1], "source")] == [printed]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("ICC-01", "Recommendations 1.1 and 2.1 (20)"),
        ("ICC-02", "Recommendations 1.1 (20) and 2.1 (30)"),
    ],
)
def test_chain__names_recommendations_together_that_have_something_pledged(other, said):
    text = f"""
    ## Activities
    | id     | number | area | title   |
    | ICC-01 | '1.1   | ICC  | Archive |
    | ICC-02 | '1.2   | ICC  | Network |

    ## Funding
    | activity | source | stage   | amount |
    | ICC-01   | CORE   | pledged | 20     |
    | {other}  | CORE   | pledged | 30     |
    """.replace("| ICC-01  | CORE   | pledged | 30     |", "")
    base = REVIEW.replace("act       | ICC-01   | INT", f"act | {other} | INT")
    notes = pages.sentences(review(text, base=base))
    assert f"Pledged, and not counted as available: {said}." in notes


def test_register__has_a_status_only_where_some_is_given():
    found = register(review())
    assert pages.row(found, "1.1")["Status"] == "Ongoing"
    bare = REVIEW.replace("ongoing", "").replace("| open ", "| ").replace("| done ", "| ")
    assert "Status" not in pages.heads(register(review(base=bare)))


def test_subject_without_recommendations__says_so():
    paper = review(base=REVIEW.replace("| 2     | Data    |", "| 2 | Data |\n| 3 | Rest |"))
    assert pages.texts(register(paper))[-1] == ("No recommendations.",)


def test_chain__gives_an_activity_in_each_row_and_counts_it_once():
    paper = review()
    found = pages.table(paper, "chain")
    assert [cells[:2] for cells in pages.texts(found, "")] == [("1.1", "1.1"), ("2.1", "1.1")]
    assert {cells[-4:] for cells in pages.texts(found)} == {("100", "40", "–", "60")}
    assert [row.cells[2].paragraphs[0].notes for row in found.rows[:-1]] == ["a", "a"]
    (mark, note), *notes = pages.notes(paper)[3:]
    assert (mark, "1.1 and 2.1" in note) == ("a", True)
    assert "once" in notes[0]
    assert "Not linked to an activity: Recommendations 2.2 and 2.3." in notes


@pytest.mark.parametrize("language", Language)
def test_notes_that_name_recommendations__begin_with_a_capital(language):
    notes = [note for note in pages.notes(review(language=language)) if "2.3" in note]
    assert len(notes) == 2
    assert all(note[0].isupper() for note in notes)


def test_chain__leaves_uncosted_blank_and_says_so():
    found = chain(UNCOSTED)
    first, *_, total = found.rows
    assert [row[-4:] for row in pages.texts(found)] == [("", "", "", "")] * 3
    assert (pages.said(first.cells[2], "mark"), first.look) == (["Not yet costed"], "")
    assert pages.said(total.cells[0], "remark") == ["No activity costed yet"]
    notes = pages.sentences(review(UNCOSTED))
    assert any("1.1 and 2.1: activity not yet costed. A blank cell" in note for note in notes)


@pytest.mark.parametrize(
    ("cost", "support", "words"),
    [("100", "excluded", "net"), ("100", "", "gross")],
)
def test_chain__says_whether_costs_are_net(cost, support, words):
    costs = f"\n## Costs\n| activity | amount | support_cost |\n| ICC-01 | {cost} | {support} |\n"
    paper = review(costs + form(support_cost_rate="13"))
    lines = [line for line in paper.statements if line.startswith("Costs are")]
    assert len(lines) == 1
    assert words in lines[0]
    assert "added below" not in lines[0]


def test_chain__mixed_support_costs_are_said():
    costs = """
    ## Costs
    | activity | amount | support_cost |
    | ICC-01   | 60     | excluded     |
    | ICC-01   | 40     | included     |
    """
    assert any(line.startswith("Part of the costs is net") for line in review(costs).statements)


def test_chain__reconciles_a_surplus():
    funding = """
    ## Funding
    | activity | source | stage    | amount |
    | ICC-01   | CORE   | received | 130    |
    """
    line = "Cost 100 = available 130 − surplus 30 + to be sought –."
    assert line in said(review(funding), "chain")


def test_chain__is_absent_where_no_activity_is_named():
    assert said(review(base=REVIEW.replace("ICC-01", "")), "chain") == [
        "No recommendation is linked to an activity of the programme of work yet."
    ]
    statements = review(base=REVIEW.replace("ICC-01", "")).statements
    assert not any("euros" in line for line in statements)


def test_no_review__is_said():
    paper = review(base="")
    assert pages.sentences(paper) == ["No technology review has been recorded."]
    assert pages.tables(paper) == []


def test_missing_texts__are_those_that_would_be_printed():
    headings = "text_en | text_fr"
    book = workbook(
        f"""
    ## Findings
    | seq | kind      | {headings} |
    | 1   | mandate   | Look    |  |
    | 2   | next-step | Unused  |  |

    ## Subjects
    | point | title_en | title_fr |
    | 7     | Network  |          |

    ## Recommendations
    | number | subject | {headings} | decision | note_en |
    | '7.1   | 7       | Buy     |  | act      | Soon    |

    ## Evidence
    | code   | kind    | title_en | title_fr |
    | WEB-01 | website | Site     |          |
    """
    )
    _, missing = review_context(totals(book), Language.FR)
    assert {item for item in missing if item.table != "programme"} == {
        MissingText("findings", "1", "text_fr"),
        MissingText("subjects", "7", "title_fr"),
        MissingText("recommendations", "7.1", "text_fr"),
        MissingText("recommendations", "7.1", "note_fr"),
        MissingText("evidence", "WEB-01", "title_fr"),
    }
