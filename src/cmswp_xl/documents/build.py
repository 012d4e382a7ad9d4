"""
The files of a request, built in memory: documents, the set, their missing texts, manifest.

The parts of a set are the documents as they are issued alone, so that a page or a figure is cited
alike from either.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from cmswp_xl.documents import cover, module_of
from cmswp_xl.errors import Misuse, UnfitData
from cmswp_xl.languages import DOCUMENT_LANGUAGES, Language, Words
from cmswp_xl.registry import ALL, ANNEX, COVER, DOCUMENTS, SET
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from cmswp_xl.documents.front import Paged
    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.model import Programme, Settings
    from cmswp_xl.validate import TypedTable

    Done = Callable[[str], None]
    Content = Callable[[ProgrammeTotals, Language, Sequence[str]], tuple[Paged, list[MissingText]]]
    Render = Callable[[str, str, Paged], bytes]
    Traced = Callable[[str, Language, Sequence[str], Paged | None], str]

A = TypeVar("A")
B = TypeVar("B")


FORMATS = ("docx", "html")
PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Request:
    """
    Which documents to make of a workbook: kinds, languages, formats, areas, scenario.

    `templates` is a folder of templates that staff changed, `office` the LibreOffice that makes
    PDF files, where there is one; `trace` asks for where the figures of each come from.
    """

    documents: Sequence[str] = (ANNEX,)
    languages: Sequence[Language] = DOCUMENT_LANGUAGES
    formats: Sequence[str] = FORMATS
    areas: Sequence[str] = ()
    scenario: str | None = None
    templates: Path | None = None
    office: Path | None = None
    trace: bool = False

    def count(self) -> int:
        """Count the files that this request asks for, or a few more."""
        kinds = len(DOCUMENTS) if ALL in self.documents else len(self.documents)
        return kinds * len(self.languages) * len(self.formats) * max(len(self.areas), 1)


@dataclass(frozen=True, slots=True)
class MissingCell:
    """A text that is missing: its sheet and cell, the key of its row, the title of its column."""

    sheet: str
    cell: str | None
    key: str | None
    language: Language
    title: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """A text that a document lacks, in a language."""

    text: MissingText
    language: Language


def built(
    totals: ProgrammeTotals, request: Request, done: Done, traced: Traced | None = None
) -> tuple[dict[str, bytes], list[Lacking]]:
    """
    Build the files of a request by name, and list the texts that they lack.

    `traced` writes where the figures of a document come from, where that is asked for. Raises
    `UnfitData` for a document that was asked for by name and has nothing to print, and `Misuse`
    for an unknown area, or for areas of a document that is always whole.
    """
    request = spelled(request, totals.programme)
    contents = {name: module_of(name).content for name in _chosen(request, totals.programme)}
    files, missing = made(contents, totals, request, done, traced)
    if SET in request.documents:
        missing += _add_sets(files, totals, request, done)
        if traced and not missing:
            for language in request.languages:
                trace = traced(SET, language, [], None).encode()
                files[f"{SET}.{language.value}.trace.json"] = trace
    return (files if missing else delivered(files, request)), missing


def made(
    contents: Mapping[str, Content],
    totals: ProgrammeTotals,
    request: Request,
    done: Done,
    traced: Traced | None = None,
) -> tuple[dict[str, bytes], list[Lacking]]:
    """Make documents in each language, area and format, and list the texts that they lack."""
    areas: list[str | None] = [*request.areas] or [None]
    settings = totals.programme.settings
    files: dict[str, bytes] = {}
    missing: list[Lacking] = []
    for name, content in contents.items():
        for language in request.languages:
            for area in areas:
                codes = [area] if area else []
                context, lacking = content(totals, language, codes)
                missing += [Lacking(text, language) for text in lacking]
                for form in () if missing else needed(request.formats):
                    file = f"{_stem(name, area)}.{language.value}.{form}"
                    files[file] = rendered(name, form, context, settings, language, request)
                    done(file)
                if traced and not missing:
                    trace = traced(name, language, codes, context).encode()
                    files[f"{_stem(name, area)}.{language.value}.trace.json"] = trace
    return files, missing


def _add_sets(
    files: dict[str, bytes], totals: ProgrammeTotals, request: Request, done: Done
) -> list[Lacking]:
    """Add the set in each language and format; documents that were made already go into it."""
    settings = totals.programme.settings
    missing: list[Lacking] = []
    for language in request.languages:

        def render(form: str, name: str, paper: Paged, language: Language = language) -> bytes:
            # The meeting document of a set is its own: its list of annexes has links.
            made = None if name == COVER else files.get(f"{name}.{language.value}.{form}")
            return made or rendered(name, form, paper, settings, language, request)

        made, lacking = _set(totals, language, request, render)
        missing += [Lacking(text, language) for text in lacking]
        for form, data in made.items():
            files[f"{SET}.{language.value}.{form}"] = data
            done(f"{SET}.{language.value}.{form}")
    return missing


def _set(
    totals: ProgrammeTotals, language: Language, request: Request, render: Render
) -> tuple[dict[str, bytes], list[MissingText]]:
    """
    Build the set in a language, in each of the formats; none where texts are missing.

    `render` makes the file of a document in a format, from its name and what it prints; it is
    asked for `set`, the list of contents, too.
    """
    members, missing = _members(totals, language)
    if missing:
        return {}, missing
    settings, foreign = totals.programme.settings, request.templates is not None
    return {
        form: _bound(members, settings, language, form, partial(render, form), foreign=foreign)
        for form in needed(request.formats)
    }, []


_Member = tuple[str, str, "Paged"]
"""A document of a set: its name, what the list of contents calls it, what it prints."""


def _members(
    totals: ProgrammeTotals, language: Language
) -> tuple[list[_Member], list[MissingText]]:
    """Make the documents of a set, and list the texts that it lacks, each once."""
    programme = totals.programme
    members: list[_Member] = []
    missing = cover.contents_context(programme.settings, language, ())[1]
    for name, text in cover.members_of(programme, Words(language)):
        make = partial(cover.content, linked=True) if name == COVER else module_of(name).content
        paper, lacking = make(totals, language)
        members.append((name, text, paper))
        missing += lacking
    return members, list(dict.fromkeys(missing))


def _bound(
    members: Sequence[_Member],
    settings: Settings,
    language: Language,
    form: str,
    render: Callable[[str, Paged], bytes],
    *,
    foreign: bool,
) -> bytes:
    """
    Render the documents of a set and join them behind their list of contents.

    What `foreign` templates made is joined in a process of its own.
    """
    from cmswp_xl.render.html import html_headings, join_html
    from cmswp_xl.render.join import Part, docx_headings, join_docx
    from cmswp_xl.render.templates import in_confinement

    join, headings = (join_docx, docx_headings) if form == "docx" else (join_html, html_headings)
    file = f"set/set.{'docx' if form == 'docx' else 'html.j2'}"

    def done(work: Callable[[A], B], argument: A) -> B:
        return in_confinement(file, work, argument) if foreign else work(argument)

    parts = [
        Part(cover.part_anchor(name), render(name, paper), text) for name, text, paper in members
    ]
    listed = [
        cover.ContentsPart(
            part.anchor,
            text,
            paper.head,
            tuple(cover.Entry(heading.anchor, heading.text) for heading in done(headings, part)),
        )
        for (_, text, paper), part in zip(members, parts, strict=True)
    ]
    contents, _ = cover.contents_context(settings, language, listed)
    return done(join, [Part(cover.part_anchor("contents"), render("set", contents)), *parts])


def needed(formats: Sequence[str]) -> list[str]:
    """Return the formats to render: a PDF file is made from a Word file."""
    return list(dict.fromkeys("docx" if form == PDF else form for form in formats))


def delivered(files: dict[str, bytes], request: Request) -> dict[str, bytes]:
    """Add the PDF files where they are asked for, and drop Word files that only they needed."""
    if PDF not in request.formats:
        return files
    from cmswp_xl.render.docx import to_pdf

    if request.office is None:
        raise Misuse("no-office")
    words = {name.removesuffix(".docx"): data for name, data in files.items() if _is_word(name)}
    made = {f"{name}.{PDF}": data for name, data in to_pdf(request.office, words).items()}
    kept = {n: d for n, d in files.items() if "docx" in request.formats or not _is_word(n)}
    return kept | made


def _is_word(name: str) -> bool:
    return name.endswith(".docx")


def located(lacking: Lacking, tables: Mapping[str, TypedTable]) -> MissingCell:
    """Find where a missing text belongs: at the cell of its row and column."""
    text = lacking.text
    typed = tables[text.table]
    schema = typed.table.schema
    index = 0
    if text.key is not None:
        columns = [typed.column(name) for name in schema.primary_key or ("seq",)]
        keys = ("/".join(map(str, parts)) for parts in zip(*columns, strict=True))
        wanted = comparable(text.key)
        index = next(i for i, key in enumerate(keys) if comparable(key) == wanted)
    issue = typed.table.issue("missing-translation", text.field, index)
    absent = schema.field(text.field).titles[lacking.language]
    title = typed.table.headings.get(text.field, absent)
    return MissingCell(issue.sheet, issue.cell, text.key, lacking.language, title)


def located_texts(
    missing: Sequence[Lacking], tables: Mapping[str, TypedTable]
) -> tuple[MissingCell, ...]:
    """Find where missing texts belong, each once, by language."""
    ordered = sorted(missing, key=lambda lacking: list(Language).index(lacking.language))
    return tuple(dict.fromkeys(located(text, tables) for text in ordered))


def texts_missing(
    missing: Sequence[Lacking], tables: Mapping[str, TypedTable], workbook: str
) -> UnfitData:
    """Return the failure that documents would lack texts, with each text at its cell."""
    texts = located_texts(missing, tables)
    languages = tuple(dict.fromkeys(text.language for text in texts))
    places = {"workbook": workbook, "count": len(texts), "languages": languages}
    return UnfitData("missing-texts", **places, texts=texts)


def manifest(
    workbook: str,
    sha256: str | None,
    settings: Settings,
    files: Mapping[str, bytes],
    **more: object,
) -> bytes:
    """Return the manifest: what the files were made from, and the hash of each."""
    content = {
        "workbook": workbook,
        "sha256": sha256,
        "status": settings.status,
        "as_at": settings.as_at.isoformat() if settings.as_at else None,
        "files": [
            {
                "name": name,
                "sha256": hashlib.sha256(data).hexdigest(),
                "pages": _pages(name, files),
            }
            for name, data in sorted(files.items())
        ],
        **more,
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _pages(name: str, files: Mapping[str, bytes]) -> int | None:
    """Count the pages of a PDF file, or of the Word file that it was made from; else None."""
    from cmswp_xl.render.docx import pages

    stem, _, form = name.rpartition(".")
    found = files.get(f"{stem}.{PDF}") if form in (PDF, "docx") else None
    return None if found is None else pages(found)


def _chosen(request: Request, programme: Programme) -> list[str]:
    """Return the documents to make; of all of them, those that have something to print."""
    if ALL in request.documents:
        filled = [name for name in DOCUMENTS if module_of(name).has_content(programme)]
        return [name for name in filled if DOCUMENTS[name].by_area or not request.areas]
    for name in request.documents:
        document = DOCUMENTS.get(name)
        if request.areas and (document is None or not document.by_area):
            raise Misuse("not-by-area", document=name)
        if document is not None and not module_of(name).has_content(programme):
            raise UnfitData("nothing-to-print", document=name)
    return [name for name in request.documents if name in DOCUMENTS]


def rendered(
    name: str,
    form: str,
    context: Paged,
    settings: Settings,
    language: Language,
    request: Request,
    *,
    keyed: bool = False,
) -> bytes:
    """Render a document from its context, as `docx` or `html`; `keyed` as `render_docx` does."""
    from cmswp_xl.render.docx import Properties, render_docx
    from cmswp_xl.render.html import render_html

    if form == "html":
        return render_html(name, context, request.templates)
    author = settings.prepared_by.given(language) or ""
    properties = Properties(
        context.title, author, context.tag, settings.document_date, context.landscape
    )
    return render_docx(name, context, properties, request.templates, keyed=keyed)


def spelled(request: Request, programme: Programme) -> Request:
    """Return a request with its areas as the programme spells them; `Misuse` where none."""
    known = {comparable(area.code): area.code for area in programme.areas}
    for code in request.areas:
        if comparable(code) not in known:
            raise Misuse("unknown-area", area=code, known=tuple(known.values()))
    return replace(request, areas=[known[comparable(code)] for code in request.areas])


def _stem(document: str, area: str | None) -> str:
    """Return a file name's stem; the schema lets codes hold nothing that a file name may not."""
    return document if area is None else f"{document}-{area}"
