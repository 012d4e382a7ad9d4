"""From typed tables to the programme: codes as their own table writes them, blanks as defaults."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from cmswp_xl import model
from cmswp_xl.languages import Language
from cmswp_xl.tables import comparable
from cmswp_xl.validate.typed import split_entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cmswp_xl.schema import Field
    from cmswp_xl.validate.typed import Keys, TypedTable

_T = TypeVar("_T")

_PROGRAMME: Mapping[str, type] = {
    "areas": model.Area,
    "activities": model.Activity,
    "costs": model.CostLine,
    "funding": model.Contribution,
    "sources": model.FundingSource,
    "donors": model.Donor,
    "posts": model.Post,
    "allocations": model.Allocation,
    "mandates": model.Mandate,
    "scenarios": model.Scenario,
    "progress": model.Progress,
    "comments": model.Comment,
    "texts": model.Paragraph,
}
_REVIEW: Mapping[str, type] = {
    "findings": model.Finding,
    "subjects": model.Subject,
    "recommendations": model.Recommendation,
    "evidence": model.Evidence,
    "steps": model.Step,
    "needs": model.Need,
    "requests": model.TechnologyRequest,
}
"""What the rows of a table become; the parts of the model are named as the tables."""


def build_programme(
    typed: Mapping[str, TypedTable], keys: Keys, kept: Mapping[str, Sequence[int]]
) -> model.Programme:
    """
    Build the programme from the rows that are kept, by table and row index.

    The Programme form must be among them; a kept row holds every required value. A column that no
    part of the model takes is left to those that read the tables: dump, diff, open data.
    """

    def rows(name: str, made: type[_T]) -> tuple[_T, ...]:
        return _rows(typed[name], made, keys, kept[name]) if name in typed else ()

    def parts(kinds: Mapping[str, type]) -> dict[str, Any]:
        return {name: rows(name, made) for name, made in kinds.items()}

    weights = {
        typed["weights"].value("criterion", index): typed["weights"].value("weight", index)
        for index in kept.get("weights", ())
    }
    return model.Programme(
        settings=rows("programme", model.Settings)[0],
        post_shares=rows("postfunding", model.PostShare),
        review=model.Review(**parts(_REVIEW), weights=weights),
        **parts(_PROGRAMME),
    )


def _rows(table: TypedTable, made: type[_T], keys: Keys, kept: Sequence[int]) -> tuple[_T, ...]:
    """Return the kept rows of a table as what they become, which has fields of the schema."""
    taken = fields(made)  # type: ignore[arg-type]
    columns = [_column(table, item.name, str(item.type), keys) for item in taken]
    rows = list(zip(*columns, strict=True))
    return tuple(made(*rows[index]) for index in kept)


def _column(table: TypedTable, name: str, kind: str, keys: Keys) -> Sequence[Any]:
    """
    Return the values that an attribute of a kind takes, row by row.

    The texts of a base name become one `Text`, references take the form of the key they refer to,
    lists become tuples, and blanks take the default of their field.
    """
    schema = table.table.schema
    if kind == "Text":
        texts = [table.column(field.name) for field in schema.texts(name)]
        return [model.Text(*each) for each in zip(*texts, strict=True)]
    field = schema.field(name)
    values: Sequence[Any] = table.column(name)
    if field.list:
        return [_entries(value or (), field, keys) for value in values]
    if field.reference:
        known = keys.get(field.reference.table, {})
        own = {value: known.get(comparable(str(value)), value) for value in set(values) - {None}}
        return [own.get(value) for value in values]
    if field.default is not None:
        values = [field.default if value is None else value for value in values]
    if kind == "bool":
        return [value == "yes" for value in values]
    return [Language(value) for value in values] if kind == "Language" else values


def _entries(entries: tuple[str, ...], field: Field, keys: Keys) -> tuple[Any, ...]:
    if field.reference is None:
        return entries
    locator = field.reference.locator
    known = keys.get(field.reference.table, {})
    split = (split_entry(entry, locator=locator) for entry in entries)
    found = ((str(known.get(comparable(code), code)), place) for code, place in split)
    return tuple(model.MandateReference(*each) if locator else each[0] for each in found)
