"""Web pages in Chromium: axe finds nothing that keeps a reader with a disability out."""

from __future__ import annotations

import pytest
from programs import cmswp
from serving import host

playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = pytest.mark.host

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory, example):
    """Every page that can be made of the example, in one language each."""
    folder = tmp_path_factory.mktemp("pages")
    kinds = ("--document", "all", "--document", "set", "--format", "html", "--lang", "fr")
    assert cmswp("export", example, "--out", folder, *kinds).code == 0
    report = folder / "issues.html"
    assert cmswp("validate", example, "--format", "html", "--output", report).code == 0
    return sorted(folder.glob("*.html"))


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as driver:
        path = host("chromium", "chromium-browser", "google-chrome")
        browser = driver.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


def test_pages__pass_axe_without_violations(chromium, pages):
    found = {}
    for path in pages:
        context = chromium.new_context(bypass_csp=True)  # axe is put into the page as a script
        page = context.new_page()
        page.goto(path.as_uri())
        results = axe.Axe().run(page, options={"resultTypes": ["violations"]})
        found[path.name] = [
            (item["id"], [node["html"][:120] for node in item["nodes"]][:3])
            for item in results.response["violations"]
        ]
        context.close()
    assert len(found) >= 11
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_tables_of_activities__have_the_same_columns_in_every_area(chromium, pages):
    (path,) = (each for each in pages if each.name == "annex.fr.html")
    page = chromium.new_page(viewport={"width": 1300, "height": 900})
    page.goto(path.as_uri())
    widths = page.evaluate(
        "[...document.querySelectorAll('table.activities')].map(table =>"
        " [...table.tBodies[0].rows[0].cells].map(cell => cell.offsetWidth))"
    )
    page.close()
    assert len(widths) > 1
    for column in zip(*widths, strict=True):
        assert max(column) - min(column) <= 20, column
