"""Issues as the annotated copy shows them: a note on each faulty cell, and a sheet of all."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from cmswp_xl.annotate import CellNote, ReportRow, ReportSheet
from cmswp_xl.issues import Severity, with_following
from cmswp_xl.languages import N_, Words
from cmswp_xl.listings.issues import column_title, counts, following_text, verdict
from cmswp_xl.messages.labels import label
from cmswp_xl.messages.shown import shown
from cmswp_xl.messages.worded import worded
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cmswp_xl.issues import Issue
    from cmswp_xl.languages import Language
    from cmswp_xl.listings import Report


ISSUES = N_("Issues")
UNFUNDED = N_("Unfunded")


@cache
def added_sheets(language: Language) -> frozenset[str]:
    """Return the names of the sheets that reports add, in comparable form."""
    return frozenset(comparable(Words(language)(name)) for name in (ISSUES, UNFUNDED))


def cell_notes(report: Report, say: Words) -> list[CellNote]:
    """Give a note for every issue that has a cell."""
    return [_note(issue, issue.cell, say) for issue in report.issues if issue.cell]


def _note(issue: Issue, cell: str, say: Words) -> CellNote:
    words = worded(issue, say)
    text = f"{words.message}\n{words.remedy}" if words.remedy else words.message
    word = label("severity", issue.severity, say)
    return CellNote(issue.sheet, cell, issue.severity, text, word)


def signature_left_out(say: Words) -> str:
    """Say that the copy of a signed workbook is not signed."""
    return say("The digital signature of the workbook was left out of this copy.")


def report_sheet(report: Report, say: Words, remark: str = "") -> ReportSheet:
    """Give the sheet that lists every issue with a link to its cell, and a remark on the copy."""
    headings = (
        say("Severity"),
        say("Sheet"),
        say("Cell"),
        say("Column"),
        say("Value"),
        say("Message"),
        say("What to do"),
    )
    rows = tuple(row for led in with_following(report.issues) for row in _rows(*led, say))
    summary = (f"{counts(report, say)}. {verdict(report, say)}",)
    return ReportSheet(say(ISSUES), headings, rows, (*summary, *filter(None, [remark])))


def _rows(issue: Issue, following: Sequence[Issue], say: Words) -> Iterator[ReportRow]:
    """Give an issue, and folded below it those that follow from it."""
    yield _row(issue, say)
    if following:
        text = following_text(following, say)
        yield ReportRow("", Severity.INFO, "", None, "", "", text, "")
        yield from (replace(_row(other, say), folded=True) for other in following)


def _row(issue: Issue, say: Words) -> ReportRow:
    words = worded(issue, say)
    return ReportRow(
        label("severity", issue.severity, say),
        issue.severity,
        issue.sheet,
        issue.cell,
        column_title(issue, say.language),
        shown(issue.value, None) if issue.value is not None else "",
        words.message,
        words.remedy,
    )
