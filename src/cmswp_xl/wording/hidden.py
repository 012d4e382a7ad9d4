"""Characters that cannot be seen, in words."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.languages import Words

MOST = 3
"""How many characters of a cell are named."""

NAMES: Mapping[str, str] = {
    "\t": N_("tab"),
    "\n": N_("line break"),
    "\r": N_("line break"),
    "\u00a0": N_("no-break space"),
    "\u00ad": N_("soft hyphen"),
    "\u2009": N_("thin space"),
    "\u200b": N_("zero-width space"),
    "\u200e": N_("direction mark"),
    "\u200f": N_("direction mark"),
    "\u202f": N_("narrow no-break space"),
    "\u2060": N_("word joiner"),
    "\ufeff": N_("byte order mark"),
}
"""What is called by a common word; others bear the English name that Unicode gives them."""


def hidden_words(hidden: Any, say: Words) -> str:
    """Return the hidden characters of a code as a list, each with its name and position."""
    parts = [_worded(item.character, item.position, item.like, say) for item in hidden[:MOST]]
    words = "".join(parts[:1])
    for part in parts[1:]:
        words = say("{first}; {second}", first=words, second=part)
    return say("{first}; {second}", first=words, second="…") if len(hidden) > MOST else words


def _worded(character: str, position: int, like: str, say: Words) -> str:
    name = NAMES.get(character)
    places = {
        "name": say(name) if name else unicodedata.name(character, ""),
        "code": f"U+{ord(character):04X}",
        "position": position,
        "like": like,
    }
    if not like:
        return say("{name} ({code}) at position {position}", **places)
    return say("{name} ({code}) for “{like}” at position {position}", **places)
