"""
The use cases: check a workbook, reckon its figures, build its documents, make a new one.

The one place that names all stages in turn. Nothing is printed or written here; the command line,
the open book and the server call these and show what comes back.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cmswp_xl.context import annex_context
from cmswp_xl.errors import Misuse, UnfitData, UnreadableWorkbook
from cmswp_xl.flags import formula_flags, funding_flags
from cmswp_xl.issues import Severity, count, in_sheet_order
from cmswp_xl.languages import Language
from cmswp_xl.matching import match_tables
from cmswp_xl.report import Report
from cmswp_xl.report.missing import MissingCell
from cmswp_xl.samples import RowsSource, read_sample
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import comparable
from cmswp_xl.totals import reckon
from cmswp_xl.validate import check_tables
from cmswp_xl.xlsx import open_workbook

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from cmswp_xl.context import MissingText
    from cmswp_xl.issues import Issue
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Programme
    from cmswp_xl.tables import Source
    from cmswp_xl.totals import Reckoning
    from cmswp_xl.validate import Checked
    from cmswp_xl.xlsx import Limits

DOCUMENTS = ("annex",)
"""The documents that can be exported, in the order in which they are made."""

FORMATS = ("docx", "html")


@dataclass(frozen=True, slots=True)
class Checkup:
    """
    A workbook that was read and checked; `issues` are in sheet order, each once.

    `data` are the bytes of its file and `sha256` their hash; None for a book that is open in
    Excel, which is read as it is on the screen, with changes that no file holds yet.
    """

    name: str
    checked: Checked
    issues: tuple[Issue, ...]
    data: bytes | None = None
    sha256: str | None = None

    @property
    def errors(self) -> int:
        """Count the errors."""
        return count(self.issues, Severity.ERROR)

    @property
    def warnings(self) -> int:
        """Count the warnings."""
        return count(self.issues, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class Request:
    """Which documents to make of a workbook: kinds, languages, formats, areas, scenario."""

    documents: Sequence[str] = DOCUMENTS
    languages: Sequence[Language] = tuple(Language)
    formats: Sequence[str] = FORMATS
    areas: Sequence[str] = ()
    scenario: str | None = None

    def count(self) -> int:
        """Count the files that this request asks for."""
        areas = max(len(self.areas), 1)
        return len(self.documents) * len(self.languages) * len(self.formats) * areas


def check_workbook(path: Path, limits: Limits | None = None, *, flags: bool = True) -> Checkup:
    """
    Read and check a workbook file; without flags where only its errors matter.

    Raises `UnreadableWorkbook` where it cannot be read or holds none of the programme's tables.
    """
    book = open_workbook(path, limits)
    checked, issues = _checked_programme(book, str(path), flags=flags)
    return Checkup(book.name, checked, issues, book.data, book.sha256)


def check_open(book: Source) -> Checkup:
    """
    Check a workbook that is open in Excel.

    Raises `UnreadableWorkbook` where it holds none of the programme's tables.
    """
    return Checkup(book.name, *_checked_programme(book, book.name))


def check_source(source: Source, *, flags: bool = True) -> tuple[Checked, tuple[Issue, ...]]:
    """
    Check the tables of a source, whatever it is.

    Flags are the warnings and notes that come from the figures; none of them is an error.
    """
    from cmswp_xl.make import own_sheets
    from cmswp_xl.report.sheet import added_sheets

    tables, found = match_tables(source, load_schemas(), own_sheets() | added_sheets())
    checked = check_tables(tables, found)
    told = _flags(checked) if flags else ()
    return checked, tuple(in_sheet_order((*checked.issues, *told)))


def reckoning_of(checkup: Checkup, scenario: str | None = None) -> Reckoning:
    """
    Reckon the figures of a workbook without errors.

    Raises `UnfitData` where it has some, and `Misuse` for a scenario that it does not know.
    """
    programme = checkup.checked.programme
    if programme is None:
        raise UnfitData("has-errors", workbook=checkup.name, errors=checkup.errors)
    return reckon(programme, _scenario(programme, scenario))


def build_documents(
    checkup: Checkup, request: Request, done: Callable[[str], None] = lambda _name: None
) -> dict[str, bytes]:
    """
    Build all requested documents of a workbook in memory, by file name, and their manifest.

    `done` is told each file's name once it is built. Raises `UnfitData` where the data has errors
    or a document would lack texts (listed in its `texts`), and `Misuse` for an unknown area.
    """
    reckoning = reckoning_of(checkup, request.scenario)
    areas: list[str | None] = [_area(reckoning.programme, code) for code in request.areas]
    files: dict[str, bytes] = {}
    missing: list[MissingCell] = []
    for language in request.languages:
        for code in areas or [None]:
            lacking = _build(reckoning, language, code, request.formats, files, done)
            missing += [text for text in locate(checkup, lacking, language) if text not in missing]
    if missing:
        names = tuple(dict.fromkeys(text.language for text in missing))
        raise UnfitData(
            "missing-texts",
            workbook=checkup.name,
            count=len(missing),
            languages=names,
            texts=tuple(missing),
        )
    files["manifest.json"] = manifest(checkup, reckoning.programme, files)
    return files


def locate(
    checkup: Checkup, texts: Sequence[MissingText], language: Language
) -> Iterator[MissingCell]:
    """Find where missing texts belong: at the cell of their row and column."""
    for text in texts:
        typed = checkup.checked.typed[text.table]
        schema = typed.table.schema
        index = 0
        if text.key is not None:
            keys = typed.column(schema.primary_key[0])
            wanted = comparable(text.key)
            index = next(i for i, key in enumerate(keys) if comparable(str(key)) == wanted)
        issue = typed.table.issue("missing-translation", text.field, index)
        title = schema.field(text.field).titles[language]
        yield MissingCell(issue.sheet, issue.cell, text.key, language, title)


def manifest(checkup: Checkup, programme: Programme, files: Mapping[str, bytes]) -> bytes:
    """Give the manifest: what the files were made from, and the hash of each."""
    settings = programme.settings
    content = {
        "workbook": checkup.name,
        "sha256": checkup.sha256,
        "status": settings.status,
        "as_at": settings.as_at.isoformat() if settings.as_at else None,
        "files": [
            {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "pages": None}
            for name, data in sorted(files.items())
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def annotated(checkup: Checkup, say: Words) -> bytes:
    """
    Give a copy of the workbook's file with its faulty cells marked and a sheet of the issues.

    Raises `ValueError` for an open book, of which there is no file to copy.
    """
    if checkup.data is None:
        raise ValueError(checkup.name)
    from cmswp_xl.annotate import annotated_copy
    from cmswp_xl.report.sheet import cell_notes, report_sheet

    report = report_of(checkup)
    return annotated_copy(checkup.data, cell_notes(report, say), report_sheet(report, say))


def report_of(checkup: Checkup) -> Report:
    """Give what the reports show of a checkup."""
    return Report(checkup.name, checkup.sha256, checkup.issues, checkup.checked.skipped)


def new_workbook(language: Language, *, example: bool = False) -> bytes:
    """Make a fresh workbook in a language, empty or with the worked example."""
    if example:
        return workbook_of(dict(read_sample("example")), language)
    return workbook_of({"programme": [{"original_language": language.value}]}, language)


def workbook_of(content: Mapping[str, Sequence[Mapping[str, Any]]], language: Language) -> bytes:
    """
    Make a workbook that holds the content, with the stored values of its formulas.

    Raises `ValueError` for rows with errors, for which no formula has a value; settings alone may
    be incomplete.
    """
    from cmswp_xl.make import make_workbook

    schemas = load_schemas()
    checked, _ = check_source(RowsSource(content, schemas, language))
    reckoning = None if checked.programme is None else reckon(checked.programme)
    return make_workbook(content, language, reckoning)


def dump(checkup: Checkup) -> dict[str, Any]:
    """
    Give the data as read, without computed columns, ready for JSON.

    Amounts are strings, dates ISO, blanks null, rows in sheet order; the form apart.
    """
    tables: dict[str, Any] = {}
    for name, typed in checkup.checked.typed.items():
        fields = [field.name for field in typed.table.schema.inputs()]
        columns = [typed.column(field) for field in fields]
        tables[name] = [
            dict(zip(fields, map(_plain, values), strict=True))
            for values in zip(*columns, strict=True)
        ]
    forms = tables.pop("programme", [])
    return {"programme": forms[0] if forms else {}, "tables": tables}


def _plain(value: Any) -> str | int | None:
    """Give a typed value as JSON holds it."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple):
        return "; ".join(value)
    if value is None or isinstance(value, (str, int)):
        return value
    day: dt.date = value
    return day.isoformat()


def _checked_programme(
    source: Source, shown: str, *, flags: bool = True
) -> tuple[Checked, tuple[Issue, ...]]:
    checked, issues = check_source(source, flags=flags)
    if not checked.typed:
        raise UnreadableWorkbook("not-programme", file=shown)
    return checked, issues


def _flags(checked: Checked) -> Iterator[Issue]:
    draft = checked.draft
    if draft is None:
        return
    reckoning = reckon(draft.programme)
    tables = {name: typed.table for name, typed in checked.typed.items()}
    if "activities" in tables:
        yield from funding_flags(
            reckoning, tables["activities"], draft.kept["activities"], draft.touched
        )
    yield from formula_flags(reckoning, tables, draft.kept, draft.touched)


def _scenario(programme: Programme, code: str | None) -> str | None:
    if code is None:
        return None
    known = {comparable(scenario.code): scenario.code for scenario in programme.scenarios}
    if comparable(code) not in known:
        raise Misuse("unknown-scenario", scenario=code, known=tuple(known.values()))
    return known[comparable(code)]


def _area(programme: Programme, code: str) -> str:
    known = {comparable(area.code): area.code for area in programme.areas}
    if comparable(code) not in known:
        raise Misuse("unknown-area", area=code, known=tuple(known.values()))
    return known[comparable(code)]


def _build(
    reckoning: Reckoning,
    language: Language,
    area: str | None,
    formats: Sequence[str],
    files: dict[str, bytes],
    done: Callable[[str], None],
) -> list[MissingText]:
    """Build the annex in one language in all formats; gives the texts that it lacks."""
    from cmswp_xl.render import Properties, render_docx, render_html

    annex, missing = annex_context(reckoning, language, [area] if area else [])
    if missing:
        return missing
    settings = reckoning.programme.settings
    author = settings.prepared_by.given(language) or ""
    for form in formats:
        name = f"{_stem('annex', area)}.{language.value}.{form}"
        if form == "docx":
            properties = Properties(
                annex.title, author, annex.tag, settings.document_date, annex.landscape
            )
            files[name] = render_docx("annex", annex, properties)
        else:
            files[name] = render_html("annex", annex)
        done(name)
    return []


def _stem(document: str, area: str | None) -> str:
    """Give a file name's stem; the schema lets codes hold nothing that a file name may not."""
    return document if area is None else f"{document}-{area}"
