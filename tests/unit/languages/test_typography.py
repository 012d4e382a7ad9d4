"""Marks and spaces are those of each language, in all that the program says and brings along."""

from __future__ import annotations

import pytest
from wording import PARTS, ROOT, Said, faults, rules

from cmswp_xl.languages import Language

RULES = rules("typography.yaml")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("part", PARTS)
def test_texts__have_the_marks_of_their_language(part, language):
    texts = [said for said in PARTS[part]() if said.language == language]
    assert texts
    found = faults(texts, RULES)
    assert not found, "\n".join(found)


def test_code__builds_no_marks_that_a_catalogue_should_have():
    lines = [
        Said("source", path.relative_to(ROOT).as_posix(), f"{path.relative_to(ROOT)}: {line}")
        for path in sorted((ROOT / "src").rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    found = faults(lines, RULES)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Total : 5"),
        ("fr", "« a »"),
        ("fr", "“a”"),
        ("fr", "13%"),
        ("fr", "13 pour cent"),
        ("fr", "l'annexe"),
        ("fr", "EUR\u00a02\u00a0100"),
        ("fr", "dans l’Annexe I"),
        ("es", "«a»"),
        ("es", "13 %"),
        ("es", "EUR 2"),
        ("es", "2024–2026"),
        ("es", "Listo!"),
        ("en", "the workbook's"),
        ("en", "2024-2026"),
        ("en", "2 EUR"),
        ("source", 'x = f"{percent}%"'),
    ],
)
def test_rules__find_a_fault(language, text):
    assert faults([Said(language, "", text)], RULES)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "fr",
            "L’annexe I\u00a0: «\u00a0coûts\u00a0», 13\u00a0% de 2\u00a0100\u00a0EUR",
        ),
        ("es", "El anexo I: “costes”, 13\u00a0% de 2\u00a0100\u00a0EUR. ¿Listo?"),
        ("en", "Annex I: “costs”, 13% of EUR\u00a02,100, 2024–2026"),
    ],
)
def test_rules__leave_a_good_text_alone(language, text):
    assert faults([Said(language, "", text)], RULES) == []
