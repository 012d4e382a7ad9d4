"""Workbooks as the program makes them, each once a session."""

from __future__ import annotations

import pickle
from functools import cache

from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.make import make_workbook
from cmswp_xl.matching import match_tables, own_sheets
from cmswp_xl.samples import RowsSource
from cmswp_xl.schema import sheet_schemas
from cmswp_xl.validate.entry import check_with_entry

SCHEMAS = sheet_schemas()


def check(source):
    tables, issues = match_tables(source, SCHEMAS, (own_sheets,))
    return check_with_entry(tables, issues)


def made(content, language):
    """Give the workbook of a content, once a session, and its programme."""
    return _made(pickle.dumps(content), language)


@cache
def _made(pickled, language):
    content = pickle.loads(pickled)  # noqa: S301  made just above
    programme = check(RowsSource(content, SCHEMAS, language)).programme
    return make_workbook(
        content, language, compute_totals(programme) if programme else None
    ), programme
