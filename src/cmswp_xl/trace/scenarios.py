"""Where the figures of budget scenarios side by side come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.money import ZERO, rounded
from cmswp_xl.totals import reckon
from cmswp_xl.trace.activities import activity_figure
from cmswp_xl.trace.figure import Operation, Part, Rounding, Rule
from cmswp_xl.trace.groups import group_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.context.scenarios import Scenarios
    from cmswp_xl.model import Area
    from cmswp_xl.trace.columns import AmountNotes
    from cmswp_xl.trace.ledger import Ledger

_NAMES = ("cost", "to_be_sought")


def note_scenarios(notes: AmountNotes, part: Scenarios, areas: Sequence[Area]) -> None:
    """Note cost and what is to be sought of every area in each scenario, and what these lower."""
    if not part.heads:
        return
    ledger, programme = notes.ledger, notes.ledger.reckoning.programme
    books: dict[str, Ledger] = {}
    for index, item in enumerate(programme.scenarios):
        root = ("scenario", item.code)
        book = books[item.code] = ledger.beside(root, reckon(programme, item.code))
        for offset, name in enumerate(_NAMES):
            column = 2 * index + offset
            paths = [
                group_figure(
                    book,
                    (*root, "area", area.code),
                    [activity.id for activity in programme.activities_of(area.code)],
                    name,
                )
                for area in areas
            ]
            whole = ledger.sum((*root, "total", name), paths, "sum-areas")
            exact, step = ledger.exact(whole), notes.numbers.step
            shown = exact if exact is None or step is None else rounded(exact, step)
            notes.fits(paths, [row.amounts[column] for row in part.rows], shown, whole)
            how = None if step is None else Rounding("rounded", step)
            ledger.note(whole, part.total.amounts[column], shown, how)
    _differences(notes, books, areas)


def _differences(notes: AmountNotes, books: dict[str, Ledger], areas: Sequence[Area]) -> None:
    """Note by how much the other scenarios are below or above the highest, as sentences say."""
    ledger, programme = notes.ledger, notes.ledger.reckoning.programme
    keys = [a.id for area in areas for a in programme.activities_of(area.code)]
    costs = {code: ledger.exact(("scenario", code, "total", "cost")) or ZERO for code in books}
    highest = max(costs, key=lambda code: costs[code])
    for code, book in books.items():
        for key in keys if code != highest else ():
            first = activity_figure(books[highest], key, "cost")
            second = activity_figure(book, key, "cost")
            before, after = ledger.exact(first), ledger.exact(second)
            if before == after:
                continue
            sign = 1 if (before or ZERO) >= (after or ZERO) else -1
            path = ledger.enter(
                ("scenario", code, "activity", key, "difference"),
                Operation.SUM,
                [Rule("scenario-difference")],
                parts=[Part(first, sign), Part(second, -sign)],
            )
            notes.alone(path, table=False)
