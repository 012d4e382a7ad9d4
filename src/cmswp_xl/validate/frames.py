"""
The schema checks: what each field and key of a table must be, as conditions on a polars frame.

One expression answers whether a whole table is sound. Where it is not, pandera, compiled from the
same conditions, finds the rows; every failure carries the index of its row, and so its cell.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import polars as pl

from cmswp_xl.tables import comparable
from cmswp_xl.validate.typed import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandera.polars as pa

    from cmswp_xl.issues import Issue
    from cmswp_xl.schema import Field, TableSchema
    from cmswp_xl.validate.typed import Keys, TypedTable

    Condition = tuple[str, str, pl.Expr]
    """A column, an issue code, and what holds for the values of the column without it."""

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


def check_frames(typed: Mapping[str, TypedTable], keys: Keys) -> list[Issue]:
    """Check every table against its schema; references are checked against the keys given."""
    issues: list[Issue] = []
    for table in typed.values():
        schema, frame = table.table.schema, table_frame(table)
        if len(table) and not is_sound(schema, keys, frame):
            issues += _issues(table, failures(schema, keys, frame))
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
    """Yield what must hold for the columns of a frame."""
    present = set(frame.columns)
    for field in schema.inputs():
        name, column, key = field.name, pl.col(field.name), pl.col(field.name + KEY)
        if name in present:
            if field.required:
                yield name, _MISSING, column.is_not_null()
            if field.pattern:
                yield name, "wrong-pattern", column.str.contains(f"^(?:{field.pattern})$")
            if field.minimum is not None:
                yield name, "out-of-range", column >= _bound(field, field.minimum)
            if field.maximum is not None:
                yield name, "out-of-range", column <= _bound(field, field.maximum)
        if name + KEY in present:
            if field.reference:
                known = list(keys.get(field.reference.table, {}))
                yield name + KEY, "unknown-reference", key.is_in(known) if known else key.is_null()
            elif schema.primary_key == (name,):
                yield name + KEY, _DOUBLE, ~key.is_duplicated()


def _bound(field: Field, value: Any) -> float:
    return float(value) if field.numeric else int(value)


def _composite(schema: TableSchema, frame: pl.DataFrame) -> list[str] | None:
    """Return the columns of a key of several fields, if all are there."""
    unique = [name + KEY for name in schema.primary_key]
    return unique if len(unique) > 1 and set(unique) <= set(frame.columns) else None


def table_frame(table: TypedTable) -> pl.DataFrame:
    """Return the columns of a table that its schema limits, and those of its comparable keys."""
    schema = table.table.schema
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


def _issues(table: TypedTable, found: Iterable[tuple[str | None, str, int]]) -> Iterator[Issue]:
    key = table.table.schema.primary_key
    same = _same_keys(table)
    cells = (
        (code, column.removesuffix(KEY) if column else key[-1], i) for column, code, i in found
    )
    for code, name, index in dict.fromkeys(cells):
        if (name, index) in table.faulty or (code == _DOUBLE and index not in same):
            continue
        field = table.table.schema.field(name)
        value: Any = table.value(name, index)
        shown = None if value is None else cell_text(table.table.columns[name][index])
        if field.unit == "percent" and value is not None:
            shown = f"{value:f}"
        values: dict[str, Any] = {"cells": same[index]} if code == _DOUBLE else {}
        yield table.issue(code, name, index, shown, field=field, **values)


def _same_keys(table: TypedTable) -> dict[int, list[int]]:
    """Return for each row index the sheet rows with the same primary key; one list for them."""
    found: dict[int, list[int]] = {}
    for indexes in table.groups(*table.table.schema.primary_key).values():
        rows = [table.table.rows[index] for index in indexes]
        found |= dict.fromkeys(indexes, rows)
    return found
