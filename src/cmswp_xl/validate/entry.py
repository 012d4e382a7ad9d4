"""What keeps the rows of the Entry sheet from being taken over; errors only when that is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product

from cmswp_xl.issues import Issue, Severity
from cmswp_xl.languages import Language
from cmswp_xl.schema import ENTRY, ENTRY_KINDS
from cmswp_xl.tables import Tables, comparable, gathered
from cmswp_xl.validate import Checked, check_frames, check_tables
from cmswp_xl.validate.causes import with_causes
from cmswp_xl.validate.rules import struck_text
from cmswp_xl.validate.typed import TypedTable, setting, table_keys, type_table

Typed = Mapping[str, TypedTable]


_ABOUT = {
    "core_source": ("core",),
    "voluntary_source": ("voluntary", "pledged"),
    "donor": ("voluntary", "pledged"),
    "stage": ("voluntary",),
}
"""The kinds of money that a column says something of."""


def check_with_entry(tables: Tables, found: Sequence[Issue] = ()) -> Checked:
    """Check the tables of a workbook and, beside them, its Entry sheet, which has no errors."""
    data = dict(tables.by_name)
    table = data.pop(ENTRY, None)
    others = [issue for issue in found if issue.table != ENTRY]
    checked = check_tables(replace(tables, by_name=data), others)
    if table is None:
        return checked
    (rows, faults), typed = type_table(table, tables.knows), checked.typed
    keys = table_keys(typed)
    plain = (
        *(issue for issue in found if issue.table == ENTRY),
        *faults,
        *check_frames({ENTRY: rows}, keys),
        *_titles(rows, setting(typed, "original_language")),
        *(replace(issue, severity=Severity.ERROR) for issue in struck_text(rows)),
        *_taken(rows, typed),
        *_years(rows, typed),
        *_sources(rows, typed),
    )
    unfit = tuple(with_causes(plain, {**typed, ENTRY: rows}, keys))
    weaker = {Severity.ERROR: Severity.WARNING}
    remarks = [replace(i, severity=weaker.get(i.severity, i.severity)) for i in unfit]
    if rows:
        remarks.append(rows.issue("entry-not-taken-over", "area", 0, None, waiting=len(rows)))
    return replace(checked, issues=(*checked.issues, *remarks), entry=rows, unfit=unfit)


def amounts(rows: TypedTable, index: int, kind: str) -> Iterator[tuple[str, int | None, Decimal]]:
    """Yield field, year of the period and amount of each amount of a kind that makes a row."""
    for item in rows.schema.inputs():
        amount = rows.value(item.name, index) if item.kind == kind and item.numeric else None
        if amount is not None and (amount or kind == "cost"):
            yield item.name, item.year, amount


def sources_by_kind(typed: Typed) -> Mapping[str, list[str]]:
    """Return the sources of each kind."""
    sources = typed.get("sources")
    return (
        gathered((kind, code) for _, code, kind in sources.given("code", "kind"))
        if sources
        else {}
    )


def _titles(rows: TypedTable, original: object) -> Iterator[Issue]:
    """Find rows without a title in the original language or, where that is not known, in any."""
    languages = [original] if original else [language.value for language in Language]
    names = [f"title_{language}" for language in languages]
    for index in range(len(rows)):
        if rows.is_blank(index, *names):
            yield rows.issue("missing-value", names[0], index, field=rows.schema.field(names[0]))


def _taken(rows: TypedTable, typed: Typed) -> Iterator[Issue]:
    """Find ids and numbers that an activity, or another row, has already."""
    activities = typed.get("activities")
    for name, keys in (("id", ("id",)), ("number", ("area", "number"))):
        known = activities.groups(*keys) if activities else {}
        for key, indexes in rows.groups(*keys).items():
            values: dict[str, object] = {}
            if activities and key in known:
                values = {name: True, "cells": activities.table.cells(name, known[key])}
            elif len(indexes) > 1:
                values = {"twice": True, "cells": rows.table.cells(name, indexes)}
            for index in indexes if values else ():
                value = rows.value(name, index)
                yield rows.issue("entry-overwrites", name, index, value, **values)


def _years(rows: TypedTable, typed: Typed) -> Iterator[Issue]:
    """Find amounts of a year beyond the period, and those given by year and for the whole."""
    start, end = setting(typed, "period_start"), setting(typed, "period_end")
    for index, kind in product(range(len(rows)), ENTRY_KINDS):
        given = list(amounts(rows, index, kind))
        years = [(name, year) for name, year, _ in given if year]
        if 0 < len(years) < len(given):
            yield rows.issue("entry-unclear", kind, index, rows.value(kind, index), both=True)
        for name, year in years:
            if not (isinstance(start, int) and isinstance(end, int)):
                amount = rows.value(name, index)
                yield rows.issue("entry-unclear", name, index, amount, no_period=True)
            elif (meant := start + year - 1) > end:
                yield rows.issue("year-outside-period", name, index, meant, start=start, end=end)


def _sources(rows: TypedTable, typed: Typed) -> Iterator[Issue]:
    """Find money without a source that is clear, and what is said of money that is not there."""
    kinds = sources_by_kind(typed)
    for index, (name, about) in product(range(len(rows)), _ABOUT.items()):
        value, reason, known = rows.value(name, index), "", kinds.get(about[0], [])
        if not any(list(amounts(rows, index, kind)) for kind in about):
            reason = "" if value is None else "unused"
        elif name.endswith("_source") and (name, index) not in rows.faulty:
            others = (code for kind in kinds.keys() - {about[0]} for code in kinds[kind])
            if value is None and len(known) != 1:
                reason = "several" if known else "none"
            elif value is not None and comparable(value) in map(comparable, others):
                reason = "other_kind"
        if reason:
            values = {reason: True, "known": known}
            yield rows.issue("entry-unclear", name, index, value, **values)
