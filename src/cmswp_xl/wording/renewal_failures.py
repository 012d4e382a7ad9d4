"""What the user is told where no workbook can be made from another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

RENEWAL: Mapping[str, tuple[str, ...]] = {
    "bad-period": (
        N_("{period} is not a period of years."),
        N_("Give the first and the last year of the new period, such as 2018-2020."),
    ),
    "period-alone": (
        N_("A period was given, and no workbook to start from."),
        N_("Name the workbook of the last period with --from, or leave out --period."),
    ),
    "from-alone": (
        N_("The years of the new period are not known."),
        N_("Give them with --period, such as --period 2018-2020."),
    ),
    "from-and-example": (
        N_("The worked example is always the same, so --from does not go with --example."),
        N_("Leave out one of them."),
    ),
    "old-has-errors": (
        N_("{workbook} has errors ({errors}) in what the new period takes over; none was made."),
        N_("To see them, run: cmswp validate {command}"),
    ),
}
"""The lines by reason."""
