"""
What Excel hands over for a cell, made the plain value that the rest of the program knows.

The desktop gives COM values (error cells as integers, currency as `Decimal`, dates with a time
zone), the server JSON values (error cells as objects, dates as serial numbers, blanks as "").
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import ErrorValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.cells import Raw

ERRORS: Mapping[int, str] = {
    2000: "#NULL!",
    2007: "#DIV/0!",
    2015: "#VALUE!",
    2023: "#REF!",
    2029: "#NAME?",
    2036: "#NUM!",
    2042: "#N/A",
    2043: "#GETTING_DATA",
    2045: "#SPILL!",
    2046: "#CONNECT!",
    2047: "#BLOCKED!",
    2048: "#UNKNOWN!",
    2049: "#FIELD!",
    2050: "#CALC!",
}
"""The error values of Excel by the number that VBA knows them by."""

_TEXTS = frozenset((*ERRORS.values(), "#BUSY!", "#PYTHON!", "#TIMEOUT!", "#EXTERNAL!", "#DATA!"))
_COM_BASE = -2_146_828_288
"""Over COM an error cell is this plus its number; no other cell is an integer there."""
_DAY_ZERO = dt.date(1899, 12, 30)
_HALF_SECOND = 500_000


def raw(value: Any) -> Raw:
    """
    Give the plain value of a cell, whatever path it came by.

    A moment at midnight is a date, an empty text is blank, an error cell an `ErrorValue`.
    """
    if value is None or isinstance(value, (float, bool)):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        error = ERRORS.get(value - _COM_BASE)
        return value if error is None else ErrorValue(error)
    if isinstance(value, dt.datetime):
        return _moment(value)
    if isinstance(value, (dt.date, dt.time, ErrorValue)):
        return value
    if isinstance(value, Decimal):
        return _number(value)
    return _object(value) if isinstance(value, dict) else str(value)


def _text(value: str) -> Raw:
    if not value:
        return None
    return ErrorValue(value) if value[0] == "#" and value in _TEXTS else value


def _moment(value: dt.datetime) -> Raw:
    """Round to the second, as Excel stores moments as fractions of a day; cells have no zone."""
    plain = dt.datetime(*value.timetuple()[:6])  # noqa: DTZ001 - cells have no zone
    if value.microsecond >= _HALF_SECOND and plain.year < dt.MAXYEAR:
        plain += dt.timedelta(seconds=1)
    if plain.date() == _DAY_ZERO:
        return plain.time()
    return plain.date() if plain.time() == dt.time() else plain


def _number(value: Decimal) -> float:
    if not value.is_finite():
        return math.nan
    return int(value) if value == value.to_integral_value() else float(value)


def _object(value: Mapping[str, Any]) -> Raw:
    """Take a value that Office.js describes: an error, or one with a format of its own."""
    shown = value.get("basicValue")
    if value.get("type") == "Error":
        return ErrorValue(str(shown or "#VALUE!"))
    return None if isinstance(shown, dict) else raw(shown)
