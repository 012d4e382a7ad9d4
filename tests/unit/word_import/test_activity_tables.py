"""Tables of activities as people type them, and what becomes of each of their cells."""

from __future__ import annotations

import pytest
from typed_annexes import HEADS, Typed

from cmswp_xl.errors import Misuse, UnreadableWorkbook

PART_NET = (
    "Part of the costs is net: programme support costs of 13 per cent on that part are added below"
    " the total."
)
MONEY = ("1.1", "Run the website.", "1,000", "400", "100", "500")


def issues(reading):
    return [
        (d.reason, d.place and (d.place.table, d.place.row, d.place.column), d.found, d.taken)
        for d in reading.issues.listed
    ]


def verdicts(reading):
    return [(s.label, s.place.column, s.verdict) for s in reading.issues.sums]


def plain(found, *names):
    return [tuple(row.get(name) for name in names) for row in found]


@pytest.mark.parametrize("language", HEADS)
def test_activity__becomes_rows_of_activities_costs_and_funding(rows, language):
    typed = Typed(language).heading("Wetlands and birds")
    typed.activities([("1.1", "Text.", "1000", "400", "100", "500")])

    found = rows(typed)

    assert plain(found["activities"], "id", "number", f"title_{language}") == [
        ("WB-01", "1.1", "Text.")
    ]
    assert plain(found["costs"], "year", "amount") == [(None, "1000")]
    assert plain(found["funding"], "source", "stage", "amount") == [
        ("CORE", "confirmed", "400"),
        ("VOL", "confirmed", "100"),
    ]
    assert "annex.docx" in found["costs"][0]["note"]


def test_years_side_by_side__become_costs_by_year(rows):
    typed = Typed().heading("Birds")
    typed.activities(
        [("1.1", "Text.", "100", "–", "200", "300", "–", "", "300")], ("2012", "2013", "2014")
    )

    found = rows(typed)

    assert plain(found["costs"], "year", "amount") == [(2012, "100"), (2014, "200")]
    assert "funding" not in found


def test_several_areas__in_tables_of_their_own(rows):
    typed = Typed().heading("1. Birds").text("Some words on birds.")
    typed.activities([MONEY])
    typed.heading("Programme area 2: Fish").activities([("1.1", "Text.", "", "", "", "")])

    found = rows(typed)

    assert plain(found["areas"], "code", "title_en") == [("BIR", "Birds"), ("FIS", "Fish")]
    assert plain(found["activities"], "id", "area") == [("BIR-01", "BIR"), ("FIS-01", "FIS")]


def test_several_areas__as_headings_within_one_table(rows):
    typed = Typed().heading("Annex I – Plan", 1)
    typed.activities([("Birds",), MONEY, ("Fish",), ("2.1", "Text.", "", "", "", "")])

    found = rows(typed)

    assert plain(found["areas"], "title_en") == [("Birds",), ("Fish",)]
    assert plain(found["activities"], "number", "area") == [("1.1", "BIR"), ("2.1", "FIS")]


def test_paragraphs_of_an_activity__are_kept_and_marks_are_not(rows):
    typed = Typed().heading("Birds")
    typed.activities(
        [
            ("1.1", "First.\nSecond.\n▲ Unfunded – core priority", "100", "–", "–", "100"),
            ("1.2", "Text.\nNo additional cost", "–", "–", "–", "–"),
        ]
    )

    found = rows(typed)

    assert plain(found["activities"], "title_en", "priority") == [
        ("First.\nSecond.", "core"),
        ("Text.", None),
    ]
    assert plain(found["costs"], "activity", "amount") == [("BIR-01", "100"), ("BIR-02", "0")]


def test_blank_cost__is_not_costed_and_dash_is_nil_and_doubtful(reading, rows):
    typed = Typed().heading("Birds")
    typed.activities([("1.1", "A.", "", "", "", ""), ("1.2", "B.", "—", "-", "", "nil")])

    assert plain(rows(typed)["costs"], "activity", "amount") == [("BIR-02", "0")]
    assert issues(reading(typed)) == [("nil-cost", (1, 4, 3), "—", "0")]


def test_at_least__is_partial_costing(rows):
    typed = Typed().heading("Birds")
    typed.activities([("1.1", "A.", "at least 1,000", "", "", "at least 1,000")])

    assert plain(rows(typed)["activities"], "costing") == [("partial",)]


def test_third_kind_of_source__has_a_column_of_its_own(rows):
    typed = Typed().heading("Birds")
    kinds = ("Core budget (proposed)", "Voluntary contributions", "Other sources")
    typed.activities([("1.1", "A.", "100", "10", "20", "30", "40")], kinds=kinds)

    found = rows(typed)

    assert plain(found["funding"], "source", "amount") == [
        ("CORE", "10"),
        ("VOL", "20"),
        ("OTHER", "30"),
    ]
    assert plain(found["sources"], "title_en") == [
        ("Core budget",),
        ("Voluntary contributions",),
        ("Other sources",),
    ]


def test_thousands__are_written_out(rows):
    typed = Typed().text("(in thousands of euros)").heading("Birds")
    typed.activities([("1.1", "A.", "1.5", "1", "", "0.5")])

    found = rows(typed)

    assert found["programme"][0]["rounding"] == "thousand"
    assert plain(found["costs"], "amount") == [("1500",)]


def test_notes_column__goes_to_the_cost(rows):
    typed = Typed().heading("Birds")
    typed.activities(
        [(*MONEY, "Two meetings"), ("1.2", "B.", "", "", "", "", "Later")], more=("Notes",)
    )

    assert rows(typed)["costs"][0]["note"].startswith("Two meetings ")


def test_unknown_column__is_listed_cell_by_cell(reading):
    typed = Typed().heading("Birds")
    typed.activities([(*MONEY, "SDG 14")], more=("SDG",))

    assert issues(reading(typed)) == [("unknown-column", (1, 3, 7), "SDG 14", "")]


@pytest.mark.parametrize(
    ("cell", "reason", "taken"),
    [
        ("1.2345", "no-amount", ""),
        ("100\n200", "several-lines", ""),
        ("(100)", "negative", ""),
        ("to be confirmed", "no-amount", ""),
        ("1,000 a", "note-letter", "1000"),
        ("USD 1,000", "other-currency", "1000"),
        ("1.234", "lone-separator", "1234"),
        ("<1", "less-than-one", "0.01"),
    ],
)
def test_doubtful_amount__is_listed_with_its_cell(reading, cell, reason, taken):
    typed = Typed().heading("Birds")
    typed.activities([("1.1", "A.", cell, "", "", "")])

    found = [d for d in issues(reading(typed)) if d[0] != "sought-left-blank"]

    assert found == [(reason, (1, 3, 3), cell, taken)]


def test_printed_sums__rounding_is_told_from_wrong(reading):
    typed = Typed().heading("Birds")
    typed.activities(
        [
            ("1.1", "A.", "100", "40", "10", "50"),
            ("1.2", "B.", "200", "50", "10", "141"),
            ("=Sub-total", "300", "91", "25", "191"),
        ]
    )

    assert verdicts(reading(typed)) == [
        ("1.1", 6, "agrees"),
        ("1.2", 6, "rounding"),
        ("Sub-total", 3, "agrees"),
        ("Sub-total", 4, "rounding"),
        ("Sub-total", 5, "wrong"),
        ("Sub-total", 6, "agrees"),
    ]


def test_years__are_compared_with_their_total(reading):
    typed = Typed().heading("Birds")
    typed.activities([("1.1", "A.", "100", "200", "301", "", "", "300")], ("2012", "2013"))

    assert verdicts(reading(typed)) == [("1.1", 5, "rounding"), ("1.1", 8, "agrees")]


def test_total_of_all_areas__in_the_last_table(reading):
    typed = Typed().heading("Birds")
    typed.activities([MONEY, ("=Sub-total", "1,000", "400", "100", "500")])
    typed.heading("Fish").activities(
        [
            MONEY,
            ("=Sub-total", "1,000", "400", "100", "500"),
            ("=Grand total", "2,000", "800", "200", "1,000"),
        ]
    )

    assert {verdict for *_, verdict in verdicts(reading(typed))} == {"agrees"}


def test_total_without_parts__is_listed(reading):
    typed = Typed().heading("Birds")
    typed.activities([("1.1", "A.", "", "", "", ""), ("=Total", "500", "", "", "")])

    assert issues(reading(typed)) == [("sum-without-parts", (1, 4, 3), "500", "")]


def test_rows_without_number__go_on_or_get_one(reading, rows):
    typed = Typed().heading("Birds")
    typed.activities(
        [
            ("1.1", "Run the website and", "100", "", "", "100"),
            ("", "keep it current.", "", "", "", ""),
            ("", "Another activity.", "5", "", "", "5"),
            ("1.1", "Third.", "", "", "", ""),
            ("", "", "7", "", "", ""),
            ("", "", "", "", "", ""),
        ]
    )

    assert plain(rows(typed)["activities"], "number", "title_en") == [
        ("1.1", "Run the website and\nkeep it current."),
        ("?2", "Another activity."),
        ("1.1 (2)", "Third."),
    ]
    assert issues(reading(typed)) == [
        ("continued", (1, 4, 2), "keep it current.", "1.1"),
        ("row-without-activity", (1, 7, 3), "7", ""),
        ("no-number", (1, 5, 1), "", "?2"),
        ("duplicate-number", (1, 6, 1), "1.1", "1.1 (2)"),
    ]


def test_amount_merged_down__counts_once(reading, rows):
    typed = Typed().heading("Birds")
    table = typed.activities([("1.1", "A.", "100", "", "", ""), ("1.2", "B.", "", "", "", "")])
    table.cell(2, 2).merge(table.cell(3, 2))

    assert plain(rows(typed)["costs"], "activity", "amount") == [("BIR-01", "100")]
    assert ("merged-above", (1, 4, 3), "100", "") in issues(reading(typed))


def test_amount_merged_across__counts_once(reading, rows):
    typed = Typed().heading("Birds")
    table = typed.activities([("1.1", "A.", "100", "40", "", "60")])
    table.cell(2, 3).merge(table.cell(2, 4))

    assert plain(rows(typed)["funding"], "source", "amount") == [("CORE", "40")]
    assert ("merged-across", (1, 3, 4), "40", "Core budget") in issues(reading(typed))


def test_nested_table__is_listed(reading):
    typed = Typed().heading("Birds")
    table = typed.activities([MONEY])
    table.cell(2, 1).add_table(1, 1).cell(0, 0).text = "within"

    assert issues(reading(typed)) == [("nested-table", (1, 3, 2), "within", "")]


def test_table_split_over_pages__goes_on(reading, rows):
    typed = Typed().heading("Birds")
    typed.activities([MONEY])
    split = typed.document.add_table(1, 6)
    for cell, text in zip(split.rows[0].cells, ("1.2", "B.", "5", "", "", "5"), strict=True):
        cell.text = text

    assert plain(rows(typed)["activities"], "number") == [("1.1",), ("1.2",)]
    assert ("table-goes-on", (2, None, None), "", "") in issues(reading(typed))


def test_headings_repeated_within_a_table__are_no_activity(rows):
    typed = Typed().heading("Birds")
    typed.activities(
        [
            MONEY,
            ("No.", "Activity", "Cost of the activity", "", "", "Funding to be sought"),
            ("1.2", "B.", "", "", "", ""),
        ]
    )

    assert plain(rows(typed)["activities"], "number") == [("1.1",), ("1.2",)]


def test_table_of_something_else__is_listed(reading):
    typed = Typed()
    typed.document.add_table(1, 2).cell(0, 0).text = "Distribution: General"
    typed.heading("Birds").activities([MONEY])

    assert issues(reading(typed)) == [("unknown-table", (1, 1, None), "Distribution: General", "")]


@pytest.mark.parametrize(
    ("amounts", "style"),
    [
        (("1,234.50", "1,234,567"), None),
        (("1 234.50", "1 234 567"), "space"),
        (("1.234,50", "1.234.567"), "point"),
    ],
)
def test_number_style__is_kept(rows, amounts, style):
    typed = Typed().heading("Birds")
    typed.activities([("1.1", "A.", *amounts, "", "")])

    assert rows(typed)["programme"][0].get("number_style") == style


def test_raised_marks__are_no_part_of_text_or_amount(rows):
    typed = Typed().heading("Birds")
    table = typed.activities([("1.1", "Survey of 5 km", "100", "", "", "100")])
    words = table.cell(2, 1).paragraphs[0]
    for text, raised in (("2", True), (" for the 10", False), ("th", True), (" meeting", False)):
        words.add_run(text).font.superscript = raised
    words.add_run("a").font.superscript = True
    table.cell(2, 2).paragraphs[0].add_run("1").font.superscript = True

    found = rows(typed)

    assert plain(found["activities"], "title_en") == [("Survey of 5 km2 for the 10th meeting",)]
    assert plain(found["costs"], "amount") == [("100",)]


def test_other_language__is_refused(reading):
    typed = Typed("fr").heading("Oiseaux")
    typed.activities([MONEY])
    typed.language = "en"

    with pytest.raises(UnreadableWorkbook, match="word-other-language"):
        reading(typed)


def test_years_outside_the_period__are_refused(reading):
    typed = Typed().heading("Birds")
    typed.activities([("1.1", "A.", "1", "1", "2", "", "", "2")], ("2014", "2015"))

    with pytest.raises(Misuse, match="2012-2015"):
        reading(typed)


def test_unit_under_a_heading__is_no_heading_of_its_own(rows):
    typed = Typed().heading("Birds")
    table = typed.activities([MONEY])
    table.cell(0, 2).text = "Cost of the activity (in thousands of euros)"
    table.cell(0, 5).text = "Funding to be sought (EUR)"

    assert plain(rows(typed)["costs"], "amount") == [("1000000",)]


def test_thousands__are_never_taken_from_other_words(rows):
    typed = Typed().text("Thousands of birds fly over the sea.").heading("Birds")
    typed.activities([MONEY])

    assert plain(rows(typed)["costs"], "amount") == [("1000",)]


def test_priority_and_responsible__have_their_columns(reading, rows):
    typed = Typed().heading("Birds")
    typed.activities(
        [(*MONEY, "High", "IAC\nSDM"), ("1.2", "B.", "", "", "", "", "urgent", "")],
        more=("Priority ranking", "Responsible entity"),
    )

    assert plain(rows(typed)["activities"], "priority", "responsible") == [
        ("high", "IAC; SDM"),
        (None, None),
    ]
    assert ("unknown-priority", (1, 4, 7), "urgent", "") in issues(reading(typed))


def test_cost_with_total_only__is_for_the_whole_period(reading, rows):
    typed = Typed().heading("Birds")
    typed.activities([("1.1", "A.", "", "", "300", "", "", "300")], ("2012", "2013"))

    assert plain(rows(typed)["costs"], "year", "amount") == [(None, "300")]
    assert issues(reading(typed))[0][:2] == ("cost-without-year", (1, 3, 5))


def test_support_costs_in_the_closing_table__make_costs_net(reading, rows):
    typed = Typed().heading("Birds")
    typed.activities([MONEY])
    table = typed.document.add_table(4, 2)
    lines = ("Programme area", "Birds", "Programme support costs (13%)", "Grand total")
    for row, texts in enumerate(zip(lines, ("Cost", "1,000", "130", "1,130"), strict=True)):
        for cell, text in zip(table.rows[row].cells, texts, strict=True):
            cell.text = text

    found = rows(typed)

    assert found["programme"][0]["support_cost_rate"] == "13"
    assert plain(found["costs"], "support_cost") == [("excluded",)]
    assert {verdict for *_, verdict in verdicts(reading(typed))} == {"agrees"}


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Amounts in US dollars.", "other-currency"),
        (PART_NET, "part-net"),
    ],
)
def test_sentence_on_all_amounts__is_listed_where_it_does_not_fit(reading, sentence, reason):
    typed = Typed().text("Plan", sentence).heading("Birds")
    typed.activities([MONEY])

    assert reason in [found[0] for found in issues(reading(typed))]
