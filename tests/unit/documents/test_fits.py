"""Rounding of amounts beside others: columns add up, and rows stay true."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cmswp_xl.documents.amounts import fitted_groups
from cmswp_xl.money import fitted, rounded, total

AMOUNTS = st.decimals(0, 10**7, places=2)
STEPS = st.sampled_from([Decimal(1), Decimal(1000)])
PAIRS = st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=12)


def named(values):
    return {str(number): value for number, value in enumerate(values)}


def shown_of(wholes, step):
    values = list(wholes.values())
    return dict(zip(wholes, fitted(values, rounded(total(values), step), step), strict=True))


@given(PAIRS, STEPS)
def test_parts__stay_below_what_they_are_part_of(pairs, step):
    wholes = named(max(pair) for pair in pairs)
    parts = named(min(pair) for pair in pairs)
    shown = shown_of(wholes, step)

    found = fitted_groups(parts, [list(parts)], wholes, shown, step)

    for key, part in found.items():
        assert 0 <= part <= shown[key]
        assert part % step == 0
        if parts[key] == wholes[key]:
            assert part == shown[key]
        if not parts[key]:
            assert part == 0


@given(PAIRS, STEPS)
def test_amounts_above__never_stand_below(pairs, step):
    wholes, parts = (named(pair[place] for pair in pairs) for place in (0, 1))
    shown = shown_of(wholes, step)

    for key, part in fitted_groups(parts, [list(parts)], wholes, shown, step).items():
        if parts[key] > wholes[key]:
            assert part >= shown[key]


@given(st.lists(AMOUNTS, min_size=1, max_size=12), STEPS)
def test_amounts_alone__are_fitted_to_their_rounded_sum(values, step):
    parts = named(values)

    found = fitted_groups(parts, [list(parts)], {}, {}, step)

    assert total(found.values()) == rounded(total(values), step)
    assert all(abs(found[key] - value) < step for key, value in parts.items())


@given(st.lists(st.lists(AMOUNTS, min_size=1, max_size=5), min_size=1, max_size=4), STEPS)
def test_groups__add_up_to_the_rounded_sum_of_all(groups, step):
    parts = named(value for group in groups for value in group)
    keys, start = [], 0
    for group in groups:
        keys.append([str(number) for number in range(start, start + len(group))])
        start += len(group)

    found = fitted_groups(parts, keys, {}, {}, step)

    assert total(found.values()) == rounded(total(parts.values()), step)
    for group in keys:
        exact, seen = (total(of[key] for key in group) for of in (parts, found))
        assert abs(seen - exact) < step


def test_without_rounding__nothing_changes():
    parts = {"a": Decimal("1.25"), "b": Decimal(0)}

    assert fitted_groups(parts, [["a"], ["b"]], {}, {}, None) == parts
