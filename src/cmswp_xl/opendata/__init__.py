"""
The open data of a programme: a Tabular Data Package that any program reads without this one.

`datapackage.json` describes the tables, which are CSV files (RFC 4180, UTF-8): what people typed,
without anything internal, and the figures made from it. A text that a spreadsheet program would
take for a formula has an apostrophe before it, as the package says under `formulaGuard`. Columns
that mean money, years, stages and what these are for carry the names of the Fiscal Data Package.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cmswp_xl.csvfile import FORMULA, GUARD, csv_bytes
from cmswp_xl.languages import Language
from cmswp_xl.opendata.figures import figure_resources
from cmswp_xl.opendata.schemas import public_fields, table_descriptor
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cmswp_xl.model import Settings
    from cmswp_xl.schema import Field, TableSchema
    from cmswp_xl.totals import Reckoning
    from cmswp_xl.validate import TypedTable, Value

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
