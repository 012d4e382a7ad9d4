"""
The VBA of the add-in in another program that runs VBA: LibreOffice.

LibreOffice opens no add-in of Excel, so the same parts are given to it as a workbook with macros.
It is driven by a macro of its own profile, which needs nothing but the program itself.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.labels import ribbon_texts

pytestmark = pytest.mark.host

ADDIN = Path(__file__).parents[2] / "workbook" / "cmswp.xlam"
SUBS = ["Validate", "NextIssue", "ClearMarks", "RefreshTotals", "UnfundedList", "WordAnnex"]
SUBS += ["HtmlAnnex", "AllDocuments", "OpenFolder", "Guide", "About"]
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">{}</script:module>
"""
DRIVER = """
Sub Main
    On Error GoTo Failed
    Dim how(1) As New com.sun.star.beans.PropertyValue
    Dim none(), positions(), values()
    how(0).Name = "Hidden"
    how(0).Value = True
    how(1).Name = "MacroExecutionMode"
    how(1).Value = 4
    book = StarDesktop.loadComponentFromURL("BOOK", "_blank", 0, how())
    shelf = book.BasicLibraries.getByName("cmswp")
    shelf.replaceByName("xlwings", Content("STAND-IN"))
    place = "vnd.sun.star.script:cmswp.xlwings.Perform?language=Basic&location=document"
    performance = book.ScriptProvider.getScript(place)
    On Error Resume Next ' LibreOffice objects to the way back from VBA; what it did is noted
    performance.invoke(none(), positions(), values())
    StarDesktop.terminate()
    Exit Sub
Failed:
    Note "error " & Err & " " & Error$
    StarDesktop.terminate()
End Sub

Function Content(path)
    Dim number, row, all
    number = FreeFile
    Open path For Input As #number
    Do While Not Eof(number)
        Line Input #number, row
        all = all & row & Chr(10)
    Loop
    Close #number
    Content = all
End Function
"""
NOTE = """
Public Sub Note(said)
    Dim number
    number = FreeFile
    Open "NOTES" For Append As #number
    Print #number, said
    Close #number
End Sub
"""
STAND_IN = """Option VBASupport 1
Public Function RunPython(PythonCommand As String)
    Note PythonCommand
End Function

Public Sub Say(ByVal language As String, ByVal id As String)
    Note "text " & language & " " & id & " " & CmswpText(language, id)
End Sub
"""


@pytest.fixture(scope="module")
def notes(tmp_path_factory):
    """What LibreOffice noted while it pressed every button and read every text."""
    if shutil.which("soffice") is None:
        if os.environ.get("CMSWP_REQUIRE_HOSTS") == "1":
            pytest.fail("soffice is not installed")
        pytest.skip("soffice is not installed")
    folder = tmp_path_factory.mktemp("addin")
    as_workbook(folder / "addin.xlsm")
    written = folder / "notes.txt"
    note = NOTE.replace("NOTES", str(written))
    (folder / "stand-in.bas").write_text(STAND_IN + note + performance())
    profile = folder / "profile"
    start(profile, "--terminate_after_init")
    driver = DRIVER.replace("BOOK", (folder / "addin.xlsm").as_uri())
    driver = driver.replace("STAND-IN", str(folder / "stand-in.bas")) + note
    macros = profile / "user" / "basic" / "Standard" / "Module1.xba"
    macros.write_text(MODULE.format(escape(driver)))
    start(profile, "macro:///Standard.Module1.Main")
    return written.read_text(encoding="utf-8").splitlines()


def as_workbook(path):
    """Write the add-in as a workbook with macros; only its kind differs."""
    with zipfile.ZipFile(ADDIN) as addin, zipfile.ZipFile(path, "w") as book:
        for name in addin.namelist():
            book.writestr(name, addin.read(name).replace(b".addin.macro", b".sheet.macro"))


def performance():
    """Write the Sub that presses every button and reads every text."""
    lines = [f"On{name} Nothing" for name in SUBS]
    lines += ['OnLanguage Nothing, "x", 3', "OnWordAnnex Nothing"]
    lines += [
        f'Say "{language}", "{key}"'
        for language in Language
        for key in ribbon_texts(Words(language))
    ]
    lines += [f"Note CmswpLanguageOf({number})" for number in (1036, 3082, 2057, 1031)]
    body = "\n".join([*lines, 'Note "done"'])
    return f"\nPublic Sub Perform()\n{body}\nEnd Sub\n"


def start(profile, *arguments):
    """Start LibreOffice and wait; what it started itself ends with it."""
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", *arguments]
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    ) as program:
        try:
            program.wait(timeout=120)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            raise


def test_libreoffice_runs_all_of_it(notes):
    assert notes[-1] == "done"


def test_every_button_calls_python_as_it_does_in_excel(notes):
    commands = [line for line in notes if line.startswith("import ")]

    for command in commands:
        compile(command, "RunPython", "exec")
    assert len(commands) == len(SUBS) + 1
    assert commands[0].endswith("d.press('validate', 'en', 'all')")
    assert commands[-1].endswith("d.press('word_annex', 'en', 'es')")
    assert len(set(commands)) == len(commands)


@pytest.mark.parametrize("language", list(Language))
def test_every_text_keeps_its_letters(notes, language):
    said = [line for line in notes if line.startswith(f"text {language} ")]

    assert said == [
        f"text {language} {key} {text}" for key, text in ribbon_texts(Words(language)).items()
    ]


def test_the_language_of_excel_is_told_by_its_number(notes):
    assert notes[-5:-1] == ["fr", "es", "en", "en"]
