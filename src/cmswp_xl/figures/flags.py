"""What figures and reports of progress say of activities, recommendations, formulas."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.cells import ErrorValue, NoStoredValue
from cmswp_xl.figures.computed import computed_columns
from cmswp_xl.figures.totals import newest_reports
from cmswp_xl.languages import Language
from cmswp_xl.money import ZERO, stored_decimal, to_cents
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from cmswp_xl.cells import Raw
    from cmswp_xl.figures.computed import Result
    from cmswp_xl.figures.totals import Figures, Reckoning
    from cmswp_xl.issues import Issue
    from cmswp_xl.model import Progress
    from cmswp_xl.tables import Table


_RESTS_ON: Mapping[str, Sequence[str]] = {"requests": ("weights",)}
"""The tables whose every row counts for the computed figures of another."""
STATUS_FLAGS = frozenset({"unfunded", "partly-funded", "not-costed", "overfunded"})


def funding_flags(
    reckoning: Reckoning, table: Table, kept: Sequence[int], untold: Collection[str] = ()
) -> Iterator[Issue]:
    """
    Give the funding flags of the activities.

    `table` is the Activities table and `kept` the row index of each activity; activities in
    `untold` have errors about them, so that nothing is said of their figures.
    """
    currency = reckoning.programme.settings.currency
    for activity, index in zip(reckoning.programme.activities, kept, strict=True):
        if activity.id in untold:
            continue
        figures = reckoning.by_activity[activity.id]
        values = _values(figures, currency)
        if figures.status in STATUS_FLAGS:
            yield table.issue(figures.status, "funding_status", index, activity.id, **values)
        if figures.status == "not-costed" and figures.available:
            yield table.issue("funded-not-costed", "funding_status", index, activity.id, **values)


def recommendation_flags(
    reckoning: Reckoning, table: Table, kept: Sequence[int], untold: Collection[str] = ()
) -> Iterator[Issue]:
    """
    Mention the recommendations that rest on activities without their money or their cost.

    `table` is the Recommendations table and `kept` the row index of each.
    """
    currency = reckoning.programme.settings.currency
    items = zip(reckoning.programme.review.recommendations, kept, strict=True)
    for item, index in items:
        figures = reckoning.by_activity.get(item.activity or "")
        if figures is None or item.activity in untold:
            continue
        if figures.cost is not None and not figures.to_be_sought:
            continue
        yield table.issue(
            "recommendation-to-be-funded",
            "activity",
            index,
            item.number,
            **{
                **_values(figures, currency),
                "activity": item.activity,
                "uncosted": figures.cost is None,
            },
        )


def _values(figures: Figures, currency: str) -> dict[str, object]:
    amounts = {
        "cost": figures.cost,
        "available": figures.available,
        "to_be_sought": figures.to_be_sought,
        "surplus": figures.surplus,
        "pledged": figures.pledged,
    }
    shown = {name: f"{to_cents(amount or ZERO):f}" for name, amount in amounts.items()}
    return {**shown, "currency": currency}


def formula_flags(
    reckoning: Reckoning,
    tables: Mapping[str, Table],
    kept: Mapping[str, Sequence[int]],
    untold: Collection[str] = (),
) -> Iterator[Issue]:
    """
    Compare the stored values of computed figures with ours.

    A stored value that differs is stale; where none is stored, the formula was not calculated, or
    there is none.
    """
    activities = [activity.id in untold for activity in reckoning.programme.activities]
    places = {
        name: [table.rows[index] - table.header[0] for index in kept[name]]
        for name, table in tables.items()
        if not table.schema.form
    }
    for name, table in tables.items():
        resting = (name, *_RESTS_ON.get(name, ()))
        parts = [part for part in resting if part in tables and part != "activities"]
        if any(len(kept[part]) < len(tables[part]) for part in parts):
            continue
        if untold and name not in ("activities", "areas"):
            continue
        if not any(
            field.computed and field.name in table.columns for field in table.schema.fields
        ):
            continue
        ours = computed_columns(reckoning, table.schema, Language.EN, places)
        for field in table.schema.fields:
            if field.computed and not field.title_of and field.name in table.columns:
                passed = activities if name == "activities" else [False] * len(kept[name])
                column = zip(kept[name], ours[field.name], passed, strict=True)
                yield from _compare(
                    table,
                    field.name,
                    [
                        (index, value)
                        for index, value, skip in column
                        if not skip and not (field.row_of and value is None)
                    ],
                )


def _compare(table: Table, name: str, expected: list[tuple[int, Result]]) -> Iterator[Issue]:
    column = table.columns[name]
    for index, value in expected:
        stored = column[index]
        if stored is None or isinstance(stored, NoStoredValue):
            if value is not None:
                yield table.issue(
                    "not-calculated",
                    name,
                    index,
                    None,
                    empty=stored is None,
                    expected=_shown(value),
                )
        elif not _equal(stored, value):
            shown = _shown(stored)
            yield table.issue(
                "stale-formula", name, index, shown, stored=shown, expected=_shown(value)
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


def _shown(value: Raw | Result) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{to_cents(value):f}"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        found = stored_decimal(value)
        return str(value) if found is None else f"{found:f}"
    return value.text if isinstance(value, ErrorValue) else str(value)


def progress_flags(
    reckoning: Reckoning, table: Table, kept: Sequence[int], untold: Collection[str] = ()
) -> Iterator[Issue]:
    """
    Give the flags of the reports that hold as at the date of the figures.

    `table` is the Progress table and `kept` the row index of each report; activities in `untold`,
    and those with a report that was not kept, have errors about them, so that nothing is said.
    """
    programme = reckoning.programme
    silent = {comparable(activity) for activity in (*untold, *_left_out(table, kept))}
    partial = {activity.id for activity in programme.activities if activity.partial}
    newest = newest_reports(programme)
    for report, index in zip(programme.progress, kept, strict=True):
        figures = reckoning.by_activity.get(report.activity)
        if figures is None or newest.get(report.activity) is not report:
            continue
        if figures.cost is not None and comparable(report.activity) not in silent:
            values = _paper_flags_values(report, figures, programme.settings.currency)
            for code, name in _found(report, figures, partial=report.activity in partial):
                yield table.issue(code, name, index, report.activity, **values)


def _found(report: Progress, figures: Figures, *, partial: bool) -> Iterator[tuple[str, str]]:
    """Give code and column of what is to be said of a report on a costed activity."""
    spent = report.expenditure or ZERO
    if spent > (figures.cost or ZERO) and not partial:
        yield "expenditure-above-cost", "expenditure"
    if spent > (figures.available or ZERO):
        yield "expenditure-above-available", "expenditure"
    if report.status == "done" and figures.to_be_sought:
        yield "done-to-be-sought", "status"


def _left_out(table: Table, kept: Sequence[int]) -> Iterator[str]:
    """Give what stands as activity in the rows that were not kept."""
    activities = table.columns.get("activity", ())
    for index in set(range(len(activities))) - set(kept):
        yield str(activities[index])


def _paper_flags_values(report: Progress, figures: Figures, currency: str) -> dict[str, object]:
    amounts = {
        "spent": report.expenditure or ZERO,
        "cost": figures.cost or ZERO,
        "available": figures.available or ZERO,
        "to_be_sought": figures.to_be_sought or ZERO,
    }
    return {**{name: f"{amount:f}" for name, amount in amounts.items()}, "currency": currency}
