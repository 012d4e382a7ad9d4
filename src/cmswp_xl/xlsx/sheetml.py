"""
The cells of one sheet, read in a single pass that sees the formula and the stored value alike.

SpreadsheetML as Excel, LibreOffice and other programs write it: with or without cell references,
with any namespace prefix, strings shared or in place.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import cache
from xml.parsers import expat

from cmswp_xl.cells import LAST_COLUMN, LAST_ROW, ErrorValue, NoStoredValue, Raw, position

Handler = Callable[[str, dict[str, str]], None]


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFF = ("0", "false", "off")
"""What switches a property of a font off, where it is named at all."""

_ESCAPE = re.compile(r"(?:_x[0-9A-Fa-f]{4}_)+")
_LAST_SERIAL = 2_958_465
_LEAP_DAY_OF_1900 = 60
_DAYS_TO_1904 = 1462
_DAY = 86_400
_LONGEST_INTEGER = 18
_NO_VALUE = NoStoredValue()
_UTF_8 = (b'<?xml version="1.0" encoding="UTF-8"', b"<worksheet")
_style = cache(int)
_ROW = re.compile(rb'<row r="([1-9]\d{0,5})"(?:[^<>]*[^<>/])?>')
_CELL = re.compile(
    rb'<c r="([A-Z]++)(\d++)"(?: s="(\d++)")?+(?: t="(\w++)")?+'
    rb"(?:/>|>(?:(<f)[^<>]*(?:/>|>[^<]*+</f>))?+(?:<v>([^<>&\x00-\x08\x0b-\x1f]*+)</v>)?+</c>)|.",
    re.DOTALL,
)
"""A cell as most programs write it; what is none leaves all groups empty."""


Cell = tuple[int, "Raw", int]
"""A filled cell of a row: its column, what it holds, the index of its style."""


class StruckText(str):
    """A text some of which is struck through."""

    __slots__ = ()


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
    """Return the shared strings in order; formatted runs are joined, phonetic guides left out."""
    reader = _StringReader()
    _parse(data, reader.root, reader.end, reader.characters)
    return reader.strings


def prefix_of(name: str, local: str, attributes: dict[str, str]) -> str:
    """
    Return the prefix that names of the main vocabulary bear in a part, from its root element.

    Raises `ValueError` where the root is not of that name and vocabulary.
    """
    prefix, colon, plain = name.rpartition(":")
    declared = attributes.get(f"xmlns:{prefix}" if colon else "xmlns")
    if plain != local or declared != MAIN:
        raise ValueError(name)
    return prefix + colon


class _Names:
    """The names of the elements that hold cells, with a part's prefix."""

    def __init__(self, prefix: str) -> None:
        self.cell, self.row, self.item = f"{prefix}c", f"{prefix}row", f"{prefix}si"
        self.value, self.formula = f"{prefix}v", f"{prefix}f"
        self.text, self.phonetic = f"{prefix}t", f"{prefix}rPh"
        self.run, self.strike = f"{prefix}r", f"{prefix}strike"


class _StringReader:
    """Collects the text of each shared string."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._names = _Names("")
        self._pieces: list[str] = []
        self._text = self._phonetic = False
        self._strike = self._struck = False

    def root(self, name: str, attributes: dict[str, str]) -> Handler:
        """Learn the prefix from the root, and go on with the strings."""
        self._names = _Names(prefix_of(name, "sst", attributes))
        return self.start

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        if name == self._names.text:
            self._text = not self._phonetic
        elif name == self._names.item:
            self._pieces.clear()
            self._strike = self._struck = False
        elif name == self._names.phonetic:
            self._phonetic = True
        elif name == self._names.run:
            self._strike = False
        elif name == self._names.strike:
            self._strike = attributes.get("val") not in OFF

    def end(self, name: str) -> None:
        """End an element."""
        if name == self._names.text:
            self._text = False
        elif name == self._names.item:
            text = plain_text("".join(self._pieces))
            self.strings.append(StruckText(text) if self._struck else text)
        elif name == self._names.phonetic:
            self._phonetic = False

    def characters(self, text: str) -> None:
        """Take characters between elements."""
        if self._text:
            self._pieces.append(text)
            self._struck = self._struck or (self._strike and not text.isspace())


class CellReader:
    """
    Reads a sheet and hands over its rows: `receive(row, [(column, value, style), ...])`.

    Only filled cells are handed over; a row comes in parts where its cells are out of order.

    `dates` are the indexes of the cell styles that show a date; `epoch_1904` is true for
    workbooks that count their days from 1904.
    """

    def __init__(
        self,
        strings: Sequence[str],
        dates: frozenset[int],
        receive: Callable[[int, list[Cell]], None],
        *,
        epoch_1904: bool,
    ) -> None:
        self._strings = strings
        self._dates = dates
        self._receive = receive
        self._epoch_1904 = epoch_1904
        self._names = _Names("")
        self._columns: dict[bytes, int] = {}
        self._place = (0, 0)
        self._row = 0
        self._cells: list[Cell] = []
        self._style = 0
        self._type = "n"
        self._formula = self._in_cell = self._phonetic = False
        self._strike = self._struck = False
        self._pieces: list[str] = []
        self._text = ""

    def read(self, data: bytes) -> None:
        """
        Read a sheet's part.

        Raises `expat.ExpatError`, `ValueError` or `IndexError` where it is damaged, and
        `Forbidden` where it declares a document type.
        """
        _parse(data, self._root, self._end, self._pieces.append)
        self._hand_over()

    def without_plain_rows(self, data: bytes) -> bytes:
        """Take the rows that are written as most are, far sooner; return a part without these."""
        if b"<!" in data or not data.startswith(_UTF_8):
            return data
        kept, done, start = list[bytes](), 0, data.find(b"<row ")
        while start >= 0:
            opening, end = _ROW.match(data, start), data.find(b"</row>", start)
            if opening and end > 0 and self._take(data, opening, end):
                kept += data[done:start], b'<row r="%b">' % opening[1]
                done = end
            start = data.find(b"<row ", max(start + 1, done))
        return b"".join((*kept, data[done:]))

    def _take(self, data: bytes, opening: re.Match[bytes], end: int) -> bool:
        number, found = opening[1], _CELL.findall(data, opening.end(), end)
        if {cell[1] for cell in found} - {number}:
            return False
        row, columns, cells = int(number), self._columns, list[Cell]()
        for letters, _, style, kind, formula, text in found:
            if text or kind or formula:
                self._style, self._formula = _style(style or 0), formula != b""
                self._type = kind.decode() or "n"
                value = self._value(text.decode())
                if value is not None:
                    if letters not in columns:
                        columns[letters] = self._placed(f"{letters.decode()}{row}")[1]
                    cells.append((columns[letters], value, self._style))
        if cells:
            self._receive(row, cells)
        return True

    def _root(self, name: str, attributes: dict[str, str]) -> Handler:
        """Learn from the root which prefix the names bear, and go on with the cells."""
        self._names = names = _Names(prefix_of(name, "worksheet", attributes))
        self._cell, self._texts = names.cell, (names.value, names.text)
        return self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._cell:
            self._place = self._placed(attributes.get("r", ""))
            self._type = attributes.get("t", "n")
            self._style = int(attributes.get("s", 0))
            self._formula = self._strike = self._struck = False
            self._in_cell = True
            self._text = ""
        elif name in self._texts:
            self._pieces.clear()
        else:
            self._start_other(name, attributes)

    def _start_other(self, name: str, attributes: dict[str, str]) -> None:
        names = self._names
        if name == names.formula:
            self._formula = True
        elif name == names.row:
            number = attributes.get("r")
            self._place = (int(number) if number else self._place[0] + 1, 0)
        elif name == names.phonetic:
            self._phonetic = True
        elif name == names.run:
            self._strike = False
        elif name == names.strike:
            self._strike = attributes.get("val") not in OFF

    def _placed(self, reference: str) -> tuple[int, int]:
        """Return the place of a cell, which may not say where it is."""
        row, column = position(reference) if reference else (self._place[0], self._place[1] + 1)
        if not (1 <= row <= LAST_ROW and column <= LAST_COLUMN):
            raise ValueError(row)
        return row, column

    def _end(self, name: str) -> None:
        if name in self._texts:
            if self._in_cell and not self._phonetic:
                piece = "".join(self._pieces)
                if self._strike and piece.strip():
                    self._struck = True
                self._text += piece
        elif name == self._cell:
            self._in_cell = False
            if not (self._text or self._formula or self._type != "n"):
                return  # formatted, and empty
            value = self._value(self._text)
            if value is not None:
                row, column = self._place
                if row != self._row:
                    self._hand_over()
                    self._row = row
                self._cells.append((column, value, self._style))
        elif name == self._names.phonetic:
            self._phonetic = False

    def _hand_over(self) -> None:
        if self._cells:
            self._receive(self._row, self._cells)
            self._cells = []

    def _value(self, text: str) -> Raw:
        kind = self._type
        if kind == "s":
            return self._strings[_index(text)] if text else None
        if kind in ("str", "inlineStr"):
            return StruckText(plain_text(text)) if self._struck else plain_text(text)
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
    Return the date of a serial number, or the number where no calendar has such a day.

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
    root: Callable[[str, dict[str, str]], Handler],
    end: Callable[[str], None],
    characters: Callable[[str], object],
) -> None:
    """Parse a part; `root` is given the root element and returns what takes the others."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def first(name: str, attributes: dict[str, str]) -> None:
        parser.StartElementHandler = root(name, attributes)

    parser.StartElementHandler = first
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = _refuse
    parser.Parse(data, True)


def _refuse(*_arguments: object) -> None:
    raise Forbidden
