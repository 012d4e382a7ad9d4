"""Files joined to one: sections, headers, lists, pictures, links, styles and ids stay apart."""

from __future__ import annotations

import io
import zipfile

import pytest
from bodies import with_tables
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml import etree, html

from cmswp_xl.errors import BrokenResource
from cmswp_xl.ooxml import open_package
from cmswp_xl.page import Cell, Column, Paragraph, Row, Table
from cmswp_xl.render.body import BodyWriter
from cmswp_xl.render.body import field as word_field
from cmswp_xl.render.finish import W
from cmswp_xl.render.html import html_headings, join_html
from cmswp_xl.render.join import Heading, Part, docx_headings, join_docx, moved
from cmswp_xl.render.styles import add_lists, add_notes
from cmswp_xl.render.templates import SHARED_STYLES
from cmswp_xl.resources import template_folder

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


def part(anchor, document):
    buffer = io.BytesIO()
    document.save(buffer)
    return Part(anchor, buffer.getvalue())


def paper(name, *paragraphs, landscape=False):
    """Make a Word file whose header and footer name it."""
    document = Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = f"head of {name}"
    section.footer.paragraphs[0].text = f"foot of {name}"
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    for text in paragraphs or (name,):
        document.add_paragraph(text)
    return document


def joined(*documents):
    parts = [part(f"part_{n}", document) for n, document in enumerate(documents, 1)]
    return Document(io.BytesIO(join_docx(parts)))


def bookmark(paragraph, name, number=0):
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        item = OxmlElement(tag)
        item.set(qn("w:id"), str(number))
        if tag.endswith("Start"):
            item.set(qn("w:name"), name)
        paragraph._p.append(item)


def link(paragraph, anchor=None, address=None):
    item = OxmlElement("w:hyperlink")
    if anchor:
        item.set(qn("w:anchor"), anchor)
    if address:
        key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        item.set(qn("r:id"), key)
    paragraph._p.append(item)


def values(document, tag, name):
    return [item.get(qn(name)) for item in document.element.iter(qn(tag))]


def test_each_part__is_a_section_with_its_own_page_header_and_footer():
    found = joined(paper("one"), paper("two", landscape=True), paper("three"))
    assert [paragraph.text for paragraph in found.paragraphs] == ["one", "two", "three"]
    assert [section.orientation for section in found.sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]
    for section, name in zip(found.sections, ("one", "two", "three"), strict=True):
        assert section.header.paragraphs[0].text == f"head of {name}"
        assert section.footer.paragraphs[0].text == f"foot of {name}"
    assert values(found, "w:pgNumType", "w:start") == ["1", "1", "1"]


def test_part_without_header__has_a_blank_one():
    bare = Document()
    bare.add_paragraph("bare")
    found = joined(paper("one"), bare)
    assert not found.sections[1].header.is_linked_to_previous
    assert [p.text for p in found.sections[1].header.paragraphs] == [""]
    assert [p.text for p in found.sections[1].footer.paragraphs] == [""]


def test_sections_within_a_part__stay():
    two = paper("two")
    two.add_section().header.is_linked_to_previous = False
    two.sections[1].header.paragraphs[0].text = "second head"
    found = joined(paper("one"), two, paper("three"))
    heads = [section.header.paragraphs[0].text for section in found.sections]
    assert heads == ["head of one", "head of two", "second head", "head of three"]


@pytest.mark.parametrize("ending", ["table", "paragraph", "nothing"])
def test_end_of_a_part__holds_its_section(ending):
    one = Document()
    if ending == "paragraph":
        one.add_paragraph("one")
    elif ending == "table":
        one.add_table(rows=1, cols=1)
    found = joined(one, paper("two"))
    assert len(found.sections) == 2
    assert found.sections[1].header.paragraphs[0].text == "head of two"


def test_headers_first_page_and_even__come_along():
    one = paper("one")
    one.sections[0].different_first_page_header_footer = True
    one.sections[0].first_page_header.paragraphs[0].text = "first"
    found = joined(paper("zero"), one)
    assert not found.sections[0].different_first_page_header_footer
    assert found.sections[1].different_first_page_header_footer
    assert found.sections[1].first_page_header.paragraphs[0].text == "first"


def test_lists__count_for_themselves_and_look_as_before():
    papers = [paper(name) for name in ("one", "two")]
    for document in papers:
        for text in ("a", "b"):
            document.add_paragraph(text, style="List Number")
            document.paragraphs[
                -1
            ]._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = 1
    found = joined(*papers)
    used = values(found, "w:numId", "w:val")
    assert used[:2] == [used[0]] * 2
    assert used[2:] == [used[2]] * 2
    assert used[0] != used[2]
    numbering = found.part.numbering_part.element
    lists = {item.numId: item.abstractNumId.val for item in numbering.num_lst}
    forms = [item.get(qn("w:abstractNumId")) for item in numbering.findall(qn("w:abstractNum"))]
    assert len(forms) == len(set(forms))
    assert {str(lists[int(key)]) for key in used} <= set(forms)
    tags = [item.tag for item in numbering]
    assert tags == sorted(tags, key=lambda tag: tag != qn("w:abstractNum"))


def test_pictures_and_addresses__are_each_part_s_own():
    papers = []
    for name in ("one", "two"):
        document = paper(name)
        document.add_picture(io.BytesIO(PIXEL))
        document.sections[0].header.paragraphs[0].add_run().add_picture(io.BytesIO(PIXEL))
        link(document.paragraphs[0], address=f"https://{name}.example/")
        papers.append(document)
    found = joined(*papers)
    assert [shape._inline.docPr.id for shape in found.inline_shapes] != [1, 1]
    keys = values(found, "a:blip", "r:embed")
    assert len(set(keys)) == 2
    assert all(found.part.related_parts[key].blob == PIXEL for key in keys)
    addresses = [found.part.rels[key].target_ref for key in values(found, "w:hyperlink", "r:id")]
    assert addresses == ["https://one.example/", "https://two.example/"]
    for section in found.sections:
        (blip,) = section.header._element.iter(qn("a:blip"))
        assert section.header.part.related_parts[blip.get(qn("r:embed"))].blob == PIXEL


def test_bookmarks_of_one_name__are_told_apart_and_links_follow():
    papers = []
    for name in ("one", "two"):
        document = paper(name)
        bookmark(document.paragraphs[0], "here")
        link(document.paragraphs[0], anchor="here")
        papers.append(document)
    found = joined(*papers)
    names = values(found, "w:bookmarkStart", "w:name")
    numbers = values(found, "w:bookmarkStart", "w:id")
    assert len(names) == len(set(names)) == len(set(numbers)) == 6
    assert {"part_1", "part_2", "part_1_end", "part_2_end"} < set(names)
    anchors = values(found, "w:hyperlink", "w:anchor")
    assert len(set(anchors)) == 2
    assert set(anchors) < set(names)


def test_headings__get_anchors_that_can_be_known_before():
    one = paper("one")
    one.add_heading("First & last", 2)
    one.add_heading("Below", 3)
    two = paper("two")
    two.add_heading("Other", 2)
    assert docx_headings(part("part_1", one)) == (Heading("part_1_1", "First & last"),)
    names = set(values(joined(one, two), "w:bookmarkStart", "w:name"))
    assert {"part_1_1", "part_2_1"} <= names


def test_style_that_differs__keeps_its_look_under_a_name_of_its_own():
    one, two = paper("one"), paper("two")
    for document, size in ((one, 10), (two, 20)):
        document.styles["Heading 1"].font.size = Pt(size)
        document.add_heading("Title", 1)
    found = joined(one, two)
    styles = [p.style for p in found.paragraphs if p.text == "Title"]
    assert [style.font.size for style in styles] == [Pt(10), Pt(20)]
    assert styles[0].name == "Heading 1"
    ids = [style.style_id for style in found.styles]
    assert len(ids) == len(set(ids))


def test_plain_paragraphs__keep_the_look_of_their_part():
    one, two = paper("one"), paper("two")
    two.styles["Normal"].font.size = Pt(20)
    found = joined(one, two)
    assert found.paragraphs[0].style.font.size is None
    assert found.paragraphs[1].style.font.size == Pt(20)
    assert sum(style.element.get(qn("w:default")) == "1" for style in found.styles) == 4


def test_style_of_one_part__comes_along_and_equal_styles_stay_one():
    one, two, three = paper("one"), paper("two"), paper("three")
    for document in (two, three):
        document.styles.add_style("Own", 1).base_style = document.styles["Heading 1"]
        document.add_paragraph("styled", style="Own")
    found = joined(one, two, three)
    assert [p.style.name for p in found.paragraphs if p.text == "styled"] == ["Own", "Own"]
    assert [style.name for style in found.styles].count("Own") == 1


def test_ids_of_another_language__are_the_same_style():
    one, two = paper("one"), paper("two")
    two.styles["Heading 2"].element.set(qn("w:styleId"), "Titre2")
    two.add_paragraph("Deux", style="Heading 2")
    assert docx_headings(part("p", two)) == (Heading("p_1", "Deux"),)
    assert joined(one, two).paragraphs[-1].style.style_id == "Heading2"


@pytest.mark.parametrize("tag", ["w:endnoteReference", "w:commentReference"])
def test_endnotes_and_comments__are_refused(tag):
    one, two = paper("one"), paper("two")
    two.paragraphs[0].add_run()._r.append(OxmlElement(tag))
    with pytest.raises(BrokenResource):
        joined(one, two)


RESTARTED = (
    f'<w:footnotePr xmlns:w="{W}"><w:numFmt w:val="lowerLetter"/>'
    '<w:numRestart w:val="eachSect"/></w:footnotePr>'
)


def noted(name, *letters):
    """Make a paper as `paper` with a table of rows with notes, and a list of two paragraphs."""
    write = BodyWriter(template_folder() / SHARED_STYLES)
    rows = tuple(Row((Cell((Paragraph(name, notes=letter),)),)) for letter in letters)
    below = (Paragraph(f"{name} {letter}.", "note", letter) for letter in sorted({*letters}))
    counted = (Paragraph("x", "paragraph", f"{n}.") for n in (1, 2))
    body = write((Table("t", "c", (Column("h"),), rows), *below, *counted))
    document = paper(name)
    xml = etree.fromstring(f'<w:body xmlns:w="{W}">{with_tables(write, body)}</w:body>')
    document.element.body[-1:-1] = list(xml)
    document.sections[0]._sectPr.append(etree.fromstring(RESTARTED))
    package = open_package(part("p", document).data, name)
    add_notes(package, write.notes.values(), 1)
    add_lists(package, write.lists)
    return package.to_bytes()


def test_footnotes_and_lists__are_numbered_apart():
    parts = [Part("p1", part("p", paper("one")).data), Part("p2", noted("two", "a", "a"), "Two")]
    data = join_docx([*parts, Part("p3", noted("three", "a", "b", "a"), 'The "3rd" & last')])
    package = open_package(data, "set")
    body, notes, lists = (
        etree.fromstring(package.read(f"word/{name}.xml"))
        for name in ("document", "footnotes", "numbering")
    )
    ids = [item.get(qn("w:id")) for item in body.iter(qn("w:footnoteReference"))]
    texts = {n.get(qn("w:id")): "".join(n.itertext(qn("w:t"))) for n in notes}
    assert [texts[key].strip() for key in ids] == ["two a.", "three a.", "three b."]
    assert len(texts) == len(notes) == 5
    codes = [code.text.strip() for code in body.iter(qn("w:instrText"))]
    names = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    led = [code.split()[1] for code in codes if code.startswith("NOTEREF")]
    assert len(set(led)) == 2
    assert set(led) <= names
    listed = [code for code in codes if code.startswith("TC")]
    assert listed == ['TC "Two" \\f C \\l 1', 'TC "The ”3rd” & last" \\f C \\l 1']
    used = [item.get(qn("w:val")) for p in body.iter(qn("w:numPr")) for item in p[1:]]
    assert list(body.iter(qn("w:numRestart"))) == []
    shown = [
        next(code.getparent().itersiblings(qn("w:r")), code).getnext().findtext(qn("w:t"))
        for code in body.iter(qn("w:instrText"))
        if "NOTEREF" in code.text
    ]
    assert shown == ["a", "b"]  # the letters that Word gives these notes, a to c
    forms = {n.get(qn("w:numId")): n[0].get(qn("w:val")) for n in lists.iter(qn("w:num"))}
    assert used[0] == used[1]
    assert used[2] == used[3]
    assert forms[used[0]] != forms[used[2]]


@pytest.mark.parametrize(
    ("letter", "by", "moves"), [("a", 0, "a"), ("y", 2, "aa"), ("bb", 26, "bbb"), ("z", 1, "aa")]
)
def test_letters_of_notes__go_on_as_word_counts_them(letter, by, moves):
    assert moved(letter, by) == moves


def test_tables__are_counted_from_one_in_each_part():
    documents = [paper(name) for name in ("one", "two")]
    for document in documents:
        for word in ("Table", "Table", "Figure"):
            counted = word_field(f"SEQ {word} \\* ARABIC", "")
            xml = f'<w:p xmlns:w="{W}">{counted}</w:p>'
            document.element.body.insert(-1, etree.fromstring(xml))
    found = joined(*documents).element.iter(qn("w:instrText"))
    counted = [code.text.split() for code in found if "SEQ" in code.text]
    again = ["\\r", "1"]
    assert [(code[1], code[-2:] == again) for code in counted] == 2 * [
        ("Table", True),
        ("Table", False),
        ("Figure", True),
    ]


@pytest.mark.parametrize("data", [b"", b"no package"])
def test_no_word_file__is_a_broken_resource(data):
    with pytest.raises(BrokenResource):
        join_docx([Part("a", data)])


def test_joining_twice__gives_the_same_bytes_and_no_part_twice():
    parts = [part("a", paper("one")), part("b", paper("two"))]
    data = join_docx(parts)
    assert data == join_docx(parts)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        types = package.read("[Content_Types].xml").decode()
    assert len(names) == len(set(names))
    assert "word/header1.xml" not in names
    assert all(f"/{name}" in types for name in names if "header" in name)


def page(title, body, style="p { margin: 0; }"):
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>"
        f"<style>{style}</style></head><body>{body}</body></html>"
    ).encode()


FRAME = Part("frame", page("Set", "<nav><a href='#two_top'>2</a></nav><main></main>"))


def test_pages__become_articles_with_ids_of_their_own():
    body = (
        "<main><h2 id='top'>Top é</h2><section aria-labelledby='top other'>"
        "<a href='#top'>up</a><a href='#one'>one</a></section></main>"
    )
    parts = [Part(name, page(name, body)) for name in ("one", "two")]
    assert html_headings(parts[1]) == (Heading("two_top", "Top é"),)
    data = join_html([FRAME, *parts])
    root = html.document_fromstring(data.decode())
    ids = root.xpath("//@id")
    assert ids == ["one", "one_top", "two", "two_top"]
    assert root.xpath("//article/@id") == ["one", "two"]
    assert len(root.xpath("//main")) == 1
    assert root.xpath("//section/@aria-labelledby") == ["one_top other", "two_top other"]
    assert root.xpath("//article//@href") == ["#one_top", "#one", "#two_top", "#one"]
    assert "Top é" in data.decode()
    assert data.startswith(b"<!DOCTYPE html>")


def test_notes_of_pages__are_lettered_through_as_in_word():
    body = (
        "<main><p>1<sup>er</sup> x<sup>a, b</sup></p>"
        "<div class='notes'><p><sup>a</sup> A.</p><p><sup>b</sup> B.</p></div></main>"
    )
    data = join_html([FRAME, *(Part(name, page(name, body)) for name in ("one", "two"))])
    letters = html.document_fromstring(data.decode()).xpath("//sup/text()")
    assert letters == ["er", "a, b", "a", "b", "er", "c, d", "c", "d"]


def test_style_rules__stand_once_and_pages_are_told_apart():
    style = (
        "p { margin: 0; } @media print { p { color: red; } a { color: blue; } }"
        " @page%s { size: A4; }"
    )
    parts = [
        Part("one", page("1", "<p>1</p>", style % "")),
        Part("two", page("2", "<p>2</p>", style % " :first")),
    ]
    (sheet,) = html.document_fromstring(join_html([FRAME, *parts]).decode()).xpath(
        "//style/text()"
    )
    assert sheet.split("\n") == [
        "",
        "p { margin: 0; }",
        "@media print { p { color: red; } a { color: blue; } }",
        "@page one { size: A4; }",
        "#one { page: one; }",
        "@page two:first { size: A4; }",
        "#two { page: two; }",
        "",
    ]


def test_texts_that_look_like_markup__stay_texts():
    body = "<p>&lt;b&gt; &amp; &quot;q&quot; 'a' {x} </p>"
    data = join_html([FRAME, Part("one", page("1", body))])
    (text,) = html.document_fromstring(data.decode()).xpath("//article/p/text()")
    assert text == "<b> & \"q\" 'a' {x} "
