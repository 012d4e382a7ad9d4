"""The rows of the progress report: status, what was made of it, and expenditure, by area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.context.numbers import long_date
from cmswp_xl.context.texts import paragraphs
from cmswp_xl.wording import capital, label

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from cmswp_xl.context.spending import SpendingAmounts, SpendingPrinter
    from cmswp_xl.context.texts import Texts
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Activity, Area, Programme, Progress


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """An activity that was reported on; `waits` where others must act, `date` if another one."""

    number: str
    paragraphs: tuple[str, ...]
    mark: str
    status: str
    waits: bool
    date: str
    note: tuple[str, ...]
    amounts: SpendingAmounts


@dataclass(frozen=True, slots=True)
class ProgressTotal:
    """A sum of activities, with remarks on what it is about."""

    label: str
    remarks: tuple[str, ...]
    amounts: SpendingAmounts


@dataclass(frozen=True, slots=True)
class AreaProgress:
    """An area: what was reported, its sub-total, and the activities without a report."""

    anchor: str
    title: str
    caption: str
    empty: str
    rows: tuple[ProgressRow, ...]
    subtotal: ProgressTotal
    silent: tuple[ProgressTotal, ...]


@dataclass(frozen=True, slots=True)
class ReportPrinter:
    """What the parts of the report have in common."""

    programme: Programme
    reports: Mapping[str, Progress]
    as_at: dt.date | None
    spending: SpendingPrinter
    texts: Texts
    say: Words


def area_progress(index: int, area: Area, printer: ReportPrinter) -> AreaProgress:
    """Print an area of the report; `index` counts the areas from 1."""
    say, spending = printer.say, printer.spending
    title = printer.texts.area(area, printer.programme)
    activities = printer.programme.activities_of(area.code)
    keys = reported_on(activities, printer)
    silent = [activity for activity in activities if activity.id not in printer.reports]
    return AreaProgress(
        anchor=f"area-{index}",
        title=title,
        caption=say("Progress and expenditure: {area}", area=title),
        empty=_empty(activities, keys, say),
        rows=tuple(_row(a, printer) for a in activities if a.id in printer.reports),
        subtotal=ProgressTotal(
            say("Sub-total"), tuple(spending.remarks(keys)), spending.sums(keys)
        ),
        silent=(_silent(silent, printer),) if silent else (),
    )


def _empty(activities: Sequence[Activity], reported: Sequence[str], say: Words) -> str:
    if not activities:
        return say("No activities have been listed for this area yet.")
    return "" if reported else say("Nothing has been reported on this area.")


def _silent(activities: Sequence[Activity], printer: ReportPrinter) -> ProgressTotal:
    text = printer.say.many(
        "Not reported on: {count} activity",
        "Not reported on: {count} activities",
        len(activities),
    )
    numbers = ", ".join(activity.number for activity in activities)
    amounts, remarks = printer.spending.plan([activity.id for activity in activities])
    return ProgressTotal(text, (numbers, *remarks), amounts)


def _row(activity: Activity, printer: ReportPrinter) -> ProgressRow:
    say, texts = printer.say, printer.texts
    report = printer.reports[activity.id]
    key = f"{report.activity}/{report.as_at.isoformat()}"
    waits = report.status == "action-needed"
    status = capital(label("progress-status", report.status, say))
    other = report.as_at != printer.as_at
    costed = printer.spending.exact[activity.id].cost is not None
    return ProgressRow(
        number=activity.number,
        paragraphs=paragraphs(texts.required(activity.title, "activities", activity.id)),
        mark="" if costed else say("Not yet costed"),
        status=f"▲ {status}" if waits else status,
        waits=waits,
        date=say("as at {date}", date=long_date(report.as_at, texts.language)) if other else "",
        note=paragraphs(texts.optional(report.note, "progress", key, "note")),
        amounts=printer.spending.activity(activity.id),
    )


def reported_on(activities: Sequence[Activity], printer: ReportPrinter) -> list[str]:
    """Give the ids of the activities that were reported on."""
    return [activity.id for activity in activities if activity.id in printer.reports]
