"""
Results as CSV (RFC 4180, UTF-8 without a byte order mark), for other programs.

A text that a spreadsheet program would take for a formula gets an apostrophe before it; amounts
are plain numbers such as 1234.50. There is no line of totals, which would be added up twice.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from cmswp_xl.report.jsons import AMOUNTS, UNFUNDED_AMOUNTS, amount_text, row_title
from cmswp_xl.report.unfunded import split_unfunded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cmswp_xl.languages import Language
    from cmswp_xl.totals import Reckoning

_NAMES = ("key", "number", "title")
_COUNTS = ("status", "activities", "not_costed")
_UNFUNDED_NAMES = ("key", "area", "number", "title", "priority")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""What a cell may not begin with, full-width forms too, which some versions of Excel accept."""


def totals_csv(reckoning: Reckoning, by: str, language: Language) -> bytes:
    """Give the totals by one of the groupings, with the columns of the JSON rows."""
    rows = [
        [
            text_cell(row.key),
            text_cell(row.number),
            text_cell(row_title(row, reckoning, language)),
            *(amount_text(getattr(row.figures, name)) for name in AMOUNTS),
            *(getattr(row.figures, name) for name in _COUNTS),
        ]
        for row in reckoning.rows(by)
    ]
    return _written((*_NAMES, *AMOUNTS, *_COUNTS), rows)


def unfunded_csv(reckoning: Reckoning, language: Language) -> bytes:
    """Give the activities with money to be sought, then with blank amounts those not costed."""
    listed, not_costed = split_unfunded(reckoning)
    rows = [
        [
            *(text_cell(text) for text in entry.named(language).values()),
            *(
                amount_text(getattr(entry.figures, name)) if entry.figures.to_be_sought else None
                for name in UNFUNDED_AMOUNTS
            ),
            entry.figures.status,
        ]
        for entry in (*listed, *not_costed)
    ]
    return _written((*_UNFUNDED_NAMES, *UNFUNDED_AMOUNTS, "status"), rows)


def text_cell(text: str | None) -> str | None:
    """Give a text as a cell that no program takes for a formula."""
    return f"'{text}" if text and text.startswith(_FORMULA) else text


def _written(header: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    buffer = StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode()
