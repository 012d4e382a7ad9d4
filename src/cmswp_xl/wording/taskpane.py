"""The words of the task pane and ribbon of Excel that the server brings, by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.languages import Words

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
