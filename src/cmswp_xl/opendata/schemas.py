"""The Table Schemas of the open data: those of the workbook, without what is internal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cmswp_xl.languages import Language
from cmswp_xl.opendata.fiscal import constant_fields, fiscal_type

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from cmswp_xl.model import Settings
    from cmswp_xl.schema import Field, TableSchema, Titles

Descriptor = dict[str, Any]


def public_fields(schema: TableSchema) -> tuple[Field, ...]:
    """Give the fields that people fill in and that everybody may see."""
    return tuple(field for field in schema.inputs() if not field.internal)


def table_descriptor(
    schema: TableSchema, schemas: Mapping[str, TableSchema], settings: Settings
) -> Descriptor:
    """Describe a table: what it holds, its fields, its key, and where its references lead."""
    fields = public_fields(schema)
    names = {field.name for field in fields}
    described: Descriptor = {
        "fields": [_field(schema, field, settings) for field in fields],
        "missingValues": [""],
    }
    if schema.primary_key and names.issuperset(schema.primary_key):
        described["primaryKey"] = list(schema.primary_key)
    keys = [_foreign_key(field) for field in fields if _leads_out(field, schemas)]
    if keys:
        described["foreignKeys"] = keys
    constants = constant_fields(schema.name, settings)
    if constants:
        described["extraFields"] = constants
    return resource(schema.name, schema.titles, schema.help, described)


def resource(name: str, titles: Titles, helps: Titles, schema: Descriptor) -> Descriptor:
    """Describe a table of the package by what all of them have."""
    return {
        "profile": "tabular-data-resource",
        "name": name,
        **worded(titles, helps),
        "schema": schema,
    }


def worded(titles: Titles, helps: Titles) -> Descriptor:
    """Give title and description in English, as readers expect them, and in each language."""
    return {
        "title": titles[Language.EN],
        "description": helps[Language.EN],
        "titles": {language.value: text for language, text in titles.items()},
        "descriptions": {language.value: text for language, text in helps.items()},
    }


def _field(schema: TableSchema, field: Field, settings: Settings) -> Descriptor:
    kind = fiscal_type(schema.name, field.name)
    described: Descriptor = {
        "name": field.name,
        "type": "integer" if kind == "date:fiscal-year" else field.type,
        **worded(field.titles, field.help),
    }
    constraints = _constraints(schema, field, settings)
    if constraints:
        described["constraints"] = constraints
    if field.language is not None:
        described["language"] = field.language.value
    if field.unit is not None:
        described["unit"] = field.unit
    if kind is not None:
        described["columnType"] = kind
    return described


def _constraints(schema: TableSchema, field: Field, settings: Settings) -> Descriptor:
    original = field.required_text and field.language is settings.original_language
    found: Descriptor = {
        "required": field.required or original or None,
        "unique": schema.primary_key == (field.name,) or None,
        "enum": list(field.enum) or None,
        "pattern": field.pattern,
        "minimum": _bound(field, field.minimum),
        "maximum": _bound(field, field.maximum),
    }
    return {name: value for name, value in found.items() if value is not None}


def _bound(field: Field, bound: Decimal | None) -> int | float | None:
    """Give a bound as JSON writes it; those of the schemas are whole or have few decimals."""
    if bound is None:
        return None
    return int(bound) if not field.numeric or bound == bound.to_integral_value() else float(bound)


def _leads_out(field: Field, schemas: Mapping[str, TableSchema]) -> bool:
    """Tell whether a field holds one reference into a table of the package."""
    if field.reference is None or field.list:
        return False
    target = {item.name for item in public_fields(schemas[field.reference.table])}
    return field.reference.field in target


def _foreign_key(field: Field) -> Descriptor:
    assert field.reference is not None  # noqa: S101  only fields with a reference come here
    return {
        "fields": [field.name],
        "reference": {"resource": field.reference.table, "fields": [field.reference.field]},
    }
