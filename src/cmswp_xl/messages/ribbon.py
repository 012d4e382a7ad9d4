"""The words of the ribbon, of the worksheet functions and of the task pane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.languages import N_
from cmswp_xl.messages.labels import label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.languages import Words


@dataclass(frozen=True, slots=True)
class Control:
    """The English texts of a control: its label, the title of its tip, and the tip itself."""

    label: str
    screentip: str = ""
    supertip: str = ""


CONTROLS: Mapping[str, Control] = {
    "cmswpTab": Control(N_("CMS Programme")),
    "cmswpCheck": Control(N_("Check")),
    "cmswpValidate": Control(
        N_("Validate"),
        N_("Check the whole workbook"),
        N_(
            "Applies every rule to the workbook as it is on screen, saved or not. Faults are"
            " listed on a sheet, each with its remedy, and the faulty cells are marked. What you"
            " typed is not changed."
        ),
    ),
    "cmswpNextIssue": Control(
        N_("Next issue"),
        N_("Go to the next marked cell"),
        N_("Selects the next cell with a fault, and tells what is wrong and how to mend it."),
    ),
    "cmswpClearMarks": Control(
        N_("Clear marks"),
        N_("Remove the marks of the last check"),
        N_("Removes the colour that Validate laid over cells. Your own formats and texts stay."),
    ),
    "cmswpTotals": Control(N_("Totals")),
    "cmswpRefreshTotals": Control(
        N_("Refresh totals"),
        N_("Compute all totals again"),
        N_("Computes cost, funding and what is still to be sought from the tables on screen."),
    ),
    "cmswpUnfunded": Control(
        N_("Unfunded list"),
        N_("List what is still to be sought"),
        N_(
            "Writes the activities that are not fully funded to a sheet of their own, with the"
            " amount to be sought for each. Activities not yet costed are listed apart."
        ),
    ),
    "cmswpPublish": Control(N_("Publish")),
    "cmswpLanguage": Control(
        N_("Language"),
        N_("Language of the documents"),
        N_(
            "The language in which the documents of this group are made. The workbook is the same."
        ),
    ),
    "cmswpWord": Control(
        N_("Word annex"),
        N_("Make the annex as a Word document"),
        N_("Saves the costed programme of work for Word, and tells you where. Faults stop it."),
    ),
    "cmswpHtml": Control(
        N_("HTML annex"),
        N_("Make the annex as a web page"),
        N_("Saves the costed programme of work as a web page, and tells you where."),
    ),
    "cmswpAllDocuments": Control(
        N_("All documents"),
        N_("Make every document"),
        N_("Saves every document of the programme, for Word and as web pages."),
    ),
    "cmswpOpenFolder": Control(
        N_("Open folder"),
        N_("Open the folder of the documents"),
        N_("Shows the folder in which the documents of this workbook are saved."),
    ),
    "cmswpHelp": Control(N_("Help")),
    "cmswpGuide": Control(
        N_("Guide"),
        N_("Open the guide for staff"),
        N_("Tells, step by step, how to fill in, check and publish the programme of work."),
    ),
    "cmswpAbout": Control(
        N_("About"),
        N_("Version and licence"),
        N_("Shows the version of this add-in and the licence under which it may be used."),
    ),
}
"""By the id of the control in the ribbon's XML."""

MESSAGES: Mapping[str, str] = {
    "noWorkbook": N_(
        "No workbook is open for editing. Open the programme workbook, press Enable Editing if"
        " Excel shows it, and try again."
    ),
    "noPython": N_(
        "The add-in could not start Python, or Python could not answer. Run the command"
        " “cmswp addin status”, or ask your IT colleagues to do so. Excel said:"
    ),
}
"""By a name of their own: what the add-in says itself, when it cannot ask Python."""

PUBLISH_LANGUAGES = ("all", "en", "fr", "es")
"""The choices of the language list, in its order; the first is chosen at the start."""
_ALL_LANGUAGES = N_("All three languages")


def ribbon_texts(say: Words) -> dict[str, str]:
    """Give all texts of the ribbon in one language, by `id.label`, `id.screentip` and so on."""
    texts = {}
    for name, control in CONTROLS.items():
        texts[f"{name}.label"] = say(control.label)
        if control.screentip:
            texts[f"{name}.screentip"] = say(control.screentip)
            texts[f"{name}.supertip"] = say(control.supertip)
    for choice in PUBLISH_LANGUAGES:
        shown = say(_ALL_LANGUAGES) if choice == "all" else label("language", choice, say)
        texts[f"cmswpLanguage.{choice}"] = shown
    return texts | {f"{name}.message": say(text) for name, text in MESSAGES.items()}


REFUSALS: Mapping[str, str] = {
    "not-table": N_("{argument}: give the table {table} with its headings, as {table}[#All]."),
    "other-table": N_("{argument}: this is the table {found}; give {table}[#All]."),
    "no-table": N_("Give one table of the programme with its headings, such as Costs[#All]."),
    "too-many-cells": N_(
        "{argument}: more than {limit} cells; give the table, not whole columns."
    ),
    "not-one": N_("{argument}: give one value, not several cells."),
    "error-cell": N_("{argument}: the cell shows {error}; mend it first."),
    "not-activity": N_("Give the id of an activity as text, such as ICC-01."),
    "unknown-activity": N_("Activities has no activity {activity}; check its id."),
    "scenario-needed": N_(
        "Some rows are for one scenario only ({known}): give Programme[#All], or a scenario."
    ),
    "unknown-scenario": N_("No row is for the scenario {scenario}; there are rows for {known}."),
    "unknown-grouping": N_("Choose what to group by: {known}."),
    "titles-only": N_(
        "titles: give Areas[#All] to group by area, Donors[#All] to group by donor,"
        " Recommendations[#All] to group by recommendation."
    ),
    "years-needed": N_("To group by year, give Programme[#All] too: it holds the period."),
    "unknown-language": N_("The language is en, fr or es."),
    "not-truth": N_("listed: give TRUE for the list of issues, FALSE for their number."),
}


RIBBON: Mapping[str, tuple[str, str]] = {
    "validate": (
        N_("Validate"),
        N_("Check the workbook, list every issue on a sheet, and mark the cells concerned."),
    ),
    "next_issue": (N_("Next issue"), N_("Go to the next cell with an issue and tell what it is.")),
    "clear_marks": (
        N_("Clear marks"),
        N_("Remove the marks that Validate has set. Your own formats stay."),
    ),
    "refresh_totals": (
        N_("Refresh totals"),
        N_("Calculate the formulas again and tell the totals of the programme."),
    ),
    "unfunded_list": (
        N_("Unfunded list"),
        N_("List on a sheet the activities for which money is still to be sought."),
    ),
    "documents": (
        N_("Documents"),
        N_("Get the official documents in Word and HTML, in three languages."),
    ),
    "pane": (N_("Task pane"), N_("Show issues, totals and documents beside the workbook.")),
}
"""Label and description of each button."""

GROUPS: Mapping[str, str] = {
    "check": N_("Check"),
    "totals": N_("Totals"),
    "publish": N_("Publish"),
    "help": N_("Help"),
}

ADDIN = N_("CMS Programme")
DESCRIPTION = N_("Check the costed programme of work, see its totals, and make its documents.")

PANE: Mapping[str, str] = {
    "title": ADDIN,
    "language": N_("Language"),
    "validate": N_("Validate"),
    "checking": N_("Checking the workbook…"),
    "working": N_("Working…"),
    "checked": N_("Checked at {time}"),
    "errors": N_("Errors"),
    "warnings": N_("Warnings"),
    "notes": N_("Notes"),
    "issues": N_("Issues"),
    "totals": N_("Totals"),
    "documents": N_("Documents"),
    "ready": N_("No errors. Ready for documents."),
    "not-ready": N_("Correct the errors before making documents."),
    "nothing-found": N_("Nothing to correct. Every check has passed."),
    "start-title": N_("Check your programme of work"),
    "start-text": N_(
        "The workbook is checked as it is on the screen, with changes not yet saved. Nothing in"
        " it is altered."
    ),
    "go-to": N_("Go to {place}"),
    "show-more": N_("Show {count} more"),
    "skipped": N_("Checks left out"),
    "skipped-text": N_("Excel did not tell enough for these checks:"),
    "in-workbook": N_("In the workbook"),
    "mark": N_("List and mark issues"),
    "clear": N_("Clear marks"),
    "no-totals": N_("There are no totals while the workbook has errors."),
    "cost": N_("Cost"),
    "available": N_("Available"),
    "to-be-sought": N_("To be sought"),
    "surplus": N_("Surplus"),
    "by-area": N_("By programme area"),
    "total": N_("Total"),
    "not-costed": N_("Not costed yet"),
    "costed-part": N_("{costed} of {all} activities are costed."),
    "in-currency": N_("Amounts in {currency}"),
    "unfunded": N_("Make the unfunded list"),
    "document-language": N_("Language of the document"),
    "annex": N_("Annex: the costed programme of work"),
    "word": N_("Word"),
    "word-text": N_("The annex to send and print"),
    "web": N_("HTML"),
    "web-text": N_("The annex to read on the web"),
    "all": N_("All documents"),
    "all-text": N_("Word and HTML in three languages, as one ZIP file"),
    "making": N_("Making the document…"),
    "made": N_("{name} is ready. Look in your downloads."),
    "english": N_("English"),
    "french": N_("French"),
    "spanish": N_("Spanish"),
    "sign-in": N_("Sign in"),
    "sign-in-text": N_("Enter the access token that you were given. It stays on this computer."),
    "token": N_("Access token"),
    "sign-out": N_("Sign out"),
    "reload": N_("Reload"),
    "cancel": N_("Cancel"),
    "close": N_("Close"),
    "not-loaded": N_("The add-in did not load properly."),
    "about": N_(
        "cmswp-xl {version} · BSD 3-Clause. Served by xlwings-server · PolyForm Noncommercial."
    ),
    "done": N_("Done."),
    "error": N_("Error"),
    "warning": N_("Warning"),
    "info": N_("Note"),
    "sheet-gone": N_("That cell is no longer there. Validate again."),
    "answer.no-token": N_("The access token was not accepted. Enter it again."),
    "answer.signed-out": N_("You are not signed in."),
    "answer.no-role": N_(
        "You are signed in, but you may not use this add-in. Ask those who run it."
    ),
    "answer.too-large": N_(
        "The workbook is too large for this server. Remove pictures and unused sheets."
    ),
    "answer.too-many-cells": N_(
        "The workbook has too many cells for this server. Delete empty rows and unused sheets."
    ),
    "answer.too-many-sheets": N_(
        "The workbook has too many sheets for this server. Delete those that are not needed."
    ),
    "answer.claims-more": N_(
        "A table reaches far beyond the last cell that is filled in. Delete its empty rows."
    ),
    "answer.too-slow": N_(
        "The workbook took too long to arrive. Check the network and try again."
    ),
    "answer.stopping": N_("The server is being restarted. Try again in a minute."),
    "answer.too-many": N_("Too many requests in a short time. Wait a minute and try again."),
    "answer.not-understood": N_(
        "The server did not understand this version of Excel or of the add-in."
    ),
    "answer.has-errors": N_("The workbook has errors. Validate it and correct them first."),
    "answer.missing-texts": N_(
        "Texts are missing in {languages}. Enter them, or take another language."
    ),
    "answer.not-programme": N_("This workbook holds none of the tables of a programme of work."),
    "answer.unreachable": N_("The server cannot be reached. Check the network and try again."),
    "answer.failed": N_("Something went wrong on the server. Your workbook was not changed."),
    "answer.excel": N_("Excel did not carry this out. Finish editing the cell and try again."),
}
"""What the pane itself says."""


def pane_texts(say: Words) -> dict[str, str]:
    """Give the words of the pane in a language, their places unfilled."""
    return {key: say(text) for key, text in PANE.items()}
