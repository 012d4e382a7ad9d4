"""Where LibreOffice is on this computer."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

_NAMES = ("soffice", "libreoffice")
_PLACES = (
    Path("C:/Program Files/LibreOffice/program/soffice.exe"),
    Path("C:/Program Files (x86)/LibreOffice/program/soffice.exe"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)
"""Where installers put it without telling the shell."""


def found_office() -> Path | None:
    """Return LibreOffice, as the shell finds it or where installers put it; None if nowhere."""
    named = (shutil.which(name) for name in _NAMES)
    found = [Path(name) for name in named if name]
    found += [path for path in _PLACES if path.is_file()]
    return found[0] if found else None


def office_version(office: Path) -> str:
    """Return the version of LibreOffice; blank where it does not tell."""
    try:
        told = subprocess.run([office, "--version"], capture_output=True, timeout=60, check=False)  # noqa: S603  found by this module
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.decode(errors="replace").strip()
