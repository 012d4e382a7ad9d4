"""
What the formulas of the workbook should show, how requests are weighed, what figures say.

Flags are issues: of activities and recommendations without their money, of reports of progress,
of formulas whose stored value is another than ours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from cmswp_xl.cells import ErrorValue, NoStoredValue, Raw
from cmswp_xl.figures.declarations import APART, COMBINATIONS, KINDS, counts_for
from cmswp_xl.figures.totals import Figures, ProgrammeTotals, newest_reports
from cmswp_xl.issues import Issue
from cmswp_xl.languages import Language
from cmswp_xl.model import CRITERIA, Progress, Review, TechnologyRequest
from cmswp_xl.money import HUNDRED, ZERO, stored_decimal, to_cents, total
from cmswp_xl.numbering import (
    PART_ROOM,
    counted_number,
    highest_ids,
    next_id,
    next_number,
    number_model,
    number_parts,
    number_stem,
    sortable,
)
from cmswp_xl.schema import REVIEW_TABLES, Field, TableSchema, load_schemas
from cmswp_xl.tables import Table, code_of, comparable, gathered

REVERSED = frozenset({"cost", "risk"})
"""The criteria of which a high score speaks against a request."""
TURN = 6
"""What a reversed score is taken from: the highest score and one more."""


def request_score(scores: Mapping[str, int], weights: Mapping[str, Decimal]) -> Decimal | None:
    """Return a score from 1 to 5 with two decimals; None unless the weights add up to 100."""
    if total(weights.values()) != HUNDRED:
        return None
    parts = (weights.get(name, Decimal(0)) * points(name, scores[name]) for name in CRITERIA)
    return to_cents(sum(parts, Decimal(0)) / HUNDRED)


def points(criterion: str, score: int) -> int:
    """Return what a score counts for: 5 speaks for a request, whatever the criterion."""
    return TURN - score if criterion in REVERSED else score


def ranked(review: Review) -> list[tuple[TechnologyRequest, Decimal | None]]:
    """Return the requests with their scores, highest first; ties by date, then by id."""
    scored = [(item, request_score(item.scores, review.weights)) for item in review.requests]
    return sorted(scored, key=lambda pair: (-(pair[1] or 0), pair[0].date, pair[0].id))


Result = Decimal | int | str | None
Places = Mapping[str, Sequence[int]]
"""For each table, where its rows stand below the header, counted from 1."""

SIGNS = (("~", "¦1"), ("*", "¦2"), ("?", "¦3"))
"""The signs that MATCH takes for wildcards, and what stands for them in a search key."""
STEP = 10_000_000
"""More than a sheet has rows, so that year × step + row of the activity tells both."""
COUNTED_AS = {name: number for number, name in enumerate((*KINDS, *APART), 1)}
"""What a contribution may count as, by number; its number × step + row tells both."""


def comparable_key(value: object) -> str:
    """Return a value as the formulas compare keys: without case and outer or double spaces."""
    return "" if value is None else _spaced(str(value)).lower()


def _spaced(text: str) -> str:
    return " ".join(filter(None, text.split(" ")))


def search_key(value: object) -> str:
    """Return a value as the column of search keys holds it, rid of wildcards."""
    key = comparable_key(value)
    for sign, name in SIGNS:
        key = key.replace(sign, name)
    return key


def computed_columns(
    totals: ProgrammeTotals, schema: TableSchema, language: Language, places: Places | None = None
) -> Mapping[str, Sequence[Result]]:
    """
    Return the values of every computed column of a table, row after row.

    Titles are in the given language, blank where there is none. Blank is None. Without `places`,
    the rows of each table follow one another.
    """
    return {
        field.name: _column(totals, schema, field, language, places or {})
        for field in schema.fields
        if field.computed
    }


def _column(
    totals: ProgrammeTotals, schema: TableSchema, field: Field, language: Language, places: Places
) -> Sequence[Result]:
    if field.figure:
        if field.figure in _BY_PLACE:
            return _BY_PLACE[field.figure](totals, schema.name, places)
        own = _FIGURES.get((schema.name, field.figure))
        return own(totals) if own else _of_activities(totals, field.figure)
    if field.key_of:
        return [search_key(key) for key in _attribute(totals, schema.name, field.key_of)]
    name = field.title_of or field.row_of or ""
    reference = schema.field(name).reference
    table = reference.table if reference else ""
    keys = _attribute(totals, schema.name, name)
    if field.row_of:
        rows = _row_numbers(totals, table, places)
        return [rows.get(str(key)) for key in keys]
    titles = _titles(totals, table, language)
    return [None if key is None else titles.get(str(key)) for key in keys]


def _row_numbers(totals: ProgrammeTotals, table: str, places: Places) -> Mapping[str, int]:
    """Return the row of each key of a table."""
    keys = _attribute(totals, table, load_schemas()[table].primary_key[0])
    rows = places.get(table) or range(1, len(keys) + 1)
    return {str(key): row for key, row in zip(keys, rows, strict=True)}


def _activity_years(totals: ProgrammeTotals, table: str, places: Places) -> list[Result]:
    """Return the number of activity and year of each row of Costs or Funding that counts."""
    rows = _row_numbers(totals, "activities", places)
    counting = _counted_costs(totals) if table == "costs" else _kinds_counted(totals)
    return [
        None
        if counts is None or row.activity not in rows
        else (row.year or 0) * STEP + rows[row.activity]
        for row, counts in zip(getattr(totals.programme, table), counting, strict=True)
    ]


def text_of(table: str) -> str:
    """Return the text that says what a row of a table stands for: its title, if not its name."""
    return {"donors": "name", "recommendations": "text"}.get(table, "title")


def _attribute(totals: ProgrammeTotals, table: str, name: str) -> list[Any]:
    rows = {"postfunding": "post_shares"}.get(table, table)
    owner = totals.programme.review if table in REVIEW_TABLES else totals.programme
    return [getattr(row, name) for row in getattr(owner, rows)]


def _titles(totals: ProgrammeTotals, table: str, language: Language) -> Mapping[str, Result]:
    keys = _attribute(totals, table, load_schemas()[table].primary_key[0])
    texts = _attribute(totals, table, text_of(table))
    pairs = zip(keys, texts, strict=True)
    return {str(key): text.given(language) if text is not None else None for key, text in pairs}


def _of_activities(totals: ProgrammeTotals, name: str) -> list[Result]:
    """Return a figure of each activity."""
    figures = totals.by_activity
    return [
        _declared_amount(figures[activity.id], name) for activity in totals.programme.activities
    ]


def _declared_amount(figures: Figures, name: str) -> Any:
    """Return a figure, which its declaration makes of others where the totals do not hold it."""
    declared = COMBINATIONS.get(name)
    if declared is None or hasattr(figures, name):
        return getattr(figures, name)
    parts = {*declared.needs, *(part for _, part in declared.parts)}
    return declared.amount({part: _declared_amount(figures, part) for part in parts})


def _counted_costs(totals: ProgrammeTotals) -> list[Decimal | None]:
    known = (None, totals.scenario)
    return [row.amount if row.scenario in known else None for row in totals.programme.costs]


def _kinds_counted(totals: ProgrammeTotals) -> list[str | None]:
    """Return what each contribution counts as; None where it does not count."""
    kinds, known = totals.programme.source_kinds(), (None, totals.scenario)
    funding = totals.programme.funding
    return [counts_for(row, kinds) if row.scenario in known else None for row in funding]


def _counted_as(totals: ProgrammeTotals, _table: str, places: Places) -> list[Result]:
    """Return what each contribution counts as and for which activity, as one number."""
    rows = _row_numbers(totals, "activities", places)
    pairs = zip(totals.programme.funding, _kinds_counted(totals), strict=True)
    return [
        None if kind is None else COUNTED_AS[kind] * STEP + rows.get(row.activity, 0)
        for row, kind in pairs
    ]


def _counted_funding(totals: ProgrammeTotals) -> list[Decimal | None]:
    pairs = zip(totals.programme.funding, _kinds_counted(totals), strict=True)
    return [row.amount if kind in KINDS else None for row, kind in pairs]


def _source_kind(totals: ProgrammeTotals) -> list[Result]:
    kinds = totals.programme.source_kinds()
    return [kinds[row.source] for row in totals.programme.funding]


def _year_to_be_sought(totals: ProgrammeTotals) -> list[Result]:
    """Return each activity's and year's money to be sought once, on its first row that counts."""
    gaps: dict[tuple[str, int | None], Decimal] = defaultdict(lambda: ZERO)
    costs = list(zip(totals.programme.costs, _counted_costs(totals), strict=True))
    for line, amount in costs:
        gaps[line.activity, line.year] += amount or ZERO
    for row, amount in zip(totals.programme.funding, _counted_funding(totals), strict=True):
        gaps[row.activity, row.year] -= amount or ZERO
    results: list[Result] = []
    for line, amount in costs:
        gap = None if amount is None else gaps.pop((line.activity, line.year), None)
        results.append(None if gap is None else max(gap, ZERO))
    return results


def _percents(totals: ProgrammeTotals, table: str) -> list[Result]:
    """Add up the percentages of each post; blank where it has no row."""
    parts = gathered((row.post, row.percent) for row in getattr(totals.programme, table))
    return [total(parts[post.id]) if post.id in parts else None for post in totals.programme.posts]


def _next_id(totals: ProgrammeTotals) -> list[Result]:
    highest = highest_ids(activity.id for activity in totals.programme.activities)
    return [next_id(area.code, highest) for area in totals.programme.areas]


def _numbers(totals: ProgrammeTotals) -> list[tuple[str, str]]:
    """Return area and number of each activity, as formulas see the number."""
    return [(one.area, _spaced(one.number)) for one in totals.programme.activities]


def _of_numbers(
    made: Callable[[Sequence[str], int], str],
    totals: ProgrammeTotals,
    table: str,
    places: Places,
) -> list[Result]:
    """Return what is made of the numbers of each area and of its place."""
    numbers, rows = gathered(_numbers(totals)), _row_numbers(totals, table, places)
    return [made(numbers.get(code, ()), row) for code, row in rows.items()]


def _counted_numbers(totals: ProgrammeTotals) -> list[Result]:
    stems = {area: number_stem(found, 0) for area, found in gathered(_numbers(totals)).items()}
    return [counted_number(number, stems[area]) for area, number in _numbers(totals)]


def _number_parts(totals: ProgrammeTotals) -> list[Result]:
    return [(" " * PART_ROOM).join(number_parts(number)) for _, number in _numbers(totals)]


def _orders(totals: ProgrammeTotals, _table: str, places: Places) -> list[Result]:
    """Return by what the activities sort as people count: the row of the area, the number."""
    rows = _row_numbers(totals, "areas", places)
    return [f"{rows.get(area, 0):04d}{sortable(number)}" for area, number in _numbers(totals)]


def _score(totals: ProgrammeTotals) -> list[Result]:
    """Return the score of each request; blank unless the weights are whole."""
    review = totals.programme.review
    return [request_score(request.scores, review.weights) for request in review.requests]


_FIGURES: Mapping[tuple[str, str], Callable[[ProgrammeTotals], Sequence[Result]]] = {
    ("activities", "funding_status"): partial(_of_activities, name="status"),
    ("activities", "number_counted"): _counted_numbers,
    ("activities", "number_parts"): _number_parts,
    ("areas", "next_id"): _next_id,
    ("costs", "counted"): _counted_costs,
    ("costs", "year_to_be_sought"): _year_to_be_sought,
    ("funding", "counted"): _counted_funding,
    ("funding", "source_kind"): _source_kind,
    ("posts", "allocated"): partial(_percents, table="allocations"),
    ("posts", "paid"): partial(_percents, table="post_shares"),
    ("requests", "score"): _score,
}

_BY_PLACE: Mapping[str, Callable[[ProgrammeTotals, str, Places], Sequence[Result]]] = {
    "activity_year": _activity_years,
    "counted_as": _counted_as,
    "next_number": partial(_of_numbers, next_number),
    "number_model": partial(_of_numbers, number_model),
    "number_stem": partial(_of_numbers, number_stem),
    "order": _orders,
}
"""The figures for which it matters where rows stand."""


STATUS_FLAGS = frozenset({"unfunded", "partly-funded", "not-costed", "overfunded"})

_RESTS_ON: Mapping[str, Sequence[str]] = {"requests": ("weights",)}
"""The tables whose every row counts for the computed figures of another."""
_OF_ALL_ACTIVITIES = frozenset(
    {"next_id", "next_number", "number_model", "number_stem", "number_counted"}
)
"""The figures that formulas make of every activity, those too that could not be read."""


def figure_flags(
    totals: ProgrammeTotals,
    tables: Mapping[str, Table],
    kept: Mapping[str, Sequence[int]],
    silent: Collection[str] = (),
) -> Iterator[Issue]:
    """
    Yield all flags of a programme's figures.

    `kept` has the index of each row that the programme was built from, by table; activities in
    `silent` have errors about them, so that nothing is said of their figures.
    """
    for name, flags in (
        ("activities", funding_flags),
        ("recommendations", recommendation_flags),
        ("progress", progress_flags),
    ):
        if name in tables:
            yield from flags(totals, tables[name], kept[name], silent)
    yield from formula_flags(totals, tables, kept, silent)


def funding_flags(
    totals: ProgrammeTotals, table: Table, kept: Sequence[int], silent: Collection[str] = ()
) -> Iterator[Issue]:
    """Yield the funding flags of the activities, at their status."""
    for activity, index in zip(totals.programme.activities, kept, strict=True):
        if activity.id in silent:
            continue
        figures = totals.by_activity[activity.id]
        values = _amounts(totals, figures)
        if figures.status in STATUS_FLAGS:
            yield table.issue(figures.status, "funding_status", index, activity.id, **values)
        if figures.status == "not-costed" and figures.available:
            yield table.issue("funded-not-costed", "funding_status", index, activity.id, **values)


def recommendation_flags(
    totals: ProgrammeTotals, table: Table, kept: Sequence[int], silent: Collection[str] = ()
) -> Iterator[Issue]:
    """Mention the recommendations that rest on activities without their money or their cost."""
    for item, index in zip(totals.programme.review.recommendations, kept, strict=True):
        figures = totals.by_activity.get(item.activity or "")
        if figures is None or item.activity in silent:
            continue
        if figures.cost is None or figures.to_be_sought:
            values = _amounts(totals, figures)
            values |= {"activity": item.activity, "uncosted": figures.cost is None}
            yield table.issue(
                "recommendation-to-be-funded", "activity", index, item.number, **values
            )


def _amounts(totals: ProgrammeTotals, figures: Figures) -> dict[str, object]:
    names = ("cost", "available", "to_be_sought", "surplus", "pledged")
    amounts = {name: f"{to_cents(getattr(figures, name) or ZERO):f}" for name in names}
    return {**amounts, "currency": totals.programme.settings.currency}


def progress_flags(
    totals: ProgrammeTotals, table: Table, kept: Sequence[int], silent: Collection[str] = ()
) -> Iterator[Issue]:
    """
    Yield the flags of the reports that hold as at the date of the figures.

    Nothing is said of activities with a report that was not kept.
    """
    programme = totals.programme
    column = table.columns.get("activity", ())
    left_out = (str(column[index]) for index in set(range(len(column))) - set(kept))
    passed = {comparable(activity) for activity in (*silent, *left_out)}
    partial = {activity.id for activity in programme.activities if activity.partial}
    newest = newest_reports(programme)
    for report, index in zip(programme.progress, kept, strict=True):
        figures = totals.by_activity.get(report.activity)
        if figures is None or figures.cost is None or newest.get(report.activity) is not report:
            continue
        if comparable(report.activity) in passed:
            continue
        names = ("cost", "available", "to_be_sought")
        amounts = {"spent": report.expenditure, **{x: getattr(figures, x) for x in names}}
        values: dict[str, object] = {name: f"{each or ZERO:f}" for name, each in amounts.items()}
        values["currency"] = programme.settings.currency
        for code, name in _remarks(report, figures, partial=report.activity in partial):
            yield table.issue(code, name, index, report.activity, **values)


def _remarks(report: Progress, figures: Figures, *, partial: bool) -> Iterator[tuple[str, str]]:
    """Yield code and column of what is to be said of a report on a costed activity."""
    spent = report.expenditure or ZERO
    if spent > (figures.cost or ZERO) and not partial:
        yield "expenditure-above-cost", "expenditure"
    if spent > (figures.available or ZERO):
        yield "expenditure-above-available", "expenditure"
    if report.status == "done" and figures.to_be_sought:
        yield "done-to-be-sought", "status"


def formula_flags(
    totals: ProgrammeTotals,
    tables: Mapping[str, Table],
    kept: Mapping[str, Sequence[int]],
    silent: Collection[str] = (),
) -> Iterator[Issue]:
    """
    Compare the stored values of computed figures with ours.

    A stored value that differs is stale; where none is stored, the formula was not calculated, or
    there is none.
    """
    activities = zip(totals.programme.activities, kept["activities"], strict=True)
    passed = {index for activity, index in activities if activity.id in silent}
    left_out = len(kept["activities"]) < len(tables["activities"])
    places = {
        name: [table.rows[index] - table.header[0] for index in kept[name]]
        for name, table in tables.items()
        if not table.schema.form
    }
    for name, table in tables.items():
        computed = [f for f in table.schema.fields if f.computed and f.name in table.columns]
        parts = {name, *_RESTS_ON.get(name, ())} & tables.keys() - {"activities"}
        whole = all(len(kept[part]) == len(tables[part]) for part in parts)
        if not computed or not whole or (silent and name not in ("activities", "areas")):
            continue
        ours = computed_columns(totals, table.schema, Language.EN, places)
        for field in computed:
            if field.title_of:
                continue
            unsure = field.figure in _OF_ALL_ACTIVITIES and left_out
            for index, value in zip(kept[name], ours[field.name], strict=True):
                skipped = name == "activities" and index in passed
                if not skipped and not (field.row_of and value is None):
                    found = _compare(table, field, index, value)
                    yield from (i for i in found if not (unsure and i.code == "stale-formula"))


def _compare(table: Table, field: Field, index: int, expected: Result) -> Iterator[Issue]:
    name = field.name
    stored = table.columns[name][index]
    if isinstance(stored, str):
        stored = code_of(table.schema.name, field, stored) or stored
    if stored is None or isinstance(stored, NoStoredValue):
        if expected is not None:
            values = {"empty": stored is None, "expected": _stored_text(expected)}
            yield table.issue("not-calculated", name, index, None, **values)
    elif not _equal(stored, expected):
        shown = _stored_text(stored)
        yield table.issue(
            "stale-formula", name, index, shown, stored=shown, expected=_stored_text(expected)
        )


def _equal(stored: Raw, ours: Result) -> bool:
    if isinstance(stored, str):
        return stored.strip() == (ours or "")
    if isinstance(stored, (int, float)) and not isinstance(stored, bool):
        if not isinstance(ours, (Decimal, int)):
            return False
        if stored == float(ours):
            return True
        value = stored_decimal(stored)
        return value is not None and to_cents(value) == to_cents(Decimal(ours))
    return False


def _stored_text(value: Raw | Result) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{to_cents(value):f}"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        found = stored_decimal(value)
        return str(value) if found is None else f"{found:f}"
    return value.text if isinstance(value, ErrorValue) else str(value)
