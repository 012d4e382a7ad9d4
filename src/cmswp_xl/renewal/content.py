"""The content of a workbook that was read, as rows by table, ready for a new one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import AsTyped, ErrorValue, NoStoredValue
from cmswp_xl.make import LONGEST_TEXT
from cmswp_xl.money import HUNDRED, stored_decimal
from cmswp_xl.tables import is_blank

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.cells import Raw
    from cmswp_xl.schema import Field
    from cmswp_xl.tables import Table
    from cmswp_xl.validate import TypedTable

Row = dict[str, Any]
Content = dict[str, list[Row]]

_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
"""The error values that can be typed; newer ones only come of formulas."""


def content_of(typed: Mapping[str, TypedTable]) -> Content:
    """
    Give the rows of all tables by field; blanks are left out.

    A value that its field does not allow stands as it was typed, where a cell can hold it.
    """
    content: Content = {}
    for name, table in typed.items():
        fields = [item for item in table.table.schema.inputs() if item.name in table.columns]
        rows: list[Row] = [{} for _ in range(len(table))]
        for item in fields:
            cells = zip(table.column(item.name), table.table.columns[item.name], strict=True)
            for index, (value, raw) in enumerate(cells):
                entry = _entry(table, item, index) if value is None else plain(value)
                if entry is not None and holdable(raw):
                    rows[index][item.name] = entry
        content[name] = [row for row in rows if row]
    return content


def plain(value: Any) -> Any:
    """Give a typed value as content has it: lists of codes and exact amounts as their text."""
    if isinstance(value, tuple):
        return "; ".join(value)
    return f"{value:f}" if isinstance(value, Decimal) else value


def _entry(table: TypedTable, item: Field, index: int) -> AsTyped | None:
    """Give what was typed where no value of the field could be made of it; None for a blank."""
    if (item.name, index) not in table.faulty:
        return None
    raw = table.table.columns[item.name][index]
    return as_typed(raw, percent=shown_as_percent(table.table, item, index))


def shown_as_percent(table: Table, item: Field, index: int) -> bool:
    """Tell whether a percentage is stored as a fraction, which shows a hundred times as much."""
    return item.unit == "percent" and table.place(item.name, index) in table.percents


def as_typed(raw: Raw, *, percent: bool = False) -> AsTyped | None:
    """Give a value as a cell takes it whatever its field; None for blanks and what none holds."""
    if raw is None or not holdable(raw) or (isinstance(raw, str) and is_blank(raw)):
        return None
    if percent and isinstance(raw, (int, float)) and not isinstance(raw, bool):
        value = stored_decimal(raw)
        return AsTyped(raw if value is None else float(value * HUNDRED))
    return AsTyped(raw)


def holdable(raw: Raw) -> bool:
    """Tell whether a cell can hold a value as it was typed, so that it reads the same again."""
    if isinstance(raw, NoStoredValue):
        return False
    if isinstance(raw, ErrorValue):
        return raw.text in _ERRORS
    if isinstance(raw, str):
        return len(raw) <= LONGEST_TEXT and not any("\ud800" <= c <= "\udfff" for c in raw)
    return isinstance(raw, (dt.date, dt.time)) or raw is None or isfinite(raw)
