"""What the program makes and ships is valid for Excel and Word, in every kind and language."""

from __future__ import annotations

import re

import pytest
from officefiles import (
    MAKERS,
    change_templates,
    make_office_files,
    office_files,
    turned_round,
    unlike_files,
)
from openxml_audit import FileFormat, OpenXmlValidator
from packages import pack, unpacked
from programs import cmswp, listing
from wordrules import RULES

from cmswp_xl.documents.build import DOCUMENTS
from cmswp_xl.languages import Language

KINDS = (*MAKERS, "shipped")
DOCUMENT = "word/document.xml"
OF_RENDERED = {"links_lead_to_bookmarks", "nothing_is_left_of_the_template", "rows_fill_the_grid"}
"""Rules that a template cannot keep, since its tags are no anchors, and merge cells."""
OF_PICTURES = {"pictures_have_numbers_of_their_own", "relationships_that_are_named_exist"}
DISORDER = (DOCUMENT, rb"(<w:tcW [^>]*/>)(.*?)(</w:tcPr>)", rb"\2\1\3")
SPOILS = {
    "pictures_have_numbers_of_their_own": (DOCUMENT, rb'(<wp:docPr id)="\d+"', rb'\1="7"'),
    "bookmarks_have_numbers_and_names_of_their_own": (
        DOCUMENT,
        rb'(<w:bookmarkStart w:id)="\d+"',
        rb'\1="7"',
    ),
    "links_lead_to_bookmarks": (DOCUMENT, b'w:anchor="', b'w:anchor="no'),
    "relationships_lead_to_parts": (
        "word/_rels/document.xml.rels",
        b'Target="shared_header',
        b'Target="no',
    ),
    "relationships_that_are_named_exist": (DOCUMENT, b'r:embed="', b'r:embed="no'),
    "parts_have_types": ("[Content_Types].xml", b"/word/shared_header", b"/word/no"),
    "tables_have_rows_and_rows_have_cells": (DOCUMENT, b"</w:tbl>", b"<w:tr/></w:tbl>"),
    "rows_fill_the_grid": (DOCUMENT, rb"<w:tblGrid><w:gridCol [^>]*/>", b"<w:tblGrid>"),
    "cells_and_pages_end_with_a_paragraph": (DOCUMENT, b"</w:tc>", b"<w:tbl/></w:tc>"),
    "styles_and_lists_that_are_named_exist": ("word/styles.xml", b'styleId="', b'styleId="no'),
    "word_lays_out_as_it_does_today": ("word/settings.xml", b'w:val="15"', b'w:val="14"'),
    "nothing_is_left_of_the_template": (DOCUMENT, b"</w:t>", b"{{ x }}</w:t>"),
}


@pytest.fixture(scope="session")
def files(made_once):
    """The files of every kind, as paths."""
    return office_files(made_once("office-files", make_office_files))


@pytest.fixture(scope="session")
def unlike(made_once):
    """The files with an element the like of which is in none of those before."""
    return unlike_files(made_once("office-files", make_office_files))


@pytest.fixture(scope="module")
def audit():
    """
    Give a function by which openxml-audit says what is wrong with a file.

    The places of faults are without numbers, for which it counts the rows again in every row.
    """

    def faults(path):
        # One for each file: it would take the footnotes of an earlier one for those of the next.
        validator = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365, max_errors=0)
        return [f"{path.name}: {fault}" for fault in validator.validate(path).errors]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("openxml_audit.context._sibling_position", lambda _: 1)
        yield faults


@pytest.fixture
def disordered(files, tmp_path):
    """A document in which the width of each cell follows what it must precede."""
    path = tmp_path / "disordered.docx"
    path.write_bytes(pack(spoilt(document(files, "annex"), DISORDER)))
    return path


def document(files, name):
    """Give the parts of an English document of the example."""
    path = next(path for path in files["documents"] if path.name == f"{name}.en.docx")
    return unpacked(path.read_bytes())


def spoilt(parts, spoil):
    name, before, after = spoil
    changed = re.sub(before, after, parts[name], flags=re.DOTALL)
    assert changed != parts[name]
    return {**parts, name: changed}


def test_each_kind__is_there_in_each_language(files):
    for kind in MAKERS:
        languages = {path.suffixes[0].lstrip(".") for path in files[kind]}
        assert languages == {language.value for language in Language}, kind
    made = {path.name.partition(".")[0] for path in files["documents"]}
    assert made == {*DOCUMENTS, "set"}
    assert {path.suffix for path in files["shipped"]} == {".docx", ".xlsx", ".xlam"}


@pytest.mark.parametrize("kind", KINDS)
def test_files__are_valid_for_openxml_audit(files, unlike, audit, kind):
    """The first file of each kind, and of the others those that hold something new."""
    first, *others = files[kind]
    paths = [first, *(path for path in others if path in unlike)]
    assert [fault for path in paths for fault in audit(path)] == []


def test_openxml_audit__finds_a_child_out_of_order(audit, disordered):
    assert any("tcW" in fault for fault in audit(disordered))


@pytest.mark.host
def test_files__are_valid_for_microsofts_sdk(files, unlike, open_xml_sdk, disordered):
    """The SDK, which is started for each file, is spared those that hold nothing new."""
    assert {kind for kind in KINDS if {*files[kind]} & unlike} >= {"new", "documents", "shipped"}
    found = open_xml_sdk([*unlike, disordered])
    assert any("tcW" in fault["description"] for fault in found.pop(str(disordered)))
    assert set(found) == {str(path) for path in unlike}
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("rule", RULES)
def test_documents__keep_the_rules_of_word(files, rule):
    kinds = set(KINDS) - ({"shipped"} if rule in OF_RENDERED else set())
    papers = [path for kind in kinds for path in files[kind] if path.suffix == ".docx"]
    found = {path.name: list(RULES[rule](unpacked(path.read_bytes()))) for path in papers}
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("rule", RULES)
def test_rule__finds_what_breaks_it(files, rule):
    name = "summary" if rule in OF_PICTURES else "set"
    assert list(RULES[rule](spoilt(document(files, name), SPOILS[rule])))


def test_templates_in_any_order__give_the_same_documents(files, tmp_path):
    """Templates from programs other than Word may hold properties in any order."""
    folder, out = tmp_path / "templates", tmp_path / "out"
    assert cmswp("templates", "copy", folder).code == 0
    change_templates(folder, turned_round)
    book = next(path for path in files["example"] if path.name == "example.en.xlsx")
    names = (*(name for name, one in DOCUMENTS.items() if not one.apart), "set")
    chosen = [option for name in names for option in ("--document", name)]
    options = ("--templates", folder, "--lang", "en", "--format", "docx", *chosen)
    done = cmswp("export", book, "--out", out, *options)
    assert (done.code, done.err) == (0, "")
    made = listing(out)
    before = {path.name: path.read_bytes() for path in files["documents"]}
    assert [name for name in names if made[f"{name}.en.docx"] != before[f"{name}.en.docx"]] == []
