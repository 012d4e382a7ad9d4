"""Compile the message catalogues for the wheel, outside the source tree."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
SOURCES = ROOT / "src"


class CatalogueHook(BuildHookInterface[Any]):
    """Puts a `.mo` for each `.po` into the wheel; an editable installation reads the `.po`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the catalogues; hatchling calls this before it builds."""
        self._folder = Path(tempfile.mkdtemp(prefix="cmswp-catalogues-"))
        if version != "editable":
            for source in sorted(SOURCES.glob("cmswp_xl/locale/*/LC_MESSAGES/*.po")):
                name = source.relative_to(SOURCES).with_suffix(".mo")
                build_data["force_include"][str(self._compiled(source, name))] = name.as_posix()

    def finalize(self, _version: str, _build_data: dict[str, Any], _path: str) -> None:
        """Remove what is not of the wheel, the byte code of this file in the sources too."""
        shutil.rmtree(self._folder, ignore_errors=True)
        with contextlib.suppress(NameError, TypeError, OSError):
            cached = Path(__cached__)
            cached.unlink()
            cached.parent.rmdir()

    def _compiled(self, source: Path, name: Path) -> Path:
        target = self._folder / name
        target.parent.mkdir(parents=True)
        with source.open("rb") as po, target.open("wb") as mo:
            write_mo(mo, read_po(po))
        return target
