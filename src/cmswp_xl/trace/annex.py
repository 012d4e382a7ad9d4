"""Where the figures of the annex come from: rows, sub-totals, totals, years, staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.context.annex import annex_context, areas_of
from cmswp_xl.context.lines import amount_tree, amounts_behind, choose_columns
from cmswp_xl.context.numbers import numbers_for
from cmswp_xl.money import ZERO
from cmswp_xl.trace.columns import AmountNotes
from cmswp_xl.trace.figure import PERCENT, Operation, Part, Rounding, Rule
from cmswp_xl.trace.groups import group_figure, setting_figure, year_figure
from cmswp_xl.trace.ledger import span_of
from cmswp_xl.trace.scenarios import note_scenarios
from cmswp_xl.trace.staff import note_staff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.context.annex import Annex, AreaPart
    from cmswp_xl.context.rows import AmountRow
    from cmswp_xl.model import Area
    from cmswp_xl.trace.ledger import Ledger


def trace_annex(ledger: Ledger, codes: Sequence[str] = ()) -> None:
    """Enter and note the figures of the annex, of some areas only where their codes are given."""
    reckoning, settings = ledger.reckoning, ledger.reckoning.programme.settings
    annex, _ = annex_context(reckoning, ledger.language, codes)
    areas = areas_of(reckoning.programme, codes)
    chosen = reckoning.of(
        a for area in areas for a in reckoning.programme.activities_of(area.code)
    )
    numbers = numbers_for(
        ledger.language,
        settings.number_style,
        settings.rounding,
        amounts_behind(reckoning, chosen),
    )
    tree = amount_tree(reckoning, areas, choose_columns(reckoning, chosen), numbers.step)
    notes = AmountNotes(ledger, tree, numbers)
    _areas(notes, annex, areas)
    _closing(notes, annex, areas)
    if annex.closing.additions:
        _additions(notes, annex, areas)
    _years(notes, annex, areas)
    note_scenarios(notes, annex.scenarios, areas)


def _areas(notes: AmountNotes, annex: Annex, areas: Sequence[Area]) -> None:
    reckoning = notes.ledger.reckoning
    own = [part for part in annex.areas if not part.family]
    for area, part in zip(areas, own, strict=True):
        activities = reckoning.programme.activities_of(area.code)
        keys, at = [activity.id for activity in activities], ("area", area.code)
        for activity, row in zip(activities, part.rows, strict=True):
            notes.activity(activity, row.amounts, at)
        if keys:
            notes.group(area.code, keys, at, part.subtotal.amounts)
            notes.costed(at, keys, part.subtotal.remark)
            notes.apart(keys)
            figures = reckoning.of(activities)
            notes.reconciliation("areas", area.code, at, keys, figures)
        note_staff(notes, area.code, part.staff)
    for part in annex.areas:
        if part.family:
            _family(notes, part)


def _family(notes: AmountNotes, part: AreaPart) -> None:
    """Note the sub-total of an area with its sub-areas, the sum of theirs."""
    reckoning = notes.ledger.reckoning
    codes, at = reckoning.programme.family(part.family), ("family", part.family)
    activities = [a for code in codes for a in reckoning.programme.activities_of(code)]
    keys = [activity.id for activity in activities]
    notes.group(part.family, keys, at, part.subtotal.amounts, "families")
    notes.costed(at, keys, part.subtotal.remark)
    notes.reconciliation("families", part.family, at, keys, reckoning.of(activities))


def _closing(notes: AmountNotes, annex: Annex, areas: Sequence[Area]) -> None:
    closing = annex.closing
    for area, row in zip(areas, closing.areas, strict=bool(closing.areas)):
        keys, at = _keys(notes, area), ("area", area.code)
        notes.group(area.code, keys, at, row.amounts)
        notes.costed(at, keys, row.remark)
    if not closing.areas:
        for area in areas:
            _enter_group(notes, area)
    every = [key for area in areas for key in _keys(notes, area)]
    notes.total([("area", area.code) for area in areas], closing.total.amounts)
    notes.costed(("total",), every, closing.total.remark)
    activities = {a.id: a for a in notes.ledger.reckoning.programme.activities}
    figures = notes.ledger.reckoning.of(activities[key] for key in every)
    notes.reconciliation("total", "", ("total",), every, figures)


def _enter_group(notes: AmountNotes, area: Area) -> None:
    """Enter the figures of an area that no table prints, for the total that is their sum."""
    for name in ("cost", *notes.tree.columns.kinds, "to_be_sought"):
        group_figure(notes.ledger, ("area", area.code), _keys(notes, area), name)
    for year in notes.tree.columns.years:
        at, keys = ("area", area.code), _keys(notes, area)
        group_figure(notes.ledger, at, keys, "cost", span_of(year))


def _additions(notes: AmountNotes, annex: Annex, areas: Sequence[Area]) -> None:
    """Note the support costs and the grand total, which stand in the cost column only."""
    ledger, step = notes.ledger, notes.numbers.step
    every = [key for area in areas for key in _keys(notes, area)]
    rate = setting_figure(ledger, ("support-costs", "rate"), "support_cost_rate", PERCENT)
    ledger.note(rate, notes.numbers.percent(ledger.exact(rate) or ZERO), table=False)
    excluded = group_figure(ledger, ("total",), every, "excluded")
    support = ledger.enter(
        ("support-costs", "cost"),
        Operation.PERCENTAGE,
        [Rule("support-costs")],
        parts=[Part(rate), Part(excluded)],
    )
    grand = ledger.sum(("grand-total", "cost"), [("total", "cost"), support], "grand-total")
    first, second = (row.amounts.cost[-1] for row in annex.closing.additions)
    notes.alone(support, first)
    shown, rounding = notes.rounded(ledger.exact(support))
    direct = notes.tree.shown["total"][""]["cost"]
    if step is not None and direct is not None and shown is not None:
        shown, rounding = direct + shown, Rounding("added", step)
    ledger.note(grand, second, shown, rounding)


def _years(notes: AmountNotes, annex: Annex, areas: Sequence[Area]) -> None:
    every = [key for area in areas for key in _keys(notes, area)]
    years: list[int | None] = [*notes.ledger.reckoning.programme.settings.years, None]
    for year, row in zip(years, annex.closing.years, strict=False):
        _year(notes, span_of(year), every, row)


def _year(notes: AmountNotes, span: str, keys: Sequence[str], row: AmountRow) -> None:
    names = ("cost", *notes.tree.columns.kinds, "to_be_sought")
    texts = (*row.amounts.cost, *row.amounts.kinds, row.amounts.sought)
    for name, text in zip(names, texts, strict=True):
        notes.alone(year_figure(notes.ledger, span, keys, name), text)


def _keys(notes: AmountNotes, area: Area) -> list[str]:
    return [a.id for a in notes.ledger.reckoning.programme.activities_of(area.code)]
