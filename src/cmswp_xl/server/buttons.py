"""
The buttons of the ribbon and of the task pane, as scripts of xlwings-server.

Each hands its message to the place it was pressed in: a dialog for the ribbon, the pane for the
pane. Only what is decorated can be called from outside.
"""

from typing import TYPE_CHECKING

import xlwings as xw
from fastapi import HTTPException

from cmswp_xl.errors import CmswpError
from cmswp_xl.excel import macros
from cmswp_xl.issues import Severity
from cmswp_xl.languages import Language, Words
from cmswp_xl.wording import worded_error
from cmswp_xl.wording.taskpane import ADDIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from cmswp_xl.excel.told import Told

_UNFIT = 422
_MODES = {Severity.ERROR: "critical"}


@xw.script
def validate(book: xw.Book, language: str = "en", place: str = "ribbon") -> None:
    """Check the book, list its issues and mark the cells."""
    _press(macros.validate, book, language, place)


@xw.script
def next_issue(book: xw.Book, language: str = "en", place: str = "ribbon") -> None:
    """Go to the next issue."""
    _press(macros.next_issue, book, language, place)


@xw.script
def clear_marks(book: xw.Book, language: str = "en", place: str = "ribbon") -> None:
    """Remove the marks."""
    _press(macros.clear_marks, book, language, place)


@xw.script
def refresh_totals(book: xw.Book, language: str = "en", place: str = "ribbon") -> None:
    """Calculate again and tell the totals."""
    _press(macros.refresh_totals, book, language, place)


@xw.script
def unfunded_list(book: xw.Book, language: str = "en", place: str = "ribbon") -> None:
    """List the activities with money to be sought."""
    _press(macros.unfunded_list, book, language, place)


def _press(
    macro: "Callable[[xw.Book, Words], Told]", book: xw.Book, language: object, place: object
) -> None:
    """
    Press a button and tell how it went; what cannot be done is an answer of its own.

    Dialogs and macros go to the book that xlwings took in last, which may be another user's by
    now; so this one is brought to the front first. Nothing else runs until the button is done.
    """
    known = isinstance(language, str) and language in set(Language)
    say = Words(Language(str(language)) if known else Language.EN)
    book.impl.books._active = book.impl  # noqa: SLF001  xlwings has no other way to say so
    try:
        told = macro(book, say)
    except CmswpError as error:
        raise HTTPException(_UNFIT, worded_error(error, say)) from error
    if place == "pane":
        book.app.macro("cmswpTold")(told.text, told.severity.value)
    elif told.text:
        book.app.alert(told.text, say(ADDIN), mode=_MODES.get(told.severity, "info"))
