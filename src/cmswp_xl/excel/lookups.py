"""The figure of one activity, or of each in a range of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import ErrorValue
from cmswp_xl.errors import Misuse
from cmswp_xl.excel.answers import BLANK, refusal
from cmswp_xl.excel.matrices import matrix
from cmswp_xl.languages import Language, Words
from cmswp_xl.tables import comparable, is_blank
from cmswp_xl.totals import Figures

if TYPE_CHECKING:
    from collections.abc import Callable

    from cmswp_xl.cells import Raw
    from cmswp_xl.excel.answers import Cell
    from cmswp_xl.totals import Reckoning

NO_FIGURES = Figures(status="not-costed")


def figure_of(
    activity: Any,
    reckoning: Reckoning,
    answer: Callable[[Figures], Cell],
    *,
    whole: bool = False,
    words: Words | None = None,
) -> Any:
    """
    Answer for one activity, or for each of a range of them in a cell of its own.

    `whole` says that all activities are known, so that an unknown one is told; otherwise it is
    one without rows. Refusals are worded in `words`, or else in English.
    """
    figures = {comparable(name): found for name, found in reckoning.by_activity.items()}

    def one(cell: Raw) -> Cell:
        if isinstance(cell, ErrorValue):
            return cell.text
        if is_blank(cell):
            return BLANK
        if not isinstance(cell, str):
            raise Misuse("not-activity")
        found = figures.get(comparable(cell))
        if found is None and whole:
            raise Misuse("unknown-activity", activity=cell)
        return answer(found or NO_FIGURES)

    cells = matrix(activity, "activity")
    if cells.single:
        return one(cells.rows[0][0])
    say = words or Words(Language.EN)
    return [[_told(one, cell, say) for cell in row] for row in cells.rows]


def _told(one: Callable[[Raw], Cell], cell: Raw, say: Words) -> Cell:
    """Answer in the cell of its own, so that one bad id does not hide the rest."""
    try:
        return one(cell)
    except Misuse as error:
        return refusal(error, say)
