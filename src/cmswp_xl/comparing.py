"""
The use cases that take two workbooks: what changed, its summary, the annex set side by side.

Nothing is printed or written here; the command line and others call these and show what comes
back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.compare import Rows, Version, compare
from cmswp_xl.documents.annex_compared import compared_context
from cmswp_xl.documents.build import (
    Lacking,
    Request,
    area_code,
    delivered,
    manifest,
    needed,
    rendered,
    texts_missing,
)
from cmswp_xl.documents.revisions import revisions_context
from cmswp_xl.errors import Misuse, UnfitData
from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.pipeline import totals_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from cmswp_xl.compare import Comparison
    from cmswp_xl.languages import Language
    from cmswp_xl.pipeline import Checkup
    from cmswp_xl.validate import TypedTable

__all__ = ["COMPARED", "REVISIONS", "build_compared", "compared", "summary_of_revisions"]

REVISIONS = "revisions"
"""The summary of revisions, by its name among the documents."""

COMPARED = "annex-compared"
"""The annex that shows two versions side by side."""


def compared(old: Checkup, new: Checkup) -> Comparison:
    """
    Compare two workbooks.

    What was typed is always compared; figures only where neither workbook has errors.
    """
    return compare(_version(old), _version(new))


def _version(checkup: Checkup) -> Version:
    """Return a workbook as one of two versions: what was typed, and its figures if it is sound."""
    programme = checkup.checked.programme
    return Version(
        name=checkup.name,
        sha256=checkup.sha256,
        tables={name: _rows(typed) for name, typed in checkup.checked.typed.items()},
        totals=None if programme is None else compute_totals(programme),
        errors=checkup.errors,
        names=checkup.checked.names,
    )


def _rows(typed: TypedTable) -> Rows:
    schema = typed.table.schema
    columns = {field.name: typed.read(field) for field in schema.inputs()}
    rows = zip(*columns.values(), strict=True)
    return Rows(schema, tuple(dict(zip(columns, values, strict=True)) for values in rows))


def summary_of_revisions(
    old: Checkup, new: Checkup, language: Language, form: str = "docx"
) -> bytes:
    """
    Build the summary of revisions in a language, as `docx` or `html`.

    The old workbook may have errors, for it cannot be mended any more; the effect on figures is
    then left out, and the document says so. Raises `UnfitData` where the new one has errors or
    lacks texts that the document prints.
    """
    settings = totals_of(new).programme.settings
    context, lacking = revisions_context(compared(old, new), language)
    if lacking:
        missing = [Lacking(text, language) for text in lacking]
        raise texts_missing(missing, new.checked.typed, new.name)
    return rendered(REVISIONS, form, context, settings, language, Request())


def build_compared(
    old: Checkup,
    new: Checkup,
    request: Request,
    done: Callable[[str], None] = lambda _name: None,
) -> dict[str, bytes]:
    """
    Build the annex with both versions side by side, by file name, and its manifest.

    Raises `UnfitData` where one of the workbooks has errors, where they are in different
    currencies, or where texts are missing; `Misuse` for another document or an unknown area.
    """
    if any(name != "annex" for name in request.documents):
        raise Misuse("compare-annex-only")
    before, after = (totals_of(side, request.scenario) for side in (old, new))
    comparison, settings = compared(old, new), after.programme.settings
    currencies = before.programme.settings.currency, settings.currency
    if currencies[0] != currencies[1]:
        raise UnfitData("compare-currencies", old=currencies[0], new=currencies[1])
    areas: list[str | None] = [area_code(after.programme, code) for code in request.areas]
    files: dict[str, bytes] = {}
    missing: list[Lacking] = []
    for language in request.languages:
        for area in areas or [None]:
            context, lacking = compared_context(comparison, before, after, language, area)
            missing += [Lacking(text, language) for text in lacking]
            for form in () if missing else needed(request.formats):
                stem = COMPARED if area is None else f"{COMPARED}-{area}"
                file = f"{stem}.{language.value}.{form}"
                files[file] = rendered(COMPARED, form, context, settings, language, request)
                done(file)
    if missing:
        raise texts_missing(missing, new.checked.typed, new.name)
    files = delivered(files, request)
    older = {"workbook": old.name, "sha256": old.sha256}
    files["manifest.json"] = manifest(new.name, new.sha256, settings, files, compared_with=older)
    return files
