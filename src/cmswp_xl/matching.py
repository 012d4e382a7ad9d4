"""
Setting the tables of a source against the schemas.

Tables are found by name, columns by title, in any of the three languages; what is missing, double
or unknown becomes an issue. Nothing is guessed, and nothing is typed yet.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from cmswp_xl.cells import NoStoredValue, address
from cmswp_xl.issues import SEVERITIES, Issue, Severity
from cmswp_xl.languages import Language
from cmswp_xl.names import Names
from cmswp_xl.tables import Table, Tables, comparable, is_blank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from cmswp_xl.cells import Raw
    from cmswp_xl.schema import Field, TableSchema
    from cmswp_xl.tables import RawTable, Source


_FEW = 4
"""Twice the fewest headings by which a table is recognised."""


def match_tables(
    source: Source,
    schemas: Mapping[str, TableSchema],
    own_sheets: Iterable[Callable[[Language], AbstractSet[str]]] = (),
) -> tuple[Tables, list[Issue]]:
    """
    Set the tables of a source against the schemas.

    `own_sheets` name the sheets without tables that the program writes, in comparable form, asked
    for a language only while a sheet is not among those of the others; any other sheet that holds
    none of the tables is mentioned. Gives the tables and what is missing,
    double or unknown; columns are matched by title in any language, each title once.
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
            issues.append(_table_issue("duplicate-table", raw, value=raw.name))
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
    issues += [_sheet_issue("unknown-sheet", sheet, index) for index, sheet in unknown.items()]
    return Tables(source.name, source.knows, found, names_of(found, schemas)), issues


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
        return _table_issue("unknown-table", raw, value=raw.name)
    schema = max(alike, key=lambda schema: len(schema.inputs()))
    issue = replace(
        _table_issue("ambiguous-table", raw, value=raw.name),
        table=schema.name,
        values={"excel_table": schema.table},
    )
    read = found.get(schema.name)
    if read is None:
        return replace(issue, severity=Severity.ERROR)
    return replace(issue, values={**issue.values, "other_sheet": read.sheet})


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
    nameless: dict[str, int] = {}
    for offset, header in enumerate(raw.headers):
        name = names.get(comparable(header)) if isinstance(header, str) else None
        if name is None:
            own = raw.names[offset] if is_blank(header) and offset < len(raw.names) else ""
            if comparable(own) in names:
                nameless[names[comparable(own)]] = offset
            elif own or not is_blank(header) or _has_values(raw, offset):
                issues.append(_header_issue("unknown-column", raw, schema, offset, None))
        elif name in offsets:
            issues.append(_header_issue("duplicate-column", raw, schema, offset, name))
        else:
            offsets[name] = offset
    issues += _missing_columns(raw, schema, offsets, nameless)
    inputs = [offsets[f.name] for f in schema.inputs() if f.name in offsets]
    kept = [row for row in raw.rows if any(not is_blank(row[1][offset]) for offset in inputs)]
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
            headings={name: _heading(raw.headers[offset]) for name, offset in offsets.items()},
            struck=raw.struck,
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
    headings: dict[str, str] = {}
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
            headings[name] = _heading(label)
            places[name] = (row, raw.first_column + value)
    issues += [
        _column_missing(raw, schema, f.name, f.titles)
        for f in schema.fields
        if f.required and f.name not in places
    ]
    rows = (raw.header_row + 1,) if places else ()
    return (
        Table(
            schema,
            raw.sheet,
            raw.sheet_index,
            rows,
            columns,
            {},
            header,
            raw.percents,
            places,
            struck=raw.struck,
            headings=headings,
        ),
        issues,
    )


def _heading(header: Raw) -> str:
    """Return a heading on one line."""
    return " ".join(str(header).split())


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


def _has_values(raw: RawTable, offset: int) -> bool:
    return any(
        not is_blank(values[offset]) and not isinstance(values[offset], NoStoredValue)
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
    raw: RawTable,
    schema: TableSchema,
    offsets: Mapping[str, int],
    nameless: Mapping[str, int],
) -> list[Issue]:
    """List the columns that are needed, and those whose header cell is blank, at that cell."""
    return [
        _column_missing(raw, schema, field.name, field.titles, nameless.get(field.name, 0))
        for field in schema.fields
        if field.name not in offsets and (field.required or field.name in nameless)
    ]


def _column_missing(
    raw: RawTable,
    schema: TableSchema,
    name: str | None,
    titles: Mapping[Language, str],
    offset: int = 0,
) -> Issue:
    place = (raw.header_row, raw.first_column + offset)
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
