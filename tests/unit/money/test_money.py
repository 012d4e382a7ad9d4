"""Stored numbers as `Decimal`, exact sums, and rounding for show."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmswp_xl.money import (
    decimals,
    fitted,
    percent_of,
    product,
    rounded,
    stored_decimal,
    to_cents,
    total,
)

AMOUNTS = st.decimals(0, 10**12, places=2, allow_nan=False)
STEPS = st.sampled_from([Decimal(1), Decimal(1000), Decimal("0.01")])


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (3.3000000000000003, "3.3"),
        (0.1 + 0.2, "0.3"),
        (1.1 * 3, "3.3"),
        (100, "100"),
        (0, "0"),
        (-0.5, "-0.5"),
        (123456789012345, "123456789012345"),
        (1234567890123456, "1234567890123460"),
        (999999999999.99, "999999999999.99"),
        (1e22, "10000000000000000000000"),
        (1e-7, "0.0000001"),
    ],
)
def test_stored_number__is_taken_at_15_digits(number, expected):
    assert stored_decimal(number) == Decimal(expected)


@pytest.mark.parametrize(
    "number",
    [float("nan"), float("inf"), float("-inf"), 10**400],
    ids=["nan", "inf", "-inf", "int"],
)
def test_number_that_no_cell_can_show__is_none(number):
    assert stored_decimal(number) is None


@given(AMOUNTS)
def test_amount_stored_as_a_binary_fraction__comes_back_exactly(amount):
    assert stored_decimal(float(amount)) == amount


@given(st.floats(-1e300, 1e300, allow_subnormal=False))
def test_stored_number__differs_by_less_than_excel_shows(number):
    found = stored_decimal(number)

    assert abs(Fraction(found) - Fraction(number)) <= abs(Fraction(number)) / 10**14
    assert len(found.as_tuple().digits) <= 15 or number == int(number)
    assert stored_decimal(float(found)) == found


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1.25", 2), ("1.250", 2), ("1", 0), ("1E+3", 0), ("0.00", 0), ("-0.001", 3)],
)
def test_decimals_that_a_value_needs(value, expected):
    assert decimals(Decimal(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("2.675", "2.68"), ("1.015", "1.02"), ("2.5", "2.50")],
)
def test_cents__are_rounded_half_up(value, expected):
    assert str(to_cents(Decimal(value))) == expected


def test_product_and_percentage__are_rounded_half_up_once():
    assert product(Decimal("2.5"), Decimal("0.01")) == Decimal("0.03")
    assert percent_of(Decimal(13), Decimal("0.5")) == Decimal("0.07")
    assert percent_of(Decimal("7.5"), Decimal("33.40")) == Decimal("2.51")


@given(st.lists(AMOUNTS))
def test_total__is_exact(amounts):
    assert Fraction(total(amounts)) == sum(map(Fraction, amounts), Fraction(0))


def test_nothing__adds_to_zero():
    assert total([]) == 0


@pytest.mark.parametrize(
    ("value", "step", "expected"),
    [("1499.99", 1000, 1000), ("1500", 1000, 2000), ("0.5", 1, 1), ("0.49", 1, 0), ("2.5", 1, 3)],
)
def test_figure__is_rounded_half_up_to_the_step(value, step, expected):
    assert rounded(Decimal(value), Decimal(step)) == expected


@given(st.lists(AMOUNTS, max_size=12), STEPS)
def test_fitted_parts__add_up_to_the_shown_total_and_stay_within_a_step(parts, step):
    shown = rounded(total(parts), step)

    found = fitted(parts, shown, step)

    assert total(found) == shown
    assert all(abs(part - given) < step for part, given in zip(found, parts, strict=True))
    assert all(part % step == 0 and part >= 0 for part in found)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["0.4", "0.4", "0.4"], [1, 0, 0]),
        (["0.5", "0.5"], [1, 0]),
        (["33.33", "33.33", "33.34"], [33, 33, 34]),
        (["1", "2", "3"], [1, 2, 3]),
        (["0", "0.2", "0.3"], [0, 0, 1]),
        ([], []),
    ],
)
def test_missing_steps__go_to_the_largest_remainders_and_ties_to_the_first(parts, expected):
    given = [Decimal(part) for part in parts]
    shown = Decimal(sum(expected))

    assert fitted(given, shown, Decimal(1)) == expected


def test_product__of_numbers_beyond_any_limit_is_still_exact():
    """A number is multiplied before anybody finds it too large."""
    assert product(Decimal("8e54"), Decimal(1245)) == Decimal("9.96e57")
    assert product(Decimal("1e308"), Decimal("1e308")) == Decimal("1e616")
