"""The buttons of the ribbon in desktop Excel."""

from __future__ import annotations

import logging
import os
import sys
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path, PureWindowsPath
from typing import Any

import xlwings as xw
from xlwings.utils import fullname_url_to_local_path

from cmswp_xl.addin.machine import Folders
from cmswp_xl.documents.build import FORMATS, Request
from cmswp_xl.errors import CmswpError, UnwritableOutput
from cmswp_xl.excel import entering, macros
from cmswp_xl.excel.macros import Message
from cmswp_xl.issues import Severity
from cmswp_xl.languages import DOCUMENT_LANGUAGES, Language, Words
from cmswp_xl.listings.issues import guide_html
from cmswp_xl.messages.failures import worded_error
from cmswp_xl.registry import ALL, ANNEX
from cmswp_xl.storage import write_file

Button = Callable[[xw.Book, Words, str], Message]

TITLE = "CMS Programme"
_MODES = {Severity.ERROR: "critical"}


def press(name: str, language: str, publish: str) -> None:
    """
    Do what a button of the ribbon stands for and show the user how it went.

    `language` is that of Excel's own words, `publish` that of the documents or "all". No error
    leaves here: it is put in words, and one that was not foreseen is written to the log.
    """
    say = Words(Language(language) if language in set(Language) else Language.EN)
    book: Any = None
    try:
        book = xw.Book.caller()
        message = BUTTONS[name](book, say, publish)
    except CmswpError as error:
        message = Message(worded_error(error, say), Severity.ERROR)
    except Exception as error:  # noqa: BLE001  the ribbon shows no traceback to staff
        message = Message(_logged(error, name, say), Severity.ERROR)
    if message.text and book is None:
        sys.stderr.write(f"{message.text}\n")  # which xlwings shows
    elif message.text:
        mode = _MODES.get(message.severity, "info")
        book.app.alert(message.text, title=TITLE, mode=mode)


def documents_folder(
    book: xw.Book,
    configured: Path | None,
    locate: Callable[[str], str] = fullname_url_to_local_path,
) -> Path:
    """
    Return the folder for the documents of a book: one of its name, so that books stay apart.

    It lies in the configured folder, or beside the book. `locate` turns the web address under
    which Excel knows a book of OneDrive or SharePoint into the path of its local copy. Raise
    `UnwritableOutput` where the book was never saved, or has no local copy.
    """
    name, stem = str(book.fullname), PureWindowsPath(book.name).stem.strip(" .") or "workbook"
    if configured is not None:
        return configured / stem
    if name.lower().startswith(("https://", "http://")):
        try:
            name = str(locate(name))
        except Exception as error:  # xlwings' search for a local copy fails in many ways
            raise UnwritableOutput("no-local-copy", workbook=book.name) from error
    path = Path(name)
    if path.parent == Path() and not path.is_absolute():
        raise UnwritableOutput("book-not-saved", workbook=book.name)
    return path.parent / stem


def _logged(error: Exception, name: str, say: Words) -> str:
    """Write an unforeseen error to the log and return the message that names the log."""
    path = Folders(sys.platform, os.environ).log
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


def _folder(book: xw.Book) -> Path:
    return documents_folder(book, Folders(sys.platform, os.environ).documents)


def _documents(
    kind: str, formats: Sequence[str], book: xw.Book, say: Words, publish: str
) -> Message:
    languages = (
        [Language(publish)] if publish in set(DOCUMENT_LANGUAGES) else list(DOCUMENT_LANGUAGES)
    )
    return macros.documents(book, say, Request((kind,), languages, formats), _folder(book))


def _open_folder(book: xw.Book, say: Words, _publish: str) -> Message:
    folder = _folder(book)
    if not folder.is_dir():
        return Message(say("There are no documents of this workbook yet."), Severity.WARNING)
    webbrowser.open(folder.as_uri())
    return Message("")


def _guide(_book: xw.Book, say: Words, _publish: str) -> Message:
    path = Folders(sys.platform, os.environ).log.with_name(f"guide.{say.language}.html")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, guide_html(say).encode())
    webbrowser.open(path.as_uri())
    return Message("")


BUTTONS: Mapping[str, Button] = {
    "validate": lambda book, say, _publish: macros.validate(book, say),
    "next_issue": lambda book, say, _publish: macros.next_issue(book, say),
    "clear_marks": lambda book, say, _publish: macros.clear_marks(book, say),
    "refresh_totals": lambda book, say, _publish: macros.refresh_totals(book, say),
    "take_over": lambda book, say, _publish: entering.take_over(book, say),
    "renumber": lambda book, say, _publish: entering.renumber(book, say),
    "approve": lambda book, say, _publish: entering.approve(book, say),
    "unfunded_list": lambda book, say, _publish: macros.unfunded_list(book, say),
    "word_annex": partial(_documents, ANNEX, ["docx"]),
    "html_annex": partial(_documents, ANNEX, ["html"]),
    "all_documents": partial(_documents, ALL, FORMATS),
    "open_folder": _open_folder,
    "guide": _guide,
    "about": lambda _book, say, _publish: macros.about(say),
}
"""What each button does, by the name that the ribbon calls it by."""
