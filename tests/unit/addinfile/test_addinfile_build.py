"""The add-in that ships is made of its sources and of the xlwings that is pinned, and no more."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlwings
from lxml import etree
from pyopenvba import ExcelFile
from pyopenvba.cfb import CFB
from pyopenvba.vba import decompress

ROOT = Path(__file__).parents[3]
BUILD = ROOT / "workbook" / "addin"
ADDIN = ROOT / "workbook" / "cmswp.xlam"
TEMPLATE = Path(xlwings.__file__).parent / "quickstart_addin_ribbon.xlam"
OURS = {
    "_rels/.rels",
    "customUI/customUI.xml",
    "docProps/core.xml",
    "xl/vbaProject.bin",
    "xl/workbook.xml",
    "xl/worksheets/sheet1.xml",
}
MAIN = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture(scope="module")
def template():
    with zipfile.ZipFile(TEMPLATE) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture(scope="module")
def engine():
    """The xlwings module of the template."""
    with ExcelFile(TEMPLATE) as addin:
        return addin.get_module("xlwings").replace("\r\n", "\n")


@pytest.fixture(scope="module")
def settings(parts):
    sheet = etree.fromstring(parts["xl/worksheets/sheet1.xml"])
    rows = sheet.findall(".//m:row", MAIN)
    texts = [["".join(cell.itertext()) for cell in row.findall("m:c", MAIN)] for row in rows]
    return {key.upper(): value for key, value in texts}


@pytest.fixture(scope="module")
def substitutions():
    sys.path.insert(0, str(BUILD))
    try:
        import vba_project
    finally:
        sys.path.remove(str(BUILD))
    return vba_project.SUBSTITUTIONS


def test_the_addin_that_ships_is_that_of_its_sources(tmp_path):
    built = tmp_path / "built.xlam"

    subprocess.run([sys.executable, BUILD / "build.py", built], check=True)

    assert ADDIN.read_bytes() == built.read_bytes(), "run `make addin`"


def test_its_macros_are_of_the_pinned_version_of_xlwings(sources):
    found = re.search(r"(?m)^xlwings==(\S+)", (ROOT / "constraints.txt").read_text())
    assert found, "xlwings is not pinned"
    pinned = found[1]
    libraries = set(re.findall(r'"xlwings(?:32|64)-([\d.]+)\.dll"', sources["xlwings"]))

    assert f'XLWINGS_VERSION As String = "{pinned}"' in sources["xlwings"]
    assert libraries == {pinned}


def test_only_the_parts_of_ours_differ_from_the_template(parts, template):
    assert set(parts) == set(template)
    assert {name for name in parts if parts[name] != template[name]} == OURS


def test_the_package_does_not_depend_on_the_compression_of_a_machine():
    with zipfile.ZipFile(ADDIN) as package:
        kinds = {(each.compress_type, each.date_time) for each in package.infolist()}

    assert kinds == {(zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0))}


def test_the_macros_of_xlwings_are_changed_where_said_and_nowhere_else(
    sources, engine, substitutions
):
    for old, new in substitutions:
        engine = engine.replace(old, new)
    assert sources["xlwings"] == engine


def test_no_workbook_chooses_what_runs(sources):
    source = sources["xlwings"]
    read = source[source.index("Function GetConfig(") :]

    assert "ActiveWorkbook" not in read[: read.index("End Function")]
    command = source[source.index("Function XLPyCommand()") :]
    assert "ActiveWorkbook" not in command[: command.index("#Else")]


def test_the_project_has_the_name_of_the_program_everywhere(parts, project, sources):
    storage = CFB.from_bytes(parts["xl/vbaProject.bin"])
    streams = [
        decompress(storage.get_stream_in_storage("VBA", "dir")),
        storage.get_stream("PROJECT"),
        *parts.values(),
        *(source.encode() for source in sources.values()),
    ]

    assert project.name == "cmswp"
    assert 'PROJECT_NAME As String = "cmswp"' in sources["xlwings"]
    assert b'<sheet name="cmswp.conf"' in parts["xl/workbook.xml"]
    assert not any(b"myaddin" in stream.lower() for stream in streams)


def test_the_project_is_sound_and_has_no_module_of_the_example(project):
    assert project.validate() == []
    assert project.module_names() == [
        "ThisWorkbook",
        "Dictionary",
        "Sheet2",
        "xlwings",
        "CmswpRibbon",
        "CmswpTexts",
        "CmswpHelp",
        "xlwings_udfs",
    ]


def test_the_settings_leave_the_choice_of_python_to_the_user(settings):
    assert settings == {
        "UDF MODULES": "cmswp_xl.excel.functions",
        "USE UDF SERVER": "1",
        "SHOW CONSOLE": "0",
        "DEBUG UDFS": "0",
        "ADD_WORKBOOK_TO_PYTHONPATH": "false",
        "PYTHONPATH": r"%USERPROFILE%\.cmswp",
    }


def test_every_setting_has_a_value_since_a_blank_would_win_over_the_users(settings):
    assert all(settings.values())


def test_the_file_tells_no_folder_and_no_person(parts):
    texts = b"".join(data for name, data in parts.items() if name.endswith((".xml", ".rels")))

    assert b"Users" not in texts
    assert b"Felix" not in texts
    assert b"<dc:title>CMS Programme</dc:title>" in parts["docProps/core.xml"]


def test_ribbon__is_related_as_one_of_its_namespace(parts):
    relations = etree.fromstring(parts["_rels/.rels"])
    (kind,) = (r.get("Type") for r in relations if r.get("Target") == "customUI/customUI.xml")
    year = etree.fromstring(parts["customUI/customUI.xml"]).tag.split("/")[4]

    assert (year, kind) == (
        "2006",
        "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility",
    )


def test_workbook__has_no_settings_that_are_not_valid(parts):
    assert b"defaultImageDpi" not in parts["xl/workbook.xml"]
    assert etree.fromstring(parts["xl/workbook.xml"]).find("m:calcPr", MAIN) is not None
