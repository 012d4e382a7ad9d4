"""
The official documents: one entry each, from which everything that names a document derives.

What a document says is in the module of its name in `documents`, where its figures come from too,
its templates in the folder of its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Document:
    """
    A document: its name, what it is called, its title, the annex of the meeting document it is.

    `by_area` where it can be made of some areas only, `by_donor` of a donor; `apart` where it is
    made only when asked for by name. Where it may have nothing to print, `holds` is what it prints
    of a programme, and `tables` are those to fill in for it.
    """

    name: str
    words: str
    annex: str = ""
    title: str = ""
    by_area: bool = False
    tables: tuple[str, ...] = ()
    holds: Callable[[Any], object] = lambda _programme: True
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
    Document(
        COVER,
        N_("meeting document"),
        tables=("texts",),
        holds=lambda programme: programme.paragraphs_of(COVER),
    ),
    Document(
        ANNEX,
        N_("costed programme of work"),
        N_("Annex I"),
        N_("Costed programme of work"),
        by_area=True,
    ),
    Document(
        "funding-needs",
        N_("funding needs"),
        title=N_("Funding needs"),
        tables=("costs",),
        holds=lambda programme: (
            programme.costs or any(each.priority == "core" for each in programme.activities)
        ),
    ),
    Document(
        "staffing",
        N_("staffing table"),
        title=N_("Staffing table"),
        tables=("posts",),
        holds=attrgetter("posts"),
    ),
    Document(
        "progress",
        N_("progress report"),
        title=N_("Progress report"),
        tables=("progress",),
        holds=attrgetter("progress"),
    ),
    Document(
        "technology-review",
        N_("technology review"),
        N_("Annex II"),
        N_("Technology review"),
        tables=("findings", "recommendations"),
        holds=lambda programme: programme.review.findings or programme.review.recommendations,
    ),
    Document(
        "next-steps",
        N_("next steps of the technology review"),
        N_("Annex III"),
        N_("Next steps of the technology review"),
        tables=("steps",),
        holds=attrgetter("review.steps"),
    ),
    Document(
        "requests",
        N_("technology requests"),
        N_("Annex IV"),
        N_("Requests for technology and future needs"),
        tables=("requests", "needs"),
        holds=lambda programme: programme.review.requests or programme.review.needs,
    ),
    Document("summary", N_("summary for managers")),
    Document(
        "contributions",
        N_("contributions by donor"),
        title=N_("Contributions"),
        tables=("funding",),
        holds=attrgetter("funding"),
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

TRACKED = "annex-tracked"
"""The annex with what was inserted and deleted since an earlier one as tracked changes."""
