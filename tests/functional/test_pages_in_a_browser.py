"""Web pages in Chromium, on a screen, on a narrow one and on paper: nothing cramped or torn."""

from __future__ import annotations

import pytest
from programs import cmswp
from serving import host

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.host

LANGUAGES = ("fr", "es")
DOCUMENTS = ("all", "contributions", "set")
WIDE, NARROW, SHEET = 1200, 600, 986
"""Widths in pixels: two screens, and the text of a sheet of A4 across."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory, example):
    made = tmp_path_factory.mktemp("pages")
    languages = [option for language in LANGUAGES for option in ("--lang", language)]
    asked = [option for name in DOCUMENTS for option in ("--document", name)]
    options = (*asked, "--format", "html", *languages)
    assert cmswp("export", example, "--out", made, *options).code == 0
    return made


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        path = host("chromium", "chromium-browser", "google-chrome")
        opened = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def look(browser, folder):
    """Give a function that measures a page by an expression, on a screen or as printed."""
    opened = []

    def measured(name, expression, width=WIDE, media="screen"):
        page = browser.new_page(viewport={"width": width, "height": 900})
        opened.append(page)
        page.emulate_media(media=media)
        page.goto((folder / f"{name}.html").as_uri())
        return page.evaluate(expression)

    yield measured
    for page in opened:
        page.close()


@pytest.fixture
def paper(browser, folder, poppler, tmp_path):
    """Give a function that prints a page and returns the text of its sheets."""

    def sheets(name):
        page = browser.new_page()
        page.goto((folder / f"{name}.html").as_uri())
        page.pdf(path=tmp_path / f"{name}.pdf", prefer_css_page_size=True)
        page.close()
        return poppler(tmp_path / f"{name}.pdf")

    return sheets


def _widths(selector):
    return f"[...document.querySelectorAll('{selector}')].map(cell => cell.offsetWidth)"


def _heights(selector):
    return f"[...document.querySelectorAll('{selector}')].map(row => row.offsetHeight)"


def _style(selector, name):
    return (
        f"[...new Set([...document.querySelectorAll('{selector}')]"
        f".map(item => getComputedStyle(item).{name}))]"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_requests__have_room_for_their_words(language, look):
    need, decision = look(f"requests.{language}", _widths("table.ranking tr:nth-child(1) .words"))

    assert need > decision
    assert need > WIDE / 6
    gaps = look(f"requests.{language}", _style("td p.lead", "marginBottom"))
    assert [float(gap.removesuffix("px")) < 4 for gap in gaps] == [True]


def test_titles_in_cells__are_not_spread_on_paper(look):
    assert look("requests.es", _style("td p.lead", "textAlign"), media="print") == ["left"]


def test_headings_of_groups__have_one_ground_across_the_table(look):
    grounds = look("requests.fr", _style("tr.group > *", "backgroundColor"))

    assert len(grounds) == 1


@pytest.mark.parametrize(
    ("name", "cells"),
    [("staffing.fr", "td.payers"), ("contributions.fr", "table.donor-1 td:not([class])")],
)
def test_sources__stay_legible_on_a_narrow_screen(name, cells, look):
    assert min(look(name, _widths(cells), NARROW)) > NARROW / 5


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("technology-review.fr", "En attente"),
        ("progress.fr", "En cours"),
        ("progress.es", "En curso"),
    ],
)
def test_states__stand_on_one_line(name, state, look):
    lines = look(
        name,
        "[...document.querySelectorAll('td.word, td.state')]"
        f".filter(cell => cell.textContent === '{state}').map(cell => {{"
        " const range = document.createRange();"
        " range.selectNodeContents(cell);"
        " return range.getClientRects().length; })",
        NARROW,
    )
    assert set(lines) == {1}


def test_letters_of_notes__do_not_push_lines_apart(look):
    heights = look(
        "annex.fr",
        "[...document.querySelectorAll('.notes p')].filter(item => item.offsetHeight < 25)"
        ".map(item => item.offsetHeight)",
    )
    assert max(heights) - min(heights) <= 1


def test_charts_side_by_side__do_not_swell_on_a_narrow_screen(look):
    drawn = "[...document.querySelectorAll('svg.chart')].map(item => item.clientWidth)"
    area, *others = look("summary.fr", drawn, NARROW)

    assert all(other < area * 0.8 for other in others)
    assert look("summary.fr", drawn, NARROW // 2)[0] > NARROW // 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_subtotals__are_not_broken_on_paper(language, look):
    name = f"staffing.{language}"
    rows = look(name, _heights("table.grades tr.sub"), SHEET, "print")
    plain = look(name, _heights("table.grades tbody tr:not([class])"), SHEET, "print")
    assert max(rows) <= max(plain) + 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_totals__do_not_stand_alone_on_a_sheet(language, look, paper):
    name = f"technology-review.{language}"
    assert look(name, _style("tr.total, tr.sub", "breakBefore"), media="print") == ["avoid"]
    for sheet in paper(name):
        starts = [line.split("  ")[0].strip() for line in sheet.splitlines()]
        rows = [start for start in starts if start[:1].isdigit() or start == "Total"]
        assert rows[:1] != ["Total"]


def test_notes__stay_together_on_paper(paper, look):
    notes = look("annex.fr", "[...document.querySelectorAll('.notes')].map(one => one.innerText)")
    sheets = [" ".join(sheet.split()) for sheet in paper("annex.fr")]

    for block in notes:
        lines = [" ".join(line.split())[-60:] for line in block.splitlines() if line.strip()]
        assert any(all(line in sheet for line in lines) for sheet in sheets), block


def test_symbol__stands_once_on_each_sheet_of_a_set(paper):
    sheets = paper("set.fr")

    opened = [sheet for sheet in sheets if "Annexe I – Programme de travail chiffré (" in sheet]
    assert [sheet.count("Rev.1/Annexe I\n") for sheet in opened] == [1]


def test_opening_of_a_set__has_one_width(look):
    banner, contents = look("set.fr", _widths(".opening .banner, nav.contents"))

    assert banner == contents
