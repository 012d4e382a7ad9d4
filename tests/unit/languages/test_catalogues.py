"""The program's words: complete in three languages, with the same places in each."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from cmswp_xl.languages import DOMAIN, LOCALE_FOLDER, N_, Language, Words

PLACES = re.compile(r"\{(\w+)\}")


def catalogue(language):
    path = LOCALE_FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def forms(message):
    """Give the source texts and the translations of a message as pairs."""
    if isinstance(message.id, tuple):
        return [(message.id[min(i, 1)], text) for i, text in enumerate(message.string)]
    return [(message.id, message.string)]


@pytest.fixture(scope="module")
def texts():
    """The texts that the code says, extracted anew."""
    script = runpy.run_path(str(Path(__file__).parents[3] / "scripts" / "messages.py"))
    return {message.id for message in script["extracted"]() if message.id}


@pytest.fixture(scope="module", params=[Language.FR, Language.ES])
def entries(request):
    found = [m for m in catalogue(request.param.value) if m.id]
    assert len(found) > 300
    return request.param, found


def test_catalogue__has_every_text_of_the_code(entries, texts):
    _, found = entries
    assert texts == {m.id for m in found}


def test_catalogue__translates_everything_and_nothing_by_guess(entries):
    _, found = entries
    assert [m.id for m in found if m.fuzzy] == []
    assert [m.id for m in found if not all(text for _, text in forms(m))] == []


def test_translations__keep_the_places(entries):
    _, found = entries
    for message in found:
        for source, text in forms(message):
            lost = set(PLACES.findall(source)) - {"count"}
            kept = set(PLACES.findall(text)) - {"count"}
            assert kept == lost, message.id
            assert not re.search(r"\{[^}\w]|\{\}|%\(|%s", text), message.id


def test_compiled_catalogues__are_those_of_the_sources(entries):
    language, found = entries
    say = Words(language)
    for message in found:
        for n, (source, text) in enumerate(forms(message), 1):
            if isinstance(message.id, tuple):
                kept = {name: f"{{{name}}}" for name in PLACES.findall(source) if name != "count"}
                assert say.many(*message.id, n, **kept) == text.replace("{count}", str(n))
            else:
                assert say(source) == text


@pytest.mark.parametrize(
    ("language", "tag"),
    [(Language.EN, "en-GB"), (Language.FR, "fr-FR"), (Language.ES, "es-ES")],
)
def test_tags(language, tag):
    assert language.tag == tag
    assert Language(language.value) is language


def test_words__fill_places_with_plain_text():
    say = Words(Language.EN)
    assert say("{title} (draft)", title="{x} %s {0}") == "{x} %s {0} (draft)"
    assert say("") == ""
    assert say("not in any catalogue {a}", a=1) == "not in any catalogue 1"
    assert say("a text {with} braces") == "a text {with} braces"


def test_words__count():
    say = Words(Language.EN)
    assert [say.many("{count} error", "{count} errors", n) for n in (0, 1, 2)] == [
        "0 errors",
        "1 error",
        "2 errors",
    ]
    french = Words(Language.FR)
    assert french.many("{count} error", "{count} errors", 0).startswith("0 erreur")
    assert not french.many("{count} error", "{count} errors", 0).startswith("0 erreurs")


def test_marked_text__is_the_text():
    assert N_("As it is") == "As it is"
