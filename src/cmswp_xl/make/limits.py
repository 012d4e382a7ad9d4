"""What may be typed in a cell: drop-down lists, limits, and the messages of both."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cmswp_xl.make.formulas import list_name

if TYPE_CHECKING:
    from cmswp_xl.make.book import Book
    from cmswp_xl.schema import Field

TITLE_ROOM, MESSAGE_ROOM = 32, 255
"""The characters that Excel allows in the title and the text of a message."""
_FIRST_DATE, _LAST_DATE = dt.date(1901, 1, 1), dt.date(2200, 12, 31)
_IN_PERIOD = frozenset({"costs", "funding"})


def validation(book: Book, table: str, item: Field) -> dict[str, Any]:
    """Return the XlsxWriter options of the validation of an input field: limits and messages."""
    return {
        **_rule(book, table, item),
        "input_title": shortened(item.titles[book.language], TITLE_ROOM),
        "input_message": shortened(item.help[book.language], MESSAGE_ROOM),
    }


def codes_name(table: str) -> str:
    """Return the defined name of the codes of a table, which grows with it."""
    return f"list_{table}"


def shortened(text: str, room: int) -> str:
    """Cut a text at a space, marking the cut, where it has no room."""
    if len(text) <= room:
        return text
    return text[: room - 1].rsplit(" ", 1)[0] + "…"


def _rule(book: Book, table: str, item: Field) -> dict[str, Any]:
    say = book.say
    if item.enum:
        message = say("Choose one of the words of the list, in any of the three languages.")
        source = f"={list_name(table, item)}"
        rule = _stop(book, message, "list", ignore_blank=not item.required, source=source)
        return {**rule, "error_type": "information", "error_title": say("Not in the list")}
    if item.reference and not item.list:
        schema = book.schemas[item.reference.table]
        message = say(
            "Choose a code of the list. A new code is entered first in the sheet {sheet}.",
            sheet=schema.titles[book.language],
        )
        source = f"={codes_name(schema.table)}"
        return _stop(book, message, "list", ignore_blank=not item.required, source=source)
    if item.offered or item.choices:
        name = codes_name(item.offered) if item.offered else list_name(table, item)
        return {"validate": "list", "source": f"={name}", "show_error": False}
    bounds, kind, blank = _bounds(item), "decimal" if item.numeric else "integer", True
    first, last = bounds.values()
    if item.type == "date":
        kind, first, last = "date", _FIRST_DATE, _LAST_DATE
        message = say("Type a date, for example 2027-01-31.")
    elif item.numeric:
        message = say(
            "Type a number from {least} to {most}, without a currency sign or other text.",
            **bounds,
        )
    elif item.type == "integer":
        message = say("Type a whole number from {least} to {most}.", **bounds)
    elif item.type == "year" and table in _IN_PERIOD:
        message = say(
            "Type a year of the programme’s period, or leave the cell blank for the whole period."
        )
        names = ("Programme_period_start", "Programme_period_end")
        first, last = map("=IF(ISNUMBER({0}),{0},{1})".format, names, bounds.values())
        blank = False
    elif item.type == "year":
        message = say("Type a year in four digits, from {least} to {most}.", **bounds)
    else:
        return {"validate": "any"}
    between = {"criteria": "between", "minimum": first, "maximum": last}
    return _stop(book, message, kind, ignore_blank=blank, **between)


def _bounds(item: Field) -> dict[str, Any]:
    """Return the least and the greatest number of a field, as the validation writes them."""
    most = 10**12 if item.numeric else 9999
    bounds = {"least": item.minimum or Decimal(0), "most": item.maximum or Decimal(most)}
    return {
        name: f"{bound:f}" if item.numeric else str(int(bound)) for name, bound in bounds.items()
    }


def _stop(
    book: Book, message: str, kind: str, *, ignore_blank: bool = False, **rule: object
) -> dict[str, Any]:
    """
    Return the options that reject what does not fit; with `ignore_blank`, a cell may be blank.

    Where a rule refers to other cells, Excel lets everything through if one of these is blank and
    blanks are ignored.
    """
    return {
        "validate": kind,
        **rule,
        "error_type": "stop",
        "error_title": shortened(book.say("Not possible here"), TITLE_ROOM),
        "error_message": shortened(message, MESSAGE_ROOM),
        "ignore_blank": ignore_blank,
    }
