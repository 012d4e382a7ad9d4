"""
Templates that staff change: copied out, and checked before they are used.

A template is checked against the context of its document, name by name and field by field, so that
a misspelt one is reported with its place, and is never left blank on paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateSyntaxError, meta

from cmswp_xl.errors import BrokenResource
from cmswp_xl.languages import N_
from cmswp_xl.messages.failures import worded_error
from cmswp_xl.messages.shown import shown
from cmswp_xl.render.body import read_pattern
from cmswp_xl.render.docx import (
    Properties,
    filled_docx,
    shared_styles,
    tag_sources,
)
from cmswp_xl.render.html import filled_html
from cmswp_xl.render.templates import (
    SHARED_STYLES,
    faults_of,
    in_confinement,
    paragraph_at,
    paragraph_lines,
    template_environment,
)
from cmswp_xl.resources import template_folder
from cmswp_xl.restyling.names import fields_of, uses_of
from cmswp_xl.storage import sweep, write_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from cmswp_xl.languages import Words

FAULTS = frozenset({"unknown-name", "syntax", "fault"})
"""What keeps a document from being made; the rest is only mentioned."""

_SENTENCES: Mapping[str, str] = {
    "unknown-name": N_("There is no {name}."),
    "syntax": N_("The tags are not in order: {name}"),
    "without-body": N_(
        "Tables and texts are placed by {name} now, all at once or section by section."
    ),
    "unused-field": N_("Not used: {name}"),
    "unknown-file": N_("No document uses this file."),
}
_OWN = frozenset({"tag", "landscape", "status", "pictures"})
"""Fields that the program itself goes by: language, page, the mark of a draft, pictures."""


def copy_templates(folder: Path, names: Iterable[str]) -> list[Path]:
    """
    Copy the templates of the documents named, and the parts that they share, to a folder.

    Return the files written. What an interrupted copying put there already is kept. Raises
    `UnwritableOutput` where another file is there, before anything is written.
    """
    shipped = template_folder()
    wanted = {
        path.relative_to(shipped).as_posix(): path.read_bytes()
        for name in (*names, "base")
        for path in sorted((shipped / name).rglob("*"))
        if path.is_file()
    }
    for each in {(folder / name).parent for name in wanted}:
        sweep(each)
    missing = {name: data for name, data in wanted.items() if not _copied(folder / name, data)}
    return write_files(folder, missing or wanted, replace=False)


def _copied(target: Path, data: bytes) -> bool:
    try:
        return not target.is_symlink() and target.read_bytes() == data
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing found in a template.

    `reason` is "unknown-name", "without-body", "unused-field", "syntax", "fault" or
    "unknown-file"; `place` is a line of a page, or the text of a paragraph of a Word file; `meant`
    the nearest known name;
    `fault` what else keeps the document from being made.
    """

    file: str
    reason: str
    place: str = ""
    name: str = ""
    meant: str = ""
    fault: BrokenResource | None = None


@dataclass(frozen=True, slots=True)
class _Source:
    """A text with Jinja tags, its lines, and how a line is called for the reader."""

    file: str
    text: str
    word: bool

    def place(self, line: int) -> str:
        return paragraph_at(self.text, line) if self.word else str(line)


def check_templates(folder: Path, contexts: Mapping[str, Any]) -> list[Finding]:
    """
    Check the templates of a folder against contexts of the documents, by name.

    Templates that the folder lacks are those that ship, which need no check.
    """
    findings: list[Finding] = []
    if (folder / SHARED_STYLES).is_file():
        try:
            in_confinement(SHARED_STYLES, _check_styles, folder)
        except BrokenResource as error:
            findings.append(Finding(SHARED_STYLES, "fault", fault=error))
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name in contexts:
            findings += _document(folder, path.name, contexts[path.name])
        elif path.name != "base" and not path.name.startswith("."):
            findings.append(Finding(path.name, "unknown-file"))
    return findings


def _check_styles(folder: Path) -> None:
    shared_styles(folder)
    read_pattern(folder / SHARED_STYLES)


def _document(folder: Path, name: str, context: Any) -> Iterator[Finding]:
    kind: type = type(context)
    used: set[str] = set()
    read = 0
    for file in (f"{name}/{name}.docx", f"{name}/{name}.html.j2"):
        if not (folder / file).is_file():
            continue
        try:
            findings, names = in_confinement(file, inspected, folder, file, context)
        except BrokenResource as error:
            yield Finding(file, "fault", fault=error)
            continue
        read += 1
        used |= names
        yield from findings
        unknown = any(finding.reason == "unknown-name" for finding in findings)
        if unknown and "body" in fields_of(kind) and "body" not in names:
            place = "{{p body }}" if file.endswith(".docx") else "{{ page.body(body) }}"
            yield Finding(file, "without-body", name=place)
    if read:
        unused = [field for field in fields_of(kind) if field not in used | _OWN]
        yield from (Finding(name, "unused-field", name=field) for field in unused)
    known = {f"{name}.docx", f"{name}.html.j2"}
    for path in sorted((folder / name).iterdir()):
        if path.name not in known and not path.name.startswith((".", "~$")):
            yield Finding(f"{name}/{path.name}", "unknown-file")


def inspected(folder: Path, file: str, context: Any) -> tuple[list[Finding], set[str]]:
    """
    Inspect a template: its names, and whether a document of the context can be made with it.

    Returns the findings and the top-level names used. Raises `BrokenResource` where it cannot be
    read, and where its tags are in order and yet no document comes of it.
    """
    used: set[str] = set()
    word = file.endswith(".docx")
    with faults_of(file):
        sources = list(_word(folder / file, file) if word else _page(folder, file))
        findings = list(_names(sources, context, used))
    if not findings and word:
        plain = Properties(context.title, "", context.tag, None, context.landscape)
        filled_docx(folder / file, file, context, plain, folder)
    elif not findings:
        filled_html(file, context, folder)
    return findings, used


def _names(sources: list[_Source], context: Any, used: set[str]) -> Iterator[Finding]:
    """Yield the unknown names of a template; its known top-level ones are added to `used`."""
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
    for text in tag_sources(path, file).values():
        yield _Source(file, paragraph_lines(text), word=True)


def _page(folder: Path, file: str) -> Iterator[_Source]:
    """Yield a page and the templates that it extends or includes, its own folder's first."""
    waiting, seen = [file], {file}
    environment = template_environment()
    while waiting:
        name = waiting.pop()
        own = folder / name
        path = own if own.is_file() else template_folder() / name
        if not path.is_file():
            raise BrokenResource("template-missing", name=file, part=name)
        with faults_of(name):
            text = path.read_text(encoding="utf-8")
        yield _Source(name, text, word=False)
        try:
            tree = environment.parse(text)
        except TemplateSyntaxError:
            continue
        found = {other for other in meta.find_referenced_templates(tree) if other}
        waiting += sorted(found - seen)
        seen |= found


def templates_text(findings: Sequence[Finding], say: Words) -> str:
    """Return the findings as text, and a line that sums them up."""
    faults = [finding for finding in findings if finding.reason in FAULTS]
    mentions = [finding for finding in findings if finding.reason not in FAULTS]
    lines = [_line(finding, say) for finding in (*faults, *mentions)]
    if faults:
        lines.append(
            say.many(
                "{count} fault; documents cannot be made with these templates until it is mended.",
                "{count} faults; documents cannot be made with these templates until they are"
                " mended.",
                len(faults),
            )
        )
    else:
        lines.append(say("Every name that the templates use is known."))
    return "\n".join(lines) + "\n"


def _line(finding: Finding, say: Words) -> str:
    if finding.fault is not None:
        return worded_error(finding.fault, say).partition("\n")[0]
    return " ".join(_parts(finding, say))


def _parts(finding: Finding, say: Words) -> Iterator[str]:
    yield f"{_place(finding, say)}:"
    yield say(_SENTENCES[finding.reason], name=shown(finding.name))
    if finding.meant:
        yield say("Perhaps {name} was meant.", name=shown(finding.meant))


def _place(finding: Finding, say: Words) -> str:
    file = shown(finding.file, None)
    if not finding.place:
        return file
    if finding.place.isdecimal():
        return say("{file}, line {line}", file=file, line=finding.place)
    return say("{file}, paragraph “{words}”", file=file, words=shown(finding.place))
