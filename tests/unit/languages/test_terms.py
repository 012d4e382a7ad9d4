"""One word for one thing: none of the words that the project does not use."""

from __future__ import annotations

import pytest
import yaml
from wording import PARTS, ROOT, Said, faults, rules

from cmswp_xl.languages import Language

FORBIDDEN = rules("forbidden_words.yaml")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("part", PARTS)
def test_texts__have_the_words_of_the_project(part, language):
    found = faults([said for said in PARTS[part]() if said.language == language], FORBIDDEN)
    assert not found, "\n".join(found)


def test_chosen_terms__are_none_of_those_words():
    terms = yaml.safe_load((ROOT / "scripts" / "terms.yaml").read_text(encoding="utf-8"))
    texts = [Said(language, "terms", term[language]) for term in terms for language in Language]
    assert faults(texts, FORBIDDEN) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "It cannot be told."), ("fr", "Activités par statut"), ("es", "costos")],
)
def test_words__are_found(language, text):
    assert faults([Said(language, "", text)], FORBIDDEN)
