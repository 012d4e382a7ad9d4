"""Annexes that were once read wrongly, each with the right value, and others of its kind."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from cmswp_xl.languages import Language
from cmswp_xl.word_import import read_annex
from cmswp_xl.word_import.columns import Asked
from cmswp_xl.word_import.workbook_rows import rows_of

CASES = Path(__file__).parent / "cases"
HEADS = ("No.", "Activity", "Cost")
ROWS = (("1", "Organize.", "100"), ("2", "Train.", "25"))


def read(path, language="en", currency="EUR"):
    reading = read_annex(path, Asked(Language(language), range(2018, 2021), currency))
    return reading, rows_of(reading)


@pytest.fixture
def laid_out(tmp_path):
    """Give a function that lays out a table in Word and reads it."""

    def lay_out(rows, before=(), after=(), change=None, language="en", heading="Birds"):
        document = docx.Document()
        document.add_paragraph("Plan")
        document.add_heading(heading, 2)
        for text in before:
            document.add_paragraph(text)
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        for text in after:
            document.add_paragraph(text)
        if change:
            change(document, table)
        document.save(tmp_path / "a.docx")
        return read(tmp_path / "a.docx", language)

    return lay_out


def costs(rows):
    return [(row.get("year"), Decimal(row["amount"])) for row in rows.get("costs", ())]


def amounts(rows):
    return [amount for _, amount in costs(rows)]


def titles(rows):
    return [row["title_en"] for row in rows["activities"]]


def reasons(reading):
    return {issue.reason for issue in reading.issues.listed}


def found(reading, reason):
    return [issue.found for issue in reading.issues.listed if issue.reason == reason]


def case(name):
    return read(next(CASES.glob(f"{name}_*.docx")))


@pytest.mark.parametrize("name", ["w01", "w03", "w04", "w06"])
def test_thousands_in_a_heading__are_written_out(name):
    reading, rows = case(name)

    assert amounts(rows) == [100_000, 25_000]
    assert reading.issues.unfit == 0
    assert "unit" in reasons(reading)


def test_years_in_columns__are_costs_by_year():
    _, rows = case("w08")

    assert costs(rows) == [
        (2018, 10_000),
        (2019, 20_000),
        (2020, 30_000),
        (2019, 5_000),
        (2020, 5_000),
    ]


def test_column_of_the_currency_asked_for__is_taken_and_the_other_listed():
    reading, rows = case("w10")

    assert amounts(rows) == [10_000, 20_000]
    assert found(reading, "other-column") == ["11 000", "22 000"]


def test_total_cost__is_taken_and_the_cost_per_unit_listed():
    reading, rows = case("w12")

    assert amounts(rows) == [10_000, 20_000]
    assert {"5 000", "2", "20 000", "1"} <= set(found(reading, "unknown-column"))


def test_second_language__goes_to_its_own_column():
    _, rows = case("w13")

    assert rows["activities"][0]["title_en"] == "Organize the meeting."
    assert rows["activities"][0]["title_fr"] == "Organiser la réunion."


def test_heading_in_another_currency__is_listed():
    reading, _ = case("w14")

    assert found(reading, "other-currency") == ["Cost (USD)"]


def test_struck_text__is_left_out_and_listed():
    reading, rows = case("w16")

    assert titles(rows) == ["Organize the meeting.", "Publish guidance."]
    assert amounts(rows) == [100_000, 120_000]
    assert found(reading, "struck-text") == ["2", "Deleted activity.", "40 000", "100 000"]


def test_two_amounts_in_a_cell__are_listed_and_not_read():
    reading, rows = case("w17")

    assert amounts(rows) == [50_000]
    assert found(reading, "two-amounts") == ["100 000 120 000"]


def test_hidden_text__is_left_out_and_listed():
    reading, rows = case("w19")

    assert (titles(rows)[0], amounts(rows)) == ("Organize the meeting.", [100_000, 5])
    assert found(reading, "hidden-text") == ["[note to finance: check]", "000"]


def test_headings_repeated_with_a_unit__are_no_activity():
    assert titles(case("w20")[1]) == ["Organize.", "Train."]


def test_embedded_sheet__is_listed():
    assert "embedded-object" in reasons(case("w21")[0])


def test_headings_in_three_rows__are_read():
    reading, rows = case("w25")

    assert amounts(rows) == [100_000, 50_000]
    assert [(r["source"], r["amount"]) for r in rows["funding"]] == [
        ("CORE", "60000"),
        ("VOL", "20000"),
        ("OTHER", "10000"),
    ]
    assert reading.issues.unfit == 0


def test_amount_still_to_be_known__is_not_costed_and_listed():
    reading, rows = case("w26")

    assert amounts(rows) == [50_000]
    assert found(reading, "no-amount") == ["TBD"]
    assert "other-currency" not in reasons(reading)


def test_amounts_in_short__are_written_out():
    reading, rows = case("w27")

    assert amounts(rows) == [50_000, 1_500_000, 5_000_000, 10_000]
    assert len(found(reading, "multiplied")) == 4


def test_upper_headings__are_areas_above_those_that_follow():
    reading, rows = case("w29")

    assert [row["title_en"] for row in rows["areas"]] == [
        "Objective 1: Conservation",
        "Output 1.1: Guidelines",
        "Output 1.2: Action plans",
        "Objective 2: Capacity",
    ]
    parents = [area.parent.title if area.parent else "" for area in reading.areas]
    assert parents == ["", "Objective 1: Conservation", "Objective 1: Conservation", ""]
    assert found(reading, "upper-heading") == ["Objective 1: Conservation"]


def test_area_above__goes_to_its_column():
    _, rows = case("w29")

    assert [row.get("parent") for row in rows["areas"]] == [None, "OC", "OC", None]


@pytest.mark.parametrize("name", ["w30", "w31"])
def test_rows_of_sums__are_no_activities(name):
    reading, rows = case(name)

    assert len(rows["activities"]) == 2
    assert reading.issues.unfit == 0
    listed = found(reading, "support-in-table") + found(reading, "carried-in-table")
    assert (
        listed
        == {
            "w30": [
                "13% PSC | 19 500",
                "Programme Support Costs (13%) | 19 500",
                "Overhead 13% | 19 500",
            ],
            "w31": ["Carried forward | 100 000", "Brought forward | 100 000"],
        }[name]
    )


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("Thousands of United States dollars", 1000),
        ("(en miles de dólares de los Estados Unidos)", 1000),
        ("En milliers de dollars des États-Unis", 1000),
        ("All figures are in EUR thousand.", 1000),
        ("Table 1. Costs (EUR ’000)", 1000),
        ("Montants en millions d’euros", 10**6),
        ("Amounts in M€.", 10**6),
        ("Thousands of birds fly over the sea.", 1),
        ("A budget of 5 million euros was adopted.", 1),
    ],
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_sentence_on_units__scales_the_table_and_is_listed(laid_out, text, factor, place):
    reading, rows = laid_out([HEADS, *ROWS], **{place: [text]})

    assert amounts(rows) == [100 * factor, 25 * factor]
    assert factor == 1 or text in found(reading, "unit")


@pytest.mark.parametrize("sign", "'’‘ʼ`´")
@pytest.mark.parametrize("unit", ["(EUR {}000)", "EUR {}000s", "({}000 €)"])
def test_noughts_after_any_apostrophe__are_thousands(laid_out, sign, unit):
    head = f"Cost {unit.format(sign)}"

    assert amounts(laid_out([("No.", "Activity", head), *ROWS])[1]) == [100_000, 25_000]


def test_unit_in_another_tables_caption__is_a_doubt_at_the_first(laid_out):
    def another(document, _table):
        document.add_heading("Fish", 2)
        document.add_paragraph("Table 2 (EUR ’000)")
        table = document.add_table(2, 3)
        for row, texts in zip(table.rows, (HEADS, ROWS[0]), strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text

    reading, rows = laid_out([HEADS, *ROWS], change=another)

    assert amounts(rows) == [100, 25, 100_000]
    assert [i.place.table for i in reading.issues.listed if i.reason == "unit-elsewhere"] == [1]


def test_unit_in_the_head_of_the_page__scales(laid_out):
    def change(document, _table):
        document.sections[0].header.paragraphs[0].text = "In thousands of euros"

    reading, rows = laid_out([HEADS, *ROWS], change=change)

    assert amounts(rows) == [100_000, 25_000]
    assert "In thousands of euros" in found(reading, "elsewhere")


def test_styles_that_hide_and_strike__are_followed(laid_out):
    def change(document, table):
        hidden = document.styles.add_style("Hid", 2)
        hidden.font.hidden = True
        struck = document.styles.add_style("Str", 1)
        struck.font.double_strike = True
        table.cell(1, 2).paragraphs[0].add_run("000").style = hidden
        for cell in table.rows[2].cells:
            cell.paragraphs[0].style = struck

    reading, rows = laid_out([HEADS, *ROWS], change=change)

    assert amounts(rows) == [100]
    assert (found(reading, "hidden-text"), found(reading, "struck-text")) == (
        ["000"],
        ["2", "Train.", "25"],
    )


def test_hidden_row__is_listed(laid_out):
    def change(_document, table):
        table.rows[2]._tr.get_or_add_trPr().append(OxmlElement("w:hidden"))

    reading, rows = laid_out([HEADS, *ROWS], change=change)

    assert amounts(rows) == [100]
    assert found(reading, "hidden-text") == ["2 | Train. | 25"]


INLINE = {
    "dir": '<w:dir {} w:val="rtl"><w:r><w:t> more</w:t></w:r></w:dir>',
    "smart tag": "<w:smartTag {}><w:r><w:t> more</w:t></w:r></w:smartTag>",
    "control": "<w:sdt {}><w:sdtContent><w:r><w:t> more</w:t></w:r></w:sdtContent></w:sdt>",
    "field": '<w:fldSimple {} w:instr="X"><w:r><w:t> more</w:t></w:r></w:fldSimple>',
    "insertion": '<w:ins {} w:id="1" w:author="a"><w:r><w:t> more</w:t></w:r></w:ins>',
}


@pytest.mark.parametrize("name", INLINE)
def test_text_within_other_marks__is_read(laid_out, name):
    def change(_document, table):
        node = parse_xml(INLINE[name].format(nsdecls("w")))
        table.cell(1, 1).paragraphs[0]._p.append(node)

    assert titles(laid_out([HEADS, *ROWS], change=change)[1])[0] == "Organize. more"


def test_text_box_and_inserted_file__are_listed(laid_out):
    def change(document, _table):
        box = (
            "<w:r {}><w:pict><w:txbxContent><w:p><w:r><w:t>Boxed 500</w:t></w:r></w:p>"
            "</w:txbxContent></w:pict></w:r>"
        )
        document.paragraphs[0]._p.append(parse_xml(box.format(nsdecls("w"))))
        chunk = parse_xml(f'<w:altChunk {nsdecls("w", "r")} r:id="rId99"/>')
        document.element.body.insert(0, chunk)

    reading, _ = laid_out([HEADS, *ROWS], change=change)

    assert found(reading, "text-box") == ["Boxed 500"]
    assert "inserted-file" in reasons(reading)


def test_table_inside_a_table__is_read_where_the_outer_only_holds_it(tmp_path):
    document = docx.Document()
    inner = document.add_table(1, 1).cell(0, 0).add_table(3, 3)
    for row, texts in enumerate((HEADS, *ROWS)):
        for column, text in enumerate(texts):
            inner.cell(row, column).text = text
    document.save(tmp_path / "a.docx")

    assert amounts(read(tmp_path / "a.docx")[1]) == [100, 25]


def test_components_under_cost__leave_the_total_as_the_cost(laid_out):
    rows = [
        ("No.", "Activity", "Cost", "", ""),
        ("", "", "Staff", "Travel", "Total"),
        ("1", "A.", "10", "20", "30"),
    ]

    def change(_document, table):
        table.cell(0, 2).merge(table.cell(0, 4)).text = "Cost"

    reading, made = laid_out(rows, change=change)

    assert amounts(made) == [30]
    assert found(reading, "unknown-column") == ["10", "20"]


def test_two_columns_of_a_kind__are_two_sources(laid_out):
    heads = ("Activity", "Cost", "Voluntary contributions: Germany", "Voluntary: France")
    _, rows = laid_out([heads, ("A.", "30", "10", "20")])

    assert [(r["source"], r["amount"]) for r in rows["funding"]] == [
        ("VOL", "10"),
        ("VOL-2", "20"),
    ]


def test_heading_by_number__is_compared_and_no_activity(laid_out):
    rows = [HEADS, ("1", "Birds", "300"), ("1.1", "A.", "100"), ("1.2", "B.", "150")]
    reading, made = laid_out(rows)

    assert amounts(made) == [100, 150]
    assert found(reading, "heading-amounts") == ["1 | Birds | 300"]
    assert reading.issues.unfit == 1


def test_every_cell_and_text__is_taken_over_or_listed(laid_out):
    rows = [
        (*HEADS, "Species", "SDG"),
        ("1", "A.", "100", "crane", "14"),
        ("2", "B.", "n/a", "", "15"),
        ("", "Total", "100", "", "both"),
    ]
    reading, _ = laid_out(rows, before=["A first sentence."], after=["A last one."])

    listed = {issue.found for issue in reading.issues.listed}
    assert {"crane", "14", "15", "n/a", "both", "A first sentence.", "A last one."} <= listed
    assert reading.issues.seen == {}


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("10³ EUR", 1000), ("EUR x 10^3", 1000), ("10⁶ EUR", 10**6), ("EUR × 10^6", 10**6)],
)
def test_power_of_ten_in_a_heading__is_a_unit(laid_out, unit, factor):
    reading, rows = laid_out([(*HEADS[:2], f"Cost ({unit})"), *ROWS])
    assert amounts(rows) == [100 * factor, 25 * factor]
    assert "unit" in reasons(reading)


@pytest.mark.parametrize(
    ("language", "head"),
    [
        ("en", "Annual cost"),
        ("en", "Cost per year (EUR)"),
        ("fr", "Coûts annuels"),
        ("es", "Costes anuales"),
    ],
)
def test_cost_of_one_year__is_doubtful_where_it_stands_alone(laid_out, language, head):
    names = {"en": "Activity", "fr": "Activité", "es": "Actividad"}
    reading, rows = laid_out([("", names[language], head), *ROWS], language=language)
    assert amounts(rows) == [100, 25]
    assert found(reading, "per-year") == [head]


def test_cost_of_one_year__gives_way_to_the_total(laid_out):
    rows = [(*HEADS[:2], "Annual cost", "Total cost"), ("1", "Organize.", "100", "300")]
    reading, made = laid_out(rows)
    assert amounts(made) == [300]
    assert "per-year" not in reasons(reading)
    assert "100" in " ".join(found(reading, "unknown-column"))
