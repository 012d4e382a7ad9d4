"""
The tables and fields of the programme workbook, read from `schemas/*.yaml`.

Each file is a Table Schema; what the standard lacks stands in keys of our own. Everything else
in the program asks here: checks, headers, drop-downs, input messages, formats, documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cmswp_xl.errors import BrokenResource
from cmswp_xl.languages import Language
from cmswp_xl.resources import read_yaml, schema_folder

REVIEW_TABLES = (
    *("findings", "subjects", "recommendations", "evidence", "steps"),
    *("needs", "requests", "weights"),
)
"""The tables of the technology review."""

TABLE_ORDER = (
    *("programme", "areas", "activities", "costs", "funding", "sources", "donors"),
    *("posts", "allocations", "postfunding", "mandates", "scenarios", "rates"),
    *REVIEW_TABLES,
    *("texts", "progress", "comments", "approvals"),
)
"""The tables in the order of their sheets; one schema file each."""

ENTRY = "entry"
"""The sheet in which an activity is typed in one row; no data until it is taken over."""
ENTRY_KINDS = ("cost", "core", "voluntary", "pledged")
"""The kinds of money that are typed there, each for the whole period and by year."""

Titles = dict[Language, str]


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that must exist as a key of another table; `locator` allows a place in brackets."""

    table: str
    field: str
    locator: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """
    One column of a table, or one setting of a form.

    A column with a `fold` is in a group that folds, `open` or `closed` at first. `former_titles`
    and, by code, `former_words` are what it and the words of its list were called once; they are
    read for ever.
    `choices` are the codes that a list may hold, where it takes no others.
    `offered` is the column of Areas whose values its drop-down offers, any other being allowed;
    `kind` the money that a column of Entry is about, `year` the year of the period, from 1.
    `column_type` is what the open data say it is, as the Fiscal Data Package has its ColumnTypes.
    """

    name: str
    type: str
    titles: Titles
    help: Titles
    former_titles: tuple[str, ...] = ()
    required: bool = False
    enum: tuple[str, ...] = ()
    former_words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pattern: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    code: bool = False
    language: Language | None = None
    text: str | None = None
    required_text: bool = False
    multiline: bool = False
    list: bool = False
    choices: tuple[str, ...] = ()
    reference: Reference | None = None
    decimals: int | None = None
    unit: str | None = None
    default: str | None = None
    figure: str | None = None
    title_of: str | None = None
    key_of: str | None = None
    row_of: str | None = None
    hidden: bool = False
    fold: str | None = None
    internal: bool = False
    offered: str | None = None
    kind: str | None = None
    year: int | None = None
    number_format: str | None = None
    column_type: str | None = None
    width: float = 14

    @property
    def computed(self) -> bool:
        """Whether a formula fills the column."""
        return bool(self.figure or self.title_of or self.key_of or self.row_of)

    @property
    def known_titles(self) -> tuple[str, ...]:
        """What a workbook may call it, in any language, now or formerly."""
        return (*self.titles.values(), *self.former_titles)

    @property
    def numeric(self) -> bool:
        """Whether the value is a number that may have decimals."""
        return self.type == "number"


@dataclass(frozen=True, slots=True)
class TableSchema:
    """
    One table: its Excel name, its sheet, its fields in column order.

    `frozen` names the last field, or the text, that stays in view when the sheet is scrolled.
    `tab` is the group of sheets that share a colour; `seldom` the group of sheets that are hidden
    until one of them is wanted, None for a sheet that is always shown.
    """

    name: str
    table: str
    titles: Titles
    help: Titles
    presence: str
    tab: str
    fields: tuple[Field, ...]
    seldom: str | None = None
    primary_key: tuple[str, ...] = ()
    frozen: str | None = None
    form_titles: tuple[Titles, Titles] | None = None

    @property
    def form(self) -> bool:
        """Whether the table is a form: a setting and its value on each row."""
        return self.form_titles is not None

    def field(self, name: str) -> Field:
        """Return the field of that name; KeyError where there is none."""
        for item in self.fields:
            if item.name == name:
                return item
        raise KeyError(name)

    def row_field(self, name: str) -> Field | None:
        """Return the column that finds the row which a field refers to; None where none does."""
        return next((item for item in self.fields if item.row_of == name), None)

    def inputs(self) -> tuple[Field, ...]:
        """Return the fields that people fill in."""
        return tuple(item for item in self.fields if not item.computed)

    def texts(self, name: str) -> tuple[Field, ...]:
        """Return the fields that hold one text in the three languages."""
        return tuple(item for item in self.fields if item.text == name)


@cache
def load_schemas() -> Mapping[str, TableSchema]:
    """
    Read every schema that ships with the program, in the order of the sheets.

    Raises `BrokenResource` where a file is missing or is not what it should be.
    """
    folder = schema_folder()
    return {name: read_schema(folder / f"{name}.yaml") for name in TABLE_ORDER}


def seldom_groups() -> tuple[str, ...]:
    """Return the groups of sheets that are hidden until they are wanted."""
    groups = (schema.seldom for schema in load_schemas().values())
    return tuple(dict.fromkeys(group for group in groups if group))


@cache
def sheet_schemas() -> Mapping[str, TableSchema]:
    """Return the schemas of all tables of a workbook: those of the data, and Entry after Areas."""
    schemas = list(load_schemas().values())
    place = TABLE_ORDER.index("areas") + 1
    schemas.insert(place, read_schema(schema_folder() / f"{ENTRY}.yaml"))
    return {schema.name: schema for schema in schemas}


def read_schema(path: Path) -> TableSchema:
    """Read one schema file; raises `BrokenResource` where it is missing or malformed."""
    try:
        descriptor = read_yaml(path)
        return _table(descriptor)
    except (OSError, yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise BrokenResource("schema-broken", name=path.name, detail=str(error)) from error


def _table(descriptor: Mapping[str, Any]) -> TableSchema:
    references = {
        key["fields"][0]: Reference(key["reference"]["resource"], key["reference"]["fields"][0])
        for key in descriptor.get("foreignKeys", ())
    }
    form = descriptor.get("form")
    return TableSchema(
        name=descriptor["name"],
        table=descriptor["table"],
        titles=_titles(descriptor["titles"]),
        help=_titles(descriptor["help"]),
        presence=descriptor["presence"],
        tab=descriptor["tab"],
        seldom=descriptor.get("seldom"),
        fields=tuple(
            _field(each, references) for item in descriptor["fields"] for each in _by_year(item)
        ),
        primary_key=tuple(descriptor.get("primaryKey", ())),
        frozen=descriptor.get("frozen"),
        form_titles=(_titles(form["setting"]), _titles(form["value"])) if form else None,
    )


def _by_year(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a field, or one for each year of the period where it has `years`."""
    if "years" not in item:
        yield item
    for year in range(1, item.get("years", 0) + 1):
        texts = {
            part: {language: text.format(year=year) for language, text in item[part].items()}
            for part in ("titles", "help")
        }
        yield {**item, **texts, "name": item["name"].format(year=year), "year": year}


def _field(item: Mapping[str, Any], references: Mapping[str, Reference]) -> Field:
    given = {**item, **item.get("constraints", {}), **item.get("computed", {})}
    listed = given.pop("list", None)
    reference = references.get(item["name"])
    choices = tuple((listed or {}).get("enum", ()))
    if listed and not choices:
        reference = Reference(listed["resource"], listed["field"], listed.get("locator", False))
    values = {name: given[name] for name in _PLAIN & given.keys()}
    values |= {name: made(values[name]) for name, made in _CONVERSIONS.items() if name in values}
    return Field(**values, list=listed is not None, choices=choices, reference=reference)


def _titles(item: Mapping[str, str]) -> Titles:
    """Return a title by language; English stands in for a language that the schema lacks."""
    return {language: item.get(language.value, item["en"]) for language in Language}


def _bound(number: float) -> Decimal:
    return Decimal(str(number))


_PLAIN = {item.name for item in fields(Field)} - {"list", "choices", "reference"}
"""The keys of a field that stand in its descriptor, its constraints or its computation."""

_CONVERSIONS: Mapping[str, Callable[[Any], Any]] = {
    "titles": _titles,
    "help": _titles,
    "enum": tuple,
    "former_titles": tuple,
    "minimum": _bound,
    "maximum": _bound,
    "language": Language,
}
