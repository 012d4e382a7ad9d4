"""Expenditure beside cost and money available: exact, as shown, and what is said of the sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.context.fits import fitted_groups
from cmswp_xl.context.gaps import annex_tree
from cmswp_xl.context.numbers import NIL, NO_BREAK_SPACE
from cmswp_xl.money import EXACT, HUNDRED, ZERO, rounded_to, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.context.lines import AmountTree, Line
    from cmswp_xl.context.numbers import Numbers
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Activity, Progress
    from cmswp_xl.totals import Reckoning

_KINDS = ("core", "voluntary", "other")


@dataclass(frozen=True, slots=True)
class Spending:
    """Cost, money available and expenditure of an activity or of several; None is not known."""

    cost: Decimal | None = None
    available: Decimal | None = None
    spent: Decimal | None = None

    @property
    def balance(self) -> Decimal | None:
        """What is left of the money available; None where one of the two is not known."""
        if self.available is None or self.spent is None:
            return None
        return self.available - self.spent


@dataclass(frozen=True, slots=True)
class SpendingAmounts:
    """The amounts of a row as printed."""

    cost: str
    available: str
    spent: str
    percent: str
    balance: str


@dataclass(frozen=True, slots=True)
class SpendingPrinter:
    """Prints expenditure beside the annex's amounts, in one language."""

    exact: Mapping[str, Spending]
    shown: Mapping[str, Spending]
    partial: frozenset[str]
    numbers: Numbers
    say: Words

    def activity(self, key: str) -> SpendingAmounts:
        """Print the amounts of an activity; one whose expenditure nobody reported says so."""
        exact, shown = self.exact[key], self.shown[key]
        return SpendingAmounts(
            cost=self._cost(shown.cost, exact.cost, at_least=key in self.partial),
            available=self.numbers.amount(shown.available, exact.available),
            spent=self._spent(shown, exact),
            percent=self._percent([key]),
            balance=self.numbers.amount(shown.balance, exact.balance),
        )

    def sums(self, keys: Sequence[str]) -> SpendingAmounts:
        """Print the sums of activities; the balance is that of those whose balance is known."""
        partial = any(key in self.partial for key in keys)
        exact, shown = self._sum(self.exact, keys), self._sum(self.shown, keys)
        return SpendingAmounts(
            cost=self._cost(shown.cost, exact.cost, at_least=partial),
            available=self.numbers.amount(shown.available, exact.available),
            spent=self._spent(shown, exact) if keys else "",
            percent=self._percent(keys),
            balance=self.numbers.amount(
                self._balance(self.shown, keys), self._balance(self.exact, keys)
            ),
        )

    def plan(self, keys: Sequence[str]) -> tuple[SpendingAmounts, tuple[str, ...]]:
        """Print cost and money available of activities, with remarks, but no expenditure."""
        sums = self.sums(keys)
        amounts = SpendingAmounts(sums.cost, sums.available, "", "", "")
        return amounts, tuple(self._costed(keys))

    def remarks(self, keys: Sequence[str]) -> Iterator[str]:
        """Explain a sum whose columns are not about the same activities."""
        say = self.say
        known = [key for key in keys if self.exact[key].spent is not None]
        yield from self._costed(keys)
        base, whole = self._base(keys), self._sum(self.exact, keys)
        exact, shown = self._sum(self.exact, base), self._sum(self.shown, base)
        if base and (exact.spent, exact.cost) != (whole.spent, whole.cost):
            yield say(
                "The percentage is {spent} of {cost}, where both expenditure and cost are known.",
                spent=self.numbers.amount(shown.spent, exact.spent),
                cost=self.numbers.amount(shown.cost, exact.cost),
            )
        silent = total(self.shown[k].available or ZERO for k in keys if k not in known)
        unfunded = total(
            self.shown[key].spent or ZERO for key in known if self.exact[key].available is None
        )
        if known and (silent or unfunded):
            yield self._balanced(keys, silent, unfunded)

    def _costed(self, keys: Sequence[str]) -> Iterator[str]:
        """Say how many activities are costed, where not all are."""
        costed = sum(self.exact[key].cost is not None for key in keys)
        if costed < len(keys):
            yield self.say.many(
                "{costed} of {count} activity costed",
                "{costed} of {count} activities costed",
                len(keys),
                costed=costed,
            )

    def _balanced(self, keys: Sequence[str], silent: Decimal, unfunded: Decimal) -> str:
        """Tie the balance to the columns beside it."""
        say, shown = self.say, self._sum(self.shown, keys)
        parts = [say("available {amount}", amount=self.numbers.amount(shown.available or ZERO))]
        if silent:
            text = say(
                "− available where expenditure is not reported {amount}",
                amount=self.numbers.amount(silent),
            )
            parts.append(text)
        parts.append(say("− expenditure {amount}", amount=self.numbers.amount(shown.spent)))
        if unfunded:
            text = say(
                "+ expenditure where no funding is recorded {amount}",
                amount=self.numbers.amount(unfunded),
            )
            parts.append(text)
        balance = self.numbers.amount(self._balance(self.shown, keys) or ZERO)
        return say("Balance {amount} = {parts}", amount=balance, parts=" ".join(parts))

    def _cost(self, shown: Decimal | None, exact: Decimal | None, *, at_least: bool) -> str:
        printed = self.numbers.amount(shown, exact)
        return self.say("at least {amount}", amount=printed) if at_least and exact else printed

    def _spent(self, shown: Spending, exact: Spending) -> str:
        if exact.spent is None:
            return self.say("not reported")
        return self.numbers.amount(shown.spent, exact.spent)

    def _base(self, keys: Iterable[str]) -> list[str]:
        """Give the activities of which both expenditure and a cost are known."""
        exact = self.exact
        return [key for key in keys if exact[key].spent is not None and exact[key].cost]

    def _percent(self, keys: Iterable[str]) -> str:
        """Print the expenditure in per cent of the cost, where both are known."""
        base = self._base(keys)
        sums = self._sum(self.exact, base)
        if not base or sums.spent is None or not sums.cost:
            return ""
        printed = self._whole_percent(sums.spent, sums.cost)
        if sums.spent and any(key in self.partial for key in base):
            return self.say("at most {percent}", percent=printed)
        return printed

    def _whole_percent(self, spent: Decimal, cost: Decimal) -> str:
        """Print a percentage without decimals: 0 and 100 only where it is just that."""
        if not spent:
            return NIL
        exact = EXACT.divide(EXACT.multiply(spent, HUNDRED), cost)
        whole = rounded_to(exact, 0)
        if not whole:
            return f"<{NO_BREAK_SPACE}1"
        if whole == HUNDRED and exact != HUNDRED:
            return f"{'<' if exact < HUNDRED else '>'}{NO_BREAK_SPACE}100"
        return self.numbers.percent(whole)

    def _sum(self, of: Mapping[str, Spending], keys: Iterable[str]) -> Spending:
        found = [of[key] for key in keys]
        return Spending(
            _known(one.cost for one in found),
            _known(one.available for one in found),
            _known(one.spent for one in found),
        )

    def _balance(self, of: Mapping[str, Spending], keys: Iterable[str]) -> Decimal | None:
        return _known(of[key].balance for key in keys)


def spending_printer(
    reckoning: Reckoning,
    reports: Mapping[str, Progress],
    numbers: Numbers,
    say: Words,
) -> SpendingPrinter:
    """Give a printer for all activities; cost and money available are shown as in the annex."""
    activities = reckoning.programme.activities
    tree = annex_tree(reckoning, numbers.step)
    exact = {
        a.id: _spending(tree.exact["activities"][a.id], reports.get(a.id)) for a in activities
    }
    shown = _shown(exact, tree, activities, numbers.step)
    partial = frozenset(a.id for a in activities if a.partial and exact[a.id].cost)
    return SpendingPrinter(exact, shown, partial, numbers, say)


def _spending(line: Line, report: Progress | None) -> Spending:
    kinds = [line[name] for name in _KINDS if name in line]
    spent = None if report is None else report.expenditure
    return Spending(line["cost"], _known(kinds), spent)


def _shown(
    exact: Mapping[str, Spending],
    tree: AmountTree,
    activities: Sequence[Activity],
    step: Decimal | None,
) -> Mapping[str, Spending]:
    """Round the expenditure by area, and take the rest from the annex."""
    if step is None:
        return exact
    lines = {key: _spending(tree.shown["activities"][key], None) for key in exact}
    spent = {key: one.spent for key, one in exact.items() if one.spent is not None}
    groups: dict[str, list[str]] = {}
    for activity in activities:
        if activity.id in spent:
            groups.setdefault(activity.area, []).append(activity.id)
    fitted = fitted_groups(
        spent,
        list(groups.values()),
        {k: found for k, one in exact.items() if (found := one.available) is not None},
        {k: found for k, one in lines.items() if (found := one.available) is not None},
        step,
    )
    return {
        key: Spending(line.cost, line.available, fitted.get(key)) for key, line in lines.items()
    }


def _known(amounts: Iterable[Decimal | None]) -> Decimal | None:
    found = [amount for amount in amounts if amount is not None]
    return total(found) if found else None
