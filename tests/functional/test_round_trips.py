"""The example as other programs save it: the same data, the same verdict."""

from __future__ import annotations

import json

import openpyxl
import pytest
from programs import cmswp


@pytest.fixture(scope="module")
def dumped(example):
    done = cmswp("dump", example)
    assert done.code == 0
    return done.out


@pytest.fixture(scope="module")
def by_openpyxl(example, tmp_path_factory):
    path = tmp_path_factory.mktemp("openpyxl") / "example.xlsx"
    openpyxl.load_workbook(example).save(path)
    return path


@pytest.fixture(scope="module")
def by_office(example, tmp_path_factory, office):
    path = tmp_path_factory.mktemp("office") / "example.xlsx"
    path.write_bytes(example.read_bytes())
    return office(path, "xlsx:Calc MS Excel 2007 XML")


def issues(path):
    done = cmswp("validate", path, "--format", "json")
    assert done.code == 0, done.out
    return done.json["issues"]


def facts(found):
    return [(i["code"], i["table"], i["column"], i["value"], i["cell"]) for i in found]


def test_openpyxl__keeps_the_data(by_openpyxl, dumped):
    assert cmswp("dump", by_openpyxl).out == dumped


def test_openpyxl__stores_no_values_and_nothing_else_changes(example, by_openpyxl):
    found = issues(by_openpyxl)
    without = [issue for issue in found if issue["code"] != "not-calculated"]
    assert facts(without) == facts(issues(example))
    lost = [issue for issue in found if issue["code"] == "not-calculated"]
    assert {issue["severity"] for issue in lost} == {"info"}
    assert {"cost", "to_be_sought", "funding_status"} <= {issue["column"] for issue in lost}


@pytest.mark.host
def test_libreoffice__keeps_the_data(by_office, dumped):
    assert json.loads(cmswp("dump", by_office).out) == json.loads(dumped)


@pytest.mark.host
def test_libreoffice__changes_no_verdict(example, by_office):
    assert facts(issues(by_office)) == facts(issues(example))


@pytest.mark.host
def test_libreoffice__gives_the_same_annexes(by_office, annexes, tmp_path):
    done = cmswp("export", by_office, "--out", tmp_path)
    assert (done.code, done.err) == (0, "")
    for name in annexes:
        if name != "manifest.json":
            assert (tmp_path / name).read_bytes() == annexes[name], name


def test_shipped_example__is_the_one_that_new_makes(example):
    assert not [i for i in issues(example) if i["code"] in ("stale-formula", "not-calculated")]


@pytest.mark.parametrize("language", ["fr", "es"])
def test_example__holds_the_same_data_in_every_language(tmp_path, dumped, language):
    path = tmp_path / "example.xlsx"
    assert cmswp("new", path, "--example", "--lang", language).code == 0
    data = json.loads(cmswp("dump", path).out)
    expected = json.loads(dumped)
    data["programme"]["original_language"] = expected["programme"]["original_language"]
    assert data == expected
