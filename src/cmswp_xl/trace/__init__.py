"""Where every printed figure comes from: its cells, its rule, and the figures it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from cmswp_xl.documents import module_of
from cmswp_xl.figures.explanation import Cell, traced
from cmswp_xl.printed import FigureText
from cmswp_xl.registry import DOCUMENTS
from cmswp_xl.trace.totals import totals_printed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cmswp_xl.figures.explanation import Explainer, Trace
    from cmswp_xl.languages import Language
    from cmswp_xl.printed import Printed
    from cmswp_xl.validate import Checked, TypedTable

__all__ = ["TRACED", "places_of", "trace", "walk"]

TRACED = (*DOCUMENTS, "totals")
"""What has figures to trace: the documents, and what the command `totals` shows."""


@dataclass(frozen=True, slots=True)
class Cells:
    """
    The cells behind a programme.

    Rows are counted as the programme has them, from 0; `kept` has the row of the table for each.
    """

    typed: Mapping[str, TypedTable]
    kept: Mapping[str, Sequence[int]]

    def cell(self, table: str, index: int, name: str, /) -> Cell | None:
        """Return the cell of a field; None where the workbook has no such column."""
        typed = self.typed[table]
        row = self.kept[table][index]
        place = typed.table.place(name, row)
        if place is None:
            return None
        value, heading = typed.column(name)[row], typed.table.headings[name]
        return Cell(typed.table.sheet, *place, table, name, value, heading)


def places_of(checked: Checked) -> Cells:
    """Return the cells of a programme without errors; ValueError where there is none."""
    if checked.draft is None or checked.programme is None:
        raise ValueError
    return Cells(checked.typed, checked.draft.kept)


def trace(
    explainer: Explainer,
    document: str,
    language: Language,
    areas: Sequence[str] = (),
    content: Any = None,
) -> Trace:
    """
    Trace every figure that a document prints in a language; KeyError for an unknown document.

    `areas` are those of an extract of the annex, `content` is what the document prints where
    that is at hand. An explainer is for one document, in any languages.
    """
    totals = explainer.totals
    if document == "totals":
        return traced(document, totals_printed(totals), explainer)
    if content is None:
        content, _ = module_of(document).content(totals, language, areas)
    return traced(document, walk(content), explainer)


def walk(content: Any) -> Iterator[Printed]:
    """Return every printed figure of a content in its order."""
    if isinstance(content, FigureText):
        yield from content.parts
    elif isinstance(content, str):
        return
    elif isinstance(content, tuple | list):
        for item in content:
            yield from walk(item)
    elif isinstance(content, Mapping):
        yield from walk(tuple(content.values()))
    elif is_dataclass(content):
        for field in fields(content):
            yield from walk(getattr(content, field.name))
