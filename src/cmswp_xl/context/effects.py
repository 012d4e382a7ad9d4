"""The effect of typed changes on sums: each figure as it was, as it is, and the difference."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.context.lines import Columns, amount_tree
from cmswp_xl.context.numbers import NIL
from cmswp_xl.money import ZERO, rounded
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cmswp_xl.context.lines import AmountTree, Line
    from cmswp_xl.context.numbers import Numbers
    from cmswp_xl.totals import Reckoning

Amount = Decimal | None


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure as shown in both versions, and exact; the difference is that of what is shown."""

    old: Amount
    new: Amount
    exact_old: Amount
    exact_new: Amount

    @property
    def changed(self) -> bool:
        """Tell whether the exact figure changed; from blank to nil nothing did."""
        return (self.exact_old or ZERO) != (self.exact_new or ZERO)

    @property
    def appeared(self) -> bool:
        """Tell whether the figure is blank in one version only."""
        return (self.exact_old is None) != (self.exact_new is None)

    def within(self, *, old: bool, new: bool) -> Beside:
        """Give the figure with one side left blank, for what is elsewhere in that version."""
        return Beside(
            self.old if old else None,
            self.new if new else None,
            self.exact_old if old else None,
            self.exact_new if new else None,
        )

    def printed(self, numbers: Numbers) -> tuple[str, str, str]:
        """Print the figure before and now, and the increase or, in brackets, the decrease."""
        return (
            numbers.amount(self.old, self.exact_old),
            numbers.amount(self.new, self.exact_new),
            self._difference(numbers),
        )

    def _difference(self, numbers: Numbers) -> str:
        if self.old is None and self.new is None:
            return ""
        exact = (self.exact_new or ZERO) - (self.exact_old or ZERO)
        shown = (self.new or ZERO) - (self.old or ZERO)
        if shown or not exact:
            return numbers.amount(shown) if shown else NIL
        text = numbers.amount(ZERO, exact)
        return f"({text})" if exact < 0 else text


@dataclass(frozen=True, slots=True)
class Sides:
    """The figures of both versions by the columns of the annex, rounded as it rounds them."""

    old: AmountTree
    new: AmountTree
    support: Beside | None
    grand: Beside | None

    def beside(self, level: str, key: str, name: str) -> Beside:
        """Set a figure of an activity, an area or the total side by side; absent is blank."""
        old, new = _line(self.old, level, key), _line(self.new, level, key)
        return Beside(old[0].get(name), new[0].get(name), old[1].get(name), new[1].get(name))

    def available(self, level: str, key: str) -> Beside:
        """Set the funding available from all sources side by side."""
        return together([self.beside(level, key, kind) for kind in self.new.columns.kinds])


def together(parts: Sequence[Beside]) -> Beside:
    """Return the sum of figures side by side; blank where none of them is known."""

    def add(name: str) -> Amount:
        known = [value for part in parts if (value := getattr(part, name)) is not None]
        return sum(known, ZERO) if known else None

    return Beside(add("old"), add("new"), add("exact_old"), add("exact_new"))


def sides(old: Reckoning, new: Reckoning, step: Decimal | None) -> Sides:
    """Round the figures of both versions, each so that its own columns add up."""
    other = bool(old.total.other or new.total.other)
    kinds = ("core", "voluntary", "other") if other else ("core", "voluntary")
    columns = Columns((), kinds)
    first, second = (amount_tree(r, r.programme.outline, columns, step) for r in (old, new))
    return Sides(first, second, *_below(old, new, first, second, step))


def _line(tree: AmountTree, level: str, key: str) -> tuple[Line, Line]:
    """Give a line as shown and exact; an empty one where the version does not have it."""
    wanted = comparable(key)
    shown: Mapping[str, Line] = tree.shown[level]
    name = key if key in shown else next((k for k in shown if comparable(k) == wanted), None)
    return ({}, {}) if name is None else (shown[name], tree.exact[level][name])


def _below(
    old: Reckoning,
    new: Reckoning,
    first: AmountTree,
    second: AmountTree,
    step: Decimal | None,
) -> tuple[Beside | None, Beside | None]:
    """Give support costs and the grand total below the direct costs, where there are any."""
    support = old.support_costs(), new.support_costs()
    if support == (None, None):
        return None, None
    shown = [s if s is None or step is None else rounded(s, step) for s in support]
    grand = [
        _grand(t.shown["total"][""]["cost"], s)
        for t, s in zip((first, second), shown, strict=True)
    ]
    exact = [_grand(r.total.cost, s) for r, s in zip((old, new), support, strict=True)]
    return (
        Beside(shown[0], shown[1], support[0], support[1]),
        Beside(grand[0], grand[1], exact[0], exact[1]),
    )


def _grand(direct: Amount, support: Amount) -> Amount:
    return None if direct is None else direct + (support or ZERO)
