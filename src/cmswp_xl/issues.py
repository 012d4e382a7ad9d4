"""What is wrong with the data, where, and how grave: the issue as a value, never an exception."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from cmswp_xl.resources import texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cmswp_xl.languages import Names


class Severity(StrEnum):
    """How grave an issue is: an error stops documents, a warning or information does not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


SEVERITIES: dict[str, Severity] = {
    code: Severity(entry["severity"]) for code, entry in texts("issues").items()
}
"""Every code, with its usual severity. Codes are words, stable, and never renamed."""


Spot = tuple[str, str, str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Issue:
    """
    One finding at one place.

    `table` and `column` are the stable lower-case names of the schemas, `sheet` and `cell` what
    the user sees; `value` is what stands there as text. `place` (sheet, row, column, counted from
    0 or 1) orders issues and is not shown. `names` are those of the workbook it was found in,
    `key` is the id or code of its row, and `cause` the spot of the issue that it follows from.
    """

    code: str
    severity: Severity
    sheet: str
    cell: str | None
    table: str
    column: str | None
    value: str | None = None
    values: dict[str, object] = field(default_factory=dict)
    place: tuple[int, int, int] = (0, 0, 0)
    names: Names | None = field(default=None, compare=False, repr=False)
    cause: Spot | None = field(default=None, compare=False, repr=False)
    key: str = field(default="", compare=False, repr=False)

    @property
    def spot(self) -> Spot:
        """What another issue names as its cause."""
        return self.code, self.table, self.sheet, self.cell, self.column


def in_sheet_order(issues: Iterable[Issue]) -> list[Issue]:
    """
    Sort issues by sheet, row, column and code, each once, with what follows from one after it.

    What follows from an issue is no cause itself.
    """
    seen: dict[tuple[object, ...], Issue] = {}
    for issue in issues:
        key: tuple[object, ...] = (issue.code, issue.sheet, issue.cell, issue.table, issue.column)
        if issue.cell is None:
            key = (*key, *sorted(str(value) for value in issue.values.values()))
        seen.setdefault(key, issue)
    ordered = sorted(
        seen.values(), key=lambda issue: (issue.place, issue.code, issue.column or "")
    )
    causes: dict[Spot | None, int] = {issue.spot: rank for rank, issue in enumerate(ordered)}
    ranks = {id(issue): causes.get(issue.cause, rank) for rank, issue in enumerate(ordered)}
    return sorted(ordered, key=lambda issue: (ranks[id(issue)], issue.cause in causes))


def with_following(issues: Iterable[Issue]) -> list[tuple[Issue, list[Issue]]]:
    """Return the issues, in order, that follow from no other, each with those that follow."""
    leading: list[tuple[Issue, list[Issue]]] = []
    following: dict[Spot, list[Issue]] = {}
    for issue in issues:
        if issue.cause in following:
            following[issue.cause].append(issue)
        else:
            leading.append((issue, following.setdefault(issue.spot, [])))
    return leading


def count(issues: Iterable[Issue], severity: Severity) -> int:
    """Count the issues of one severity."""
    return sum(issue.severity is severity for issue in issues)


def has_errors(issues: Iterable[Issue]) -> bool:
    """Return whether any issue is an error."""
    return any(issue.severity is Severity.ERROR for issue in issues)
