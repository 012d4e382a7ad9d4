"""The technology review as worded: its statements, the register, and the chain to the money."""

from __future__ import annotations

import pytest
from sheets import reckoning, workbook

from cmswp_xl.documents.technology_review import content as review_context
from cmswp_xl.documents.texts import MissingText
from cmswp_xl.languages import Language

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


def review(text="", language=Language.EN, base=REVIEW):
    found, missing = review_context(reckoning(workbook(base + text)), language)
    assert missing == []
    return found


def rows(paper):
    return {row.number: row for subject in paper.subjects for row in subject.rows}


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
    (strategic,) = paper.strategic
    assert strategic.paragraphs == ("Spend wisely.",)
    assert (strategic.lead, strategic.numbers) == ("Recommendations", ("1.1", "2.1"))
    assert [line.lead for line in (*paper.mandate, *paper.issues)] == ["", "Recommendation"]
    assert "Start soon." not in repr(paper)
    assert set(strategic.numbers) <= set(paper.anchors)


def test_evidence__is_listed_by_kind_with_codes_where_they_are_named():
    interviews, websites = review().evidence
    assert (interviews.heading, websites.heading) == ("Interviews", "Websites")
    assert interviews.lines == ("Users (INT-01; 1\u00a0February 2024; IT/7)",)
    assert websites.lines == ("Own site (WEB-01)",)
    unnamed = review(base=REVIEW.replace("| INT-01   | open", "|          | open"))
    assert unnamed.evidence[1].lines == ("Own site",)


def test_register__stands_subject_by_subject():
    paper = review()
    assert [(s.heading, [row.number for row in s.rows]) for s in paper.subjects] == [
        ("1. Network", ["1.1", "1.2"]),
        ("2. Data", ["2.1", "2.2", "2.3"]),
    ]
    assert {row.anchor for row in rows(paper).values()} == set(paper.anchors.values())


def test_register__keeps_no_action_visible_in_words_and_steps_named():
    found = {
        number: (row.decision, row.acts, row.steps, row.stepless)
        for number, row in rows(review()).items()
    }
    assert found == {
        "1.1": ("Action recommended", True, "Step 2", False),
        "1.2": ("Take no action", False, "–", False),
        "2.1": ("Action recommended", True, "Steps 1, 3", False),
        "2.2": ("Action recommended", True, "–", False),
        "2.3": ("Action recommended", True, "No step yet", True),
    }
    assert rows(review())["1.2"].note == ("Enough",)
    assert review().register_notes == (
        "No step follows yet: Recommendation 2.3.",
        "No action is to be taken: Recommendation 1.2.",
        "The steps are those of Annex III.",
    )


def test_register__has_a_status_only_where_some_is_given():
    assert review().statuses
    assert rows(review())["1.1"].status == "Ongoing"
    bare = REVIEW.replace("ongoing", "").replace("| open ", "| ").replace("| done ", "| ")
    assert not review(base=bare).statuses


def test_subject_without_recommendations__says_so():
    paper = review(base=REVIEW.replace("| 2     | Data    |", "| 2 | Data |\n| 3 | Rest |"))
    assert paper.subjects[-1].empty == "No recommendations."


def test_chain__gives_an_activity_in_each_row_and_counts_it_once():
    chain = review().chain
    assert [(row.recommendation, row.activity.number) for row in chain.rows] == [
        ("1.1", "1.1"),
        ("2.1", "1.1"),
    ]
    for row in (*(row.activity for row in chain.rows), chain.total):
        assert (row.amounts.cost, row.amounts.kinds) == (("100",), ("40", "–"))
        assert row.amounts.sought == "60"
    assert [row.activity.notes for row in chain.rows] == ["a", "a"]
    assert "1.1, 2.1" in chain.notes[0][1]
    assert "once" in chain.statements[0]
    assert "Not tied to an activity: Recommendations 2.2, 2.3." in chain.statements


def test_chain__leaves_uncosted_blank_and_says_so():
    chain = review(UNCOSTED).chain
    row, total = chain.rows[0].activity, chain.total
    assert (*row.amounts.cost, *row.amounts.kinds, row.amounts.sought) == ("", "", "", "")
    assert (*total.amounts.cost, total.amounts.sought) == ("", "")
    assert (row.mark, row.unfunded, total.remark) == ("Not yet costed", False, "Not yet costed")
    assert any("1.1, 2.1. Blank does not mean nil." in text for text in chain.statements)


@pytest.mark.parametrize(
    ("cost", "support", "words"),
    [("100", "excluded", "net"), ("100", "", "gross")],
)
def test_chain__says_whether_costs_are_net(cost, support, words):
    costs = f"\n## Costs\n| activity | amount | support_cost |\n| ICC-01 | {cost} | {support} |\n"
    paper = review(costs + form(support_cost_rate="13"))
    said = [text for text in paper.statements if text.startswith("Costs are")]
    assert len(said) == 1
    assert words in said[0]
    assert "added below" not in said[0]


def test_chain__mixed_support_costs_are_said():
    costs = """
    ## Costs
    | activity | amount | support_cost |
    | ICC-01   | 60     | excluded     |
    | ICC-01   | 40     | included     |
    """
    assert any(text.startswith("Part of the costs is net") for text in review(costs).statements)


def test_chain__reconciles_a_surplus():
    funding = """
    ## Funding
    | activity | source | stage    | amount |
    | ICC-01   | CORE   | received | 130    |
    """
    line = review(funding).chain.total.reconciliation
    assert line == "Cost 100 = available 130 − surplus 30 + to be sought –"


def test_chain__is_absent_where_no_activity_is_named():
    chain = review(base=REVIEW.replace("ICC-01", "")).chain
    assert (chain.rows, chain.total) == ((), None)
    assert chain.empty
    statements = review(base=REVIEW.replace("ICC-01", "")).statements
    assert not any("euros" in text for text in statements)


def test_no_review__is_said():
    paper = review(base="")
    assert paper.empty == "No technology review has been recorded."
    assert (paper.subjects, paper.chain.rows, paper.register_notes) == ((), (), ())


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
    _, missing = review_context(reckoning(book), Language.FR)
    assert {item for item in missing if item.table != "programme"} == {
        MissingText("findings", "1", "text_fr"),
        MissingText("subjects", "7", "title_fr"),
        MissingText("recommendations", "7.1", "text_fr"),
        MissingText("recommendations", "7.1", "note_fr"),
        MissingText("evidence", "WEB-01", "title_fr"),
    }
