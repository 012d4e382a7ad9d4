"""From typed tables to the programme: codes as their own table writes them, blanks as defaults."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

from cmswp_xl.languages import Language
from cmswp_xl.model import (
    Activity,
    Allocation,
    Area,
    Comment,
    Contribution,
    CostLine,
    Donor,
    Evidence,
    Finding,
    FundingSource,
    Mandate,
    MandateReference,
    Need,
    Paragraph,
    Post,
    PostShare,
    Programme,
    Progress,
    Recommendation,
    Review,
    Scenario,
    Settings,
    Step,
    Subject,
    TechnologyRequest,
    Text,
)
from cmswp_xl.tables import comparable
from cmswp_xl.validate.rules import split_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from decimal import Decimal

    from cmswp_xl.schema import Field
    from cmswp_xl.validate.typed import Keys, TypedTable

Row = dict[str, Any]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Weight:
    criterion: str
    weight: Decimal


def build_programme(
    typed: Mapping[str, TypedTable], keys: Keys, kept: Mapping[str, Sequence[int]]
) -> Programme:
    """
    Build the programme from the rows that are kept, by table and row index.

    The Programme form must be among them; a kept row holds every required value. A column that no
    part of the model takes is left to those that read the tables: dump, diff, open data.
    """

    def many(name: str, made: type[_T], adapt: Callable[[Row], Row] = dict) -> tuple[_T, ...]:
        table = typed.get(name)
        if table is None:
            return ()
        rows = list(table_rows(table, keys, {item.name for item in fields(made)}))  # type: ignore[arg-type]
        return tuple(made(**adapt(rows[index])) for index in kept[name])

    return Programme(
        settings=many("programme", Settings, _settings)[0],
        areas=many("areas", Area),
        activities=many("activities", Activity),
        costs=many("costs", CostLine),
        funding=many("funding", Contribution, _contribution),
        sources=many("sources", FundingSource),
        donors=many("donors", Donor),
        posts=many("posts", Post),
        post_shares=many("postfunding", PostShare),
        allocations=many("allocations", Allocation),
        mandates=many("mandates", Mandate),
        scenarios=many("scenarios", Scenario),
        review=Review(
            findings=many("findings", Finding),
            subjects=many("subjects", Subject),
            recommendations=many("recommendations", Recommendation),
            evidence=many("evidence", Evidence),
            steps=many("steps", Step),
            needs=many("needs", Need),
            requests=many("requests", TechnologyRequest),
            weights={item.criterion: item.weight for item in many("weights", _Weight)},
        ),
        progress=many("progress", Progress),
        comments=many("comments", Comment),
        texts=many("texts", Paragraph),
    )


def table_rows(table: TypedTable, keys: Keys, taken: AbstractSet[str]) -> Iterator[Row]:
    """
    Return the fields of a table that are taken, row by row, by name.

    The texts of a base name become one `Text`, references take the form of the key they refer
    to, lists become tuples, and blanks take the default of their field.
    """
    schema = table.table.schema
    plain = [field for field in schema.inputs() if field.text is None and field.name in taken]
    bases = list(dict.fromkeys(f.text for f in schema.inputs() if f.text and f.text in taken))
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
        given = {value for value in values if isinstance(value, (str, int))}
        found = {value: known.get(comparable(str(value)), value) for value in given}
        return [None if value is None else found[value] for value in values]  # type: ignore[index]
    if field.default is not None:
        return [field.default if value is None else value for value in values]
    return values


def _entries(entries: tuple[str, ...], field: Field, keys: Keys) -> tuple[Any, ...]:
    if field.reference is None:
        return entries
    known = keys.get(field.reference.table, {})
    found: list[Any] = []
    for entry in entries:
        code, locator = split_entry(entry, locator=field.reference.locator)
        key = str(known.get(comparable(code), code))
        found.append(MandateReference(key, locator) if field.reference.locator else key)
    return tuple(found)


def _settings(row: Row) -> Row:
    language = Language(row["original_language"])
    return row | {"illustrative": row["illustrative"] == "yes", "original_language": language}


def _contribution(row: Row) -> Row:
    return row | {"in_kind": row["in_kind"] == "yes"}
