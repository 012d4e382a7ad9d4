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
APPLICATIONS = Path("/Applications")

_APP = "Microsoft Excel.app"
_KEY = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
_OFFICE_GROUP = "Library/Group Containers/UBF8T346G9.Office"
_EXCEL_DATA = "Library/Containers/com.microsoft.Excel/Data"
_EXCEL_SCRIPTS = "Library/Application Scripts/com.microsoft.Excel"


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders and files of a user; those of the program may not be there yet."""

    system: str
    environ: Mapping[str, str]

    @property
    def home(self) -> Path:
        """The user's own folder, by the variable that Excel's macros use too."""
        named = self.environ.get("USERPROFILE" if self.system == WINDOWS else "HOME")
        return Path(named) if named else Path("~").expanduser()

    @property
    def settings(self) -> Path:
        """The file of the program's settings."""
        return self.home / ".cmswp" / "settings.json"

    @property
    def documents(self) -> Path | None:
        """
        The folder for documents made from the ribbon; None stands for beside the workbook.

        Raise `CmswpError` where the settings cannot be read.
        """
        try:
            named = json.loads(self.settings.read_text(encoding="utf-8-sig")).get("documents")
        except FileNotFoundError:
            return None
        except (OSError, ValueError, AttributeError, RecursionError) as error:
            raise CmswpError("settings-broken", path=str(self.settings)) from error
        if named is not None and not isinstance(named, str):
            raise CmswpError("settings-broken", path=str(self.settings))
        return Path(named) if named else None

    @property
    def log(self) -> Path:
        """The file in which the add-in notes unforeseen errors."""
        if self.system == MACOS:
            return self.home / "Library" / "Logs" / "cmswp" / "cmswp.log"
        if self.system == WINDOWS:
            local = self.environ.get("LOCALAPPDATA")
            base = Path(local) if local else self.home / "AppData" / "Local"
        else:
            state = self.environ.get("XDG_STATE_HOME", "")
            base = Path(state) if state.startswith("/") else self.home / ".local" / "state"
        return base / "cmswp" / "cmswp.log"

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


@dataclass(frozen=True, slots=True)
class Xlwings:
    """An installation of xlwings: its version and the folder of its package."""

    version: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Machine(Folders):
    """
    A computer, a user on it, and the Python that runs.

    `ansi` is the encoding in which Excel's macros read text files.
    """

    executable: str
    prefix: str
    base_prefix: str
    ansi: str
    excel: Path | None
    xlwings: Xlwings | None


def this_machine(environ: Mapping[str, str]) -> Machine:
    """Return the computer the program runs on; xlwings is found without importing it."""
    folders = Folders(sys.platform, environ)
    return Machine(
        system=folders.system,
        environ=environ,
        executable=sys.executable or "",
        prefix=sys.prefix,
        base_prefix=sys.base_prefix,
        ansi="mbcs" if folders.system == WINDOWS else "utf-8",
        excel=find_excel(folders),
        xlwings=_xlwings(),
    )


def find_excel(folders: Folders, applications: Path = APPLICATIONS) -> Path | None:
    """Return where Excel is, or None; on Windows its own folder of settings is proof enough."""
    if folders.system == WINDOWS:
        roaming = folders.environ.get("APPDATA")
        own = Path(roaming, "Microsoft", "Excel") if roaming else None
        return _registered() or (own if own and own.is_dir() else None)
    if folders.system == MACOS:
        places = (applications / _APP, folders.home / "Applications" / _APP)
        return next((path for path in places if path.is_dir()), None)
    return None


def _registered() -> Path | None:
    """Return the path of Excel that Windows has on record, if that program is there."""
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


def _xlwings() -> Xlwings | None:
    found = importlib.util.find_spec("xlwings")
    if found is None or not found.submodule_search_locations:
        return None
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        version = importlib.metadata.version("xlwings")
        return Xlwings(version, Path(found.submodule_search_locations[0]))
    return None
