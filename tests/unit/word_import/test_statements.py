"""What an annex says outside its tables, in the program's own sentences and in others'."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from cmswp_xl.languages import Language, Words
from cmswp_xl.word_import.statements import (
    filled,
    listed_titles,
    other_currency,
    read_statements,
    title_before,
    without_number,
)
from cmswp_xl.word_import.visible import Paragraph


def said(*texts, language=Language.EN):
    paragraphs = [text if isinstance(text, Paragraph) else Paragraph(text) for text in texts]
    return read_statements(paragraphs, Words(language))


def test_printed_sentence__gives_back_what_filled_it():
    assert filled("Cost {a} = {b}.", "Cost 1 = 2 + 3.") == {"a": "1", "b": "2 + 3"}
    assert filled("Cost {a}.", "Price 1.") is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (Language.EN, "As at 1 November 2014."),
        (Language.FR, "Chiffres arrêtés au 1er novembre 2014."),
        (Language.ES, "Cifras al 1 de noviembre de 2014."),
    ],
)
def test_date__is_read_in_each_language(language, text):
    assert said("Title", text, language=language).as_at == dt.date(2014, 11, 1)


@pytest.mark.parametrize(
    "text", ["As at 31 February 2014.", "As at noon.", "As at 1 Floréal 2014."]
)
def test_date_that_is_none__is_left_blank(text):
    assert said("Title", text).as_at is None


def test_marks_of_the_whole_annex__are_read():
    found = said(
        "Annex I – Costed programme of work (draft)",
        Paragraph("Plan for 2012–2014", "subtitle"),
        "Status: revised.",
        "Budget scenario: Zero growth.",
        "Illustrative figures",
        "Costs are net: programme support costs of 13 per cent are added below the total.",
    )

    assert (found.title, found.status, found.scenario) == (
        "Plan for 2012–2014",
        "revised",
        "Zero growth",
    )
    assert (found.illustrative, found.net, found.rate) == (True, "all", Decimal(13))


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("Plan of\u00a0the\u00a0CMS", "Plan of the CMS"),
        ("Programme de la\u00a0CMS\u00a0: 2014", "Programme de la CMS\u00a0: 2014"),
    ],
)
def test_title__loses_the_spaces_that_printing_put_before_an_acronym(printed, title):
    found = said("Annex I – Costed programme of work", Paragraph(printed, "subtitle"))

    assert (found.title, printed in found.taken) == (title, True)


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("Annex I – Costed programme of work (draft) (extract)", "Costed programme of work"),
        ("Programme of work", "Programme of work"),
        ("", "Costed programme of work"),
    ],
)
def test_title__is_that_of_the_document_or_of_the_annex(first, title):
    assert said(first).title == title


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("(Prepared by the Secretariat)", "Secretariat"),
        ("(Préparé par le Secrétariat PNUE/CMS)", "Secrétariat PNUE/CMS"),
        ("(Preparado por la Secretaría)", "Secretaría"),
    ],
)
def test_who_prepared_it__is_read(text, by):
    assert said("Title", text).prepared_by == by


def test_currency__is_compared_by_code_or_name():
    say = Words(Language.EN)

    assert [other_currency(unit, "EUR", say) for unit in ("", "euros", "EUR", "US dollars")] == [
        False,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("1. Executive direction", "Executive direction"),
        ("5 Capacity building", "Capacity building"),
        ("II – Science", "Science"),
        ("A) Science", "Science"),
        ("Programme area 3: Science", "Science"),
        ("Programme area: Science", "Science"),
        ("Domaine de programme 3 : Science", "Science"),
        ("Área programática 3: Ciencia", "Ciencia"),
        ("Information, communication", "Information, communication"),
        ("Inter-agency cooperation", "Inter-agency cooperation"),
        ("A plan for all", "A plan for all"),
        ("Area protection", "Area protection"),
    ],
)
def test_number_of_an_area__is_no_part_of_its_title(title, plain):
    assert without_number(title) == plain


def test_title_of_an_area__is_the_last_heading_or_the_nearest_short_line():
    say = Words(Language.EN)
    heading = Paragraph("Birds", "heading 2")

    assert title_before([heading, Paragraph("Some words")], say) == "Birds"
    assert title_before([Paragraph("Birds"), Paragraph("Amounts in euros.")], say) == "Birds"
    assert title_before([Paragraph("Annex I"), Paragraph("")], say) == ""


def test_list_of_areas__is_the_one_that_names_a_known_one():
    texts = ["Lists:", "one ;", "two.", "Areas are:", "• Birds;", "• Fish;", "• Mammals.", "More"]

    assert listed_titles([Paragraph(t) for t in texts], ["Fish"]) == ["Birds", "Fish", "Mammals"]
    assert listed_titles([Paragraph(t) for t in texts], ["Reptiles"]) == []
