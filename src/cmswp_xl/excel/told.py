"""What a button tells the user when it is done."""

from __future__ import annotations

from dataclasses import dataclass

from cmswp_xl.issues import Severity


@dataclass(frozen=True, slots=True)
class Told:
    """A text for the user, in the user's language, and how grave it is."""

    text: str
    severity: Severity = Severity.INFO
