"""The known word or code that a mistyped one most likely stands for."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from cmswp_xl.languages import Language, Words
from cmswp_xl.tables import comparable
from cmswp_xl.wording import FIELD_KINDS, label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cmswp_xl.schema import Field
    from cmswp_xl.validate.typed import Keys, TypedTable

MOST = 100
"""How many different words are looked up; where more are unknown, hints are of no help."""

_ALIKE = 0.75
_SHORTEST = 4
_SEPARATORS = re.compile(r"[\s._/-]+")
_DIGITS = re.compile(r"\d+")
_LAST = re.compile(r"[0-9]{1,9}\Z")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


class Nearest:
    """
    Finds the word that an unknown one most likely stands for, or none.

    `spellings` are pairs of a way to write a word and the word. Codes with another number in them
    are other codes, and so are short ones with another letter: they are never alike.
    """

    def __init__(self, spellings: Iterable[tuple[str, str]]) -> None:
        self._words: dict[str, set[str]] = defaultdict(set)
        for spelling, word in spellings:
            self._words[_plain(spelling)].add(word)
        self._found: dict[str, str | None] = {}

    def __call__(self, text: str) -> str | None:
        """Return the word nearest to a text; None where none or several are near."""
        plain = _plain(text)
        if plain not in self._found:
            self._found[plain] = self._search(plain) if len(self._found) < MOST else None
        return self._found[plain]

    def _search(self, plain: str) -> str | None:
        if plain in self._words:
            return _only(self._words[plain])
        numbers, letters = _parts(plain)
        if len(letters) < _SHORTEST:
            return None
        parts = ((_parts(spelling), words) for spelling, words in self._words.items())
        others = [(other, words) for (found, other), words in parts if found == numbers]
        longer = [words for other, words in others if letters in other]
        if longer:
            return _only(set().union(*longer))
        matcher = SequenceMatcher(None, "", letters, autojunk=False)
        ranks: dict[float, set[str]] = defaultdict(set)
        for other, words in others:
            matcher.set_seq1(other)
            if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE:
                ranks[matcher.ratio()] |= words
        best = max(ranks, default=0)
        return _only(ranks[best]) if best >= _ALIKE else None


def _parts(plain: str) -> tuple[list[str], str]:
    """Return the numbers and the letters of a plain text."""
    return _DIGITS.findall(plain), _DIGITS.sub("", plain)


def plain_code(code: str) -> str:
    """Return a code in the form in which nearness is judged."""
    return _plain(code)


def beside(code: str, step: int) -> str:
    """Return the code some steps after one that ends in a number, in plain form, or nothing."""
    plain = _plain(code)
    number = _LAST.search(plain)
    return f"{plain[: number.start()]}{int(number[0]) + step}" if number else ""


def nearest_choice(table: str, field: Field) -> Nearest:
    """Return the search among the words of a field's list, in all languages and as codes."""
    kind = FIELD_KINDS.get((table, field.name))
    named = [(word, word) for word in field.enum]
    if kind:
        say = [Words(language) for language in Language]
        named += [(label(kind, word, words), word) for word in field.enum for words in say]
    return Nearest(named)


def nearest_key(table: TypedTable, keys: Keys) -> Nearest:
    """Return the search among the keys of a table, by themselves and by what they stand for."""
    known = keys.get(table.name, {})
    spellings = [(str(key), str(key)) for key in known.values()]
    for field in table.table.schema.fields:
        if field.text in ("title", "name"):
            column = table.column(table.table.schema.primary_key[0])
            spellings += [
                (text, str(key))
                for text, key in zip(table.column(field.name), column, strict=True)
                if isinstance(text, str) and key is not None
            ]
    return Nearest(spellings)


def _only(words: set[str]) -> str | None:
    return next(iter(words)) if len(words) == 1 else None


def _plain(text: str) -> str:
    """Return a text without case, accents, separators and leading zeros."""
    letters = unicodedata.normalize("NFD", comparable(text))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _SEPARATORS.sub("", _ZEROS.sub("", _SEPARATORS.sub(" ", bare)))
