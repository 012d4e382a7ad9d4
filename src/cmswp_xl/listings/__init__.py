"""How results are shown: as text, JSON, CSV and HTML. Nothing is printed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.issues import Issue


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
