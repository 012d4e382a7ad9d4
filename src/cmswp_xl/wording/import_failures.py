"""What the user is told where an annex cannot be imported: what happened, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

Lines = tuple[str, ...]

_SAVE_DOCX = N_("Open it in Word and save it as a Word Document (.docx).")
_SAVE_COPY = N_("Open it in Word, which may repair it, save a copy and use the copy.")

IMPORT: Mapping[str, Lines] = {
    "word-is-folder": (
        N_("{file} is a folder, not a Word file."),
        N_("Give the name of the annex itself, such as annex.docx."),
    ),
    "word-lock-file": (
        N_("{file} is not the annex but the mark that Word leaves while it is open."),
        N_("Give the Word file itself."),
    ),
    "word-not-found": (
        N_("{file} was not found."),
        N_("Check the name and the folder; a name with spaces needs quotation marks."),
    ),
    "word-not-a-file": (
        N_("{file} is not an ordinary file."),
        N_("Give the name of a Word file (.docx)."),
    ),
    "word-too-large": (
        N_("{file} holds more than {limit} MB of data, which an annex does not need."),
        N_("Delete its pictures and save a copy, or raise the limit with --max-size."),
    ),
    "word-locked": (
        N_("{file} cannot be opened: another program holds it, or you may not read it."),
        N_("Close it elsewhere, or ask for the right to read it."),
    ),
    "word-unreadable": (
        N_("{file} cannot be read: {detail}."),
        N_("Check that the disk or the network drive can be reached, then try again."),
    ),
    "word-empty-file": (
        N_("{file} is empty; it has no content at all."),
        N_("Take the annex from a backup."),
    ),
    "word-not-downloaded": (
        N_("{file} is only a placeholder; its content has not been downloaded yet."),
        N_("Open it once in Word, or choose Always keep on this device, then try again."),
    ),
    "word-password": (
        N_("{file} is protected by a password."),
        N_("Open it in Word, remove the password under File, Info, and save a copy."),
    ),
    "word-old-format": (
        N_("{file} is in an older format of Word, which is not read."),
        _SAVE_DOCX,
    ),
    "word-not-excel": (N_("{file} is not a Word file."), _SAVE_DOCX),
    "word-damaged": (N_("{file} is damaged and cannot be read."), _SAVE_COPY),
    "word-too-many-parts": (
        N_("{file} has more than {limit} inner parts, which is not usual for a Word file."),
        N_("Copy the tables into a new Word file and use that."),
    ),
    "word-unsafe": (
        N_("{file} holds instructions that no Word file has; it was not read."),
        N_("If you trust where it comes from, open it in Word, save a copy and use that."),
    ),
    "word-strict-format": (
        N_("{file} is saved as a Strict Open XML Document, which is not read."),
        _SAVE_DOCX,
    ),
    "word-too-many-cells": (
        N_("Table {table} of {file} has more than {limit} cells."),
        N_("Delete empty rows and columns from it, or raise the limit with --max-cells."),
    ),
    "word-no-tables": (
        N_("{file} holds no tables, so there is nothing to import."),
        N_("Give the annex itself, with its tables of activities as tables of Word."),
    ),
    "word-no-annex": (
        N_("{file} holds no table of activities with costs or funding under known headings."),
        N_("Its headings should read as in an annex: No., Activity, Cost of the activity…"),
    ),
    "word-other-language": (
        N_("The headings of the tables in {file} are not in the language given with --lang."),
        N_("They read as {language}; give its code: en, fr or es."),
    ),
    "import-other-years": (
        N_("The annex has costs for years outside the period: {years}."),
        N_("Give the period that its tables cover, such as --period {period}."),
    ),
    "import-period": (
        N_("{period} is not a period of years."),
        N_("Give its first and last year, such as --period 2012-2014."),
    ),
    "import-currency": (
        N_("{currency} is not the code of a currency."),
        N_("Give its three letters, such as --currency EUR."),
    ),
    "import-unfit": (
        N_("What was read from {file} does not make a sound workbook: {detail}."),
        N_("Nothing was written. Correct the Word file, or tell those who maintain the program."),
    ),
}
"""The lines by reason, three at most."""
