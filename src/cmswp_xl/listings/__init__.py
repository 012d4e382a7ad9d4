"""
How results are shown: as text, JSON, CSV and HTML. Nothing is printed here.

CSV files (RFC 4180, UTF-8) have no cell that a program takes for a formula: a text that looks like
one gets an apostrophe before it; so does one that already has apostrophes there, so that taking
one away gives back what was typed.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cmswp_xl.issues import Issue


GUARD = "'"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""What a cell may not begin with, full-width forms too, which some versions of Excel accept."""


@dataclass(frozen=True, slots=True)
class Report:
    """
    What was found in one workbook: its base name, its hash, and its issues in sheet order.

    A book that is open in Excel has no hash. `skipped` lists the checks for which the source
    could not tell enough, `verdict` is what is said at the end, where it is not of documents.
    """

    workbook: str
    sha256: str | None
    issues: Sequence[Issue]
    skipped: Sequence[str] = ()
    verdict: str = ""


def csv_bytes(
    header: Iterable[str], rows: Iterable[Iterable[object]], separator: str = ","
) -> bytes:
    """Return rows under their header as a file: plain decimals, ISO dates, guarded texts."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator)
    writer.writerow(header)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode()


def guarded(text: str) -> str:
    """Return a text as no program takes it for a formula."""
    return GUARD + text if text.lstrip(GUARD).startswith(FORMULA) else text


def _plain(cell: object) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, int):
        return str(cell)
    return guarded("; ".join(cell) if isinstance(cell, tuple) else str(cell))
