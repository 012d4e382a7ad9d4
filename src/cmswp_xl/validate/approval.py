"""What tells the content of a workbook from any other, and whether it is still as approved."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from cmswp_xl.compare.rows import json_value
from cmswp_xl.tables import cell_text, comparable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cmswp_xl.issues import Issue
    from cmswp_xl.validate.typed import TypedTable

APPROVALS = "approvals"
APART = frozenset({APPROVALS, "comments", "progress"})
"""The tables that are none of the content which is approved."""

_VERSION = 1
"""Goes up when the same content would get another mark."""


def content_mark(typed: Mapping[str, TypedTable]) -> str:
    """
    Return the mark of a content: a version, and a hash of all that is typed, as codes.

    Blank cells, empty tables and columns of the user's own make no difference, and neither do
    looks, languages of words and headings, or who saved the file.
    """
    rows = {
        name: [_typed(table, index) for index in range(len(table))]
        for name, table in sorted(typed.items())
        if len(table) and name not in APART
    }
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{_VERSION}:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _typed(table: TypedTable, index: int) -> dict[str, object]:
    """Return what is typed in a row by field, what does not fit its field as it stands."""
    found: dict[str, object] = {}
    for item in table.schema.inputs():
        if (item.name, index) in table.faulty:
            found[item.name] = cell_text(table.table.columns[item.name][index])
        else:
            found[item.name] = json_value(table.value(item.name, index))
    return {name: value for name, value in found.items() if value is not None}


def changed_since_approval(typed: Mapping[str, TypedTable]) -> Iterator[Issue]:
    """Find approvals, the latest of each role, of another content than the workbook has."""
    approvals = typed.get(APPROVALS)
    if approvals is None or not len(approvals):
        return
    latest = {
        comparable(role): index
        for _, index, role in sorted(
            (day, index, role) for index, role, day in approvals.given("role", "date")
        )
    }
    mark = content_mark(typed)
    for index in sorted(latest.values()):
        content = approvals.value("content", index)
        if content is not None and content != mark:
            values = {name: approvals.value(name, index) for name in ("name", "date")}
            yield approvals.issue("changed-since-approval", "content", index, None, **values)
