"""The annotated copy of a workbook: the faulty cells marked, everything else as it was."""

from cmswp_xl.annotate.notes import CellNote, ReportRow, ReportSheet
from cmswp_xl.annotate.workbook import annotated_copy

__all__ = ["CellNote", "ReportRow", "ReportSheet", "annotated_copy"]
