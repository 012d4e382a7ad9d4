"""Where the figures of the technology review come from: activities that carry it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import Columns, amounts_behind, grouped_tree
from cmswp_xl.documents.review import linked_activities, printer_for
from cmswp_xl.documents.technology_review import content as review_context
from cmswp_xl.trace.activities import AmountNotes, group_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.trace.ledger import Ledger


_NAMES = ("cost", "core", "voluntary", "other", "to_be_sought")


def enter(ledger: Ledger, _codes: Sequence[str] = ()) -> None:
    """Enter and note the figures of the technology review; its total counts an activity once."""
    reckoning = ledger.reckoning
    paper, _ = review_context(reckoning, ledger.language)
    chain = paper.chain
    behind = amounts_behind(reckoning, reckoning.total)
    printer = printer_for(reckoning, ledger.language, behind)
    activities = linked_activities(printer)
    if chain.total is None or not activities:
        return
    kinds = ("core", "voluntary", "other") if len(chain.kind_heads) > 2 else ("core", "voluntary")  # noqa: PLR2004  the third kind is printed only where it is not nil
    tree = grouped_tree(reckoning, {"": activities}, Columns((), kinds), printer.numbers.step)
    notes = AmountNotes(ledger, tree, printer.numbers)
    by_id = {activity.id: activity for activity in activities}
    linked = [item.activity for item in reckoning.programme.review.recommendations]
    rows = [by_id[key] for key in linked if key is not None]
    for activity, row in zip(rows, chain.rows, strict=True):
        notes.activity(activity, row.activity.amounts, ("total",))
    keys = [activity.id for activity in activities]
    for name in (name for name in _NAMES if name in (*kinds, "cost", "to_be_sought")):
        group_figure(ledger, ("total",), keys, name)
    notes.total([], chain.total.amounts)
    notes.costed(("total",), keys, chain.total.remark)
    notes.apart(keys)
    notes.reconciliation("total", "", ("total",), keys, reckoning.of(activities))
