"""What every document and every module of a document has."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

from cmswp_xl.registry import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from dataclasses import Field

    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Programme


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


class DocumentModule(Protocol):
    """The module of a document: whether a programme has anything to print, and what it prints."""

    def has_content(self, programme: Programme) -> bool:
        """Return whether the programme holds anything that the document prints."""

    def content(
        self, totals: ProgrammeTotals, language: Language, areas: Sequence[str] = (), /
    ) -> tuple[Printed, list[MissingText]]:
        """Return what the document prints, of some areas or of all, and the texts it lacks."""


def module_of(document: str) -> DocumentModule:
    """Return the module of a document; KeyError where there is no such document."""
    name = f"{__package__}.{DOCUMENTS[document].module}"
    return cast("DocumentModule", importlib.import_module(name))
