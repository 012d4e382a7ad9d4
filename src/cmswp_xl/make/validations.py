"""The drop-downs, limits and input messages of the cells that people fill in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cmswp_xl.make.book import Book
    from cmswp_xl.schema import Field

TITLE_ROOM, MESSAGE_ROOM = 32, 255
"""The characters that Excel allows in the title and the text of a message."""
_FIRST_DATE, _LAST_DATE = dt.date(1901, 1, 1), dt.date(2200, 12, 31)
_IN_PERIOD = frozenset({"costs", "funding"})


def validation(book: Book, table: str, item: Field) -> dict[str, Any]:
    """Give the XlsxWriter options of the validation of an input field."""
    return {
        **_rule(book, table, item),
        "input_title": shortened(item.titles[book.language], TITLE_ROOM),
        "input_message": shortened(item.help[book.language], MESSAGE_ROOM),
    }


def list_name(table: str) -> str:
    """Give the defined name of the codes of a table, which grows with it."""
    return f"list_{table}"


def shortened(text: str, room: int) -> str:
    """Cut a text at a space, marking the cut, where it has no room."""
    if len(text) <= room:
        return text
    return text[: room - 1].rsplit(" ", 1)[0] + "…"


def _rule(book: Book, table: str, item: Field) -> dict[str, Any]:
    if item.enum:
        words = ", ".join(item.enum)
        message = book.say("Choose one of the words of the list: {words}.", words=words)
        return {"validate": "list", "source": list(item.enum), **_stop(book, message)}
    if item.reference and not item.list:
        schema = book.schemas[item.reference.table]
        message = book.say(
            "Choose a code of the list. A new code is entered first in the sheet {sheet}.",
            sheet=schema.titles[book.language],
        )
        source = f"={list_name(schema.table)}"
        return {"validate": "list", "source": source, **_stop(book, message)}
    if item.numeric:
        return _number(book, item)
    if item.type == "integer":
        return _integer(book, item)
    if item.type == "year":
        return _year(book, table, item)
    if item.type == "date":
        message = book.say("Type a date, for example 2027-01-31.")
        bounds = {"minimum": _FIRST_DATE, "maximum": _LAST_DATE}
        return {"validate": "date", "criteria": "between", **bounds, **_free(book, message)}
    return {"validate": "any"}


def _free(book: Book, message: str) -> dict[str, Any]:
    """Give the options that reject what does not fit but let a cell be blank."""
    return _stop(book, message, ignore_blank=True)


def _stop(book: Book, message: str, *, ignore_blank: bool = False) -> dict[str, Any]:
    """
    Give the options that reject what does not fit.

    Where a rule refers to other cells, Excel lets everything through if one of these is blank and
    blanks are ignored.
    """
    return {
        "error_type": "stop",
        "error_title": shortened(book.say("Not possible here"), TITLE_ROOM),
        "error_message": shortened(message, MESSAGE_ROOM),
        "ignore_blank": ignore_blank,
    }


def _number(book: Book, item: Field) -> dict[str, Any]:
    least, most = f"{item.minimum or 0:f}", f"{item.maximum or 10**12:f}"
    message = book.say(
        "Type a number from {least} to {most}, without a currency sign or other text.",
        least=least,
        most=most,
    )
    bounds = {"minimum": least, "maximum": most}
    return {"validate": "decimal", "criteria": "between", **bounds, **_free(book, message)}


def _integer(book: Book, item: Field) -> dict[str, Any]:
    least, most = str(int(item.minimum or 0)), str(int(item.maximum or 9999))
    message = book.say("Type a whole number from {least} to {most}.", least=least, most=most)
    bounds = {"minimum": least, "maximum": most}
    return {"validate": "integer", "criteria": "between", **bounds, **_free(book, message)}


def _year(book: Book, table: str, item: Field) -> dict[str, Any]:
    least, most = str(int(item.minimum or 0)), str(int(item.maximum or 9999))
    if table in _IN_PERIOD:
        message = book.say(
            "Type a year of the programme’s period, or leave the cell blank for the whole period."
        )
        first = _filled_or("Programme_period_start", least)
        last = _filled_or("Programme_period_end", most)
        bounds = {"minimum": first, "maximum": last}
        return {"validate": "integer", "criteria": "between", **bounds, **_stop(book, message)}
    message = book.say(
        "Type a year in four digits, from {least} to {most}.", least=least, most=most
    )
    bounds = {"minimum": least, "maximum": most}
    return {"validate": "integer", "criteria": "between", **bounds, **_free(book, message)}


def _filled_or(name: str, number: str) -> str:
    return f"=IF(ISNUMBER({name}),{name},{number})"
