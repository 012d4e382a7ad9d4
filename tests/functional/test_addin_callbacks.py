"""The ribbon of the add-in that ships, pressed in an interpreter of VBA."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication

from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.labels import ribbon_texts

ADDIN = Path(__file__).parents[2] / "workbook" / "cmswp.xlam"
BUTTONS = {
    "OnValidate": "validate",
    "OnNextIssue": "next_issue",
    "OnClearMarks": "clear_marks",
    "OnTakeOver": "take_over",
    "OnRenumber": "renumber",
    "OnRefreshTotals": "refresh_totals",
    "OnUnfundedList": "unfunded_list",
    "OnWordAnnex": "word_annex",
    "OnHtmlAnnex": "html_annex",
    "OnAllDocuments": "all_documents",
    "OnOpenFolder": "open_folder",
    "OnApprove": "approve",
    "OnGuide": "guide",
    "OnAbout": "about",
}
NUMBERS = {"en": 2057, "fr": 1036, "es": 3082}
"""Windows' numbers of British English, French of France, Spanish of Spain."""
EXCEL = {
    "Application.LanguageSettings.LanguageID(2)": "InterfaceNumber",
    "Application.MacroOptions": "NoteHelp",
    "Application.OnTime": "NoteTime",
    "Application.Caller": "Nothing",
    " 'Adjust when using outside of Excel": "",
}
"""What the interpreter lacks of Excel and of VBA, and what stands for it in the module below."""
STAND_IN = """
Public InterfaceNumber As Long
Public Refusal As String
Private Noted As String

Public Function RunPython(PythonCommand As String)
    If Refusal <> "" Then Err.Raise 1001, , Refusal
    Note PythonCommand
End Function

Public Sub NoteTime(ByVal at As Date, ByVal procedure As String)
    Note procedure
End Sub

Public Sub NoteHelp(ByVal Macro As String, ByVal Description As String, _
        ByVal Category As String, ByVal ArgumentDescriptions As Variant)
    Note Macro & "|" & Category & "|" & Description & "|" & Join(ArgumentDescriptions, "|")
End Sub

Public Function XLPy() As PythonStandIn
    Set XLPy = New PythonStandIn
End Function

Public Sub Note(ByVal text As String)
    Noted = Noted & text & vbLf
End Sub

Public Function Notes() As String
    Notes = Noted
    Noted = ""
End Function

Public Sub Speak(ByVal number As Long)
    InterfaceNumber = number
End Sub

Public Sub Refuse(ByVal text As String)
    Refusal = text
End Sub

Public Sub Choose_(ByVal index As Integer)
    OnLanguage Nothing, "cmswpLanguage", index
End Sub

Public Function Shown(ByVal callback As String, ByVal id As String, _
        ByVal index As Integer) As String
    Dim control As New IRibbonControl
    Dim returned As Variant
    control.ID = id
    Select Case callback
        Case "GetLabel": GetLabel control, returned
        Case "GetScreentip": GetScreentip control, returned
        Case "GetSupertip": GetSupertip control, returned
        Case "GetLanguageCount": GetLanguageCount control, returned
        Case "GetLanguageID": GetLanguageID control, index, returned
        Case "GetLanguageLabel": GetLanguageLabel control, index, returned
        Case "GetLanguageIndex": GetLanguageIndex control, returned
    End Select
    Shown = CStr(returned)
End Function
"""
PYTHON = """
Public Function CallUDF(ByVal module As String, ByVal name As String, ByVal arguments As Variant, _
        ByVal book As Object, ByVal caller As Object) As Variant
    CallUDF = module & "|" & name & "|" & arguments(0) & "|" & UBound(arguments) + 1
End Function
"""


PRESSING = "\n".join(
    [
        "Public Sub PressButton(ByVal button As String)",
        "Select Case button",
        *(f'Case "{button}": {button} Nothing' for button in ["OnRibbonLoad", *BUTTONS]),
        "End Select",
        "End Sub",
    ]
)


@pytest.fixture(scope="session")
def sources():
    with ExcelFile(ADDIN) as addin:
        return {name: addin.get_module(name) for name in addin.module_names()}


@pytest.fixture
def closed(sources):
    """Excel with the add-in, before a workbook is open; its words are French."""
    excel = ExcelApplication()
    excel.add_module("Public ID As String\n", name="IRibbonControl", kind="class")
    excel.add_module(PYTHON, name="PythonStandIn", kind="class")
    excel.add_module(STAND_IN + PRESSING, name="xlwings")
    for name in ("CmswpRibbon", "CmswpTexts", "CmswpHelp", "xlwings_udfs"):
        source = re.sub(r"(?m)^Attribute \w+\..*$", "", sources[name])
        for real, stand_in in EXCEL.items():
            source = source.replace(real, stand_in)
        excel.add_module(source, name=name)
    excel.run("Speak", NUMBERS["fr"])
    return excel


@pytest.fixture
def excel(closed):
    """Excel with the add-in and a workbook; what it notes of the functions' help is read."""
    closed.add_workbook()
    closed.run("DescribeFunctions")
    closed.run("Notes")
    return closed


def press(excel, button):
    excel.run("PressButton", button)


def notes(excel):
    return excel.run("Notes").splitlines()


def test_the_ribbon_has_a_button_for_everything_that_the_desktop_does():
    from cmswp_xl.excel import desktop

    assert sorted(BUTTONS.values()) == sorted(desktop.BUTTONS)


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_has_python_do_what_it_says(excel, monkeypatch, button):
    from cmswp_xl.excel import desktop

    pressed = []
    monkeypatch.setattr(desktop, "press", lambda *arguments: pressed.append(arguments))

    press(excel, button)

    [command] = notes(excel)
    assert len(ast.parse(command).body) == 2
    exec(compile(command, "RunPython", "exec"), {})  # noqa: S102  as xlwings does
    assert pressed == [(BUTTONS[button], "fr", "all")]


@pytest.mark.parametrize(
    ("number", "language"),
    [
        (1036, "fr"),
        (3084, "fr"),
        (4108, "fr"),
        (1034, "es"),
        (3082, "es"),
        (2058, "es"),
        (1033, "en"),
        (2057, "en"),
        (1031, "en"),
        (0, "en"),
    ],
)
def test_the_language_of_excel_is_known_whatever_the_country(excel, number, language):
    excel.run("Speak", number)

    press(excel, "OnValidate")

    assert notes(excel)[0].endswith(f"d.press('validate', '{language}', 'all')")


@pytest.mark.parametrize(("index", "chosen"), [(0, "all"), (1, "en"), (2, "fr"), (3, "es")])
def test_the_chosen_language_goes_with_the_document(excel, index, chosen):
    excel.run("Choose_", index)

    press(excel, "OnWordAnnex")

    assert notes(excel)[0].endswith(f"d.press('word_annex', 'fr', '{chosen}')")
    assert excel.run("Shown", "GetLanguageIndex", "cmswpLanguage", 0) == str(index)


def test_without_a_workbook_a_button_tells_so_and_calls_nothing(closed):
    for button in BUTTONS:
        press(closed, button)

    text = ribbon_texts(Words(Language.FR))["noWorkbook.message"]
    assert [dialog[1] for dialog in closed.dialogs] == [text] * len(BUTTONS)
    assert notes(closed) == []


def test_where_python_does_not_start_the_user_gets_words_and_no_traceback(excel):
    traceback = (
        'Traceback (most recent call last):\r\n  File "x"\r\nModuleNotFoundError: cmswp\r\n'
    )
    excel.run("Refuse", traceback)

    press(excel, "OnValidate")

    [(_, text, title, _)] = excel.dialogs
    assert text.startswith(ribbon_texts(Words(Language.FR))["noPython.message"])
    assert text.endswith("\nModuleNotFoundError: cmswp")
    assert "Traceback" not in text
    assert title == ribbon_texts(Words(Language.FR))["cmswpTab.label"]


@pytest.mark.parametrize("language", list(Language))
def test_the_ribbon_shows_the_texts_of_the_catalogue(excel, language):
    excel.run("Speak", NUMBERS[language])

    for key, text in ribbon_texts(Words(language)).items():
        name, _, kind = key.partition(".")
        if kind in {"label", "screentip", "supertip"}:
            assert excel.run("Shown", f"Get{kind.capitalize()}", name, 0) == text


def test_the_list_of_languages_offers_four_choices_by_name(excel):
    texts = ribbon_texts(Words(Language.FR))

    assert excel.run("Shown", "GetLanguageCount", "cmswpLanguage", 0) == "4"
    for index, choice in enumerate(["all", "en", "fr", "es"]):
        label = excel.run("Shown", "GetLanguageLabel", "cmswpLanguage", index)
        assert label == texts[f"cmswpLanguage.{choice}"]
        assert excel.run("Shown", "GetLanguageID", "cmswpLanguage", index).endswith(choice)


def test_excel_learns_the_help_of_the_functions_when_it_is_ready(closed):
    closed.run("DescribeFunctions")
    assert notes(closed) == []

    closed.add_workbook()
    press(closed, "OnRibbonLoad")
    assert notes(closed) == ["'Book1'!CmswpHelp.DescribeFunctions"]
    closed.run("DescribeFunctions")
    closed.run("DescribeFunctions")
    described = [line.split("|") for line in notes(closed)]

    names = [macro.partition("!")[2] for macro, *_ in described]
    assert len(set(names)) == len(names) == 7
    for _, category, *texts in described:
        assert category == "CMS Programme"
        assert all(0 < len(text) <= 255 for text in texts)


@pytest.mark.parametrize(
    ("name", "given", "count"),
    [("CMSWP_COST", 2, 4), ("CMSWP_TO_BE_SOUGHT", 4, 6), ("CMSWP_TOTALS", 5, 9)],
)
def test_a_worksheet_function_asks_python_with_all_its_arguments(excel, name, given, count):
    answer = excel.run(name, *["ICC-01"] * given, *[None] * (count - given))

    assert answer == f"cmswp_xl.excel.functions|{name}|ICC-01|{count}"
