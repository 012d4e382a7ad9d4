"""Sentences on where a figure comes from: its rule, what narrows the rows, how it was rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.languages import Words


RULES: Mapping[str, str] = {
    "costs": N_("The sum of the amounts of the activity’s costs."),
    "excluded-costs": N_(
        "The sum of the activity’s costs that do not include programme support costs (marked"
        " excluded)."
    ),
    "available-kind:core": N_(
        "The sum of the activity’s contributions from the core budget that are confirmed or"
        " received. Pledges and contributions in kind are not counted."
    ),
    "available-kind:voluntary": N_(
        "The sum of the activity’s voluntary contributions that are confirmed or received. Pledges"
        " and contributions in kind are not counted."
    ),
    "available-kind:other": N_(
        "The sum of the activity’s contributions from other sources that are confirmed or"
        " received. Pledges and contributions in kind are not counted."
    ),
    "available": N_("The sum of what is available from all kinds of sources."),
    "pledged": N_(
        "The sum of the activity’s contributions that are pledged. They are not counted as"
        " available."
    ),
    "in-kind": N_("The sum of the activity’s contributions in kind. They count nowhere else."),
    "shortfall": N_(
        "Cost less funding available, and never less than nil. Pledges do not lower it."
    ),
    "surplus": N_("Funding available less cost, and never less than nil."),
    "uncosted": N_(
        "Funding available for the activity where it is not yet costed; nil where it is."
    ),
    "remaining": N_("Funding to be sought less pledges, and never less than nil."),
    "beyond": N_("Pledges less funding to be sought, and never less than nil."),
    "of-year": N_("Only rows of the year {year} count; no money is moved between years."),
    "of-whole-period": N_("Only rows without a year, which are for the whole period, count."),
    "scenario": N_("Rows count whose scenario is blank or {scenario}."),
    "no-scenario": N_("Only rows without a scenario count."),
    "not-costed": N_("The activity has no costs yet, so the amount is blank, which is not nil."),
    "partial": N_("Only part of the cost is known, so this is the least that it will be."),
    "sum-activities": N_(
        "The sum over the activities, never a difference of sums; blank ones add nothing."
    ),
    "sum-activities-of-year": N_(
        "The sum over the activities with costs or funding in this year, each reckoned for itself."
    ),
    "sum-areas": N_("The sum over the programme areas; blank ones add nothing."),
    "scenario-difference": N_(
        "The difference between the cost in this scenario and in the one with the highest cost."
    ),
    "sum-groups": N_("The sum of the rows above; blank ones add nothing."),
    "sum-years": N_("The sum of these years, each reckoned for itself."),
    "count-activities": N_("The number of activities."),
    "count-costed": N_("The number of activities with at least one cost."),
    "count-not-costed": N_("The number of activities without any cost."),
    "count-partial": N_("The number of activities of which only part of the cost is known."),
    "count-status": N_("The number of activities of this funding status."),
    "count-reported": N_("The number of activities whose last report has this status."),
    "count-silent": N_("The number of activities that nobody has reported on."),
    "given": N_(
        "The sum of the contributions that are confirmed or received, from sources of this kind."
        " Contributions in kind are not counted."
    ),
    "given-pledged": N_("The sum of the contributions that are pledged."),
    "category-costs": N_("The sum of the costs of this category."),
    "setting": N_("As entered among the settings of the programme."),
    "support-costs": N_(
        "The rate of programme support costs in per cent of the costs that do not include them,"
        " rounded half up to cents, once, on the sum."
    ),
    "grand-total": N_("Direct costs and programme support costs together."),
    "time": N_("The percentage of the post’s time that the area gets, as entered."),
    "time-shared": N_(
        "The percentage of the post’s time that the area gets, multiplied by the percentage of"
        " the post that the source pays."
    ),
    "post-size": N_("The full-time equivalent of the post, as entered."),
    "post-share": N_("The percentage of the post that the source pays, as entered."),
    "post-rest": N_("What the percentages of the post leave of 100."),
    "post-part": N_(
        "The full-time equivalent of the post multiplied by a percentage, in hundredths that add"
        " up to the post (largest remainder)."
    ),
    "sum-posts": N_("The sum over the posts; unknown ones add nothing."),
    "count-posts": N_("The number of posts."),
    "coverage": N_(
        "Cost less funding to be sought, in per cent of cost; 100 only where all is funded."
    ),
    "covered": N_("Cost less funding to be sought."),
    "spent": N_("The expenditure that was reported last, counted from the start of the period."),
    "not-reported": N_("Nobody has reported the expenditure, so it is not known."),
    "balance": N_("Funding available less expenditure."),
    "spent-share": N_("Expenditure in per cent of cost, where both are known."),
    "quantity": N_("The sum of the planned quantities at this unit cost."),
    "unit-cost": N_("The unit cost of these quantities, as entered."),
    "entered": N_("As entered."),
    "sum-needs": N_("The sum of the needs; blank ones add nothing."),
    "weighted-score": N_(
        "The sum of each score by its weight, divided by 100; for cost and risk, 6 less the score"
        " counts."
    ),
}
"""The rules by code; those of several kinds have a sentence for each, after a colon."""

ROUNDINGS: Mapping[str, str] = {
    "rounded": N_("Rounded half up to {step}."),
    "fitted": N_(
        "Rounded to {step} and fitted by largest remainder, so that the parts add up to the"
        " printed sum."
    ),
    "added": N_("The printed parts, rounded to {step}, added."),
    "balanced": N_("Rounded to {step} so that the printed statement holds."),
}
"""How a figure was rounded, by code."""

LEFT_OUT: Mapping[str, str] = {
    "pledged": N_("pledged only"),
    "in-kind": N_("in kind"),
    "other-scenario": N_("of another scenario"),
}
"""Why a row does not count, by code."""

_STEPS = {"0.01": N_("hundredths"), "1": N_("whole units"), "1000": N_("thousands")}


def rule_text(code: str, values: Mapping[str, object], say: Words) -> str:
    """Say a rule in words."""
    kind = values.get("kind")
    return say(RULES[f"{code}:{kind}" if kind else code]).format_map(values)


def rounding_text(code: str, step: str, say: Words) -> str:
    """Say how a figure was rounded; `step` is 1, 1000 or another number as text."""
    return say(ROUNDINGS[code]).format_map({"step": say(_STEPS[step]) if step in _STEPS else step})


def left_out_text(code: str, say: Words) -> str:
    """Say why a row does not count."""
    return say(LEFT_OUT[code])
