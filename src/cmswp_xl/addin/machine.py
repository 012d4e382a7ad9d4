"""This machine as the add-in sees it: its folders, its Excel, and the settings of the add-in."""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cmswp_xl.errors import CmswpError

if TYPE_CHECKING:
    from collections.abc import Mapping


WINDOWS = "win32"
MACOS = "darwin"


def home_folder(environ: Mapping[str, str], system: str) -> Path:
    """Give the user's own folder, by the variable that Excel's macros use too."""
    named = environ.get("USERPROFILE" if system == WINDOWS else "HOME")
    return Path(named) if named else Path("~").expanduser()


def settings_folder(environ: Mapping[str, str], system: str) -> Path:
    """Give the folder of the program's settings; it may not be there yet."""
    return home_folder(environ, system) / ".cmswp"


def settings_file(environ: Mapping[str, str], system: str) -> Path:
    """Give the file of the program's settings; it may not be there yet."""
    return settings_folder(environ, system) / "settings.json"


def documents_folder(environ: Mapping[str, str], system: str) -> Path | None:
    """
    Give the folder for documents made from the ribbon; None stands for beside the workbook.

    Raises `CmswpError` where the settings cannot be read.
    """
    path = settings_file(environ, system)
    try:
        kept = json.loads(path.read_text(encoding="utf-8-sig"))
        named = kept.get("documents")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise CmswpError("settings-broken", path=str(path)) from error
    if named is not None and not isinstance(named, str):
        raise CmswpError("settings-broken", path=str(path))
    return Path(named) if named else None


def settings_text(documents: Path) -> bytes:
    """Write the settings as the content of their file."""
    kept = {"documents": str(documents)}
    return (json.dumps(kept, ensure_ascii=False, indent=2) + "\n").encode()


def log_file(environ: Mapping[str, str], system: str) -> Path:
    """Give the file in which the add-in notes unforeseen errors; its folder may not be there."""
    home = home_folder(environ, system)
    if system == MACOS:
        return home / "Library" / "Logs" / "cmswp" / "cmswp.log"
    if system == WINDOWS:
        local = environ.get("LOCALAPPDATA")
        base = Path(local) if local else home / "AppData" / "Local"
    else:
        state = environ.get("XDG_STATE_HOME", "")
        base = Path(state) if state.startswith("/") else home / ".local" / "state"
    return base / "cmswp" / "cmswp.log"


APPLICATIONS = Path("/Applications")
_APP = "Microsoft Excel.app"
_KEY = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"


def find_excel(
    system: str, environ: Mapping[str, str], applications: Path = APPLICATIONS
) -> Path | None:
    """Give where Excel is, or None; on Windows its own folder of settings is proof enough."""
    if system == WINDOWS:
        roaming = environ.get("APPDATA")
        kept = Path(roaming, "Microsoft", "Excel") if roaming else None
        return _registered() or (kept if kept and kept.is_dir() else None)
    if system == MACOS:
        places = (applications / _APP, home_folder(environ, system) / "Applications" / _APP)
        return next((path for path in places if path.is_dir()), None)
    return None


def _registered() -> Path | None:
    """Give the path of Excel that Windows has on record, if that program is there."""
    if sys.platform == "win32":
        import winreg

        for root in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
            for view in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):
                with (
                    contextlib.suppress(OSError),
                    winreg.OpenKey(root, _KEY, 0, winreg.KEY_READ | view) as key,
                ):
                    path = Path(str(winreg.QueryValueEx(key, "")[0]).strip('"'))
                    if path.is_file():
                        return path
    return None


_OFFICE_GROUP = "Library/Group Containers/UBF8T346G9.Office"
_EXCEL_DATA = "Library/Containers/com.microsoft.Excel/Data"
_EXCEL_SCRIPTS = "Library/Application Scripts/com.microsoft.Excel"


@dataclass(frozen=True, slots=True)
class Xlwings:
    """An installation of xlwings: its version and the folder of its package."""

    version: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Machine:
    """
    A computer, a user on it, and the Python that runs.

    `ansi` is the encoding in which Excel's macros read text files.
    """

    system: str
    environ: Mapping[str, str]
    executable: str
    prefix: str
    base_prefix: str
    ansi: str
    excel: Path | None
    xlwings: Xlwings | None

    @property
    def home(self) -> Path:
        """The user's own folder."""
        return home_folder(self.environ, self.system)

    @property
    def startup(self) -> Path | None:
        """The folder whose files Excel opens when it starts, where the system has one."""
        if self.system == WINDOWS:
            roaming = self.environ.get("APPDATA")
            base = Path(roaming) if roaming else self.home / "AppData" / "Roaming"
            return base / "Microsoft" / "Excel" / "XLSTART"
        if self.system == MACOS:
            office = self.home / _OFFICE_GROUP
            older = office / "User Content" / "Startup" / "Excel"
            newer = office / "User Content.localized" / "Startup.localized" / "Excel"
            return older if older.is_dir() and not newer.is_dir() else newer
        return None

    @property
    def conf(self) -> Path:
        """The settings file that the add-in's macros read: that of the project "cmswp"."""
        if self.system == MACOS:
            return self.home / _EXCEL_DATA / "cmswp.conf"
        return self.home / ".cmswp" / "cmswp.conf"

    @property
    def scripts(self) -> Path:
        """The folder from which Excel on a Mac may run scripts."""
        return self.home / _EXCEL_SCRIPTS


def this_machine(environ: Mapping[str, str]) -> Machine:
    """Describe the computer the program runs on."""
    system = sys.platform
    return Machine(
        system=system,
        environ=environ,
        executable=sys.executable or "",
        prefix=sys.prefix,
        base_prefix=sys.base_prefix,
        ansi="mbcs" if system == WINDOWS else "utf-8",
        excel=find_excel(system, environ),
        xlwings=_xlwings(),
    )


def _xlwings() -> Xlwings | None:
    """Find xlwings without importing it."""
    found = importlib.util.find_spec("xlwings")
    if found is None or not found.submodule_search_locations:
        return None
    try:
        version = importlib.metadata.version("xlwings")
    except importlib.metadata.PackageNotFoundError:
        return None
    return Xlwings(version, Path(found.submodule_search_locations[0]))
