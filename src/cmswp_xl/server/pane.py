"""What the task pane is answered: a checked book, and documents to fetch."""

from __future__ import annotations

import io
import json
import secrets
import zipfile
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from cmswp_xl.documents.build import FORMATS, MissingCell, Request
from cmswp_xl.errors import CmswpError, UnfitData
from cmswp_xl.listings.issues import issues_json, languages_made
from cmswp_xl.listings.totals import totals_listing
from cmswp_xl.messages.failures import worded_error
from cmswp_xl.messages.labels import label
from cmswp_xl.pipeline import build_documents, check_open, report_of, totals_of
from cmswp_xl.registry import ALL, ANNEX
from cmswp_xl.resources import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from anyio import CapacityLimiter

    from cmswp_xl.languages import Language, Words
    from cmswp_xl.tables import Source

_T = TypeVar("_T")

UNFIT = 422
LIFETIME = 120.0
"""How long a document waits to be fetched, in seconds."""

_MOST_WAITING = 200_000_000
_MOST_PLACES = 50
_AT_ONCE = 1
"""
More threads would only take turns, each with a book in memory, and keep plain pages waiting; books
wait for theirs in the order they came.
"""
_MANIFEST = "manifest.json"
_MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file to download: its name, which is ours and never the caller's, and its content."""

    name: str
    media: str
    data: bytes


class Downloads:
    """
    Documents that wait in memory to be fetched once, by a link that nobody can guess.

    Desktop Excel shows the task pane in a web view that may not save files. There the user's own
    browser fetches the document; it is not signed in, so the link itself is the key.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._waiting: dict[str, tuple[File, float]] = {}

    def add(self, file: File) -> str:
        """Keep a document and return the key to it; where there are too many, the oldest go."""
        self._sweep()
        key = secrets.token_urlsafe(32)
        self._waiting[key] = file, self._clock() + LIFETIME
        while sum(len(kept.data) for kept, _ in self._waiting.values()) > _MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
        return key

    def take(self, key: str) -> File | None:
        """Return the document of a key, which is then used up."""
        self._sweep()
        return self._waiting.pop(key, (None, 0.0))[0]

    def _sweep(self) -> None:
        now = self._clock()
        self._waiting = {key: kept for key, kept in self._waiting.items() if kept[1] >= now}


async def run_in_turn(work: Callable[[], _T]) -> _T:
    """Run work beside the event loop; what still runs when the server stops is left."""
    from anyio import to_thread

    return await to_thread.run_sync(work, limiter=_limiter(), abandon_on_cancel=True)


@cache
def _limiter() -> CapacityLimiter:
    from anyio import CapacityLimiter

    return CapacityLimiter(_AT_ONCE)


def pane_texts(say: Words) -> dict[str, str]:
    """Return the words of the task pane in a language, their places unfilled."""
    return {key: say(text) for key, text in texts("ribbon")["pane"].items()}


def check_answer(source: Source, say: Words) -> dict[str, Any]:
    """Return issues with the keys of their rows, checks left out, totals where no errors are."""
    checkup = check_open(source)
    report = report_of(checkup)
    answer: dict[str, Any] = json.loads(issues_json([report], say))
    answer.pop("sha256", None)
    answer["keys"] = [issue.key for issue in report.issues]
    answer["skipped"] = [label("skipped-check", word, say) for word in report.skipped]
    answer["totals"] = None
    if not checkup.errors:
        answer["totals"] = totals_listing(totals_of(checkup), "area", say.language).content()
    return answer


def document_answer(
    source: Source, form: str, languages: Sequence[Language], say: Words
) -> tuple[File, dict[str, Any]]:
    """
    Make the annex of a book in a format, or all documents; several files as one ZIP file.

    They are made in those of the languages that lack no texts; return also what to say of it.
    """
    kind, formats = ("documents", FORMATS) if form == ALL else (ANNEX, (form,))
    request = Request((ALL if form == ALL else ANNEX,), languages, formats)
    made = build_documents(check_open(source), request)
    files = made.files
    missing = list(dict.fromkeys(text for one in made.left_out for text in one.texts))
    told = {"told": "\n".join(languages_made(made, say)), "places": _places(missing)}
    names = [name for name in files if name != _MANIFEST]
    if len(names) == 1:
        return File(names[0], _MEDIA[form], files[names[0]]), told
    return File(f"{kind}.zip", _MEDIA["zip"], _zipped(files)), told


def error_answer(error: CmswpError, say: Words) -> dict[str, Any]:
    """Word an error for the pane: its reason, its text, and the cells that it is about."""
    answer: dict[str, Any] = {"reason": error.reason, "detail": worded_error(error, say)}
    texts = error.values.get("texts")
    if isinstance(error, UnfitData) and isinstance(texts, tuple):
        languages = dict.fromkeys(text.language for text in texts)
        answer["languages"] = say.listed([label("language", word, say) for word in languages])
        answer["places"] = _places(texts)
    return answer


def _places(texts: Sequence[MissingCell]) -> list[dict[str, str | None]]:
    return [
        {"sheet": text.sheet, "cell": text.cell, "text": text.title}
        for text in texts[:_MOST_PLACES]
    ]


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Pack files with fixed times, so that the same book gives the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
