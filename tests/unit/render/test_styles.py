"""What a body needs beside it: lists with the indents of their styles, footnotes, styles."""

from __future__ import annotations

from copy import deepcopy

import pytest
from lxml import etree

from cmswp_xl.ooxml import open_package
from cmswp_xl.render.finish import W
from cmswp_xl.render.styles import add_lists, add_notes, add_styles, first_note, restyle
from cmswp_xl.render.templates import SHARED_STYLES
from cmswp_xl.resources import template_folder


def tag(name):
    return f"{{{W}}}{name}"


@pytest.fixture
def package():
    path = template_folder() / "annex" / "annex.docx"
    return open_package(path.read_bytes(), "annex")


def root(package, name):
    return etree.fromstring(package.read(f"word/{name}.xml"))


def test_lists__have_the_form_of_the_language_and_the_indents_of_the_style(package):
    add_lists(package, {43001: {0: ("%1.", "CMSTextLead"), 1: ("%2)", "CMSSubparagraph")}})
    (form,) = (
        form
        for form in root(package, "numbering").iter(tag("abstractNum"))
        if form.get(tag("abstractNumId")) == "43001"
    )
    levels = [
        (
            level.find(tag("numFmt")).get(tag("val")),
            level.find(tag("lvlText")).get(tag("val")),
            level.find(f".//{tag('ind')}").get(tag("left")),
        )
        for level in form.iter(tag("lvl"))
    ]
    assert levels == [("decimal", "%1.", "567"), ("lowerLetter", "%2)", "1134")]


def test_footnotes__follow_those_of_the_template(package):
    assert first_note(package) == 1
    add_notes(package, ["Own"], 1)
    assert first_note(package) == 2
    add_notes(package, ["From 2024-2026", "a < b"], 2)
    notes = root(package, "footnotes")
    assert [note.get(tag("id")) for note in notes] == ["-1", "0", "1", "2", "3"]
    assert len(list(notes.iter(tag("noBreakHyphen")))) == 1
    assert "".join(notes[-1].itertext(tag("t"))) == " a < b"
    assert [item.kind for item in package.references("word/document.xml")].count("footnotes") == 1


def test_styles_that_an_older_template_lacks__come_from_those_that_ship(package):
    styles = root(package, "styles")
    for style in list(styles):
        if style.get(tag("styleId")) in ("FootnoteText", "TOC1"):
            styles.remove(style)
    caption = next(s for s in styles if s.get(tag("styleId")) == "Caption")
    caption.find(tag("rPr")).clear()
    package.write("word/styles.xml", etree.tostring(styles))
    shipped = open_package((template_folder() / SHARED_STYLES).read_bytes(), SHARED_STYLES)
    add_styles(package, shipped)
    found = {style.get(tag("styleId")): style for style in root(package, "styles")}
    assert {"FootnoteText", "TOC1"} <= set(found)
    assert len(found["Caption"].find(tag("rPr"))) == 0


def test_styles_of_one_name__are_taken_once(package):
    """LibreOffice writes a style Caption of its own before caption."""
    shipped = open_package((template_folder() / SHARED_STYLES).read_bytes(), SHARED_STYLES)
    shared = open_package((template_folder() / SHARED_STYLES).read_bytes(), SHARED_STYLES)
    styles = root(shared, "styles")
    caption = next(s for s in styles if s.get(tag("styleId")) == "Caption")
    caption.find(f"{tag('rPr')}/{tag('sz')}").set(tag("val"), "30")
    other = deepcopy(caption)
    other.find(tag("name")).set(tag("val"), "Caption")
    other.find(f"{tag('rPr')}/{tag('sz')}").set(tag("val"), "24")
    caption.set(tag("styleId"), "Caption1")
    caption.addprevious(other)
    shared.write("word/styles.xml", etree.tostring(styles))
    restyle(package, shared, shipped)
    found = [s for s in root(package, "styles") if s.get(tag("styleId"), "").startswith("Caption")]
    assert [s.get(tag("styleId")) for s in found] == ["Caption"]
    assert found[0].find(f"{tag('rPr')}/{tag('sz')}").get(tag("val")) == "30"
