"""The calendar on Summary, and the figures by funding status."""

from __future__ import annotations

import io

import pytest
from made_books import made
from openpyxl import load_workbook

from cmswp_xl.languages import Language
from cmswp_xl.samples import read_sample


def calendar(activities, start=2024, end=2026, language=Language.EN):
    """Return the stored rows of the calendar below its title, to the first blank one."""
    plan = read_sample("programme-of-work")
    content = {name: plan[name] for name in ("programme", "areas", "sources")}
    form = {**content["programme"][0], "period_start": start, "period_end": end}
    area = content["areas"][0]["code"]
    content["programme"] = [form]
    content["activities"] = [
        {"id": f"X-{n}", "number": f"1.{n}", "area": area, "title_en": f"T{n}", **given}
        for n, given in enumerate(activities, 1)
    ]
    data, _ = made(content, language)
    book = load_workbook(io.BytesIO(data), data_only=True)
    rows = list(book["Summary"].iter_rows(values_only=True))
    first = next(n for n, row in enumerate(rows) if row[0] == "Calendar of activities")
    return rows[first], rows[first + 1], [row for row in rows[first + 2 :] if row[0]]


def marks(row, years=3):
    return "".join("x" if mark == "■" else "." for mark in row[3 : 3 + years])


@pytest.mark.parametrize(
    ("bounds", "covered"),
    [
        ({}, "xxx"),
        ({"start_year": 2025}, ".xx"),
        ({"end_year": 2025}, "xx."),
        ({"start_year": 2025, "end_year": 2025}, ".x."),
        ({"start_year": 2020, "end_year": 2030}, "xxx"),
    ],
)
def test_years__are_marked_from_the_first_to_the_last_and_blank_is_the_whole_period(
    bounds, covered
):
    _, head, (row,) = calendar([bounds])

    assert head[:7] == ("Number", "Title", "Timing", 2024, 2025, 2026, None)
    assert marks(row) == covered
    assert not any(row[6:])


def test_texts__are_on_one_line_and_marked_where_they_are_cut():
    long = "Organize the meeting of the Conference of the Parties, with documents"
    timing = "Before the 15th meeting"
    _, _, rows = calendar(
        [
            {"title_en": "One\nTwo", "timing_en": "as required"},
            {"title_en": long, "timing_en": timing},
        ]
    )

    assert rows[0][1:3] == ("One Two", "as required")
    assert rows[1][1] == long[:42] + "…"
    assert rows[1][2] == timing[:17] + "…"


def test_activities_beyond_the_room__are_counted_in_a_line():
    title, _, rows = calendar([{}] * 62)

    assert len(rows) == 60
    assert title[2].startswith("Activities shown: 60; not shown: 2.")


def test_years__end_with_the_period_and_there_is_room_for_twelve():
    _, head, (row,) = calendar([{"start_year": 2030}], start=2024, end=2036)

    assert head[3:15] == tuple(range(2024, 2036))
    assert marks(row, 12) == "......xxxxxx"


def test_statuses__have_the_cost_and_the_money_to_be_sought_of_their_activities():
    data, _ = made(read_sample("example"), Language.EN)
    summary = load_workbook(io.BytesIO(data), data_only=True)["Summary"]
    rows = list(summary.iter_rows(values_only=True))
    first = next(n for n, row in enumerate(rows) if row[0] == "By funding status")
    by_status = {row[0]: row[2:5] for row in rows[first + 2 : first + 8]}
    total = {row[0]: row[2] for row in rows[: first - 40]}

    assert rows[first + 1][2:5] == ("Activities", "Cost", "To be sought")
    assert by_status["not yet costed"][1:] == (None, None)
    assert by_status["no additional cost"][1:] == (0, 0)
    assert by_status["unfunded"][1] == by_status["unfunded"][2] > 0
    for column, name in ((1, "Cost"), (2, "To be sought")):
        amounts = [figures[column] or 0 for figures in by_status.values()]
        assert sum(amounts) == pytest.approx(total[name])
