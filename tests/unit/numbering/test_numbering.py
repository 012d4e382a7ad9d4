"""Numbers of activities: their order as people count, the next free one, numbering anew."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmswp_xl.numbering import (
    UnclearNumber,
    highest_ids,
    next_id,
    next_number,
    order_key,
    renumbered,
    sortable,
)

OTHER = [("B", "2.1"), ("B", "2.2")]


def through(*numbers):
    """Give the numbers of area A after it was numbered through; area B has 2.1 and 2.2."""
    rows = [("A", number) for number in numbers] + OTHER
    new = renumbered(rows, ["A", "B"], ["A"])
    assert all(index < len(numbers) for index in new)
    return [new.get(index, number) for index, number in enumerate(numbers)]


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [
        ("1.1 1.2 1.3", "1.1 1.2 1.3"),
        ("1.1 1.3 1.2", "1.1 1.2 1.3"),
        ("1.2 1.10 1.9", "1.2 1.3 1.4"),
        ("5 7 9", "5 6 7"),
        ("A.1 A.3", "A.1 A.2"),
        ("1.01 1.03", "1.01 1.02"),
        ("1.1 1.1a 1.1c 1.2 1.1b", "1.1 1.1a 1.1b 1.2 1.2a"),
        ("1.2 1.2a 1.1 1.1a", "1.1 1.1a 1.2 1.2a"),
        ("1.1 1.1A 1.1C", "1.1 1.1A 1.1B"),
        ("1.1(b) 1.1(a)", "1.1(a) 1.1(b)"),
        ("3.1 3.3 3.4.2 3.4.1 3.7", "3.1 3.2 3.3.1 3.3.2 3.4"),
        ("3.1 3.4.1 3.4.2 3.2", "3.1 3.2.1 3.2.2 3.3"),
        ("1.1.1 1.1.5 1.2.1", "1.1.1 1.1.2 1.2.1"),
        ("1.2.1 1.1.1 1.1.3", "1.1.1 1.2.1 1.2.2"),
        ("4.1 4.3 6.2 6.1", "4.1 4.2 6.1 6.2"),
        ("1.1 1.1.1.1 1.1.1.3 1.2", "1.1 1.1.1.1 1.1.1.2 1.2"),
        ("1.1 1.1.2 1.1.1 1.2", "1.1 1.1.1 1.1.2 1.2"),
        ("1.1 2.7 1.2", "1.1 1.2 1.3"),
        ("1.1 1.1", "1.1 1.2"),
    ],
)
def test_numbering__follows_the_rows_depth_by_depth(numbers, wanted):
    assert through(*numbers.split()) == wanted.split()


def test_row_without_a_number__gets_one_like_the_others():
    assert through("1.1", "", "1.2") == ["1.1", "1.2", "1.3"]
    assert through("", "") == ["1.1", "1.2"]


def test_spaces_and_signs__are_kept():
    assert through("1.1", "1.1 b)", "1.1 d)") == ["1.1", "1.1 b)", "1.1 c)"]


@pytest.mark.parametrize("number", ["n/a", "?", "–", "1.1 bis", "1.1 ii", "1.1 ab"])
def test_number_that_cannot_be_counted__changes_nothing(number):
    with pytest.raises(UnclearNumber) as unclear:
        through("1.1", number)
    assert unclear.value.args == (1,)


def test_letters__end_with_z():
    with pytest.raises(UnclearNumber):
        through("1", *(f"1 {letter}" for letter in "z" * 2))


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 4)), max_size=12))
def test_numbering__is_in_order_apart_from_each_other_and_settled(parts):
    numbers = [f"7.{top}" + (f".{sub}" if sub else "") for top, sub in parts]
    once = through(*numbers)
    keys = [order_key(number) for number in once]
    assert keys == sorted(keys)
    assert len(set(once)) == len(once)
    assert [number.count(".") for number in once] == [number.count(".") for number in numbers]
    assert through(*once) == once


def test_order__is_that_of_people():
    numbers = ["1.10", "1.2", "1.1 a", "1.1.1", "1.1", "2", "1.1 B", "10"]

    assert sorted(numbers, key=order_key) == [
        *("1.1", "1.1.1", "1.1 a", "1.1 B", "1.2", "1.10", "2", "10"),
    ]


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [
        ([], "4.1"),
        (["1.1", "1.2"], "1.3"),
        (["1.10 a", "1.2", "1.9.3"], "1.11"),
        (["3.1", "3.4.1"], "3.5"),
        (["5", "6 b"], "7"),
        (["1.1.1", "1.2.1"], "1.2.2"),
        (["a.1", "A.7"], "A.8"),
        (["n/a"], "1"),
    ],
)
def test_next_number__is_the_one_after_the_highest(numbers, wanted):
    assert next_number(numbers, 4) == wanted


@given(st.lists(st.from_regex(re.compile(r"\d{1,2}(\.\d{1,2}){0,2}( [a-c])?", re.ASCII),
                              fullmatch=True), max_size=8))  # fmt: skip
def test_next_number__is_free(numbers):
    assert order_key(next_number(numbers, 1)) not in {order_key(number) for number in numbers}


def test_next_id__is_above_all_in_use_whatever_the_case():
    highest = highest_ids(["ICC-01", "icc-09", "ICC-9", "ICC-1000", "ICC-0010", "B-2-07", "X"])

    assert next_id("ICC", highest) == "ICC-10"
    assert next_id("B-2", highest) == "B-2-08"
    assert next_id("NEW", highest) == "NEW-01"


@pytest.mark.parametrize(
    "numbers",
    [
        ("1.1", "1.2", "1.10", "2.1", "10.1"),
        ("1", "1.1", "1 a", "1 b", "2"),
        ("1.1", "1.1a", "1.1b", "1.2"),
        ("1.1.1", "1.1.2", "1.1.10", "1.2"),
        ("A.1", "A.2", "A.10", "B.1"),
    ],
)
def test_sortable__sorts_as_text_as_people_count(numbers):
    assert sorted(set(numbers), key=sortable) == list(numbers)
    assert sorted(set(numbers), key=order_key) == list(numbers)
