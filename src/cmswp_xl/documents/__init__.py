"""The official documents: what each of them says, in one language, in the module of its name."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cmswp_xl.languages import Language
from cmswp_xl.registry import DOCUMENTS

if TYPE_CHECKING:
    from cmswp_xl.documents.front import Paged
    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.figures.totals import ProgrammeTotals

    Content = Callable[[ProgrammeTotals, Language, Sequence[str]], tuple[Paged, list[MissingText]]]


def content_of(document: str) -> Content:
    """Return what makes a document: `content` of its module, with what staff wrote for it."""
    module = importlib.import_module(f"{__name__}.{DOCUMENTS[document].module}")
    return with_wording(document, module.content)


def with_wording(document: str, made: Content) -> Content:
    """Return what makes a paper, with what staff wrote for it."""

    def content(
        totals: ProgrammeTotals, language: Language, areas: Sequence[str] = ()
    ) -> tuple[Paged, list[MissingText]]:
        from cmswp_xl.documents.front import worded

        return worded(document, made(totals, language, areas), totals.programme)

    return content
