"""
The official documents: which there are, and how the files of a request are built in memory.

A document is a context in `context` and a folder of templates; all that is said of it here is one
line of the table below.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.context import (
    annex_context,
    requests_context,
    review_context,
    steps_context,
)
from cmswp_xl.errors import Misuse, UnfitData
from cmswp_xl.languages import Language
from cmswp_xl.report.missing import MissingCell
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cmswp_xl.context import MissingText, Printed
    from cmswp_xl.model import Programme, Settings
    from cmswp_xl.totals import Reckoning
    from cmswp_xl.validate import TypedTable

    Maker = Callable[[Reckoning, Language, Sequence[str]], tuple[Printed, list[MissingText]]]
    Done = Callable[[str], None]

FORMATS = ("docx", "html")
ALL = "all"
"""The word for every document of which the workbook holds something."""


@dataclass(frozen=True, slots=True)
class Document:
    """A kind of document; `areas` where it can be made of some areas only."""

    make: Maker
    filled: Callable[[Programme], bool]
    areas: bool = False


DOCUMENTS: Mapping[str, Document] = {
    "annex": Document(annex_context, lambda _programme: True, areas=True),
    "technology-review": Document(
        lambda reckoning, language, _areas: review_context(reckoning, language),
        lambda programme: bool(programme.review.findings or programme.review.recommendations),
    ),
    "next-steps": Document(
        lambda reckoning, language, _areas: steps_context(reckoning, language),
        lambda programme: bool(programme.review.steps),
    ),
    "requests": Document(
        lambda reckoning, language, _areas: requests_context(reckoning, language),
        lambda programme: bool(programme.review.requests or programme.review.needs),
    ),
}
"""The documents by name, in the order in which they are made."""


@dataclass(frozen=True, slots=True)
class Request:
    """Which documents to make of a workbook: kinds, languages, formats, areas, scenario."""

    documents: Sequence[str] = ("annex",)
    languages: Sequence[Language] = tuple(Language)
    formats: Sequence[str] = FORMATS
    areas: Sequence[str] = ()
    scenario: str | None = None

    def count(self) -> int:
        """Count the files that this request asks for, or a few more."""
        kinds = len(DOCUMENTS) if ALL in self.documents else len(self.documents)
        return kinds * len(self.languages) * len(self.formats) * max(len(self.areas), 1)


@dataclass(frozen=True, slots=True)
class Lacking:
    """A text that a document lacks, in a language."""

    text: MissingText
    language: Language


def built(
    reckoning: Reckoning, request: Request, done: Done
) -> tuple[dict[str, bytes], list[Lacking]]:
    """
    Build the files of a request by name, and list the texts that they lack.

    Raises `UnfitData` for a document that was asked for by name and has nothing to print, and
    `Misuse` for an unknown area, or for areas of a document that is always whole.
    """
    areas: list[str | None] = [_area(reckoning.programme, code) for code in request.areas]
    settings = reckoning.programme.settings
    files: dict[str, bytes] = {}
    missing: list[Lacking] = []
    for name in _chosen(request, reckoning.programme):
        document = DOCUMENTS[name]
        for language in request.languages:
            for area in areas or [None]:
                context, lacking = document.make(reckoning, language, [area] if area else [])
                missing += [Lacking(text, language) for text in lacking]
                for form in () if missing else request.formats:
                    file = f"{_stem(name, area)}.{language.value}.{form}"
                    files[file] = _rendered(name, form, context, settings, language)
                    done(file)
    return files, missing


def located(lacking: Lacking, tables: Mapping[str, TypedTable]) -> MissingCell:
    """Find where a missing text belongs: at the cell of its row and column."""
    text = lacking.text
    typed = tables[text.table]
    schema = typed.table.schema
    index = 0
    if text.key is not None:
        keys = typed.column(schema.primary_key[0] if schema.primary_key else "seq")
        wanted = comparable(text.key)
        index = next(i for i, key in enumerate(keys) if comparable(str(key)) == wanted)
    issue = typed.table.issue("missing-translation", text.field, index)
    title = schema.field(text.field).titles[lacking.language]
    return MissingCell(issue.sheet, issue.cell, text.key, lacking.language, title)


def manifest(
    workbook: str, sha256: str | None, settings: Settings, files: Mapping[str, bytes]
) -> bytes:
    """Give the manifest: what the files were made from, and the hash of each."""
    content = {
        "workbook": workbook,
        "sha256": sha256,
        "status": settings.status,
        "as_at": settings.as_at.isoformat() if settings.as_at else None,
        "files": [
            {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "pages": None}
            for name, data in sorted(files.items())
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _chosen(request: Request, programme: Programme) -> list[str]:
    """Give the documents to make; of all of them, those that have something to print."""
    if ALL in request.documents:
        filled = [name for name, document in DOCUMENTS.items() if document.filled(programme)]
        return [name for name in filled if DOCUMENTS[name].areas or not request.areas]
    for name in request.documents:
        if request.areas and not DOCUMENTS[name].areas:
            raise Misuse("not-by-area", document=name)
        if not DOCUMENTS[name].filled(programme):
            raise UnfitData("nothing-to-print", document=name)
    return list(request.documents)


def _rendered(
    name: str, form: str, context: Printed, settings: Settings, language: Language
) -> bytes:
    from cmswp_xl.render import Properties, render_docx, render_html

    if form == "html":
        return render_html(name, context)
    author = settings.prepared_by.given(language) or ""
    properties = Properties(
        context.title, author, context.tag, settings.document_date, context.landscape
    )
    return render_docx(name, context, properties)


def _area(programme: Programme, code: str) -> str:
    known = {comparable(area.code): area.code for area in programme.areas}
    if comparable(code) not in known:
        raise Misuse("unknown-area", area=code, known=tuple(known.values()))
    return known[comparable(code)]


def _stem(document: str, area: str | None) -> str:
    """Give a file name's stem; the schema lets codes hold nothing that a file name may not."""
    return document if area is None else f"{document}-{area}"
