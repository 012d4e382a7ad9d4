"""Whatever stands in the cells, the checks give issues at cells or a programme, and end."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheets import ERRORS, Cell, Sheet, check, workbook

from cmswp_xl.cells import ErrorValue, NoStoredValue
from cmswp_xl.issues import Severity, with_following
from cmswp_xl.languages import Language
from cmswp_xl.schema import load_schemas

FULL = workbook("""
## Posts
| id  | grade | source | title   |
| P01 | P-4   | CORE   | Officer |
""")
RAW = (
    st.none()
    | st.text(max_size=20)
    | st.text(st.characters(), max_size=4)
    | st.sampled_from(["ICC-01", "icc", "CORE", "Res. 1 (x); Res. 1", "en", "received", "\ud800"])
    | st.integers()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.booleans()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.sampled_from(ERRORS).map(ErrorValue)
    | st.just(NoStoredValue())
)
LISTED = [schema for schema in load_schemas().values() if not schema.form]


@st.composite
def filled(draw):
    """Give the small programme with one table replaced by any cells under its own headers."""
    schema = draw(st.sampled_from(LISTED))
    fields = schema.fields
    row = st.tuples(*[st.builds(Cell, RAW, percent=st.booleans()) for _ in fields])
    lines = tuple(draw(st.lists(row, min_size=1, max_size=3)))
    headers = tuple(field.titles[Language.FR] for field in fields)
    sheet = Sheet(schema.table, schema.titles[Language.FR], headers, lines)
    others = tuple(other for other in FULL.sheets if other.table != schema.table)
    return replace(FULL, sheets=(*others, sheet)), sheet


@settings(max_examples=120)
@given(filled())
def test_any_cells__give_issues_at_cells_of_their_sheet_and_never_an_exception(made):
    book, sheet = made
    checked = check(book)

    errors = [issue for issue in checked.issues if issue.severity is Severity.ERROR]
    assert (checked.programme is None) == bool(errors)
    for issue in checked.issues:
        assert issue.cell is not None
        assert issue.sheet in book.sheet_names()
    keys = [(i.code, i.sheet, i.cell, i.column) for i in checked.issues]
    assert len(set(keys)) == len(keys)
    spots = [issue.spot for issue in checked.issues]
    assert all(issue.cause in spots for issue in checked.issues if issue.cause)
    leading = [issue for issue, _ in with_following(checked.issues)]
    assert sorted(leading, key=lambda issue: issue.place[0]) == leading
    assert sheet.table.lower() in checked.typed


SETTING = st.sampled_from(
    [field.titles[Language.EN] for field in load_schemas()["programme"].fields]
)


@settings(max_examples=60)
@given(st.lists(st.tuples(SETTING | st.text(max_size=5), RAW), max_size=5))
def test_any_form__gives_issues_or_a_programme(lines):
    form = FULL.sheets[0]
    rows = (*form.rows, *((Cell(label), Cell(raw)) for label, raw in lines))
    book = replace(FULL, sheets=(replace(form, rows=rows), *FULL.sheets[1:]))

    checked = check(book)

    assert (checked.programme is None) == any(i.severity == "error" for i in checked.issues)


WORK = """
from cmswp_xl.tables import comparable
from cmswp_xl.validate.typed import _kind, split_entry

"""


@pytest.mark.parametrize(
    "work",
    [
        "split_entry('a' + ' ' * 30000 + '(', locator=True)",
        "split_entry('a' * 30000 + '()(', locator=True)",
        "_kind('1' * 32767 + 'x')",
        "_kind('1 ' * 16383 + 'x')",
        "comparable('a' + ' ' * 32000 + chr(233))",
    ],
)
def test_longest_text_a_cell_can_hold__is_dealt_with_at_once(work):
    """A pattern that tries every split would take seconds to days; 5 seconds are ample."""
    subprocess.run([sys.executable, "-c", WORK + work], timeout=5, check=True, env=_paths())


def test_one_code_in_thousands_of_rows__is_told_at_each_without_comparing_all_with_all():
    """Filling down a code instead of a series is a usual slip; 20 seconds are ample."""
    work = """
from sheets import check
lines = "| Res. 1 |" + chr(10)
found = check("## Mandates" + chr(10) + "| code |" + chr(10) + 5000 * lines).issues
assert len(found) == 5000, len(found)
"""
    subprocess.run([sys.executable, "-c", work], timeout=20, check=True, env=_paths())


def _paths():
    return {"PYTHONPATH": os.pathsep.join(sys.path), "DISABLE_PANDERA_IMPORT_WARNING": "True"}


def test_times__are_no_value_of_any_field():
    """A cell may hold a time of day, which no field takes."""
    form = FULL.sheets[0]
    rows = (*form.rows, (Cell("Figures as at"), Cell(dt.time(12, 30))))
    checked = check(replace(FULL, sheets=(replace(form, rows=rows), *FULL.sheets[1:])))

    assert [(i.cell, i.code, i.value) for i in checked.issues] == [
        ("B9", "wrong-type", "12:30:00")
    ]
