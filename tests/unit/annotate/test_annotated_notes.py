"""The notes of a copy: added to those that were there, each in a box of its own."""

from __future__ import annotations

import io
import re

import openpyxl
from annotated_books import (
    MAIN,
    OFFICE,
    Raw,
    changed,
    loaded,
    note,
    parts,
    report,
    rewritten,
    root,
)
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from openpyxl.comments import Comment

from cmswp_xl.annotate import CellNote, annotated_copy, with_boxes
from cmswp_xl.annotate.sheet import Sheet, stored, visible
from cmswp_xl.issues import Severity

EXCEL = "{urn:schemas-microsoft-com:office:excel}"
VML = "{urn:schemas-microsoft-com:vml}"
AREAS = "Areas & 'other' ones"
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def annotated(data, *notes):
    return annotated_copy(data, notes, report(*notes))


def shapes(data, part):
    """The shapes of notes in a drawing: number, row and column, counted from 0."""
    return [
        (
            shape.get("id"),
            int(shape.findtext(f"{EXCEL}ClientData/{EXCEL}Row")),
            int(shape.findtext(f"{EXCEL}ClientData/{EXCEL}Column")),
        )
        for shape in root(data, part).iter(f"{VML}shape")
        if shape.find(f"{EXCEL}ClientData") is not None
    ]


def drawings(data):
    return [name for name in parts(data) if name.endswith(".vml")]


def test_notes__stand_at_their_cells_and_say_the_severity(rich):
    copy = loaded(
        annotated(rich, note("Costs", "D20"), note(AREAS, "B5", Severity.WARNING, "Odd"))
    )
    assert copy["Costs"]["D20"].comment.text == "Error\nThe year is missing."
    assert copy[AREAS]["B5"].comment.text == "Warning\nOdd"
    assert copy[AREAS]["B5"].comment.author == "cmswp"


def test_note_without_a_word_for_its_severity__is_its_text(plain):
    notes = [CellNote("Data", "A2", Severity.INFO, text) for text in ("One", "Two")]
    copy = loaded(annotated_copy(plain, notes, report()))
    assert copy["Data"]["A2"].comment.text == "One\n\nTwo"


def test_old_notes__keep_their_words_and_authors(rich):
    copy = loaded(
        annotated(rich, note("Costs", "A2", text="Unknown activity."), note("Costs", "C4"))
    )
    sheet = copy["Costs"]
    assert sheet["A2"].comment.text == ("Checked by finance\n\n————————\nError\nUnknown activity.")
    assert sheet["A2"].comment.author == "Ana"
    assert (sheet["B3"].comment.text, sheet["B3"].comment.author) == ("Second look", "Ben")


def test_old_shapes__stay_and_new_ones_have_numbers_of_their_own(rich):
    before = parts(rich)["xl/drawings/vmlDrawing1.vml"]
    copy = annotated(rich, note("Costs", "C4"), note("Costs", "B3"), note(AREAS, "A4"))
    old, header, new = drawings(copy)
    assert changed(rich, copy).isdisjoint({header})
    assert [(row, column) for _, row, column in shapes(copy, old)] == [(1, 0), (2, 1), (3, 2)]
    assert [(row, column) for _, row, column in shapes(copy, new)] == [(3, 0)]
    numbers = re.findall(rb'id="(_x0000_s\d+)"', b"".join(parts(copy)[n] for n in (old, new)))
    assert len(numbers) == len(set(numbers))
    kept = [
        etree.tostring(next(etree.fromstring(data).iter(f"{VML}shape")), method="c14n")
        for data in (before, parts(copy)[old])
    ]
    assert kept[0] == kept[1]


def test_box_of_an_old_note__grows_with_its_text(rich):
    def anchor(data):
        found = root(data, "xl/drawings/vmlDrawing1.vml").find(f".//{EXCEL}Anchor")
        return [int(number) for number in found.text.split(",")]

    before, after = anchor(rich), anchor(annotated(rich, note("Costs", "A2", text="Long. " * 90)))
    assert after[:4] == before[:4]
    assert after[4] > before[4]
    assert after[6] > before[6]


def test_notes_of_openpyxl__are_merged_through_its_absolute_references(plain):
    copy = annotated(plain, note("Data", "B2", text="Too high"), note("Other", "C3"))
    book = loaded(copy)
    assert book["Data"]["B2"].comment.text == "As agreed\n\n————————\nError\nToo high"
    assert book["Other"]["C3"].comment.text == "Error\nThe year is missing."
    assert "xl/comments/comment1.xml" in changed(plain, copy)
    assert "xl/comments1.xml" in changed(plain, copy)
    assert len(root(copy, "xl/worksheets/sheet1.xml").findall(f"{{{MAIN}}}legacyDrawing")) == 1


def test_more_notes_than_a_block_of_numbers_holds__take_further_blocks(rich):
    notes = [note("Costs", f"J{row}") for row in range(1, 2200)]
    copy = annotated(rich, *notes, note(AREAS, "A4"))
    names = [name for name, _, _ in shapes(copy, "xl/drawings/vmlDrawing1.vml")]
    assert len(names) == len(set(names)) == 2201
    old, _, new = drawings(copy)
    contents = parts(copy)[old] + parts(copy)[new]
    taken = re.findall(rb'idmap [^>]*data="([0-9,]+)"', contents)
    blocks = [int(block) for data in taken for block in data.split(b",")]
    assert len(blocks) == len(set(blocks))
    assert {int(name.removeprefix("_x0000_s")) // 1024 for name in names} <= set(blocks)


def _with_legacy(vml, comments="", *, thread=""):
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
    extra = [("xl/drawings/old.vml", vml), ("xl/threads.xml", thread)]
    links = f'<Relationship Id="v" Type="{OFFICE}/vmlDrawing" Target="../drawings/old.vml"/>'
    if comments:
        extra.append(("xl/comments9.xml", comments))
        links += f'<Relationship Id="c" Type="{OFFICE}/comments" Target="/xl/comments9.xml"/>'
    if thread:
        kind_of_thread = (
            "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
        )
        links += f'<Relationship Id="t" Type="{kind_of_thread}" Target="../threads.xml"/>'
    sheet = (
        f'<worksheet xmlns="{MAIN}" xmlns:q="{OFFICE}"><sheetData/>'
        '<legacyDrawing q:id="v"/></worksheet>'
    )
    rels = f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
    data = Raw(sheet, None, tuple(extra), rels).to_bytes()
    types = parts(data)["[Content_Types].xml"].decode()
    more = f'<Override PartName="/xl/comments9.xml" ContentType="{kind}"/></Types>'
    return rewritten(data, **{"[Content_Types].xml": types.replace("</Types>", more)})


OLD_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<v:shape id="Button 1" o:spid="_x0000_s3073">'
    "<v:textbox><div><font>Press<br>here</font></div></v:textbox>"
    '<x:ClientData ObjectType="Button"><x:Anchor>1</x:Anchor></x:ClientData></v:shape></xml>'
)


def test_drawing_of_an_old_program__that_is_not_well_formed__keeps_its_shapes():
    copy = annotated(_with_legacy(OLD_VML), note("Data", "B2"))
    drawing = root(copy, "xl/drawings/old.vml")
    assert [shape.get("id") for shape in drawing.iter(f"{VML}shape")] == [
        "Button 1",
        "_x0000_s3074",
    ]
    assert "Press" in "".join(drawing.itertext())
    assert drawings(copy) == ["xl/drawings/old.vml"]
    assert loaded(copy)["Data"]["B2"].comment.text.startswith("Error")


def test_place_of_a_box_that_cannot_be_read__is_left_as_it_is():
    sheet = Sheet(root(Raw(f'<worksheet xmlns="{MAIN}"/>').to_bytes(), "xl/worksheets/sheet1.xml"))
    old = with_boxes(None, {(2, 2): 60}, set(), sheet.grid)
    spoilt = re.sub(b"<x:Anchor>[^<]*", b"<x:Anchor>here", old)
    assert with_boxes(spoilt, {(2, 2): 300}, {1}, sheet.grid) == spoilt


def test_last_cell_of_a_sheet__has_its_note_within_the_sheet(plain):
    copy = annotated(plain, note("Other", "XFD1048576"))
    anchor = root(copy, drawings(copy)[-1]).find(f".//{EXCEL}Anchor").text
    numbers = [int(number) for number in anchor.split(",")]
    assert max(numbers[0], numbers[4]) < 16_384
    assert max(numbers[2], numbers[6]) < 1_048_576


def test_hidden_and_wide_columns__are_reckoned_with_in_the_place_of_a_note():
    sheet = (
        f'<worksheet xmlns="{MAIN}"><sheetFormatPr defaultRowHeight="15" defaultColWidth="10"/>'
        '<cols><col min="2" max="2" width="50" hidden="1"/><col min="3" max="3" width="100"/>'
        '</cols><sheetData><row r="1" hidden="1"/><row r="2" ht="30"/></sheetData></worksheet>'
    )
    grid = Sheet(root(Raw(sheet).to_bytes(), "xl/worksheets/sheet1.xml")).grid
    assert grid.anchor(2, 1, 320, 60) == "1, 15, 0, 8, 2, 335, 3, 8"


def test_cell_with_a_discussion__gets_no_note_beside_it_but_in_the_one_that_mirrors_it():
    thread = (
        f'<ThreadedComments xmlns="{THREADS}"><threadedComment ref="B2" id="x"/>'
        '<threadedComment ref="C3" id="y"/></ThreadedComments>'
    )
    comments = (
        f'<comments xmlns="{MAIN}"><authors><author>tc=x</author></authors><commentList>'
        '<comment ref="B2" authorId="0"><text><t>[Threaded comment]</t></text></comment>'
        "</commentList></comments>"
    )
    data = _with_legacy(OLD_VML, comments, thread=thread)
    copy = annotated(data, note("Data", "B2"), note("Data", "C3"), note("Data", "D4"))
    assert "xl/threads.xml" not in changed(data, copy)
    written = root(copy, "xl/comments9.xml")
    texts = {
        item.get("ref"): "".join(item.itertext()) for item in written.iter(f"{{{MAIN}}}comment")
    }
    assert texts.keys() == {"B2", "D4"}
    assert texts["B2"].startswith("[Threaded comment]\n\n")


def test_discussions_alone__leave_the_notes_of_a_sheet_as_they_are():
    thread = f'<ThreadedComments xmlns="{THREADS}"><threadedComment ref="b2"/></ThreadedComments>'
    data = _with_legacy(OLD_VML, thread=thread)
    copy = annotated(data, note("Data", "B2"))
    assert changed(data, copy).isdisjoint({"xl/drawings/old.vml", "xl/comments1.xml"})
    assert "xl/worksheets/sheet1.xml" in changed(data, copy)


def test_copy_of_a_copy__names_the_program_once_as_author(plain):
    once = annotated(plain, note("Data", "A2"))
    authors = root(annotated(once, note("Data", "B1")), "xl/comments/comment1.xml")[0]
    assert [author.text for author in authors] == ["Ana", "cmswp"]


def test_guides_to_pronunciation__stay_behind_the_words_of_a_note():
    comments = (
        f'<comments xmlns="{MAIN}"><authors><author/></authors><commentList>'
        '<comment ref="B2" authorId="0"><text><r><t>漢字</t></r>'
        '<rPh sb="0" eb="2"><t>かんじ</t></rPh><phoneticPr fontId="0"/></text></comment>'
        "</commentList></comments>"
    )
    copy = annotated(_with_legacy(OLD_VML, comments), note("Data", "B2"))
    text = root(copy, "xl/comments9.xml").find(f".//{{{MAIN}}}text")
    names = [child.tag.rpartition("}")[2] for child in text]
    assert names == ["r", "r", "r", "r", "rPh", "phoneticPr"]


def test_notes_in_a_workbook_with_many__stay_with_their_sheets():
    book = openpyxl.Workbook()
    for number in range(4):
        sheet = book.create_sheet(f"S{number}")
        sheet["A1"].comment = Comment(f"Old {number}", "Ana")
    stream = io.BytesIO()
    book.save(stream)
    copy = loaded(
        annotated(stream.getvalue(), *(note(f"S{n}", "B2", text=f"New {n}") for n in range(4)))
    )
    for number in range(4):
        assert copy[f"S{number}"]["A1"].comment.text == f"Old {number}"
        assert copy[f"S{number}"]["B2"].comment.text == f"Error\nNew {number}"


def test_control_characters_and_half_pairs__are_shown():
    assert visible("a\x00b\x1b[31m\ud83dc\ufffed\x85") == "a\\x00b\\x1b[31m\\ud83dc\\ufffed\\x85"
    assert visible("a\r\nb\rc\td") == "a\nb\nc\td"
    assert stored("_x0041_ and _x41_") == "_x005F_x0041_ and _x41_"


def test_very_long_text__is_cut_to_what_excel_keeps():
    assert len(visible("x" * 40_000)) == 32_767
    assert len(visible("😀" * 20_000).encode("utf-16-le")) <= 2 * 32_767
    assert visible("x" * 32_767) == "x" * 32_767


@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_any_text__leaves_a_package_that_opens(text):
    data = Raw(f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>').to_bytes()
    item = CellNote("Data", "B2", Severity.ERROR, text, text)
    copy = annotated_copy(data, [item], report(item, title=text, value=text, summary=(text,)))
    book = loaded(copy)
    assert len(book.sheetnames) == 2
    assert stored(text).strip() in book["Data"]["B2"].comment.text
