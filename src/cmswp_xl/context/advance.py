"""
The progress report: the status of each activity as at a date, and expenditure against cost.

What was not reported is told apart from what was not spent; the figures of what nobody reported on
stand beside it, so that all adds up to the annex.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.context.front import ProgrammeDocument
from cmswp_xl.context.heading import circumstances
from cmswp_xl.context.lines import amounts_behind
from cmswp_xl.context.masthead import Paper, masthead
from cmswp_xl.context.numbers import NIL, long_date, numbers_for
from cmswp_xl.context.reportrows import (
    ProgressTotal,
    ReportPrinter,
    area_progress,
    reported_on,
)
from cmswp_xl.context.spending import spending_printer
from cmswp_xl.context.texts import Texts
from cmswp_xl.languages import Words
from cmswp_xl.progress import newest_reports, report_date
from cmswp_xl.wording import capital, label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cmswp_xl.context.paragraphs import Wording
    from cmswp_xl.context.reportrows import AreaProgress
    from cmswp_xl.context.texts import MissingText
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Activity, Area
    from cmswp_xl.totals import Reckoning

STATUSES = ("done", "ongoing", "no-progress", "action-needed")


@dataclass(frozen=True, slots=True)
class CountRow:
    """How many activities of an area have which status."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProgressReport(ProgrammeDocument):
    """Everything that the templates of the progress report place."""

    wording: Wording
    status_heads: tuple[str, ...]
    counts: tuple[CountRow, ...]
    count_total: CountRow
    overview: tuple[ProgressTotal, ...]
    overview_totals: tuple[ProgressTotal, ...]
    areas: tuple[AreaProgress, ...]


def progress_context(
    reckoning: Reckoning, language: Language
) -> tuple[ProgressReport, list[MissingText]]:
    """Word the progress report, and give the texts that it would print and that are missing."""
    programme, settings = reckoning.programme, reckoning.programme.settings
    say, texts = Words(language), Texts(language)
    reports, as_at = newest_reports(programme), report_date(programme)
    behind = (
        *amounts_behind(reckoning, reckoning.total),
        *(r.expenditure for r in reports.values()),
    )
    numbers = numbers_for(language, settings.number_style, settings.rounding, behind)
    spending = spending_printer(reckoning, reports, numbers, say)
    printer = ReportPrinter(programme, reports, as_at, spending, texts, say)
    paper = Paper("progress", say("Progress report"), as_at)
    top = masthead(programme, paper, texts, say)
    everything = [activity.id for activity in programme.activities]
    reported = [key for key in everything if key in reports]
    result = ProgressReport(
        **top,
        statements=tuple(_statements(reckoning, printer)),
        labels=_labels(say),
        status_heads=(
            *(capital(label("progress-status", status, say)) for status in STATUSES),
            say("Not reported"),
            say("Total"),
        ),
        counts=tuple(_count(area, printer) for area in programme.outline),
        count_total=_counted(say("Total"), programme.activities, printer),
        overview=tuple(_area_total(area, printer) for area in programme.outline),
        overview_totals=tuple(_totals(everything, reported, printer)),
        areas=tuple(
            area_progress(i, area, printer) for i, area in enumerate(programme.outline, 1)
        ),
        landscape=True,
    )
    return result, texts.missing


def _statements(reckoning: Reckoning, printer: ReportPrinter) -> Iterator[str]:
    say, settings = printer.say, printer.programme.settings
    numbers, language = printer.spending.numbers, printer.texts.language
    dated = "" if settings.as_at is None else long_date(settings.as_at, language)
    date = say("As at {date}.", date=dated)
    found = circumstances(reckoning, numbers, printer.texts, say)
    yield from (text for text in found if text != date)
    yield say(
        "Expenditure counts from the beginning of {year}. A dash means that nothing was spent;"
        " “not reported” does not mean nil.",
        year=settings.period_start,
    )
    yield say(
        "Balance: funding available less expenditure. Cost and funding are those of Annex I."
    )
    if any(report.status == "action-needed" for report in printer.reports.values()):
        yield say("Activities on which others must act are marked ▲.")
    later = len({r.activity for r in printer.programme.progress} - set(printer.reports))
    if later:
        yield say.many(
            "{count} activity was reported on later only, and counts as not reported.",
            "{count} activities were reported on later only, and count as not reported.",
            later,
        )


def _count(area: Area, printer: ReportPrinter) -> CountRow:
    title = printer.texts.area(area, printer.programme)
    return _counted(title, printer.programme.activities_of(area.code), printer)


def _counted(title: str, activities: Sequence[Activity], printer: ReportPrinter) -> CountRow:
    reports, numbers = printer.reports, printer.spending.numbers
    found = Counter(reports[a.id].status if a.id in reports else "" for a in activities)
    counts = [*(found[status] for status in STATUSES), found[""], len(activities)]
    return CountRow(title, tuple(numbers.count(n) if n else NIL for n in counts))


def _area_total(area: Area, printer: ReportPrinter) -> ProgressTotal:
    title = printer.texts.area(area, printer.programme)
    keys = reported_on(printer.programme.activities_of(area.code), printer)
    return ProgressTotal(title, (), printer.spending.sums(keys))


def _totals(
    everything: Sequence[str], reported: Sequence[str], printer: ReportPrinter
) -> Iterator[ProgressTotal]:
    """Give the sum of what was reported, of what was not, and of all, as the annex has it."""
    say, spending = printer.say, printer.spending
    yield ProgressTotal(
        say("Activities reported on"), tuple(spending.remarks(reported)), spending.sums(reported)
    )
    silent = [key for key in everything if key not in printer.reports]
    if silent:
        for title, keys in (
            (say("Activities not reported on"), silent),
            (say("All activities, as in Annex I"), everything),
        ):
            amounts, remarks = spending.plan(keys)
            yield ProgressTotal(title, remarks, amounts)


def _labels(say: Words) -> dict[str, str]:
    return {
        "number": say("No."),
        "activity": say("Activity"),
        "status": say("Status"),
        "progress": say("Progress made"),
        "cost": say("Cost of the activity"),
        "available": say("Funding available"),
        "spent": say("Expenditure"),
        "percent": say("% of cost"),
        "balance": say("Balance"),
        "counts": say("Activities by status"),
        "overview": say("Expenditure by programme area"),
        "area": say("Programme area"),
        "page": say("Page"),
    }
