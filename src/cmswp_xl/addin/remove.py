"""Undoing an installation: what it wrote goes, all else stays."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cmswp_xl.addin.files import change, content
from cmswp_xl.addin.install import undone
from cmswp_xl.addin.package import NAME
from cmswp_xl.addin.receipt import digest, read_receipt, receipt_file
from cmswp_xl.addin.settings import documents_folder, settings_file, settings_folder
from cmswp_xl.errors import CmswpError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.addin.machine import Machine
    from cmswp_xl.addin.receipt import Receipt


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
