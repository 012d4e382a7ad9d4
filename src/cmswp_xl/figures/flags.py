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
    from cmswp_xl.figures.totals import Figures, ProgrammeTotals
    from cmswp_xl.issues import Issue
    from cmswp_xl.model import Progress
    from cmswp_xl.tables import Table


STATUS_FLAGS = frozenset({"unfunded", "partly-funded", "not-costed", "overfunded"})

_RESTS_ON: Mapping[str, Sequence[str]] = {"requests": ("weights",)}
"""The tables whose every row counts for the computed figures of another."""


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
        amounts = {
            "spent": report.expenditure,
            "cost": figures.cost,
            "available": figures.available,
            "to_be_sought": figures.to_be_sought,
        }
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
            for index, value in zip(kept[name], ours[field.name], strict=True):
                skipped = name == "activities" and index in passed
                if not skipped and not (field.row_of and value is None):
                    yield from _compare(table, field.name, index, value)


def _compare(table: Table, name: str, index: int, expected: Result) -> Iterator[Issue]:
    stored = table.columns[name][index]
    if stored is None or isinstance(stored, NoStoredValue):
        if expected is not None:
            values = {"empty": stored is None, "expected": _shown(expected)}
            yield table.issue("not-calculated", name, index, None, **values)
    elif not _equal(stored, expected):
        shown = _shown(stored)
        yield table.issue(
            "stale-formula", name, index, shown, stored=shown, expected=_shown(expected)
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
