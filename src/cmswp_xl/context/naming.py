"""What activities are called in papers that go across areas."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.model import Programme


def activity_names(programme: Programme) -> Mapping[str, str]:
    """Give each activity's number by its id; with its area where another area has it too."""
    counts = Counter(comparable(activity.number) for activity in programme.activities)
    return {
        activity.id: activity.number
        if counts[comparable(activity.number)] == 1
        else f"{activity.number} ({activity.area})"
        for activity in programme.activities
    }
