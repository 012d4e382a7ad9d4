"""The templates: every name that they use is given, and one that is not is never left blank."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from dataclasses import fields
from pathlib import Path

import docx
import pytest
from docxtpl import DocxTemplate
from jinja2 import meta, nodes
from openxml_audit import OpenXmlValidator
from programs import cmswp
from sheets import totals

from cmswp_xl.documents.annex import content as annex_context
from cmswp_xl.documents.contributions import content as contributions_context
from cmswp_xl.documents.front import PageDocument
from cmswp_xl.documents.funding_needs import content as funding_needs_context
from cmswp_xl.documents.next_steps import content as steps_context
from cmswp_xl.documents.progress import content as progress_context
from cmswp_xl.documents.requests import content as requests_context
from cmswp_xl.documents.staffing import content as staffing_context
from cmswp_xl.documents.technology_review import content as review_context
from cmswp_xl.languages import Language
from cmswp_xl.render.templates import template_environment
from cmswp_xl.resources import template_folder

FOLDER = template_folder()
WRITER = "docx:MS Word 2007 XML"
WORD = sorted(path.parent.name for path in FOLDER.glob("*/*.docx") if path.parent.name != "base")
HTML = sorted(
    path.parent.name for path in FOLDER.glob("*/*.html.j2") if path.parent.name != "base"
)
MAKERS = {
    "annex": annex_context,
    "funding-needs": funding_needs_context,
    "staffing": staffing_context,
    "progress": progress_context,
    "technology-review": review_context,
    "next-steps": steps_context,
    "requests": requests_context,
    "contributions": contributions_context,
}


NAMES = {name: {field.name for field in fields(PageDocument)} for name in MAKERS}


def used(source):
    """Give the names that the source of a template takes from its context."""
    tree = template_environment().parse(source)
    imported = {node.target for node in tree.find_all(nodes.Import)}
    return meta.find_undeclared_variables(tree) - imported


def labels_of(source):
    """Give the labels that the source of a template places."""
    tree = template_environment().parse(source)
    return {
        node.attr
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "labels"
    }


def word_sources(path):
    """Give the Jinja source of each part of a Word template that holds text."""
    patch = DocxTemplate(path).patch_xml
    with zipfile.ZipFile(path) as package:
        return {
            name: patch(package.read(name).decode())
            for name in package.namelist()
            if re.match(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml", name)
        }


def html_sources(name):
    """Give the Jinja source of an HTML template and of all that it extends, imports, includes."""
    waiting, found = [f"{name}/{name}.html.j2"], {}
    while waiting:
        part = waiting.pop()
        found[part] = (FOLDER / part).read_text(encoding="utf-8")
        tree = template_environment().parse(found[part])
        waiting += [other for other in meta.find_referenced_templates(tree) if other not in found]
    return list(found.values())


@pytest.mark.parametrize("name", [name for name in WORD if name in NAMES])
def test_word_template__uses_only_names_of_its_context(name):
    path = FOLDER / name / f"{name}.docx"
    found = set().union(*(used(source) for source in word_sources(path).values()))
    assert found
    assert found <= NAMES[name]
    assert DocxTemplate(path).get_undeclared_template_variables() <= NAMES[name]


@pytest.mark.parametrize("name", [name for name in HTML if name in NAMES])
def test_html_template__uses_only_names_of_its_context(name):
    sources = html_sources(name)
    found = set().union(*map(used, sources))
    assert found
    assert found <= NAMES[name]


@pytest.mark.parametrize("name", sorted(NAMES))
def test_word_and_html__use_the_same_names(name):
    paths = (FOLDER / name / f"{name}.docx", FOLDER / "base" / "styles.docx")
    word = set().union(*(used(text) for path in paths for text in word_sources(path).values()))
    page = set().union(*map(used, html_sources(name)))
    assert page - word <= {"landscape", "tag", "subject", "mark"}
    assert word - page == {"first_head"}  # which a page has in its text


@pytest.mark.parametrize("form", ["html", "docx"])
@pytest.mark.parametrize("name", sorted(NAMES))
def test_labels__of_every_branch_are_given(name, form):
    """Also those that only a seldom table places, where rendering would not show a fault."""
    context, _ = MAKERS[name](totals(), Language.EN)
    path = FOLDER / name / f"{name}.docx"
    sources = word_sources(path).values() if form == "docx" else html_sources(name)
    found = set().union(*map(labels_of, sources))
    assert found <= set(getattr(context, "labels", ()))


def test_every_document_template__has_both_forms():
    apart = {"cover", "set", "summary", "revisions", "annex-compared"}  # tested by themselves
    assert {*NAMES, *apart} == set(WORD)
    assert set(WORD) <= set(HTML)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_word_template__is_an_ordinary_word_file(name):
    document = docx.Document(str(FOLDER / name / f"{name}.docx"))
    names = {style.name for style in document.styles}
    assert {"Heading 1", "Heading 2", "Heading 3", "Title", "Header", "Footer"} <= names


@pytest.fixture
def templates(tmp_path, monkeypatch):
    """A copy of the templates that tests may spoil, used in place of those that ship."""
    folder = tmp_path / "templates"
    shutil.copytree(FOLDER, folder)
    monkeypatch.setattr("cmswp_xl.render.templates.template_folder", lambda: folder)
    return folder


def spoil_html(folder, old, new):
    base = folder / "base"
    paths = (folder / "annex" / "annex.html.j2", base / "page.html.j2", base / "paper.html.j2")
    path = next(path for path in paths if old in path.read_text(encoding="utf-8"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def spoil_word(folder, old, new):
    path = folder / "annex" / "annex.docx"
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    text = parts["word/document.xml"].decode()
    assert old in text
    parts["word/document.xml"] = text.replace(old, new, 1).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    path.write_bytes(stream.getvalue())


@pytest.mark.parametrize(
    ("form", "old", "new"),
    [
        ("html", "{{ subtitle }}", "{{ subtitel }}"),
        ("html", "{{ page.body(body) }}", "{{ page.body(boddy) }}"),
        ("html", "{{ page.body(body) }}", "{{ page.boddy(body) }}"),
        ("html", "{% endfor %}", ""),
        ("html", "{{ title }}", "{{ title.__class__.__mro__ }}"),
        ("html", "{{ title }}", "{{ ''.__class__.__base__.__subclasses__() }}"),
        ("html", "{{ title }}", "{% include '/etc/passwd' %}"),
        ("docx", "subtitle", "subtitel"),
        ("docx", "{{p body }}", "{{p boddy }}"),
        ("docx", "title", "title.__class__"),
    ],
)
def test_faulty_template__is_told_and_nothing_is_written(
    book, templates, tmp_path, form, old, new
):
    {"html": spoil_html, "docx": spoil_word}[form](templates, old, new)
    out = tmp_path / "out"
    done = cmswp("export", book(), "--out", out, "--lang", "en")
    assert done.code == 2
    assert f"annex.{'html.j2' if form == 'html' else 'docx'}" in done.err
    assert len(done.err.strip().splitlines()) <= 3
    assert "Traceback" not in done.err
    assert "unexpected error occurred" not in done.err
    assert not out.exists()


@pytest.mark.parametrize("form", ["docx", "html"])
def test_missing_template__is_told(book, templates, tmp_path, form):
    (templates / "annex" / ("annex.docx" if form == "docx" else "annex.html.j2")).unlink()
    done = cmswp("export", book(), "--out", tmp_path / "out", "--format", form)
    assert done.code == 2
    assert "unexpected error occurred" not in done.err
    assert not (tmp_path / "out").exists()


def test_truncated_word_template__is_told(book, templates, tmp_path):
    path = templates / "annex" / "annex.docx"
    path.write_bytes(path.read_bytes()[:3000])
    done = cmswp("export", book(), "--out", tmp_path / "out", "--format", "docx")
    assert done.code == 2
    assert "unexpected error occurred" not in done.err


def test_restyled_word_template__is_used(book, templates, export):
    """Staff add a paragraph of their own in Word; it comes out in every language."""
    path = templates / "annex" / "annex.docx"
    document = docx.Document(str(path))
    document.paragraphs[0].insert_paragraph_before("Our own line for {{ title }}")
    document.save(str(path))
    files = export(book(), "--format", "docx")
    for name in ("annex.en.docx", "annex.fr.docx", "annex.es.docx"):
        with zipfile.ZipFile(io.BytesIO(files[name])) as package:
            text = package.read("word/document.xml").decode()
        assert "Our own line for Anne" in text.replace("Annex", "Anne").replace("Anexo", "Anne")


def test_templates_saved_by_libreoffice__make_a_set_that_it_opens(office, tmp_path):
    """It writes names of links, quotation marks, ends of fields and names of styles otherwise."""
    own, saved = tmp_path / "own", tmp_path / "saved"
    saved.mkdir()
    names = ("base/styles", "annex/annex", "cover/cover", "set/set", "summary/summary")
    copies = [Path(shutil.copy(FOLDER / f"{name}.docx", saved)) for name in names]
    for name, path in zip(names, office(copies[0], WRITER, *copies[1:]), strict=True):
        (own / name).parent.mkdir(parents=True)
        shutil.copy(path, own / f"{name}.docx")
    done = cmswp("templates", "check", own)
    assert (done.code, done.err) == (0, ""), done.out
    example = FOLDER.parent / "workbook" / "example.xlsx"
    options = ("--document", "set", "--lang", "fr", "--format", "docx", "--templates", own)
    done = cmswp("export", example, "--out", tmp_path / "out", *options)
    assert (done.code, done.err) == (0, ""), done.out
    made = tmp_path / "out" / "set.fr.docx"
    assert office(made, "pdf").stat().st_size
    assert [str(error) for error in OpenXmlValidator().validate(made).errors] == []


FRENCH = {
    "Heading1": "Titre1",
    "Heading2": "Titre2",
    "Heading3": "Titre3",
    "Caption": "Lgende",
    "Header": "En-tte",
    "Footer": "Pieddepage",
    "TableGrid": "Grilledutableau",
    "ListBullet": "Listepuces",
    "FootnoteText": "Notedebasdepage",
    "FootnoteReference": "Appelnotedebasdep",
}


def in_french(source, path):
    """Save a template as a French Word does: its own styles have French ids, and their names."""
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("word/") and name.endswith(".xml"):
                for own, french in FRENCH.items():
                    data = data.replace(f'"{own}"'.encode(), f'"{french}"'.encode())
            new.writestr(name, data)


@pytest.mark.parametrize(
    "names", [("annex/annex", "base/styles"), ("annex/annex",), ("base/styles",)]
)
def test_templates_of_a_french_word__give_every_part_its_style(example, tmp_path, names):
    for name in names:
        in_french(FOLDER / f"{name}.docx", tmp_path / "own" / f"{name}.docx")
    found = []
    for folder, *options in (("plain",), ("french", "--templates", tmp_path / "own")):
        out = tmp_path / folder
        asked = ("export", example, "--out", out, "--lang", "fr", "--format", "docx", *options)
        assert cmswp(*asked).code == 0
        with zipfile.ZipFile(out / "annex.fr.docx") as package:
            known, used = named_styles(package), used_styles(package)
        found.append({key: [known[one] for one in each] for key, each in used.items()})
    assert found[0] == found[1]
    assert {"caption", "heading 2", "footnote reference"} <= {*found[0]["word/document.xml"]}


def named_styles(package):
    xml = package.read("word/styles.xml").decode()
    found = re.findall(r'w:styleId="([^"]*)".*?<w:name w:val="([^"]*)"', xml, re.DOTALL)
    return {key: name.casefold() for key, name in found}


def used_styles(package):
    return {
        name: re.findall(r'<w:(?:p|r|tbl)Style w:val="([^"]*)"', package.read(name).decode())
        for name in package.namelist()
        if re.match(r"word/(document|footnotes|\w*header\d|\w*footer\d)\.xml", name)
    }
