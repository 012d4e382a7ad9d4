"""The meeting document and the set of the example: same words in Word and HTML, links, pages."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter

import docx
import pytest
from annexes import W, as_read, part
from lxml import html
from programs import cmswp, listing

LANGUAGES = ("en", "fr", "es")
ANNEXES = ("annex", "technology-review", "next-steps", "requests")
NOT_IN_WORD = ("style", "title")
COVER = """
## Texts
| document | paragraph | kind      | text                         |
| cover    | 1         | paragraph | The Secretariat asks so much |
"""


@pytest.fixture(scope="module")
def papers(example, tmp_path_factory):
    """The meeting document, its annexes and the set of the example by file name."""
    folder = tmp_path_factory.mktemp("papers")
    chosen = [option for name in ("cover", *ANNEXES, "set") for option in ("--document", name)]
    done = cmswp("export", example, "--out", folder, *chosen)
    assert (done.code, done.err) == (0, "")
    return listing(folder)


def word_lines(data):
    """Give the text of every paragraph of a Word document that has any."""
    lines = []
    for paragraph in as_read(data).iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is None or style.get(f"{W}val") != "CMSContentsNote":
            pieces = (
                " " if item.tag in {f"{W}tab", f"{W}br"} else item.text or ""
                for item in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br")
                if item.getparent().tag == f"{W}r"
            )
            lines.append("".join(pieces))
    return [line for line in lines if line.strip()]


def page_text(data):
    """Give the text of an HTML document, but for what only HTML has."""
    root = html.document_fromstring(data.decode())
    for item in [*root.iter(*NOT_IN_WORD), *root.find_class("running-head")]:
        item.drop_tree()
    for item in root.iter("br", "p", "li", "td", "th", "h1", "h2", "h3"):
        item.tail = f" {item.tail or ''}"
    return root.text_content()


def docx_of(data):
    return docx.Document(io.BytesIO(data))


def unlettered(lines):
    return re.sub(r"(?m)(?<=\.)[a-z]$|^[a-z](?= )", "", "\n".join(lines))


def words(text):
    return re.sub(r"[\s\u00a0]+", " ", text).strip().split(" ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_cover__has_the_same_words_in_word_and_html(papers, language):
    lines = word_lines(papers[f"cover.{language}.docx"])
    assert words(" ".join(lines)) == words(page_text(papers[f"cover.{language}.html"]))
    assert len(lines) > 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_set__has_the_same_words_in_word_and_html(papers, language):
    lines = word_lines(papers[f"set.{language}.docx"])
    word, page = (
        Counter(words(text))
        for text in (" ".join(lines), page_text(papers[f"set.{language}.html"]))
    )
    assert word == page


@pytest.mark.parametrize("language", LANGUAGES)
def test_set__holds_its_documents_word_for_word(papers, language):
    """Only the letters of notes, which run through the set, are its own."""
    whole = unlettered(word_lines(papers[f"set.{language}.docx"]))
    for name in ("cover", *ANNEXES):
        assert unlettered(word_lines(papers[f"{name}.{language}.docx"])) in whole


@pytest.mark.parametrize(
    ("language", "head"),
    [
        (
            "en",
            (
                "CMS|Convention on|Migratory|Species|Distribution: General|"
                "UNEP/CMS/StC55/Doc.9/Rev.1|14 February 2025|Original: English|"
                "55th MEETING OF THE STANDING COMMITTEE|Bonn, Germany, 8–10 April 2025|"
                "Agenda Item 9"
            ),
        ),
        (
            "fr",
            (
                "CMS|Convention sur|les espèces|migratrices|Distribution : Générale|"
                "UNEP/CMS/StC55/Doc.9/Rev.1|14 février 2025|Français|Original : anglais|"
                "55e RÉUNION DU COMITÉ PERMANENT|Bonn (Allemagne), 8-10 avril 2025|"
                "Point 9 de l’ordre du jour"
            ),
        ),
        (
            "es",
            (
                "CMS|Convención sobre|las especies|migratorias|Distribución: General|"
                "UNEP/CMS/StC55/Doc.9/Rev.1|14 de febrero de 2025|Español|Original: inglés|"
                "55ª REUNIÓN DEL COMITÉ PERMANENTE|Bonn (Alemania), 8-10 de abril de 2025|"
                "Punto 9 del orden del día"
            ),
        ),
    ],
)
def test_cover__begins_with_the_head_of_its_language(papers, language, head):
    lines = [line.replace("\u00a0", " ") for line in word_lines(papers[f"cover.{language}.docx"])]
    expected = head.split("|")
    assert lines[: len(expected)] == expected


@pytest.mark.parametrize("form", ["docx", "html"])
def test_languages__have_the_same_numbers_before_the_same_paragraphs(papers, form):
    found = set()
    for language in LANGUAGES:
        data = papers[f"cover.{language}.{form}"]
        text = "\n".join(word_lines(data)) if form == "docx" else page_text(data)
        found.add(tuple(re.findall(r"^(\d+\.|\(?[a-z]\))", text, re.MULTILINE)))
    assert len({tuple(mark.lstrip("(") for mark in marks) for marks in found}) == 1
    assert "6." in found.pop()


def test_blank_settings__leave_neither_gaps_nor_lone_colons(book, export):
    files = export(book(COVER), "--document", "cover", "--document", "set")
    for language in LANGUAGES:
        data = files[f"cover.{language}.docx"]
        lines = word_lines(data)
        assert lines[-4:-2] == ["Plan", "The Secretariat asks so much"]
        assert len(lines) == (9 if language == "en" else 10)
        assert not [line for line in lines if line.rstrip().endswith(":")]
        blank = [p for p in docx_of(data).paragraphs if not "".join(p._p.itertext(f"{W}t"))]
        assert {p.style.name for p in blank} <= {"CMS Spacer"}
        root = html.document_fromstring(files[f"cover.{language}.html"].decode())
        assert not [p for p in root.iter("p", "h2", "li") if not p.text_content().strip()]
        assert not root.find_class("meeting")


def test_set_of_a_workbook_without_cover__holds_the_annex(book, export):
    files = export(book(), "--document", "set", "--lang", "en")
    lines = word_lines(files["set.en.docx"])
    assert "Meeting document" not in lines
    assert sum("Annex I – Costed programme of work" in line for line in lines) == 2


def test_cover_without_texts__is_said_to_have_nothing(book, tmp_path):
    done = cmswp("export", book(), "--out", tmp_path / "out", "--document", "cover")
    assert done.code == 1
    assert "cover" in done.err


def test_missing_text__is_listed_with_its_cell(book, tmp_path):
    text = COVER.replace("text  ", "text_en")
    for name in ("cover", "set"):
        done = cmswp(
            "export", book(text), "--out", tmp_path / "out", "--document", name, "--lang", "all"
        )
        assert done.code == 1
        assert "Texts A2 · cover/1" in done.out
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_in_word__lead_to_bookmarks(papers, language):
    body = part(papers[f"set.{language}.docx"], "word/document.xml")
    names = [item.get(f"{W}name") for item in body.iter(f"{W}bookmarkStart")]
    targets = [item.get(f"{W}anchor") for item in body.iter(f"{W}hyperlink")]
    assert len(names) == len(set(names))
    assert set(targets) <= set(names)
    assert len(targets) > 20
    assert {f"part_{name.replace('-', '_')}" for name in ("cover", *ANNEXES)} <= set(targets)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["cover", "set"])
def test_links_in_html__lead_somewhere(papers, name, language):
    root = html.document_fromstring(papers[f"{name}.{language}.html"].decode())
    ids = root.xpath("//@id")
    links = root.xpath("//@href")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links} <= set(ids)
    assert all(link.startswith("#") for link in links)
    named = " ".join(root.xpath("//@aria-labelledby")).split()
    assert set(named) <= set(ids)
    assert len(links) > (20 if name == "set" else -1)


def test_contents__are_the_same_in_word_and_html(papers):
    for language in LANGUAGES:
        body = part(papers[f"set.{language}.docx"], "word/document.xml")
        word = ["".join(item.itertext(f"{W}t")) for item in body.iter(f"{W}hyperlink")]
        root = html.document_fromstring(papers[f"set.{language}.html"].decode())
        entries = [item.text_content() for item in root.xpath("//nav//a")]
        assert word[: len(entries)] == entries


def test_contents__are_a_field_whose_page_numbers_are_left_to_word(papers):
    data = papers["set.en.docx"]
    body = part(data, "word/document.xml")
    codes = [code.text.split()[0] for code in body.iter(f"{W}instrText")]
    entries = sum("_" in item.get(f"{W}anchor")[5:] for item in body.iter(f"{W}hyperlink"))
    assert codes[0] == "TOC"
    assert codes.count("PAGEREF") > 15
    assert codes.count("TC") == 1 + len(ANNEXES)
    assert entries > 15
    kinds = [mark.get(f"{W}fldCharType") for mark in body.iter(f"{W}fldChar")]
    assert kinds.count("begin") == kinds.count("end") == len(codes)
    for paragraph in body.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val") == "TOC2":
            assert not re.search(r"\d$", "".join(paragraph.itertext(f"{W}t")))
    settings = part(data, "word/settings.xml")
    assert settings.find(f"{W}updateFields") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_of_paragraphs__are_those_of_the_page(papers, language):
    lines = word_lines(papers[f"cover.{language}.docx"])
    root = html.document_fromstring(papers[f"cover.{language}.html"].decode())
    marks = [item.text_content() for item in root.find_class("count")]
    found = [line.split(" ")[0] for line in lines if re.match(r"\(?([a-z]|\d+)[.)]+ ", line)]
    assert found == marks
    body = part(papers[f"cover.{language}.docx"], "word/document.xml")
    assert not [t for t in body.itertext(f"{W}t") if re.fullmatch(r"\d+\.|\(?[a-z]\)", t)]


def test_sections__have_their_own_direction_and_head(papers):
    document = docx_of(papers["set.en.docx"])
    single = {name: docx_of(papers[f"{name}.en.docx"]).sections[0] for name in ANNEXES}
    symbol = "UNEP/CMS/StC55/Doc.9/Rev.1"
    heads = [section.header.paragraphs[0].text for section in document.sections]
    assert heads == [symbol, symbol, *(f"{symbol}/Annex {n}" for n in ("I", "II", "III", "IV"))]
    assert [section.orientation for section in document.sections[2:]] == [
        section.orientation for section in single.values()
    ]
    assert len({section.orientation for section in document.sections}) == 2
    assert document.sections[1].different_first_page_header_footer


def test_exporting_twice__gives_the_same_bytes(papers, example, tmp_path):
    chosen = ("--document", "cover", "--document", "set", "--lang", "fr")
    cmswp("export", example, "--out", tmp_path, *chosen)
    again = listing(tmp_path)
    for name in ("cover.fr.docx", "cover.fr.html", "set.fr.docx", "set.fr.html"):
        assert again[name] == papers[name]


def test_pages_of_the_set__are_those_of_its_parts_and_the_contents(
    papers, office, poppler, tmp_path
):
    paths = [tmp_path / f"{name}.docx" for name in ("cover", *ANNEXES, "set")]
    for path in paths:
        path.write_bytes(papers[f"{path.stem}.en.docx"])
    counts = {path.stem: poppler(path) for path in office(paths[0], "pdf", *paths[1:])}
    parts = sum(len(counts[name]) for name in ("cover", *ANNEXES))
    assert len(counts["set"]) == parts + 1
    assert "Contents" in counts["set"][0]
    numbers = [" ".join(page.split()[-4:]) for page in counts["set"]]
    first, pages = 1 + len(counts["cover"]), len(counts["annex"])
    assert numbers[first : first + 2] == [f"Page 1 of {pages}", f"Page 2 of {pages}"]


@pytest.mark.parametrize(
    ("language", "names"),
    [("en", "Symbol|Agenda item"), ("fr", "Cote|Point de l’ordre du jour")],
)
def test_header_block__has_a_control_for_each_field_by_its_name(papers, language, names):
    body = part(papers[f"cover.{language}.docx"], "word/document.xml")
    found = {
        item.find(f"{W}sdtPr/{W}tag").get(f"{W}val"): (
            item.find(f"{W}sdtPr/{W}alias").get(f"{W}val"),
            "".join(item.itertext(f"{W}t")),
        )
        for item in body.iter(f"{W}sdt")
    }
    assert list(found) == [
        *("distribution", "symbol", "document_date", "original_language"),
        *("meeting", "meeting_place", "agenda_item", "title", "prepared_by"),
    ]
    assert [found[name][0] for name in ("symbol", "agenda_item")] == names.split("|")
    assert found["symbol"][1] == "UNEP/CMS/StC55/Doc.9/Rev.1"
    assert all(text for _, text in found.values())


def test_set__counts_the_pages_of_each_part(papers):
    with zipfile.ZipFile(io.BytesIO(papers["set.en.docx"])) as package:
        footers = [package.read(n).decode() for n in package.namelist() if "footer" in n]
        anchors = package.read("word/document.xml").decode()
    assert len(footers) == 12
    for footer in footers:
        assert "NUMPAGES" not in footer
        assert " SECTIONPAGES " in footer
        (end,) = re.findall(r" PAGEREF (\w+) ", footer)
        assert f'w:name="{end}"' in anchors
