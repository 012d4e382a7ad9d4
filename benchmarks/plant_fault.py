"""
Copy a workbook with one fault in it: a cost of an activity that does not exist.

Shows that what is compared for speed does look at the cells: every tool must find it.
"""

from __future__ import annotations

import sys

import openpyxl

FAULT = "NOPE-99"


def main() -> None:
    book = openpyxl.load_workbook(sys.argv[1], data_only=True)
    book["Costs"]["A10"] = FAULT
    book.save(sys.argv[2])


if __name__ == "__main__":
    main()
