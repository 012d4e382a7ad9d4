"""Totals as text for a terminal: all columns where there is room, else in two tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from cmswp_xl.languages import N_
from cmswp_xl.report.grid import Column, grid, width_of
from cmswp_xl.report.notes import COSTED, circumstances, costed_words, heading, total_notes
from cmswp_xl.report.terminal import drawn, line
from cmswp_xl.wording import amounts_in, label, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from rich.console import RenderableType

    from cmswp_xl.languages import Words
    from cmswp_xl.totals import Figures, Reckoning, Row

NIL = "–"

AMOUNTS = {
    "cost": N_("Cost"),
    "core": N_("Core budget"),
    "voluntary": N_("Voluntary contributions"),
    "other": N_("Other sources"),
    "available": N_("Available"),
    "to_be_sought": N_("To be sought"),
    "surplus": N_("Surplus"),
    "pledged": N_("Pledged"),
    "in_kind": N_("In kind"),
}
WIDE = ("cost", "core", "voluntary", "other", "to_be_sought", "surplus", "pledged", "in_kind")
SHORT = ("cost", "available", "to_be_sought")
PARTS = ("core", "voluntary", "other", "pledged", "in_kind")
_SPARE = frozenset({"other", "surplus", "pledged", "in_kind"})
"""Columns that are left out where they hold nothing but nil."""

LONGEST_TITLE = 100
"""Longer titles are cut on a terminal, where figures are what counts."""

_KEYED = frozenset({"activity", "area", "recommendation", "source", "donor"})
UNNAMED = {
    "priority": N_("no priority"),
    "recommendation": N_("no recommendation"),
    "year": N_("whole period"),
    "donor": N_("no donor named"),
    "category": N_("no category"),
}


def totals_text(reckoning: Reckoning, by: str, say: Words, *, colour: bool, width: int) -> str:
    """Show the totals by one of the groupings; ValueError where there is no such grouping."""
    rows = reckoning.rows(by)
    parts: list[RenderableType] = [line(heading(reckoning, by, say), "bold")]
    parts += [line(text) for text in circumstances(reckoning, say)]
    if not rows:
        parts += [Text(), line(say("There is nothing to show."))]
    for columns in _layouts(reckoning, rows, by, say, width) if rows else ():
        parts += [Text(), grid(columns, width)]
    notes = list(total_notes(reckoning, by, say))
    parts += [Text(), *map(line, notes)] if notes else []
    return drawn(parts, colour=colour, width=width)


def amount_cell(amount: Decimal | None, say: Words) -> str:
    """Show an amount: blank where not known, a dash where nil."""
    if amount is None:
        return ""
    return amounts_in(say.language).money(amount) if amount else NIL


def amount_columns(
    names: Iterable[str], rows: Sequence[Figures], total: Figures, say: Words
) -> list[Column]:
    """Give amount columns; some of those that hold nothing are left out."""
    columns = []
    for name in names:
        amounts = [getattr(figures, name) for figures in rows]
        whole = getattr(total, name)
        if name in _SPARE and not whole and not any(amounts):
            continue
        cells = [amount_cell(amount, say) for amount in amounts]
        columns.append(Column(say(AMOUNTS[name]), cells, amount_cell(whole, say), amount=True))
    return columns


def _layouts(
    reckoning: Reckoning, rows: Sequence[Row], by: str, say: Words, width: int
) -> list[list[Column]]:
    """Give the columns of one table if they fit, else those of a short one and of its parts."""
    figures, total = [row.figures for row in rows], reckoning.total
    keys = [Column("", [shown(row.key) for row in rows])] if by in _KEYED else []
    names = [_name(reckoning, row, by, say) for row in rows]
    wide = [*keys, _naming(names, [_costing(row, by, say) for row in figures], by, say)]
    wide += amount_columns(_given(WIDE, by), figures, total, say)
    if by == "activity":
        statuses = [_status(row.figures, say) for row in rows]
        wide.append(Column(say("Funding status"), statuses))
    if width_of(wide) <= width:
        return [wide]
    short = [*keys, _naming(names, [_remark(row, by, say) for row in figures], by, say)]
    short += amount_columns(_given(SHORT, by), figures, total, say)
    parts = amount_columns(_given(PARTS, by), figures, total, say)
    if not any(column.total for column in parts):
        return [short]
    left = [shown(row.key) or name for row, name in zip(rows, names, strict=True)]
    return [short, [Column("", left if keys else names, say("Total")), *parts]]


def _given(names: Iterable[str], by: str) -> list[str]:
    """Choose the columns that a grouping can have: sources have no cost, categories only that."""
    if by == "category":
        return [name for name in names if name == "cost"]
    both = by in COSTED
    return [name for name in names if both or name not in ("cost", "to_be_sought", "surplus")]


def _naming(names: Sequence[str], remarks: Sequence[str], by: str, say: Words) -> Column:
    """Make the column of names, each with its remark on a line below."""
    cells = [f"{name}\n{remark}".rstrip() for name, remark in zip(names, remarks, strict=True)]
    grouping = label("grouping", by, say)
    return Column(grouping[:1].upper() + grouping[1:], cells, say("Total"), name=True)


def _name(reckoning: Reckoning, row: Row, by: str, say: Words) -> str:
    if not row.key and by in UNNAMED:
        return say(UNNAMED[by])
    if by in ("priority", "category"):
        return label(by, row.key, say)
    if row.title is None:
        return row.key
    title = row.title.best(say.language, reckoning.programme.settings.original_language)
    flat = shown(" ".join(title.split()), LONGEST_TITLE)
    return f"{row.number} {flat}" if row.number and row.number != row.key else flat


def _costing(figures: Figures, by: str, say: Words) -> str:
    """Say of a group what part of it is costed, where not all is."""
    if by == "activity" or by not in COSTED or not figures.not_costed:
        return ""
    if figures.not_costed == figures.activities:
        return f"({label('funding-status', 'not-costed', say)})"
    return f"({costed_words(figures, say).rstrip('.')})"


def _remark(figures: Figures, by: str, say: Words) -> str:
    """Say also what a narrow table has no column for: the status, and what is too much."""
    lines = [f"({_status(figures, say)})" if by == "activity" else _costing(figures, by, say)]
    if figures.surplus:
        lines.append(say("(surplus {amount})", amount=amount_cell(figures.surplus, say)))
    return "\n".join(filter(None, lines))


def _status(figures: Figures, say: Words) -> str:
    status = label("funding-status", figures.status or "", say)
    return say("{status}; costed in part", status=status) if figures.partial else status
