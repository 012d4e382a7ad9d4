"""
What code words and the controls of the ribbon are called, and sentences that outputs share.

The texts stand in `labels.yaml`, `ribbon.yaml` and `traces.yaml`; documents are named in the
registry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cmswp_xl.languages import DOCUMENT_LANGUAGES, Language, Words
from cmswp_xl.registry import DOCUMENTS
from cmswp_xl.resources import texts

if TYPE_CHECKING:
    from cmswp_xl.schema import Field


KINDS: Mapping[str, Mapping[str, str]] = {
    **texts("labels"),
    "document": {
        **{document.name: document.words for document in DOCUMENTS.values()},
        **texts("labels")["document"],
    },
}
"""The English labels by kind and code word."""

FIELD_KINDS: Mapping[tuple[str, str], str] = {
    ("programme", "original_language"): "language",
    ("programme", "status"): "document-status",
    ("programme", "illustrative"): "yes-no",
    ("programme", "number_style"): "number-style",
    ("programme", "rounding"): "rounding",
    ("programme", "annex_columns"): "annex-column",
    ("activities", "priority"): "priority",
    ("activities", "costing"): "costing",
    ("activities", "funding_plan"): "funding-plan",
    ("activities", "funding_status"): "funding-status",
    ("costs", "category"): "category",
    ("costs", "support_cost"): "support-cost",
    ("entry", "stage"): "stage",
    ("funding", "stage"): "stage",
    ("funding", "in_kind"): "yes-no",
    ("funding", "source_kind"): "source-kind",
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
    ("texts", "place"): "text-place",
}
"""The kind of label for the code words of each field, by table and field."""

PUBLISH_LANGUAGES = ("all", *(language.value for language in DOCUMENT_LANGUAGES))
"""The choices of the ribbon's language list, in its order; the first is chosen at the start."""


def words_of(table: str, field: Field, say: Words) -> Mapping[str, str]:
    """Return what the code words of a field are called, by code; nothing where it has none."""
    kind = FIELD_KINDS.get((table, field.name))
    return {code: label(kind, code, say) for code in field.enum or KINDS[kind]} if kind else {}


def spellings(table: str, field: Field) -> Mapping[str, Sequence[str]]:
    """Return all that each code word of a field may be called in a workbook, itself first."""
    found = [words_of(table, field, Words(language)) for language in Language]
    return {
        code: (code, *(words[code] for words in found), *field.former_words.get(code, ()))
        for code in found[0]
    }


def label(kind: str, word: str, say: Words) -> str:
    """Return what a code word is called; KeyError where the kind or the word is not known."""
    return say(KINDS[kind][word])


def capital(text: str) -> str:
    """Begin a text in a capital, as a cell of a table does."""
    return text[:1].upper() + text[1:]


def agreement(surplus: object, uncosted: object) -> str:
    """Return the English line of how amounts agree, with a surplus or with uncosted if any."""
    given = [name for name, amount in (("surplus", surplus), ("uncosted", uncosted)) if amount]
    return KINDS["agreement"]["-".join(given) or "exact"]


def ribbon_texts(say: Words) -> dict[str, str]:
    """Return all texts of the ribbon in one language, by `id.label`, `id.screentip` and so on."""
    ribbon = texts("ribbon")
    found = {
        f"{name}.{part}": say(text)
        for name, control in ribbon["controls"].items()
        for part, text in control.items()
    }
    every = ribbon["all-languages"]
    for choice in PUBLISH_LANGUAGES:
        words = say(every) if choice == "all" else label("language", choice, say)
        found[f"cmswpLanguage.{choice}"] = words
    return found | {f"{name}.message": say(text) for name, text in ribbon["messages"].items()}


def rule_text(code: str, values: Mapping[str, object], say: Words) -> str:
    """Return the rule of a figure in words; rules of several kinds have a sentence for each."""
    kind = values.get("kind")
    rule = texts("traces")["rules"][f"{code}:{kind}" if kind else code]
    return say(rule).format_map(values)


def rounding_text(code: str, step: str, say: Words) -> str:
    """Return how a figure was rounded; `step` is 0.01, 1 or 1000."""
    rounding = texts("traces")["roundings"][code][step]
    return say(rounding)


def left_out_text(code: str, say: Words) -> str:
    """Return why a row does not count."""
    sentence = texts("traces")["left-out"][code]
    return say(sentence)
