"""
Cells as values of their fields: texts, codes, words of a list, numbers, dates; or what is wrong.

The mark of all of them tells a content from any other, and whether it is still as approved.

Excel compares codes character by character, so one with characters that a reader cannot see, or
takes for a Latin letter, matches no other that looks the same: it is an issue.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from cmswp_xl.cells import ErrorValue, NoStoredValue, Raw
from cmswp_xl.compare.rows import json_value
from cmswp_xl.issues import Issue
from cmswp_xl.money import decimals, stored_decimal
from cmswp_xl.schema import Field, TableSchema
from cmswp_xl.tables import (
    Knowledge,
    Table,
    Tables,
    cell_text,
    code_of,
    comparable,
    gathered,
    is_blank,
)

Conversion = Callable[[Raw], "Value | Fault"]


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
    like = LOOK_ALIKE.get(character) or unicodedata.normalize("NFKC", character)
    return like if like.isascii() and like.isprintable() and " " not in like else ""


def _invisible(character: str) -> bool:
    if unicodedata.category(character) in _SPACES_AND_CONTROLS or character in _WITHOUT_SHAPE:
        return True
    return any(first <= ord(character) <= last for first, last in _SELECTORS)


Value = str | int | Decimal | dt.date | tuple[str, ...] | None
Keys = dict[str, dict[str, str | int]]
"""By table with a key: its keys in comparable form, and each as its own table has it."""

UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
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
    def schema(self) -> TableSchema:
        """What the table should be."""
        return self.table.schema

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.table)

    def column(self, name: str) -> Sequence[Value]:
        """Return the values of a field; blanks where its column is absent."""
        found = self.columns.get(name)
        return [None] * len(self.table) if found is None else found

    def value(self, name: str, index: int) -> Any:
        """Return the value of a field in a row; None where it is blank, faulty or absent."""
        found = self.columns.get(name)
        return None if found is None else found[index]

    def read(self, field: Field) -> Sequence[Value]:
        """Return the values of a field, a word that is not in its list as it was typed."""
        values = self.column(field.name)
        if not field.enum or not self.faulty:
            return values
        return [
            cell_text(self.table.columns[field.name][index])
            if (field.name, index) in self.faulty
            else value
            for index, value in enumerate(values)
        ]

    def given(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Yield the index of each row that has a value in all these fields, and the values."""
        columns = [self.column(name) for name in names]
        for index, values in enumerate(zip(*columns, strict=True)):
            if None not in values:
                yield index, *values

    def groups(self, *names: str) -> dict[tuple[str, ...], list[int]]:
        """Return the rows with a value in all these fields, by their values as keys compare."""
        return gathered((key_of(*values), index) for index, *values in self.given(*names))

    def repeated(self, *names: str) -> Iterator[tuple[int, list[int]]]:
        """Yield each row with the same values in all these fields as others, and all of these."""
        for indexes in self.groups(*names).values():
            yield from ((index, indexes) for index in indexes if len(indexes) > 1)

    def is_blank(self, index: int, *names: str) -> bool:
        """Return whether nothing was typed in any of these fields of a row, faulty or not."""
        return all(
            self.value(name, index) is None and (name, index) not in self.faulty for name in names
        )

    def issue(
        self, code: str, name: str, index: int, value: object = None, /, **values: object
    ) -> Issue:
        """Return the issue of a field in a row; amounts and dates are written as texts."""
        shown = None if value is None else str(_written(value))
        texts = {each: _written(one) for each, one in values.items()}
        return self.table.issue(code, name, index, shown, **texts)


def key_of(*values: object) -> tuple[str, ...]:
    """Return values in the form in which keys are compared."""
    return tuple(comparable(str(value)) for value in values)


def _written(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, dt.date) else value


def table_keys(typed: Mapping[str, TypedTable]) -> Keys:
    """Return for each table with a key its keys: comparable form to the form in the table."""
    keys: Keys = {}
    for name, table in typed.items():
        if len(table.schema.primary_key) == 1:
            (own,) = table.schema.primary_key
            found = keys[name] = {}
            for _, value in table.given(own):
                found.setdefault(comparable(str(value)), value)
    return keys


def setting(typed: Mapping[str, TypedTable], name: str) -> Value:
    """Return a setting of the Programme form; None where it is blank, faulty or absent."""
    programme = typed.get("programme")
    return programme.value(name, 0) if programme else None


def split_entry(entry: str, *, locator: bool) -> tuple[str, str | None]:
    """Split "Res. 11.2 (paras 4–7)" into code and locator; without locators all is the code."""
    entry = entry.strip()
    code, bracket, place = entry.partition("(")
    if not locator or not bracket or not entry.endswith(")") or not code.strip():
        return entry, None
    return code.strip(), place[:-1].strip() or None


def unlisted(table: TypedTable) -> Iterator[Issue]:
    """Find words in lists that take only some, which are none of these."""
    for item in table.schema.inputs():
        for index, entries in table.given(item.name) if item.choices else ():
            for word in (entry for entry in entries if entry not in item.choices):
                yield table.issue("not-in-list", item.name, index, word, field=item)


def type_tables(tables: Tables) -> tuple[dict[str, TypedTable], list[Issue]]:
    """Type every input field of every table."""
    found = {name: type_table(table, tables.knows) for name, table in tables.by_name.items()}
    typed = {name: table for name, (table, _) in found.items()}
    return typed, [issue for _, issues in found.values() for issue in issues]


def type_table(table: Table, knows: Knowledge) -> tuple[TypedTable, list[Issue]]:
    """Type the input fields of one table; a percent cell is read as it is shown."""
    issues: list[Issue] = []
    columns: dict[str, Sequence[Value]] = {}
    faulty: set[tuple[str, int]] = set()
    for item in table.schema.inputs():
        if item.name not in table.columns:
            continue
        columns[item.name], faults = _converted(table, item, knows)
        faulty |= {(item.name, index) for index in faults}
        for index, (cell, fault) in faults.items():
            details = {"field": item, "index": index, **fault.values}
            issues.append(table.issue(fault.code, item.name, index, cell_text(cell), **details))
    return TypedTable(table, columns, frozenset(faulty)), issues


def _converted(
    table: Table, item: Field, knows: Knowledge
) -> tuple[list[Value], dict[int, tuple[Raw, Fault]]]:
    """Return the values of a field, and the cells at fault by the index of their row."""
    convert = _conversion(table.schema.name, item, knows)
    percents = table.percents if item.unit == "percent" else ()
    known: dict[Raw, Value | Fault] = {None: None}
    values: list[Value] = []
    faults: dict[int, tuple[Raw, Fault]] = {}
    for index, stored in enumerate(table.columns[item.name]):
        cell = stored
        if percents and table.place(item.name, index) in percents:
            cell = _as_shown(stored)
        if cell is not None and type(cell) is not str:
            result = convert(cell)
        elif cell in known:
            result = known[cell]
        else:
            result = known[cell] = convert(cell)
        if isinstance(result, Fault):
            faults[index] = cell, result
            result = result.seen
        values.append(result)
    return values, faults


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell; `seen` is the code that a reader sees there all the same."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    seen: str | tuple[str, ...] | None = None


def _wrong_type(found: str, **values: object) -> Fault:
    return Fault("wrong-type", {"found": found, **values})


def _is_number(cell: Raw) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _as_shown(cell: Raw) -> Raw:
    value = stored_decimal(cell) if _is_number(cell) else None  # type: ignore[arg-type]
    return cell if value is None else float(value * 100)


def _conversion(table: str, item: Field, knows: Knowledge) -> Conversion:
    if item.type == "number":
        return partial(_number, item)
    if item.type == "date":
        return _date if Knowledge.FORMATS in knows else _date_from_serial
    if item.type != "string":
        return _integer
    if item.list:
        with_locators = bool(item.reference and item.reference.locator)
        convert = partial(_choices, table, item) if item.choices else _list
        return partial(_as_seen, convert, _without_locators if with_locators else _in_one_line)
    if item.enum:
        codes = {comparable(code): code for code in item.enum}
        return partial(_as_seen, partial(_choice, table, item, codes), str)
    if item.code:
        return _code if item.language else partial(_as_seen, _code, str)
    return _text


def _common(cell: Raw) -> Value | Fault:
    """Return what any field makes of cells that hold no plain value."""
    if isinstance(cell, ErrorValue):
        return Fault("error-value")
    if isinstance(cell, NoStoredValue):
        return Fault("formula-without-value")
    if isinstance(cell, str) and is_blank(cell):
        return None
    return _wrong_type(_kind(cell))


def _kind(cell: Raw) -> str:
    if isinstance(cell, bool):
        return "yes-no"
    if isinstance(cell, (int, float)):
        return "number"
    if isinstance(cell, (dt.date, dt.time)):
        return "date"
    digits = [character for character in str(cell) if character not in _NUMBER_MARKS]
    return "number-as-text" if digits and all(c.isdecimal() for c in digits) else "text"


def _text(cell: Raw) -> Value | Fault:
    if type(cell) is not str:
        return _common(cell)
    if UNREADABLE.search(cell):
        return Fault("unreadable-text")
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell)
    cell = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    return cell if cell and not is_blank(cell) else None


def _code(cell: Raw) -> Value | Fault:
    """Read a code; a number in its place may have been 1.1 or 1.10."""
    if _is_number(cell):
        shown = cell_text(cell) or ""
        return _wrong_type("number-in-code", meant=f"{shown}|{shown}0" if "." in shown else shown)
    if isinstance(cell, (dt.date, dt.time)):
        return _wrong_type("date-in-code")
    return _text(cell)


def _choice(table: str, item: Field, codes: Mapping[str, str], cell: Raw) -> Value | Fault:
    """Read a code or a word for it; other languages are looked at for what is no code alone."""
    text = _text(cell)
    if not isinstance(text, str):
        return text
    word = comparable(text)
    return codes.get(word) or code_of(table, item, word) or Fault("not-in-list")


def _choices(table: str, item: Field, cell: Raw) -> Value | Fault:
    """Read a list of codes or words for them; what is neither stays as it was typed."""
    entries = _list(cell)
    if not isinstance(entries, tuple):
        return entries
    return tuple(dict.fromkeys(code_of(table, item, word) or word for word in entries))


def _as_seen(convert: Conversion, codes: Callable[[str], str], cell: Raw) -> Value | Fault:
    """
    Convert a cell, but refuse what cannot be seen, which Excel compares all the same.

    `codes` makes of a cell the text in which hidden characters count.
    """
    found = hidden_characters(codes(cell)) if isinstance(cell, str) else ()
    if not found or UNREADABLE.search(str(cell)):
        return convert(cell)
    text = _in_one_line(str(cell)) if codes is not str else str(cell)
    value = convert(as_seen(text))
    seen = value if isinstance(value, (str, tuple)) else None
    return Fault("invisible-character", {"hidden": found}, seen)


def _in_one_line(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\n", ";")


def _without_locators(cell: str) -> str:
    """Return a list of codes with the places in them blotted out, which are texts of their own."""
    return _LOCATOR.sub(lambda place: "x" * len(place[0]), _in_one_line(cell))


def _list(cell: Raw) -> Value | Fault:
    text = _code(cell)
    if not isinstance(text, str):
        return text
    entries = (entry.strip() for entry in text.replace("\n", ";").split(";"))
    return tuple(entry for entry in entries if entry) or None


def _number(item: Field, cell: Raw) -> Value | Fault:
    if not _is_number(cell):
        return _common(cell)
    value = stored_decimal(cell)  # type: ignore[arg-type]
    if value is None:
        return _wrong_type("number")
    if item.decimals is not None and decimals(value) > item.decimals:
        return Fault("too-many-decimals", {"limit": item.decimals})
    return value


def _integer(cell: Raw) -> Value | Fault:
    if not _is_number(cell):
        return _common(cell)
    value = stored_decimal(cell)  # type: ignore[arg-type]
    if value is None or value != value.to_integral_value():
        return _wrong_type("fraction")
    return Fault("out-of-range") if abs(value) > _LARGEST_INTEGER else int(value)


def _date(cell: Raw) -> Value | Fault:
    if isinstance(cell, dt.datetime):
        return _wrong_type("date-and-time")
    return cell if isinstance(cell, dt.date) else _common(cell)


def _date_from_serial(cell: Raw) -> Value | Fault:
    """Take a date from a source that gives serial numbers, as the open book on a server does."""
    if isinstance(cell, int) or (isinstance(cell, float) and cell.is_integer()):
        if isinstance(cell, bool) or not _MARCH_1900 <= cell <= _YEAR_9999:
            return _common(cell)
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date()
    return _date(cell)


APPROVALS = "approvals"
APART = frozenset({APPROVALS, "comments", "progress"})
"""The tables that are none of the content which is approved."""

_VERSION = 1
"""Goes up when the same content would get another mark."""


def content_mark(typed: Mapping[str, TypedTable]) -> str:
    """
    Return the mark of a content: a version, and a hash of all that is typed, as codes.

    Blank cells, empty tables and columns of the user's own make no difference, and neither do
    looks, languages of words and headings, or who saved the file.
    """
    rows = {
        name: _typed(table)
        for name, table in sorted(typed.items())
        if len(table) and name not in APART
    }
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{_VERSION}:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _typed(table: TypedTable) -> list[dict[str, object]]:
    """Return what is typed in each row by field, what does not fit its field as it stands."""
    names = [item.name for item in table.schema.inputs() if item.name in table.columns]
    columns = {name: list(map(json_value, table.columns[name])) for name in names}
    unfit = [(name, index) for name, index in table.faulty if name in columns]
    for name, index in unfit:
        columns[name][index] = None
    rows: list[dict[str, object]] = [
        {name: cell for name, cell in zip(columns, row, strict=True) if cell is not None}
        for _, *row in zip(range(len(table)), *columns.values(), strict=True)
    ]
    for name, index in unfit:
        text = cell_text(table.table.columns[name][index])
        if text is not None:
            rows[index][name] = text
    return rows


def changed_since_approval(typed: Mapping[str, TypedTable]) -> Iterator[Issue]:
    """Find approvals, the latest of each role, of another content than the workbook has."""
    approvals = typed.get(APPROVALS)
    if approvals is None or not len(approvals):
        return
    latest = {
        comparable(role): index
        for _, index, role in sorted(
            (day, index, role) for index, role, day in approvals.given("role", "date")
        )
    }
    mark = content_mark(typed)
    for index in sorted(latest.values()):
        content = approvals.value("content", index)
        if content is not None and content != mark:
            values = {name: approvals.value(name, index) for name in ("name", "date")}
            yield approvals.issue("changed-since-approval", "content", index, None, **values)
