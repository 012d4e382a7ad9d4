"""What the Excel ribbon says: the label and the two tips of each control, and two messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.languages import N_
from cmswp_xl.wording.labels import label

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
