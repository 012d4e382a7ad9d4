"""
What the computed columns of the workbook hold, cell by cell.

The formulas in the sheet give these values; the program knows them too, to store them in what it
writes and to notice a stored value that differs. One function per figure, by table.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.money import ZERO, total
from cmswp_xl.schema import REVIEW_TABLES
from cmswp_xl.scores import request_score
from cmswp_xl.totals import AVAILABLE_STAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cmswp_xl.languages import Language
    from cmswp_xl.model import Text
    from cmswp_xl.schema import TableSchema
    from cmswp_xl.totals import Reckoning

Result = Decimal | str | None
_LONGEST_NUMBER = 3
"""Next free ids are looked for up to 999, here and in the formula of the workbook."""


def computed_columns(
    reckoning: Reckoning, schema: TableSchema, language: Language
) -> Mapping[str, Sequence[Result]]:
    """
    Give the values of every computed column of a table, row after row.

    Titles are in the given language, blank where there is none. Blank is None.
    """
    columns: dict[str, Sequence[Result]] = {}
    for field in schema.fields:
        if field.title_of:
            reference = schema.field(field.title_of).reference
            titles = _titles(reckoning, reference.table if reference else "")
            keys = _attribute(reckoning, schema.name, field.title_of)
            columns[field.name] = [
                None if key is None else _title(titles.get(str(key)), language) for key in keys
            ]
        elif field.figure:
            columns[field.name] = _FIGURES[schema.name, field.figure](reckoning)
    return columns


_NAMED = {
    "donors": ("code", "name"),
    "activities": ("id", "title"),
    "posts": ("id", "title"),
    "subjects": ("point", "title"),
    "recommendations": ("number", "text"),
}
"""The key of a table and the text that tells what it stands for; elsewhere code and title."""


def _rows(reckoning: Reckoning, table: str) -> Sequence[object]:
    named = {"postfunding": "post_shares"}
    owner = reckoning.programme.review if table in REVIEW_TABLES else reckoning.programme
    rows: Sequence[object] = getattr(owner, named.get(table, table))
    return rows


def _attribute(reckoning: Reckoning, table: str, name: str) -> list[object]:
    return [getattr(row, name) for row in _rows(reckoning, table)]


def _titles(reckoning: Reckoning, table: str) -> Mapping[str, Text]:
    key, title = _NAMED.get(table, ("code", "title"))
    return {str(getattr(row, key)): getattr(row, title) for row in _rows(reckoning, table)}


def _title(text: Text | None, language: Language) -> str | None:
    return text.given(language) if text is not None else None


def _figure(name: str) -> Callable[[Reckoning], list[Result]]:
    def give(reckoning: Reckoning) -> list[Result]:
        return [
            getattr(reckoning.by_activity[activity.id], name)
            for activity in reckoning.programme.activities
        ]

    return give


def _counted_costs(reckoning: Reckoning) -> list[Result]:
    scenario = reckoning.scenario
    return [
        row.amount if row.scenario in (None, scenario) else None
        for row in reckoning.programme.costs
    ]


def _counted_funding(reckoning: Reckoning) -> list[Result]:
    scenario = reckoning.scenario
    return [
        row.amount
        if row.scenario in (None, scenario) and row.stage in AVAILABLE_STAGES and not row.in_kind
        else None
        for row in reckoning.programme.funding
    ]


def _source_kind(reckoning: Reckoning) -> list[Result]:
    kinds = reckoning.programme.source_kinds()
    return [kinds[row.source] for row in reckoning.programme.funding]


def _year_to_be_sought(reckoning: Reckoning) -> list[Result]:
    """Give each activity's and year's money to be sought once, on its first row that counts."""
    cost: dict[tuple[str, int | None], Decimal] = defaultdict(lambda: ZERO)
    available: dict[tuple[str, int | None], Decimal] = defaultdict(lambda: ZERO)
    counted = list(zip(reckoning.programme.costs, _counted_costs(reckoning), strict=True))
    for row, amount in counted:
        if isinstance(amount, Decimal):
            cost[row.activity, row.year] += amount
    funded = zip(reckoning.programme.funding, _counted_funding(reckoning), strict=True)
    for contribution, amount in funded:
        if isinstance(amount, Decimal):
            available[contribution.activity, contribution.year] += amount
    seen: set[tuple[str, int | None]] = set()
    results: list[Result] = []
    for row, amount in counted:
        key = (row.activity, row.year)
        if amount is None or key in seen:
            results.append(None)
        else:
            seen.add(key)
            results.append(max(cost[key] - available[key], ZERO))
    return results


def _percents(table: str) -> Callable[[Reckoning], list[Result]]:
    """Add up the percentages of each post; blank where it has no row."""

    def give(reckoning: Reckoning) -> list[Result]:
        parts: dict[str, list[Decimal]] = defaultdict(list)
        for row in getattr(reckoning.programme, table):
            parts[row.post].append(row.percent)
        return [
            total(parts[post.id]) if post.id in parts else None
            for post in reckoning.programme.posts
        ]

    return give


def _next_id(reckoning: Reckoning) -> list[Result]:
    """Give the first id `CODE-NN` of each area above those in use, up to 999."""
    highest: dict[str, int] = {}
    for activity in reckoning.programme.activities:
        code, _, number = activity.id.rpartition("-")
        if not (number.isascii() and number.isdecimal()) or len(number) > _LONGEST_NUMBER:
            continue
        if f"{int(number):02d}" == number:
            key = code.casefold()
            highest[key] = max(highest.get(key, 0), int(number))
    return [
        f"{area.code}-{highest.get(area.code.casefold(), 0) + 1:02d}"
        for area in reckoning.programme.areas
    ]


def _score(reckoning: Reckoning) -> list[Result]:
    """Give the score of each request; blank unless the weights are whole."""
    review = reckoning.programme.review
    return [request_score(request.scores, review.weights) for request in review.requests]


_FIGURES: Mapping[tuple[str, str], Callable[[Reckoning], Sequence[Result]]] = {
    ("activities", "cost"): _figure("cost"),
    ("activities", "core"): _figure("core"),
    ("activities", "voluntary"): _figure("voluntary"),
    ("activities", "other"): _figure("other"),
    ("activities", "to_be_sought"): _figure("to_be_sought"),
    ("activities", "funding_status"): _figure("status"),
    ("areas", "next_id"): _next_id,
    ("costs", "counted"): _counted_costs,
    ("costs", "year_to_be_sought"): _year_to_be_sought,
    ("funding", "counted"): _counted_funding,
    ("funding", "source_kind"): _source_kind,
    ("posts", "allocated"): _percents("allocations"),
    ("posts", "paid"): _percents("post_shares"),
    ("requests", "score"): _score,
}
