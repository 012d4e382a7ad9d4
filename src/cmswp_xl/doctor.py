"""
What is installed on this computer and what is missing, for which command, with the remedy.

It imports nothing that may be missing before it has looked for it.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cmswp_xl import __version__
from cmswp_xl.errors import CmswpError
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.office import found_office

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.addin.machine import Machine

_OLDEST = (3, 11)
_LIBRARIES = (
    *("babel", "click", "defusedxml", "docxtpl", "jinja2", "lxml", "matplotlib"),
    *("pandera", "polars", "rich", "xlsxwriter", "yaml"),
)
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FONTS = ("arial.ttf", "Arial.ttf", "LiberationSans-Regular.ttf", "Arimo-Regular.ttf")
"""Arial, which the documents are set in, and the fonts whose letters are as wide."""

_EVERY, _PDF, _SERVER = N_("every command"), "cmswp export --format pdf", "cmswp serve"
_REINSTALL = N_("Install the program again: pip install --force-reinstall cmswp-xl")


@dataclass(frozen=True, slots=True)
class Point:
    """
    One thing that commands need.

    `found` is where it is or its version, blank where it is missing; `label`, `needed` and
    `remedy` are texts of the catalogues. Without one of the core, nothing works.
    """

    name: str
    label: str
    found: str
    needed: str
    remedy: str
    core: bool = False

    @property
    def ready(self) -> bool:
        """Whether it is there."""
        return bool(self.found)


def examine(environ: Mapping[str, str]) -> list[Point]:
    """Look at everything; nothing is started or changed."""
    missing = [name for name in _LIBRARIES if not _installed(name)]
    core = list(_core(missing))
    return core if missing else [*core, *_documents(), *_excel(environ), *_others(environ)]


def core_works(points: Sequence[Point]) -> bool:
    """Return whether what every command needs is there."""
    return all(point.ready for point in points if point.core)


def doctor_text(points: Sequence[Point], say: Words) -> str:
    """Return two lines for each point: how it stands; where it is, or the remedy."""
    states = {True: say("there"), False: say("missing")}
    width = max(map(len, states.values())) + 2
    lines = []
    for point in points:
        head = say("{thing}, for: {command}", thing=say(point.label), command=say(point.needed))
        lines.append(f"{states[point.ready]:<{width}}{head}")
        lines.append(f"{'':<{width}}{point.found or say(point.remedy)}")
    works = say("The program works; what is missing is needed only for what stands beside it.")
    fails = say("The program does not work until what every command needs is there.")
    return "\n".join([*lines, works if core_works(points) else fails])


def doctor_json(points: Sequence[Point], say: Words) -> str:
    """Return the points as JSON; names are codes, texts are in the language asked for."""
    listed = [
        {
            "name": point.name,
            "label": say(point.label),
            "ready": point.ready,
            "core": point.core,
            "found": point.found or None,
            "needed_for": say(point.needed),
            "remedy": None if point.ready else say(point.remedy),
        }
        for point in points
    ]
    found = {"works": core_works(points), "version": __version__, "points": listed}
    return json.dumps(found, ensure_ascii=False, indent=2)


def _core(missing: Sequence[str]) -> Iterator[Point]:
    fits = sys.version_info >= _OLDEST
    remedy = N_("Install Python 3.11 or newer, and the program in it.")
    python = f"{platform.python_version()}, {sys.executable}" if fits else ""
    yield Point("python", N_("Python 3.11 or newer"), python, _EVERY, remedy, core=True)
    libraries = "" if missing else ", ".join(_LIBRARIES)
    yield Point("libraries", N_("Libraries"), libraries, _EVERY, _REINSTALL, core=True)
    files = "" if missing else _resources()
    label = N_("Schemas, templates and translations")
    yield Point("resources", label, files, _EVERY, _REINSTALL, core=True)


def _resources() -> str:
    """Return the folder of the schemas, where all that the program brings along is there."""
    from cmswp_xl.resources import schema_folder, template_folder

    try:
        for folder in (schema_folder(), template_folder()):
            next(folder.iterdir())
        for language in Language:
            Words(language)
        return str(schema_folder())
    except (CmswpError, OSError, StopIteration):
        return ""


def _documents() -> Iterator[Point]:
    office = str(found_office() or "")
    remedy = N_(
        "Install LibreOffice (libreoffice.org), or export Word and print to PDF from there."
    )
    yield Point("libreoffice", "LibreOffice", office, _PDF, remedy)
    label = N_("Arial, or a font as wide (Liberation Sans, Arimo)")
    needed = N_("the page breaks of cmswp export --format pdf")
    remedy = N_("Install the Liberation fonts, such as the package fonts-liberation.")
    yield Point("fonts", label, _font(), needed, remedy)


def _excel(environ: Mapping[str, str]) -> Iterator[Point]:
    from cmswp_xl.addin.machine import this_machine

    machine = this_machine(environ)
    ribbon = N_("the ribbon in Excel (cmswp addin)")
    excel = str(machine.excel or "")
    remedy = N_(
        "Install Excel on Windows or a Mac, or serve the add-in from a server: cmswp serve"
    )
    yield Point("excel", "Excel", excel, ribbon, remedy)
    xlwings = machine.xlwings.version if machine.xlwings else ""
    remedy = N_('Install it: pip install "cmswp-xl[excel]"')
    yield Point("xlwings", "xlwings", xlwings, ribbon, remedy)
    remedy = N_("Close Excel and run: cmswp addin install")
    yield Point("addin", N_("Add-in in Excel"), _addin(machine), ribbon, remedy)


def _others(environ: Mapping[str, str]) -> Iterator[Point]:
    remedy = N_('Install it, under its own licence: pip install "cmswp-xl[server]"')
    yield Point("server", "xlwings-server", _version("xlwings-server"), _SERVER, remedy)
    key = "XLWINGS_LICENSE_KEY" if environ.get("XLWINGS_LICENSE_KEY", "").strip() else ""
    remedy = N_("Set XLWINGS_LICENSE_KEY; noncommercial users may set it to noncommercial.")
    yield Point("licence-key", N_("Licence key of xlwings"), key, _SERVER, remedy)
    browser = next(filter(None, map(shutil.which, _BROWSERS)), "")
    needed = N_("the tests of the program, for developers")
    remedy = N_("Install Chromium, such as the package chromium; no command needs it.")
    yield Point("chromium", "Chromium", browser, needed, remedy)


def _addin(machine: Machine) -> str:
    """Return where the add-in of this version is; blank where it is none or another one."""
    from cmswp_xl.addin.install import packaged_addin
    from cmswp_xl.addin.status import find_status

    try:
        addin = find_status(machine, packaged_addin())["addin"]
    except CmswpError:
        return ""
    return str(addin.found) if addin.good else ""


def _installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _font() -> str:
    """Return the path of the font that documents are set in, from where systems keep fonts."""
    home = Path.home()
    folders = (
        Path("C:/Windows/Fonts"),
        home / "AppData/Local/Microsoft/Windows/Fonts",
        *(Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"),
        *(Path("/usr/share/fonts"), Path("/usr/local/share/fonts")),
        *(home / ".local/share/fonts", home / ".fonts"),
    )
    found = (path for folder in folders for name in _FONTS for path in folder.rglob(name))
    return str(next(found, ""))
