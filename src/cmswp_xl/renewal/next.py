"""The next period's workbook, made from that of the period that ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.errors import UnfitData, UnreadableWorkbook
from cmswp_xl.issues import Severity, count
from cmswp_xl.languages import Language
from cmswp_xl.make import carried_titles, make_workbook
from cmswp_xl.pipeline import check_source
from cmswp_xl.renewal.content import content_of
from cmswp_xl.renewal.period import Period, dated_texts, next_period, standing_errors
from cmswp_xl.samples import RowsSource
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import comparable
from cmswp_xl.totals import reckon
from cmswp_xl.xlsx import open_workbook, read_inventory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cmswp_xl.issues import Issue
    from cmswp_xl.renewal.content import Content
    from cmswp_xl.renewal.period import Left
    from cmswp_xl.xlsx import Limits

OWN = frozenset({"unknown-column", "unknown-table", "unknown-sheet"})
"""The issues that mention what people added of their own."""


@dataclass(frozen=True, slots=True)
class NextWorkbook:
    """
    The workbook of the next period.

    `kept` counts the rows that go on by table (for the form, its settings), `left` what stays
    behind, `own` tells of what people added of their own, which stays behind too like the `notes`
    on cells and the sheet of what was `carried` over. `dated` counts by table the texts that name
    a year of the old period.
    """

    data: bytes
    language: Language
    period: Period
    kept: Mapping[str, int]
    left: Mapping[str, Left]
    own: Sequence[Issue]
    notes: int
    carried: str | None
    dated: Mapping[str, int]


def next_workbook(
    path: Path, period: Period, language: Language | None = None, limits: Limits | None = None
) -> NextWorkbook:
    """
    Make the workbook of the next period, in a language or else the programme's original one.

    Raises `UnreadableWorkbook`, and `UnfitData` where what goes on has errors.
    """
    book = open_workbook(path, limits)
    found, remarks = check_source(book, flags=False)
    if not found.typed:
        raise UnreadableWorkbook("not-programme", file=str(path))
    errors = standing_errors(remarks, found.typed)
    if errors:
        raise UnfitData("old-has-errors", workbook=str(path), errors=len(errors))
    schemas = load_schemas()
    old = content_of(found.typed)
    content, left = next_period(old, period)
    chosen = language or Language(content["programme"][0]["original_language"])
    checked, issues = check_source(RowsSource(content, schemas, chosen), flags=False)
    if checked.programme is None:
        number = count(issues, Severity.ERROR)
        raise UnfitData("old-has-errors", workbook=str(path), errors=number)
    stock = read_inventory(book.data, str(path), limits)
    return NextWorkbook(
        data=make_workbook(content, chosen, reckon(checked.programme)),
        language=chosen,
        period=period,
        kept={name: len(r[0]) if schemas[name].form else len(r) for name, r in content.items()},
        left=left,
        own=tuple(issue for issue in remarks if issue.code in OWN),
        notes=sum(len(sheet.notes) for sheet in stock.sheets),
        carried=next((n for n in book.sheet_names() if comparable(n) in carried_titles()), None),
        dated=dated_texts(content, schemas, _period_of(old), period),
    )


def _period_of(content: Content) -> Period | None:
    settings = next(iter(content.get("programme", ())), {})
    first, last = settings.get("period_start"), settings.get("period_end")
    return Period(first, last) if isinstance(first, int) and isinstance(last, int) else None
