"""Names of the sheets, columns and settings of a workbook, as they stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.languages import Language

START, SUMMARY, CHECKS = N_("Start"), N_("Summary"), N_("Checks")
OWN = (START, SUMMARY, CHECKS)
"""The names of the sheets without tables of the data."""
WORDS = N_("Words")
"""The name of the hidden sheet of the words of the drop-down lists."""
CARRIED = N_("Carried over")
"""The name of the sheet, where there is one, of what an older workbook held besides."""


@dataclass(frozen=True, slots=True)
class Names:
    """
    What a workbook calls its tables and fields, whatever the language of the messages.

    `sheets` has every table, `headings` every field of every table: as the workbook has it, and
    what the workbook lacks in `language`, that of most of its sheets.
    """

    language: Language
    sheets: Mapping[str, str]
    headings: Mapping[tuple[str, str], str]
