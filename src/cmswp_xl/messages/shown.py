"""Values of cells and names of files on their way into a sentence: harmless and short."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.languages import Words


LENGTH = 60
"""How much of a value a sentence shows, in characters."""

MOST = 12
"""How many entries of a list a sentence shows."""

_CUT = "…"
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def shown(text: str, length: int | None = LENGTH) -> str:
    """
    Give a text of the workbook as a message may show it.

    Control characters, direction marks and lone surrogates are written as escapes, and what is
    longer than `length` characters is cut (None: whatever its length).
    """
    if length is not None and len(text) > length:
        text = text[: length - 1].rstrip() + _CUT
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_escaped, text))


def shown_path(path: object) -> str:
    """Give the name of a file or folder whole, its control characters as escapes."""
    return shown(str(path), None)


def listed(texts: Sequence[str]) -> str:
    """Give a list of texts as it stands, cut after the first entries."""
    return _joined([shown(text) for text in texts[:MOST]], len(texts))


def quoted(texts: Sequence[str], say: Words) -> str:
    """Give a list of texts in the quotes of the language, cut after the first entries."""
    return _joined([say("“{value}”", value=shown(text)) for text in texts[:MOST]], len(texts))


def _joined(parts: list[str], count: int) -> str:
    return ", ".join([*parts, _CUT] if count > len(parts) else parts)


def _escaped(character: str) -> str:
    if unicodedata.category(character) not in _HARMFUL:
        return character
    if character in _NAMED:
        return _NAMED[character]
    code = ord(character)
    if code <= 0xFF:  # noqa: PLR2004  the last code that two digits can name
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004  as above, four
