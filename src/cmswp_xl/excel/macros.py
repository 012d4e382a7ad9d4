"""
What the buttons do: plain functions of an open book.

Each reads the book, asks the pipeline, and returns a message for the user; it raises a
`CmswpError` where it cannot be done. What the user typed is never changed: a button writes its
own sheets, marks, and files.
"""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl import __version__
from cmswp_xl.errors import UnfitData
from cmswp_xl.excel import sheets
from cmswp_xl.excel.book import OpenBook
from cmswp_xl.issues import Severity
from cmswp_xl.listings.issues import counts, missing_texts, skipped, verdict
from cmswp_xl.listings.listing import amount_cell
from cmswp_xl.listings.totals import TITLES, circumstances, costing_notes
from cmswp_xl.messages.labels import label
from cmswp_xl.messages.shown import shown
from cmswp_xl.messages.worded import worded
from cmswp_xl.pipeline import build_documents, check_open, report_of, totals_of
from cmswp_xl.storage import write_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import xlwings as xw

    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.issues import Issue
    from cmswp_xl.languages import Words
    from cmswp_xl.pipeline import Checkup, Request

_MOST_LINES = 10
_LONGEST = 120
_SPARE = frozenset({"surplus", "pledged"})
"""Amounts that are printed only where there are some."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a button says when it is done, in the user's language, and how grave it is."""

    text: str
    severity: Severity = Severity.INFO


def validate(book: xw.Book, say: Words) -> Message:
    """Check the book, list its issues on the Issues sheet, and mark the faulty cells."""
    checkup = _checked(book)
    report = report_of(checkup)
    sheet = sheets.write_issues(book, report, say)
    unmarked, locked = sheets.mark_issues(book, checkup.issues)
    lines = [f"{counts(report.issues, say)}.", verdict(report, say)]
    if checkup.issues:
        lines.append(say("They are listed on the sheet “{sheet}”.", sheet=sheet))
    lines += filter(None, [skipped(report, say)])
    if unmarked:
        most = sheets.MOST_MARKS
        lines.append(say("Only the first {count} places are marked in the sheets.", count=most))
    if locked:
        lines.append(_locked(locked, say))
    grave = Severity.WARNING if checkup.warnings else Severity.INFO
    return Message("\n".join(lines), Severity.ERROR if checkup.errors else grave)


def next_issue(book: xw.Book, say: Words) -> Message:
    """Check the book and go to the first issue after the selected cell, or else the first."""
    checkup = _checked(book)
    placed = [issue for issue in checkup.issues if issue.cell and issue.sheet]
    wanted = [issue for issue in placed if issue.severity is not Severity.INFO] or placed
    if not wanted:
        report = report_of(checkup)
        return Message(f"{counts(report.issues, say)}.\n{verdict(report, say)}")
    issue = _following(book, wanted)
    sheet = book.sheets[issue.sheet]
    sheet.activate()
    sheet.range(str(issue.cell)).select()
    words = worded(issue, say)
    severity = label("severity", issue.severity, say)
    head = f"{severity}, {issue.sheet} {issue.cell}: {words.message}"
    return Message("\n".join(filter(None, (head, words.remedy))), issue.severity)


def clear_marks(book: xw.Book, say: Words) -> Message:
    """Remove the marks from all cells; formats of the user's own stay."""
    locked = sheets.clear_marks(book)
    if locked:
        return Message(_locked(locked, say), Severity.WARNING)
    return Message(say("All marks were removed. Your own formats were not changed."))


def refresh_totals(book: xw.Book, say: Words) -> Message:
    """Let Excel calculate every formula anew, and show the totals as the program computes them."""
    book.app.calculate()
    checkup = _checked(book, sound=True)
    lines = _totals(totals_of(checkup), say)
    stale = sum(issue.code == "stale-formula" for issue in checkup.issues)
    if stale:
        lines.append(
            say.many(
                "{count} formula shows another figure; press “Validate” to see where.",
                "{count} formulas show other figures; press “Validate” to see where.",
                stale,
            )
        )
    return Message("\n".join(lines), Severity.WARNING if stale else Severity.INFO)


def unfunded_list(book: xw.Book, say: Words) -> Message:
    """Write the activities with money to be sought on the Unfunded sheet, and show it."""
    sheet = sheets.write_unfunded(book, totals_of(_checked(book, sound=True)), say)
    book.sheets[sheet].activate()
    return Message(say("The list is on the sheet “{sheet}”.", sheet=sheet))


def documents(book: xw.Book, say: Words, request: Request, folder: Path) -> Message:
    """Make documents of the book, write all of them to a folder, and say where they are."""
    checkup = _checked(book, sound=True)
    try:
        written = write_files(folder, build_documents(checkup, request))
    except UnfitData as error:
        texts = error.values.get("texts")
        if not isinstance(texts, tuple):
            raise
        return Message(_lacking(missing_texts(texts, say), say), Severity.ERROR)
    names = [path.name for path in written if path.suffix != ".json"]
    text = say.many(
        "{count} document was written to {folder}:",
        "{count} documents were written to {folder}:",
        len(names),
        folder=str(folder),
    )
    return Message("\n".join((text, *names)))


def about(say: Words) -> Message:
    """Show the versions and the licence."""
    return Message(
        say(
            "cmswp-xl {version}, under the BSD 3-Clause licence.\nExcel is reached through"
            " xlwings {xlwings} (BSD 3-Clause).\nNothing is sent anywhere by the buttons.",
            version=__version__,
            xlwings=importlib.metadata.version("xlwings"),
        )
    )


def _checked(book: xw.Book, *, sound: bool = False) -> Checkup:
    """Check the book; where it must be sound, errors send the user to the button Validate."""
    checkup = check_open(OpenBook(book))
    if sound and checkup.errors:
        raise UnfitData("book-has-errors", workbook=checkup.name, errors=checkup.errors)
    return checkup


def _following(book: xw.Book, issues: Sequence[Issue]) -> Issue:
    """Return the first issue after the selected cell, in the order of sheets and of reading."""
    selected = book.selection
    if selected is None:
        return issues[0]
    sheets = {sheet.name: index for index, sheet in enumerate(book.sheets)}
    here = (sheets.get(selected.sheet.name, -1), selected.row, selected.column)
    return next((issue for issue in issues if issue.place > here), issues[0])


def _locked(sheets: Sequence[str], say: Words) -> str:
    return say(
        "Protected sheets take no marks: {sheets}. Their issues are in the list.",
        sheets=", ".join(sheets),
    )


def _totals(totals: ProgrammeTotals, say: Words) -> list[str]:
    figures = totals.total
    currency = shown(totals.programme.settings.currency)
    lines = [say("Totals of the programme, in {currency}:", currency=currency)]
    for name in ("cost", "available", "to_be_sought", "surplus", "pledged"):
        amount = getattr(figures, name)
        if amount or name not in _SPARE:
            lines.append(f"{say(TITLES[name])}: {amount_cell(amount, say)}")
    return [*lines, *circumstances(totals, say), *costing_notes(figures, say)]


def _lacking(texts: str, say: Words) -> str:
    """Name the first texts that a document would lack, and how many more there are."""
    lines = texts.splitlines()
    more = len(lines) - _MOST_LINES
    shown_lines = [shown(line, _LONGEST) for line in lines[:_MOST_LINES]]
    head = say("No document was made, as texts are missing:")
    tail = [say.many("and {count} more", "and {count} more", more)] if more > 0 else []
    return "\n".join((head, *shown_lines, *tail))
