"""What is to be sought and what was spent, each fitted to its printed total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import amount_tree, choose_columns
from cmswp_xl.money import ZERO, fitted, rounded, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.amounts import AmountTree
    from cmswp_xl.figures.totals import Reckoning


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


@dataclass(frozen=True, slots=True)
class Gap:
    """
    What is to be sought, pledged, and remains after the pledges, of an activity or of several.

    `beyond` is what pledges are more than what is to be sought, so that
    remaining = sought − pledged + beyond.
    """

    sought: Decimal = ZERO
    pledged: Decimal = ZERO
    remaining: Decimal = ZERO
    beyond: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps of activities by their ids, exact and as shown."""

    exact: Mapping[str, Gap]
    shown: Mapping[str, Gap]

    def sums(self, keys: Iterable[str]) -> tuple[Gap, Gap]:
        """Add the gaps of some activities, exact and as shown."""
        keys = list(keys)
        return added(self.exact[key] for key in keys), added(self.shown[key] for key in keys)


def added(gaps: Iterable[Gap]) -> Gap:
    """Add gaps."""
    gaps = list(gaps)
    return Gap(
        total(gap.sought for gap in gaps),
        total(gap.pledged for gap in gaps),
        total(gap.remaining for gap in gaps),
        total(gap.beyond for gap in gaps),
    )


def annex_tree(reckoning: Reckoning, step: Decimal | None) -> AmountTree:
    """Give the amounts of the whole annex, so that other papers show the same ones."""
    columns = choose_columns(reckoning, reckoning.total)
    return amount_tree(reckoning, reckoning.programme.outline, columns, step)


def gaps_of(
    reckoning: Reckoning, tree: AmountTree, groups: Sequence[Sequence[str]], step: Decimal | None
) -> Gaps:
    """
    Give the gaps of groups of activities.

    What is to be sought is shown as in the annex; what remains is fitted to it, and what is
    pledged follows.
    """
    exact = {key: _gap(reckoning, key) for keys in groups for key in keys}
    if step is None:
        return Gaps(exact, exact)
    sought = {key: tree.shown["activities"][key]["to_be_sought"] or ZERO for key in exact}
    remaining = fitted_groups(
        {key: gap.remaining for key, gap in exact.items()},
        groups,
        {key: gap.sought for key, gap in exact.items()},
        sought,
        step,
    )
    over = [gap.beyond for gap in exact.values()]
    beyond = dict(zip(exact, fitted(over, rounded(total(over), step), step), strict=True))
    shown = {
        key: Gap(
            sought[key],
            sought[key] - remaining[key] + beyond[key],
            remaining[key],
            beyond[key],
        )
        for key in exact
    }
    return Gaps(exact, shown)


def _gap(reckoning: Reckoning, key: str) -> Gap:
    figures = reckoning.by_activity[key]
    sought, pledged = figures.to_be_sought or ZERO, figures.pledged or ZERO
    return Gap(sought, pledged, max(sought - pledged, ZERO), max(pledged - sought, ZERO))
