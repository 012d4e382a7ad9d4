"""Which languages documents were made in, and what the others lack."""

from __future__ import annotations

from cmswp_xl.documents.build import MissingCell
from cmswp_xl.languages import Language, Words
from cmswp_xl.listings.issues import languages_made, missing_texts

SAY = Words(Language.EN)
MISSING = [
    *(
        MissingCell("Activities", f"F{row}", f"A-{row}", Language.FR, "Title (French)")
        for row in range(2, 6)
    ),
    MissingCell("Areas", "D2", "A", Language.ES, "Title (Spanish)"),
]


def test_languages__are_named_with_those_left_out_and_how_many_texts_they_lack():
    assert languages_made([Language.EN], MISSING, SAY) == [
        "Languages made: English.",
        "Left out, as texts are missing:",
        "Missing in French: 4",
        "Missing in Spanish: 1",
    ]


def test_nothing_left_out__is_one_line():
    assert languages_made([Language.FR], [], Words(Language.FR)) == [
        "Langues produites\N{NO-BREAK SPACE}: français."
    ]


def test_first_texts__are_named_for_each_language():
    assert languages_made([Language.EN], MISSING, SAY, 2)[2:] == [
        "Missing in French: 4",
        "  Activities F2 · A-2 · Title (French)",
        "  Activities F3 · A-3 · Title (French)",
        "  and 2 more",
        "Missing in Spanish: 1",
        "  Areas D2 · A · Title (Spanish)",
    ]


def test_all_texts__are_listed_without_a_limit():
    assert len(missing_texts(MISSING, SAY).splitlines()) == len(MISSING) + 2
