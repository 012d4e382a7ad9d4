"""From typed tables to the programme: codes as their own table writes them, blanks as defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from cmswp_xl.languages import Language
from cmswp_xl.model import (
    Activity,
    Allocation,
    Area,
    Contribution,
    CostLine,
    Donor,
    FundingSource,
    Mandate,
    MandateReference,
    Post,
    PostShare,
    Programme,
    Scenario,
    Settings,
    Text,
)
from cmswp_xl.tables import comparable
from cmswp_xl.validate.rules import split_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cmswp_xl.schema import Field
    from cmswp_xl.validate.typed import TypedTable

Row = dict[str, Any]
Keys = dict[str, dict[str, str]]
_T = TypeVar("_T")


def build_programme(
    typed: Mapping[str, TypedTable], keys: Keys, kept: Mapping[str, Sequence[int]]
) -> Programme:
    """
    Build the programme from the rows that are kept, by table and row index.

    The Programme form must be among them; a kept row holds every required value.
    """

    def many(name: str, make: Callable[..., _T]) -> tuple[_T, ...]:
        table = typed.get(name)
        if table is None:
            return ()
        rows = list(table_rows(table, keys))
        return tuple(make(**rows[index]) for index in kept[name])

    return Programme(
        settings=many("programme", _settings)[0],
        areas=many("areas", Area),
        activities=many("activities", Activity),
        costs=many("costs", CostLine),
        funding=many("funding", _contribution),
        sources=many("sources", FundingSource),
        donors=many("donors", Donor),
        posts=many("posts", Post),
        post_shares=many("postfunding", PostShare),
        allocations=many("allocations", Allocation),
        mandates=many("mandates", Mandate),
        scenarios=many("scenarios", Scenario),
    )


def table_rows(table: TypedTable, keys: Keys) -> Iterator[Row]:
    """
    Give the rows of a table by field name.

    The texts of a base name become one `Text`, references take the form of the key they refer
    to, lists become tuples, and blanks take the default of their field.
    """
    schema = table.table.schema
    plain = [field for field in schema.inputs() if field.text is None]
    bases = list(dict.fromkeys(field.text for field in schema.inputs() if field.text))
    names = [field.name for field in plain] + bases
    columns: list[Sequence[Any]] = [_column(table, field, keys) for field in plain]
    for base in bases:
        parts = [table.column(field.name) for field in schema.texts(base)]
        columns.append([Text(*texts) for texts in zip(*parts, strict=True)])
    for values in zip(*columns, strict=True):
        yield dict(zip(names, values, strict=True))


def _column(table: TypedTable, field: Field, keys: Keys) -> Sequence[Any]:
    values = table.column(field.name)
    if field.list:
        return [_entries(value or (), field, keys) for value in values]  # type: ignore[arg-type]
    if field.reference:
        known = keys.get(field.reference.table, {})
        found = {v: known.get(comparable(v), v) for v in set(values) if isinstance(v, str)}
        return [found.get(value) if isinstance(value, str) else None for value in values]
    if field.default is not None:
        return [field.default if value is None else value for value in values]
    return values


def _entries(entries: tuple[str, ...], field: Field, keys: Keys) -> tuple[Any, ...]:
    if field.reference is None:
        return entries
    known = keys.get(field.reference.table, {})
    found = []
    for entry in entries:
        code, locator = split_entry(entry, locator=field.reference.locator)
        found.append(MandateReference(known.get(comparable(code), code), locator))
    return tuple(found)


def _settings(**row: Any) -> Settings:
    row["illustrative"] = row["illustrative"] == "yes"
    row["original_language"] = Language(row["original_language"])
    return Settings(**row)


def _contribution(**row: Any) -> Contribution:
    row["in_kind"] = row["in_kind"] == "yes"
    return Contribution(**row)
