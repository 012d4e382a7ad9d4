"""The requests as worded: ranks, scores, weights, decisions, and the needs ahead."""

from __future__ import annotations

import pytest
from sheets import reckoning, workbook

from cmswp_xl.documents.requests import content as requests_context
from cmswp_xl.documents.texts import MissingText
from cmswp_xl.languages import Language

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
    found, missing = requests_context(reckoning(workbook(base + text)), language)
    assert missing == []
    return found


def test_requests__are_ranked_by_score_then_date_then_id():
    found = [(row.rank, row.id, row.score) for row in paper(REQUESTS).rows]
    assert found == [
        ("1", "R4", "5.00"),
        ("2", "R5", "3.80"),
        ("3", "R2", "3.00"),
        ("4", "R3", "3.00"),
        ("5", "R1", "3.00"),
    ]


@pytest.mark.parametrize(("language", "score"), [("en", "5.00"), ("fr", "5,00"), ("es", "5,00")])
def test_scores__are_in_the_form_of_the_language(language, score):
    assert paper(REQUESTS, Language(language)).rows[0].score == score


def test_heads__show_the_weights():
    found = paper(REQUESTS)
    assert found.criteria[:2] == ("Mandate fit (25%)", "Users served (20%)")
    assert [row.weight for row in found.weights] == ["25", "20", "15", "10", "20", "10"]
    assert found.weights_total == "100"
    assert "6 − score for cost and risk" in found.weight_notes[-1]
    assert "6 minus" in found.weights[4].meaning


def test_requester__is_internal_and_printed_nowhere():
    assert "secret" not in repr(paper(REQUESTS))


def test_funding_offered__stands_apart_and_is_said_never_to_count():
    found = paper(REQUESTS)
    offered = {row.id: row.offered for row in found.rows}
    assert offered == {"R1": "90,000", "R2": "–", "R3": "", "R4": "", "R5": "99,999"}
    assert found.columns == ("offered",)
    for notes in (found.rank_notes, found.means_notes):
        assert any("never enters the score" in text for text in notes)
    assert "not scored" in found.labels["offered"]


def test_decisions__say_when_and_why_and_what_follows():
    declined, accepted = paper(DECIDED).rows
    assert (declined.decision, declined.decided) == ("Declined", "1\u00a0June 2024, The Head")
    assert (declined.reason, declined.follows) == (("Too dear",), "")
    assert (accepted.decision, accepted.follows) == ("Accepted", "Recommendation 1.1")
    pending = paper(REQUESTS).rows[0]
    assert (pending.decision, pending.decided) == ("Awaiting decision", "")


def test_texts_of_one_language__are_not_printed_in_the_others():
    assert "Umoja: no" in paper(DECIDED).rows[0].existing
    for language in (Language.FR, Language.ES):
        other = paper(DECIDED, language)
        assert "Umoja" not in repr(other)
        assert "The Head" not in repr(other)
        assert all(row.existing for row in other.rows)
        assert len(other.rank_notes) == len(paper(DECIDED).rank_notes) + 1


def test_no_requests__are_said_to_be_none():
    found = paper("", base="")
    assert found.empty == "No requests have been recorded."
    assert found.no_needs == "No needs have been recorded."
    assert (found.rows, found.rank_notes, found.linked) == ((), (), None)
    assert found.weight_notes[0] == "No weights have been set."
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


def test_needs__stand_by_year_and_the_whole_period_last():
    technology, staff = paper(NEEDS).needs
    assert [(y.heading, y.amount, y.remark) for y in technology.years] == [
        ("2024", "1,400", ""),
        ("2026", "2,800", ""),
        ("Whole period", "", "Amount not yet estimated"),
    ]
    assert technology.amount == "4,200"
    assert technology.remark == "Amount estimated for 3 of 4 needs"
    assert [y.quantity for y in technology.years] == ["", "", ""]
    assert [(y.heading, y.quantity) for y in staff.years] == [("2024", "1"), ("2025", "0.75")]


def test_needs__name_the_posts_that_meet_them_with_their_years():
    technology, staff = paper(NEEDS).needs
    assert (technology.posts, staff.posts) == (False, True)
    found = {row.post: row.term for year in staff.years for row in year.rows}
    assert found == {
        "Aide (G-5)": "from 2024 to 2025",
        "Head (P-4)": "until 2026",
        "Clerk (G-4)": "from 2025",
    }


def test_needs__rounded_add_up():
    rounding = "\n## Programme\n| setting | value |\n| rounding | thousand |\n"
    technology = paper(NEEDS + rounding).needs[0]
    rows = [row.amount for year in technology.years for row in year.rows]
    assert technology.amount == "4"
    assert sorted(filter(None, rows)) == ["1", "1", "2"]
    assert sum(int(year.amount or 0) for year in technology.years) == 4


def test_linked_activities__stand_once_with_years_and_staff_days():
    activities = """
    ## Activities
    | id     | number | area | mandates | title | staff_days |
    | ICC-01 | '1.1   | ICC  | Res. 1   | Train | 12.5       |
    | ICC-02 | '1.2   | ICC  | Res. 1   | Other | 99         |
    """
    linked = paper(activities).linked
    assert linked.cost_heads == ("2024", "2025", "2026", "Total")
    assert linked.head_rows == 2
    (row,) = linked.rows
    assert (row.recommendations, row.activity.number) == ("1.1, 1.2", "1.1")
    assert row.activity.amounts.cost == ("100", "–", "–", "100")
    assert (row.staff_days, linked.staff_days) == ("12.5", "12.5")


def test_linked_activities__without_costs_stay_blank_and_say_so():
    linked = paper("\n## Costs\n| activity | amount |\n").linked
    assert linked.rows[0].activity.amounts.cost == ("",)
    assert any("Blank does not mean nil." in text for text in linked.statements)
    assert linked.head_rows == 1


def test_missing_texts__are_those_of_requests_and_needs():
    text = f"""
    ## Requests
    | id | date | requester | title_en | need_en | reason_en | {SCORES} |
    | R1 | 2024-05-01 | x | One | Why | So | 3 | 3 | 3 | 3 | 3 | 3 |

    ## Needs
    | id | kind  | text_en |
    | N1 | staff | Help    |
    """
    _, missing = requests_context(reckoning(workbook(WEIGHTS + text)), Language.FR)
    assert missing == [
        MissingText("needs", "N1", "text_fr"),
        MissingText("requests", "R1", "title_fr"),
        MissingText("requests", "R1", "need_fr"),
        MissingText("requests", "R1", "reason_fr"),
    ]
