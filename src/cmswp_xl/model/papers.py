"""What goes with the programme into papers: progress, comments, and the texts of documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal

    from cmswp_xl.model.text import Text


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
class Paragraph:
    """A text that a document prints; `paragraph` is its place there, not a printed number."""

    document: str
    paragraph: int
    kind: str
    text: Text
