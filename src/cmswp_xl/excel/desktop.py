"""The buttons of the ribbon in desktop Excel."""

from __future__ import annotations

import logging
import os
import sys
import webbrowser
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

import xlwings as xw

from cmswp_xl.addin.machine import documents_folder as configured_folder
from cmswp_xl.addin.machine import log_file
from cmswp_xl.errors import CmswpError, UnwritableOutput
from cmswp_xl.excel import macros
from cmswp_xl.excel.told import Told
from cmswp_xl.issues import Severity
from cmswp_xl.languages import DOCUMENT_LANGUAGES, Language, Words
from cmswp_xl.listings.html import guide_html
from cmswp_xl.messages.failures import worded_error
from cmswp_xl.pipeline import ALL, FORMATS, Request
from cmswp_xl.storage import write_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Locate = Callable[[str], str]


def documents_folder(book: xw.Book, configured: Path | None, locate: Locate | None = None) -> Path:
    """
    Give the folder for the documents of a book: one of its name, so that books stay apart.

    It lies in the configured folder, or beside the book. `locate` turns the web address under
    which Excel knows a book of OneDrive or SharePoint into the path of its local copy. Raises
    `UnwritableOutput` where the book was never saved, or has no local copy.
    """
    name = str(book.fullname)
    if configured is not None:
        return configured / _stem(book.name)
    if _is_web_address(name):
        name = _local(name, book.name, locate or _local_copy)
    path = Path(name)
    if path.parent == Path() and not path.is_absolute():
        raise UnwritableOutput("book-not-saved", workbook=book.name)
    return path.parent / _stem(book.name)


def _is_web_address(name: str) -> bool:
    return name.lower().startswith(("https://", "http://"))


def _stem(name: str) -> str:
    return PureWindowsPath(name).stem.strip(" .") or "workbook"


def _local(address: str, workbook: str, locate: Locate) -> str:
    try:
        return locate(address)
    except Exception as error:  # xlwings' search for a local copy fails in many ways
        raise UnwritableOutput("no-local-copy", workbook=workbook) from error


def _local_copy(address: str) -> str:
    """Ask xlwings, which knows how OneDrive and SharePoint lay their folders out."""
    from xlwings.utils import fullname_url_to_local_path

    return str(fullname_url_to_local_path(address))


TITLE = "CMS Programme"
_MODES = {Severity.ERROR: "critical"}


def press(name: str, language: str, publish: str) -> None:
    """
    Do what a button of the ribbon stands for and tell the user how it went.

    `language` is that of Excel's own words, `publish` that of the documents or "all". No error
    leaves here: it is told in words, and one that was not foreseen is written to the log.
    """
    say = Words(_language(language))
    book: Any = None
    try:
        book = xw.Book.caller()
        told = BUTTONS[name](book, say, publish)
    except CmswpError as error:
        told = Told(worded_error(error, say), Severity.ERROR)
    except Exception as error:  # noqa: BLE001  the ribbon shows no traceback to staff
        told = Told(_logged(error, name, say), Severity.ERROR)
    _tell(book, told)


def _language(word: str) -> Language:
    return Language(word) if word in set(Language) else Language.EN


def _tell(book: Any, told: Told) -> None:
    """Show the message; where Excel takes none, it goes to standard error, which xlwings shows."""
    if not told.text:
        return
    if book is None:
        sys.stderr.write(f"{told.text}\n")
        return
    book.app.alert(told.text, title=TITLE, mode=_MODES.get(told.severity, "info"))


def _logged(error: Exception, name: str, say: Words) -> str:
    """Write an unforeseen error to the log and give the message that names the log."""
    path = log_file(os.environ, sys.platform)
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("cmswp_xl.excel")
    logger.addHandler(handler)
    try:
        logger.error("button %s failed", name, exc_info=error)
    finally:
        logger.removeHandler(handler)
        handler.close()
    return worded_error(CmswpError("unexpected-in-excel", path=str(path)), say)


def _documents(kind: str, formats: Sequence[str]) -> Callable[[xw.Book, Words, str], Told]:
    def make(book: xw.Book, say: Words, publish: str) -> Told:
        languages = [_language(publish)] if publish in set(Language) else DOCUMENT_LANGUAGES
        request = Request((kind,), languages, formats)
        return macros.documents(book, say, request, _folder(book))

    return make


def _folder(book: xw.Book) -> Path:
    configured = configured_folder(os.environ, sys.platform)
    return documents_folder(book, configured)


def _open_folder(book: xw.Book, say: Words, _publish: str) -> Told:
    """Show the folder of the book's documents in the file manager."""
    folder = _folder(book)
    if not folder.is_dir():
        return Told(say("There are no documents of this workbook yet."), Severity.WARNING)
    webbrowser.open(folder.as_uri())
    return Told("")


def _guide(_book: xw.Book, say: Words, _publish: str) -> Told:
    """Show the guide in the browser."""
    log = log_file(os.environ, sys.platform)
    path = log.with_name(f"guide.{say.language}.html")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, guide_html(say).encode())
    webbrowser.open(path.as_uri())
    return Told("")


def _plain(macro: Callable[[xw.Book, Words], Told]) -> Callable[[xw.Book, Words, str], Told]:
    def run(book: xw.Book, say: Words, _publish: str) -> Told:
        return macro(book, say)

    return run


BUTTONS: Mapping[str, Callable[[xw.Book, Words, str], Told]] = {
    "validate": _plain(macros.validate),
    "next_issue": _plain(macros.next_issue),
    "clear_marks": _plain(macros.clear_marks),
    "refresh_totals": _plain(macros.refresh_totals),
    "unfunded_list": _plain(macros.unfunded_list),
    "word_annex": _documents("annex", ["docx"]),
    "html_annex": _documents("annex", ["html"]),
    "all_documents": _documents(ALL, FORMATS),
    "open_folder": _open_folder,
    "guide": _guide,
    "about": lambda _book, say, _publish: macros.about(say),
}
"""What each button does, by the name that the ribbon calls it by."""
