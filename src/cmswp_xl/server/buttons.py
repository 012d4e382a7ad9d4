"""
The buttons of the ribbon and of the task pane, as scripts of xlwings-server.

Each hands its message to the place it was pressed in: a dialog for the ribbon, the pane for the
pane. Only what is decorated can be called from outside. Buttons work beside the event loop.
"""

from collections.abc import Callable
from copy import copy
from typing import Any

import xlwings as xw
from fastapi import HTTPException

from cmswp_xl.errors import CmswpError
from cmswp_xl.excel import entering, macros
from cmswp_xl.issues import Severity
from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.failures import worded_error
from cmswp_xl.resources import texts
from cmswp_xl.server.pane import UNFIT, run_in_turn

Macro = Callable[[xw.Book, Words], macros.Message]

_ADDIN = texts("ribbon")["addin"]
_MODES = {Severity.ERROR: "critical"}


def _button(macro: "Macro") -> Any:
    async def pressed(book: xw.Book, language: str = "en", place: str = "ribbon") -> None:
        await run_in_turn(lambda: press(macro, book, language, place))

    pressed.__name__, pressed.__doc__ = macro.__name__, macro.__doc__
    return xw.script(pressed)


validate = _button(macros.validate)
next_issue = _button(macros.next_issue)
clear_marks = _button(macros.clear_marks)
refresh_totals = _button(macros.refresh_totals)
unfunded_list = _button(macros.unfunded_list)
take_over = _button(entering.take_over)
renumber = _button(entering.renumber)
approve = _button(entering.approve)


def press(macro: "Macro", book: xw.Book, language: object, place: object) -> None:
    """Press a button and show how it went; what cannot be done is an answer of its own."""
    known = isinstance(language, str) and language in set(Language)
    say = Words(Language(str(language)) if known else Language.EN)
    _isolate(book)
    try:
        message = macro(book, say)
    except CmswpError as error:
        raise HTTPException(UNFIT, worded_error(error, say)) from error
    if place == "pane":
        book.app.macro("cmswpTold")(message.text, message.severity.value)
    elif message.text:
        book.app.alert(message.text, say(_ADDIN), mode=_MODES.get(message.severity, "info"))


def _isolate(book: xw.Book) -> None:
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
