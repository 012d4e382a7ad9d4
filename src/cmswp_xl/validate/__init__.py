"""Check tables against schemas and rules, and build the programme from them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields, replace
from itertools import compress
from typing import TYPE_CHECKING, Any, TypeVar

from cmswp_xl import model
from cmswp_xl.issues import Severity, has_errors
from cmswp_xl.languages import Language
from cmswp_xl.tables import Knowledge, comparable, missing_column
from cmswp_xl.validate.causes import with_causes
from cmswp_xl.validate.frames import check_frames
from cmswp_xl.validate.rules import check_rules
from cmswp_xl.validate.typed import (
    TypedTable,
    Value,
    setting,
    split_entry,
    table_keys,
    type_tables,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.issues import Issue
    from cmswp_xl.names import Names
    from cmswp_xl.schema import Field
    from cmswp_xl.tables import Tables
    from cmswp_xl.validate.typed import Keys

__all__ = ["Checked", "Draft", "TypedTable", "Value", "check_tables"]

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


_STRUCTURE = frozenset(
    {"missing-table", "missing-column", "duplicate-table", "duplicate-column", "rows-below-table"}
)
"""Errors that leave open which rows and columns there are."""


_NEEDED = {
    "formula-without-value": Knowledge.FORMULAS,
    "percent-format": Knowledge.FORMATS,
    "struck-text": Knowledge.STRIKES,
}
"""What a source must be able to tell for a check."""


@dataclass(frozen=True, slots=True)
class Draft:
    """
    A programme of the rows without errors, for remarks on figures that no error touches.

    `kept` gives the row index of each row by table; `touched` the ids of the activities whose
    figures some error may change.
    """

    programme: model.Programme
    kept: Mapping[str, Sequence[int]]
    touched: frozenset[str]


@dataclass(frozen=True, slots=True)
class Checked:
    """
    What the checks found: typed tables, issues, and as much of the programme as is sound.

    `skipped` lists the checks for which the source could not tell enough, `names` what the
    workbook calls its tables and fields.
    """

    typed: Mapping[str, TypedTable]
    issues: tuple[Issue, ...]
    draft: Draft | None
    skipped: tuple[str, ...] = ()
    names: Names | None = None

    @property
    def programme(self) -> model.Programme | None:
        """The whole programme, where no error was found; None otherwise."""
        return None if self.draft is None or has_errors(self.issues) else self.draft.programme


def check_tables(tables: Tables, found: Sequence[Issue] = ()) -> Checked:
    """
    Check the tables of a workbook.

    `found` are the issues known already, from matching tables and columns; they count when it is
    decided whether a programme can be built.
    """
    typed, problems = type_tables(tables)
    keys = table_keys(typed)
    plain = (
        *found,
        *_absent_original(typed),
        *problems,
        *check_frames(typed, keys),
        *check_rules(typed, keys),
    )
    issues = tuple(with_causes(plain, typed, keys))
    draft, skipped = (
        _draft(typed, keys, issues),
        tuple(check for check, needed in _NEEDED.items() if needed not in tables.knows),
    )
    return Checked(typed, issues, draft, skipped, tables.names)


def _draft(typed: Mapping[str, TypedTable], keys: Keys, issues: Sequence[Issue]) -> Draft | None:
    """Build what can be built; None where structure or Programme form are at fault."""
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if any(issue.code in _STRUCTURE or issue.table == "programme" for issue in errors):
        return None
    if "programme" not in typed or not len(typed["programme"]):
        return None
    faulty: dict[str, set[int]] = defaultdict(set)
    for issue in errors:
        faulty[issue.table].add(issue.place[1])
    kept = {
        name: [i for i, row in enumerate(table.table.rows) if row not in faulty[name]]
        for name, table in typed.items()
    }
    touched = _touched(typed, keys, kept)
    programme = build_programme(typed, keys, kept)
    known = programme.source_kinds()
    sound = [row.source in known for row in programme.funding]
    if not all(sound):
        touched |= {row.activity for row in programme.funding if row.source not in known}
        kept["funding"] = list(compress(kept["funding"], sound))
        programme = replace(programme, funding=tuple(compress(programme.funding, sound)))
    return Draft(programme, kept, frozenset(touched))


def _touched(
    typed: Mapping[str, TypedTable],
    keys: Keys,
    kept: Mapping[str, Sequence[int]],
) -> set[str]:
    """Return the ids of activities with an error in their own row or in a row about them."""
    touched: set[str] = set()
    for name, column in (("activities", "id"), ("costs", "activity"), ("funding", "activity")):
        if name in typed:
            left_out = set(range(len(typed[name]))) - set(kept[name])
            values = (typed[name].value(column, index) for index in left_out)
            texts = {comparable(value) for value in values if value is not None}
            touched |= {str(keys["activities"].get(text, text)) for text in texts}
    return touched


def _absent_original(typed: Mapping[str, TypedTable]) -> Iterator[Issue]:
    """Find tables without the column of a required text in the original language."""
    original = setting(typed, "original_language")
    for typed_table in typed.values():
        table = typed_table.table
        for field in () if table.schema.form else table.schema.inputs():
            wanted = field.required_text and field.language == original
            if wanted and field.name not in table.columns:
                yield missing_column(table, table.schema, field.name, field.titles)


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
