"""What is doubtful in an annex that was read: where, what stands there, what was taken, why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of the Word file: table, row and column counted from 1, the column's heading."""

    table: int
    row: int | None = None
    column: int | None = None
    head: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
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


@dataclass(slots=True)
class Doubts:
    """The doubts and the checked sums of one reading, in the order in which they arise."""

    found: dict[Doubt, None] = field(default_factory=dict)
    sums: list[SumCheck] = field(default_factory=list)

    @property
    def listed(self) -> list[Doubt]:
        """Give the doubts, each once."""
        return list(self.found)

    def add(self, reason: str, place: Place | None, found: str = "", taken: object = "") -> None:
        """Note a doubt once."""
        self.found.setdefault(Doubt(reason, place, found, str(taken)))

    def compare(
        self, place: Place, label: str, printed: Decimal, parts: Decimal, unit: Decimal
    ) -> None:
        """Set a printed total against its parts; one in the last printed place is rounding."""
        gap = abs(printed - parts)
        verdict = "agrees" if not gap else "rounding" if gap <= unit else "wrong"
        self.sums.append(SumCheck(place, label, printed, parts, verdict))
