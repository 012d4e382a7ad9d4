"""The requests as worded: ranks, scores, weights, decisions, and the needs ahead."""

from __future__ import annotations

import pages
import pytest
from sheets import totals, workbook

from cmswp_xl.documents.requests import content as requests_context
from cmswp_xl.documents.texts import MissingText
from cmswp_xl.languages import Language
from cmswp_xl.page import Table

WEIGHTS = """
## Weights
| criterion    | weight |
| mandate_fit  | 25     |
| users_served | 20     |
| reuse        | 15     |
| urgency      | 10     |
| cost         | 20     |
| risk         | 10     |

## Subjects
| point | title   |
| 1     | Network |

## Recommendations
| number | subject | text | decision | activity |
| '1.1   | 1       | Buy  | act      | ICC-01   |
| '1.2   | 1       | Sell | act      | ICC-01   |
"""
SCORES = "mandate_fit | users_served | reuse | urgency | cost | risk"
REQUESTS = f"""
## Requests
| id | date       | requester | title | need | {SCORES} | funding_offered | decision |
| R1 | 2024-05-01 | secret-A  | One   | Why  | 3 | 3 | 3 | 3 | 3 | 3 | 90000 |          |
| R3 | 2024-04-01 | secret-B  | Three | Why  | 3 | 3 | 3 | 3 | 3 | 3 |       | pending  |
| R2 | 2024-04-01 | secret-C  | Two   | Why  | 3 | 3 | 3 | 3 | 3 | 3 | 0     |          |
| R4 | 2024-01-01 | secret-D  | Four  | Why  | 5 | 5 | 5 | 5 | 1 | 1 |       |          |
| R5 | 2024-01-01 | secret-E  | Five  | Why  | 5 | 5 | 5 | 5 | 5 | 5 | 99999 |          |
"""
DECIDED = f"""
## Requests
| id | date | requester | title | need | {SCORES} | existing_solution | decision | decided_by | \
decided_on | reason | recommendation |
| R1 | 2024-05-01 | x | One | Why | 3 | 3 | 3 | 3 | 3 | 3 | Umoja: no | declined | The Head | \
2024-06-01 | Too dear | |
| R2 | 2024-05-02 | x | Two | Why | 3 | 3 | 3 | 3 | 3 | 3 | Umoja: yes | accepted | The Head | \
2024-06-01 | | '1.1 |
"""


def paper(text, language=Language.EN, base=WEIGHTS):
    found, missing = requests_context(totals(workbook(base + text)), language)
    assert missing == []
    return found


def ranking(*arguments, **more):
    return pages.table(paper(*arguments, **more), "ranking")


def notes(paper, anchor):
    found = pages.section(paper, anchor).blocks
    return [block.text for block in found if getattr(block, "look", "") == "note"]


def tables(paper, anchor):
    return [b for b in pages.section(paper, anchor).blocks if isinstance(b, Table)]


def test_requests__are_ranked_by_score_then_date_then_id():
    found = pages.texts(ranking(REQUESTS))
    assert [(cells[0], cells[1], cells[-2]) for cells in found] == [
        ("1", "R4", "5.00"),
        ("2", "R5", "3.80"),
        ("3", "R2", "3.00"),
        ("4", "R3", "3.00"),
        ("5", "R1", "3.00"),
    ]


@pytest.mark.parametrize(("language", "score"), [("en", "5.00"), ("fr", "5,00"), ("es", "5,00")])
def test_scores__are_in_the_form_of_the_language(language, score):
    assert pages.texts(ranking(REQUESTS, Language(language)))[0][-2] == score


def test_heads__show_the_weights():
    found = paper(REQUESTS)
    heads = pages.heads(pages.table(found, "ranking"))
    assert heads[4:6] == ["Mandate fit (25%)", "Users served (20%)"]
    rows = pages.texts(pages.table(found, "weights"))
    weights = [weight for _, weight, _ in rows]
    assert weights == ["25", "20", "15", "10", "20", "10", "100"]
    assert "6 − score for cost and risk" in notes(found, "weighing")[-1]
    assert "6 minus" in rows[4][2]


def test_requester__is_internal_and_printed_nowhere():
    assert "secret" not in repr(paper(REQUESTS))


def test_funding_offered__stands_apart_and_is_said_never_to_count():
    found = paper(REQUESTS)
    means = pages.table(found, "means")
    offered = {key: amount for _, key, _, amount in pages.texts(means)}
    assert offered == {"R1": "90,000", "R2": "–", "R3": "", "R4": "", "R5": "99,999"}
    assert pages.heads(means)[3:] == ["Funding offered (not scored)"]
    said = [note for note in pages.notes(found) if "does not affect the score" in note]
    assert said == notes(found, "means")


def test_decisions__say_when_and_why_and_what_follows():
    declined, accepted = (cells[-1].split("\n") for cells in pages.texts(ranking(DECIDED)))
    assert declined == ["Declined", "1\u00a0June 2024, The Head", "Too dear"]
    assert (accepted[0], accepted[-1]) == ("Accepted", "Recommendation 1.1")
    assert pages.texts(ranking(REQUESTS))[0][-1] == "Awaiting decision"


def test_texts_of_one_language__are_not_printed_in_the_others():
    assert "Umoja: no" in pages.texts(ranking(DECIDED))[0][3]
    for language in (Language.FR, Language.ES):
        other = paper(DECIDED, language)
        assert "Umoja" not in repr(other)
        assert "The Head" not in repr(other)
        assert all(
            pages.said(row.cells[3], "remark") for row in pages.table(other, "ranking").rows
        )
        assert len(notes(other, "ranking")) == len(notes(paper(DECIDED), "ranking")) + 1


def test_no_requests__are_said_to_be_none():
    found = paper("", base="")
    said = pages.sentences(found)
    assert said[0] == "No requests have been recorded."
    assert said[-1] == "No needs have been recorded."
    assert pages.tables(found) == ["weights"]
    assert notes(found, "weighing")[0] == "No weights have been set."
    assert not found.landscape


NEEDS = """
## Posts
| id | title | grade | source | start_year | end_year |
| P1 | Aide  | G-5   | CORE   | 2024       | 2025     |
| P2 | Head  | P-4   | CORE   |            | 2026     |
| P3 | Clerk | G-4   | CORE   | 2025       |          |

## Needs
| id | kind       | text  | year | quantity | amount  | recommendation | post |
| N1 | staff      | Help  | 2025 | 0.5      |         | '1.1           | P1   |
| N2 | technology | Discs | 2026 | 3        | 1400    |                |      |
| N3 | technology | Cable | 2024 | 1        | 1400    |                |      |
| N4 | technology | Wires |      |          |         |                |      |
| N5 | technology | Nails | 2026 |          | 1400    |                |      |
| N6 | staff      | Care  | 2025 | 0.25     | 20000   |                | P2   |
| N7 | staff      | Files | 2024 | 1        | 300     |                | P3   |
"""


def years(table):
    """Return heading with remark, quantity and amount of each year."""
    return pages.texts(table, "group")


def test_needs__stand_by_year_and_the_whole_period_last():
    technology, staff = tables(paper(NEEDS), "ahead")[:2]
    assert years(technology) == [
        ("2024", "", "1,400"),
        ("2026", "", "2,800"),
        ("Whole period\nAmount not yet estimated", "", ""),
    ]
    total = ("Total\nNeeds with an estimated amount: 3 of 4", "", "4,200")
    assert pages.texts(technology, "total") == [total]
    assert [(year, quantity) for year, quantity, _ in years(staff)] == [
        ("2024", "1.00"),
        ("2025\nNeeds with an estimated amount: 1 of 2", "0.75"),
    ]


def test_needs__name_the_posts_that_meet_them_with_their_years():
    technology, staff = tables(paper(NEEDS), "ahead")[:2]
    assert "Post that meets the need" not in pages.heads(technology)
    found = {pages.row(staff, key)["Post that meets the need"] for key in ("N1", "N6", "N7")}
    assert found == {
        "Aide (G-5)\nfrom 2024 to 2025",
        "Head (P-4)\nuntil 2026",
        "Clerk (G-4)\nfrom 2025",
    }


def test_needs__rounded_add_up():
    rounding = "\n## Programme\n| setting | value |\n| rounding | thousand |\n"
    technology = tables(paper(NEEDS + rounding), "ahead")[0]
    amounts = [cells[-1] for cells in pages.texts(technology, "")]
    assert pages.texts(technology, "total")[0][-1] == "4"
    assert sorted(filter(None, amounts)) == ["1", "1", "2"]
    assert sum(int(amount or 0) for *_, amount in years(technology)) == 4


def test_linked_activities__stand_once_with_years_and_staff_days():
    activities = """
    ## Activities
    | id     | number | area | mandates | title | staff_days |
    | ICC-01 | '1.1   | ICC  | Res. 1   | Train | 12.5       |
    | ICC-02 | '1.2   | ICC  | Res. 1   | Other | 99         |
    """
    linked = pages.table(paper(activities), "linked")
    assert pages.heads(linked)[3:] == ["2024", "2025", "2026", "Total", "Staff days"]
    assert len(linked.head) == 2
    (row,) = pages.texts(linked, "")
    assert row[:2] == ("1.1 and 1.2", "1.1")
    assert row[3:] == ("100", "–", "–", "100", "12.5")
    assert pages.texts(linked, "total")[0][-1] == "12.5"


def test_linked_activities__without_costs_stay_blank_and_say_so():
    found = paper("\n## Costs\n| activity | amount |\n")
    linked = pages.table(found, "linked")
    assert pages.texts(linked, "")[0][3] == ""
    assert any("A blank cell does not mean zero." in note for note in notes(found, "ahead"))
    assert len(linked.head) == 1


def test_missing_texts__are_those_of_requests_and_needs():
    text = f"""
    ## Requests
    | id | date | requester | title_en | need_en | reason_en | {SCORES} |
    | R1 | 2024-05-01 | x | One | Why | So | 3 | 3 | 3 | 3 | 3 | 3 |

    ## Needs
    | id | kind  | text_en |
    | N1 | staff | Help    |
    """
    _, missing = requests_context(totals(workbook(WEIGHTS + text)), Language.FR)
    assert missing == [
        MissingText("needs", "N1", "text_fr"),
        MissingText("requests", "R1", "title_fr"),
        MissingText("requests", "R1", "need_fr"),
        MissingText("requests", "R1", "reason_fr"),
    ]
