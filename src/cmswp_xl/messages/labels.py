"""What the code words of the workbook and of the program are called in documents and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_
from cmswp_xl.registry import DATA, DOCUMENTS, SET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.languages import Words


_YES_NO = {"yes": N_("yes"), "no": N_("no")}
_PRIORITIES = {
    "core": N_("core"),
    "high": N_("high"),
    "medium": N_("medium"),
    "low": N_("low"),
}

KINDS: Mapping[str, Mapping[str, str]] = {
    "language": {"en": N_("English"), "fr": N_("French"), "es": N_("Spanish")},
    "severity": {"error": N_("error"), "warning": N_("warning"), "info": N_("note")},
    "funding-status": {
        "unfunded": N_("unfunded"),
        "partly-funded": N_("partly funded"),
        "funded": N_("funded"),
        "overfunded": N_("overfunded"),
        "not-costed": N_("not yet costed"),
        "no-cost": N_("no additional cost"),
    },
    "document-status": {
        "draft": N_("draft"),
        "revised": N_("revised"),
        "adopted": N_("adopted"),
    },
    "priority": _PRIORITIES,
    "stage": {
        "pledged": N_("pledged"),
        "confirmed": N_("confirmed"),
        "received": N_("received"),
    },
    "category": {
        "temporary-staff": N_("temporary staff"),
        "consultants": N_("consultants"),
        "travel": N_("travel"),
        "meetings": N_("meetings"),
        "grants": N_("grants"),
        "equipment": N_("equipment"),
        "publications": N_("publications"),
        "translation": N_("translation and interpretation"),
        "operating": N_("operating costs"),
        "other": N_("other costs"),
    },
    "source-kind": {
        "core": N_("core budget"),
        "voluntary": N_("voluntary contributions"),
        "other": N_("other sources"),
    },
    "costing": {"complete": N_("complete"), "partial": N_("partial")},
    "funding-plan": {
        "budget": N_("budget"),
        "fundraising": N_("fundraising"),
        "both": N_("budget and fundraising"),
    },
    "support-cost": {"included": N_("included"), "excluded": N_("excluded")},
    "yes-no": _YES_NO,
    "number-style": {
        "locale": N_("as usual in the language"),
        "comma": N_("comma (1,234)"),
        "space": N_("space (1 234)"),
        "point": N_("point (1.234)"),
    },
    "rounding": {"unit": N_("to the unit"), "thousand": N_("to the thousand")},
    "grouping": {
        "activity": N_("activity"),
        "area": N_("programme area"),
        "priority": N_("priority"),
        "year": N_("year"),
        "source": N_("source"),
        "donor": N_("donor"),
        "category": N_("cost category"),
        "recommendation": N_("recommendation"),
    },
    "table": {
        "programme": N_("Programme"),
        "areas": N_("Areas"),
        "activities": N_("Activities"),
        "costs": N_("Costs"),
        "funding": N_("Funding"),
        "sources": N_("Sources"),
        "donors": N_("Donors"),
        "posts": N_("Posts"),
        "postfunding": N_("Post funding"),
        "allocations": N_("Time allotted"),
        "mandates": N_("Mandates"),
        "scenarios": N_("Scenarios"),
        "findings": N_("Findings"),
        "subjects": N_("Subjects"),
        "recommendations": N_("Recommendations"),
        "evidence": N_("Evidence"),
        "steps": N_("Next steps"),
        "needs": N_("Needs"),
        "requests": N_("Requests"),
        "weights": N_("Weights"),
        "progress": N_("Progress"),
        "comments": N_("Comments"),
        "texts": N_("Texts"),
    },
    "finding-kind": {
        "mandate": N_("mandate"),
        "method": N_("method"),
        "issue": N_("issue"),
        "strategic": N_("strategic finding"),
        "tactical": N_("tactical finding"),
        "next-step": N_("next step"),
    },
    "recommended-action": {
        "act": N_("action recommended"),
        "no-action": N_("take no action"),
    },
    "recommendation-status": {
        "open": N_("open"),
        "ongoing": N_("ongoing"),
        "done": N_("done"),
        "dropped": N_("dropped"),
    },
    "evidence-kind": {
        "interview": N_("interview"),
        "publication": N_("publication"),
        "contract": N_("contract"),
        "website": N_("website"),
    },
    "step-status": {
        "planned": N_("planned"),
        "ongoing": N_("ongoing"),
        "done": N_("completed"),
        "on-hold": N_("on hold"),
    },
    "need-kind": {
        "technology": N_("technology"),
        "staff": N_("staff"),
    },
    "request-decision": {
        "pending": N_("awaiting decision"),
        "accepted": N_("accepted"),
        "declined": N_("declined"),
        "deferred": N_("deferred"),
    },
    "criterion": {
        "mandate_fit": N_("mandate fit"),
        "users_served": N_("users served"),
        "reuse": N_("reuse"),
        "urgency": N_("urgency"),
        "cost": N_("cost"),
        "risk": N_("risk"),
    },
    "progress-status": {
        "done": N_("carried out"),
        "ongoing": N_("ongoing"),
        "no-progress": N_("no progress"),
        "action-needed": N_("action needed"),
    },
    "comment-status": {
        "open": N_("not yet answered"),
        "answered": N_("answered"),
    },
    "paragraph-kind": {
        "summary": N_("summary box"),
        "heading": N_("heading"),
        "paragraph": N_("numbered paragraph"),
        "subparagraph": N_("subparagraph"),
        "bullet": N_("bullet point"),
        "areas": N_("paragraph with the list of programme areas"),
        "action": N_("action requested"),
    },
    "document": {
        **{document.name: document.words for document in DOCUMENTS.values()},
        "revisions": N_("summary of revisions"),
        SET: N_("complete set of documents"),
        DATA: N_("open data"),
    },
    "skipped-check": {
        "formula-without-value": N_("whether formulas have a stored value"),
        "percent-format": N_("whether cells are shown as percentages"),
        "struck-text": N_("whether cells are struck through"),
    },
}
"""
The labels by kind and code word, in lower case where the language has it so.

Names of tables are those of their sheets; all others are free for documents to begin in capitals.
"""

FIELD_KINDS: Mapping[tuple[str, str], str] = {
    ("programme", "original_language"): "language",
    ("programme", "status"): "document-status",
    ("programme", "illustrative"): "yes-no",
    ("programme", "number_style"): "number-style",
    ("programme", "rounding"): "rounding",
    ("activities", "priority"): "priority",
    ("activities", "costing"): "costing",
    ("activities", "funding_plan"): "funding-plan",
    ("costs", "category"): "category",
    ("costs", "support_cost"): "support-cost",
    ("funding", "stage"): "stage",
    ("funding", "in_kind"): "yes-no",
    ("sources", "kind"): "source-kind",
    ("findings", "kind"): "finding-kind",
    ("recommendations", "decision"): "recommended-action",
    ("recommendations", "status"): "recommendation-status",
    ("evidence", "kind"): "evidence-kind",
    ("steps", "status"): "step-status",
    ("needs", "kind"): "need-kind",
    ("requests", "decision"): "request-decision",
    ("weights", "criterion"): "criterion",
    ("progress", "status"): "progress-status",
    ("comments", "status"): "comment-status",
    ("texts", "document"): "document",
    ("texts", "kind"): "paragraph-kind",
}
"""The kind of label for the code words of each field, by table and field."""


def label(kind: str, word: str, say: Words) -> str:
    """Give what a code word is called; KeyError where the kind or the word is not known."""
    return say(KINDS[kind][word])


def capital(text: str) -> str:
    """Begin a text in a capital, as a cell of a table does."""
    return text[:1].upper() + text[1:]
