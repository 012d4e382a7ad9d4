"""
LibreOffice: where it is on this computer, and PDF files through it.

All files of a request go through one start of it, in a profile of its own that is thrown away.
What it writes of clock and chance (creation date, file id, checksum) is replaced by values made
from the Word file, and its time zone is UTC, so that the same document gives the same bytes.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cmswp_xl.errors import UnwritableOutput
from cmswp_xl.interruption import Cleaning
from cmswp_xl.languages import reason_of

if TYPE_CHECKING:
    from collections.abc import Mapping

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


_SECONDS = 300
"""How long LibreOffice may take for each file before it is given up."""

_OPTIONS = '{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
"""Tagged, so that a screen reader can follow tables and headings."""

_CREATED = re.compile(rb"/CreationDate\(D:\d{14}(?:Z|[+-]\d\d'\d\d)'?\)")
_NO_DATE = b"/CreationDate(D:20000101000000Z')"
_ID = re.compile(rb"/ID \[ <([0-9A-F]{32})>\s<([0-9A-F]{32})> \]")
_CHECKSUM = re.compile(rb"/DocChecksum /([0-9A-F]{32})")
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


def to_pdf(office: Path, documents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Turn Word files, by name without ending, into PDF; raises `UnwritableOutput` if it fails."""
    import secrets  # these wait, since looking for LibreOffice does without them
    import tempfile

    folder = Path(tempfile.gettempdir(), f"cmswp-pdf-{secrets.token_hex(8)}")
    with Cleaning(partial(shutil.rmtree, folder, ignore_errors=True)):
        try:
            folder.mkdir(mode=0o700)
        except OSError as error:
            raise UnwritableOutput("pdf-failed", detail=reason_of(error)) from error
        for stem, data in documents.items():
            (folder / f"{stem}.docx").write_bytes(data)
        _convert(office, folder, [folder / f"{stem}.docx" for stem in documents])
        return {
            stem: settled(_read(folder / f"{stem}.pdf", stem), data)
            for stem, data in documents.items()
        }


def pages(pdf: bytes) -> int:
    """Count the pages of a PDF file that LibreOffice wrote."""
    return len(_PAGE.findall(pdf))


def settled(pdf: bytes, source: bytes) -> bytes:
    """Put values made from the source where LibreOffice wrote the time and random ids."""
    import hashlib

    mark = hashlib.sha256(source).hexdigest()[:32].upper().encode()
    pdf = _CREATED.sub(lambda found: _NO_DATE.ljust(len(found[0])), pdf)
    pdf = _ID.sub(lambda found: _same(found, mark), pdf)
    return _CHECKSUM.sub(lambda found: _same(found, mark), pdf)


def _same(found: re.Match[bytes], mark: bytes) -> bytes:
    """Replace each id in a match, which keeps its length, so that no offset moves."""
    text: bytes = found[0]
    for old in set(found.groups()):
        text = text.replace(old, mark)
    return text


def _convert(office: Path, folder: Path, files: list[Path]) -> None:
    profile = (folder / "profile").as_uri()
    command = [
        str(office),
        f"-env:UserInstallation={profile}",
        "--headless",
        "--norestore",
        "--convert-to",
        f"pdf:writer_pdf_Export:{_OPTIONS}",
        "--outdir",
        str(folder),
        *map(str, files),
    ]
    try:
        code, said = _ended(command, _SECONDS * len(files))
    except subprocess.TimeoutExpired as error:
        raise UnwritableOutput("pdf-failed", detail="timeout") from error
    except OSError as error:
        raise UnwritableOutput("pdf-failed", detail=reason_of(error)) from error
    if code:
        words = said.decode("utf-8", "replace").strip().splitlines()
        raise UnwritableOutput("pdf-failed", detail=words[-1] if words else str(code))


def _ended(command: list[str], seconds: float) -> tuple[int, bytes]:
    """Run a program, and what it starts, to its end; return its exit code and error output."""
    process = subprocess.Popen(  # noqa: S603  the program is LibreOffice, its files are our own
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "TZ": "UTC"},
        start_new_session=True,
    )
    with process, Cleaning(partial(_kill, process)):
        _, said = process.communicate(timeout=seconds)
    return process.returncode, said


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(OSError):
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def _read(path: Path, stem: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnwritableOutput("pdf-failed", detail=stem) from error
