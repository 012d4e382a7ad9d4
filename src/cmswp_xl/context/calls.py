"""What the funding needs say in sentences: what the figures mean, leave out, and add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.context.heading import circumstances
from cmswp_xl.context.numbers import long_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cmswp_xl.context.needrows import NeedPrinter
    from cmswp_xl.model import Activity
    from cmswp_xl.totals import Figures


def need_statements(printer: NeedPrinter, listed: Sequence[Activity]) -> Iterator[str]:
    """Say what holds for every table: unit, scenario, net or gross, how to read the columns."""
    say = printer.say
    yield from undated(printer)
    yield from _support_cost(printer, printer.reckoning.of(listed))
    if not listed:
        return
    yield say(
        "Pledges are promises that are not yet confirmed; they do not lower the funding to be"
        " sought, but what remains after pledges."
    )
    if any(activity.id in printer.bought for activity in listed):
        yield say(
            "What a contribution would buy: quantities and unit costs as planned, where both are"
            " known, for the years in which funding is missing; part of it may be funded already."
        )
        if printer.numbers.step is not None and printer.numbers.step > 1:
            yield say("Unit costs are given in full.")
    if any(_unfunded(printer, activity) for activity in listed):
        yield say("Activities without any funding are marked ▲ Unfunded.")


def nothing_needed(printer: NeedPrinter, listed: Sequence[Activity]) -> str:
    """Say that nothing is to be sought, or that nobody knows yet; blank where there are needs."""
    if listed:
        return ""
    if printer.reckoning.total.cost is None:
        return printer.say(
            "No activity has been costed yet: what is to be sought is not known, and is not nil."
        )
    return printer.say("Nothing is to be sought for the activities that are costed.")


def undated(printer: NeedPrinter) -> Iterator[str]:
    """Say what `circumstances` does, but for the date, which the title has."""
    as_at = printer.reckoning.programme.settings.as_at
    date = "" if as_at is None else long_date(as_at, printer.texts.language)
    dated = printer.say("As at {date}.", date=date)
    found = circumstances(printer.reckoning, printer.numbers, printer.texts, printer.say)
    return (text for text in found if text != dated)


def reconciliations(printer: NeedPrinter, listed: Sequence[Activity]) -> Iterator[str]:
    """Tie the total to that of the annex, and what remains to what is pledged."""
    say, numbers = printer.say, printer.numbers
    done = _left_out(printer)
    everything = printer.reckoning.programme.activities
    exact, shown = printer.sought(everything)
    if not exact:
        return
    total = numbers.amount(shown, exact)
    if done:
        done_exact, done_shown = printer.sought(done)
        yield say(
            "Funding to be sought in Annex I {annex} − for activities carried out {done}"
            " = funding needs {needs}",
            annex=total,
            done=numbers.amount(done_shown, done_exact),
            needs=numbers.amount(shown - done_shown, exact - done_exact),
        )
    else:
        yield say("The total is the funding to be sought in Annex I: {amount}.", amount=total)
    gap, seen = printer.gaps.sums(activity.id for activity in listed)
    if gap.beyond:
        yield say(
            "Remaining {remaining} = to be sought {sought} − pledged {pledged}"
            " + pledged beyond what is to be sought {beyond}",
            remaining=numbers.amount(seen.remaining, gap.remaining),
            sought=numbers.amount(seen.sought, gap.sought),
            pledged=numbers.amount(seen.pledged, gap.pledged),
            beyond=numbers.amount(seen.beyond, gap.beyond),
        )


def need_remarks(
    printer: NeedPrinter, listed: Sequence[Activity], uncosted: Sequence[Activity]
) -> Iterator[str]:
    """Say what is not in the tables: what is done, not costed, pledged elsewhere, or in kind."""
    say, programme = printer.say, printer.reckoning.programme
    done = _left_out(printer)
    if done:
        yield say.many(
            "{count} activity is left out because it has been carried out: {numbers}.",
            "{count} activities are left out because they have been carried out: {numbers}.",
            len(done),
            numbers=printer.named(done),
        )
    here = {activity.id for activity in (*listed, *uncosted)}
    open_ones = [a for a in programme.activities if a.id not in here and a.id not in printer.done]
    others = [a for a in open_ones if _figures(printer, a).cost is None]
    if others:
        yield say.many(
            "{count} activity without core priority is not yet costed: {numbers}.",
            "{count} activities without core priority are not yet costed: {numbers}.",
            len(others),
            numbers=printer.named(others),
        )
    if others or uncosted:
        yield say(
            "What is to be sought for activities not yet costed is not known; it is not nil."
        )
    covered = [a for a in open_ones if a.partial and _figures(printer, a).cost is not None]
    if covered:
        yield say(
            "Costed in part, and funded as far as the cost is known: {numbers}.",
            numbers=printer.named(covered),
        )
    yield from _elsewhere(printer, {activity.id for activity in listed})


def _elsewhere(printer: NeedPrinter, listed: set[str]) -> Iterator[str]:
    """Say what is pledged for other activities, and what comes in kind for these."""
    say = printer.say
    figures = printer.reckoning.by_activity
    pledged = {
        key: found.pledged for key, found in figures.items() if found.pledged and key not in listed
    }
    if pledged:
        yield say(
            "Pledged for other activities, and not counted here: {list}.",
            list=printer.listed(pledged),
        )
    in_kind = {key: found.in_kind for key, found in figures.items() if found.in_kind}
    in_kind = {key: amount for key, amount in in_kind.items() if key in listed}
    if in_kind:
        yield say("In kind, and not counted: {list}.", list=printer.listed(in_kind))


def _left_out(printer: NeedPrinter) -> list[Activity]:
    """Give the activities that are done and would be in the tables if they were not."""
    return [
        activity
        for activity in printer.reckoning.programme.activities
        if activity.id in printer.done
        and (
            _figures(printer, activity).to_be_sought
            or (activity.priority == "core" and _figures(printer, activity).cost is None)
        )
    ]


def _figures(printer: NeedPrinter, activity: Activity) -> Figures:
    return printer.reckoning.by_activity[activity.id]


def _unfunded(printer: NeedPrinter, activity: Activity) -> bool:
    return _figures(printer, activity).status == "unfunded"


def _support_cost(printer: NeedPrinter, figures: Figures) -> Iterator[str]:
    """Say whether what is to be sought is net of programme support costs."""
    say, rate = printer.say, printer.reckoning.programme.settings.support_cost_rate
    if not figures.cost:
        return
    if not figures.excluded:
        yield say("Amounts are gross: programme support costs are included.")
    elif rate is None:
        yield say("Amounts are net: programme support costs are not included.")
    elif figures.excluded == figures.cost:
        yield say(
            "Amounts are net: programme support costs of {rate} per cent are to be added to a"
            " contribution.",
            rate=printer.numbers.percent(rate),
        )
    else:
        yield say(
            "Part of the amounts is net: programme support costs of {rate} per cent are to be"
            " added to a contribution to that part.",
            rate=printer.numbers.percent(rate),
        )
