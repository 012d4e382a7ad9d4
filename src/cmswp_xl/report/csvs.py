"""
Results as CSV, for other programs.

Amounts are plain numbers such as 1234.50. There is no line of totals, which would be added up
twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.csvfile import csv_bytes
from cmswp_xl.report.jsons import AMOUNTS, UNFUNDED_AMOUNTS, amount_text, row_title
from cmswp_xl.report.unfunded import split_unfunded

if TYPE_CHECKING:
    from cmswp_xl.languages import Language
    from cmswp_xl.totals import Reckoning

_NAMES = ("key", "number", "title")
_COUNTS = ("status", "activities", "not_costed")
_UNFUNDED_NAMES = ("key", "area", "number", "title", "priority")


def totals_csv(reckoning: Reckoning, by: str, language: Language) -> bytes:
    """Give the totals by one of the groupings, with the columns of the JSON rows."""
    rows = [
        [
            row.key,
            row.number,
            row_title(row, reckoning, language),
            *(amount_text(getattr(row.figures, name)) for name in AMOUNTS),
            *(getattr(row.figures, name) for name in _COUNTS),
        ]
        for row in reckoning.rows(by)
    ]
    return csv_bytes((*_NAMES, *AMOUNTS, *_COUNTS), rows)


def unfunded_csv(reckoning: Reckoning, language: Language) -> bytes:
    """Give the activities with money to be sought, then with blank amounts those not costed."""
    listed, not_costed = split_unfunded(reckoning)
    rows = [
        [
            *entry.named(language).values(),
            *(
                amount_text(getattr(entry.figures, name)) if entry.figures.to_be_sought else None
                for name in UNFUNDED_AMOUNTS
            ),
            entry.figures.status,
        ]
        for entry in (*listed, *not_costed)
    ]
    return csv_bytes((*_UNFUNDED_NAMES, *UNFUNDED_AMOUNTS, "status"), rows)
