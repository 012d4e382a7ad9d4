"""Where every printed figure comes from: its cells, its rule, and the figures it is made of."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol, cast

from cmswp_xl.registry import DOCUMENTS
from cmswp_xl.trace.ledger import Places, open_ledger, places_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.figures.totals import Reckoning
    from cmswp_xl.languages import Language
    from cmswp_xl.trace.figure import Trace
    from cmswp_xl.trace.ledger import Ledger

__all__ = ["TRACED", "Places", "places_of", "trace"]

TRACED = (*DOCUMENTS, "totals")
"""What has figures to trace: the documents, and what the command `totals` shows."""


def _module(name: str) -> TraceModule:
    module = DOCUMENTS[name].module if name in DOCUMENTS else name
    return cast("TraceModule", importlib.import_module(f"{__package__}.{module}"))


class TraceModule(Protocol):
    """The module that enters the figures of a document."""

    def enter(self, ledger: Ledger, areas: Sequence[str], /) -> None:
        """Enter the figures of a document, of some areas or of all."""


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
    if document not in DOCUMENTS or DOCUMENTS[document].figures:
        _module(document).enter(ledger, areas)
    return ledger.trace()
