"""A listing as a workbook of one sheet: heads in the first row, a value in each cell."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

from cmswp_xl.make.book import BLUE, CREATED, PALE_BLUE

if TYPE_CHECKING:
    from collections.abc import Sequence

_NARROWEST, _WIDEST = 10, 60


def listing_workbook(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook of rows under their heads; amounts are numbers, all else is text."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    workbook.set_properties({"created": CREATED})
    sheet = workbook.add_worksheet()
    head = workbook.add_format({"bold": True, "font_color": BLUE, "bg_color": PALE_BLUE})
    text = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    amount = workbook.add_format({"valign": "top", "num_format": "#,##0.00"})
    whole = workbook.add_format({"valign": "top"})
    for column, title in enumerate(heads):
        cells = [row[column] for row in rows]
        longest = max((len(str(cell)) for cell in (title, *cells) if cell is not None), default=0)
        sheet.set_column(column, column, min(max(longest + 2, _NARROWEST), _WIDEST))
        sheet.write_string(0, column, title, head)
        for row, cell in enumerate(cells, 1):
            if isinstance(cell, (int, Decimal)):
                sheet.write_number(row, column, cell, whole if isinstance(cell, int) else amount)
            elif cell not in (None, ""):
                sheet.write_string(row, column, str(cell), text)
            else:
                sheet.write_blank(row, column, None, text)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(heads) - 1)
    workbook.close()
    return buffer.getvalue()
