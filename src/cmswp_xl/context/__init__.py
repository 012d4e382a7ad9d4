"""From the programme and its figures to what a document prints, in one language."""

from dataclasses import Field
from typing import Any, ClassVar, Protocol

from cmswp_xl.context.advance import ProgressReport, progress_context
from cmswp_xl.context.annex import Annex, annex_context
from cmswp_xl.context.appeal import FundingNeeds, funding_needs_context
from cmswp_xl.context.register import TechnologyReview, review_context
from cmswp_xl.context.sequence import NextSteps, steps_context
from cmswp_xl.context.staffing import Staffing, staffing_context
from cmswp_xl.context.texts import MissingText
from cmswp_xl.context.weighing import Requests, requests_context

__all__ = [
    "Annex",
    "FundingNeeds",
    "MissingText",
    "NextSteps",
    "Printed",
    "ProgressReport",
    "Requests",
    "Staffing",
    "TechnologyReview",
    "annex_context",
    "funding_needs_context",
    "progress_context",
    "requests_context",
    "review_context",
    "staffing_context",
    "steps_context",
]


class Printed(Protocol):
    """What every document says of itself: its language tag, its title, how the page lies."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def tag(self) -> str:
        """The language tag that Word and browsers spell by."""

    @property
    def title(self) -> str:
        """The title of the paper."""

    @property
    def landscape(self) -> bool:
        """Whether the page lies across."""
