"""The content of a workbook approved: a row of Approvals in a new workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.errors import Misuse, UnfitData
from cmswp_xl.issues import Severity, count
from cmswp_xl.messages.values import display_text
from cmswp_xl.rollover.period import content_of
from cmswp_xl.rollover.upgrade import carried_over, typed_of
from cmswp_xl.validate.typed import APPROVALS, content_mark

if TYPE_CHECKING:
    import datetime as dt

    from cmswp_xl.languages import Words
    from cmswp_xl.ooxml import Limits
    from cmswp_xl.rollover.period import Row
    from cmswp_xl.rollover.upgrade import Upgrade
    from cmswp_xl.validate import Checked
    from cmswp_xl.xlsx import WorkbookFile


def approval(checked: Checked, workbook: str, role: str, name: str, day: dt.date) -> Row:
    """
    Return the row by which somebody approves the content of a workbook.

    Raises `UnfitData` where it has errors.
    """
    errors = count(checked.issues, Severity.ERROR)
    if errors:
        raise UnfitData("approve-errors", workbook=workbook, errors=errors)
    mark = content_mark(checked.typed)
    return {"role": role.strip(), "name": name.strip(), "date": day, "content": mark}


def approved_by(row: Row, say: Words) -> str:
    """Return in words who approved which content."""
    name = display_text(str(row["name"]), None)
    return say("Approved by {name}: {content}", name=name, content=row["content"])


def approved(
    book: WorkbookFile, checked: Checked, row: Row, limits: Limits | None = None
) -> Upgrade:
    """
    Make the workbook in which the row stands below the approvals that were there.

    Raises `Misuse` for a blank role or name.
    """
    if not (row["role"] and row["name"]):
        raise Misuse("approve-blank")
    typed = typed_of(checked)
    content = content_of(typed)
    content[APPROVALS] = [*content.get(APPROVALS, ()), row]
    return carried_over(book, typed, content, checked.names.language, None, limits)
