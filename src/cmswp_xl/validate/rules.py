"""
The rules that no single column can state: between the cells of a row, between rows and tables.

Each function takes typed tables and returns its issues; a cell that was already found faulty is
passed over. The rules are those of the design's sections "Money and flags" and "Issues".
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR
from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.cells import address
from cmswp_xl.issues import SEVERITIES, Severity
from cmswp_xl.languages import Language
from cmswp_xl.money import HUNDRED, product, total
from cmswp_xl.tables import comparable, is_blank
from cmswp_xl.validate.documents import check_papers, check_requests, check_review
from cmswp_xl.validate.typed import shown_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cmswp_xl.issues import Issue
    from cmswp_xl.schema import Field
    from cmswp_xl.validate.typed import Keys, TypedTable, Value


def check_rules(typed: Mapping[str, TypedTable], keys: Keys) -> Iterator[Issue]:
    """Check all rules."""
    yield from _translations(typed)
    yield from _lists(typed, keys)
    yield from _orders(typed)
    yield from _numbers(typed)
    yield from _nested_areas(typed)
    yield from _mandates(typed)
    yield from _years(typed)
    yield from _products(typed)
    yield from _allocated(typed, "allocations")
    yield from _allocated(typed, "postfunding")
    yield from _same_contribution(typed)
    yield from _duplicate_rows(typed)
    yield from _struck_text(typed)
    yield from _mixed_support_cost(typed)
    yield from check_review(typed)
    yield from check_papers(typed)
    yield from check_requests(typed)


def split_entry(entry: str, *, locator: bool) -> tuple[str, str | None]:
    """Split "Res. 11.2 (paras 4–7)" into code and locator; without locators all is the code."""
    entry = entry.strip()
    code, bracket, place = entry.partition("(")
    if not locator or not bracket or not entry.endswith(")") or not code.strip():
        return entry, None
    return code.strip(), place[:-1].strip() or None


def setting(typed: Mapping[str, TypedTable], name: str) -> Value:
    """Give a setting of the Programme form; None where it is blank or faulty."""
    programme = typed.get("programme")
    if programme is None or not len(programme):
        return None
    return programme.column(name)[0]


def _translations(typed: Mapping[str, TypedTable]) -> Iterator[Issue]:
    original = setting(typed, "original_language")
    known = Language(str(original)) if original in set(Language) else None
    draft = setting(typed, "status") in (None, "draft")
    severity = Severity.INFO if draft else SEVERITIES["missing-translation"]
    for table in typed.values():
        bases: dict[str, list[Field]] = defaultdict(list)
        for field in table.table.schema.fields:
            if field.text:
                bases[field.text].append(field)
        for fields in bases.values():
            for issue in _text_issues(table, fields, known):
                missing = issue.code == "missing-translation"
                yield replace(issue, severity=severity) if missing else issue


def _text_issues(
    table: TypedTable, fields: list[Field], original: Language | None
) -> Iterator[Issue]:
    """Find texts that lack a language; a column that is absent is told once, elsewhere."""
    required = fields[0].required_text
    columns = [table.column(field.name) for field in fields]
    for index, texts in enumerate(zip(*columns, strict=True)):
        given = [text is not None for text in texts]
        if all(given) or not (required or any(given)):
            continue
        for field, present in zip(fields, given, strict=True):
            if present or (field.name, index) in table.faulty:
                continue
            first = field.language is original or (original is None and not any(given))
            if not (required and first):
                yield table.table.issue("missing-translation", field.name, index, field=field)
            elif field.name in table.columns:
                yield table.table.issue("missing-value", field.name, index, field=field)


def _lists(typed: Mapping[str, TypedTable], keys: Keys) -> Iterator[Issue]:
    for table in typed.values():
        for field in table.table.schema.inputs():
            if not (field.list and field.reference):
                continue
            known = keys.get(field.reference.table, {})
            for index, entries in enumerate(table.column(field.name)):
                codes = [
                    split_entry(entry, locator=field.reference.locator)[0]
                    for entry in (entries if isinstance(entries, tuple) else ())
                ]
                unknown = [code for code in codes if comparable(code) not in known]
                if unknown and (field.name, index) not in table.faulty:
                    shown = "; ".join(dict.fromkeys(unknown))
                    yield table.table.issue(
                        "unknown-reference", field.name, index, shown, field=field
                    )


_ORDERED = (
    ("programme", "period_start", "period_end"),
    ("programme", "meeting_start", "meeting_end"),
    ("activities", "start_year", "end_year"),
    ("posts", "start_year", "end_year"),
    ("steps", "start", "due"),
    ("requests", "date", "decided_on"),
)


def _orders(typed: Mapping[str, TypedTable]) -> Iterator[Issue]:
    """Find an end that comes before its beginning."""
    for name, first, last in _ORDERED:
        table = typed.get(name)
        if table is None:
            continue
        pairs = zip(table.column(first), table.column(last), strict=True)
        for index, (start, end) in enumerate(pairs):
            if start is not None and end is not None and end < start:  # type: ignore[operator]
                field = table.table.schema.field(last)
                after = table.table.schema.field(first)
                yield table.table.issue(
                    "out-of-range",
                    last,
                    index,
                    str(end),
                    field=field,
                    not_before=after,
                    least=str(start),
                )


def _numbers(typed: Mapping[str, TypedTable]) -> Iterator[Issue]:
    """Find numbers that two activities of one area share."""
    table = typed.get("activities")
    if table is None:
        return
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    pairs = zip(table.column("area"), table.column("number"), strict=True)
    for index, (area, number) in enumerate(pairs):
        if isinstance(area, str) and isinstance(number, str):
            rows[comparable(area), comparable(number)].append(index)
    for indexes in rows.values():
        if len(indexes) > 1:
            cells = [table.table.rows[index] for index in indexes]
            for index in indexes:
                value = str(table.column("number")[index])
                area = str(table.column("area")[index])
                yield table.table.issue(
                    "duplicate-number", "number", index, value, cells=cells, area=area
                )


def _nested_areas(typed: Mapping[str, TypedTable]) -> Iterator[Issue]:
    """Find areas placed under themselves or under a sub-area."""
    table = typed.get("areas")
    if table is None:
        return
    codes, parents = table.column("code"), table.column("parent")
    pairs = [
        (comparable(str(code)), comparable(str(parent)) if parent else "")
        for code, parent in zip(codes, parents, strict=True)
    ]
    placed = {code for code, parent in pairs if parent and parent != code}
    for index, (code, parent) in enumerate(pairs):
        if parent and (parent == code or parent in placed):
            yield table.table.issue(
                "nested-area",
                "parent",
                index,
                str(parents[index]),
                area=str(codes[index]),
                itself=parent == code,
            )


def _mandates(typed: Mapping[str, TypedTable]) -> Iterator[Issue]:
    """Mention activities that name no mandate."""
    table = typed.get("activities")
    if table is None:
        return
    for index, entries in enumerate(table.column("mandates")):
        if entries is None and ("mandates", index) not in table.faulty:
            yield table.table.issue("no-mandate", "mandates", index, None)


def _years(typed: Mapping[str, TypedTable]) -> Iterator[Issue]:
    """Find costs and funding of years outside the period, of which one end may not be known."""
    ends = {"start": setting(typed, "period_start"), "end": setting(typed, "period_end")}
    known = {name: year for name, year in ends.items() if isinstance(year, int)}
    if len(known) == len(ends):
        known = dict(zip(known, sorted(known.values()), strict=True))
    start, end = known.get("start", MINYEAR), known.get("end", MAXYEAR)
    for name in ("costs", "funding"):
        table = typed.get(name)
        if table is None:
            continue
        for index, year in enumerate(table.column("year")):
            if isinstance(year, int) and not start <= year <= end:
                yield table.table.issue("year-outside-period", "year", index, str(year), **known)


def _products(typed: Mapping[str, TypedTable]) -> Iterator[Issue]:
    """Find amounts that are not quantity times unit cost."""
    table = typed.get("costs")
    if table is None:
        return
    columns = (table.column("quantity"), table.column("unit_cost"), table.column("amount"))
    for index, (quantity, unit_cost, amount) in enumerate(zip(*columns, strict=True)):
        if not (
            isinstance(quantity, Decimal)
            and isinstance(unit_cost, Decimal)
            and isinstance(amount, Decimal)
        ):
            continue
        expected = product(quantity, unit_cost)
        if amount != expected:
            yield table.table.issue(
                "amount-mismatch",
                "amount",
                index,
                f"{amount:f}",
                expected=f"{expected:f}",
                quantity=f"{quantity:f}",
                unit_cost=f"{unit_cost:f}",
            )


def _allocated(typed: Mapping[str, TypedTable], name: str) -> Iterator[Issue]:
    """Find posts whose percentages add up to more than 100; told at the post's last row."""
    table = typed.get(name)
    if table is None:
        return
    rows: dict[str, list[int]] = defaultdict(list)
    for index, (post, percent) in enumerate(
        zip(table.column("post"), table.column("percent"), strict=True)
    ):
        if isinstance(post, str) and isinstance(percent, Decimal):
            rows[comparable(post)].append(index)
    percents = table.column("percent")
    for indexes in rows.values():
        together = total(p for i in indexes if isinstance(p := percents[i], Decimal))
        if together > HUNDRED:
            last = indexes[-1]
            places = [table.table.place("percent", index) for index in indexes]
            cells = [address(*place) for place in places if place]
            yield table.table.issue(
                "over-allocated",
                "percent",
                last,
                f"{percents[last]:f}",
                total=f"{together:f}",
                post=str(table.column("post")[last]),
                cells=cells,
            )


def _same_contribution(typed: Mapping[str, TypedTable]) -> Iterator[Issue]:
    """Find what looks like one contribution entered once for each stage it went through."""
    table = typed.get("funding")
    if table is None:
        return
    names = ("activity", "year", "source", "donor", "reference")
    first: dict[tuple[str, ...], tuple[int, Value]] = {}
    columns = [table.column(name) for name in (*names, "stage")]
    for index, (*parts, stage) in enumerate(zip(*columns, strict=True)):
        if parts[0] is None or parts[2] is None or stage is None:
            continue
        key = tuple(comparable(str(part)) if part is not None else "" for part in parts)
        earlier, earlier_stage = first.setdefault(key, (index, stage))
        if earlier_stage != stage:
            yield table.table.issue(
                "same-contribution",
                "stage",
                index,
                str(stage),
                row=table.table.rows[earlier],
                stage=str(earlier_stage),
            )


def _duplicate_rows(typed: Mapping[str, TypedTable]) -> Iterator[Issue]:
    """Find costs and contributions that are equal to an earlier one in every typed field."""
    for name in ("costs", "funding"):
        table = typed.get(name)
        if table is None:
            continue
        fields = table.table.schema.inputs()
        faulty = {index for _, index in table.faulty}
        first: dict[tuple[Value, ...], int] = {}
        columns = [_values_or_default(table, field) for field in fields]
        for index, values in enumerate(zip(*columns, strict=True)):
            if index in faulty:
                continue
            earlier = first.setdefault(values, index)
            if earlier != index:
                rows = table.table.rows
                amount = table.column("amount")[index]
                shown = f"{amount:f}" if isinstance(amount, Decimal) else None
                yield table.table.issue(
                    "duplicate-row",
                    "amount",
                    index,
                    shown,
                    number=rows[index],
                    row=rows[earlier],
                )


def _values_or_default(table: TypedTable, field: Field) -> list[Value]:
    """Give the values of a field as they are compared; a blank says the same as the default."""
    column = table.column(field.name)
    known = {value: comparable(value) for value in set(column) if isinstance(value, str)}
    return [
        field.default if value is None else known.get(value, value)  # type: ignore[arg-type]
        for value in column
    ]


def _struck_text(typed: Mapping[str, TypedTable]) -> Iterator[Issue]:
    """Find what is struck through in the cells that count or are printed."""
    for table in typed.values():
        if not table.table.struck:
            continue
        for field in table.table.schema.inputs():
            cells = () if field.internal else table.table.columns.get(field.name, ())
            for index, cell in enumerate(cells):
                place = table.table.place(field.name, index)
                if place in table.table.struck and not is_blank(cell):
                    yield table.table.issue("struck-text", field.name, index, shown_value(cell))


def _mixed_support_cost(typed: Mapping[str, TypedTable]) -> Iterator[Issue]:
    """Find costs with and without support costs in one programme; told at the first change."""
    table = typed.get("costs")
    if table is None:
        return
    default = table.table.schema.field("support_cost").default
    used = [
        (index, value or default)
        for index, value in enumerate(table.column("support_cost"))
        if ("support_cost", index) not in table.faulty
    ]
    if len({value for _, value in used}) > 1:
        usual = used[0][1]
        index = next(index for index, value in used if value != usual)
        counts = {str(v): sum(value == v for _, value in used) for v in ("included", "excluded")}
        yield table.table.issue(
            "mixed-support-cost",
            "support_cost",
            index,
            usual and str(table.column("support_cost")[index] or default),
            **counts,
        )
