"""What an annotated copy shows: notes on cells and the rows of the added sheet, ready worded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cmswp_xl.issues import Severity


@dataclass(frozen=True, slots=True)
class CellNote:
    """
    A note on one cell, such as D7 on the sheet "Costs".

    `word` is the severity in the reader's language and is shown in bold before the text, since
    a colour alone says nothing to many readers; leave it empty only where the text says it.
    """

    sheet: str
    cell: str
    severity: Severity
    text: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """
    One line of the added sheet; `cell` is empty for what is missing altogether.

    A line that is `folded` is hidden until the outline of its sheet is opened.
    """

    word: str
    severity: Severity
    sheet: str
    cell: str | None
    column: str
    value: str
    message: str
    remedy: str
    folded: bool = False

    def texts(self) -> tuple[str, ...]:
        """Give the texts in the order of the columns."""
        cell = self.cell or ""
        return (
            self.word,
            self.sheet,
            cell,
            self.column,
            self.value,
            self.message,
            self.remedy,
        )


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """
    The added sheet.

    The title names the sheet and stands above it, followed by a few lines of summary; there are
    seven headings: severity, sheet, cell, column, value, message, remedy.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[ReportRow, ...]
    summary: tuple[str, ...] = ()
