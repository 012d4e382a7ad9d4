"""
Marks on faulty cells: a conditional format laid over each, so that the user's own stays.

Excel keeps conditional formats apart from the formats of cells. Each mark has one and the same
formula, always true and without a function name that a language of Excel might not know; what
has this formula is a mark of ours, and is all that clearing removes.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from cmswp_xl.cells import column_letters, position
from cmswp_xl.excel.book import is_remote
from cmswp_xl.issues import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import xlwings as xw

    from cmswp_xl.issues import Issue

TAG = '="cmswp"="cmswp"'
"""The formula of every mark."""

CLEAR_CALLBACK = "cmswpClearMarks"
"""The function of the task pane that clears marks in a book read on a server."""

MOST = 1_000
"""The most areas that are marked; Excel grows slow with many conditional formats."""

COLOURS = {Severity.ERROR: "#FFB3B3", Severity.WARNING: "#FFE08A"}
"""The fill of a marked cell; notes are listed and not marked."""


def mark_issues(book: xw.Book, issues: Iterable[Issue]) -> tuple[int, list[str]]:
    """
    Clear all marks and mark the cells of errors and warnings.

    Gives how many areas were left unmarked because there are too many, and the sheets that took
    no marks because they are protected.
    """
    locked = set(clear_marks(book))
    areas = list(_areas(issues))
    for sheet, address, severity in areas[:MOST]:
        if sheet not in locked and not _mark(book.sheets[sheet], address, severity):
            locked.add(sheet)
    return max(len(areas) - MOST, 0), [name for name in book.sheet_names if name in locked]


def clear_marks(book: xw.Book) -> list[str]:
    """Remove our marks from all sheets, and nothing else; gives the sheets that kept theirs."""
    if is_remote(book):
        book.app.macro(CLEAR_CALLBACK)()
        return []
    return [sheet.name for sheet in book.sheets if not _clear(sheet)]


def _clear(sheet: xw.Sheet) -> bool:
    rules = sheet.cells.conditional_formats
    ours = [rule for rule in rules if rule.type == "custom" and rule.formula == TAG]
    if ours and _is_locked(sheet):
        return False
    for rule in reversed(ours):
        rule.delete()
    return True


def _mark(sheet: xw.Sheet, address: str, severity: Severity) -> bool:
    """Mark an area; a protected sheet, which takes no marks, is left alone."""
    if not is_remote(sheet.book) and _is_locked(sheet):
        return False
    rules = sheet.range(address).conditional_formats
    rules.add_custom(TAG, fill_color=COLOURS[severity])
    return True


def _is_locked(sheet: xw.Sheet) -> bool:
    """Tell whether a sheet of a desktop book is protected against changes of format."""
    native = sheet.api
    return bool(native.ProtectContents) and not bool(native.Protection.AllowFormattingCells)


def _areas(issues: Iterable[Issue]) -> Iterator[tuple[str, str, Severity]]:
    """Join faulty cells that stand in an unbroken run of one column, the gravest issue first."""
    gravest: dict[tuple[str, int, int], Severity] = {}
    for issue in issues:
        if issue.cell and issue.severity in COLOURS:
            row, column = position(issue.cell)
            place = (issue.sheet, column, row)
            if gravest.get(place) is not Severity.ERROR:
                gravest[place] = issue.severity
    for _, run in groupby(enumerate(sorted(gravest)), lambda item: _run(item, gravest)):
        places = [place for _, place in run]
        yield places[0][0], _address(places), gravest[places[0]]


def _run(
    item: tuple[int, tuple[str, int, int]], gravest: dict[tuple[str, int, int], Severity]
) -> tuple[str, int, int, Severity]:
    """Give what all cells of one run share: the row less the place in the sorted list."""
    index, place = item
    sheet, column, row = place
    return sheet, column, row - index, gravest[place]


def _address(places: Sequence[tuple[str, int, int]]) -> str:
    letters = column_letters(places[0][1])
    first, last = places[0][2], places[-1][2]
    return f"{letters}{first}" if first == last else f"{letters}{first}:{letters}{last}"
