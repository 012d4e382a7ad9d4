"""The body of a document in Word: looks come from the pattern, styles from the looks of parts."""

from __future__ import annotations

import re

import pytest

from cmswp_xl.errors import BrokenResource
from cmswp_xl.page import Bullets, Cell, Column, Paragraph, Piece, Row, Section, Table
from cmswp_xl.render.body import body_writer, read_pattern, small
from cmswp_xl.render.templates import SHARED_STYLES
from cmswp_xl.resources import template_folder

SHIPPED = template_folder() / SHARED_STYLES
COLUMNS = (Column("Name", names=True, width=2000), Column("Sum", "amount"), Column("No", "center"))


def written(*parts):
    return str(body_writer(SHIPPED)(parts))


def styles(xml):
    return re.findall(r'<w:pStyle w:val="([^"]+)"/>', xml)


def table(*rows):
    return Table("t", "Caption & more", COLUMNS, rows)


def test_pattern__has_every_look_of_a_row():
    looks = set(read_pattern(SHIPPED).rows)
    assert {
        "head",
        "row",
        "group",
        "sub",
        "total",
        "unfunded",
        "waits",
        "idle",
        "changed",
    } <= looks


def test_pattern_without_rows__is_refused(tmp_path):
    path = tmp_path / "table.docx"
    path.write_bytes((template_folder() / "cover" / "cover.docx").read_bytes())
    with pytest.raises(BrokenResource) as caught:
        read_pattern(path)
    assert caught.value.values["name"] == SHARED_STYLES


def test_rows__have_the_looks_of_the_pattern_and_the_styles_of_theirs():
    xml = written(
        table(
            Row(("a", "1", "x")), Row(("b", "2", "y"), "unfunded"), Row(("c", "3", "z"), "total")
        )
    )
    rows = re.findall(r"<w:tr>.*?</w:tr>", xml)
    assert [styles(row) for row in rows] == [
        ["CMSTableHead"] * 3,
        ["CMSTableText", "CMSTableAmount", "CMSTableCentre"],
        ["CMSTableText", "CMSTableAmount", "CMSTableCentre"],
        ["CMSTableTotal", "CMSTableTotalAmount", "CMSTableTotalAmount"],
    ]
    assert [row.count('w:fill="FFF2CC"') for row in rows] == [0, 0, 3, 0]
    assert rows[2].count("<w:tcBorders>") == 1
    assert "<w:tblHeader/>" in rows[0]


def test_cells_over_columns_and_rows__are_merged():
    xml = written(
        table(
            Row((Cell((Paragraph("a"),), span=2), "x")),
            Row((Cell((Paragraph("b"),), down=2), "1", "y")),
            Row(("2", "z")),
        )
    )
    assert xml.count('<w:gridSpan w:val="2"/>') == 1
    assert xml.count('<w:vMerge w:val="restart"/>') == xml.count("<w:vMerge/>") == 1


def test_texts__are_escaped_and_keep_their_line_breaks():
    xml = written(Paragraph("a < b\nc"), table())
    assert "a &lt; b" in xml
    assert xml.count("<w:br/>") == 1
    assert 'w:val="Caption &amp; more"' in xml


def test_section__is_its_heading_and_its_blocks():
    found = (Paragraph("n", "note", mark="a"), Bullets(((Paragraph("1"), Paragraph("2")),)))
    xml = written(Section("s", "Title", found, level=3))
    assert styles(xml) == ["Heading3", "CMSTableNote", "ListBullet", "ListContinue"]
    assert '<w:vertAlign w:val="superscript"/>' in xml


def test_changes__are_struck_and_underlined():
    xml = written(Paragraph("", pieces=(Piece("old", "removed"), Piece("new", "added"))))
    assert "<w:strike/>" in xml
    assert '<w:u w:val="single"/>' in xml


def test_other_values__are_left_alone():
    write = body_writer(SHIPPED)
    assert [write(value) for value in ("text", 5, (), ("a", "b"))] == ["text", 5, (), ("a", "b")]


def test_score_of_several_looks__keeps_its_place_in_totals():
    columns = (Column("Name", names=True), Column("Score", "score mark"))
    xml = written(Table("t", "c", columns, (Row(("a", "4.5")), Row(("b", "9"), "total"))))
    assert styles(xml)[-4:] == ["CMSTableText", "CMSTableScore", "CMSTableTotal", "CMSTableScore"]


def test_column_of_differences__is_shaded_where_its_row_is_not():
    columns = (Column("Name", names=True), Column("More", "amount difference"))
    rows = (Row(("a", "1")), Row(("b", "2"), "changed"), Row(("c", "3"), "total"))
    xml = written(Table("t", "c", columns, rows))
    shaded = [row.count('w:fill="F5F5F5"') for row in re.findall(r"<w:tr>.*?</w:tr>", xml)]
    assert shaded == [0, 1, 1, 0]
    assert "CMSTableAmount" in styles(xml)


def test_row_whose_cells_go_on_below__stays_with_the_next():
    down = Cell((Paragraph("a"),), down=2)
    xml = written(table(Row((down, "1", "x")), Row(("2", "y")), Row(("b", "3", "z"))))
    first, second, third = re.findall(r"<w:tr>.*?</w:tr>", xml)[1:]
    assert "CMSTableTextKept" in styles(first)
    assert "CMSTableTextKept" not in styles(second) + styles(third)


def test_small_parts__have_the_small_styles_of_the_shared_file():
    xml = str(small(body_writer(SHIPPED)((table(Row(("a & b", "1", "x"))),))))
    assert styles(xml)[:5] == ["CMSSmallTableHead"] * 3 + [
        "CMSSmallTableText",
        "CMSSmallTableAmount",
    ]
    assert "a &amp; b" in xml
    assert small("text") == "text"
