"""The costed programme of work: settings, areas, activities, money and posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from decimal import Decimal

    from cmswp_xl.languages import Language
    from cmswp_xl.model.review import Review
    from cmswp_xl.model.text import Comment, Paragraph, Progress, Text


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
        """Tell whether only part of the cost is known, so that figures read "at least"."""
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

    def source_kinds(self) -> Mapping[str, str]:
        """Give the kind of each source by its code."""
        return {source.code: source.kind for source in self.sources}

    def paragraphs_of(self, document: str) -> tuple[Paragraph, ...]:
        """Give the texts of a document in print order."""
        return tuple(text for text in self.texts if text.document == document)

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
        """Give the activities of an area in print order."""
        return tuple(activity for activity in self.activities if activity.area == area)
