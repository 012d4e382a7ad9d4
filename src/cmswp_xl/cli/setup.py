"""The commands about this computer: what is on it, the ribbon in Excel, the server for others."""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import platform
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cmswp_xl import __version__
from cmswp_xl.cli.outcome import (
    FAILED,
    FINE,
    PATH,
    Group,
    command,
    dry_run_option,
    format_option,
    show,
)
from cmswp_xl.cli.spoken import language_option, message_language_option
from cmswp_xl.errors import CmswpError
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.office import found_office

if TYPE_CHECKING:
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
_RIBBON = N_("the ribbon in Excel (cmswp addin)")
_REINSTALL = N_("Install the program again: pip install --force-reinstall cmswp-xl")

_POINTS = {
    "python": (
        N_("Python 3.11 or newer"),
        _EVERY,
        N_("Install Python 3.11 or newer, and the program in it."),
    ),
    "libraries": (N_("Libraries"), _EVERY, _REINSTALL),
    "resources": (N_("Schemas, templates and translations"), _EVERY, _REINSTALL),
    "libreoffice": (
        "LibreOffice",
        _PDF,
        N_("Install LibreOffice (libreoffice.org), or export Word and print to PDF from there."),
    ),
    "fonts": (
        N_("Arial, or a font of the same width (Liberation Sans, Arimo)"),
        N_("the page breaks of cmswp export --format pdf"),
        N_("Install the Liberation fonts, such as the package fonts-liberation."),
    ),
    "excel": (
        "Excel",
        _RIBBON,
        N_("Install Excel on Windows or a Mac, or serve the add-in from a server: cmswp serve"),
    ),
    "xlwings": ("xlwings", _RIBBON, N_('Install it: pip install "cmswp-xl[excel]"')),
    "addin": (
        N_("Add-in in Excel"),
        _RIBBON,
        N_("Close Excel and run: cmswp addin install"),
    ),
    "server": (
        "xlwings-server",
        _SERVER,
        N_('Install it, under its own licence: pip install "cmswp-xl[server]"'),
    ),
    "licence-key": (
        N_("Licence key of xlwings"),
        _SERVER,
        N_("Set XLWINGS_LICENSE_KEY; noncommercial users may set it to noncommercial."),
    ),
    "chromium": (
        "Chromium",
        N_("the tests of the program, for developers"),
        N_("Install Chromium, such as the package chromium; no command needs it."),
    ),
}
"""What commands need, by name: what it is called, which command needs it, the remedy."""

_CORE = ("python", "libraries", "resources")
"""Without one of these nothing works."""


@command()
@format_option(("text", "json"))
@language_option
def doctor(form: str, say: Words) -> int:
    """
    Show what is installed and what is missing, for which command, with the remedy.

    Nothing is changed, and no other program is started. The exit code is 0 if the program itself
    works, even if something is missing for PDF, Excel or the server; otherwise it is 2.

    Example: cmswp doctor --format json
    """
    found = examine(os.environ)
    works = all(found[name] for name in _CORE)
    show((_points_json if form == "json" else _points_text)(found, say, works=works))
    return FINE if works else FAILED


def examine(environ: Mapping[str, str]) -> dict[str, str]:
    """
    Return by name where each thing is, or its version; blank where it is missing.

    Nothing is started or changed, and imported only what is there once all libraries are.
    """
    missing = [name for name in _LIBRARIES if not _installed(name)]
    fits = sys.version_info >= _OLDEST
    found = {
        "python": f"{platform.python_version()}, {sys.executable}" if fits else "",
        "libraries": "" if missing else ", ".join(_LIBRARIES),
        "resources": "" if missing else _resources(),
    }
    if not missing:
        found |= _tools(environ)
    return found


def _tools(environ: Mapping[str, str]) -> dict[str, str]:
    """Return where the programs are that only some commands need."""
    machine = _machine(environ)
    key = "XLWINGS_LICENSE_KEY"
    return {
        "libreoffice": str(found_office() or ""),
        "fonts": _font(),
        "excel": str(machine.excel or ""),
        "xlwings": machine.xlwings.version if machine.xlwings else "",
        "addin": _addin(machine),
        "server": _version("xlwings-server"),
        "licence-key": key if environ.get(key, "").strip() else "",
        "chromium": next(filter(None, map(shutil.which, _BROWSERS)), ""),
    }


def _points_text(found: Mapping[str, str], say: Words, *, works: bool) -> str:
    """Return two lines for each point: how it stands; where it is, or the remedy."""
    there, missing = say("found"), say("missing")
    width = max(len(there), len(missing)) + 2
    lines = []
    for name, where in found.items():
        label, needed, remedy = _POINTS[name]
        head = say("{thing}, for {command}", thing=say(label), command=say(needed))
        lines.append(f"{there if where else missing:<{width}}{head}")
        lines.append(f"{'':<{width}}{where or say(remedy)}")
    if works:
        end = say("The program works. What is missing is needed only for what is shown beside it.")
    else:
        end = say("The program does not work until everything that every command needs is found.")
    return "\n".join([*lines, end])


def _points_json(found: Mapping[str, str], say: Words, *, works: bool) -> str:
    """Return the points as JSON; names are codes, texts are in the language asked for."""
    listed = [
        {
            "name": name,
            "label": say(label),
            "ready": bool(where),
            "core": name in _CORE,
            "found": where or None,
            "needed_for": say(needed),
            "remedy": None if where else say(remedy),
        }
        for name, where in found.items()
        for label, needed, remedy in [_POINTS[name]]
    ]
    content = {"works": works, "version": __version__, "points": listed}
    return json.dumps(content, ensure_ascii=False, indent=2)


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


def _addin(machine: Machine) -> str:
    """Return where the add-in of this version is; blank where it is none or another one."""
    from cmswp_xl.addin.install import find_status, packaged_addin

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
    from importlib import metadata  # which takes long to load

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
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


_startup_option = click.option(
    "--startup",
    metavar="FOLDER",
    type=PATH,
    help="Start-up folder of Excel, if it is not the usual one.",
)


@click.group(cls=Group)
@message_language_option
def addin() -> None:
    """
    Install the ribbon “CMS Programme” in Excel, remove it or show its status.

    This requires Excel on this computer, and xlwings: pip install "cmswp-xl[excel]"

    Example: cmswp addin install
    """


@addin.command()
@click.option(
    "--documents",
    metavar="FOLDER",
    type=PATH,
    help="Folder for the documents of the ribbon."
    " [default: as set before, else that of the workbook]",
)
@_startup_option
@dry_run_option
@language_option
def install(documents: Path | None, startup: Path | None, say: Words, *, dry_run: bool) -> None:
    """
    Install the add-in in Excel, and set the Python that it starts.

    Close Excel first. An older version is replaced; your own settings are kept. If there is no
    Excel, nothing is written.

    Example: cmswp addin install --lang fr
    """
    from cmswp_xl.addin.install import install as carry_out
    from cmswp_xl.addin.install import (
        installed_text,
        packaged_addin,
        plan_install,
        plan_text,
        usual_plan_text,
    )

    machine = _machine()
    try:
        plan = plan_install(machine, packaged_addin(), _whole(startup), _whole(documents))
    except CmswpError as error:
        if error.reason == "no-excel":
            show(usual_plan_text(say))
        raise
    if dry_run:
        show(plan_text(plan, say))
    else:
        carry_out(plan)
        show(installed_text(plan, say))


@addin.command()
@_startup_option
@dry_run_option
@language_option
def remove(startup: Path | None, say: Words, *, dry_run: bool) -> None:
    """
    Remove the add-in from Excel; your own settings are kept.

    Close Excel first. The program itself, workbooks and documents are not changed.

    Example: cmswp addin remove --dry-run
    """
    from cmswp_xl.addin.install import plan_removal, removal_text
    from cmswp_xl.addin.install import remove as carry_out

    machine = _machine()
    removal = plan_removal(machine, _whole(startup))
    if not dry_run:
        carry_out(removal, machine)
    show(removal_text(removal, say, done=not dry_run))
    if removal.stays:
        raise CmswpError("addin-stays", path=str(removal.stays))


@addin.command()
@_startup_option
@language_option
def status(startup: Path | None, say: Words) -> None:
    """
    Show whether the add-in, its settings, Python and xlwings are in place.

    Nothing is changed, and Excel is not started.

    Example: cmswp addin status --lang es
    """
    from cmswp_xl.addin.install import find_status, packaged_addin, status_text

    show(status_text(find_status(_machine(), packaged_addin(), _whole(startup)), say))


def _machine(environ: Mapping[str, str] = os.environ) -> Machine:
    from cmswp_xl.addin.machine import this_machine

    return this_machine(environ)


def _whole(folder: Path | None) -> Path | None:
    """Return a folder by its whole path: the settings are read from elsewhere."""
    return None if folder is None else folder.absolute()


@command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=8000,
    show_default=True,
    metavar="N",
    help="Port to listen on.",
)
@click.option("--local", is_flag=True, help="Serve this computer only, without sign-in.")
@click.option("--hostname", metavar="NAME", help="Public name of the server.")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="URL",
    help="Other origin that may send requests (exact); may be repeated.",
)
@click.option("--tokens", type=PATH, help="File of users and the hashes of their tokens.")
@click.option("--certificate", type=PATH, help="TLS certificate (PEM).")
@click.option("--key", type=PATH, help="Private key of the certificate (PEM).")
@click.option(
    "--max-body",
    type=click.IntRange(1, 100),
    default=10,
    show_default=True,
    metavar="MB",
    help="Maximum size of a request, in megabytes.",
)
@click.option(
    "--max-cells",
    type=click.IntRange(1, 10_000_000),
    default=1_000_000,
    show_default=True,
    metavar="N",
    help="Maximum number of cells in a request.",
)
@language_option
def serve(say: Words, **options: Any) -> None:
    """
    Serve the add-in for Excel from this computer.

    Nothing is installed on the computers where Excel runs. This requires xlwings-server, which is
    under the PolyForm Noncommercial licence, and a key in XLWINGS_LICENSE_KEY.

    Example: cmswp serve --tokens tokens.txt --hostname cmswp.example.org
    """
    from cmswp_xl.server.launch import Options
    from cmswp_xl.server.launch import serve as start

    gc.enable()  # a server runs for long, unlike the other commands
    start(Options(**options), os.environ, say, lambda text: click.echo(text, err=True))
