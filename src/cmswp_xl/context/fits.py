"""Rounding of amounts that stand beside others: columns add up, and so do the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.money import ZERO, fitted, rounded, total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

Amounts = dict[str, "Decimal"]


def fitted_beside(
    parts: Mapping[str, Decimal],
    beside: Mapping[str, Decimal],
    shown: Mapping[str, Decimal],
    step: Decimal | None,
    whole: Decimal | None = None,
) -> Amounts:
    """
    Round parts so that what is left of the amounts beside them stays true.

    `beside` are those amounts by the same keys, where there are any, and `shown` what is printed
    of them. Nothing stays nothing, an equal amount stays equal, less stays no more and more no
    less; the others are fitted to `whole`, or to their rounded sum.
    """
    if step is None:
        return dict(parts)
    result = {key: _settled(part, beside.get(key), shown.get(key)) for key, part in parts.items()}
    free = {key: part for key, part in parts.items() if result[key] is None}
    settled: Amounts = {key: value for key, value in result.items() if value is not None}
    target = rounded(total(parts.values()), step) if whole is None else whole
    left = max(target - total(settled.values()), ZERO)
    for key, value in zip(free, fitted(list(free.values()), left, step), strict=True):
        settled[key] = _bounded(value, free[key], beside.get(key), shown.get(key))
    return {key: settled[key] for key in parts}


def fitted_groups(
    parts: Mapping[str, Decimal],
    groups: Sequence[Sequence[str]],
    beside: Mapping[str, Decimal],
    shown: Mapping[str, Decimal],
    step: Decimal | None,
) -> Amounts:
    """Round parts as `fitted_beside` does, each group to its own share of the rounded total."""
    if step is None:
        return dict(parts)
    sums = [total(parts[key] for key in keys) for keys in groups]
    wholes = fitted(sums, rounded(total(sums), step), step)
    result: Amounts = {}
    for keys, whole in zip(groups, wholes, strict=True):
        group = {key: parts[key] for key in keys}
        result |= fitted_beside(group, beside, shown, step, whole)
    return result


def _settled(part: Decimal, beside: Decimal | None, shown: Decimal | None) -> Decimal | None:
    if not part:
        return ZERO
    return shown if beside is not None and part == beside else None


def _bounded(
    value: Decimal, part: Decimal, beside: Decimal | None, shown: Decimal | None
) -> Decimal:
    if beside is None or shown is None:
        return value
    return min(value, shown) if part < beside else max(value, shown)
