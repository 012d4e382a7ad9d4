"""Workbooks as several programs write them."""

from __future__ import annotations

import io

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from PIL import Image


def _fill_rich(book):
    costs = book.add_worksheet("Costs")
    money = book.add_format({"num_format": "#,##0.00", "bg_color": "#DDEBF7", "bold": True})
    white = book.add_format({"font_color": "#FFFFFF", "bg_color": "#1F4E79"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "italic": True})
    costs.set_column("A:A", 20)
    costs.set_column("D:D", 14, day)
    costs.write_row(0, 0, ["Activity", "Year", "Amount", "Date"], white)
    for row in range(1, 8):
        costs.write_row(row, 0, [f"ICC-{row:02}", 2024 + row % 3])
        costs.write_formula(row, 2, f"=B{row + 1}*10", money, (2024 + row % 3) * 10)
    costs.write_comment("A2", "Checked by finance", {"author": "Ana"})
    costs.write_comment("B3", "Second look", {"author": "Ben"})
    costs.data_validation("B2:B8", {"validate": "integer", "criteria": ">", "value": 2000})
    costs.conditional_format("C2:C8", {"type": "data_bar", "data_bar_2010": True})
    costs.conditional_format("C2:C8", {"type": "cell", "criteria": ">", "value": 9, "format": day})
    costs.merge_range("F1:G2", "Merged", money)
    costs.write_url("F4", "https://www.cms.int/")
    costs.set_header("&L&G", {"image_left": _picture()})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Costs!$C$2:$C$8"})
    costs.insert_chart("I2", chart)
    costs.freeze_panes(1, 1)
    costs.repeat_rows(0)


def _picture():
    stream = io.BytesIO()
    Image.new("RGB", (4, 4), "navy").save(stream, "PNG")
    stream.seek(0)
    stream.name = "dot.png"
    return stream


@pytest.fixture(scope="session")
def rich():
    """A workbook with most of what a sheet can hold, written by XlsxWriter."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    _fill_rich(book)
    areas = book.add_worksheet("Areas & 'other' ones")
    rows = [["ICC", "Information", 1], ["GOV", "Governance", 2]]
    areas.add_table(
        "A3:C5",
        {
            "name": "Areas",
            "data": rows,
            "columns": [{"header": "Code"}, {"header": "Title"}, {"header": "N"}],
        },
    )
    hidden = book.add_worksheet("Hidden")
    hidden.hide()
    hidden.write("A1", "secret")
    areas.activate()
    book.close()
    return stream.getvalue()


@pytest.fixture(scope="session")
def plain():
    """A workbook written by openpyxl, with a note on one sheet of two."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Data"
    sheet.append(["Code", "Amount"])
    sheet.append(["ICC-01", 100])
    sheet["A1"].font = Font(color="FFFFFF", bold=True)
    sheet["A1"].fill = PatternFill("solid", fgColor="000080")
    sheet["B2"].number_format = "#,##0"
    sheet["B2"].comment = Comment("As agreed", "Ana")
    other = book.create_sheet("Other")
    other["C3"] = "=1+1"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
