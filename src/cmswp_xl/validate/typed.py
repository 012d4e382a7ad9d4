"""
Characters in codes that a reader cannot see, or takes for a Latin letter.

Excel compares codes character by character, so such a code matches no other that looks the same.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.cells import ErrorValue, NoStoredValue
from cmswp_xl.money import decimals, stored_decimal
from cmswp_xl.tables import Knowledge, comparable, is_blank

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cmswp_xl.cells import Raw
    from cmswp_xl.issues import Issue
    from cmswp_xl.schema import Field
    from cmswp_xl.tables import Table, Tables


_SPACES_AND_CONTROLS = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
_WITHOUT_SHAPE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that are blank: fillers, joiners, the empty pattern of braille."""

_SELECTORS = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0000, 0xE0FFF))
"""First and last of the marks that choose the form of the character before them, and tags."""

_PAIRS = (
    # Cyrillic
    ("АВЕКМНОРСТУХЅІЈԌԚԜҮӀ", "ABEKMHOPCTYXSIJGQWYI"),
    ("аеорсухѕіјһԁԛԝүӏ", "aeopcyxsijhdqwyl"),
    # Greek
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿ", "ABEZHIKMNOPTYXCJ"),
    ("αικνορυχϲϳ", "aikvopuxcj"),
    # Armenian, Cherokee and Coptic
    ("ՍՕոսօհցյ", "UOnuohgj"),
    ("ᎪᏴᏟᎠᎬᎻᎥᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ", "ABCDEHiJKLMPRSTVWZ"),
    ("ⲞⲢⲤⲦⲘⲔⲎ", "OPCTMKH"),
    # Latin letters without their dot, and the hyphens and quotes that look like the plain ones
    ("ıɩȷ", "iij"),
    ("\u02d7\u2010\u2011\u2212\u2043", "-----"),
)
LOOK_ALIKE = {
    strange: plain for row in _PAIRS for strange, plain in zip(row[0], row[1], strict=True)
}
"""Letters and marks by the plain one that a reader takes them for."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A character, its position in the text counted from 1, and what it looks like ("": none)."""

    character: str
    position: int
    like: str


def hidden_characters(text: str) -> tuple[Hidden, ...]:
    """Return the characters of a code that cannot be seen, or look like a plain one."""
    if text.isascii() and text.isprintable():
        return ()
    found = (Hidden(c, at, _like(c)) for at, c in enumerate(text, 1) if c != " ")
    return tuple(item for item in found if item.like or _invisible(item.character))


def as_seen(text: str) -> str:
    """Return a code as a reader sees it: without what is invisible, in plain letters."""
    return "".join(_seen(character) for character in text).strip()


def _seen(character: str) -> str:
    like = _like(character)
    if like or character == " " or not _invisible(character):
        return like or character
    return " " if character.isspace() else ""


def _like(character: str) -> str:
    """Return the plain characters that a character looks like; "" for any other."""
    if character.isascii():
        return ""
    like = LOOK_ALIKE.get(character)
    if like is None:
        like = unicodedata.normalize("NFKC", character)
    return like if like.isascii() and like.isprintable() and " " not in like else ""


def _invisible(character: str) -> bool:
    if unicodedata.category(character) in _SPACES_AND_CONTROLS or character in _WITHOUT_SHAPE:
        return True
    return any(first <= ord(character) <= last for first, last in _SELECTORS)


Value = str | int | Decimal | dt.date | tuple[str, ...] | None
Keys = dict[str, dict[str, str | int]]
"""By table with a key: its keys in comparable form, and each as its own table has it."""

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LOCATOR = re.compile(r"\([^;]*\)(?=\s*(?:;|$))")
_LARGEST_INTEGER = 10**15
_MARCH_1900, _YEAR_9999 = 61, 2_958_465
"""The serial numbers of the first sound and the last day of Excel's calendar."""
_NUMBER_MARKS = frozenset("+-.,'% \u00a0\u202f\u2009\u2019")
"""What may stand beside the digits of a number that was typed as text."""


@dataclass(frozen=True, slots=True)
class TypedTable:
    """
    A table with typed values by field name; a value that could not be typed is None.

    `faulty` holds the (field, row index) of those, so that later checks pass over them. A code
    with hidden characters is faulty too, but has its value as a reader sees it: what refers to it
    is then sound.
    """

    table: Table
    columns: Mapping[str, Sequence[Value]]
    faulty: frozenset[tuple[str, int]]

    @property
    def name(self) -> str:
        """The schema's name of the table."""
        return self.table.schema.name

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.table)

    def column(self, name: str) -> Sequence[Value]:
        """Give the values of a field; blanks where its column is absent."""
        found = self.columns.get(name)
        return [None] * len(self.table) if found is None else found

    def read(self, field: Field) -> Sequence[Value]:
        """Give the values of a field, a word that is not in its list as it was typed."""
        values = self.column(field.name)
        if not field.enum or not self.faulty:
            return values
        return [
            shown_value(self.table.columns[field.name][index])
            if (field.name, index) in self.faulty
            else value
            for index, value in enumerate(values)
        ]


def type_tables(tables: Tables) -> tuple[dict[str, TypedTable], list[Issue]]:
    """Type every input field of every table."""
    typed: dict[str, TypedTable] = {}
    issues: list[Issue] = []
    for name, table in tables.by_name.items():
        typed[name], problems = type_table(table, tables.knows)
        issues += problems
    return typed, issues


def type_table(table: Table, knows: Knowledge) -> tuple[TypedTable, list[Issue]]:
    """Type the input fields of one table; a percent cell is read as it is shown."""
    issues: list[Issue] = []
    columns: dict[str, Sequence[Value]] = {}
    for field in table.schema.inputs():
        raw = table.columns.get(field.name)
        if raw is not None:
            columns[field.name], problems = _type_column(table, field, raw, knows)
            issues += problems
    faulty = frozenset((i.column or "", i.values["index"]) for i in issues)
    return TypedTable(table, columns, faulty), issues  # type: ignore[arg-type]


def _type_column(
    table: Table, field: Field, raw: Sequence[Raw], knows: Knowledge
) -> tuple[list[Value], list[Issue]]:
    convert = _converter(field, knows)
    values: list[Value] = []
    issues: list[Issue] = []
    known: dict[str, Value | _Fault] = {}
    percent = field.unit == "percent" and bool(table.percents)
    for index, cell in enumerate(raw):
        if cell is None:
            values.append(None)
            continue
        as_percent = percent and table.place(field.name, index) in table.percents
        seen = _as_shown(cell) if as_percent else cell
        if type(seen) is str:
            result = known.get(seen)
            if result is None:
                result = known[seen] = convert(seen)
        else:
            result = convert(seen)
        if isinstance(result, _Fault):
            values.append(result.seen)
            details = {"field": field, "index": index, **result.values}
            issues.append(
                table.issue(result.code, field.name, index, shown_value(seen), **details)
            )
        else:
            values.append(result)
    return values, issues


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong with a cell; `seen` is the code that a reader sees there all the same."""

    code: str
    values: Mapping[str, object]
    seen: str | tuple[str, ...] | None = None


def _fault(code: str, **values: object) -> _Fault:
    return _Fault(code, values)


def _as_shown(cell: Raw) -> Raw:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        value = stored_decimal(cell)
        return cell if value is None else float(value * 100)
    return cell


def shown_value(cell: Raw) -> str | None:
    """Give a cell's value as text, a number at 15 significant digits, for a message."""
    if cell is None or isinstance(cell, NoStoredValue):
        return None
    if isinstance(cell, ErrorValue):
        return cell.text
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        value = stored_decimal(cell)
        return str(cell) if value is None else f"{value:f}"
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ", "minutes")
    return cell if isinstance(cell, str) else cell.isoformat()


def _converter(field: Field, knows: Knowledge) -> Callable[[Raw], Value | _Fault]:
    if field.list:
        return _listed(locator=bool(field.reference and field.reference.locator))
    if field.type == "string":
        if field.enum:
            return _as_seen(_choice(field.enum))
        if field.code:
            return _code if field.language else _as_seen(_code)
        return _text
    if field.type == "number":
        return _number(field)
    if field.type == "date":
        return _date_from_serial if Knowledge.FORMATS not in knows else _date
    return _integer


def _common(cell: Raw) -> Value | _Fault:
    """Give what any field says of cells that hold no plain value."""
    if isinstance(cell, ErrorValue):
        return _fault("error-value")
    if isinstance(cell, NoStoredValue):
        return _fault("formula-without-value")
    if isinstance(cell, str) and is_blank(cell):
        return None
    return _fault("wrong-type", found=_kind(cell))


def _kind(cell: Raw) -> str:
    if isinstance(cell, bool):
        return "yes-no"
    if isinstance(cell, (int, float)):
        return "number"
    if isinstance(cell, (dt.date, dt.time)):
        return "date"
    return "number-as-text" if _looks_like_number(str(cell)) else "text"


def _looks_like_number(text: str) -> bool:
    digits = [c for c in text if c not in _NUMBER_MARKS]
    return bool(digits) and all(c.isdecimal() for c in digits)


def _text(cell: Raw) -> Value | _Fault:
    if type(cell) is not str:
        return _common(cell)
    if _UNREADABLE.search(cell):
        return _fault("unreadable-text")
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell)
    if "\r" in cell:
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    cell = cell.strip()
    return cell if cell and not is_blank(cell) else None


def _code(cell: Raw) -> Value | _Fault:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _fault("wrong-type", found="number-in-code", meant=_meant(cell))
    if isinstance(cell, (dt.date, dt.time)):
        return _fault("wrong-type", found="date-in-code")
    return _text(cell)


def _meant(number: float) -> str:
    """Say what a number in a code column may have been: 1.1 may have been 1.1 or 1.10."""
    shown = shown_value(number) or ""
    return f"{shown}|{shown}0" if "." in shown else shown


def _choice(enum: tuple[str, ...]) -> Callable[[Raw], Value | _Fault]:
    known = {comparable(word): word for word in enum}

    def convert(cell: Raw) -> Value | _Fault:
        text = _text(cell)
        if not isinstance(text, str):
            return text
        return known.get(comparable(text)) or _fault("not-in-list")

    return convert


def _as_seen(convert: Callable[[Raw], Value | _Fault]) -> Callable[[Raw], Value | _Fault]:
    """Return a conversion that refuses what cannot be seen, which Excel compares all the same."""

    def converted(cell: Raw) -> Value | _Fault:
        found = hidden_characters(cell) if isinstance(cell, str) else ()
        result = convert(as_seen(str(cell)) if found else cell)
        return _hidden(found, result) if found and not _UNREADABLE.search(str(cell)) else result

    return converted


def _hidden(found: Sequence[Hidden], seen: Value | _Fault) -> _Fault:
    value = seen if isinstance(seen, (str, tuple)) else None
    return _Fault("invisible-character", {"hidden": tuple(found)}, value)


def _listed(*, locator: bool) -> Callable[[Raw], Value | _Fault]:
    """Return the conversion of a list of codes; what stands in a locator is text of its own."""

    def convert(cell: Raw) -> Value | _Fault:
        if not isinstance(cell, str):
            return _list(cell)
        lines = cell.replace("\r\n", "\n").replace("\n", ";")
        codes = _LOCATOR.sub(lambda place: "x" * len(place[0]), lines) if locator else lines
        found = hidden_characters(codes)
        if not found or _UNREADABLE.search(cell):
            return _list(cell)
        return _hidden(found, _list(as_seen(lines)))

    return convert


def _list(cell: Raw) -> Value | _Fault:
    text = _code(cell)
    if not isinstance(text, str):
        return text
    entries = (entry.strip() for entry in text.replace("\n", ";").split(";"))
    return tuple(entry for entry in entries if entry) or None


def _number(field: Field) -> Callable[[Raw], Value | _Fault]:
    limit = field.decimals

    def convert(cell: Raw) -> Value | _Fault:
        if isinstance(cell, bool) or not isinstance(cell, (int, float)):
            return _common(cell)
        value = stored_decimal(cell)
        if value is None:
            return _fault("wrong-type", found="number")
        if limit is not None and decimals(value) > limit:
            return _fault("too-many-decimals", limit=limit)
        return value

    return convert


def _integer(cell: Raw) -> Value | _Fault:
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return _common(cell)
    value = stored_decimal(cell)
    if value is None or value != value.to_integral_value():
        return _fault("wrong-type", found="fraction")
    if abs(value) > _LARGEST_INTEGER:
        return _fault("out-of-range")
    return int(value)


def _date(cell: Raw) -> Value | _Fault:
    if isinstance(cell, dt.datetime):
        return _fault("wrong-type", found="date-and-time")
    return cell if isinstance(cell, dt.date) else _common(cell)


def _date_from_serial(cell: Raw) -> Value | _Fault:
    """Take a date from a source that gives serial numbers, as the open book on a server does."""
    if isinstance(cell, int) or (isinstance(cell, float) and cell.is_integer()):
        if isinstance(cell, bool) or not _MARCH_1900 <= cell <= _YEAR_9999:
            return _common(cell)
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date()
    return _date(cell)
