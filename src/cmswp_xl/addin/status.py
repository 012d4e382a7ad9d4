"""What is found on this computer, point by point."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from cmswp_xl.addin.conf import read_conf
from cmswp_xl.addin.files import content
from cmswp_xl.addin.package import NAME, XLWINGS
from cmswp_xl.addin.receipt import read_receipt
from cmswp_xl.addin.settings import MACOS, WINDOWS, documents_folder, log_file
from cmswp_xl.errors import CmswpError, UnwritableOutput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cmswp_xl.addin.machine import Machine


class Addin(StrEnum):
    """How the add-in file stands."""

    MISSING = "missing"
    CURRENT = "current"
    OTHER = "other"
    UNREADABLE = "unreadable"


class Python(StrEnum):
    """How the Python stands that the settings name."""

    UNSET = "unset"
    MISSING = "missing"
    WITHOUT_PROGRAM = "without-program"
    READY = "ready"


class Fit(StrEnum):
    """How xlwings stands, seen from the Python that runs."""

    MISSING = "missing"
    OTHER = "other"
    WITHOUT_LIBRARY = "without-library"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Status:
    """What was found; `documents` is None for beside the workbook."""

    excel: Path | None
    path: Path | None
    addin: Addin
    conf: Path
    interpreter: str
    python: Python
    xlwings: str
    fit: Fit
    documents: Path | None
    documents_there: bool
    settings_broken: bool
    log: Path

    @property
    def ready(self) -> bool:
        """Whether nothing that can be told from outside Excel is amiss."""
        return (
            self.excel is not None
            and (self.addin, self.python, self.fit) == (Addin.CURRENT, Python.READY, Fit.READY)
            and self.documents_there
            and not self.settings_broken
        )


def find_status(machine: Machine, packaged: bytes, startup: Path | None = None) -> Status:
    """Look at the add-in, its settings, Python, xlwings and the folders."""
    path = _place(machine, startup)
    interpreter, python = _python(machine)
    broken = False
    try:
        documents = documents_folder(machine.environ, machine.system)
    except CmswpError:
        documents, broken = None, True
    return Status(
        excel=machine.excel,
        path=path,
        addin=_addin(path, packaged),
        conf=machine.conf,
        interpreter=interpreter,
        python=python,
        xlwings=machine.xlwings.version if machine.xlwings else "",
        fit=_fit(machine),
        documents=documents,
        documents_there=documents is None or documents.is_dir(),
        settings_broken=broken,
        log=log_file(machine.environ, machine.system),
    )


def _place(machine: Machine, startup: Path | None) -> Path | None:
    """Give where the add-in is looked for: as told, where it was put, or where Excel looks."""
    if startup is not None:
        return startup / NAME
    receipt = read_receipt(machine)
    if receipt is not None:
        return Path(receipt.addin)
    return machine.startup / NAME if machine.startup else None


def _addin(path: Path | None, packaged: bytes) -> Addin:
    try:
        data = content(path) if path else None
    except UnwritableOutput:
        return Addin.UNREADABLE
    if data is None:
        return Addin.MISSING
    return Addin.CURRENT if data == packaged else Addin.OTHER


def _python(machine: Machine) -> tuple[str, Python]:
    """Give the Python that the settings name, and whether the program is in it."""
    try:
        values = read_conf(content(machine.conf) or b"", machine.ansi)
    except UnwritableOutput:
        return "", Python.UNSET
    named = values.get("INTERPRETER_MAC" if machine.system == MACOS else "INTERPRETER_WIN", "")
    path = _conda_python(values) if named == "python" else Path(named)
    if not named or path is None:
        return named, Python.UNSET
    if not path.is_file():
        return str(path), Python.MISSING
    same = path.parent == Path(machine.executable).parent
    return str(path), Python.READY if same or _has_program(path) else Python.WITHOUT_PROGRAM


def _conda_python(values: Mapping[str, str]) -> Path | None:
    """Give the Python of the environment of Conda that the settings name."""
    folder, name = values.get("CONDA PATH", ""), values.get("CONDA ENV", "")
    if not folder or not name:
        return None
    if name == "base":
        return Path(folder, "python.exe")
    inside = Path(name) if "\\" in name or "/" in name else Path(folder, "envs", name)
    return inside / "python.exe"


def _has_program(python: Path) -> bool:
    """Tell whether the program lies among the packages of a Python, by looking at folders only."""
    return any(
        (packages / "cmswp_xl").is_dir() or any(packages.glob("cmswp_xl-*.dist-info"))
        for packages in _packages(python)
    )


def _packages(python: Path) -> Iterator[Path]:
    for prefix in (python.parent, python.parent.parent):
        yield prefix / "Lib" / "site-packages"
        yield from prefix.glob("lib/python3*/site-packages")


def _fit(machine: Machine) -> Fit:
    if machine.xlwings is None:
        return Fit.MISSING
    if machine.xlwings.version != XLWINGS:
        return Fit.OTHER
    if machine.system == WINDOWS and not _has_library(machine):
        return Fit.WITHOUT_LIBRARY
    return Fit.READY


def _has_library(machine: Machine) -> bool:
    """Tell whether the library is where the macros look: beside Python, or one folder up."""
    folder = Path(machine.executable).parent
    names = (f"xlwings64-{XLWINGS}.dll", f"xlwings32-{XLWINGS}.dll")
    return any((place / name).is_file() for place in (folder, folder.parent) for name in names)
