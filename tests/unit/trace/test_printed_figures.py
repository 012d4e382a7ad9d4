"""Nothing is printed that is not traced: every number of every document's tables is there."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from lxml import html
from traced import PAPERS, example, traced

from cmswp_xl.languages import Language
from cmswp_xl.render.html import render_html

ROUNDINGS = (None, "thousand")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def page(document, totals, language):
    context, _ = PAPERS[document](totals, language)
    return html.fromstring(render_html(document, context).decode())


def cells(root):
    """Give the figures in the cells of the tables; the rank of a request is none."""
    found = []
    for row in root.iter("tr"):
        own = [c for c in row.iterchildren("td") if {"amount", "score"} & set(c.classes)]
        ranked = row.find("td") is not None and "score" in row.find("td").classes
        if ranked and len(own) > 1 and row.index(own[0]) == 0:
            own = own[1:]
        found += [" ".join(cell.text_content().split(" ")) for cell in own]
    return Counter(text for text in found if text)


def in_tables(trace):
    texts = [item.text for items in trace.printed.values() for item in items if item.table]
    return Counter(text for text in texts if text)


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("document", PAPERS)
def test_every_number_in_the_tables__is_traced_as_often_as_it_is_printed(document, rounding):
    checked = example(rounding)
    trace, totals = traced(checked, document)
    printed, noted = cells(page(document, totals, Language.EN)), in_tables(trace)
    assert printed
    assert printed - noted == Counter()


@pytest.mark.parametrize("language", [Language.FR, Language.ES])
def test_the_numbers_of_the_annex_are_traced_in_every_language__and_no_others(language):
    trace, totals = traced(example(), "annex", language)
    assert cells(page("annex", totals, language)) == in_tables(trace)


@pytest.mark.parametrize("scenario", ["BASE", "ZRG"])
def test_the_numbers_of_the_annex_are_traced_in_every_scenario(scenario):
    trace, totals = traced(example(), "annex", scenario=scenario)
    assert cells(page("annex", totals, Language.EN)) == in_tables(trace)


@pytest.mark.parametrize("rounding", [None, "unit"])
@pytest.mark.parametrize("document", PAPERS)
def test_every_amount_in_a_sentence__is_traced_too(document, rounding):
    trace, totals = traced(example(rounding), document)
    root = page(document, totals, Language.EN)
    for item in [*root.iter("table"), *root.iter("svg"), *root.iter("style")]:
        item.drop_tree()
    said = set(GROUPED.findall(root.find("body").text_content()))
    noted = {found for items in trace.printed.values() for item in items
             for found in GROUPED.findall(item.text)}  # fmt: skip
    assert said <= noted
