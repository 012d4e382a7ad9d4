"""What each issue code means, why it matters and how to mend it, for `rules` and `explain`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.errors import Misuse
from cmswp_xl.issues import SEVERITIES, Severity
from cmswp_xl.wording import papers, review
from cmswp_xl.wording.explanations import EXPLANATIONS

if TYPE_CHECKING:
    from cmswp_xl.languages import Words


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code says, why it matters, and how to mend it, each in a sentence or two."""

    what: str
    why: str
    how: str


_ALL = {**EXPLANATIONS, **review.EXPLANATIONS, **papers.EXPLANATIONS}


def codes() -> tuple[str, ...]:
    """Give every code that has an explanation: errors, then warnings, then notes."""
    order = list(Severity)
    return tuple(sorted(_ALL, key=lambda code: order.index(SEVERITIES[code])))


def explanation(code: str, say: Words) -> Explanation:
    """Explain a code; raises `Misuse` where there is no such code."""
    if code not in _ALL:
        raise Misuse("unknown-code", code=code)
    return Explanation(*(say(text) for text in _ALL[code]))
