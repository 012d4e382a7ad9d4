"""Have LibreOffice calculate a workbook anew, and compare what it finds with what was stored."""

from __future__ import annotations

import atexit
import io
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from openpyxl import load_workbook
from packages import pack, unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
"""Stored values are not trusted: everything is calculated on loading."""

_PRINTED = re.compile(rb'<definedName [^>]*name="_xlnm.Print_Titles".*?</definedName>')
"""What is repeated on every page, of which LibreOffice takes long to work out the pages."""


@cache
def _profile() -> Path:
    """Give the folder of LibreOffice's settings, which takes as long to make as a workbook."""
    profile = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, profile, ignore_errors=True)
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    return profile


def recalculated(books: Mapping[str, bytes], folder: Path) -> None:
    """
    Write workbooks as LibreOffice calculates them into a folder, each as its name.

    It is started once for all, since that takes as long as a workbook.
    """
    sources = []
    for name, data in books.items():
        sources.append(folder / "typed" / name)
        sources[-1].parent.mkdir(exist_ok=True)
        parts = unpacked(data)
        parts["xl/workbook.xml"] = _PRINTED.sub(b"", parts["xl/workbook.xml"])
        sources[-1].write_bytes(pack(parts))
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation={_profile().as_uri()}",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(folder),
            *map(str, sources),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )


def stored_values(data: bytes) -> dict[tuple[str, str], object]:
    """Give the stored value of every formula cell by sheet and address; blank is None."""
    formulas = load_workbook(io.BytesIO(data))
    values = load_workbook(io.BytesIO(data), data_only=True)
    return {
        (sheet.title, cell.coordinate): _seen(values[sheet.title][cell.coordinate].value)
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


class Line(NamedTuple):
    """A check as the list on the sheet Checks shows it."""

    state: str
    sheet: str
    title: str
    faults: object
    cell: str | None


def listed_checks(data: bytes) -> list[Line]:
    """Give the checks of the list, without the rows that name a group."""
    sheets = load_workbook(io.BytesIO(data), data_only=True).worksheets
    sheet = next(sheet for sheet in reversed(sheets) if sheet.auto_filter.ref)
    rows = list(sheet[sheet.auto_filter.ref])[1:]
    lines = [[_seen(cell.value) for cell in row] for row in rows]
    return [Line(line[0], *line[2:6]) for line in lines if line[0]]


def _seen(value: object) -> object:
    return None if value == "" else value


def differences(data: bytes, calculated: bytes) -> list[tuple[str, str, object, object]]:
    """Give sheet, address, stored and calculated value of the formulas that disagree."""
    values = load_workbook(io.BytesIO(calculated), data_only=True)
    found = []
    for (sheet, address), stored in stored_values(data).items():
        value = _seen(values[sheet][address].value)
        if not _agree(stored, value):
            found.append((sheet, address, stored, value))
    return found


def _agree(stored: object, value: object) -> bool:
    if isinstance(stored, (int, float)) and isinstance(value, (int, float)):
        return abs(stored - value) < 1e-6
    return stored == value
