"""Which paragraph names the programme area of a table, and which areas a text lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cmswp_xl.word_import.units import sentence_unit
from cmswp_xl.word_import.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cmswp_xl.languages import Words
    from cmswp_xl.word_import.visible import Paragraph

_LONGEST = 200
_WORD = (
    r"(?:(?:programme |program )?area|domaine(?: d[eu] programme)?|[áa]rea(?: program[áa]tica)?)"
)
_NUMBER = r"(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[A-Z])"
_NUMBERED = (
    re.compile(rf"{_WORD}\s+{_NUMBER}\s*[.):\u2010-\u2015-]*\s+(?=\S)", re.IGNORECASE),
    re.compile(rf"{_WORD}\s*[:\u2013\u2014]\s*(?=\S)", re.IGNORECASE),
    re.compile(rf"{_NUMBER}\s*[.):\u2010-\u2015-]+\s+(?=\S)"),
    re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?\s+(?=\S)"),
)
_ANNEX = re.compile(r"(?:annexe?|anexo)\s+(?:[ivx]+|\d+|[a-z])\b", re.IGNORECASE)
_CAPTION = re.compile(r"(?:table|tableau|cuadro|tabla)\s+(?:\d+|[ivx]+|[a-z])\b", re.IGNORECASE)
_TITLED = re.compile(
    r"(?!in |en |all |(?:amount|figure|montant|chiffre|importe|cifra|cost|budget|unit|note|tous"
    r"|co[ûu]t)s?\b)"
    r"\w[^()]{3,}\(",
    re.IGNORECASE,
)
_LISTED = re.compile(r"^[\s•·▪◦\u2010-\u2015*-]+|[\s;.,]+$")


def without_number(title: str) -> str:
    """Return an area's title without its number or the words "Programme area" before it."""
    for pattern in _NUMBERED:
        match = pattern.match(title)
        if match:
            return title[match.end() :].strip()
    return title


def title_before(paragraphs: Sequence[Paragraph], say: Words) -> str:
    """Return the title above a table: the last heading, else the nearest short line."""
    fixed = {
        folded(say("Human resources used in the programme areas")),
        folded(say("Total of the programme areas")),
        folded(say("Cost and funding by year")),
    }
    usable = [
        part
        for part in paragraphs
        if part.text
        and not part.letter
        and len(part.text) <= _LONGEST
        and folded(part.text) not in fixed
        and not _ANNEX.match(part.text)
        and not _only_unit(part)
    ]
    for part in reversed(usable):
        if part.heading:
            return " ".join(part.text.split())
    for part in reversed(usable):
        plain = part.text.rstrip()
        if not plain.endswith((".", ";", ":", ",")) and not re.fullmatch(r"[(\[].*[)\]]", plain):
            return " ".join(plain.split())
    return ""


def _only_unit(part: Paragraph) -> bool:
    """Return whether a paragraph is the caption of a table, or says what amounts are in."""
    if _CAPTION.match(part.text):
        return True
    unit = sentence_unit(part.text)
    return unit is not None and unit.factor is not None and not _TITLED.match(part.text)


def listed_titles(paragraphs: Sequence[Paragraph], known: Sequence[str]) -> list[str]:
    """Return the areas that a list in the text names, where it also names one that has a table."""
    wanted = {folded(title) for title in known}
    for start, intro in enumerate(paragraphs):
        if not intro.text.endswith(":"):
            continue
        items = list(_items(paragraphs[start + 1 :]))
        if len(items) > 1 and wanted & {folded(item) for item in items}:
            return items
    return []


def _items(paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    """Return the items of a list: short paragraphs of one style up to one that ends it."""
    filled = [part for part in paragraphs if part.text]
    for part in filled:
        if part.style != filled[0].style or len(part.text) > _LONGEST or part.heading:
            return
        yield _LISTED.sub("", part.text)
        if part.text.endswith("."):
            return
