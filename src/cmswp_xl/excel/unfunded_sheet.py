"""The Unfunded sheet: activities with money to be sought, and apart from them the uncosted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.excel.sheets import AMOUNT, Block, Column, write_sheet
from cmswp_xl.report.notes import circumstances, costing_notes
from cmswp_xl.report.sheet import UNFUNDED
from cmswp_xl.report.tables import AMOUNTS
from cmswp_xl.report.unfunded import split_unfunded, unfunded_total
from cmswp_xl.schema import load_schemas
from cmswp_xl.wording import label, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    import xlwings as xw

    from cmswp_xl.excel.sheets import Cell
    from cmswp_xl.languages import Words
    from cmswp_xl.report.unfunded import Entry
    from cmswp_xl.totals import Figures, Reckoning


_NAMING = {"id": 12, "area": 12, "number": 10, "priority": 12}
_TITLE = 3
_AMOUNTS = ("cost", "available", "to_be_sought", "pledged")


def write_unfunded(book: xw.Book, reckoning: Reckoning, say: Words) -> str:
    """Write the list anew, amounts in the currency of the programme; gives the sheet's name."""
    blocks = [_sought(reckoning, say)]
    not_costed = split_unfunded(reckoning)[1]
    if not_costed:
        blocks.append(_uncosted(not_costed, say))
    return write_sheet(book, UNFUNDED, say, blocks)


def _sought(reckoning: Reckoning, say: Words) -> Block:
    listed, _ = split_unfunded(reckoning)
    currency = shown(reckoning.programme.settings.currency)
    total = unfunded_total(reckoning)
    notes = [
        say("Funding to be sought, in {currency}", currency=currency),
        *circumstances(reckoning, say),
    ]
    if not listed:
        notes.append(say("No costed activity has money to be sought."))
    notes += costing_notes(total, say) if listed else []
    rows: list[Sequence[Cell]] = [
        (*_named(entry, say), *_amounts(entry.figures, say)) for entry in listed
    ]
    if listed:
        rows.append((say("Total"), "", "", "", "", *_amounts(total, say)))
    columns = [
        *_naming(say),
        *(Column(say(AMOUNTS[name]), 15, AMOUNT) for name in _AMOUNTS),
        Column(say("Funding status"), 18),
    ]
    return Block(notes, columns, rows, {}, {}, [len(listed)] if listed else [])


def _uncosted(entries: Sequence[Entry], say: Words) -> Block:
    note = say.many(
        "{count} activity is not yet costed; what is to be sought for it cannot be told:",
        "{count} activities are not yet costed; what is to be sought for them cannot be told:",
        len(entries),
    )
    return Block([note], _naming(say), [_named(entry, say) for entry in entries], {}, {})


def _naming(say: Words) -> list[Column]:
    activities = load_schemas()["activities"]
    columns = [
        Column(activities.field(name).titles[say.language], width)
        for name, width in _NAMING.items()
    ]
    columns.insert(_TITLE, Column(say("Activity"), 55, wrap=True))
    return columns


def _named(entry: Entry, say: Words) -> tuple[Cell, ...]:
    activity = entry.activity
    priority = label("priority", activity.priority, say) if activity.priority else ""
    return activity.id, activity.area, activity.number, entry.title(say.language), priority


def _amounts(figures: Figures, say: Words) -> tuple[Cell, ...]:
    status = label("funding-status", figures.status, say) if figures.status else ""
    return (*(_number(getattr(figures, name)) for name in _AMOUNTS), status)


def _number(amount: Decimal | None) -> float | None:
    """Give an amount as Excel holds it; blank stays blank."""
    return None if amount is None else float(amount)
