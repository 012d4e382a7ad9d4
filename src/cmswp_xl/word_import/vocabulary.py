"""
The words by which an annex is recognised, in the three languages.

They are in `words.yaml`: patterns that take in what annexes say, and the program's own printed
words, so that import reads what export writes. All are compared without accents and case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from cmswp_xl.languages import Language, Words
from cmswp_xl.resources import read_yaml
from cmswp_xl.tables import comparable

KINDS = ("core", "voluntary", "other")
"""The kinds of source of funding."""

_LEAD = re.compile(
    r"(?:(?:[ivx]{1,5}|[a-z]|\d{1,2}(?:\.\d{1,2})*)[.):]? )?"
    r"(?:\d{1,2}(?:[.,]\d{1,2})? ?%(?: of| de)? )?"
    r"(?:(?:plus|add|less|the|of which|dont|mas|estimated|estimation des) )?"
)
_LONGEST_LABEL = 90


def folded(text: str) -> str:
    """Return a text without case, accents, and the invisible."""
    plain = unicodedata.normalize("NFD", comparable(text))
    return "".join(c for c in plain if not unicodedata.combining(c))


def joined(text: str) -> str:
    """Return a text on one line, with a single space between its words."""
    return " ".join(text.split())


def entries_in(text: str, say: Words, *more: str) -> list[str]:
    """Return the entries of a list in a sentence; `more` are signs that may part them too."""
    lists = (say.listed(("\0", "\0", f"{sound}\0")) for sound in ("", "i"))
    signs = (sign.removesuffix("i") for text in lists for sign in text.split("\0")[1:3])
    parts = "|".join(re.escape(sign) for sign in dict.fromkeys((*signs, *more)))
    return re.split(parts.replace(r"\ ", r"\s"), text)


@cache
def _words() -> Any:
    return read_yaml(Path(__file__).with_name("words.yaml"))


@cache
def patterns(name: str) -> Mapping[str, str]:
    """Return the patterns of a table of words by their name there."""
    return {key: "|".join(alternatives) for key, alternatives in _words()[name].items()}


def any_of(name: str) -> str:
    """Return a list of words as one pattern."""
    return "|".join(word_list(name))


def word_list(name: str) -> tuple[str, ...]:
    """Return a list of words."""
    return tuple(_words()[name])


def own_sentences(name: str) -> tuple[str, ...]:
    """Return the program's own printed sentences on a subject, in English."""
    return tuple(_words()["own sentences"][name])


@cache
def _headings() -> list[tuple[str, Language | None, str]]:
    found: list[tuple[str, Language | None, str]] = [
        (role, Language(language), "|".join(alternatives))
        for role, languages in _words()["columns"].items()
        for language, alternatives in languages.items()
    ]
    return found + [(role, None, p) for role, p in patterns("columns in any language").items()]


@cache
def _own_headings() -> Mapping[str, list[tuple[str, Language]]]:
    """Return the headings that the program prints itself, each with its role and language."""
    found: dict[str, list[tuple[str, Language]]] = {}
    for language in Language:
        say = Words(language)
        for role, texts in _words()["own headings"].items():
            for text in texts:
                found.setdefault(folded(say(text)), []).append((role, language))
    return found


def heading_roles(text: str) -> dict[str, set[Language]]:
    """Return the roles that a heading may have, and the languages that say so."""
    plain = folded(text)
    found: dict[str, set[Language]] = {}
    for role, language, pattern in _headings() if plain else ():
        if re.match(pattern, plain):
            found.setdefault(role, set()).update([language] if language else [])
    anywhere = patterns("columns in any language")
    last: dict[str, Language] = dict(_own_headings().get(plain, ()))
    for role, language in last.items():
        found.setdefault(role, set()).update([] if role in anywhere else [language])
    return found


def label_kind(text: str) -> str:
    """
    Return the kind of sum that a row's label names; "" for none.

    part (of an amount), carried (or brought forward), support, contingency, sub or total.
    """
    label = folded(text).strip(" .:*–—-=")
    if len(label) > _LONGEST_LABEL:
        return ""
    lead = _LEAD.match(label)
    forms = (label, label[lead.end() :] if lead else label)
    return next(
        (
            kind
            for kind, pattern in patterns("sums").items()
            if any(re.match(pattern, form) for form in forms)
        ),
        "",
    )


def kind_named(text: str) -> str:
    """Return the kind of source that a text names: core, voluntary or other; "" for none."""
    plain = folded(text)
    found = (kind for kind, pattern in patterns("sources").items() if re.search(pattern, plain))
    return next(found, "")
