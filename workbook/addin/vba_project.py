"""The VBA project of the add-in: xlwings' own, under our project's name, with our modules."""

from __future__ import annotations

import shutil
import struct
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from pyopenvba import ExcelFile
from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, decompress

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "cmswp"
_TEMPLATES_NAME = "MyAddin"
_TEMPLATES_MODULE = "RibbonMyAddin"
_PROJECT_NAME_RECORD = 4

SUBSTITUTIONS = (
    # The settings have the project's name: the sheet cmswp.conf, the folder .cmswp of the user.
    (
        'Public Const PROJECT_NAME As String = "myaddin"',
        f'Public Const PROJECT_NAME As String = "{NAME}"',
    ),
    # A workbook that came by mail must not choose which program runs: settings come from the
    # add-in and from the user, never from the workbook on screen or the folder it lies in.
    (
        'SheetExists(ActiveWorkbook, PROJECT_NAME & ".conf")',
        'SheetExists(ThisWorkbook, PROJECT_NAME & ".conf")',
    ),
    (
        "If GetConfigFromSheet(ActiveWorkbook).Exists(configKey)",
        "If GetConfigFromSheet(ThisWorkbook).Exists(configKey)",
    ),
    (
        "GetConfig = GetConfigFromSheet(ActiveWorkbook).Item(configKey)",
        "GetConfig = GetConfigFromSheet(ThisWorkbook).Item(configKey)",
    ),
    ('If GetFullName(ActiveWorkbook) <> ""', 'If GetFullName(ThisWorkbook) <> ""'),
    (
        "GetDirectoryConfigFilePath = GetDirectoryPath(ActiveWorkbook)",
        "GetDirectoryConfigFilePath = GetDirectoryPath(ThisWorkbook)",
    ),
    # Nor may it bring Python code on its sheets.
    (
        "        If i = 1 Then\n            Set wb = ActiveWorkbook\n",
        "        If i = 1 Then\n            Set wb = ThisWorkbook\n",
    ),
    # One Python process serves all workbooks, and does not import from the current folder (-P).
    (
        '        PYTHONPATH = AddExcelDir & ";" & ActiveWorkbook.FullName & ";" & ThisWorkbook',
        '        PYTHONPATH = AddExcelDir & ";" & ThisWorkbook.FullName & ";" & ThisWorkbook',
    ),
    ('tail = " -B -c ""import sys, os;"', 'tail = " -B -P -c ""import sys, os;"'),
    ('PythonInterpreter & " -B -c ""import', 'PythonInterpreter & " -B -P -c ""import'),
    # An error of Python goes to the ribbon's own message instead of a box with a traceback.
    (
        '            ShowError "", Err.Description\n            RunPython = -1\n',
        "            Err.Raise Err.Number, , Err.Description\n",
    ),
)
"""What is changed in the module `xlwings` of the template; each place is there exactly once."""


def vba_project(template: Path, modules: Mapping[str, str]) -> bytes:
    """Return the VBA project of the template with our modules in place of its example."""
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder, "draft.xlam")
        shutil.copyfile(template, draft)
        with ExcelFile(draft) as addin:
            project = addin.vba_project()
            project.delete_module(_TEMPLATES_MODULE)
            engine = project.get_module("xlwings")
            addin.set_module("xlwings", _crlf(substituted(engine.source)))
            for name, source in modules.items():
                project.add_module(name, _crlf(source))
            addin.save()
        with zipfile.ZipFile(draft) as package:
            return _renamed(package.read("xl/vbaProject.bin"))


def substituted(source: str) -> str:
    """Make the changes to the module `xlwings`; ValueError when xlwings is not as expected."""
    source = source.replace("\r\n", "\n")
    for old, new in SUBSTITUTIONS:
        if source.count(old) != 1:
            message = f"xlwings' VBA has {source.count(old)} places of {old!r}, not one"
            raise ValueError(message)
        source = source.replace(old, new)
    return source


def _crlf(source: str) -> str:
    return source.replace("\r\n", "\n").replace("\n", "\r\n")


def _renamed(container: bytes) -> bytes:
    """Give the project our name, in the two streams that hold it."""
    storage = CFB.from_bytes(container)
    directory = decompress(storage.get_stream_in_storage("VBA", "dir"))
    old, new = (_record(name) for name in (_TEMPLATES_NAME, NAME))
    if directory.count(old) != 1:
        message = f"the template's VBA project is not named {_TEMPLATES_NAME}"
        raise ValueError(message)
    storage.write_stream_in_storage("VBA", "dir", compress(directory.replace(old, new)))
    storage.write_stream("PROJECT", _declared(storage.get_stream("PROJECT")))
    return storage.to_bytes()


def _declared(stream: bytes) -> bytes:
    """Name the project where its modules are declared, and leave no gap in the last section."""
    start, heading, windows = stream.partition(b"[Workspace]\r\n")
    named = start.replace(f'Name="{_TEMPLATES_NAME}"'.encode(), f'Name="{NAME}"'.encode())
    return named + heading + b"".join(line + b"\r\n" for line in windows.split(b"\r\n") if line)


def _record(name: str) -> bytes:
    return struct.pack("<HI", _PROJECT_NAME_RECORD, len(name)) + name.encode("ascii")
