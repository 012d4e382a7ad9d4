"""Wordings of issues with the technology review, and what their codes mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_
from cmswp_xl.messages.issues import Template

if TYPE_CHECKING:
    from collections.abc import Mapping


REVIEW: Mapping[str, Template] = {
    "sequence-gap": Template(
        N_("In the sequence, {value} is in the place of {missing}."),
        N_("{count} numbers of the sequence do not follow the one before them."),
        N_("Number the rows 1, 2, 3 and so on, without a gap."),
    ),
    "sequence-gap:twice": Template(
        N_("{value} stands more than once in the sequence: {cells}."),
        N_("{count} rows repeat a number of the sequence."),
        N_("Number the rows 1, 2, 3 and so on, each number once."),
    ),
    "sequence-gap:instead": Template(
        N_("In the sequence, {value} appears more than once ({cells}), and {missing} is missing."),
        N_("{count} rows repeat a number of the sequence, and as many numbers are missing."),
        N_("Number the rows 1, 2, 3 and so on, each number once."),
    ),
    "number-outside-subject": Template(
        N_("Recommendation {value} stands under point {subject}, to which it does not belong."),
        N_("{count} recommendations do not belong to the point they stand under."),
        N_("Correct the number or the subject: under point 2 stand 2.1, 2.2 and so on."),
    ),
    "incomplete-decision": Template(
        N_("The request {request} was decided ({decision}), and this cell is empty."),
        N_("{count} requests were decided, and this cell is empty."),
        N_(
            "Enter it: each decision needs who and when, an acceptance a recommendation to"
            " follow, a refusal or a deferral a reason."
        ),
    ),
    "weights-not-100": Template(
        N_("The weights add up to {total}, not to 100; no request has a score until they do."),
        N_("{count} sets of weights do not add up to 100."),
        N_("Change the weights in the sheet “{weights}” until they add up to 100."),
    ),
    "weights-not-100:none": Template(
        N_("There are requests, but no weights to score them by."),
        N_("{count} times there are requests, but no weights."),
        N_("Enter a weight for each criterion in the sheet “{weights}”; together they are 100."),
    ),
    "repeated-recommendation": Template(
        N_("Recommendation {value} has more than one step: {cells}."),
        N_("{count} steps share their recommendation with another step."),
        N_("Check whether they are the same thing; if they are not, nothing needs to be done."),
    ),
    "no-next-step": Template(
        N_("Recommendation {value} asks for action, and no step follows it."),
        N_("{count} recommendations ask for action, and no step follows them."),
        N_("Enter a step in “{steps}”, or mark the recommendation as done or dropped."),
    ),
    "step-for-no-action": Template(
        N_("Recommendation {value} is to take no action, but this step follows it."),
        N_("{count} steps follow recommendations to take no action."),
        N_("Delete the step, or correct its recommendation or the decision."),
    ),
    "subject-without-recommendation": Template(
        N_("No recommendation stands under point {value}."),
        N_("{count} points have no recommendation."),
        N_("Enter its recommendations, even where they are to take no action."),
    ),
    "done-with-open-steps": Template(
        N_("Recommendation {number} is marked as done, but steps of it are not: {cells}."),
        N_("{count} recommendations are marked as done, but steps of them are not."),
        N_("Mark the steps as done, or the recommendation as ongoing."),
    ),
    "due-out-of-sequence": Template(
        N_("{value} is before {due}, when the earlier step {seq} is due."),
        N_("{count} steps are due before an earlier step."),
        N_(
            "Check the dates; nothing needs to be done where the order of the steps is only logic."
        ),
    ),
    "existing-solution-unknown": Template(
        N_("The request {request} was decided without saying what exists already."),
        N_("{count} requests were decided without saying what exists already."),
        N_("Enter which service of the United Nations was looked at, and what came of it."),
    ),
    "recommendation-to-be-funded": Template(
        N_(
            "Recommendation {value} rests on {activity}, for which {to_be_sought} is to be sought."
        ),
        N_("{count} recommendations rest on activities for which money is to be sought."),
        N_("For information; see the activity’s funding in “{funding}”."),
    ),
    "recommendation-to-be-funded:uncosted": Template(
        N_("Recommendation {value} rests on {activity}, which is not costed yet."),
        N_("{count} recommendations rest on activities that are not costed yet."),
        N_("For information; enter the activity’s costs in “{costs}”."),
    ),
    "unused-evidence": Template(
        N_("No recommendation names the evidence {value}."),
        N_("{count} pieces of evidence are named by no recommendation."),
        N_("Name it where it belongs, or leave it as background."),
    ),
}

EXPLANATIONS: Mapping[str, tuple[str, str, str]] = {
    "weights-not-100": (
        N_("The weights of the six criteria do not add up to 100."),
        N_("Scores of requests could not be compared from one review to the next."),
        N_("Change them; for example, 25, 20, 15, 10, 20 and 10."),
    ),
    "sequence-gap": (
        N_("A number of the sequence of steps or findings is missing or stands twice."),
        N_("The steps are done in this order, and readers would look for what is missing."),
        N_("Number them through; for example, 1, 2, 3 and not 1, 3, 3."),
    ),
    "number-outside-subject": (
        N_("The number of a recommendation does not begin with the point of its subject."),
        N_("Readers find a recommendation by its number under its subject."),
        N_("Correct one of the two; for example, 4.1 stands under point 4."),
    ),
    "incomplete-decision": (
        N_("A request was decided, and who, when, why or what follows from it is not said."),
        N_("Whoever asked must be able to see how the decision came about."),
        N_(
            "Fill in the cell; for example, a request that is declined needs a reason, one that"
            " is accepted the recommendation it follows."
        ),
    ),
    "repeated-recommendation": (
        N_("Several steps follow one recommendation."),
        N_("The steps may be the same thing twice, or a step may name the wrong number."),
        N_("Compare them; for example, keep one of two steps that both name 2.2."),
    ),
    "no-next-step": (
        N_("A recommendation asks for action, and the sequence holds no step for it."),
        N_("What nobody is to do will not be done."),
        N_("Enter a step; for example, for 2.3, or mark it as dropped."),
    ),
    "step-for-no-action": (
        N_("A step follows a recommendation to take no action."),
        N_("Either the step or the decision is wrong."),
        N_("Correct one of them; for example, change no-action to act."),
    ),
    "subject-without-recommendation": (
        N_("A subject has no recommendation."),
        N_("The register would show an empty point."),
        N_("Enter one, for example to take no action, or delete the subject."),
    ),
    "done-with-open-steps": (
        N_("A recommendation is marked as done while one of its steps is not."),
        N_("A report would say that all is done where something is left to do."),
        N_("Correct one of the two; for example, mark the step as done."),
    ),
    "due-out-of-sequence": (
        N_("A step is due before a step that stands earlier in the sequence."),
        N_("The sequence is one of logic, but what comes first is usually finished first."),
        N_("Check the dates; for example, May for step 3 and June for step 4."),
    ),
    "existing-solution-unknown": (
        N_("A request was decided, and it does not say what exists already."),
        N_("Services of the United Nations that can be used are to be looked at first."),
        N_("Enter it; for example, “Umoja: does not cover this”."),
    ),
    "recommendation-to-be-funded": (
        N_("A recommendation rests on an activity without its money, or without its cost."),
        N_("It cannot be carried out in full before the money is there."),
        N_("Nothing is wrong: for example, 2.1 rests on an activity with 3,000 to be sought."),
    ),
    "unused-evidence": (
        N_("A source of information is named by no recommendation."),
        N_("It may have been forgotten where it matters."),
        N_("Name its code, for example INT-01, with the recommendation that rests on it."),
    ),
}
