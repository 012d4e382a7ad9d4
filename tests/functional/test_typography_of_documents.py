"""Marks, spaces and words of every document of the workbooks that ship, in Word and HTML."""

from __future__ import annotations

import pytest
from wording import document_texts, faults, rules

from cmswp_xl.languages import Language


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", ["typography.yaml", "forbidden_words.yaml"])
def test_documents__keep_the_rules_of_the_language(papers, name, language):
    texts = [said for said in document_texts(papers) if said.language == language]
    assert {said.place.rpartition(".")[2] for said in texts} == {"docx", "html"}
    found = faults(texts, rules(name))
    assert not found, "\n".join(found)
