"""Whether Microsoft Excel is on this computer, told without starting it."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cmswp_xl.addin.settings import MACOS, WINDOWS, home_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

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
