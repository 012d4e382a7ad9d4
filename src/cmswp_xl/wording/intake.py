"""Why a cell of an annex in Word is doubtful, or was not taken over, when it is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

DOUBTS: Mapping[str, str] = {
    "lone-separator": N_("A single separator before three digits was taken for thousands."),
    "mixed-styles": N_("The separators differ from those of the other amounts."),
    "approximate": N_("The amount is given as approximate; it was taken as exact."),
    "multiplied": N_(
        "The amount is given in words such as thousand or million; it was written out."
    ),
    "thousands": N_("The annex says that amounts are in thousands; they were written out."),
    "note-letter": N_("A letter or sign follows the amount; it was taken for the mark of a note."),
    "less-than-one": N_(
        "The amount is more than nil and less than one; the smallest amount was put in its place."
    ),
    "other-currency": N_("Another currency than the one given is named; nothing was converted."),
    "merged-across": N_("The cell covers several columns; its amount was taken for the first."),
    "cost-without-year": N_(
        "The cost has a total but no years; it was taken for the whole period."
    ),
    "nil-cost": N_("A dash or nil was taken for “no additional cost”, not for “not yet costed”."),
    "sought-left-blank": N_(
        "The amount to be sought is blank; the workbook computes it from cost and funding."
    ),
    "continued": N_("A row without a number was taken to go on with the activity before it."),
    "no-number": N_("The activity has no number; one was made."),
    "automatic-number": N_(
        "Word numbers the activity by itself, and the file does not hold it; a number was made."
    ),
    "duplicate-number": N_("The number stands twice in its area; it was made different."),
    "no-text": N_("The activity has no text; a question mark was put in its place."),
    "share": N_(
        "A percentage below one may be meant as a share of one; it was taken as it stands."
    ),
    "area-number": N_("The number of the area was left out of its title."),
    "area-without-title": N_("No title stands above the table; one was made."),
    "same-area": N_("No title stands above the table; it was added to the area before it."),
    "listed-area": N_("The area is only named in a list of the text; it has no activities."),
    "table-goes-on": N_(
        "The table has no headings; it was taken to go on with the one before it."
    ),
    "same-post": N_("The post also stands under an earlier area; it was taken for the same post."),
    "shared-post": N_(
        "The post stands under several payers; it was taken for one that they share."
    ),
    "post-of-several": N_(
        "The post stands under several payers; a post was made for each, as no exact shares fit."
    ),
    "post-without-grade": N_("The post has no grade; a question mark was put in its place."),
    "unknown-group": N_(
        "The heading names no known kind of source; it was taken for other sources."
    ),
    "unknown-payer": N_("Who pays the post is of no known kind; it was taken for other sources."),
    "pledge-source": N_(
        "The annex does not say who pledged, or when; voluntary contributions were taken."
    ),
    "in-kind-source": N_(
        "The annex does not say who gives in kind; a confirmed voluntary contribution was taken."
    ),
    "tracked-changes": N_(
        "The file has tracked changes: insertions were taken over, deletions were left out."
    ),
    "other-style": N_(
        "The amounts are printed in several number styles, or in one the workbook does not have."
    ),
    "text-cut": N_("The text is longer than a cell of Excel takes; its end was left out."),
}
"""What was taken over with an assumption."""

LEFT_OUT: Mapping[str, str] = {
    "no-amount": N_("This is no amount."),
    "no-percent": N_("This is no percentage between 0 and 100 with at most two decimals."),
    "several-lines": N_("Several lines stand in one amount cell."),
    "negative": N_("The amount is negative, which a cost or a contribution cannot be."),
    "too-large": N_("The amount is larger than a workbook takes."),
    "merged-above": N_("The cell is merged with the row above, which has its content."),
    "nested-table": N_("A table stands inside the cell."),
    "footnote": N_("A footnote of Word hangs on the cell; its text was not read."),
    "note-left-out": N_("The note below the table has no place in the workbook."),
    "note-without-cost": N_("The note has no place, since the activity has no cost."),
    "promise-left-out": N_(
        "The activity or the amount of this pledge or gift in kind is not known."
    ),
    "row-without-activity": N_("An amount stands in a row without an activity."),
    "row-without-post": N_("The row names no post."),
    "post-without-time": N_("The post has no percentage of time, and is given to no area."),
    "sought-without-cost": N_("An amount is to be sought, but the activity has no cost."),
    "sum-without-parts": N_("A total is printed, but none of its parts is."),
    "sum-of-unreadable": N_("The total was not compared: some of its parts could not be read."),
    "support-in-table": N_(
        "Support costs stand in a table of activities, where they have no place."
    ),
    "part-net": N_(
        "Only part of the costs is net of support costs; the annex does not say which."
    ),
    "funding-by-year": N_(
        "Funding by year is printed for all activities together, not for each activity."
    ),
    "unknown-area": N_("The area is none of those with activities."),
    "unknown-column": N_("The column has no place in the workbook."),
    "unknown-staff-column": N_("The column of the staff table is not known."),
    "unknown-priority": N_("The priority is none of core, high, medium and low."),
    "unknown-table": N_("The table is none of a costed programme of work."),
}
"""What has no place in the workbook, or could not be read."""
