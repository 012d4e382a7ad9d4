"""From a recommendation to the activity that carries it out, its cost and its funding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cmswp_xl.context.lines import Columns, grouped_tree
from cmswp_xl.context.rows import AmountRow, RowPrinter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.context.printer import Printer
    from cmswp_xl.context.rows import ActivityRow, Notes
    from cmswp_xl.model import Activity
    from cmswp_xl.totals import Figures


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A recommendation by its number, and the activity that carries it out."""

    recommendation: str
    activity: ActivityRow


@dataclass(frozen=True, slots=True)
class Chain:
    """The table of recommendations with their activities; `empty` is said where there is none."""

    caption: str
    empty: str
    kind_heads: tuple[str, ...]
    rows: tuple[ChainRow, ...]
    total: AmountRow | None
    notes: tuple[tuple[str, str], ...]
    statements: tuple[str, ...]


def linked_activities(printer: Printer) -> tuple[Activity, ...]:
    """Give the activities that carry out a recommendation, each once, in the programme's order."""
    linked = {item.activity for item in printer.review.recommendations}
    return tuple(a for a in printer.reckoning.programme.activities if a.id in linked)


def chain_part(printer: Printer, labels: Mapping[str, str]) -> Chain:
    """Word the chain of a review; its total counts an activity once."""
    say = printer.say
    caption = say("Recommendations, activities and funding")
    activities = linked_activities(printer)
    if not activities:
        empty = say("No recommendation is tied to an activity of the programme of work yet.")
        return Chain(caption, empty, (), (), None, (), ())
    figures = printer.reckoning.of(activities)
    kinds = ("core", "voluntary", "other") if figures.other else ("core", "voluntary")
    columns = Columns((), kinds)
    tree = grouped_tree(printer.reckoning, {"": activities}, columns, printer.numbers.step)
    rows = RowPrinter(printer.reckoning, tree, printer.numbers, printer.texts, say)
    notes = rows.notes()
    lines = tuple(_rows(printer, rows, activities, notes))
    total = AmountRow(
        say("Total"),
        rows.costed(figures),
        rows.amounts("total", "", at_least=bool(figures.partial)),
        rows.reconciliation(figures, tree.shown["total"][""]),
    )
    return Chain(
        caption,
        "",
        tuple(labels[kind] for kind in kinds),
        lines,
        total,
        notes.listed(),
        tuple(_statements(printer, rows)),
    )


def _rows(
    printer: Printer, rows: RowPrinter, activities: Sequence[Activity], notes: Notes
) -> Iterator[ChainRow]:
    """Give a row for each recommendation with an activity, in the order of the register."""
    by_id = {activity.id: activity for activity in activities}
    named = linked_numbers(printer)
    for item in printer.review.recommendations:
        if item.activity is None:
            continue
        activity = by_id[item.activity]
        row = rows.activity(activity, notes)
        mark = row.mark or _not_costed(printer, activity)
        letters = [row.notes] if row.notes else []
        if len(named[activity.id]) > 1:
            together = ", ".join(named[activity.id])
            text = printer.say(
                "One activity for recommendations {numbers}; it counts once in the total.",
                numbers=together,
            )
            letters.append(notes.letter(text))
        yield ChainRow(item.number, replace(row, mark=mark, notes=", ".join(letters)))


def _not_costed(printer: Printer, activity: Activity) -> str:
    status = printer.reckoning.by_activity[activity.id].status
    return printer.say("Not yet costed") if status == "not-costed" else ""


def linked_numbers(printer: Printer) -> Mapping[str, list[str]]:
    """Give the numbers of the recommendations of each activity."""
    named: dict[str, list[str]] = {}
    for item in printer.review.recommendations:
        if item.activity is not None:
            named.setdefault(item.activity, []).append(item.number)
    return named


def _statements(printer: Printer, rows: RowPrinter) -> Iterator[str]:
    """Say in words what the table does not show in figures, by recommendation."""
    say, named = printer.say, linked_numbers(printer)
    yield say("The total counts each activity once, however many recommendations it carries out.")
    figures: dict[str, Figures] = {}
    uncosted: list[str] = []
    for key, numbers in named.items():
        found = printer.reckoning.by_activity[key]
        figures[printer.numbered(numbers)] = found
        if found.status == "not-costed":
            uncosted += numbers
    if uncosted:
        yield say(
            "The activity is not yet costed: {numbers}. Blank does not mean nil.",
            numbers=printer.numbered(uncosted),
        )
    yield from rows.apart(figures)
    without = [r.number for r in printer.review.recommendations if r.acts and not r.activity]
    if without:
        yield say("Not tied to an activity: {numbers}.", numbers=printer.numbered(without))
