"""What the user is told where a button, or the add-in's installation, cannot go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

EXCEL: Mapping[str, tuple[str, ...]] = {
    "no-book": (
        N_("No workbook is open."),
        N_("Open the workbook of the programme of work, then press the button again."),
    ),
    "book-has-errors": (
        N_("{workbook} has errors ({errors}), so there are no figures and no documents yet."),
        N_("Press “Validate” to see them, mend them, then press this button again."),
    ),
    "book-not-saved": (
        N_("{workbook} was never saved, so there is no folder for its documents."),
        N_("Save it, then press the button again."),
    ),
    "no-local-copy": (
        N_("{workbook} is opened from the web, and no copy of it was found on this computer."),
        N_("Let OneDrive keep its folder on this computer, or set a folder for the documents:"),
        "cmswp addin install --documents FOLDER",
    ),
    "book-protected": (
        N_("The structure of {workbook} is protected, so no sheet can be added to it."),
        N_("Take the protection off (Review, Protect Workbook), then press the button again."),
    ),
    "sheet-protected": (
        N_("The sheet “{sheet}” is protected, so it cannot be written anew."),
        N_("Take the protection off (Review, Unprotect Sheet), then press the button again."),
    ),
    "unexpected-in-excel": (
        N_("Something went wrong that the program did not foresee."),
        N_(
            "Your cells were not changed. Please send this file to those who maintain the program:"
        ),
        "{path}",
    ),
}

ADDIN: Mapping[str, tuple[str, ...]] = {
    "no-excel": (
        N_("Microsoft Excel was not found on this system, so nothing was installed."),
        N_("Run this where Excel is, or name its start-up folder with --startup."),
    ),
    "xlwings-missing": (
        N_("The ribbon in Excel needs xlwings, which is not installed in this Python."),
        N_('Install it with: pip install "cmswp-xl[excel]"'),
    ),
    "xlwings-other": (
        N_("The add-in needs xlwings {needed}, and {installed} is installed."),
        N_('Install the right one with: pip install "xlwings=={needed}"'),
    ),
    "file-in-use": (
        N_("{path} is in use and was left as it is."),
        N_("Close Excel, all its windows, then try again."),
    ),
    "store-python": (
        N_("This Python comes from the Microsoft Store, which hides from Excel what it writes."),
        N_("Use the Python of python.org, or ask your IT service for it."),
        N_("Install the program in that Python, then run this command again."),
    ),
    "python-path": (
        N_("Excel’s macros cannot start {path}: its path has letters or signs they cannot read."),
        N_("Install Python in a folder with plain letters in its path, and the program with it."),
    ),
    "conf-not-plain": (
        N_("{path} is not plain text as Excel’s macros read it; nothing was changed."),
        N_("Open it in Notepad and save it with the encoding ANSI, or delete it; then try again."),
    ),
    "settings-broken": (
        N_("The settings in {path} cannot be read."),
        N_("Delete that file, or set the folder again: cmswp addin install --documents FOLDER"),
    ),
    "addin-stays": (
        N_("{path} is not the file that was installed, so it stays."),
        N_("If it is not needed, close Excel and delete it."),
    ),
}
