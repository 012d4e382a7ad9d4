"""Install the add-in and remove it."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from cmswp_xl.addin.files import (
    NAME,
    XLWINGS,
    Receipt,
    Written,
    change,
    content,
    digest,
    read_receipt,
    receipt_file,
    receipt_text,
)
from cmswp_xl.addin.machine import (
    MACOS,
    WINDOWS,
    documents_folder,
    settings_file,
    settings_folder,
    settings_text,
)
from cmswp_xl.errors import CmswpError, UnwritableOutput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.addin.machine import Machine


_LINE = re.compile(rb'[ \t]*"?(?P<key>[^",\r\n]*?)"?[ \t]*,[ \t]*"?(?P<value>[^"\r\n]*)"?\s*\Z')
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_MARK = b"\xef\xbb\xbf"


def refuse_wide(data: bytes, path: object) -> None:
    """Raise `CmswpError` where the file is in an encoding that the macros cannot read."""
    if data.startswith(_WIDE) or b"\x00" in data:
        raise CmswpError("conf-not-plain", path=str(path))


def read_conf(data: bytes, encoding: str) -> dict[str, str]:
    """Give the settings in a file by key in capitals; the first of a key counts."""
    found: dict[str, str] = {}
    for line in _lines(data):
        match = _match(line)
        if match:
            found.setdefault(_key(match), match["value"].decode(encoding, "replace"))
    return found


def line_of(data: bytes, key: str) -> str | None:
    """Give the line of a key as it stands, each byte as one character, or None."""
    place = _find(_lines(data), key)
    return None if place is None else _lines(data)[place].decode("latin-1")


def with_values(data: bytes, values: Mapping[str, str], encoding: str, newline: str) -> bytes:
    """
    Give the file with each key set to its value.

    Raises `UnicodeEncodeError` for a value with letters that the encoding lacks.
    """
    lines = _lines(data)
    end = b"\r\n" if b"\r\n" in data else b"\n" if lines else newline.encode()
    for key, value in values.items():
        line = f'"{key}","{value}"'.encode(encoding) + end
        place = _find(lines, key)
        if place is None:
            if lines and not lines[-1].endswith((b"\n", b"\r")):
                lines[-1] += end
            lines.append(line)
        elif _same(lines[place], value, encoding):
            continue
        else:
            lines[place] = line
    return b"".join(lines)


def with_line(data: bytes, key: str, line: str | None) -> bytes:
    """Give the file with the line of a key put back as it was, or left out."""
    lines = _lines(data)
    place = _find(lines, key)
    if place is not None:
        lines[place] = (line or "").encode("latin-1")
    return b"".join(lines)


def _lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def _match(line: bytes) -> re.Match[bytes] | None:
    return _LINE.match(line.removeprefix(_MARK))


def _key(match: re.Match[bytes]) -> str:
    return match["key"].decode("latin-1").strip().upper()


def _find(lines: list[bytes], key: str) -> int | None:
    matches = ((place, _match(line)) for place, line in enumerate(lines))
    return next((place for place, match in matches if match and _key(match) == key), None)


def _same(line: bytes, value: str, encoding: str) -> bool:
    match = _match(line)
    return match is not None and match["value"] == value.encode(encoding)


_STORE = ("windowsapps", "pythonsoftwarefoundation")


def conf_values(machine: Machine) -> dict[str, str]:
    """
    Give the settings for the Python that runs.

    Raises `CmswpError` where Excel's macros could not start it.
    """
    _refuse_store(machine)
    conda = _conda(machine)
    path, environment = conda or ("", "")
    interpreter = "python" if conda else _interpreter(machine)
    _refuse_letters(machine, interpreter, path, environment)
    if machine.system == MACOS:
        return {"INTERPRETER_MAC": interpreter}
    # blank unless wanted: a value from elsewhere would start another Python first
    return {"INTERPRETER_WIN": interpreter, "CONDA PATH": path, "CONDA ENV": environment}


def _interpreter(machine: Machine) -> str:
    """Give the Python that runs; the one with a console, which the macros start hidden."""
    path = Path(machine.executable)
    if path.name.casefold() == "pythonw.exe" and path.with_name("python.exe").is_file():
        path = path.with_name("python.exe")
    return str(path) if machine.executable else ""


def _conda(machine: Machine) -> tuple[str, str] | None:
    """
    Give the folder of Conda and the environment, where it is the one that runs.

    Conda may be active while a virtual environment of Python runs; then it does not count.
    """
    name = machine.environ.get("CONDA_DEFAULT_ENV")
    program = machine.environ.get("CONDA_EXE")
    prefix = machine.environ.get("CONDA_PREFIX")
    if machine.system != WINDOWS or not (name and program and prefix):
        return None
    folder = Path(program).parents[1] if len(Path(program).parents) > 1 else Path(program)
    if Path(prefix) != Path(machine.prefix) or not (folder / "condabin" / "conda.bat").is_file():
        return None
    return str(folder), name


def _refuse_store(machine: Machine) -> None:
    """Refuse the Python of the Microsoft Store: what it writes, Excel does not see."""
    for place in (machine.executable, machine.base_prefix):
        parts = [part.casefold() for part in PurePath(place.replace("\\", "/")).parts]
        if machine.system == WINDOWS and any(part.startswith(_STORE) for part in parts):
            raise CmswpError("store-python")


def _refuse_letters(machine: Machine, interpreter: str, *others: str) -> None:
    """Refuse a path that the macros would read as another."""
    text = "".join((interpreter, *others))
    try:
        text.encode(machine.ansi)
    except UnicodeEncodeError as error:
        raise CmswpError("python-path", path=interpreter or others[0]) from error
    # on a Mac xlwings hands the path to the shell as it is
    unsafe = '"\r\n' + (" '$`\\" if machine.system == MACOS else "")
    if not interpreter or set(text) & set(unsafe):
        raise CmswpError("python-path", path=interpreter or "Python")


@dataclass(frozen=True, slots=True)
class Plan:
    """What an installation writes: the files in order, and what a person wants to know of them."""

    addin: Path
    existing: bytes | None
    conf: Path
    values: Mapping[str, str]
    documents: Path | None
    files: Mapping[Path, bytes | None]

    @property
    def fresh(self) -> bool:
        """Whether the add-in in place is this one already."""
        return self.existing == self.files[self.addin]


def plan_install(
    machine: Machine, addin: bytes, startup: Path | None = None, documents: Path | None = None
) -> Plan:
    """
    Work out an installation, without writing anything.

    Without a folder for documents, the one set before stays. Raises `CmswpError` where the
    add-in could not work here, or could not be put in place.
    """
    folder = _startup(machine, startup)
    _check_documents(documents)
    _check_xlwings(machine)
    target = folder / NAME
    before = read_receipt(machine) or Receipt(addin=str(target))
    values = conf_values(machine)
    conf, written = _conf(machine, before, values)
    files: dict[Path, bytes | None] = {}
    if before.addin != str(target):
        files |= _moved(before)
    existing = content(target)
    files[target] = addin
    script = _script(machine, before)
    files |= script
    if documents is not None:
        files[settings_file(machine.environ, machine.system)] = settings_text(documents)
    files[machine.conf] = conf
    receipt = replace(
        before,
        addin=str(target),
        files={str(path): digest(data) for path, data in {target: addin, **script}.items()},
        conf=written,
        documents=before.documents if documents is None else str(documents),
    )
    files[receipt_file(machine)] = receipt_text(receipt)
    return Plan(target, existing, machine.conf, values, documents or _kept(machine), files)


def install(plan: Plan) -> None:
    """Do what was planned. Raises `UnwritableOutput`; nothing is then left half-done."""
    change(plan.files)


def _startup(machine: Machine, given: Path | None) -> Path:
    """Give the folder for the add-in; one given by hand must be there, so that no slip passes."""
    if given is not None:
        if given.exists() and not given.is_dir():
            raise UnwritableOutput("output-not-folder", path=str(given))
        if not given.is_dir():
            raise UnwritableOutput("output-folder-missing", path=str(given))
        return given
    folder = machine.startup
    if machine.excel is None or folder is None:
        raise CmswpError("no-excel")
    return folder


def _kept(machine: Machine) -> Path | None:
    with contextlib.suppress(CmswpError):
        return documents_folder(machine.environ, machine.system)
    return None


def _check_documents(folder: Path | None) -> None:
    if folder is None or folder.is_dir():
        return
    reason = "output-not-folder" if folder.exists() else "output-folder-missing"
    raise UnwritableOutput(reason, path=str(folder))


def _check_xlwings(machine: Machine) -> None:
    if machine.xlwings is None:
        raise CmswpError("xlwings-missing")
    if machine.xlwings.version != XLWINGS:
        raise CmswpError("xlwings-other", installed=machine.xlwings.version, needed=XLWINGS)


def _conf(
    machine: Machine, before: Receipt, values: Mapping[str, str]
) -> tuple[bytes, dict[str, Written]]:
    """Give the new settings file, made from the one that was there before any installation."""
    data = undone(machine, before)
    newline = "\r\n" if machine.system == WINDOWS else "\n"
    written = {key: Written(value, line_of(data, key)) for key, value in values.items()}
    return with_values(data, values, machine.ansi, newline), written


def undone(machine: Machine, receipt: Receipt) -> bytes:
    """
    Give the settings file without what an installation wrote in it.

    A line that was changed since is the user's own and stays. Raises `CmswpError` where the file
    cannot be read.
    """
    data = content(machine.conf) or b""
    refuse_wide(data, machine.conf)
    current = read_conf(data, machine.ansi)
    for key, written in receipt.conf.items():
        if current.get(key) == written.value:
            data = with_line(data, key, written.before)
    return data


def _moved(before: Receipt) -> dict[Path, bytes | None]:
    """Give the add-in that an earlier installation put into another folder, to be removed."""
    path = Path(before.addin)
    data = content(path)
    known = data is not None and digest(data) == before.files.get(before.addin)
    return {path: None} if known else {}


def _script(machine: Machine, before: Receipt) -> dict[Path, bytes]:
    """Give the script of xlwings that Excel on a Mac needs, unless another add-in brought it."""
    if machine.system != MACOS or machine.xlwings is None:
        return {}
    name = f"xlwings-{machine.xlwings.version}.applescript"
    data = content(machine.xlwings.folder / name)
    target = machine.scripts / name
    brought = content(target) == data and str(target) not in before.files
    return {} if data is None or brought else {target: data}


@dataclass(frozen=True, slots=True)
class Removal:
    """What goes and what changes, and an add-in file that stays since it is not the one put."""

    files: Mapping[Path, bytes | None]
    stays: Path | None

    @property
    def removed(self) -> list[Path]:
        """The files that go."""
        return [path for path, data in self.files.items() if data is None]

    @property
    def changed(self) -> list[Path]:
        """The files that stay without the lines that were written into them."""
        return [path for path, data in self.files.items() if data is not None]


def plan_removal(machine: Machine, startup: Path | None = None) -> Removal:
    """Work out what is to be undone, without writing anything."""
    receipt = read_receipt(machine)
    folder = startup or machine.startup
    addin = _addin(receipt, folder)
    if receipt is None:
        return Removal({}, addin if addin and addin.is_file() else None)
    files: dict[Path, bytes | None] = {}
    for path, put in receipt.files.items():
        data = content(Path(path))
        if data is not None and digest(data) == put:
            files[Path(path)] = None
    files |= _settings(machine, receipt)
    files[receipt_file(machine)] = None
    stays = addin if addin and addin.is_file() and addin not in files else None
    return Removal(files, stays)


def remove(removal: Removal, machine: Machine) -> None:
    """
    Do what was planned.

    Raises `UnwritableOutput`; nothing is then left half-done.
    """
    change(removal.files)
    if removal.files:
        with contextlib.suppress(OSError):
            settings_folder(machine.environ, machine.system).rmdir()


def _addin(receipt: Receipt | None, folder: Path | None) -> Path | None:
    if receipt is not None:
        return Path(receipt.addin)
    return folder / NAME if folder else None


def _settings(machine: Machine, receipt: Receipt) -> dict[Path, bytes | None]:
    """Give the settings files without what was written in them; one left empty goes."""
    files: dict[Path, bytes | None] = {}
    old = content(machine.conf)
    new = undone(machine, receipt)
    if old is not None and new != old:
        files[machine.conf] = new or None
    with contextlib.suppress(CmswpError):
        named = documents_folder(machine.environ, machine.system)
        if named is not None and str(named) == receipt.documents:
            files[settings_file(machine.environ, machine.system)] = None
    return files
