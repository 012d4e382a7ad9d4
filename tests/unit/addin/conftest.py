"""A made-up computer with Excel: folders below the test's own, nothing of the real one."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from cmswp_xl.addin.install import XLWINGS
from cmswp_xl.addin.machine import Machine, Xlwings


@pytest.fixture
def computer(tmp_path):
    """Give a function that makes up a computer; the folder's name has spaces and accents."""
    home = tmp_path / "José Ñandú"
    roaming = home / "OneDrive – Secretariat" / "AppData" / "Roaming"
    python = home / "Python" / "venv" / "Scripts" / "python.exe"
    library = python.parent.parent / f"xlwings64-{XLWINGS}.dll"
    script = home / "Python" / "xlwings" / f"xlwings-{XLWINGS}.applescript"
    for path, data in ((python, b""), (library, b""), (script, b"on vb")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def make(system="win32", *, xlwings=XLWINGS, environ=None, **changes):
        values = {
            "system": system,
            "environ": {
                "HOME": str(home),
                "USERPROFILE": str(home),
                "APPDATA": str(roaming),
                "LOCALAPPDATA": str(home / "AppData" / "Local"),
                **(environ or {}),
            },
            "executable": "/opt/python" if system == "darwin" else str(python),
            "prefix": str(python.parent.parent),
            "base_prefix": str(home / "Python"),
            "ansi": "cp1252" if system == "win32" else "utf-8",
            "excel": None if system == "linux" else home / "EXCEL.EXE",
            "xlwings": Xlwings(xlwings, script.parent) if xlwings else None,
        }
        return Machine(**{**values, **changes})

    return make


@pytest.fixture
def tree(tmp_path):
    """Give a function that tells every file below the test's folder with its content."""

    def look():
        return {
            path.relative_to(tmp_path).as_posix(): path.read_bytes()
            for path in tmp_path.rglob("*")
            if path.is_file()
        }

    return look


@pytest.fixture
def paths(computer):
    """Give the places on the made-up computer with Windows."""
    machine = computer()
    return SimpleNamespace(
        addin=Path(machine.startup, "cmswp.xlam"),
        conf=machine.conf,
        settings=machine.conf.with_name("settings.json"),
        receipt=machine.conf.with_name("receipt.json"),
    )
