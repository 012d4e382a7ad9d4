"""
The cells of one sheet, read in a single pass that sees the formula and the stored value alike.

SpreadsheetML as Excel, LibreOffice and other programs write it: with or without cell references,
with any namespace prefix, strings shared or in place.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from cmswp_xl.cells import LAST_COLUMN, LAST_ROW, ErrorValue, NoStoredValue, position

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cmswp_xl.cells import Raw

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROW, _CELL, _VALUE, _FORMULA, _TEXT, _INLINE, _PHONETIC, _ITEM = (
    f"{MAIN} {name}" for name in ("row", "c", "v", "f", "t", "is", "rPh", "si")
)
_ESCAPE = re.compile(r"(?:_x[0-9A-Fa-f]{4}_)+")
_LAST_SERIAL = 2_958_465
_LEAP_DAY_OF_1900 = 60
_DAYS_TO_1904 = 1462
_DAY = 86_400
_LONGEST_INTEGER = 18
_NO_VALUE = NoStoredValue()


class Forbidden(Exception):
    """A part declares a document type, which no workbook does."""


def plain_text(stored: str) -> str:
    """Undo the `_xHHHH_` escapes in which the format writes what XML cannot hold."""
    if "_x" not in stored:
        return stored
    return _ESCAPE.sub(_unescape, stored)


def _unescape(match: re.Match[str]) -> str:
    units = bytes.fromhex("".join(match[0].replace("_x", " ").replace("_", "").split()))
    return units.decode("utf-16-be", "surrogatepass")


def read_strings(data: bytes) -> list[str]:
    """Give the shared strings in order; formatted runs are joined, phonetic guides left out."""
    reader = _StringReader()
    _parse(data, reader.start, reader.end, reader.characters)
    return reader.strings


class _StringReader:
    """Collects the text of each shared string."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._pieces: list[str] = []
        self._text = self._phonetic = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        """Begin an element."""
        if name == _TEXT:
            self._text = not self._phonetic
        elif name == _ITEM:
            self._pieces.clear()
        elif name == _PHONETIC:
            self._phonetic = True

    def end(self, name: str) -> None:
        """End an element."""
        if name == _TEXT:
            self._text = False
        elif name == _ITEM:
            self.strings.append(plain_text("".join(self._pieces)))
        elif name == _PHONETIC:
            self._phonetic = False

    def characters(self, text: str) -> None:
        """Take characters between elements."""
        if self._text:
            self._pieces.append(text)


class CellReader:
    """
    Reads the cells of a sheet and hands each filled one to `receive(row, column, value, style)`.

    `dates` are the indexes of the cell styles that show a date; `epoch_1904` is true for
    workbooks that count their days from 1904.
    """

    def __init__(
        self,
        strings: Sequence[str],
        dates: frozenset[int],
        receive: Callable[[int, int, Raw, int], None],
        *,
        epoch_1904: bool,
    ) -> None:
        self._strings = strings
        self._dates = dates
        self._receive = receive
        self._epoch_1904 = epoch_1904
        self._row = self._column = self._style = 0
        self._type = "n"
        self._formula = self._in_cell = self._collect = self._phonetic = False
        self._pieces: list[str] = []

    def read(self, data: bytes) -> None:
        """
        Read a sheet's part.

        Raises `expat.ExpatError`, `ValueError` or `IndexError` where it is damaged, and
        `Forbidden` where it declares a document type.
        """
        _parse(data, self._start, self._end, self._characters)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _CELL:
            self._start_cell(attributes)
        elif name in (_VALUE, _TEXT):
            self._collect = self._in_cell and not self._phonetic
        elif name == _FORMULA:
            self._formula = True
        elif name == _ROW:
            number = attributes.get("r")
            self._row = int(number) if number else self._row + 1
            self._column = 0
        elif name == _PHONETIC:
            self._phonetic = True

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference:
            self._row, self._column = position(reference)
        else:
            self._column += 1
        if not (1 <= self._row <= LAST_ROW and self._column <= LAST_COLUMN):
            raise ValueError(reference)
        self._type = attributes.get("t", "n")
        self._style = int(attributes.get("s", 0))
        self._formula = False
        self._in_cell = True
        self._pieces.clear()

    def _end(self, name: str) -> None:
        if name == _CELL:
            self._in_cell = False
            value = self._value("".join(self._pieces))
            if value is not None:
                self._receive(self._row, self._column, value, self._style)
        elif name in (_VALUE, _TEXT):
            self._collect = False
        elif name == _PHONETIC:
            self._phonetic = False

    def _characters(self, text: str) -> None:
        if self._collect:
            self._pieces.append(text)

    def _value(self, text: str) -> Raw:
        kind = self._type
        if kind == "s":
            return self._strings[_index(text)] if text else None
        if kind in ("str", "inlineStr"):
            return plain_text(text)
        if not text:
            return _NO_VALUE if self._formula else None
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "e":
            return ErrorValue(text)
        if kind == "d":
            return _iso_date(text)
        return self._number(text)

    def _number(self, text: str) -> Raw:
        if not text.isascii() or "_" in text:
            raise ValueError(text)
        number = int(text) if text.isdecimal() and len(text) <= _LONGEST_INTEGER else float(text)
        if self._style in self._dates:
            return serial_date(number, epoch_1904=self._epoch_1904)
        return number


def _index(text: str) -> int:
    index = int(text)
    if index < 0:
        raise IndexError(index)
    return index


def serial_date(number: float, *, epoch_1904: bool) -> Raw:
    """
    Give the date of a serial number, or the number where no calendar has such a day.

    Days count from 1900, or from 1904 where the workbook says so. The first calendar has a day
    too many, 29 February 1900, as in Excel.
    """
    if not 0 <= number <= _LAST_SERIAL + 1:
        return number
    days, seconds = divmod(round(number * _DAY), _DAY)
    if epoch_1904:
        first, start = 0, dt.date(1904, 1, 1)
    elif days < _LEAP_DAY_OF_1900:
        first, start = 1, dt.date(1899, 12, 31)
    else:
        first, start = _LEAP_DAY_OF_1900 + 1, dt.date(1899, 12, 30)
    last = _LAST_SERIAL - (_DAYS_TO_1904 if epoch_1904 else 0)
    if not first <= days <= last:
        return number
    day = start + dt.timedelta(days=days)
    if not seconds:
        return day
    return dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=seconds)


def _iso_date(text: str) -> Raw:
    moment = dt.datetime.fromisoformat(text.removesuffix("Z"))
    return moment.date() if moment.time() == dt.time() else moment


def _parse(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    characters: Callable[[str], None],
) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = _refuse
    parser.Parse(data, True)


def _refuse(*_arguments: object) -> None:
    raise Forbidden
