"""The next period from a workbook, and older workbooks carried over to the tables of today."""
