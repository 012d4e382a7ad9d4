"""The paragraphs of staff: numbers through the document, letters afresh, lists, areas, action."""

from __future__ import annotations

import pytest
from sheets import programme, workbook

from cmswp_xl.documents.texts import Texts, wording_of
from cmswp_xl.languages import Language, Words
from cmswp_xl.page import Paragraph

EN, FR, ES = Language


def wording(*rows, language=EN, areas=()):
    """Give the paragraphs of rows of kind and text."""
    lines = [f"| cover | {n} | {kind} | {text} |" for n, (kind, text) in enumerate(rows, 1)]
    text = "\n".join(["## Texts", "| document | paragraph | kind | text |", *lines])
    if areas:
        text += "\n\n## Areas\n| code | title |\n" + "\n".join(f"| {a} | {a} |" for a in areas)
    texts = Texts(language)
    found = wording_of("cover", programme(workbook(text)), texts, Words(language))
    assert texts.missing == []
    return found


def marks(*kinds, language=EN):
    return [(i.look, i.mark) for i in wording(*((k, "x") for k in kinds), language=language).body]


def test_paragraphs__are_numbered_across_headings():
    assert marks("heading", "paragraph", "heading", "paragraph", "areas")[:5] == [
        ("heading", ""),
        ("paragraph", "1."),
        ("heading", ""),
        ("paragraph", "2."),
        ("lead", "3."),
    ]


def test_lone_paragraph__has_no_number():
    assert marks("heading", "paragraph") == [("heading", ""), ("unnumbered", "")]


def test_letters__begin_afresh_and_go_on_across_bullets():
    found = marks(
        "paragraph", "subparagraph", "bullet", "subparagraph", "paragraph", "subparagraph"
    )
    assert found == [
        ("lead", "1."),
        ("subparagraph", "(a)"),
        ("bullet", "•"),
        ("subparagraph", "(b)"),
        ("lead", "2."),
        ("subparagraph", "(a)"),
    ]


@pytest.mark.parametrize(("language", "mark"), [(EN, "(a)"), (FR, "a)"), (ES, "a)")])
def test_letters__are_written_as_the_language_has_them(language, mark):
    assert marks("action", "subparagraph", language=language)[-1] == ("subparagraph", mark)


def test_letters__go_on_after_z():
    found = marks("paragraph", "paragraph", *["subparagraph"] * 28)
    assert [mark for _, mark in found[-3:]] == ["(z)", "(aa)", "(ab)"]


def test_action__has_its_words_above_the_first_row_only():
    found = wording(("paragraph", "x"), ("action", "Do."), ("action", "Do more.")).body
    assert found[1:] == (
        Paragraph("Action requested:", "heading"),
        Paragraph("Do.", "unnumbered"),
        Paragraph("Do more.", "unnumbered"),
    )


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (EN, ["ICC;", "EDM."]),
        (FR, ["ICC\u00a0;", "EDM."]),
        (ES, ["ICC;", "EDM."]),
    ],
)
def test_areas__end_the_sentence_above_them(language, lines):
    found = wording(
        ("paragraph", "x"), ("areas", "These:"), language=language, areas=("ICC", "EDM")
    )
    assert [(item.look, item.text) for item in found.body[2:]] == [
        ("bullet", line) for line in lines
    ]


def test_line_breaks__stay_in_the_paragraph():
    found = wording(("summary", '"One\\nTwo"'), ("paragraph", '"Three\\n\\nFour"'))
    assert found.summary == (Paragraph("One\nTwo", "summary"),)
    assert found.body == (Paragraph("Three\nFour", "unnumbered"),)


def test_other_documents__are_not_mixed_in():
    text = """
## Texts
| document | paragraph | kind      | text |
| cover    | 1         | paragraph | One  |
| annex    | 1         | paragraph | Two  |
"""
    found = wording_of("annex", programme(workbook(text)), Texts(EN), Words(EN))
    assert [item.text for item in found.body] == ["Two"]
