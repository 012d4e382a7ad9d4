"""The task pane in Chromium, over a small Excel that holds the shipped example workbook."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from officebook import STUB, office_book
from serving import TOKENS, host, running, token_file

pytest.importorskip("xlwings_server")
playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.noncommercial, pytest.mark.host]

EXAMPLE = Path(__file__).parents[2] / "workbook" / "example.xlsx"
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
PATIENCE = 20_000
AA = 4.5
"""The least contrast of text that the WCAG ask for."""

CONTRASTS = """() => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = rgb(colour).map((v) => v / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const found = getComputedStyle(at).backgroundColor;
      if (rgb(found)[3] !== 0) return found;
    }
    return "rgb(255, 255, 255)";
  };
  const leaves = [...document.querySelectorAll("#cmswp-pane *")].filter((node) =>
    node.checkVisibility() && [...node.childNodes].some((c) => c.nodeType === 3 && c.data.trim()));
  return leaves.map((node) => {
    const [a, b] = [light(getComputedStyle(node).color), light(ground(node))];
    return [node.textContent.trim().slice(0, 30), (Math.max(a, b) + .05) / (Math.min(a, b) + .05)];
  });
}"""


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as driver:
        path = host("chromium", "chromium-browser", "google-chrome")
        browser = driver.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    with running(tmp_path_factory.mktemp("local"), "--local") as server:
        yield server


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """A server with users that takes one megabyte."""
    folder = tmp_path_factory.mktemp("guarded")
    options = ("--tokens", token_file(folder), "--hostname", "localhost", "--max-body", 1)
    with running(folder, *options) as server:
        yield server


@pytest.fixture(scope="module")
def book():
    return office_book(EXAMPLE)


@pytest.fixture
def pane(chromium, local, book):
    """Give a function that opens the pane; what the browser complains of fails the test."""
    contexts, complaints = [], []

    def open_pane(server=local, held=book, width=380, path="/taskpane.html", **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", lambda route: _routed(route, server.url))
        page.add_init_script(f"globalThis.__book = {json.dumps(held)}")
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: _heard(said, complaints))
        page.goto(server.url + path)
        page.wait_for_selector("#cmswp-pane:not([hidden])")
        return page

    yield open_pane
    for context in contexts:
        context.close()
    assert complaints == []


def _routed(route, url):
    if route.request.url.endswith("/dist/office.js"):
        route.fulfill(body=STUB.read_text(encoding="utf-8"), content_type="text/javascript")
    else:
        assert route.request.url.startswith(url), "the pane asks nobody else"
        route.continue_()


def _heard(said, complaints):
    """Refused requests are told on the console by the browser itself."""
    if said.type in {"error", "warning"} and "Failed to load resource" not in said.text:
        complaints.append(said.text)


def excel(page, expression):
    return page.evaluate(f"globalThis.__excel.{expression}")


def validate(page):
    page.click("#validate")
    page.wait_for_selector("#issues .issue, #messages .message")
    page.wait_for_selector("#validate:enabled")


def with_fault(book):
    """Give the book with an amount typed as text."""
    return changed(book, "Costs", "Amount", "1 234")


def changed(book, sheet, heading, value):
    """Give the book with another value in the first row of a table."""
    copy = json.loads(json.dumps(book))
    rows = next(found for found in copy["sheets"] if found["name"] == sheet)["values"]
    top = next(index for index, values in enumerate(rows) if heading in values)
    rows[top + 1][rows[top].index(heading)] = value
    return copy


AMOUNTS = """(change) => {
  const grid = globalThis.__excel.sheets.find((sheet) => sheet.name === "Costs").grid;
  const top = grid.findIndex((row) => row.includes("Amount"));
  const amount = grid[top].indexOf("Amount");
  if (change === "swap") [grid[top + 1], grid[top + 2]] = [grid[top + 2], grid[top + 1]];
  else change.forEach((value, index) => (grid[top + 1 + index][amount] = value));
}"""


def many_issues(count):
    """Give the answer to a check with errors and notes on two sheets, turn by turn."""
    issues = [
        {
            "code": "wrong-type" if number % 2 else "no-mandate",
            "severity": "error" if number % 2 else "info",
            "sheet": "Costs" if number % 2 else "Activities",
            "cell": f"A{number}",
            "table": "costs" if number % 2 else "activities",
            "column": "amount",
            "value": f"V-{number}",
            "message": f"Écart de l\N{RIGHT SINGLE QUOTATION MARK}année {number}.",
            "remedy": "Correct it.",
        }
        for number in range(count)
    ]
    errors = count // 2
    keys = [f"EDM-{number}" for number in range(count)]
    found = {"errors": errors, "warnings": 0, "issues": issues, "keys": keys}
    return {**found, "skipped": [], "totals": None}


def answered(page, answer):
    page.route("**/cmswp/check*", lambda route: route.fulfill(json=answer))


def places(page):
    return page.locator(".issue-place").all_inner_texts()


def test_validate__lists_the_issues_and_a_press_goes_to_the_cell(pane, book):
    page = pane(held=with_fault(book))
    validate(page)

    counts = [page.inner_text(f"[data-count={name}]") for name in ("error", "warning")]
    assert counts == ["1", "5"]
    first = page.locator(".issue-button").first
    assert "1 234" in first.inner_text()
    place = first.locator(".issue-place").inner_text()
    first.click()
    page.wait_for_selector("#validate:enabled")
    sheet, cell = place.split("!")
    assert excel(page, "log")[-2:] == [["activate", sheet], ["select", sheet, cell]]
    assert "no totals" in page.locator("#totals").text_content()


def test_a_press__shows_a_hidden_sheet_before_it_goes_there(pane, book):
    held = with_fault(book)
    costs = next(sheet for sheet in held["sheets"] if sheet["name"] == "Costs")
    costs["visibility"] = "Hidden"
    page = pane(held=held)
    validate(page)

    page.locator(".issue-button").first.click()
    page.wait_for_selector("#validate:enabled")

    assert excel(page, "log")[-2][:2] == ["activate", "Costs"]
    shown = excel(page, "sheets.find((sheet) => sheet.name === 'Costs').visibility")
    assert shown == "Visible"


def test_issues__are_searched_in_sheet_cell_row_value_and_message(pane):
    page = pane()
    answered(page, many_issues(40))
    validate(page)
    assert page.inner_text("#shown") == "Issues: 40 of 40"
    assert page.get_attribute("#shown", "role") == "status"
    for words, found in {
        "costs!a7": ["Costs!A7"],
        "A12 activities": ["Activities!A12"],
        "edm-8": ["Activities!A8"],
        "v-33": ["Costs!A33"],
        "ecart de l'annee 14.": ["Activities!A14"],
        "nothing like it": [],
    }.items():
        page.fill("#search", words)
        assert places(page) == found
        assert page.inner_text("#shown") == f"Issues: {len(found)} of 40"


def test_issues__are_filtered_by_sheet_and_severity_with_counts_and_the_choice_stays(pane):
    page = pane()
    answered(page, many_issues(41))
    validate(page)
    choices = [
        page.locator(f"#{name} option").all_inner_texts() for name in ("by-sheet", "by-severity")
    ]
    assert choices == [
        ["Any: 41", "Costs: 20", "Activities: 21"],
        ["Any: 41", "Errors: 20", "Information items: 21"],
    ]
    assert places(page)[0] == "Costs!A1", "the gravest come first"
    page.select_option("#by-sheet", label="Activities: 21")
    page.fill("#search", "EDM-1")
    assert places(page) == [f"Activities!A{row}" for row in (10, 12, 14, 16, 18)]
    page.select_option("#by-severity", label="Errors: 20")
    assert page.inner_text("#shown") == "Issues: 0 of 41"
    answered(page, many_issues(11))
    page.fill("#search", "")
    page.select_option("#by-severity", label="Information items: 21")
    validate(page)
    assert page.inner_text("#shown") == "Issues: 6 of 11"


def test_many_issues__are_shown_in_steps_and_the_keys_stay_in_the_list(pane):
    page = pane()
    answered(page, many_issues(3_000))
    validate(page)
    assert page.locator("#issues .issue").count() == 50
    page.focus("#issues .more button")
    assert page.evaluate("document.activeElement.textContent") == "Show 2,950 more"
    page.keyboard.press("Enter")
    assert page.locator("#issues .issue").count() == 250
    assert "Costs!A101" in page.evaluate("document.activeElement.textContent")
    slowest = page.evaluate(
        """() => Math.max(...[..."costs v-29"].map((letter) => {
          const search = document.getElementById("search");
          const start = performance.now();
          search.value += letter;
          search.dispatchEvent(new Event("input"));
          return performance.now() - start;
        }))"""
    )
    assert slowest < 200
    assert places(page)[0] == "Costs!A29"


def test_list__is_reached_and_worked_by_the_keys_alone(pane, book):
    page = pane(held=with_fault(book))
    validate(page)
    page.focus("#search")
    page.keyboard.type("1 234")
    assert page.inner_text("#shown").startswith("Issues: 1 of ")
    visited = []
    for _ in range(3):
        page.keyboard.press("Tab")
        visited.append(
            page.evaluate("document.activeElement.id || document.activeElement.className")
        )
    assert visited == ["by-sheet", "by-severity", "issue-button"]
    page.keyboard.press("Enter")
    page.wait_for_selector("#validate:enabled")
    assert excel(page, "log")[-1][:2] == ["select", "Costs"]


def test_second_check__says_what_was_corrected_and_marks_what_is_new(pane):
    page = pane()
    page.evaluate(AMOUNTS, ["1 234", "2 345"])
    validate(page)
    assert page.inner_text("#changes") == ""
    assert page.locator(".badge").count() == 0
    page.evaluate(AMOUNTS, "swap")
    validate(page)
    page.wait_for_selector("#changes:not(:empty)")
    assert page.inner_text("#changes") == "The issues are those of the last check."
    page.evaluate(AMOUNTS, ["x"])
    validate(page)
    page.wait_for_selector(".badge")

    said = "Corrected since the last check: 1; new: 1."
    assert page.inner_text("#changes") == page.text_content("#live") == said
    new = page.locator(".issue", has=page.locator(".badge"))
    assert new.count() == 1
    assert "“x” is text" in new.inner_text()
    page.check("#new-only")
    assert page.locator(".issue").count() == 1
    page.select_option("#language", "fr")
    page.wait_for_selector("html[lang=fr]")
    page.wait_for_selector("#validate:enabled")
    changes = page.inner_text("#changes").replace("\N{NO-BREAK SPACE}", " ")
    assert changes == "Anomalies corrigées depuis la dernière vérification : 1 ; nouvelles : 1."
    assert page.locator(".issue").count() == 1


def test_pane__passes_axe_in_every_tab(pane, book):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = pane(held=with_fault(book), width=320, bypass_csp=True)
    validate(page)
    page.evaluate(AMOUNTS, ["x"])
    validate(page)
    page.wait_for_selector(".badge")
    found = {}
    for tab in ("issues", "totals", "documents"):
        page.click(f"#tab-{tab}")
        found[tab] = [
            (item["id"], [node["html"][:120] for node in item["nodes"]][:3])
            for item in axe.Axe().run(page).response["violations"]
        ]
    assert found == {"issues": [], "totals": [], "documents": []}


def test_validate__changes_nothing_in_the_workbook(pane):
    page = pane()
    validate(page)
    validate(page)

    assert excel(page, "log") == []


def test_totals__are_those_of_the_workbook(pane):
    page = pane()
    validate(page)
    page.click("#tab-totals")

    shown = page.inner_text("#totals")
    assert "6,397,836.63" in shown
    assert "2,749,521.38" in shown
    assert page.locator(".areas > li").count() == 5
    parts = page.locator(".part").evaluate_all("parts => parts.map(part => part.offsetWidth)")
    assert any(parts)


def test_ribbon__validates_marks_and_clears(pane):
    page = pane()
    buttons = excel(page, "buttons()")
    page.evaluate("globalThis.__excel.press('cmswp-validate')")
    log = excel(page, "log")

    assert set(buttons) == {
        f"cmswp-{name}"
        for name in (
            *("validate", "next_issue", "clear_marks", "take_over", "renumber"),
            *("refresh_totals", "unfunded_list", "approve"),
        )
    }
    assert excel(page, "marks()")
    assert excel(page, "grid('Issues')")
    dialogs = [entry[1] for entry in log if entry[0] == "dialog"]
    assert len(dialogs) == 1
    assert "prompt=" in dialogs[0]
    page.evaluate("globalThis.__excel.press('cmswp-clear_marks')")
    assert excel(page, "marks()") == []


def test_clearing__spares_conditional_formats_of_the_user(pane):
    page = pane()
    page.evaluate(
        """() => {
          const cell = globalThis.__excel.sheets[0].getRange('A1');
          const rule = cell.conditionalFormats.add('Custom');
          rule.custom.rule.formula = '=TRUE';
        }"""
    )
    page.evaluate("globalThis.__excel.press('cmswp-validate')")
    page.evaluate("globalThis.__excel.press('cmswp-clear_marks')")

    assert len(excel(page, "marks()")) == 1


def test_button_of_the_pane__tells_in_the_pane_and_not_by_a_dialog(pane):
    page = pane()
    page.click("[data-script=validate]")
    page.wait_for_selector("#messages .message")

    assert "5 warnings" in page.inner_text("#messages")
    assert excel(page, "marks()")
    assert not [entry for entry in excel(page, "log") if entry[0] == "dialog"]


def test_documents__arrive(pane):
    page = pane()
    page.click("#tab-documents")
    page.select_option("#document-language", "fr")
    assert page.input_value("#documents-language") == "all"
    files = {}
    for form in ("docx", "html", "all"):
        with page.expect_download() as coming:
            page.click(f"[data-document={form}]")
        files[coming.value.suggested_filename] = Path(coming.value.path()).read_bytes()
        page.wait_for_selector("#validate:enabled")

    assert list(files) == ["annex.fr.docx", "annex.fr.html", "documents.zip"]
    assert b"<html" in files["annex.fr.html"][:200]
    for name, part in {
        "annex.fr.docx": "word/document.xml",
        "documents.zip": "annex.es.docx",
    }.items():
        with zipfile.ZipFile(io.BytesIO(files[name])) as archive:
            assert archive.testzip() is None
            assert part in archive.namelist()


def test_all_documents__are_made_in_the_chosen_language_only(pane):
    page = pane()
    page.click("#tab-documents")
    page.select_option("#documents-language", "fr")
    with page.expect_download() as coming:
        page.click("[data-document=all]")
    with zipfile.ZipFile(coming.value.path()) as archive:
        languages = {name.split(".")[1] for name in archive.namelist()} - {"json"}
    assert languages == {"fr"}
    page.wait_for_selector(".message-success")
    assert "Languages made: French." in page.inner_text("#messages")


def test_incomplete_language__is_left_out_and_the_pane_leads_to_the_text(pane, book):
    page = pane(held=changed(book, "Activities", "Title (Spanish)", ""))
    page.click("#tab-documents")
    with page.expect_download() as coming:
        page.click("[data-document=all]")
    with zipfile.ZipFile(coming.value.path()) as archive:
        names = archive.namelist()
    assert {"annex.en.docx", "annex.fr.docx", "cover.es.docx"} <= {*names}
    assert "annex.es.docx" not in names
    page.wait_for_selector(".message-warning")
    said = page.locator("#messages p").all_inner_texts()
    assert said[2] == "Left out:"
    place = next(line for line in said if line.strip().startswith("annex in Spanish: 1 text"))
    assert "at Activities" in place
    page.click("#messages .link")
    page.wait_for_selector("#validate:enabled")
    assert excel(page, "log")[-1][:2] == ["select", "Activities"]


def test_document_on_the_desktop__is_fetched_by_the_browser_once(pane, local, book):
    page = pane(held={**book, "desktop": True})
    page.click("#tab-documents")
    page.click("[data-document=docx]")
    page.wait_for_selector(".message-success")
    address = excel(page, "log")[-1][1].removeprefix(local.url)
    first, second = (local.ask("GET", address) for _ in range(2))

    assert first.headers["content-disposition"] == 'attachment; filename="annex.en.docx"'
    assert first.body.startswith(b"PK")
    assert second.status == 404


def test_document_of_a_faulty_book__is_refused_in_words(pane, book):
    page = pane(held=with_fault(book))
    page.click("#tab-documents")
    page.click("[data-document=docx]")
    page.wait_for_selector(".message-error")

    assert "errors" in page.inner_text("#messages")


def test_language__is_chosen_and_remembered(pane, book):
    page = pane(held={**book, "language": "fr-FR"})
    assert page.get_attribute("html", "lang") == "fr"
    page.select_option("#language", "es")
    page.wait_for_selector("html[lang=es]")
    page.reload()
    page.wait_for_selector("#cmswp-pane:not([hidden])")

    assert page.get_attribute("html", "lang") == "es"
    validate(page)
    assert "financi" in page.text_content("#issues")


def test_wrong_token__is_refused_and_a_right_one_taken(pane, guarded):
    page = pane(guarded)
    assert page.is_visible("#sign-in")
    assert not page.is_visible("#work")
    page.fill("#token", "wrong")
    page.click("#sign-in .button")
    page.wait_for_selector(".message-error")
    assert "not accepted" in page.inner_text("#messages")
    page.fill("#token", TOKENS["anna"])
    page.press("#token", "Enter")
    page.wait_for_selector("#issues .issue")
    kept = page.evaluate("localStorage.getItem('part-cmswp.token')")
    page.click("#sign-out")

    assert kept == TOKENS["anna"]
    assert page.evaluate("localStorage.getItem('part-cmswp.token')") is None
    assert page.text_content("#issues") == ""
    assert not page.is_visible("#filters")
    assert TOKENS["anna"] not in guarded.said()


def test_oversized_book__is_refused_in_words(pane, guarded, book):
    page = pane(guarded, held={**book, "sheets": [{"name": "Big", "values": [["x" * 1_100_000]]}]})
    page.fill("#token", TOKENS["anna"])
    page.press("#token", "Enter")
    page.wait_for_selector(".message-error")

    assert "too large" in page.inner_text(".message-error")


def test_every_control__has_a_name_and_the_tabs_obey_the_keys(pane):
    page = pane()
    validate(page)
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("#cmswp-pane :is(button, select, input, summary)")]
          .filter((found) => !(found.innerText || found.textContent).trim()
            && !found.getAttribute("aria-label") && !found.labels?.length)
          .map((found) => found.outerHTML)"""
    )
    assert nameless == []
    page.focus("#tab-issues")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "tab-totals"
    assert page.get_attribute("#tab-totals", "aria-selected") == "true"
    assert page.is_visible("#panel-totals")
    assert not page.is_visible("#panel-issues")
    for tab in page.locator("[role=tab]").all():
        assert page.locator(f"#{tab.get_attribute('aria-controls')}[role=tabpanel]").count() == 1


def test_text__stands_out_and_fits_into_320_pixels(pane):
    page = pane(width=320)
    validate(page)
    for tab in ("issues", "totals", "documents"):
        page.click(f"#tab-{tab}")
        found = page.evaluate(CONTRASTS)
        assert len(found) > 10
        assert [(words, ratio) for words, ratio in found if ratio < AA] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_dialog__shows_what_was_told(pane, local):
    page = pane()
    told = "/xlwings/alert?prompt=One%0ATwo%20%3Cb%3E&title=T&buttons=ok&mode=critical&callback="
    page.goto(local.url + told)

    assert page.locator(".dialog-text p").all_inner_texts() == ["One", "Two <b>"]
    assert page.inner_text("h1") == "T"
    assert page.is_visible("#ok")


def test_real_office_js__loads_under_the_policy(chromium, local):
    """Outside Excel it only says so; nothing of it may be blocked."""
    said = []
    page = chromium.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.goto(local.url + "/taskpane.html")
    page.wait_for_timeout(1_500)
    office = page.evaluate("typeof Office.onReady")
    page.close()

    assert office == "function"
    assert not [text for text in said if re.search("Content Security Policy|Refused", text)]
