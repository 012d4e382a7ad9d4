"""
What an import has to say of an annex: doubtful cells, what was left out, checked totals.

Every text that a reader sees is entered once it was found (`see`) and struck off once it has a
place in the workbook or in a check (`take`). What is left at the end, and in no issue, is listed
as not taken over: nothing can be lost by forgetting it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """
    A cell of the Word file: table, row and column counted from 1, the column's heading.

    `part` names another place: "text" after that table (0: before the first), "header",
    "footer", "footnotes", "endnotes" or "comments".
    """

    table: int
    row: int | None = None
    column: int | None = None
    head: str = ""
    part: str = ""

    @property
    def key(self) -> tuple[int, int | None, int | None, str]:
        """What tells one place from another."""
        return self.table, self.row, self.column, self.part


@dataclass(frozen=True, slots=True)
class ImportIssue:
    """A doubtful cell; `taken` is "" where nothing was taken over, `place` None for the file."""

    reason: str
    place: Place | None
    found: str = ""
    taken: str = ""


@dataclass(frozen=True, slots=True)
class SumCheck:
    """
    A printed total set against its parts.

    `verdict` is agrees, rounding (off by one in the last printed place) or wrong.
    """

    place: Place
    label: str
    printed: Decimal
    parts: Decimal
    verdict: str


_UNCHECKED = frozenset({"sum-without-parts", "sum-of-unreadable"})
_Key = tuple[int, int | None, int | None, str, str]


@dataclass(slots=True)
class ImportIssues:
    """The issues and the checked sums of one reading, and the account of all that is seen."""

    found: dict[ImportIssue, None] = field(default_factory=dict)
    sums: list[SumCheck] = field(default_factory=list)
    seen: dict[_Key, tuple[Place, str]] = field(default_factory=dict)

    @property
    def listed(self) -> list[ImportIssue]:
        """The issues, each once."""
        return list(self.found)

    @property
    def unfit(self) -> int:
        """How many printed totals do not fit what was read, or could not be compared."""
        wrong = sum(check.verdict == "wrong" for check in self.sums)
        return wrong + sum(doubt.reason in _UNCHECKED for doubt in self.found)

    def add(self, reason: str, place: Place | None, found: str = "", taken: object = "") -> None:
        """Note a doubt once."""
        self.found.setdefault(ImportIssue(reason, place, found, str(taken)))

    def see(self, place: Place, text: str) -> None:
        """Enter a text that a reader sees, to be accounted for."""
        if text.strip():
            self.seen[*place.key, _squeezed(text) if place.part else ""] = (place, text)

    def take(self, place: Place, text: str = "") -> None:
        """Strike off a text that has its place in the workbook, or in a check."""
        self.seen.pop((*place.key, _squeezed(text) if place.part else ""), None)

    def close(self) -> None:
        """List what was neither taken over nor listed."""
        listed: dict[tuple[int, int | None, str], list[str]] = {}
        for doubt in self.found:
            if doubt.place is not None and doubt.found:
                key = (doubt.place.table, doubt.place.row, doubt.place.part)
                listed.setdefault(key, []).append(_squeezed(doubt.found))
        for place, text in list(self.seen.values()):
            said = listed.get((place.table, place.row, place.part), ())
            if not any(_squeezed(text) in one for one in said):
                self.add("text-left-out" if place.part else "cell-left-out", place, text)
        self.seen.clear()

    def compare(
        self, place: Place, label: str, printed: Decimal, parts: Decimal, unit: Decimal
    ) -> None:
        """Set a printed total against its parts; one in the last printed place is rounding."""
        gap = abs(printed - parts)
        verdict = "agrees" if not gap else "rounding" if gap <= unit else "wrong"
        self.sums.append(SumCheck(place, label, printed, parts, verdict))


def _squeezed(text: str) -> str:
    return " ".join(text.split())
