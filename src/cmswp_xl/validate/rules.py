"""
The rules that no single column can state: between the cells of a row, between rows and tables.

A rule asks typed tables for the rows that have all the values it needs, so that a cell which is
blank or was found faulty already breaks none. The rules are those of the design's sections "Money
and flags" and "Issues"; what only documents use has its rules in `documents`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import MAXYEAR, MINYEAR
from typing import TYPE_CHECKING

from cmswp_xl.issues import SEVERITIES, Severity
from cmswp_xl.money import HUNDRED, product, total
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import Table, comparable, is_blank
from cmswp_xl.validate.documents import check_documents
from cmswp_xl.validate.typed import TypedTable, cell_text, key_of, setting, split_entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.issues import Issue
    from cmswp_xl.schema import Field
    from cmswp_xl.validate.typed import Keys, Value

    Typed = Mapping[str, TypedTable]


def check_rules(typed: Typed, keys: Keys) -> Iterator[Issue]:
    """Check all rules; a table that is absent is the same as an empty one."""
    absent = (schema for name, schema in load_schemas().items() if name not in typed)
    empty = {s.name: TypedTable(Table(s, "", -1, (), {}, {}), {}, frozenset()) for s in absent}
    tables = {**typed, **empty}
    yield from _translations(tables)
    yield from _lists(tables, keys)
    yield from _orders(tables)
    yield from _numbers(tables["activities"])
    yield from _nested_areas(tables["areas"])
    yield from _mandates(tables["activities"])
    yield from _years(tables)
    yield from _products(tables["costs"])
    yield from _allocated(tables["allocations"])
    yield from _allocated(tables["postfunding"])
    yield from _same_contribution(tables["funding"])
    yield from _duplicate_rows(tables["costs"])
    yield from _duplicate_rows(tables["funding"])
    for table in tables.values():
        yield from _struck_text(table)
    yield from _mixed_support_cost(tables["costs"])
    yield from check_documents(tables)


def _translations(tables: Typed) -> Iterator[Issue]:
    """Find texts that lack a language, which weighs less in a draft."""
    original = setting(tables, "original_language")
    draft = setting(tables, "status") in (None, "draft")
    severity = Severity.INFO if draft else SEVERITIES["missing-translation"]
    for table in tables.values():
        schema = table.table.schema
        for base in dict.fromkeys(field.text for field in schema.fields if field.text):
            for issue in _text_issues(table, schema.texts(base), original):
                missing = issue.code == "missing-translation"
                yield replace(issue, severity=severity) if missing else issue


def _text_issues(table: TypedTable, fields: Sequence[Field], original: Value) -> Iterator[Issue]:
    """Find texts that lack a language; a column that is absent is reported once, elsewhere."""
    required = fields[0].required_text
    columns = [table.column(field.name) for field in fields]
    for index, texts in enumerate(zip(*columns, strict=True)):
        if all(texts) or not (required or any(texts)):
            continue
        for field, text in zip(fields, texts, strict=True):
            if text or (field.name, index) in table.faulty:
                continue
            first = field.language == original if original else not any(texts)
            if not (required and first):
                yield table.issue("missing-translation", field.name, index, field=field)
            elif field.name in table.columns:
                yield table.issue("missing-value", field.name, index, field=field)


def _lists(tables: Typed, keys: Keys) -> Iterator[Issue]:
    """Find codes in lists that their table does not have."""
    for table in tables.values():
        for field in table.table.schema.inputs():
            if not (field.list and field.reference):
                continue
            known, locator = keys.get(field.reference.table, {}), field.reference.locator
            for index, entries in table.given(field.name):
                codes = dict.fromkeys(split_entry(entry, locator=locator)[0] for entry in entries)
                unknown = "; ".join(code for code in codes if comparable(code) not in known)
                if unknown and (field.name, index) not in table.faulty:
                    yield table.issue("unknown-reference", field.name, index, unknown, field=field)


_ORDERED = (
    ("programme", "period_start", "period_end"),
    ("programme", "meeting_start", "meeting_end"),
    ("activities", "start_year", "end_year"),
    ("posts", "start_year", "end_year"),
    ("steps", "start", "due"),
    ("requests", "date", "decided_on"),
)


def _orders(tables: Typed) -> Iterator[Issue]:
    """Find an end that comes before its beginning."""
    for name, first, last in _ORDERED:
        schema = tables[name].table.schema
        for index, start, end in tables[name].given(first, last):
            if end < start:
                values = {"field": schema.field(last), "not_before": schema.field(first)}
                yield tables[name].issue(
                    "out-of-range", last, index, end, **values, least=str(start)
                )


def _numbers(activities: TypedTable) -> Iterator[Issue]:
    """Find numbers that two activities of one area share."""
    for indexes in activities.groups("area", "number").values():
        rows = [activities.table.rows[index] for index in indexes]
        for index in indexes if len(indexes) > 1 else ():
            number, area = (activities.value(name, index) for name in ("number", "area"))
            yield activities.issue(
                "duplicate-number", "number", index, number, cells=rows, area=area
            )


def _nested_areas(areas: TypedTable) -> Iterator[Issue]:
    """Find areas placed under themselves or under a sub-area."""
    columns = list(zip(areas.column("code"), areas.column("parent"), strict=True))
    pairs = [key_of(code, parent or "") for code, parent in columns]
    placed = {code for code, parent in pairs if parent and parent != code}
    for index, (code, parent) in enumerate(pairs):
        if parent and (parent == code or parent in placed):
            area, above = columns[index]
            itself = parent == code
            yield areas.issue("nested-area", "parent", index, above, area=str(area), itself=itself)


def _mandates(activities: TypedTable) -> Iterator[Issue]:
    """Mention activities that name no mandate."""
    for index in range(len(activities)):
        if activities.is_blank(index, "mandates"):
            yield activities.issue("no-mandate", "mandates", index)


def _years(tables: Typed) -> Iterator[Issue]:
    """Find costs and funding of years outside the period, of which one end may not be known."""
    ends = {"start": setting(tables, "period_start"), "end": setting(tables, "period_end")}
    known = {name: year for name, year in ends.items() if isinstance(year, int)}
    if len(known) == len(ends):
        known = dict(zip(known, sorted(known.values()), strict=True))
    start, end = known.get("start", MINYEAR), known.get("end", MAXYEAR)
    for name in ("costs", "funding"):
        for index, year in tables[name].given("year"):
            if not start <= year <= end:
                yield tables[name].issue("year-outside-period", "year", index, year, **known)


def _products(costs: TypedTable) -> Iterator[Issue]:
    """Find amounts that are not quantity times unit cost."""
    names = ("quantity", "unit_cost")
    for index, amount, *factors in costs.given("amount", *names):
        expected = product(*factors)
        if amount != expected:
            values = dict(zip(names, factors, strict=True))
            yield costs.issue(
                "amount-mismatch", "amount", index, amount, expected=expected, **values
            )


def _allocated(table: TypedTable) -> Iterator[Issue]:
    """Find posts whose percentages add up to more than 100; reported at the post's last row."""
    for rows in table.groups("post").values():
        indexes = [index for index in rows if table.value("percent", index) is not None]
        together = total(table.value("percent", index) for index in indexes)
        if together > HUNDRED:
            post, percent = (table.value(name, indexes[-1]) for name in ("post", "percent"))
            values = {"total": together, "post": post}
            cells = table.table.cells("percent", indexes)
            yield table.issue(
                "over-allocated", "percent", indexes[-1], percent, **values, cells=cells
            )


def _same_contribution(funding: TypedTable) -> Iterator[Issue]:
    """Find what looks like one contribution entered once for each stage it went through."""
    first: dict[tuple[str, ...], int] = {}
    for index, activity, source, stage in funding.given("activity", "source", "stage"):
        others = (funding.value(name, index) for name in ("year", "donor", "reference"))
        key = key_of(activity, source, *("" if value is None else value for value in others))
        earlier = first.setdefault(key, index)
        before = funding.value("stage", earlier)
        if before != stage:
            row = funding.table.rows[earlier]
            yield funding.issue("same-contribution", "stage", index, stage, row=row, stage=before)


def _duplicate_rows(table: TypedTable) -> Iterator[Issue]:
    """Find costs and contributions that are equal to an earlier one in every typed field."""
    faulty = {index for _, index in table.faulty}
    first: dict[tuple[Value, ...], int] = {}
    columns = [_values_or_default(table, field) for field in table.table.schema.inputs()]
    for index, values in enumerate(zip(*columns, strict=True)):
        earlier = index if index in faulty else first.setdefault(values, index)
        if earlier != index:
            amount, rows = table.value("amount", index), table.table.rows
            yield table.issue(
                "duplicate-row", "amount", index, amount, number=rows[index], row=rows[earlier]
            )


def _values_or_default(table: TypedTable, field: Field) -> list[Value]:
    """Return the values of a field as they are compared; a blank says the same as the default."""
    column = table.column(field.name)
    known: dict[Value, Value] = {v: comparable(v) for v in set(column) if isinstance(v, str)}
    return [field.default if value is None else known.get(value, value) for value in column]


def _struck_text(table: TypedTable) -> Iterator[Issue]:
    """Find what is struck through in the cells that count or are printed."""
    for field in table.table.schema.inputs() if table.table.struck else ():
        cells = () if field.internal else table.table.columns.get(field.name, ())
        for index, cell in enumerate(cells):
            if table.table.place(field.name, index) in table.table.struck and not is_blank(cell):
                yield table.issue("struck-text", field.name, index, cell_text(cell))


def _mixed_support_cost(costs: TypedTable) -> Iterator[Issue]:
    """Find costs with and without support costs in one programme; reported at the first change."""
    default = costs.table.schema.field("support_cost").default
    used = [
        (index, value or default)
        for index, value in enumerate(costs.column("support_cost"))
        if ("support_cost", index) not in costs.faulty
    ]
    changed = next(((index, value) for index, value in used if value != used[0][1]), None)
    if changed:
        values = [value for _, value in used]
        counts = {word: values.count(word) for word in ("included", "excluded")}
        yield costs.issue("mixed-support-cost", "support_cost", *changed, **counts)
