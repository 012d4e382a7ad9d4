"""What staff write for a document stands before and after its tables, in every document."""

from __future__ import annotations

import pytest
from sheets import totals, workbook

from cmswp_xl.documents import content_of
from cmswp_xl.documents.texts import MissingText
from cmswp_xl.languages import Language
from cmswp_xl.registry import DOCUMENTS

ROWS = """
## Texts
| document | paragraph | kind      | place | text   |
| {name}   | 1         | paragraph | after | Last.  |
| {name}   | 2         | heading   |       | Head   |
| {name}   | 3         | paragraph |       | First. |
| {name}   | 4         | summary   | after | Short. |
"""


def sections(paper):
    """The first and the last part of what a document prints."""
    if hasattr(paper, "before"):
        return paper.before[0], paper.after[0]
    return paper.body[0], paper.body[-1]


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name != "cover"])
def test_texts__stand_before_and_after_what_a_document_prints(name):
    book = totals(workbook(ROWS.format(name=name)))
    first, last = sections(content_of(name)(book, Language.EN, ())[0])
    assert [(block.look, block.mark, block.text) for block in first.blocks] == [
        ("summary", "", "Short."),
        ("heading", "", "Head"),
        ("paragraph", "1.", "First."),
    ]
    assert [(block.look, block.mark, block.text) for block in last.blocks] == [
        ("paragraph", "2.", "Last.")
    ]


def test_meeting_document__prints_last_what_comes_after():
    paper, _ = content_of("cover")(totals(workbook(ROWS.format(name="cover"))), Language.EN, ())
    assert [item.text for item in paper.body] == ["Head", "First.", "Last."]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_texts_without_a_translation__are_missing(name):
    book = """
    ## Texts
    | document | paragraph | kind      | place | text_en |
    | {name}   | 1         | paragraph | after | Last.   |
    """
    _, missing = content_of(name)(totals(workbook(book.format(name=name))), Language.FR, ())
    assert missing.count(MissingText("texts", f"{name}/1", "text_fr")) == 1
