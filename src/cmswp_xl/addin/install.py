"""
Install the add-in and remove it: its file, and the settings that Excel's macros read.

`xlwings addin install` and `xlwings config create` are not used: they ask Excel, overwrite what is
there, know only xlwings' own settings, and cannot undo what they did.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from cmswp_xl.addin.machine import MACOS, WINDOWS
from cmswp_xl.errors import BrokenResource, CmswpError, UnwritableOutput
from cmswp_xl.languages import reason_of
from cmswp_xl.resources import CHECKOUT, PACKAGE
from cmswp_xl.storage import write_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.addin.machine import Machine

    Files = dict[Path, bytes | None]

NAME = "cmswp.xlam"
XLWINGS = "0.37.8"
"""The add-in holds the macros of this version, which start the libraries of the same version."""

_LINE = re.compile(rb'[ \t]*"?(?P<key>[^",\r\n]*?)"?[ \t]*,[ \t]*"?(?P<value>[^"\r\n]*)"?\s*\Z')
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_STORE = ("windowsapps", "pythonsoftwarefoundation")
_SHARING = 32  # the number of Windows for "used by another process"


def packaged_addin() -> bytes:
    """
    Return the add-in: from the installed package, or from `workbook/` in a checkout.

    Raise `BrokenResource` where it is in neither.
    """
    for path in (PACKAGE / "workbook" / NAME, CHECKOUT / "workbook" / NAME):
        if path.is_file():
            try:
                return path.read_bytes()
            except OSError as error:
                raise BrokenResource("resource-missing", name=NAME) from error
    raise BrokenResource("resource-missing", name=NAME)


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    What was written: the add-in, other files by their digest, settings, documents folder.

    Each of the settings has its value and the line that stood there before, if any.
    """

    addin: str
    files: Mapping[str, str] = field(default_factory=dict)
    conf: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    documents: str | None = None


def receipt_file(machine: Machine) -> Path:
    """Return where the receipt is kept."""
    return machine.settings.with_name("receipt.json")


def read_receipt(machine: Machine) -> Receipt | None:
    """Return the receipt of the last installation; None without one that can be read."""
    try:
        kept = json.loads(receipt_file(machine).read_text(encoding="utf-8"))
        return Receipt(
            addin=str(kept["addin"]),
            files={str(path): str(sha256) for path, sha256 in kept["files"].items()},
            conf={key: (str(pair[0]), pair[1]) for key, pair in kept["conf"].items()},
            documents=kept["documents"],
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


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
    Plan an installation, without writing anything.

    Without a folder for documents, the one set before stays. Raise `CmswpError` where the add-in
    could not work here, or could not be put in place.
    """
    _check_folder(startup)
    folder = startup or machine.startup
    if folder is None or (startup is None and machine.excel is None):
        raise CmswpError("no-excel")
    _check_folder(documents)
    _check_xlwings(machine)
    target = folder / NAME
    before = read_receipt(machine) or Receipt(addin=str(target))
    values = conf_values(machine)
    conf = _restored_conf(machine, before)
    files: Files = _moved(before) if before.addin != str(target) else {}
    own = {target: addin, **_script(machine, before)}
    files |= own
    if documents is not None:
        files[machine.settings] = _json({"documents": str(documents)})
    newline = "\r\n" if machine.system == WINDOWS else "\n"
    files[machine.conf] = with_values(conf, values, machine.ansi, newline)
    receipt = replace(
        before,
        addin=str(target),
        files={str(path): _digest(data) for path, data in own.items()},
        conf={key: (value, line_of(conf, key)) for key, value in values.items()},
        documents=before.documents if documents is None else str(documents),
    )
    files[receipt_file(machine)] = _json(asdict(receipt))
    if documents is None:
        with contextlib.suppress(CmswpError):
            documents = machine.documents
    return Plan(target, content(target), machine.conf, values, documents, files)


def install(plan: Plan) -> None:
    """Do what was planned. Raise `UnwritableOutput`; nothing is then left half-done."""
    change(plan.files)


def _check_folder(folder: Path | None) -> None:
    """Refuse a folder given by hand that is not there, so that no slip passes."""
    if folder is not None and not folder.is_dir():
        reason = "output-not-folder" if folder.exists() else "output-folder-missing"
        raise UnwritableOutput(reason, path=str(folder))


def _check_xlwings(machine: Machine) -> None:
    if machine.xlwings is None:
        raise CmswpError("xlwings-missing")
    if machine.xlwings.version != XLWINGS:
        raise CmswpError("xlwings-other", installed=machine.xlwings.version, needed=XLWINGS)


def _moved(before: Receipt) -> Files:
    """Return the add-in that an earlier installation put into another folder, to be removed."""
    path = Path(before.addin)
    data = content(path)
    known = data is not None and _digest(data) == before.files.get(before.addin)
    return {path: None} if known else {}


def _script(machine: Machine, before: Receipt) -> dict[Path, bytes]:
    """Return the script of xlwings that Excel on a Mac needs, unless another add-in brought it."""
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


def plan_removal(machine: Machine, startup: Path | None = None) -> Removal:
    """Plan what is to be undone, without writing anything."""
    receipt = read_receipt(machine)
    folder = startup or machine.startup
    addin = Path(receipt.addin) if receipt else folder / NAME if folder else None
    files: Files = {}
    if receipt is not None:
        for path, put in receipt.files.items():
            data = content(Path(path))
            if data is not None and _digest(data) == put:
                files[Path(path)] = None
        files |= _settings(machine, receipt)
        files[receipt_file(machine)] = None
    stays = addin is not None and addin.is_file() and addin not in files
    return Removal(files, addin if stays else None)


def remove(removal: Removal, machine: Machine) -> None:
    """Do what was planned. Raise `UnwritableOutput`; nothing is then left half-done."""
    change(removal.files)
    if removal.files:
        with contextlib.suppress(OSError):
            machine.settings.parent.rmdir()


def _settings(machine: Machine, receipt: Receipt) -> Files:
    """Return the settings files without what was written in them; one left empty goes."""
    files: Files = {}
    old, new = content(machine.conf), _restored_conf(machine, receipt)
    if old is not None and new != old:
        files[machine.conf] = new or None
    with contextlib.suppress(CmswpError):
        named = machine.documents
        if named is not None and str(named) == receipt.documents:
            files[machine.settings] = None
    return files


def conf_values(machine: Machine) -> dict[str, str]:
    """
    Return the settings for the Python that runs.

    Raise `CmswpError` where Excel's macros could not start it.
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
    """Return the Python that runs; the one with a console, which the macros start hidden."""
    path = Path(machine.executable)
    if path.name.casefold() == "pythonw.exe" and path.with_name("python.exe").is_file():
        path = path.with_name("python.exe")
    return str(path) if machine.executable else ""


def _conda(machine: Machine) -> tuple[str, str] | None:
    """
    Return the folder of Conda and the environment, where it is the one that runs.

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


def _restored_conf(machine: Machine, receipt: Receipt) -> bytes:
    """
    Return the macros' settings file without what an installation wrote in it.

    A line that was changed since is the user's own and stays. Raise `CmswpError` where the file
    is in an encoding that the macros cannot read.
    """
    data = content(machine.conf) or b""
    if data.startswith(_WIDE) or b"\x00" in data:
        raise CmswpError("conf-not-plain", path=str(machine.conf))
    current = read_conf(data, machine.ansi)
    for key, (value, before) in receipt.conf.items():
        if current.get(key) == value:
            data = with_line(data, key, before)
    return data


def read_conf(data: bytes, encoding: str) -> dict[str, str]:
    """Return the settings in a file by key in capitals; the first of a key counts."""
    return {key: value.decode(encoding, "replace") for key, (_, value) in _entries(data).items()}


def line_of(data: bytes, key: str) -> str | None:
    """Return the line of a key as it stands, each byte as one character, or None."""
    found = _entries(data).get(key)
    return None if found is None else _lines(data)[found[0]].decode("latin-1")


def with_values(data: bytes, values: Mapping[str, str], encoding: str, newline: str) -> bytes:
    """
    Return the file with each key set to its value.

    Raise `UnicodeEncodeError` for a value with letters that the encoding lacks.
    """
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
    """
    Return what a file holds, or None where there is none.

    Raise `UnwritableOutput` where it cannot be read, as for a folder of that name.
    """
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


def _json(kept: object) -> bytes:
    return (json.dumps(kept, ensure_ascii=False, indent=2) + "\n").encode()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
