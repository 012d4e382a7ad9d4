"""
The two VBA modules that hold words: the ribbon's texts and the help of the worksheet functions.

VBA sources are written in the code page of the machine, so every letter beyond ASCII is written
as `ChrW(…)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.labels import ribbon_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_LIMIT = 255
"""What Excel takes of a function's or an argument's description, in characters."""
_NAMES = {Language.EN: "English", Language.FR: "French", Language.ES: "Spanish"}
_TEXTS = """\
Attribute VB_Name = "CmswpTexts"
Option Explicit
Option Private Module

' Generated from the catalogues by the build; changes here are lost.

' The language of Excel's own words (2 = msoLanguageIDUI): fr, es, otherwise en.
Public Function CmswpLanguage() As String
    On Error Resume Next
    CmswpLanguage = "en"
    CmswpLanguage = CmswpLanguageOf(Application.LanguageSettings.LanguageID(2))
End Function

' The low ten bits of a Windows language number are the language, the others the country.
Public Function CmswpLanguageOf(ByVal identifier As Long) As String
    Select Case identifier And &H3FF
        Case &HC: CmswpLanguageOf = "fr"
        Case &HA: CmswpLanguageOf = "es"
        Case Else: CmswpLanguageOf = "en"
    End Select
End Function

Public Function CmswpText(ByVal language As String, ByVal id As String) As String
    Select Case language
        Case "fr": CmswpText = FrenchText(id)
        Case "es": CmswpText = SpanishText(id)
        Case Else: CmswpText = EnglishText(id)
    End Select
End Function
"""
_HELP = """\
Attribute VB_Name = "CmswpHelp"
Option Explicit
Option Private Module

' Generated from the worksheet functions by the build; changes here are lost.

Private Described As Boolean

' Tell Excel's function wizard what the functions and their arguments are, once in a session.
Public Sub DescribeFunctions()
    If Described Or ActiveWorkbook Is Nothing Then Exit Sub
    Described = True
"""
_DESCRIBE = """\
End Sub

Private Sub Describe(ByVal functionName As String, ByVal category As String, _
        ByVal arguments As String)
    Dim texts As Variant
    Dim i As Long
    On Error Resume Next
    texts = Split(arguments, " ")
    For i = LBound(texts) To UBound(texts)
        texts(i) = CmswpText(CmswpLanguage(), functionName & "." & texts(i))
    Next i
    Application.MacroOptions Macro:="'" & ThisWorkbook.Name & "'!" & functionName, _
        Description:=CmswpText(CmswpLanguage(), functionName & ".help"), _
        Category:=category, ArgumentDescriptions:=texts
End Sub
"""


def texts_module(functions: Sequence[Mapping[str, object]]) -> str:
    """Return the module that knows every text, by language and id."""
    return _TEXTS + "".join(
        _one_language(_NAMES[language], _texts(Words(language), functions))
        for language in Language
    )


def help_module(functions: Iterable[Mapping[str, object]]) -> str:
    """Return the module that describes the worksheet functions to Excel."""
    lines = (
        f"    Describe {literal(str(each['name']))}, {literal(str(each['category']))},"
        f" {literal(' '.join(_documented(each)))}\n"
        for each in functions
    )
    return _HELP + "".join(lines) + _DESCRIBE


def literal(text: str) -> str:
    """Return a text as a VBA expression of ASCII letters only."""
    parts: list[str] = []
    plain = ""
    for letter in text:
        if " " <= letter <= "~":
            plain += '""' if letter == '"' else letter
            continue
        if len(letter.encode("utf-16-le")) > len("ab"):
            raise ValueError(text)
        parts += [f'"{plain}"'] if plain else []
        parts.append(f"ChrW({ord(letter)})")
        plain = ""
    parts += [f'"{plain}"'] if plain or not parts else []
    return " & ".join(parts)


def _texts(say: Words, functions: Iterable[Mapping[str, object]]) -> dict[str, str]:
    return ribbon_texts(say) | dict(_function_texts(say, functions))


def _function_texts(
    say: Words, functions: Iterable[Mapping[str, object]]
) -> Iterator[tuple[str, str]]:
    for each in functions:
        yield f"{each['name']}.help", _help(str(each["doc"]), say)
        for argument, text in _documented(each).items():
            yield f"{each['name']}.{argument}", _help(text, say)


def _documented(function: Mapping[str, object]) -> dict[str, str]:
    arguments = function["arguments"]
    if not isinstance(arguments, dict):
        raise TypeError(function)
    return arguments


def _help(text: str, say: Words) -> str:
    """Return a help text in a language, cut to what Excel takes."""
    return say(" ".join(text.split()))[:_LIMIT]


def _one_language(name: str, texts: Mapping[str, str]) -> str:
    lines = "".join(
        f"        Case {literal(key)}: {name}Text = {literal(text)}\n"
        for key, text in sorted(texts.items())
    )
    return (
        f"\nPrivate Function {name}Text(ByVal id As String) As String\n"
        f"    Select Case id\n{lines}    End Select\nEnd Function\n"
    )
