Attribute VB_Name = "CmswpRibbon"
Option Explicit

' The ribbon tab "CMS Programme". Every button calls one Python function; no logic lives in VBA.
' What the ribbon says stands in the module CmswpTexts, in three languages.

' The chosen entry of the language list: 0 = all complete languages, which is chosen at the start.
Private ChosenLanguage As Integer

Public Sub OnRibbonLoad(ByVal ribbon As IRibbonUI)
    ' Once Excel is ready, not during its start: help texts need an open workbook.
    On Error Resume Next
    Application.OnTime Now, "'" & ThisWorkbook.Name & "'!CmswpHelp.DescribeFunctions"
End Sub

Public Sub OnValidate(ByVal control As IRibbonControl)
    Press "validate"
End Sub

Public Sub OnNextIssue(ByVal control As IRibbonControl)
    Press "next_issue"
End Sub

Public Sub OnClearMarks(ByVal control As IRibbonControl)
    Press "clear_marks"
End Sub

Public Sub OnTakeOver(ByVal control As IRibbonControl)
    Press "take_over"
End Sub

Public Sub OnRenumber(ByVal control As IRibbonControl)
    Press "renumber"
End Sub

Public Sub OnRefreshTotals(ByVal control As IRibbonControl)
    Press "refresh_totals"
End Sub

Public Sub OnUnfundedList(ByVal control As IRibbonControl)
    Press "unfunded_list"
End Sub

Public Sub OnWordAnnex(ByVal control As IRibbonControl)
    Press "word_annex"
End Sub

Public Sub OnHtmlAnnex(ByVal control As IRibbonControl)
    Press "html_annex"
End Sub

Public Sub OnAllDocuments(ByVal control As IRibbonControl)
    Press "all_documents"
End Sub

Public Sub OnOpenFolder(ByVal control As IRibbonControl)
    Press "open_folder"
End Sub

Public Sub OnApprove(ByVal control As IRibbonControl)
    Press "approve"
End Sub

Public Sub OnGuide(ByVal control As IRibbonControl)
    Press "guide"
End Sub

Public Sub OnAbout(ByVal control As IRibbonControl)
    Press "about"
End Sub

Public Sub OnLanguage(ByVal control As IRibbonControl, ByVal id As String, ByVal index As Integer)
    ChosenLanguage = index
End Sub

Public Sub GetLanguageCount(ByVal control As IRibbonControl, ByRef returned As Variant)
    returned = 4
End Sub

Public Sub GetLanguageID(ByVal control As IRibbonControl, ByVal index As Integer, ByRef returned As Variant)
    returned = "cmswpLanguage_" & PublishLanguage(index)
End Sub

Public Sub GetLanguageLabel(ByVal control As IRibbonControl, ByVal index As Integer, ByRef returned As Variant)
    returned = CmswpText(CmswpLanguage(), "cmswpLanguage." & PublishLanguage(index))
End Sub

Public Sub GetLanguageIndex(ByVal control As IRibbonControl, ByRef returned As Variant)
    returned = ChosenLanguage
End Sub

Public Sub GetLabel(ByVal control As IRibbonControl, ByRef returned As Variant)
    returned = CmswpText(CmswpLanguage(), control.ID & ".label")
End Sub

Public Sub GetScreentip(ByVal control As IRibbonControl, ByRef returned As Variant)
    returned = CmswpText(CmswpLanguage(), control.ID & ".screentip")
End Sub

Public Sub GetSupertip(ByVal control As IRibbonControl, ByRef returned As Variant)
    returned = CmswpText(CmswpLanguage(), control.ID & ".supertip")
End Sub

Private Function PublishLanguage(ByVal index As Integer) As String
    PublishLanguage = Split("all en fr es")(index)
End Function

' Hand a button to Python, with the language of Excel and the language chosen for documents.
Private Sub Press(ByVal action As String)
    If ActiveWorkbook Is Nothing Then
        Tell "noWorkbook.message", ""
        Exit Sub
    End If
    DescribeFunctions
    On Error GoTo Failed
    RunPython "import cmswp_xl.excel.desktop as d; d.press('" & action & "', '" & CmswpLanguage() & "', '" & PublishLanguage(ChosenLanguage) & "')"
    Exit Sub
Failed:
    Tell "noPython.message", vbCrLf & vbCrLf & LastLine(Err.Description)
End Sub

Private Sub Tell(ByVal message As String, ByVal reason As String)
    MsgBox CmswpText(CmswpLanguage(), message) & reason, vbExclamation, CmswpText(CmswpLanguage(), "cmswpTab.label")
End Sub

' The last line of an error is what it says; the lines before it are Python's traceback.
Private Function LastLine(ByVal text As String) As String
    text = Replace(text, vbCr, "")
    Do While Right$(text, 1) = vbLf
        text = Left$(text, Len(text) - 1)
    Loop
    LastLine = Mid$(text, InStrRev(text, vbLf) + 1)
End Function
