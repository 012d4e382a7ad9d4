"""The official documents: what each of them says, in one language, in the module of its name."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol, cast

from cmswp_xl.registry import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cmswp_xl.documents.front import Paged
    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Programme

    Content = Callable[[ProgrammeTotals, Language, Sequence[str]], tuple[Paged, list[MissingText]]]


class DocumentModule(Protocol):
    """The module of a document: whether a programme has anything to print, and what it prints."""

    def has_content(self, programme: Programme) -> bool:
        """Return whether the programme holds anything that the document prints."""

    def content(
        self, totals: ProgrammeTotals, language: Language, areas: Sequence[str] = (), /
    ) -> tuple[Paged, list[MissingText]]:
        """Return what the document prints, of some areas or of all, and the texts it lacks."""


def content_of(document: str) -> Content:
    """Return what makes a document: its module's content, with what staff wrote for it."""

    def content(
        totals: ProgrammeTotals, language: Language, areas: Sequence[str] = ()
    ) -> tuple[Paged, list[MissingText]]:
        from cmswp_xl.documents.front import worded

        made = module_of(document).content(totals, language, areas)
        return worded(document, made, totals.programme)

    return content


def module_of(document: str) -> DocumentModule:
    """Return the module of a document; KeyError where there is no such document."""
    return cast(
        "DocumentModule", importlib.import_module(f"{__name__}.{DOCUMENTS[document].module}")
    )
