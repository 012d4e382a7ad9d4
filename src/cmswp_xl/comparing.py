"""
The use cases that take two workbooks: what changed, its summary, the annex set side by side.

Nothing is printed or written here; the command line and others call these and show what comes
back.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cmswp_xl.compare import Rows, Version, compare
from cmswp_xl.documents.annex_compared import compared_context
from cmswp_xl.documents.build import PDF, Lacking, area_code, delivered, located, manifest
from cmswp_xl.documents.revisions import revisions_context
from cmswp_xl.errors import Misuse, UnfitData
from cmswp_xl.figures.totals import reckon
from cmswp_xl.pipeline import reckoning_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cmswp_xl.compare import Comparison
    from cmswp_xl.documents.page import Printed
    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Settings
    from cmswp_xl.pipeline import Checkup, Request
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


def summary_of_revisions(
    old: Checkup, new: Checkup, language: Language, form: str = "docx"
) -> bytes:
    """
    Build the summary of revisions in a language, as `docx` or `html`.

    The old workbook may have errors, for it cannot be mended any more; the effect on figures is
    then left out, and the document says so. Raises `UnfitData` where the new one has errors or
    lacks texts that the document prints.
    """
    reckoning = reckoning_of(new)
    context, missing = revisions_context(compared(old, new), language)
    _refuse(missing, [language], new)
    return _rendered(REVISIONS, form, context, reckoning.programme.settings, language)


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
    before, after = (reckoning_of(side, request.scenario) for side in (old, new))
    comparison = compared(old, new)
    settings = after.programme.settings
    if before.programme.settings.currency != settings.currency:
        currencies = before.programme.settings.currency, settings.currency
        raise UnfitData("compare-currencies", old=currencies[0], new=currencies[1])
    areas: list[str | None] = [area_code(after.programme, code) for code in request.areas]
    files: dict[str, bytes] = {}
    missing: list[MissingText] = []
    for language in request.languages:
        for area in areas or [None]:
            context, lacking = compared_context(comparison, before, after, language, area)
            missing += [text for text in lacking if text not in missing]
            forms = dict.fromkeys("docx" if form == PDF else form for form in request.formats)
            for form in () if missing else forms:
                stem = COMPARED if area is None else f"{COMPARED}-{area}"
                file = f"{stem}.{language.value}.{form}"
                files[file] = _rendered(
                    COMPARED, form, context, settings, language, request.templates
                )
                done(file)
    _refuse(missing, request.languages, new)
    files = delivered(files, request)
    files["manifest.json"] = _manifest(old, new, settings, files)
    return files


def _version(checkup: Checkup) -> Version:
    """Give a workbook as one of two versions: what was typed, and its figures if it is sound."""
    programme = checkup.checked.programme
    return Version(
        name=checkup.name,
        sha256=checkup.sha256,
        tables={name: _rows(typed) for name, typed in checkup.checked.typed.items()},
        reckoning=None if programme is None else reckon(programme),
        errors=checkup.errors,
        names=checkup.checked.names,
    )


def _rows(typed: TypedTable) -> Rows:
    schema = typed.table.schema
    names = [field.name for field in schema.inputs()]
    columns = [typed.read(field) for field in schema.inputs()]
    rows = zip(*columns, strict=True)
    return Rows(schema, tuple(dict(zip(names, values, strict=True)) for values in rows))


def _refuse(missing: Sequence[MissingText], languages: Sequence[Language], new: Checkup) -> None:
    """Refuse a document that would lack texts; raises `UnfitData` with each at its cell."""
    if not missing:
        return
    found = [
        located(Lacking(text, language), new.checked.typed)
        for language in languages
        for text in missing
        if text.field.endswith(f"_{language.value}")
    ]
    texts = tuple(dict.fromkeys(found))
    names = tuple(dict.fromkeys(text.language for text in texts))
    raise UnfitData(
        "missing-texts", workbook=new.name, count=len(texts), languages=names, texts=texts
    )


def _manifest(old: Checkup, new: Checkup, settings: Settings, files: dict[str, bytes]) -> bytes:
    content = json.loads(manifest(new.name, new.sha256, settings, files))
    content["compared_with"] = {"workbook": old.name, "sha256": old.sha256}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _rendered(
    name: str,
    form: str,
    context: Printed,
    settings: Settings,
    language: Language,
    templates: Path | None = None,
) -> bytes:
    from cmswp_xl.render import Properties, render_docx, render_html

    if form == "html":
        return render_html(name, context, templates)
    author = settings.prepared_by.given(language) or ""
    properties = Properties(
        context.title, author, context.tag, settings.document_date, context.landscape
    )
    return render_docx(name, context, properties, templates)
