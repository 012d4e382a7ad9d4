"""The Issues sheet: each issue with its severity, a link to its cell, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.excel.marks import COLOURS
from cmswp_xl.excel.sheets import Block, Column, link, write_sheet
from cmswp_xl.report.closing import skipped
from cmswp_xl.report.sheet import ISSUES, report_sheet

if TYPE_CHECKING:
    import xlwings as xw

    from cmswp_xl.languages import Words
    from cmswp_xl.report import Report

_WIDTHS = (12, 20, 9, 22, 28, 55, 55)
_LINK = 2


def write_issues(book: xw.Book, report: Report, say: Words) -> str:
    """Write all issues of a report and give the sheet's name."""
    content = report_sheet(report, say)
    columns = [
        Column(heading, width, wrap=index > _LINK)
        for index, (heading, width) in enumerate(zip(content.headings, _WIDTHS, strict=True))
    ]
    rows = [(*row.texts()[:_LINK], "", *row.texts()[_LINK + 1 :]) for row in content.rows]
    links = [link(row.sheet, row.cell) if row.cell else "" for row in content.rows]
    notes = [*content.summary, *filter(None, [skipped(report, say)])]
    fills = {
        index: COLOURS[row.severity]
        for index, row in enumerate(content.rows)
        if row.severity in COLOURS
    }
    return write_sheet(book, ISSUES, say, [Block(notes, columns, rows, {_LINK: links}, fills)])
