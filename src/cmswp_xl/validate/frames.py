"""
The schema checks: pandera schemas compiled from the YAML files, run lazily on polars frames.

Every failure carries the index of its row, which is how it finds its cell.
"""

from __future__ import annotations

import os
from collections import defaultdict
from typing import TYPE_CHECKING, Any

os.environ.setdefault("DISABLE_PANDERA_IMPORT_WARNING", "True")

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from cmswp_xl.tables import comparable
from cmswp_xl.validate.typed import shown_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.issues import Issue
    from cmswp_xl.schema import Field, TableSchema
    from cmswp_xl.validate.typed import Keys, TypedTable

KEY = "#key"
"""What the name of a column of comparable keys ends in, beside the column as typed."""

_TYPES: Mapping[str, Any] = {
    "string": pl.String,
    "integer": pl.Int64,
    "year": pl.Int64,
    "number": pl.Float64,
    "date": pl.Date,
}
_BUILT_IN = {
    "not_nullable": "missing-value",
    "field_uniqueness": "duplicate-key",
    "multiple_fields_uniqueness": "duplicate-key",
}


def check_frames(typed: Mapping[str, TypedTable], keys: Keys) -> list[Issue]:
    """Check every table against its schema; references are checked against the keys given."""
    issues: list[Issue] = []
    for table in typed.values():
        if len(table):
            issues += _check_frame(table, keys)
    return issues


def table_keys(typed: Mapping[str, TypedTable]) -> Keys:
    """Give for each table with a key its keys: comparable form to the form in the table."""
    keys: Keys = {}
    for name, table in typed.items():
        if len(table.table.schema.primary_key) == 1:
            column = table.column(table.table.schema.primary_key[0])
            found: dict[str, str | int] = {}
            for value in column:
                if isinstance(value, (str, int)):
                    found.setdefault(comparable(str(value)), value)
            keys[name] = found
    return keys


def compile_schema(schema: TableSchema, keys: Keys, present: Sequence[str]) -> pa.DataFrameSchema:
    """
    Compile a table's schema to pandera, for the columns that are present and that it limits.

    A check's `error` is the issue code of its failures.
    """
    columns: dict[str, pa.Column] = {}
    for field in schema.inputs():
        if field.name in present and not field.list:
            if _is_limited(field):
                columns[field.name] = _column(field)
            key = _key_column(field, schema, keys)
            if key is not None:
                columns[field.name + KEY] = key
    unique = [name + KEY for name in schema.primary_key]
    composite = unique if len(unique) > 1 and set(schema.primary_key) <= set(present) else None
    return pa.DataFrameSchema(columns, unique=composite)


def _column(field: Field) -> pa.Column:
    checks: list[pa.Check] = []
    if field.pattern:
        checks.append(pa.Check.str_matches(f"^(?:{field.pattern})$", error="wrong-pattern"))
    if field.minimum is not None:
        checks.append(pa.Check.ge(_bound(field, field.minimum), error="out-of-range"))
    if field.maximum is not None:
        checks.append(pa.Check.le(_bound(field, field.maximum), error="out-of-range"))
    return pa.Column(_TYPES[field.type], checks, nullable=not field.required)


def _bound(field: Field, value: Any) -> float:
    return float(value) if field.numeric else int(value)


def _key_column(field: Field, schema: TableSchema, keys: Keys) -> pa.Column | None:
    if field.reference:
        known = list(keys.get(field.reference.table, {}))
        return pa.Column(
            pl.String, [pa.Check.isin(known, error="unknown-reference")], nullable=True
        )
    if field.name in schema.primary_key:
        single = schema.primary_key == (field.name,)
        return pa.Column(pl.String, nullable=True, unique=single)
    return None


def _check_frame(table: TypedTable, keys: Keys) -> Iterator[Issue]:
    present = list(table.columns)
    frame = _frame(table, present)
    if is_sound(table.table.schema, keys, frame):
        return
    try:
        compile_schema(table.table.schema, keys, present).validate(frame, lazy=True)
    except SchemaErrors as errors:
        yield from _issues(table, errors.failure_cases)


def is_sound(schema: TableSchema, keys: Keys, frame: pl.DataFrame) -> bool:
    """
    Return whether a table's frame keeps its schema, by one expression.

    It asks what the compiled schema checks column by column, which then only has to find the
    cells of a table that is not sound.
    """
    found = [kept for field in schema.inputs() for kept in _conditions(field, schema, keys, frame)]
    unique = [name + KEY for name in schema.primary_key]
    if len(unique) > 1 and set(unique) <= set(frame.columns):
        found.append(~pl.struct(unique).is_duplicated().any())
    return not found or bool(frame.select(pl.all_horizontal(found)).item())


def _conditions(
    field: Field, schema: TableSchema, keys: Keys, frame: pl.DataFrame
) -> Iterator[pl.Expr]:
    """Build what holds for the columns of a field; blanks break no condition but the first."""
    column, key = pl.col(field.name), pl.col(field.name + KEY)
    if field.name in frame.columns:
        if field.required:
            yield column.is_not_null().all()
        if field.enum:
            yield column.is_in(list(field.enum)).all()
        if field.pattern:
            yield column.str.contains(f"^(?:{field.pattern})$").all()
        if field.minimum is not None:
            yield (column >= _bound(field, field.minimum)).all()
        if field.maximum is not None:
            yield (column <= _bound(field, field.maximum)).all()
    if field.name + KEY in frame.columns:
        if field.reference:
            known = list(keys.get(field.reference.table, {}))
            yield (key.is_in(known) if known else key.is_null()).all()
        elif schema.primary_key == (field.name,):
            yield ~key.is_duplicated().any()


def _frame(table: TypedTable, present: Sequence[str]) -> pl.DataFrame:
    """Build the columns of a table that its schema limits, and those of its comparable keys."""
    schema = table.table.schema
    series = []
    for field in schema.inputs():
        if field.name not in present or field.list:
            continue
        values = table.column(field.name)
        if _is_limited(field):
            kind = pl.Float64 if field.numeric else _TYPES[field.type]
            plain = [None if v is None else float(v) for v in values] if field.numeric else values  # type: ignore[arg-type]
            series.append(pl.Series(field.name, plain, kind))
        if field.reference or field.name in schema.primary_key:
            known = {v: comparable(str(v)) for v in set(values) if v is not None}
            texts = [None if v is None else known[v] for v in values]
            series.append(pl.Series(field.name + KEY, texts, pl.String))
    return pl.DataFrame(series)


def _is_limited(field: Field) -> bool:
    limits = (field.minimum, field.maximum)
    return bool(field.required or field.enum or field.pattern) or limits != (None, None)


def _issues(table: TypedTable, failures: pl.DataFrame) -> Iterator[Issue]:
    seen: set[tuple[str, str, int]] = set()
    key = table.table.schema.primary_key
    same = _same_keys(table)
    rows = failures.select("column", "check", "index").iter_rows()
    for column, check, index in rows:
        name = key[-1] if column is None else column.removesuffix(KEY)
        code = _BUILT_IN.get(check, check)
        if (code, name, index) in seen or (name, index) in table.faulty:
            continue
        seen.add((code, name, index))
        if code != "duplicate-key":
            yield _issue(table, code, name, index)
        elif index in same:
            yield _issue(table, code, name, index, cells=same[index])


def _issue(table: TypedTable, code: str, name: str, index: int, **values: object) -> Issue:
    field = table.table.schema.field(name)
    value: Any = table.column(name)[index]
    shown = None if value is None else shown_value(table.table.columns[name][index])
    if field.unit == "percent" and value is not None:
        shown = f"{value:f}"
    return table.table.issue(code, name, index, shown, field=field, **values)


def _same_keys(table: TypedTable) -> dict[int, list[int]]:
    """Give for each row index the sheet rows with the same primary key; one list for them all."""
    columns = [table.column(name) for name in table.table.schema.primary_key]
    rows: dict[tuple[str, ...], list[int]] = defaultdict(list)
    keys: list[tuple[str, ...] | None] = []
    for row, parts in zip(table.table.rows, zip(*columns, strict=True), strict=False):
        blank = any(part is None for part in parts)
        keys.append(None if blank else tuple(comparable(str(part)) for part in parts))
        if keys[-1] is not None:
            rows[keys[-1]].append(row)
    return {index: rows[key] for index, key in enumerate(keys) if key is not None}
