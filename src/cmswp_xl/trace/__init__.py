"""Where every printed figure comes from: its cells, its rule, and the figures it is made of."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

from cmswp_xl.documents.page import module_of
from cmswp_xl.figures.explanation import traced
from cmswp_xl.printed import FigureText
from cmswp_xl.registry import DOCUMENTS
from cmswp_xl.trace.ledger import Places, open_ledger, places_of
from cmswp_xl.trace.totals import totals_printed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cmswp_xl.figures.explanation import Explainer, Trace
    from cmswp_xl.languages import Language
    from cmswp_xl.printed import Printed

__all__ = ["CONVERTED", "TRACED", "Places", "places_of", "trace", "walk"]

TRACED = (*DOCUMENTS, "totals")
"""What has figures to trace: the documents, and what the command `totals` shows."""
CONVERTED = frozenset(
    name
    for name, document in DOCUMENTS.items()
    if find_spec(f"{__name__}.{document.module}") is None
)
"""The documents whose texts know their figures; the others have a module here."""


def trace(
    explainer: Explainer,
    document: str,
    language: Language,
    areas: Sequence[str] = (),
    content: Any = None,
) -> Trace:
    """
    Trace every figure that a document prints in a language; KeyError for an unknown document.

    `areas` are those of an extract of the annex, `content` is what the document prints where
    that is at hand. An explainer is for one document, in any languages.
    """
    reckoning, places = explainer.reckoning, cast("Places", explainer.places)
    if document == "totals":
        return traced(document, totals_printed(reckoning), explainer)
    if document not in CONVERTED:
        name = f"{__package__}.{DOCUMENTS[document].module}"
        ledger = open_ledger(document, reckoning, places, language)
        importlib.import_module(name).enter(ledger, areas)
        return ledger.trace()
    if content is None:
        content, _ = module_of(document).content(reckoning, language, areas)
    return traced(document, walk(content), explainer)


def walk(content: Any) -> Iterator[Printed]:
    """Return every printed figure of a content in its order."""
    if isinstance(content, FigureText):
        yield from content.parts
    elif isinstance(content, str):
        return
    elif isinstance(content, tuple | list):
        for item in content:
            yield from walk(item)
    elif isinstance(content, Mapping):
        yield from walk(tuple(content.values()))
    elif is_dataclass(content):
        for field in fields(content):
            yield from walk(getattr(content, field.name))
