"""Wordings of issues with progress reports, texts and comments, and what their codes mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_
from cmswp_xl.messages.issues import Template

if TYPE_CHECKING:
    from collections.abc import Mapping


PAPERS: Mapping[str, Template] = {
    "progress-outside-period": Template(
        N_("{value} is before {start}, the first year of the period."),
        N_("{count} dates are before {start}, the first year of the period."),
        N_("Correct the date, or delete the row: expenditure counts from the period’s beginning."),
    ),
    "progress-after-figures": Template(
        N_("{value} is later than {as_at}, the date of the figures; documents leave it out."),
        N_("{count} reports are later than the date of the figures; documents leave them out."),
        N_("For information. Change the date in “{programme}” once the figures are up to date."),
    ),
    "expenditure-decreasing": Template(
        N_("{activity}: {spent} is less than the {earlier} spent by {as_at} ({cells})."),
        N_("{count} expenditures are less than one reported before."),
        N_("Enter all that was spent since the period began, not only what was added."),
    ),
    "expenditure-above-cost": Template(
        N_("{activity}: {spent} was spent, but only {cost} is planned."),
        N_("{count} activities have spent more than is planned."),
        N_("Check the expenditure, or enter the further costs in “{costs}”."),
    ),
    "expenditure-above-available": Template(
        N_("{activity}: {spent} was spent, but only {available} is available."),
        N_("{count} activities have spent more than is available."),
        N_("Check the expenditure, or enter the money that paid for it in “{funding}”."),
    ),
    "progress-contradiction": Template(
        N_("{activity}: no progress is reported, but {spent} was spent."),
        N_("{count} activities have spent money and report no progress."),
        N_("Correct the status or the expenditure."),
    ),
    "progress-contradiction:done": Template(
        N_("{activity} is reported as carried out by {as_at} ({cells}), and here as not done."),
        N_("{count} activities were reported as carried out before."),
        N_("Correct one of the two rows."),
    ),
    "action-not-described": Template(
        N_("{activity}: action is needed, and no note says which."),
        N_("{count} activities need action, and no note says which."),
        N_("Say in the note who must do what, and by when."),
    ),
    "done-to-be-sought": Template(
        N_("{activity} is carried out, though {to_be_sought} is to be sought for it."),
        N_("{count} activities are carried out, though money is to be sought for them."),
        N_(
            "For information. Lists for donors leave it out; correct its costs if they were lower."
        ),
    ),
    "text-out-of-order": Template(
        N_("Paragraph {value} stands below paragraph {number}."),
        N_("{count} paragraphs stand below one with a higher number."),
        N_("Sort the rows or number them anew; documents print them as they stand."),
    ),
    "text-out-of-place": Template(
        N_("A subparagraph stands here, and no paragraph above it."),
        N_("{count} subparagraphs stand without a paragraph above them."),
        N_("Put a paragraph above it, or change its kind to paragraph."),
    ),
    "text-out-of-place:summary": Template(
        N_("The summary stands below other texts of its document."),
        N_("{count} summaries stand below other texts of their document."),
        N_("Move it to the beginning of its document."),
    ),
    "text-out-of-place:heading": Template(
        N_("Nothing stands below this heading."),
        N_("Nothing stands below {count} headings."),
        N_("Add a paragraph below it, or delete it."),
    ),
    "text-out-of-place:areas": Template(
        N_("The document lists the programme areas already ({cells})."),
        N_("{count} documents list the programme areas more than once."),
        N_("Change the kind of one of them to paragraph."),
    ),
    "typed-number": Template(
        N_("The text begins with “{value}”, which documents put there themselves."),
        N_("{count} texts begin with a number or mark, which documents put there themselves."),
        N_("Delete it from the text."),
    ),
    "no-action-requested": Template(
        N_("The meeting document asks nothing of the meeting."),
        N_("{count} meeting documents ask nothing of the meeting."),
        N_("Add a row of the kind action, unless the document is for information only."),
    ),
    "comment-without-response": Template(
        N_("Comment {value} is marked as answered, and there is no answer."),
        N_("{count} comments are marked as answered, and there is no answer."),
        N_("Enter the answer, or mark the comment as open."),
    ),
    "open-comments": Template(
        N_("The programme is adopted; comments still open: {number}."),
        N_("The programme is adopted; {count} lists of comments are still open."),
        N_("Answer them, then mark them as answered."),
    ),
}

EXPLANATIONS: Mapping[str, tuple[str, str, str]] = {
    "progress-outside-period": (
        N_("A progress report holds as at a date before the period begins."),
        N_("Expenditure counts from the beginning of the period."),
        N_("Correct the date; for example, 2024-06-30 in the period 2024–2026."),
    ),
    "progress-after-figures": (
        N_("A progress report is later than the date as at which the figures hold."),
        N_("A document that says “as at” a date must not hold anything later."),
        N_(
            "Nothing is wrong: the report will be printed once the date of the figures is changed."
        ),
    ),
    "expenditure-decreasing": (
        N_("The expenditure on an activity is less than one reported before."),
        N_("Expenditure is cumulative, so that it cannot become less."),
        N_("Enter the sum; for example, 12,000 after 9,000 and another 3,000."),
    ),
    "expenditure-above-cost": (
        N_("More was spent on an activity than it was to cost."),
        N_("A report that shows more than 100 per cent will be asked about."),
        N_(
            "Correct the expenditure or the costs; for example, an amount typed with a 0 too many."
        ),
    ),
    "expenditure-above-available": (
        N_("More was spent on an activity than is confirmed or received for it."),
        N_("Money that is not there cannot be spent: some funding is not recorded."),
        N_("Enter the funding, or change its stage; for example, from pledged to received."),
    ),
    "progress-contradiction": (
        N_("The reports on an activity contradict each other, or status and expenditure do."),
        N_("Readers of the progress report could not tell which of the two is true."),
        N_("Correct one of them; for example, change no-progress to ongoing."),
    ),
    "action-not-described": (
        N_("A report says that action is needed, and not which."),
        N_("A meeting can act only on what it is told."),
        N_("Say it in the note; for example, “Parties are asked to reply by 31 March 2025”."),
    ),
    "done-to-be-sought": (
        N_("An activity is carried out, and its funding falls short of its planned cost."),
        N_("Lists for donors leave it out, so that their total is less than that of the annex."),
        N_("Nothing need be done; for example, another organization carried it out at no cost."),
    ),
    "text-out-of-order": (
        N_("The rows of a document’s texts are not in the order of their paragraph numbers."),
        N_(
            "Documents print the rows as they stand, so that the text may read in the wrong order."
        ),
        N_("Sort the sheet by document and paragraph; for example, 3 below 2."),
    ),
    "text-out-of-place": (
        N_("A text of a document stands where its kind does not belong."),
        N_("The document would have an empty heading, or a letter without its paragraph."),
        N_("Move the row or change its kind; for example, a heading needs a paragraph below it."),
    ),
    "typed-number": (
        N_("A text begins with a number, a letter or a bullet."),
        N_("Documents count paragraphs themselves, so that it would be printed twice."),
        N_("Delete it; for example, “The Committee …” instead of “1. The Committee …”."),
    ),
    "no-action-requested": (
        N_("The texts of the meeting document hold no request for action."),
        N_("Meeting documents usually end in what the meeting is asked to do."),
        N_("Add a row; for example, “Take note of this document”."),
    ),
    "comment-without-response": (
        N_("A comment is marked as answered, and there is no answer."),
        N_("Whoever made the comment would not learn what came of it."),
        N_("Enter the answer; for example, what was changed because of the comment."),
    ),
    "open-comments": (
        N_("The programme is adopted, and comments on it are still open."),
        N_("Comments are to be dealt with before the programme is adopted."),
        N_("Answer them; for example, “Taken up in activity 1.4”."),
    ),
}
