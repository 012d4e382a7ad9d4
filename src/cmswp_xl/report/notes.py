"""What is said above and below a table of totals, so that nobody reads more into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.money import ZERO, total
from cmswp_xl.wording import amounts_in, label, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cmswp_xl.languages import Words
    from cmswp_xl.totals import Figures, Reckoning

COSTED = frozenset({"activity", "area", "priority", "recommendation", "year"})
"""The groupings whose rows have both cost and funding."""


def heading(reckoning: Reckoning, by: str, say: Words) -> str:
    """Give the heading of a table of totals."""
    currency = reckoning.programme.settings.currency
    return say(
        "Totals by {grouping}, in {currency}",
        grouping=label("grouping", by, say),
        currency=shown(currency),
    )


def circumstances(reckoning: Reckoning, say: Words) -> Iterator[str]:
    """Say what the figures rest on: the scenario, and that they are only illustrative."""
    if reckoning.scenario:
        yield say("Scenario: {scenario}.", scenario=shown(reckoning.scenario))
    if reckoning.programme.settings.illustrative:
        yield say("The figures are illustrative.")


def total_notes(reckoning: Reckoning, by: str, say: Words) -> Iterator[str]:
    """Say what a reader of the totals must know."""
    figures = reckoning.total
    if by in COSTED:
        yield from costing_notes(figures, say)
    if by == "recommendation":
        yield say(
            "An activity under several recommendations stands under each of them; the total counts"
            " it once."
        )
    if by == "year":
        yield say(
            "Years may ask for more than the period as a whole, for no money is moved from one"
            " year to another. The total is that of the period."
        )
    elif by in COSTED:
        yield from _reconciliation(figures, say)
    if by in COSTED or by == "category":
        yield from _support_costs(reckoning, say)
    if by != "category" and (figures.pledged or figures.in_kind):
        yield say(
            "Pledged and in-kind contributions stand apart; they are not counted as available."
        )


def costing_notes(figures: Figures, say: Words) -> Iterator[str]:
    """Say how many of some activities are costed, and how many of them only in part."""
    costed = figures.activities - figures.not_costed
    if figures.activities and not costed:
        yield say("Not yet costed.")
    elif figures.not_costed:
        yield costed_words(figures, say)
    if figures.partial:
        yield say.many(
            "{count} activity is costed only in part: the cost is at least the amount shown.",
            "{count} activities are costed only in part: the cost is at least the amount shown.",
            figures.partial,
        )


def costed_words(figures: Figures, say: Words) -> str:
    """Say how many of the activities are costed."""
    return say(
        "{costed} of {activities} activities costed.",
        costed=figures.activities - figures.not_costed,
        activities=figures.activities,
    )


def _reconciliation(figures: Figures, say: Words) -> Iterator[str]:
    """Explain why cost less available is not what is to be sought, where it is not."""
    if figures.reconciled or figures.cost is None:
        return
    money = amounts_in(say.language).money
    yield say(
        "Cost {cost} = available {available} – surplus {surplus} – available for activities not"
        " yet costed {uncosted} + to be sought {to_be_sought}.",
        cost=money(figures.cost),
        available=money(figures.available or ZERO),
        surplus=money(figures.surplus or ZERO),
        uncosted=money(figures.uncosted),
        to_be_sought=money(figures.to_be_sought or ZERO),
    )


def _support_costs(reckoning: Reckoning, say: Words) -> Iterator[str]:
    support = reckoning.support_costs()
    if support is None or reckoning.total.cost is None:
        return
    amounts = amounts_in(say.language)
    yield say(
        "Programme support costs, {rate} per cent of {excluded}: {support}. Grand total: {total}.",
        rate=amounts.number(reckoning.programme.settings.support_cost_rate or ZERO),
        excluded=amounts.money(reckoning.total.excluded),
        support=amounts.money(support),
        total=amounts.money(total([reckoning.total.cost, support])),
    )
