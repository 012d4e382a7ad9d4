"""What the task pane is answered: a checked book as JSON, and documents as files."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cmswp_xl.errors import UnfitData
from cmswp_xl.listings.issues import issues_json
from cmswp_xl.listings.totals import totals_listing
from cmswp_xl.messages.failures import worded_error
from cmswp_xl.messages.labels import label
from cmswp_xl.pipeline import ALL, Request, build_documents, check_open, reckoning_of, report_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.errors import CmswpError
    from cmswp_xl.languages import Language, Words
    from cmswp_xl.tables import Source

MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "all": "application/zip",
}
"""Media type by format; `all` is every document in every language and format."""

_MANIFEST = "manifest.json"
_MOST_PLACES = 50


@dataclass(frozen=True, slots=True)
class File:
    """A file to download: its name, which is ours and never the caller's, and its content."""

    name: str
    media: str
    data: bytes


def check_answer(source: Source, say: Words) -> dict[str, Any]:
    """
    Check a book: its issues, the checks left out, and the totals by area where it has no errors.

    Raises `UnreadableWorkbook` for a book without any table of a programme.
    """
    checkup = check_open(source)
    report = report_of(checkup)
    answer: dict[str, Any] = json.loads(issues_json([report], say))
    answer.pop("sha256", None)
    answer["skipped"] = [label("skipped-check", word, say) for word in report.skipped]
    answer["totals"] = None
    if not checkup.errors:
        answer["totals"] = totals_listing(reckoning_of(checkup), "area", say.language).content()
    return answer


def document_answer(source: Source, form: str, language: Language) -> File:
    """
    Make a document of a book, or all of them as one ZIP file.

    Raises `UnfitData` where the book has errors or lacks texts.
    """
    checkup = check_open(source)
    if form == "all":
        request = Request((ALL,))
        return File("documents.zip", MEDIA[form], _zipped(build_documents(checkup, request)))
    files = build_documents(checkup, Request(languages=(language,), formats=(form,)))
    name = next(name for name in files if name != _MANIFEST)
    return File(name, MEDIA[form], files[name])


def error_answer(error: CmswpError, say: Words) -> dict[str, Any]:
    """Word an error for the pane: its reason, its text, and the cells that it is about."""
    answer: dict[str, Any] = {"reason": error.reason, "detail": worded_error(error, say)}
    texts = error.values.get("texts")
    if isinstance(error, UnfitData) and isinstance(texts, tuple):
        languages = dict.fromkeys(text.language for text in texts)
        answer["languages"] = ", ".join(label("language", word, say) for word in languages)
        answer["places"] = [
            {"sheet": text.sheet, "cell": text.cell, "text": text.title}
            for text in texts[:_MOST_PLACES]
        ]
    return answer


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Pack files with fixed times, so that the same book gives the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
