"""The rules of the technology review, each with its boundary."""

from __future__ import annotations

import pytest
from sheets import check, findings, places

from cmswp_xl.issues import SEVERITIES, Severity

SUBJECTS = """
## Subjects
| point | title       |
| 1     | Connections |
| 2     | Machines    |
| 10    | Contacts    |
"""
REGISTER = """
## Recommendations
| number | subject | text    | decision  | status |
| '1.1   | 1       | Connect | act       |        |
| '2.1   | 2       | Buy     | act       |        |
| '10.1  | 10      | Wait    | no-action |        |
"""
STEPS = """
## Steps
| seq | recommendation | text    |
| 1   | '1.1           | Connect |
| 2   | '2.1           | Buy     |
"""
REVIEW = SUBJECTS + REGISTER + STEPS


def codes(text, *without):
    """Give code and cell of what is found, but for the codes not asked for."""
    return [(item[1], item[0]) for item in findings(text) if item[1] not in without]


def register(*rows, subjects=SUBJECTS, steps=""):
    """Write a review of recommendations given as cells: number, subject, decision, status."""
    lines = "\n".join(
        f"| {number} | {subject} | Text | {decision} | {status} |"
        for number, subject, decision, status in rows
    )
    head = "## Recommendations\n| number | subject | text | decision | status |\n"
    return f"{subjects}\n{head}{lines}\n{steps}"


def sequence(*rows, columns="seq | recommendation", review=SUBJECTS + REGISTER):
    """Write a review with steps given as the cells of a row."""
    lines = "\n".join(f"| {row} | Step |" for row in rows)
    return f"{review}\n## Steps\n| {columns} | text |\n{lines}\n"


def test_review_in_order__is_not_spoken_of():
    assert findings(REVIEW) == []


def test_no_review_at_all__is_not_spoken_of():
    assert findings() == []


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((1, 2, 3), []),
        ((3, 1, 2), []),
        ((1,), []),
        ((2, 3), [("A2", "2", {"missing": "1"})]),
        ((1, 3), [("A3", "3", {"missing": "2"})]),
        ((1, 2, 4, 5), [("A4", "4", {"missing": "3"})]),
        ((1, 2, 5, 6), [("A4", "5", {"missing": "3"})]),
        ((1, 2, 9, 11), [("A4", "9", {"missing": "3"}), ("A5", "11", {"missing": "4"})]),
        ((1, 2, 33, 4, 5), [("A4", "33", {"missing": "3"})]),
        ((4, 33, 2, 1), [("A3", "33", {"missing": "3"})]),
        ((1, 22, 3, 44, 5), [("A3", "22", {"missing": "2"}), ("A5", "44", {"missing": "4"})]),
        ((1, 2, 2), [("A4", "2", {"cells": ["A3", "A4"], "missing": "3"})]),
        ((2, 1, 2, 3), [("A4", "2", {"cells": ["A2", "A4"], "missing": "4"})]),
        (
            (1, 1, 1),
            [
                ("A3", "1", {"cells": ["A2", "A3", "A4"], "missing": "2"}),
                ("A4", "1", {"cells": ["A2", "A3", "A4"], "missing": "3"}),
            ],
        ),
        ((1, 3, 3), [("A4", "3", {"cells": ["A3", "A4"], "missing": "2"})]),
    ],
)
def test_sequence__runs_from_one_without_gap_or_repetition(numbers, expected):
    rows = "\n".join(f"| {number} | method | Text |" for number in numbers)

    issues = check(f"## Findings\n| seq | kind | text |\n{rows}").issues

    assert [(issue.cell, issue.value, issue.values) for issue in issues] == expected
    assert {issue.code for issue in issues} <= {"sequence-gap"}


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "missing-value"),
        ("'2", "wrong-type"),
        ("two", "wrong-type"),
        ("1.5", "wrong-type"),
        ("0", "out-of-range"),
        ("-3", "out-of-range"),
        ("10000", "out-of-range"),
        ("1e17", "out-of-range"),
        ("-1e300", "out-of-range"),
    ],
)
def test_sequence_number_at_fault__is_told_once_and_may_be_the_missing_one(cell, code):
    text = f"""
    ## Findings
    | seq    | kind   | text  |
    | 1      | method | One   |
    | {cell} | method | Two   |
    | 3      | method | Three |
    """

    assert codes(text) == [(code, "A3")]


def test_repeated_number__is_told_whatever_else_is_at_fault():
    text = """
    ## Findings
    | seq | kind   | text  |
    | x   | method | One   |
    | 3   | method | Three |
    | 3   | method | Three |
    """

    assert codes(text) == [("wrong-type", "A2"), ("sequence-gap", "A4")]


def test_steps_and_findings__are_counted_apart():
    text = REVIEW + "\n## Findings\n| seq | kind | text |\n| 1 | method | One |\n"

    assert codes(text) == []
    assert codes(sequence("1 | '1.1", "3 | '2.1")) == [("sequence-gap", "A3")]


@pytest.mark.parametrize(
    ("number", "subject", "taken"),
    [
        ("'1.1", 1, True),
        ("'1.10", 1, True),
        ("'1.1 a", 1, True),
        ("'1.2.3", 1, True),
        ("'10.1", 10, True),
        ("'10.1", 1, False),
        ("'1.1", 10, False),
        ("'2.1", 1, False),
        ("'01.1", 1, False),
        ("'1", 1, False),
        ("'1.", 1, False),
        ("'1-1", 1, False),
        ("'11", 1, False),
    ],
)
def test_number__begins_with_the_point_of_its_subject(number, subject, taken):
    text = register((number, subject, "no-action", ""))

    found = [item for item in findings(text) if item[1] == "number-outside-subject"]

    value = number.removeprefix("'")
    place = ("A2", "number-outside-subject", "recommendations", "number", value)
    assert found == ([] if taken else [place])


def test_number_under_a_subject_that_cannot_be_read__is_not_measured():
    text = register(("'1.1", "'1", "no-action", ""))

    assert codes(text, "subject-without-recommendation") == [("wrong-type", "B2")]


def test_number_typed_as_a_number__says_what_it_may_have_been():
    text = register(("1.1", "1", "no-action", ""))

    (issue,) = (i for i in check(text).issues if i.table == "recommendations")

    assert (issue.code, issue.cell, issue.values["meant"]) == ("wrong-type", "A2", "1.1|1.10")


def test_subject_without_recommendation__is_told_at_its_point():
    text = register(("'1.1", 1, "no-action", ""), ("'10.1", 10, "no-action", ""))

    assert findings(text) == [("A3", "subject-without-recommendation", "subjects", "point", "2")]


def test_subjects_without_any_register__are_each_told():
    assert codes(SUBJECTS) == [("subject-without-recommendation", f"A{row}") for row in (2, 3, 4)]


@pytest.mark.parametrize("subject", ["", "'2", "two", "2.5"])
def test_subject_whose_recommendation_cannot_be_read__is_known_by_the_number(subject):
    rows = (("'1.1", 1), ("'2.1", subject), ("'10.1", 10))
    text = register(*((number, point, "no-action", "") for number, point in rows))

    assert codes(text) == [("wrong-type" if subject else "missing-value", "B3")]


def test_point_that_is_unknown__is_an_unknown_reference():
    text = register(*((f"'{n}.1", n, "no-action", "") for n in (1, 2, 10, 11)))

    assert codes(text) == [("unknown-reference", "B5")]


def test_point_used_twice__is_a_duplicate_key():
    subjects = SUBJECTS + "| 2 | Again |\n"

    found = codes(subjects + REGISTER + STEPS)

    assert found == [("duplicate-key", "A3"), ("duplicate-key", "A5")]


@pytest.mark.parametrize("status", ["done", "dropped", "Done"])
def test_recommendation_that_is_settled__needs_no_step(status):
    assert codes(register(("'1.1", 1, "act", status)), "subject-without-recommendation") == []


@pytest.mark.parametrize("status", ["", "open", "ongoing"])
def test_recommendation_to_act_without_a_step__is_told_at_its_number(status):
    text = register(("'1.1", 1, "act", status))

    found = [item for item in findings(text) if item[2] == "recommendations"]

    assert found == [("A2", "no-next-step", "recommendations", "number", "1.1")]


@pytest.mark.parametrize("decision", ["no-action", "", "perhaps"])
def test_recommendation_without_a_decision_to_act__needs_no_step(decision):
    text = register(("'1.1", 1, decision, ""))

    assert "no-next-step" not in {code for code, _ in codes(text)}


@pytest.mark.parametrize("typed", ["2.1", "2.10"])
def test_step_whose_number_was_typed_as_a_number__is_told_once(typed):
    assert codes(sequence("1 | '1.1", f"2 | {typed}")) == [("wrong-type", "B3")]


@pytest.mark.parametrize("number", ["'1.1 A", "'1.1  a", "' 1.1 a ", "'1.1 a"])
def test_step__names_its_recommendation_in_any_case_and_spacing(number):
    review = register(("'1.1 a", 1, "act", ""))

    assert codes(sequence(f"1 | {number}", review=review), "subject-without-recommendation") == []


def test_step_of_an_unknown_recommendation__is_an_error_at_its_cell_and_no_more():
    text = sequence("1 | '1.1", "2 | '2.1", "3 | '9.9", "4 | '9.9")

    assert codes(text) == [("unknown-reference", "B4"), ("unknown-reference", "B5")]


def test_step_where_no_action_is_to_be_taken__is_told_at_the_step():
    text = sequence("1 | '1.1", "2 | '10.1", "3 | '2.1")

    assert findings(text) == [("B3", "step-for-no-action", "steps", "recommendation", "10.1")]


def test_step_for_a_number_that_two_recommendations_bear__is_told_once():
    register_ = REGISTER + "| '10.1 | 10 | Wait | no-action | |\n"
    text = sequence("1 | '1.1", "2 | '10.1", "3 | '2.1", review=SUBJECTS + register_)

    assert codes(text) == [("duplicate-key", "A4"), ("duplicate-key", "A5"),
                           ("step-for-no-action", "B3")]  # fmt: skip


def test_recommendation_with_several_steps__names_all_places_at_each():
    text = sequence("1 | '1.1", "2 | '2.1", "3 | '1.1", "4 | '1.1")

    issues = check(text).issues

    assert places(issues) == [
        ("Next steps", cell, "repeated-recommendation") for cell in ("B2", "B4", "B5")
    ]
    assert all(issue.values["cells"] == ["B2", "B4", "B5"] for issue in issues)
    assert {issue.severity for issue in issues} == {Severity.WARNING}


def test_recommendation_that_repeats_in_another_case__is_seen():
    review = register(
        ("'1.1 a", 1, "act", ""), subjects="## Subjects\n| point | title |\n| 1 | A |"
    )

    assert codes(sequence("1 | '1.1 a", "2 | '1.1 A", review=review)) == [
        ("repeated-recommendation", "B2"),
        ("repeated-recommendation", "B3"),
    ]


@pytest.mark.parametrize(
    ("status", "taken"),
    [("done", True), ("planned", False), ("ongoing", False), ("on-hold", False), ("", False)],
)
def test_done_recommendation__has_its_steps_done(status, taken):
    text = sequence(
        "1 | '1.1 | done",
        f"2 | '1.1 | {status}",
        columns="seq | recommendation | status",
        review=register(("'1.1", 1, "act", "done")),
    )

    found = [issue for issue in check(text).issues if issue.code == "done-with-open-steps"]

    assert [(issue.cell, issue.column, issue.values) for issue in found] == (
        [] if taken else [("G2", "status", {"number": "1.1", "cells": ["C3"]})]
    )


@pytest.mark.parametrize("status", ["open", "ongoing", "dropped", ""])
def test_only_a_done_recommendation__asks_for_done_steps(status):
    text = sequence(
        "1 | '1.1 | planned",
        columns="seq | recommendation | status",
        review=register(("'1.1", 1, "act", status)),
    )

    assert codes(text, "subject-without-recommendation") == []


def test_step_status_that_cannot_be_read__is_told_once():
    text = sequence(
        "1 | '1.1 | 7",
        columns="seq | recommendation | status",
        review=register(("'1.1", 1, "act", "done")),
    )

    assert codes(text, "subject-without-recommendation") == [("wrong-type", "C2")]


def dated(*rows):
    """Write steps, each of a recommendation of its own, as due date and status."""
    numbers = range(1, len(rows) + 1)
    lines = "\n".join(f"| '1.{n} | 1 | Text | act |" for n in numbers)
    return sequence(
        *(f"{n} | '1.{n} | {row}" for n, row in zip(numbers, rows, strict=True)),
        columns="seq | recommendation | due | status",
        review="## Subjects\n| point | title |\n| 1 | A |\n"
        f"## Recommendations\n| number | subject | text | decision |\n{lines}\n",
    )


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        (("2025-01-01 |", "2025-01-02 |"), []),
        (("2025-01-01 |", "2025-01-01 |"), []),
        (("2025-01-02 |", "2025-01-01 |"), ["C3"]),
        (("2025-01-02 | ongoing", "2025-01-01 |"), []),
        (("2025-01-02 |", "2025-01-01 | ongoing"), []),
        (("2025-01-02 | done", "2025-01-01 | on-hold"), ["C3"]),
        (("2025-03-01 |", "|", "2025-02-01 |"), ["C4"]),
        (("2025-03-01 |", "2025-01-01 |", "2025-02-01 |"), ["C3", "C4"]),
        (("2025-01-01 |", "2025-03-01 | ongoing", "2025-02-01 |"), []),
    ],
)
def test_due_date__is_not_before_that_of_an_earlier_step(rows, cells):
    assert codes(dated(*rows)) == [("due-out-of-sequence", cell) for cell in cells]


def test_due_date_out_of_sequence__is_told_with_the_earlier_step():
    (issue,) = check(dated("2025-01-01 |", "2025-03-01 |", "2025-02-01 |")).issues

    assert issue.value == "2025-02-01"
    assert (issue.values["seq"], issue.values["due"]) == ("2", "2025-03-01")


def test_due_date__follows_the_sequence_and_not_the_rows():
    text = sequence(
        "2 | '2.1 | 2025-02-01", "1 | '1.1 | 2025-01-01", columns="seq | recommendation | due"
    )

    assert codes(text) == []


def test_due_date_typed_as_text__is_told_once():
    assert codes(dated("2025-02-01 |", "'01/01/2025 |")) == [("wrong-type", "C3")]


@pytest.mark.parametrize(("due", "taken"), [("2025-01-02", True), ("2025-01-01", False)])
def test_step__is_not_due_before_its_start(due, taken):
    text = sequence(
        f"1 | '1.1 | 2025-01-02 | {due}", "2 | '2.1 | |",
        columns="seq | recommendation | start | due",
    )  # fmt: skip

    assert codes(text) == ([] if taken else [("out-of-range", "D2")])


EVIDENCE = """
## Evidence
| code   | kind      | title |
| INT-01 | interview | Talk  |
| WEB-01 | website   | Site  |
"""


def naming(*entries):
    rows = "\n".join(
        f"| '1.{n} | 1 | Text | no-action | {entry} |" for n, entry in enumerate(entries, 1)
    )
    head = "## Recommendations\n| number | subject | text | decision | evidence |"
    return f"## Subjects\n| point | title |\n| 1 | A |\n{head}\n{rows}\n{EVIDENCE}"


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (("INT-01; WEB-01",), []),
        (("INT-01", "web-01"), []),
        (("INT-01 ;; INT-01",), [("unused-evidence", "A3")]),
        (("", ""), []),
        (("INT-01", "WEB-02"), [("unknown-reference", "G3"), ("unused-evidence", "A3")]),
        (("7", "INT-01"), [("wrong-type", "G2"), ("unused-evidence", "A3")]),
    ],
)
def test_evidence__is_named_once_any_recommendation_names_some(entries, expected):
    assert codes(naming(*entries)) == expected


WEIGHTS = (25, 20, 15, 10, 20, 10)
CRITERIA = ("mandate_fit", "users_served", "reuse", "urgency", "cost", "risk")


def weights(*given, criteria=CRITERIA):
    rows = "\n".join(f"| {name} | {value} |" for name, value in zip(criteria, given, strict=False))
    return f"\n## Weights\n| criterion | weight |\n{rows}\n"


def requests(*rows):
    """Write requests as decision, who, when, reason, recommendation, existing solution."""
    columns = " | ".join(CRITERIA)
    lines = "\n".join(
        f"| R-{n} | 2025-01-01 | ICU | Tool | Need | 5 | 4 | 3 | 2 | 1 | 1 | {row} |"
        for n, row in enumerate(rows, 1)
    )
    return (
        f"{REVIEW}\n## Requests\n| id | date | requester | title | need | {columns} | decision"
        f" | decided_by | decided_on | reason | recommendation | existing_solution |\n{lines}\n"
    )


PENDING = " | | | | | "


def test_weights__add_up_to_one_hundred():
    assert codes(requests(PENDING) + weights(*WEIGHTS)) == []
    assert codes(weights(*WEIGHTS)) == []
    assert codes(weights("33.33", "33.33", "33.34")) == []


@pytest.mark.parametrize(
    ("given", "together"),
    [
        ((25, 20, 15, 10, 20, "9.99"), "99.99"),
        ((25, 20, 15, 10, 20, "10.01"), "100.01"),
        ((25, 20, 15, 10, 20), "90"),
        ((0, 0), "0"),
        ((100, 100), "200"),
    ],
)
def test_weights_that_do_not_add_up__are_told_at_the_last_one(given, together):
    (issue,) = check(requests(PENDING) + weights(*given)).issues

    assert (issue.code, issue.cell) == ("weights-not-100", f"B{len(given) + 1}")
    assert (issue.severity, issue.values) == (Severity.ERROR, {"total": together})


@pytest.mark.parametrize("weight", ["", "'10", "ten", "10.005"])
def test_weight_that_cannot_be_read__is_told_once(weight):
    found = codes(requests(PENDING) + weights(25, 20, weight, 10, 20, 10))

    assert [cell for _, cell in found] == ["B4"]
    assert found[0][0] in ("missing-value", "wrong-type", "too-many-decimals")


def test_criterion__is_one_of_the_six_and_stands_once():
    found = codes(weights(50, 25, 25, criteria=("risk", "Risk ", "beauty")))

    assert found == [("duplicate-key", "A2"), ("duplicate-key", "A3"), ("not-in-list", "A4")]


def test_weights_as_percentages__are_read_as_shown():
    assert codes(weights("25%", "20%", "15%", "10%", "20%", "10%")) == []


@pytest.mark.parametrize("text", ["", "\n## Weights\n| criterion | weight |\n"])
def test_requests_without_any_weights__are_told_at_the_first_request(text):
    (issue,) = check(requests(PENDING, PENDING) + text).issues

    assert (issue.code, issue.table, issue.cell) == ("weights-not-100", "requests", "A2")


def test_no_requests_and_no_weights__are_in_order():
    text = requests() + "\n## Weights\n| criterion | weight |\n"

    assert codes(text) == []


COMPLETE = {
    "accepted": "accepted | Head | 2025-02-01 | | '1.1 | Umoja",
    "declined": "declined | Head | 2025-02-01 | Costly | | Umoja",
    "deferred": "deferred | Head | 2025-02-01 | Later | | Umoja",
}


@pytest.mark.parametrize("row", [*COMPLETE.values(), PENDING, "pending | | | | | "])
def test_decision_that_is_complete_or_still_to_be_taken__is_in_order(row):
    assert codes(requests(row) + weights(*WEIGHTS)) == []


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        ("accepted | | 2025-02-01 | | '1.1 | Umoja", ["decided_by"]),
        ("accepted | Head | | | '1.1 | Umoja", ["decided_on"]),
        ("accepted | Head | 2025-02-01 | | | Umoja", ["recommendation"]),
        ("accepted | Head | 2025-02-01 | Why not | | Umoja", ["recommendation"]),
        ("declined | Head | 2025-02-01 | | '1.1 | Umoja", ["reason_en"]),
        ("deferred | Head | 2025-02-01 | | | Umoja", ["reason_en"]),
        ("Deferred | | | | | Umoja", ["decided_by", "decided_on", "reason_en"]),
        ("accepted | ' | | | | Umoja", ["decided_by", "decided_on", "recommendation"]),
    ],
)
def test_decision__needs_all_that_the_workflow_asks_for(row, columns):
    found = [
        (issue.code, issue.column) for issue in check(requests(row) + weights(*WEIGHTS)).issues
    ]

    assert found == [("incomplete-decision", column) for column in columns]


def test_decision_cells_at_fault__are_told_once():
    row = "accepted | 5 | '1 May | | 1.1 | Umoja"

    found = codes(requests(row) + weights(*WEIGHTS))

    assert [code for code, _ in found] == ["wrong-type"] * 3


@pytest.mark.parametrize("decision", ["accepted", "declined", "deferred"])
def test_decision_without_a_look_at_what_exists__is_a_warning(decision):
    row = COMPLETE[decision].replace("Umoja", "")

    (issue,) = check(requests(row) + weights(*WEIGHTS)).issues

    assert (issue.code, issue.column) == ("existing-solution-unknown", "existing_solution")
    assert issue.severity is Severity.WARNING
    assert issue.values == {"request": "R-1"}


def test_decision_before_the_date_of_the_request__is_out_of_range():
    row = COMPLETE["declined"].replace("2025-02-01", "2024-12-31")

    assert [code for code, _ in codes(requests(row) + weights(*WEIGHTS))] == ["out-of-range"]


def test_request__names_a_recommendation_that_is_there():
    row = COMPLETE["accepted"].replace("1.1", "9.9")

    assert [code for code, _ in codes(requests(row) + weights(*WEIGHTS))] == ["unknown-reference"]


@pytest.mark.parametrize("score", ["0", "6", "-1"])
def test_score__is_from_one_to_five(score):
    text = requests(PENDING).replace("| 5 | 4 |", f"| {score} | 4 |") + weights(*WEIGHTS)

    assert [code for code, _ in codes(text)] == ["out-of-range"]


def test_tables_that_are_absent__are_the_same_as_empty():
    register_only = SUBJECTS + REGISTER
    empty = register_only + "\n## Steps\n| seq | recommendation | text |\n"

    assert codes(register_only) == codes(empty) == [("no-next-step", "A2"), ("no-next-step", "A3")]
    assert codes(STEPS) == [("unknown-reference", "B2"), ("unknown-reference", "B3")]


@pytest.mark.parametrize(
    ("old", "new", "cell"),
    [
        ("Connections", "", "B2"),
        ("| 1       | Connect |", "| 1 | |", "C2"),
        ("'1.1           | Connect |", "'1.1 | |", "C2"),
        ("Talk", "", "C2"),
        ("| Tool |", "| |", "D2"),
        ("| Need |", "| |", "G2"),
    ],
)
def test_text_in_the_original_language__is_required_throughout(old, new, cell):
    text = requests(PENDING) + EVIDENCE + weights(*WEIGHTS)
    assert text.count(old) == 1

    assert codes(text.replace(old, new), "missing-translation") == [("missing-value", cell)]


def test_new_codes__have_the_severities_of_the_design():
    errors = {"weights-not-100", "sequence-gap", "number-outside-subject", "incomplete-decision"}
    warnings = {"repeated-recommendation", "no-next-step", "step-for-no-action"}

    assert {SEVERITIES[code] for code in errors} == {Severity.ERROR}
    assert {SEVERITIES[code] for code in warnings} == {Severity.WARNING}
    assert {SEVERITIES[code] for code in ("recommendation-to-be-funded", "unused-evidence")} == {
        Severity.INFO
    }
