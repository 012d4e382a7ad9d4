"""What the task pane is answered, and the words and files that it is made of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cmswp_xl.server
from cmswp_xl.documents.build import MissingCell
from cmswp_xl.errors import CmswpError, UnfitData
from cmswp_xl.languages import Language, Words
from cmswp_xl.resources import texts
from cmswp_xl.server.pane import LIFETIME, Downloads, File, error_answer, pane_texts

SITE = Path(cmswp_xl.server.__file__).parent / "site"
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in SITE.rglob("static/**/*.js")}
PAGES = {path.name: path.read_text(encoding="utf-8") for path in SITE.rglob("templates/*")}
PANE, RIBBON, GROUPS = (texts("ribbon")[part] for part in ("pane", "buttons", "groups"))


def test_missing_texts__come_with_their_cells():
    cells = (MissingCell("Areas", "C5", "A", Language.FR, "Title (French)"),)
    error = UnfitData(
        "missing-texts", workbook="a", count=1, languages=(Language.FR,), texts=cells
    )
    answer = error_answer(error, Words(Language.EN))

    assert answer["reason"] == "missing-texts"
    assert answer["languages"] == "French"
    assert answer["places"] == [{"sheet": "Areas", "cell": "C5", "text": "Title (French)"}]
    assert "places" not in error_answer(CmswpError("not-programme"), Words(Language.EN))


def test_every_word_the_pane_asks_for__is_there():
    used = {
        key
        for text in (*SCRIPTS.values(), PAGES["taskpane.html"])
        for key in re.findall(
            r"""(?:\btext\(|doing\(|data-text=)["'`]([a-z-]+(?:\.[a-z-]+)?)["'`]""", text
        )
    }
    used |= {
        key
        for pair in re.findall(r'offer\("\w+", "([\w-]+)", "([\w-]+)"', PAGES["taskpane.html"])
        for key in pair
    }
    assert len(used) > 40
    assert used - {"name"} <= set(PANE)
    unused = {
        key
        for key in PANE
        if not any(key in text for text in (*SCRIPTS.values(), *PAGES.values()))
    }
    assert {key for key in unused if not key.startswith("answer.")} == set()


def test_every_reason__has_an_answer_for_the_user_or_a_general_one():
    pytest.importorskip("starlette")
    pytest.importorskip("limits")
    from cmswp_xl.server.middleware import REASONS

    own = {key.removeprefix("answer.") for key in PANE if key.startswith("answer.")}
    never_by_a_user = {"unknown-host", "not-here", "not-so", "foreign", "not-json"}

    assert set(REASONS) - own == never_by_a_user


@pytest.mark.parametrize("language", Language)
def test_texts__keep_their_places_for_the_pane(language):
    shown = pane_texts(Words(language))

    assert "{time}" in shown["checked"]
    assert all(shown.values())


def test_labels__fit_into_the_manifest():
    for language in Language:
        say = Words(language)
        assert all(len(say(text)) <= 125 for text in GROUPS.values())
        for label, tip in RIBBON.values():
            assert len(say(label)) <= 125
            assert len(say(tip)) <= 250


def test_marks__are_known_to_the_pane_by_the_same_formula():
    from cmswp_xl.excel.macros import CLEAR_CALLBACK, TAG

    main = SCRIPTS["main.js"]
    assert f"'{TAG.removeprefix('=')}'" in main
    assert f"function {CLEAR_CALLBACK}(" in main
    assert f"registerCallback({CLEAR_CALLBACK})" in main


def test_ribbon__calls_the_scripts_that_there_are():
    source = (SITE.parent / "buttons.py").read_text(encoding="utf-8")
    scripts = set(re.findall(r"^(\w+) = _button\(\w+\.\1\)$", source, re.MULTILINE))
    named = set(re.findall(r'"(\w+)"', re.search(r"\[(.*?)\]", SCRIPTS["ribbon.js"])[1]))

    assert named == scripts
    assert scripts | {"documents", "pane"} == set(RIBBON)


def test_icons__are_there_in_every_size():
    folder = SITE / "static" / "images" / "icons"
    for name in RIBBON:
        assert all((folder / f"{name}-{size}.png").is_file() for size in (16, 32, 80))
    assert all((folder / f"cmswp-{size}.png").stat().st_size < 4000 for size in (16, 32, 64, 80))


def test_downloads__are_good_once_and_not_for_long():
    now = [0.0]
    downloads = Downloads(lambda: now[0])
    file = File("a.docx", "x", b"1")
    first, second = downloads.add(file), downloads.add(file)

    assert first != second
    assert downloads.take(first) is file
    assert downloads.take(first) is None
    now[0] = LIFETIME + 1
    assert downloads.take(second) is None
    big = [downloads.add(File("b", "x", bytes(90_000_000))) for _ in range(3)]
    assert [downloads.take(key) is None for key in big] == [True, False, False]


def test_nothing_of_the_pane__is_in_line_or_from_elsewhere():
    for name in ("taskpane.html", "xlwings_alert.html"):
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|https?://", PAGES[name])
    for text in SCRIPTS.values():
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|eval\(|document\.write", text
        )
