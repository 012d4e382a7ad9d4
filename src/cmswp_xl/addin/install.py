"""Installing the add-in: first a plan of every file to be written, then all of it or nothing."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cmswp_xl.addin.conf import line_of, read_conf, refuse_wide, with_line, with_values
from cmswp_xl.addin.files import change, content
from cmswp_xl.addin.package import NAME, XLWINGS
from cmswp_xl.addin.python import conf_values
from cmswp_xl.addin.receipt import (
    Receipt,
    Written,
    digest,
    read_receipt,
    receipt_file,
    receipt_text,
)
from cmswp_xl.addin.settings import (
    MACOS,
    WINDOWS,
    documents_folder,
    settings_file,
    settings_text,
)
from cmswp_xl.errors import CmswpError, UnwritableOutput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.addin.machine import Machine


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
