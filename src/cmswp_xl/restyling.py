"""
Templates that staff change: copied out, and checked before they are used.

A template is checked against the context of its document, name by name and field by field, so that
a misspelt one is reported with its place, and is never left blank on paper.

Filling in a template shows only the faults on the way that an example takes, and `jinja2.meta`
knows the names at the top only: a field misspelt inside a loop that the example never enters
would be found by neither. So the parsed template is walked with the types of its names.
"""

from __future__ import annotations

import ast
import difflib
import importlib
import inspect
import sys
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Union, get_args, get_origin

from jinja2 import TemplateSyntaxError, meta, nodes

from cmswp_xl.confined import confined
from cmswp_xl.documents.front import Paged
from cmswp_xl.errors import BrokenResource
from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.failures import worded_error
from cmswp_xl.messages.labels import KINDS
from cmswp_xl.messages.values import display_text
from cmswp_xl.registry import COMPARED, DOCUMENTS, REVISIONS, SET
from cmswp_xl.render.body import read_pattern
from cmswp_xl.render.docx import Properties, filled_docx, shared_styles, tag_sources
from cmswp_xl.render.html import filled_html
from cmswp_xl.render.templates import (
    SHARED_STYLES,
    faults_of,
    paragraph_at,
    paragraph_lines,
    template_environment,
)
from cmswp_xl.resources import template_folder
from cmswp_xl.schema import load_schemas
from cmswp_xl.storage import sweep, write_files

FAULTS = frozenset({"unknown-name", "syntax", "fault"})
"""What keeps a document from being made; the rest is only mentioned."""

_OWN = frozenset({field.name for field in fields(Paged)} - {"title", "banner"} | {"pictures"})
"""Fields that the program itself goes by, or that the frame of every page places."""


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
    One thing found in a template; `reason` is one of the labels "template-finding", or "fault".

    `place` is a line of a page, or the text of a paragraph of a Word file; `meant` the nearest
    known name; `fault` what else keeps the document from being made.
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


def sample_contexts() -> dict[str, Paged]:
    """Return a context of all that has templates, made from the worked example, by its name."""
    from cmswp_xl.documents import annex_compared, content_of, cover, revisions
    from cmswp_xl.pipeline import Checkup, check_source, compared, totals_of
    from cmswp_xl.render.join import Heading
    from cmswp_xl.samples import RowsSource, read_sample

    source = RowsSource(read_sample("example"), load_schemas(), Language.EN)
    checked, issues = check_source(source, flags=False)
    if checked.programme is None:
        raise BrokenResource("sample-broken", name="example.yaml", detail="errors")
    sample = Checkup("example.yaml", checked, issues)
    totals, same = totals_of(sample), compared(sample, sample)
    part = cover.ContentsPart("part", "", "", (Heading("entry", ""),))
    settings, language = checked.programme.settings, Language.EN
    return {
        **{name: content_of(name)(totals, language, ())[0] for name in DOCUMENTS},
        SET: cover.contents_context(settings, language, [part])[0],
        REVISIONS: revisions.revisions_context(same, language)[0],
        COMPARED: annex_compared.compared_context(same, totals, totals, language)[0],
    }


def check_templates(folder: Path, contexts: Mapping[str, Any]) -> list[Finding]:
    """
    Check the templates of a folder against contexts of the documents, by name.

    Templates that the folder lacks are those that ship, which need no check.
    """
    findings: list[Finding] = []
    if (folder / SHARED_STYLES).is_file():
        example = next(iter(contexts.values()))
        frame = Paged(**{field.name: getattr(example, field.name) for field in fields(Paged)})
        try:
            findings += confined(SHARED_STYLES, _check_styles, folder, frame)
        except BrokenResource as error:
            findings.append(Finding(SHARED_STYLES, "fault", fault=error))
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name in contexts:
            findings += _document(folder, path.name, contexts[path.name])
        elif path.name != "base" and not path.name.startswith("."):
            findings.append(Finding(path.name, "unknown-file"))
    return findings


def _check_styles(folder: Path, frame: Paged) -> list[Finding]:
    """Check the file of styles, whose headers and footers have the names of any document."""
    shared_styles(folder)
    read_pattern(folder / SHARED_STYLES)
    return list(_names(_word(folder, SHARED_STYLES), frame, set()))


def _document(folder: Path, name: str, context: Any) -> Iterator[Finding]:
    kind: type = type(context)
    used: set[str] = set()
    read = 0
    for file in (f"{name}/{name}.docx", f"{name}/{name}.html.j2"):
        if not (folder / file).is_file():
            continue
        try:
            findings, names = confined(file, inspected, folder, file, context)
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
        sources = _word(folder, file) if word else list(_page(folder, file))
        findings = list(_names(sources, context, used))
    if not findings and word:
        plain = Properties(context.title, "", context.tag, None, context.landscape)
        filled_docx(folder / file, file, context, plain, folder)
    elif not findings:
        filled_html(file, context, folder)
    return findings, used


def _word(folder: Path, file: str) -> list[_Source]:
    texts = tag_sources(folder / file, file).values()
    return [_Source(file, paragraph_lines(text), word=True) for text in texts]


def _names(sources: list[_Source], context: Any, used: set[str]) -> Iterator[Finding]:
    """Yield the unknown names of a template; its known top-level ones are added to `used`."""
    environment = template_environment()
    for source in sources:
        try:
            tree = environment.parse(source.text)
        except TemplateSyntaxError as error:
            yield Finding(source.file, "syntax", source.place(error.lineno), str(error.message))
            continue
        found = Uses(tree, context, environment.globals)
        used |= {field for owner, field in found.used if owner is type(context)}
        for unknown in found.unknown:
            place = source.place(unknown.line)
            yield Finding(source.file, "unknown-name", place, unknown.name, unknown.meant)


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
    verdict = say("No faults were found in the templates.")
    if faults:
        verdict = say.many(
            "{count} fault; correct it before making documents with these templates.",
            "{count} faults; correct them before making documents with these templates.",
            len(faults),
        )
    return "\n".join([*lines, verdict]) + "\n"


def _line(finding: Finding, say: Words) -> str:
    if finding.fault is not None:
        return worded_error(finding.fault, say).partition("\n")[0]
    sentence = KINDS["template-finding"][finding.reason]
    found = say(sentence, name=display_text(finding.name))
    place = _place(finding, say)
    if not finding.meant:
        return say("{place}: {message}", place=place, message=found)
    meant = say("Did you mean {name}?", name=display_text(finding.meant))
    return say("{place}: {message} {remedy}", place=place, message=found, remedy=meant)


def _place(finding: Finding, say: Words) -> str:
    file = display_text(finding.file, None)
    if not finding.place:
        return file
    if finding.place.isdecimal():
        return say("{file}, line {line}", file=file, line=finding.place)
    return say("{file}, paragraph “{words}”", file=file, words=display_text(finding.place))


Kind = Any
"""A type of a context, or `Any` where it is not known; what is not known is never a fault."""


@cache
def fields_of(kind: type) -> Mapping[str, Kind]:
    """
    Return the fields and properties of a context's class with their types.

    Contexts import the classes of their fields for type checkers only, so that these are looked
    for in all modules of the contexts.
    """
    found = {field.name: _resolved(str(field.type), kind) for field in fields(kind)}
    for name in dir(kind):
        if isinstance(getattr(kind, name, None), property):
            found.setdefault(name, Any)
    return found


def _resolved(annotation: str, owner: type) -> Kind:
    """Return the type that an annotation names; one that cannot be found is not known."""
    try:
        return eval(annotation, _names_in(owner.__module__))  # noqa: S307  our own source
    except (NameError, TypeError, AttributeError):
        return Any


@cache
def _names_in(module: str) -> dict[str, Any]:
    """Return what the names in a module mean, those that only type checkers import included."""
    names: dict[str, Any] = {"Mapping": Mapping, "Sequence": Sequence}
    for node in ast.walk(ast.parse(inspect.getsource(sys.modules[module]))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cmswp_xl."):
            found = importlib.import_module(node.module or "")
            names |= {a.asname or a.name: getattr(found, a.name, Any) for a in node.names}
    return {**names, **vars(sys.modules[module])}


_origin: Any = get_origin


def _plain(kind: Kind) -> Kind:
    """Return a type without None beside it; of several others nothing is known."""
    if _origin(kind) in (Union, types.UnionType):
        others = [part for part in get_args(kind) if part is not type(None)]
        return others[0] if len(others) == 1 else Any
    return kind


def _member(kind: Kind, name: str) -> tuple[bool, Kind]:
    """Return whether a type has a member of that name, and of what type it is."""
    kind = _plain(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        known = fields_of(kind)
        return name in known, known.get(name, Any)
    if _origin(kind) in (dict, Mapping):
        return True, get_args(kind)[1]
    return True, Any


def _element(kind: Kind, index: int | None = None) -> Kind:
    """Return the type of what a loop takes in turn, or of the part that one of its names takes."""
    kind = _plain(kind)
    origin, arguments = _origin(kind), get_args(kind)
    if origin is tuple and Ellipsis not in arguments:
        return Any if index is None or index >= len(arguments) else arguments[index]
    of_many = origin in (tuple, list, Sequence, set, frozenset)
    return arguments[0] if of_many and arguments else Any


_GIVEN = frozenset({"loop", "self", "super", "caller", "varargs", "kwargs"})


class Unknown(NamedTuple):
    """A name that a template uses and its context lacks: as it is written, and the nearest."""

    line: int
    name: str
    meant: str


Scope = dict[str, Any]


class Uses:
    """
    What a parsed template uses whose top-level names are the fields of a context.

    The types of the context are followed through loops and assignments; `others` are names that
    the environment gives to every template. `unknown` are the unknown names in order, `used` the
    fields that are used, as (class, name).
    """

    def __init__(self, tree: nodes.Template, context: Any, others: Iterable[str] = ()) -> None:
        self.unknown: list[Unknown] = []
        self.used: set[tuple[type, str]] = set()
        self._example = context
        self._context: type = type(context)
        self._given = _GIVEN.union(others)
        self._block(tree.body, {})

    def _block(self, body: list[nodes.Node], scope: Scope) -> None:
        scope.update({node.name: Any for node in body if isinstance(node, nodes.Macro)})
        for node in body:
            self._kind(node, scope)

    def _bind(self, target: nodes.Node, kind: Kind, scope: Scope) -> None:
        if isinstance(target, nodes.Name):
            scope[target.name] = kind
        elif isinstance(target, nodes.Tuple):
            for index, part in enumerate(target.items):
                self._bind(part, _element(kind, index), scope)

    def _kind(self, node: nodes.Node, scope: Scope) -> Kind:
        """Return what is known of a node, noting every name and field that it uses."""
        match node:
            case nodes.Name():
                return self._name(node, scope)
            case nodes.Getattr():
                return self._field(node, scope)
            case nodes.Assign():
                self._bind(node.target, self._kind(node.node, scope), scope)
            case nodes.Import() | nodes.FromImport():
                names = [node.target] if isinstance(node, nodes.Import) else node.names
                scope.update({n[1] if isinstance(n, tuple) else n: Any for n in names})
            case nodes.For():
                inner = dict(scope)
                self._bind(node.target, _element(self._kind(node.iter, scope)), inner)
                self._kind(node.test or nodes.Const(None), inner)
                self._block(node.body, inner)
                self._block(node.else_, dict(scope))
            case nodes.Macro():
                scope[node.name] = Any
                for default in node.defaults:
                    self._kind(default, scope)
                names = [argument.name for argument in node.args]
                self._block(node.body, {**scope, **dict.fromkeys(names, Any)})
            case _:
                own = isinstance(node, (nodes.Block, nodes.Scope, nodes.With))
                inner = dict(scope) if own else scope
                kinds = [Any, *(self._kind(child, inner) for child in node.iter_child_nodes())]
                if isinstance(node, nodes.Getitem):
                    return _element(kinds[1])
                return kinds[-1] if isinstance(node, nodes.Filter) and node.name in _SAME else Any
        return Any

    def _name(self, node: nodes.Name, scope: Scope) -> Kind:
        if node.name in scope:
            return scope[node.name]
        if node.name in self._given:
            return Any
        known, kind = _member(self._context, node.name)
        if known:
            self.used.add((self._context, node.name))
        else:
            self._miss(node, node.name, fields_of(self._context))
        return kind

    def _field(self, node: nodes.Getattr, scope: Scope) -> Kind:
        owner = _plain(self._kind(node.node, scope))
        known, kind = _member(owner, node.attr)
        keys = self._keys(node.node, scope)
        if keys is not None and node.attr not in keys:
            self._miss(node, node.attr, keys)
        elif not known:
            self._miss(node, node.attr, fields_of(owner))
        elif isinstance(owner, type) and is_dataclass(owner):
            self.used.add((owner, node.attr))
        return kind

    def _keys(self, node: nodes.Node, scope: Scope) -> Iterable[str] | None:
        """Return the keys of a top-level table of words; None for anything else."""
        if not isinstance(node, nodes.Name) or node.name in scope:
            return None
        found = getattr(self._example, node.name, None)
        return found if isinstance(found, dict) else None

    def _miss(self, node: nodes.Node, name: str, known: Iterable[str]) -> None:
        meant = next(iter(difflib.get_close_matches(name, list(known), 1)), "")
        found = Unknown(node.lineno, _written(node), meant)
        if found not in self.unknown:
            self.unknown.append(found)


_SAME = frozenset({"reverse", "list", "sort", "unique", "select", "reject", "selectattr"})
"""Filters that give a part of what they take, of the same type."""


def _written(node: nodes.Node) -> str:
    """Return an expression as it stands in the template, as far as it is names and fields."""
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"
