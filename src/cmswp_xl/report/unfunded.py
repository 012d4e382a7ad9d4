"""Which activities still need money, and which cannot tell because they are not costed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.totals import summed

if TYPE_CHECKING:
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Activity
    from cmswp_xl.totals import Figures, Reckoning


@dataclass(frozen=True, slots=True)
class Entry:
    """An activity with its figures; `original` is the language its title falls back to."""

    activity: Activity
    figures: Figures
    original: Language

    def title(self, language: Language) -> str:
        """Give the title of the activity."""
        return self.activity.title.best(language, self.original)

    def named(self, language: Language) -> dict[str, str | None]:
        """Give what names the activity, by the keys of the output."""
        return {
            "key": self.activity.id,
            "area": self.activity.area,
            "number": self.activity.number,
            "title": self.title(language),
            "priority": self.activity.priority,
        }


def split_unfunded(reckoning: Reckoning) -> tuple[list[Entry], list[Entry]]:
    """Give the activities with money to be sought, and those not costed, in sheet order."""
    original = reckoning.programme.settings.original_language
    entries = [
        Entry(activity, reckoning.by_activity[activity.id], original)
        for activity in reckoning.programme.activities
    ]
    return (
        [entry for entry in entries if entry.figures.to_be_sought],
        [entry for entry in entries if entry.figures.cost is None],
    )


def unfunded_total(reckoning: Reckoning) -> Figures:
    """Add up the activities with money to be sought."""
    return summed(entry.figures for entry in split_unfunded(reckoning)[0])
