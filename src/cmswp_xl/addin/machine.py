"""
This machine as the add-in sees it: its folders, its Excel, the settings of the add-in.

The settings that Excel's macros read are lines of key and value; whatever else is in the file
stays as it is, to the byte.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cmswp_xl.errors import CmswpError, UnwritableOutput
from cmswp_xl.languages import reason_of
from cmswp_xl.storage import write_files

Files = dict[Path, bytes | None]

WINDOWS = "win32"
MACOS = "darwin"
APPLICATIONS = Path("/Applications")

_LINE = re.compile(rb'[ \t]*"?(?P<key>[^",\r\n]*?)"?[ \t]*,[ \t]*"?(?P<value>[^"\r\n]*)"?\s*\Z')
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SHARING = 32  # the number of Windows for "used by another process"
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
        """The folder for the ribbon's documents, None for beside the workbook; or `CmswpError`."""
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
    """A computer, a user, and the Python that runs; `ansi` is how Excel's macros read files."""

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


def read_conf(data: bytes, encoding: str) -> dict[str, str]:
    """Return the settings in a file by key in capitals; the first of a key counts."""
    return {key: value.decode(encoding, "replace") for key, (_, value) in _entries(data).items()}


def line_of(data: bytes, key: str) -> str | None:
    """Return the line of a key as it stands, each byte as one character, or None."""
    found = _entries(data).get(key)
    return None if found is None else _lines(data)[found[0]].decode("latin-1")


def with_values(data: bytes, values: Mapping[str, str], encoding: str, newline: str) -> bytes:
    """Return the file with each key set to its value; `UnicodeEncodeError` if it cannot be."""
    lines, entries = _lines(data), _entries(data)
    end = b"\r\n" if b"\r\n" in data else b"\n" if lines else newline.encode()
    for key, value in values.items():
        line = f'"{key}","{value}"'.encode(encoding) + end
        if key in entries:
            place, present = entries[key]
            lines[place] = lines[place] if present == value.encode(encoding) else line
            continue
        if lines and not lines[-1].endswith((b"\n", b"\r")):
            lines[-1] += end
        lines.append(line)
    return b"".join(lines)


def with_line(data: bytes, key: str, line: str | None) -> bytes:
    """Return the file with the line of a key put back as it was, or left out."""
    lines, found = _lines(data), _entries(data).get(key)
    if found is not None:
        lines[found[0]] = (line or "").encode("latin-1")
    return b"".join(lines)


def _lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def _entries(data: bytes) -> dict[str, tuple[int, bytes]]:
    found: dict[str, tuple[int, bytes]] = {}
    for place, line in enumerate(_lines(data)):
        match = _LINE.match(line.removeprefix(_BYTE_ORDER_MARK))
        if match:
            key = match["key"].decode("latin-1").strip().upper()
            found.setdefault(key, (place, match["value"]))
    return found


def change(files: Mapping[Path, bytes | None]) -> None:
    """
    Write each file its content, or remove it for None; folders are made where needed.

    Files that are right already are not touched. Raise `UnwritableOutput`; what was changed
    before is then put back.
    """
    before: Files = {}
    try:
        for path, data in files.items():
            old = content(path)
            if old != data:
                before[path] = old
                _put(path, data)
    except BaseException:
        for path, old in reversed(before.items()):
            with contextlib.suppress(CmswpError, OSError):
                if content(path) != old:
                    _put(path, old)
        raise


def content(path: Path) -> bytes | None:
    """Return what a file holds, None if there is none; `UnwritableOutput` if it is unreadable."""
    if path.is_dir():
        raise UnwritableOutput("output-is-folder", path=str(path))
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except NotADirectoryError as error:
        raise UnwritableOutput("output-not-folder", path=str(path.parent)) from error
    except OSError as error:
        raise _failure(path, error) from error


def _put(path: Path, data: bytes | None) -> None:
    try:
        if data is None:
            path.unlink(missing_ok=True)
        else:
            write_files(path.parent, {path.name: data})
    except OSError as error:
        raise _failure(path, error) from error
    except UnwritableOutput as error:
        cause = error.__cause__
        # a target that is held open, and not a folder that refuses any new file
        held = isinstance(cause, PermissionError) and cause.filename2 is not None
        if held or getattr(cause, "winerror", None) == _SHARING:
            raise UnwritableOutput("file-in-use", path=str(path)) from error
        raise


def _failure(path: Path, error: OSError) -> UnwritableOutput:
    if getattr(error, "winerror", None) == _SHARING:
        return UnwritableOutput("file-in-use", path=str(path))
    return UnwritableOutput("output-unwritable", path=str(path), detail=reason_of(error))
