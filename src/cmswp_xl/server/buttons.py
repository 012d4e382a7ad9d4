"""
The buttons of the ribbon and of the task pane, as scripts of xlwings-server.

Each hands its message to the place it was pressed in: a dialog for the ribbon, the pane for the
pane. Only what is decorated can be called from outside. Buttons work beside the event loop.
"""

from copy import copy
from typing import TYPE_CHECKING

import xlwings as xw
from fastapi import HTTPException

from cmswp_xl.errors import CmswpError
from cmswp_xl.excel import macros
from cmswp_xl.issues import Severity
from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.failures import worded_error
from cmswp_xl.messages.ribbon import ADDIN
from cmswp_xl.server.workers import run_beside

if TYPE_CHECKING:
    from collections.abc import Callable

    from cmswp_xl.excel.told import Told

_UNFIT = 422
_MODES = {Severity.ERROR: "critical"}


@xw.script
async def validate(book: xw.Book, language: str = "en", place: str = "ribbon") -> None:
    """Check the book, list its issues and mark the cells."""
    await run_beside(lambda: _press(macros.validate, book, language, place))


@xw.script
async def next_issue(book: xw.Book, language: str = "en", place: str = "ribbon") -> None:
    """Go to the next issue."""
    await run_beside(lambda: _press(macros.next_issue, book, language, place))


@xw.script
async def clear_marks(book: xw.Book, language: str = "en", place: str = "ribbon") -> None:
    """Remove the marks."""
    await run_beside(lambda: _press(macros.clear_marks, book, language, place))


@xw.script
async def refresh_totals(book: xw.Book, language: str = "en", place: str = "ribbon") -> None:
    """Calculate again and tell the totals."""
    await run_beside(lambda: _press(macros.refresh_totals, book, language, place))


@xw.script
async def unfunded_list(book: xw.Book, language: str = "en", place: str = "ribbon") -> None:
    """List the activities with money to be sought."""
    await run_beside(lambda: _press(macros.unfunded_list, book, language, place))


def _press(
    macro: "Callable[[xw.Book, Words], Told]", book: xw.Book, language: object, place: object
) -> None:
    """Press a button and tell how it went; what cannot be done is an answer of its own."""
    known = isinstance(language, str) and language in set(Language)
    say = Words(Language(str(language)) if known else Language.EN)
    _stand_alone(book)
    try:
        told = macro(book, say)
    except CmswpError as error:
        raise HTTPException(_UNFIT, worded_error(error, say)) from error
    if place == "pane":
        book.app.macro("cmswpTold")(told.text, told.severity.value)
    elif told.text:
        book.app.alert(told.text, say(ADDIN), mode=_MODES.get(told.severity, "info"))


def _stand_alone(book: xw.Book) -> None:
    """
    Give a book an application in which no other book is ever the active one.

    xlwings keeps the books of all users in one, where dialogs, macros and the selection are those
    of the book that came in last, which may be another user's by now. The list of books stays the
    common one, out of which each is taken when it is closed.
    """
    books = copy(book.impl.books)
    books.app = copy(books.app)
    books.app._books, books._active = books, book.impl  # noqa: SLF001  xlwings has no other way
    book.impl.books = books
