"""The HTML report: one harmless, accessible file."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from jinja2 import Environment, meta

from cmswp_xl.issues import SEVERITIES, Issue
from cmswp_xl.languages import Language, Words
from cmswp_xl.listings import Report
from cmswp_xl.listings.issues import TEMPLATE, html_context, issues_html
from cmswp_xl.resources import template_folder

SAY = Words(Language.EN)
EVIL = '<script>alert(1)</script>" onload="x {{ 7*7 }} {% raw %} &amp; \x00\ud800'


def issue(code="no-mandate", value=None, sheet="Activities", cell="H2"):
    column = "mandates"
    return Issue(code, SEVERITIES[code], sheet, cell, "activities", column, value, {})


def html(*issues, name="plan.xlsx", language=Language.EN, skipped=()):
    return issues_html([Report(name, "ab" * 32, issues, skipped)], Words(language))


class Elements(HTMLParser):
    """Collects elements, and checks that each is closed where it should be."""

    VOID = frozenset({"meta"})

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.open = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


@pytest.mark.parametrize("language", Language)
def test_document__names_its_language(language):
    assert Elements(html(issue(), language=language)).all("html") == [{"lang": language.tag}]


def test_id_of_an_activity__is_not_shown_as_the_value_of_another_column():
    found = html(issue("not-costed", "EDM-02"), issue("unknown-table", "maybe"))
    assert re.findall(r'<td class="value">(.*?)</td>', found) == ["", "maybe"]
    assert "EDM-02 has no costs yet" in found


def test_document__allows_no_script_and_loads_nothing():
    text = html(issue())
    elements = Elements(text)
    policies = [m for m in elements.all("meta") if m.get("http-equiv")]

    assert "default-src 'none'" in policies[0]["content"]
    assert "script" not in policies[0]["content"]
    assert not elements.all("script")
    assert not elements.all("link")
    assert not re.search(r"https?://|url\(|@import|\bsrc=", text)


def test_data__stays_text():
    text = html(issue("unknown-table", EVIL, sheet=EVIL), name=EVIL)
    elements = Elements(text)

    assert not elements.all("script")
    assert "<script>" not in text
    assert "{{ 7*7 }}" in text
    assert "\x00" not in text
    assert all("onload" not in attributes for _, attributes in elements.found)
    text.encode("utf-8")


def test_tables__have_captions_and_scopes():
    elements = Elements(html(issue(), issue(sheet="Costs")))

    assert len(elements.all("table")) == len(elements.all("caption")) == 2
    assert all("scope" in attributes for attributes in elements.all("th"))


def test_ids__are_unique_and_links_lead_to_them():
    reports = [Report("a.xlsx", "0", (issue(), issue(sheet="B"))), Report("b.xlsx", "0", ())]
    elements = Elements(issues_html(reports, SAY))
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    links = [attributes["href"].removeprefix("#") for attributes in elements.all("a")]

    assert len(ids) == len(set(ids))
    assert links
    assert set(links) <= set(ids)


def test_every_issue__is_a_row_of_its_own():
    elements = Elements(html(*(issue(cell=f"H{row}") for row in range(2, 32))))

    assert len(elements.all("tr")) == 31


def test_summary__counts_and_gives_the_verdict():
    text = html(issue(), skipped=("percent-format",))

    assert "0 errors, 0 warnings, 1 information item" in text
    assert "Ready for documents." in text
    assert "whether cells are shown as percentages" in text


def test_same_issues__give_the_same_text():
    assert html(issue()) == html(issue())


def test_template__asks_for_nothing_that_the_context_lacks():
    source = (template_folder() / TEMPLATE).read_text(encoding="utf-8")
    asked = meta.find_undeclared_variables(Environment(autoescape=True).parse(source))

    assert asked == set(html_context([], SAY))


def test_template__has_no_words_of_its_own():
    source = (template_folder() / TEMPLATE).read_text(encoding="utf-8")
    body = source.partition("<body>")[2]
    bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|<[^>]*>", " ", body, flags=re.DOTALL)

    assert set(bare.split()) <= {"SHA-256", "(", ")", "()"}
