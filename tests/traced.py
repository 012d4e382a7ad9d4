"""What the tests of traces share: the example and small programmes, checked and reckoned."""

from __future__ import annotations

from functools import cache

from cmswp_xl.documents.annex import content as annex_context
from cmswp_xl.documents.contributions import content as contributions_context
from cmswp_xl.documents.funding_needs import content as funding_needs_context
from cmswp_xl.documents.progress import content as progress_context
from cmswp_xl.documents.requests import content as requests_context
from cmswp_xl.documents.staffing import content as staffing_context
from cmswp_xl.documents.summary import content as summary_context
from cmswp_xl.documents.technology_review import content as review_context
from cmswp_xl.figures import explanation
from cmswp_xl.figures.explanation import Explainer
from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.languages import Language
from cmswp_xl.pipeline import check_source
from cmswp_xl.samples import RowsSource, read_sample
from cmswp_xl.schema import load_schemas
from cmswp_xl.trace import Papers, places_of, walk

PAPERS = {
    "annex": annex_context,
    "technology-review": review_context,
    "requests": requests_context,
    "summary": summary_context,
    "funding-needs": funding_needs_context,
    "staffing": staffing_context,
    "progress": progress_context,
    "contributions": contributions_context,
}


@cache
def example(rounding=None):
    """Check the example, with amounts rounded to thousands or units if asked for."""
    content = {name: [dict(row) for row in rows] for name, rows in read_sample("example").items()}
    content["programme"][0]["rounding"] = rounding
    checked, _ = check_source(RowsSource(content, load_schemas(), Language.EN), flags=False)
    assert checked.programme is not None
    return checked


def traced(checked, document="annex", language=Language.EN, scenario=None, areas=()):
    """Trace a document, and give the trace and the reckoning it was made from."""
    totals = compute_totals(checked.programme, scenario)
    explainer = Explainer(totals, places_of(checked))
    content = Papers(totals, {}).content(document, language, areas)
    return explanation.traced(document, walk(content), explainer), totals
