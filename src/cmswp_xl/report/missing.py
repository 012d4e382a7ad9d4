"""The texts that a document would lack, each at its cell."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from cmswp_xl.wording import label, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cmswp_xl.languages import Language, Words


@dataclass(frozen=True, slots=True)
class MissingCell:
    """A text that is missing: its sheet and cell, the key of its row, the title of its column."""

    sheet: str
    cell: str | None
    key: str | None
    language: Language
    title: str


def missing_texts(texts: Sequence[MissingCell], say: Words) -> str:
    """List missing texts by language, one line each."""
    return "\n".join(_lines(texts, say)) + "\n"


def _lines(texts: Sequence[MissingCell], say: Words) -> Iterator[str]:
    for language, group in groupby(texts, key=lambda text: text.language):
        members = list(group)
        yield say(
            "Missing in {language}: {count}",
            language=label("language", language, say),
            count=len(members),
        )
        for text in members:
            place = f"{shown(text.sheet, None)} {text.cell or ''}".strip()
            parts = (place, shown(text.key, None) if text.key else "", text.title)
            yield "  " + " · ".join(part for part in parts if part)
