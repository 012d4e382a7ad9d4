"""The content of the workbooks that ship, and of any workbook made from plain rows."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from cmswp_xl.cells import AsTyped, Raw
from cmswp_xl.errors import BrokenResource
from cmswp_xl.resources import read_yaml, sample
from cmswp_xl.tables import Knowledge, RawTable

if TYPE_CHECKING:
    from pathlib import Path

    from cmswp_xl.languages import Language
    from cmswp_xl.schema import Field, TableSchema

Content = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table: field name to value; the Programme form is one row."""


def read_sample(name: str) -> Content:
    """
    Return the content of a sample workbook, the caller's own to change.

    Raises `BrokenResource` where the file is missing or malformed.
    """
    return copy.deepcopy(_content(sample(name)))


@cache
def _content(path: Path) -> Content:
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
            RawTable(schema.table, schema.titles[self.language], index, 1, 1, *self._cells(schema))
            for index, schema in enumerate(self.schemas.values())
            if schema.name in self.content or schema.presence != "optional"
        ]

    def _cells(
        self, schema: TableSchema
    ) -> tuple[tuple[Raw, ...], Sequence[tuple[int, Sequence[Raw]]]]:
        """Return headers and numbered rows of a table; of the form, settings and values."""
        content = self.content.get(schema.name, ())
        fields, titles = schema.inputs(), schema.form_titles
        if titles is None:
            headers = [field.titles[self.language] for field in fields]
            rows = [[_raw(row.get(field.name), field) for field in fields] for row in content]
        else:
            settings = next(iter(content), {})
            headers = [title[self.language] for title in titles]
            rows = [
                [field.titles[self.language], _raw(settings.get(field.name), field)]
                for field in schema.fields
            ]
        return tuple(headers), list(enumerate(rows, 2))


def _raw(value: Any, field: Field) -> Raw:
    """Return a value as a cell would hold it; an exact amount in quotes is a number."""
    if isinstance(value, AsTyped):
        return value.value
    if isinstance(value, str) and field.numeric:
        return float(Decimal(value))
    return value  # type: ignore[no-any-return]
