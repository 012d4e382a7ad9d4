"""
The official documents: one entry each, from which everything that names a document derives.

What a document says is in the module of its name in `documents`, where its figures come from too,
its templates in the folder of its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Document:
    """
    A document: its name, what it is called, its title, the annex of the meeting document it is.

    `by_area` where it can be made of some areas only, `by_donor` of a donor; `apart` where it is
    made only when asked for by name; `tables` are those of which it prints something, where it may
    have nothing to print.
    """

    name: str
    words: str
    annex: str = ""
    title: str = ""
    by_area: bool = False
    tables: tuple[str, ...] = ()
    by_donor: bool = False
    apart: bool = False

    @property
    def module(self) -> str:
        """The name of its modules."""
        return self.name.replace("-", "_")


COVER = "cover"
"""The meeting document, which a set begins with."""

ANNEX = "annex"
"""The document that is made where none is asked for by name."""

_ALL = (
    Document(COVER, N_("meeting document"), tables=("texts",)),
    Document(
        ANNEX,
        N_("costed programme of work"),
        N_("Annex I"),
        N_("Costed programme of work"),
        by_area=True,
    ),
    Document("funding-needs", N_("funding needs"), title=N_("Funding needs"), tables=("costs",)),
    Document("staffing", N_("staffing table"), title=N_("Staffing table"), tables=("posts",)),
    Document("progress", N_("progress report"), title=N_("Progress report"), tables=("progress",)),
    Document(
        "technology-review",
        N_("technology review"),
        N_("Annex II"),
        N_("Technology review"),
        tables=("findings", "recommendations"),
    ),
    Document(
        "next-steps",
        N_("next steps of the technology review"),
        N_("Annex III"),
        N_("Next steps of the technology review"),
        tables=("steps",),
    ),
    Document(
        "requests",
        N_("technology requests"),
        N_("Annex IV"),
        N_("Requests for technology and needs ahead"),
        tables=("requests", "needs"),
    ),
    Document("summary", N_("summary for managers")),
    Document(
        "contributions",
        N_("contributions by donor"),
        title=N_("Contributions"),
        tables=("funding",),
        by_donor=True,
        apart=True,
    ),
)

DOCUMENTS: Mapping[str, Document] = {document.name: document for document in _ALL}
"""The documents by name, in the order in which they are made."""


def document_of(module: str) -> Document:
    """Return the document that a module is about, by the module's name."""
    return next(one for one in _ALL if one.module == module.rpartition(".")[2])


ALL = "all"
"""The word for every document of which the workbook holds something and that is not apart."""

SET = "set"
"""The meeting document and its annexes in one file; made when asked for by name."""

REVISIONS, COMPARED = "revisions", "annex-compared"
"""What two workbooks give: the summary of revisions, the annex with both versions."""

TEMPLATED = (*DOCUMENTS, SET, REVISIONS, COMPARED)
"""All that is made from templates of its own."""

DATA = "data"
"""The open data, which are not papers; apart from all."""

COMPARED = "annex-compared"
"""The annex with two versions side by side."""

TRACKED = "annex-tracked"
"""The annex with what was inserted and deleted since an earlier one as tracked changes."""

REVISIONS = "revisions"
"""The summary of what was revised between two versions."""
