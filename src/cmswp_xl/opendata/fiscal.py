"""
The mapping to the Fiscal Data Package (1.0 rc1): which columns hold which fiscal concept.

Costs, funding and expenditure are the tables of facts; what they refer to lies in the tables that
their foreign keys lead to. What holds for a whole table (currency, direction, phase) is
a constant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.model import Settings

_TYPES: Mapping[tuple[str, str], str] = {
    ("areas", "code"): "functional-classification:generic:level1:code",
    ("areas", "title"): "functional-classification:generic:level1:label",
    ("activities", "id"): "activity:generic:project:code",
    ("activities", "title"): "activity:generic:project:label",
    ("activities", "responsible"): "administrative-classification:generic:code",
    ("sources", "code"): "fin-source:generic:level2:code",
    ("sources", "kind"): "fin-source:generic:level1:code",
    ("sources", "title"): "fin-source:generic:level2:label",
    ("donors", "code"): "fin-source:generic:level3:code",
    ("donors", "name"): "fin-source:generic:level3:label",
    ("costs", "year"): "date:fiscal-year",
    ("costs", "category"): "economic-classification:generic:code",
    ("costs", "amount"): "value",
    ("funding", "year"): "date:fiscal-year",
    ("funding", "stage"): "phase:id",
    ("funding", "amount"): "value",
    ("progress", "as_at"): "date:generic",
    ("progress", "expenditure"): "value",
}
"""The ColumnTypes by table and field; a text in three languages stands by its base name."""

_LANGUAGES = ("_en", "_fr", "_es")
_DIRECTIONS = {"costs": "expenditure", "funding": "revenue", "progress": "expenditure"}
_PHASES = {"draft": "proposed", "revised": "proposed", "adopted": "approved"}


def fiscal_type(table: str, field: str) -> str | None:
    """Give the ColumnType of a field; a label in French or Spanish says so at its end."""
    if field.endswith(_LANGUAGES):
        base, _, language = field.rpartition("_")
        found = _TYPES.get((table, base))
        return found if found is None or language == "en" else f"{found}:{language}"
    return _TYPES.get((table, field))


def constant_fields(table: str, settings: Settings) -> list[dict[str, Any]]:
    """Give the fields that have one value for all rows of a table of facts."""
    if table not in _DIRECTIONS:
        return []
    constants = {
        "currency": ("value-currency:code", settings.currency),
        "direction": ("direction", _DIRECTIONS[table]),
    }
    if table == "costs":
        constants["phase"] = ("phase:id", _PHASES[settings.status])
    elif table == "progress":
        constants["phase"] = ("phase:id", "executed")
    return [
        {"name": name, "type": "string", "columnType": kind, "constant": value}
        for name, (kind, value) in constants.items()
    ]
