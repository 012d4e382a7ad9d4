"""What the three commands tell: a plan, what was done, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.addin.package import NAME, XLWINGS
from cmswp_xl.addin.status import Addin, Fit, Python
from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from cmswp_xl.addin.install import Plan
    from cmswp_xl.addin.remove import Removal
    from cmswp_xl.addin.status import Status
    from cmswp_xl.languages import Words

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
