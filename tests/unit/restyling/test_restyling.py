"""Templates are checked name by name against the contexts of their documents."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt, Twips
from jinja2 import TemplateSyntaxError
from lxml import etree
from packages import unpacked

from cmswp_xl.errors import BrokenResource, UnwritableOutput
from cmswp_xl.languages import Language, Words
from cmswp_xl.registry import TEMPLATED
from cmswp_xl.render.docx import Properties, filled_docx, render_docx
from cmswp_xl.render.html import filled_html
from cmswp_xl.render.styles import own_look
from cmswp_xl.render.templates import template_environment
from cmswp_xl.resources import template_folder
from cmswp_xl.restyling import Finding, Uses, check_templates, copy_templates, templates_text


@dataclass(frozen=True)
class Line:
    text: str
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Paper:
    title: str
    lines: tuple[Line, ...]
    labels: dict[str, str]
    best: Line | None


PAPER = Paper("T", (Line("a", ()),), {"page": "Page"}, None)


def unknown(source):
    return [
        (item.line, item.name, item.meant)
        for item in Uses(template_environment().parse(source), PAPER).unknown
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("{{ title }}", []),
        ("{{ titel }}", [(1, "titel", "title")]),
        ("\n{% for line in lines %}{{ line.txet }}{% endfor %}", [(2, "line.txet", "text")]),
        ("{% for line in lines %}{{ loop.index }}{{ line.text }}{% endfor %}", []),
        ("{% for line in lines %}{% endfor %}{{ line.text }}", [(1, "line", "lines")]),
        ("{% for line in lines %}{% for a, b in line.notes %}{{ a }}{% endfor %}{% endfor %}", []),
        ("{{ labels.page }}", []),
        ("{{ labels.pgae }}", [(1, "labels.pgae", "page")]),
        ("{{ best.text }}", []),
        ("{{ best.title }}", [(1, "best.title", "")]),
        ("{{ lines[0].txet }}", [(1, "….txet", "text")]),
        ("{% set first = lines | list %}{{ first }}", []),
        ("{% set x = title %}{{ x }}{{ y }}", [(1, "y", "")]),
        ("{% macro m(row) %}{{ row.anything }}{{ titel }}{% endmacro %}{{ m(lines) }}",
         [(1, "titel", "title")]),
        ("{% if titel %}x{% elif title %}y{% else %}{{ nope }}{% endif %}",
         [(1, "titel", "title"), (1, "nope", "")]),
        ("{{ title | upper | default(nope) }}", [(1, "nope", "")]),
        ("{% block b %}{{ titel }}{% endblock %}", [(1, "titel", "title")]),
        ("{{ titel }}{{ titel }}", [(1, "titel", "title")]),
    ],
)  # fmt: skip
def test_unknown_names_are_found_with_line_and_nearest_name(source, found):
    assert unknown(source) == found


def test_fields_that_are_used_are_known():
    tree = template_environment().parse("{{ title }}{% for l in lines %}{{ l.text }}{% endfor %}")
    assert Uses(tree, PAPER).used == {(Paper, "title"), (Paper, "lines"), (Line, "text")}


@pytest.fixture
def copied(tmp_path):
    copy_templates(tmp_path / "mine", ["annex"])
    return tmp_path / "mine"


@pytest.fixture(scope="session")
def contexts():
    from cmswp_xl.restyling import sample_contexts

    return sample_contexts()


def test_what_ships_has_no_fault_and_no_mention(tmp_path, contexts):
    copy_templates(tmp_path, contexts)
    assert check_templates(tmp_path, contexts) == []


def test_a_copy_is_the_same_and_replaces_nothing(copied):
    for path in copied.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (template_folder() / path.relative_to(copied)).read_bytes()
    with pytest.raises(UnwritableOutput):
        copy_templates(copied, ["annex"])


def rewritten(path, old, new):
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    text = parts["word/document.xml"].decode()
    assert old in text
    parts["word/document.xml"] = text.replace(old, new).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    path.write_bytes(buffer.getvalue())


def test_a_misspelt_field_of_a_word_file_is_told_with_its_paragraph(copied, contexts):
    loop = "{% for section in body %}{{ section.titel }}{% endfor %}"
    rewritten(copied / "annex" / "annex.docx", "{{p body }}", loop)
    found = [f for f in check_templates(copied, contexts) if f.reason == "unknown-name"]
    assert [(f.file, f.name, f.meant) for f in found] == [
        ("annex/annex.docx", "section.titel", "title")
    ]
    assert "section.titel" in found[0].place


def test_sections_and_tables_can_be_placed_one_by_one(copied, contexts):
    loop = "{% for section in body %}{{ section }}{% endfor %}"
    rewritten(copied / "annex" / "annex.docx", "{{p body }}", f"{{{{p body[0].blocks }}}}{loop}")
    assert check_templates(copied, contexts) == []


def test_templates_from_before_bodies__are_told_what_places_tables_now(copied, contexts):
    loop = "{% for row in closing.areas %}{{ labels.area }}{% endfor %}"
    rewritten(copied / "annex" / "annex.docx", "{{p body }}", loop)
    page = '{% extends "base/paper.html.j2" %}{% block main %}{{ areas }}{% endblock %}'
    (copied / "annex" / "annex.html.j2").write_text(page, encoding="utf-8")
    found = check_templates(copied, contexts)
    assert Finding("annex/annex.docx", "without-body", name="{{p body }}") in found
    assert Finding("annex/annex.html.j2", "without-body", name="{{ page.body(body) }}") in found
    text = templates_text(found, Words(Language.EN))
    assert "annex/annex.docx: Tables and texts are now placed by {{p body }}" in text


def test_a_misspelt_name_of_a_page_is_told_with_its_line(copied, contexts):
    path = copied / "annex" / "annex.html.j2"
    page = path.read_text(encoding="utf-8")
    path.write_text(page + "{% block main %}\n{{ bdoy }}\n{% endblock %}", encoding="utf-8")
    found = check_templates(copied, contexts)
    assert Finding("annex/annex.html.j2", "unknown-name", "3", "bdoy", "body") in found


def restyled(path, size):
    document = docx.Document(str(path))
    document.styles["Heading 1"].font.size = Pt(size)
    document.save(str(path))


def heading_size(folder, contexts, document="annex"):
    context = contexts[document]
    plain = Properties(context.title, "", context.tag, None, context.landscape)
    made = docx.Document(io.BytesIO(render_docx(document, context, plain, folder)))
    return made.styles["Heading 1"].font.size


def test_word_templates__have_the_styles_and_lists_of_the_shared_file():
    shared = unpacked((template_folder() / "base" / "styles.docx").read_bytes())
    for path in template_folder().glob("*/*.docx"):
        parts = unpacked(path.read_bytes())
        for name in ("word/styles.xml", "word/numbering.xml"):
            assert parts[name] == shared[name], path.name


def test_a_restyling_of_the_shared_file__is_seen_in_every_document(copied, contexts):
    restyled(copied / "base" / "styles.docx", 33)
    assert heading_size(copied, contexts) == Pt(33)
    assert heading_size(copied, contexts, "next-steps") == Pt(33)  # its template is not copied
    assert check_templates(copied, contexts) == []


def test_a_style_that_a_template_changed__stays_its_own(copied, contexts):
    restyled(copied / "base" / "styles.docx", 33)
    restyled(copied / "annex" / "annex.docx", 21)
    assert heading_size(copied, contexts) == Pt(21)
    (copied / "base" / "styles.docx").unlink()
    assert heading_size(copied, contexts) == Pt(21)


def test_a_new_style_with_a_list__comes_with_its_list(copied, contexts):
    path = copied / "base" / "styles.docx"
    document = docx.Document(str(path))
    document.styles["List Bullet"].font.size = Pt(31)
    document.save(str(path))
    context = contexts["requests"]
    plain = Properties(context.title, "", context.tag, None, context.landscape)
    made = docx.Document(io.BytesIO(render_docx("requests", context, plain, copied)))
    style = made.styles["List Bullet"]
    assert style.font.size == Pt(31)
    number = style.element.pPr.numPr.numId.val
    assert number in [item.numId for item in made.part.numbering_part.element.num_lst]


def test_shared_styles_that_cannot_be_read__are_a_fault(copied, contexts):
    (copied / "base" / "styles.docx").write_bytes(b"no zip")
    found = check_templates(copied, contexts)
    assert {f.fault.values["name"] for f in found} == {"base/styles.docx"}


def test_what_no_template_of_a_document_uses_is_mentioned(copied, contexts):
    (copied / "annex" / "annex.docx").unlink()
    (copied / "annex" / "annex.html.j2").write_text("{{ title }}", encoding="utf-8")
    found = check_templates(copied, contexts)
    assert Finding("annex", "unused-field", name="subtitle") in found
    assert Finding("annex", "unused-field", name="title") not in found


def test_broken_tags_and_files_are_told(copied, contexts):
    (copied / "annex" / "annex.html.j2").write_text("{% for x in %}", encoding="utf-8")
    (copied / "annex" / "annex.docx").write_bytes(b"no zip")
    (copied / "annex" / "notes.txt").write_text("x", encoding="utf-8")
    (copied / "stray.txt").write_text("x", encoding="utf-8")
    found = {(f.file, f.reason) for f in check_templates(copied, contexts)}
    assert {
        ("annex/annex.html.j2", "syntax"),
        ("annex/annex.docx", "fault"),
        ("annex/notes.txt", "unknown-file"),
        ("stray.txt", "unknown-file"),
    } <= found


def test_the_text_puts_faults_first_and_sums_up():
    findings = [
        Finding("a", "unused-field", name="status"),
        Finding("a/a.html.j2", "unknown-name", "3", "titel", "title"),
    ]
    assert templates_text(findings, Words(Language.EN)).splitlines() == [
        "a/a.html.j2, line 3: There is no titel. Did you mean title?",
        "a: Not used: status",
        "1 fault; correct it before making documents with these templates.",
    ]
    assert templates_text([], Words(Language.EN)).startswith("No faults")


def test_a_syntax_error_of_jinja_is_what_is_told():
    with pytest.raises(TemplateSyntaxError):
        template_environment().parse("{% for x in %}")


def made(folder, contexts, name):
    context = contexts[name]
    plain = Properties(context.title, "", context.tag, None, context.landscape)
    file = f"{name}/{name}.docx"
    return docx.Document(io.BytesIO(filled_docx(folder / file, file, context, plain, folder)))


@pytest.fixture
def whole(tmp_path):
    """A copy of all templates, and the Word file that they share."""
    copy_templates(tmp_path / "all", TEMPLATED)
    return tmp_path / "all", tmp_path / "all" / "base" / "styles.docx"


def logo_of(document):
    header = document.sections[0].first_page_header
    (blip,) = header._element.iter(qn("a:blip"))
    return header.part.related_parts[blip.get(qn("r:embed"))].blob


PICTURE = b"\x89PNG\r\n\x1a\n of another kind"


def test_one_file__decides_page_font_head_and_logo_of_every_document(whole, contexts):
    folder, shared = whole
    document = docx.Document(str(shared))
    section = document.sections[0]
    section.left_margin, section.top_margin = Twips(2268), Twips(2835)
    document.styles["Normal"].font.name = "Georgia"
    section.header.paragraphs[0].add_run(" of ours")
    header = section.first_page_header
    (blip,) = header._element.iter(qn("a:blip"))
    header.part.related_parts[blip.get(qn("r:embed"))]._blob = PICTURE
    document.save(str(shared))
    assert set(contexts) == set(TEMPLATED)
    for name, context in contexts.items():
        found = made(folder, contexts, name)
        assert (found.sections[0].left_margin, found.sections[0].top_margin) == (
            Twips(2268),
            Twips(2835),
        ), name
        assert found.sections[0].header.paragraphs[0].text == f"{context.head} of ours"
        assert logo_of(found) == PICTURE
        fonts = {s.font.name for s in found.styles if s.name.startswith(("CMS ", "Heading 1"))}
        assert fonts == {None}, name  # all have that of Normal
        assert found.styles["Normal"].font.name == "Georgia"
    assert check_templates(folder, contexts) == []


def test_every_page__counts_the_pages_in_words_of_the_language(whole, contexts):
    for name in contexts:
        footers = made(whole[0], contexts, name).sections[0]
        for footer in (footers.footer, footers.first_page_footer):
            text = "".join(footer._element.itertext(qn("w:t"), qn("w:instrText")))
            assert text == "Page  PAGE 1 of  NUMPAGES 1"


def test_shipped_templates__hold_no_frame_and_the_page_of_the_shared_file(contexts):
    shared = docx.Document(str(template_folder() / "base" / "styles.docx")).sections[0]
    for name in contexts:
        parts = unpacked((template_folder() / name / f"{name}.docx").read_bytes())
        assert not [part for part in parts if "header" in part or "footer" in part], name
        found = docx.Document(str(template_folder() / name / f"{name}.docx")).sections[0]
        for side in ("page_width", "page_height", "left_margin", "right_margin", "top_margin"):
            assert getattr(found, side) == getattr(shared, side), name


def test_template_with_a_head_of_its_own__keeps_its_page(whole, contexts):
    folder, shared = whole
    changed = docx.Document(str(shared))
    changed.sections[0].left_margin = Twips(2268)
    changed.save(str(shared))
    path = folder / "annex" / "annex.docx"
    document = docx.Document(str(path))
    document.sections[0].header.paragraphs[0].text = "mine"
    document.save(str(path))
    section = made(folder, contexts, "annex").sections[0]
    assert section.header.paragraphs[0].text == "mine"
    assert section.left_margin == Twips(1020)
    assert not section.different_first_page_header_footer


def test_margin_that_a_template_changed__stays_its_own(whole, contexts):
    folder, shared = whole
    for path, margin in ((shared, 2268), (folder / "annex" / "annex.docx", 1701)):
        document = docx.Document(str(path))
        document.sections[0].left_margin = Twips(margin)
        document.save(str(path))
    section = made(folder, contexts, "annex").sections[0]
    assert section.left_margin == Twips(1701)
    assert section.header.paragraphs[0].text == contexts["annex"].head


def test_shared_file_from_before_frames__leaves_the_shipped_one(whole, contexts):
    folder, shared = whole
    document = docx.Document(str(shared))
    section = document.sections[0]._sectPr
    for item in section.findall(qn("w:headerReference")) + section.findall(
        qn("w:footerReference")
    ):
        section.remove(item)
    document.sections[0].left_margin = Twips(2268)
    document.save(str(shared))
    section = made(folder, contexts, "annex").sections[0]
    assert section.left_margin == Twips(1020)
    assert section.header.paragraphs[0].text == contexts["annex"].head


def test_misspelt_name_in_the_head_of_all_pages__is_told_with_its_file(whole, contexts):
    folder, shared = whole
    document = docx.Document(str(shared))
    document.sections[0].header.paragraphs[0].text = "{{ haed }}"
    document.save(str(shared))
    found = check_templates(folder, contexts)
    assert ("base/styles.docx", "unknown-name", "haed", "head") in {
        (f.file, f.reason, f.name, f.meant) for f in found
    }
    with pytest.raises(BrokenResource) as refused:
        made(folder, contexts, "annex")
    assert refused.value.values["name"] == "base/styles.docx"


def test_style_that_only_repeats_the_font_and_colour_of_all_text__is_unchanged():
    xml = '<w:style xmlns:w="{}" w:type="paragraph" w:styleId="X">{}</w:style>'
    space = qn("w:p")[1:].partition("}")[0]
    said = '<w:rFonts w:ascii="Arial"/><w:color w:val="000000"/>'
    plain, old, other = (
        own_look(etree.fromstring(xml.format(space, look)))
        for look in (
            "<w:rPr><w:b/></w:rPr>",
            f"<w:rPr>{said}<w:b/></w:rPr>",
            '<w:rPr><w:rFonts w:ascii="Georgia"/><w:b/></w:rPr>',
        )
    )
    assert plain == old != other


def test_logo_of_pages__stands_in_every_html_document(whole, contexts):
    folder, _ = whole
    logo = '<img class="logo" alt="CMS" src="data:,">'
    (folder / "base" / "logo.html.j2").write_text(logo, encoding="utf-8")
    for name, context in contexts.items():
        page = filled_html(f"{name}/{name}.html.j2", context, folder).decode()
        assert page.count(logo) == 1
        assert 'counter(page) "\\20 of\\20 " counter(pages)' in page
