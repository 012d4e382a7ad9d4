"""
The user's own settings of the add-in, and where its log is.

They are kept in the user's folder, in `.cmswp/settings.json`, as UTF-8: what Excel's macros read
lies in another file, which can hold only the letters of the computer's own language.
"""

from __future__ import annotations

import json
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
