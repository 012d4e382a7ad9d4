"""What is installed of the add-in, and what the command says of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from cmswp_xl.addin.files import NAME, XLWINGS, content, read_receipt
from cmswp_xl.addin.install import read_conf
from cmswp_xl.addin.machine import MACOS, WINDOWS, documents_folder, log_file
from cmswp_xl.errors import CmswpError, UnwritableOutput
from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cmswp_xl.addin.install import Plan, Removal
    from cmswp_xl.addin.machine import Machine
    from cmswp_xl.languages import Words


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


_ADDIN = {
    Addin.MISSING: N_("not installed; to install it: cmswp addin install"),
    Addin.CURRENT: N_("in place and up to date: {path}"),
    Addin.OTHER: N_("another version than this program’s; run cmswp addin install: {path}"),
    Addin.UNREADABLE: N_("cannot be read, or is a folder of that name: {path}"),
}
_PYTHON = {
    Python.UNSET: N_("not set; to set it: cmswp addin install"),
    Python.MISSING: N_("no longer there; run cmswp addin install again: {path}"),
    Python.WITHOUT_PROGRAM: N_("there, but cmswp-xl was not found in it: {path}"),
    Python.READY: N_("there, with cmswp-xl: {path}"),
}
_FIT = {
    Fit.MISSING: N_('not installed in this Python; run: pip install "cmswp-xl[excel]"'),
    Fit.OTHER: N_('version {found} does not fit the add-in; run: pip install "xlwings=={needed}"'),
    Fit.WITHOUT_LIBRARY: N_(
        "version {found}, but its library for Excel is not beside Python; install the program in "
        "a virtual environment, not with --user"
    ),
    Fit.READY: N_("version {found} fits the add-in"),
}

_MAC_STARTUP = (
    "~/Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
)


def plan_text(plan: Plan, say: Words) -> str:
    """Tell what an installation would write."""
    if plan.fresh:
        state = say("there already, up to date")
    elif plan.existing is None:
        state = say("new")
    else:
        state = say("replaces the version that is there")
    lines = [
        say("This would be done:"),
        _line(say("Add-in"), f"{plan.addin} ({state})"),
        _line(say("Documents"), _documents(plan.documents, say)),
        _line(say("Settings for Excel’s macros"), plan.conf),
        *_settings(plan.values),
    ]
    return "\n".join(lines)


def usual_plan_text(say: Words) -> str:
    """Tell what an installation does on a computer with Excel, for one that has none."""
    lines = [
        say("On a computer with Excel, this would be done:"),
        f"  Windows: %APPDATA%\\Microsoft\\Excel\\XLSTART\\{NAME}",
        "    %USERPROFILE%\\.cmswp\\cmswp.conf",
        f"  macOS: {_MAC_STARTUP}/{NAME}",
        "    ~/Library/Containers/com.microsoft.Excel/Data/cmswp.conf",
        say(
            "The first file is the add-in, the second tells Excel’s macros which Python to start."
        ),
    ]
    return "\n".join(lines)


def installed_text(plan: Plan, say: Words) -> str:
    """Tell what an installation did, and what comes next."""
    lines = [
        say("The add-in is installed: {path}", path=plan.addin),
        say("Documents from the ribbon go here: {place}", place=_documents(plan.documents, say)),
        say("Start Excel: the tab CMS Programme comes after the tab Data."),
    ]
    return "\n".join(lines)


def removal_text(removal: Removal, say: Words, *, done: bool) -> str:
    """Tell what a removal did, or would do."""
    if not removal.files:
        return say("There is nothing to remove: no installation of the add-in was found.")
    lines = [
        say("The add-in’s installation was undone:") if done else say("This would be done:"),
        *(_line(say("removed"), path) for path in removal.removed),
        *(_line(say("lines taken out of"), path) for path in removal.changed),
    ]
    return "\n".join(lines)


def status_text(status: Status, say: Words) -> str:
    """Tell what was found, one line for each point."""
    found = {"path": status.path or ""}
    rows = [
        (say("Excel"), str(status.excel) if status.excel else say("not found on this system")),
        (say("Add-in"), say(_ADDIN[status.addin], **found)),
        (say("Python for Excel"), say(_PYTHON[status.python], path=status.interpreter)),
        ("xlwings", say(_FIT[status.fit], found=status.xlwings, needed=XLWINGS)),
        (say("Documents"), _documents_found(status, say)),
        (say("Settings"), str(status.conf)),
        (say("Log of errors"), str(status.log)),
    ]
    if status.ready:
        closing = say("All is in place. What happens inside Excel cannot be told from here.")
    elif status.excel is None:
        closing = say("Without Excel the add-in cannot be used; all other commands can.")
    else:
        closing = say("The add-in cannot be used yet; see the lines above.")
    return "\n".join([*_aligned(rows), "", closing])


def _line(name: str, what: object) -> str:
    return f"  {name}: {what}"


def _documents(folder: Path | None, say: Words) -> str:
    return str(folder) if folder else say("beside the workbook")


def _documents_found(status: Status, say: Words) -> str:
    if status.settings_broken:
        return say("the settings cannot be read; set the folder again with --documents")
    if status.documents_there:
        return _documents(status.documents, say)
    return say("cannot be reached: {path}", path=status.documents)


def _settings(values: Mapping[str, str]) -> Iterable[str]:
    return (f'    "{key}","{value}"' for key, value in values.items())


def _aligned(rows: Sequence[tuple[str, str]]) -> Iterable[str]:
    width = max(len(name) for name, _ in rows)
    return (f"{name:<{width}}  {text}" for name, text in rows)
