"""
Why the program could not go on.

Bad data is never an exception; it is an issue at a cell. An exception means that no answer is
possible at all:

    CmswpError
    ├── UnreadableWorkbook   the file could not be read as a programme workbook
    ├── UnwritableOutput     a result could not be written where it was asked for
    ├── UnfitData            the data has errors, or lacks texts, so that nothing is made from it
    ├── Misuse               the request itself makes no sense for this workbook
    └── BrokenResource       a schema, template or sample that ships with the program is at fault
"""

from __future__ import annotations


class CmswpError(Exception):
    """The base of all errors: a reason code and the values its sentence needs."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values

    def __str__(self) -> str:
        """Name the reason and its values, for logs; users read `wording.worded_error`."""
        given = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.reason}({given})"


class UnreadableWorkbook(CmswpError):
    """The file is missing, locked, damaged, unsafe, or not a programme workbook."""


class UnwritableOutput(CmswpError):
    """A document or report could not be written."""


class UnfitData(CmswpError):
    """The data has errors, or a document would lack a text."""


class Misuse(CmswpError):
    """What was asked for does not exist in this workbook or in this program."""


class BrokenResource(CmswpError):
    """A file that the program brings along is missing or wrong."""
