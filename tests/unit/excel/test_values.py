"""The value of a cell, whatever path it came by."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmswp_xl.cells import ErrorValue
from cmswp_xl.excel.book import ERRORS, raw

ZONE = dt.timezone(dt.timedelta(hours=2))


class ComTime(dt.datetime):
    """A date as pywin32 gives it."""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        ("", None),
        (" ", " "),
        ("ICC-01", "ICC-01"),
        ("#1 priority", "#1 priority"),
        ("#N/A", ErrorValue("#N/A")),
        (1.5, 1.5),
        (7, 7),
        (True, True),
        (-2146826281, ErrorValue("#DIV/0!")),
        (-2146826246, ErrorValue("#N/A")),
        (-2146826243, ErrorValue("#SPILL!")),
        ({"type": "Error", "basicValue": "#REF!"}, ErrorValue("#REF!")),
        ({"type": "Error"}, ErrorValue("#VALUE!")),
        ({"type": "FormattedNumber", "basicValue": 3.5}, 3.5),
        ({"type": "Empty", "basicValue": ""}, None),
        ({"type": "Entity", "basicValue": {"type": "x"}}, None),
        (Decimal("12.50"), 12.5),
        (Decimal(12), 12),
        (ComTime(2025, 2, 14, tzinfo=ZONE), dt.date(2025, 2, 14)),
        (dt.date(2025, 2, 14), dt.date(2025, 2, 14)),
        (ComTime(2025, 2, 13, 23, 59, 59, 999_999, tzinfo=ZONE), dt.date(2025, 2, 14)),
        (ComTime(1899, 12, 30, 14, 30, tzinfo=ZONE), dt.time(14, 30)),
        (dt.time(14, 30), dt.time(14, 30)),
        (ErrorValue("#REF!"), ErrorValue("#REF!")),
        (b"bytes", "b'bytes'"),
    ],
)
def test_values__are_plain(given, expected):
    found = raw(given)
    assert found == expected
    assert type(found) is type(expected)


def test_moments__keep_their_time_and_lose_their_zone():
    found = raw(ComTime(2025, 2, 14, 9, 30, tzinfo=ZONE))
    assert found == dt.datetime(2025, 2, 14, 9, 30)  # noqa: DTZ001 - cells have no zone
    assert type(found) is dt.datetime
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    assert raw(last).year == 9999


def test_decimals_without_a_value__do_no_harm():
    assert math.isnan(raw(Decimal("NaN")))
    assert math.isnan(raw(Decimal("Infinity")))


def test_errors__are_all_known_by_their_text():
    for text in ERRORS.values():
        assert raw(text) == ErrorValue(text)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.datetimes(), st.decimals(), st.none()))
def test_any_value__is_taken(value):
    raw(value)
