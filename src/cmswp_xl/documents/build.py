"""
The files of a request, built in memory: documents, the set, and what was left out.

The parts of a set are the documents as they are issued alone, so that a page or a figure is cited
alike from either.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cmswp_xl import __version__
from cmswp_xl.documents import content_of, cover
from cmswp_xl.documents.front import Paged
from cmswp_xl.documents.texts import MissingText
from cmswp_xl.errors import Misuse, UnfitData
from cmswp_xl.figures.totals import ProgrammeTotals
from cmswp_xl.languages import DOCUMENT_LANGUAGES, Language, Names, Words
from cmswp_xl.model import Programme, Settings
from cmswp_xl.office import office_version, pages
from cmswp_xl.registry import ALL, ANNEX, COVER, DOCUMENTS, SET
from cmswp_xl.tables import comparable
from cmswp_xl.validate import Checked
from cmswp_xl.validate.typed import TypedTable, content_mark

if TYPE_CHECKING:
    from cmswp_xl.documents import Content

    Done = Callable[[str], None]
    Render = Callable[[str, str, Paged], bytes]
    Traced = Callable[[str, Language, Sequence[str], Paged | None], str]


A = TypeVar("A")
B = TypeVar("B")


FORMATS = ("docx", "html")
MISSING = "missing-texts"
"""The reason of what is not made for lack of texts."""
PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Request:
    """
    Which documents to make of a workbook: kinds, languages, formats, areas, scenario, donors.

    `templates` is a folder of templates that staff changed, `office` the LibreOffice that makes
    PDF files, where there is one; `trace` asks for where the figures of each come from.
    `rounding` and `number_style` go before those of the workbook. Where the request does not
    insist on its languages, a document is made in those in which it lacks no text. `mark` is that
    of the workbook's content, once that is known.
    """

    documents: Sequence[str] = (ANNEX,)
    languages: Sequence[Language] = DOCUMENT_LANGUAGES
    formats: Sequence[str] = FORMATS
    areas: Sequence[str] = ()
    scenario: str | None = None
    templates: Path | None = None
    office: Path | None = None
    trace: bool = False
    rounding: str | None = None
    number_style: str | None = None
    insists: bool = False
    donors: Sequence[str] = ()
    mark: str = ""

    def overruled(self, programme: Programme) -> Programme:
        """Return a programme with the settings that this request puts in place of its own."""
        names = ("rounding", "number_style")
        asked = {name: getattr(self, name) for name in names if getattr(self, name)}
        return replace(programme, settings=replace(programme.settings, **asked))

    def options(self) -> dict[str, object]:
        """Return what was asked for, as the manifest records it: nothing of this computer."""
        found = asdict(self)
        languages = found.pop("languages") if found.pop("insists") else None
        own = found.pop("templates") is not None
        del found["office"], found["mark"]
        return {**found, "languages": languages, "templates": own}

    def parts(self, name: str) -> list[str | None]:
        """Return the areas or donors of which a document is made one by one; None for all."""
        by_donor = name in DOCUMENTS and DOCUMENTS[name].by_donor
        return [*(self.donors if by_donor else self.areas)] or [None]

    def count(self) -> int:
        """Count the files that this request asks for, or a few more."""
        kinds = len(DOCUMENTS) if ALL in self.documents else len(self.documents)
        parts = max(len(self.areas), len(self.donors), 1)
        return kinds * len(self.languages) * len(self.formats) * parts


@dataclass(frozen=True, slots=True)
class MissingCell:
    """A text that is missing: its sheet and cell, the key of its row, the title of its column."""

    sheet: str
    cell: str | None
    key: str | None
    language: Language
    title: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """
    A document that was not made, in one language or, where that is None, at all; and why.

    `texts` are those that it lacks, `sheets` those in which nothing is.
    """

    document: str
    reason: str
    language: Language | None = None
    texts: tuple[MissingCell, ...] = ()
    sheets: tuple[str, ...] = ()

    def recorded(self) -> dict[str, object]:
        """Return what the manifest says of it."""
        names = {"document": self.document, "language": self.language, "reason": self.reason}
        return {**names, "texts": len(self.texts)}


@dataclass(slots=True)
class Built:
    """
    The files of a request by name, the languages that some are in, and what was left out.

    `refused` are the texts for lack of which nothing is made at all; `replaced` says that tracked
    changes replace all rows of some tables.
    """

    request: Request
    checked: Checked
    files: dict[str, bytes] = field(default_factory=dict)
    languages: list[Language] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    refused: list[MissingCell] = field(default_factory=list)
    replaced: bool = False

    def complete(
        self, document: str, lacking: Mapping[Language, Sequence[MissingText]]
    ) -> list[Language]:
        """Return the languages to make a document in; none once texts stop the whole request."""
        found = [
            LeftOut(document, MISSING, language, located_texts(texts, language, self.checked))
            for language, texts in lacking.items()
            if texts
        ]
        if found and (self.request.insists or len(found) == len(lacking)):
            self.refused += [text for one in found for text in one.texts]
        else:
            self.left_out += found
        if self.refused:
            return []
        languages = [language for language, texts in lacking.items() if not texts]
        self.languages += [one for one in languages if one not in self.languages]
        return languages


def built(
    totals: ProgrammeTotals,
    checked: Checked,
    request: Request,
    done: Done,
    traced: Traced | None = None,
) -> Built:
    """
    Build the files of a request.

    `traced` writes where the figures of a document come from, where that is asked for. Raises
    `UnfitData` for a document that was asked for by name and has nothing to print, and `Misuse`
    for an unknown area, or for areas of a document that is always whole.
    """
    request = spelled(request, totals.programme, checked)
    result = Built(request, checked)
    names = _chosen(request, totals.programme, result.left_out, checked.names)
    make({name: content_of(name) for name in names}, totals, result, done, traced)
    if SET in request.documents:
        add_sets(result, totals, done, traced)
    return result


def make(
    contents: Mapping[str, Content],
    totals: ProgrammeTotals,
    result: Built,
    done: Done,
    traced: Traced | None = None,
    render: Callable[..., bytes] | None = None,
) -> None:
    """Make documents in each language, area and format, as far as they lack no texts."""
    request, settings = result.request, totals.programme.settings
    for name, content in contents.items():
        areas = request.parts(name)
        papers = {
            language: [content(totals, language, [area] if area else []) for area in areas]
            for language in request.languages
        }
        lacking = {key: [t for _, texts in found for t in texts] for key, found in papers.items()}
        for language in result.complete(name, lacking):
            for area, (context, _) in zip(areas, papers[language], strict=True):
                # The schema lets codes hold nothing that the name of a file may not.
                stem = f"{name}-{area}" if area else name
                for form in needed(request.formats):
                    file = f"{stem}.{language.value}.{form}"
                    parts = name, form, context, settings, language, request
                    result.files[file] = (render or rendered)(*parts)
                    done(file)
                if traced:
                    trace = traced(name, language, [area] if area else [], context).encode()
                    result.files[f"{stem}.{language.value}.trace.json"] = trace


def add_sets(
    result: Built, totals: ProgrammeTotals, done: Done, traced: Traced | None = None
) -> None:
    """Add the set in each language and format; documents that were made already go into it."""
    settings, request, files = totals.programme.settings, result.request, result.files
    members = {language: _members(totals, language) for language in request.languages}
    lacking = {language: texts for language, (_, texts) in members.items()}
    for language in result.complete(SET, lacking):

        def render(form: str, name: str, paper: Paged, language: Language = language) -> bytes:
            # The meeting document of a set is its own: its list of annexes has links.
            made = None if name == COVER else files.get(f"{name}.{language.value}.{form}")
            return made or rendered(name, form, paper, settings, language, request)

        foreign = request.templates is not None
        for form in needed(request.formats):
            bound = partial(render, form)
            parts = members[language][0]
            file = f"{SET}.{language.value}.{form}"
            files[file] = _bound(parts, settings, language, form, bound, foreign=foreign)
            done(file)
        if traced:
            trace = traced(SET, language, [], None).encode()
            files[f"{SET}.{language.value}.trace.json"] = trace


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
        make = partial(cover.content, linked=True) if name == COVER else content_of(name)
        paper, lacking = make(totals, language, ())
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
    """Join the documents of a set; what `foreign` templates made, in a process of its own."""
    from cmswp_xl.confined import confined
    from cmswp_xl.render.html import html_headings, join_html
    from cmswp_xl.render.join import Part, docx_headings, join_docx

    join, headings = (join_docx, docx_headings) if form == "docx" else (join_html, html_headings)
    file = f"set/set.{'docx' if form == 'docx' else 'html.j2'}"

    def done(work: Callable[[A], B], argument: A) -> B:
        return confined(file, work, argument) if foreign else work(argument)

    parts = [
        Part(cover.part_anchor(name), render(name, paper), text) for name, text, paper in members
    ]
    listed = [
        cover.ContentsPart(part.anchor, text, paper.head, done(headings, part))
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
    from cmswp_xl.office import to_pdf

    if request.office is None:
        raise Misuse("no-office")
    words = {name.removesuffix(".docx"): d for name, d in files.items() if name.endswith(".docx")}
    made = {f"{name}.{PDF}": data for name, data in to_pdf(request.office, words).items()}
    dropped = () if "docx" in request.formats else ".docx"
    kept = {name: data for name, data in files.items() if not name.endswith(dropped)}
    return kept | made


def located_texts(
    missing: Sequence[MissingText], language: Language, checked: Checked
) -> tuple[MissingCell, ...]:
    """Find the cells of the texts that are missing in a language, each once, in sheet order."""
    rows: dict[str, dict[str, int]] = {}
    found = []
    for text in dict.fromkeys(missing):
        typed = checked.typed[text.table]
        if text.table not in rows:
            rows[text.table] = _rows_by_key(typed)
        index = 0 if text.key is None else rows[text.table][comparable(text.key)]
        issue = typed.table.issue("missing-translation", text.field, index)
        title = checked.names.headings[text.table, text.field]
        cell = MissingCell(issue.sheet, issue.cell, text.key, language, title)
        found.append((issue.place, title, cell))
    return tuple(cell for *_, cell in sorted(found, key=lambda one: one[:2]))


def _rows_by_key(typed: TypedTable) -> dict[str, int]:
    """Return the rows of a table by what documents call them; of equal keys the first."""
    columns = [typed.column(name) for name in typed.table.schema.primary_key or ("seq",)]
    keys = ("/".join(map(str, parts)) for parts in zip(*columns, strict=True))
    return {comparable(key): index for index, key in reversed([*enumerate(keys)])}


def texts_missing(missing: Sequence[MissingCell], workbook: str) -> UnfitData:
    """Return the failure that documents would lack texts, with each text at its cell."""
    order = list(Language)
    texts = tuple(sorted(dict.fromkeys(missing), key=lambda text: order.index(text.language)))
    languages = tuple(dict.fromkeys(text.language for text in texts))
    places = {"workbook": workbook, "count": len(texts), "languages": languages}
    return UnfitData(MISSING, **places, texts=texts)


def _chosen(
    request: Request, programme: Programme, left_out: list[LeftOut], names: Names
) -> list[str]:
    """Return the documents to make; of all of them, those that have something to print."""
    if ALL in request.documents:
        asked = [n for n, one in DOCUMENTS.items() if n in request.documents or not one.apart]
        reasons = {name: _why_not(name, request, programme) for name in asked}
        for name, why in reasons.items():
            sheets = tuple(names.sheets[table] for table in DOCUMENTS[name].tables)
            left_out += [LeftOut(name, why, sheets=sheets)] if why else []
        return [name for name, why in reasons.items() if not why]
    for name in request.documents:
        document = DOCUMENTS.get(name)
        if request.areas and (document is None or not document.by_area):
            raise Misuse("not-by-area", document=name)
        if document is not None and not document.holds(programme):
            raise UnfitData("nothing-to-print", document=name)
    return [name for name in request.documents if name in DOCUMENTS]


def _why_not(name: str, request: Request, programme: Programme) -> str:
    """Return why one of all documents is not made; blank where it is."""
    if not DOCUMENTS[name].holds(programme):
        return "nothing-to-print"
    return "not-by-area" if request.areas and not DOCUMENTS[name].by_area else ""


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

    context = replace(context, mark=request.mark)
    if form == "html":
        return render_html(name, context, request.templates)
    author = settings.prepared_by.given(language) or ""
    properties = Properties(
        context.title,
        author,
        context.tag,
        settings.document_date,
        context.landscape,
        context.subject,
        context.mark,
    )
    return render_docx(name, context, properties, request.templates, keyed=keyed)


def spelled(request: Request, programme: Programme, checked: Checked) -> Request:
    """Return a request with its mark, and codes as the programme has them, else `Misuse`."""
    for name in request.documents if request.donors else ():
        if name not in DOCUMENTS or not DOCUMENTS[name].by_donor:
            raise Misuse("not-by-donor", document=name)
    areas, donors = ([row.code for row in rows] for rows in (programme.areas, programme.donors))
    return replace(
        request,
        mark=content_mark(checked.typed),
        areas=_spelled("unknown-area", "area", request.areas, areas),
        donors=_spelled("unknown-donor", "donor", request.donors, donors),
    )


def _spelled(reason: str, kind: str, asked: Sequence[str], known: Sequence[str]) -> list[str]:
    own = {comparable(code): code for code in known}
    for code in asked:
        if comparable(code) not in own:
            raise Misuse(reason, **{kind: code}, known=tuple(known))
    return list(dict.fromkeys(own[comparable(code)] for code in asked))


MANIFEST = "manifest.json"
_MAKERS = ("babel", "docxtpl", "jinja2", "lxml", "matplotlib")
"""The libraries on which the bytes of documents depend."""


def manifest(
    workbook: str, sha256: str | None, settings: Settings, result: Built, **more: object
) -> bytes:
    """Return the manifest: what the files were made from, the hash of each, what was left out."""
    files = result.files
    content = {
        "workbook": workbook,
        "sha256": sha256,
        "content": result.request.mark,
        "status": settings.status,
        "as_at": settings.as_at.isoformat() if settings.as_at else None,
        "files": [
            {"name": name, "sha256": hash_of(data), "pages": _pages(name, files)}
            for name, data in sorted(files.items())
        ],
        "left_out": [one.recorded() for one in result.left_out],
        "options": result.request.options(),
        "versions": versions(result.request),
        "templates": template_hashes(result.request.templates),
        **more,
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def hash_of(data: bytes) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(data).hexdigest()


def versions(request: Request) -> dict[str, str]:
    """Return the versions of all that the bytes of a request depend on."""
    found = {"cmswp": __version__, **{name: version(name) for name in _MAKERS}}
    if PDF in request.formats and request.office is not None:
        found["libreoffice"] = office_version(request.office)
    return found


def template_hashes(own: Path | None) -> dict[str, str]:
    """Return the hashes of the templates in use, those of staff before those that ship."""
    from cmswp_xl.render.templates import folders, template_file

    names = {
        path.relative_to(folder).as_posix()
        for folder in folders(own)
        for path in folder.rglob("*")
        if path.is_file() and path.parent != folder
    }
    return {name: hash_of(template_file(name, own).read_bytes()) for name in sorted(names)}


def _pages(name: str, files: Mapping[str, bytes]) -> int | None:
    """Count the pages of a PDF file, or of the Word file that it was made from; else None."""
    stem, _, form = name.rpartition(".")
    found = files.get(f"{stem}.{PDF}") if form in (PDF, "docx") else None
    return None if found is None else pages(found)
