"""The rules of contributions: each entered once, dates in order, converted to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Any

from cmswp_xl.issues import Issue
from cmswp_xl.money import DATES, Conversion, Rates
from cmswp_xl.validate.typed import TypedTable, key_of, setting

Typed = Mapping[str, TypedTable]


def contribution_rules(tables: Typed) -> Iterator[Issue]:
    """Check the contributions of all tables, none of which is absent."""
    funding = tables["funding"]
    yield from _same_contribution(funding)
    yield from _date_order(funding)
    rates = _rates(tables)
    for index, original, currency in funding.given("original_amount", "original_currency"):
        yield from _converted(funding, index, original, currency, rates)
    yield from _incomplete(funding)


def with_offers(issues: Iterable[Issue], typed: Typed) -> Iterator[Issue]:
    """Let the issue of a missing amount say what the original amount comes to."""
    rates: Rates | None = None
    for issue in issues:
        if (issue.code, issue.table, issue.column) == ("missing-value", "funding", "amount"):
            rates = rates or _rates(typed)
            funding = typed["funding"]
            yield replace(issue, values={**issue.values, **_offer(funding, issue, rates)})
        else:
            yield issue


def _offer(funding: TypedTable, issue: Issue, rates: Rates) -> dict[str, object]:
    index = funding.table.rows.index(issue.place[1])
    original, currency = (
        funding.value(name, index) for name in ("original_amount", "original_currency")
    )
    given = original is not None and currency is not None
    found = _conversion(funding, index, currency, rates) if given else None
    return {} if found is None else {**_values(found, original, currency), "offered": True}


def _values(found: Conversion, original: Decimal, currency: str) -> dict[str, object]:
    """Return what the message of a conversion says."""
    values = {"expected": found.amount(original), "original": original, "rate": found.rate}
    return {
        **{name: f"{value:f}" for name, value in values.items()},
        "original_currency": currency,
    }


def _rates(tables: Typed) -> Rates:
    own, rates = setting(tables, "currency"), tables.get("rates")
    rows: Iterable[Any] = rates.given("currency", "date", "rate") if rates else ()
    return Rates(None if own is None else str(own), rows)


def _conversion(funding: TypedTable, index: int, currency: str, rates: Rates) -> Conversion | None:
    rate = funding.value("rate", index)
    return rates.conversion(currency, rate, _day(funding, index))


def _day(funding: TypedTable, index: int) -> Any:
    days = (funding.value(name, index) for name in DATES)
    return next((day for day in days if day is not None), None)


def _converted(
    funding: TypedTable, index: int, original: Decimal, currency: str, rates: Rates
) -> Iterator[Issue]:
    """Compare an amount with its original one, or say why that cannot be done."""
    if ("rate", index) in funding.faulty:
        return
    found = _conversion(funding, index, currency, rates)
    amount = funding.value("amount", index)
    if found is None and not any((name, index) in funding.faulty for name in DATES):
        day = _day(funding, index)
        values = {"original_currency": currency, "undated": day is None, "day": day}
        yield funding.issue("conversion-unchecked", "rate", index, **values)
    elif found is not None and amount not in (None, found.amount(original)):
        values = _values(found, original, currency)
        yield funding.issue("conversion-mismatch", "amount", index, amount, **values)


def _incomplete(funding: TypedTable) -> Iterator[Issue]:
    """Find originals without a currency, and currencies or rates without an original amount."""
    amounts, currencies, rates = (
        {index for index, _ in funding.given(name)} | {i for n, i in funding.faulty if n == name}
        for name in ("original_amount", "original_currency", "rate")
    )
    for index in sorted((currencies | rates) - amounts):
        yield funding.issue("conversion-unchecked", "original_amount", index, missing=True)
    for index in sorted(amounts - currencies):
        yield funding.issue("conversion-unchecked", "original_currency", index, missing=True)


_BEYOND = {"pledged": ("confirmed_on", "received_on"), "confirmed": ("received_on",)}
"""The dates that a contribution cannot have yet, by its stage."""


def _date_order(funding: TypedTable) -> Iterator[Issue]:
    """Find dates before those of an earlier stage, and dates of a stage not yet reached."""
    for later, earlier in combinations(DATES, 2):
        names = (("field", later), ("not_before", earlier))
        for index, day, before in funding.given(later, earlier):
            if day < before:
                fields = {name: funding.schema.field(own) for name, own in names}
                yield funding.issue("date-order", later, index, day, **fields, least=before)
    for name in DATES:
        for index, stage, day in funding.given("stage", name):
            if name in _BEYOND.get(stage, ()):
                yield funding.issue("date-order", name, index, day, stage=stage, early=True)


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
