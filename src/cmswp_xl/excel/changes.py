"""What has changed since the last check, by the sheet that it wrote."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from cmswp_xl.excel.book import values_of
from cmswp_xl.issues import SEVERITIES
from cmswp_xl.messages.ribbon import PANE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import xlwings as xw

    from cmswp_xl.annotate.report import ReportRow
    from cmswp_xl.languages import Words

_SHEET, _CODE = 1, 8
_CONTENT = (_SHEET, 3, 4, 7, _CODE)
"""What an issue is known by: sheet, column, value, row, code; neither cell nor message."""


def changes_since(sheet: xw.Sheet | None, rows: Iterable[ReportRow], say: Words) -> list[str]:
    """Say how many issues of the last check are gone, and how many new; nothing if not known."""
    before = None if sheet is None else _listed(sheet)
    if before is None:
        return []
    now = _counted(row.texts() for row in rows)
    corrected, new = (before - now).total(), (now - before).total()
    text = PANE["changed" if corrected or new else "unchanged"]
    return [say(text, corrected=corrected, new=new)]


def _listed(sheet: xw.Sheet) -> Counter[tuple[str, ...]] | None:
    """Count the issues on the sheet of the last check; None for the sheet of an older version."""
    used = sheet.used_range
    area = sheet.range((1, 1), (used.row + used.rows.count - 1, _CODE + 1))
    rows = [[str(value or "") for value in row] for row in values_of(area)]
    counted = _counted(rows)
    return None if not counted and any(row[_SHEET] for row in rows) else counted


def _counted(rows: Iterable[Sequence[str]]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(row[at] for at in _CONTENT) for row in rows if row[_CODE] in SEVERITIES)
