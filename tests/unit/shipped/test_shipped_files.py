"""What ships in built form is as fresh as its sources: workbooks and catalogues."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from cmswp_xl.languages import LOCALE_FOLDER, Language
from cmswp_xl.pipeline import workbook_of
from cmswp_xl.samples import read_sample

ROOT = Path(__file__).parents[3]
PLACE = re.compile(r"\{(\w+)\}")


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def said():
    """The texts that the program says now."""
    return {message.id: message for message in script("messages").extracted() if message.id}


def catalogue(language):
    path = LOCALE_FOLDER / language / "LC_MESSAGES" / "cmswp_xl.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def forms(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


@pytest.mark.parametrize("name", ["programme-of-work", "example"])
def test_the_workbooks_that_ship_are_those_of_their_content(name):
    built = workbook_of(read_sample(name), Language.EN)

    assert (ROOT / "workbook" / f"{name}.xlsx").read_bytes() == built, "run `make workbooks`"


@pytest.mark.parametrize("language", ["fr", "es"])
def test_a_catalogue_holds_every_text_and_no_other(language, said):
    kept = {message.id for message in catalogue(language) if message.id}

    assert kept == set(said), "run `make messages`, then translate"


@pytest.mark.parametrize("language", ["fr", "es"])
def test_a_catalogue_is_complete_and_keeps_every_place(language):
    for message in catalogue(language):
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        places = set(PLACE.findall(" ".join(ids)))
        for form in forms(message):
            assert form, f"{message.id!r} is not translated"
            assert set(PLACE.findall(form)) <= places, message.id
        assert set(PLACE.findall(" ".join(forms(message)))) == places, message.id
