"""Checking a folder of templates: what is misspelt, and what a document offers and is not used."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError, TemplateSyntaxError, meta

from cmswp_xl.render.docx import tag_sources
from cmswp_xl.render.environment import template_environment
from cmswp_xl.resources import template_folder
from cmswp_xl.restyling.kinds import fields_of
from cmswp_xl.restyling.names import uses_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_PARAGRAPH = re.compile(r"</w:p>")
_TEXT = re.compile(r"<[^>]+>")
_LONGEST = 60
_OWN = frozenset({"tag", "landscape", "status", "pictures"})
"""Fields that the program itself goes by: language, page, the mark of a draft, pictures."""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing found in a template.

    `reason` is "unknown-name", "unused-field", "syntax", "unreadable" or "unknown-file"; `place`
    is a line of a page, or the text of a paragraph of a Word file; `meant` the nearest known name.
    """

    file: str
    reason: str
    place: str = ""
    name: str = ""
    meant: str = ""


@dataclass(frozen=True, slots=True)
class _Source:
    """A text with Jinja tags, its lines, and how a line is called for the reader."""

    file: str
    text: str
    word: bool

    def place(self, line: int) -> str:
        if not self.word:
            return str(line)
        paragraph = self.text.split("\n")[line - 1 : line] or [""]
        return " ".join(_TEXT.sub(" ", paragraph[0]).split())[:_LONGEST]


def check_templates(folder: Path, contexts: Mapping[str, Any]) -> list[Finding]:
    """
    Check the templates of a folder against contexts of the documents, by name.

    Templates that the folder lacks are those that ship, which need no check.
    """
    findings: list[Finding] = []
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name in contexts:
            findings += _document(folder, path.name, contexts[path.name])
        elif path.name != "base" and not path.name.startswith("."):
            findings.append(Finding(path.name, "unknown-file"))
    return findings


def _document(folder: Path, name: str, context: Any) -> Iterator[Finding]:
    used: set[str] = set()
    read = 0
    for file in (f"{name}/{name}.docx", f"{name}/{name}.html.j2"):
        path = folder / file
        if not path.is_file():
            continue
        try:
            sources = list(_word(path, file) if path.suffix == ".docx" else _page(folder, file))
        except (OSError, KeyError, UnicodeDecodeError, zipfile.BadZipFile, TemplateError) as error:
            yield _unreadable(file, error)
            continue
        read += 1
        yield from _names(sources, context, used)
    if read:
        kind: type = type(context)
        unused = [field for field in fields_of(kind) if field not in used | _OWN]
        yield from (Finding(name, "unused-field", name=field) for field in unused)
    known = {f"{name}.docx", f"{name}.html.j2"}
    for path in sorted((folder / name).iterdir()):
        if path.name not in known and not path.name.startswith((".", "~$")):
            yield Finding(f"{name}/{path.name}", "unknown-file")


def _names(sources: list[_Source], context: Any, used: set[str]) -> Iterator[Finding]:
    """Find the unknown names of a template; its known top-level ones are added to `used`."""
    environment = template_environment()
    for source in sources:
        try:
            tree = environment.parse(source.text)
        except TemplateSyntaxError as error:
            yield Finding(source.file, "syntax", source.place(error.lineno), str(error.message))
            continue
        found = uses_of(tree, context, environment.globals)
        used |= {field for owner, field in found.used if owner is type(context)}
        for unknown in found.unknown:
            place = source.place(unknown.line)
            yield Finding(source.file, "unknown-name", place, unknown.name, unknown.meant)


def _word(path: Path, file: str) -> Iterator[_Source]:
    for text in tag_sources(path.read_bytes()).values():
        yield _Source(file, _PARAGRAPH.sub("</w:p>\n", text.replace("\n", " ")), word=True)


def _page(folder: Path, file: str) -> Iterator[_Source]:
    """Give a page and the templates that it extends or includes, its own folder's first."""
    waiting, seen = [file], {file}
    environment = template_environment()
    while waiting:
        name = waiting.pop()
        own = folder / name
        path = own if own.is_file() else template_folder() / name
        text = path.read_text(encoding="utf-8")
        yield _Source(name, text, word=False)
        try:
            tree = environment.parse(text)
        except TemplateSyntaxError:
            continue
        found = {other for other in meta.find_referenced_templates(tree) if other}
        waiting += sorted(found - seen)
        seen |= found


def _unreadable(file: str, error: Exception) -> Finding:
    return Finding(file, "unreadable", name=type(error).__name__)
