"""
Setting the tables of a source against the schemas.

Tables are found by name, columns by title, in any of the three languages; what is missing, double
or unknown becomes an issue. Nothing is guessed, and nothing is typed yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from cmswp_xl.cells import NoStoredValue, Raw, address
from cmswp_xl.issues import SEVERITIES, Issue, Severity
from cmswp_xl.languages import CARRIED, OWN, WORDS, Language, Names, Words
from cmswp_xl.schema import Field, TableSchema
from cmswp_xl.tables import (
    RawTable,
    Source,
    Table,
    Tables,
    comparable,
    is_blank,
    issue_at,
    missing_column,
)
from cmswp_xl.translated import SHEET

_FEW = 4
"""Twice the fewest headings by which a table is recognised."""


@cache
def own_sheets(language: Language) -> frozenset[str]:
    """Return the sheets that hold none of the tables, in comparable form."""
    names = (*OWN, WORDS, CARRIED)
    return frozenset({SHEET, *(comparable(Words(language)(name)) for name in names)})


def match_tables(
    source: Source,
    schemas: Mapping[str, TableSchema],
    own_sheets: Iterable[Callable[[Language], AbstractSet[str]]] = (),
) -> tuple[Tables, list[Issue]]:
    """
    Set the tables of a source against the schemas.

    `own_sheets` name the sheets without tables that the program writes, in comparable form, asked
    for a language only while a sheet is not among those of the others; any other sheet that holds
    none of the tables is mentioned. Returns the tables and what is missing, double or unknown;
    columns are matched by title in any language, each title once.
    """
    by_title = {comparable(schema.table): schema for schema in schemas.values()}
    found: dict[str, Table] = {}
    issues: list[Issue] = []
    others: list[RawTable] = []
    known_sheets = {
        comparable(title) for schema in schemas.values() for title in schema.titles.values()
    }
    for raw in source.tables():
        known_sheets.add(comparable(raw.sheet))
        schema = by_title.get(comparable(raw.name))
        if schema is None:
            others.append(raw)
        elif schema.name in found:
            issues.append(_table_issue("duplicate-table", raw))
        else:
            table, problems = match_table(raw, schema)
            found[schema.name] = table
            issues += problems
    issues += [_other_table(raw, schemas, found) for raw in others]
    issues += _missing_tables(schemas, found)
    unknown = {
        index: sheet
        for index, sheet in enumerate(source.sheet_names())
        if comparable(sheet) not in known_sheets
    }
    for language in Language:
        if unknown:
            known_sheets.update(*(names(language) for names in own_sheets))
            unknown = {i: s for i, s in unknown.items() if comparable(s) not in known_sheets}
    code, severity = "unknown-sheet", SEVERITIES["unknown-sheet"]
    issues += [
        Issue(code, severity, sheet, None, "", None, sheet, {}, (index, 0, 0))
        for index, sheet in unknown.items()
    ]
    return Tables(source.knows, found, names_of(found, schemas)), issues


def names_of(found: Mapping[str, Table], schemas: Mapping[str, TableSchema]) -> Names:
    """Return what a workbook calls its tables and fields."""
    language = _language(found.values())
    return Names(
        language,
        {
            name: (found[name].sheet if name in found else "") or schema.titles[language]
            for name, schema in schemas.items()
        },
        {
            (name, field.name): (found[name].headings.get(field.name) if name in found else None)
            or field.titles[language]
            for name, schema in schemas.items()
            for field in schema.fields
        },
    )


def _language(found: Iterable[Table]) -> Language:
    """Return the language of most sheets and, where these leave it open, of most headings."""
    sheets, headings = Counter[Language](), Counter[Language]()
    for table in found:
        schema = table.schema
        sheets.update(_spoken(table.sheet, schema.titles))
        for name, text in table.headings.items():
            headings.update(_spoken(text, schema.field(name).titles))
    return max(Language, key=lambda language: (sheets[language], headings[language]))


def _spoken(text: str, titles: Mapping[Language, str]) -> list[Language]:
    """Return the languages in which a title reads so."""
    return [spoken for spoken, title in titles.items() if comparable(title) == comparable(text)]


def _other_table(
    raw: RawTable, schemas: Mapping[str, TableSchema], found: Mapping[str, Table]
) -> Issue:
    """Mention a table of another name; one with the headings of ours may have been meant."""
    alike = [schema for schema in schemas.values() if _looks_like(raw, schema)]
    if not alike:
        return _table_issue("unknown-table", raw)
    schema = max(alike, key=lambda schema: len(schema.inputs()))
    values: dict[str, object] = {"excel_table": schema.table}
    issue = replace(_table_issue("ambiguous-table", raw), table=schema.name, values=values)
    read = found.get(schema.name)
    if read is None:
        return replace(issue, severity=Severity.ERROR)
    return replace(issue, values={**values, "other_sheet": read.sheet})


def _looks_like(raw: RawTable, schema: TableSchema) -> bool:
    """Return whether a table has the required fields of one of ours, and half of all."""
    if schema.form:
        offset, value = _form_columns(raw, schema)
        if offset is None or value is None:
            return False
        headings = [values[offset] for _, values in raw.rows]
    else:
        headings = list(raw.headers)
    names = _titles(schema.inputs())
    texts = {comparable(heading) for heading in headings if isinstance(heading, str)}
    present = {names[text] for text in texts if text in names}
    needed = {field.name for field in schema.fields if field.required}
    return needed <= present and 2 * len(present) >= max(len(schema.inputs()), _FEW)


@dataclass(frozen=True, slots=True)
class _Heading:
    """
    A heading of a column, or the name of a setting, and the cells that it stands for.

    `place` is that of the heading; `filled` is whether a blank one has a cell that holds
    something, and `own` what the file itself calls the column.
    """

    text: Raw
    place: tuple[int, int]
    cells: Sequence[Raw]
    filled: bool
    own: str = ""


def match_table(raw: RawTable, schema: TableSchema) -> tuple[Table, list[Issue]]:
    """Set one table against its schema."""
    table, issues = _match_form(raw, schema) if schema.form else _match_columns(raw, schema)
    if raw.below:
        cells = [address(*place) for place in raw.below]
        values: dict[str, object] = {"cells": cells, "excel_table": schema.table}
        issues.append(issue_at(raw, raw.below[0], "rows-below-table", schema.name, values=values))
    return table, issues


def _titles(fields: Iterable[Field]) -> dict[str, str]:
    return {comparable(title): field.name for field in fields for title in field.known_titles}


def _match_columns(raw: RawTable, schema: TableSchema) -> tuple[Table, list[Issue]]:
    columns = list(zip(*(values for _, values in raw.rows), strict=False))
    columns = columns or [()] * len(raw.headers)
    headings = [
        _Heading(
            header,
            (raw.header_row, raw.first_column + offset),
            columns[offset],
            is_blank(header) and any(map(holds_value, columns[offset])),
            raw.names[offset] if offset < len(raw.names) else "",
        )
        for offset, header in enumerate(raw.headers)
    ]
    found, issues = _named(headings, raw, schema)
    inputs = [found[field.name].cells for field in schema.inputs() if field.name in found]
    kept = [index for index in range(len(raw.rows)) if any(not is_blank(c[index]) for c in inputs)]
    rows = tuple(raw.rows[index][0] for index in kept)
    cells = {name: [one.cells[index] for index in kept] for name, one in found.items()}
    numbers = {name: one.place[1] for name, one in found.items()}
    return _table(raw, schema, found, rows=rows, columns=cells, column_numbers=numbers), issues


def holds_value(cell: Raw) -> bool:
    """Return whether a cell shows anything; a formula without a value shows nothing."""
    return not is_blank(cell) and not isinstance(cell, NoStoredValue)


def _match_form(raw: RawTable, schema: TableSchema) -> tuple[Table, list[Issue]]:
    setting, value = _form_columns(raw, schema)
    if setting is None or value is None:
        titles = zip(schema.form_titles or (), (setting, value), strict=True)
        missing = [names for names, offset in titles if offset is None]
        return _table(raw, schema, {}), [missing_column(raw, schema, None, n) for n in missing]
    left = raw.first_column + setting
    headings = [
        _Heading(cells[setting], (row, left), [cells[value]], not is_blank(cells[value]))
        for row, cells in raw.rows
    ]
    found, issues = _named(headings, raw, schema)
    rows = (raw.header_row + 1,) if found else ()
    cells = {name: one.cells for name, one in found.items()}
    places = {name: (one.place[0], raw.first_column + value) for name, one in found.items()}
    return _table(raw, schema, found, rows=rows, columns=cells, places=places), issues


def _table(
    raw: RawTable, schema: TableSchema, found: Mapping[str, _Heading], **cells: Any
) -> Table:
    return Table(
        schema,
        raw.sheet,
        raw.sheet_index,
        header=raw.header,
        percents=raw.percents,
        headings={name: " ".join(str(one.text).split()) for name, one in found.items()},
        struck=raw.struck,
        **cells,
    )


def _named(
    headings: Iterable[_Heading], raw: RawTable, schema: TableSchema
) -> tuple[dict[str, _Heading], list[Issue]]:
    """
    Return the headings of fields by name, and what is unknown, double or missing.

    A column whose header cell is blank, but which the file calls by a title, is missing there.
    """
    names = _titles(schema.fields)
    found: dict[str, _Heading] = {}
    nameless: dict[str, tuple[int, int]] = {}
    issues: list[Issue] = []
    for heading in headings:
        name = names.get(comparable(heading.text)) if isinstance(heading.text, str) else None
        blank = is_blank(heading.text)
        if name is not None and name not in found:
            found[name] = heading
        elif blank and comparable(heading.own) in names:
            nameless[names[comparable(heading.own)]] = heading.place
        elif not blank or heading.own or heading.filled:
            code = "duplicate-column" if name else "unknown-column"
            value = None if heading.text is None else str(heading.text)
            values: dict[str, object] = {"excel_table": schema.table}
            issues.append(issue_at(raw, heading.place, code, schema.name, name, value, values))
    issues += [
        missing_column(raw, schema, field.name, field.titles, nameless.get(field.name))
        for field in schema.fields
        if field.name not in found and (field.required or field.name in nameless)
    ]
    return found, issues


def _form_columns(raw: RawTable, schema: TableSchema) -> tuple[int | None, int | None]:
    """Return where in a form the columns of the settings and of their values stand."""
    headers = [comparable(h) if isinstance(h, str) else "" for h in raw.headers]
    setting, value = (
        next((i for i, header in enumerate(headers) if header and header in wanted), None)
        for wanted in ({comparable(t) for t in each.values()} for each in schema.form_titles or ())
    )
    return setting, value


def _missing_tables(schemas: Mapping[str, TableSchema], found: Mapping[str, Table]) -> list[Issue]:
    code, severity, issues = "missing-table", SEVERITIES["missing-table"], []
    for index, (name, schema) in enumerate(schemas.items()):
        if schema.presence != "optional" and name not in found:
            values: dict[str, object] = {"titles": schema.titles, "excel_table": schema.table}
            place = (-1, 0, index)
            issues.append(Issue(code, severity, "", None, name, None, None, values, place))
    return issues


def _table_issue(code: str, raw: RawTable) -> Issue:
    return issue_at(raw, raw.header, code, comparable(raw.name), value=raw.name)
