"""The annex of a version with its differences from an earlier one as Word's tracked changes."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from cmswp_xl.documents import content_of
from cmswp_xl.documents.build import Built, Request, add_sets, make, rendered
from cmswp_xl.documents.front import Paged, PageDocument
from cmswp_xl.errors import Misuse
from cmswp_xl.registry import ANNEX, SET, TRACKED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.documents.build import Done
    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Settings
    from cmswp_xl.render.tracked import By


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisedPage(PageDocument):
    """A document, and what it was before."""

    before: Paged


@dataclass(slots=True)
class TrackedAnnex:
    """
    Makes the annex with tracked changes, from the figures of the earlier version.

    `lacking` are the texts that the earlier version lacks, `replaced` says that tables have other
    columns now.
    """

    before: ProgrammeTotals
    by: By
    replaced: bool = False
    lacking: dict[Language, list[MissingText]] = field(default_factory=dict)

    def content(
        self, totals: ProgrammeTotals, language: Language, areas: Sequence[str] = ()
    ) -> tuple[Paged, list[MissingText]]:
        """Return both versions of the annex, and the texts that the new one lacks."""
        content = content_of(ANNEX)
        old, self.lacking[language] = content(self.before, language, areas)
        new, lacking = content(totals, language, areas)
        parts = {item.name: getattr(new, item.name) for item in fields(new)}
        return RevisedPage(before=old, **parts), lacking

    def render(
        self,
        _name: str,
        _form: str,
        paper: Paged,
        settings: Settings,
        language: Language,
        request: Request,
    ) -> bytes:
        """Render both versions and put them together."""
        from cmswp_xl.confined import confined
        from cmswp_xl.render.tracked import tracked_docx

        before = paper.before if isinstance(paper, RevisedPage) else paper
        old, new = (
            rendered(ANNEX, "docx", each, settings, language, request, keyed=True)
            for each in (before, paper)
        )
        if request.templates is None:
            found = tracked_docx(old, new, self.by)
        else:
            found = confined(f"{ANNEX}/{ANNEX}.docx", tracked_docx, old, new, self.by)
        self.replaced = self.replaced or found.replaced
        return found.data


def make_tracked(
    tracked: TrackedAnnex, totals: ProgrammeTotals, result: Built, done: Done
) -> None:
    """Make the annex with tracked changes, and the set with it in place of the annex."""
    asked = result.request.documents
    if not {ANNEX, SET}.issuperset(asked):
        raise Misuse("tracked-annex-only")
    if "html" in result.request.formats:
        raise Misuse("tracked-in-word")
    if SET in asked and result.request.areas:
        raise Misuse("not-by-area", document=SET)
    make({TRACKED: tracked.content}, totals, result, done, render=tracked.render)
    result.replaced = tracked.replaced
    if SET in asked:
        kept = result.files if ANNEX in asked else {}
        result.files = {n.replace(TRACKED, ANNEX, 1): data for n, data in result.files.items()}
        alone = set(result.files)
        add_sets(result, totals, done)
        result.files = kept | {n: data for n, data in result.files.items() if n not in alone}
