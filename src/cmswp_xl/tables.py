"""
Tables as they were found: header names, raw values, and where each cell stands.

This is the reading door. A source (a file, the open book, rows made in a program) gives
`RawTable`s; `match_tables` sets their columns against the schemas by title, in any of the three
languages. Nothing is guessed here, and nothing is typed yet.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import Flag, auto
from typing import TYPE_CHECKING, Protocol

from cmswp_xl.cells import NoStoredValue, address
from cmswp_xl.issues import SEVERITIES, Issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cmswp_xl.cells import Raw
    from cmswp_xl.languages import Language
    from cmswp_xl.schema import Field, TableSchema

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


class Knowledge(Flag):
    """What a source can tell beyond the values; checks that need more are skipped, and listed."""

    VALUES = 0
    FORMULAS = auto()
    FORMATS = auto()


@dataclass(frozen=True, slots=True)
class RawTable:
    """
    One Excel table as a source gives it.

    `rows` holds (row number, values) for every row between header and totals row; `percents` the
    cells (row, column) shown as a percentage; `below` the filled cells under the table.
    """

    name: str
    sheet: str
    sheet_index: int
    header_row: int
    first_column: int
    headers: tuple[Raw, ...]
    rows: Sequence[tuple[int, Sequence[Raw]]]
    percents: frozenset[tuple[int, int]] = frozenset()
    below: tuple[tuple[int, int], ...] = ()


class Source(Protocol):
    """Where tables come from: the door that files, the open book and programs enter by."""

    @property
    def name(self) -> str:
        """The base name of the workbook."""

    @property
    def knows(self) -> Knowledge:
        """What this source can tell beyond the values."""

    def sheet_names(self) -> Sequence[str]:
        """Give the names of all sheets, in order."""

    def tables(self) -> Sequence[RawTable]:
        """Give every table of the workbook, in sheet order."""


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table whose columns are known: raw values by field name, row after row.

    Rows without any typed value are left out. `columns` lacks the fields whose column is absent.
    `header` is the first header cell. For a form, there is one row, and `places` tells where each
    setting stands.
    """

    schema: TableSchema
    sheet: str
    sheet_index: int
    rows: tuple[int, ...]
    columns: Mapping[str, Sequence[Raw]]
    column_numbers: Mapping[str, int]
    header: tuple[int, int] = (1, 1)
    percents: frozenset[tuple[int, int]] = frozenset()
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the rows that hold data."""
        return len(self.rows)

    def place(self, name: str, index: int) -> tuple[int, int] | None:
        """Give row and column of a field in the row of that index; None where it has no cell."""
        if self.schema.form:
            return self.places.get(name)
        column = self.column_numbers.get(name)
        return None if column is None else (self.rows[index], column)

    def first_place(self, index: int) -> tuple[int, int]:
        """Give the first cell of a row, for what has no cell of its own."""
        if self.schema.form:
            return min(self.places.values(), default=(1, 1))
        return self.rows[index], min(self.column_numbers.values(), default=1)

    def issue(
        self,
        code: str,
        name: str,
        index: int,
        value: str | None = None,
        /,
        **values: object,
    ) -> Issue:
        """Make the issue of a field in a row, at its cell or else at the first cell of its row."""
        place = self.place(name, index) or self.first_place(index)
        return Issue(
            code,
            SEVERITIES[code],
            self.sheet,
            address(*place),
            self.schema.name,
            name,
            value,
            values,
            (self.sheet_index, *place),
        )


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of a workbook that a schema describes, by schema name."""

    source_name: str
    knows: Knowledge
    by_name: Mapping[str, Table]


def comparable(text: str) -> str:
    """
    Give a text in the form in which names and keys are compared.

    NFKC, case folded, trimmed, runs of white space made one space, invisible characters dropped,
    and the typographic apostrophe made the plain one.
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    plain = _INVISIBLE.sub("", text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    folded = unicodedata.normalize("NFKC", plain).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def is_blank(value: Raw) -> bool:
    """Tell whether a cell holds nothing that can be seen."""
    return value is None or (isinstance(value, str) and not comparable(value))


def match_tables(
    source: Source,
    schemas: Mapping[str, TableSchema],
    own_sheets: Iterable[str] = (),
) -> tuple[Tables, list[Issue]]:
    """
    Set the tables of a source against the schemas.

    `own_sheets` are the sheets without tables that the program writes, in comparable form; any
    other sheet that holds none of the tables is mentioned. Gives the tables and what is missing,
    double or unknown; columns are matched by title in any language, each title once.
    """
    by_title = {comparable(schema.table): schema for schema in schemas.values()}
    found: dict[str, Table] = {}
    issues: list[Issue] = []
    known_sheets = set(own_sheets) | {
        comparable(title) for schema in schemas.values() for title in schema.titles.values()
    }
    for raw in source.tables():
        schema = by_title.get(comparable(raw.name))
        if schema is None:
            issues.append(_table_issue("unknown-table", raw, value=raw.name))
            known_sheets.add(comparable(raw.sheet))
        elif schema.name in found:
            issues.append(_table_issue("duplicate-table", raw, value=raw.name))
            known_sheets.add(comparable(raw.sheet))
        else:
            table, problems = match_table(raw, schema)
            found[schema.name] = table
            issues += problems
            known_sheets.add(comparable(raw.sheet))
    issues += _missing_tables(schemas, found)
    for index, sheet in enumerate(source.sheet_names()):
        if comparable(sheet) not in known_sheets:
            issues.append(_sheet_issue("unknown-sheet", sheet, index))
    return Tables(source.name, source.knows, found), issues


def match_table(raw: RawTable, schema: TableSchema) -> tuple[Table, list[Issue]]:
    """Set one table against its schema."""
    table, issues = _match_form(raw, schema) if schema.form else _match_columns(raw, schema)
    if raw.below:
        issues.append(_below(raw, schema))
    return table, issues


def _titles(fields: Iterable[Field]) -> dict[str, str]:
    return {comparable(title): field.name for field in fields for title in field.titles.values()}


def _match_columns(raw: RawTable, schema: TableSchema) -> tuple[Table, list[Issue]]:
    names = _titles(schema.fields)
    issues: list[Issue] = []
    offsets: dict[str, int] = {}
    for offset, header in enumerate(raw.headers):
        name = names.get(comparable(header)) if isinstance(header, str) else None
        if name is None:
            if not is_blank(header) or _has_values(raw, offset):
                issues.append(_header_issue("unknown-column", raw, schema, offset, None))
        elif name in offsets:
            issues.append(_header_issue("duplicate-column", raw, schema, offset, name))
        else:
            offsets[name] = offset
    issues += _missing_columns(raw, schema, offsets)
    inputs = [offsets[f.name] for f in schema.inputs() if f.name in offsets]
    kept = [row for row in raw.rows if any(_filled(row[1][offset]) for offset in inputs)]
    return (
        Table(
            schema,
            raw.sheet,
            raw.sheet_index,
            tuple(number for number, _ in kept),
            {name: [values[offset] for _, values in kept] for name, offset in offsets.items()},
            {name: raw.first_column + offset for name, offset in offsets.items()},
            (raw.header_row, raw.first_column),
            raw.percents,
        ),
        issues,
    )


def _match_form(raw: RawTable, schema: TableSchema) -> tuple[Table, list[Issue]]:
    names = _titles(schema.fields)
    setting, value = _form_columns(raw, schema)
    header = (raw.header_row, raw.first_column)
    issues: list[Issue] = []
    if setting is None or value is None:
        titles = schema.form_titles or ()
        missing = [i for i, offset in enumerate((setting, value)) if offset is None]
        issues += [_column_missing(raw, schema, None, titles[i]) for i in missing]
        return Table(schema, raw.sheet, raw.sheet_index, (), {}, {}, header), issues
    columns: dict[str, list[Raw]] = {}
    places: dict[str, tuple[int, int]] = {}
    for row, values in raw.rows:
        label = values[setting]
        if is_blank(label) and is_blank(values[value]):
            continue
        name = names.get(comparable(label)) if isinstance(label, str) else None
        place = (row, raw.first_column + setting)
        if name is None:
            issues.append(_setting_issue("unknown-column", raw, schema, place, label, None))
        elif name in places:
            issues.append(_setting_issue("duplicate-column", raw, schema, place, label, name))
        else:
            columns[name] = [values[value]]
            places[name] = (row, raw.first_column + value)
    issues += [
        _column_missing(raw, schema, f.name, f.titles)
        for f in schema.fields
        if f.required and f.name not in places
    ]
    rows = (raw.header_row + 1,) if places else ()
    return (
        Table(schema, raw.sheet, raw.sheet_index, rows, columns, {}, header, raw.percents, places),
        issues,
    )


def _form_columns(raw: RawTable, schema: TableSchema) -> tuple[int | None, int | None]:
    found: list[int | None] = []
    for titles in schema.form_titles or ():
        wanted = {comparable(title) for title in titles.values()}
        offsets = [
            offset
            for offset, header in enumerate(raw.headers)
            if isinstance(header, str) and comparable(header) in wanted
        ]
        found.append(offsets[0] if offsets else None)
    return found[0], found[1]


def _filled(value: Raw) -> bool:
    return not (value is None or (isinstance(value, str) and is_blank(value)))


def _has_values(raw: RawTable, offset: int) -> bool:
    return any(
        _filled(values[offset]) and not isinstance(values[offset], NoStoredValue)
        for _, values in raw.rows
    )


def _missing_tables(schemas: Mapping[str, TableSchema], found: Mapping[str, Table]) -> list[Issue]:
    return [
        Issue(
            "missing-table",
            SEVERITIES["missing-table"],
            "",
            None,
            schema.name,
            None,
            None,
            {"titles": dict(schema.titles), "excel_table": schema.table},
            (-1, 0, index),
        )
        for index, schema in enumerate(schemas.values())
        if schema.presence != "optional" and schema.name not in found
    ]


def _missing_columns(
    raw: RawTable, schema: TableSchema, offsets: Mapping[str, int]
) -> list[Issue]:
    return [
        _column_missing(raw, schema, field.name, field.titles)
        for field in schema.fields
        if field.required and field.name not in offsets
    ]


def _column_missing(
    raw: RawTable, schema: TableSchema, name: str | None, titles: Mapping[Language, str]
) -> Issue:
    place = (raw.header_row, raw.first_column)
    values: dict[str, object] = {
        "titles": titles,
        "excel_table": schema.table,
        "form": schema.form,
    }
    return Issue(
        "missing-column",
        SEVERITIES["missing-column"],
        raw.sheet,
        address(*place),
        schema.name,
        name,
        None,
        values,
        (raw.sheet_index, *place),
    )


def _header_issue(
    code: str, raw: RawTable, schema: TableSchema, offset: int, name: str | None
) -> Issue:
    place = (raw.header_row, raw.first_column + offset)
    return _setting_issue(code, raw, schema, place, raw.headers[offset], name)


def _setting_issue(
    code: str,
    raw: RawTable,
    schema: TableSchema,
    place: tuple[int, int],
    label: Raw,
    name: str | None,
) -> Issue:
    return Issue(
        code,
        SEVERITIES[code],
        raw.sheet,
        address(*place),
        schema.name,
        name,
        None if label is None else str(label),
        {"excel_table": schema.table},
        (raw.sheet_index, *place),
    )


def _below(raw: RawTable, schema: TableSchema) -> Issue:
    first = raw.below[0]
    cells = [address(*place) for place in raw.below]
    return Issue(
        "rows-below-table",
        SEVERITIES["rows-below-table"],
        raw.sheet,
        cells[0],
        schema.name,
        None,
        None,
        {"cells": cells, "excel_table": schema.table},
        (raw.sheet_index, *first),
    )


def _table_issue(code: str, raw: RawTable, value: str) -> Issue:
    place = (raw.header_row, raw.first_column)
    return Issue(
        code,
        SEVERITIES[code],
        raw.sheet,
        address(*place),
        comparable(raw.name),
        None,
        value,
        {},
        (raw.sheet_index, *place),
    )


def _sheet_issue(code: str, sheet: str, index: int) -> Issue:
    return Issue(code, SEVERITIES[code], sheet, None, "", None, sheet, {}, (index, 0, 0))
