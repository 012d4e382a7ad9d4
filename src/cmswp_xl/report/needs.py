"""What is still to be sought, as text for a terminal, and apart from it what is not costed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from cmswp_xl.report.grid import Column, grid, width_of
from cmswp_xl.report.notes import circumstances, costing_notes
from cmswp_xl.report.tables import LONGEST_TITLE, amount_cell, amount_columns
from cmswp_xl.report.terminal import drawn, line
from cmswp_xl.report.unfunded import split_unfunded, unfunded_total
from cmswp_xl.wording import label, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from cmswp_xl.languages import Words
    from cmswp_xl.report.unfunded import Entry
    from cmswp_xl.totals import Figures, Reckoning

WIDE = ("cost", "core", "voluntary", "other", "to_be_sought", "pledged")
SHORT = ("cost", "available", "to_be_sought")


def unfunded_text(reckoning: Reckoning, say: Words, *, colour: bool, width: int) -> str:
    """Show the activities with money to be sought in sheet order, then those not costed."""
    listed, not_costed = split_unfunded(reckoning)
    currency = shown(reckoning.programme.settings.currency)
    title = say("Funding to be sought, in {currency}", currency=currency)
    parts: list[RenderableType] = [line(title, "bold")]
    parts += [line(text) for text in circumstances(reckoning, say)]
    parts.append(Text())
    if listed:
        total = unfunded_total(reckoning)
        parts += [grid(_columns(listed, total, say, width), width), Text()]
        parts += map(line, _notes(listed, total, say))
    else:
        parts.append(line(say("No costed activity has money to be sought.")))
    if not_costed:
        parts += [Text(), line(_not_costed_words(not_costed, say), "bold"), Text()]
        parts.append(grid(_naming(not_costed, say, below=False), width, total=False))
    return drawn(parts, colour=colour, width=width)


def _columns(listed: Sequence[Entry], total: Figures, say: Words, width: int) -> list[Column]:
    figures = [entry.figures for entry in listed]
    priority = Column(say("Priority"), [_priority(entry, say) for entry in listed])
    status = Column(
        say("Funding status"),
        [label("funding-status", entry.figures.status or "", say) for entry in listed],
    )
    wide = [*_naming(listed, say, below=False), priority]
    wide += [*amount_columns(WIDE, figures, total, say), status]
    if width_of(wide) <= width:
        return wide
    return [*_naming(listed, say, below=True), *amount_columns(SHORT, figures, total, say)]


def _naming(entries: Sequence[Entry], say: Words, *, below: bool) -> list[Column]:
    """Name activities by id, number and title; below it priority and what is pledged."""
    names = []
    for entry in entries:
        title = shown(" ".join(entry.title(say.language).split()), LONGEST_TITLE)
        remarks = [_priority(entry, say)]
        if entry.figures.pledged:
            amount = amount_cell(entry.figures.pledged, say)
            remarks.append(say("{amount} pledged", amount=amount))
        name = f"{entry.activity.number} {title}"
        remark = ", ".join(filter(None, remarks))
        names.append(f"{name}\n({remark})" if below and remark else name)
    return [
        Column("", [shown(entry.activity.id) for entry in entries]),
        Column(say("Activity"), names, say("Total"), name=True),
    ]


def _priority(entry: Entry, say: Words) -> str:
    priority = entry.activity.priority
    return label("priority", priority, say) if priority else ""


def _notes(listed: Sequence[Entry], total: Figures, say: Words) -> list[str]:
    notes = [
        say.many(
            "{count} activity has money to be sought.",
            "{count} activities have money to be sought.",
            len(listed),
        ),
        *costing_notes(total, say),
    ]
    if total.pledged:
        notes.append(say("Pledged contributions stand apart; they are not counted as available."))
    return notes


def _not_costed_words(entries: Sequence[Entry], say: Words) -> str:
    return say.many(
        "{count} activity is not yet costed; what is to be sought for it cannot be told:",
        "{count} activities are not yet costed; what is to be sought for them cannot be told:",
        len(entries),
    )
