"""Why a cell of an annex in Word is doubtful, or was not taken over, when it is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


DOUBTFUL: Mapping[str, str] = {
    "lone-separator": N_("A single separator before three digits was taken for thousands."),
    "mixed-styles": N_("The separators differ from those of the other amounts."),
    "approximate": N_("The amount is given as approximate; it was taken as exact."),
    "multiplied": N_(
        "The amount is given in words such as thousand or million; it was written out."
    ),
    "unit": N_(
        "The annex says that amounts are in thousands or millions; they were written out in full."
    ),
    "unit-of-others": N_(
        "The heading names no unit; that of the other headings of the table was taken."
    ),
    "unit-elsewhere": N_(
        "Other tables are in thousands or millions; this one does not say so, and its amounts were"
        " taken as printed."
    ),
    "unit-unclear": N_(
        "Thousands or millions are named, but not for certain as the unit of the amounts; they"
        " were taken as printed."
    ),
    "per-year": N_(
        "The heading says that the cost is that of one year; it was taken as printed, for the"
        " whole period."
    ),
    "note-letter": N_("A letter or sign follows the amount; it was taken for the mark of a note."),
    "raised-mark": N_(
        "A raised sign at the amount was taken for the mark of a note that is not known."
    ),
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
    "heading-unmerged": N_(
        "The text stands alone in its row; it was taken for an area’s heading."
    ),
    "heading-by-number": N_(
        "The next rows go on with its number; the row was taken for an area’s heading."
    ),
    "title-row": N_("The row above the headings was taken for an area’s heading."),
    "upper-heading": N_(
        "Another heading follows at once; this one was taken for the area above those that follow."
    ),
    "sum-or-activity": N_(
        "The text reads like the label of a total, but the row has a number; it was taken for an"
        " activity."
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

NOT_TAKEN: Mapping[str, str] = {
    "no-amount": N_("This is no amount."),
    "no-percent": N_("This is no percentage between 0 and 100 with at most two decimals."),
    "two-amounts": N_("Two amounts may stand in the cell."),
    "unit-twice": N_(
        "The amount names thousands or millions, and so does the heading or a sentence."
    ),
    "unclear-amount": N_("The amount holds signs whose reading is not certain."),
    "unit-and-separator": N_(
        "The separator may mean decimals, and the amounts are in thousands or millions."
    ),
    "part-in-table": N_("The row is a part of an amount above it, and no activity."),
    "sought-not-compared": N_(
        "The amount to be sought was not compared, since the table has no column of funding."
    ),
    "ragged-row": N_("The row has more or fewer cells than the headings."),
    "contingency-in-table": N_("The row is a contingency or reserve, and no activity."),
    "carried-in-table": N_("The row is an amount carried or brought forward, and no activity."),
    "heading-amounts": N_(
        "The heading has amounts of its own; they were compared with those of its activities."
    ),
    "struck-text": N_("The text is struck through."),
    "hidden-text": N_("The text is hidden."),
    "deleted-text": N_("The text was deleted under tracked changes."),
    "text-box": N_("The text stands in a text box or a drawing."),
    "embedded-object": N_("An object of another program is embedded, such as a sheet of Excel."),
    "chart": N_("A chart is not read."),
    "picture": N_("A picture is not read."),
    "equation": N_("The text is an equation."),
    "reversed-text": N_("The text is set from right to left."),
    "inserted-file": N_("Another file is inserted here; it was not read."),
    "unknown-part": N_("This part of the file is of a kind that is not read."),
    "elsewhere": N_("The text stands outside the body of the document."),
    "other-column": N_("Another column was taken for what this one may hold as well."),
    "cell-left-out": N_("Nothing was taken over from the cell."),
    "text-left-out": N_("The text outside the tables has no place in the workbook."),
    "several-lines": N_("Several lines stand in one amount cell."),
    "negative": N_("The amount is negative, which a cost or a contribution cannot be."),
    "too-large": N_("The amount is larger than a workbook takes."),
    "merged-above": N_("The cell is merged with the row above, which has its content."),
    "nested-table": N_("A table stands inside the cell."),
    "footnote": N_("A footnote of Word hangs on the cell; its text was not taken over."),
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
        "The row is support costs or overheads, which have no place among activities."
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
