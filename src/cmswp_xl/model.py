"""
The programme of work as the rest of the program knows it: frozen values, nothing of Excel.

Amounts are `Decimal` in the programme's currency, percentages `Decimal` from 0 to 100, shares of
a post full-time equivalents from 0 to 1. None is blank, which is never zero. The fields are those
of the schemas; sequences keep the order of the rows, which is the order of print.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cmswp_xl.languages import Language

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal


CRITERIA = ("mandate_fit", "users_served", "reuse", "urgency", "cost", "risk")
"""What requests are scored by, in the order of print."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text in the three languages; None where it was not given."""

    en: str | None = None
    fr: str | None = None
    es: str | None = None

    def given(self, language: Language) -> str | None:
        """Return the text in one language, or None."""
        return getattr(self, language.value, None)

    def best(self, *languages: Language) -> str:
        """Return the text in the first of the languages that has one, else in any, else ""."""
        for language in (*languages, *Language):
            found = self.given(language)
            if found:
                return found
        return ""

    def __bool__(self) -> bool:
        """Return whether the text was given in any language."""
        return bool(self.en or self.fr or self.es)


@dataclass(frozen=True, slots=True)
class Settings:
    """The Programme form: what holds for the whole programme of work."""

    title: Text
    period_start: int
    period_end: int
    currency: str
    original_language: Language
    status: str
    illustrative: bool
    symbol: Text
    revision: str | None
    distribution: Text
    document_date: dt.date | None
    meeting: Text
    meeting_place: Text
    meeting_start: dt.date | None
    meeting_end: dt.date | None
    agenda_item: str | None
    prepared_by: Text
    as_at: dt.date | None
    scenario: str | None
    support_cost_rate: Decimal | None
    number_style: str
    rounding: str | None
    annex_columns: tuple[str, ...] = ()

    @property
    def years(self) -> range:
        """The years of the period, first and last included."""
        return range(self.period_start, self.period_end + 1)


@dataclass(frozen=True, slots=True)
class Area:
    """A programme area; a sub-area names the area that it is part of."""

    code: str
    title: Text
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class MandateReference:
    """A mandate of an activity: its code, and where in it (paragraphs), if given."""

    code: str
    locator: str | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity of an area; `number` is as printed, `id` is stable."""

    id: str
    number: str
    area: str
    title: Text
    mandates: tuple[MandateReference, ...]
    priority: str | None
    start_year: int | None
    end_year: int | None
    timing: Text
    responsible: str | None
    costing: str
    funding_plan: str | None
    staff_days: Decimal | None
    targets: tuple[str, ...]

    @property
    def partial(self) -> bool:
        """Whether only part of the cost is known, so that figures read "at least"."""
        return self.costing == "partial"


@dataclass(frozen=True, slots=True)
class CostLine:
    """One row of Costs; `year` None is the whole period, `scenario` None every scenario."""

    activity: str
    year: int | None
    category: str | None
    quantity: Decimal | None
    unit_cost: Decimal | None
    amount: Decimal
    support_cost: str
    scenario: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Contribution:
    """One row of Funding: what a source or donor pledged, confirmed or paid for an activity."""

    activity: str
    year: int | None
    source: str
    donor: str | None
    stage: str
    amount: Decimal
    in_kind: bool
    scenario: str | None
    reference: str | None
    note: str | None
    pledged_on: dt.date | None = None
    confirmed_on: dt.date | None = None
    received_on: dt.date | None = None
    original_amount: Decimal | None = None
    original_currency: str | None = None
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FundingSource:
    """A source of money: the core budget, voluntary contributions, or another."""

    code: str
    kind: str
    title: Text
    support_cost_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Donor:
    """Who gives."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Post:
    """A post of the Secretariat; `annual_cost` is internal and never printed."""

    id: str
    title: Text
    grade: str
    source: str
    donor: str | None
    share: Decimal | None
    start_year: int | None
    end_year: int | None
    annual_cost: Decimal | None
    remark: Text


@dataclass(frozen=True, slots=True)
class PostShare:
    """The part of a post, in percent, that one of its several sources pays."""

    post: str
    source: str
    donor: str | None
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Allocation:
    """The part of a post's own time, in percent, that an area gets."""

    post: str
    area: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Mandate:
    """A resolution, decision or other text that activities rest on."""

    code: str
    meeting: str | None
    title: Text
    url: str | None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A budget scenario."""

    code: str
    title: Text


@dataclass(frozen=True, slots=True)
class Progress:
    """
    What was reported of an activity as at a date.

    `expenditure` counts from the beginning of the period; None is not reported, which is not 0.
    """

    activity: str
    as_at: dt.date
    status: str
    expenditure: Decimal | None
    note: Text


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark made in the consultations, and the answer; internal, never printed."""

    id: str
    meeting: str | None
    author: str | None
    activity: str | None
    text: str
    response: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency is worth in the programme's currency, from a date on."""

    currency: str
    date: dt.date
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text that a document prints; `paragraph` is its place there, not a printed number."""

    document: str
    paragraph: int
    kind: str
    text: Text
    place: str | None = None


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
        """Whether action is recommended."""
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
        """The scores by criterion."""
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

    def in_sequence(self) -> tuple[Step, ...]:
        """Return all steps in sequence."""
        return tuple(sorted(self.steps, key=lambda step: step.seq))


@dataclass(frozen=True, slots=True)
class Programme:
    """The whole programme of work, and the technology review that goes with it."""

    settings: Settings
    areas: tuple[Area, ...]
    activities: tuple[Activity, ...]
    costs: tuple[CostLine, ...]
    funding: tuple[Contribution, ...]
    sources: tuple[FundingSource, ...]
    donors: tuple[Donor, ...]
    posts: tuple[Post, ...]
    post_shares: tuple[PostShare, ...]
    allocations: tuple[Allocation, ...]
    mandates: tuple[Mandate, ...]
    scenarios: tuple[Scenario, ...]
    review: Review
    progress: tuple[Progress, ...] = ()
    comments: tuple[Comment, ...] = ()
    texts: tuple[Paragraph, ...] = ()
    rates: tuple[Rate, ...] = ()

    def source_kinds(self) -> Mapping[str, str]:
        """Return the kind of each source by its code."""
        return {source.code: source.kind for source in self.sources}

    def paragraphs_of(self, document: str) -> tuple[Paragraph, ...]:
        """Return the texts of a document in print order: before its tables, then after them."""
        found = [text for text in self.texts if text.document == document]
        return tuple(sorted(found, key=lambda text: text.place == "after"))

    @property
    def outline(self) -> tuple[Area, ...]:
        """The areas in print order: row order, but each sub-area below its area."""
        codes = {area.code for area in self.areas}
        under: dict[str | None, list[Area]] = {}
        for area in self.areas:
            under.setdefault(area.parent if area.parent in codes else None, []).append(area)
        return tuple(
            area for top in under.get(None, ()) for area in (top, *under.get(top.code, ()))
        )

    def family(self, code: str) -> tuple[str, ...]:
        """Return the codes of an area and of its sub-areas, in print order."""
        return tuple(area.code for area in self.outline if code in (area.code, area.parent))

    def activities_of(self, area: str) -> tuple[Activity, ...]:
        """Return the activities of an area in print order."""
        return tuple(activity for activity in self.activities if activity.area == area)
