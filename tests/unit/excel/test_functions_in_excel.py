"""Excel, VBA and the function wizard can take the functions as they are."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cmswp_xl.excel import functions
from cmswp_xl.excel.functions import HELP

NAMES = [name for name in dir(functions) if name.startswith("CMSWP_")]
TESTS = Path(__file__).parents[2]
MOST = 255
"""The longest help text that Excel takes."""

RESERVED = frozenset(
    re.findall(
        r"\w+",
        """
        abs addressof alias and any append array as attribute base binary boolean byref
        byte byval call case cbool cbyte ccur cdate cdbl cdec cint circle clng close
        compare const csng cstr currency cvar cverr date decimal declare defbool defbyte
        defcur defdate defdbl defint deflng defobj defsng defstr defvar dim do double
        each else elseif empty end endif enum eqv erase error event exit explicit false
        fix for friend function get global gosub goto if imp implements in input int
        integer is lbound len let lib like line load local lock long loop lset me mid
        mod module name new next not nothing null object on open option optional or
        output paramarray preserve print private property pset public put raiseevent
        random read redim rem resume return rset scale seek select set sgn shared single
        spc static step stop string sub tab text then to true type typeof ubound unload
        unlock until variant wend while width with withevents write xor year month day
        now time timer left right format
        """,
    )
)
"""The words that VBA keeps for itself, and some of its functions that a name would hide."""

WRAPPERS = """
import io, json, sys, types
sys.path.insert(0, sys.argv[1])
import desktop_com
udfs = desktop_com.stand_in_for_pywin32()
from cmswp_xl.excel import functions
out = io.StringIO()
udfs.generate_vba_wrapper("cmswp_xl.excel.functions", functions, out,
                          types.SimpleNamespace(Name="cmswp.xlam"))
made = {n: getattr(functions, n).__xlfunc__ for n in dir(functions) if n.startswith("CMSWP_")}
print(json.dumps({"vba": out.getvalue(), "functions": {
    name: [info["ret"]["doc"], info["category"], {a["name"]: a["doc"] for a in info["args"]}]
    for name, info in made.items()}}))
"""


@pytest.fixture(scope="module")
def made():
    done = subprocess.run(
        [sys.executable, "-c", WRAPPERS, str(TESTS)], capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_names__are_those_that_were_agreed():
    assert set(NAMES) == {
        "CMSWP_COST",
        "CMSWP_AVAILABLE",
        "CMSWP_TO_BE_SOUGHT",
        "CMSWP_STATUS",
        "CMSWP_TOTALS",
        "CMSWP_UNFUNDED",
        "CMSWP_ISSUES",
    }


@pytest.mark.parametrize("name", NAMES)
def test_names__are_no_addresses_of_cells(name):
    assert not re.fullmatch(r"[A-Za-z]{1,3}[0-9]+", name)
    assert not re.fullmatch(r"[Rr][0-9]*[Cc][0-9]*", name)


@pytest.mark.parametrize("name", NAMES)
def test_arguments__are_no_words_of_vba(name):
    parameters = inspect.signature(getattr(functions, name)).parameters
    for parameter in parameters.values():
        assert parameter.name.lower() not in RESERVED
        assert re.fullmatch(r"[a-z][a-z_]*", parameter.name)
        assert parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        optional = parameter.default is not inspect.Parameter.empty
        assert HELP[parameter.name].startswith("Optional: ") == optional


def test_help__is_used_and_fits_the_function_wizard(made):
    used = set()
    for name, (doc, category, arguments) in made["functions"].items():
        assert doc == inspect.getdoc(getattr(functions, name))
        assert len(doc) <= MOST
        assert "\n" not in doc
        assert category == functions.CATEGORY
        assert all(arguments[argument] == HELP[argument] for argument in arguments)
        used |= set(arguments)
    assert used == set(HELP)
    assert all(len(text) <= MOST for text in HELP.values())


def test_vba_wrapper__forwards_every_function(made):
    for name in NAMES:
        parameters = inspect.signature(getattr(functions, name)).parameters
        found = re.search(rf"^Function {name}\((.*)\)$", made["vba"], flags=re.MULTILINE)
        assert [word.split()[-1] for word in found[1].split(",")] == list(parameters)
        assert f'CallUDF("cmswp_xl.excel.functions", "{name}"' in made["vba"]
