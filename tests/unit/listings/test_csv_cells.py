"""CSV: what a spreadsheet program would take for a formula is a text, and can be read back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmswp_xl.listings import FORMULA, GUARD, csv_bytes, guarded


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_guard__stands_before_every_beginning_of_a_formula(start):
    assert guarded(f"{start}1") == f"'{start}1"


@pytest.mark.parametrize("cell", ["a=1", "1.10", "", " x", "'quoted"])
def test_guard__leaves_other_texts_alone(cell):
    assert guarded(cell) == cell


@given(st.text(st.sampled_from("'=+-@\t\r\n\0＝a ")))
def test_guard__can_be_taken_away_again(text):
    cell = guarded(text)
    assert not cell.startswith(FORMULA)
    begins = cell.startswith(GUARD) and cell.lstrip(GUARD).startswith(FORMULA)
    assert (cell[1:] if begins else cell) == text


def test_file__guards_each_of_its_cells():
    rows = [["=1", -2], [None, "-"], [Decimal("-1E+2"), ("+a", "b")], [date(2024, 5, 1), "x"]]
    assert csv_bytes(["a", "b"], rows).decode().split("\r\n") == [
        *("a,b", "'=1,-2", ",'-", "-100,'+a; b", "2024-05-01,x", "")
    ]
