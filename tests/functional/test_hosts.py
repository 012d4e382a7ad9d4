"""The documents in the programs that people open them with: Chromium, LibreOffice."""

from __future__ import annotations

import re

import pytest
from annexes import read_docx
from PIL import Image
from programs import cmswp

pytestmark = pytest.mark.host


@pytest.fixture(scope="module")
def folder(annexes, tmp_path_factory):
    """The annexes as files."""
    folder = tmp_path_factory.mktemp("hosts")
    for name, data in annexes.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def printed(folder, browser, poppler):
    """The pages of the French HTML annex as Chromium prints it."""
    target = folder / "printed.pdf"
    browser(folder / "annex.fr.html", f"--print-to-pdf={target}", "--no-pdf-header-footer")
    return poppler(target)


@pytest.fixture(scope="module")
def converted(folder, office, poppler):
    """The pages of the French Word annex as LibreOffice prints it."""
    return poppler(office(folder / "annex.fr.docx", "pdf"))


def words(pages):
    return re.sub(r"\s+", " ", " ".join(pages))


@pytest.mark.parametrize("name", ["annex.en.html", "report.html"])
def test_html__has_no_complaints_from_the_browser(folder, example, browser, name):
    path = folder / name
    if name == "report.html":
        cmswp("validate", example, "--format", "html", "--output", path)
    shot = folder / f"{name}.png"
    done = browser(path, f"--screenshot={shot}", "--window-size=1200,1600")
    assert "CONSOLE" not in done.stderr
    image = Image.open(shot).convert("L")
    assert image.size == (1200, 1600)
    low, high = image.getextrema()
    assert high - low > 150
    dark = sum(image.histogram()[:128])
    assert 0.005 < dark / (1200 * 1600) < 0.5


def test_html__repeats_its_heads_on_every_printed_page(printed):
    assert len(printed) > 3
    with_figures = [page for page in printed if re.search(r"^ *\d\.\d+ ", page, re.MULTILINE)]
    assert len(with_figures) > 3
    assert all("Activité" in page for page in with_figures)


def test_html__prints_the_symbol_and_the_number_of_each_page(printed):
    for number, page in enumerate(printed, 1):
        assert "UNEP/CMS/StC55/Doc.9/Rev.1/Annexe I" in page
        assert page.rstrip().splitlines()[-1].strip() == f"Page {number} sur {len(printed)}"


def test_word__opens_in_libreoffice_with_all_its_headings(converted, annexes):
    assert 4 < len(converted) < 30
    text = words(converted)
    for heading in read_docx(annexes["annex.fr.docx"]).headings():
        assert words([heading]) in text


def test_word__repeats_its_heads_and_numbers_its_pages(converted):
    with_figures = [page for page in converted if re.search(r"^ *\d\.\d+ ", page, re.MULTILINE)]
    assert len(with_figures) > 3
    assert all("Activité" in page for page in with_figures)
    for number, page in enumerate(converted, 1):
        assert "UNEP/CMS/StC55/Doc.9/Rev.1/Annexe I" in page
        assert page.rstrip().splitlines()[-1].strip() == f"Page {number} sur {len(converted)}"


def test_word__shows_every_total_whole(converted, annexes):
    """No figure is broken over two lines: each total stands in the print as it is written."""
    text = "\n".join(converted).replace("\u00a0", " ").replace("\u202f", " ")
    for grid in read_docx(annexes["annex.fr.docx"]).tables:
        if len(grid[0]) == 11:
            for cell in grid[-1][2:]:
                figure = re.search(r"(\d[\d\u00a0]*,\d\d|–)?$", cell)[0]
                assert figure.replace("\u00a0", " ") in text


def test_new_workbook__opens_in_libreoffice(folder, office):
    path = folder / "new.xlsx"
    if not path.exists():
        assert cmswp("new", path, "--lang", "es").code == 0
    again = office(path, "xlsx:Calc MS Excel 2007 XML")
    before, after = (
        cmswp("validate", file, "--format", "json").json["issues"] for file in (path, again)
    )
    assert [issue["code"] for issue in before] == [issue["code"] for issue in after]
