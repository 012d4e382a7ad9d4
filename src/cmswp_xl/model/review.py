"""
The technology review: its statements, its register of recommendations, the steps that follow.

The fields are those of the second source document, "Summary of the technology review", and of the
framework for new requests that it asks for. Scores are whole numbers from 1 to 5.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from decimal import Decimal

    from cmswp_xl.model.text import Text

CRITERIA = ("mandate_fit", "users_served", "reuse", "urgency", "cost", "risk")
"""What requests are scored by, in the order of print."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement of the review; the source gives these no numbers, `seq` is their order."""

    seq: int
    kind: str
    text: Text
    recommendations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of recommendations, numbered by its point."""

    point: int
    title: Text


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommendation on a subject: to act, or to take no action."""

    number: str
    subject: int
    text: Text
    decision: str
    activity: str | None
    evidence: tuple[str, ...]
    status: str | None
    note: Text

    @property
    def acts(self) -> bool:
        """Tell whether action is recommended."""
        return self.decision == "act"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the review rests on: an interview, a publication, a contract, a website."""

    code: str
    kind: str
    title: Text
    date: dt.date | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the sequence, which is a logical one and not a calendar."""

    seq: int
    recommendation: str
    text: Text
    responsible: str | None
    start: dt.date | None
    due: dt.date | None
    status: str | None
    result: Text
    note: Text


@dataclass(frozen=True, slots=True)
class Need:
    """Technology or staff needed in a year ahead; `year` None is the whole period."""

    id: str
    kind: str
    text: Text
    year: int | None
    quantity: Decimal | None
    amount: Decimal | None
    recommendation: str | None
    post: str | None


@dataclass(frozen=True, slots=True)
class TechnologyRequest:
    """A request for technology, its scores and what was decided; the requester is internal."""

    id: str
    date: dt.date
    requester: str
    title: Text
    need: Text
    existing_solution: str | None
    mandate_fit: int
    users_served: int
    reuse: int
    urgency: int
    cost: int
    risk: int
    estimated_cost: Decimal | None
    funding_offered: Decimal | None
    staff_days: Decimal | None
    decision: str
    decided_by: str | None
    decided_on: dt.date | None
    reason: Text
    recommendation: str | None

    @property
    def scores(self) -> Mapping[str, int]:
        """Give the scores by criterion."""
        return {name: getattr(self, name) for name in CRITERIA}


@dataclass(frozen=True, slots=True)
class Review:
    """The whole technology review; `weights` are percentages by criterion."""

    findings: tuple[Finding, ...] = ()
    subjects: tuple[Subject, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    steps: tuple[Step, ...] = ()
    needs: tuple[Need, ...] = ()
    requests: tuple[TechnologyRequest, ...] = ()
    weights: Mapping[str, Decimal] = field(default_factory=dict)

    def of_subject(self, point: int) -> tuple[Recommendation, ...]:
        """Give the recommendations on a subject in row order."""
        return tuple(item for item in self.recommendations if item.subject == point)

    def steps_of(self, number: str) -> tuple[Step, ...]:
        """Give the steps that follow a recommendation, in sequence."""
        found = (step for step in self.steps if step.recommendation == number)
        return tuple(sorted(found, key=lambda step: step.seq))

    def in_sequence(self) -> tuple[Step, ...]:
        """Give all steps in sequence."""
        return tuple(sorted(self.steps, key=lambda step: step.seq))
