"""What each issue code means, why it matters and how to mend it, for `rules` and `explain`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.errors import Misuse
from cmswp_xl.wording.explanations import EXPLANATIONS

if TYPE_CHECKING:
    from cmswp_xl.languages import Words


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code says, why it matters, and how to mend it, each in a sentence or two."""

    what: str
    why: str
    how: str


def codes() -> tuple[str, ...]:
    """Give every code that has an explanation: errors, then warnings, then notes."""
    return tuple(EXPLANATIONS)


def explanation(code: str, say: Words) -> Explanation:
    """Explain a code; raises `Misuse` where there is no such code."""
    if code not in EXPLANATIONS:
        raise Misuse("unknown-code", code=code)
    return Explanation(*(say(text) for text in EXPLANATIONS[code]))
