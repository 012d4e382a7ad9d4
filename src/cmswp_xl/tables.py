"""
Tables as they were found: header names, raw values, and where each cell stands.

A source (a file, the open book, rows made in a program) gives
`RawTable`s; set against the schemas they become `Table`s, whose columns are known by field.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field, replace
from enum import Flag, auto
from typing import TYPE_CHECKING, Protocol, TypeVar

from cmswp_xl.cells import ErrorValue, NoStoredValue, Raw, address
from cmswp_xl.issues import SEVERITIES, Issue
from cmswp_xl.languages import Language, Names, Words
from cmswp_xl.messages.labels import words_of
from cmswp_xl.money import stored_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cmswp_xl.schema import Field, TableSchema

_K = TypeVar("_K")
_T = TypeVar("_T")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


class Knowledge(Flag):
    """What a source can tell beyond the values; checks that need more are skipped, and listed."""

    VALUES = 0
    FORMULAS = auto()
    FORMATS = auto()
    STRIKES = auto()


@dataclass(frozen=True, slots=True)
class RawTable:
    """
    One Excel table as a source gives it.

    `rows` holds (row number, values) for every row between header and totals row; `percents` the
    cells (row, column) shown as a percentage, `struck` those with anything struck through; `below`
    the filled cells under the table, in order; `names` what the file itself calls the columns,
    whatever their header cells hold.
    """

    name: str
    sheet: str
    sheet_index: int
    header_row: int
    first_column: int
    headers: tuple[Raw, ...]
    rows: Sequence[tuple[int, Sequence[Raw]]]
    percents: frozenset[tuple[int, int]] = frozenset()
    struck: frozenset[tuple[int, int]] = frozenset()
    below: tuple[tuple[int, int], ...] = ()
    names: tuple[str, ...] = field(default=(), compare=False)

    @property
    def header(self) -> tuple[int, int]:
        """Row and column of the first header cell."""
        return self.header_row, self.first_column


class Source(Protocol):
    """Where tables come from: the door that files, the open book and programs enter by."""

    @property
    def name(self) -> str:
        """The base name of the workbook."""

    @property
    def knows(self) -> Knowledge:
        """What this source can tell beyond the values."""

    def sheet_names(self) -> Sequence[str]:
        """Return the names of all sheets, in order."""

    def tables(self) -> Sequence[RawTable]:
        """Return every table of the workbook, in sheet order."""


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table whose columns are known: raw values by field name, row after row.

    Rows without any typed value are left out. `columns` lacks the fields whose column is absent.
    `header` is the first header cell. For a form, there is one row, and `places` tells where each
    setting stands. `headings` has the heading or setting of each field as it stands in the sheet.
    """

    schema: TableSchema
    sheet: str
    sheet_index: int
    rows: tuple[int, ...] = ()
    columns: Mapping[str, Sequence[Raw]] = field(default_factory=dict)
    column_numbers: Mapping[str, int] = field(default_factory=dict)
    header: tuple[int, int] = (1, 1)
    percents: frozenset[tuple[int, int]] = frozenset()
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    struck: frozenset[tuple[int, int]] = frozenset()

    def __len__(self) -> int:
        """Count the rows that hold data."""
        return len(self.rows)

    def place(self, name: str, index: int) -> tuple[int, int] | None:
        """Return row and column of a field in the row of that index; None where it has no cell."""
        if self.schema.form:
            return self.places.get(name)
        column = self.column_numbers.get(name)
        return None if column is None else (self.rows[index], column)

    def first_place(self, index: int) -> tuple[int, int]:
        """Return the first cell of a row, for what has no cell of its own."""
        if self.schema.form:
            return min(self.places.values(), default=(1, 1))
        return self.rows[index], min(self.column_numbers.values(), default=1)

    def issue(
        self, code: str, name: str, index: int, value: str | None = None, /, **values: object
    ) -> Issue:
        """Return the issue of a field in a row, at its cell or at the first cell of its row."""
        place = self.place(name, index) or self.first_place(index)
        issue = issue_at(self, place, code, self.schema.name, name, value, values)
        return issue if self.schema.form else replace(issue, key=self.key(index))

    def key(self, index: int) -> str:
        """Return the id or code by which people know a row, or that of what it is about."""
        names = self.schema.primary_key or (self.schema.inputs()[0].name,)
        values = [self.columns[name][index] for name in names if name in self.columns]
        return " · ".join(cell_text(value) or "" for value in values if not is_blank(value))

    def cells(self, name: str, indexes: Iterable[int]) -> list[str]:
        """Return the addresses of a field in some rows, where it has cells."""
        places = (self.place(name, index) for index in indexes)
        return [address(*place) for place in places if place]


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of a workbook that a schema describes, by schema name."""

    knows: Knowledge
    by_name: Mapping[str, Table]
    names: Names


def issue_at(
    where: RawTable | Table,
    place: tuple[int, int],
    code: str,
    table: str,
    column: str | None = None,
    value: str | None = None,
    values: dict[str, object] | None = None,
) -> Issue:
    """Return an issue of the usual severity at a cell of the sheet that a table stands in."""
    sheet, severity, spot = where.sheet, SEVERITIES[code], (where.sheet_index, *place)
    cell = address(*place)
    return Issue(code, severity, sheet, cell, table, column, value, values or {}, spot)


def missing_column(
    where: RawTable | Table,
    schema: TableSchema,
    name: str | None,
    titles: Mapping[Language, str],
    place: tuple[int, int] | None = None,
) -> Issue:
    """Return the issue that a column or setting is missing, at a cell of the table's header."""
    at, code = place or where.header, "missing-column"
    values = {"titles": titles, "excel_table": schema.table, "form": schema.form}
    return issue_at(where, at, code, schema.name, name, values=values)


def comparable(text: str) -> str:
    """
    Return a text in the form in which names and keys are compared.

    NFKC, case folded, trimmed, runs of white space made one space, invisible characters dropped,
    and the typographic apostrophe made the plain one.
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    plain = _INVISIBLE.sub("", text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    folded = unicodedata.normalize("NFKC", plain).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def gathered(pairs: Iterable[tuple[_K, _T]], keys: Iterable[_K] = ()) -> dict[_K, list[_T]]:
    """Return things by their keys; those of `keys` come first, and even with nothing."""
    found: dict[_K, list[_T]] = {key: [] for key in keys}
    for key, thing in pairs:
        found.setdefault(key, []).append(thing)
    return found


def code_of(table: str, item: Field, word: str) -> str | None:
    """Return the code of a field that a word stands for, in any language; None for no code."""
    wanted = comparable(word)
    for language in Language:
        for code, said in words_of(table, item, Words(language)).items():
            if wanted in (code, comparable(said)):
                return code
    former = item.former_words.items()
    return next((code for code, words in former if wanted in map(comparable, words)), None)


def is_blank(value: Raw) -> bool:
    """Return whether a cell holds nothing that can be seen."""
    if not isinstance(value, str):
        return value is None
    stripped = value.strip()
    return not stripped or not (stripped.isascii() or comparable(stripped))


def cell_text(cell: Raw) -> str | None:
    """Return a cell's value as text, a number at 15 significant digits, for a message."""
    if cell is None or isinstance(cell, (NoStoredValue, str)):
        return cell if isinstance(cell, str) else None
    if isinstance(cell, ErrorValue):
        return cell.text
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        value = stored_decimal(cell)
        return str(cell) if value is None else f"{value:f}"
    return cell.isoformat(" ", "minutes") if isinstance(cell, dt.datetime) else cell.isoformat()
