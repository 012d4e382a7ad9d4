"""What the installer knows of the computer; gathered at the edge, so that tests can make it up."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cmswp_xl.addin.excel import find_excel
from cmswp_xl.addin.settings import MACOS, WINDOWS, home_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

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
