"""Marks, spaces and words of every document of the workbooks that ship, in Word and HTML."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po
from programs import cmswp
from wording import document_texts, faults, rules

from cmswp_xl.languages import DOMAIN, LOCALE_FOLDER, Language, Words


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", ["typography.yaml", "forbidden_words.yaml"])
def test_documents__keep_the_rules_of_the_language(papers, name, language):
    texts = [said for said in document_texts(papers) if said.language == language]
    assert {said.place.rpartition(".")[2] for said in texts} == {"docx", "html"}
    found = faults(texts, rules(name))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", [Language.FR, Language.ES])
def test_documents__say_only_what_the_catalogue_has(example, monkeypatch, tmp_path, language):
    """A text that is no literal where it is said is not extracted, and would stay English."""
    path = LOCALE_FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as file:
        known = {text for m in read_po(file) for text in (m.id if m.pluralizable else (m.id,))}
    said, say, many = set(), Words.__call__, Words.many

    def heard(words, text, **values):
        said.add(text)
        return say(words, text, **values)

    def counted(words, one, several, count, **values):
        said.update((one, several))
        return many(words, one, several, count, **values)

    monkeypatch.setattr(Words, "__call__", heard)
    monkeypatch.setattr(Words, "many", counted)
    chosen = ("--document", "all", "--document", "set", "--format", "html")
    done = cmswp("export", example, "--out", tmp_path, *chosen, "--lang", language.value)

    assert done.code == 0
    assert len(said) > 300
    assert {text for text in said - known if re.search(r"\w(?![^{]*\})", text)} == set()
