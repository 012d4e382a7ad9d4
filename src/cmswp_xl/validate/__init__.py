"""
Check tables against schemas and rules, and build the programme from them.

Of each table that has rows, one expression on a polars frame answers whether it keeps its schema.
Where it does not, pandera, compiled from the same conditions, finds the rows.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import compress
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from cmswp_xl import model
from cmswp_xl.issues import Issue, Severity, has_errors
from cmswp_xl.languages import Language, Names
from cmswp_xl.schema import Field, TableSchema
from cmswp_xl.tables import Knowledge, Tables, cell_text, comparable, missing_column
from cmswp_xl.validate.causes import with_causes
from cmswp_xl.validate.contributions import with_offers
from cmswp_xl.validate.rules import check_rules
from cmswp_xl.validate.typed import (
    Keys,
    TypedTable,
    changed_since_approval,
    setting,
    split_entry,
    table_keys,
    type_tables,
)

if TYPE_CHECKING:
    import pandera.polars as pa

    Condition = tuple[str, str, pl.Expr]
    """A column, an issue code, and what holds for the values of the column without it."""


_T = TypeVar("_T")

_ROWS = re.compile(r"tuple\[(\w+), \.\.\.\]")
"""The types of the parts of the model that are the rows of the table of their name."""
STRUCTURE = frozenset(
    {"missing-table", "missing-column", "duplicate-table", "duplicate-column", "rows-below-table"}
)
"""Errors that leave open which rows and columns there are."""


_NEEDED = {
    "formula-without-value": Knowledge.FORMULAS,
    "percent-format": Knowledge.FORMATS,
    "struck-text": Knowledge.STRIKES,
}
"""What a source must be able to tell for a check."""

KEY = "#key"
"""What the name of a column of comparable keys ends in, beside the column as typed."""

_TYPES: Mapping[str, Any] = {
    "string": pl.String,
    "integer": pl.Int64,
    "year": pl.Int64,
    "number": pl.Float64,
    "date": pl.Date,
}
_MISSING, _DOUBLE = "missing-value", "duplicate-key"
_BUILT_IN = {
    "not_nullable": _MISSING,
    "field_uniqueness": _DOUBLE,
    "multiple_fields_uniqueness": _DOUBLE,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """
    A programme of the rows without errors, for remarks on figures that no error touches.

    `kept` gives the row index of each row by table; `touched` the ids of the activities whose
    figures some error may change.
    """

    programme: model.Programme
    kept: Mapping[str, Sequence[int]]
    touched: frozenset[str]


@dataclass(frozen=True, slots=True)
class Checked:
    """
    What the checks found: typed tables, issues, and as much of the programme as is sound.

    `skipped` lists the checks for which the source could not tell enough, `names` what the
    workbook calls its tables and fields. `entry` are the rows of its Entry sheet, which are none
    of its data, `unfit` what keeps them from being taken over.
    """

    typed: Mapping[str, TypedTable]
    issues: tuple[Issue, ...]
    draft: Draft | None
    names: Names
    skipped: tuple[str, ...] = ()
    entry: TypedTable | None = None
    unfit: tuple[Issue, ...] = ()

    @property
    def programme(self) -> model.Programme | None:
        """The whole programme, where no error was found; None otherwise."""
        return None if self.draft is None or has_errors(self.issues) else self.draft.programme


def check_tables(tables: Tables, found: Sequence[Issue] = ()) -> Checked:
    """
    Check the tables of a workbook.

    `found` are the issues known already, from matching tables and columns; they count when it is
    decided whether a programme can be built.
    """
    typed, problems = type_tables(tables)
    keys = table_keys(typed)
    plain = (
        *found,
        *_absent_original(typed),
        *problems,
        *with_offers(check_frames(typed, keys), typed),
        *check_rules(typed, keys),
        *changed_since_approval(typed),
    )
    issues = tuple(with_causes(plain, typed, keys))
    skipped = tuple(check for check, needed in _NEEDED.items() if needed not in tables.knows)
    return Checked(typed, issues, _draft(typed, keys, issues), tables.names, skipped)


def check_frames(typed: Mapping[str, TypedTable], keys: Keys) -> list[Issue]:
    """Check every table against its schema; references are checked against the keys given."""
    issues: list[Issue] = []
    for table in typed.values():
        schema, frame = table.schema, table_frame(table)
        if len(table) and not is_sound(schema, keys, frame):
            issues += _schema_issues(table, failures(schema, keys, frame))
    return issues


def is_sound(schema: TableSchema, keys: Keys, frame: pl.DataFrame) -> bool:
    """Return whether a table's frame keeps its schema, by one expression; blanks are no fault."""
    found = [(kept | kept.is_null()).all() for _, _, kept in _conditions(schema, keys, frame)]
    unique = _composite(schema, frame)
    if unique:
        found.append(~pl.struct(unique).is_duplicated().any())
    return not found or bool(frame.select(pl.all_horizontal(found)).item())


def failures(
    schema: TableSchema, keys: Keys, frame: pl.DataFrame
) -> Sequence[tuple[str | None, str, int]]:
    """Return column, issue code and row index of everything that pandera finds in a frame."""
    compiled = compile_schema(schema, keys, frame)
    from pandera.errors import SchemaErrors

    try:
        compiled.validate(frame, lazy=True)
    except SchemaErrors as errors:
        rows = errors.failure_cases.select("column", "check", "index").iter_rows()
        return [(column, _BUILT_IN.get(check, check), index) for column, check, index in rows]
    return ()


def compile_schema(schema: TableSchema, keys: Keys, frame: pl.DataFrame) -> pa.DataFrameSchema:
    """
    Compile the conditions on a frame to pandera, which is imported only here: it takes time.

    A check's `error` is the issue code of its failures.
    """
    os.environ.setdefault("DISABLE_PANDERA_IMPORT_WARNING", "True")
    import pandera.polars as pa

    conditions = list(_conditions(schema, keys, frame))
    rules = {(name, code) for name, code, _ in conditions}
    columns: dict[str, pa.Column] = {}
    for name, kind in frame.schema.items():
        checks = [
            pa.Check(lambda data, kept=kept: data.lazyframe.select(kept), error=code)
            for column, code, kept in conditions
            if column == name and code not in (_MISSING, _DOUBLE)
        ]
        required, unique = (name, _MISSING) in rules, (name, _DOUBLE) in rules
        columns[name] = pa.Column(kind, checks, nullable=not required, unique=unique)
    return pa.DataFrameSchema(columns, unique=_composite(schema, frame))


def _conditions(schema: TableSchema, keys: Keys, frame: pl.DataFrame) -> Iterator[Condition]:
    present = set(frame.columns)
    for field in schema.inputs():
        name, column, key = field.name, pl.col(field.name), pl.col(field.name + KEY)
        bound = float if field.numeric else int
        if name in present:
            if field.required:
                yield name, _MISSING, column.is_not_null()
            if field.pattern:
                yield name, "wrong-pattern", column.str.contains(f"^(?:{field.pattern})$")
            if field.minimum is not None:
                yield name, "out-of-range", column >= bound(field.minimum)
            if field.maximum is not None:
                yield name, "out-of-range", column <= bound(field.maximum)
        if name + KEY in present:
            if field.reference:
                known = list(keys.get(field.reference.table, {}))
                yield name + KEY, "unknown-reference", key.is_in(known) if known else key.is_null()
            elif schema.primary_key == (name,):
                yield name + KEY, _DOUBLE, ~key.is_duplicated()


def _composite(schema: TableSchema, frame: pl.DataFrame) -> list[str] | None:
    """Return the columns of a key of several fields, if all are there."""
    unique = [name + KEY for name in schema.primary_key]
    return unique if len(unique) > 1 and set(unique) <= set(frame.columns) else None


def table_frame(table: TypedTable) -> pl.DataFrame:
    """Return the columns of a table that its schema limits, and those of its comparable keys."""
    schema = table.schema
    series = []
    for field in schema.inputs():
        if field.name not in table.columns or field.list:
            continue
        values = table.column(field.name)
        if field.required or field.pattern or (field.minimum, field.maximum) != (None, None):
            plain: Iterable[Any] = values
            if field.numeric:
                plain = [None if v is None else float(v) for v in values]  # type: ignore[arg-type]
            series.append(pl.Series(field.name, plain, _TYPES[field.type]))
        if field.reference or field.name in schema.primary_key:
            known = {v: comparable(str(v)) for v in set(values) if v is not None}
            texts = [None if v is None else known[v] for v in values]
            series.append(pl.Series(field.name + KEY, texts, pl.String))
    return pl.DataFrame(series)


def _schema_issues(
    table: TypedTable, found: Iterable[tuple[str | None, str, int]]
) -> Iterator[Issue]:
    key = table.schema.primary_key
    same = _same_keys(table)
    cells = (
        (code, column.removesuffix(KEY) if column else key[-1], i) for column, code, i in found
    )
    for code, name, index in dict.fromkeys(cells):
        if (name, index) in table.faulty or (code == _DOUBLE and index not in same):
            continue
        field = table.schema.field(name)
        value: Any = table.value(name, index)
        shown = None if value is None else cell_text(table.table.columns[name][index])
        if field.unit == "percent" and value is not None:
            shown = f"{value:f}"
        values: dict[str, Any] = {"cells": same[index]} if code == _DOUBLE else {}
        yield table.issue(code, name, index, shown, field=field, **values)


def _same_keys(table: TypedTable) -> dict[int, list[int]]:
    """Return for each row index the sheet rows with the same primary key; one list for them."""
    found: dict[int, list[int]] = {}
    for indexes in table.groups(*table.schema.primary_key).values():
        rows = [table.table.rows[index] for index in indexes]
        found |= dict.fromkeys(indexes, rows)
    return found


def _draft(typed: Mapping[str, TypedTable], keys: Keys, issues: Sequence[Issue]) -> Draft | None:
    """Build what can be built; None where structure or Programme form are at fault."""
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if any(issue.code in STRUCTURE or issue.table == "programme" for issue in errors):
        return None
    if "programme" not in typed or not len(typed["programme"]):
        return None
    faulty: dict[str, set[int]] = defaultdict(set)
    for issue in errors:
        faulty[issue.table].add(issue.place[1])
    kept = {
        name: [i for i, row in enumerate(table.table.rows) if row not in faulty[name]]
        for name, table in typed.items()
    }
    touched = _touched(typed, keys, kept)
    programme = build_programme(typed, keys, kept)
    known = programme.source_kinds()
    sound = [row.source in known for row in programme.funding]
    if not all(sound):
        touched |= {row.activity for row in programme.funding if row.source not in known}
        kept["funding"] = list(compress(kept["funding"], sound))
        programme = replace(programme, funding=tuple(compress(programme.funding, sound)))
    return Draft(programme, kept, frozenset(touched))


def _touched(
    typed: Mapping[str, TypedTable],
    keys: Keys,
    kept: Mapping[str, Sequence[int]],
) -> set[str]:
    """Return the ids of activities with an error in their own row or in a row about them."""
    touched: set[str] = set()
    for name, column in (("activities", "id"), ("costs", "activity"), ("funding", "activity")):
        if name in typed:
            left_out = set(range(len(typed[name]))) - set(kept[name])
            values = (typed[name].value(column, index) for index in left_out)
            texts = {comparable(value) for value in values if value is not None}
            touched |= {str(keys["activities"].get(text, text)) for text in texts}
    return touched


def _absent_original(typed: Mapping[str, TypedTable]) -> Iterator[Issue]:
    """Find tables without the column of a required text in the original language."""
    original = setting(typed, "original_language")
    for typed_table in typed.values():
        table = typed_table.table
        for field in () if table.schema.form else table.schema.inputs():
            wanted = field.required_text and field.language == original
            if wanted and field.name not in table.columns:
                yield missing_column(table, table.schema, field.name, field.titles)


def build_programme(
    typed: Mapping[str, TypedTable], keys: Keys, kept: Mapping[str, Sequence[int]]
) -> model.Programme:
    """
    Build the programme from the rows that are kept, by table and row index.

    The Programme form must be among them; a kept row holds every required value. A column that no
    part of the model takes is left to those that read the tables: dump, diff, open data.
    """

    def rows(name: str, made: type[_T]) -> tuple[_T, ...]:
        return _rows(typed[name], made, keys, kept[name]) if name in typed else ()

    def parts(whole: type) -> dict[str, Any]:
        kinds = {item.name: _ROWS.fullmatch(str(item.type)) for item in fields(whole)}
        return {name: rows(name, getattr(model, kind[1])) for name, kind in kinds.items() if kind}

    weights = {
        typed["weights"].value("criterion", index): typed["weights"].value("weight", index)
        for index in kept.get("weights", ())
    }
    return model.Programme(
        settings=rows("programme", model.Settings)[0],
        review=model.Review(**parts(model.Review), weights=weights),
        **{**parts(model.Programme), "post_shares": rows("postfunding", model.PostShare)},
    )


def _rows(table: TypedTable, made: type[_T], keys: Keys, kept: Sequence[int]) -> tuple[_T, ...]:
    """Return the kept rows of a table as what they become, which has fields of the schema."""
    taken = fields(made)  # type: ignore[arg-type]
    columns = [_column(table, item.name, str(item.type), keys) for item in taken]
    rows = list(zip(*columns, strict=True))
    return tuple(made(*rows[index]) for index in kept)


def _column(table: TypedTable, name: str, kind: str, keys: Keys) -> Sequence[Any]:
    """
    Return the values that an attribute of a kind takes, row by row.

    The texts of a base name become one `Text`, references take the form of the key they refer to,
    lists become tuples, and blanks take the default of their field.
    """
    schema = table.schema
    if kind == "Text":
        texts = [table.column(field.name) for field in schema.texts(name)]
        return [model.Text(*each) for each in zip(*texts, strict=True)]
    field = schema.field(name)
    values: Sequence[Any] = table.column(name)
    if field.list:
        return [_entries(value or (), field, keys) for value in values]
    if field.reference:
        known = keys.get(field.reference.table, {})
        own = {value: known.get(comparable(str(value)), value) for value in set(values) - {None}}
        return [own.get(value) for value in values]
    if field.default is not None:
        values = [field.default if value is None else value for value in values]
    if kind == "bool":
        return [value == "yes" for value in values]
    return [Language(value) for value in values] if kind == "Language" else values


def _entries(entries: tuple[str, ...], field: Field, keys: Keys) -> tuple[Any, ...]:
    if field.reference is None:
        return entries
    locator = field.reference.locator
    known = keys.get(field.reference.table, {})
    split = (split_entry(entry, locator=locator) for entry in entries)
    found = ((str(known.get(comparable(code), code)), place) for code, place in split)
    return tuple(model.MandateReference(*each) if locator else each[0] for each in found)
