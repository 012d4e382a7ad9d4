"""The annotated copy of a workbook: the faulty cells marked, everything else as it was."""

from cmswp_xl.annotate.notes import CellNote, ReportRow, ReportSheet
from cmswp_xl.annotate.workbook import ENDINGS, annotated_copy, ending_of, is_signed

__all__ = [
    "ENDINGS",
    "CellNote",
    "ReportRow",
    "ReportSheet",
    "annotated_copy",
    "ending_of",
    "is_signed",
]
