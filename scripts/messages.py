"""Extract the program's texts and update the catalogues; run by `make messages` and by a test."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from cmswp_xl.cli import main as cmswp
from cmswp_xl.cli.spoken import shown_texts
from cmswp_xl.languages import DOMAIN, Language
from cmswp_xl.languages import LOCALE_FOLDER as LOCALE
from cmswp_xl.resources import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = tuple(language.value for language in Language if language is not Language.EN)
KEYWORDS = {"N_": None, "say": None, "many": (1, 2)}
_THE_SAME = re.compile(r"\{\w+\}|cmswp .*")
"""Texts that are the same in every language: one place alone, or a command to type."""

_CHANGING = re.compile(
    rb'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To|'
    rb"Generated-By|Project-Id-Version):.*\n",
    re.MULTILINE,
)
"""Header lines that would differ every time, or say nothing."""


METHODS = [("**.py", "python")]


def extracted() -> Catalog:
    """Return the texts that the program says now, sorted, without line numbers."""
    catalogue = Catalog(project="cmswp-xl", charset="utf-8", fuzzy=False)
    found = extract_from_dir(str(PACKAGE), METHODS, keywords=KEYWORDS)
    for file, _line, message, _comments, context in found:
        place = Path(file).as_posix()
        catalogue.add(message, locations=[(place, 0)], context=context)
    for path in sorted((PACKAGE / "messages").glob("*.yaml")):
        for text in data_texts(yaml.load(path.read_bytes(), yaml.BaseLoader)):  # noqa: S506  texts
            catalogue.add(text, locations=[(path.as_posix(), 0)])
    for text in help_texts(cmswp):
        catalogue.add(text, locations=[("cli", 0)])
    return catalogue


def help_texts(command: click.Command, parent: click.Context | None = None) -> Iterator[str]:
    """Yield what is to be translated in the help of a command and of those below it."""
    context = click.Context(command, parent, **command.context_settings)
    yield from shown_texts(command, context)
    for inner in getattr(command, "commands", {}).values():
        yield from help_texts(inner, context)


def data_texts(node: Any) -> Iterator[str]:
    """Yield what is to be translated in a file of `messages/`: all but severities and commands."""
    if isinstance(node, str):
        if not _THE_SAME.fullmatch(node):
            yield node
        return
    for key, child in node.items() if isinstance(node, dict) else enumerate(node):
        if not (key == "severity" and isinstance(child, str)):
            yield from data_texts(child)


def catalogue_path(language: str) -> Path:
    """Return the path of a language's catalogue."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(language: str) -> Catalog:
    """Read the catalogue of a language; an empty one where it has none yet."""
    if not catalogue_path(language).exists():
        return Catalog(locale=language, fuzzy=False)
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, template: Catalog) -> None:
    """Add the new texts to a catalogue and drop those no longer said."""
    catalogue = read_catalogue(language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue_path(language).parent.mkdir(parents=True, exist_ok=True)
    catalogue_path(language).write_bytes(_written(catalogue))


def _written(catalogue: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalogue, width=99, sort_output=True, no_location=True, omit_header=False)
    return _CHANGING.sub(b"", buffer.getvalue())


def main() -> None:
    """Bring the catalogues up to date; English is in the code and has none."""
    texts = extracted()
    for language in LANGUAGES:
        update(language, texts)


if __name__ == "__main__":
    main()
