"""Names of the sheets, columns and settings of a workbook, as they stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.languages import Language


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
