"""Staff tables: groups by source, posts with grades, percentages by area."""

from __future__ import annotations

import pytest
from typed_annexes import Typed

from cmswp_xl.word_import.staff import post_text

ACTIVITY = ("1.1", "Text.", "", "", "", "")
CORE, VOLUNTARY = "Posts funded from the core budget", "Posts funded by voluntary contributions"


def annex(*staff, heads=()):
    typed = Typed()
    for area, lines in zip(("Birds", "Fish"), staff, strict=False):
        typed.heading(area).activities([ACTIVITY])
        typed.heading("Human resources used in the programme areas", 3).staff(lines, heads)
    return typed


def plain(found, *names):
    return [tuple(row.get(name) for name in names) for row in found]


def reasons(reading):
    return [(d.reason, d.place and (d.place.table, d.place.row)) for d in reading.issues.listed]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Information Officer (P-3)", ("Information Officer", "P-3", "")),
        ("Officer (birds) (P-2)", ("Officer (birds)", "P-2", "")),
        ("Officer (P-3), shared with AEWA", ("Officer", "P-3", "shared with AEWA")),
        ("Officer, Birds (JPO)", ("Officer, Birds", "JPO", "")),
        ("Head (D-1/P-5)", ("Head", "D-1/P-5", "")),
        ("Assistant (G5)", ("Assistant", "G5", "")),
        ("Officer (P-3), shared (AEWA)", ("Officer", "P-3", "shared (AEWA)")),
        ("Officer (birds)", ("Officer (birds)", "", "")),
        ("Officer", ("Officer", "", "")),
    ],
)
def test_post__is_taken_apart(text, parts):
    found = post_text(text)

    assert (found.title, found.grade, found.remark) == parts


def test_posts__have_the_source_of_their_group(rows):
    typed = annex(
        [(CORE,), ("", "Officer (P-4)", "90"), (VOLUNTARY,), ("", "Expert (P-2)", "12.5 %")]
    )

    found = rows(typed)

    assert plain(found["posts"], "id", "title_en", "grade", "source") == [
        ("POST-01", "Officer", "P-4", "CORE"),
        ("POST-02", "Expert", "P-2", "VOL"),
    ]
    assert plain(found["allocations"], "post", "area", "percent") == [
        ("POST-01", "BIR", "90"),
        ("POST-02", "BIR", "12.5"),
    ]


def test_payer_in_the_line__is_a_source_or_a_donor(rows):
    typed = annex(
        [
            (VOLUNTARY,),
            ("Voluntary contributions (Germany)", "A (P-2)", "10"),
            ("Trust fund", "B (P-2)", "20"),
        ]
    )

    found = rows(typed)

    assert plain(found["posts"], "source", "donor") == [("VOL", "DONOR-1"), ("VOL-2", None)]
    assert plain(found["donors"], "name_en") == [("Germany",)]
    assert plain(found["sources"], "code", "title_en")[-1] == ("VOL-2", "Trust fund")


def test_source_merged_down__holds_for_every_line(rows):
    typed = Typed().heading("Birds")
    typed.activities([ACTIVITY])
    table = typed.staff([("Core budget", "A (P-2)", "10"), ("", "B (P-2)", "20")])
    table.cell(1, 0).merge(table.cell(2, 0))

    assert plain(rows(typed)["posts"], "source") == [("CORE",), ("CORE",)]


def test_two_lines_alike_in_one_area__are_two_posts(rows):
    typed = annex([(VOLUNTARY,), ("", "Expert (P-2)", "100"), ("", "Expert (P-2)", "60")])

    assert plain(rows(typed)["allocations"], "post", "percent") == [
        ("POST-01", "100"),
        ("POST-02", "60"),
    ]


def test_post_in_two_areas__is_one_while_its_time_allows(rows):
    typed = annex(
        [(CORE,), ("", "A (P-2)", "60"), ("", "B (P-2)", "60")],
        [(CORE,), ("", "A (P-2)", "40"), ("", "B (P-2)", "50")],
    )

    assert plain(rows(typed)["allocations"], "post", "area", "percent") == [
        ("POST-01", "BIR", "60"),
        ("POST-02", "BIR", "60"),
        ("POST-01", "FIS", "40"),
        ("POST-03", "FIS", "50"),
    ]


def test_post_under_several_payers__is_shared_where_exact(rows):
    lines = [(CORE,), ("", "A (P-4)", "50"), (VOLUNTARY,), ("", "A (P-4)", "30")]
    typed = annex(lines, [(CORE,), ("", "A (P-4)", "12.5"), (VOLUNTARY,), ("", "A (P-4)", "7.5")])

    found = rows(typed)

    assert plain(found["posts"], "id") == [("POST-01",)]
    assert plain(found["postfunding"], "source", "percent") == [("CORE", "62.5"), ("VOL", "37.5")]
    assert plain(found["allocations"], "area", "percent") == [("BIR", "80"), ("FIS", "20")]


def test_post_under_several_payers__is_several_where_shares_are_not_exact(rows):
    lines = [(CORE,), ("", "A (P-4)", "20"), (VOLUNTARY,), ("", "A (P-4)", "10")]

    assert plain(rows(annex(lines))["posts"], "source") == [("CORE",), ("VOL",)]


def test_percentages_by_area__side_by_side(rows):
    typed = Typed().heading("Birds")
    typed.activities([ACTIVITY])
    typed.heading("Fish").activities([ACTIVITY])
    typed.staff(
        [(CORE,), ("", "A (P-2)", "60", "40"), ("", "B (P-2)", "", "–")],
        ("Funding", "Post (grade)", "Birds", "Fish"),
    )

    assert plain(rows(typed)["allocations"], "post", "area", "percent")[:2] == [
        ("POST-01", "BIR", "60"),
        ("POST-01", "FIS", "40"),
    ]


@pytest.mark.parametrize(
    ("line", "reason", "place"),
    [
        (("", "A (P-2)", "110"), "no-percent", (2, 3)),
        (("", "A (P-2)", "0.9"), "share", (2, 3)),
        (("", "A (P-2)", "full"), "no-percent", (2, 3)),
        (("", "", "50"), "row-without-post", (2, 3)),
    ],
)
def test_doubtful_line__is_listed(reading, line, reason, place):
    assert (reason, place) in reasons(reading(annex([(CORE,), line])))


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([(CORE,), ("", "Assistant", "50")], "post-without-grade"),
        ([(CORE,), ("", "A (P-2)", "")], "post-without-time"),
        ([("Posts of friends",), ("", "A (P-2)", "5")], "unknown-group"),
        ([("Friends", "A (P-2)", "5")], "unknown-payer"),
    ],
)
def test_doubtful_post__is_listed(reading, rows, lines, reason):
    typed = annex(lines)

    found = reading(typed)
    rows(typed)
    from cmswp_xl.word_import.workbook_rows import rows_of

    rows_of(found)
    assert reason in [name for name, _ in reasons(found)]


def test_sum_of_percentages__is_no_post(rows):
    typed = annex([(CORE,), ("", "A (P-2)", "60"), ("Total", "", "60")])

    assert len(rows(typed)["posts"]) == 1
