"""
Install the add-in, remove it, and say what is there of it: its file, and the macros' settings.

`xlwings addin install` and `xlwings config create` are not used: they ask Excel, overwrite what is
there, know only xlwings' own settings, and cannot undo what they did.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePath

from cmswp_xl.addin.machine import (
    MACOS,
    WINDOWS,
    Files,
    Machine,
    change,
    content,
    line_of,
    read_conf,
    with_line,
    with_values,
)
from cmswp_xl.errors import BrokenResource, CmswpError, UnwritableOutput
from cmswp_xl.languages import Words
from cmswp_xl.resources import shipped, texts

NAME = "cmswp.xlam"
XLWINGS = "0.37.8"
"""The add-in holds the macros of this version, which start the libraries of the same version."""

_WIDE = (b"\xff\xfe", b"\xfe\xff")
_STORE = ("windowsapps", "pythonsoftwarefoundation")
_MAC_STARTUP = (
    "~/Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
)


def packaged_addin() -> bytes:
    """Return the add-in that the program brings along; raises `BrokenResource` without it."""
    try:
        return shipped(f"workbook/{NAME}").read_bytes()
    except OSError as error:
        raise BrokenResource("resource-missing", name=NAME) from error


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
    if machine.xlwings is None:
        raise CmswpError("xlwings-missing")
    if machine.xlwings.version != XLWINGS:
        raise CmswpError("xlwings-other", installed=machine.xlwings.version, needed=XLWINGS)
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
    """Return the settings for the Python that runs; `CmswpError` if macros cannot start it."""
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


def _json(kept: object) -> bytes:
    return (json.dumps(kept, ensure_ascii=False, indent=2) + "\n").encode()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Fact:
    """What was found of one thing: its state, and the path or version that it has."""

    state: str
    found: object = ""

    @property
    def good(self) -> bool:
        """Whether it is as the add-in needs it."""
        return self.state in {"ready", "beside"}


def find_status(machine: Machine, packaged: bytes, startup: Path | None = None) -> dict[str, Fact]:
    """Look at Excel, the add-in, its settings, Python, xlwings and the folders."""
    return {
        "excel": Fact("ready" if machine.excel else "missing", machine.excel),
        "addin": _addin(machine, packaged, startup),
        "python": _python(machine),
        "xlwings": _xlwings(machine),
        "documents": _documents(machine),
        "settings": Fact("ready", machine.conf),
        "log": Fact("ready", machine.log),
    }


def _addin(machine: Machine, packaged: bytes, startup: Path | None) -> Fact:
    """Look at the add-in in the folder given, where it was put, or where Excel looks."""
    receipt = read_receipt(machine)
    folder = startup or machine.startup
    path = folder / NAME if folder else None
    if startup is None and receipt is not None:
        path = Path(receipt.addin)
    try:
        data = content(path) if path else None
    except UnwritableOutput:
        return Fact("unreadable", path)
    if data is None:
        return Fact("missing", path)
    return Fact("ready" if data == packaged else "other", path)


def _python(machine: Machine) -> Fact:
    """Look at the Python that the settings name, and whether the program is in it."""
    try:
        values = read_conf(content(machine.conf) or b"", machine.ansi)
    except UnwritableOutput:
        return Fact("unset")
    named = values.get("INTERPRETER_MAC" if machine.system == MACOS else "INTERPRETER_WIN", "")
    path = _conda_python(values) if named == "python" else Path(named)
    if not named or path is None:
        return Fact("unset", named)
    if not path.is_file():
        return Fact("missing", path)
    same = path.parent == Path(machine.executable).parent
    return Fact("ready" if same or _has_program(path) else "without-program", path)


def _conda_python(values: Mapping[str, str]) -> Path | None:
    folder, name = values.get("CONDA PATH", ""), values.get("CONDA ENV", "")
    if not folder or not name:
        return None
    if name == "base":
        return Path(folder, "python.exe")
    inside = Path(name) if "\\" in name or "/" in name else Path(folder, "envs", name)
    return inside / "python.exe"


def _has_program(python: Path) -> bool:
    """Return whether the program is among the packages of a Python, by its folders only."""
    return any(
        (packages / "cmswp_xl").is_dir() or any(packages.glob("cmswp_xl-*.dist-info"))
        for prefix in (python.parent, python.parent.parent)
        for packages in (
            prefix / "Lib" / "site-packages",
            *prefix.glob("lib/python3*/site-packages"),
        )
    )


def _xlwings(machine: Machine) -> Fact:
    if machine.xlwings is None:
        return Fact("missing")
    version = machine.xlwings.version
    if version != XLWINGS:
        return Fact("other", version)
    folder = Path(machine.executable).parent  # the macros look for the library there, or one up
    names = (f"xlwings64-{XLWINGS}.dll", f"xlwings32-{XLWINGS}.dll")
    there = any((place / name).is_file() for place in (folder, folder.parent) for name in names)
    return Fact("ready" if there or machine.system != WINDOWS else "without-library", version)


def _documents(machine: Machine) -> Fact:
    try:
        folder = machine.documents
    except CmswpError:
        return Fact("broken")
    if folder is None:
        return Fact("beside")
    return Fact("ready" if folder.is_dir() else "unreachable", folder)


def status_text(status: Mapping[str, Fact], say: Words) -> str:
    """Print what was found, one line for each fact, and what it comes to."""
    words = texts("addin")  # what each fact is called, unless by its key, and its states
    names = {key: say(words[key].get("name", key)) for key in status}
    width = max(map(len, names.values()))
    lines = []
    for key, fact in status.items():
        state = words[key]["states"][fact.state]
        shown = say(state, path=fact.found, found=fact.found, needed=XLWINGS)
        lines.append(f"{names[key]:<{width}}  {shown}")
    if all(fact.good for fact in status.values()):
        closing = say(
            "Everything is in place. What happens inside Excel cannot be checked from here."
        )
    elif not status["excel"].good:
        closing = say("Without Excel the add-in cannot be used; all other commands can.")
    else:
        closing = say("The add-in cannot be used yet; see the lines above.")
    return "\n".join([*lines, "", closing])


def plan_text(plan: Plan, say: Words) -> str:
    """Print what an installation would write."""
    if plan.fresh:
        addin = say("Add-in: {path} (already installed, up to date)", path=plan.addin)
    elif plan.existing is None:
        addin = say("Add-in: {path} (new)", path=plan.addin)
    else:
        addin = say("Add-in: {path} (replaces the installed version)", path=plan.addin)
    documents = plan.documents or say("beside the workbook")
    places = (
        addin,
        say("Documents: {place}", place=documents),
        say("Settings for Excel’s macros: {path}", path=plan.conf),
    )
    lines = [f"  {place}" for place in places]
    settings = [f'    "{key}","{value}"' for key, value in plan.values.items()]
    return "\n".join([say("This would be done:"), *lines, *settings])


def usual_plan_text(say: Words) -> str:
    """Print what an installation does on a computer with Excel, for one that has none."""
    windows = f"%APPDATA%\\Microsoft\\Excel\\XLSTART\\{NAME}"
    on_windows = say("Windows: {path}", path=windows)
    on_mac = say("macOS: {path}", path=f"{_MAC_STARTUP}/{NAME}")
    lines = [
        say("On a computer with Excel, this would be done:"),
        f"  {on_windows}",
        "    %USERPROFILE%\\.cmswp\\cmswp.conf",
        f"  {on_mac}",
        "    ~/Library/Containers/com.microsoft.Excel/Data/cmswp.conf",
        say("The first file is the add-in; the second says which Python Excel’s macros start."),
    ]
    return "\n".join(lines)


def installed_text(plan: Plan, say: Words) -> str:
    """Print what an installation did, and what comes next."""
    if plan.documents:
        saved = say("Documents from the ribbon are saved in {path}.", path=plan.documents)
    else:
        saved = say("Documents from the ribbon are saved beside the workbook.")
    lines = [
        say("The add-in is installed: {path}", path=plan.addin),
        saved,
        say("Start Excel. The tab “CMS Programme” is after the tab “Data”."),
    ]
    return "\n".join(lines)


def removal_text(removal: Removal, say: Words, *, done: bool) -> str:
    """Print what a removal did, or would do."""
    if not removal.files:
        return say("Nothing to remove: the add-in is not installed.")
    head = say("The add-in was removed:") if done else say("This would be done:")
    gone = [
        say("File removed: {path}", path=path)
        for path, data in removal.files.items()
        if data is None
    ]
    left = [
        say("Lines removed from: {path}", path=path)
        for path, data in removal.files.items()
        if data is not None
    ]
    return "\n".join([head, *(f"  {line}" for line in (*gone, *left))])
