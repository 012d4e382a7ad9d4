"""What failures say: of files, commands, the add-in, imports, comparisons, traces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_
from cmswp_xl.messages.labels import KINDS
from cmswp_xl.messages.serving import SERVING
from cmswp_xl.messages.shown import MOST, quoted, shown, shown_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.errors import CmswpError
    from cmswp_xl.languages import Words


COMPARING: Mapping[str, tuple[str, ...]] = {
    "diff-needs-output": (
        N_("The format {form} writes a file, and it is not known which."),
        N_("Name it with --output, for example --output revisions.docx."),
    ),
    "compare-annex-only": (
        N_("Only the annex can be made with both versions side by side."),
        N_("Leave out --document, or run the command once more for the other documents."),
    ),
    "compare-currencies": (
        N_("The two versions are in different currencies: {old} and {new}."),
        N_("Their amounts cannot stand side by side; cmswp diff lists what was typed."),
    ),
}


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


RENEWAL: Mapping[str, tuple[str, ...]] = {
    "bad-period": (
        N_("{period} is not a period of years."),
        N_("Give the first and the last year of the new period, such as 2018-2020."),
    ),
    "period-alone": (
        N_("A period was given, and no workbook to start from."),
        N_("Name the workbook of the last period with --from, or leave out --period."),
    ),
    "from-alone": (
        N_("The years of the new period are not known."),
        N_("Give them with --period, such as --period 2018-2020."),
    ),
    "from-and-example": (
        N_("The worked example is always the same, so --from does not go with --example."),
        N_("Leave out one of them."),
    ),
    "old-has-errors": (
        N_("{workbook} has errors ({errors}) in what the new period takes over; none was made."),
        N_("To see them, run: cmswp validate {command}"),
    ),
}
"""The lines by reason."""


TRACING: Mapping[str, tuple[str, ...]] = {
    "unknown-figure": (
        N_("There is no figure {figure}."),
        N_("The nearest are: {near}."),
        N_("To list them all, run: cmswp trace {command} {part}"),
    ),
    "unknown-document-figure": (
        N_("No figure is called {figure}: a figure’s name begins with its document."),
        N_("These are: {known}. For example: annex/activity/ICC-01/cost"),
    ),
}
"""The lines by reason."""


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


_REINSTALL = N_("Install the program again; if that does not help, tell those who maintain it.")
_UNDO = N_("Undo the last change to it, or install the program again.")
_FAILURES_SAVE_COPY = N_("Open it in Excel and save a copy, then use the copy.")
_RAISE = N_("If the workbook is meant to be so large, raise the limit with {option}.")

WORKBOOK: Mapping[str, Lines] = {
    "is-folder": (
        N_("{file} is a folder, not a workbook."),
        N_("Give the workbook’s own name, such as {file}/programme-of-work.xlsx."),
    ),
    "lock-file": (
        N_("{file} is not the workbook but the mark that Excel leaves while it is open."),
        N_("Give the workbook itself: {workbook}."),
    ),
    "not-found": (
        N_("{file} was not found."),
        N_("Check the name and the folder; a name with spaces needs quotation marks."),
    ),
    "not-a-file": (
        N_("{file} is not an ordinary file."),
        N_("Give the name of a workbook (.xlsx)."),
    ),
    "too-large": (
        N_("{file} holds more than {limit} MB of data, which a programme of work does not need."),
        N_("Delete pictures and unused sheets from it."),
        _RAISE,
    ),
    "locked": (
        N_("{file} cannot be opened: another program holds it, or you may not read it."),
        N_("Close it elsewhere, or ask for the right to read it."),
    ),
    "unreadable": (
        N_("{file} cannot be read: {detail}."),
        N_("Check that the disk or the network drive can be reached, then try again."),
    ),
    "empty-file": (
        N_("{file} is empty; it has no content at all."),
        N_("Take the workbook from a backup, or start one with cmswp new."),
    ),
    "not-downloaded": (
        N_("{file} is only a placeholder; its content has not been downloaded yet."),
        N_("Open it once in Excel, or choose Always keep on this device, then try again."),
    ),
    "password": (
        N_("{file} is protected by a password."),
        N_("Open it in Excel, remove the password under File, Info, and save a copy."),
    ),
    "old-format": (
        N_("{file} is in an older or binary format of Excel, which is not read."),
        N_("Open it in Excel and save it as an Excel Workbook (.xlsx)."),
    ),
    "not-excel": (
        N_("{file} is not an Excel workbook."),
        N_("Give a workbook that was saved as an Excel Workbook (.xlsx)."),
    ),
    "damaged": (
        N_("{file} is damaged and cannot be read."),
        N_("Open it in Excel, which may repair it, and save a copy; or take it from a backup."),
    ),
    "too-many-parts": (
        N_("{file} has more than {limit} inner parts, which is not usual for a workbook."),
        N_("Copy the tables into a fresh workbook made with cmswp new."),
    ),
    "unsafe": (
        N_("{file} holds instructions that no workbook of Excel has; it was not read."),
        N_("If you trust where it comes from, open it in Excel, save a copy and use that."),
    ),
    "strict-format": (
        N_("{file} is saved as a Strict Open XML Spreadsheet, which is not read."),
        N_("Open it in Excel and save it as an ordinary Excel Workbook (.xlsx)."),
    ),
    "no-tables": (
        N_("{file} holds no Excel tables, so there is nothing to read."),
        N_("Start from a fresh workbook: cmswp new programme-of-work.xlsx."),
    ),
    "not-programme": (
        N_("{file} holds tables, but none of a programme of work."),
        N_("Check that it is the right file, or start afresh: cmswp new programme-of-work.xlsx."),
    ),
    "too-many-cells": (
        N_("The table {table} in {file} has more than {limit} cells."),
        N_("Delete empty rows at its end."),
        _RAISE,
    ),
}

OUTPUT: Mapping[str, Lines] = {
    "output-exists": (
        N_("{path} is there already, and is never overwritten."),
        N_("Give another name, or move that file away first."),
    ),
    "not-xlsx-name": (
        N_("{path} does not end in .xlsx."),
        N_("Give a name such as programme-of-work.xlsx."),
    ),
    "output-folder-missing": (
        N_("The folder {path} does not exist."),
        N_("Make it first, or give another one."),
    ),
    "pdf-failed": (
        N_("LibreOffice did not make the PDF files: {detail}."),
        N_("Close LibreOffice and try again, or ask for --format docx."),
    ),
    "output-unwritable": (
        N_("{path} cannot be written: {detail}."),
        N_("Close it in other programs, and check that you may write there."),
    ),
    "output-is-folder": (
        N_("{path} is a folder, so no file of that name can be written."),
        N_("Give the name of a file."),
    ),
    "output-not-folder": (
        N_("{path} is not a folder, so nothing can be written into it."),
        N_("Give the name of a folder."),
    ),
    "disk-full": (
        N_("There is no room left to write {path}; nothing was changed."),
        N_("Make room on the disk, or give another folder."),
    ),
    "same-file": (
        N_("{path} is the workbook itself, which is never overwritten."),
        N_("Give another name with --output."),
    ),
    "same-name": (
        N_("Two workbooks are named {name}, and their documents would go to one folder."),
        N_("Rename one of them, or export them one after the other."),
    ),
    "copy-ending": (
        N_("The copy of this workbook must be a file with the ending {ending}, unlike {path}."),
        N_("Use a name with this ending after --output; Excel does not open it under another."),
    ),
    "needs-output": (
        N_("The format {form} writes a file, and it is not known which."),
        N_("Name it with --output; with several workbooks, run the command for each of them."),
    ),
}

REQUEST: Mapping[str, Lines] = {
    "unknown-scenario": (
        N_("The workbook has no scenario {scenario}."),
        N_("It has: {known}."),
    ),
    "unknown-area": (
        N_("The workbook has no programme area {area}."),
        N_("It has: {known}."),
    ),
    "unknown-code": (
        N_("There is no issue code {code}."),
        N_("The command cmswp rules lists all codes."),
    ),
    "unknown-document": (
        N_("There is no document {document}."),
        N_("The command cmswp export --help lists all documents."),
    ),
    "has-errors": (
        N_("{workbook} has errors ({errors}), so no figure in it can be relied upon."),
        N_("To see them, run: cmswp validate {command}"),
    ),
    "missing-texts": (
        N_("{workbook} lacks texts in {language} ({count}); nothing was written for it."),
        N_("Enter them in the workbook, or leave out this language with --lang."),
    ),
    "nothing-to-print": (
        N_("The workbook holds nothing for the document {document}."),
        N_("Fill in its tables, or leave the document out with --document."),
    ),
    "not-by-area": (
        N_("The document {document} is always whole, so --area does not go with it."),
        N_("Leave out --area, or ask for the annex alone."),
    ),
    "no-office": (
        N_("PDF files are made by LibreOffice, which was not found on this computer."),
        N_("Install LibreOffice, or ask for --format docx and make the PDF in Word."),
    ),
    "no-trace-of-comparison": (
        N_("The annex beside an older one is not traced."),
        N_("Leave out --trace, or leave out --compare."),
    ),
    "no-folder": (
        N_("{path} is not a folder."),
        N_("Give the folder that cmswp templates copy made, or another that exists."),
    ),
    "interrupted": (N_("Interrupted; nothing was left half-written."),),
}

PROGRAM: Mapping[str, Lines] = {
    "resource-missing": (
        N_("A part of the program itself is missing: {name}."),
        _REINSTALL,
    ),
    "schema-broken": (
        N_("The description {name} of a table, a part of the program, is faulty: {detail}."),
        _REINSTALL,
    ),
    "sample-broken": (
        N_("The sample {name}, a part of the program, is faulty: {detail}."),
        _REINSTALL,
    ),
    "template-broken": (
        N_("The template {name} is faulty: {detail}."),
        _UNDO,
    ),
    "template-line": (
        N_("The template {name} is faulty in line {line}: {detail}."),
        _UNDO,
    ),
    "template-line-of": (
        N_("The template {name} is faulty in line {line} of {part}: {detail}."),
        _UNDO,
    ),
    "template-paragraph": (
        N_("The template {name} is faulty in the paragraph “{words}”: {detail}."),
        _UNDO,
    ),
    "template-unreadable": (
        N_("The template {name} cannot be opened: it is damaged, too large, or no Word file."),
        _UNDO,
    ),
    "template-encoding": (
        N_("The template {name} is not in UTF-8."),
        N_("Save it in UTF-8, or undo the last change to it."),
    ),
    "template-missing": (
        N_("The template {name} lacks a part: {part}."),
        _UNDO,
    ),
    "template-time": (
        N_("The template {name} was not filled in within {seconds} seconds."),
        N_("Take loops without end, and very long ones, out of it."),
    ),
    "template-memory": (
        N_("The template {name} needs more than {limit} MB of memory."),
        N_("Take repetitions without end, and very long ones, out of it."),
    ),
    "template-field": (
        N_("The template {name} holds a field {field}, which fetches from elsewhere: “{words}”."),
        N_("Delete the field in Word; Alt+F9 shows the codes of fields."),
    ),
    "template-macros": (
        N_("The template {name} holds macros, which no document may have."),
        N_("Save it in Word as a Word Document (.docx)."),
    ),
    "template-object": (
        N_("The template {name} holds an embedded object, which no document may have."),
        N_("Delete the object in Word, or put a picture in its place."),
    ),
    "template-other-file": (
        N_("The template {name} holds another file, which Word would put into the document."),
        N_("Copy its text into the template instead."),
    ),
    "template-outside": (
        N_("The template {name} fetches something from elsewhere: {target}."),
        N_("Put the picture itself into the template, or delete the link."),
    ),
    "out-of-memory": (
        N_("There is not enough memory for this workbook."),
        N_("Close other programs and try again, or lower --max-cells and --max-size."),
    ),
    "unexpected": (
        N_("Something went wrong that the program did not foresee: {detail}."),
        N_("Nothing was overwritten. Please tell those who maintain the program."),
    ),
}

ERRORS: Mapping[str, Lines] = {
    **WORKBOOK,
    **OUTPUT,
    **REQUEST,
    **COMPARING,
    **PROGRAM,
    **EXCEL,
    **ADDIN,
    **SERVING,
    **IMPORT,
    **TRACING,
    **RENEWAL,
}
"""The lines by reason, three at most."""

UNKNOWN: Lines = (N_("The command could not be carried out ({reason})."), _FAILURES_SAVE_COPY)
_OPTIONS = {"too-large": "--max-size", "too-many-cells": "--max-cells"}
_NAMES = frozenset({"file", "path", "workbook", "name"})
_DETAIL = 160


def worded_error(error: CmswpError, say: Words) -> str:
    """Say in three lines at most why the program could not go on, and what to do."""
    places = _Places({"language": _languages(error.values.get("languages", ()), say)})
    places |= {name: _place(name, value, say) for name, value in error.values.items()}
    places["reason"] = shown(error.reason)
    places["command"] = _argument(places.get("workbook", ""))
    places["option"] = _OPTIONS.get(error.reason, "")
    lines = ERRORS.get(error.reason, UNKNOWN)
    return "\n".join(say(line).format_map(places) for line in lines)


class _Places(dict[str, str]):
    """Fills places; one that no value was given for stays visible rather than fail the message."""

    def __missing__(self, name: str) -> str:
        return "?"


def _argument(path: str) -> str:
    """Give a path as it is typed in a command, in quotation marks where it holds a space."""
    return f'"{path}"' if " " in path else path


def _languages(value: object, say: Words) -> str:
    """Name languages, given as one or several, by code or by name."""
    given = value if isinstance(value, (list, tuple)) else [value]
    names = KINDS["language"]
    return ", ".join(say(names.get(str(word), shown(str(word)))) for word in given)


def _place(name: str, value: object, say: Words) -> str:
    if name == "language":
        return _languages(value, say)
    if isinstance(value, (list, tuple)):
        some = [str(entry) for entry in value[: MOST + 1]]
        return quoted(some, say)
    if isinstance(value, int):
        return str(value)
    text = str(value).strip().rstrip(".") if name == "detail" else str(value)
    return shown_path(text) if name in _NAMES else shown(text, _DETAIL)
