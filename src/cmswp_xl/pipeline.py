"""
The use cases: check a workbook, compute its figures, build its documents, compare two, make one.

The one place that names all stages in turn. Nothing is printed or written here; the command line,
the open book and the server call these and show what comes back.
"""

from __future__ import annotations

import datetime as dt
import posixpath
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cmswp_xl.compare import Comparison, compare
from cmswp_xl.compare.rows import Rows, Version, json_value
from cmswp_xl.documents import with_wording
from cmswp_xl.documents.build import (
    MANIFEST,
    Built,
    MissingCell,
    Request,
    built,
    delivered,
    located_texts,
    make,
    manifest,
    rendered,
    spelled,
    texts_missing,
)
from cmswp_xl.errors import Misuse, UnfitData, UnreadableWorkbook
from cmswp_xl.figures.computed import figure_flags
from cmswp_xl.figures.totals import ProgrammeTotals, compute_totals
from cmswp_xl.issues import Issue, Severity, count, in_sheet_order
from cmswp_xl.listings import Report
from cmswp_xl.matching import match_tables, own_sheets
from cmswp_xl.registry import ANNEX, COMPARED, DATA, REVISIONS
from cmswp_xl.samples import RowsSource, read_sample
from cmswp_xl.schema import load_schemas, sheet_schemas
from cmswp_xl.tables import Source, comparable
from cmswp_xl.validate.entry import check_with_entry
from cmswp_xl.validate.typed import TypedTable, content_mark
from cmswp_xl.xlsx import open_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence
    from pathlib import Path

    from cmswp_xl.documents import Content
    from cmswp_xl.languages import Language, Words
    from cmswp_xl.listings.trace import Tracer
    from cmswp_xl.model import Programme
    from cmswp_xl.ooxml import Limits
    from cmswp_xl.validate import Checked


@dataclass(frozen=True, slots=True)
class Checkup:
    """
    A workbook that was read and checked; `issues` are in sheet order, each once.

    `data` are the bytes of its file, `sha256` their hash, `limits` those it was read within; None
    for a book that is open in Excel, which is read as it is on the screen, with changes that no
    file holds yet.
    """

    name: str
    checked: Checked
    issues: tuple[Issue, ...]
    data: bytes | None = None
    sha256: str | None = None
    limits: Limits | None = None

    @property
    def errors(self) -> int:
        """Count the errors."""
        return count(self.issues, Severity.ERROR)

    @property
    def warnings(self) -> int:
        """Count the warnings."""
        return count(self.issues, Severity.WARNING)


def check_workbook(path: Path, limits: Limits | None = None, *, flags: bool = True) -> Checkup:
    """
    Read and check a workbook file; without flags where only its errors matter.

    Raises `UnreadableWorkbook` where it cannot be read or holds none of the programme's tables.
    """
    book = open_workbook(path, limits)
    checked, issues = check_programme(book, str(path), flags=flags)
    return Checkup(book.name, checked, issues, book.data, book.sha256, limits)


def check_open(book: Source) -> Checkup:
    """Check a workbook open in Excel; raises `UnreadableWorkbook` where it has no tables."""
    return Checkup(book.name, *check_programme(book, book.name))


def check_source(source: Source, *, flags: bool = True) -> tuple[Checked, tuple[Issue, ...]]:
    """
    Check the tables of a source, whatever it is.

    Flags are the warnings and information that come from the figures; none of them is an error.
    """
    from cmswp_xl.listings.issues import added_sheets

    tables, found = match_tables(source, sheet_schemas(), (own_sheets, added_sheets))
    checked = check_with_entry(tables, found)
    remarks = _flags(checked) if flags else ()
    issues = (replace(issue, names=tables.names) for issue in (*checked.issues, *remarks))
    return checked, tuple(in_sheet_order(issues))


def check_programme(
    source: Source, shown: str, *, flags: bool = True
) -> tuple[Checked, tuple[Issue, ...]]:
    """Check a source that is `shown` as; raises `UnreadableWorkbook` where it has no tables."""
    checked, issues = check_source(source, flags=flags)
    if not checked.typed:
        raise UnreadableWorkbook("not-programme", file=shown)
    return checked, issues


def totals_of(
    checkup: Checkup, scenario: str | None = None, request: Request | None = None
) -> ProgrammeTotals:
    """
    Compute the figures of a workbook without errors, with the settings of a request if any.

    Raises `UnfitData` where it has some, and `Misuse` for a scenario that it does not know.
    """
    programme = checkup.checked.programme
    if programme is None:
        raise UnfitData("has-errors", workbook=checkup.name, errors=checkup.errors)
    programme = programme if request is None else request.overruled(programme)
    return compute_totals(programme, _scenario(programme, scenario))


def tracer_of(
    checkup: Checkup, totals: ProgrammeTotals, versions: Versions | None = None
) -> Tracer:
    """
    Return what traces the figures of a workbook without errors to their cells.

    With two versions, it traces the papers that compare them too.
    """
    from cmswp_xl.listings.trace import Tracer
    from cmswp_xl.trace import places_of

    of = (places_of(checkup.checked), checkup.name, checkup.sha256, totals)
    if versions is None:
        return Tracer(*of)
    old = versions.old
    older = Tracer(places_of(old.checked, old.name), old.name, old.sha256, versions.before)
    return Tracer(*of, versions.contents(), older)


@dataclass(frozen=True, slots=True)
class Versions:
    """Two versions of a workbook, both without errors, with the figures of the earlier one."""

    old: Checkup
    new: Checkup
    before: ProgrammeTotals

    def contents(self) -> dict[str, Content]:
        """Return what the papers that compare the versions print, by their names."""
        from cmswp_xl.documents.annex_compared import compared_context
        from cmswp_xl.documents.revisions import revisions_context

        comparison = compared(self.old, self.new)
        made: dict[str, Content] = {
            COMPARED: lambda totals, language, areas: compared_context(
                comparison, self.before, totals, language, *areas
            ),
            REVISIONS: lambda _totals, language, _areas: revisions_context(comparison, language),
        }
        return {name: with_wording(name, content) for name, content in made.items()}


def versions_of(
    old: Checkup, new: Checkup, scenario: str | None = None, request: Request | None = None
) -> tuple[Versions, ProgrammeTotals]:
    """
    Return two versions with the figures of each.

    Raises `UnfitData` where one of the workbooks has errors, or they are in different currencies.
    """
    before, after = (totals_of(side, scenario, request) for side in (old, new))
    first, second = (totals.programme.settings.currency for totals in (before, after))
    if first != second:
        raise UnfitData("compare-currencies", old=first, new=second)
    return Versions(old, new, before), after


def build_documents(
    checkup: Checkup, request: Request, done: Callable[[str], None] = lambda _name: None
) -> Built:
    """
    Build all requested documents of a workbook in memory, by file name, and their manifest.

    `done` is told each file's name once it is built. Raises `UnfitData` where the data has errors,
    a document would lack texts (listed in its `texts`) or has nothing to print, and `Misuse` for
    an unknown area.
    """
    totals = totals_of(checkup, request.scenario, request)
    traced = tracer_of(checkup, totals).json if request.trace else None
    result = built(totals, checkup.checked, request, done, traced)
    _refuse_missing(result.refused, checkup)
    if DATA in request.documents:
        from cmswp_xl.opendata import data_package

        result.files |= data_package(totals, checkup.checked.typed)
    return _recorded(result, checkup, totals)


def _recorded(result: Built, checkup: Checkup, totals: ProgrammeTotals, **more: object) -> Built:
    """Return what was built with its PDF files and its manifest."""
    result.files = delivered(result.files, result.request)
    settings = totals.programme.settings
    content = manifest(checkup.name, checkup.sha256, settings, result, **more)
    result.files[MANIFEST] = content
    return result


def _refuse_missing(missing: Sequence[MissingCell], checkup: Checkup) -> None:
    if missing:
        raise texts_missing(missing, checkup.name)


def compared(old: Checkup, new: Checkup) -> Comparison:
    """Compare what was typed in two workbooks, and where neither has errors, their figures."""
    return compare(_version(old), _version(new))


def _version(checkup: Checkup) -> Version:
    """Return a workbook as one of two versions: what was typed, and its figures if it is sound."""
    typed, programme = checkup.checked.typed, checkup.checked.programme
    tables = {name: Rows(each.table.schema, tuple(_records(each))) for name, each in typed.items()}
    return Version(
        name=checkup.name,
        sha256=checkup.sha256,
        tables=tables,
        totals=None if programme is None else compute_totals(programme),
        errors=checkup.errors,
        names=checkup.checked.names,
    )


def _records(typed: TypedTable) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table by field, without computed columns."""
    columns = {field.name: typed.read(field) for field in typed.table.schema.inputs()}
    return (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))


def summary_of_revisions(
    old: Checkup,
    new: Checkup,
    language: Language,
    form: str = "docx",
    templates: Path | None = None,
) -> bytes:
    """
    Build the summary of revisions in a language, as `docx` or `html`.

    The old workbook may have errors, for it cannot be corrected any more; the effect on figures is
    then left out, and the document says so. Raises `UnfitData` where the new one has errors or
    lacks texts that the document prints.
    """
    from cmswp_xl.documents.front import worded
    from cmswp_xl.documents.revisions import revisions_context

    programme = totals_of(new).programme
    paper = revisions_context(compared(old, new), language)
    context, lacking = worded(REVISIONS, paper, programme)
    _refuse_missing(located_texts(lacking, language, new.checked), new)
    request = Request(templates=templates, mark=content_mark(new.checked.typed))
    return rendered(REVISIONS, form, context, programme.settings, language, request)


def build_compared(
    old: Checkup,
    new: Checkup,
    request: Request,
    done: Callable[[str], None] = lambda _name: None,
) -> Built:
    """
    Build the annex with both versions side by side, by file name, and its manifest.

    Raises `UnfitData` where one of the workbooks has errors, where they are in different
    currencies, or where texts are missing; `Misuse` for another document or an unknown area.
    """
    if any(name != ANNEX for name in request.documents):
        raise Misuse("compare-annex-only")
    versions, after = versions_of(old, new, request.scenario, request)
    result = Built(spelled(request, after.programme, new.checked), new.checked)
    traced = tracer_of(new, after, versions).json if request.trace else None
    make({COMPARED: versions.contents()[COMPARED]}, after, result, done, traced)
    _refuse_missing(result.refused, new)
    older = {"workbook": old.name, "sha256": old.sha256}
    return _recorded(result, new, after, compared_with=older)


def build_tracked(
    old: Checkup,
    new: Checkup,
    request: Request,
    done: Callable[[str], None] = lambda _name: None,
    *,
    author: str | None = None,
    day: dt.date | None = None,
) -> Built:
    """
    Build the annex of the old workbook with tracked changes that make it that of the new one.

    They bear an author and a day: those of the program and of the document where none are given.
    Raises as `build_compared` does, for texts that the old workbook lacks too.
    """
    from cmswp_xl.documents.annex_compared import TrackedAnnex, make_tracked
    from cmswp_xl.render.tracked import By

    if request.trace:
        raise Misuse("tracked-untraced")
    versions, after = versions_of(old, new, request.scenario, request)
    before, settings = versions.before, after.programme.settings
    spelled(request, before.programme, old.checked)
    day = day or settings.document_date or dt.date(2000, 1, 1)
    by = By(author or "cmswp-xl", day, whole=before.scenario != after.scenario)
    tracked = TrackedAnnex(before, by)
    result = Built(spelled(request, after.programme, new.checked), new.checked)
    make_tracked(tracked, after, result, done)
    _refuse_missing(result.refused, new)
    for language in result.languages:
        texts = located_texts(tracked.lacking[language], language, old.checked)
        _refuse_missing(texts, old)
    marks = {"author": by.author, "date": by.day.isoformat()}
    older = {"workbook": old.name, "sha256": old.sha256}
    return _recorded(result, new, after, compared_with=older, tracked=marks)


def annotated(checkup: Checkup, say: Words, path: str = "") -> bytes:
    """
    Return a copy of the workbook's file with its faulty cells marked and a sheet of the issues.

    Raises `Misuse` where the copy would be written to a path with the ending of another kind of
    workbook, and `ValueError` for an open book, of which there is no file to copy.
    """
    if checkup.data is None:
        raise ValueError(checkup.name)
    from cmswp_xl.annotate import ENDINGS, annotated_copy, ending_of
    from cmswp_xl.listings.issues import cell_notes, report_sheet

    found = posixpath.splitext(path)[1].casefold()
    ending = ending_of(checkup.data, name=checkup.name, limits=checkup.limits)
    if found in ENDINGS and found != ending:
        raise Misuse("copy-ending", path=path, ending=ending)
    report = report_of(checkup)
    sheet = report_sheet(report, say, copy_remark(checkup, say))
    notes = cell_notes(report, say)
    return annotated_copy(checkup.data, notes, sheet, name=checkup.name, limits=checkup.limits)


def copy_remark(checkup: Checkup, say: Words) -> str:
    """Return what must be said of a copy of the workbook's file: that it is signed no more."""
    from cmswp_xl.annotate import is_signed

    signed = checkup.data is not None and is_signed(
        checkup.data, name=checkup.name, limits=checkup.limits
    )
    remark = say("The digital signature of the workbook was left out of this copy.")
    return remark if signed else ""


def report_of(checkup: Checkup) -> Report:
    """Return what the reports show of a checkup."""
    return Report(checkup.name, checkup.sha256, checkup.issues, checkup.checked.skipped)


def new_workbook(
    language: Language, *, example: bool = False, shown: Container[str] = ()
) -> bytes:
    """
    Make a fresh workbook in a language: with the worked example, or texts to start from.

    `shown` are groups of sheets to show even though nothing is in them.
    """
    if example:
        return workbook_of(read_sample("example"), language, shown)
    settings = {"programme": [{"original_language": language.value}]}
    return workbook_of({**settings, **read_sample("starter")}, language, shown)


def workbook_of(
    content: Mapping[str, Sequence[Mapping[str, Any]]],
    language: Language,
    shown: Container[str] = (),
) -> bytes:
    """
    Make a workbook that holds the content, with the stored values of its formulas.

    Raises `ValueError` for rows with errors, for which no formula has a value; settings alone may
    be incomplete.
    """
    from cmswp_xl.make import make_workbook

    schemas = load_schemas()
    checked, _ = check_source(RowsSource(content, schemas, language))
    totals = None if checked.programme is None else compute_totals(checked.programme)
    return make_workbook(content, language, totals, shown=shown)


def dump(checkup: Checkup) -> dict[str, Any]:
    """
    Return the data as read, without computed columns, ready for JSON.

    Amounts are strings, dates ISO, blanks null, keys sorted, rows in sheet order; the form apart.
    """
    tables: dict[str, Any] = {}
    for name, typed in sorted(checkup.checked.typed.items()):
        tables[name] = [
            {field: json_value(value) for field, value in sorted(row.items())}
            for row in _records(typed)
        ]
    forms = tables.pop("programme", [])
    return {"programme": forms[0] if forms else {}, "tables": tables}


def _flags(checked: Checked) -> Iterator[Issue]:
    """Yield what figures say, as far as no error touches them."""
    draft = checked.draft
    if draft is not None:
        tables = {name: typed.table for name, typed in checked.typed.items()}
        yield from figure_flags(compute_totals(draft.programme), tables, draft.kept, draft.touched)


def _scenario(programme: Programme, code: str | None) -> str | None:
    if code is None:
        return None
    known = {comparable(scenario.code): scenario.code for scenario in programme.scenarios}
    if comparable(code) not in known:
        raise Misuse("unknown-scenario", scenario=code, known=tuple(known.values()))
    return known[comparable(code)]
