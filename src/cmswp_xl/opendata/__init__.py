"""The open data of a programme: tables and figures as CSV with a data package."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cmswp_xl.csvfile import FORMULA, GUARD, csv_bytes
from cmswp_xl.figures.totals import GROUPINGS
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.messages.labels import KINDS
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.figures.totals import Figures, Reckoning
    from cmswp_xl.model import Settings
    from cmswp_xl.schema import Field, TableSchema, Titles
    from cmswp_xl.validate import TypedTable, Value


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
        "fields": [_schemas_field(schema, field, settings) for field in fields],
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


def _schemas_field(schema: TableSchema, field: Field, settings: Settings) -> Descriptor:
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


_AMOUNTS = {
    "cost": (N_("Cost"), N_("Sum of the costs; blank if nothing is costed.")),
    "core": (N_("Core budget"), N_("Available from the core budget.")),
    "voluntary": (N_("Voluntary contributions"), N_("Available from voluntary contributions.")),
    "other": (N_("Other sources"), N_("Available from other sources.")),
    "available": (N_("Funding available"), N_("Money confirmed or received, from all sources.")),
    "pledged": (N_("Pledged"), N_("Money pledged; it is not counted as available.")),
    "in_kind": (N_("In kind"), N_("Contributions in kind; they are not counted.")),
    "to_be_sought": (
        N_("Funding to be sought"),
        N_("Cost less what is available, never below nil, added up over activities."),
    ),
    "surplus": (
        N_("Surplus"),
        N_("What is available beyond the cost of an activity, added up over activities."),
    ),
}
_TOTAL = "total"


def figure_resources(
    reckoning: Reckoning,
) -> Iterator[tuple[dict[str, Any], list[Sequence[object]]]]:
    """Describe the tables of figures, and give their rows."""
    yield _by_activity(reckoning)
    yield _totals(reckoning)


def _by_activity(reckoning: Reckoning) -> tuple[dict[str, Any], list[Sequence[object]]]:
    statuses = list(KINDS["funding-status"])
    fields = [
        _field("activity", "string", N_("Activity"), N_("Id of the activity."), required=True),
        *_amount_fields(),
        _field(
            "status",
            "string",
            N_("Funding status"),
            N_("Whether the activity is costed and funded."),
            enum=statuses,
        ),
    ]
    schema = {
        "fields": fields,
        "missingValues": [""],
        "primaryKey": ["activity"],
        "foreignKeys": [
            {"fields": ["activity"], "reference": {"resource": "activities", "fields": ["id"]}}
        ],
    }
    title, text = N_("Figures by activity"), N_("Cost and funding of each activity.")
    rows: list[Sequence[object]] = [
        (row.key, *_amounts(row.figures), row.figures.status) for row in reckoning.rows("activity")
    ]
    return resource("figures", _titles(title), _titles(text), schema), rows


def _totals(reckoning: Reckoning) -> tuple[dict[str, Any], list[Sequence[object]]]:
    groupings = [name for name in GROUPINGS if name != "activity"]
    fields = [
        _field(
            "by",
            "string",
            N_("Grouping"),
            N_("What the row adds up by; “total” is the whole programme."),
            required=True,
            enum=[*groupings, _TOTAL],
        ),
        _field("key", "string", N_("Key"), N_("Code or year of the group; blank for none.")),
        *_amount_fields(),
        _field("activities", "integer", N_("Activities"), N_("Number of activities.")),
        _field("not_costed", "integer", N_("Not costed"), N_("Activities not costed.")),
    ]
    title = N_("Totals")
    text = N_(
        "Totals of the programme by area, year and so on. An activity may be under several"
        " recommendations: do not add their rows."
    )
    rows: list[Sequence[object]] = [
        _total_row(by, row.key, row.figures) for by in groupings for row in reckoning.rows(by)
    ]
    rows.append(_total_row(_TOTAL, "", reckoning.total))
    schema = {"fields": fields, "missingValues": [""]}
    return resource("totals", _titles(title), _titles(text), schema), rows


def _total_row(by: str, key: str, figures: Figures) -> Sequence[object]:
    return by, key, *_amounts(figures), figures.activities, figures.not_costed


def _amounts(figures: Figures) -> Iterator[object]:
    return (getattr(figures, name) for name in _AMOUNTS)


def _amount_fields() -> list[dict[str, Any]]:
    return [
        {**_field(name, "number", title, text), "unit": "currency"}
        for name, (title, text) in _AMOUNTS.items()
    ]


def _field(name: str, kind: str, title: str, text: str, **constraints: object) -> dict[str, Any]:
    described = {"name": name, "type": kind, **worded(_titles(title), _titles(text))}
    return {**described, "constraints": constraints} if constraints else described


def _titles(text: str) -> Titles:
    return {language: Words(language)(text) for language in Language}


FOLDER = "data"
"""The folder of the package, below that of the documents."""


@dataclass(frozen=True, slots=True)
class _Resource:
    """A table of the package: its description without its file, and its rows."""

    descriptor: Mapping[str, Any]
    rows: Iterable[Sequence[object]]


def data_package(reckoning: Reckoning, tables: Mapping[str, TypedTable]) -> dict[str, bytes]:
    """
    Give the files of the data package by name, `data/datapackage.json` first.

    `tables` are the typed tables of a workbook without errors; one that is absent is empty.
    """
    settings = reckoning.programme.settings
    files: dict[str, bytes] = {}
    described = []
    for resource in _resources(reckoning, tables):
        name = resource.descriptor["name"]
        fields = [field["name"] for field in resource.descriptor["schema"]["fields"]]
        data = csv_bytes(fields, resource.rows)
        files[f"{FOLDER}/{name}.csv"] = data
        described.append({**resource.descriptor, **_file(name, data)})
    package = {**_about(settings, reckoning.scenario), "resources": described}
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    return {f"{FOLDER}/datapackage.json": text.encode(), **files}


def _resources(reckoning: Reckoning, tables: Mapping[str, TypedTable]) -> Iterator[_Resource]:
    """Give the tables that people fill in, then those of figures; none that is all internal."""
    settings = reckoning.programme.settings
    schemas = load_schemas()
    for schema in schemas.values():
        fields = public_fields(schema)
        if fields:
            yield _Resource(
                table_descriptor(schema, schemas, settings), _rows(fields, tables, schema)
            )
    for descriptor, rows in figure_resources(reckoning):
        yield _Resource(descriptor, rows)


def _rows(
    fields: Sequence[Field], tables: Mapping[str, TypedTable], schema: TableSchema
) -> Iterator[Sequence[object]]:
    table = tables.get(schema.name)
    if table is None:
        return
    columns = [_column(table, field, tables) for field in fields]
    yield from zip(*columns, strict=True)


def _column(table: TypedTable, field: Field, tables: Mapping[str, TypedTable]) -> Sequence[Value]:
    """Give the values of a field; a reference as the table that it leads to writes it."""
    values = table.column(field.name)
    if field.reference is None or field.list or field.reference.table not in tables:
        return values
    target = tables[field.reference.table].column(field.reference.field)
    known = {comparable(str(value)): value for value in target if value is not None}
    return [
        None if value is None else known.get(comparable(str(value)), value) for value in values
    ]


def _file(name: str, data: bytes) -> dict[str, object]:
    """Describe the file of a table."""
    return {
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"'},
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
    }


def _about(settings: Settings, scenario: str | None) -> dict[str, object]:
    """Say what the package is, from the settings; what these leave blank is left out."""
    original = settings.original_language
    period = f"{settings.period_start}-{settings.period_end}"
    author = settings.prepared_by.best(Language.EN, original)
    source = _source(settings)
    about: dict[str, object] = {
        "profile": "tabular-data-package",
        "name": f"costed-programme-of-work-{period}",
        "title": settings.title.best(Language.EN, original),
        "titles": {
            language.value: text
            for language in Language
            if (text := settings.title.given(language))
        },
        "description": _description(settings),
        "version": settings.revision,
        "created": _midnight(settings.document_date or settings.as_at),
        "contributors": [{"title": author, "role": "author"}] if author else None,
        "sources": [{"title": source}] if source else None,
        "keywords": ["budget", "costed programme of work", "funding"],
        "status": settings.status,
        "as_at": settings.as_at.isoformat() if settings.as_at else None,
        "currency": settings.currency,
        "scenario": scenario,
        "illustrative": settings.illustrative,
        "formulaGuard": {"prefix": GUARD, "before": list(FORMULA)},
    }
    return {name: value for name, value in about.items() if value is not None}


def _source(settings: Settings) -> str:
    """Name the document that the data belongs to: symbol with revision, and meeting."""
    languages = (Language.EN, settings.original_language)
    symbol = settings.symbol.best(*languages)
    if symbol and settings.revision:
        given = settings.revision.casefold().startswith("rev")
        symbol += f"/{settings.revision}" if given else f"/Rev.{settings.revision}"
    return ", ".join(part for part in (symbol, settings.meeting.best(*languages)) if part)


def _description(settings: Settings) -> str:
    text = (
        "Activities, costs and funding of the programme of work as they were typed, and the"
        " figures made from them. Blank is not nil. Money that is pledged or in kind is not"
        " counted as available. A text that a spreadsheet program would take for a formula has"
        " an apostrophe before it (formulaGuard): where a text begins with apostrophes and then"
        " with one of the characters listed, the first apostrophe is not part of it."
    )
    note = " All figures, donors and dates are illustrative. They commit nobody."
    return text + note if settings.illustrative else text


def _midnight(day: dt.date | None) -> str | None:
    return None if day is None else f"{day.isoformat()}T00:00:00Z"
