"""The explanations by code: what, why, how, in the order errors, warnings, notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.errors import Misuse
from cmswp_xl.issues import SEVERITIES, Severity
from cmswp_xl.languages import N_
from cmswp_xl.messages import papers, review

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.languages import Words


EXPLANATIONS: Mapping[str, tuple[str, str, str]] = {
    "missing-table": (
        N_("The workbook lacks a table that every programme of work has."),
        N_("Tables are found by their Excel name, so a renamed table is missing too."),
        N_(
            "Click into the table, open Table Design and type its name, for example Activities;"
            " or copy the sheet from a fresh workbook made with cmswp new."
        ),
    ),
    "duplicate-table": (
        N_("Two tables bear the same name of the programme of work."),
        N_("Only the first is read, so what stands in the other would be lost."),
        N_("Move its rows into the first table; for example, keep one table Costs, not two."),
    ),
    "missing-column": (
        N_("A table lacks a column that must be there, or the form lacks a setting."),
        N_("Columns are found by their heading in English, French or Spanish, at any position."),
        N_(
            "Add the column with its heading, for example “Amount”, “Montant” or “Importe” in"
            " Costs; copy the heading from a fresh workbook to be sure of its spelling."
        ),
    ),
    "duplicate-column": (
        N_("Two columns of a table have headings that mean the same."),
        N_("“Cost” and “Coûts” do so, in two languages; only the first is read."),
        N_("Delete or rename one; for example, call a column of your own “Old amount”."),
    ),
    "rows-below-table": (
        N_("Cells below a table are filled."),
        N_("They are not part of the table, so their content would be missing from all totals."),
        N_(
            "Drag the lower right corner of the table over them; for example, a table that ends"
            " in row 63 is drawn down to row 64."
        ),
    ),
    "wrong-type": (
        N_("A cell holds another kind of value than its column takes: text for a number, say."),
        N_(
            "Nothing is guessed: “1.200” could be 1.2 or 1200, and a number in a code column may"
            " have been 1.1 or 1.10."
        ),
        N_(
            "Set the cell’s format to the kind that is needed and type the value again; for"
            " example, format as Number and type 1200."
        ),
    ),
    "formula-without-value": (
        N_("A cell to be filled in holds a formula whose result was never stored in the file."),
        N_("The program reads stored results; without one the value is not known, and is not 0."),
        N_("Open the workbook in Excel and save it, so that =2*600 is stored with its 1200."),
    ),
    "error-value": (
        N_("A cell shows an error of Excel instead of a value."),
        N_("A formula that points to a deleted cell, for example, shows #REF!, no amount."),
        N_("Correct the formula or type the value itself, such as 1200 in place of =#REF!*2."),
    ),
    "unreadable-text": (
        N_("A text holds control characters or broken characters."),
        N_("They cannot be printed; they come with text pasted from other programs."),
        N_("Delete the text and type it again, or paste it with Paste Special as Unicode text."),
    ),
    "invisible-character": (
        N_(
            "A code or a word of a list has a character that cannot be seen, or a letter of"
            " another alphabet that looks like a Latin one."
        ),
        N_(
            "Excel compares codes character by character, so a sheet with such a code leaves out"
            " what a reader counts. They come with text pasted from Word or the web."
        ),
        N_(
            "Clear the cell and type the code again. Meant are no-break and zero-width spaces,"
            " soft hyphens, direction marks, tabs, line breaks, and letters such as the Cyrillic"
            " А."
        ),
    ),
    "missing-value": (
        N_("A required cell is empty."),
        N_("A text is required in the original language, other values whatever the language."),
        N_("Fill it in; for example, every row of Costs needs an activity and an amount."),
    ),
    "not-in-list": (
        N_("A cell takes one of a few words, and holds another."),
        N_("Pasting replaces the list in the cell, so that anything can get in."),
        N_("Choose from the list; for example, a stage is pledged, confirmed or received."),
    ),
    "out-of-range": (
        N_("A number, year or date is too small, too large, or ends before it begins."),
        N_("Amounts are never negative, percentages lie between 0 and 100."),
        N_("Correct the value; for example, type 40 for 40 per cent, not 4000."),
    ),
    "wrong-pattern": (
        N_("A code, currency or web address does not have its proper form."),
        N_("Codes are used in formulas, where accents, asterisks and question marks go wrong."),
        N_("Correct it; for example, ICC-01 is a code, and EUR is a currency."),
    ),
    "too-many-decimals": (
        N_("A number has more decimals than are allowed."),
        N_("An amount of 33.333 would be shown as 33.33, and totals would not add up on paper."),
        N_("Round the number itself, for example with =ROUND(100/3,2); a format does not do it."),
    ),
    "changed-code": (
        N_("Several rows refer to a code that is missing, and one row has a code of no use."),
        N_("The code was probably changed here, and not in the rows that refer to it."),
        N_("Enter the former code again; for example, ICC-06 where it now is ICC-6."),
    ),
    "duplicate-key": (
        N_("Two rows have the same code or id, or the same combination where that is the key."),
        N_("What refers to the code would have two meanings."),
        N_("Give each row its own, for example ICC-07 where ICC-06 is taken already."),
    ),
    "duplicate-number": (
        N_("Two activities of one area have the same number."),
        N_("The number is what readers of the document cite."),
        N_("Number them apart, for example 1.1 and 1.2."),
    ),
    "unknown-reference": (
        N_("A cell names a code that is not in the table it refers to."),
        N_("The row could not be added to anything, and its money would be lost."),
        N_(
            "Choose from the list in the cell, or enter the code in its own sheet first; for"
            " example, a new donor in Donors before its funding."
        ),
    ),
    "nested-area": (
        N_("An area is placed under itself, or under an area that is itself a sub-area."),
        N_("Areas have one level of sub-areas; otherwise their sub-totals would be unclear."),
        N_(
            "In Areas, enter as the parent an area without a parent of its own; for example,"
            " place ICC-A under ICC."
        ),
    ),
    "year-outside-period": (
        N_("A cost or a contribution is given for a year outside the programme’s period."),
        N_("It would be counted in the total and stand under no year."),
        N_(
            "Correct the year, leave it blank for the whole period, or widen the period in the"
            " sheet Programme; for example, 2027 needs a period that ends in 2027 or later."
        ),
    ),
    "amount-mismatch": (
        N_("An amount is not its quantity multiplied by its unit cost, rounded to cents."),
        N_("One of the three was changed without the others."),
        N_("Correct the wrong one: for 3 meetings at 400.00 the amount is 1200.00."),
    ),
    "over-allocated": (
        N_("The percentages of a post add up to more than 100."),
        N_("A post has one full working time, to be shared by areas or by sources that pay it."),
        N_("Lower them; for example, 60 and 40 for two areas. Less than 100 is allowed."),
    ),
    "missing-translation": (
        N_("A text is there in one language and missing in another."),
        N_("Documents in that language are refused while a text they print is missing."),
        N_(
            "Enter the text; for example, the French title beside the English one. While the"
            " programme is a draft this is only a note."
        ),
    ),
    "overfunded": (
        N_("An activity has more money available than it costs."),
        N_("The surplus is shown apart and pays for no other activity."),
        N_(
            "Check for a missing cost or a contribution entered twice; for example, 12,000 for a"
            " cost of 10,000 leaves a surplus of 2,000."
        ),
    ),
    "funded-not-costed": (
        N_("Money is available for an activity that has no costs yet."),
        N_("It counts as available, but what is to be sought cannot be told."),
        N_("Enter the costs; for example, a row in Costs with its amount."),
    ),
    "same-contribution": (
        N_("Two rows name the same activity, year, source, donor and reference at two stages."),
        N_("A contribution that is entered again when it is confirmed or paid counts twice."),
        N_(
            "Keep one row and change its stage, from pledged to confirmed, say. A part payment"
            " splits the row: the two parts get references of their own."
        ),
    ),
    "duplicate-row": (
        N_("Two rows of Costs or of Funding are equal in every cell that is typed."),
        N_("A row that was pasted twice counts twice, and no total shows it."),
        N_(
            "Delete one of the two rows. If both are meant, tell them apart in the note or the"
            " reference, for example “second workshop”."
        ),
    ),
    "ambiguous-table": (
        N_("A table has the headings of a table of the programme of work, under another name."),
        N_(
            "Excel names the table of a copied sheet Costs3. Tables are found by name, so what is"
            " changed in the copy counts nowhere."
        ),
        N_(
            "Keep one of the two. If the table was renamed, name it again under Table Design; it"
            " is an error while the table is missing."
        ),
    ),
    "struck-text": (
        N_("A cell has words, a code or an amount struck through."),
        N_("A reader takes them for deleted, but they count and documents print them."),
        N_(
            "Delete what is struck through; for example, keep the new amount alone. A row that is"
            " no longer wanted is deleted."
        ),
    ),
    "stale-formula": (
        N_("A calculated cell shows another value than the data give."),
        N_("Its formula was typed over, or the file was saved without being calculated."),
        N_(
            "Let Excel calculate and save; if it stays, copy the formula from a row that is right."
            " Documents always use the figure that the data give, for example 1,200.00 and not"
            " a typed 1,300.00."
        ),
    ),
    "mixed-support-cost": (
        N_(
            "Some costs are marked as including programme support costs, others as excluding them."
        ),
        N_("Net and gross amounts then stand in one total."),
        N_(
            "Mark them alike; for example, all excluded, so that 13 per cent is added once below"
            " the total."
        ),
    ),
    "unfunded": (
        N_("An activity has costs, and no money is available for it."),
        N_("Pledges do not count as available; only what is confirmed or received does."),
        N_("Nothing is wrong: a cost of 5,000 without funding, for example, is all to be sought."),
    ),
    "partly-funded": (
        N_("Money is available for a part of an activity’s cost, or its costing is not complete."),
        N_("The rest is still to be sought."),
        N_("Nothing is wrong: for example, 2,000 of 5,000 leaves 3,000 to be sought."),
    ),
    "not-costed": (
        N_("An activity has no row in Costs."),
        N_("Its amounts stay blank, because blank is not 0, and totals say how many are costed."),
        N_("Enter its costs; for an activity without additional cost, a row with the amount 0."),
    ),
    "not-calculated": (
        N_("A calculated column holds a formula whose result was never stored."),
        N_(
            "The workbook was written by a program that does not calculate; the data are complete."
        ),
        N_("Open it in Excel and save it, for example before sending it to someone."),
    ),
    "unknown-column": (
        N_("A column or setting has a name that the table does not know."),
        N_("Columns of your own are kept and not used; so is a misspelt heading."),
        N_("Correct the heading if it should be read: “Amount”, for example, not “Amuont”."),
    ),
    "unknown-table": (
        N_("A table is not one of the programme of work."),
        N_("Tables of your own are kept and not used."),
        N_("Nothing to do, unless it was renamed by mistake: Costs, for example, not Costs1."),
    ),
    "unknown-sheet": (
        N_("A sheet holds no table of the programme of work."),
        N_("Sheets of your own are kept and not used."),
        N_("Nothing to do, for example for a sheet with working notes."),
    ),
    "no-mandate": (
        N_("An activity names no resolution or decision that it rests on."),
        N_("Parties like to see why an activity is in the programme."),
        N_("Enter its code, with the place in brackets: Res. 11.2 (paras 4–7), for example."),
    ),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code says, why it matters, and how to mend it, each in a sentence or two."""

    what: str
    why: str
    how: str


_ALL = {**EXPLANATIONS, **review.EXPLANATIONS, **papers.EXPLANATIONS}


def codes() -> tuple[str, ...]:
    """Give every code that has an explanation: errors, then warnings, then notes."""
    order = list(Severity)
    return tuple(sorted(_ALL, key=lambda code: order.index(SEVERITIES[code])))


def explanation(code: str, say: Words) -> Explanation:
    """Explain a code; raises `Misuse` where there is no such code."""
    if code not in _ALL:
        raise Misuse("unknown-code", code=code)
    return Explanation(*(say(text) for text in _ALL[code]))
