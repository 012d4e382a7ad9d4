"""
The funding needs, for donors: what is still to be sought, core priority first.

What is done is left out, what is not costed stands apart, and the total is reconciled with that of
the annex (editorial practice of the Convention's calls for funding).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.context.calls import (
    need_remarks,
    need_statements,
    nothing_needed,
    reconciliations,
)
from cmswp_xl.context.front import ProgrammeDocument
from cmswp_xl.context.masthead import Paper, masthead
from cmswp_xl.context.needrows import need_printer
from cmswp_xl.context.rows import Notes
from cmswp_xl.context.texts import Texts
from cmswp_xl.languages import N_, Words
from cmswp_xl.progress import carried_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cmswp_xl.context.needrows import NeedAmounts, NeedPrinter, NeedRow
    from cmswp_xl.context.paragraphs import Wording
    from cmswp_xl.context.texts import MissingText
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Activity, Programme
    from cmswp_xl.totals import Reckoning

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


def funding_needs_context(
    reckoning: Reckoning, language: Language
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
