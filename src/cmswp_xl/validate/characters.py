"""
Characters in codes that a reader cannot see, or takes for a Latin letter.

Excel compares codes character by character, so such a code matches no other that looks the same.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_SPACES_AND_CONTROLS = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
_WITHOUT_SHAPE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that are blank: fillers, joiners, the empty pattern of braille."""

_SELECTORS = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0000, 0xE0FFF))
"""First and last of the marks that choose the form of the character before them, and tags."""

_PAIRS = (
    # Cyrillic
    ("АВЕКМНОРСТУХЅІЈԌԚԜҮӀ", "ABEKMHOPCTYXSIJGQWYI"),
    ("аеорсухѕіјһԁԛԝүӏ", "aeopcyxsijhdqwyl"),
    # Greek
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿ", "ABEZHIKMNOPTYXCJ"),
    ("αικνορυχϲϳ", "aikvopuxcj"),
    # Armenian, Cherokee and Coptic
    ("ՍՕոսօհցյ", "UOnuohgj"),
    ("ᎪᏴᏟᎠᎬᎻᎥᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ", "ABCDEHiJKLMPRSTVWZ"),
    ("ⲞⲢⲤⲦⲘⲔⲎ", "OPCTMKH"),
    # Latin letters without their dot, and the hyphens and quotes that look like the plain ones
    ("ıɩȷ", "iij"),
    ("\u02d7\u2010\u2011\u2212\u2043", "-----"),
)
LOOK_ALIKE = {
    strange: plain for row in _PAIRS for strange, plain in zip(row[0], row[1], strict=True)
}
"""Letters and marks by the plain one that a reader takes them for."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A character, its position in the text counted from 1, and what it looks like ("": none)."""

    character: str
    position: int
    like: str


def hidden_characters(text: str) -> tuple[Hidden, ...]:
    """Return the characters of a code that cannot be seen, or look like a plain one."""
    if text.isascii() and text.isprintable():
        return ()
    found = (Hidden(c, at, _like(c)) for at, c in enumerate(text, 1) if c != " ")
    return tuple(item for item in found if item.like or _invisible(item.character))


def as_seen(text: str) -> str:
    """Return a code as a reader sees it: without what is invisible, in plain letters."""
    return "".join(_seen(character) for character in text).strip()


def _seen(character: str) -> str:
    like = _like(character)
    if like or character == " " or not _invisible(character):
        return like or character
    return " " if character.isspace() else ""


def _like(character: str) -> str:
    """Return the plain characters that a character looks like; "" for any other."""
    if character.isascii():
        return ""
    like = LOOK_ALIKE.get(character)
    if like is None:
        like = unicodedata.normalize("NFKC", character)
    return like if like.isascii() and like.isprintable() and " " not in like else ""


def _invisible(character: str) -> bool:
    if unicodedata.category(character) in _SPACES_AND_CONTROLS or character in _WITHOUT_SHAPE:
        return True
    return any(first <= ord(character) <= last for first, last in _SELECTORS)
