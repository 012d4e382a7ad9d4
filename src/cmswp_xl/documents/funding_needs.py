"""What the funding needs say in sentences: what the figures mean, leave out, and add up to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import Notes
from cmswp_xl.documents.front import Paper, ProgrammeDocument, circumstances, masthead
from cmswp_xl.documents.needs import need_printer
from cmswp_xl.documents.numbers import long_date
from cmswp_xl.documents.texts import Texts
from cmswp_xl.figures.totals import carried_out
from cmswp_xl.languages import N_, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cmswp_xl.documents.needs import NeedAmounts, NeedPrinter, NeedRow
    from cmswp_xl.documents.texts import MissingText, Wording
    from cmswp_xl.figures.totals import Figures, Reckoning
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Activity, Programme


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


_PRIORITIES = {
    "core": N_("Core priority"),
    "high": N_("High priority"),
    "medium": N_("Medium priority"),
    "low": N_("Low priority"),
    None: N_("Priority not given"),
}

Needs = dict["str | None", list["Activity"]]


@dataclass(frozen=True, slots=True)
class NeedArea:
    """The needs of an area within a priority."""

    title: str
    rows: tuple[NeedRow, ...]


@dataclass(frozen=True, slots=True)
class NeedTotal:
    """A sub-total or total: how many activities, and their amounts."""

    label: str
    activities: str
    amounts: NeedAmounts


@dataclass(frozen=True, slots=True)
class PriorityPart:
    """The needs of a priority by area, with their sub-total."""

    anchor: str
    title: str
    caption: str
    areas: tuple[NeedArea, ...]
    subtotal: NeedTotal
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FundingNeeds(ProgrammeDocument):
    """
    Everything that the templates of the funding needs place.

    `lead` counts the columns before the amounts, `columns` all of them.
    """

    wording: Wording
    empty: str
    responsible: bool
    buys: bool
    lead: int
    columns: int
    summary: tuple[NeedTotal, ...]
    total: NeedTotal
    reconciliations: tuple[str, ...]
    priorities: tuple[PriorityPart, ...]
    uncosted: tuple[NeedArea, ...]
    remarks: tuple[str, ...]


def has_content(programme: Programme) -> bool:
    """Return whether anything has a cost, or any activity has core priority."""
    return bool(programme.costs) or any(
        activity.priority == "core" for activity in programme.activities
    )


def content(
    reckoning: Reckoning, language: Language, _codes: Sequence[str] = ()
) -> tuple[FundingNeeds, list[MissingText]]:
    """Word the funding needs, and give the texts that they would print and that are missing."""
    programme, settings = reckoning.programme, reckoning.programme.settings
    say, texts = Words(language), Texts(language)
    needs = _needs(reckoning)
    printer = need_printer(reckoning, tuple(needs.values()), texts, say)
    listed = [activity for group in needs.values() for activity in group]
    uncosted = _uncosted(printer)
    responsible = any(activity.responsible for activity in (*listed, *uncosted))
    buys = any(activity.id in printer.bought for activity in listed)
    paper = Paper("funding-needs", say("Funding needs"), settings.as_at)
    top = masthead(programme, paper, texts, say)
    result = FundingNeeds(
        **top,
        statements=tuple(need_statements(printer, listed)),
        labels=_labels(say),
        empty=nothing_needed(printer, listed),
        responsible=responsible,
        buys=buys,
        lead=2 + responsible + buys,
        columns=5 + responsible + buys,
        summary=tuple(
            _total(say(_PRIORITIES[key]), group, printer) for key, group in needs.items()
        ),
        total=_total(say("Total"), listed, printer),
        reconciliations=tuple(reconciliations(printer, listed)),
        priorities=tuple(_part(key, group, printer) for key, group in needs.items()),
        uncosted=_areas(uncosted, printer, printer.uncosted),
        remarks=tuple(need_remarks(printer, listed, uncosted)),
        landscape=True,
    )
    return result, texts.missing


def _needs(reckoning: Reckoning) -> Needs:
    """Give what is to be sought and not done, by priority, then in the order of the areas."""
    done = carried_out(reckoning.programme)
    found: Needs = {priority: [] for priority in _PRIORITIES}
    for activity in _in_area_order(reckoning.programme):
        if reckoning.by_activity[activity.id].to_be_sought and activity.id not in done:
            found[activity.priority].append(activity)
    return {priority: group for priority, group in found.items() if group}


def _uncosted(printer: NeedPrinter) -> list[Activity]:
    """Give the activities of core priority that are neither costed nor done."""
    reckoning = printer.reckoning
    return [
        activity
        for activity in _in_area_order(reckoning.programme)
        if activity.priority == "core"
        and reckoning.by_activity[activity.id].cost is None
        and activity.id not in printer.done
    ]


def _in_area_order(programme: Programme) -> Iterator[Activity]:
    by_area: dict[str, list[Activity]] = defaultdict(list)
    for activity in programme.activities:
        by_area[activity.area].append(activity)
    for area in programme.outline:
        yield from by_area[area.code]


def _part(key: str | None, group: Sequence[Activity], printer: NeedPrinter) -> PriorityPart:
    say, notes = printer.say, Notes()
    title = say(_PRIORITIES[key])
    return PriorityPart(
        anchor=f"priority-{key or 'none'}",
        title=title,
        caption=say("Funding needs: {priority}", priority=title),
        areas=_areas(group, printer, lambda activity: printer.row(activity, notes)),
        subtotal=_total(say("Sub-total"), group, printer),
        notes=notes.listed(),
    )


def _areas(
    group: Iterable[Activity], printer: NeedPrinter, row: Callable[[Activity], NeedRow]
) -> tuple[NeedArea, ...]:
    """Give activities, which are in the order of the areas, under the titles of these."""
    programme = printer.reckoning.programme
    areas = {area.code: area for area in programme.areas}
    by_area: dict[str, list[NeedRow]] = defaultdict(list)
    for activity in group:
        by_area[activity.area].append(row(activity))
    return tuple(
        NeedArea(printer.texts.area(areas[code], programme), tuple(rows))
        for code, rows in by_area.items()
    )


def _total(label: str, group: Sequence[Activity], printer: NeedPrinter) -> NeedTotal:
    return NeedTotal(label, printer.numbers.count(len(group)), printer.sums(group))


def _labels(say: Words) -> dict[str, str]:
    return {
        "number": say("No."),
        "activity": say("Activity"),
        "responsible": say("Responsible"),
        "buys": say("What a contribution would buy"),
        "sought": say("Funding to be sought"),
        "pledged": say("Pledged"),
        "remaining": say("Remaining after pledges"),
        "summary": say("Summary by priority"),
        "priority": say("Priority"),
        "activities": say("Activities"),
        "uncosted": say("Activities of core priority not yet costed"),
        "remarks": say("Remarks"),
        "page": say("Page"),
    }
