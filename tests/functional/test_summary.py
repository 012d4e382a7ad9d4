"""The summary for managers as a reader sees it: one page, three charts with their data."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from annexes import W, part, read_html
from docx import Document
from lxml import html
from PIL import Image
from sheets import BASE, workbook

from cmswp_xl.documents.summary import content as summary_context
from cmswp_xl.languages import Language
from cmswp_xl.pipeline import check_workbook, totals_of
from cmswp_xl.render.docx import Properties, render_docx
from cmswp_xl.render.html import render_html

LANGUAGES = list(Language)
CHARTS = ("areas", "years", "statuses")
DOCPR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


@pytest.fixture(scope="module")
def several_totals(example, tmp_path_factory):
    """The figures of the example, and of a programme without activities."""
    empty = tmp_path_factory.mktemp("empty") / "empty.xlsx"
    bare = "\n".join(line for line in BASE.splitlines() if "ICC-01" not in line)
    empty.write_bytes(workbook(base=bare).xlsx())
    return {
        name: totals_of(check_workbook(path, flags=False))
        for name, path in (("example", example), ("empty", empty))
    }


@pytest.fixture(scope="module")
def summaries(several_totals):
    """The contexts and both files, by workbook and language."""

    def made(totals, language):
        context, missing = summary_context(totals, language)
        assert missing == []
        properties = Properties(context.title, "", context.tag, None, context.landscape)
        return (
            context,
            render_docx("summary", context, properties),
            render_html("summary", context),
        )

    return {
        (name, language): made(totals, language)
        for name, totals in several_totals.items()
        for language in LANGUAGES
    }


@pytest.mark.host
def test_word_file__is_one_page_in_every_language(summaries, office, poppler, tmp_path):
    paths = []
    for (name, language), (_, docx, _) in summaries.items():
        if name == "empty" and language is not Language.EN:
            continue
        paths.append(tmp_path / f"{name}.{language}.docx")
        paths[-1].write_bytes(docx)
    pages = {path.name: len(poppler(path)) for path in office(paths[0], "pdf", *paths[1:])}
    assert set(pages.values()) == {1}, pages
    assert len(pages) == len(paths)


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_file__shows_each_chart_with_its_text_alternative(summaries, language):
    context, docx, _ = summaries["example", language]
    document = Document(io.BytesIO(docx))
    named = {item.get("name"): item.get("descr") for item in document.element.iter(DOCPR)}
    assert named == {name: getattr(context, name).alt for name in CHARTS}
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        pictures = [name for name in package.namelist() if name.startswith("word/media/")]
        assert pictures == [f"word/media/chart-{name}.png" for name in CHARTS]
        for name in pictures:
            image = Image.open(io.BytesIO(package.read(name)))
            assert image.width > image.height > 100


def test_word_file_without_charts__holds_no_picture(summaries):
    _, docx, _ = summaries["empty", Language.EN]
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        assert not [name for name in package.namelist() if "media" in name]
    assert not list(Document(io.BytesIO(docx)).element.iter(DOCPR))


def test_files__have_the_same_bytes_again(several_totals, summaries):
    context, _ = summary_context(several_totals["example"], Language.FR)
    properties = Properties(context.title, "", context.tag, None, context.landscape)
    again = (render_docx("summary", context, properties), render_html("summary", context))
    assert again == summaries["example", Language.FR][1:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_and_html__have_the_same_tables(summaries, language):
    _, docx, page = summaries["example", language]
    root = part(docx, "word/document.xml")
    words = [
        ["".join(t.text or "" for t in cell.iter(f"{W}t")) for cell in row.iterchildren(f"{W}tc")]
        for row in root.iter(f"{W}tr")
        if not list(row.iter(f"{W}tbl"))
    ]
    for table in read_html(page).tables:
        for row in table:
            assert row in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_html__holds_charts_as_images_with_their_data(summaries, language):
    context, _, page = summaries["example", language]
    root = html.fromstring(page.decode())
    pictures = root.xpath("//*[local-name()='svg']")
    assert [item.get("aria-label") for item in pictures] == [
        getattr(context, name).alt for name in CHARTS
    ]
    assert {item.get("role") for item in pictures} == {"img"}
    assert len(root.xpath("//figure")) == len(root.xpath("//details//table")) == 3
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    named = root.xpath("//@aria-labelledby")
    assert set(named) <= set(ids)


def test_html__loads_and_runs_nothing(summaries):
    page = summaries["example", Language.EN][2].decode()
    assert not re.search(r"<script|<link|<img|@import|(src|href)=", page)
    assert not re.search(r"https?://(?!www\.w3\.org/)", page)


@pytest.mark.host
def test_html__shows_its_charts_in_the_browser(summaries, browser, tmp_path):
    path = tmp_path / "summary.html"
    path.write_bytes(summaries["example", Language.EN][2])
    picture = tmp_path / "summary.png"
    done = browser(path, f"--screenshot={picture}", "--window-size=1000,1400")
    assert "Content Security Policy" not in done.stderr
    colours = Image.open(picture).convert("RGB").getcolors(1 << 24)
    assert any(colour == (0x1F, 0x38, 0x64) and count > 3000 for count, colour in colours)
