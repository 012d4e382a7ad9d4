"""Wordings of issues with tables, columns, sheets and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_
from cmswp_xl.wording.template import Template

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWN = N_("Nothing to do if it is your own; otherwise correct its name.")

STRUCTURE: Mapping[str, Template] = {
    "missing-table": Template(
        N_("The table {table} is missing; it belongs on the sheet “{title}”."),
        N_("{count} tables are missing."),
        N_(
            "Copy the sheet from a fresh workbook (cmswp new), or give the table its name {table}"
            " again under Table Design."
        ),
    ),
    "duplicate-table": Template(
        N_("A second table is named “{value}”; only the first is read."),
        N_("{count} tables bear the name of another; only the first of each is read."),
        N_("Delete the second table or, if it is your own, rename it under Table Design."),
    ),
    "ambiguous-table": Template(
        N_(
            "The table “{value}” on the sheet “{sheet}” has the headings of the table {table} on"
            " the sheet “{other_sheet}”; only {table} is read."
        ),
        N_("{count} tables have the headings of another; they are not read."),
        N_(
            "Move rows that are needed into the table {table}, and delete the copy; or change the"
            " headings of the copy."
        ),
    ),
    "ambiguous-table:absent": Template(
        N_(
            "The table “{value}” on the sheet “{sheet}” has the headings of the table {table},"
            " which is missing; neither is read."
        ),
        N_("{count} tables have the headings of a table that is missing; they are not read."),
        N_("If it is that table, name it {table} again under Table Design."),
    ),
    "missing-column": Template(
        N_("The column “{title}” is missing in the table {table}."),
        N_("{count} columns are missing."),
        N_("Add a column with this heading; a fresh workbook (cmswp new) shows where it belongs."),
    ),
    "missing-column:setting": Template(
        N_("The setting “{title}” is missing in the table {table}."),
        N_("{count} settings are missing."),
        N_("Add a row with the name of this setting, and its value beside it."),
    ),
    "duplicate-column": Template(
        N_("“{value}” is there a second time; only the first is read."),
        N_("{count} names are there a second time; only the first of each is read."),
        N_("Delete or rename the one that is not needed."),
    ),
    "rows-below-table": Template(
        N_("Cells below the table {table} are filled but are not part of it: {cells}."),
        N_("{count} tables have filled cells below them that are not part of them."),
        N_(
            "Drag the lower right corner of the table down over these rows, or clear the cells;"
            " otherwise they would be left out."
        ),
    ),
    "unknown-column": Template(
        N_("“{value}” is not a name that this table knows; it is kept and not used."),
        N_("{count} names are not known to this table; they are kept and not used."),
        _OWN,
    ),
    "unknown-column:blank": Template(
        N_("A column has no heading; it is kept and not used."),
        N_("{count} columns have no heading; they are kept and not used."),
        N_("Nothing to do if it is your own; otherwise give it its heading."),
    ),
    "unknown-table": Template(
        N_("“{value}” is not a table of the programme of work; it is kept and not used."),
        N_("{count} tables are not of the programme of work; they are kept and not used."),
        _OWN,
    ),
    "unknown-sheet": Template(
        N_("“{value}” is not a sheet of the programme of work; it is kept and not used."),
        N_("{count} sheets are not of the programme of work; they are kept and not used."),
        _OWN,
    ),
    "duplicate-key": Template(
        N_("“{value}” stands in more than one row: {rows}."),
        N_("{count} rows do not have a code of their own."),
        N_("Give each row a code of its own, and correct the rows that refer to it."),
    ),
    "duplicate-key:choice": Template(
        N_("“{value}” stands in more than one row: {rows}."),
        N_("{count} rows do not have a code of their own."),
        N_("Choose from the list in the cell."),
    ),
    "duplicate-key:pair": Template(
        N_("The same combination with “{value}” stands in more than one row: {rows}."),
        N_("{count} rows repeat the combination of another."),
        N_("Join these rows into one."),
    ),
    "duplicate-key:lost": Template(
        N_("“{value}” stands in more than one row: {rows}."),
        N_("{count} rows do not have a code of their own."),
        N_(
            "Give each row a code of its own; none of them has “{lost}”, to which other rows"
            " refer."
        ),
    ),
    "changed-code": Template(
        N_("Rows that refer to “{lost}”, which is not here: {references}; to “{value}”: 0."),
        N_("{count} codes are referred to nowhere, while codes that are referred to are missing."),
        N_("Enter “{lost}” here again, or correct the code in the rows that refer to it."),
    ),
    "duplicate-number": Template(
        N_("The number “{value}” stands more than once in the area {area}: rows {rows}."),
        N_("{count} activities share their number with another of the same area."),
        N_("Give each activity of an area a number of its own."),
    ),
    "nested-area": Template(
        N_("The area {area} cannot be placed under “{value}”, which is itself a sub-area."),
        N_("{count} areas are placed under a sub-area."),
        N_("Enter an area that has no parent of its own, or leave the cell empty."),
    ),
    "nested-area:itself": Template(
        N_("The area {area} is placed under itself."),
        N_("{count} areas are placed under themselves."),
        N_("Enter the area that it is part of, or leave the cell empty."),
    ),
    "unknown-reference": Template(
        N_("“{value}” is not in the sheet “{target}”."),
        N_("{count} cells contain a code that is not in the sheet “{target}”."),
        N_("Choose from the list in the cell, or enter the code in the sheet “{target}” first."),
    ),
    "unknown-reference:near": Template(
        N_("“{value}” is not in the sheet “{target}”."),
        N_("{count} cells contain a code that is not in the sheet “{target}”."),
        N_(
            "Choose “{nearest}” from the list in the cell, if that is what is meant, or enter the"
            " code in the sheet “{target}” first."
        ),
    ),
    "unknown-reference:list": Template(
        N_("Not in the sheet “{target}”: “{value}”."),
        N_("{count} cells contain codes that are not in the sheet “{target}”."),
        N_(
            "Correct the code, or enter it in the sheet “{target}” first; a semicolon separates"
            " several codes."
        ),
    ),
    "unknown-reference:list:near": Template(
        N_("Not in the sheet “{target}”: “{value}”."),
        N_("{count} cells contain codes that are not in the sheet “{target}”."),
        N_(
            "Enter “{nearest}”, if that is what is meant, or enter the code in the sheet"
            " “{target}” first; a semicolon separates several codes."
        ),
    ),
}
