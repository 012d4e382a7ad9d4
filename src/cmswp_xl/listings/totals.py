"""The totals by a grouping, and the activities that still need money, in every form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from cmswp_xl.figures.totals import Figures, ProgrammeTotals, Row, summed
from cmswp_xl.languages import Language, Words
from cmswp_xl.listings.listing import (
    Column,
    Listing,
    amount_cell,
    amount_texts,
    drawn,
    grid,
    line,
    width_of,
)
from cmswp_xl.messages.labels import KINDS, agreement, capital, label
from cmswp_xl.messages.values import amounts_in, display_text
from cmswp_xl.model import Activity
from cmswp_xl.money import ZERO, total
from cmswp_xl.trace import AMOUNTS

if TYPE_CHECKING:
    from rich.console import RenderableType


@dataclass(frozen=True, slots=True)
class Entry:
    """An activity with its figures; `original` is the language its title falls back to."""

    activity: Activity
    figures: Figures
    original: Language

    def title(self, language: Language) -> str:
        """Return the title of the activity."""
        return self.activity.title.best(language, self.original)


def split_unfunded(totals: ProgrammeTotals) -> tuple[list[Entry], list[Entry]]:
    """Return the activities with money to be sought, and those not costed, in sheet order."""
    original = totals.programme.settings.original_language
    entries = [
        Entry(activity, totals.by_activity[activity.id], original)
        for activity in totals.programme.activities
    ]
    return (
        [entry for entry in entries if entry.figures.to_be_sought],
        [entry for entry in entries if entry.figures.cost is None],
    )


def unfunded_total(totals: ProgrammeTotals) -> Figures:
    """Add up the activities with money to be sought."""
    return summed(entry.figures for entry in split_unfunded(totals)[0])


UNFUNDED_AMOUNTS = AMOUNTS[:-1]
_NAMING = ("key", "area", "number", "title", "priority")
_COUNTS = ("status", "activities", "not_costed")


def totals_listing(totals: ProgrammeTotals, by: str, language: Language) -> Listing:
    """Return the totals by one of the groupings; ValueError where there is no such grouping."""
    settings = totals.programme.settings
    rows = [
        (
            row.key,
            row.number,
            row.title.best(language, settings.original_language) if row.title else None,
            *_values(row.figures).values(),
        )
        for row in totals.rows(by)
    ]
    about = {"currency": settings.currency, "by": by, "scenario": totals.scenario}
    keys = ("key", "number", "title", *AMOUNTS, *_COUNTS)
    return Listing(keys, rows, about, _values(totals.total), amounts=AMOUNTS)


def _values(figures: Figures) -> dict[str, object]:
    counts = {name: getattr(figures, name) for name in _COUNTS}
    return {**amount_texts(figures, AMOUNTS), **counts}


def unfunded_listing(totals: ProgrammeTotals, language: Language) -> Listing:
    """Return the activities with money to be sought; apart, without amounts, those not costed."""
    listed, not_costed = (
        [_unfunded_row(entry, language) for entry in entries] for entries in split_unfunded(totals)
    )
    counts = {"activities": len(listed), "not_costed": len(not_costed)}
    return Listing(
        (*_NAMING, *UNFUNDED_AMOUNTS, "status"),
        listed,
        {"currency": totals.programme.settings.currency, "scenario": totals.scenario},
        {**amount_texts(unfunded_total(totals), UNFUNDED_AMOUNTS), **counts},
        {"not_costed": not_costed},
        len(_NAMING),
        UNFUNDED_AMOUNTS,
    )


def _unfunded_row(entry: Entry, language: Language) -> tuple[object, ...]:
    activity, figures = entry.activity, entry.figures
    amounts = amount_texts(figures, UNFUNDED_AMOUNTS).values()
    known = amounts if figures.to_be_sought else [None] * len(amounts)
    named = activity.id, activity.area, activity.number, entry.title(language), activity.priority
    return (*named, *known, figures.status)


COSTED = frozenset({"activity", "area", "priority", "recommendation", "year"})
"""The groupings whose rows have both cost and funding."""


def circumstances(totals: ProgrammeTotals, say: Words) -> Iterator[str]:
    """Say what the figures rest on: the scenario, and that they are only illustrative."""
    if totals.scenario:
        yield say("Scenario: {scenario}.", scenario=display_text(totals.scenario))
    if totals.programme.settings.illustrative:
        yield say("The figures are illustrative.")


def total_notes(totals: ProgrammeTotals, by: str, say: Words) -> Iterator[str]:
    """Say what a reader of the totals must know."""
    figures = totals.total
    if by in COSTED:
        yield from costing_notes(figures, say)
    if by == "recommendation":
        yield say(
            "An activity under several recommendations is listed under each of them; the total"
            " counts it once."
        )
    if by == "year":
        yield say(
            "No money is moved from one year to another, so the yearly amounts to be sought may"
            " together exceed the amount for the period. The total is that of the period."
        )
    elif by in COSTED:
        yield from _reconciliation(figures, say)
    if by in COSTED or by == "category":
        yield from _support_costs(totals, say)
    if by != "category" and (figures.pledged or figures.in_kind):
        yield say(
            "Pledged and in-kind contributions are shown separately and are not counted as"
            " available."
        )


def costing_notes(figures: Figures, say: Words) -> Iterator[str]:
    """Say how many of some activities are costed, and how many of them only in part."""
    costed = figures.activities - figures.not_costed
    if figures.activities and not costed:
        yield say("Not yet costed.")
    elif figures.not_costed:
        yield say(
            "Activities costed: {costed} of {activities}.",
            costed=costed,
            activities=figures.activities,
        )
    if figures.partial:
        yield say.many(
            "{count} activity is costed only in part: the cost is at least the amount shown.",
            "{count} activities are costed only in part: the cost is at least the amount shown.",
            figures.partial,
        )


def _reconciliation(figures: Figures, say: Words) -> Iterator[str]:
    """Explain why cost less available is not what is to be sought, where it is not."""
    if figures.reconciled or figures.cost is None:
        return
    money = amounts_in(say.language).money
    yield say(
        agreement(figures.surplus, figures.uncosted),
        cost=money(figures.cost),
        available=money(figures.available or ZERO),
        surplus=money(figures.surplus or ZERO),
        uncosted=money(figures.uncosted),
        sought=money(figures.to_be_sought or ZERO),
    )


def _support_costs(totals: ProgrammeTotals, say: Words) -> Iterator[str]:
    support = totals.support_costs()
    if support is None or totals.total.cost is None:
        return
    amounts = amounts_in(say.language)
    yield say(
        "Programme support costs, {rate} per cent of {excluded}: {support}. Grand total: {total}.",
        rate=amounts.number(totals.programme.settings.support_cost_rate or ZERO),
        excluded=amounts.money(totals.total.excluded),
        support=amounts.money(support),
        total=amounts.money(total([totals.total.cost, support])),
    )


TITLES = KINDS["amount"]
WIDE = ("cost", "core", "voluntary", "other", "to_be_sought", "surplus", "pledged", "in_kind")
SHORT = ("cost", "available", "to_be_sought")
PARTS = ("core", "voluntary", "other", "pledged", "in_kind")
_SPARE = frozenset({"other", "surplus", "pledged", "in_kind"})
"""Columns that are left out where they hold nothing but nil."""

LONGEST_TITLE = 100
"""Longer titles are cut on a terminal, where figures are what counts."""

_KEYED = frozenset({"activity", "area", "recommendation", "source", "donor"})
UNNAMED = KINDS["no-group"]


def totals_text(totals: ProgrammeTotals, by: str, say: Words, *, colour: bool, width: int) -> str:
    """Show the totals by one of the groupings; ValueError where there is no such grouping."""
    rows = totals.rows(by)
    title = say(
        "Totals by {grouping}, in {currency}",
        grouping=label("grouping", by, say),
        currency=display_text(totals.programme.settings.currency),
    )
    parts: list[RenderableType] = [line(title, "bold")]
    parts += [line(text) for text in circumstances(totals, say)]
    if not rows:
        parts += [Text(), line(say("There is nothing to show."))]
    for columns in _layouts(totals, rows, by, say, width) if rows else ():
        parts += [Text(), grid(columns, width)]
    notes = list(total_notes(totals, by, say))
    parts += [Text(), *map(line, notes)] if notes else []
    return drawn(parts, colour=colour, width=width)


def amount_columns(
    names: Iterable[str], rows: Sequence[Figures], total: Figures, say: Words
) -> list[Column]:
    """Return amount columns; some of those that hold nothing are left out."""
    columns = []
    for name in names:
        amounts = [getattr(figures, name) for figures in rows]
        whole = getattr(total, name)
        if name in _SPARE and not whole and not any(amounts):
            continue
        cells = [amount_cell(amount, say) for amount in amounts]
        columns.append(Column(say(TITLES[name]), cells, amount_cell(whole, say), amount=True))
    return columns


def _layouts(
    totals: ProgrammeTotals, rows: Sequence[Row], by: str, say: Words, width: int
) -> list[list[Column]]:
    """Return the columns of one table if they fit, else those of a short one and of its parts."""
    figures, total = [row.figures for row in rows], totals.total
    keys = [Column("", [display_text(row.key) for row in rows])] if by in _KEYED else []
    names = [_name(totals, row, by, say) for row in rows]

    def table(
        remark: Callable[[Figures, str, Words], str], amounts: Sequence[str]
    ) -> list[Column]:
        """Return columns of keys, of names with a remark on a line below each, and of amounts."""
        remarks = (remark(row, by, say) for row in figures)
        cells = [f"{name}\n{said}".rstrip() for name, said in zip(names, remarks, strict=True)]
        named = Column(capital(label("grouping", by, say)), cells, say("Total"), name=True)
        return [*keys, named, *amount_columns(_given(amounts, by), figures, total, say)]

    wide = table(_costing, WIDE)
    if by == "activity":
        statuses = [_status(row.figures, say) for row in rows]
        wide.append(Column(say("Funding status"), statuses))
    if width_of(wide) <= width:
        return [wide]
    short = table(_remark, SHORT)
    parts = amount_columns(_given(PARTS, by), figures, total, say)
    if not any(column.total for column in parts):
        return [short]
    left = [display_text(row.key) or name for row, name in zip(rows, names, strict=True)]
    return [short, [Column("", left if keys else names, say("Total")), *parts]]


def _given(names: Iterable[str], by: str) -> list[str]:
    """Choose the columns that a grouping can have: sources have no cost, categories only that."""
    if by == "category":
        return [name for name in names if name == "cost"]
    both = by in COSTED
    return [name for name in names if both or name not in ("cost", "to_be_sought", "surplus")]


def _name(totals: ProgrammeTotals, row: Row, by: str, say: Words) -> str:
    if not row.key and by in UNNAMED:
        return say(UNNAMED[by])
    if by in ("priority", "category"):
        return label(by, row.key, say)
    if row.title is None:
        return row.key
    title = row.title.best(say.language, totals.programme.settings.original_language)
    flat = display_text(" ".join(title.split()), LONGEST_TITLE)
    return f"{row.number} {flat}" if row.number and row.number != row.key else flat


def _costing(figures: Figures, by: str, say: Words) -> str:
    """Say of a group what part of it is costed, where not all is."""
    if by == "activity" or by not in COSTED or not figures.not_costed:
        return ""
    if figures.not_costed == figures.activities:
        return f"({label('funding-status', 'not-costed', say)})"
    return say(
        "(activities costed: {costed} of {count})",
        costed=figures.activities - figures.not_costed,
        count=figures.activities,
    )


def _remark(figures: Figures, by: str, say: Words) -> str:
    """Say also what a narrow table has no column for: the status, and what is too much."""
    lines = [f"({_status(figures, say)})" if by == "activity" else _costing(figures, by, say)]
    if figures.surplus:
        lines.append(say("(surplus {amount})", amount=amount_cell(figures.surplus, say)))
    return "\n".join(filter(None, lines))


def _status(figures: Figures, say: Words) -> str:
    status = label("funding-status", figures.status or "", say)
    return say("{status}; costed in part", status=status) if figures.partial else status


_WIDE_NEEDS = ("cost", "core", "voluntary", "other", "to_be_sought", "pledged")


def unfunded_text(totals: ProgrammeTotals, say: Words, *, colour: bool, width: int) -> str:
    """Show the activities with money to be sought in sheet order, then those not costed."""
    listed, not_costed = split_unfunded(totals)
    currency = display_text(totals.programme.settings.currency)
    title = say("Funding to be sought, in {currency}", currency=currency)
    parts: list[RenderableType] = [line(title, "bold")]
    parts += [line(text) for text in circumstances(totals, say)]
    parts.append(Text())
    if listed:
        total = unfunded_total(totals)
        parts += [grid(_columns(listed, total, say, width), width), Text()]
        parts += map(line, _notes(listed, total, say))
    else:
        parts.append(line(say("No funding is to be sought for the costed activities.")))
    if not_costed:
        parts += [Text(), line(not_costed_words(not_costed, say), "bold"), Text()]
        parts.append(grid(_needs_naming(not_costed, say), width))
    return drawn(parts, colour=colour, width=width)


def not_costed_words(entries: Sequence[Entry], say: Words) -> str:
    """Say how many activities are not costed, above their list."""
    return say.many(
        "{count} activity is not yet costed; the funding to be sought for it is not known:",
        "{count} activities are not yet costed; the funding to be sought for them is not known:",
        len(entries),
    )


def _columns(listed: Sequence[Entry], total: Figures, say: Words, width: int) -> list[Column]:
    figures = [entry.figures for entry in listed]
    priority = Column(say("Priority"), [_priority(entry, say) for entry in listed])
    status = Column(
        say("Funding status"),
        [label("funding-status", entry.figures.status or "", say) for entry in listed],
    )
    wide = [*_needs_naming(listed, say, say("Total")), priority]
    wide += [*amount_columns(_WIDE_NEEDS, figures, total, say), status]
    if width_of(wide) <= width:
        return wide
    return [
        *_needs_naming(listed, say, say("Total"), below=True),
        *amount_columns(SHORT, figures, total, say),
    ]


def _needs_naming(
    entries: Sequence[Entry], say: Words, total: str = "", *, below: bool = False
) -> list[Column]:
    """Name activities by id, number and title; below it priority and what is pledged."""
    names = []
    for entry in entries:
        title = display_text(" ".join(entry.title(say.language).split()), LONGEST_TITLE)
        remarks = [_priority(entry, say)]
        if entry.figures.pledged:
            amount = amount_cell(entry.figures.pledged, say)
            remarks.append(say("{amount} pledged", amount=amount))
        name = f"{entry.activity.number} {title}"
        remark = say(", ").join(filter(None, remarks))
        names.append(f"{name}\n({remark})" if below and remark else name)
    return [
        Column("", [display_text(entry.activity.id) for entry in entries]),
        Column(say("Activity"), names, total, name=True),
    ]


def _priority(entry: Entry, say: Words) -> str:
    priority = entry.activity.priority
    return label("priority", priority, say) if priority else ""


def _notes(listed: Sequence[Entry], total: Figures, say: Words) -> Iterator[str]:
    yield say.many(
        "{count} activity has funding to be sought.",
        "{count} activities have funding to be sought.",
        len(listed),
    )
    yield from costing_notes(total, say)
    if total.pledged:
        yield say("Pledged contributions are shown separately and are not counted as available.")
