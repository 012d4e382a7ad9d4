"""Where every printed figure comes from: its cells, its rule, and the figures it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.trace.annex import trace_annex
from cmswp_xl.trace.funding_needs import trace_needs
from cmswp_xl.trace.ledger import Places, open_ledger, places_of
from cmswp_xl.trace.progress import trace_progress
from cmswp_xl.trace.requests import trace_requests
from cmswp_xl.trace.staffing import trace_staffing
from cmswp_xl.trace.summary import trace_summary
from cmswp_xl.trace.technology_review import trace_review
from cmswp_xl.trace.totals import trace_totals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cmswp_xl.figures.totals import Reckoning
    from cmswp_xl.languages import Language
    from cmswp_xl.trace.figure import Trace
    from cmswp_xl.trace.ledger import Ledger

__all__ = ["TRACED", "Places", "places_of", "trace"]

TRACED: Mapping[str, Callable[[Ledger, Sequence[str]], None]] = {
    "cover": lambda _ledger, _areas: None,
    "annex": trace_annex,
    "technology-review": trace_review,
    "next-steps": lambda _ledger, _areas: None,
    "requests": trace_requests,
    "summary": trace_summary,
    "funding-needs": trace_needs,
    "staffing": trace_staffing,
    "progress": trace_progress,
    "totals": trace_totals,
}
"""What enters the figures of each document, by its name; some print none.

`totals` stands for what the command of that name shows.
"""


def trace(
    reckoning: Reckoning,
    places: Places,
    document: str,
    language: Language,
    areas: Sequence[str] = (),
) -> Trace:
    """
    Trace every figure that a document prints in a language; KeyError for an unknown document.

    `areas` are those of an extract of the annex.
    """
    ledger = open_ledger(document, reckoning, places, language)
    TRACED[document](ledger, areas)
    return ledger.trace()
