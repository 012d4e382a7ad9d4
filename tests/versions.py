"""Versions of the worked example, and their changes in flat form."""

from __future__ import annotations

from dataclasses import replace

from cmswp_xl.compare.rows import Rows
from cmswp_xl.languages import Language
from cmswp_xl.pipeline import Checkup, check_source
from cmswp_xl.samples import RowsSource
from cmswp_xl.schema import load_schemas


def checkup_of(content, name="plan.xlsx"):
    """Check the content of a workbook."""
    checked, issues = check_source(RowsSource(content, load_schemas(), Language.EN), flags=False)
    return Checkup(name, checked=checked, issues=issues, data=b"", sha256="0" * 64)


def with_rows(version, **tables):
    """Give a version with other rows in some tables, and without figures."""
    rows = {**version.tables}
    for name, new in tables.items():
        schema = rows[name].schema if name in rows else load_schemas()[name]
        rows[name] = Rows(schema, tuple(new))
    return replace(version, tables=rows, totals=None)


def told(comparison):
    """Give the changes flat: table, key, code, field, old, new; sorted, whatever their order."""
    return sorted(
        (row.table, row.key, c.code.value, c.field or "", str(c.old), str(c.new))
        for row in comparison.rows
        for c in row.changes
    )
