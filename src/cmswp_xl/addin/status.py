"""What is installed of the add-in, and what the command prints of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cmswp_xl.addin.install import NAME, XLWINGS, content, read_conf, read_receipt
from cmswp_xl.addin.machine import MACOS, WINDOWS
from cmswp_xl.errors import CmswpError, UnwritableOutput
from cmswp_xl.resources import texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.addin.install import Plan, Removal
    from cmswp_xl.addin.machine import Machine
    from cmswp_xl.languages import Words

WORDS: Mapping[str, Mapping[str, Any]] = texts("addin")
"""What each fact is called, unless it is called by its key, and the words of its states."""

_MAC_STARTUP = (
    "~/Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """What was found of one thing: its state, and the path or version that it has."""

    state: str
    found: object = ""

    @property
    def good(self) -> bool:
        """Whether it is as the add-in needs it."""
        return self.state in {"ready", "beside"}


def find_status(machine: Machine, packaged: bytes, startup: Path | None = None) -> dict[str, Fact]:
    """Look at Excel, the add-in, its settings, Python, xlwings and the folders."""
    return {
        "excel": Fact("ready" if machine.excel else "missing", machine.excel),
        "addin": _addin(machine, packaged, startup),
        "python": _python(machine),
        "xlwings": _xlwings(machine),
        "documents": _documents(machine),
        "settings": Fact("ready", machine.conf),
        "log": Fact("ready", machine.log),
    }


def _addin(machine: Machine, packaged: bytes, startup: Path | None) -> Fact:
    """Look at the add-in in the folder given, where it was put, or where Excel looks."""
    receipt = read_receipt(machine)
    folder = startup or machine.startup
    path = folder / NAME if folder else None
    if startup is None and receipt is not None:
        path = Path(receipt.addin)
    try:
        data = content(path) if path else None
    except UnwritableOutput:
        return Fact("unreadable", path)
    if data is None:
        return Fact("missing", path)
    return Fact("ready" if data == packaged else "other", path)


def _python(machine: Machine) -> Fact:
    """Look at the Python that the settings name, and whether the program is in it."""
    try:
        values = read_conf(content(machine.conf) or b"", machine.ansi)
    except UnwritableOutput:
        return Fact("unset")
    named = values.get("INTERPRETER_MAC" if machine.system == MACOS else "INTERPRETER_WIN", "")
    path = _conda_python(values) if named == "python" else Path(named)
    if not named or path is None:
        return Fact("unset", named)
    if not path.is_file():
        return Fact("missing", path)
    same = path.parent == Path(machine.executable).parent
    return Fact("ready" if same or _has_program(path) else "without-program", path)


def _conda_python(values: Mapping[str, str]) -> Path | None:
    folder, name = values.get("CONDA PATH", ""), values.get("CONDA ENV", "")
    if not folder or not name:
        return None
    if name == "base":
        return Path(folder, "python.exe")
    inside = Path(name) if "\\" in name or "/" in name else Path(folder, "envs", name)
    return inside / "python.exe"


def _has_program(python: Path) -> bool:
    """Return whether the program is among the packages of a Python, by its folders only."""
    return any(
        (packages / "cmswp_xl").is_dir() or any(packages.glob("cmswp_xl-*.dist-info"))
        for prefix in (python.parent, python.parent.parent)
        for packages in (
            prefix / "Lib" / "site-packages",
            *prefix.glob("lib/python3*/site-packages"),
        )
    )


def _xlwings(machine: Machine) -> Fact:
    if machine.xlwings is None:
        return Fact("missing")
    version = machine.xlwings.version
    if version != XLWINGS:
        return Fact("other", version)
    folder = Path(machine.executable).parent  # the macros look for the library there, or one up
    names = (f"xlwings64-{XLWINGS}.dll", f"xlwings32-{XLWINGS}.dll")
    there = any((place / name).is_file() for place in (folder, folder.parent) for name in names)
    return Fact("ready" if there or machine.system != WINDOWS else "without-library", version)


def _documents(machine: Machine) -> Fact:
    try:
        folder = machine.documents
    except CmswpError:
        return Fact("broken")
    if folder is None:
        return Fact("beside")
    return Fact("ready" if folder.is_dir() else "unreachable", folder)


def status_text(status: Mapping[str, Fact], say: Words) -> str:
    """Print what was found, one line for each fact, and what it comes to."""
    names = {key: say(WORDS[key].get("name", key)) for key in status}
    width = max(map(len, names.values()))
    lines = [f"{names[key]:<{width}}  {_words(key, fact, say)}" for key, fact in status.items()]
    if all(fact.good for fact in status.values()):
        closing = say(
            "Everything is in place. What happens inside Excel cannot be checked from here."
        )
    elif not status["excel"].good:
        closing = say("Without Excel the add-in cannot be used; all other commands can.")
    else:
        closing = say("The add-in cannot be used yet; see the lines above.")
    return "\n".join([*lines, "", closing])


def _words(key: str, fact: Fact, say: Words) -> str:
    words = WORDS[key]["states"][fact.state]
    if words == "{found}":
        return str(fact.found)
    return say(words, path=fact.found, found=fact.found, needed=XLWINGS)


def plan_text(plan: Plan, say: Words) -> str:
    """Print what an installation would write."""
    if plan.fresh:
        addin = say("Add-in: {path} (already installed, up to date)", path=plan.addin)
    elif plan.existing is None:
        addin = say("Add-in: {path} (new)", path=plan.addin)
    else:
        addin = say("Add-in: {path} (replaces the installed version)", path=plan.addin)
    places = (
        addin,
        say("Documents: {place}", place=_place(plan, say)),
        say("Settings for Excel’s macros: {path}", path=plan.conf),
    )
    lines = [f"  {place}" for place in places]
    settings = [f'    "{key}","{value}"' for key, value in plan.values.items()]
    return "\n".join([say("This would be done:"), *lines, *settings])


def usual_plan_text(say: Words) -> str:
    """Print what an installation does on a computer with Excel, for one that has none."""
    windows = f"%APPDATA%\\Microsoft\\Excel\\XLSTART\\{NAME}"
    on_windows = say("Windows: {path}", path=windows)
    on_mac = say("macOS: {path}", path=f"{_MAC_STARTUP}/{NAME}")
    lines = [
        say("On a computer with Excel, this would be done:"),
        f"  {on_windows}",
        "    %USERPROFILE%\\.cmswp\\cmswp.conf",
        f"  {on_mac}",
        "    ~/Library/Containers/com.microsoft.Excel/Data/cmswp.conf",
        say("The first file is the add-in; the second says which Python Excel’s macros start."),
    ]
    return "\n".join(lines)


def installed_text(plan: Plan, say: Words) -> str:
    """Print what an installation did, and what comes next."""
    if plan.documents:
        saved = say("Documents from the ribbon are saved in {path}.", path=plan.documents)
    else:
        saved = say("Documents from the ribbon are saved beside the workbook.")
    lines = [
        say("The add-in is installed: {path}", path=plan.addin),
        saved,
        say("Start Excel. The tab “CMS Programme” is after the tab “Data”."),
    ]
    return "\n".join(lines)


def removal_text(removal: Removal, say: Words, *, done: bool) -> str:
    """Print what a removal did, or would do."""
    if not removal.files:
        return say("Nothing to remove: the add-in is not installed.")
    head = say("The add-in was removed:") if done else say("This would be done:")
    gone = [
        say("File removed: {path}", path=path)
        for path, data in removal.files.items()
        if data is None
    ]
    left = [
        say("Lines removed from: {path}", path=path)
        for path, data in removal.files.items()
        if data is not None
    ]
    return "\n".join([head, *(f"  {line}" for line in (*gone, *left))])


def _place(plan: Plan, say: Words) -> str:
    return str(plan.documents) if plan.documents else say("beside the workbook")
