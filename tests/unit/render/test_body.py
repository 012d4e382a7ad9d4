"""The body of a document in Word: looks come from the pattern, styles from the looks of parts."""

from __future__ import annotations

import re

import pytest
from bodies import with_tables
from docx import Document
from lxml import etree

from cmswp_xl.errors import BrokenResource
from cmswp_xl.page import Bullets, Cell, Column, Paragraph, Piece, Row, Section, Table
from cmswp_xl.render.body import BodyWriter, read_pattern
from cmswp_xl.render.finish import W, finish_part, put_in_order, wml
from cmswp_xl.render.templates import SHARED_STYLES
from cmswp_xl.resources import template_folder

SHIPPED = template_folder() / SHARED_STYLES
COLUMNS = (Column("Name", names=True, width=2000), Column("Sum", "amount"), Column("No", "center"))


def written(*parts):
    write = BodyWriter(SHIPPED)
    return with_tables(write, write(parts))


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
    write = BodyWriter(SHIPPED)
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
    write = BodyWriter(SHIPPED)
    xml = with_tables(write, write.small((table(Row(("a & b", "1", "x"))),)))
    assert styles(xml)[:5] == ["CMSSmallTableHead"] * 3 + [
        "CMSSmallTableText",
        "CMSSmallTableAmount",
    ]
    assert "a &amp; b" in xml
    assert write.small("text") == "text"


NOTED = (
    Table(
        "t",
        "c",
        COLUMNS,
        (
            Row((Cell((Paragraph("x", notes="a"),)), "1", "")),
            Row((Cell((Paragraph("y", notes="b, a"),)), "2", "")),
        ),
    ),
    Paragraph("First.", "note", "a"),
    Paragraph("Second.", "note", "b"),
    Paragraph("Of all.", "note"),
)


def test_lettered_notes__are_footnotes_and_a_second_reference_leads_to_the_first():
    write = BodyWriter(SHIPPED, first_note=3)
    xml = with_tables(write, write((Section("s", "", NOTED),)))
    assert write.notes == {"a": "First.", "b": "Second."}
    assert re.findall(r'<w:footnoteReference w:id="(\d+)"/>', xml) == ["3", "4"]
    assert re.findall(r'w:name="(_Ref_note\d)"', xml) == ["_Ref_note3", "_Ref_note4"]
    assert re.findall(r"<w:instrText[^>]*>([^<]*)<", xml) == [" NOTEREF _Ref_note3 \\f \\h "]
    assert "First." not in xml
    assert "Of all." in xml


def test_note_whose_table_is_placed_apart__stays_below_it():
    write = BodyWriter(SHIPPED)
    xml = "".join(with_tables(write, write(part)) for part in NOTED)
    assert write.notes == {}
    assert xml.count("<w:footnoteReference") == 0
    assert ">First.<" in xml


def numbers(*items):
    write = BodyWriter(SHIPPED)
    xml = str(write(tuple(Paragraph("x", *item) for item in items)))
    found = re.findall(r'<w:ilvl w:val="(\d)"/><w:numId w:val="(\d+)"/>', xml)
    return xml, found, write.lists


def test_paragraphs_of_staff__are_counted_by_word():
    xml, found, lists = numbers(
        ("lead", "1."), ("subparagraph", "a)"), ("bullet", "•"), ("paragraph", "2.")
    )
    assert found == [("0", "43001"), ("1", "43001"), ("0", "43000"), ("0", "43001")]
    assert lists == {
        43001: {0: ("%1.", "CMSParagraph"), 1: ("%2)", "CMSSubparagraph")},
        43000: {0: ("•", "CMSBullet")},
    }
    assert set(re.findall(r"<w:t [^>]*>([^<]*)<", xml)) == {"x"}


def test_letters_below_paragraphs_without_a_number__are_lists_of_their_own():
    _, found, lists = numbers(
        ("unnumbered",),
        ("subparagraph", "(a)"),
        ("subparagraph", "(b)"),
        ("unnumbered",),
        ("subparagraph", "(a)"),
        ("paragraph", "1."),
        ("subparagraph", "(a)"),
    )
    assert [number for _, number in found] == [
        *("43002", "43002", "43003"),
        *("43001", "43001"),
    ]
    assert lists[43003] == {1: ("(%2)", "CMSSubparagraph")}


def test_cover__has_styles_and_bullets_of_its_own():
    write = BodyWriter(SHIPPED)
    xml = str(write.cover((Paragraph("x", "lead", "1."), Paragraph("y", "bullet", "•"))))
    assert styles(xml) == ["CMSCoverTextLead", "CMSCoverBullet"]
    assert write.lists == {43001: {0: ("%1.", "CMSCoverTextLead")}}
    assert styles(str(write((Paragraph("x", "lead", "2."),)))) == ["CMSTextLead"]


def test_caption__counts_its_table():
    xml = written(Table("t", "Costs", COLUMNS, (Row(("a", "", "")),), label="Cuadro 12"))
    first = xml[: xml.index("<w:tbl>")]
    assert styles(first) == ["Caption"]
    assert "<w:keepNext/>" in first
    assert re.findall(r"<w:(?:t|instrText) [^>]*>([^<]*)<", first) == [
        *("Cuadro ", " SEQ Cuadro \\* ARABIC ", "12", " – Costs")
    ]


def test_rows__do_not_part_from_their_heading_or_their_sum():
    looks = ("group", "", "", "", "", "total", "total")
    xml = written(table(*(Row(("a", "1", "2"), look) for look in looks)))
    rows = re.findall(r"<w:tr>.*?</w:tr>", xml)
    assert all("<w:cantSplit/>" in row for row in rows)
    kept = ["<w:keepNext/>" in row for row in rows]
    assert kept == [True, True, False, False, True, True, True, False]
    assert rows[-1].count('<w:keepNext w:val="0"/>') == 3


def test_last_row__stays_with_the_note_below_it():
    xml = written(Section("s", "", (table(Row(("a", "", ""))), Paragraph("n", "note"))))
    assert "<w:keepNext/>" in re.findall(r"<w:tr>.*?</w:tr>", xml)[-1]


@pytest.mark.parametrize(
    ("looks", "kept"),
    [
        (["", "", "", "", ""], [False, False, True, True, False]),
        (["", "", "", "total", "silent"], [False, True, True, True, False]),
        (["total"], [False]),
        (["", "total"], [True, False]),
    ],
)
def test_end_of_a_table__keeps_three_rows_and_two_above_its_sums(looks, kept):
    xml = written(table(*(Row(("a", "1", "2"), look) for look in looks)))
    rows = re.findall(r"<w:tr>.*?</w:tr>", xml)[1:]
    assert ["<w:keepNext/>" in row for row in rows] == kept


def test_statement_above_a_table__stays_with_it():
    said = Paragraph("Said.", "statement")
    xml = written(Section("s", "Heading", (said, said, table(Row(("a", "", ""))))))
    first, second = re.findall(r'<w:p><w:pPr><w:pStyle w:val="CMSStatement"/>.*?</w:p>', xml)
    assert "<w:keepNext/>" not in first
    assert "<w:keepNext/>" in second


def test_head_over_columns_without_heads__goes_down_to_the_rows():
    columns = [Column("", "number", 500, "Item"), Column("", "text", 1000, "Item")]
    amounts = [Column(head, "amount", 900, "Amounts") for head in ("2024", "2025")]
    upper, lower = (
        re.findall(r"<w:tcPr><w:tcW [^>]*/>((?:<w:(?:gridSpan|vMerge)[^>]*>)*)", row)
        for row in re.findall(
            r"<w:tr>.*?</w:tr>", written(Table("t", "Costs", (*columns, *amounts), ()))
        )
    )
    assert upper == [
        '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>',
        '<w:gridSpan w:val="2"/>',
    ]
    assert lower == ['<w:gridSpan w:val="2"/><w:vMerge/>', "", ""]


LONG = "12,345,678,901.23"
WIDE = Table(
    "t",
    "Activities",
    (
        Column("No", width=737),
        Column("Title", width=3969, names=True),
        *(Column(f"{year}", "amount", 1900) for year in range(2024, 2028)),
    ),
    (
        Row(
            (
                "1.1",
                Cell((Paragraph("Report", notes="a"),)),
                f"COP14-Q1 {LONG}",
                LONG,
                f"1{LONG}",
                Cell((Paragraph(LONG, pieces=(Piece("5", "added"), Piece("6", "removed"))),)),
            )
        ),
    ),
)


def finished(body, tables, width=11906):
    page = f'<w:sectPr><w:pgSz w:w="{width}"/><w:pgMar w:left="1000" w:right="1000"/></w:sectPr>'
    source = f'<w:document xmlns:w="{W}"><w:body>{body}{page}</w:body></w:document>'
    xml = finish_part(source, "en-GB", landscape=False, tables=[table.xml for table in tables])
    return etree.fromstring(xml)


def test_table__is_fitted_into_the_room_of_its_page():
    write = BodyWriter(SHIPPED)
    body = write((WIDE, Paragraph("Note.", "note", "a")))
    root = finished(body, write.tables)
    widths = [int(column.get(wml("w"))) for column in root.iter(wml("gridCol"))]
    assert sum(widths) == 11906 - 2000
    cells = [int(cell.get(wml("w"))) for cell in root.iter(wml("tcW"))]
    assert cells == widths * 2
    sizes = {
        "".join(cell.itertext(wml("t"))): [
            [item.get(wml("val")) for item in run.iter(wml("sz"))] for run in cell.iter(wml("r"))
        ]
        for cell in root.iter(wml("tc"))
    }
    assert sizes["Report"] == [[], []]
    assert sizes[f"{LONG}56"] == [["16"]] * 3
    small = {key for key, found in sizes.items() if found == [["16"]]}
    assert small == {
        "No",
        "1.1",
        f"COP14Q1 {LONG}",
        LONG,
        f"1{LONG}",
        *map(str, range(2024, 2028)),
    }
    before = etree.tostring(root)
    put_in_order(root)
    assert etree.tostring(root) == before


def test_table_in_a_cell_of_the_template__stays_as_wide_as_it_is():
    write = BodyWriter(SHIPPED)
    body = write((WIDE, Paragraph("Note.", "note", "a")))
    outer = f"<w:tbl><w:tr><w:tc>{body}<w:p/></w:tc></w:tr></w:tbl>"
    root = finished(outer, write.tables)
    widths = [int(column.get(wml("w"))) for column in root.iter(wml("gridCol"))]
    assert widths == [column.width for column in WIDE.columns]
    assert "16" not in {size.get(wml("val")) for size in root.iter(wml("sz"))}


def test_pattern__is_put_in_order_and_gives_no_hints_of_its_own_place(tmp_path):
    document = Document(SHIPPED)
    table = document.tables[0]
    for row in table.rows:
        for cell in row.cells:
            properties = cell._tc.get_or_add_tcPr()
            properties.append(etree.Element(wml("cnfStyle")))
            properties.insert(0, etree.Element(wml("vAlign")))
        row._tr.get_or_add_trPr().insert(0, etree.Element(wml("tblHeader")))
    document.save(tmp_path / "styles.docx")
    write = BodyWriter(tmp_path / "styles.docx")
    columns = (Column("Name", names=True), Column("More", "amount difference"))
    rows = (Row(("a", "1")), Row(("b", "2"), "changed"))
    root = finished(write(Table("t", "c", columns, rows)), write.tables)
    before = etree.tostring(root)
    put_in_order(root)
    assert etree.tostring(root) == before
    assert list(root.iter(wml("cnfStyle"))) == []
    assert len(list(root.iter(wml("cantSplit")))) == 3
