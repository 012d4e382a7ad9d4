"""The words by which an annex is recognised: a file that those who know the languages can edit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cmswp_xl.word_import
from cmswp_xl.languages import Language, Words
from cmswp_xl.resources import read_yaml
from cmswp_xl.word_import.vocabulary import heading_roles, kind_named, label_kind

WORDS = read_yaml(Path(cmswp_xl.word_import.__file__).with_name("words.yaml"))


def leaves(words):
    if isinstance(words, str):
        yield words
    else:
        for inner in words.values() if isinstance(words, dict) else words:
            yield from leaves(inner)


@pytest.mark.parametrize("name", WORDS)
def test_every_alternative__is_a_pattern_of_its_own(name):
    for pattern in leaves(WORDS[name]):
        assert re.compile(pattern)


@pytest.mark.parametrize("role", WORDS["columns"])
def test_every_heading__is_known_in_every_language(role):
    assert set(WORDS["columns"][role]) == {language.value for language in Language}


@pytest.mark.parametrize(
    ("text", "role", "languages"),
    [
        ("Estimated cost", "cost", {Language.EN}),
        ("COÛT TOTAL", "cost", {Language.FR}),
        ("Financiación por obtener", "sought", {Language.ES}),
        ("N°", "number", set()),
    ],
)
def test_heading__is_read_without_accents_and_case(text, role, languages):
    assert heading_roles(text)[role] == languages


@pytest.mark.parametrize("language", Language)
def test_heading_of_the_costs__is_known_over_one_activity_and_over_several(language):
    for heading in ("Cost of the activity", "Cost of activities"):
        assert heading_roles(Words(language)(heading)) == {"cost": {language}}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("13% PSC", "support"),
        ("dont voyages", "part"),
        ("Sous-total", "sub"),
        ("GRAN TOTAL", "total"),
        ("Imprévus", "contingency"),
        ("Brought forward", "carried"),
        ("Organize the meeting.", ""),
    ],
)
def test_label__names_the_kind_of_its_sum(text, kind):
    assert label_kind(text) == kind


def test_source__is_named_by_its_kind_in_every_language():
    texts = ("Posts of the core budget", "Contributions volontaires", "Otras fuentes", "Friends")

    assert list(map(kind_named, texts)) == ["core", "voluntary", "other", ""]
