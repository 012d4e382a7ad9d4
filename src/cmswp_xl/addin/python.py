"""
The lines that tell Excel's macros which Python to start.

All else that the macros ask for stands on the settings sheet of the add-in, which comes first.
"""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from cmswp_xl.addin.settings import MACOS, WINDOWS
from cmswp_xl.errors import CmswpError

if TYPE_CHECKING:
    from cmswp_xl.addin.machine import Machine

_STORE = ("windowsapps", "pythonsoftwarefoundation")


def conf_values(machine: Machine) -> dict[str, str]:
    """
    Give the settings for the Python that runs.

    Raises `CmswpError` where Excel's macros could not start it.
    """
    _refuse_store(machine)
    conda = _conda(machine)
    path, environment = conda or ("", "")
    interpreter = "python" if conda else _interpreter(machine)
    _refuse_letters(machine, interpreter, path, environment)
    if machine.system == MACOS:
        return {"INTERPRETER_MAC": interpreter}
    # blank unless wanted: a value from elsewhere would start another Python first
    return {"INTERPRETER_WIN": interpreter, "CONDA PATH": path, "CONDA ENV": environment}


def _interpreter(machine: Machine) -> str:
    """Give the Python that runs; the one with a console, which the macros start hidden."""
    path = Path(machine.executable)
    if path.name.casefold() == "pythonw.exe" and path.with_name("python.exe").is_file():
        path = path.with_name("python.exe")
    return str(path) if machine.executable else ""


def _conda(machine: Machine) -> tuple[str, str] | None:
    """
    Give the folder of Conda and the environment, where it is the one that runs.

    Conda may be active while a virtual environment of Python runs; then it does not count.
    """
    name = machine.environ.get("CONDA_DEFAULT_ENV")
    program = machine.environ.get("CONDA_EXE")
    prefix = machine.environ.get("CONDA_PREFIX")
    if machine.system != WINDOWS or not (name and program and prefix):
        return None
    folder = Path(program).parents[1] if len(Path(program).parents) > 1 else Path(program)
    if Path(prefix) != Path(machine.prefix) or not (folder / "condabin" / "conda.bat").is_file():
        return None
    return str(folder), name


def _refuse_store(machine: Machine) -> None:
    """Refuse the Python of the Microsoft Store: what it writes, Excel does not see."""
    for place in (machine.executable, machine.base_prefix):
        parts = [part.casefold() for part in PurePath(place.replace("\\", "/")).parts]
        if machine.system == WINDOWS and any(part.startswith(_STORE) for part in parts):
            raise CmswpError("store-python")


def _refuse_letters(machine: Machine, interpreter: str, *others: str) -> None:
    """Refuse a path that the macros would read as another."""
    text = "".join((interpreter, *others))
    try:
        text.encode(machine.ansi)
    except UnicodeEncodeError as error:
        raise CmswpError("python-path", path=interpreter or others[0]) from error
    # on a Mac xlwings hands the path to the shell as it is
    unsafe = '"\r\n' + (" '$`\\" if machine.system == MACOS else "")
    if not interpreter or set(text) & set(unsafe):
        raise CmswpError("python-path", path=interpreter or "Python")
