"""Which languages documents were made in, and what the others lack."""

from __future__ import annotations

from cmswp_xl.documents.build import Built, LeftOut, MissingCell, Request
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


def made(languages, *left_out):
    return Built(Request(), None, languages=languages, left_out=list(left_out))


def test_languages__are_named_with_what_was_left_out_and_why():
    texts = [tuple(text for text in MISSING if text.language == word) for word in ("fr", "es")]
    assert languages_made(
        made(
            [Language.EN],
            LeftOut("cover", "nothing-to-print", sheets=("Texts",)),
            LeftOut("progress", "nothing-to-print", sheets=("Progress",)),
            LeftOut("technology-review", "nothing-to-print", sheets=("Findings", "Register")),
            LeftOut("staffing", "not-by-area"),
            LeftOut("annex", "missing-texts", Language.FR, texts[0]),
            LeftOut("annex", "missing-texts", Language.ES, texts[1]),
        ),
        SAY,
    ) == [
        "Languages made: English.",
        "Left out:",
        "  cover: the sheet Texts contains no text for it",
        "  progress: the sheet Progress is empty",
        "  technology-review: the sheets Findings and Register are empty",
        "  staffing: it cannot be limited to areas",
        "  annex in French: 4 texts are missing, the first at Activities F2",
        "  annex in Spanish: 1 text is missing, at Areas D2",
    ]


def test_nothing_left_out__is_one_line():
    assert languages_made(made([Language.FR]), Words(Language.FR)) == [
        "Langues produites\N{NO-BREAK SPACE}: français."
    ]


def test_first_texts__are_named_for_each_language():
    assert missing_texts(MISSING, SAY, 2).splitlines() == [
        "Missing in French: 4",
        "  Activities F2 · A-2 · Title (French)",
        "  Activities F3 · A-3 · Title (French)",
        "  and 2 more",
        "Missing in Spanish: 1",
        "  Areas D2 · A · Title (Spanish)",
    ]


def test_all_texts__are_listed_without_a_limit():
    assert len(missing_texts(MISSING, SAY).splitlines()) == len(MISSING) + 2
