"""The three paths to a worksheet function give the same answers."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest
from argument_tables import arguments

from cmswp_xl.xlsx import open_workbook

TESTS = Path(__file__).parents[2]
BOOKS = TESTS.parent / "workbook"
MISSING = {"missing": True}


def ask(path, calls):
    done = subprocess.run(
        [sys.executable, str(TESTS / "function_paths.py"), path],
        input=json.dumps(calls),
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr[-2000:]
    return json.loads(done.stdout)


def wired(rows):
    """Give rows in the notation of the paths, which JSON can hold."""
    return [
        [{"date": cell.isoformat()} if isinstance(cell, dt.date) else cell for cell in row]
        for row in rows
    ]


@pytest.fixture(scope="module")
def calls():
    tables = {n: wired(t) for n, t in arguments(open_workbook(BOOKS / "example.xlsx")).items()}
    whole = [tables[name] for name in ("Activities", "Costs", "Funding", "Sources")]
    form, costs = tables["Programme"], tables["Costs"]
    ids = [[row[0]] for row in tables["Activities"][1:]]
    faulty = [list(row) for row in costs]
    faulty[3][6], faulty[4][6], faulty[5][6] = "12 000", {"error": "#DIV/0!"}, True
    faulty[6][6], faulty[7][2] = {"money": "-1"}, {"money": "2024.5"}
    coins = [["Activity", "Amount"], ["A", {"money": "12.50"}], ["A", 0.1], ["A", 3]]
    return [
        ["CMSWP_COST", ids, costs, form],
        ["CMSWP_COST", ids[0][0], costs, MISSING, "ZRG"],
        ["CMSWP_COST", ids[0][0], costs, MISSING, MISSING],
        ["CMSWP_COST", ids[0][0], costs],
        ["CMSWP_COST", None, costs, form],
        ["CMSWP_COST", {"error": "#N/A"}, costs, form],
        ["CMSWP_COST", 3, costs, form],
        ["CMSWP_COST", "A", coins],
        ["CMSWP_COST", "A", [["Activity", "Amount"]]],
        ["CMSWP_COST", "A", [["Activity"], ["A"]]],
        ["CMSWP_COST", "A", [[None]]],
        ["CMSWP_COST", "A", "Costs"],
        ["CMSWP_COST", "A", {"error": "#REF!"}],
        ["CMSWP_COST", "A", faulty, form],
        ["CMSWP_AVAILABLE", ids, *whole[2:], form],
        ["CMSWP_TO_BE_SOUGHT", ids, *whole[1:], form],
        ["CMSWP_STATUS", ids, *whole, form, MISSING, "fr"],
        ["CMSWP_STATUS", "ICC-99", *whole, form],
        *(["CMSWP_TOTALS", by, *whole, MISSING, form] for by in ("area", "year", "donor")),
        ["CMSWP_TOTALS", "area", *whole, tables["Areas"], form, None, "es"],
        ["CMSWP_UNFUNDED", *whole, form],
        ["CMSWP_ISSUES", faulty],
        ["CMSWP_ISSUES", faulty, True, "fr"],
        ["CMSWP_ISSUES", costs, False],
        *(["CMSWP_ISSUES", table] for table in tables.values()),
    ]


@pytest.fixture(scope="module")
def plain(calls):
    return ask("plain", calls)


def test_plain_python__needs_no_xlwings(calls, plain):
    assert len(plain) == len(calls)
    assert plain[0][0] == [126300.5] or isinstance(plain[0][0][0], float)
    assert plain[7] == 15.6
    assert {answer for answer in plain[-12:] if answer} <= {2}  # two steps of one recommendation


def test_desktop__answers_alike(calls, plain):
    pytest.importorskip("xlwings")
    for call, found, expected in zip(calls, ask("desktop", calls), plain, strict=True):
        assert found == expected, call[0]


@pytest.mark.noncommercial
def test_server__answers_alike(calls, plain):
    for call, found, expected in zip(calls, ask("server", calls), plain, strict=True):
        assert found == expected, call[0]
