"""Help and usage errors in three languages, by --lang anywhere or by CMSWP_LANG."""

from __future__ import annotations

import itertools

import click
import pytest

from cmswp_xl.cli import main, run
from cmswp_xl.cli.spoken import VARIABLE, shown_texts, spoken_language
from cmswp_xl.languages import Language, Words

OTHERS = (Language.FR, Language.ES)
ALIKE = {"BASE", "CODE", "MB", "OPTIONS", "URL"}
"""Words for a value that another language may share."""


def _all(command=main, parent=None, path=()):
    context = click.Context(command, parent, " ".join(("cmswp", *path)[-1:]))
    yield path, command, context
    for name, inner in getattr(command, "commands", {}).items():
        yield from _all(inner, context, (*path, name))


COMMANDS = {" ".join(path): (command, context) for path, command, context in _all()}


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def said(capsys):
    """Give a function that runs a command line and gives what it wrote."""

    def call(*arguments):
        run(list(arguments))
        return "".join(capsys.readouterr())

    return call


def _flat(text):
    """Return a text without its spaces, since lines break after hyphens too."""
    return "".join(text.split())


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", COMMANDS)
def test_help__has_every_text_in_the_language(said, name, language):
    command, context = COMMANDS[name]
    written = said(*name.split(), "--help", "--lang", language.value)
    shown = _flat(written)
    for text in set(shown_texts(command, context)):
        assert Words(language)(text) != text or text in ALIKE, text
        if len(text.split()) > 1:
            assert _flat(Words(language)(text)) in shown
            assert _flat(text) not in shown
    for word in ("Usage:", "Options:", "Commands:", "Example:", "[required]", "[default"):
        assert word not in written


@pytest.mark.parametrize("name", COMMANDS)
def test_help_in_english__shows_what_is_in_the_code(said, name):
    command, context = COMMANDS[name]
    shown = _flat(said(*name.split(), "--help"))
    assert all(_flat(text) in shown for text in shown_texts(command, context))
    assert shown.startswith("Usage:cmswp")


@pytest.mark.parametrize(
    "arguments",
    [
        *itertools.permutations(["validate", "--help", "--lang=fr"]),
        ("--lang", "fr", "validate", "--help"),
        ("validate", "--lang", "fr", "x.xlsx", "--help"),
    ],
)
def test_language__stands_anywhere(said, arguments):
    assert said(*arguments).startswith("Utilisation\u00a0: cmswp")


def test_language_before_the_command__is_that_of_the_command(said, tmp_path):
    assert said("--lang", "fr", "rules") == said("rules", "--lang", "fr")
    assert said("--lang", "fr", "rules", "--lang", "es") == said("rules", "--lang", "es")
    assert "fichier" in said("templates", "--lang", "fr", "copy", str(tmp_path / "copies"))


@pytest.mark.parametrize("arguments", [("--help",), ("rules",), ("dump", "none.xlsx"), ("rul",)])
def test_variable__stands_in_for_the_option(said, monkeypatch, arguments):
    asked = said("--lang", "es", *arguments)
    monkeypatch.setenv(VARIABLE, "es")
    assert said(*arguments) == asked
    assert said("--lang", "en", *arguments) != asked


def test_variable__of_no_language(said, monkeypatch):
    monkeypatch.setenv(VARIABLE, "de")
    assert "Usage: cmswp" in said("--help")
    assert said("rules").startswith(
        "The value of CMSWP_LANG is not valid; use one of these: “en”, “fr” and “es”.\n"
    )
    assert "--lang" in said("rules", "--lang", "de")


def test_variable__chooses_no_documents(monkeypatch):
    """It is the language of the program; a workbook or a document has its own."""
    monkeypatch.setenv(VARIABLE, "fr")
    given = {"export": ["a.xlsx", "--out", "b"], "upgrade": ["a.xlsx", "--out", "b.xlsx"]}
    for name, arguments in given.items():
        context = main.commands[name].make_context(name, arguments)
        assert not any(map(context.params.get, ("language", "languages")))


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        (["export", "--lang", "fr", "--lang", "es"], "en"),
        (["export", "--lang", "all"], "en"),
        (["export", "--lang", "es", "--lang=es"], "es"),
        (["validate", "--", "--lang", "fr"], "en"),
        (["validate", "--lang"], "en"),
    ],
)
def test_spoken_language(arguments, asked):
    assert spoken_language(arguments) == asked


MISUSES = [
    (["validate", "--oops", "a"], "--oops"),
    (["validate", "--strct", "a"], "--strict"),
    (["validate"], None),
    (["split", "a"], "--out"),
    (["nothing"], "nothing"),
    (["validat"], "validate"),
    (["--lang", "en"], None),
    (["validate", "--output"], "--output"),
    (["validate", "--strict=1", "a"], "--strict"),
    (["dump", "a", "b c"], "b c"),
    (["totals", "a", "--by", "x"], "activity"),
    (["totals", "a", "--max-size", "x"], "100000"),
    (["approve", "a", "--date", "x"], "2025-03-31"),
    (["trace", "a"], None),
]


@pytest.mark.parametrize(("arguments", "named"), MISUSES)
def test_misuse__is_said_in_the_language(capsys, arguments, named):
    found = []
    for language in Language:
        at = 0 if arguments[0] != "--lang" else 2
        assert run(["--lang", language.value, *arguments[at:]]) == 2
        out, err = capsys.readouterr()
        first, second = err.splitlines()
        assert out == ""
        assert named is None or named in first
        assert second.endswith("--help")
        assert "cmswp" in second
        found.append({first, second})
    assert not set.union(*found[1:]) & found[0]
    assert not found[1] & found[2]


@pytest.mark.parametrize("language", Language)
def test_value_that_is_no_choice__is_answered_with_all_of_them(capsys, language):
    arguments = ["export", "a.xlsx", "--out", "b", "--document", "foo"]
    assert run(["--lang", language.value, *arguments]) == 2
    first = capsys.readouterr().err.splitlines()[0]
    option = next(p for p in main.commands["export"].params if p.name == "documents")
    assert len(option.type.choices) > 12
    assert all(f"{name}" in first for name in option.type.choices)
    assert "…" not in first
