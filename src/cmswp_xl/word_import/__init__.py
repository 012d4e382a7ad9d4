"""An existing annex in Word on its way into a workbook; nothing in it is guessed silently."""

from cmswp_xl.word_import.annex import Reading, read_annex
from cmswp_xl.word_import.columns import Asked
from cmswp_xl.word_import.issues import (
    ImportIssue,
    ImportIssues,
    Place,
    SumCheck,
    report_text,
    unfit_text,
)
from cmswp_xl.word_import.workbook_rows import rows_of

__all__ = [
    "Asked",
    "ImportIssue",
    "ImportIssues",
    "Place",
    "Reading",
    "SumCheck",
    "read_annex",
    "report_text",
    "rows_of",
    "unfit_text",
]
