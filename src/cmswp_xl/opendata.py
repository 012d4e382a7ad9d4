"""The open data of a programme: tables and figures as CSV with a data package."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cmswp_xl.documents.front import revised_symbol
from cmswp_xl.figures.totals import GROUPINGS, Figures, ProgrammeTotals
from cmswp_xl.languages import Language, Words
from cmswp_xl.listings import FORMULA, GUARD, csv_bytes
from cmswp_xl.messages.labels import KINDS
from cmswp_xl.resources import texts
from cmswp_xl.schema import Field, TableSchema, Titles, load_schemas
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from cmswp_xl.model import Settings
    from cmswp_xl.validate.typed import TypedTable, Value


_DIRECTIONS = {"costs": "expenditure", "funding": "revenue", "progress": "expenditure"}
_PHASES = {"draft": "proposed", "revised": "proposed", "adopted": "approved"}

Descriptor = dict[str, Any]
Resource = tuple[Descriptor, "Iterable[Sequence[object]]"]
"""A table of the package: its description without its file, and its rows."""


def _known(**values: Any) -> Descriptor:
    """Return what is known; a description leaves out the rest."""
    return {name: value for name, value in values.items() if value is not None}


def _constant_fields(table: str, settings: Settings) -> list[Descriptor]:
    """Return the fields that have one value for all rows of a table of facts."""
    if table not in _DIRECTIONS:
        return []
    phases = {"costs": _PHASES[settings.status], "progress": "executed"}
    constants = (
        ("currency", "value-currency:code", settings.currency),
        ("direction", "direction", _DIRECTIONS[table]),
        ("phase", "phase:id", phases.get(table)),
    )
    return [
        {"name": name, "type": "string", "columnType": kind, "constant": value}
        for name, kind, value in constants
        if value is not None
    ]


def _public_fields(schema: TableSchema) -> list[Field]:
    """Return the fields that people fill in and that everybody may see."""
    return [field for field in schema.inputs() if not field.internal]


def _table(
    schema: TableSchema, schemas: Mapping[str, TableSchema], settings: Settings
) -> Descriptor:
    """Describe a table: what it holds, its fields, its key, and where its references lead."""
    fields = _public_fields(schema)
    names = {field.name for field in fields}
    keyed = schema.primary_key and names.issuperset(schema.primary_key)
    return _resource(
        schema.name,
        schema.titles,
        schema.help,
        [_schema_field(schema, field, settings) for field in fields],
        primaryKey=list(schema.primary_key) if keyed else None,
        foreignKeys=[key for field in fields for key in _foreign_key(field, schemas)] or None,
        extraFields=_constant_fields(schema.name, settings) or None,
    )


def _resource(
    name: str, titles: Titles, helps: Titles, fields: list[Descriptor], **schema: Any
) -> Descriptor:
    described = {"fields": fields, "missingValues": [""], **_known(**schema)}
    profile = "tabular-data-resource"
    return {"profile": profile, "name": name, **_worded(titles, helps), "schema": described}


def _worded(titles: Titles, helps: Titles) -> Descriptor:
    """Return title and description in English, as readers expect them, and in each language."""
    return {
        "title": titles[Language.EN],
        "description": helps[Language.EN],
        "titles": {language.value: text for language, text in titles.items()},
        "descriptions": {language.value: text for language, text in helps.items()},
    }


def _schema_field(schema: TableSchema, field: Field, settings: Settings) -> Descriptor:
    original = field.required_text and field.language is settings.original_language
    constraints = _known(
        required=field.required or original or None,
        unique=schema.primary_key == (field.name,) or None,
        enum=list(field.enum) or None,
        pattern=field.pattern,
        minimum=_bound(field, field.minimum),
        maximum=_bound(field, field.maximum),
    )
    return {
        "name": field.name,
        "type": "integer" if field.column_type == "date:fiscal-year" else field.type,
        **_worded(field.titles, field.help),
        **_known(
            constraints=constraints or None,
            language=None if field.language is None else field.language.value,
            unit=field.unit,
            columnType=field.column_type,
        ),
    }


def _bound(field: Field, bound: Decimal | None) -> int | float | None:
    """Return a bound as JSON writes it; those of the schemas are whole or have few decimals."""
    if bound is None:
        return None
    return int(bound) if not field.numeric or bound == bound.to_integral_value() else float(bound)


def _foreign_key(field: Field, schemas: Mapping[str, TableSchema]) -> Iterator[Descriptor]:
    """Return where a field leads that holds one reference into a table of the package."""
    target = field.reference
    if target is None or field.list:
        return
    if target.field in {item.name for item in _public_fields(schemas[target.table])}:
        reference = {"resource": target.table, "fields": [target.field]}
        yield {"fields": [field.name], "reference": reference}


_TEXTS: Mapping[str, Any] = texts("figures")
_AMOUNTS = _TEXTS["amounts"]
_TOTAL = "total"


def _figures_by_activity(figures: ProgrammeTotals) -> Resource:
    reference = {"resource": "activities", "fields": ["id"]}
    described = _made(
        "figures",
        {"activity": {"required": True}, "status": {"enum": list(KINDS["funding-status"])}},
        primaryKey=["activity"],
        foreignKeys=[{"fields": ["activity"], "reference": reference}],
    )
    groups = figures.rows("activity")
    return described, [(g.key, *_amounts(g.figures), g.figures.status) for g in groups]


def _totals(figures: ProgrammeTotals) -> Resource:
    groupings = [name for name in GROUPINGS if name != "activity"]
    described = _made("totals", {"by": {"required": True, "enum": [*groupings, _TOTAL]}})
    groups = [(by, row.key, row.figures) for by in groupings for row in figures.rows(by)]
    return described, [
        (by, key, *_amounts(found), found.activities, found.not_costed)
        for by, key, found in (*groups, (_TOTAL, "", figures.total))
    ]


def _amounts(figures: Figures) -> Iterator[object]:
    return (getattr(figures, name) for name in _AMOUNTS)


def _made(name: str, constraints: Mapping[str, Descriptor], **schema: Any) -> Descriptor:
    """Describe a table of figures: what names its rows, the amounts, and what follows them."""
    words = _TEXTS[name]
    described = [
        *(_field(key, "string", *pair) for key, pair in words["keys"].items()),
        *(_field(key, "number", *pair, unit="currency") for key, pair in _AMOUNTS.items()),
        *(_field(key, _FIGURE_TYPES[key], *pair) for key, pair in words["others"].items()),
    ]
    fields = [
        {**field, **_known(constraints=constraints.get(field["name"]))} for field in described
    ]
    return _resource(name, _titles(words["title"]), _titles(words["text"]), fields, **schema)


_FIGURE_TYPES = {"status": "string", "activities": "integer", "not_costed": "integer"}


def _field(name: str, kind: str, title: str, text: str, **more: object) -> Descriptor:
    return {"name": name, "type": kind, **_worded(_titles(title), _titles(text)), **more}


def _titles(text: str) -> Titles:
    return {language: Words(language)(text) for language in Language}


FOLDER = "data"
"""The folder of the package, below that of the documents."""


def data_package(figures: ProgrammeTotals, tables: Mapping[str, TypedTable]) -> dict[str, bytes]:
    """
    Return the files of the data package by name, `data/datapackage.json` first.

    `tables` are the typed tables of a workbook without errors; one that is absent is empty.
    """
    settings = figures.programme.settings
    files: dict[str, bytes] = {}
    described = []
    for descriptor, rows in _resources(figures, tables):
        name = descriptor["name"]
        data = csv_bytes([field["name"] for field in descriptor["schema"]["fields"]], rows)
        files[f"{FOLDER}/{name}.csv"] = data
        described.append({**descriptor, **_file(name, data)})
    package = {**_about(settings, figures.scenario), "resources": described}
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    return {f"{FOLDER}/datapackage.json": text.encode(), **files}


def _resources(figures: ProgrammeTotals, tables: Mapping[str, TypedTable]) -> Iterator[Resource]:
    """Return the tables that people fill in, then those of figures; none that is all internal."""
    schemas = load_schemas()
    for schema in schemas.values():
        if fields := _public_fields(schema):
            table = tables.get(schema.name)
            columns: list[Sequence[Value]] = [()]
            if table:
                columns = [_column(table, field, tables) for field in fields]
            described = _table(schema, schemas, figures.programme.settings)
            yield described, zip(*columns, strict=True)
    yield _figures_by_activity(figures)
    yield _totals(figures)


def _column(table: TypedTable, field: Field, tables: Mapping[str, TypedTable]) -> Sequence[Value]:
    """Return the values of a field; a reference as the table that it leads to writes it."""
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
    source, day = _source(settings), settings.document_date or settings.as_at
    titles = {language.value: settings.title.given(language) for language in Language}
    return _known(
        profile="tabular-data-package",
        name=f"costed-programme-of-work-{period}",
        title=settings.title.best(Language.EN, original),
        titles={language: text for language, text in titles.items() if text},
        description=_description(settings),
        version=settings.revision,
        created=f"{day.isoformat()}T00:00:00Z" if day else None,
        contributors=[{"title": author, "role": "author"}] if author else None,
        sources=[{"title": source}] if source else None,
        keywords=["budget", "costed programme of work", "funding"],
        status=settings.status,
        as_at=settings.as_at.isoformat() if settings.as_at else None,
        currency=settings.currency,
        scenario=scenario,
        illustrative=settings.illustrative,
        formulaGuard={"prefix": GUARD, "before": list(FORMULA)},
    )


def _source(settings: Settings) -> str:
    """Name the document that the data belongs to: symbol with revision, and meeting."""
    languages = (Language.EN, settings.original_language)
    symbol = revised_symbol(settings.symbol.best(*languages), settings.revision)
    return ", ".join(filter(None, (symbol, settings.meeting.best(*languages))))


def _description(settings: Settings) -> str:
    text = (
        "Activities, costs and funding of the programme of work as entered, and the figures"
        " calculated from them. A blank value does not mean zero. Contributions that are pledged"
        " or in kind are not counted as available. A text that a spreadsheet program would take"
        " for a formula is preceded by an apostrophe (formulaGuard): where a text begins with"
        " apostrophes followed by one of the characters listed, the first apostrophe is not part"
        " of it."
    )
    note = " All figures, donors and dates are illustrative and imply no commitment."
    return text + note if settings.illustrative else text
