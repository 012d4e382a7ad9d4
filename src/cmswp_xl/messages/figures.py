"""Wordings of what the figures say: costs, funding, and the stored values of formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_
from cmswp_xl.messages.issues import Template

if TYPE_CHECKING:
    from collections.abc import Mapping


_FUND = N_("For information. Money that is confirmed or received is entered in “{funding}”.")
_CALCULATE = N_(
    "Open the workbook in Excel, let it calculate, and save it; if the value stays, put the"
    " column’s formula back."
)

FIGURES: Mapping[str, Template] = {
    "amount-mismatch": Template(
        N_("The amount is {amount}, but {quantity} × {unit_cost} is {expected}."),
        N_("{count} amounts are not the quantity multiplied by the unit cost."),
        N_("Correct the amount, the quantity or the unit cost."),
    ),
    "same-contribution": Template(
        N_("This looks like the contribution of row {row}: “{stage}” there, “{value}” here."),
        N_("{count} rows look like a contribution that was entered once for each stage."),
        N_(
            "Keep one row and change its stage; if these are two payments, give each a reference"
            " of its own."
        ),
    ),
    "duplicate-row": Template(
        N_("Row {number} repeats row {row}: all their cells are equal, and both are counted."),
        N_("{count} rows repeat another in every cell, and are counted."),
        N_(
            "Delete one of the two rows if it was entered twice; if both are meant, say so in the"
            " note of one."
        ),
    ),
    "mixed-support-cost": Template(
        N_("Programme support costs are included in {included} costs, excluded from {excluded}."),
        N_("Costs with and without programme support costs are mixed {count} times."),
        N_(
            "Mark all costs alike, unless this is meant: the total adds support costs only to"
            " those marked excluded."
        ),
    ),
    "unfunded": Template(
        N_("{activity}: nothing is available; the whole cost of {cost} is to be sought."),
        N_("{count} activities have no funding."),
        _FUND,
    ),
    "partly-funded": Template(
        N_("{activity}: {available} of {cost} is available; {to_be_sought} is to be sought."),
        N_("{count} activities are partly funded."),
        _FUND,
    ),
    "partly-funded:partial": Template(
        N_(
            "{activity}: {available} available covers the cost so far, but not all of it is known."
        ),
        N_("{count} activities are funded only as far as their cost is known."),
        N_("Enter the costs still missing, then mark the costing as complete."),
    ),
    "not-costed": Template(
        N_("{activity} has no costs yet; documents leave its amounts blank."),
        N_("{count} activities have no costs yet; documents leave their amounts blank."),
        N_("Enter its costs in “{costs}”; an amount of 0 says that there is no additional cost."),
    ),
    "overfunded": Template(
        N_("{activity}: {available} is available for a cost of {cost}, {surplus} too much."),
        N_("{count} activities have more funding than cost."),
        N_("Check costs and funding; what is too much is not counted for other activities."),
    ),
    "funded-not-costed": Template(
        N_("{activity} has {available} available, but no costs."),
        N_("{count} activities have money available, but no costs."),
        N_(
            "Enter its costs in “{costs}”; until then nothing can be said of what is to be sought."
        ),
    ),
    "stale-formula": Template(
        N_("The cell shows {stored}; calculated from the data, it is {expected}."),
        N_("{count} cells show another value than the data give."),
        _CALCULATE,
    ),
    "stale-formula:blank": Template(
        N_("The cell shows {stored}; calculated from the data, it is blank."),
        N_("{count} cells show a value where the data give none."),
        _CALCULATE,
    ),
    "not-calculated": Template(
        N_("The formula in this cell was never calculated."),
        N_("{count} formulas were never calculated."),
        N_("Open the workbook in Excel and save it. Documents do not need this value."),
    ),
    "not-calculated:empty": Template(
        N_("The cell is empty; calculated from the data, it is {expected}."),
        N_("{count} cells are empty where the data give a value."),
        N_("Copy the formula from another cell of the column into this one."),
    ),
    "no-mandate": Template(
        N_("The activity names no mandate."),
        N_("{count} activities name no mandate."),
        N_("Enter the resolution or decision that asks for it, if there is one."),
    ),
}
