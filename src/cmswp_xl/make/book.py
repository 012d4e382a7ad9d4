"""What every sheet of the workbook is made from: the content, the words, the cell formats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import AsTyped, ErrorValue

if TYPE_CHECKING:
    from cmswp_xl.cells import Raw
    from cmswp_xl.figures.totals import Figures, Reckoning
    from cmswp_xl.languages import Language, Words
    from cmswp_xl.make.formulas import References
    from cmswp_xl.schema import Field, TableSchema

Content = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table: field name to value; the Programme form is one row."""
Below = tuple[int, str, Any]
"""A cell below a table: rows from its last, from 1; the field whose column it is in; the value."""

HEADER_ROW = 4
"""The row of the table headers on every table sheet, counted from 0."""
LAST_ROW = 1_048_575
"""The last row of a sheet, counted from 0."""
_LETTERS = 1.1
"""How many letters, a little narrower than digits, fit in the width of a digit."""
LINE_HEIGHT = 13.0
HIGHEST_ROW = 409.0
"""Heights in points: of a line of text, and the most that Excel gives a row."""


class EmptyText(str):
    """
    An empty text as the stored value of a formula.

    XlsxWriter stores "" as no value at all, which reads as a formula never calculated; a text
    that does not equal "" it stores as a text.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Equal nothing, so as not to be taken for a missing value."""
        return False

    __hash__ = str.__hash__


EMPTY = EmptyText()


Value = Decimal | float | str | None
Look = Mapping[str, object]
"""The properties of a cell format, by the names that XlsxWriter has for them."""


@dataclass(frozen=True, slots=True)
class CarriedCell:
    """
    Something that an older workbook held: its sheet and cell, and in words what it is.

    `row` is the id or code of the row that it stood in, `heading` that of its column.
    """

    sheet: str
    cell: str
    row: str
    heading: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Result:
    """A formula with the value that it gives; None is the empty text."""

    formula: str
    value: Value = None

    @property
    def stored(self) -> float | str:
        """Give the value as a file stores it."""
        if self.value is None or self.value == "":
            return EMPTY
        return self.value if isinstance(self.value, str) else float(self.value)


@dataclass(frozen=True, slots=True)
class Formats:
    """The cell formats of one workbook, each made once."""

    workbook: Any
    made: dict[tuple[tuple[str, object], ...], Any] = field(default_factory=dict)

    def __call__(self, **properties: object) -> Any:
        """Give the format with these XlsxWriter properties."""
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.workbook.add_format(properties)
        return self.made[key]


@dataclass(frozen=True, slots=True)
class Book:
    """The workbook being written, and what goes into it."""

    workbook: Any
    schemas: Mapping[str, TableSchema]
    content: Content
    language: Language
    say: Words
    reckoning: Reckoning | None
    references: References
    formats: Formats
    calculated: bool = True
    carried: Sequence[CarriedCell] = ()

    def rows(self, table: str) -> Sequence[Mapping[str, Any]]:
        """Give the rows of a table."""
        return self.content.get(table, ())

    def setting(self, name: str) -> Any:
        """Give a setting of the programme; None where it is not filled, or not as it should be."""
        value = self.entry(name)
        return None if isinstance(value, AsTyped) else value

    def entry(self, name: str) -> Any:
        """Give what is written as a setting of the programme, as it should be or not."""
        return next(iter(self.rows("programme")), {}).get(name)

    @property
    def illustrative(self) -> bool:
        """Tell whether the figures are illustrative."""
        return bool(self.setting("illustrative") == "yes")

    @property
    def original(self) -> str:
        """Give the original language, or the workbook's where none is set."""
        return self.setting("original_language") or self.language.value

    def sheet(self, table: str) -> str:
        """Give the name of a table's sheet."""
        return self.schemas[table].titles[self.language]

    def fill(self, template: str) -> str:
        """Give a formula with the references of this workbook."""
        return self.references.fill(template)

    def write(self, sheet: Any, row: int, column: int, result: Result, form: Any = None) -> None:
        """
        Write a formula; row and column are counted from 0.

        Its value is stored with it, but where the content has errors and the values are not known.
        """
        stored = result.stored if self.calculated else ""
        sheet.write_formula(row, column, result.formula, form, stored)


def value_of(figures: Figures | None, name: str) -> Value:
    """Give one of the figures; None where there are none."""
    value: Value = getattr(figures, name, None)
    return value


def quoted(sheet: str) -> str:
    """Give a sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


def required(book: Book, item: Field) -> bool:
    """Tell whether a column must be filled, its language being the programme's original one."""
    return item.required or (item.required_text and item.language == book.original)


def hidden(book: Book, item: Field) -> bool:
    """Tell whether a column is folded away: a text in a language that nobody works in here."""
    return item.language is not None and item.language not in (book.language, book.original)


def write_entry(
    book: Book, sheet: Any, place: tuple[int, int], item: Field, value: Any, look: Look
) -> None:
    """Write an input cell: a value as its field says, or one as it was typed."""
    if isinstance(value, AsTyped):
        _write_typed(book, sheet, place, value.value, look)
    else:
        write_value(sheet, *place, item, value, book.formats(**look))


def _write_typed(book: Book, sheet: Any, place: tuple[int, int], value: Raw, look: Look) -> None:
    """Write a value so that it reads as it was typed; a date or a time shows as one."""
    form = book.formats(**look)
    if isinstance(value, bool):
        sheet.write_boolean(*place, value, form)
    elif isinstance(value, (dt.date, dt.time)):
        dated = book.formats(**{**look, "num_format": _as_dated(value)})
        sheet.write_datetime(*place, value, dated)
    elif isinstance(value, ErrorValue):
        sheet.write_formula(*place, f"={value.text}", form, value.text)
    elif isinstance(value, (int, float)):
        sheet.write_number(*place, value, form)
    else:
        sheet.write_string(*place, str(value), form)


def _as_dated(value: dt.date | dt.time) -> str:
    if isinstance(value, dt.time):
        return "hh:mm:ss"
    return "yyyy-mm-dd hh:mm:ss" if isinstance(value, dt.datetime) else "yyyy-mm-dd"


def write_value(sheet: Any, row: int, column: int, item: Field, value: Any, form: Any) -> None:
    """Write the value of an input cell as its field says; text is never taken for a formula."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, form)
    elif item.numeric:
        sheet.write_number(row, column, float(Decimal(str(value))), form)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, form)
    elif isinstance(value, (int, float)) and item.type in ("year", "integer"):
        sheet.write_number(row, column, value, form)
    else:
        sheet.write_string(row, column, str(value), form)


def lines(text: str, width: float) -> int:
    """Estimate the lines that a wrapped text takes in a column of that width, in characters."""
    room = max(width * _LETTERS, 1)
    return sum(max(ceil(len(part) / room), 1) for part in text.split("\n"))


def height(count: int) -> float:
    """Give the height of a row of that many lines, in points."""
    return min(count * LINE_HEIGHT + 2, HIGHEST_ROW)
