"""The summary of the technology review, typed word for word into a fresh French workbook."""

from __future__ import annotations

import shutil

import pytest
from annexes import read_docx, read_html
from programs import cmswp
from source_two import (
    EVIDENCE,
    ISSUES,
    LEADS,
    MANDATE,
    METHOD,
    NEXT,
    NO_ACTION,
    NOTES,
    RECOMMENDATIONS,
    SETTINGS,
    SOURCE_TWO,
    STEP_DETAILS,
    STEPS,
    STRATEGIC,
    SUBJECTS,
    TACTICAL,
)
from typist import Typist

TITLES = dict(SUBJECTS)
WEIGHTS = {
    "mandate_fit": 25,
    "users_served": 20,
    "reuse": 15,
    "urgency": 10,
    "cost": 20,
    "risk": 10,
}


@pytest.fixture(scope="module")
def source_two(tmp_path_factory):
    path = tmp_path_factory.mktemp("source") / "source-2.xlsx"
    assert cmswp("new", path, "--lang", "fr").code == 0
    typist = Typist(path, "fr").settings(**SETTINGS)
    for table, rows in SOURCE_TWO.items():
        typist.rows(table, rows)
    return typist.save()


@pytest.fixture(scope="module")
def files(source_two, tmp_path_factory):
    folder = tmp_path_factory.mktemp("papers")
    names = ("technology-review", "next-steps")
    options = [part for name in names for part in ("--document", name)]
    done = cmswp("export", source_two, "--out", folder, "--lang", "fr", *options)
    assert (done.code, done.err) == (0, "")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module", params=["html", "docx"])
def papers(request, files):
    """Give both papers in a format: the review and the next steps."""
    read = {"html": read_html, "docx": read_docx}[request.param]
    return [
        read(files[f"{name}.fr.{request.param}"]) for name in ("technology-review", "next-steps")
    ]


@pytest.fixture
def planted(source_two, tmp_path):
    """Give a function that types over cells of a copy and gives the errors at their cells."""

    def errors(*cells, rows=None):
        path = shutil.copy(source_two, tmp_path / "planted.xlsx")
        typist = Typist(path, "fr")
        for table, new in (rows or {}).items():
            typist.rows(table, new)
        for cell in cells:
            typist.put(*cell)
        typist.save()
        report = cmswp("validate", path, "--format", "json").json
        found = [issue for issue in report["issues"] if issue["severity"] == "error"]
        return typist, [(issue["code"], issue["table"], issue["cell"]) for issue in found]

    return errors


def cell_of(*paragraphs):
    return "\n".join(filter(None, paragraphs))


def test_source_two__reports_the_repeated_step_and_the_missing_one_and_no_others(source_two):
    report = cmswp("validate", source_two, "--format", "json").json
    assert report["errors"] == 0
    steps = Typist(source_two, "fr")
    told = [
        (issue["code"], issue["table"], issue["cell"], issue["value"])
        for issue in report["issues"]
        if issue["severity"] == "warning"
    ]
    both = [steps.place("steps", "recommendation", row) for row in (6, 16)]
    number = [n for n, _ in RECOMMENDATIONS].index("2.3") + 1
    stepless = steps.place("recommendations", "number", number)
    assert sorted(told) == [
        ("no-next-step", "recommendations", stepless, "2.3"),
        *(("repeated-recommendation", "steps", cell, "2.2") for cell in sorted(both)),
    ]
    for issue in report["issues"]:
        if issue["code"] == "repeated-recommendation":
            assert all(cell in issue["message"] for cell in both)


@pytest.mark.parametrize("number", NO_ACTION)
def test_source_two__says_nothing_about_what_is_not_to_be_done(source_two, number):
    report = cmswp("validate", source_two, "--format", "json").json
    row = [n for n, _ in RECOMMENDATIONS].index(number) + 1
    place = Typist(source_two, "fr").place("recommendations", "number", row)
    texts = ("missing-translation", "not-calculated")
    for issue in report["issues"]:
        if issue["code"] not in texts:
            assert issue["value"] != number
            assert (issue["table"], issue["cell"]) != ("recommendations", place)


def test_review__holds_the_statements_whole_and_in_order(papers):
    review, _ = papers
    lines = [text for kind, text in review.texts if not kind.startswith("h")]
    statements = [*MANDATE, *METHOD, *(title for _, _, title in EVIDENCE)]
    statements += [*ISSUES, *STRATEGIC, *TACTICAL]
    assert len(statements) == 4 + 1 + 4 + 1 + 4 + 5
    firsts = [lines.index(text) for text in statements]
    assert firsts == sorted(firsts)


def test_review__gives_the_strategic_and_tactical_ones_no_numbers(papers):
    review, _ = papers
    for text in (*STRATEGIC, *TACTICAL):
        assert any(line == text for _, line in review.texts)


def test_register__holds_subjects_and_recommendations_whole_and_in_order(papers):
    review, _ = papers
    (register,) = review.tables
    expected = []
    for point, title in SUBJECTS:
        expected.append(f"{point}. {title}")
        for number, text in RECOMMENDATIONS:
            if number.partition(".")[0] == point:
                expected.append((number, cell_of(text, NOTES.get(number))))
    found = [row[0] if not any(row[1:]) else (row[0], row[1]) for row in register[1:]]
    assert found == expected
    assert len(expected) == 13 + 21


def test_register__keeps_what_is_not_acted_on_visible_in_words(papers):
    review, _ = papers
    (register,) = review.tables
    decisions = {row[0]: row[2] for row in register[1:]}
    idle = {number for number, word in decisions.items() if word == decisions["6.1"]}
    assert idle == set(NO_ACTION)
    assert decisions["6.1"]


def test_register__says_which_steps_follow(papers):
    review, _ = papers
    (register,) = review.tables
    steps = {row[0]: row[-1] for row in register[1:] if row[2]}
    follow = {}
    for seq, (number, _) in enumerate(STEPS, 1):
        follow.setdefault(number, []).append(str(seq))
    for number, text in steps.items():
        assert [part.strip(",") for part in text.split() if part.strip(",").isdigit()] == (
            follow.get(number, [])
        )
    assert [n for n in steps if n not in follow] == ["2.3", *NO_ACTION]
    assert steps["2.3"] not in (steps["6.1"], "")


def test_review__says_that_no_activity_carries_a_recommendation(papers):
    review, _ = papers
    assert len(review.tables) == 1
    assert "0" not in review.texts[-1][1]


def test_next_steps__begin_with_who_carries_them(papers):
    _, steps = papers
    lines = [text for kind, text in steps.texts if not kind.startswith("h")]
    firsts = [lines.index(text) for text in NEXT]
    assert firsts == sorted(firsts)


def test_next_steps__hold_the_sequence_whole_and_in_order(papers):
    _, steps = papers
    (table,) = steps.tables
    assert [row[:2] for row in table[1:]] == [
        [str(seq), number] for seq, (number, _) in enumerate(STEPS, 1)
    ]
    for row, (number, text) in zip(table[1:], STEPS, strict=True):
        note = STEP_DETAILS.get(int(row[0]), {}).get("note_fr")
        wanted = cell_of(TITLES[number.partition(".")[0]], text, note)
        assert row[2] == wanted or row[2].startswith(f"{wanted}\n")


def test_next_steps__refer_to_each_other_where_they_repeat_a_point(papers):
    _, steps = papers
    (table,) = steps.tables
    also = {
        row[0]: row[2].splitlines()[-1]
        for row in table[1:]
        if len(row[2].splitlines()) > (3 if row[0] == "16" else 2)
    }
    assert set(also) == {"6", "16"}
    assert "16" in also["6"]
    assert "6" in also["16"].replace("16", "")


def test_next_steps__report_the_agreement_and_nothing_else(papers):
    _, steps = papers
    (table,) = steps.tables
    details = {row[0]: row[3:] for row in table[1:] if any(row[3:])}
    assert set(details) == {"3"}
    assert details["3"][-1] == STEP_DETAILS[3]["result_fr"]
    assert len(details["3"]) == 2


def test_source_two__no_word_is_lost_between_the_papers(papers):
    everything = "\n".join(paper.everything() for paper in papers)
    for rows in SOURCE_TWO.values():
        for row in rows:
            for name, value in row.items():
                if name.endswith("_fr"):
                    assert value in everything
    assert len(LEADS) == 2


def test_weights__that_do_not_add_up_are_an_error_at_their_cell(planted):
    weights = [{"criterion": name, "weight": weight} for name, weight in WEIGHTS.items()]
    assert planted(rows={"weights": weights})[1] == []
    typist, errors = planted(("weights", "weight", 6, 15), rows={"weights": weights})
    assert errors == [("weights-not-100", "weights", typist.place("weights", "weight", 6))]


def test_unknown_recommendation__is_an_error_at_its_cell(planted):
    typist, errors = planted(
        ("steps", "recommendation", 9, "8.3"), ("findings", "recommendations", 9, "4.1; 4.9")
    )
    assert errors == [
        ("unknown-reference", "findings", typist.place("findings", "recommendations", 9)),
        ("unknown-reference", "steps", typist.place("steps", "recommendation", 9)),
    ]


@pytest.mark.parametrize(
    ("row", "seq", "cells"),
    [(19, 20, [19]), (5, 4, [5]), (10, 11, [10])],
)
def test_broken_sequence__is_an_error_at_its_cells(planted, row, seq, cells):
    typist, errors = planted(("steps", "seq", row, seq))
    places = [typist.place("steps", "seq", number) for number in cells]
    assert errors == [("sequence-gap", "steps", place) for place in places]


@pytest.mark.parametrize("name", ["technology-review", "next-steps"])
def test_papers__are_refused_with_errors_and_in_languages_without_texts(
    source_two, tmp_path, name
):
    folder = tmp_path / "out"
    done = cmswp("export", source_two, "--out", folder, "--document", name, "--lang", "en")
    assert done.code == 1
    assert not folder.exists()
    sheet, _ = Typist(source_two, "fr").sheet("subjects")
    assert f"{sheet.title} " in done.out
