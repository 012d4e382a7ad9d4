"""
What changed between two versions of a workbook, as people think about it.

Rows are matched by their keys, or by what identifies them where they have none, whatever their
order; what somebody typed is told apart from what follows from it in sums. Internal fields are
named where they changed and their values never given.
"""

from cmswp_xl.compare.comparison import (
    ActivityGroup,
    AreaGroup,
    Change,
    Code,
    Comparison,
    FigureChange,
    Grouped,
    Level,
    RowChange,
    Undrawn,
    compare,
    grouped,
    keyed,
)
from cmswp_xl.compare.values import (
    Piece,
    Row,
    Rows,
    Value,
    Version,
    excerpt,
    plain,
    worded_pieces,
)

__all__ = [
    "ActivityGroup",
    "AreaGroup",
    "Change",
    "Code",
    "Comparison",
    "FigureChange",
    "Grouped",
    "Level",
    "Piece",
    "Row",
    "RowChange",
    "Rows",
    "Undrawn",
    "Value",
    "Version",
    "compare",
    "excerpt",
    "grouped",
    "keyed",
    "plain",
    "worded_pieces",
]
