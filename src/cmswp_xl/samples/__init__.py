"""The content of the workbooks that ship, and of any workbook made from plain rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml

from cmswp_xl.cells import AsTyped
from cmswp_xl.errors import BrokenResource
from cmswp_xl.resources import read_yaml, sample
from cmswp_xl.tables import Knowledge, RawTable

if TYPE_CHECKING:
    from cmswp_xl.cells import Raw
    from cmswp_xl.languages import Language
    from cmswp_xl.schema import Field, TableSchema

Content = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table: field name to value; the Programme form is one row."""


def read_sample(name: str) -> Content:
    """
    Read the content of a sample workbook.

    Raises `BrokenResource` where the file is missing or malformed.
    """
    path = sample(name)
    try:
        found = read_yaml(path)
        return {table: [rows] if isinstance(rows, dict) else rows for table, rows in found.items()}
    except (OSError, yaml.YAMLError, AttributeError) as error:
        raise BrokenResource("sample-broken", name=path.name, detail=str(error)) from error


@dataclass(frozen=True, slots=True)
class RowsSource:
    """A source of tables whose rows were made by a program rather than typed in a sheet."""

    content: Content
    schemas: Mapping[str, TableSchema]
    language: Language
    name: str = "content"
    knows: Knowledge = Knowledge.FORMULAS | Knowledge.FORMATS | Knowledge.STRIKES
    """Plain values hide neither formulas nor formats."""

    def sheet_names(self) -> Sequence[str]:
        """Return the sheet names of the tables in the content's language."""
        return [schema.titles[self.language] for schema in self.schemas.values()]

    def tables(self) -> Sequence[RawTable]:
        """Return every table of the content, the form as settings and values."""
        return [
            self._form(schema, index) if schema.form else self._table(schema, index)
            for index, schema in enumerate(self.schemas.values())
            if schema.name in self.content or schema.presence != "optional"
        ]

    def _table(self, schema: TableSchema, index: int) -> RawTable:
        fields = schema.inputs()
        rows = [
            (number, [_raw(row.get(field.name), field) for field in fields])
            for number, row in enumerate(self.content.get(schema.name, ()), 2)
        ]
        return self._raw_table(schema, index, tuple(f.titles[self.language] for f in fields), rows)

    def _form(self, schema: TableSchema, index: int) -> RawTable:
        settings = next(iter(self.content.get(schema.name, ())), {})
        rows = [
            (number, [field.titles[self.language], _raw(settings.get(field.name), field)])
            for number, field in enumerate(schema.fields, 2)
        ]
        titles = schema.form_titles or ()
        return self._raw_table(schema, index, tuple(t[self.language] for t in titles), rows)

    def _raw_table(
        self,
        schema: TableSchema,
        index: int,
        headers: tuple[Raw, ...],
        rows: Sequence[tuple[int, Sequence[Raw]]],
    ) -> RawTable:
        title = schema.titles[self.language]
        return RawTable(schema.table, title, index, 1, 1, headers, rows)


def _raw(value: Any, field: Field) -> Raw:
    """Return a value as a cell would hold it; an exact amount in quotes is a number."""
    if isinstance(value, AsTyped):
        return value.value
    if isinstance(value, str) and field.numeric:
        return float(Decimal(value))
    return value  # type: ignore[no-any-return]
