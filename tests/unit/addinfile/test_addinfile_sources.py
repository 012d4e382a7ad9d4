"""The VBA of the add-in: it forwards and nothing else, in words that any machine reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.labels import ribbon_texts

ADDIN = Path(__file__).parents[3] / "workbook" / "addin"
OURS = ["CmswpRibbon", "CmswpTexts", "CmswpHelp"]
RESERVED = set(
    """
    AddressOf Alias And Any Append Array As Base Binary Boolean ByRef Byte ByVal Call Case CBool
    CByte CCur CDate CDbl CDec CDecl CInt CLng CLngLng CLngPtr Close Compare Const CSng CStr
    Currency CVar CVErr Date Debug Decimal Declare DefBool DefByte DefCur DefDate DefDbl DefDec
    DefInt DefLng DefLngLng DefLngPtr DefObj DefSng DefStr DefVar Dim Do DoEvents Double Each Else
    ElseIf Empty End EndIf Enum Eqv Erase Error Event Exit Explicit False Fix For Friend Function
    Get Global GoSub GoTo If Imp Implements In Input InputB Int Integer Is LBound Len LenB Let Lib
    Like Line Lock Long LongLong LongPtr Loop LSet Me Mid Mod Module Name New Next Not Nothing Null
    Object On Open Option Optional Or Output ParamArray Preserve Print Private Property PSet
    PtrSafe Public Put RaiseEvent Random Read ReDim Rem Resume Return RSet Scale Seek Select Set
    Sgn Shared Single Spc Static Step Stop String Sub Tab Text Then Time To True Type TypeOf UBound
    Unlock Until Variant Wend Width While With WithEvents Write Xor Abs
    """.casefold().split()
)
USED = {"xlpy", "array", "application", "activeworkbook", "thisworkbook", "err", "range", "failed"}
"""What the wrappers themselves name: an argument of that name would stand in its place."""


def functions(sources):
    """The worksheet functions with their arguments, as the wrapper declares them."""
    found = re.findall(r"(?m)^Function (\w+)\((.*)\)$", sources["xlwings_udfs"])
    return {
        name: [re.sub(r"Optional |ParamArray |\(\)", "", each) for each in arguments.split(", ")]
        for name, arguments in found
    }


def procedures(source):
    return re.findall(
        r"(?ms)^(?:Public|Private) (?:Sub|Function) (\w+)\((.*?)\)[^\n]*\n(.*?)^End ", source
    )


def test_the_functions_are_there(sources):
    assert set(functions(sources)) >= {
        "CMSWP_COST",
        "CMSWP_AVAILABLE",
        "CMSWP_TO_BE_SOUGHT",
        "CMSWP_STATUS",
        "CMSWP_TOTALS",
        "CMSWP_UNFUNDED",
        "CMSWP_ISSUES",
    }


def test_no_argument_of_a_function_is_a_reserved_word_of_vba(sources):
    for name, arguments in functions(sources).items():
        folded = [each.casefold() for each in arguments]
        assert len(set(folded)) == len(folded), name
        assert not set(folded) & (RESERVED | USED | {name.casefold()}), name
        assert all(re.fullmatch(r"[a-z]\w*", each) for each in folded), name


def test_no_argument_of_our_own_procedures_is_a_reserved_word_either(sources):
    for name in OURS:
        for _, arguments, _ in procedures(sources[name]):
            named = re.findall(r"By(?:Val|Ref) (\w+) As", arguments)
            assert not {each.casefold() for each in named} & (RESERVED - {"text"}), named
            assert len(named) == arguments.count(" As ")


def test_the_wrappers_call_the_module_that_the_settings_name(sources):
    calls = re.findall(r'XLPy\.CallUDF\("([\w.]+)", "(\w+)"', sources["xlwings_udfs"])

    assert {module for module, _ in calls} == {"cmswp_xl.excel.functions"}
    assert {name for _, name in calls} == set(functions(sources))
    assert "Public Const PROJECT_NAME" not in sources["xlwings_udfs"]
    assert "ActiveWorkbook" not in sources["xlwings_udfs"]


def test_the_wrappers_are_compiled_for_excel(sources):
    lines = sources["xlwings_udfs"].split("\n")

    assert lines[0] == 'Attribute VB_Name = "xlwings_udfs"'
    assert lines[2].startswith('#Const App = "Microsoft Excel"')
    assert sources["xlwings_udfs"].count('#If App = "Microsoft Excel" Then') == len(
        functions(sources)
    )


def test_every_function_and_argument_has_a_help_text_that_excel_takes(sources):
    described = re.findall(r'Describe "(\w+)", "CMS Programme", "(.*)"', sources["CmswpHelp"])

    assert {name: each.split() for name, each in described} == functions(sources)
    for name, arguments in functions(sources).items():
        assert f'Attribute {name}.VB_Description = "' in sources["xlwings_udfs"]
        for key in ("help", *arguments):
            text = re.search(rf'"{name}\.{key}": EnglishText = "(.+)"', sources["CmswpTexts"])[1]
            assert 0 < len(text) <= 255
            assert not text.startswith("Positional argument"), f"{name}: {key} has no help text"


@pytest.mark.parametrize("name", OURS)
def test_our_sources_are_plain_and_every_variable_is_declared(sources, project, name):
    source = sources[name]

    assert source.isascii()
    assert "\nOption Explicit\n" in source
    assert max(map(len, source.split("\n"))) < 1000
    assert "\n" not in project.get_module(name).source.replace("\r\n", "")
    subs = re.findall(r"(?m)^[ \t]*(?:\w+ )?(?:Sub|Function) \w+\(", source)
    assert all(re.match(r"(Public|Private) ", each) for each in subs)


def test_every_line_of_the_project_ends_as_vba_wants(project):
    for module in project.modules:
        assert "\n" not in module.source.replace("\r\n", ""), module.name


def test_a_callback_forwards_in_one_statement(sources):
    for name, arguments, body in procedures(sources["CmswpRibbon"]):
        if "IRibbonControl" in arguments:
            assert len(body.strip().split("\n")) == 1, name


def test_a_button_calls_the_door_of_the_desktop_and_nothing_else(sources):
    assert re.findall(r"RunPython \"(.*?)'", sources["CmswpRibbon"]) == [
        "import cmswp_xl.excel.desktop as d; d.press("
    ]


def test_the_ribbons_source_is_in_the_addin_as_it_stands(sources):
    kept = (ADDIN / "CmswpRibbon.bas").read_text(encoding="ascii")

    assert sources["CmswpRibbon"] == kept


def spoken(source, name):
    """The texts of one language in the module of texts, their letters put back."""
    part = source[source.index(f"Function {name}Text(") :]
    part = part[: part.index("End Function")]
    found = {}
    for key, expression in re.findall(rf'Case "([\w.]+)": {name}Text = (.+)', part):
        pieces = re.findall(r'"((?:[^"]|"")*)"|ChrW\((\d+)\)', expression)
        found[key] = "".join(
            chr(int(code)) if code else text.replace('""', '"') for text, code in pieces
        )
    return found


@pytest.mark.parametrize(
    ("language", "name"),
    [(Language.EN, "English"), (Language.FR, "French"), (Language.ES, "Spanish")],
)
def test_the_texts_are_those_of_the_catalogues(sources, language, name):
    texts = spoken(sources["CmswpTexts"], name)
    own = {key: text for key, text in texts.items() if not key.startswith("CMSWP_")}

    assert own == ribbon_texts(Words(language)), "run `make addin`"


@pytest.mark.parametrize("language", [Language.FR, Language.ES])
def test_the_buttons_speak_the_language(language):
    texts = ribbon_texts(Words(language))
    english = ribbon_texts(Words(Language.EN))

    assert [key for key in texts if "tip" in key and texts[key] == english[key]] == []


@pytest.mark.parametrize("language", list(Language))
def test_a_label_is_short_enough_for_a_button(language):
    texts = ribbon_texts(Words(language))

    assert all(len(text) <= 32 for key, text in texts.items() if key.endswith(".label"))
    assert all(len(text) <= 64 for key, text in texts.items() if key.endswith(".screentip"))
    assert all(len(text) <= 300 for key, text in texts.items() if key.endswith(".supertip"))
